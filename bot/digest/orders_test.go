package digest_test

import (
	"context"
	"log/slog"
	"strings"
	"testing"
	"time"

	"stancebot/bot"
	"stancebot/bot/bottest"
	"stancebot/bot/digest"
	"stancebot/bot/digest/digesttest"
	"stancebot/bot/talk"
	"stancebot/knowledge"
	"stancebot/knowledge/ledger"
)

// A channel is where people ask for digests, with the clock in hand.
type channel struct {
	*newsroom
	store *digesttest.Memory
	bot   *bot.Bot
	away  bool
}

func newChannel(tb testing.TB) *channel {
	tb.Helper()
	c := &channel{newsroom: newNewsroom(tb)}
	reach := func(knowledge.DeskID) int64 { return c.chain.head.Seq }
	c.store = digesttest.NewMemory(reach)
	orders := &digest.Orders{
		Store: func() digest.Store {
			if c.away {
				return nil
			}
			return c.store
		},
		Teller: c.Teller, Reach: func(desk knowledge.DeskID) (int64, bool) { return reach(desk), true }, Edits: func(_ knowledge.DeskID, person string) bool { return person == "slack:T1:editor" }, Zone: "UTC",
		Now: func() time.Time { return c.now }, Log: slog.New(slog.DiscardHandler),
	}
	c.bot = bot.New(bot.Options{
		Reader: c.Reader, Memory: talk.New(func() time.Time { return c.now }), Commands: append(bot.Lookups(c.Holder), orders.Commands()...), Today: func() knowledge.Day { return knowledge.DayOf(c.now) },
		Log: slog.New(slog.DiscardHandler), Kept: 100, Snapshot: func(desk knowledge.DeskID) any { return c.Holder.Core(desk) },
	})
	return c
}

// ask asks as a person of a channel: ana lives in Lima, ben tells no zone, reader may not post, editor is one.
func (c *channel) ask(ctx context.Context, person, text string) bot.Reply {
	where := bot.Where{Address: "slack:T1:C1", Asker: func(context.Context) bot.Asker {
		zones := map[string]string{"ana": "America/Lima"}
		return bot.Asker{Name: strings.ToUpper(person[:1]) + person[1:], Zone: zones[person]}
	}}
	switch person {
	case "reader":
		where.MayPost = func(context.Context) (bool, error) { return false, nil }
	case "terminal":
		where = bot.Where{}
	}
	return c.bot.Handle(ctx, bot.Request{Desk: knowledge.DefaultDesk, Conversation: person, Person: "slack:T1:" + person, Where: where, Text: text})
}

// What people ask of digests and watches, and what they are told. The name of a file is who asks, and what; "later 30m" moves the
// clock, "away" and "back" are the database's.
func TestOrders(t *testing.T) {
	bottest.Scripts(t, "testdata/orders/*.txtar", func(t *testing.T) func(*testing.T, string) string {
		t.Helper()
		c := newChannel(t)
		c.record(t, "said by the ministry",
			ledger.Assessment{Country: "BOL", Axis: knowledge.TowardWashington, Label: "leaning", Since: 2026_11_20, Source: page})
		return c.play
	})
}

func (c *channel) play(t *testing.T, line string) string {
	t.Helper()
	c.now = c.now.Add(time.Second)
	who, text, _ := strings.Cut(line, " ")
	switch who {
	case "later":
		d, err := time.ParseDuration(text)
		if err != nil {
			t.Fatal(err)
		}
		c.now = c.now.Add(d)
		return "\n"
	case "away", "back":
		c.away = who == "away"
		return "\n"
	}
	reply := c.ask(t.Context(), strings.TrimSuffix(who, ":"), text)
	said := reply.Text()
	if reply.Private {
		said += "\n(to the asker alone)"
	}
	return said + "\n\n"
}
