package feedback

import (
	"context"
	"database/sql"
	"time"

	"stancebot/adapters/store"
	"stancebot/bot/feedback"
	"stancebot/knowledge"
)

// topic is what changes are announced under.
const topic = "feedback"

// A Store keeps votes in a database.
type Store struct{ db *store.DB }

var _ feedback.Store = (*Store)(nil)

// New returns the store of the votes in a database.
func New(db *store.DB) *Store { return &Store{db} }

// Vote keeps a vote in the place of an earlier one.
func (s *Store) Vote(ctx context.Context, v *feedback.Vote) error {
	helpful := 0
	if v.Helpful {
		helpful = 1
	}
	return s.db.Explain("keep a vote in", s.db.Write(ctx, topic, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `INSERT INTO feedback (desk, command, person, helpful, at) VALUES ($1, $2, $3, $4, $5)
			ON CONFLICT (desk, command, person) DO UPDATE SET helpful = excluded.helpful, at = excluded.at WHERE feedback.at <= excluded.at`,
			string(v.Desk), v.Command, v.Person, helpful, v.At.UnixMicro())
		return err
	}))
}

// Tallies counts a desk's votes.
func (s *Store) Tallies(ctx context.Context, desk knowledge.DeskID, since time.Time) ([]feedback.Tally, error) {
	rows, err := s.db.SQL().QueryContext(ctx, `SELECT command, sum(helpful), sum(1 - helpful) FROM feedback WHERE desk = $1 AND at >= $2
		GROUP BY command ORDER BY sum(1 - helpful) DESC, command`, string(desk), since.UnixMicro())
	if err != nil {
		return nil, s.db.Explain("read the votes of", err)
	}
	defer rows.Close()
	var list []feedback.Tally
	for rows.Next() {
		var t feedback.Tally
		if err := rows.Scan(&t.Command, &t.Helpful, &t.Wrong); err != nil {
			return nil, s.db.Explain("read the votes of", err)
		}
		list = append(list, t)
	}
	return list, s.db.Explain("read the votes of", rows.Err())
}

// Erase erases votes of before a time.
func (s *Store) Erase(ctx context.Context, before time.Time) (int, error) {
	var n int64
	err := s.db.Write(ctx, topic, func(tx *sql.Tx) error {
		result, err := tx.ExecContext(ctx, "DELETE FROM feedback WHERE at < $1", before.UnixMicro())
		if err == nil {
			n, err = result.RowsAffected()
		}
		return err
	})
	return int(n), s.db.Explain("erase votes from", err)
}
