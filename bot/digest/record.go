package digest

import (
	"context"
	"slices"
	"sync"
	"time"
)

const (
	recordLimit = 10 * time.Second      // that the store has for one write
	recordRest  = 25 * time.Millisecond // before a write: what is to be recorded meanwhile goes with it
)

// A recorder records how far deliveries are, those of a moment together, so that many deliveries cost few writes.
type recorder struct {
	owner string
	store func() Store

	writer  sync.WaitGroup
	mu      sync.Mutex
	writing bool
	waiting []*record
}

// A record is one delivery that is to be recorded.
type record struct {
	delivery Delivery
	done     chan struct{} // closed when it was, or could not be
	held     bool          // the delivery is ours still
	err      error
}

// record records how far a delivery is, and reports whether it is ours still.
func (r *recorder) record(ctx context.Context, d *Delivery) (held bool, err error) {
	rec := &record{delivery: *d, done: make(chan struct{})}
	r.mu.Lock()
	r.waiting = append(r.waiting, rec)
	if !r.writing {
		r.writing = true
		r.writer.Go(func() { r.write(context.WithoutCancel(ctx)) })
	}
	r.mu.Unlock()
	<-rec.done
	return rec.held, rec.err
}

// write writes what waits, until nothing does.
func (r *recorder) write(ctx context.Context) {
	for {
		wait(ctx, recordRest, nil, nil)
		r.mu.Lock()
		batch := r.waiting
		r.waiting = nil
		if len(batch) == 0 {
			r.writing = false
			r.mu.Unlock()
			return
		}
		r.mu.Unlock()
		r.writeBatch(ctx, batch)
	}
}

func (r *recorder) writeBatch(ctx context.Context, batch []*record) {
	ctx, end := context.WithTimeout(ctx, recordLimit)
	defer end()
	deliveries := make([]Delivery, len(batch))
	for i, rec := range batch {
		deliveries[i] = rec.delivery
	}
	var held []string
	err := ErrAway
	if store := r.store(); store != nil {
		held, err = store.Record(ctx, r.owner, deliveries)
	}
	for _, rec := range batch {
		rec.held, rec.err = slices.Contains(held, rec.delivery.ID), err
		close(rec.done)
	}
}
