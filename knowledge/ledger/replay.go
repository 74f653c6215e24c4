package ledger

import (
	"cmp"
	"iter"
	"slices"
	"time"

	"stancebot/knowledge"
)

// A Replayer turns entries into what a desk lays over the shared records. Entries may come in any order: what counts is
// when each was recorded. It is not safe for concurrent use.
type Replayer struct {
	desk    knowledge.DeskID
	entries []replayed
}

type replayed struct {
	id     ID
	at     time.Time
	record knowledge.DeskRecord
	source string
	of     ID // of a withdrawal
}

// NewReplayer returns a replayer of a desk's entries, with none yet.
func NewReplayer(desk knowledge.DeskID) *Replayer { return &Replayer{desk: desk} }

// Replay returns what the entries that were recorded by the time, or all for the zero time, lay over the shared records.
func Replay(desk knowledge.DeskID, entries iter.Seq2[Entry, error], until time.Time) (*knowledge.Overlay, error) {
	r := NewReplayer(desk)
	for e, err := range entries {
		if err != nil {
			return nil, err
		}
		if !until.IsZero() && e.At.After(until) {
			continue
		}
		if err := r.Add(&e); err != nil {
			return nil, err
		}
	}
	return r.Overlay(), nil
}

// Add takes in one more entry. A kind without a payload in this package is kept as a record without content. It fails,
// and keeps what it had, when the payload cannot be read.
func (r *Replayer) Add(e *Entry) error {
	x := replayed{id: e.ID, at: e.At}
	rec := &x.record
	rec.Recording = knowledge.Recording{Receipt: e.ID.String(), On: knowledge.DayOf(e.At)}
	rec.At, rec.Author, rec.Kind, rec.Reason = e.At, e.Author, string(e.Kind), e.Reason
	if err := x.read(e); err != nil {
		return err
	}
	r.entries = append(r.entries, x)
	return nil
}

func (x *replayed) read(e *Entry) error {
	if read, ok := readers[e.Kind]; ok {
		return read(x, e)
	}
	return nil
}

// readers turn the payloads of this package into records.
var readers = map[Kind]func(*replayed, *Entry) error{
	AssessmentRecorded: reads(func(x *replayed, receipt string, p *Assessment) {
		x.record.Country, x.source = p.Country, p.Source
		x.record.Assessment = &knowledge.Assessment{
			Country: p.Country, Axis: p.Axis, Label: p.Label, Basis: knowledge.BasisDesk, Since: p.Since, Grounds: p.Note,
			Claims: append([]string{receipt}, p.Claims...),
		}
	}),
	EventRecorded: reads(func(x *replayed, receipt string, p *Event) {
		x.record.Country, x.source = p.Country, p.Source
		x.record.Event = &knowledge.Event{
			ID: receipt, Country: p.Country, On: p.On, Kind: p.Kind, Text: p.Text, Sources: []string{receipt}, Against: p.Against,
		}
	}),
	MembershipRecorded: reads(func(x *replayed, receipt string, p *Membership) {
		x.record.Country, x.source = p.Country, p.Source
		x.record.Membership = &knowledge.Membership{
			Country: p.Country, Group: p.Group, Standing: p.Standing, From: p.From, To: p.To, Ended: p.Ended,
			Sources: knowledge.IDs{receipt}, Note: p.Note,
		}
	}),
	MeasureRecorded: reads(func(x *replayed, receipt string, p *Measure) {
		x.record.Country, x.source = p.Country, p.Source
		x.record.Measure = &knowledge.Measure{
			Country: p.Country, Kind: p.Measure, From: p.From, To: p.To, Sources: knowledge.IDs{receipt}, Note: p.Note,
		}
	}),
	VoteRecorded: reads(func(x *replayed, _ string, p *Vote) {
		x.record.Country, x.source = p.Country, p.Source
		x.record.Cell = (*knowledge.DeskCell)(p)
	}),
	RollCallImported: reads(func(x *replayed, receipt string, p *RollCall) {
		x.source = p.Source
		x.record.RollCall = &p.RollCall
		x.record.RollCall.Sources = []string{receipt}
	}),
	Withdrawn: reads(func(x *replayed, _ string, p *Withdrawal) { x.of = p.Of }),
}

// reads makes a reader out of what to do with a decoded payload.
func reads[T any](use func(x *replayed, receipt string, p *T)) func(*replayed, *Entry) error {
	return func(x *replayed, e *Entry) error {
		p, err := Decode[T](e)
		if err != nil {
			return err
		}
		use(x, e.ID.String(), p)
		return nil
	}
}

// Overlay returns what the entries so far lay over the shared records. It shares nothing with later ones that a reader
// of it could see change.
func (r *Replayer) Overlay() *knowledge.Overlay {
	sorted := slices.Clone(r.entries)
	slices.SortFunc(sorted, func(a, b replayed) int { return cmp.Or(a.at.Compare(b.at), cmp.Compare(a.id, b.id)) })
	withdrawn := map[ID]*replayed{}
	for i := range sorted {
		if x := &sorted[i]; x.of != 0 && withdrawn[x.of] == nil {
			withdrawn[x.of] = x
		}
	}
	o := &knowledge.Overlay{Desk: r.desk, Records: make([]knowledge.DeskRecord, len(sorted))}
	for i := range sorted {
		x := &sorted[i]
		rec := x.record
		if w := withdrawn[x.id]; w != nil {
			rec.Withdrawn, rec.WithdrawnBy = max(w.record.On, rec.On), w.record.Receipt
		}
		rec.Settle()
		o.Records[i] = rec
		if x.source != "" {
			o.Sources = append(o.Sources, source(x.id, x.source))
		}
	}
	return o
}
