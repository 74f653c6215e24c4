package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"time"

	"github.com/pressly/goose/v3"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// settings are those of every connection. A commit is synced (FULL), so that what was acknowledged stands after a loss
// of power, too.
const settings = "_pragma=busy_timeout(5000)&_pragma=synchronous(FULL)&_pragma=foreign_keys(1)" +
	"&_txlock=immediate&_time_format=sqlite&_timezone=UTC"

// A file is a database of SQLite; one in memory has no path.
type file struct{ path, dsn string }

func openFile(path string, o *Options) (*sql.DB, engine, error) {
	path, err := filepath.Abs(path)
	if err != nil {
		return nil, nil, err
	}
	f := &file{path, fileURL(path) + "?_pragma=journal_mode(WAL)&" + settings}
	if o.looks { // the journal's mode stands in the file
		f.dsn = fileURL(path) + "?" + settings
	}
	db, err := openKeeping(f.dsn)
	if err != nil {
		return nil, nil, err
	}
	db.SetMaxOpenConns(o.Conns)
	db.SetMaxIdleConns(o.Conns)
	return db, f, nil
}

// fileURL spells a path as SQLite reads it, whatever stands in it.
func fileURL(path string) string {
	return "file:///" + (&url.URL{Path: strings.TrimPrefix(filepath.ToSlash(path), "/")}).EscapedPath()
}

var memories atomic.Int64

// openMemory opens a new database in memory. It is there as long as one of its connections.
func openMemory() (*sql.DB, engine, error) {
	f := &file{dsn: fmt.Sprintf("file:/stancebot-%d?vfs=memdb&%s", memories.Add(1), settings)}
	db, err := openKeeping(f.dsn)
	if err != nil {
		return nil, nil, err
	}
	db.SetMaxOpenConns(8)
	db.SetMaxIdleConns(8)
	return db, f, nil
}

func (f *file) dialect() Dialect { return SQLite }

func (f *file) String() string {
	if f.path == "" {
		return "the database in memory"
	}
	return f.path
}

// check makes the file and its folder, for this user alone, and reads the file through.
func (f *file) check(ctx context.Context, db *sql.DB) error {
	if f.path != "" {
		if err := touch(f.path); err != nil {
			return err
		}
	}
	var found string
	if err := db.QueryRowContext(ctx, "PRAGMA quick_check(1)").Scan(&found); err != nil {
		return err
	}
	if found != "ok" {
		return fmt.Errorf("the file is damaged: restore it from a backup: %s", strings.ReplaceAll(found, "\n", " "))
	}
	return nil
}

func touch(path string) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return fmt.Errorf("its folder cannot be made: name another file: %w", err)
	}
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	switch {
	case errors.Is(err, fs.ErrPermission):
		return fmt.Errorf("this user may not write it: give it the right, or name another file: %w", err)
	case err != nil:
		return fmt.Errorf("name another file: %w", err)
	}
	return file.Close()
}

// lock is an exclusive transaction on an empty database beside the file: a lock that ends with its process, on every system
// that SQLite runs on.
func (f *file) lock() (goose.ProviderOption, error) {
	if f.path == "" {
		return goose.WithLocker(noLock{}), nil
	}
	return goose.WithLocker(&lockFile{dsn: fileURL(f.path+".lock") + "?_pragma=busy_timeout(300000)&_txlock=exclusive"}), nil
}

type noLock struct{}

func (noLock) Lock(context.Context, *sql.DB) error   { return nil }
func (noLock) Unlock(context.Context, *sql.DB) error { return nil }

type lockFile struct {
	dsn  string
	file *sql.DB
	held *sql.Tx
}

// Lock waits for the lock.
func (l *lockFile) Lock(ctx context.Context, _ *sql.DB) error {
	var err error
	if l.file, err = sql.Open("sqlite", l.dsn); err != nil {
		return err
	}
	if l.held, err = l.file.BeginTx(ctx, nil); err != nil {
		_ = l.file.Close()
		return fmt.Errorf("waiting for another process that migrates: %w", err)
	}
	return nil
}

// Unlock gives the lock back.
func (l *lockFile) Unlock(context.Context, *sql.DB) error {
	return errors.Join(l.held.Rollback(), l.file.Close())
}

func (f *file) advise(err error) string {
	switch primaryCode(err) {
	case sqlite3.SQLITE_FULL:
		return "there is no room left on its disk: make room, and what was refused can be sent again"
	case sqlite3.SQLITE_NOTADB:
		return "this is no database of SQLite: name another file"
	case sqlite3.SQLITE_CORRUPT:
		return "the file is damaged: restore it from a backup"
	case sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM:
		return "this user may not write it: give it the right, to its folder too"
	case sqlite3.SQLITE_CANTOPEN:
		return "the file or its folder is gone: put it back, and start again"
	case sqlite3.SQLITE_IOERR:
		return "its disk fails: look at the system's log"
	}
	return ""
}

func (f *file) weigh(err error) trouble {
	switch primaryCode(err) {
	case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED:
		return conflict
	}
	return fatal
}

// primaryCode returns SQLite's code for an error without its details, or 0.
func primaryCode(err error) int {
	if e := (*sqlite.Error)(nil); errors.As(err, &e) {
		return e.Code() & 0xff
	}
	return 0
}

// announce does nothing: watch sees every commit.
func (f *file) now(context.Context, *sql.DB) (time.Time, error) { return time.Time{}, nil }

func (f *file) announce(context.Context, *sql.Tx, string) error { return nil }

// pollEvery is how often a watch looks for commits.
const pollEvery = 200 * time.Millisecond

// watch looks at SQLite's counter of commits by other connections, on a connection that it keeps. It tells no topics apart.
func (f *file) watch(ctx context.Context, _ string, signal func()) error {
	pool, err := sql.Open("sqlite", f.dsn)
	if err != nil {
		return err
	}
	defer pool.Close() //nolint:errcheck // it was only read
	conn, err := pool.Conn(ctx)
	if err != nil {
		return err
	}
	defer conn.Close() //nolint:errcheck // it was only read
	tick := time.NewTicker(pollEvery)
	defer tick.Stop()
	for seen := int64(-1); ; {
		var version int64
		if err := conn.QueryRowContext(ctx, "PRAGMA data_version").Scan(&version); err != nil {
			return err
		}
		if version != seen {
			seen = version
			signal()
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}
