package desk

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"stancebot/knowledge"
	"stancebot/knowledge/core"
	"stancebot/knowledge/ledger"
)

// A Decider takes proposals and decides them. Whatever it does is decided by the desk's chain as it stands: of two who decide at
// once, in whatever processes, one is first and the other is told so.
type Decider struct {
	*Recorder
	Shared func() *core.Core // the shared records, over which the chain is laid
}

// The bounds of what may be open at a time.
const (
	openOfOne = 5   // by one person who is no editor
	openInAll = 100 // in one desk
)

// A NoCaseError tells that a receipt is no proposal of the desk.
type NoCaseError struct{ ID ledger.ID }

// Error tells which.
func (e *NoCaseError) Error() string { return "desk: " + e.ID.String() + " is no proposal" }

// A ClosedError tells that a proposal was decided already, or expired.
type ClosedError struct{ Case Case }

// Error tells what became of it.
func (e *ClosedError) Error() string {
	return fmt.Sprintf("desk: %s is no longer open: %s", e.Case.ID, e.Case.State)
}

// An OwnError tells that somebody may not decide their own proposal.
type OwnError struct{ ID ledger.ID }

// Error tells which.
func (e *OwnError) Error() string {
	return "desk: " + e.ID.String() + " waits for a second person: whoever proposed it does not approve it"
}

// A NotProposerError tells that a proposal is taken back by whoever made it, and nobody else.
type NotProposerError struct{ ID ledger.ID }

// Error tells which.
func (e *NotProposerError) Error() string { return "desk: " + e.ID.String() + " is somebody else's" }

// An OvertakenError tells that what a proposal is about changed since it was made. It stays open, for its maker to take back.
type OvertakenError struct {
	Case Case
	Why  error  // what keeps it from being recorded now; nil where it takes the place of something else than then
	Is   string // what stands there now
}

// Error tells which, and why.
func (e *OvertakenError) Error() string {
	if e.Why != nil {
		return fmt.Sprintf("desk: %s can no longer be recorded: %s", e.Case.ID, e.Why)
	}
	return fmt.Sprintf("desk: what %s would take the place of has changed since: %s", e.Case.ID, e.Is)
}

// Unwrap returns what keeps it from being recorded.
func (e *OvertakenError) Unwrap() error { return e.Why }

// A TooManyError tells that too many proposals wait already.
type TooManyError struct{ Most int }

// Error tells how many may.
func (e *TooManyError) Error() string {
	return fmt.Sprintf("desk: %d proposals are open already, which is the most", e.Most)
}

// A NoReasonError tells that a rejection or a question says nothing.
type NoReasonError struct{ ID ledger.ID }

// Error tells of what.
func (e *NoReasonError) Error() string { return "desk: it needs words to go with " + e.ID.String() }

// A Decision is what was done: an entry, and the proposal that it is, or that it decided.
type Decision struct {
	Entry ledger.Entry // the proposal, the record, the rejection …
	Case  *Case        // nil for what was recorded at once
	Plan  *Plan        // of a proposal and of what was recorded
	Again bool         // the same was proposed before, and waits
}

// Propose records a change or, where it takes a second person, proposes it. Its errors are those of Prepare and *TooManyError.
func (d *Decider) Propose(ctx context.Context, c Change) (*Decision, error) {
	if !d.Editors.Has(c.Author) && !d.Everyone {
		return nil, &NotEditorError{c.Author}
	}
	done := &Decision{}
	entries, err := d.decide(ctx, c.Desk, func(s *standing) ([]ledger.Draft, error) {
		plan, err := d.prepareOn(s.core, c)
		if err != nil {
			return nil, err
		}
		draft, err := d.draft(plan)
		if err != nil {
			return nil, err
		}
		*done = Decision{Plan: plan}
		if !plan.Proposal {
			return []ledger.Draft{draft}, nil
		}
		if same := s.same(c.Author, draft); same != nil {
			done.Case, done.Again = same, true
			return nil, nil
		}
		return []ledger.Draft{draft}, d.room(s, c.Author)
	})
	if err != nil {
		return nil, err
	}
	if len(entries) > 0 {
		done.Entry = entries[0]
	}
	if done.Plan.Proposal && !done.Again {
		all, err := casesOf(entries, d.Now())
		if err != nil {
			return nil, err
		}
		done.Case = all.list[0]
	}
	return done, nil
}

// room fails when too much is open for one more.
func (d *Decider) room(s *standing, who Author) error {
	open, own, near := s.cases.open(), 0, 0
	for _, c := range open {
		if c.Proposer == who {
			own++
		}
		if c.Proposer.Space() == who.Space() {
			near++
		}
	}
	switch {
	case len(open) >= openInAll:
		return &TooManyError{openInAll}
	case own >= openOfOne && !d.Editors.Has(who):
		return &TooManyError{openOfOne}
	case d.Allows != nil && !d.Allows(near):
		return &TooManyError{near}
	}
	return nil
}

