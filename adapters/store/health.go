package store

import (
	"context"
	"sync/atomic"
	"time"
)

// Counts tell what was written since the database was opened.
type Counts struct {
	Writes  int64         // transactions that were asked for
	Failed  int64         // of them those of which nothing stands, or whose outcome is not known
	Retries int64         // tries after the first: another transaction was faster, or the database away
	Took    time.Duration // all of them together, with the wait for a turn
}

// counts are Counts while they grow.
type counts struct{ writes, failed, retries, took atomic.Int64 }

// Counts returns what was written so far. It waits for nobody.
func (db *DB) Counts() Counts {
	c := &db.counts
	return Counts{c.writes.Load(), c.failed.Load(), c.retries.Load(), time.Duration(c.took.Load())}
}

// wrote counts a transaction.
func (c *counts) wrote(began time.Time, err error) {
	c.writes.Add(1)
	c.took.Add(int64(time.Since(began)))
	if err != nil {
		c.failed.Add(1)
	}
}

// Ping asks the database for a row, and returns how long that took.
func (db *DB) Ping(ctx context.Context) (time.Duration, error) {
	began := time.Now()
	var one int
	err := db.sql.QueryRowContext(ctx, "SELECT 1").Scan(&one)
	return time.Since(began), db.Explain("ask", err)
}

// Room returns how many bytes are free where a file of SQLite lies. Of what lies elsewhere, or where the system does not tell, it is not
// known.
func (db *DB) Room() (bytes int64, known bool) {
	f, ok := db.engine.(*file)
	if !ok || f.path == "" {
		return 0, false
	}
	return roomAt(f.path)
}
