package telegram

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"

	"stancebot/bot"
	"stancebot/bot/digest"
	"stancebot/bot/inbox"
	"stancebot/bot/phrases"
	"stancebot/knowledge"
)

var _ digest.Poster = (*Adapter)(nil)

// noRights are the words for that we may not write to a chat that we are in. Its people can change that, and nobody else.
var noRights = []string{"not enough rights to send", "have no rights to send", "need administrator rights", "CHAT_WRITE_FORBIDDEN", "TOPIC_CLOSED"}

// uneditable are the words for that a message cannot be edited, or not any more.
var uneditable = []string{"message to edit not found", "message can't be edited", "there is no text in the message to edit", "MESSAGE_ID_INVALID"}

// Post posts a message of a delivery, a long one in parts, or puts it in the place of one. A bot cannot look for what it sent: what this process remembers is all
// that is known of it.
func (a *Adapter) Post(ctx context.Context, p digest.Post) (string, error) {
	to, err := targetOf(string(p.To), p.Under)
	if err != nil {
		return "", err
	}
	if p.Edit != "" {
		return a.edit(ctx, to, &p)
	}
	have, known := a.met.posts.of(p.ID)
	switch {
	case p.Doubt == digest.Look && (!known || have.doubt):
		return "", digest.ErrUnseen
	case !known:
		have.doubt = p.Doubt == digest.Repeat
	}
	c := &course{Adapter: a, id: p.ID, to: to, reply: p.Reply, posted: have}
	if err := c.send(ctx); err != nil {
		return "", a.postError(ctx, c.to.chat, err)
	}
	a.Told(c.telling(p.Desk))
	return c.message(), nil
}

// edit puts a message in the place of another one. There is room for one: of a longer reply the beginning stands there, and says so.
func (a *Adapter) edit(ctx context.Context, to target, p *digest.Post) (string, error) {
	c := &course{Adapter: a, to: to, reply: p.Reply}
	if !number(p.Edit, &c.first) {
		return "", fmt.Errorf("telegram: %q is no message", p.Edit)
	}
	m := Render(p.Reply)
	if m.Empty() {
		return "", errors.New("telegram: a post without a text")
	}
	html := m.Parts[0]
	if len(m.Parts) > 1 {
		html += "\n" + italic(escape(phrases.In(p.Reply.Language).Say("telegram.cut")))
	}
	if err := ctx.Err(); err != nil {
		return "", err // nothing was sent
	}
	err := a.api.edit(ctx, to.chat, c.first, "", html, keyboardOf(m.Keys))
	if moved := (*movedError)(nil); errors.As(err, &moved) { // where it is now, other messages have the ids of before
		return "", errors.Join(digest.ErrUneditable, a.move(ctx, to.chat, moved.to))
	}
	if err != nil {
		return "", a.postError(ctx, to.chat, err)
	}
	a.Told(c.telling(p.Desk))
	return p.Edit, nil
}

// Illustrate sends the file of a reply, with what it holds as its caption.
func (a *Adapter) Illustrate(ctx context.Context, address bot.Address, r *bot.Reply) error {
	to, err := targetOf(string(address), "")
	if err != nil || r.File == nil {
		return err
	}
	to.thread = a.met.topic(to.chat, to.thread)
	return a.api.sendFile(ctx, to, r.File, escape(r.File.Note))
}

// Tell writes to a person in the private chat.
func (a *Adapter) Tell(ctx context.Context, person string, r *bot.Reply) error {
	to, err := targetOf(person, "")
	if err != nil {
		return err
	}
	c := &course{Adapter: a, to: to, reply: r}
	if err := c.send(ctx); err != nil {
		return a.postError(ctx, to.chat, err)
	}
	a.Told(c.telling(a.Desk(ctx, to.chat)))
	return nil
}

// Lane is all of Telegram: it counts all that a bot sends together.
func (a *Adapter) Lane(bot.Address) string { return platform }

// A course is the sending of one post.
type course struct {
	*Adapter

	id    string // "" for what is not tried again
	to    target
	reply *bot.Reply
	posted
}

// message is the id of the first part, "" where Telegram did not tell it so that it can be read.
func (c *course) message() string {
	if c.first == 0 {
		return ""
	}
	return strconv.FormatInt(c.first, 10)
}

// telling is what was said, of a desk's records.
func (c *course) telling(desk knowledge.DeskID) Telling {
	return Telling{Desk: desk, Place: place(c.to.chat, c.to.thread), Message: c.message(), Private: c.to.chat > 0, Reply: *c.reply}
}

