package core

import (
	"cmp"
	"slices"

	"stancebot/knowledge"
)

// export answers with the stances of countries or of a group's members, labelled or not, by their codes: a file of one day is the
// same whoever asks, and in whatever order.
func (c *Core) export(a knowledge.Answer, w clocks) knowledge.Answer {
	if q := &a.Query; q.Matter != "" || q.Resolution != "" || len(q.Countries) == 0 && q.Group == "" {
		a.Outcome, a.Countries = knowledge.Unavailable, a.Query.Countries
		return a
	}
	countries, poles := withoutPoles(a.Query.Countries)
	if a.Query.Group != "" {
		if a.Group = c.wholeGroup(a.Query.Group, w); a.Group == nil {
			a.Outcome = knowledge.NotFound
			return a
		}
		countries = slices.Concat(countries, a.Group.Members)
	}
	switch {
	case len(countries) == 0 && len(poles) > 0:
		return c.pole(a)
	case len(poles) == 1 && a.Query.Axis == "":
		a.Query.Axis, a.Pole = poles[0], poles[0]
	}
	slices.Sort(countries)
	a.Countries = slices.Compact(countries)
	for _, country := range a.Countries {
		a.Stances = append(a.Stances, c.exported(country, a.Query, w))
	}
	if a.Outcome = outcomeOf(a.Stances); a.Outcome != knowledge.Answered {
		a.Outcome = knowledge.Partial // that no source labels a country is what its row says
	}
	return a
}

// wholeGroup returns a group with all who belong to it on the day, labelled or not, or nil.
func (c *Core) wholeGroup(id knowledge.GroupID, w clocks) *knowledge.GroupAnswer {
	if _, joined := c.firstRow[id]; joined {
		members := c.membersOn(id, w)
		return &knowledge.GroupAnswer{Group: &knowledge.Group{ID: id, Kind: knowledge.Joined, Members: members}, Members: slices.Clone(members)}
	}
	g := c.groups[id]
	if g == nil {
		return nil
	}
	return &knowledge.GroupAnswer{Group: g, Members: slices.Concat(g.Members, g.Missing)}
}

// exported is the stance of a country with the worst verdict on what each of its labels rests on.
func (c *Core) exported(country knowledge.Country, q knowledge.Query, w clocks) knowledge.Stance {
	s := c.stanceOf(country, q, w)
	for i := range s.Labels {
		if as := s.Labels[i].Assessment; as != nil {
			s.Labels[i].Verdict = c.worstOf(as.Claims, w)
		}
	}
	return s
}

// worstOf is the worst verdict on claims, "" where none of them was checked yet.
func (c *Core) worstOf(ids []string, w clocks) knowledge.Status {
	checked := c.claimsByID(ids, w)
	if len(checked) == 0 {
		return ""
	}
	return slices.MaxFunc(checked, func(a, b *knowledge.CheckedClaim) int { return cmp.Compare(a.Verdict.Rank(), b.Verdict.Rank()) }).Verdict
}
