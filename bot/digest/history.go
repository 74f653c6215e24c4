package digest

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"stancebot/bot/desk"
	"stancebot/knowledge"
	"stancebot/knowledge/ledger"
)

// ErrAway tells that the database is away, and the ledger with it.
var ErrAway = errors.New("digest: the database is away")

// histories are the ledgers of desks as far as they were read. What stands in a chain never changes, so that it is read once.
type histories struct {
	mu    sync.Mutex
	desks map[knowledge.DeskID]*history
}

// A history is a desk's ledger as far as it was read.
type history struct {
	mu       sync.Mutex
	head     ledger.Head
	entries  []entry // in the order of the chain, from 1
	places   map[string]int64
	replayer *ledger.Replayer
}

// An entry is what a change needs of an entry of the ledger. Who recorded it is left out: nobody is told.
type entry struct {
	seq    int64
	id     ledger.ID
	at     time.Time
	kind   ledger.Kind
	reason string
	of     string // of a withdrawal or a correction: what it is about
	about  knowledge.Country
	lapse  *desk.Lapse
	record *desk.RecordChange
}

func (h *histories) of(id knowledge.DeskID) *history {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.desks == nil {
		h.desks = map[knowledge.DeskID]*history{}
	}
	if h.desks[id] == nil {
		h.desks[id] = &history{}
		h.desks[id].reset(id)
	}
	return h.desks[id]
}

func (h *history) reset(id knowledge.DeskID) {
	h.head, h.entries, h.places, h.replayer = ledger.Head{Desk: id}, nil, map[string]int64{}, ledger.NewReplayer(id)
}

// reach reads on up to an entry at least.
func (h *history) reach(ctx context.Context, store ledger.Store, upTo int64) error {
	if h.head.Seq >= upTo {
		return nil
	}
	rows := store.Rows(ctx, h.head.Desk, h.head.Seq)
	for e, err := range ledger.Follow(h.head, rows) {
		if err == nil {
			err = h.add(&e)
		}
		if err != nil {
			h.reset(h.head.Desk) // what was read may be of another chain: it is read again
			return err
		}
	}
	if h.head.Seq < upTo {
		return fmt.Errorf("digest: the ledger of desk %s ends at %d, before %d", h.head.Desk, h.head.Seq, upTo)
	}
	return nil
}

// add takes in the next entry.
func (h *history) add(e *ledger.Entry) error {
	x := entry{seq: e.Seq, id: e.ID, at: e.At, kind: e.Kind, reason: e.Reason}
	var err error
	switch e.Kind {
	case ledger.LabelStale:
		x.lapse, err = ledger.Decode[desk.Lapse](e)
	case ledger.RecordChanged:
		x.record, err = ledger.Decode[desk.RecordChange](e)
	case ledger.Withdrawn:
		var w *ledger.Withdrawal
		if w, err = ledger.Decode[ledger.Withdrawal](e); err == nil {
			x.of = w.Of.String()
		}
	case ledger.Corrected:
		var k *ledger.Correction
		if k, err = ledger.Decode[ledger.Correction](e); err == nil {
			x.of, x.about = k.Of, k.Country
		}
	}
	if err == nil {
		err = h.replayer.Add(e)
	}
	if err != nil {
		return err
	}
	h.entries = append(h.entries, x)
	h.places[e.ID.String()] = e.Seq
	h.head = ledger.Head{Desk: e.Desk, Seq: e.Seq, LastID: max(h.head.LastID, e.ID), Hash: e.Hash}
	return nil
}
