package digest

import (
	"context"
	"slices"
	"sync"
	"time"
)

// recordLimit is how long the store has for one write.
const recordLimit = 10 * time.Second

// A recorder records how far deliveries are. What is to be recorded while a write is on its way goes with the next one, so that
// many deliveries at a time cost few writes.
type recorder struct {
	owner string
	store func() Store

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
	lead := !r.writing
	r.writing = true
	r.mu.Unlock()
	if lead {
		r.write(ctx)
	}
	<-rec.done
	return rec.held, rec.err
}

// write writes what waits, until nothing does.
func (r *recorder) write(ctx context.Context) {
	for {
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
	ctx, end := context.WithTimeout(context.WithoutCancel(ctx), recordLimit)
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
