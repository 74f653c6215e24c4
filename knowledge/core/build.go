package core

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync/atomic"

	"stancebot/knowledge"
)

// stanceSpan is the first day of which the records tell stances; the last is the day of reading.
const stanceFrom knowledge.Day = 2006_01_01

// A Core is an immutable snapshot of the records that answers questions. It is safe for concurrent use.
type Core struct {
	version string
	article knowledge.Article

	assessments    map[axisOf][]*knowledge.Assessment // by country and axis, oldest first
	quotes         map[knowledge.Country][]knowledge.Quote
	claims         map[string]*knowledge.Claim
	claimsOf       map[knowledge.Country][]*knowledge.Claim
	checksOf       map[string][]*knowledge.FactCheck // by claim
	factChecks     map[string]*knowledge.FactCheck
	shifts         []*knowledge.Shift // newest first, undated last
	shift          map[string]*knowledge.Shift
	caveatsOf      map[knowledge.Country][]*knowledge.Caveat
	contradictions []*knowledge.Contradiction
	contradiction  map[string]*knowledge.Contradiction
	events         map[string]*knowledge.Event
	eventsOf       map[knowledge.Country][]*knowledge.Event  // newest first
	leadersOf      map[knowledge.Country][]*knowledge.Leader // oldest first
	groups         map[knowledge.GroupID]*knowledge.Group
	places         map[string]*knowledge.Place
	sources        map[string]*knowledge.Source
	record
}

type axisOf struct {
	country knowledge.Country
	axis    knowledge.Axis
}

// Build makes a snapshot of the records, which must not be changed afterwards. It fails when a record refers to
// one that is not there; what else can be wrong with records is found where they are read.
func Build(r *knowledge.Records) (*Core, error) {
	c := &Core{
		version: r.Version, article: r.Article, quotes: r.Quotes,
		assessments: map[axisOf][]*knowledge.Assessment{}, claims: map[string]*knowledge.Claim{},
		claimsOf: map[knowledge.Country][]*knowledge.Claim{}, checksOf: map[string][]*knowledge.FactCheck{},
		factChecks: map[string]*knowledge.FactCheck{}, shift: map[string]*knowledge.Shift{},
		caveatsOf: map[knowledge.Country][]*knowledge.Caveat{}, contradiction: map[string]*knowledge.Contradiction{},
		events: map[string]*knowledge.Event{}, eventsOf: map[knowledge.Country][]*knowledge.Event{},
		leadersOf: map[knowledge.Country][]*knowledge.Leader{}, groups: map[knowledge.GroupID]*knowledge.Group{},
		places: map[string]*knowledge.Place{}, sources: map[string]*knowledge.Source{},
	}
	c.indexSources(r)
	c.indexClaims(r)
	c.indexShifts(r)
	c.indexEvents(r)
	for i := range r.Assessments {
		a := &r.Assessments[i]
		a.KnownOn = cmp.Or(a.KnownOn, a.Since)
		k := axisOf{a.Country, a.Axis}
		c.assessments[k] = append(c.assessments[k], a)
	}
	for _, list := range c.assessments {
		slices.SortStableFunc(list, func(a, b *knowledge.Assessment) int { return cmp.Compare(a.Since, b.Since) })
	}
	for i := range r.Contradictions {
		x := &r.Contradictions[i]
		c.contradictions = append(c.contradictions, x)
		c.contradiction[x.ID] = x
	}
	for i := range r.Groups {
		c.groups[r.Groups[i].ID] = &r.Groups[i]
	}
	for i := range r.House.Places {
		c.places[r.House.Places[i].ID] = &r.House.Places[i]
	}
	c.record = newRecord(r)
	if err := c.resolve(); err != nil {
		return nil, fmt.Errorf("core: %w", err)
	}
	return c, nil
}

func (c *Core) indexSources(r *knowledge.Records) {
	for i := range r.Sources {
		c.sources[r.Sources[i].ID] = &r.Sources[i]
	}
}

func (c *Core) indexClaims(r *knowledge.Records) {
	for i := range r.Claims {
		cl := &r.Claims[i]
		cl.Check.Through = latestDay(cl.Check.Note)
		cl.Check.KnownOn = c.lastPublished(cl.Check.Sources)
		c.claims[cl.ID] = cl
		c.claimsOf[cl.Country] = append(c.claimsOf[cl.Country], cl)
	}
	for i := range r.FactChecks {
		f := &r.FactChecks[i]
		f.Through = latestDay(f.Finding)
		c.factChecks[f.ID] = f
		for _, id := range f.Claims {
			c.checksOf[id] = append(c.checksOf[id], f)
			if cl := c.claims[id]; cl != nil {
				f.KnownOn = max(f.KnownOn, cl.Check.KnownOn)
			}
		}
	}
	for i := range r.Caveats {
		cv := &r.Caveats[i]
		cv.Through = latestDay(cv.Text)
		c.caveatsOf[cv.Country] = append(c.caveatsOf[cv.Country], cv)
	}
}

