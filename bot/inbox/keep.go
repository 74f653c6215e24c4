package inbox

import (
	"context"
	"fmt"
	"strings"
	"time"

	"stancebot/bot/request"
)

// keep renews the leases of what is held each Every, has recorded what the store did not take before, and claims what has no
// owner; of that there may be more as soon as something was worked.
func (b *Inbox) keep(ctx context.Context) {
	tick := time.NewTicker(Every)
	defer tick.Stop()
	b.inTurn(ctx, b.claim)
	for {
		select {
		case <-tick.C:
			b.inTurn(ctx, b.renew, b.giveBack)
			b.record(ctx)
			b.inTurn(ctx, b.claim)
		case <-b.kick:
			if b.mayBeMore() {
				b.inTurn(ctx, b.giveBack, b.claim)
			}
		case <-ctx.Done():
			return
		}
	}
}

// inTurn does what calls the store when nobody else does.
func (b *Inbox) inTurn(ctx context.Context, do ...func(context.Context)) {
	select {
	case b.turn <- struct{}{}:
	case <-ctx.Done():
		return
	}
	defer func() { <-b.turn }()
	for _, f := range do {
		f(ctx)
	}
}

// mayBeMore reports whether events may wait in the store. While it fails it is asked with the clock, and not with each event.
func (b *Inbox) mayBeMore() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return (b.more || b.spill) && !b.failing
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
	b.release(ctx, left, Lease{Owner: b.owner})
}

// release has events be others' to claim, by a lease that has ended.
func (b *Inbox) release(ctx context.Context, ids []string, ended Lease) {
	if len(ids) > 0 {
		b.call(ctx, func(ctx context.Context, s Store) error {
			_, err := s.Renew(ctx, ids, ended)
			return err
		})
	}
}

// begunLease is the lease of what was begun and is left to others: it ended long ago, as that of a process that died, so that whoever
// claims it counts an attempt and looks for what may have been done.
func (b *Inbox) begunLease() Lease { return Lease{b.owner, time.Unix(1, 0)} }

// record has what the store did not take when it came put again, and the store told what was worked.
func (b *Inbox) record(ctx context.Context) {
	there := b.o.Store() != nil
	b.mu.Lock()
	defer b.mu.Unlock()
	if there && b.unrecorded() {
		b.beginWrite(ctx)
	}
}

// unrecorded reports whether there is something that the store does not know yet. That waits for the next write now.
func (b *Inbox) unrecorded() bool {
	b.retry, b.due = true, true
	for _, it := range b.held {
		if !it.stored && !it.known && !it.putting && (it.stage == waiting || it.stage == running) {
			b.put(it)
		}
	}
	return len(b.puts) > 0 || len(b.worked) > 0
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
	return min(b.o.Workers-b.running-b.queues.ready, storedBound-b.load())
}

// adopt takes a claimed event into its queue. One that was tried too often is given up.
func (b *Inbox) adopt(ctx context.Context, e Event) {
	e.Request = e.ID[strings.LastIndexByte(e.ID, '-')+1:]
	it := &item{Event: e, stage: waiting, stored: true}
	b.held[e.ID] = it
	if e.Attempt <= Attempts {
		b.queues.add(it, true)
		return
	}
	b.o.Log.ErrorContext(request.With(ctx, e.Request), "an event was given up: the program ended each time that it was worked", "platform", b.o.Platform, "event", e.ID,
		"attempts", Attempts)
	b.givenUp.Add(1)
	it.stage = worked
	b.finish(ctx, it)
}

// leave leaves in the store what was not worked, for others to claim, and tells it what was.
func (b *Inbox) leave(ctx context.Context) error {
	limited, cancel := context.WithTimeout(ctx, 2*storeLimit)
	defer cancel()
	b.mu.Lock()
	b.unrecorded()
	b.writing = true
	b.mu.Unlock()
	b.writeAll(limited)
	b.mu.Lock()
	lost := 0
	var begun []string
	for id, it := range b.held {
		switch {
		case it.stage == worked:
		case it.stored && it.begun:
			begun = append(begun, id)
		case it.stored:
			b.left = append(b.left, id)
		case it.stage != arriving: // its Receive refuses it
			lost++
		}
	}
	b.mu.Unlock()
	b.giveBack(limited)
	b.release(limited, begun, b.begunLease())
	if lost > 0 {
		return fmt.Errorf("inbox: %d events of %s were not worked and could not be recorded", lost, b.o.Platform)
	}
	return nil
}
