package main

import (
	"io"
	"math/rand/v2"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"stancebot/adapters/console"
	"stancebot/bot/bottest"
	"stancebot/knowledge"
	"stancebot/knowledge/places"
)

// BenchmarkColdStart runs the built program from nothing to its answer. The limit that it is held against is 150 ms.
func BenchmarkColdStart(b *testing.B) {
	program := filepath.Join(b.TempDir(), "stancebot")
	if out, err := exec.CommandContext(b.Context(), "go", "build", "-o", program, ".").CombinedOutput(); err != nil {
		b.Fatalf("cannot build: %v\n%s", err, out)
	}
	b.ResetTimer()
	for b.Loop() {
		if out, err := exec.CommandContext(b.Context(), program, "ask", "--json", "stance peru").CombinedOutput(); err != nil {
			b.Fatalf("%v\n%s", err, out)
		}
	}
}

// BenchmarkStart puts the program together from the embedded records.
func BenchmarkStart(b *testing.B) {
	env := &environment{ctx: b.Context(), stderr: io.Discard}
	for b.Loop() {
		if _, err := env.newBot(func() knowledge.Day { return bottest.Today }, false); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkAskLines answers plain lookups as ask --json --lines does, on one core, and reports how many a second.
// The limit that it is held against is 20,000.
func BenchmarkAskLines(b *testing.B) { benchmarkLines(b, plainLookup) }

// BenchmarkAskLinesMixed answers questions in plain words, with misspelt names and dates among them.
func BenchmarkAskLinesMixed(b *testing.B) { benchmarkLines(b, mixedQuestion) }

func benchmarkLines(b *testing.B, question func(*rand.Rand) string) {
	b.Helper()
	desk := bottest.NewDesk(b)
	asker := console.Asker{Bot: desk.Bot, JSON: true}
	rng := rand.New(rand.NewPCG(1, 2))
	const lines = 2000
	var in strings.Builder
	for range lines {
		in.WriteString(question(rng) + "\n")
	}
	text, answered, start := in.String(), 0, time.Now()
	for b.Loop() {
		if err := asker.Lines(b.Context(), io.Discard, strings.NewReader(text)); err != nil {
			b.Fatal(err)
		}
		answered += lines
	}
	b.ReportMetric(float64(answered)/time.Since(start).Seconds(), "answers/s")
}

func name(rng *rand.Rand) string {
	members := places.Members()
	return strings.ToLower(places.Name(members[rng.IntN(len(members))]))
}

func plainLookup(rng *rand.Rand) string { return "stance " + name(rng) }

func mixedQuestion(rng *rand.Rand) string {
	forms := []string{
		"what's %'s position between moscow and washington?", "compare % and %", "why did % change sides",
		"% as of 2019-05-01", "where does % stand these days, need it for a graf", "is % an ally of russia, yes or no",
		"stance %x", "shifts since 2022 %", "who is neutral?", "source CUB-04",
	}
	form := forms[rng.IntN(len(forms))]
	for strings.Contains(form, "%") {
		form = strings.Replace(form, "%", name(rng), 1)
	}
	return form
}

func TestMixedQuestionsHoldNoSlots(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	for range 200 {
		if q := mixedQuestion(rng); strings.Contains(q, "%") {
			t.Errorf("%q still holds a slot", q)
		}
	}
}
