package main

import (
	"context"
	"strconv"

	"stancebot/adapters/admin"
	"stancebot/adapters/telegram"
	"stancebot/bot"
	"stancebot/bot/desk"
	"stancebot/bot/quota"
	"stancebot/bot/told"
	"stancebot/knowledge"
)

// onTelegram names the platform where places and people are named.
const onTelegram = "telegram"

// newTelegram puts Telegram's side of the program together, or returns nil when no token for it is set.
func (env *environment) newTelegram(p *program, metrics *admin.Metrics) *telegram.Adapter {
	c := &env.config
	if c.TelegramToken.Reveal() == "" {
		return nil
	}
	a := telegram.New(telegram.Options{
		Bot: &measured{p.Bot, metrics}, Suggest: bot.Suggest, Token: c.TelegramToken.Reveal(), APIURL: c.TelegramApiURL,
		WebhookURL: c.TelegramWebhookURL, WebhookSecret: c.TelegramWebhookSecret.Reveal(), Store: p.memory.events, Chats: p.memory.chatStore,
		Meter: metrics.Platform(onTelegram), Now: p.memory.now, Turn: p.memory.pollTurn, Log: env.log,
		Waiting: p.shares.Most(quota.Waiting), Shed: func() { p.shares.Refuse(quota.Waiting) },
		Desk: func(_ context.Context, chat int64) knowledge.DeskID {
			return p.memory.spaces.Of(desk.Space{Platform: onTelegram, ID: strconv.FormatInt(chat, 10)})
		},
		Told: func(t telegram.Telling) {
			p.keep(told.Told{Desk: t.Desk, Place: told.Place(t.Place), Message: t.Message, Private: t.Private}, "", &t.Reply)
		},
	})
	measureInbox(metrics, onTelegram, a.Stats)
	return a
}
