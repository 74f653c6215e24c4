package core

import (
	"cmp"
	"slices"

	"stancebot/knowledge"
)

func (c *Core) compare(a knowledge.Answer, w clocks) knowledge.Answer {
	countries, poles := withoutPoles(a.Query.Countries)
	a.Countries = a.Query.Countries
	if len(countries) == 0 { // the two poles with each other
		return c.pole(a)
	}
	if len(poles) == 1 && a.Query.Axis == "" {
		a.Query.Axis = poles[0]
	}
	for _, country := range countries {
		a.Stances = append(a.Stances, c.stanceOf(country, a.Query, w))
	}
	a.Outcome = outcomeOf(a.Stances)
	if len(poles) > 0 {
		a.Pole = poles[0]
	}
	if a.Outcome == knowledge.Answered && (len(poles) > 0 || !allCovered(a.Stances)) || a.Outcome == knowledge.NotCovered && len(poles) > 0 {
		a.Outcome = knowledge.Partial
	}
	if len(poles) > 0 {
		for _, country := range countries {
			a.Agreements = append(a.Agreements, c.agreementsOf(country, 0, w)...)
		}
	}
	for _, x := range c.contradictionsOf(w, countries...) {
		if shared := countShared(x.Countries, countries); shared >= 2 {
			a.Contradictions = append(a.Contradictions, x)
		}
	}
	return a
}

func allCovered(stances []knowledge.Stance) bool {
	return !slices.ContainsFunc(stances, func(s knowledge.Stance) bool { return !s.Covered })
}

func countShared(a, b []knowledge.Country) int {
	n := 0
	for _, country := range a {
		if slices.Contains(b, country) {
			n++
		}
	}
	return n
}

func (c *Core) group(a knowledge.Answer, w clocks) knowledge.Answer {
	if _, joined := c.firstRow[a.Query.Group]; joined {
		return c.joined(a, w)
	}
	g := c.groups[a.Query.Group]
	if g == nil {
		a.Outcome = knowledge.NotFound
		return a
	}
	ga := &knowledge.GroupAnswer{Group: g, Members: g.Members, Missing: g.Missing}
	a.Group = ga
	a.Countries = slices.Concat(g.Members, g.Missing)
	for _, country := range g.Members {
		a.Stances = append(a.Stances, c.stanceOf(country, a.Query, w))
	}
	a.Outcome = outcomeOf(a.Stances)
	if len(g.Missing) > 0 {
		a.Outcome = knowledge.Partial
	}
	ga.Called = c.claimsByID(g.Called, w)
	ga.Claims = c.claimsByID(g.Receipts, w)
	for _, x := range c.contradictionsOf(w, g.Members...) {
		if countShared(x.Countries, g.Members) == len(x.Countries) && len(x.Countries) > 1 {
			a.Contradictions = append(a.Contradictions, x)
		}
	}
	return a
}

func (c *Core) claimsByID(ids []string, w clocks) []*knowledge.CheckedClaim {
	var found []*knowledge.CheckedClaim
	for _, id := range ids {
		if cl := c.claims[id]; cl != nil && w.claim(cl, &c.article) {
			found = append(found, c.checkedClaim(cl, w))
		}
	}
	return found
}

