package digest

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"stancebot/bot"
	"stancebot/bot/desk"
	"stancebot/knowledge"
	"stancebot/knowledge/core"
	"stancebot/knowledge/ledger"
)

// The kinds of changes.
const (
	LabelChange      ChangeKind = "label"      // another label than before, or the first one
	SideChange       ChangeKind = "side"       // a state left its usual side on a text
	SplitChange      ChangeKind = "split"      // Washington and distance from Moscow parted ways on a text
	CorrectionChange ChangeKind = "correction" // of whatever receipt
	WithdrawalChange ChangeKind = "withdrawal" // of an entry before, or of one of the same time
	MeasureChange    ChangeKind = "measure"
	MembershipChange ChangeKind = "membership"
	EventChange      ChangeKind = "event"
	KeptChange       ChangeKind = "kept" // a label was recorded that is the one before
	CellChange       ChangeKind = "cell" // how a state voted
	StaleChange      ChangeKind = "stale"
	RollCallChange   ChangeKind = "roll_call" // imported, and it shows nothing weightier
	RecordChange     ChangeKind = "record"    // of the shared records, by a new version
)

// ChangeKinds lists the kinds, the weightiest first. The order is the same for all readers.
var ChangeKinds = []ChangeKind{
	LabelChange, SideChange, SplitChange, CorrectionChange, WithdrawalChange, MeasureChange, MembershipChange, EventChange, KeptChange,
	CellChange, StaleChange, RollCallChange, RecordChange,
}

// A Teller tells what changed. It is safe for concurrent use.
type Teller struct {
	Ledger   func() ledger.Store                                // nil while the database is away
	Snapshot func(knowledge.DeskID) *core.Core                  // in force for a desk
	Link     func(desk knowledge.DeskID, receipt string) string // the page that a receipt rests on; nil where receipts are not linked
	Today    func() knowledge.Day                               // the calendar of answers
	// Draw draws the picture of the answer to a question, nil where there is none; nil where no pictures are drawn.
	Draw func(q knowledge.Query, language string) *bot.File

	read histories
}

// Changes lists what the entries of a desk's ledger behind one, up to another, tell, in their order. Proposals and what becomes
// of them are none, nor is that entries were moved. What was recorded and taken back among these entries is one change, the
// withdrawal: who asked in between has read it, so that it is told, and nobody is to take it for standing.
func (t *Teller) Changes(ctx context.Context, id knowledge.DeskID, after, upTo int64) ([]Change, error) {
	if after >= upTo {
		return nil, nil
	}
	store := t.Ledger()
	if store == nil {
		return nil, ErrAway
	}
	h := t.read.of(id)
	h.mu.Lock()
	defer h.mu.Unlock()
	if err := h.reach(ctx, store, upTo); err != nil {
		return nil, err
	}
	s := &scene{history: h, core: t.Snapshot(id), today: t.Today(), after: after, upTo: upTo, byID: map[string]*knowledge.DeskRecord{}, sources: map[string]string{}}
	recorded := h.replayer.Overlay()
	s.records = recorded.Records
	for _, r := range s.records {
		s.byID[r.Receipt] = r
	}
	for _, source := range recorded.Sources {
		s.sources[source.ID] = source.Publisher
	}
	var changes []Change
	for i := after; i < upTo; i++ {
		changes = append(changes, s.changes(&h.entries[i])...)
	}
	return changes, nil
}

// A scene is what changes are read from: the ledger up to an entry, and the shared records.
type scene struct {
	*history
	core        *core.Core
	today       knowledge.Day
	after, upTo int64
	records     []*knowledge.DeskRecord // in the order of recording
	byID        map[string]*knowledge.DeskRecord
	sources     map[string]string // the publisher of what an entry names as its source
}

// recordedKinds are the kinds of changes that the entries with a record are.
var recordedKinds = map[ledger.Kind]ChangeKind{
	ledger.AssessmentRecorded: LabelChange, ledger.EventRecorded: EventChange, ledger.MembershipRecorded: MembershipChange,
	ledger.MeasureRecorded: MeasureChange, ledger.VoteRecorded: CellChange, ledger.RollCallImported: RollCallChange,
}

