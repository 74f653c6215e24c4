package ledger

import (
	"context"
	"fmt"

	"stancebot/knowledge"
)

// Audit walks a stored chain from its first entry, holds it against its recorded head and the last checkpoint, and
// returns the head at its end. It fails with a *BrokenError that names the first entry that does not hold, as an error
// of the store does with that. It writes nothing, and others may append meanwhile.
func Audit(ctx context.Context, s Store, desk knowledge.DeskID) (Head, error) {
	recorded, err := s.Head(ctx, desk)
	if err != nil {
		return Head{}, err
	}
	checkpoint, err := s.Checkpoint(ctx, desk)
	if err != nil {
		return Head{}, err
	}
	head := Head{Desk: desk}
	for e, err := range Follow(head, s.Rows(ctx, desk, 0)) {
		if err != nil {
			return head, err
		}
		head = head.after(&e)
		switch {
		case head.Seq == checkpoint.Seq && head != checkpoint:
			return head, &BrokenError{desk, e.Seq, "it is not the entry that was there when the chain was last verified"}
		case head.Seq == recorded.Seq && head != recorded:
			return head, &BrokenError{desk, e.Seq, "it is not the entry that the recorded head names"}
		}
	}
	for _, want := range []Head{recorded, checkpoint} {
		if head.Seq < want.Seq {
			return head, &BrokenError{desk, head.Seq + 1, fmt.Sprintf("the chain ends before it, and once ended at %d: entries were cut off", want.Seq)}
		}
	}
	return head, notBehind(ctx, s, head)
}

// notBehind makes sure that no entry stands behind the recorded head, which moves with every append.
func notBehind(ctx context.Context, s Store, end Head) error {
	recorded, err := s.Head(ctx, end.Desk)
	if err == nil && recorded.Seq < end.Seq {
		err = &BrokenError{end.Desk, recorded.Seq + 1, fmt.Sprintf("it stands behind the recorded head, which names %d", recorded.Seq)}
	}
	return err
}
