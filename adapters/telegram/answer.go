package telegram

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"

	"stancebot/bot"
	"stancebot/bot/inbox"
	"stancebot/bot/phrases"
	"stancebot/bot/request"
)

// work works one update of the inbox, also one that was begun before and not ended. A *inbox.Later parks it.
func (a *Adapter) work(ctx context.Context, ev inbox.Event) error {
	u, err := a.updateOf(&ev)
	if err != nil {
		return err
	}
	err = a.open(ctx, &ev, u)
	if moved := (*movedError)(nil); errors.As(err, &moved) && u.message != nil {
		if err = a.move(ctx, u.message.chat, moved.to); err == nil {
			u.message.chat = moved.to // it is answered where the group is now
			err = a.open(ctx, &ev, u)
		}
	}
	gone, later := (*goneError)(nil), (*inbox.Later)(nil)
	switch parked := errors.As(err, &later); {
	case parked && a.Now().Sub(ev.At) <= giveUp:
		return err
	case parked:
		err = later.Err
	case errors.As(err, &gone):
		err = a.pause(ctx, u.chat(), gone.reason)
	}
	a.met.forget(ev.ID)
	return err
}

// updateOf returns the update of an event: as it was read when it came, unless it comes from the store, or came before we knew who
// we are.
func (a *Adapter) updateOf(ev *inbox.Event) (*update, error) {
	us := a.ourself().id
	if u, ok := ev.Read.(*update); ok && u.us == us {
		return u, nil
	}
	u, err := readUpdate(ev.Body, us)
	return &u, err
}

// chat is where an update came from, 0 for none.
func (u *update) chat() int64 {
	switch {
	case u.message != nil:
		return u.message.chat
	case u.pressed != nil && u.pressed.message != nil:
		return u.pressed.message.chat
	case u.member != nil:
		return u.member.chat
	}
	return 0
}

func (a *Adapter) open(ctx context.Context, ev *inbox.Event, u *update) error {
	switch m := u.message; {
	case m != nil && m.to != 0:
		return a.move(ctx, m.chat, m.to)
	case m != nil && m.from != 0:
		return a.move(ctx, m.from, m.chat)
	case m != nil:
		return a.reply(ctx, ev, m)
	case u.pressed != nil:
		return a.press(ctx, ev, u.pressed)
	case u.inline != nil:
		return a.inline(ctx, u.inline)
	case u.member != nil:
		return a.member(ctx, u.member)
	}
	return nil
}

// request is a question that was asked in a chat.
func (a *Adapter) request(ctx context.Context, chat, thread, user int64, language, text string) bot.Request {
	conversation := place(chat, thread)
	if user != 0 && user != chat {
		conversation += ":" + strconv.FormatInt(user, 10)
	}
	return bot.Request{
		Desk: a.Desk(ctx, chat), Space: place(chat, 0), ID: request.ID(ctx), Conversation: conversation, Person: person(user, chat), Text: text, Locale: language,
	}
}

// reply answers a message: in its topic and, where others talk too, as a reply to it.
func (a *Adapter) reply(ctx context.Context, ev *inbox.Event, m *message) error {
	said := addressed(m, a.ourself().username)
	req := a.request(ctx, m.chat, m.thread, m.user, m.language, said.text)
	req.Where = a.where(m, m.user, m.name, false)
	to := target{chat: m.chat, thread: a.met.topic(m.chat, m.thread)}
	if m.chatType != private {
		to.replyTo = m.id
	}
	first, isForm := false, m.form != form{}
	switch {
	case isForm && said.command == cancel:
		r := formEnded(cmp.Or(m.form.language, m.language[:min(2, len(m.language))]))
		return a.say(ctx, ev, to, &r, req)
	case isForm && said.command == "":
		req.Text, req.Language = m.form.typed(said.text), m.form.language
	case said.command == "start":
		first = a.greets(ctx, m.chat)
		req.Text = cmp.Or(startCommand(strings.TrimSpace(strings.TrimPrefix(said.text, "start"))), "help")
	case said.command == "settings":
		req.Purpose = bot.Overview
	default:
		req.Text = cmp.Or(req.Text, "help")
	}
	stop := a.typing(ctx, to)
	r := a.Bot.Handle(ctx, req)
	stop()
	if r.About.Intent == "help" && req.Purpose == bot.Question {
		r = withCalls(r, "@"+a.ourself().username)
	}
	if first {
		r = greeted(r)
	}
	return a.say(ctx, ev, to, &r, req)
}

