package ledger

import (
	"cmp"
	"encoding/json"
	"iter"
	"slices"
	"time"

	"stancebot/knowledge"
)

// A Replayer turns entries into what a desk lays over the shared records. Entries may come in any order: what counts is
// when each was recorded. It is not safe for concurrent use.
type Replayer struct {
	desk    knowledge.DeskID
	entries []*replayed // in the order of recording
	byID    map[ID]*replayed
	taken   map[ID]taking       // by what was taken back
	sources []*knowledge.Source // of the entries that name one, in any order
}

// replayed is an entry that was taken in. Its record is not changed once an overlay may hold it.
type replayed struct {
	id     ID
	seq    int64
	at     time.Time
	record *knowledge.DeskRecord
}

func (x *replayed) compare(y *replayed) int {
	return cmp.Or(x.at.Compare(y.at), cmp.Compare(x.id, y.id))
}

// taking is the first withdrawal of an entry.
type taking struct {
	by *replayed
	of ID
}

// NewReplayer returns a replayer of a desk's entries, with none yet.
func NewReplayer(desk knowledge.DeskID) *Replayer {
	return &Replayer{desk: desk, byID: map[ID]*replayed{}, taken: map[ID]taking{}}
}

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
	c, err := contentOf(e)
	if err != nil {
		return err
	}
	x := &replayed{e.ID, e.Seq, e.At, c.record}
	if c.source != "" {
		r.sources = append(r.sources, source(e.ID, c.source))
	}
	at := len(r.entries)
	if at > 0 && r.entries[at-1].compare(x) > 0 {
		at, _ = slices.BinarySearchFunc(r.entries, x, (*replayed).compare)
	}
	r.entries = slices.Insert(r.entries, at, x)
	r.byID[x.id] = x
	if t, ok := r.taken[x.id]; ok { // the withdrawal came first
		r.takeBack(t)
	}
	if c.takes != 0 {
		r.withdraw(taking{x, c.takes})
	}
	return nil
}

// Open returns the record of an entry by itself, as though nothing had come behind it.
func Open(e *Entry) (*knowledge.DeskRecord, error) {
	c, err := contentOf(e)
	return c.record, err
}

// contentOf reads an entry.
func contentOf(e *Entry) (content, error) {
	c := content{record: &knowledge.DeskRecord{
		Recording: knowledge.Recording{Receipt: e.ID.String(), On: knowledge.DayOf(e.At)},
		At:        e.At, Author: e.Author, Kind: string(e.Kind), Reason: e.Reason,
	}}
	if read, ok := readers[e.Kind]; ok {
		if err := read(&c, e); err != nil {
			return content{}, err
		}
	} else {
		c.speaksOf(e)
	}
	c.record.Settle()
	return c, nil
}

// withdraw notes a withdrawal. Of several of one entry, the first that was recorded counts.
func (r *Replayer) withdraw(t taking) {
	if first, ok := r.taken[t.of]; ok && first.by.compare(t.by) <= 0 {
		return
	}
	r.taken[t.of] = t
	r.takeBack(t)
}

// takeBack puts a record that was taken back in the place of the one that stood.
func (r *Replayer) takeBack(t taking) {
	if x := r.byID[t.of]; x != nil {
		x.record = x.record.TakenBack(t.by.record.On, t.by.record.Receipt)
	}
}

// Overlay returns what the entries so far lay over the shared records. What is added later does not change it.
func (r *Replayer) Overlay() *knowledge.Overlay {
	o := &knowledge.Overlay{
		Desk: r.desk, Records: make([]*knowledge.DeskRecord, len(r.entries)), Seqs: make([]int64, len(r.entries)), Sources: slices.Clone(r.sources),
	}
	for i, x := range r.entries {
		o.Records[i], o.Seqs[i] = x.record, x.seq
	}
	return o
}

// content is what the payload of an entry says.
type content struct {
	record *knowledge.DeskRecord
	source string // an address
	takes  ID     // of a withdrawal: what it takes back
}

