package main

import (
	"context"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"stancebot/adapters/store"
	storedtold "stancebot/adapters/store/told"
	"stancebot/bot/told"
	"stancebot/knowledge"
)

// tellingsScript is: tellings URL. It keeps what two desks told in a database, long ago.
func tellingsScript(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: tellings URL")
	}
	ctx := context.Background()
	db, err := store.Open(ctx, args[0], store.Options{})
	ts.Check(err)
	at := time.Date(2025, 1, 6, 9, 0, 0, 0, time.UTC)
	peru := &told.Reply{
		Language: "es", Intent: knowledge.IntentStance, Command: "stance PER", Countries: []knowledge.Country{"PER"}, Receipts: []string{"PER-01", "D-17"},
		Text: "Perú\tante Rusia <b>\nOtra línea [PER-01, D-17]",
	}
	found := &told.Reply{Language: "en", Intent: knowledge.IntentSearch, Countries: []knowledge.Country{"BOL"}, Receipts: []string{"BOL-01"}, Text: "3 records"}
	ts.Check(storedtold.New(db).Keep(ctx, []told.Told{
		{Desk: "main", At: at, Place: "slack:T1:C2", Message: "1.1", Seq: 4, Reply: peru},
		{Desk: "main", At: at.Add(time.Minute), Place: "slack:T1:C2:1.1", Seq: 4, Reply: found},
		{Desk: "main", At: at.Add(2 * time.Minute), Place: "slack:T1:U3", Private: true, Reply: peru},
		{Desk: "wire", At: at, Place: "slack:T1:C2", Reply: found},
		{Desk: "wire", At: at, Place: "telegram:77", Private: true, Reply: found},
	}))
	ts.Check(db.Close())
}
