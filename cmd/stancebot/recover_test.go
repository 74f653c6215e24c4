//go:build unix

package main

import (
	"context"
	"io"
	"log/slog"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"stancebot/adapters/adaptertest/postgres"
	"stancebot/bot"
	"stancebot/bot/bottest"
	"stancebot/knowledge"
	"stancebot/knowledge/ledger"
)

// Lookups survive the database: while it is away, questions are answered from what was read, what is missing is said in
// one line, and all recovers by itself, what was recorded meanwhile included.
func TestLookupsSurviveTheDatabase(t *testing.T) {
	server := postgres.Start(t)
	env := &environment{
		ctx: t.Context(), stderr: io.Discard, log: slog.New(slog.DiscardHandler), config: config{DatabaseURL: secret(server.Database(t))},
	}
	today := func() knowledge.Day { return bottest.Today }
	p, err := env.newBot(today, true)
	if err != nil {
		t.Fatal(err)
	}
	ctx, end := context.WithCancel(t.Context())
	var following sync.WaitGroup
	following.Go(func() { p.memory.follow(ctx) })
	defer func() {
		end()
		following.Wait()
		if err := p.Close(); err != nil {
			t.Error(err)
		}
	}()
	const behind = "cannot be read on just now"
	ask := func() string {
		return p.Handle(t.Context(), bot.Request{Desk: knowledge.DefaultDesk, Text: "stance bolivia on russia"}).Text()
	}
	until := func(what string, holds func(string) bool) {
		t.Helper()
		soon := time.After(30 * time.Second)
		for !holds(ask()) {
			select {
			case <-soon:
				t.Fatalf("%s: still\n%s", what, ask())
			case <-time.After(20 * time.Millisecond):
			}
		}
	}
	label := func(label knowledge.Label, since knowledge.Day) ledger.Draft {
		return ledger.Draft{At: time.Now(), Author: "console:ana", Kind: ledger.AssessmentRecorded, Payload: ledger.Assessment{
			Country: "BOL", Axis: knowledge.TowardRussia, Label: label, Since: since, Source: "https://example.org/",
		}}
	}
	if _, err := p.memory.ledger.Append(t.Context(), knowledge.DefaultDesk, label(knowledge.LeaningAdversary, 2025_11_08)); err != nil {
		t.Fatal(err)
	}
	until("recorded", func(text string) bool {
		return strings.Contains(text, "leans against (the desk's)") && !strings.Contains(text, behind)
	})

	if err := server.Signal(syscall.SIGQUIT); err != nil {
		t.Fatal(err)
	}
	until("away", func(text string) bool {
		return strings.Contains(text, "leans against (the desk's)") && strings.Contains(text, behind)
	})

	if err := server.Run(); err != nil {
		t.Fatal(err)
	}
	if _, err := p.memory.ledger.Append(t.Context(), knowledge.DefaultDesk, label(knowledge.Neutral, 2026_02_01)); err != nil {
		t.Fatal(err)
	}
	until("back", func(text string) bool {
		return strings.Contains(text, "neutral (the desk's)") && !strings.Contains(text, behind)
	})
}

// A program that starts while its database is away answers from the shared records, says so, and reads the ledger once it
// is there.
func TestTheDatabaseComesLater(t *testing.T) {
	server := postgres.Start(t)
	url := server.Database(t)
	if err := server.Signal(syscall.SIGQUIT); err != nil {
		t.Fatal(err)
	}
	env := &environment{ctx: t.Context(), stderr: io.Discard, log: slog.New(slog.DiscardHandler), config: config{DatabaseURL: secret(url)}}
	p, err := env.newBot(func() knowledge.Day { return bottest.Today }, true)
	if err != nil {
		t.Fatal(err)
	}
	if p.memory.status().Err == nil {
		t.Fatal("the database is away, and nothing says so")
	}
	ctx, end := context.WithCancel(t.Context())
	var following sync.WaitGroup
	following.Go(func() { p.memory.follow(ctx) })
	defer func() {
		end()
		following.Wait()
		if err := p.Close(); err != nil {
			t.Error(err)
		}
	}()
	if err := server.Run(); err != nil {
		t.Fatal(err)
	}
	soon := time.After(30 * time.Second)
	for p.memory.status().Err != nil {
		select {
		case <-soon:
			t.Fatal(p.memory.status().Err)
		case <-time.After(20 * time.Millisecond):
		}
	}
}
