package inbox

import (
	"context"
	"fmt"
	"slices"
	"time"
)

// portion is how many events one call of the store is about.
const portion = 1000

// keep tells the store what was worked, at once; and each Every it renews the leases of what is held, records what the store
// did not take before, and claims what has no owner.
func (b *Inbox) keep(ctx context.Context) {
	tick := time.NewTicker(Every)
	defer tick.Stop()
	b.claim(ctx)
	for {
		select {
		case <-tick.C:
			b.renew(ctx)
			b.giveBack(ctx)
			b.record(ctx, portion)
			b.settle(ctx)
			b.claim(ctx)
		case <-b.kick:
			if b.away() {
				continue // the store is tried again with the clock, and not with each event
			}
			b.settle(ctx)
			if b.mayBeMore() {
				b.giveBack(ctx)
				b.claim(ctx)
			}
		case <-ctx.Done():
			return
		}
	}
}

func (b *Inbox) away() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.failing
}

func (b *Inbox) mayBeMore() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.more || b.spill
}

// call calls the store, if there is one, for a limited time, and reports whether it did what it was asked.
func (b *Inbox) call(ctx context.Context, f func(context.Context, Store) error) bool {
	store := b.o.Store()
	if store == nil || ctx.Err() != nil {
		return false
	}
	limited, cancel := context.WithTimeout(ctx, storeLimit)
	defer cancel()
	err := f(limited, store)
	if ctx.Err() == nil { // else it was told to stop
		b.report(ctx, err)
	}
	return err == nil
}

// settle tells the store what was worked. A Put that has not returned yet finds the keys there.
func (b *Inbox) settle(ctx context.Context) {
	for {
		items, events := b.toSettle()
		if len(items) == 0 || !b.call(ctx, func(ctx context.Context, s Store) error { return s.Done(ctx, events) }) {
			return
		}
		b.mu.Lock()
		for _, it := range items {
			b.queues.set(it, gone)
			delete(b.held, it.ID)
		}
		b.worked = slices.DeleteFunc(b.worked, func(it *item) bool { return it.stage == gone })
		b.mu.Unlock()
	}
}

func (b *Inbox) toSettle() ([]*item, []Event) {
	b.mu.Lock()
	defer b.mu.Unlock()
	var items []*item
	var events []Event
	for _, it := range b.worked[:min(portion, len(b.worked))] {
		e := it.Event
		if it.stored {
			e.Keys = nil // the store has them
		}
		items, events = append(items, it), append(events, e)
	}
	return items, events
}

// ids returns the ids of what is held and in the store.
func (b *Inbox) ids() []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	var ids []string
	for id, it := range b.held {
		if it.stored {
			ids = append(ids, id)
		}
	}
	return ids
}

// renew renews the leases of what is held. What another has claimed, since the store was away for too long, is held no more
// unless it is worked already.
func (b *Inbox) renew(ctx context.Context) {
	ids := b.ids()
	if len(ids) == 0 {
		return
	}
	var held []string
	if !b.call(ctx, func(ctx context.Context, s Store) (err error) {
		held, err = s.Renew(ctx, ids, b.lease())
		return err
	}) {
		return
	}
	ours := make(map[string]bool, len(held))
	for _, id := range held {
		ours[id] = true
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, id := range ids {
		if it := b.held[id]; it != nil && !ours[id] && it.stage == waiting {
			b.forget(it)
		}
	}
}

// giveBack gives back what is left in the store. Where that fails, its lease ends.
func (b *Inbox) giveBack(ctx context.Context) {
	b.mu.Lock()
	left := b.left
	b.left = nil
	b.mu.Unlock()
	if len(left) > 0 {
		b.call(ctx, func(ctx context.Context, s Store) error {
			_, err := s.Renew(ctx, left, Lease{Owner: b.owner})
			return err
		})
	}
}

// record puts what the store did not take when it came, and stops at the first that it does not take now.
func (b *Inbox) record(ctx context.Context, limit int) {
	for _, it := range b.unrecorded(limit) {
		store := b.o.Store()
		b.mu.Lock()
		e := it.Event
		wanted := store != nil && it.stage != worked && it.stage != gone
		it.putting = wanted
		b.mu.Unlock()
		if wanted && b.put(ctx, store, it, e) != nil {
			return
		}
	}
}

func (b *Inbox) unrecorded(limit int) []*item {
	b.mu.Lock()
	defer b.mu.Unlock()
	var items []*item
	for _, it := range b.held {
		if !it.stored && !it.known && !it.putting && (it.stage == waiting || it.stage == running) && len(items) < limit {
			items = append(items, it)
		}
	}
	return items
}

// claim takes over events that no one holds, as many as workers are free: what is claimed is worked now, so that a process that
// dies again counts an attempt for hardly any but those.
func (b *Inbox) claim(ctx context.Context) {
	room := b.room()
	if room <= 0 {
		return
	}
	var events []Event
	if !b.call(ctx, func(ctx context.Context, s Store) (err error) {
		events, err = s.Claim(ctx, b.o.Platform, b.o.Now(), b.lease(), room)
		return err
	}) {
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.more = len(events) == room
	b.spill = b.spill && (b.more || len(b.left) > 0)
	for _, e := range events {
		if it := b.held[e.ID]; it != nil { // its lease had ended while the store was away
			it.stored = true
			continue
		}
		b.adopt(ctx, e)
	}
}

// room is how many events can be worked at once.
func (b *Inbox) room() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.closed {
		return 0
	}
	return min(b.o.Workers-b.running-len(b.queues.ready), storedBound-b.load())
}

// adopt takes a claimed event into its queue. One that was tried too often is given up.
func (b *Inbox) adopt(ctx context.Context, e Event) {
	it := &item{Event: e, stage: waiting, stored: true}
	b.held[e.ID] = it
	if e.Attempt <= Attempts {
		b.queues.add(it, true)
		return
	}
	b.o.Log.ErrorContext(ctx, "an event was given up: the program ended each time that it was worked", "platform", b.o.Platform, "event", e.ID,
		"attempts", Attempts)
	b.givenUp.Add(1)
	it.stage = worked
	b.finish(it)
}

// leave leaves in the store what was not worked, for others to claim, and tells it what was.
func (b *Inbox) leave(ctx context.Context) error {
	limited, cancel := context.WithTimeout(ctx, 2*storeLimit)
	defer cancel()
	b.record(limited, Bound)
	b.settle(limited)
	b.mu.Lock()
	lost := 0
	for id, it := range b.held {
		switch {
		case it.stage == worked:
		case it.stored:
			b.left = append(b.left, id)
		case it.stage != arriving: // its Receive refuses it
			lost++
		}
	}
	b.mu.Unlock()
	b.giveBack(limited)
	if lost > 0 {
		return fmt.Errorf("inbox: %d events of %s were not worked and could not be recorded", lost, b.o.Platform)
	}
	return nil
}
