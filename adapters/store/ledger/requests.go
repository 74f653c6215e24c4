package ledger

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"stancebot/bot/request"
	"stancebot/knowledge"
	"stancebot/knowledge/ledger"
)

// noteRequest notes by which request an entry is recorded: beside the chain, since its bytes are for those who move and verify it.
func noteRequest(ctx context.Context, tx *sql.Tx, e *ledger.Entry) error {
	id := request.ID(ctx)
	if id == "" {
		return nil
	}
	_, err := tx.ExecContext(ctx, "INSERT INTO ledger_requests (desk, seq, request) VALUES ($1, $2, $3)", e.Desk, e.Seq, id)
	return err
}

// A Recorded is an entry with the request that recorded it, "" where it is not known.
type Recorded struct {
	ledger.Entry
	Request string
}

// ErrNoEntry tells that no entry is what was asked for.
var ErrNoEntry = errors.New("no such entry")

// Entry returns the entry of a desk by its id, or ErrNoEntry.
func (s *Store) Entry(ctx context.Context, desk knowledge.DeskID, id ledger.ID) (Recorded, error) {
	found, err := s.recorded(ctx, "e.desk = $1 AND e.id = $2", desk, int64(id))
	if err == nil && len(found) == 0 {
		return Recorded{}, fmt.Errorf("%w: the desk %s has no %s", ErrNoEntry, desk, id)
	}
	if err != nil {
		return Recorded{}, err
	}
	return found[0], nil
}

// Of returns the entries, of all desks, that a request recorded.
func (s *Store) Of(ctx context.Context, id string) ([]Recorded, error) {
	return s.recorded(ctx, "r.request = $1", id)
}

func (s *Store) recorded(ctx context.Context, where string, args ...any) ([]Recorded, error) {
	rows, err := s.db.SQL().QueryContext(ctx, `SELECT e.bytes, coalesce(r.request, '') FROM ledger_entries AS e
		LEFT JOIN ledger_requests AS r ON r.desk = e.desk AND r.seq = e.seq WHERE `+where+" ORDER BY e.desk, e.seq", args...)
	if err != nil {
		return nil, s.explain("read", err)
	}
	defer rows.Close()
	var found []Recorded
	for rows.Next() {
		var text []byte
		var r Recorded
		if err := rows.Scan(&text, &r.Request); err != nil {
			return nil, s.explain("read", err)
		}
		if r.Entry, err = ledger.Parse(text); err != nil {
			return nil, err
		}
		found = append(found, r)
	}
	return found, s.explain("read", rows.Err())
}
