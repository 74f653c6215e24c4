package slack

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"strings"

	"github.com/slack-go/slack"

	"stancebot/bot"
	"stancebot/bot/inbox"
	"stancebot/bot/phrases"
)

// actionShareAnyway is the id of the button that shares into a channel which strangers read.
const actionShareAnyway = "share_anyway"

// mayShare has an answer shared, unless people of another organisation read the channel, or that cannot be seen: then it asks
// first.
func (a *Adapter) mayShare(ctx context.Context, act *action, raw json.RawMessage) error {
	asks, err := a.strangersRead(ctx, act)
	if asks || err != nil {
		return err
	}
	return a.toShare(ctx, act, raw)
}

// toShare has an answer shared once, after a crash too.
func (a *Adapter) toShare(ctx context.Context, act *action, raw json.RawMessage) error {
	switch a.record(ctx, parcel{wayShare, raw}, act.shareKeys(), act.team+":"+act.channel) {
	case refused, shed:
		return &inbox.Later{Until: a.Now().Add(firstWait), Err: errors.New("too much waits for the answer to be shared")}
	}
	return nil
}

// share posts an answer to the channel, with who shared it: a summary where it is long, and the whole in the thread.
func (a *Adapter) share(ctx context.Context, ev *inbox.Event, act *action) error {
	req := a.pressed(ctx, act, act.conversation())
	r := a.Bot.Handle(ctx, req)
	if shareable(&r) == "" {
		return nil
	}
	ts, err := a.postShared(ctx, ev, act, &r)
	if code := codeOf(err); code == "not_in_channel" || code == "channel_not_found" {
		err = a.shareByURL(ctx, act, &r)
	}
	err = a.told(err, Telling{Desk: req.Desk, Place: place(act.team, act.channel, ""), Message: ts, Reply: r})
	if err == nil && ts != "" {
		a.sendFile(ctx, act.team, act.channel, cmp.Or(act.thread, ts), &r)
	}
	if later := (*inbox.Later)(nil); errors.As(err, &later) {
		return err
	}
	a.shareDone(ctx, act, &r, err)
	return err
}

// strangersRead asks whether to share all the same where people of another organisation read the channel, and reports
// whether it asked.
func (a *Adapter) strangersRead(ctx context.Context, act *action) (bool, error) {
	p := phrases.In(act.language)
	strangers, err := a.api.at(act.team).strangers(ctx, act.channel)
	why := "slack.shared.strangers"
	switch later := (*inbox.Later)(nil); {
	case errors.As(err, &later):
		return false, err
	case err != nil:
		why = "slack.shared.unknown"
	case !strangers:
		return false, nil
	}
	ask := answering{Type: onlyAsker, Text: p.Say(why), Blocks: []slack.Block{
		slack.NewSectionBlock(mrkdwn(escape(p.Say(why))), nil, nil),
		slack.NewActionBlock("", button(actionID(actionShareAnyway, p.Language, ""), p.Say("slack.shared.anyway"), act.command)),
	}}
	return true, a.api.at(act.team).respond(ctx, act.responseURL, ask)
}

// longest is how many blocks of a reply a channel is shown; what is longer is summed up there.
const longest = 8

// summaryOf is the beginning of a long reply.
const summaryOf = 5

// summary returns what a channel is shown of a reply, and whether the whole belongs in the thread.
func summary(r *bot.Reply) (bot.Reply, bool) {
	if len(r.Blocks) <= longest {
		return *r, false
	}
	s := *r
	s.Blocks = nil
	for _, blk := range r.Blocks {
		if _, leads := blk.(bot.Choices); !leads && len(s.Blocks) < summaryOf {
			s.Blocks = append(s.Blocks, blk)
		}
	}
	s.Page = nil
	return s, true
}