// Approve records what was proposed. An editor approves, and where four eyes are needed another one than proposed it.
func (d *Decider) Approve(ctx context.Context, desk knowledge.DeskID, who Author, id ledger.ID) (*Decision, error) {
	done := &Decision{}
	entries, err := d.rule(ctx, desk, who, id, func(s *standing, c *Case) ([]ledger.Draft, error) {
		if d.FourEyes && c.Proposer == who {
			return nil, &OwnError{id}
		}
		plan, err := d.proposed(s, desk, c)
		if err != nil {
			return nil, err
		}
		*done = Decision{Case: c, Plan: plan}
		entry := s.head.LastID + 1
		now := d.Now()
		return []ledger.Draft{
			{ID: entry, At: now, Author: string(c.Proposer), Kind: c.Proposal.Kind, Reason: c.Reason, Payload: plan.Change.Payload},
			{At: now, Author: string(who), Kind: ledger.Approved, Payload: ledger.Approval{Of: id, Entry: entry}},
		}, nil
	})
	if err != nil {
		return nil, err
	}
	done.Entry = entries[0]
	done.Case.State, done.Case.By, done.Case.Decided, done.Case.Entry = Accepted, who, entries[1].At, entries[0].ID
	return done, nil
}

// proposed prepares what was proposed anew, on what stands now.
func (d *Decider) proposed(s *standing, desk knowledge.DeskID, c *Case) (*Plan, error) {
	payload, err := payloadOf(c.Proposal.Kind, c.Proposal.Payload)
	if err != nil {
		return nil, err
	}
	plan, err := d.prepareOn(s.core, Change{Desk: desk, Author: c.Proposer, Reason: c.Reason, Payload: payload})
	if invalid := (*InvalidError)(nil); errors.As(err, &invalid) {
		return nil, &OvertakenError{Case: *c, Why: invalid}
	}
	if err == nil && plan.Was != c.Proposal.Was {
		err = &OvertakenError{Case: *c, Is: plan.Was}
	}
	return plan, err
}

// Reject ends a proposal for a reason.
func (d *Decider) Reject(ctx context.Context, desk knowledge.DeskID, who Author, id ledger.ID, reason string) (*Decision, error) {
	return d.says(ctx, remark{desk, who, id, reason}, d.rule, func(c *Case) ledger.Draft {
		c.State, c.By, c.Why = Declined, who, reason
		return ledger.Draft{Kind: ledger.Rejected, Payload: ledger.Rejection{Of: id}}
	})
}

// Ask asks whoever made a proposal about it, or answers for them. It stays open.
func (d *Decider) Ask(ctx context.Context, desk knowledge.DeskID, who Author, id ledger.ID, question string) (*Decision, error) {
	return d.says(ctx, remark{desk, who, id, question}, d.speaks, func(*Case) ledger.Draft {
		return ledger.Draft{Kind: ledger.Questioned, Payload: ledger.Question{Of: id}}
	})
}

// A remark is what somebody says of a proposal, in words.
type remark struct {
	desk  knowledge.DeskID
	who   Author
	id    ledger.ID
	words string
}

// A gate lets somebody do something about an open case, or not.
type gate func(context.Context, knowledge.DeskID, Author, ledger.ID, func(*standing, *Case) ([]ledger.Draft, error)) ([]ledger.Entry, error)

// says records what somebody says of an open case, whom a gate lets through.
func (d *Decider) says(ctx context.Context, m remark, through gate, draft func(*Case) ledger.Draft) (*Decision, error) {
	check := &problems{}
	check.text("field.reason", m.words, false)
	if err := check.err(); err != nil {
		return nil, err
	}
	done := &Decision{}
	entries, err := through(ctx, m.desk, m.who, m.id, func(_ *standing, c *Case) ([]ledger.Draft, error) {
		if strings.TrimSpace(m.words) == "" {
			return nil, &NoReasonError{m.id}
		}
		done.Case = c
		dr := draft(c)
		dr.At, dr.Author, dr.Reason = d.Now(), string(m.who), m.words
		c.Decided = dr.At
		return []ledger.Draft{dr}, nil
	})
	if err != nil {
		return nil, err
	}
	done.Entry = entries[0]
	return done, nil
}

// rule lets an editor decide an open case.
func (d *Decider) rule(ctx context.Context, desk knowledge.DeskID, who Author, id ledger.ID, f func(*standing, *Case) ([]ledger.Draft, error)) ([]ledger.Entry, error) {
	if !d.Editors.Has(who) {
		return nil, &NotEditorError{who}
	}
	return d.onOpen(ctx, desk, id, f)
}

// speaks lets an editor, or whoever made it, say something of an open case.
func (d *Decider) speaks(ctx context.Context, desk knowledge.DeskID, who Author, id ledger.ID, f func(*standing, *Case) ([]ledger.Draft, error)) ([]ledger.Entry, error) {
	return d.onOpen(ctx, desk, id, func(s *standing, c *Case) ([]ledger.Draft, error) {
		if c.Proposer != who && !d.Editors.Has(who) {
			return nil, &NotEditorError{who}
		}
		return f(s, c)
	})
}

