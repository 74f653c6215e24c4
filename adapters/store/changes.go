package store

import (
	"context"
	"time"
)

// Changes returns a channel that receives whenever rows of a topic may have changed, by whatever process, until the
// context ends or the DB is closed; then it is closed. Signals that nobody waits for are joined into one. It receives
// once at the beginning, when the connection is lost, and when it is back.
func (db *DB) Changes(ctx context.Context, topic string) <-chan struct{} {
	signals := make(chan struct{}, 1)
	ctx, end := context.WithCancel(ctx)
	stop := context.AfterFunc(db.closed, end)
	db.mu.Lock()
	db.listeners[signals] = topic
	db.mu.Unlock()
	db.watches.Go(func() {
		defer end()
		defer stop()
		db.watch(ctx, topic, func() { raise(signals) })
		db.mu.Lock()
		delete(db.listeners, signals)
		db.mu.Unlock()
		close(signals) // nobody raises it any more
	})
	return signals
}

// The pauses between tries to reach a database that is away.
const (
	firstWait   = 100 * time.Millisecond
	longestWait = 2 * time.Second
)

// watch watches until the context ends, over connections that are lost.
func (db *DB) watch(ctx context.Context, topic string, signal func()) {
	wait := firstWait
	for {
		up := time.Now()
		err := db.engine.watch(ctx, topic, signal)
		if ctx.Err() != nil {
			return
		}
		signal() // who reads now learns that the database is away
		if time.Since(up) > longestWait {
			wait = firstWait
		}
		db.log.WarnContext(ctx, "store: not listening for changes, trying again", "topic", topic, "in", wait, "error", db.Explain("listen to", err))
		select {
		case <-time.After(wait):
		case <-ctx.Done():
			return
		}
		wait = min(2*wait, longestWait)
	}
}

// signal tells those in this process at once; their watches tell them again.
func (db *DB) signal(topic string) {
	db.mu.Lock()
	defer db.mu.Unlock()
	for signals, t := range db.listeners {
		if t == topic {
			raise(signals)
		}
	}
}

func raise(signals chan struct{}) {
	select {
	case signals <- struct{}{}:
	default:
	}
}
