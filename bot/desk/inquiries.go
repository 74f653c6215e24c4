package desk

import (
	"context"
	"fmt"
	"strings"

	"stancebot/knowledge"
	"stancebot/knowledge/ledger"
)

// openInquiries is how many questions of one person wait for an answer at most.
const openInquiries = 5

// A NoInquiryError tells that a receipt is no question to the desk.
type NoInquiryError struct{ ID ledger.ID }

// Error tells which.
func (e *NoInquiryError) Error() string {
	return "desk: " + e.ID.String() + " is no question to the desk"
}

// Inquire puts a question to the desk's editors. Anybody may. It is a *TooManyError while too many of the asker wait, and a *NoReasonError
// without words.
func (d *Decider) Inquire(ctx context.Context, desk knowledge.DeskID, who Author, words string) (ledger.Entry, error) {
	draft := ledger.Draft{Author: string(who), Kind: ledger.Inquired, Reason: words, Payload: ledger.Inquiry{}}
	return d.speak(ctx, desk, draft, func(open map[ledger.ID]*ledger.Entry) error {
		own := 0
		for _, e := range open {
			switch {
			case e.Author == string(who) && e.Reason == words:
				return &AskedError{e.ID}
			case e.Author == string(who):
				own++
			}
		}
		if own >= openInquiries {
			return &TooManyError{openInquiries}
		}
		return nil
	})
}

// An AskedError tells that the same question waits already.
type AskedError struct{ ID ledger.ID }

// Error tells which.
func (e *AskedError) Error() string { return "desk: " + e.ID.String() + " asks the same" }

// Answer answers a question to the desk, by an editor. It may be answered again.
func (d *Decider) Answer(ctx context.Context, desk knowledge.DeskID, who Author, id ledger.ID, words string) (ledger.Entry, error) {
	if !d.Editors.Has(who) {
		return ledger.Entry{}, &NotEditorError{who}
	}
	draft := ledger.Draft{Author: string(who), Kind: ledger.Answered, Reason: words, Payload: ledger.Answer{Of: id}}
	entries, _, err := wholeChain(ctx, d.Ledger, desk)
	if err != nil {
		return ledger.Entry{}, err
	}
	for i := range entries {
		if e := &entries[i]; e.ID == id && e.Kind == ledger.Inquired {
			return d.speak(ctx, desk, draft, func(map[ledger.ID]*ledger.Entry) error { return nil })
		}
	}
	return ledger.Entry{}, &NoInquiryError{id}
}

// speak records what somebody says to the desk, or the desk to somebody, unless the questions that wait speak against it.
func (d *Decider) speak(ctx context.Context, desk knowledge.DeskID, draft ledger.Draft, may func(open map[ledger.ID]*ledger.Entry) error) (ledger.Entry, error) {
	check := &problems{}
	check.text("field.reason", draft.Reason, false)
	if err := check.err(); err != nil {
		return ledger.Entry{}, err
	}
	if strings.TrimSpace(draft.Reason) == "" {
		return ledger.Entry{}, &NoReasonError{}
	}
	entries, err := decideOn(ctx, d.Ledger, desk, func(_ ledger.Head, entries []ledger.Entry) ([]ledger.Draft, error) {
		open, err := inquiries(entries)
		if err != nil {
			return nil, err
		}
		if err := may(open); err != nil {
			return nil, err
		}
		draft.At = d.Now()
		return []ledger.Draft{draft}, nil
	})
	if err != nil {
		return ledger.Entry{}, fmt.Errorf("desk: %w", err)
	}
	return entries[0], nil
}

// inquiries are the questions that nobody answered yet.
func inquiries(entries []ledger.Entry) (map[ledger.ID]*ledger.Entry, error) {
	open := map[ledger.ID]*ledger.Entry{}
	for i := range entries {
		switch e := &entries[i]; e.Kind { //nolint:exhaustive // the others ask nothing
		case ledger.Inquired:
			open[e.ID] = e
		case ledger.Answered:
			p, err := ledger.Decode[ledger.Answer](e)
			if err != nil {
				return nil, err
			}
			delete(open, p.Of)
		}
	}
	return open, nil
}
