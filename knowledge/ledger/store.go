package ledger

import (
	"context"
	"fmt"
	"iter"

	"stancebot/knowledge"
)

// A Store keeps the chains of desks. Implementations pass the suite in adapters/adaptertest. It is safe for concurrent
// use, by several processes too: the drafts of one Append stand together in the chain, and no two entries take one place.
type Store interface {
	// Append puts drafts at the end of a desk's chain, all of them or none, and returns the entries once they are
	// durable. A draft with an id that the desk has already is a *TakenError.
	Append(ctx context.Context, desk knowledge.DeskID, drafts ...Draft) ([]Entry, error)
	// AppendAt is Append for drafts that were decided on by what stands before a head: when the desk's chain no longer ends
	// there, it is a *MovedError and nothing is appended.
	AppendAt(ctx context.Context, head Head, drafts ...Draft) ([]Entry, error)
	// Rows yields the rows of a desk's chain behind a place, in their order. An error ends them.
	Rows(ctx context.Context, desk knowledge.DeskID, after int64) iter.Seq2[Row, error]
	// Head returns the recorded end of a desk's chain. A desk without entries has the zero hash.
	Head(ctx context.Context, desk knowledge.DeskID) (Head, error)
	// Desks lists the desks that have entries, or once had some that were verified, by name.
	Desks(ctx context.Context) ([]knowledge.DeskID, error)
	// Checkpoint returns the last head up to which the chain was verified, or the head of nothing.
	Checkpoint(ctx context.Context, desk knowledge.DeskID) (Head, error)
	// Verified records that the chain holds up to a head. A head before the last one changes nothing.
	Verified(ctx context.Context, head Head) error
	// Changed returns a channel that receives whenever a chain may have grown, by whatever process, until the context
	// ends; then it is closed. Signals that nobody waits for are joined into one. A store that goes away
	// signals, and again when it is back, since what happened meanwhile is not known.
	Changed(ctx context.Context) <-chan struct{}
}

// A MovedError tells that a chain no longer ends where it was thought to.
type MovedError struct{ Thought, Ends Head }

// Error tells both ends.
func (e *MovedError) Error() string {
	return fmt.Sprintf("ledger: the chain of desk %s ends at %d %.12s, and no longer at %d %.12s",
		e.Ends.Desk, e.Ends.Seq, e.Ends.Hash, e.Thought.Seq, e.Thought.Hash)
}

// A TakenError tells that a desk has another entry by that id.
type TakenError struct{ ID ID }

// Error tells which id is taken.
func (e *TakenError) Error() string {
	return "ledger: the desk has an entry " + e.ID.String() + " already"
}
