package store_test

import (
	"context"
	"database/sql"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"stancebot/adapters/adaptertest/postgres"
	"stancebot/adapters/store"
	"stancebot/adapters/store/storetest"
)

// opener names the variable that makes this binary open the database that it holds instead of testing.
const opener = "STANCETEST_OPEN"

func TestMain(m *testing.M) {
	if url := os.Getenv(opener); url != "" {
		_, err := store.Open(context.Background(), url, store.Options{})
		fmt.Println(err)
		os.Exit(0)
	}
	os.Exit(postgres.Main(m))
}

func bind(ctx context.Context, db *store.DB, space string) error {
	return db.Write(ctx, "spaces", func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, "INSERT INTO desk_spaces (platform, space, desk) VALUES ('slack', $1, 'main')", space)
		return err
	})
}

func spaces(tb testing.TB, db *store.DB) int {
	tb.Helper()
	var n int
	if err := db.SQL().QueryRowContext(tb.Context(), "SELECT count(*) FROM desk_spaces").Scan(&n); err != nil {
		tb.Fatal(err)
	}
	return n
}

func TestWhatIsWrittenIsThereAfterOpeningAgain(t *testing.T) {
	for name, url := range storetest.Empty() {
		t.Run(name, func(t *testing.T) {
			url := url(t)
			db := storetest.Open(t, url)
			if err := bind(t.Context(), db, "T1"); err != nil {
				t.Fatal(err)
			}
			if url != "sqlite::memory:" {
				if err := db.Close(); err != nil {
					t.Fatal(err)
				}
				db = storetest.Open(t, url)
			}
			if n := spaces(t, db); n != 1 {
				t.Errorf("%d rows, want 1", n)
			}
		})
	}
}

func TestEachDatabaseInMemoryIsItsOwn(t *testing.T) {
	a, b := storetest.Open(t, "sqlite::memory:"), storetest.Open(t, "sqlite::memory:")
	if err := bind(t.Context(), a, "T1"); err != nil {
		t.Fatal(err)
	}
	if n := spaces(t, b); n != 0 {
		t.Errorf("another database has %d rows of it", n)
	}
}

func TestAFailedWriteLeavesNothing(t *testing.T) {
	for name, url := range storetest.Empty() {
		t.Run(name, func(t *testing.T) {
			url := url(t)
			db := storetest.Open(t, url)
			err := db.Write(t.Context(), "spaces", func(tx *sql.Tx) error {
				if _, err := tx.ExecContext(t.Context(), "INSERT INTO desk_spaces VALUES ('slack', 'T1', 'main')"); err != nil {
					return err
				}
				return os.ErrInvalid
			})
			if err != os.ErrInvalid { //nolint:errorlint // as it is, says Write
				t.Errorf("error is %v, want that of the function as it is", err)
			}
			if n := spaces(t, db); n != 0 {
				t.Errorf("%d rows, want none", n)
			}
		})
	}
}

// A context that ends during a write means that nothing stands, at whatever moment.
func TestACancelledWriteLeavesNothing(t *testing.T) {
	for name, url := range storetest.Empty() {
		t.Run(name, func(t *testing.T) {
			url := url(t)
			db := storetest.Open(t, url)
			for i := range 20 {
				ctx, cancel := context.WithTimeout(t.Context(), time.Duration(i)*200*time.Microsecond)
				before := spaces(t, db)
				err := bind(ctx, db, fmt.Sprint("T", i))
				cancel()
				if got := spaces(t, db) - before; (got == 1) != (err == nil) {
					t.Errorf("%d rows were added, and the error is %v", got, err)
				}
			}
		})
	}
}

func TestManyStartsMigrateOnce(t *testing.T) {
	for _, engine := range []string{"sqlite", "postgres"} {
		t.Run(engine, func(t *testing.T) {
			url := storetest.Empty()[engine](t)
			var starts sync.WaitGroup
			for range 4 {
				starts.Go(func() {
					db, err := store.Open(t.Context(), url, store.Options{})
					if err != nil {
						t.Error(err)
						return
					}
					_ = db.Close()
				})
			}
			starts.Wait()
		})
	}
}

