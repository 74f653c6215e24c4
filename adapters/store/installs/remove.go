package installs

import (
	"context"
	"database/sql"
	"time"

	"stancebot/adapters/store"
	"stancebot/bot/installs"
)

// uninstalled is why what a workspace subscribed to has ended.
const uninstalled = "uninstalled"

// Remove takes an install away, and ends what its workspaces subscribed to.
func (s *Store) Remove(ctx context.Context, w installs.Workspace, at time.Time) (gone bool, err error) {
	err = s.write(ctx, func(tx *sql.Tx) error {
		// A workspace is found by its own id alone: who says that it left does not always tell its organisation.
		const its = "team = $1 AND (team <> '' OR enterprise = $2)"
		if _, err := tx.ExecContext(ctx, "DELETE FROM installs WHERE "+its+" AND installed_at <= $3", plain(w.Team), plain(w.Enterprise), micros(at)); err != nil {
			return err
		}
		var n int
		if err := tx.QueryRowContext(ctx, "SELECT count(*) FROM installs WHERE "+its, plain(w.Team), plain(w.Enterprise)).Scan(&n); err != nil {
			return err
		}
		if gone = n == 0; !gone {
			return nil
		}
		teams := []string{w.Team}
		if w.Team == "" {
			rows, err := tx.QueryContext(ctx, `SELECT team FROM install_teams WHERE enterprise = $1
				AND NOT EXISTS (SELECT 1 FROM installs i WHERE i.team = install_teams.team) ORDER BY team`, plain(w.Enterprise))
			if err != nil {
				return err
			}
			if teams, err = texts(rows); err != nil {
				return err
			}
		}
		for _, team := range teams {
			if err := s.endAll(ctx, tx, team, at); err != nil {
				return err
			}
		}
		return nil
	})
	return gone && err == nil, err
}

// Leave takes a workspace out of its organisation's install.
func (s *Store) Leave(ctx context.Context, w installs.Workspace, at time.Time) error {
	return s.write(ctx, func(tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, "DELETE FROM install_teams WHERE team = $1", plain(w.Team)); err != nil {
			return err
		}
		var own int
		err := tx.QueryRowContext(ctx, "SELECT count(*) FROM installs WHERE team = $1", plain(w.Team)).Scan(&own)
		if err != nil || own > 0 {
			return err
		}
		return s.endAll(ctx, tx, w.Team, at)
	})
}

// The channels and people of a workspace: what lies between $1 and $2. They are found by an index.
const (
	itsSubscriptions = "SELECT id FROM digest_subscriptions WHERE address >= $1 AND address < $2 ORDER BY id"
	endThem          = `UPDATE digest_subscriptions SET ended_at = $3, why = '` + uninstalled + `', version = version + 1
		WHERE address >= $1 AND address < $2 AND kind <> 'note' AND ended_at = 0`
	dropTheirs = `UPDATE digest_deliveries SET state = 'dropped', ended = 1, done_at = $3, reason = '` + uninstalled + `', owner = '', leased_until = 0
		WHERE state = 'waiting' AND leased_until <= $3 AND subscription IN (SELECT id FROM digest_subscriptions WHERE address >= $1 AND address < $2)`
	dropSettings = "DELETE FROM digest_settings WHERE address >= $1 AND address < $2"
)

// endAll ends what a workspace subscribed to, and drops what waits for it. What somebody is sending finds no token. Subscriptions are
// locked before their deliveries are looked at: who plans one meanwhile comes before or after.
func (s *Store) endAll(ctx context.Context, tx *sql.Tx, team string, at time.Time) error {
	from, till := "slack:"+plain(team)+":", "slack:"+plain(team)+";"
	lock := itsSubscriptions
	if s.db.Dialect() == store.PostgreSQL {
		lock += " FOR UPDATE"
	}
	rows, err := tx.QueryContext(ctx, lock, from, till)
	if err != nil {
		return err
	}
	if _, err := texts(rows); err != nil {
		return err
	}
	for _, statement := range []string{endThem, dropTheirs} {
		if _, err := tx.ExecContext(ctx, statement, from, till, micros(at)); err != nil {
			return err
		}
	}
	_, err = tx.ExecContext(ctx, dropSettings, from, till)
	return err
}