// send sends the parts that were not sent before.
func (c *course) send(ctx context.Context) error {
	m := Render(c.reply)
	if m.Empty() {
		return errors.New("telegram: a post without a text")
	}
	c.to.thread = c.met.topic(c.to.chat, c.to.thread)
	for c.parts < len(m.Parts) {
		html, keyboard := m.Parts[c.parts], ""
		if c.parts == len(m.Parts)-1 {
			keyboard = keyboardOf(m.Keys)
		}
		if c.doubt {
			html += "\n" + italic(escape(phrases.In(c.reply.Language).Say("telegram.repeated")))
		}
		to := c.to
		if c.parts > 0 {
			to.replyTo = 0
		}
		id, err := c.part(ctx, to, html, keyboard)
		if err != nil {
			return c.stopped(err)
		}
		if c.parts == 0 {
			c.first = id
		}
		c.parts, c.doubt = c.parts+1, false
		c.note()
	}
	return nil
}

// part sends one part, where a group or a topic has gone to if it has.
func (c *course) part(ctx context.Context, to target, html, keyboard string) (int64, error) {
	if err := ctx.Err(); err != nil {
		return 0, err // nothing was sent
	}
	id, err := c.api.send(ctx, to, html, keyboard)
	if moved := (*movedError)(nil); errors.As(err, &moved) {
		if err := c.move(ctx, to.chat, moved.to); err != nil {
			return 0, err
		}
		c.to.chat, to.chat = moved.to, moved.to
		id, err = c.api.send(ctx, to, html, keyboard)
	}
	if to.thread != 0 && err != nil && strings.Contains(err.Error(), "message thread not found") {
		c.Log.InfoContext(ctx, "a topic is gone: what it is told goes to the general one")
		c.met.general(to.chat, to.thread)
		c.to.thread, to.thread = 0, 0
		id, err = c.api.send(ctx, to, html, keyboard)
	}
	return id, err
}

// stopped notes what is known of a post that an error stopped. Where some of it was sent, a process that does not remember that must
// not take it for one that was not begun.
func (c *course) stopped(err error) error {
	c.doubt = c.doubt || errors.Is(err, errUncertain)
	c.note()
	if later := (*inbox.Later)(nil); c.parts > 0 && errors.As(err, &later) {
		return fmt.Errorf("%w: a part of it did: %w", digest.ErrUncertain, err)
	}
	return err
}

func (c *course) note() {
	if c.id != "" {
		c.met.posts.keep(c.id, c.posted)
	}
}

// postError tells the error of a post as digests want it.
func (a *Adapter) postError(ctx context.Context, chat int64, err error) error {
	gone := (*goneError)(nil)
	switch {
	case errors.As(err, &gone):
		if err := a.pause(ctx, chat, gone.reason); err != nil {
			a.Log.WarnContext(ctx, "that a chat is gone cannot be noted", "error", err)
		}
		return &digest.GoneError{Reason: gone.reason}
	case errors.Is(err, errUncertain):
		return fmt.Errorf("%w: %w", digest.ErrUncertain, err)
	}
	says := func(words string) bool { return strings.Contains(err.Error(), words) }
	switch {
	case slices.ContainsFunc(noRights, says):
		_, reason, _ := strings.Cut(strings.TrimPrefix(err.Error(), "telegram: "), ": ") // without the method
		return &digest.GoneError{Reason: reason}
	case slices.ContainsFunc(uneditable, says):
		return fmt.Errorf("%w: %w", digest.ErrUneditable, err)
	}
	return err
}

// targetOf reads an address, or the name of a person, and the message that is replied to: telegram:77, telegram:-100200:5.
func targetOf(address, under string) (target, error) {
	to := target{}
	name, rest, _ := strings.Cut(address, ":")
	chat, thread, inTopic := strings.Cut(rest, ":")
	ok := name == platform && number(chat, &to.chat) && (!inTopic || number(thread, &to.thread)) && (under == "" || number(under, &to.replyTo))
	if !ok {
		return to, fmt.Errorf("telegram: %q is no address of Telegram, or %q no message", address, under)
	}
	return to, nil
}

// number reads an id.
func number(text string, to *int64) bool {
	n, err := strconv.ParseInt(text, 10, 64)
	*to = n
	return err == nil && n != 0
}

// posted is what is known of a post: how many parts were sent, the id of the first, and whether the next may have been.
type posted struct {
	parts int
	first int64
	doubt bool
}

// posts remembers posts for a while: those that have come since as many others had as are kept, and these. The zero value is ready,
// and safe for concurrent use.
type posts struct {
	mu         sync.Mutex
	young, old map[string]posted
}

const postsKept = 2000

// of returns what is known of a post, and whether anything is.
func (p *posts) of(id string) (posted, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	have, known := p.young[id]
	if !known {
		have, known = p.old[id]
	}
	return have, known
}

func (p *posts) keep(id string, what posted) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.young == nil || len(p.young) >= postsKept {
		p.old, p.young = p.young, map[string]posted{}
	}
	p.young[id] = what
}
