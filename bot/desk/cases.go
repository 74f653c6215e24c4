package desk

import (
	"time"

	"stancebot/knowledge/ledger"
)

// A CaseState is what became of a proposal.
type CaseState string

// The states of a proposal. All but the first are final.
const (
	Open      CaseState = "open"
	Accepted  CaseState = "approved"
	Declined  CaseState = "rejected"
	Retracted CaseState = "retracted"
	Expired   CaseState = "expired"
)

// Term is how long a proposal may be decided. What nobody decided by then is stale news, and is proposed anew.
const Term = 14 * 24 * time.Hour

// A Case is a proposal, and what became of it.
type Case struct {
	ID       ledger.ID
	Proposer Author
	At       time.Time
	Reason   string
	Proposal ledger.Proposal

	State   CaseState
	By      Author    // who decided it
	Decided time.Time // when
	Why     string    // it was rejected
	Entry   ledger.ID // that an approval recorded
}

// Until is when the case expires.
func (c *Case) Until() time.Time { return c.At.Add(Term) }

// cases are the proposals of a desk, as its chain tells them, in their order.
type cases struct {
	list []*Case
	byID map[ledger.ID]*Case
}

// casesOf reads the proposals among entries, as they stand at a time. A decision about what is no open proposal decides nothing.
func casesOf(entries []ledger.Entry, now time.Time) (*cases, error) {
	all := &cases{byID: map[ledger.ID]*Case{}}
	for i := range entries {
		if err := all.take(&entries[i]); err != nil {
			return nil, err
		}
	}
	for _, c := range all.list {
		if c.State == Open && !now.Before(c.Until()) {
			c.State, c.Decided = Expired, c.Until()
		}
	}
	return all, nil
}

func (all *cases) take(e *ledger.Entry) error {
	switch e.Kind {
	case ledger.Proposed:
		p, err := ledger.Decode[ledger.Proposal](e)
		if err != nil {
			return err
		}
		c := &Case{ID: e.ID, Proposer: Author(e.Author), At: e.At, Reason: e.Reason, Proposal: *p, State: Open}
		all.list, all.byID[c.ID] = append(all.list, c), c
	case ledger.Approved:
		p, err := ledger.Decode[ledger.Approval](e)
		if err != nil {
			return err
		}
		if c := all.decide(p.Of, e, Accepted); c != nil {
			c.Entry = p.Entry
		}
	case ledger.Rejected:
		p, err := ledger.Decode[ledger.Rejection](e)
		if err != nil {
			return err
		}
		if c := all.decide(p.Of, e, Declined); c != nil {
			c.Why = e.Reason
		}
	case ledger.Retracted:
		p, err := ledger.Decode[ledger.Retraction](e)
		if err != nil {
			return err
		}
		all.decide(p.Of, e, Retracted)
	}
	return nil
}

// decide notes the decision of an open case, and returns the case; nil where there is none.
func (all *cases) decide(id ledger.ID, e *ledger.Entry, state CaseState) *Case {
	c := all.byID[id]
	if c == nil || c.State != Open {
		return nil
	}
	c.State, c.By, c.Decided = state, Author(e.Author), e.At
	return c
}

// open lists the cases that may be decided.
func (all *cases) open() []*Case {
	var open []*Case
	for _, c := range all.list {
		if c.State == Open {
			open = append(open, c)
		}
	}
	return open
}