// readers turn the payloads of this package into records.
var readers = map[Kind]func(*content, *Entry) error{
	AssessmentRecorded: reads(func(x *content, receipt string, p *Assessment) {
		x.record.Country, x.source = p.Country, p.Source
		x.record.Assessment = &knowledge.Assessment{
			Country: p.Country, Axis: p.Axis, Label: p.Label, Basis: knowledge.BasisDesk, Since: p.Since, Grounds: p.Note,
			Claims: append([]string{receipt}, p.Claims...),
		}
	}),
	EventRecorded: reads(func(x *content, receipt string, p *Event) {
		x.record.Country, x.source = p.Country, p.Source
		x.record.Event = &knowledge.Event{
			ID: receipt, Country: p.Country, On: p.On, Kind: p.Kind, Text: p.Text, Sources: []string{receipt}, Against: p.Against,
		}
	}),
	MembershipRecorded: reads(func(x *content, receipt string, p *Membership) {
		x.record.Country, x.source = p.Country, p.Source
		x.record.Membership = &knowledge.Membership{
			Country: p.Country, Group: p.Group, Standing: p.Standing, From: p.From, To: p.To, Ended: p.Ended,
			Sources: knowledge.IDs{receipt}, Note: p.Note,
		}
	}),
	MeasureRecorded: reads(func(x *content, receipt string, p *Measure) {
		x.record.Country, x.source = p.Country, p.Source
		x.record.Measure = &knowledge.Measure{
			Country: p.Country, Kind: p.Measure, From: p.From, To: p.To, Sources: knowledge.IDs{receipt}, Note: p.Note,
		}
	}),
	VoteRecorded: reads(func(x *content, _ string, p *Vote) {
		x.record.Country, x.source = p.Country, p.Source
		x.record.Cell = (*knowledge.DeskCell)(p)
	}),
	RollCallImported: reads(func(x *content, receipt string, p *RollCall) {
		x.source = p.Source
		x.record.RollCall = &p.RollCall
		x.record.RollCall.Sources = []string{receipt}
	}),
	Corrected: reads(func(x *content, _ string, p *Correction) {
		x.record.Country, x.source = p.Country, p.Source
		x.record.Correction, x.record.Touches = (*knowledge.Correction)(p), []string{p.Of}
	}),
	Withdrawn: reads(func(x *content, _ string, p *Withdrawal) { x.takes, x.record.Decides = p.Of, p.Of.String() }),
	Approved: reads(func(x *content, _ string, p *Approval) {
		x.record.Decides, x.record.Result = p.Of.String(), p.Entry.String()
	}),
	Rejected:   reads(func(x *content, _ string, p *Rejection) { x.record.Decides = p.Of.String() }),
	Retracted:  reads(func(x *content, _ string, p *Retraction) { x.record.Decides = p.Of.String() }),
	Questioned: reads(func(x *content, _ string, p *Question) { x.record.Decides = p.Of.String() }),
	Answered:   reads(func(x *content, _ string, p *Answer) { x.record.Decides = p.Of.String() }),
}

// A proposal is read by the reader of what it proposes.
func init() {
	readers[Proposed] = reads(func(x *content, receipt string, p *Proposal) {
		x.propose(receipt, p)
	})
}

// propose keeps what a proposal would record. One that cannot be read could not be approved either, and breaks nothing.
func (x *content) propose(receipt string, p *Proposal) {
	id, err := ParseID(receipt)
	read, ok := readers[p.Kind]
	if err != nil || !ok || p.Kind == Proposed {
		return
	}
	would := content{record: &knowledge.DeskRecord{Recording: x.record.Recording, At: x.record.At, Author: x.record.Author, Kind: string(p.Kind), Reason: x.record.Reason}}
	if read(&would, &Entry{ID: id, Kind: p.Kind, Payload: p.Payload}) != nil {
		return
	}
	would.record.Settle()
	x.record.Proposed, x.record.Country, x.source = would.record, would.record.Country, would.source
}

// speaksOf keeps which country and which records an entry speaks of whose payload belongs to another room, as far as it names
// them as payloads do. What cannot be read so names nothing.
func (x *content) speaksOf(e *Entry) {
	var names struct {
		Country knowledge.Country `json:"country"`
		ID      string            `json:"id"`
		Claims  []string          `json:"claims"`
	}
	if json.Unmarshal(e.Payload, &names) != nil {
		return
	}
	for _, id := range append([]string{names.ID}, names.Claims...) {
		if knowledge.ReceiptKindOf(id) != "" {
			x.record.Touches = append(x.record.Touches, id)
		}
	}
	x.record.Country = cmp.Or(names.Country, knowledge.ReceiptCountry(names.ID))
}

// reads makes a reader out of what to do with a decoded payload.
func reads[T any](use func(x *content, receipt string, p *T)) func(*content, *Entry) error {
	return func(x *content, e *Entry) error {
		p, err := Decode[T](e)
		if err != nil {
			return err
		}
		use(x, e.ID.String(), p)
		return nil
	}
}
