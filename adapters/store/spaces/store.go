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

// Settle gives a space to a desk unless it was given to one before. What was settled by a try whose commit was lost is settled.
func (s *Store) Settle(ctx context.Context, a desk.Assignment, first desk.Author) (knowledge.DeskID, error) {
	id := a.Desk
	settle := func(tx *sql.Tx) error {
		result, err := tx.ExecContext(ctx, "INSERT INTO desk_spaces (platform, space, desk) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
			a.Space.Platform, a.Space.ID, a.Desk)
		if err != nil {
			return err
		}
		if n, err := result.RowsAffected(); err != nil || n == 0 {
			return errors.Join(err, tx.QueryRowContext(ctx, "SELECT desk FROM desk_spaces WHERE platform = $1 AND space = $2", a.Space.Platform, a.Space.ID).Scan(&id))
		}
		if first == "" {
			return nil
		}
		_, err = tx.ExecContext(ctx, `INSERT INTO desk_editors (desk, person) SELECT CAST($1 AS TEXT), CAST($2 AS TEXT)
			WHERE NOT EXISTS (SELECT 1 FROM desk_editors WHERE desk = $1)`, a.Desk, first)
		return err
	}
	err := s.db.Write(ctx, topic, settle)
	if errors.Is(err, store.ErrUncertain) && ctx.Err() == nil {
		err = s.db.Write(ctx, topic, settle)
	}
	return id, s.db.Explain("assign a desk in", err)
}

// AddEditor lets a person change a desk's records.
func (s *Store) AddEditor(ctx context.Context, id knowledge.DeskID, who desk.Author) error {
	return s.db.Explain("add an editor in", s.db.Write(ctx, topic, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, "INSERT INTO desk_editors (desk, person) VALUES ($1, $2) ON CONFLICT DO NOTHING", id, who)
		return err
	}))
}

// RemoveEditor takes that back.
func (s *Store) RemoveEditor(ctx context.Context, id knowledge.DeskID, who desk.Author) (was bool, err error) {
	err = s.db.Write(ctx, topic, func(tx *sql.Tx) error {
		result, err := tx.ExecContext(ctx, "DELETE FROM desk_editors WHERE desk = $1 AND person = $2", id, who)
		if err != nil {
			return err
		}
		n, err := result.RowsAffected()
		was = n > 0
		return err
	})
	return was && err == nil, s.db.Explain("remove an editor in", err)
}

// Editors lists those who were added.
func (s *Store) Editors(ctx context.Context) (map[knowledge.DeskID]desk.Editors, error) {
	rows, err := s.db.SQL().QueryContext(ctx, "SELECT desk, person FROM desk_editors ORDER BY desk, person")
	if err != nil {
		return nil, s.db.Explain("read the editors of", err)
	}
	defer rows.Close()
	of := map[knowledge.DeskID]desk.Editors{}
	for rows.Next() {
		var id knowledge.DeskID
		var who desk.Author
		if err := rows.Scan(&id, &who); err != nil {
			return nil, s.db.Explain("read the editors of", err)
		}
		of[id] = append(of[id], who)
	}
	return of, s.db.Explain("read the editors of", rows.Err())
}

// Changed tells of changes.
func (s *Store) Changed(ctx context.Context) <-chan struct{} { return s.db.Changes(ctx, topic) }

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
