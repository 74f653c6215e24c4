package watch

import (
	"context"
	"fmt"
	"slices"
	"sync"
)

// A Watch watches the app that calls a fake. The zero value is ready, and its methods may be called from any goroutine, also
// while a lock of the fake is held.
type Watch struct {
	mu         sync.Mutex // of all below
	complaints []string
	progress   chan struct{} // closed when the app has called; nil while nobody waits for that
}

// Complain notes what the app did that a good one does not.
func (w *Watch) Complain(format string, args ...any) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.complaints = append(w.complaints, fmt.Sprintf(format, args...))
}

// Complaints lists, in order, what the app did that a good one does not.
func (w *Watch) Complaints() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.complaints)
}

// Await waits until something holds of the fake, which is asked now and after each call of the app: an app that acknowledges
// first does the rest when it likes.
func (w *Watch) Await(ctx context.Context, holds func() bool) error {
	for {
		progress := w.next()
		if holds() {
			return nil
		}
		select {
		case <-progress:
		case <-ctx.Done():
			return fmt.Errorf("waiting for the app: %w", ctx.Err())
		}
	}
}

// next is closed by the next Proceed.
func (w *Watch) next() <-chan struct{} {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.progress == nil {
		w.progress = make(chan struct{})
	}
	return w.progress
}

// Proceed wakes who awaits the app, once the fake shows what its call did.
func (w *Watch) Proceed() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.progress != nil {
		close(w.progress)
		w.progress = nil
	}
}
