package core

import (
	"cmp"
	"slices"

	"stancebot/knowledge"
)

// Answer answers a question from the snapshot. Query.Today must be set: it is the calendar of the answer. The
// records in the answer belong to the snapshot and must not be changed.
func (c *Core) Answer(q knowledge.Query) knowledge.Answer {
	a := knowledge.Answer{Query: q, Outcome: knowledge.Answered, Article: &c.article, CheckedTo: c.article.CheckedTo, Version: c.version}
	a.On = cmp.Or(q.AsOf, q.Today)
	if q.KnownAt != 0 && q.KnownAt < a.CheckedTo.Last() {
		a.CheckedTo = q.KnownAt.Date()
	}
	if q.Misread != nil {
		return c.misread(a)
	}
	if reason := refusal(q); reason != "" {
		a.Outcome, a.Reason = knowledge.Refused, reason
		return a
	}
	if span, ok := c.inSpan(q); !ok {
		a.Outcome, a.Span, a.Countries = knowledge.OutOfSpan, span, q.Countries
		return a
	}
	w := c.clocksOf(q)
	a.Corrected = c.corrected(w)
	switch q.Intent {
	case knowledge.IntentHelp:
		return a
	case knowledge.IntentSource:
		return c.source(a, w)
	}
	if q.Place != "" {
		return c.statusNote(a)
	}
	return c.answerTo(a, w)
}

// answerTo answers a question that can be put and names no place, by what was asked.
func (c *Core) answerTo(a knowledge.Answer, w clocks) knowledge.Answer {
	switch a.Query.Intent {
	case knowledge.IntentSearch:
		return c.search(a, w)
	case knowledge.IntentStance:
		return c.stance(a, w)
	case knowledge.IntentCompare:
		return c.compare(a, w)
	case knowledge.IntentGroup:
		return c.group(a, w)
	case knowledge.IntentShifts:
		return c.shiftsAnswer(a, w)
	case knowledge.IntentEvidence:
		return c.evidence(a, w)
	case knowledge.IntentContradictions:
		return c.contradictionsAnswer(a, w)
	case knowledge.IntentVotes:
		return c.votes(a, w)
	case knowledge.IntentResolution:
		return c.resolution(a, w)
	case knowledge.IntentAgreement:
		return c.agreement(a, w)
	case knowledge.IntentMeasures:
		return c.measures(a, w)
	case knowledge.IntentSafe:
		return c.safe(a, w)
	case knowledge.IntentExport:
		return c.export(a, w)
	case knowledge.IntentMap:
		return c.mapped(a, w)
	case knowledge.IntentCard:
		return c.card(a, w)
	case knowledge.IntentTimeline:
		return c.timeline(a, w)
	}
	a.Outcome = knowledge.Unavailable
	return a
}

func (c *Core) clocksOf(q knowledge.Query) clocks {
	w := clocks{on: cmp.Or(q.AsOf, q.Today), knownAt: cmp.Or(q.KnownAt, q.Today), recorded: cmp.Or(q.KnownAt, lastDay)}
	if q.KnownAt != 0 && q.AsOf == 0 {
		w.on = min(w.on, q.KnownAt) // what we knew then of that day
	}
	return w
}

func (c *Core) misread(a knowledge.Answer) knowledge.Answer {
	m := a.Query.Misread
	a.Outcome, a.Reason, a.Choices = m.Outcome, m.Reason, m.Choices
	for _, id := range m.Choices {
		if p := c.places[id]; p != nil {
			a.Offered = append(a.Offered, p)
		}
	}
	return a
}

// refusal returns why a question cannot be put at all, or "".
func refusal(q knowledge.Query) knowledge.Reason {
	if !q.Compares() {
		return ""
	}
	seen := map[knowledge.Country]bool{}
	for _, country := range q.Countries {
		if seen[country] {
			return knowledge.SameCountry
		}
		seen[country] = true
	}
	switch {
	case len(q.Countries) > knowledge.MaxCompared:
		return knowledge.TooManyCountries
	case len(q.Countries) == 1:
		return knowledge.OnlyOneCountry
	case len(q.Countries) == 0:
		return knowledge.NamesNothing
	}
	return ""
}

// inSpan reports whether the days asked for lie within what the records cover, and returns the span that does not
// hold one.
func (c *Core) inSpan(q knowledge.Query) (knowledge.Span, bool) {
	span := knowledge.Span{From: c.firstDay(q), To: q.Today}
	for _, day := range []knowledge.Day{q.AsOf, q.Since} {
		if day != 0 && (day < span.From || day > span.To) {
			return span, false
		}
	}
	if q.KnownAt != 0 && (q.KnownAt < c.article.Published || q.KnownAt > q.Today) {
		return knowledge.Span{From: c.article.Published, To: q.Today}, false
	}
	return knowledge.Span{}, true
}

