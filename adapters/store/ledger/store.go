package ledger

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"iter"
	"slices"

	"stancebot/adapters/store"
	"stancebot/knowledge"
	"stancebot/knowledge/ledger"
)

// topic is what changes of chains are announced under.
const topic = "ledger"

// A Store keeps chains in a database.
type Store struct{ db *store.DB }

var _ ledger.Store = (*Store)(nil)

// New returns the store of the chains in a database.
func New(db *store.DB) *Store { return &Store{db} }

// Append puts drafts at the end of a desk's chain, as ledger.Store says. Where the connection was lost at the commit it
// looks whether the entries stand, and appends them only when they do not.
func (s *Store) Append(ctx context.Context, desk knowledge.DeskID, drafts ...ledger.Draft) ([]ledger.Entry, error) {
	return s.append(ctx, desk, func(ledger.Head) error { return nil }, drafts)
}

// AppendAt puts drafts behind a head, as ledger.Store says.
func (s *Store) AppendAt(ctx context.Context, head ledger.Head, drafts ...ledger.Draft) ([]ledger.Entry, error) {
	return s.append(ctx, head.Desk, func(ends ledger.Head) error {
		if ends != head {
			return &ledger.MovedError{Thought: head, Ends: ends}
		}
		return nil
	}, drafts)
}

// append puts drafts behind the head of a desk, unless the head is refused.
func (s *Store) append(ctx context.Context, desk knowledge.DeskID, refuse func(ledger.Head) error, drafts []ledger.Draft) ([]ledger.Entry, error) {
	if len(drafts) == 0 {
		return nil, nil
	}
	var entries []ledger.Entry
	var lost error // of an earlier try whose outcome is not known
	for {
		err := s.db.Write(ctx, topic, func(tx *sql.Tx) error {
			head, err := lockHead(ctx, tx, desk)
			if err != nil {
				return err
			}
			if stands, err := standing(ctx, tx, head, entries); stands || err != nil {
				return err
			}
			lost = nil // by now it is known
			if err := refuse(head); err != nil {
				return err
			}
			if entries, err = follow(ctx, tx, head, drafts); err != nil {
				entries = nil
			}
			return err
		})
		switch {
		case err == nil:
			return entries, nil
		case errors.Is(err, store.ErrUncertain) && ctx.Err() == nil:
			lost = err
		case lost != nil:
			return nil, s.explain("append to", fmt.Errorf("%w; then %w", lost, err))
		default:
			return nil, s.explain("append to", err)
		}
	}
}

// explain leaves errors of the drafts as they are.
func (s *Store) explain(doing string, err error) error {
	taken, moved, wrong := (*ledger.TakenError)(nil), (*ledger.MovedError)(nil), (*draftError)(nil)
	if errors.As(err, &taken) || errors.As(err, &moved) {
		return err
	}
	if errors.As(err, &wrong) {
		return wrong.error
	}
	return s.db.Explain(doing+" the ledger in", err)
}

// A draftError is one of Head.Next.
type draftError struct{ error }

// lockHead returns a desk's head, and makes other appends to the desk wait for the end of the transaction. The update of a
// row by its own value is what both engines lock it by.
func lockHead(ctx context.Context, tx *sql.Tx, desk knowledge.DeskID) (ledger.Head, error) {
	return scanHead(desk, tx.QueryRowContext(ctx, `INSERT INTO ledger_heads (desk, seq, last_id, hash) VALUES ($1, 0, 0, $2)
		ON CONFLICT (desk) DO UPDATE SET desk = excluded.desk RETURNING seq, last_id, hash`, desk, zero[:]))
}

var zero ledger.Hash

// standing reports whether the entries that an earlier try made are in the chain.
func standing(ctx context.Context, tx *sql.Tx, head ledger.Head, entries []ledger.Entry) (bool, error) {
	if len(entries) == 0 || entries[len(entries)-1].Seq > head.Seq {
		return false, nil
	}
	last := &entries[len(entries)-1]
	var hash []byte
	err := tx.QueryRowContext(ctx, "SELECT hash FROM ledger_entries WHERE desk = $1 AND seq = $2", last.Desk, last.Seq).Scan(&hash)
	return toHash(hash) == last.Hash, err
}

// follow inserts drafts behind a head, and moves the head.
func follow(ctx context.Context, tx *sql.Tx, head ledger.Head, drafts []ledger.Draft) ([]ledger.Entry, error) {
	entries := make([]ledger.Entry, 0, len(drafts))
	for i := range drafts {
		if err := free(ctx, tx, head, drafts[i].ID); err != nil {
			return nil, err
		}
		e, next, err := head.Next(drafts[i])
		if err != nil {
			return nil, &draftError{err}
		}
		if _, err := tx.ExecContext(ctx, "INSERT INTO ledger_entries (desk, seq, id, hash, bytes) VALUES ($1, $2, $3, $4, $5)",
			e.Desk, e.Seq, int64(e.ID), e.Hash[:], e.Bytes); err != nil {
			return nil, err
		}
		if err := noteRequest(ctx, tx, &e); err != nil {
			return nil, err
		}
		entries, head = append(entries, e), next
	}
	_, err := tx.ExecContext(ctx, "UPDATE ledger_heads SET seq = $2, last_id = $3, hash = $4 WHERE desk = $1",
		head.Desk, head.Seq, int64(head.LastID), head.Hash[:])
	return entries, err
}

