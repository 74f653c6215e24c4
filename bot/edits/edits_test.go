package edits_test

import (
	"context"
	"log/slog"
	"strings"
	"testing"
	"time"

	storedledger "stancebot/adapters/store/ledger"
	"stancebot/adapters/store/storetest"
	"stancebot/bot"
	"stancebot/bot/bottest"
	"stancebot/bot/desk"
	"stancebot/bot/edits"
	"stancebot/knowledge"
	"stancebot/knowledge/core"
	"stancebot/knowledge/ledger"
)

// A newsroom is a desk whose people change its records in chat: ana and ben are its editors, rita is a reporter, eve edits another
// workspace's.
type newsroom struct {
	*bottest.Desk
	bot      *bot.Bot
	decider  *desk.Decider
	follower *ledger.Follower
	away     bool
	channel  bot.Address
}

func newNewsroom(tb testing.TB) *newsroom {
	tb.Helper()
	n := &newsroom{Desk: bottest.NewDesk(tb)}
	store := storedledger.New(storetest.Open(tb, "sqlite::memory:"))
	log := slog.New(slog.DiscardHandler)
	now, today := func() time.Time { return n.Now }, func() knowledge.Day { return knowledge.DayOf(n.Now) }
	n.follower = ledger.NewFollower(store, n.Holder.Lay, log)
	n.decider = &desk.Decider{
		Recorder: &desk.Recorder{
			Ledger: store, Snapshot: n.Holder.Core, Editors: desk.Editors{"slack:T1:ana", "slack:T1:ben", "slack:T2:eve"}, Everyone: true, FourEyes: true, Now: now, Today: today,
		},
		Shared: func() *core.Core { return n.Core },
	}
	e := &edits.Edits{
		Decider: func(knowledge.DeskID) *desk.Decider {
			if n.away {
				return nil
			}
			return n.decider
		},
		Channel: func(knowledge.DeskID) bot.Address { return n.channel }, Snapshot: n.Holder.Core, Today: today, Now: now, Log: log,
		Changed: func(ctx context.Context) {
			if err := n.follower.CatchUp(ctx); err != nil {
				tb.Error(err)
			}
		},
	}
	n.bot = bot.New(bot.Options{
		Reader: n.Reader, Commands: append(bot.Lookups(n.Holder), e.Commands()...), Today: today, Log: log, Kept: 100,
		Snapshot: func(id knowledge.DeskID) any { return n.Holder.Core(id) },
	})
	return n
}

// people are who asks, by name; and the desk of those of another workspace.
var people = map[string]struct {
	person string
	desk   knowledge.DeskID
}{
	"eve":     {"slack:T2:eve", "foreign"},
	"nobody":  {"", knowledge.DefaultDesk},
	"unknown": {"slack:T3:U1", ""},
}

func (n *newsroom) ask(ctx context.Context, name, text string) bot.Reply {
	who, ok := people[name]
	if !ok {
		who.person, who.desk = "slack:T1:"+name, knowledge.DefaultDesk
	}
	return n.bot.Handle(ctx, bot.Request{Desk: who.desk, Conversation: name, Person: who.person, Text: text})
}

// How records are changed in chat: the name of a file is who types, and what. "later 24h" moves the clock, "away" and "back" are the
// database's, "solo" makes it a desk of one, "closed" lets editors alone propose, "fired ben" takes the right away.
func TestEdits(t *testing.T) {
	bottest.Scripts(t, "testdata/*.txtar", func(t *testing.T) func(*testing.T, string) string {
		t.Helper()
		return newNewsroom(t).play
	})
}

func (n *newsroom) play(t *testing.T, line string) string {
	t.Helper()
	n.Now = n.Now.Add(time.Second)
	who, text, _ := strings.Cut(line, " ")
	switch who {
	case "later":
		d, err := time.ParseDuration(text)
		if err != nil {
			t.Fatal(err)
		}
		n.Now = n.Now.Add(d)
		return "\n"
	case "away", "back":
		n.away = who == "away"
		return "\n"
	case "staffed":
		n.channel = "slack:T1:CDESK"
		return "\n"
	case "solo":
		n.decider.FourEyes = false
		return "\n"
	case "closed":
		n.decider.Everyone = false
		return "\n"
	case "fired":
		n.decider.Editors = desk.Editors{"slack:T1:ana"}
		return "\n"
	}
	reply := n.ask(t.Context(), strings.TrimSuffix(who, ":"), text)
	said := reply.Text()
	for _, blk := range reply.Blocks {
		if c, ok := blk.(bot.Choices); ok {
			said += asked(c)
		}
	}
	if reply.Private {
		said += "\n(to the asker alone)"
	}
	return said + "\n\n"
}

// asked is what buttons type, and ask for.
func asked(c bot.Choices) string {
	var b strings.Builder
	for _, item := range c.Items {
		if len(item.Asks) > 0 {
			b.WriteString("\n(" + item.Command)
			for _, ask := range item.Asks {
				b.WriteString(" + " + ask.Label)
			}
			b.WriteString(")")
		}
	}
	return b.String()
}
