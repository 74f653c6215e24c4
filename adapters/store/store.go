package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/pressly/goose/v3"
)

// A Dialect names an engine, for what cannot be said in one text for both.
type Dialect string

// The engines.
const (
	SQLite     Dialect = "sqlite"
	PostgreSQL Dialect = "postgres"
)

// Options are what Open may be told. The zero value will do.
type Options struct {
	Log   *slog.Logger // hears of connections that were lost and are back; nil for nobody
	Conns int          // the most connections at a time, 0 for 8; two at least, since migrations hold one and use another

	looks bool // nothing is changed
}

// A DB is an open database whose tables are those of this program. It is safe for concurrent use.
type DB struct {
	sql    *sql.DB
	engine engine
	log    *slog.Logger
	turns  chan struct{} // a place in it is the right to write
	clock  sharedClock
	counts counts

	mu        sync.Mutex
	listeners map[chan struct{}]string // and the topic of each
	watches   sync.WaitGroup
	closed    context.Context //nolint:containedctx // ends the watches of this DB, as Close says
	close     context.CancelFunc

	joining sync.Mutex
	joined  *membership // nil before
}

// An engine is what differs between the two.
type engine interface {
	dialect() Dialect
	// String names the database for operators, without its password.
	String() string
	// check looks whether the database may be used, before anything is written.
	check(ctx context.Context, db *sql.DB) error
	// lock is the lock that is held while migrations run.
	lock() (goose.ProviderOption, error)
	// advise returns what an operator should hear of an error, or "" where the error says it.
	advise(err error) string
	// weigh says whether what failed may be tried again.
	weigh(err error) trouble
	// now is the engine's own time, the zero time where it has none but this machine's.
	now(ctx context.Context, db *sql.DB) (time.Time, error)
	// announce tells those that watch in other processes that a topic's rows change when the transaction is committed.
	announce(ctx context.Context, tx *sql.Tx, topic string) error
	// watch calls signal whenever a topic's rows may have changed, until the context ends or the connection is lost. It
	// calls it once at its beginning.
	watch(ctx context.Context, topic string, signal func()) error
}

// A trouble says what an error means for those that wait.
type trouble int

const (
	fatal    trouble = iota // trying again is of no use
	conflict                // another transaction was faster
	away                    // the database cannot be reached
)

// Open opens the database that a URL names, checks it, and applies the migrations that it lacks:
//
//	sqlite:PATH       a file, made with its folder when absent
//	sqlite::memory:   in memory, gone when it is closed
//	postgres://…      as PostgreSQL's own programs take it
//
// It fails with one line for the operator when the database cannot be reached, is damaged, or is newer than the program.
func Open(ctx context.Context, url string, o Options) (*DB, error) {
	db, err := prepare(ctx, url, &o)
	if err != nil {
		return nil, err
	}
	if err := db.migrate(ctx); err != nil {
		return nil, db.abandon(err)
	}
	return db, nil
}

// Look opens a database as Open does, and changes nothing: a file that is absent is an error that is fs.ErrNotExist, and
// tables stay at the version that Versions tells.
func Look(ctx context.Context, url string, o Options) (*DB, error) {
	o.looks = true
	if path, ok := strings.CutPrefix(url, "sqlite:"); ok && path != "" && path != ":memory:" {
		if _, err := os.Stat(path); err != nil {
			return nil, fmt.Errorf("store: look at %s: %w", path, err)
		}
	}
	return prepare(ctx, url, &o)
}

// prepare opens a database and checks it.
func prepare(ctx context.Context, url string, o *Options) (*DB, error) {
	if o.Conns <= 0 {
		o.Conns = 8
	}
	o.Conns = max(o.Conns, 2)
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	pool, e, err := open(url, o)
	if err != nil {
		return nil, fmt.Errorf("store: %w", err)
	}
	db := &DB{sql: pool, engine: e, log: o.Log, listeners: map[chan struct{}]string{}}
	db.closed, db.close = context.WithCancel(context.WithoutCancel(ctx))
	writers := o.Conns
	if e.dialect() == SQLite { // has one writer at a time; a queue of our own is fairer than its polling
		writers = 1
	}
	db.turns = make(chan struct{}, writers)
	if err := e.check(ctx, pool); err != nil {
		return nil, db.abandon(err)
	}
	if err := db.askClock(ctx); err != nil {
		return nil, db.abandon(err)
	}
	return db, nil
}

// abandon closes a database that cannot be used, and explains why.
func (db *DB) abandon(err error) error {
	db.close()
	_ = db.sql.Close() // what was wrong before it is what counts
	return db.Explain("open", err)
}

func open(url string, o *Options) (*sql.DB, engine, error) {
	scheme, rest, _ := strings.Cut(url, ":")
	switch {
	case scheme == "sqlite" && rest == ":memory:":
		return openMemory()
	case scheme == "sqlite" && rest != "":
		return openFile(rest, o)
	case (scheme == "postgres" || scheme == "postgresql") && strings.HasPrefix(rest, "//"):
		return openPostgres(url, o)
	}
	return nil, nil, errors.New("the database's URL is none that is known here: write sqlite:PATH, sqlite::memory: or postgres://…")
}

