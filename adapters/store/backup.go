package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// Backup copies the database, as it is at one moment while others go on writing, into a new file of SQLite that Open opens.
// A copy of PostgreSQL has every table of this program but for the queue of jobs, whose work is the server's. A file that
// is there is refused; when Backup fails none is left.
func Backup(ctx context.Context, db *DB, path string) error {
	path, err := filepath.Abs(path)
	if err != nil {
		return fmt.Errorf("store: %w", err)
	}
	created, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("store: %s is there already: name another file", path)
	}
	if err == nil {
		err = created.Close()
	}
	if err != nil {
		return fmt.Errorf("store: the copy cannot be made: name another file: %w", err)
	}
	if f, ok := db.engine.(*file); ok && f.path != "" {
		_, err = db.sql.ExecContext(ctx, "VACUUM INTO $1", path) // takes an empty file; from memory it would go to memory
	} else {
		err = db.copyInto(ctx, path)
	}
	if err == nil {
		err = syncFile(path)
	}
	if err != nil {
		_ = os.Remove(path)
		return db.Explain("copy", err)
	}
	return nil
}

// syncFile makes sure that a file is on its disk.
func syncFile(path string) error {
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

// copyInto copies the tables into a file that gets this program's schema first.
func (db *DB) copyInto(ctx context.Context, file string) error {
	into, err := Open(ctx, "sqlite:"+file, Options{Log: db.log})
	if err != nil {
		return err
	}
	err = errors.Join(db.copyTables(ctx, into), into.Close()) // which brings all of it into the one file
	for _, beside := range []string{".lock", "-wal", "-shm"} {
		if removed := os.Remove(file + beside); removed != nil && !errors.Is(removed, fs.ErrNotExist) {
			err = errors.Join(err, removed)
		}
	}
	return err
}

// copyTables copies as one transaction sees them, in one transaction.
func (db *DB) copyTables(ctx context.Context, into *DB) error {
	from, err := db.sql.BeginTx(ctx, &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true})
	if err != nil {
		return err
	}
	defer from.Rollback() // it is only read
	to, err := into.sql.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer to.Rollback()
	if _, err := to.ExecContext(ctx, "PRAGMA defer_foreign_keys = ON"); err != nil { // tables come in the order of their names
		return err
	}
	tables, err := tablesToCopy(ctx, to)
	if err != nil {
		return err
	}
	for _, t := range tables {
		if err := t.copy(ctx, from, to); err != nil {
			return fmt.Errorf("table %s: %w", t.name, err)
		}
	}
	return to.Commit()
}

// A table is one of this program's, with its columns.
type table struct {
	name    string
	columns []string
}

// tablesToCopy finds them in the schema of a file of SQLite, which has what this program made and nothing else: a server's
// may hold the tables of others.
func tablesToCopy(ctx context.Context, tx *sql.Tx) ([]table, error) {
	rows, err := tx.QueryContext(ctx, `SELECT t.name, c.name FROM sqlite_schema AS t, pragma_table_info(t.name) AS c
		WHERE t.type = 'table' ORDER BY t.name, c.cid`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var tables []table
	for rows.Next() {
		var name, column string
		if err := rows.Scan(&name, &column); err != nil {
			return nil, err
		}
		if name == versions || strings.HasPrefix(name, "sqlite_") || strings.HasPrefix(name, "river_") {
			continue
		}
		if n := len(tables); n == 0 || tables[n-1].name != name {
			tables = append(tables, table{name: name})
		}
		t := &tables[len(tables)-1]
		t.columns = append(t.columns, column)
	}
	return tables, rows.Err()
}

// copy copies the rows of a table.
func (t *table) copy(ctx context.Context, from, to *sql.Tx) error {
	names := make([]string, len(t.columns))
	marks := make([]string, len(t.columns))
	for i, column := range t.columns {
		names[i], marks[i] = quoted(column), fmt.Sprint("$", i+1)
	}
	list := strings.Join(names, ", ")
	rows, err := from.QueryContext(ctx, "SELECT "+list+" FROM "+quoted(t.name)) //nolint:gosec // names of our own schema
	if err != nil {
		return err
	}
	defer rows.Close()
	insert, err := to.PrepareContext(ctx, "INSERT INTO "+quoted(t.name)+" ("+list+") VALUES ("+strings.Join(marks, ", ")+")") //nolint:gosec // the same
	if err != nil {
		return err
	}
	defer insert.Close() //nolint:errcheck // it ends with the transaction
	row := make([]any, len(t.columns))
	cells := make([]any, len(t.columns))
	for i := range row {
		cells[i] = &row[i]
	}
	for rows.Next() {
		if err := rows.Scan(cells...); err != nil {
			return err
		}
		if _, err := insert.ExecContext(ctx, row...); err != nil {
			return err
		}
		clear(row)
	}
	return rows.Err()
}

func quoted(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }
