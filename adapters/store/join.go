package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
)

// Join joins those that work on the database, until it is closed. Where nobody else does, first is called before anybody can join: what
// others left behind is theirs no longer. Of a server nothing is known of who works on it, and first is not called. To join again is to
// do nothing.
func (db *DB) Join(ctx context.Context, first func() error) error {
	f, ok := db.engine.(*file)
	if !ok || f.path == "" {
		return nil
	}
	db.joining.Lock()
	defer db.joining.Unlock()
	if db.joined != nil {
		return nil
	}
	joined, err := f.join(ctx, first)
	if err != nil {
		return db.Explain("join those that work on", err)
	}
	db.joined = joined
	return nil
}

// leave ends what Join began.
func (db *DB) leave() error {
	db.joining.Lock()
	defer db.joining.Unlock()
	if db.joined == nil {
		return nil
	}
	return db.joined.leave()
}

// A membership is the lock of one who works on a file: that of a transaction that has read something, on a connection that stays open.
type membership struct {
	pool *sql.DB
	read *sql.Tx
}

func (m *membership) leave() error { return errors.Join(m.read.Rollback(), m.pool.Close()) }

// join locks an empty database beside the file, which ends with its process on every system that SQLite runs on: alone for a moment, if
// that can be had, then with the others.
func (f *file) join(ctx context.Context, first func() error) (*membership, error) {
	if err := f.alone(ctx, first); err != nil {
		return nil, err
	}
	pool, err := sql.Open("sqlite", f.workers()+"?_pragma=busy_timeout(5000)")
	if err != nil {
		return nil, err
	}
	read, err := pool.BeginTx(context.WithoutCancel(ctx), nil)
	if err != nil {
		return nil, errors.Join(err, pool.Close())
	}
	m := &membership{pool, read}
	var n int
	if err := read.QueryRowContext(ctx, "SELECT count(*) FROM sqlite_master").Scan(&n); err != nil {
		return nil, errors.Join(fmt.Errorf("waiting for another process that begins: %w", err), m.leave())
	}
	return m, nil
}

// alone calls first while nobody else is there, unless somebody is.
func (f *file) alone(ctx context.Context, first func() error) error {
	pool, err := sql.Open("sqlite", f.workers()+"?_pragma=busy_timeout(0)&_txlock=exclusive")
	if err != nil {
		return err
	}
	defer pool.Close() //nolint:errcheck // nothing was written there
	tx, err := pool.BeginTx(ctx, nil)
	if err != nil {
		if f.weigh(err) == conflict {
			return nil
		}
		return err
	}
	return errors.Join(first(), tx.Rollback())
}

// workers is the URL of the database that those lock who work on the file.
func (f *file) workers() string { return fileURL(f.path + ".workers") }
