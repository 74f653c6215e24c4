package core

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"sync"

	"stancebot/knowledge"
	"stancebot/knowledge/check"
	"stancebot/knowledge/rollcall"
	"stancebot/knowledge/search"
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
	areas          []*knowledge.Place // that maps show in a way of their own
	sources        map[string]*knowledge.Source
	record
	desk
	findings []knowledge.Finding
	publish  []knowledge.PublishRule
	index    func() *search.Index // built by the first search: most runs of the program never search
}

type axisOf struct {
	country knowledge.Country
	axis    knowledge.Axis
}

// Build makes a snapshot of the records, which must not be changed afterwards. It fails when a record refers to
// one that is not there; what else can be wrong with records is found where they are read.
func Build(r *knowledge.Records) (*Core, error) {
	c := &Core{
		version: r.Version, article: r.Article, quotes: r.Quotes, publish: r.Publish,
		assessments: map[axisOf][]*knowledge.Assessment{}, claims: map[string]*knowledge.Claim{},
		claimsOf: map[knowledge.Country][]*knowledge.Claim{}, checksOf: map[string][]*knowledge.FactCheck{},
		factChecks: map[string]*knowledge.FactCheck{}, shift: map[string]*knowledge.Shift{},
		caveatsOf: map[knowledge.Country][]*knowledge.Caveat{}, contradiction: map[string]*knowledge.Contradiction{},
		events: map[string]*knowledge.Event{}, eventsOf: map[knowledge.Country][]*knowledge.Event{},
		leadersOf: map[knowledge.Country][]*knowledge.Leader{}, groups: map[knowledge.GroupID]*knowledge.Group{},
		places: map[string]*knowledge.Place{}, sources: map[string]*knowledge.Source{},
	}
	c.record = newRecord(r)
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
		slices.SortStableFunc(list, bySince)
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
		p := &r.House.Places[i]
		c.places[p.ID] = p
		if p.Map != "" {
			c.areas = append(c.areas, p)
		}
	}
	if err := c.resolve(r); err != nil {
		return nil, fmt.Errorf("core: %w", err)
	}
	c.findings = check.New(r).Radar()
	c.index = sync.OnceValue(func() *search.Index { return search.New(r) })
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
		cl.Check.Through = c.through(cl.Check.Note)
		cl.Check.KnownOn = c.lastPublished(cl.Check.Sources)
		c.claims[cl.ID] = cl
		c.claimsOf[cl.Country] = append(c.claimsOf[cl.Country], cl)
	}
	for i := range r.FactChecks {
		f := &r.FactChecks[i]
		f.Through = c.through(f.Finding)
		c.factChecks[f.ID] = f
		for _, id := range f.Claims {
			c.checksOf[id] = append(c.checksOf[id], f)
			if cl := c.claims[id]; cl != nil {
				f.KnownOn = max(f.KnownOn, cl.Check.KnownOn)
				if f.Verdict == knowledge.Outdated { // a claim is not outdated before what its check tells of
					f.Through = max(f.Through, cl.Check.Through)
				}
			}
		}
	}
	for i := range r.Caveats {
		cv := &r.Caveats[i]
		cv.Through = c.through(cv.Text)
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
		slices.SortStableFunc(list, newestEvent)
	}
	for i := range r.Leaders {
		ld := &r.Leaders[i]
		ld.KnownOn = ld.From.First()
		if ld.KnownOn > c.article.Published { // a term that began after the article is known from the event that tells of it
			ld.KnownOn = c.article.Compiled
			for _, e := range c.eventsOf[ld.Country] {
				if e.Kind == leaderEvent && e.On.First() == ld.From.First() {
					ld.KnownOn = e.KnownOn
				}
			}
		}
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

// firstPublished returns the day on which the first of the sources with a recorded day was out: one suffices to tell of
// an event. Where no day was recorded, that is the day on which the records were compiled.
func (c *Core) firstPublished(ids []string) knowledge.Day {
	var first knowledge.Day
	for _, id := range ids {
		if s := c.sources[id]; s != nil && !s.Published.IsZero() && (first == 0 || s.Published.Last() < first) {
			first = s.Published.Last()
		}
	}
	return cmp.Or(first, c.article.Compiled)
}

// resolve makes sure that what answers open is there, so that none meets a hole. It names every reference that leads
// nowhere, in the order of the records.
func (c *Core) resolve(r *knowledge.Records) error {
	var errs []error
	need := func(by string, has func(string) bool, ids ...string) {
		for _, id := range ids {
			if id != "" && !has(id) {
				errs = append(errs, fmt.Errorf("%s refers to %s, which is no record", by, id))
			}
		}
	}
	claim := func(id string) bool { return c.claims[id] != nil }
	event := func(id string) bool { return c.events[id] != nil }
	source := func(id string) bool { return c.sources[id] != nil }
	for i := range r.Assessments {
		need(string(r.Assessments[i].Country), claim, r.Assessments[i].Claims...)
	}
	for i := range r.Claims {
		need(r.Claims[i].ID, source, r.Claims[i].Check.Sources...)
	}
	for i := range r.FactChecks {
		need(r.FactChecks[i].ID, claim, r.FactChecks[i].Claims...)
	}
	for i := range r.Events {
		need(r.Events[i].ID, source, r.Events[i].Sources...)
	}
	for i := range r.Leaders {
		ld := &r.Leaders[i]
		need(ld.Name, event, ld.EndedBy, ld.Due)
		need(ld.Name, source, ld.Sources...)
	}
	for i := range r.Groups {
		g := &r.Groups[i]
		need(string(g.ID), claim, slices.Concat(g.Receipts, g.Called)...)
	}
	for i := range r.RollCalls {
		need(r.RollCalls[i].ID, source, r.RollCalls[i].Sources...)
	}
	for i := range r.Memberships {
		need(r.Memberships[i].ID(), source, r.Memberships[i].Sources...)
	}
	for i := range r.Measures {
		need(r.Measures[i].ID(), source, r.Measures[i].Sources...)
	}
	return errors.Join(errs...)
}

// Version returns the fingerprint of the records.
func (c *Core) Version() string { return c.version }

// Book returns the roll calls, those that the desk imported included.
func (c *Core) Book() *rollcall.Book { return c.book }

// Groups lists the groups that can be asked about: those of the article, and those that states join and leave.
func (c *Core) Groups() []knowledge.GroupID {
	return slices.Sorted(func(yield func(knowledge.GroupID) bool) {
		for id := range c.groups {
			if !yield(id) {
				return
			}
		}
		for id := range c.firstRow {
			if c.groups[id] == nil && !yield(id) {
				return
			}
		}
	})
}

// Article returns the founding article.
func (c *Core) Article() *knowledge.Article { return &c.article }