// postShared posts the answer, and the whole of a long one in its thread.
func (a *Adapter) postShared(ctx context.Context, ev *inbox.Event, act *action, r *bot.Reply) (string, error) {
	short, long := summary(r)
	m := Render(&short, Place{Team: act.team})
	if long {
		m = m.noted(escape(phrases.In(r.Language).Say("slack.details")))
	}
	id := ev.ID
	ts, err := a.postOnce(ctx, ev, posting{team: act.team, channel: act.channel, thread: act.thread, id: id, message: m.noted(act.sharedBy(r.Language))}, r.Language)
	if err != nil || !long || ts == "" {
		return ts, err
	}
	thread := act.thread
	if thread == "" {
		thread = ts
	}
	_, err = a.postOnce(ctx, ev, posting{team: act.team, channel: act.channel, thread: thread, id: id + ":details", message: Render(r, Place{Team: act.team})}, r.Language)
	return ts, err
}

// sharedBy says who shared an answer.
func (act *action) sharedBy(language string) string {
	said := phrases.In(language).Say("slack.shared", "who", "\x00")
	before, after, _ := strings.Cut(said, "\x00")
	return escape(before) + "<@" + escape(act.user) + ">" + escape(after)
}

// shareByURL shares where the app is not in the channel: the response URL may post there all the same.
func (a *Adapter) shareByURL(ctx context.Context, act *action, r *bot.Reply) error {
	m := Render(r, Place{Team: act.team}).noted(act.sharedBy(r.Language))
	return a.api.at(act.team).respond(ctx, act.responseURL, answering{Type: everybody, Text: m.Text, Blocks: m.Blocks})
}

// shareDone says to the one who shared how it went, and where it went well takes the button away, so that nobody presses it
// again.
func (a *Adapter) shareDone(ctx context.Context, act *action, r *bot.Reply, failed error) {
	p := phrases.In(r.Language)
	said := p.Say("slack.shared.done")
	done := answering{Type: onlyAsker, Text: said, ReplaceOriginal: true}
	switch {
	case failed != nil:
		done.Text, done.ReplaceOriginal = p.Say("slack.shared.failed"), false
	case act.id == actionShareAnyway:
	case act.private:
		m := Render(r, Place{Team: act.team}).noted(escape(said))
		done.Text, done.Blocks = m.Text, m.Blocks
	default:
		return // it was typed: there is no button, and the answer is seen
	}
	if err := a.api.at(act.team).respond(ctx, act.responseURL, done); err != nil {
		a.Log.WarnContext(ctx, "whether an answer was shared could not be told", "error", err)
	}
}

// noted adds a line at the end of what is told, small. Its text is escaped already. In a message that is full it takes the place
// of the last that was told.
func (m Message) noted(escaped string) Message {
	at := len(m.Blocks)
	if at > 0 && m.Blocks[at-1].BlockType() == slack.MBTAction {
		at--
	}
	rest := m.Blocks[at:]
	at = min(at, maxBlocks-1-len(rest))
	blocks := make([]slack.Block, 0, maxBlocks)
	blocks = append(blocks, m.Blocks[:at]...)
	blocks = append(blocks, slack.NewContextBlock("", mrkdwn(escaped)))
	blocks = append(blocks, rest...)
	m.Blocks = blocks
	m.Text = cut(m.Text, maxFallback) + "\n" + escaped
	return m
}

// marked adds a phrase that the message is marked with.
func (m Message) marked(language, key string) Message {
	return m.noted(escape(phrases.In(language).Say(key)))
}

// withSlackHelp adds to the help what Slack has beside commands.
func withSlackHelp(r *bot.Reply) *bot.Reply {
	if r.About.Intent != "help" || len(r.Blocks) < 2 {
		return r
	}
	with := *r
	last := len(r.Blocks) - 1
	with.Blocks = append(append([]bot.Block{}, r.Blocks[:last]...),
		bot.Line{Text: phrases.In(r.Language).Say("slack.help"), Kind: bot.OurOwn}, r.Blocks[last])
	return &with
}
