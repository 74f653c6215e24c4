package inbox

import (
	"context"
	"slices"
	"time"
)

// What one call of the store is about, at most.
const (
	portion      = 1000    // events
	portionBytes = 4 << 20 // of bodies, but for a larger one alone
)

// put has an item recorded by the next write. Where too many wait for that it is recorded later. The lock is held.
func (b *Inbox) put(it *item) {
	if len(b.puts) >= Bound {
		it.tried()
		return
	}
	it.putting = true
	b.puts = append(b.puts, it)
}

// beginWrite sees to it that what waits is written. The lock is held, so that none begins after Run has waited for them.
func (b *Inbox) beginWrite(ctx context.Context) {
	if !b.writing {
		b.writing = true
		b.write.Go(func() { b.writeAll(context.WithoutCancel(ctx)) })
	}
}

// tell has the store told what was worked: with the next events, or soon without. The lock is held.
func (b *Inbox) tell(ctx context.Context) {
	switch {
	case b.closed: // no more events come
		b.due = true
		b.beginWrite(ctx)
	case b.linger == nil:
		b.linger = time.AfterFunc(Linger, func() {
			b.mu.Lock()
			defer b.mu.Unlock()
			b.linger = nil
			if !b.closed && len(b.worked) > 0 {
				b.due = true
				b.beginWrite(ctx)
			}
		})
	}
}

// A batch is what one write is about: items and the events that they are.
type batch struct {
	puts, worked []*item
	came, done   []Event
}

// writeAll writes what waits, and what comes meanwhile, until nothing does.
func (b *Inbox) writeAll(ctx context.Context) {
	for {
		if b.crowded() {
			time.Sleep(Together)
		}
		store := b.o.Store()
		w := b.gather(store != nil && ctx.Err() == nil)
		if w == nil {
			return
		}
		b.writeBatch(ctx, store, w)
	}
}

// crowded reports whether a write has just ended and few events wait for the next: others are about to.
func (b *Inbox) crowded() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return len(b.puts) > 0 && len(b.puts) < company && !b.closed && b.o.Now().Sub(b.wrote) < Together
}

// gather takes what the next write is about. It returns nil where that is nothing, or the store is not there: then writing ends.
func (b *Inbox) gather(there bool) *batch {
	b.mu.Lock()
	defer b.mu.Unlock()
	if !there {
		b.unput()
		b.writing = false
		return nil
	}
	w := &batch{}
	b.gatherPuts(w)
	if (b.due || len(w.puts) > 0) && (!b.failing || b.retry) { // while it fails it is told with the clock, and not with each event
		b.gatherWorked(w)
	}
	b.retry = false
	if len(w.puts) == 0 && len(w.worked) == 0 {
		b.writing = false
		return nil
	}
	return w
}

func (b *Inbox) gatherPuts(w *batch) {
	taken, size := 0, 0
	for _, it := range b.puts {
		size += len(it.Body)
		if len(w.puts) == portion || len(w.puts) > 0 && size > portionBytes {
			break
		}
		taken++
		if it.stage == worked || it.stage == gone { // it was worked since, in memory
			it.tried()
			continue
		}
		e := it.Event
		e.Read = nil
		w.puts, w.came = append(w.puts, it), append(w.came, e)
	}
	clear(b.puts[:taken])
	if b.puts = b.puts[taken:]; len(b.puts) == 0 {
		b.puts = nil
	}
}

func (b *Inbox) gatherWorked(w *batch) {
	for _, it := range b.worked[:min(portion, len(b.worked))] {
		e := it.Event
		if it.stored {
			e.Keys = nil // the store has them
		}
		w.worked, w.done = append(w.worked, it), append(w.done, e)
	}
	b.due = len(b.worked) > portion
}

// unput puts nothing of what waits: it is tried again with the clock.
func (b *Inbox) unput() {
	for _, it := range b.puts {
		it.tried()
	}
	b.puts = nil
}

// tried tells whoever waits for an item that its Put is over.
func (it *item) tried() {
	it.putting = false
	select {
	case <-it.recorded: // before
	default:
		close(it.recorded)
	}
}

// writeBatch writes a batch, and learns what the store knows of it.
func (b *Inbox) writeBatch(ctx context.Context, store Store, w *batch) {
	b.turn <- struct{}{}
	defer func() { <-b.turn }()
	limited, cancel := context.WithTimeout(ctx, storeLimit)
	defer cancel()
	fresh, err := store.Write(limited, w.came, b.lease(), w.done)
	if ctx.Err() == nil { // else it was told to stop
		b.report(ctx, err)
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.wrote = b.o.Now()
	for i, it := range w.puts {
		it.tried()
		switch {
		case err != nil:
		case fresh[i]:
			it.stored = true
		default:
			it.known = true
			if it.stage == waiting { // it was admitted, and another has it
				b.forget(it)
			}
		}
	}
	if err != nil {
		if limited.Err() != nil { // what came meanwhile has waited long enough, too
			b.unput()
		}
		return
	}
	for _, it := range w.worked {
		b.queues.set(it, gone)
		delete(b.held, it.ID)
	}
	if len(w.worked) > 0 {
		b.worked = slices.DeleteFunc(b.worked, func(it *item) bool { return it.stage == gone })
	}
}
