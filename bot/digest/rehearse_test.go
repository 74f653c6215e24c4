package digest_test

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"testing"
	"time"

	"stancebot/bot"
	"stancebot/bot/digest"
	"stancebot/bot/digest/digesttest"
	"stancebot/bot/inbox"
	"stancebot/knowledge"
)

// A stand posts to a list, unless it is away.
type stand struct {
	away   time.Time // it wants all later than this; zero while it is there
	posted []string
}

func (s *stand) Post(_ context.Context, p digest.Post) (string, error) {
	if !s.away.IsZero() {
		return "", &inbox.Later{Until: s.away, Err: errors.New("away")}
	}
	s.posted = append(s.posted, string(p.To)+": "+p.Reply.Text())
	return "1", nil
}

func (*stand) Illustrate(context.Context, bot.Address, *bot.Reply) error { return nil }

func (*stand) Tell(context.Context, string, *bot.Reply) error { return nil }

func (*stand) Lane(bot.Address) string { return "slack" }

// By a clock that stands still, all that is due arrives in one call, in the same order each time, whatever the pace; and what a platform wants
// later waits for that time, and keeps nobody.
func TestDeliverByAClockThatStandsStill(t *testing.T) {
	for range 5 {
		now := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
		posts := &stand{}
		store := digesttest.NewMemory(func(knowledge.DeskID) int64 { return 0 })
		d := digest.NewDeliverer(digest.DelivererOptions{
			Store: func() digest.Store { return store }, Posters: map[string]digest.Poster{"slack": posts}, Paces: map[string]digest.Pace{"slack": {Lane: time.Hour, Channel: time.Hour}},
			Compose: func(_ context.Context, t *digest.Task) (digest.Notice, error) {
				return digest.Notice{Summary: bot.Reply{Blocks: []bot.Block{bot.Line{Text: t.Delivery.Name}}}}, nil
			},
			Policy: digest.Resend, Now: func() time.Time { return now }, Log: slog.New(slog.DiscardHandler),
		})
		send := func(names ...string) {
			t.Helper()
			for _, name := range names {
				to := bot.Address("slack:T1:C" + name[:1])
				if _, err := digest.Send(t.Context(), store, posts.Lane, now, knowledge.DefaultDesk, []digest.Addressed{{To: to, Name: name}}); err != nil {
					t.Fatal(err)
				}
			}
		}
		deliver := func(want int) {
			t.Helper()
			if tried, err := d.Deliver(t.Context()); err != nil || tried != want {
				t.Fatalf("it tried %d, not %d: %v", tried, want, err)
			}
		}
		send("2b", "1b", "2a", "1a")
		deliver(4)
		if want := []string{"slack:T1:C1: 1a", "slack:T1:C1: 1b", "slack:T1:C2: 2a", "slack:T1:C2: 2b"}; !slices.Equal(posts.posted, want) {
			t.Fatalf("%q arrived", posts.posted)
		}
		posts.away = now.Add(time.Minute)
		send("1c", "1d")
		deliver(2)
		deliver(0)
		now, posts.away = now.Add(time.Minute), time.Time{}
		deliver(2)
		deliver(0)
		if n := len(posts.posted); n != 6 {
			t.Fatalf("%d arrived", n)
		}
	}
}