// DefaultURL returns the URL of the file that is used when nothing else is set, under the folder for a user's data.
func DefaultURL() (string, error) {
	folder, err := dataFolder()
	if err != nil {
		return "", fmt.Errorf("store: no folder for the database: %w: name one by sqlite:PATH", err)
	}
	return "sqlite:" + filepath.Join(folder, "stancebot", "stancebot.sqlite"), nil
}

func dataFolder() (string, error) {
	if runtime.GOOS == "windows" || runtime.GOOS == "darwin" || runtime.GOOS == "ios" || runtime.GOOS == "plan9" {
		return os.UserConfigDir()
	}
	if folder := os.Getenv("XDG_DATA_HOME"); filepath.IsAbs(folder) { // a relative one is to be ignored, says its specification
		return folder, nil
	}
	home, err := os.UserHomeDir()
	return filepath.Join(home, ".local", "share"), err
}

// SQL returns the pool, for reading. What writes goes through Write.
func (db *DB) SQL() *sql.DB { return db.sql }

// Dialect names the engine.
func (db *DB) Dialect() Dialect { return db.engine.dialect() }

// String names the database, without its password.
func (db *DB) String() string { return db.engine.String() }

// Close ends the channels that Changes gave, waits for their watches and closes the database.
func (db *DB) Close() error {
	db.mu.Lock()
	db.close() // nothing begins to watch after it
	db.mu.Unlock()
	db.watches.Wait()
	return db.Explain("close", errors.Join(db.sql.Close(), db.leave()))
}

// Explain wraps an error that came of using the pool, once, for an operator: what was done, with which database, what is
// wrong and what mends it. Nil stays nil.
func (db *DB) Explain(doing string, err error) error {
	if err == nil {
		return nil
	}
	if advice := db.engine.advise(err); advice != "" {
		err = fmt.Errorf("%s: %w", advice, err)
	}
	return &explainedError{fmt.Sprintf("store: %s %s: %s", doing, db, oneLine(err.Error())), err}
}

// An explainedError is an error whose text is one line, where a driver's may be several.
type explainedError struct {
	line  string
	cause error
}

func (e *explainedError) Error() string { return e.line }
func (e *explainedError) Unwrap() error { return e.cause }

// oneLine joins lines, of which a driver may have the same for each way to a server.
func oneLine(text string) string {
	lines := strings.FieldsFunc(text, func(r rune) bool { return r == '\n' || r == '\r' })
	for i := range lines {
		lines[i] = strings.TrimSpace(lines[i])
	}
	return strings.ReplaceAll(strings.Join(slices.Compact(lines), "; "), ":; ", ": ")
}

// ErrUncertain tells that the connection was lost while a transaction was committed: it may stand or not.
var ErrUncertain = errors.New("the connection was lost at the commit, which may stand or not")

// The limits of Write.
const (
	firstPause  = 5 * time.Millisecond
	longestStop = 250 * time.Millisecond
	patience    = 5 * time.Second // with a database that is away
	commitLimit = 30 * time.Second
)

// Write runs f in a transaction and commits it; those that watch the topic are told. What another transaction was faster
// at is run again until the context ends, what finds the database away for some seconds, so f does nothing that a
// rollback does not undo. When Write fails nothing of it stands, but for ErrUncertain. Errors of f are returned as they are.
func (db *DB) Write(ctx context.Context, topic string, f func(tx *sql.Tx) error) (err error) {
	defer func(began time.Time) { db.counts.wrote(began, err) }(time.Now())
	select {
	case db.turns <- struct{}{}:
		defer func() { <-db.turns }()
	case <-ctx.Done():
		return ctx.Err()
	}
	start := time.Now()
	for pause := firstPause; ; pause = min(2*pause, longestStop) {
		err := db.try(ctx, topic, f)
		if err == nil {
			db.signal(topic)
			return nil
		}
		why := db.engine.weigh(err)
		if ctx.Err() != nil || errors.Is(err, ErrUncertain) || why == fatal || (why == away && time.Since(start) > patience) {
			return err
		}
		select {
		case <-time.After(pause/2 + rand.N(pause)): //nolint:gosec // no secret: so that those that met do not meet again
			db.counts.retries.Add(1)
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// try runs f once. The context ends everything but the commit, whose outcome would not be known.
func (db *DB) try(ctx context.Context, topic string, f func(*sql.Tx) error) error {
	own, end := context.WithCancel(context.WithoutCancel(ctx))
	defer end()
	detach := context.AfterFunc(ctx, end)
	tx, err := db.sql.BeginTx(own, nil)
	if err == nil {
		defer tx.Rollback()
		err = f(tx)
	}
	if err == nil {
		err = db.engine.announce(ctx, tx, topic)
	}
	if !detach() {
		return ctx.Err()
	}
	if err != nil {
		return err
	}
	defer time.AfterFunc(commitLimit, end).Stop()
	if err := tx.Commit(); err != nil {
		if own.Err() != nil || db.engine.weigh(err) == away {
			return fmt.Errorf("%w: %w", ErrUncertain, err)
		}
		return err
	}
	return nil
}