// shiftsAnswer lists the changes that the article tells: of a country, a group or all, from a day on or up to one.
func (c *Core) shiftsAnswer(a knowledge.Answer, w clocks) knowledge.Answer {
	countries, poles := withoutPoles(a.Query.Countries)
	if len(countries) == 0 && len(poles) > 0 && a.Query.Group == "" {
		return c.pole(a)
	}
	if len(poles) == 1 && a.Query.Axis == "" {
		a.Query.Axis = poles[0]
	}
	if a.Query.Group != "" {
		g := c.groups[a.Query.Group]
		if g == nil {
			a.Outcome = knowledge.NotFound
			return a
		}
		a.Group = &knowledge.GroupAnswer{Group: g, Members: g.Members, Missing: g.Missing}
		countries = slices.Concat(g.Members, g.Missing)
	}
	a.Countries = countries
	for _, s := range c.shifts {
		if len(countries) > 0 && !slices.Contains(countries, s.Country) || !w.shift(s, &c.article) {
			continue
		}
		if a.Query.Since != 0 && (s.Period.Undated || s.Period.From.First() < a.Query.Since) {
			continue
		}
		switch {
		case s.Continuity:
			a.Set.Continuities = append(a.Set.Continuities, s)
		case s.Forecast:
			a.Set.Forecasts = append(a.Set.Forecasts, s)
		case s.Period.Undated:
			a.Set.Undated = append(a.Set.Undated, s)
		default:
			a.Shifts = append(a.Shifts, s)
		}
	}
	a.Relabels = c.relabelled(countries, a.Query.Axis, a.Query.Since, w)
	if len(countries) == 1 {
		c.besideShifts(&a, countries[0], w)
		a.Stances = []knowledge.Stance{{Country: countries[0], Covered: c.covers(countries[0], w), Record: c.stanceRecord(countries[0], w)}}
	} else {
		a.Splits = c.splitSides(countries, func(r *knowledge.RollCall) bool { return w.rollCall(r) && r.Date >= a.Query.Since })
	}
	a.Outcome = c.coverage(countries, w)
	return a
}

// besideShifts adds what bears on the changes of one country and is not told as one: remarks of ours, checks of its
// votes and of how it is placed, and events.
func (c *Core) besideShifts(a *knowledge.Answer, country knowledge.Country, w clocks) {
	for _, cv := range c.caveatsOf[country] {
		if cv.Through <= w.on && c.known(cv.Receipts, w) {
			a.Caveats = append(a.Caveats, cv)
		}
	}
	for _, cc := range c.checkedClaims(country, nil, w) {
		if cc.Verdict.Faulted() && (cc.Claim.Kind == "vote" || cc.Claim.Kind == "assessment") && (cc.Note != "" || cc.Finding != nil) {
			a.Evidence = append(a.Evidence, cc)
		}
	}
	for _, e := range c.eventsOf[country] {
		if w.event(e) && e.On.First() >= max(a.Query.Since, c.article.Published) {
			a.Events = append(a.Events, e)
		}
	}
}

// known reports whether all of the receipts can be seen.
func (c *Core) known(ids []string, w clocks) bool {
	return !slices.ContainsFunc(ids, func(id string) bool { return !c.sees(id, w) })
}

// sees reports whether the record behind a receipt can be seen.
func (c *Core) sees(id string, w clocks) bool {
	switch {
	case c.records[id] != nil:
		return w.deskRecord(c.records[id])
	case c.claims[id] != nil:
		return w.claim(c.claims[id], &c.article)
	case c.shift[id] != nil:
		return w.shift(c.shift[id], &c.article)
	case c.factChecks[id] != nil:
		return c.seesFactCheck(c.factChecks[id], w)
	case c.contradiction[id] != nil:
		return w.on >= c.article.Published && w.knownAt >= c.article.Published
	case c.events[id] != nil:
		return w.event(c.events[id])
	case c.book.Call(id) != nil:
		return w.rollCall(c.book.Call(id))
	case c.membership[id] != nil:
		m := c.membership[id]
		return m.Known() <= w.on && w.knows(m.Recorded, m.Known())
	case c.measure[id] != nil:
		return w.measure(c.measure[id])
	case c.agreed[id] != nil:
		year := c.agreed[id].Year
		return year <= w.on.Year() && year <= w.knownAt.Year()
	}
	return false
}

func (c *Core) coverage(countries []knowledge.Country, w clocks) knowledge.Outcome {
	covered := 0
	for _, country := range countries {
		if c.covers(country, w) {
			covered++
		}
	}
	switch {
	case covered == len(countries):
		return knowledge.Answered
	default:
		return knowledge.Partial
	}
}