// Retract takes a proposal back, by whoever made it.
func (d *Decider) Retract(ctx context.Context, desk knowledge.DeskID, who Author, id ledger.ID) (*Decision, error) {
	done := &Decision{}
	entries, err := d.onOpen(ctx, desk, id, func(_ *standing, c *Case) ([]ledger.Draft, error) {
		if c.Proposer != who {
			return nil, &NotProposerError{id}
		}
		done.Case = c
		return []ledger.Draft{{At: d.Now(), Author: string(who), Kind: ledger.Retracted, Payload: ledger.Retraction{Of: id}}}, nil
	})
	if err != nil {
		return nil, err
	}
	done.Entry = entries[0]
	done.Case.State, done.Case.By, done.Case.Decided = Retracted, who, done.Entry.At
	return done, nil
}

// onOpen decides about an open case.
func (d *Decider) onOpen(ctx context.Context, desk knowledge.DeskID, id ledger.ID, f func(*standing, *Case) ([]ledger.Draft, error)) ([]ledger.Entry, error) {
	return d.decide(ctx, desk, func(s *standing) ([]ledger.Draft, error) {
		c := s.cases.byID[id]
		switch {
		case c == nil:
			return nil, &NoCaseError{id}
		case c.State != Open:
			return nil, &ClosedError{*c}
		}
		return f(s, c)
	})
}

// Cases lists the proposals of a desk that are open, in their order.
func (d *Decider) Cases(ctx context.Context, desk knowledge.DeskID) ([]*Case, error) {
	entries, _, err := wholeChain(ctx, d.Ledger, desk)
	if err != nil {
		return nil, err
	}
	all, err := casesOf(entries, d.Now())
	if err != nil {
		return nil, err
	}
	return all.open(), nil
}

// Case returns a proposal of a desk. What is none is a *NoCaseError.
func (d *Decider) Case(ctx context.Context, desk knowledge.DeskID, id ledger.ID) (*Case, error) {
	entries, _, err := wholeChain(ctx, d.Ledger, desk)
	if err != nil {
		return nil, err
	}
	all, err := casesOf(entries, d.Now())
	if err != nil {
		return nil, err
	}
	if c := all.byID[id]; c != nil {
		return c, nil
	}
	return nil, &NoCaseError{id}
}

// A standing is a desk as its chain tells it, up to its end.
type standing struct {
	head  ledger.Head
	cases *cases
	core  *core.Core
}

// same returns the open case of a person that proposes the same, or nil: what is sent twice is meant once.
func (s *standing) same(who Author, draft ledger.Draft) *Case {
	p, ok := draft.Payload.(ledger.Proposal)
	if !ok {
		return nil
	}
	for _, c := range s.cases.open() {
		if c.Proposer == who && c.Proposal.Kind == p.Kind && equalJSON(c.Proposal.Payload, p.Payload) {
			return c
		}
	}
	return nil
}

// equalJSON compares an object as a chain holds it with one that is not there yet.
func equalJSON(canonical, other json.RawMessage) bool {
	var a, b any
	if json.Unmarshal(canonical, &a) != nil || json.Unmarshal(other, &b) != nil {
		return false
	}
	x, errX := json.Marshal(a)
	y, errY := json.Marshal(b)
	return errX == nil && errY == nil && bytes.Equal(x, y)
}

// decide appends what is decided by a desk's chain as it stands.
func (d *Decider) decide(ctx context.Context, desk knowledge.DeskID, decision func(*standing) ([]ledger.Draft, error)) ([]ledger.Entry, error) {
	return decideOn(ctx, d.Ledger, desk, func(head ledger.Head, entries []ledger.Entry) ([]ledger.Draft, error) {
		all, err := casesOf(entries, d.Now())
		if err != nil {
			return nil, err
		}
		replayer := ledger.NewReplayer(desk)
		for i := range entries {
			if err := replayer.Add(&entries[i]); err != nil {
				return nil, err
			}
		}
		snapshot, err := d.Shared().With(replayer.Overlay())
		if err != nil {
			return nil, err
		}
		return decision(&standing{head, all, snapshot})
	})
}

// payloads read what proposals propose.
var payloads = map[ledger.Kind]func(json.RawMessage) (any, error){
	ledger.AssessmentRecorded: payloadAs[ledger.Assessment], ledger.EventRecorded: payloadAs[ledger.Event],
	ledger.MembershipRecorded: payloadAs[ledger.Membership], ledger.MeasureRecorded: payloadAs[ledger.Measure],
	ledger.VoteRecorded: payloadAs[ledger.Vote], ledger.Corrected: payloadAs[ledger.Correction], ledger.Withdrawn: payloadAs[ledger.Withdrawal],
}

func payloadAs[T any](raw json.RawMessage) (any, error) {
	var p T
	err := json.Unmarshal(raw, &p)
	return p, err
}

func payloadOf(kind ledger.Kind, raw json.RawMessage) (any, error) {
	read, ok := payloads[kind]
	if !ok {
		return nil, fmt.Errorf("desk: a %s cannot be proposed", kind)
	}
	p, err := read(raw)
	if err != nil {
		return nil, fmt.Errorf("desk: proposal of a %s: %w", kind, err)
	}
	return p, nil
}
