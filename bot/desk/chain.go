package desk

import (
	"context"
	"errors"

	"stancebot/knowledge"
	"stancebot/knowledge/ledger"
)

// tries is how often something is decided anew because others appended meanwhile.
const tries = 10

// decideOn appends what is decided by a desk's chain, unless others append meanwhile: then it decides anew. It returns the
// entries that were appended.
func decideOn(ctx context.Context, store ledger.Store, desk knowledge.DeskID, decision func(ledger.Head, []ledger.Entry) ([]ledger.Draft, error)) ([]ledger.Entry, error) {
	for try := 1; ; try++ {
		entries, head, err := wholeChain(ctx, store, desk)
		if err != nil {
			return nil, err
		}
		drafts, err := decision(head, entries)
		if err != nil || len(drafts) == 0 {
			return nil, err
		}
		appended, err := store.AppendAt(ctx, head, drafts...)
		if moved := (*ledger.MovedError)(nil); errors.As(err, &moved) && try < tries {
			continue
		}
		return appended, err
	}
}

// wholeChain reads a desk's chain, and where it ends.
func wholeChain(ctx context.Context, store ledger.Store, desk knowledge.DeskID) ([]ledger.Entry, ledger.Head, error) {
	end := ledger.Head{Desk: desk}
	var entries []ledger.Entry
	for e, err := range ledger.Follow(end, store.Rows(ctx, desk, 0)) {
		if err != nil {
			return nil, end, err
		}
		entries = append(entries, e)
		end = ledger.Head{Desk: desk, Seq: e.Seq, LastID: max(end.LastID, e.ID), Hash: e.Hash}
	}
	return entries, end, nil
}