// evidence lists the claims behind the labels of a country, those that a label rests on first, then by kind.
func (c *Core) evidence(a knowledge.Answer, w clocks) knowledge.Answer {
	countries, poles := withoutPoles(a.Query.Countries)
	if len(countries) == 0 {
		if len(poles) > 0 {
			return c.pole(a)
		}
		a.Outcome, a.Reason = knowledge.Refused, knowledge.NamesNothing
		return a
	}
	if len(poles) == 1 && a.Query.Axis == "" {
		a.Query.Axis = poles[0]
	}
	a.Countries = countries
	for _, country := range countries {
		s := c.stanceOf(country, a.Query, w)
		a.Stances = append(a.Stances, s)
		a.Evidence = append(a.Evidence, c.checkedClaims(country, s.Labels, w)...)
	}
	slices.SortStableFunc(a.Evidence, func(x, y *knowledge.CheckedClaim) int {
		return cmp.Or(compareBool(y.Supports, x.Supports), cmp.Compare(kindRank(x.Claim.Kind), kindRank(y.Claim.Kind)))
	})
	a.Outcome = outcomeOf(a.Stances)
	return a
}

func kindRank(k knowledge.Kind) int { return slices.Index(knowledge.ClaimKinds, k) }

func (c *Core) contradictionsAnswer(a knowledge.Answer, w clocks) knowledge.Answer {
	countries, poles := withoutPoles(a.Query.Countries)
	switch {
	case a.Query.Group != "":
		g := c.groups[a.Query.Group]
		if g == nil {
			a.Outcome = knowledge.NotFound
			return a
		}
		a.Group = &knowledge.GroupAnswer{Group: g, Members: g.Members, Missing: g.Missing}
		countries = slices.Concat(g.Members, g.Missing)
	case len(countries) == 0 && len(poles) > 0:
		return c.pole(a)
	}
	a.Countries = countries
	all := a.Query.Group == "" && len(countries) == 0
	if w.on < c.article.Published || w.knownAt < c.article.Published {
		return a
	}
	for _, x := range c.contradictions {
		if all || countShared(x.Countries, countries) > 0 {
			a.Contradictions = append(a.Contradictions, x)
		}
	}
	for i := range c.findings {
		f := &c.findings[i]
		if (all || countShared(f.Countries, countries) > 0) && c.known(append(slices.Clone(f.Claims), f.Receipts...), w) {
			a.Findings = append(a.Findings, f)
		}
	}
	a.Outcome = c.coverage(countries, w)
	return a
}

// source opens one receipt.
func (c *Core) source(a knowledge.Answer, w clocks) knowledge.Answer {
	id := a.Query.Receipt
	if !c.sees(id, w) {
		a.Outcome = knowledge.NotFound
		return a
	}
	a.Record = c.open(id, w)
	a.Countries = a.Record.Countries()
	return a
}

// open opens the record with an id that the clocks let be seen.
func (c *Core) open(id string, w clocks) *knowledge.Record {
	rec := &knowledge.Record{ID: id, Kind: knowledge.ReceiptKindOf(id), Country: knowledge.ReceiptCountry(id)}
	switch {
	case c.records[id] != nil:
		c.openDesk(rec, c.records[id], w)
	case c.claims[id] != nil:
		rec.Claim = c.checkedClaim(c.claims[id], w)
		rec.Sources = rec.Claim.Sources
	case c.shift[id] != nil:
		rec.Shift = c.shift[id]
	case c.factChecks[id] != nil:
		rec.FactCheck = c.factChecks[id]
		for _, claim := range rec.FactCheck.Claims {
			cc := c.checkedClaim(c.claims[claim], w)
			rec.Checks = append(rec.Checks, cc)
			for _, s := range cc.Sources {
				if !slices.Contains(rec.Sources, s) {
					rec.Sources = append(rec.Sources, s)
				}
			}
		}
	case c.contradiction[id] != nil:
		rec.Contradiction = c.contradiction[id]
	case c.events[id] != nil:
		rec.Event = c.events[id]
		for _, s := range rec.Event.Sources {
			rec.Sources = append(rec.Sources, c.sources[s])
		}
	default:
		c.openRecord(rec)
	}
	return rec
}
