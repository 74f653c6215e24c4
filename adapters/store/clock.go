package store

import (
	"context"
	"database/sql"
	"sync/atomic"
	"time"
)

// A sharedClock tells the time of a database from when it was asked last.
type sharedClock struct {
	read   atomic.Pointer[clockReading] // nil before it was asked
	asking atomic.Bool
}

// A clockReading is what a database said, and when that was by this machine's clock, the part of which counts that nobody sets.
type clockReading struct{ said, heard time.Time }

// The database is asked for its clock again after a while: this machine's may be a little fast or slow.
const (
	clockKept  = time.Minute
	clockLimit = 5 * time.Second
)

// Now is the time by the clock that all share who use the database. Leases and what is due go by it, so that a machine whose own clock is
// wrong neither takes what others hold nor keeps what it lost. Of PostgreSQL it is the server's; of SQLite, whose users are on one machine,
// it is that machine's. It waits for nothing.
func (db *DB) Now() time.Time {
	r := db.clock.read.Load()
	if r == nil {
		return time.Now()
	}
	since := time.Since(r.heard)
	if since > clockKept {
		db.askAgain()
	}
	return r.said.Add(since)
}

// askAgain asks in the background, once at a time.
func (db *DB) askAgain() {
	db.mu.Lock()
	defer db.mu.Unlock()
	if db.closed.Err() != nil || !db.clock.asking.CompareAndSwap(false, true) {
		return
	}
	db.watches.Go(func() {
		defer db.clock.asking.Store(false)
		_ = db.askClock(db.closed) // while it is away, the reading holds
	})
}

// askClock asks the database what time it is. What it says is taken to be of the middle of the time that asking took.
func (db *DB) askClock(ctx context.Context) error {
	ctx, end := context.WithTimeout(ctx, clockLimit)
	defer end()
	asked := time.Now()
	said, err := db.engine.now(ctx, db.sql)
	if err != nil || said.IsZero() {
		return err
	}
	took := time.Since(asked)
	db.clock.read.Store(&clockReading{said, asked.Add(took / 2)})
	return nil
}

func (s *server) now(ctx context.Context, db *sql.DB) (time.Time, error) {
	var micros int64
	err := db.QueryRowContext(ctx, "SELECT CAST(extract(epoch FROM clock_timestamp()) * 1000000 AS BIGINT)").Scan(&micros)
	return time.UnixMicro(micros), err
}