// free fails with a *ledger.TakenError when an entry of the desk has the id. Only an id up to the highest one may be taken.
func free(ctx context.Context, tx *sql.Tx, head ledger.Head, id ledger.ID) error {
	if id == 0 || id > head.LastID {
		return nil
	}
	var n int
	err := tx.QueryRowContext(ctx, "SELECT count(*) FROM ledger_entries WHERE desk = $1 AND id = $2", head.Desk, int64(id)).Scan(&n)
	if err == nil && n > 0 {
		return &ledger.TakenError{ID: id}
	}
	return err
}

// What a page of Rows holds at most, but for its last row.
const (
	pageRows  = 512
	pageBytes = 1 << 20
)

// Rows yields a desk's rows behind a place. Rows that are appended meanwhile may come, too.
func (s *Store) Rows(ctx context.Context, desk knowledge.DeskID, after int64) iter.Seq2[ledger.Row, error] {
	return func(yield func(ledger.Row, error) bool) {
		for {
			page, err := s.page(ctx, desk, after)
			if err != nil {
				yield(ledger.Row{}, s.explain("read", err))
				return
			}
			for _, row := range page {
				if !yield(row, nil) {
					return
				}
				after = row.Seq
			}
			if len(page) == 0 {
				return
			}
		}
	}
}

func (s *Store) page(ctx context.Context, desk knowledge.DeskID, after int64) ([]ledger.Row, error) {
	rows, err := s.db.SQL().QueryContext(ctx,
		"SELECT seq, hash, bytes FROM ledger_entries WHERE desk = $1 AND seq > $2 ORDER BY seq LIMIT $3", desk, after, pageRows)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var page []ledger.Row
	for size := 0; size < pageBytes && rows.Next(); {
		row, hash := ledger.Row{Desk: desk}, []byte(nil)
		if err := rows.Scan(&row.Seq, &hash, &row.Bytes); err != nil {
			return nil, err
		}
		row.Hash = toHash(hash)
		page = append(page, row)
		size += len(row.Bytes)
	}
	return page, rows.Err()
}

// Head returns the recorded end of a desk's chain.
func (s *Store) Head(ctx context.Context, desk knowledge.DeskID) (ledger.Head, error) {
	return s.head(ctx, desk, "SELECT seq, last_id, hash FROM ledger_heads WHERE desk = $1")
}

// Checkpoint returns the last head up to which the chain was verified.
func (s *Store) Checkpoint(ctx context.Context, desk knowledge.DeskID) (ledger.Head, error) {
	return s.head(ctx, desk, "SELECT seq, last_id, hash FROM ledger_checkpoints WHERE desk = $1")
}

func (s *Store) head(ctx context.Context, desk knowledge.DeskID, query string) (ledger.Head, error) {
	head, err := scanHead(desk, s.db.SQL().QueryRowContext(ctx, query, desk))
	if errors.Is(err, sql.ErrNoRows) {
		return ledger.Head{Desk: desk}, nil
	}
	return head, s.explain("read", err)
}

// Verified records that the chain holds up to a head, unless it was verified up to a later one.
func (s *Store) Verified(ctx context.Context, head ledger.Head) error {
	return s.explain("write", s.db.Write(ctx, "checkpoint", func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `INSERT INTO ledger_checkpoints AS old (desk, seq, last_id, hash) VALUES ($1, $2, $3, $4)
			ON CONFLICT (desk) DO UPDATE SET seq = excluded.seq, last_id = excluded.last_id, hash = excluded.hash
			WHERE excluded.seq > old.seq`, head.Desk, head.Seq, int64(head.LastID), head.Hash[:])
		return err
	}))
}

// Desks lists the desks that have entries, by name, and those of which a checkpoint tells that they once had some.
func (s *Store) Desks(ctx context.Context) ([]knowledge.DeskID, error) {
	rows, err := s.db.SQL().QueryContext(ctx,
		"SELECT desk FROM ledger_heads WHERE seq > 0 UNION SELECT desk FROM ledger_checkpoints WHERE seq > 0")
	if err != nil {
		return nil, s.explain("read", err)
	}
	defer rows.Close()
	var desks []knowledge.DeskID
	for rows.Next() {
		var desk knowledge.DeskID
		if err := rows.Scan(&desk); err != nil {
			return nil, s.explain("read", err)
		}
		desks = append(desks, desk)
	}
	slices.Sort(desks) // here, since PostgreSQL sorts by the language of the database
	return desks, s.explain("read", rows.Err())
}

// Recorded counts the desks that have entries, and the entries of all.
func (s *Store) Recorded(ctx context.Context) (desks, entries int64, err error) {
	err = s.db.SQL().QueryRowContext(ctx, "SELECT count(*), coalesce(sum(seq), 0) FROM ledger_heads WHERE seq > 0").Scan(&desks, &entries)
	return desks, entries, s.explain("read", err)
}

// Changed signals when a chain may have grown, as ledger.Store says.
func (s *Store) Changed(ctx context.Context) <-chan struct{} { return s.db.Changes(ctx, topic) }

func scanHead(desk knowledge.DeskID, row *sql.Row) (ledger.Head, error) {
	var id int64
	var hash []byte
	head := ledger.Head{Desk: desk}
	err := row.Scan(&head.Seq, &id, &hash)
	head.LastID, head.Hash = ledger.ID(id), toHash(hash)
	return head, err
}

// toHash returns what is stored as a hash; what cannot be one is the zero hash, which is that of no entry, so that verifying
// names the entry.
func toHash(stored []byte) ledger.Hash {
	var h ledger.Hash
	if len(stored) == len(h) {
		copy(h[:], stored)
	}
	return h
}
