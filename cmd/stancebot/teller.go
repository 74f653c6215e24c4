package main

import (
	"context"
	"time"

	"stancebot/bot"
	"stancebot/bot/told"
)

// A teller answers, and keeps what it told in a place.
type teller struct {
	*program
	place told.Place
}

// Handle answers one request. What rests on no record is not worth keeping, and the asker's words never are kept.
func (t *teller) Handle(ctx context.Context, req bot.Request) bot.Reply {
	seq := t.memory.seq(req.Desk) // before the answer: it takes into account at least so much
	ex := t.Ask(ctx, req)
	if len(ex.Reply.Receipts) > 0 {
		t.memory.tell(told.Told{
			Desk: req.Desk, At: time.Now(), Place: t.place, Private: true, Language: ex.Reply.Language, Intent: ex.Query.Intent,
			Countries: ex.Answer.Countries, Receipts: ex.Reply.Receipts, Seq: seq, Text: ex.Reply.Text(),
		})
	}
	return ex.Reply
}
