package installs

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"stancebot/bot/installs"
)

// Lease gives an install to an owner, unless another one has it.
func (s *Store) Lease(ctx context.Context, w installs.Workspace, owner string, now, until time.Time) (installs.Install, bool, error) {
	var r row
	err := s.write(ctx, func(tx *sql.Tx) error {
		r = row{}
		return r.scan(tx.QueryRowContext(ctx, `UPDATE installs SET owner = $3, leased_until = $5
			WHERE enterprise = $1 AND team = $2 AND (leased_until <= $4 OR owner = $3) RETURNING `+columns,
			plain(w.Enterprise), plain(w.Team), owner, micros(now), micros(until)).Scan)
	})
	if errors.Is(err, sql.ErrNoRows) {
		return installs.Install{}, false, nil
	}
	if err != nil {
		return installs.Install{}, false, err
	}
	in, _ := s.open(&r)
	return in, true, nil
}

// Renew puts new tokens in the place of those of an install that an owner has. Where the commit was lost, the owner may have put them
// already: then they are there.
func (s *Store) Renew(ctx context.Context, w installs.Workspace, owner string, t installs.Tokens) (bool, error) {
	if s.keys == nil {
		return false, errNoKeys
	}
	held := false
	err := s.write(ctx, func(tx *sql.Tx) error {
		statement, values := "UPDATE installs SET owner = '', leased_until = 0", []any{plain(w.Enterprise), plain(w.Team), owner}
		if t.Access != "" {
			access, refresh := s.sealed(w, &t)
			statement += ", access = $4, refresh = $5, expires_at = $6"
			values = append(values, access, refresh, micros(t.Expires))
		}
		result, err := tx.ExecContext(ctx, statement+" WHERE enterprise = $1 AND team = $2 AND owner = $3", values...)
		if err != nil {
			return err
		}
		n, err := result.RowsAffected()
		if held = n > 0; held || err != nil {
			return err
		}
		var r row
		err = r.scan(tx.QueryRowContext(ctx, "SELECT "+columns+" FROM installs WHERE enterprise = $1 AND team = $2", plain(w.Enterprise), plain(w.Team)).Scan)
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		there, _ := s.open(&r)
		held = t.Access != "" && there.Access == t.Access
		return err
	})
	return held && err == nil, err
}

// Reseal encrypts with the newest key what another one did. A row that changed meanwhile was sealed with it then.
func (s *Store) Reseal(ctx context.Context) (int, error) {
	rows, err := s.rows(ctx)
	if err != nil || s.keys == nil {
		return 0, err
	}
	total := 0
	for i := range rows {
		r := &rows[i]
		in, old := s.open(r)
		if !old {
			continue
		}
		access, refresh := s.sealed(in.Workspace, &in.Tokens)
		err := s.write(ctx, func(tx *sql.Tx) error {
			_, err := tx.ExecContext(ctx, "UPDATE installs SET access = $3, refresh = $4 WHERE enterprise = $1 AND team = $2 AND access = $5",
				in.Enterprise, in.Team, access, refresh, r.access)
			return err
		})
		if err != nil {
			return total, err
		}
		total++
	}
	return total, nil
}
