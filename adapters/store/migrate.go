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
	provider, err := db.migrator()
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

// migrator returns what applies migrations. It touches no database yet.
func (db *DB) migrator() (*goose.Provider, error) {
	folder, err := fs.Sub(migrations, "migrations/"+string(db.Dialect()))
	if err != nil {
		return nil, err
	}
	lock, err := db.engine.lock()
	if err != nil {
		return nil, err
	}
	return goose.NewProvider(dialects[db.Dialect()], db.sql, folder, lock, goose.WithTableName(versions),
		goose.WithDisableGlobalRegistry(true), goose.WithGoMigrations(migrateQueue(db.Dialect())))
}

// hasVersions counts the tables that tell versions. The migrating library would make one to look into it.
var hasVersions = map[Dialect]string{
	SQLite:     "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = '" + versions + "'",
	PostgreSQL: "SELECT count(to_regclass('" + versions + "'))",
}

// Versions tells at which version the tables are, 0 where there are none of this program, and at which it wants them.
func (db *DB) Versions(ctx context.Context) (has, wants int64, err error) {
	provider, err := db.migrator()
	if err != nil {
		return 0, 0, db.Explain("look at", err)
	}
	for _, source := range provider.ListSources() {
		wants = max(wants, source.Version)
	}
	var tables int
	err = db.sql.QueryRowContext(ctx, hasVersions[db.Dialect()]).Scan(&tables)
	if err == nil && tables > 0 {
		err = db.sql.QueryRowContext(ctx, "SELECT coalesce(max(version_id), 0) FROM "+versions).Scan(&has)
	}
	return has, wants, db.Explain("look at", err)
}
