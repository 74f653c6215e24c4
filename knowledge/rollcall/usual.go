package rollcall

import (
	"maps"
	"slices"

	"stancebot/knowledge"
)

// UsualOf is how many texts of one meaning the usual side looks back on, and UsualNeeds how many of them must agree.
const (
	UsualOf    = 5
	UsualNeeds = 4
)

// A Book holds roll calls, oldest first, and who voted how. It is immutable once built.
type Book struct {
	calls     []*knowledge.RollCall
	byID      map[string]*knowledge.RollCall
	positions map[string]map[knowledge.Country]knowledge.Position
	disputes  map[string]map[knowledge.Country]*knowledge.Dispute
	order     map[string]int
}

// With returns a book that holds more roll calls; b stays as it is.
func (b *Book) With(calls []*knowledge.RollCall) *Book {
	more := &Book{byID: maps.Clone(b.byID), positions: maps.Clone(b.positions), disputes: b.disputes}
	for _, r := range calls {
		if more.byID[r.ID] == nil { // what is held already is not replaced
			more.byID[r.ID], more.positions[r.ID] = r, positionsOf(r)
		}
	}
	more.inOrder()
	return more
}

// inOrder lists the roll calls, oldest first.
func (b *Book) inOrder() {
	b.calls = slices.SortedFunc(maps.Values(b.byID), compareCalls)
	b.order = make(map[string]int, len(b.calls))
	for i, r := range b.calls {
		b.order[r.ID] = i
	}
}

// NewBook returns a book of the roll calls and of what is disputed in them.
func NewBook(calls []knowledge.RollCall, disputes []knowledge.Dispute) *Book {
	b := &Book{
		byID: map[string]*knowledge.RollCall{}, positions: map[string]map[knowledge.Country]knowledge.Position{},
		disputes: map[string]map[knowledge.Country]*knowledge.Dispute{},
	}
	for i := range calls {
		r := &calls[i]
		b.byID[r.ID] = r
		b.positions[r.ID] = positionsOf(r)
	}
	b.inOrder()
	for i := range disputes {
		d := &disputes[i]
		if b.disputes[d.RollCall] == nil {
			b.disputes[d.RollCall] = map[knowledge.Country]*knowledge.Dispute{}
		}
		b.disputes[d.RollCall][d.Country] = d
	}
	return b
}

// compareCalls orders roll calls by day, and those of one day by symbol: ES-11/7 before ES-11/8.
func compareCalls(a, b *knowledge.RollCall) int {
	if a.Date != b.Date {
		return int(a.Date - b.Date)
	}
	if len(a.ID) != len(b.ID) {
		return len(a.ID) - len(b.ID)
	}
	if a.ID < b.ID {
		return -1
	}
	if a.ID > b.ID {
		return 1
	}
	return 0
}

func positionsOf(r *knowledge.RollCall) map[knowledge.Country]knowledge.Position {
	m := make(map[knowledge.Country]knowledge.Position, r.Tally.Sum())
	for _, p := range knowledge.Positions {
		for _, c := range r.Votes[p] {
			m[c] = p
		}
		for i := range r.Cells {
			for _, c := range r.Cells[i].Of(p) {
				m[c] = p
			}
		}
	}
	return m
}

// Calls returns the roll calls, oldest first.
func (b *Book) Calls() []*knowledge.RollCall { return b.calls }

// Call returns the roll call with the id, or nil.
func (b *Book) Call(id string) *knowledge.RollCall { return b.byID[id] }

// First returns the day of the first roll call, or 0.
func (b *Book) First() knowledge.Day {
	if len(b.calls) == 0 {
		return 0
	}
	return b.calls[0].Date
}

// Position returns how a state voted. ok is false where the cell is not known.
func (b *Book) Position(id string, c knowledge.Country) (p knowledge.Position, ok bool) {
	p, ok = b.positions[id][c]
	return p, ok
}

// Dispute returns what is disputed in a cell, or nil.
func (b *Book) Dispute(id string, c knowledge.Country) *knowledge.Dispute { return b.disputes[id][c] }

// UkraineTexts returns the texts on Ukraine of one meaning up to a day, oldest first.
func (b *Book) UkraineTexts(meaning knowledge.Meaning, until knowledge.Day) []*knowledge.RollCall {
	var texts []*knowledge.RollCall
	for _, r := range b.calls {
		if r.Topic == knowledge.UkraineTopic && r.Meaning == meaning && r.Date <= until {
			texts = append(texts, r)
		}
	}
	return texts
}

// Usual returns the usual side of a state before a text: the position on at least four of the last five texts on
// Ukraine of the same meaning whose cell is known. ok is false where there is none.
func (b *Book) Usual(c knowledge.Country, before *knowledge.RollCall) (side knowledge.Position, ok bool) {
	counts, seen := map[knowledge.Position]int{}, 0
	for i := b.order[before.ID] - 1; i >= 0 && seen < UsualOf; i-- {
		r := b.calls[i]
		if r.Topic != knowledge.UkraineTopic || r.Meaning != before.Meaning {
			continue
		}
		if p, known := b.Position(r.ID, c); known {
			seen++
			counts[p]++
		}
	}
	for _, p := range knowledge.Positions {
		if counts[p] >= UsualNeeds {
			return p, true
		}
	}
	return "", false
}

// A Split is a text on which Washington and distance from Moscow parted ways: a Yes is against Russia, and Washington
// did not vote Yes.
type Split struct {
	Call       *knowledge.RollCall
	Washington knowledge.Position
	// Moved are the states that left their usual Yes for Washington's side or the middle; Stayed those that kept it.
	Moved, Stayed []knowledge.Country
}

// Splits returns the axis splits among the texts on Ukraine up to a day, oldest first. Texts that are mixed or unrated
// are never scored.
func (b *Book) Splits(until knowledge.Day) []Split {
	var splits []Split
	for _, r := range b.UkraineTexts(knowledge.AgainstRussia, until) {
		if s, ok := b.Split(r); ok {
			splits = append(splits, s)
		}
	}
	return splits
}

// Split returns whether, and how, a text is an axis split: a Yes is against Russia, and Washington did not vote Yes.
func (b *Book) Split(r *knowledge.RollCall) (Split, bool) {
	washington, known := b.Position(r.ID, knowledge.UnitedStates)
	if !known || r.Topic != knowledge.UkraineTopic || r.Meaning != knowledge.AgainstRussia || washington == knowledge.Yes {
		return Split{}, false
	}
	s := Split{Call: r, Washington: washington}
	for c, p := range b.positions[r.ID] {
		usual, ok := b.Usual(c, r)
		switch {
		case !ok || usual != knowledge.Yes || knowledge.AxisOf(c) != "":
		case p == knowledge.Yes:
			s.Stayed = append(s.Stayed, c)
		case p == washington || p == knowledge.Abstain:
			s.Moved = append(s.Moved, c)
		}
	}
	slices.Sort(s.Moved)
	slices.Sort(s.Stayed)
	return s, true
}
