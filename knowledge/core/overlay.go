package core

import (
	"cmp"
	"fmt"
	"maps"
	"slices"

	"stancebot/knowledge"
)

// desk is the part of a snapshot that one desk recorded. A snapshot of the shared records alone has none.
type desk struct {
	id       knowledge.DeskID
	records  map[string]*knowledge.DeskRecord // by receipt
	ledger   *knowledge.Overlay               // the same in the order of recording
	relabels []axisOf                         // what the desk labelled, by country and axis
	cells    map[cellOf][]*knowledge.DeskCell // oldest recording first

	corrections map[string][]*knowledge.Correction // by what they correct, oldest recording first
}

type cellOf struct {
	call    string
	country knowledge.Country
}

// With returns a snapshot in which what a desk recorded is laid over the records of c, which stays as it is: the two
// share all that the desk did not touch. It fails when the overlay refers to a roll call that is not there.
func (c *Core) With(o *knowledge.Overlay) (*Core, error) {
	d := *c
	d.desk = desk{id: o.Desk, ledger: o, records: make(map[string]*knowledge.DeskRecord, len(o.Records)), cells: map[cellOf][]*knowledge.DeskCell{}}
	l := newLayer()
	for _, r := range o.Records {
		d.records[r.Receipt] = r
		l.take(r)
	}
	d.corrections = l.corrections
	d.sources = maps.Clone(c.sources)
	for _, s := range o.Sources {
		d.sources[s.ID] = s
	}
	d.assessments = lay(c.assessments, l.assessments, bySince)
	d.eventsOf = lay(c.eventsOf, l.events, newestEvent)
	d.events = named(c.events, l.events, func(e *knowledge.Event) string { return e.ID })
	d.record = c.record.with(l)
	d.relabels = slices.SortedFunc(maps.Keys(l.assessments), compareAxisOf)
	for _, cell := range l.cells {
		if d.book.Call(cell.RollCall) == nil {
			return nil, fmt.Errorf("core: %s records a vote on %s, which is no roll call here", cell.Recorded.Receipt, cell.RollCall)
		}
		k := cellOf{cell.RollCall, cell.Country}
		d.cells[k] = append(d.cells[k], cell)
	}
	return &d, nil
}

// Desk returns the desk whose records are laid over the shared ones, or "".
func (c *Core) Desk() knowledge.DeskID { return c.desk.id }

// Ledger returns what is laid over the shared records, or nil. It is not to be changed.
func (c *Core) Ledger() *knowledge.Overlay { return c.desk.ledger }

// A layer is what a desk recorded, by what it is laid over.
type layer struct {
	assessments map[axisOf][]*knowledge.Assessment
	events      map[knowledge.Country][]*knowledge.Event
	memberships map[knowledge.Country][]*knowledge.Membership
	measures    map[knowledge.Country][]*knowledge.Measure
	calls       []*knowledge.RollCall
	cells       []*knowledge.DeskCell
	corrections map[string][]*knowledge.Correction
}

func newLayer() *layer {
	return &layer{
		assessments: map[axisOf][]*knowledge.Assessment{}, events: map[knowledge.Country][]*knowledge.Event{},
		memberships: map[knowledge.Country][]*knowledge.Membership{}, measures: map[knowledge.Country][]*knowledge.Measure{},
		corrections: map[string][]*knowledge.Correction{},
	}
}

func (l *layer) take(r *knowledge.DeskRecord) {
	switch {
	case r.Assessment != nil:
		k := axisOf{r.Country, r.Assessment.Axis}
		l.assessments[k] = append(l.assessments[k], r.Assessment)
	case r.Event != nil:
		l.events[r.Country] = append(l.events[r.Country], r.Event)
	case r.Membership != nil:
		l.memberships[r.Country] = append(l.memberships[r.Country], r.Membership)
	case r.Measure != nil:
		l.measures[r.Country] = append(l.measures[r.Country], r.Measure)
	case r.RollCall != nil:
		l.calls = append(l.calls, r.RollCall)
	case r.Cell != nil:
		l.cells = append(l.cells, r.Cell)
	case r.Correction != nil:
		l.corrections[r.Correction.Of] = append(l.corrections[r.Correction.Of], r.Correction)
	}
}

// lay returns the lists of base with those of a layer merged in, in order; of equals, the layer's come later. The lists
// of base are not touched.
func lay[K comparable, V any](base, layer map[K][]V, order func(a, b V) int) map[K][]V {
	if len(layer) == 0 {
		return base
	}
	merged := maps.Clone(base)
	for k, list := range layer {
		merged[k] = slices.Concat(base[k], list)
		slices.SortStableFunc(merged[k], order)
	}
	return merged
}

