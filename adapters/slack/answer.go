package slack

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"net/url"
	"path"
	"strings"

	"github.com/slack-go/slack"

	"stancebot/bot"
	"stancebot/bot/inbox"
	"stancebot/bot/request"
	"stancebot/knowledge"
)

// work works one event of the inbox, also one that was begun before and not ended. A *inbox.Later parks it.
func (a *Adapter) work(ctx context.Context, ev inbox.Event) error {
	var p parcel
	if err := json.Unmarshal(ev.Body, &p); err != nil {
		return errors.New("the inbox holds an event of Slack that is none")
	}
	err := a.open(ctx, &ev, p)
	if later := (*inbox.Later)(nil); errors.As(err, &later) && a.Now().Sub(ev.At) > giveUp && p.Way != wayLeave {
		return later.Err
	}
	return err
}

func (a *Adapter) open(ctx context.Context, ev *inbox.Event, p parcel) error {
	if p.Way == wayLeave {
		return a.leave(ctx, p.Raw)
	}
	if p.Way == wayAction || p.Way == wayShare || p.Way == wayFile {
		act, err := readAction(p.Raw)
		if err != nil {
			return err
		}
		switch p.Way {
		case wayShare:
			return a.share(ctx, ev, &act)
		case wayFile:
			return a.bring(ctx, ev, &act)
		}
		return a.act(ctx, ev, &act, p.Raw)
	}
	e, err := readEvent(p.Raw)
	if err != nil {
		return err
	}
	switch e.kind {
	case "app_home_opened":
		return a.home(ctx, &e)
	case "link_shared":
		return a.preview(ctx, &e)
	}
	return a.reply(ctx, ev, &e)
}

// An asker is a person of whom something comes: in a workspace, and of which one where that is another.
type asker struct{ team, homeTeam, user string }

func (e *event) who() asker    { return asker{e.team, e.homeTeam, e.user} }
func (act *action) who() asker { return asker{act.team, act.homeTeam, act.user} }

// person names an asker. Ids of people are their workspace's own: another one may have somebody by the same.
func (who asker) person() string { return place(cmp.Or(who.homeTeam, who.team), who.user, "") }

// deskFor is the desk whose records an asker is told: that of the workspace. To people of another newsroom with whom it shares a channel
// the shared records are told alone: no desk sees another one's data.
func (a *Adapter) deskFor(ctx context.Context, who asker) knowledge.DeskID {
	if who.team == "" { // whose it is, is not told
		return ""
	}
	desk := a.Desk(ctx, who.team)
	if who.homeTeam != "" && a.Desk(ctx, who.homeTeam) != desk {
		return ""
	}
	return desk
}

// request is a person's question in a conversation of a channel, "" for none. Its thread is no address of its own: what is
// subscribed to there is the channel's.
func (a *Adapter) request(ctx context.Context, who asker, channel, conversation, text string) bot.Request {
	req := bot.Request{
		Desk: a.deskFor(ctx, who), Space: platform + ":" + who.team, ID: request.ID(ctx), Conversation: place(who.team, conversation, ""),
		Person: who.person(), Text: text, Locale: a.locales.of(who.team, who.user).locale,
	}
	if channel != "" {
		req.Where = bot.Where{Address: bot.Address(place(who.team, channel, "")), Private: isDirect(channel), Asker: func(ctx context.Context) bot.Asker {
			of := a.locales.wait(ctx, who.team, who.user)
			return bot.Asker{Name: of.name, Zone: of.zone}
		}}
	}
	return req
}

// pressed is the question of a button, in the language of its message.
func (a *Adapter) pressed(ctx context.Context, act *action, conversation string) bot.Request {
	req := a.request(ctx, act.who(), act.channel, conversation, act.command)
	req.Language = act.language
	return req
}

// reply answers a mention in its thread, and a direct message beside it. What only the asker should see is shown to the
// asker alone.
func (a *Adapter) reply(ctx context.Context, ev *inbox.Event, e *event) error {
	thread := e.thread
	if thread == "" && !e.direct {
		thread = e.ts
	}
	conversation := e.channel
	if thread != "" {
		conversation += ":" + thread
	}
	req := a.request(ctx, e.who(), e.channel, conversation, withoutMention(e.text, e.bot))
	if req.Text == "" {
		req.Text = "help"
	}
	r := a.Bot.Handle(ctx, req)
	m := a.render(&r, Place{Team: e.team})
	if m.Empty() {
		return nil
	}
	if r.Private && !e.direct {
		err := a.api.at(e.team).whisper(ctx, e.channel, e.user, thread, m)
		return a.told(err, Telling{Desk: req.Desk, Place: place(e.team, e.user, ""), In: req.Where.Address, Private: true, Reply: r})
	}
	ts, err := a.postOnce(ctx, ev, posting{team: e.team, channel: e.channel, thread: thread, id: ev.ID, message: m}, r.Language)
	if err == nil {
		a.sendFile(ctx, e.team, e.channel, thread, &r)
	}
	return a.told(err, Telling{Desk: req.Desk, Place: place(e.team, e.channel, thread), Message: ts, Private: e.direct, Reply: r})
}

