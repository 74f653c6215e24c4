//go:build unix

package main

import (
	"context"
	"fmt"
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
	p := newProgram(t, server.Database(t))
	follow(t, p)
	const behind = "cannot be read on just now"
	ask := func() string {
		return p.Handle(t.Context(), bot.Request{Desk: knowledge.DefaultDesk, Text: "stance bolivia on russia"}).Text()
	}
	until := func(what string, holds func(string) bool) {
		t.Helper()
		eventually(t, func() bool { return holds(ask()) }, func() string { return what + ": still\n" + ask() })
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
	p := newProgram(t, url)
	if p.memory.status().Err == nil {
		t.Fatal("the database is away, and nothing says so")
	}
	follow(t, p)
	if err := server.Run(); err != nil {
		t.Fatal(err)
	}
	eventually(t, func() bool { return p.memory.status().Err == nil }, func() string { return fmt.Sprint(p.memory.status().Err) })
}

// newProgram returns the program on the database at a URL, which is not followed yet.
func newProgram(t *testing.T, url string) *program {
	t.Helper()
	env := &environment{ctx: t.Context(), stderr: io.Discard, log: slog.New(slog.DiscardHandler), now: time.Now, config: config{DatabaseURL: secret(url)}}
	p, err := env.newBot(func() knowledge.Day { return bottest.Today }, true)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := p.Close(); err != nil {
			t.Error(err)
		}
	})
	return p
}

// follow has a program read its ledger on until the end of the test.
func follow(t *testing.T, p *program) {
	t.Helper()
	ctx, end := context.WithCancel(t.Context())
	var following sync.WaitGroup
	following.Go(func() { p.memory.follow(ctx) })
	t.Cleanup(func() {
		end()
		following.Wait()
	})
}

// eventually waits until something holds, and fails the test with what is said of it when it takes too long.
func eventually(t *testing.T, holds func() bool, said func() string) {
	t.Helper()
	within(t, 30*time.Second, holds, said)
}

// within waits until something holds, for so long at most.
func within(t *testing.T, limit time.Duration, holds func() bool, said func() string) {
	t.Helper()
	soon := time.After(limit)
	for !holds() {
		select {
		case <-soon:
			t.Fatal(said())
		case <-time.After(20 * time.Millisecond):
		}
	}
}
