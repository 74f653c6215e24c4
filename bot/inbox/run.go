package inbox

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"runtime/debug"
	"slices"
	"sync"
	"time"

	"stancebot/bot/request"
)

// Run works events until the context ends: those received, and those that a process that died left in the store. Then it takes
// no more, lets those that are worked end within Drain, and leaves the rest in the store; it fails when some could not be left
// there. It is called once.
func (b *Inbox) Run(ctx context.Context) error {
	working, cancel := context.WithCancel(context.WithoutCancel(ctx))
	defer cancel()
	keeping, enough := context.WithCancel(working)
	defer enough()
	var pool, keeper sync.WaitGroup
	for range b.o.Workers {
		pool.Go(func() { b.work(working) })
	}
	keeper.Go(func() { b.keep(keeping) })
	<-ctx.Done()
	b.close()
	cut := time.AfterFunc(Drain, cancel)
	pool.Wait()
	cut.Stop()
	enough()
	keeper.Wait()
	b.write.Wait()
	return b.leave(context.WithoutCancel(ctx))
}

// close takes no more events, and starts none.
func (b *Inbox) close() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.closed = true
	if b.linger != nil {
		b.linger.Stop() // leave tells all
	}
	b.queues.stop()
}

// work works one event after the other.
func (b *Inbox) work(ctx context.Context) {
	for {
		it, e := b.next()
		if it == nil {
			return
		}
		b.end(ctx, it, b.try(ctx, e))
	}
}

// next waits for an event that can be worked. It returns nil when the inbox is closed.
func (b *Inbox) next() (*item, Event) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for !b.closed {
		if it := b.queues.next(); it != nil {
			b.running++
			it.begun = true
			e := it.Event
			e.Keys = nil
			return it, e
		}
		b.queues.some.Wait()
	}
	return nil, Event{}
}

// A panicError is a panic of Work. What was panicked with may hold the body, unless the runtime made it.
type panicError struct {
	value any
	trace []byte
}

func (p *panicError) Error() string {
	if err, ok := p.value.(runtime.Error); ok {
		return fmt.Sprintf("panic: %v\n%s", err, p.trace)
	}
	return fmt.Sprintf("panic: a %T\n%s", p.value, p.trace)
}

// try works an event. A panic is an error like others.
func (b *Inbox) try(ctx context.Context, e Event) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = &panicError{r, debug.Stack()}
		}
	}()
	return b.o.Work(request.With(ctx, e.Request), e)
}

// end decides what becomes of an event that was worked.
func (b *Inbox) end(ctx context.Context, it *item, err error) {
	later := (*Later)(nil)
	patience := errors.As(err, &later)
	if err != nil && !patience && ctx.Err() == nil {
		b.o.Log.ErrorContext(request.With(ctx, it.Request), "an event was given up", "platform", b.o.Platform, "event", it.ID, "attempt", it.Attempt, "error", err)
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.running--
	switch {
	case err == nil:
		b.done.Add(1)
		b.queues.end(it)
		b.finish(ctx, it)
	case b.closed && (patience || ctx.Err() != nil): // it is left in the store
		b.queues.set(it, waiting)
	case patience:
		b.queues.rest(it, max(later.Until.Sub(b.o.Now()), shortest), func(q *queue) {
			b.mu.Lock()
			defer b.mu.Unlock()
			b.queues.rested(q)
		})
	default:
		b.givenUp.Add(1)
		b.queues.end(it)
		b.finish(ctx, it)
	}
}

// finish has the store told of an item that was worked. Of those that the store never had, the oldest are dropped when too many
// wait for it: their repeats may be worked again by another process.
func (b *Inbox) finish(ctx context.Context, it *item) {
	it.Body, it.Read = nil, nil
	b.worked = append(b.worked, it)
	for i := 0; len(b.worked) > Bound && i < len(b.worked); i++ {
		if old := b.worked[i]; !old.stored {
			delete(b.held, old.ID)
			b.worked = slices.Delete(b.worked, i, i+1)
			break
		}
	}
	if !b.failing { // else it is told with the clock, and not with each event
		b.tell(ctx)
	}
	if b.more || b.spill {
		b.wakeKeeper()
	}
}