// render renders a reply. The help tells what Slack has beside commands.
func (a *Adapter) render(r *bot.Reply, at Place) Message {
	return Render(withSlackHelp(r), at)
}

// place names where something was said.
func place(team, channel, thread string) string {
	p := platform + ":" + team + ":" + channel
	if thread != "" {
		p += ":" + thread
	}
	return p
}

// told tells what was said, once it was.
func (a *Adapter) told(err error, t Telling) error {
	if errors.Is(err, errUncertain) { // an answer for one person's eyes: they ask again when they miss it
		return err
	}
	if err == nil {
		a.Told(t)
	}
	return err
}

// postOnce posts a message that an earlier try may have posted already: then it is looked for first. Where the app may not
// look, the message is posted and says that it may be a repetition.
func (a *Adapter) postOnce(ctx context.Context, ev *inbox.Event, p posting, language string) (string, error) {
	if ev.Attempt > 1 || a.doubted.has(p.id) {
		ts, err := a.api.at(p.team).find(ctx, p)
		switch {
		case errors.Is(err, errUnseen):
			p.message = p.message.marked(language, "slack.repeated")
		case err != nil || ts != "":
			return ts, a.again(err)
		}
	}
	ts, err := a.api.at(p.team).post(ctx, p)
	if errors.Is(err, errUncertain) {
		a.doubted.add(p.id)
		return "", a.again(err)
	}
	return ts, err
}

// again has what may or may not have been done looked at again a little later.
func (a *Adapter) again(err error) error {
	if errors.Is(err, errUncertain) {
		return &inbox.Later{Until: a.Now().Add(firstWait), Err: err}
	}
	return err
}

// act does what was pressed or chosen.
func (a *Adapter) act(ctx context.Context, ev *inbox.Event, act *action, raw json.RawMessage) error {
	switch {
	case act.kind == "message_action":
		return a.check(ctx, act)
	case act.kind == viewSubmission:
		return a.submit(ctx, ev, act)
	case act.home:
		return a.atHome(ctx, ev, act)
	case act.id == actionShare:
		return a.mayShare(ctx, act, raw)
	case act.id == actionShareAnyway:
		return a.toShare(ctx, act, raw)
	}
	return a.answer(ctx, ev, act)
}

// answer answers a button: another page and the answer to a question that was asked back take the place of their message,
// all else is shown to the one who pressed.
func (a *Adapter) answer(ctx context.Context, ev *inbox.Event, act *action) error {
	req := a.pressed(ctx, act, act.conversation())
	r := a.Bot.Handle(ctx, req)
	direct := isDirect(act.channel)
	at := Place{Team: act.team}
	if act.private && !direct {
		at.Share = shareable(&r)
	}
	m := a.render(&r, at)
	if m.Empty() {
		return nil
	}
	if r.File != nil && !direct {
		m = m.marked(r.Language, "slack.file")
	}
	takesPlace := (act.id == actionPage || act.id == actionPick) && !r.Private
	reply := answering{Type: onlyAsker, Text: m.Text, Blocks: m.Blocks, Thread: act.thread, ReplaceOriginal: takesPlace}
	t := Telling{Desk: req.Desk, Place: place(act.team, act.user, ""), In: req.Where.Address, Private: true, Reply: r}
	if direct || takesPlace && !act.private {
		reply.Type = everybody
		t.Place, t.Message, t.Private = place(act.team, act.channel, act.thread), "", direct
		if takesPlace {
			t.Message = act.message
		}
	}
	if err := a.told(a.api.at(act.team).respond(ctx, act.responseURL, reply), t); err != nil {
		return err
	}
	if direct {
		a.sendFile(ctx, act.team, act.channel, act.thread, &r)
		return nil
	}
	return a.sendFileTo(ctx, ev, act, &r)
}

// conversation is what follow-ups of a button look back within.
func (act *action) conversation() string {
	if act.thread != "" {
		return act.channel + ":" + act.thread
	}
	return act.channel + ":" + act.user
}