// withCalls adds to the help how we are called in groups, and in any chat.
func withCalls(r bot.Reply, name string) bot.Reply {
	line := bot.Block(bot.Line{Text: phrases.In(r.Language).Say("telegram.also", "name", name), Kind: bot.OurOwn})
	last := len(r.Blocks) - 1
	r.Blocks, r.Same = slices.Concat(r.Blocks[:last], []bot.Block{line}, r.Blocks[last:]), ""
	return r
}

// greeted puts the greeting before a reply.
func greeted(r bot.Reply) bot.Reply {
	hello := bot.Line{Text: phrases.In(r.Language).Say("telegram.hello"), Kind: bot.OurOwn}
	r.Blocks, r.Same = append([]bot.Block{hello}, r.Blocks...), "" // it equals no other now
	return r
}

// soon is how long an answer may take before the chat is shown that it is being written.
const soon = 500 * time.Millisecond

// typing shows that an answer is being written where it takes long, until it is stopped.
func (a *Adapter) typing(ctx context.Context, to target) (stop func()) {
	ended := make(chan struct{})
	ctx, cancel := context.WithCancel(ctx)
	timer := time.AfterFunc(soon, func() {
		defer close(ended)
		if ctx.Err() != nil {
			return
		}
		p := params{"action": "typing"}
		p.AddNonZero64("chat_id", to.chat)
		p.AddNonZero64("message_thread_id", to.thread)
		_, _ = a.api.call(ctx, "sendChatAction", p) // the answer matters, and comes
	})
	return func() {
		cancel()
		if !timer.Stop() { // it is being shown: the answer comes after that
			<-ended
		}
	}
}

// say sends a reply.
func (a *Adapter) say(ctx context.Context, ev *inbox.Event, to target, r *bot.Reply, req bot.Request) error {
	return a.send(ctx, ev, to, a.rendered.message(r), r, req)
}

// send sends the message of a reply, in as many parts as it takes. Those that were sent before are not sent again.
func (a *Adapter) send(ctx context.Context, ev *inbox.Event, to target, m shown, r *bot.Reply, req bot.Request) error {
	if m.Empty() {
		return nil
	}
	again := ev.Attempt > 1 || a.met.doubted(ev.ID)
	var id int64
	first := a.met.sent(ev.ID)
	for i := first; i < len(m.Parts); i++ {
		keyboard := ""
		if i == len(m.Parts)-1 {
			keyboard = m.keyboard
		}
		html := m.Parts[i]
		if again {
			html += "\n" + italic(escape(phrases.In(r.Language).Say("telegram.repeated")))
			again = false
		}
		part, err := a.api.send(ctx, to, html, keyboard)
		if err != nil {
			return a.unsent(ctx, ev, to, err)
		}
		a.met.progress(ev.ID, i+1)
		if id == 0 {
			id = part
		}
		to.replyTo = 0
	}
	if first < len(m.Parts) {
		a.Told(Telling{Desk: req.Desk, Place: place(to.chat, to.thread), Message: strconv.FormatInt(id, 10), Private: to.chat > 0, Reply: *r})
	}
	return a.sendFile(ctx, ev, to, r, len(m.Parts))
}

// sendFile sends the file of a reply behind the parts of its text, which is complete without it: where the file is refused, that is
// said.
func (a *Adapter) sendFile(ctx context.Context, ev *inbox.Event, to target, r *bot.Reply, parts int) error {
	if r.File == nil || a.met.sent(ev.ID) > parts {
		return nil
	}
	caption := escape(r.File.Note)
	if a.met.doubted(ev.ID) {
		caption += "\n" + italic(escape(phrases.In(r.Language).Say("telegram.repeated")))
	}
	to.replyTo = 0
	err := a.api.sendFile(ctx, to, r.File, caption)
	if refused := (*refusedError)(nil); errors.As(err, &refused) {
		a.Log.WarnContext(ctx, "a file could not be sent", "error", err)
		_, err = a.api.send(ctx, to, escape(phrases.In(r.Language).Say("export.unsent")), "")
	}
	if err != nil {
		return a.unsent(ctx, ev, to, err)
	}
	a.met.progress(ev.ID, parts+1)
	return nil
}

// unsent tells what becomes of a message that was not sent for certain. A topic that is gone is answered in the general one.
func (a *Adapter) unsent(ctx context.Context, ev *inbox.Event, to target, err error) error {
	switch {
	case errors.Is(err, errUncertain):
		a.met.doubt(ev.ID)
		return &inbox.Later{Until: a.Now().Add(firstWait), Err: err}
	case to.thread != 0 && strings.Contains(err.Error(), "message thread not found"):
		a.Log.InfoContext(ctx, "a topic is gone: the answer goes to the general one")
		a.met.general(to.chat, to.thread)
		return &inbox.Later{Until: a.Now(), Err: err}
	}
	return err
}

// press does what a button asks. The press itself is answered first: the phone shows that it waits.
func (a *Adapter) press(ctx context.Context, ev *inbox.Event, p *press) error {
	if !a.met.begun(ev.ID) {
		if err := a.answered(ctx, p.id); err != nil {
			return err
		}
		a.met.progress(ev.ID, 0)
	}
	command, language, mark := pressedCommand(p.data)
	chat, thread := p.user, int64(0)
	if p.message != nil {
		chat, thread = p.message.chat, p.message.thread
	}
	req := a.request(ctx, chat, thread, p.user, p.language, command)
	req.Language = language
	if p.message != nil {
		req.Where = a.where(p.message, p.user, p.name, true)
	}
	r := a.Bot.Handle(ctx, req)
	asks := asksIn(&r, command)
	takesPlace := (mark == pickMark || r.Page != nil && strings.Contains(command, " page ")) && !r.Private
	switch {
	case mark == askMark && asks != nil && p.message != nil && p.message.chatType != inChannel: // where nobody replies
		req.Language = r.Language
		return a.askFor(ctx, ev, p, asks, req)
	case p.message == nil, takesPlace:
		return a.takePlace(ctx, ev, p, &r, req)
	case p.message.chatType == private:
		return a.say(ctx, ev, target{chat: chat, thread: thread}, &r, req)
	}
	return a.say(ctx, ev, target{chat: chat, thread: thread, replyTo: p.message.id}, &r, req)
}

// answered tells Telegram that a press was taken. One that is too old to be answered is done all the same.
func (a *Adapter) answered(ctx context.Context, id string) error {
	_, err := a.api.call(ctx, "answerCallbackQuery", params{"callback_query_id": id})
	if later := (*inbox.Later)(nil); errors.As(err, &later) {
		return err
	}
	return nil
}

// takePlace puts a reply in the place of the message whose button was pressed. What is longer than a message follows it, where
// we may write.
func (a *Adapter) takePlace(ctx context.Context, ev *inbox.Event, p *press, r *bot.Reply, req bot.Request) error {
	m := a.rendered.message(r)
	if m.Empty() {
		return nil
	}
	keyboard := m.keyboard
	var to target
	var id int64
	if p.message != nil {
		to, id = target{chat: p.message.chat, thread: p.message.thread}, p.message.id
		if len(m.Parts) > 1 {
			keyboard = "" // it stands under the last
		}
	}
	if a.met.sent(ev.ID) == 0 {
		err := a.api.edit(ctx, to.chat, id, p.inline, m.Parts[0], keyboard)
		if errors.Is(err, errUncertain) { // to edit again changes nothing
			return &inbox.Later{Until: a.Now().Add(firstWait), Err: err}
		}
		if err != nil {
			return err
		}
		a.met.progress(ev.ID, 1)
	}
	switch {
	case p.message == nil:
		return nil
	case len(m.Parts) > 1:
		return a.say(ctx, ev, to, r, req)
	}
	if a.met.sent(ev.ID) == 1 {
		a.Told(Telling{Desk: req.Desk, Place: place(to.chat, to.thread), Message: strconv.FormatInt(id, 10), Private: to.chat > 0, Reply: *r})
	}
	return a.sendFile(ctx, ev, to, r, 1)
}
