package jobs

import (
	"context"

	"stancebot/adapters/store"
)

// Waiting counts the jobs in a database that are to be done, of whatever process: those whose time has come, and those that failed and are
// tried again.
func Waiting(ctx context.Context, db *store.DB) (int64, error) {
	var n int64
	err := db.SQL().QueryRowContext(ctx, "SELECT count(*) FROM river_job WHERE state IN ('available', 'running', 'retryable')").Scan(&n)
	return n, db.Explain("count the jobs in", err)
}
