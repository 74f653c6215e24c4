package told_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"stancebot/adapters/store/storetest"
	storetold "stancebot/adapters/store/told"
	"stancebot/bot/told"
	"stancebot/knowledge"
)

// Replies of the usual size are kept, in batches as a log makes them: 200 that are told over and over, and ones that are told once.
func BenchmarkKeep(b *testing.B) {
	const distinct = 200
	for name, url := range storetest.Engines() {
		for _, c := range []struct {
			name  string
			reply func(i int) *told.Reply
		}{{"known", shared(distinct)}, {"new", newReply}} {
			b.Run(name+"/"+c.name, func(b *testing.B) {
				s := storetold.New(storetest.Open(b, url(b)))
				b.ReportAllocs()
				b.ResetTimer()
				keep(b, s, b.N, c.reply)
				b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "tellings/s")
			})
		}
	}
}

// Among 200,000 tellings of others, a thousand of one reply are found, and what a place was told is forgotten.
func BenchmarkFind(b *testing.B) {
	const every = 200
	tellings := storetest.Size(200_000, 4_000)
	rare := newReply(every)
	rare.Receipts = []string{"D-17"}
	common := shared(every)
	for name, url := range storetest.Engines() {
		s := storetold.New(storetest.Open(b, url(b)))
		keep(b, s, tellings, func(i int) *told.Reply {
			if i%every == 0 {
				return rare
			}
			return common(i)
		})
		b.Run(name+"/about", func(b *testing.B) {
			for b.Loop() {
				if found, err := s.About(b.Context(), "main", "D-17", time.Time{}); err != nil || len(found) != tellings/every {
					b.Fatal(len(found), err)
				}
			}
		})
		b.Run(name+"/forget", func(b *testing.B) {
			for b.Loop() {
				if _, err := s.Forget(b.Context(), "main", "slack:T1:C0"); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// keep keeps n tellings, in batches as a log makes them.
func keep(b *testing.B, s told.Store, n int, reply func(i int) *told.Reply) {
	b.Helper()
	tellings := make([]told.Told, 0, told.Batch)
	for i := range n {
		tellings = append(tellings, told.Told{
			Desk: "main", At: time.UnixMicro(1_800_000_000_000_000 + int64(i)), Place: told.Place(fmt.Sprint("slack:T1:C", i%501)),
			Private: true, Seq: 42, Reply: reply(i),
		})
		if len(tellings) == told.Batch || i == n-1 {
			if err := s.Keep(b.Context(), tellings); err != nil {
				b.Fatal(err)
			}
			tellings = tellings[:0]
		}
	}
}

// shared returns a number of replies, again and again.
func shared(n int) func(i int) *told.Reply {
	replies := make([]*told.Reply, n)
	for i := range replies {
		replies[i] = newReply(i)
	}
	return func(i int) *told.Reply { return replies[i%n] }
}

// newReply returns a reply of its own, with 1.2 kB of text and 15 receipts.
func newReply(i int) *told.Reply {
	r := &told.Reply{
		Language: "en", Intent: knowledge.IntentStance, Countries: []knowledge.Country{"PER"},
		Text: fmt.Sprintf("%06d %s", i, strings.Repeat("Peru · toward Russia: leans against ", 33)),
	}
	for k := range 15 {
		r.Receipts = append(r.Receipts, fmt.Sprintf("PER-%02d", (i+k)%97))
	}
	return r
}
