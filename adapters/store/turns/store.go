package turns

import (
	"context"
	"crypto/rand"
	"database/sql"
	"time"

	"stancebot/adapters/store"
)

// topic is what changes are announced under. Nobody listens.
const topic = "turns"

// A Turn is what one process at a time may do. Take it again and again while it is done.
type Turn struct {
	db          *store.DB
	name, owner string
	kept        time.Duration
}

// New returns a turn of a name, which is this process's for a while each time that it is taken.
func New(db *store.DB, name string, kept time.Duration) *Turn {
	return &Turn{db, name, rand.Text(), kept}
}

// Take takes the turn or keeps it, and reports whether it is ours now.
func (t *Turn) Take(ctx context.Context) (ours bool, err error) {
	now := t.db.Now()
	err = t.db.Write(ctx, topic, func(tx *sql.Tx) error {
		result, err := tx.ExecContext(ctx, `INSERT INTO turns (name, owner, until) VALUES ($1, $2, $3)
			ON CONFLICT (name) DO UPDATE SET owner = excluded.owner, until = excluded.until WHERE turns.owner = excluded.owner OR turns.until <= $4`,
			t.name, t.owner, now.Add(t.kept).UnixMicro(), now.UnixMicro())
		if err != nil {
			return err
		}
		n, err := result.RowsAffected()
		ours = n == 1
		return err
	})
	return ours, t.db.Explain("take a turn in", err)
}

// Leave lets another process have the turn at once.
func (t *Turn) Leave(ctx context.Context) error {
	return t.db.Explain("leave a turn in", t.db.Write(ctx, topic, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, "UPDATE turns SET until = 0 WHERE name = $1 AND owner = $2", t.name, t.owner)
		return err
	}))
}