// changes lists what an entry tells.
func (s *scene) changes(e *entry) []Change {
	c := Change{Seq: e.seq, Entry: e.id, Known: e.at, Receipts: []string{e.id.String()}, reason: e.reason}
	switch e.kind {
	case ledger.Withdrawn:
		return []Change{s.withdrawal(c, e)}
	case ledger.Corrected:
		return []Change{s.correction(c, e)}
	case ledger.LabelStale:
		return []Change{s.stale(c, e.lapse)}
	case ledger.RecordChanged:
		return s.shared(c, e.record)
	}
	kind, ok := recordedKinds[e.kind]
	c.record = s.byID[e.id.String()]
	if !ok || s.takenWithin(c.record) {
		return nil
	}
	c.Kind, c.True, c.Countries, c.source = kind, s.begins(c.record), s.countriesOf(c.record), s.sources[c.record.Receipt]
	switch {
	case c.record.Assessment != nil:
		s.label(&c)
	case c.record.Event != nil:
		c.rests(c.record.Event.Against...)
	case c.record.Cell != nil:
		c.rests(c.record.Cell.RollCall)
	case c.record.RollCall != nil:
		c.call = c.record.RollCall
		c.rests(c.call.ID)
		return append([]Change{c}, s.shown(c)...)
	}
	return []Change{c}
}

// rests adds what a change rests on.
func (c *Change) rests(receipts ...string) {
	for _, id := range receipts {
		if id != "" && !slices.Contains(c.Receipts, id) {
			c.Receipts = append(slices.Clip(c.Receipts), id)
		}
	}
}

// stands reports whether a record of the desk stood before an entry.
func (s *scene) stands(r *knowledge.DeskRecord, seq int64) bool {
	return s.places[r.Receipt] < seq && (r.WithdrawnBy == "" || s.places[r.WithdrawnBy] >= seq)
}

// takenWithin reports whether a record was taken back among the entries that are told.
func (s *scene) takenWithin(r *knowledge.DeskRecord) bool {
	return r.WithdrawnBy != "" && s.places[r.WithdrawnBy] <= s.upTo
}

// passed reports whether a record came and went among the entries that are told: it is told so, and no label came from it.
func (s *scene) passed(r *knowledge.DeskRecord) bool {
	return s.places[r.Receipt] > s.after && s.takenWithin(r)
}

// begins is when what a record tells is true from. Of what ended, that is its end: the news of it.
func (s *scene) begins(r *knowledge.DeskRecord) knowledge.Date {
	switch {
	case r.Event != nil:
		return r.Event.On
	case r.Membership != nil:
		return cmp.Or(r.Membership.To, r.Membership.From)
	case r.Measure != nil:
		return cmp.Or(r.Measure.To, r.Measure.From)
	case r.Cell != nil:
		if call := s.core.Book().Call(r.Cell.RollCall); call != nil {
			return call.Date.Date()
		}
		return 0
	}
	return r.Starts().Date()
}

// countriesOf lists the countries that a record is about: of a roll call, all whose vote it shows.
func (s *scene) countriesOf(r *knowledge.DeskRecord) []knowledge.Country {
	switch {
	case r.RollCall != nil:
		return voters(r.RollCall)
	case r.Country != "":
		return []knowledge.Country{r.Country}
	}
	return nil
}

