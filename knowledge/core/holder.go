package core

import (
	"maps"
	"sync"
	"sync/atomic"

	"stancebot/knowledge"
)

// A Holder keeps the snapshots in force: that of the shared records, and one for each desk that recorded something.
// Readers take one once per question and are not disturbed by a swap.
type Holder struct {
	held  atomic.Pointer[held]
	swap  sync.Mutex // one swap at a time
	swaps atomic.Int64
}

// held is immutable: a swap puts another in its place.
type held struct {
	shared *Core
	desks  map[knowledge.DeskID]*Core
}

// NewHolder returns a holder of the shared records.
func NewHolder(shared *Core) *Holder {
	h := &Holder{}
	h.held.Store(&held{shared: shared})
	return h
}

// Core returns the snapshot in force for a desk: that of the shared records for one that recorded nothing, and for "".
func (h *Holder) Core(desk knowledge.DeskID) *Core {
	s := h.held.Load()
	if c := s.desks[desk]; c != nil {
		return c
	}
	return s.shared
}

// Lay puts what a desk recorded over the shared records, in the place of what it had recorded before. On an error the
// snapshot in force stays.
func (h *Holder) Lay(o *knowledge.Overlay) error {
	h.swap.Lock()
	defer h.swap.Unlock()
	s := h.held.Load()
	c, err := s.shared.With(o)
	if err != nil {
		return err
	}
	next := &held{shared: s.shared, desks: maps.Clone(s.desks)}
	if next.desks == nil {
		next.desks = map[knowledge.DeskID]*Core{}
	}
	next.desks[o.Desk] = c
	h.held.Store(next)
	h.swaps.Add(1)
	return nil
}

// Swaps returns how many snapshots were put in the place of others since the start.
func (h *Holder) Swaps() int64 { return h.swaps.Load() }
