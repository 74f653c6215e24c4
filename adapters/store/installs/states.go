package installs

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"database/sql"
	"errors"
	"time"

	"stancebot/bot/installs"
)

// states is the topic of installations that were begun. Nobody waits for them: whoever opens a page begins one, and has no process read all
// installs anew.
const states = "install states"

func hashed(secret string) []byte {
	sum := sha256.Sum256([]byte(secret))
	return sum[:]
}

// Begin keeps a state. Those that are too old go at the same time, so that there is no end of them.
func (s *Store) Begin(ctx context.Context, st installs.State, now time.Time) error {
	full := false
	err := s.db.Write(ctx, states, func(tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, "DELETE FROM install_states WHERE until <= $1", micros(now)); err != nil {
			return err
		}
		var n int
		err := tx.QueryRowContext(ctx, "SELECT count(*) FROM install_states").Scan(&n)
		if full = n >= installs.MaxStates; err != nil || full {
			return err
		}
		_, err = tx.ExecContext(ctx, "INSERT INTO install_states (state, browser, until) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
			hashed(st.Value), hashed(st.Browser), micros(now.Add(installs.StateLife)))
		return err
	})
	if err == nil && full {
		return installs.ErrFull
	}
	return s.explain("write", err)
}

// Finish takes a state away, whoever asks: who has its value and is not the browser got it from elsewhere. Where the commit was lost it
// may be gone, and the installation is to be begun again.
func (s *Store) Finish(ctx context.Context, st installs.State, now time.Time) (bool, error) {
	var browser []byte
	var until int64
	err := s.db.Write(ctx, states, func(tx *sql.Tx) error {
		return tx.QueryRowContext(ctx, "DELETE FROM install_states WHERE state = $1 RETURNING browser, until", hashed(st.Value)).Scan(&browser, &until)
	})
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	same := subtle.ConstantTimeCompare(browser, hashed(st.Browser)) == 1
	return err == nil && same && now.Before(timeOf(until)), s.explain("write", err)
}
