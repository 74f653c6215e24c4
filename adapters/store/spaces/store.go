package spaces

import (
	"context"
	"database/sql"
	"errors"

	"stancebot/adapters/store"
	"stancebot/bot/desk"
	"stancebot/knowledge"
)

// topic is what changes are announced under.
const topic = "spaces"

// A Store keeps spaces in a database.
type Store struct{ db *store.DB }

var _ desk.Spaces = (*Store)(nil)

// New returns the store of the spaces in a database.
func New(db *store.DB) *Store { return &Store{db} }

// DeskOf returns the desk of a space.
func (s *Store) DeskOf(ctx context.Context, space desk.Space) (knowledge.DeskID, error) {
	id := knowledge.DefaultDesk
	err := s.db.SQL().QueryRowContext(ctx, "SELECT desk FROM desk_spaces WHERE platform = $1 AND space = $2", space.Platform, space.ID).Scan(&id)
	if errors.Is(err, sql.ErrNoRows) {
		return knowledge.DefaultDesk, nil
	}
	return id, s.db.Explain("read the desks of", err)
}

// Assign gives a space to a desk.
func (s *Store) Assign(ctx context.Context, a desk.Assignment) error {
	return s.db.Explain("assign a desk in", s.db.Write(ctx, topic, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `INSERT INTO desk_spaces (platform, space, desk) VALUES ($1, $2, $3)
			ON CONFLICT (platform, space) DO UPDATE SET desk = excluded.desk`, a.Space.Platform, a.Space.ID, a.Desk)
		return err
	}))
}

// Assignments lists the spaces that were given to desks.
func (s *Store) Assignments(ctx context.Context) ([]desk.Assignment, error) {
	rows, err := s.db.SQL().QueryContext(ctx, "SELECT platform, space, desk FROM desk_spaces ORDER BY platform, space")
	if err != nil {
		return nil, s.db.Explain("read the desks of", err)
	}
	defer rows.Close()
	var list []desk.Assignment
	for rows.Next() {
		var a desk.Assignment
		if err := rows.Scan(&a.Space.Platform, &a.Space.ID, &a.Desk); err != nil {
			return nil, s.db.Explain("read the desks of", err)
		}
		list = append(list, a)
	}
	return list, s.db.Explain("read the desks of", rows.Err())
}
