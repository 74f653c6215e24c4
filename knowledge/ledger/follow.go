package ledger

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync"

	"stancebot/knowledge"
)

// A Follower reads what is new in the chains of a store, holds it against the chain, and hands what each desk recorded
// to whoever lays it over the shared records. What was laid stays when the store is away, or an entry does not hold.
type Follower struct {
	Caught func() // hears of each catching up, set before the first; nil for nobody

	store Store
	lay   func(*knowledge.Overlay) error
	log   *slog.Logger

	catching sync.Mutex // one reading at a time
	desks    map[knowledge.DeskID]*followed

	mu     sync.Mutex
	status Status
}

// followed is how far a desk was read.
type followed struct {
	head     Head
	replayer *Replayer
	laid     int64 // the last entry of the overlay that was laid
}

// A Status tells how far a follower is.
type Status struct {
	Heads []Head // of what was read and held, by desk
	Err   error  // why the last reading stopped short, nil when it did not
}

// Broken returns, by desk, the chains that the last reading found broken.
func (s Status) Broken() map[knowledge.DeskID]*BrokenError {
	broken := map[knowledge.DeskID]*BrokenError{}
	var walk func(error)
	walk = func(err error) {
		switch e := err.(type) { //nolint:errorlint // each error of several is looked at, not the first
		case *BrokenError:
			broken[e.Desk] = e
		case interface{ Unwrap() []error }:
			for _, one := range e.Unwrap() {
				walk(one)
			}
		case interface{ Unwrap() error }:
			walk(e.Unwrap())
		}
	}
	walk(s.Err)
	return broken
}

// NewFollower returns a follower that has read nothing yet. lay is called with each new overlay, never twice at a time.
func NewFollower(store Store, lay func(*knowledge.Overlay) error, log *slog.Logger) *Follower {
	return &Follower{store: store, lay: lay, log: log, desks: map[knowledge.DeskID]*followed{}}
}

// Status returns how far the follower is.
func (f *Follower) Status() Status {
	f.mu.Lock()
	defer f.mu.Unlock()
	return Status{slices.Clone(f.status.Heads), f.status.Err}
}

// Run catches up, and again whenever a chain may have grown, until the context ends.
func (f *Follower) Run(ctx context.Context) {
	changed := f.store.Changed(ctx) // before the first reading: what comes meanwhile signals
	for {
		f.catchUp(ctx)
		select {
		case <-ctx.Done():
			return
		case _, ok := <-changed:
			if !ok {
				return
			}
		}
	}
}

// catchUp logs when catching up begins to fail, and when it no longer does.
func (f *Follower) catchUp(ctx context.Context) {
	before := f.Status().Err
	err := f.CatchUp(ctx)
	switch {
	case ctx.Err() != nil:
	case err != nil && (before == nil || before.Error() != err.Error()):
		f.log.ErrorContext(ctx, "the ledger cannot be followed: answers stay with what was read before", "error", err)
	case err == nil && before != nil:
		f.log.InfoContext(ctx, "the ledger is followed again")
	}
}

// CatchUp reads what is new of every desk and lays it. It goes on with the other desks where one fails, and returns what
// failed: a *BrokenError for a chain that does not hold.
func (f *Follower) CatchUp(ctx context.Context) error {
	f.catching.Lock()
	defer f.catching.Unlock()
	desks, err := f.store.Desks(ctx)
	if err == nil {
		var errs []error
		for _, desk := range desks {
			errs = append(errs, f.catchUpDesk(ctx, desk))
		}
		err = errors.Join(errs...)
	}
	if f.Caught != nil {
		defer f.Caught() // when Status tells it
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.status.Err = err
	f.status.Heads = f.status.Heads[:0]
	for _, d := range f.desks {
		f.status.Heads = append(f.status.Heads, d.head)
	}
	slices.SortFunc(f.status.Heads, func(a, b Head) int { return cmp.Compare(a.Desk, b.Desk) })
	return err
}

func (f *Follower) catchUpDesk(ctx context.Context, desk knowledge.DeskID) error {
	d := f.desks[desk]
	first := d == nil
	if first {
		d = &followed{head: Head{Desk: desk}, replayer: NewReplayer(desk)}
		f.desks[desk] = d
	}
	readErr := f.read(ctx, d, first)
	if d.laid < d.head.Seq { // what was read before an error holds, and is laid
		if err := f.lay(d.replayer.Overlay()); err != nil {
			return errors.Join(readErr, fmt.Errorf("ledger of desk %s: %w", desk, err))
		}
		d.laid = d.head.Seq
	}
	return readErr
}

// read takes in the rows behind the head. The first reading holds the end against the recorded head and the last
// checkpoint, so that a cut tail shows; each leaves a checkpoint.
func (f *Follower) read(ctx context.Context, d *followed, first bool) error {
	recorded, err := f.store.Head(ctx, d.head.Desk) // before the rows: later ones lie behind it
	if err != nil {
		return err
	}
	checkpoint, err := f.store.Checkpoint(ctx, d.head.Desk)
	if err != nil {
		return err
	}
	start := d.head.Seq
	for e, err := range Follow(d.head, f.store.Rows(ctx, d.head.Desk, d.head.Seq)) {
		if err != nil {
			return err
		}
		if err := d.replayer.Add(&e); err != nil {
			return err
		}
		d.head = d.head.after(&e)
		if e.Seq == checkpoint.Seq && e.Hash != checkpoint.Hash {
			return &BrokenError{e.Desk, e.Seq, "it is not the entry that was there when the chain was last verified"}
		}
	}
	for _, want := range []Head{recorded, checkpoint} {
		if d.head.Seq < want.Seq {
			return &BrokenError{d.head.Desk, d.head.Seq + 1, fmt.Sprintf("the chain ends there, and once ended at %d: entries were cut off", want.Seq)}
		}
	}
	if d.head.Seq > start || first {
		return f.store.Verified(ctx, d.head)
	}
	return nil
}