func voters(call *knowledge.RollCall) []knowledge.Country {
	var all []knowledge.Country
	for _, p := range knowledge.Positions {
		all = append(all, call.Votes[p]...)
		for i := range call.Cells {
			all = append(all, call.Cells[i].Of(p)...)
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// label tells which label held before, and whether the one that was recorded holds today.
func (s *scene) label(c *Change) {
	a := c.record.Assessment
	c.from = s.labelOn(a.Country, a.Axis, a.Since, c.Seq)
	c.now = s.labelOn(a.Country, a.Axis, s.today, s.upTo+1)
	if c.from != nil && c.from.Label == a.Label {
		c.Kind = KeptChange
	}
	c.rests(a.Claims...)
	if c.from != nil {
		c.rests(c.from.Claims...)
	}
}

// holds reports whether the label that a change is about holds today.
func (c *Change) holds() bool {
	return c.Kind == LabelChange && c.now != nil && c.now.Recorded.Receipt == c.Entry.String()
}

// labelOn returns the label that held on a day, by what stood before an entry, or nil.
func (s *scene) labelOn(country knowledge.Country, axis knowledge.Axis, day knowledge.Day, seq int64) *knowledge.Assessment {
	best := s.articleOn(country, axis, day)
	for _, r := range s.records {
		a := r.Assessment
		if a == nil || a.Country != country || a.Axis != axis || a.Since > day || !s.stands(r, seq) || s.passed(r) {
			continue
		}
		if best == nil || a.Since >= best.Since {
			best = a
		}
	}
	return best
}

// articleOn returns the article's label on a day, or nil.
func (s *scene) articleOn(country knowledge.Country, axis knowledge.Axis, day knowledge.Day) *knowledge.Assessment {
	a := s.core.Answer(knowledge.Query{
		Intent: knowledge.IntentStance, Countries: []knowledge.Country{country}, Axis: axis, AsOf: min(day, s.today), Today: s.today,
	})
	for i := range a.Stances {
		for _, l := range a.Stances[i].Labels {
			switch {
			case l.Axis != axis:
			case l.Basis() == knowledge.BasisDesk:
				return l.Article
			default:
				return l.Assessment
			}
		}
	}
	return nil
}

// withdrawal tells what an entry took back and, of a label, which one holds in its place.
func (s *scene) withdrawal(c Change, e *entry) Change {
	c.Kind = WithdrawalChange
	c.rests(e.of)
	if c.record = s.byID[e.of]; c.record == nil {
		return c
	}
	c.Countries = s.countriesOf(c.record)
	c.within = s.places[e.of] > s.after && c.record.WithdrawnBy == e.id.String()
	a := c.record.Assessment
	if a == nil || c.within {
		return c
	}
	before, now := s.labelOn(a.Country, a.Axis, s.today, e.seq), s.labelOn(a.Country, a.Axis, s.today, e.seq+1)
	if before != nil && before.Recorded.Receipt == e.of {
		c.from, c.now, c.again = before, now, true
		if now != nil {
			c.rests(now.Claims...)
		}
	}
	return c
}

// correction tells what an entry corrects.
func (s *scene) correction(c Change, e *entry) Change {
	c.Kind, c.of = CorrectionChange, e.of
	if r := s.byID[e.id.String()]; r != nil {
		c.correction = r.Correction
	}
	c.rests(e.of)
	country := cmp.Or(e.about, knowledge.ReceiptCountry(e.of))
	if c.record = s.byID[e.of]; c.record != nil {
		c.Countries = s.countriesOf(c.record)
	}
	if country != "" {
		c.Countries = []knowledge.Country{country}
	}
	return c
}

// stale tells which label went stale, by what, and since when.
func (s *scene) stale(c Change, l *desk.Lapse) Change {
	c.Kind, c.lapse, c.Countries = StaleChange, l, []knowledge.Country{l.Country}
	c.rests(l.Claims...)
	c.rests(l.Causes...)
	for _, id := range l.Causes {
		if r := s.open(id); r != nil && r.Event != nil {
			c.True = r.Event.On
			break
		}
	}
	return c
}

// open opens a receipt, or returns nil.
func (s *scene) open(receipt string) *knowledge.Record {
	return s.core.Answer(knowledge.Query{Intent: knowledge.IntentSource, Receipt: receipt, Today: s.today}).Record
}

// shared tells what a new version did to a shared record. What was added of a roll call shows more, as an imported one does; one
// that was changed is not told anew.
func (s *scene) shared(c Change, r *desk.RecordChange) []Change {
	c.Kind, c.shared, c.Countries = RecordChange, r, s.countriesOfShared(r)
	if dir, _, ok := strings.Cut(r.File, "/"); ok && dir == "rollcalls" {
		if c.call = s.core.Book().Call(r.ID); c.call != nil && r.Change == "added" {
			return append([]Change{c}, s.shown(c)...)
		}
	}
	return []Change{c}
}

// countriesOfShared lists the countries that a shared record is about, none for what is about no single ones.
func (s *scene) countriesOfShared(r *desk.RecordChange) []knowledge.Country {
	dir, name, inDir := strings.Cut(r.File, "/")
	id, _, _ := strings.Cut(r.ID, " ")
	country := knowledge.ReceiptCountry(r.ID)
	switch {
	case inDir && dir == "countries":
		country = knowledge.Country(strings.TrimSuffix(name, ".yaml"))
	case r.File == "leaders.yaml":
		country = knowledge.Country(id)
	case r.File == "disputes.yaml":
		country = knowledge.Country(strings.TrimPrefix(r.ID, id+" "))
	}
	if country != "" {
		return []knowledge.Country{country}
	}
	switch knowledge.ReceiptKindOf(r.ID) {
	case knowledge.RollCallReceipt:
		if call := s.core.Book().Call(r.ID); call != nil {
			return voters(call)
		}
	case knowledge.FactCheckReceipt, knowledge.ContradictionReceipt:
		if record := s.open(r.ID); record != nil {
			return record.Countries()
		}
	}
	return nil
}

// shown lists what a roll call shows: each state that left its usual side, and an axis split. A text whose meaning is mixed or
// not rated shows neither, and one on something else than Ukraine has no usual side.
func (s *scene) shown(of Change) []Change {
	call := of.call
	if !call.Rated() || call.Topic != knowledge.UkraineTopic {
		return nil
	}
	book := s.core.Book()
	if book.Call(call.ID) == nil { // the snapshot is behind the ledger
		book = book.With([]*knowledge.RollCall{call})
	}
	of.Receipts = []string{of.Entry.String(), call.ID}
	of.True, of.shared = call.Date.Date(), nil
	var changes []Change
	for _, country := range voters(call) {
		position, _ := book.Position(call.ID, country)
		usual, ok := book.Usual(country, call)
		if !ok || usual == position || usual == knowledge.Absent || knowledge.AxisOf(country) != "" {
			continue // not to vote is no side that one could leave
		}
		c := of
		c.Kind, c.Countries, c.usual, c.position = SideChange, []knowledge.Country{country}, usual, position
		changes = append(changes, c)
	}
	if split, ok := book.Split(call); ok {
		c := of
		c.Kind, c.split, c.Countries = SplitChange, &split, slices.Sorted(slices.Values(slices.Concat(split.Moved, split.Stayed)))
		changes = append(changes, c)
	}
	return changes
}

// About lists those of Changes that concern a filter.
func (t *Teller) About(ctx context.Context, id knowledge.DeskID, f Filter, after, upTo int64) ([]Change, error) {
	changes, err := t.Changes(ctx, id, after, upTo)
	if err != nil {
		return nil, err
	}
	return t.Concerning(id, f, changes), nil
}

// Concerning returns the changes that concern a filter, with the countries that they concern it by; those of a group are its
// members as of today, and what is recorded of the group itself concerns it too. A roll call that shows something weightier is
// told by that alone.
func (t *Teller) Concerning(id knowledge.DeskID, f Filter, changes []Change) []Change {
	within, all := t.within(id, f)
	var list []Change
	for _, c := range changes {
		if !all {
			narrow := slices.DeleteFunc(slices.Clone(c.Countries), func(country knowledge.Country) bool { return !slices.Contains(within, country) })
			switch {
			case len(narrow) > 0:
				c.Countries, c.narrowed = narrow, true
			case !c.isOf(f.Group):
				continue
			}
		}
		list = append(list, c)
	}
	shows := map[int64]bool{}
	for i := range list {
		if c := &list[i]; c.Kind == SideChange || c.Kind == SplitChange {
			shows[c.Seq] = true
		}
	}
	return slices.DeleteFunc(list, func(c Change) bool { return c.Kind == RollCallChange && shows[c.Seq] })
}

// within lists the countries of a filter, or reports that it takes all.
func (t *Teller) within(id knowledge.DeskID, f Filter) (countries []knowledge.Country, all bool) {
	if f.Group == "" {
		return f.Countries, len(f.Countries) == 0
	}
	a := t.Snapshot(id).Answer(knowledge.Query{Desk: id, Intent: knowledge.IntentGroup, Group: f.Group, Today: t.Today()})
	return slices.Concat(f.Countries, a.Countries), false
}

// isOf reports whether a change is recorded of a group itself: who joined or left it, or its own record.
func (c *Change) isOf(group knowledge.GroupID) bool {
	switch {
	case group == "":
		return false
	case c.record != nil && c.record.Membership != nil:
		return c.record.Membership.Concerns(group)
	}
	return c.shared != nil && c.shared.File == "groups.yaml" && c.shared.ID == string(group)
}