// named returns base with the values of a layer added under their ids.
func named[K comparable, V any](base map[string]V, layer map[K][]V, id func(V) string) map[string]V {
	if len(layer) == 0 {
		return base
	}
	all := maps.Clone(base)
	for _, list := range layer {
		for _, v := range list {
			all[id(v)] = v
		}
	}
	return all
}

func bySince(a, b *knowledge.Assessment) int { return cmp.Compare(a.Since, b.Since) }

func newestEvent(a, b *knowledge.Event) int {
	return cmp.Or(cmp.Compare(b.On.First(), a.On.First()), cmp.Compare(a.ID, b.ID))
}

func compareAxisOf(a, b axisOf) int {
	return cmp.Or(cmp.Compare(a.country, b.country), cmp.Compare(a.axis, b.axis))
}

// with returns the record with a layer over it.
func (rec record) with(l *layer) record {
	rec.membershipsOf = lay(rec.membershipsOf, l.memberships, func(_, _ *knowledge.Membership) int { return 0 })
	rec.membership = named(rec.membership, l.memberships, func(m *knowledge.Membership) string { return m.ID() })
	rows := map[knowledge.GroupID][]*knowledge.Membership{}
	first := maps.Clone(rec.firstRow)
	for _, country := range slices.Sorted(maps.Keys(l.memberships)) {
		for _, m := range l.memberships[country] {
			rows[m.Group] = append(rows[m.Group], m)
			earliest(first, m.Group, m.From.First())
		}
	}
	rec.rowsOf = lay(rec.rowsOf, rows, func(_, _ *knowledge.Membership) int { return 0 })
	rec.measuresOf = lay(rec.measuresOf, l.measures, func(_, _ *knowledge.Measure) int { return 0 })
	rec.measure = named(rec.measure, l.measures, func(m *knowledge.Measure) string { return m.ID() })
	rec.listed = slices.Clip(rec.listed)
	for _, country := range slices.Sorted(maps.Keys(l.measures)) {
		for _, m := range l.measures[country] {
			if m.Kind == knowledge.UnfriendlyList {
				rec.listed = append(rec.listed, m)
				earliest(first, knowledge.UnfriendlyList, m.From.First())
			}
		}
	}
	rec.firstRow = first
	if len(l.calls) > 0 {
		rec.book = rec.book.With(l.calls)
		rec.splits = rec.book.Splits(lastDay)
	}
	return rec
}

func earliest(first map[knowledge.GroupID]knowledge.Day, id knowledge.GroupID, day knowledge.Day) {
	if day != 0 && (first[id] == 0 || day < first[id]) {
		first[id] = day
	}
}

// relabelled returns the changes of label that the desk recorded, newest first: where its label is another than the one
// that held before.
func (c *Core) relabelled(countries []knowledge.Country, asked knowledge.Axis, since knowledge.Day, w clocks) []knowledge.Relabel {
	var found []knowledge.Relabel
	for _, k := range c.relabels {
		if len(countries) > 0 && !slices.Contains(countries, k.country) || asked != "" && asked != k.axis {
			continue
		}
		var before *knowledge.Assessment
		for _, a := range c.assessments[k] {
			if !w.assessment(a) {
				continue
			}
			if a.Basis == knowledge.BasisDesk && before != nil && before.Label != a.Label && a.Since >= since {
				found = append(found, knowledge.Relabel{From: before, To: a})
			}
			before = a
		}
	}
	slices.SortStableFunc(found, func(a, b knowledge.Relabel) int { return cmp.Compare(b.To.Since, a.To.Since) })
	return found
}

// corrected returns what the desk says is right about records, by their receipts: the latest of each. It is nil where there is none.
func (c *Core) corrected(w clocks) map[string]*knowledge.Correction {
	if len(c.corrections) == 0 {
		return nil
	}
	found := map[string]*knowledge.Correction{}
	for of, list := range c.corrections {
		for _, k := range slices.Backward(list) {
			if k.Recorded.KnownAt(w.recorded) {
				found[of] = k
				break
			}
		}
	}
	return found
}

// deskRecord reports whether an entry of the desk can be opened: it had been recorded, even where it was taken back, and
// what it tells had begun.
func (w clocks) deskRecord(r *knowledge.DeskRecord) bool {
	return r.On <= w.recorded && r.Starts() <= w.on
}

// openDesk opens an entry of the desk.
func (c *Core) openDesk(rec *knowledge.Record, r *knowledge.DeskRecord, w clocks) {
	shown := *r
	if !shown.KnownAt(w.recorded) {
		shown.WithdrawnBy = r.WithdrawnBy
	} else {
		shown.Withdrawn, shown.WithdrawnBy = 0, ""
	}
	rec.Desk, rec.Country = &shown, r.Country
	if s := c.sources[r.Receipt]; s != nil {
		rec.Sources = []*knowledge.Source{s}
	}
}