func TestANewerDatabaseIsRefused(t *testing.T) {
	for _, engine := range []string{"sqlite", "postgres"} {
		t.Run(engine, func(t *testing.T) {
			url := storetest.Empty()[engine](t)
			db := storetest.Open(t, url)
			applied := map[store.Dialect]string{store.SQLite: "1", store.PostgreSQL: "true"}[db.Dialect()]
			if _, err := db.SQL().ExecContext(t.Context(), "INSERT INTO migrations (version_id, is_applied) VALUES (999, "+applied+")"); err != nil {
				t.Fatal(err)
			}
			refused(t, url, "newer than this program: it is at version 999, the program at ")
		})
	}
}

// refused opens a database that cannot be opened, and returns the line that says so.
func refused(tb testing.TB, url, says string) string {
	tb.Helper()
	db, err := store.Open(tb.Context(), url, store.Options{})
	if err == nil {
		_ = db.Close()
		tb.Fatal("it opens")
	}
	line := err.Error()
	tb.Log(line)
	if !strings.Contains(line, says) || strings.Contains(line, "\n") || !strings.HasPrefix(line, "store: ") ||
		strings.Count(line, "store: ") > 1 {
		tb.Errorf("want one line that says %q", says)
	}
	return line
}

func TestFilesThatAreNoneAreRefused(t *testing.T) {
	folder := t.TempDir()
	text := filepath.Join(folder, "text")
	if err := os.WriteFile(text, []byte(strings.Repeat("no database\n", 1000)), 0o600); err != nil {
		t.Fatal(err)
	}
	refused(t, "sqlite:"+text, "no database of SQLite: name another file")
	refused(t, "sqlite:"+folder, "name another file")
	refused(t, "sqlite:"+text+"/below/desk.sqlite", "its folder cannot be made")
	for _, url := range []string{"", "sqlite:", "mysql://root:hunter2@host/db", "desk.sqlite"} {
		if line := refused(t, url, "write sqlite:PATH"); strings.Contains(line, "hunter2") {
			t.Errorf("%s holds the password", line)
		}
	}
}

// No error holds a password, whatever is wrong with the URL or its server.
func TestAServerThatRefuses(t *testing.T) {
	const secret = "hunter2"
	for url, says := range map[string]string{
		"postgres://ana:hunter2@localhost:1/desk?connect_timeout=2":           "cannot be reached: look whether it runs",
		"postgres://ana:hunter2@127.0.0.1:1,127.0.0.1:2/desk":                 "cannot be reached: look whether it runs",
		"postgres://ana:hunter2@nowhere.invalid/desk?connect_timeout=2":       "cannot be reached: look whether it runs",
		"postgres://ana:hunter2%@localhost/desk":                              "with %XX for what is neither a letter nor a digit",
		"postgres://ana:hunter2/a@localhost/desk":                             "with %XX for what is neither a letter nor a digit",
		"postgres://ana:hunter2@localhost:port/desk":                          "the URL of PostgreSQL cannot be read",
		"postgres://ana:hunter2@localhost/desk?sslmode=perhaps":               "the URL of PostgreSQL cannot be read",
		"postgres:user=ana password=hunter2 host=/nowhere dbname=desk":        "write sqlite:PATH",
		"postgres://localhost:1/desk?user=ana&password=hunter2&sslmode=allow": "cannot be reached: look whether it runs",
	} {
		if line := refused(t, url, says); strings.Contains(line, secret) {
			t.Errorf("%s holds the password", line)
		}
	}

	right, err := url.Parse(postgres.Database(t))
	if err != nil {
		t.Fatal(err)
	}
	wrong := *right
	wrong.User = url.UserPassword(postgres.User, secret)
	if line := refused(t, wrong.String(), "it refuses the user or the password: correct them"); strings.Contains(line, secret) {
		t.Errorf("%s holds the password", line)
	}
	wrong = *right
	wrong.Path = "/absent"
	if line := refused(t, wrong.String(), "there is no such database: create it"); strings.Contains(line, postgres.Password) {
		t.Errorf("%s holds the password", line)
	}
}

