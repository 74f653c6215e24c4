package chats_test

import (
	"fmt"
	"testing"
	"time"

	storechats "stancebot/adapters/store/chats"
	"stancebot/adapters/store/storetest"
	storetold "stancebot/adapters/store/told"
	"stancebot/bot/chats"
	"stancebot/bot/told"
)

// Among 200,000 tellings, a chat that a thousand of them are of is moved, there and back.
func BenchmarkMove(b *testing.B) {
	const every = 200
	tellings := storetest.Size(200_000, 4_000)
	said := &told.Reply{Text: "Peru", Receipts: []string{"PER-01"}}
	for name, url := range storetest.Engines() {
		b.Run(name, func(b *testing.B) {
			db := storetest.Open(b, url(b))
			for from := 0; from < tellings; from += told.Batch {
				batch := make([]told.Told, min(told.Batch, tellings-from))
				for i := range batch {
					batch[i] = told.Told{Desk: "main", At: time.UnixMicro(int64(from + i)), Place: told.Place(fmt.Sprint("telegram:-", (from+i)%every)), Reply: said}
				}
				if err := storetold.New(db).Keep(b.Context(), batch); err != nil {
					b.Fatal(err)
				}
			}
			s := storechats.New(db)
			ids := [2]chats.Chat{{Platform: "telegram", ID: "-7"}, {Platform: "telegram", ID: "-1007"}}
			b.ResetTimer()
			for i := range b.N {
				if err := s.Move(b.Context(), ids[i%2], ids[1-i%2]); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
