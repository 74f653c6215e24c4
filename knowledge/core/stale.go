package core

import (
	"slices"

	"stancebot/knowledge"
)

// stale returns the reasons for which the labels of a country are stale on the day: the leader whom the article
// takes to be in office has left, a known handover has passed unconfirmed, or an event speaks against a claim that
// a label rests on. Age alone makes no label stale.
func (c *Core) stale(country knowledge.Country, labels []knowledge.Labelled, w clocks) []knowledge.Stale {
	var found []knowledge.Stale
	if s, ok := c.leaderStale(country, w); ok && touches(labels, s.Day()) {
		found = append(found, s)
	}
	var told []*knowledge.Event // those that the leader's line tells already
	for _, s := range found {
		told = append(told, s.Ended, s.Began, s.Due)
	}
	for _, e := range c.eventsOf[country] {
		if !w.event(e) || e.On.First() < c.article.Published || slices.Contains(told, e) {
			continue
		}
		if against := c.speaksAgainst(e, labels, w); len(against) > 0 && touches(labels, e.On.First()) {
			found = append(found, knowledge.Stale{Kind: knowledge.NewerRecord, Ended: e, Claims: against})
		}
	}
	return found
}

// speaksAgainst returns the claims that an event speaks against and that bear on a label: those that the label
// rests on, and what the article says of votes.
func (c *Core) speaksAgainst(e *knowledge.Event, labels []knowledge.Labelled, w clocks) []string {
	against := c.leaderReplaced(e, w)
	for _, id := range e.Against {
		cl := c.claims[id]
		if cl == nil || !w.claim(cl, &c.article) {
			continue
		}
		supports := slices.ContainsFunc(labels, func(l knowledge.Labelled) bool {
			return l.Assessment != nil && slices.Contains(l.Assessment.Claims, id)
		})
		if supports || cl.Kind == "vote" {
			against = append(against, id)
		}
	}
	return against
}

// touches reports whether what happened on a day bears on one of the labels.
func touches(labels []knowledge.Labelled, day knowledge.Day) bool {
	return slices.ContainsFunc(labels, func(l knowledge.Labelled) bool {
		return l.Assessment != nil && l.Assessment.TouchedBy(day)
	})
}

// leaderReplaced returns the claims that name the leader whom an event that a desk recorded puts another in the place of.
func (c *Core) leaderReplaced(e *knowledge.Event, w clocks) []string {
	if e.Kind != leaderEvent || e.Recorded.Receipt == "" {
		return nil
	}
	var named []string
	for _, ld := range c.leadersOf[e.Country] {
		if w.leader(ld) && len(ld.NamedIn) > 0 && ld.From.First() < e.On.First() && !c.hasLeft(ld, w) {
			named = ld.NamedIn
		}
	}
	return named
}

// leaderStale holds the leader whom the article names last against who was in office on the day.
func (c *Core) leaderStale(country knowledge.Country, w clocks) (knowledge.Stale, bool) {
	var named, present *knowledge.Leader
	for _, ld := range c.leadersOf[country] {
		if !w.leader(ld) {
			continue
		}
		if len(ld.NamedIn) > 0 {
			named = ld
		}
		if !c.hasLeft(ld, w) {
			present = ld
		}
	}
	var s knowledge.Stale
	if present != nil {
		s.Due = c.passed(present, w)
	}
	if named == nil || named == present || !c.hasLeft(named, w) {
		s.Kind, s.Leader = knowledge.HandoverDue, present
		return s, s.Due != nil
	}
	s.Kind, s.Leader, s.Claims = knowledge.LeaderLeft, named, named.NamedIn
	s.Before = named.To.Last() <= c.article.Published
	if e := c.events[named.EndedBy]; e != nil && w.event(e) {
		s.Ended = e
	}
	if present != nil && present.From.First() >= named.To.First() {
		s.Successor, s.Began = present, c.beganBy(present, w)
	}
	for _, id := range named.NamedIn {
		for _, f := range c.checksOf[id] {
			if f.Verdict == knowledge.Outdated && c.seesFactCheck(f, w) {
				s.FactCheck = f
			}
		}
	}
	return s, true
}

// led returns who was in office on the day, and the event or the claims that tell of it. It returns nil where none of
// those that can be cited does.
func (c *Core) led(country knowledge.Country, w clocks) (*knowledge.Leader, []string) {
	for _, ld := range c.leadersOf[country] {
		if !w.leader(ld) || !ld.To.IsZero() && ld.To.First() <= w.on {
			continue
		}
		if e := c.beganBy(ld, w); e != nil {
			return ld, []string{e.ID}
		}
		for _, id := range ld.NamedIn {
			cl := c.claims[id]
			if s := c.shift[id]; s != nil && w.shift(s, &c.article) || cl != nil && w.claim(cl, &c.article) {
				return ld, []string{id}
			}
		}
	}
	return nil, nil
}

// hasLeft reports whether the records tell by the day that a leader has left: by the end of the term, and where an event
// tells of it, once that is known.
func (c *Core) hasLeft(ld *knowledge.Leader, w clocks) bool {
	if ld.To.IsZero() || ld.To.First() > w.on {
		return false
	}
	if e := c.events[ld.EndedBy]; e != nil {
		return w.event(e)
	}
	return ld.To.First() <= c.article.Published || w.knownAt >= c.article.Compiled
}

// leaderEvent is the kind of an event in which somebody took or left office.
const leaderEvent knowledge.Kind = "leader"

// passed returns the scheduled event by which the leader's term was to end, when its day has passed and no event tells of
// the handover.
func (c *Core) passed(ld *knowledge.Leader, w clocks) *knowledge.Event {
	due := c.events[ld.Due]
	if due == nil || !w.event(due) {
		return nil
	}
	for _, e := range c.eventsOf[ld.Country] {
		if e.Kind == leaderEvent && e.On.First() >= due.On.First() && w.event(e) {
			return nil
		}
	}
	return due
}

// beganBy returns the event that tells of the start of a leader's term, or nil.
func (c *Core) beganBy(ld *knowledge.Leader, w clocks) *knowledge.Event {
	for _, e := range c.eventsOf[ld.Country] {
		if e.Kind == leaderEvent && e.On.First() == ld.From.First() && w.event(e) {
			return e
		}
	}
	return nil
}
