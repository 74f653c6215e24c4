package core

import (
	"stancebot/knowledge"
	"stancebot/knowledge/search"
)

// search ranks the records by the words asked for. The countries of the answer are those that were named: what is found
// may be of others.
func (c *Core) search(a knowledge.Answer, w clocks) knowledge.Answer {
	q := &a.Query
	if q.Words == "" && len(q.Countries) == 0 {
		a.Outcome, a.Reason = knowledge.Refused, knowledge.NamesNothing
		return a
	}
	a.Countries = q.Countries
	hits := c.index().Search(q.Words, q.Countries, func(p *search.Passage) bool { return c.seesPassage(p, w) })
	for _, h := range hits {
		a.Found = append(a.Found, knowledge.Found{Record: c.open(h.ID, w), Score: h.Score, Share: h.Share})
	}
	if len(a.Found) == 0 {
		a.Outcome = knowledge.Partial
	}
	return a
}

// seesPassage reports whether the clocks let a passage of a record be seen: a record must not be found by what was found
// out about it later.
func (c *Core) seesPassage(p *search.Passage, w clocks) bool {
	if !c.sees(p.ID, w) {
		return false
	}
	switch p.Part {
	case search.Check:
		k := &c.claims[p.ID].Check
		return k.KnownOn <= w.knownAt && k.Through <= w.on
	case search.Grounds:
		return w.assessment(p.Assessment)
	case search.Body:
	}
	return true
}