// firstDay returns the first day of which the records tell what a query asks.
func (c *Core) firstDay(q knowledge.Query) knowledge.Day {
	switch q.Intent {
	case knowledge.IntentVotes, knowledge.IntentResolution:
		return c.book.First()
	case knowledge.IntentAgreement:
		return c.firstAgreement
	case knowledge.IntentMeasures:
		return 0
	case knowledge.IntentGroup, knowledge.IntentMap:
		if first, joined := c.firstRow[q.Group]; joined {
			return first
		}
	}
	return stanceFrom
}

func (c *Core) statusNote(a knowledge.Answer) knowledge.Answer {
	a.Outcome, a.Place = knowledge.StatusNote, c.places[a.Query.Place]
	if a.Place == nil {
		a.Outcome = knowledge.NotFound
	}
	return a
}

// withoutPoles splits the countries asked about into those with a stance of their own and the poles. Beside
// another country, a pole is the axis.
func withoutPoles(countries []knowledge.Country) (rest []knowledge.Country, poles []knowledge.Axis) {
	for _, country := range countries {
		if axis := knowledge.AxisOf(country); axis != "" {
			poles = append(poles, axis)
		} else {
			rest = append(rest, country)
		}
	}
	return rest, poles
}

func (c *Core) stance(a knowledge.Answer, w clocks) knowledge.Answer {
	countries, poles := withoutPoles(a.Query.Countries)
	if len(countries) == 0 {
		if len(poles) == 0 {
			a.Outcome, a.Reason = knowledge.Refused, knowledge.NamesNothing
			return a
		}
		return c.pole(a)
	}
	if len(poles) == 1 && a.Query.Axis == "" {
		a.Query.Axis, a.Pole = poles[0], poles[0]
	}
	a.Countries = countries
	for _, country := range countries {
		a.Stances = append(a.Stances, c.stanceOf(country, a.Query, w))
	}
	a.Outcome = outcomeOf(a.Stances)
	return a
}

func (c *Core) pole(a knowledge.Answer) knowledge.Answer {
	a.Outcome, a.Countries = knowledge.PoleItself, a.Query.Countries
	a.Pole = knowledge.AxisOf(a.Query.Countries[0])
	return a
}

// outcomeOf tells how an answer about the stances of countries went: not covered when no source labels any of
// them, partial when a part lies outside the records.
func outcomeOf(stances []knowledge.Stance) knowledge.Outcome {
	covered, labelled, axes := 0, 0, 0
	for _, s := range stances {
		if s.Covered {
			covered++
		}
		for _, l := range s.Labels {
			axes++
			if l.Assessment != nil {
				labelled++
			}
		}
	}
	switch {
	case covered == 0:
		return knowledge.NotCovered
	case labelled < axes:
		return knowledge.Partial
	}
	return knowledge.Answered
}

// axesOf returns the axes that an answer shows: the one asked for, or both.
func axesOf(asked knowledge.Axis) []knowledge.Axis {
	if asked != "" {
		return []knowledge.Axis{asked}
	}
	return knowledge.Axes[:]
}

// label returns the assessment that holds for a country on an axis, or nil.
func (c *Core) label(country knowledge.Country, axis knowledge.Axis, w clocks) *knowledge.Assessment {
	return c.labelOf(country, axis, w, func(*knowledge.Assessment) bool { return true })
}

// labelOf returns the assessment that holds among those that are asked for, or nil.
func (c *Core) labelOf(country knowledge.Country, axis knowledge.Axis, w clocks, asked func(*knowledge.Assessment) bool) *knowledge.Assessment {
	var holds *knowledge.Assessment
	for _, a := range c.assessments[axisOf{country, axis}] {
		if w.assessment(a) && asked(a) {
			holds = a // they are sorted: the newest since wins, and of equal ones the later entry
		}
	}
	return holds
}

func (c *Core) labelsOf(country knowledge.Country, asked knowledge.Axis, w clocks) []knowledge.Labelled {
	var labels []knowledge.Labelled
	for _, axis := range axesOf(asked) {
		l := knowledge.Labelled{Axis: axis, Assessment: c.label(country, axis, w)}
		if l.Assessment != nil {
			l.AgeDays = w.knownAt.Sub(l.Assessment.Since)
			if l.Basis() == knowledge.BasisDesk {
				l.Article = c.labelOf(country, axis, w, func(a *knowledge.Assessment) bool { return a.Basis != knowledge.BasisDesk })
			}
		}
		labels = append(labels, l)
	}
	return labels
}

// covers reports whether a source is known to label the country, on whatever day.
func (c *Core) covers(country knowledge.Country, w clocks) bool {
	return slices.ContainsFunc(knowledge.Axes[:], func(axis knowledge.Axis) bool {
		return slices.ContainsFunc(c.assessments[axisOf{country, axis}], func(a *knowledge.Assessment) bool { return w.knows(a.Recorded, a.KnownOn) })
	})
}

