package told

import (
	"context"
	"fmt"
	"log/slog"
	"runtime"
	"slices"
	"sync"
	"time"

	"stancebot/knowledge"
)

const (
	patience = 10 * time.Second // with one batch
	quiet    = time.Minute      // between two reports of what was dropped
	// Batch is how many tellings are kept together. The more, the less each costs: a batch is one transaction.
	Batch = 500
	// Every is how long a telling waits for others to be kept with.
	Every = time.Second
	// Bound is how many tellings wait while the store is away, or slower than they come; then the oldest are dropped.
	Bound = 10_000
)

// A Log writes what was told to a store in batches, off the path of requests. It is safe for concurrent use.
type Log struct {
	store  Store
	log    *slog.Logger
	kick   chan struct{} // a batch is full
	ending chan struct{} // closed by the first Close
	ended  chan struct{} // closed when the goroutine has returned
	giveUp context.CancelFunc

	writing chan struct{} // holds one while a batch is written, and while something is forgotten

	mu      sync.Mutex
	closed  bool
	waiting []Told
	dropped int

	reported   int // how many of the dropped were logged; these two are the goroutine's own
	reportedAt time.Time
}

// NewLog returns a log that writes to the store until it is closed.
func NewLog(store Store, log *slog.Logger) *Log {
	ctx, giveUp := context.WithCancel(context.Background())
	l := &Log{
		store: store, log: log, kick: make(chan struct{}, 1), ending: make(chan struct{}), ended: make(chan struct{}), giveUp: giveUp,
		writing: make(chan struct{}, 1),
	}
	go func() {
		defer close(l.ended)
		l.write(ctx)
	}()
	return l
}

// Put hands a telling over. It never waits: when too many wait already, the oldest is dropped and counted, and so is one that
// comes after Close.
func (l *Log) Put(t Told) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed {
		l.dropped++
		return
	}
	l.waiting = append(l.waiting, t)
	l.trim()
	if len(l.waiting) >= Batch {
		select {
		case l.kick <- struct{}{}:
		default:
		}
	}
}

// trim drops the oldest beyond the bound.
func (l *Log) trim() {
	if over := len(l.waiting) - Bound; over > 0 {
		l.dropped += over
		clear(l.waiting[:over]) // their replies need no memory
		l.waiting = l.waiting[over:]
	}
}

// Waiting returns how many tellings wait to be kept, and how many were dropped so far.
func (l *Log) Waiting() (waiting, dropped int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.waiting), l.dropped
}

// Flush writes what waits, for callers that are to find it in the store.
func (l *Log) Flush(ctx context.Context) error {
	for {
		if n, err := l.writeBatch(ctx); n == 0 || err != nil {
			return err
		}
	}
}

// Close writes what waits and ends the log; the end of the context ends that, too. It fails when tellings were not kept, and
// tells how many. It may be called again.
func (l *Log) Close(ctx context.Context) error {
	l.mu.Lock()
	if !l.closed {
		l.closed = true
		close(l.ending)
	}
	l.mu.Unlock()
	stop := context.AfterFunc(ctx, l.giveUp)
	<-l.ended
	stop()
	l.giveUp()
	if n, _ := l.Waiting(); n > 0 {
		return fmt.Errorf("told: %d tellings were not kept", n)
	}
	return nil
}

// write writes batches until the log ends: full ones as they come, and with the clock all that waits. What does not fill one is not
// worth a transaction of its own before.
func (l *Log) write(ctx context.Context) {
	tick := time.NewTicker(Every)
	defer tick.Stop()
	var last error
	for {
		least := 1
		select {
		case <-l.ending:
			_ = l.writeAll(ctx, least) // Close tells what was not kept
			return
		case <-tick.C:
		case <-l.kick:
			if last != nil {
				continue // the store is tried again with the clock, and not with each reply
			}
			least = Batch
		}
		last = l.report(ctx, last, l.writeAll(ctx, least))
	}
}

// report logs when writing begins to fail, and when it no longer does.
func (l *Log) report(ctx context.Context, before, err error) error {
	switch waiting, _ := l.Waiting(); {
	case err != nil && before == nil:
		l.log.ErrorContext(ctx, "what was told cannot be kept: it waits", "waiting", waiting, "error", err)
	case err == nil && before != nil:
		l.log.InfoContext(ctx, "what was told is kept again")
	}
	return err
}

// reportDropped logs that tellings were dropped, while the store was away or because they come faster than it keeps them.
func (l *Log) reportDropped(ctx context.Context) {
	waiting, dropped := l.Waiting()
	if dropped == l.reported || time.Since(l.reportedAt) < quiet {
		return
	}
	l.reported, l.reportedAt = dropped, time.Now()
	l.log.WarnContext(ctx, "of what was told the oldest was dropped", "dropped", dropped, "waiting", waiting)
}

// writeAll writes batch by batch until fewer than the least wait or one fails; that one waits again, before those that came meanwhile.
func (l *Log) writeAll(ctx context.Context, least int) error {
	for {
		if waiting, _ := l.Waiting(); waiting < least {
			return nil
		}
		n, err := l.writeBatch(ctx)
		if n == 0 || err != nil {
			return err
		}
		l.reportDropped(ctx)
		runtime.Gosched() // answers come before the notes of them
	}
}

// writeBatch writes a batch, and returns how many it had.
func (l *Log) writeBatch(ctx context.Context) (int, error) {
	l.writing <- struct{}{}
	defer func() { <-l.writing }()
	tellings := l.take()
	if len(tellings) == 0 {
		return 0, nil
	}
	limited, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	err := l.store.Keep(limited, tellings)
	if err != nil {
		l.mu.Lock()
		defer l.mu.Unlock()
		l.waiting = append(tellings, l.waiting...)
		l.trim()
	}
	return len(tellings), err
}

// Forget forgets what a desk told in a place and in all that the place holds: what waits to be kept, and what is kept. It returns
// how many tellings that were.
func (l *Log) Forget(ctx context.Context, desk knowledge.DeskID, place Place) (int, error) {
	select {
	case l.writing <- struct{}{}: // what is on its way is kept first, and then erased
		defer func() { <-l.writing }()
	case <-ctx.Done():
		return 0, ctx.Err()
	}
	n := l.drop(desk, place)
	kept, err := l.store.Forget(ctx, desk, place)
	return n + kept, err
}

// drop takes what a desk told in a place out of what waits.
func (l *Log) drop(desk knowledge.DeskID, place Place) int {
	l.mu.Lock()
	defer l.mu.Unlock()
	before := len(l.waiting)
	l.waiting = slices.DeleteFunc(l.waiting, func(t Told) bool { return t.Desk == desk && place.Holds(t.Place) })
	return before - len(l.waiting)
}

// take takes a batch out of what waits.
func (l *Log) take() []Told {
	l.mu.Lock()
	defer l.mu.Unlock()
	n := min(Batch, len(l.waiting))
	tellings := l.waiting[:n:n]
	l.waiting = l.waiting[n:]
	return tellings
}
