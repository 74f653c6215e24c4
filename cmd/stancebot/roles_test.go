package main

import (
	"fmt"
	"io"
	"log/slog"
	"strings"
	"testing"
	"time"

	"stancebot/adapters/adaptertest/postgres"
	storedspaces "stancebot/adapters/store/spaces"
	"stancebot/adapters/store/storetest"
	"stancebot/bot"
	"stancebot/bot/bottest"
	"stancebot/bot/desk"
	"stancebot/knowledge"
	"stancebot/knowledge/ledger"
)

// A desk of the tests has two editors, in two workspaces of two desks.
var testEditors = desk.Editors{"slack:T1:ana", "slack:T1:ben", "slack:T2:eve", "telegram:77"}

// newServed returns a program as serve puts it together, on a database.
func newServed(t *testing.T, url string) *program {
	t.Helper()
	env := &environment{ctx: t.Context(), stderr: io.Discard, log: slog.New(slog.DiscardHandler), now: time.Now, config: config{
		DatabaseURL: secret(url), Editors: testEditors, FourEyes: true, Proposals: everyone, Timezone: "UTC", Retention: 720 * time.Hour,
	}}
	p, err := env.newBotThatKeeps(answersKept, func() knowledge.Day { return bottest.Today }, true)
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

// A role is somebody who tries.
type role struct {
	name, person string
	desk         knowledge.DeskID
	where        bot.Address
}

func (r role) ask(t *testing.T, p *program, text string) bot.Exchange {
	t.Helper()
	return p.Ask(t.Context(), bot.Request{Desk: r.desk, Person: r.person, Where: bot.Where{Address: r.where}, Text: text})
}

// Nobody decides, erases or silences who may not: a stranger, whoever proposed, an editor of another workspace, somebody whom no platform
// names. They are told so, and what they were told is for them alone.
func TestNoWayRoundTheRoles(t *testing.T) {
	p := newServed(t, storetest.NewFile(t))
	spaces := storedspaces.New(p.memory.db)
	if err := spaces.Assign(t.Context(), desk.Assignment{Space: desk.Space{Platform: "slack", ID: "T2"}, Desk: "foreign"}); err != nil {
		t.Fatal(err)
	}
	if err := p.memory.spaces.Load(t.Context(), spaces); err != nil {
		t.Fatal(err)
	}
	ana, rita := role{"editor", "slack:T1:ana", "main", "slack:T1:C1"}, role{"proposer", "slack:T1:rita", "main", "slack:T1:C1"}
	for _, text := range []string{
		"correct BRA-14 he took part by video https://example.org/1", "record bolivia russia neutral since 2026-01-01 https://example.org/2",
	} {
		if ex := rita.ask(t, p, text); ex.Answer.Outcome != knowledge.Done {
			t.Fatalf("%s: %s", text, ex.Reply.Text())
		}
	}
	forbidden := []string{
		"approve D-1", "approve D-2", "reject D-1 no", "aprobar D-1", "одобрить D-1", "批准 D-1", "forget", "told off", "told on", "digest editors on",
	}
	others := append([]string{"ask D-1 well?", "withdraw D-1"}, forbidden...) // whoever proposed answers, and takes it back
	for who, commands := range map[role][]string{
		rita: forbidden,
		{"stranger", "slack:T1:tom", "main", "slack:T1:C1"}:                     others,
		{"editor elsewhere, here", "slack:T2:eve", "main", "slack:T1:C1"}:       others,
		{"editor elsewhere", "slack:T2:eve", "foreign", "slack:T2:C1"}:          {"approve D-1", "reject D-1 no", "ask D-1 well?", "withdraw D-1"},
		{"stranger in Telegram", "telegram:5", "main", "telegram:-100"}:         others,
		{"nobody", "", "main", "slack:T1:C1"}:                                   others,
		{"a name that is none", "ana", "main", "slack:T1:C1"}:                   others,
		{"an editor's name with more", "slack:T1:ana:x", "main", "slack:T1:C1"}: others,
	} {
		for _, text := range commands {
			before := ledgerOf(t, p)
			ex := who.ask(t, p, text)
			if after := ledgerOf(t, p); after != before {
				t.Errorf("%s, %s: the ledger went from %s to %s", who.name, text, before, after)
			}
			if ex.Answer.Outcome == knowledge.Done || !ex.Reply.Private {
				t.Errorf("%s, %s: outcome %s, private %t: %s", who.name, text, ex.Answer.Outcome, ex.Reply.Private, ex.Reply.Text())
			}
		}
	}
	if ex := ana.ask(t, p, "approve D-1"); ex.Answer.Outcome != knowledge.Done { // who may, does
		t.Errorf("an editor: %s", ex.Reply.Text())
	}
}

// ledgerOf is the default desk's chain, by its kinds.
func ledgerOf(t *testing.T, p *program) string {
	t.Helper()
	var kinds []string
	for row, err := range p.memory.ledger.Rows(t.Context(), knowledge.DefaultDesk, 0) {
		if err != nil {
			t.Fatal(err)
		}
		e, err := ledger.Parse(row.Bytes)
		if err != nil {
			t.Fatal(err)
		}
		kinds = append(kinds, string(e.Kind))
	}
	return strings.Join(kinds, " ")
}

// answerLimit is within which an approval is answered by every process.
const answerLimit = time.Second

// What one process approves, all answer within a second; what was known before can still be asked for.
func TestApprovalsAreAnsweredEverywhere(t *testing.T) {
	url := postgres.Database(t)
	processes := []*program{newServed(t, url), newServed(t, url), newServed(t, url)}
	for _, p := range processes {
		follow(t, p)
	}
	ana, ben := role{"", "slack:T1:ana", "main", "slack:T1:C1"}, role{"", "slack:T1:ben", "main", "slack:T1:C1"}
	for round := range 3 {
		right := fmt.Sprintf("He took part by video, take %d.", round)
		proposed := ana.ask(t, processes[0], "correct BRA-14 "+right+" https://example.org/kazan")
		if proposed.Answer.Outcome != knowledge.Done {
			t.Fatal(proposed.Reply.Text())
		}
		start := time.Now()
		if approved := ben.ask(t, processes[0], fmt.Sprintf("approve D-%d", 3*round+1)); approved.Answer.Outcome != knowledge.Done {
			t.Fatal(approved.Reply.Text())
		}
		for i, p := range processes {
			answer := func() string { return ana.ask(t, p, "source BRA-14").Reply.Text() }
			within(t, 10*answerLimit, func() bool { return strings.Contains(answer(), right) }, answer)
			if took := time.Since(start); took > answerLimit {
				t.Errorf("process %d answers so after %s", i, took)
			}
		}
		t.Logf("all answer so after %s", time.Since(start).Round(time.Millisecond))
	}
	before := ana.ask(t, processes[1], "source BRA-14 known "+bottest.Today.String()).Reply.Text()
	if strings.Contains(before, "take 2") {
		t.Errorf("what was known before says %s", before)
	}
}