// stanceOf returns where a country stands, with all that bears on it. Which of it is said is the composer's choice.
func (c *Core) stanceOf(country knowledge.Country, q knowledge.Query, w clocks) knowledge.Stance {
	s := knowledge.Stance{Country: country, Covered: c.covers(country, w), Labels: c.labelsOf(country, q.Axis, w)}
	labelled := slices.ContainsFunc(s.Labels, func(l knowledge.Labelled) bool { return l.Assessment != nil })
	if labelled {
		s.Stale = c.stale(country, s.Labels, w)
		s.Contradictions = c.contradictionsOf(w, country)
		s.Context = c.context(country, w)
	} else if s.Covered {
		s.Reports = c.reports(country, w)
		s.Led, s.LedBy = c.led(country, w)
	}
	for _, cc := range c.checkedClaims(country, s.Labels, w) {
		if cc.Verdict.Faulted() {
			s.Checked = append(s.Checked, cc)
		}
		if !labelled && !cc.Claim.Undated {
			s.Told = append(s.Told, cc)
		}
		if cc.Claim.Forecast {
			s.Forecasts = append(s.Forecasts, cc.Claim)
		}
	}
	slices.SortStableFunc(s.Checked, func(a, b *knowledge.CheckedClaim) int {
		return cmp.Or(compareBool(b.Supports, a.Supports), cmp.Compare(b.Verdict.Rank(), a.Verdict.Rank()))
	})
	slices.SortStableFunc(s.Told, func(a, b *knowledge.CheckedClaim) int { // those that cover the day first, then the latest
		return cmp.Or(compareBool(b.Claim.Covers(w.on), a.Claim.Covers(w.on)), cmp.Compare(b.Claim.From.First(), a.Claim.From.First()))
	})
	s.Record = c.stanceRecord(country, w)
	for _, e := range c.eventsOf[country] {
		if w.event(e) {
			s.Events = append(s.Events, e)
		}
	}
	return s
}

func compareBool(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return 1
	}
	return -1
}

// reports returns the shifts whose period covers the day: what the article tells of a time for which it gives no
// label.
func (c *Core) reports(country knowledge.Country, w clocks) []*knowledge.Shift {
	var reports []*knowledge.Shift
	for _, s := range c.shifts {
		if s.Country == country && w.shift(s, &c.article) && s.Period.Covers(w.on) {
			reports = append(reports, s)
		}
	}
	return reports
}

// context returns the fact checks that say nothing for or against the country's claims, but belong beside them.
func (c *Core) context(country knowledge.Country, w clocks) []*knowledge.FactCheck {
	var found []*knowledge.FactCheck
	for _, cl := range c.claimsOf[country] {
		for _, f := range c.checksOf[cl.ID] {
			if f.Verdict == knowledge.Context && c.seesFactCheck(f, w) && !slices.Contains(found, f) {
				found = append(found, f)
			}
		}
	}
	return found
}

func (c *Core) seesFactCheck(f *knowledge.FactCheck, w clocks) bool {
	return f.KnownOn <= w.knownAt && f.Through <= w.on
}

// checkedClaims returns the claims of a country that the clocks allow, each with the verdict that counts.
func (c *Core) checkedClaims(country knowledge.Country, labels []knowledge.Labelled, w clocks) []*knowledge.CheckedClaim {
	var checked []*knowledge.CheckedClaim
	for _, cl := range c.claimsOf[country] {
		if !w.claim(cl, &c.article) {
			continue
		}
		cc := c.checkedClaim(cl, w)
		for _, l := range labels {
			if l.Assessment != nil && slices.Contains(l.Assessment.Claims, cl.ID) {
				cc.Supports = true
			}
		}
		checked = append(checked, cc)
	}
	return checked
}

// checkedClaim returns a claim with the verdict that counts: the worse one of its own check and of the fact checks
// about it, as far as the clocks let them be seen. A note that speaks of a later day is left out, and a claim is
// not outdated before what outdates it.
func (c *Core) checkedClaim(cl *knowledge.Claim, w clocks) *knowledge.CheckedClaim {
	cc := &knowledge.CheckedClaim{Claim: cl}
	if k := &cl.Check; k.KnownOn <= w.knownAt {
		cc.Verdict, cc.Published = k.Status, k.AtPublication
		if k.Through <= w.on && !k.Hold {
			cc.Note = k.Note
			for _, id := range k.Sources {
				cc.Sources = append(cc.Sources, c.sources[id])
			}
		}
		if k.Through > w.on && k.Status == knowledge.Outdated {
			cc.Verdict, cc.Published = "", false
		}
	}
	for _, f := range c.checksOf[cl.ID] {
		if !c.seesFactCheck(f, w) {
			continue
		}
		if cc.Finding == nil || f.Verdict.Rank() > cc.Finding.Verdict.Rank() {
			cc.Finding = f
		}
		if f.Verdict.Rank() > cc.Verdict.Rank() && f.Verdict != knowledge.Context {
			cc.Verdict, cc.Published = f.Verdict, f.AtPublication
		}
	}
	return cc
}

func (c *Core) contradictionsOf(w clocks, countries ...knowledge.Country) []*knowledge.Contradiction {
	if w.on < c.article.Published || w.knownAt < c.article.Published {
		return nil
	}
	var found []*knowledge.Contradiction
	for _, x := range c.contradictions {
		if slices.ContainsFunc(countries, func(country knowledge.Country) bool { return slices.Contains(x.Countries, country) }) {
			found = append(found, x)
		}
	}
	return found
}
