package telegram

import (
	"context"

	"stancebot/bot"
	"stancebot/bot/phrases"
)

// greets notes that a chat is greeted, and reports whether it is for the first time. While the database is away nobody is
// greeted: twice would be worse.
func (a *Adapter) greets(ctx context.Context, chat int64) bool {
	store := a.Chats()
	if store == nil {
		return false
	}
	first, err := store.Greet(ctx, chatOf(chat))
	if err != nil {
		a.Log.WarnContext(ctx, "whom we greeted cannot be noted", "error", err)
		return false
	}
	return first
}

// pause notes that nothing can be sent to a chat.
func (a *Adapter) pause(ctx context.Context, chat int64, reason string) error {
	a.Log.InfoContext(ctx, "a chat is gone", "chat", chat, "reason", reason)
	if store := a.Chats(); store != nil && chat != 0 {
		return store.Pause(ctx, chatOf(chat), reason)
	}
	return nil
}

// move makes a group the supergroup that it became. The message that met the change was answered there, or is asked again.
func (a *Adapter) move(ctx context.Context, from, to int64) error {
	store := a.Chats()
	if store == nil || from == 0 || to == 0 {
		return nil
	}
	if err := store.Move(ctx, chatOf(from), chatOf(to)); err != nil {
		return err
	}
	a.Log.InfoContext(ctx, "a group became a supergroup", "from", from, "to", to)
	return nil
}

// member notes what became of us in a chat: where we were blocked or kicked, what is sent there pauses; where we come back, it
// goes on when somebody asks for it.
func (a *Adapter) member(ctx context.Context, m *membership) error {
	out := func(status string) bool { return status == "kicked" || status == "left" }
	switch {
	case out(m.is):
		return a.pause(ctx, m.chat, "we are out of the chat: "+m.is)
	case !out(m.was):
		return nil
	}
	store := a.Chats()
	if store == nil {
		return nil
	}
	was, err := store.Resume(ctx, chatOf(m.chat))
	if err != nil || m.private {
		return err
	}
	key := "telegram.added"
	if was {
		key = "telegram.back"
	}
	language := m.language[:min(2, len(m.language))]
	r := bot.Reply{Language: phrases.In(language).Language, Blocks: []bot.Block{bot.Line{Text: phrases.In(language).Say(key, "name", "@"+a.ourself().username), Kind: bot.OurOwn}}}
	_, err = a.api.send(ctx, target{chat: m.chat}, Render(&r).Parts[0], "")
	return err
}
