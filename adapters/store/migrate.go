package store

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io/fs"

	"github.com/pressly/goose/v3"
)

// The migrations go forward only: a program that finds too new a database refuses it.
//
//go:embed migrations
var migrations embed.FS

// versions is the table that tells which of them were applied.
const versions = "migrations"

// dialects are the migrating library's names of the engines.
var dialects = map[Dialect]goose.Dialect{SQLite: goose.DialectSQLite3, PostgreSQL: goose.DialectPostgres}

// migrate applies what the database lacks, under a lock that is held for that alone, and refuses a newer database, in
// which there is nothing to apply.
func (db *DB) migrate(ctx context.Context) error {
	folder, err := fs.Sub(migrations, "migrations/"+string(db.Dialect()))
	if err != nil {
		return err
	}
	lock, err := db.engine.lock()
	if err != nil {
		return err
	}
	provider, err := goose.NewProvider(dialects[db.Dialect()], db.sql, folder, lock, goose.WithTableName(versions),
		goose.WithDisableGlobalRegistry(true), goose.WithGoMigrations(migrateQueue(db.Dialect())))
	if err != nil {
		return err
	}
	if _, err := provider.Up(ctx); err != nil {
		if failed := (*goose.PartialError)(nil); errors.As(err, &failed) {
			return fmt.Errorf("migration %d: %w", failed.Failed.Source.Version, failed.Err)
		}
		return err
	}
	has, knows, err := provider.GetVersions(ctx)
	if err == nil && has > knows {
		return fmt.Errorf("the database is newer than this program: it is at version %d, the program at %d: use the newer program", has, knows)
	}
	return err
}
