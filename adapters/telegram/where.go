package telegram

import (
	"context"
	"encoding/json"
	"errors"

	"stancebot/bot"
)

// The types of chats in which many read what one presses.
const (
	inGroup      = "group"
	inSupergroup = "supergroup"
	inChannel    = "channel"
)

// where is the chat of a message, with its topic. Who wrote there may; who pressed a button may have only read.
func (a *Adapter) where(m *message, user int64, name string, pressed bool) bot.Where {
	w := bot.Where{
		Address: bot.Address(place(m.chat, a.met.topic(m.chat, m.thread))), Private: m.chatType == private,
		Asker: func(context.Context) bot.Asker { return bot.Asker{Name: name} },
	}
	if pressed && !w.Private {
		w.MayPost = func(ctx context.Context) (bool, error) { return a.mayPost(ctx, m, user) }
	}
	return w
}

// A standing is what somebody is in a chat, as Telegram tells.
type standing struct {
	Status string `json:"status"`
	Posts  bool   `json:"can_post_messages"` // of an administrator of a channel
	In     bool   `json:"is_member"`         // of somebody restricted
	Sends  bool   `json:"can_send_messages"` // likewise
}

// mayPost reports whether a person may post to a chat. A chat of another kind than we know lets nobody.
func (a *Adapter) mayPost(ctx context.Context, m *message, user int64) (bool, error) {
	p := params{}
	p.AddNonZero64("chat_id", m.chat)
	p.AddNonZero64("user_id", user)
	var is standing
	if err := a.ask(ctx, "getChatMember", p, &is); err != nil {
		return false, err
	}
	group := m.chatType == inGroup || m.chatType == inSupergroup
	switch is.Status {
	case "creator":
		return group || m.chatType == inChannel, nil
	case "administrator":
		return group || m.chatType == inChannel && is.Posts, nil
	case "restricted":
		return group && is.In && is.Sends, nil
	case "member":
		if group {
			return a.allMayPost(ctx, m.chat)
		}
	}
	return false, nil
}

// allMayPost reports whether a group lets its members write.
func (a *Adapter) allMayPost(ctx context.Context, chat int64) (bool, error) {
	p := params{}
	p.AddNonZero64("chat_id", chat)
	var full struct {
		Permissions struct {
			Sends bool `json:"can_send_messages"`
		} `json:"permissions"`
	}
	err := a.ask(ctx, "getChat", p, &full)
	return full.Permissions.Sends, err
}

// ask calls a method, and reads its result.
func (a *Adapter) ask(ctx context.Context, method string, p params, into any) error {
	result, err := a.api.call(ctx, method, p)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(result, into); err != nil {
		return errors.New("telegram: " + method + ": the result is of another form")
	}
	return nil
}
