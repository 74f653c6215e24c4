package main

import (
	"maps"
	"testing"
	"time"

	"stancebot/bot"
	"stancebot/bot/told"
	"stancebot/knowledge"
)

// What is told is kept with the command that asks for it again, and never with the words of a search; where nothing is to be kept
// nothing is, at once, and what waited to be kept is forgotten with the rest.
func TestWhatIsKept(t *testing.T) {
	p := newProgram(t, "sqlite::memory:")
	tell := func(place, in told.Place, text string) {
		t.Helper()
		r := p.Handle(t.Context(), bot.Request{Desk: knowledge.DefaultDesk, Text: text})
		p.keep(told.Told{Desk: knowledge.DefaultDesk, Place: place}, in, &r)
	}
	book := p.memory.tellings()
	tell("slack:T1:C1", "", "peru?")
	tell("slack:T1:C1", "", "anything about helicopters?")
	tell("slack:T1:C1", "", "search lithium")
	if n, err := book.Forget(t.Context(), knowledge.DefaultDesk, "slack:T1"); n != 3 || err != nil {
		t.Errorf("%d forgotten, want what waits: %v", n, err)
	}
	if _, err := book.Silence(t.Context(), "slack:T1:C2", true); err != nil {
		t.Fatal(err)
	}
	tell("slack:T1:C1", "", "peru?")
	tell("slack:T1:C1", "", "anything about helicopters?")
	tell("slack:T1:C1", "", "search lithium")
	tell("slack:T1:C2", "", "peru?")
	tell("slack:T1:C2:1.2", "", "peru?")
	tell("slack:T1:U3", "slack:T1:C2", "peru?") // to one alone, who asked there
	tell("slack:T1:U3", "slack:T1:C1", "votes peru")
	var kept []told.Told
	eventually(t, func() bool {
		var err error
		kept, err = book.List(t.Context(), knowledge.DefaultDesk, told.Filter{From: time.Now().Add(-time.Hour)}, 10)
		return err == nil && len(kept) >= 4
	}, func() string { return "too few are kept" })
	got := map[string]int{}
	for _, k := range kept {
		got[string(k.Place)+" "+k.Reply.Command]++
	}
	if want := map[string]int{"slack:T1:C1 stance PER": 1, "slack:T1:C1 ": 2, "slack:T1:U3 votes PER": 1}; !maps.Equal(got, want) {
		t.Errorf("kept is %v, want %v", got, want)
	}
}
