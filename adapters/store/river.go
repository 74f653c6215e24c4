package store

import (
	"context"
	"database/sql"
	"fmt"
	"log/slog"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/pressly/goose/v3"
	"github.com/riverqueue/river/riverdriver"
	"github.com/riverqueue/river/riverdriver/riverdatabasesql"
	"github.com/riverqueue/river/riverdriver/riversqlite"
	"github.com/riverqueue/river/rivermigrate"
)

// RiverDriver returns the driver by which the queue of jobs uses this database, with the transactions of Write on either
// engine, and what releases the connection that it listens on. It is released once the queue has stopped.
func (db *DB) RiverDriver(ctx context.Context) (driver riverdriver.Driver[*sql.Tx], release func(), err error) {
	s, ok := db.engine.(*server)
	if !ok {
		return riversqlite.New(db.sql), func() {}, nil
	}
	config, err := pgxpool.ParseConfig(s.config.ConnString())
	if err != nil {
		return nil, nil, db.Explain("listen to", err)
	}
	config.ConnConfig = s.config.Copy()
	config.MaxConns, config.MinConns = 1, 0
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return nil, nil, db.Explain("listen to", err)
	}
	return riverdatabasesql.NewWithPgxListener(db.sql, pool), pool.Close, nil
}

// The tables of the queue of jobs come from its library, at the version that this program is built with. They run outside a
// transaction, since PostgreSQL cannot use a new value of an enumeration in the one that adds it; what was done of them
// before a crash is not done again.
const (
	queueMigration = 3 // its place among ours
	queueVersion   = 8 // the library's
)

func migrateQueue(dialect Dialect) *goose.Migration {
	return goose.NewGoMigration(queueMigration, &goose.GoFunc{RunDB: func(ctx context.Context, db *sql.DB) error {
		var driver riverdriver.Driver[*sql.Tx] = riversqlite.New(db)
		if dialect == PostgreSQL {
			driver = riverdatabasesql.New(db)
		}
		migrator, err := rivermigrate.New(driver, &rivermigrate.Config{Logger: slog.New(slog.DiscardHandler)})
		if err != nil {
			return fmt.Errorf("queue of jobs: %w", err)
		}
		if _, err := migrator.Migrate(ctx, rivermigrate.DirectionUp, &rivermigrate.MigrateOpts{TargetVersion: queueVersion}); err != nil {
			return fmt.Errorf("queue of jobs: %w", err)
		}
		return nil
	}}, nil)
}
