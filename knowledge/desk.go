package knowledge

import "time"

// A DeskID names a newsroom whose ledger is laid over the shared records.
type DeskID string

// DefaultDesk is the desk of an installation that has one.
const DefaultDesk DeskID = "main"

// A Recording tells that a desk recorded something, by its receipt, and on which days it did so and took it back. The
// zero Recording is that of the shared records. A thing that was taken back on a day no longer counts on that day.
type Recording struct {
	Receipt   string // of the ledger's entry, such as D-17
	On        Day
	Withdrawn Day // 0 while it stands
}

// KnownAt reports whether, at the end of the day, the recording had been made and not been taken back. What is shared
// is not decided here.
func (r Recording) KnownAt(day Day) bool {
	return r.Receipt == "" || r.On <= day && (r.Withdrawn == 0 || day < r.Withdrawn)
}

// A DeskRecord is an entry of a desk's ledger that readers may open by its receipt.
type DeskRecord struct {
	Recording
	At          time.Time
	Author      string
	Kind        string // of the entry, as the ledger names it
	Reason      string
	Country     Country // "" where it is about no single one
	WithdrawnBy string  // the receipt of the entry that took it back
	Assessment  *Assessment
	Event       *Event
	Membership  *Membership
	Measure     *Measure
	RollCall    *RollCall
	Cell        *DeskCell
	Correction  *Correction
	Proposed    *DeskRecord // of a proposal: what it would record, as it would stand; an answer never rests on it
	Decides     string      // of what decides a proposal or asks about it, and of what takes an entry back: its receipt
	Result      string      // of an approval: the receipt of the entry that came of it
	Touches     []string    // receipts of other records that it speaks of: what it corrects, or found changed or stale
}

// A Correction says what is right about what a record says. The record keeps its words, and the correction stands beside them.
type Correction struct {
	Recorded Recording `json:"-"`
	Of       string    `json:"of"`                // the receipt of the record
	Country  Country   `json:"country,omitempty"` // that the record is about, if a single one
	Was      string    `json:"was"`               // what it said, or the correction before this one
	Text     string    `json:"text"`              // what is right
	Source   string    `json:"source"`            // an address
}

// A DeskCell is how a state voted, as a desk recorded it: it fills a cell that the records lack, and stands as a dispute
// beside one that they hold.
type DeskCell struct {
	Recorded Recording `json:"-"`
	RollCall string    `json:"resolution"`
	Country  Country   `json:"country"`
	Position Position  `json:"position"`
	Source   string    `json:"source"` // an address
	Note     string    `json:"note,omitempty"`
}

// An Overlay is what one desk recorded, in the order of recording: it is laid over the shared records. Each record in it
// has its Recording, and Sources holds a source by the receipt of each. It is not changed once it is made.
type Overlay struct {
	Desk    DeskID
	Records []*DeskRecord
	Seqs    []int64 // the place of each record in the chain, from 1: what is recorded late may stand before what is recorded early
	Sources []*Source
}

// Settle gives the record's content the recording of the record itself.
func (r *DeskRecord) Settle() {
	switch {
	case r.Assessment != nil:
		r.Assessment.Recorded, r.Assessment.KnownOn = r.Recording, r.On
	case r.Event != nil:
		r.Event.Recorded, r.Event.KnownOn = r.Recording, r.On
	case r.Membership != nil:
		r.Membership.Recorded = r.Recording
	case r.Measure != nil:
		r.Measure.Recorded = r.Recording
	case r.RollCall != nil:
		r.RollCall.Recorded = r.Recording
	case r.Cell != nil:
		r.Cell.Recorded = r.Recording
	case r.Correction != nil:
		r.Correction.Recorded = r.Recording
	}
}

// Holds reports whether the entry recorded something that answers may rest on.
func (r *DeskRecord) Holds() bool {
	return r.Assessment != nil || r.Event != nil || r.Membership != nil || r.Measure != nil || r.Cell != nil || r.RollCall != nil || r.Correction != nil
}

// TakenBack returns a copy of the record that was taken back on a day by another entry. The record stays as it is.
func (r *DeskRecord) TakenBack(on Day, by string) *DeskRecord {
	taken := *r
	taken.Withdrawn, taken.WithdrawnBy = max(on, r.On), by
	taken.Assessment, taken.Event, taken.Membership = clone(r.Assessment), clone(r.Event), clone(r.Membership)
	taken.Measure, taken.RollCall, taken.Cell, taken.Correction = clone(r.Measure), clone(r.RollCall), clone(r.Cell), clone(r.Correction)
	taken.Settle()
	return &taken
}

func clone[T any](v *T) *T {
	if v == nil {
		return nil
	}
	c := *v
	return &c
}

// Starts returns the first day on which what was recorded is true, or 0 where it tells of no day.
func (r *DeskRecord) Starts() Day {
	switch {
	case r.Assessment != nil:
		return r.Assessment.Since
	case r.Event != nil:
		return r.Event.On.First()
	case r.Membership != nil:
		return r.Membership.Known()
	case r.Measure != nil:
		return r.Measure.From.First()
	case r.RollCall != nil:
		return r.RollCall.Date
	}
	return 0
}

// Note returns what the desk wrote beside what it recorded, or "".
func (r *DeskRecord) Note() string {
	switch {
	case r.Assessment != nil:
		return r.Assessment.Grounds
	case r.Membership != nil:
		return r.Membership.Note
	case r.Measure != nil:
		return r.Measure.Note
	case r.Cell != nil:
		return r.Cell.Note
	}
	return ""
}
