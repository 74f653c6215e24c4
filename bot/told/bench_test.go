package told_test

import (
	"context"
	"log/slog"
	"testing"
	"time"

	"stancebot/bot/told"
)

// free is a store that costs nothing.
type free struct{ told.Store }

func (free) Keep(context.Context, []told.Told) error { return nil }

// What an answer waits for: to hand over what it told.
func BenchmarkPut(b *testing.B) {
	l := told.NewLog(free{}, slog.New(slog.DiscardHandler))
	defer l.Close(context.WithoutCancel(b.Context())) //nolint:errcheck // it keeps nothing
	reply := &told.Reply{Text: "Peru"}
	b.ReportAllocs()
	for b.Loop() {
		l.Put(told.Told{Desk: "main", At: time.Now(), Place: "slack:T1:C2", Reply: reply})
	}
}

// What is computed once for each reply that others are told, too: the hash of 1.2 kB and 15 receipts.
func BenchmarkHash(b *testing.B) {
	text, receipts := string(make([]byte, 1200)), make([]string, 15)
	for b.Loop() {
		(&told.Reply{Language: "en", Receipts: receipts, Text: text}).Hash()
	}
}