// Root may write everything, so this is tried as somebody else.
func TestAFileThatMayNotBeWritten(t *testing.T) {
	folder := t.TempDir()
	path := filepath.Join(folder, "desk.sqlite")
	if err := bind(t.Context(), storetest.Open(t, "sqlite:"+path), "T1"); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(path, 0o400); err != nil {
		t.Fatal(err)
	}
	const says = "this user may not write it: give it the right, or name another file"
	if os.Getuid() != 0 {
		refused(t, "sqlite:"+path, says)
		return
	}
	if line := openAsNobody(t, folder, path); !strings.Contains(line, says) {
		t.Errorf("said is %q, want …%s…", line, says)
	}
}

func TestADamagedFileIsRefused(t *testing.T) {
	path := filepath.Join(t.TempDir(), "desk.sqlite")
	db := storetest.Open(t, "sqlite:"+path)
	for i := range 300 {
		if err := bind(t.Context(), db, strings.Repeat("T", 40)+fmt.Sprint(i)); err != nil {
			t.Fatal(err)
		}
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	copy(whole[len(whole)-5000:], strings.Repeat("\xff", 4000))
	if err := os.WriteFile(path, whole, 0o600); err != nil {
		t.Fatal(err)
	}
	refused(t, "sqlite:"+path, "damaged: restore it from a backup")
}

func TestThePathMayHoldAnything(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a b?c#d%41&é", "desk ?.sqlite")
	if err := bind(t.Context(), storetest.Open(t, "sqlite:"+path), "T1"); err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	folder, err := os.Stat(filepath.Dir(path))
	if err != nil {
		t.Fatal(err)
	}
	if info.Mode().Perm() != 0o600 || folder.Mode().Perm() != 0o700 {
		t.Errorf("others may read it: %v in %v", info.Mode(), folder.Mode())
	}
}

func TestTheDefaultIsUnderTheUsersData(t *testing.T) {
	home := t.TempDir()
	t.Setenv("HOME", home)
	t.Setenv("XDG_DATA_HOME", filepath.Join(home, "data"))
	url, err := store.DefaultURL()
	if err != nil {
		t.Fatal(err)
	}
	path, ok := strings.CutPrefix(url, "sqlite:")
	if !ok || !strings.HasPrefix(path, home) {
		t.Errorf("it is %s, want a file below %s", url, home)
	}
	storetest.Open(t, url)
}

// What SQLite is told for each connection is what a connection has.
func TestConnectionsOfSQLite(t *testing.T) {
	db := storetest.Open(t, storetest.NewFile(t))
	for pragma, want := range map[string]string{"journal_mode": "wal", "synchronous": "2", "foreign_keys": "1", "busy_timeout": "5000"} {
		var got string
		if err := db.SQL().QueryRowContext(t.Context(), "PRAGMA "+pragma).Scan(&got); err != nil || got != want {
			t.Errorf("%s is %q, %v; want %q", pragma, got, err, want)
		}
	}
}

func TestChangesAreHeardOf(t *testing.T) {
	for name, url := range storetest.Empty() {
		t.Run(name, func(t *testing.T) {
			here, there := storetest.OpenTwice(t, url(t))
			ctx, end := context.WithCancel(t.Context())
			defer end()
			changes := here.Changes(ctx, "spaces")
			hears(t, changes, "the beginning")
			for i := range 3 {
				quiet(changes)
				if err := bind(t.Context(), there, fmt.Sprint("T", i)); err != nil {
					t.Fatal(err)
				}
				hears(t, changes, "a write")
			}
			end()
			closes(t, changes)

			changes = here.Changes(t.Context(), "spaces")
			if err := here.Close(); err != nil {
				t.Fatal(err)
			}
			closes(t, changes)
		})
	}
}

func hears(tb testing.TB, changes <-chan struct{}, what string) {
	tb.Helper()
	select {
	case <-changes:
	case <-time.After(10 * time.Second):
		tb.Errorf("%s is not heard of", what)
	}
}

// quiet drains signals until there are none for a while.
func quiet(changes <-chan struct{}) {
	for {
		select {
		case <-changes:
		case <-time.After(300 * time.Millisecond):
			return
		}
	}
}

func closes(tb testing.TB, changes <-chan struct{}) {
	tb.Helper()
	for end := time.After(10 * time.Second); ; {
		select {
		case _, open := <-changes:
			if !open {
				return
			}
		case <-end:
			tb.Error("the channel is not closed")
			return
		}
	}
}