// shareable returns the command whose answer may be shared, with the day of the one that the asker saw: what is private by nature is not, nor what asserts nothing.
func shareable(r *bot.Reply) string {
	if r.Private || len(r.Receipts) == 0 || len(r.About.Dated) > maxValue {
		return ""
	}
	return r.About.Dated
}

// check holds the message that a shortcut was chosen on against the records.
func (a *Adapter) check(ctx context.Context, act *action) error {
	req := a.request(ctx, act.who(), act.channel, act.conversation(), plainText(act.text, ""))
	req.Purpose = bot.Check
	r := a.Bot.Handle(ctx, req)
	m := a.render(&r, Place{Team: act.team})
	if m.Empty() {
		return nil
	}
	err := a.api.at(act.team).respond(ctx, act.responseURL, answering{Type: onlyAsker, Text: m.Text, Blocks: m.Blocks, Thread: act.thread})
	return a.told(err, Telling{Desk: req.Desk, Place: place(act.team, act.user, ""), In: req.Where.Address, Private: true, Reply: r})
}

// home shows the home tab: how fresh the records are, and what can be asked.
func (a *Adapter) home(ctx context.Context, e *event) error {
	a.locales.wait(ctx, e.team, e.user)
	req := a.request(ctx, e.who(), "", e.user, "")
	req.Purpose = bot.Overview
	r := a.Bot.Handle(ctx, req)
	m := a.render(&r, Place{Team: e.team})
	if m.Empty() {
		return nil
	}
	err := a.api.at(e.team).publish(ctx, e.user, m.Blocks)
	if errors.Is(err, errUncertain) { // publishing again shows the same
		return a.again(err)
	}
	return err
}

// atHome answers a button of the home tab by a direct message.
func (a *Adapter) atHome(ctx context.Context, ev *inbox.Event, act *action) error {
	req := a.pressed(ctx, act, act.user)
	r := a.Bot.Handle(ctx, req)
	m := a.render(&r, Place{Team: act.team})
	if m.Empty() {
		return nil
	}
	ts, err := a.postOnce(ctx, ev, posting{team: act.team, channel: act.user, id: ev.ID, message: m}, r.Language)
	err = a.told(err, Telling{Desk: req.Desk, Place: place(act.team, act.user, ""), In: req.Where.Address, Message: ts, Private: true, Reply: r})
	if err != nil {
		return err
	}
	return a.sendFileTo(ctx, ev, act, &r)
}

// maxPreviews is how many links of ours a message may hold before none is shown with a preview: then it is a list.
const maxPreviews = 2

// inComposer is the source of a link in a message that is being written.
const inComposer = "composer"

// preview shows what our own pages say below the message that links to them. A link that was shown in the channel of late
// is not shown again.
func (a *Adapter) preview(ctx context.Context, e *event) error {
	if len(e.links) > maxPreviews {
		return nil
	}
	previews := map[string]slack.Attachment{}
	for _, address := range e.links {
		command := a.commandOf(address)
		if command == "" || a.shown.has(e.team+" "+e.channel+" "+address) {
			continue
		}
		req := a.request(ctx, e.who(), "", e.channel, command)
		req.Conversation = "" // nobody asked, so nothing looks back to it
		r := a.Bot.Handle(ctx, req)
		if m := a.render(&r, Place{Team: e.team}); !m.Empty() && !r.Private {
			previews[address] = slack.Attachment{Fallback: m.Text, Blocks: slack.Blocks{BlockSet: m.Blocks}}
		}
	}
	if len(previews) == 0 {
		return nil
	}
	err := a.api.at(e.team).unfurl(ctx, e, previews)
	if errors.Is(err, errUncertain) { // unfurling again shows the same
		return a.again(err)
	}
	if err == nil && e.source != inComposer {
		for address := range previews {
			a.shown.add(e.team + " " + e.channel + " " + address)
		}
	}
	return err
}

// commandOf returns the command that a page of ours answers, or "" when the address is none of ours.
func (a *Adapter) commandOf(address string) string {
	ours, err := url.Parse(a.PublicURL)
	if err != nil || ours.Host == "" {
		return ""
	}
	u, err := url.Parse(address)
	if err != nil || !strings.EqualFold(u.Host, ours.Host) {
		return ""
	}
	rest, ok := strings.CutPrefix(path.Clean("/"+u.Path), strings.TrimSuffix(ours.Path, "/"))
	if !ok {
		return ""
	}
	kind, id, _ := strings.Cut(strings.Trim(rest, "/"), "/")
	switch kind {
	case "countries":
		return "stance " + strings.ToUpper(id)
	case "resolutions":
		return "resolution " + id
	case "receipts":
		return "source " + id
	}
	return ""
}