func (c *Core) indexShifts(r *knowledge.Records) {
	for i := range r.Shifts {
		s := &r.Shifts[i]
		c.shifts = append(c.shifts, s)
		c.shift[s.ID] = s
	}
	slices.SortStableFunc(c.shifts, func(a, b *knowledge.Shift) int {
		return cmp.Or(cmp.Compare(b.Period.From.First(), a.Period.From.First()), cmp.Compare(a.ID, b.ID))
	})
}

func (c *Core) indexEvents(r *knowledge.Records) {
	for i := range r.Events {
		e := &r.Events[i]
		e.KnownOn = max(c.firstPublished(e.Sources), e.On.First())
		if e.Kind == knowledge.Scheduled { // a day that is due is known before it comes
			e.KnownOn = c.firstPublished(e.Sources)
		}
		c.events[e.ID] = e
		c.eventsOf[e.Country] = append(c.eventsOf[e.Country], e)
	}
	for _, list := range c.eventsOf {
		slices.SortStableFunc(list, func(a, b *knowledge.Event) int {
			return cmp.Or(cmp.Compare(b.On.First(), a.On.First()), cmp.Compare(a.ID, b.ID))
		})
	}
	for i := range r.Leaders {
		ld := &r.Leaders[i]
		c.leadersOf[ld.Country] = append(c.leadersOf[ld.Country], ld)
	}
	for _, list := range c.leadersOf {
		slices.SortStableFunc(list, func(a, b *knowledge.Leader) int {
			return cmp.Compare(a.From.First(), b.From.First())
		})
	}
}

// lastPublished returns the day by which all of the sources were out: a check rests on all that it cites. Where the
// day of one was not recorded, that is the day on which the records were compiled.
func (c *Core) lastPublished(ids []string) knowledge.Day {
	var last knowledge.Day
	for _, id := range ids {
		s := c.sources[id]
		if s == nil || s.Published.IsZero() {
			return c.article.Compiled
		}
		last = max(last, s.Published.Last())
	}
	return cmp.Or(last, c.article.Compiled)
}

// firstPublished returns the day on which the first of the sources with a recorded day was out: one suffices to
// tell of an event.
func (c *Core) firstPublished(ids []string) knowledge.Day {
	first := c.article.Compiled
	for _, id := range ids {
		if s := c.sources[id]; s != nil && !s.Published.IsZero() {
			first = min(first, s.Published.Last())
		}
	}
	return first
}

// resolve makes sure that what records refer to is there, so that no answer meets a hole.
func (c *Core) resolve() error {
	var errs []error
	need := func(by string, ok bool, id string) {
		if !ok {
			errs = append(errs, fmt.Errorf("%s refers to %s, which is no record", by, id))
		}
	}
	for _, k := range slices.SortedFunc(maps.Keys(c.assessments), func(a, b axisOf) int {
		return cmp.Or(cmp.Compare(a.country, b.country), cmp.Compare(a.axis, b.axis))
	}) {
		for _, a := range c.assessments[k] {
			for _, id := range a.Claims {
				need(string(k.country), c.claims[id] != nil, id)
			}
		}
	}
	for _, id := range slices.Sorted(maps.Keys(c.factChecks)) {
		for _, claim := range c.factChecks[id].Claims {
			need(id, c.claims[claim] != nil, claim)
		}
	}
	for _, list := range c.leadersOf {
		for _, ld := range list {
			for _, id := range []string{ld.EndedBy, ld.Due} {
				need(ld.Name, id == "" || c.events[id] != nil, id)
			}
		}
	}
	return errors.Join(errs...)
}

// Version returns the fingerprint of the records.
func (c *Core) Version() string { return c.version }

// Article returns the founding article.
func (c *Core) Article() *knowledge.Article { return &c.article }

// Covers reports whether a source labels the country, on whatever day.
func (c *Core) Covers(country knowledge.Country) bool {
	return len(c.assessments[axisOf{country, knowledge.TowardRussia}]) > 0 ||
		len(c.assessments[axisOf{country, knowledge.TowardWashington}]) > 0
}

// A Holder keeps the snapshot in force. Readers take it once per question and are not disturbed by a swap.
type Holder struct{ p atomic.Pointer[Core] }

// NewHolder returns a holder of c.
func NewHolder(c *Core) *Holder {
	h := &Holder{}
	h.p.Store(c)
	return h
}

// Core returns the snapshot in force.
func (h *Holder) Core() *Core { return h.p.Load() }

// Swap puts c in the place of the snapshot in force.
func (h *Holder) Swap(c *Core) { h.p.Store(c) }
