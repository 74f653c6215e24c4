package core

import (
	"slices"

	"stancebot/knowledge"
)

// wholeMap is what a map shows that names nothing: the region that the article is about.
const wholeMap = knowledge.GroupID("latin_america")

// mapped answers with the stances of a group's members, labelled or not, or of the countries named: what a map shows.
func (c *Core) mapped(a knowledge.Answer, w clocks) knowledge.Answer {
	countries, poles := withoutPoles(a.Query.Countries)
	if len(countries) == 0 && len(poles) > 0 && a.Query.Group == "" {
		return c.pole(a)
	}
	if len(poles) == 1 && a.Query.Axis == "" {
		a.Query.Axis = poles[0]
	}
	if len(countries) == 0 {
		if a.Query.Group == "" {
			a.Query.Group = wholeMap
		}
		if a.Group = c.wholeGroup(a.Query.Group, w); a.Group == nil {
			a.Outcome = knowledge.NotFound
			return a
		}
		countries = a.Group.Members
	}
	a.Countries, a.Areas = countries, c.areas
	for _, country := range countries {
		a.Stances = append(a.Stances, c.stanceOf(country, a.Query, w))
	}
	a.Outcome = outcomeOf(a.Stances)
	if a.Outcome == knowledge.Answered && !allCovered(a.Stances) {
		a.Outcome = knowledge.Partial
	}
	return a
}

// card answers with the stance of one country; a card of several compares them, and that of a group is its map.
func (c *Core) card(a knowledge.Answer, w clocks) knowledge.Answer {
	switch {
	case a.Query.Compares():
		return c.compare(a, w)
	case len(a.Query.Countries) == 0 && a.Query.Group != "":
		return c.mapped(a, w)
	}
	return c.stance(a, w)
}

// timeline answers with all that has a date about one country: what the article and the desk tell of changes, what happened, how it
// voted on Ukraine. Of several, of a group and of nobody, the changes alone are told.
func (c *Core) timeline(a knowledge.Answer, w clocks) knowledge.Answer {
	a = c.shiftsAnswer(a, w)
	if len(a.Countries) != 1 || a.Group != nil || a.Outcome == knowledge.PoleItself {
		return a
	}
	s := c.stanceOf(a.Countries[0], a.Query, w)
	a.Stances = []knowledge.Stance{s}
	a.Events, a.Votes = nil, nil
	for _, e := range s.Events {
		if e.On.First() >= a.Query.Since {
			a.Events = append(a.Events, e)
		}
	}
	for _, v := range s.Record.Votes {
		if v.Call.Date >= a.Query.Since {
			a.Votes = append(a.Votes, v)
		}
	}
	slices.SortStableFunc(a.Events, func(x, y *knowledge.Event) int { return int(x.On.First()) - int(y.On.First()) })
	return a
}
