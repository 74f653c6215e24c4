package talk

import (
	"sync"
	"time"
)

// How many questions one person may ask within a window, and how many people are watched at once. Nobody means more
// questions than that; who pastes them in has ask --lines.
const (
	FloodQuestions = 30
	FloodWindow    = time.Minute
	FloodCapacity  = 10_000
)

// A Verdict tells what a question is met with.
type Verdict int

// The verdicts.
const (
	Answer  Verdict = iota
	Notice          // one line that says when answers go on
	Silence         // nothing at all: the notice was given
)

// A Flood counts the questions of each person within a window that begins with the first of them. What is above the count
// gets one notice, and then silence until the window has passed. It is safe for concurrent use, and bounded in memory:
// when it is full, the person whose window began first is forgotten.
type Flood struct {
	now    func() time.Time
	mu     sync.Mutex
	people aged[*window]
}

// A window is what one person asked since it began.
type window struct {
	since time.Time
	asked int
}

// NewFlood returns a Flood that tells the time by now.
func NewFlood(now func() time.Time) *Flood {
	return &Flood{now: now, people: newAged[*window](FloodWindow, FloodCapacity)}
}

// Ask counts a question and tells what it is met with and, with Notice, how long it is until answers go on.
func (f *Flood) Ask(person string) (v Verdict, wait time.Duration) {
	f.mu.Lock()
	defer f.mu.Unlock()
	now := f.now()
	w, ok := f.people.get(person, now)
	if !ok {
		w = &window{since: now}
		f.people.put(person, w, now)
	}
	w.asked++
	switch {
	case w.asked <= FloodQuestions:
		return Answer, 0
	case w.asked == FloodQuestions+1:
		return Notice, w.since.Add(FloodWindow).Sub(now)
	}
	return Silence, 0
}
