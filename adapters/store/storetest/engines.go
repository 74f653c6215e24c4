package storetest

import (
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"stancebot/adapters/adaptertest/postgres"
	"stancebot/adapters/store"
)

const inMemory = "sqlite::memory:"

// Engines lists the engines by name. Each makes a database that has this program's tables, and nothing in them, for the time of the
// test.
func Engines() map[string]func(testing.TB) string {
	engines := Durable()
	engines["memory"] = func(testing.TB) string { return inMemory }
	return engines
}

// Durable is Engines without what ends with its pool.
func Durable() map[string]func(testing.TB) string {
	return map[string]func(testing.TB) string{"sqlite": migratedFile, "postgres": migratedDatabase}
}

// Empty is Engines with databases that nobody has opened yet.
func Empty() map[string]func(testing.TB) string {
	return map[string]func(testing.TB) string{
		"sqlite": NewFile, "postgres": postgres.Database, "memory": func(testing.TB) string { return inMemory },
	}
}

// What is migrated once is copied for each test: to migrate takes longer than most tests do.
var (
	file struct {
		sync.Once
		bytes []byte
	}
	database struct {
		sync.Once
		url string
	}
)

func migratedFile(tb testing.TB) string {
	tb.Helper()
	file.Do(func() {
		url := NewFile(tb)
		migrate(tb, url)
		file.bytes = read(tb, strings.TrimPrefix(url, "sqlite:"))
	})
	url := NewFile(tb)
	if err := os.WriteFile(strings.TrimPrefix(url, "sqlite:"), file.bytes, 0o600); err != nil {
		tb.Fatal(err)
	}
	return url
}

func migratedDatabase(tb testing.TB) string {
	tb.Helper()
	database.Do(func() {
		url := postgres.Database(tb)
		migrate(tb, url)
		database.url = url
	})
	return postgres.Copy(tb, database.url)
}

// migrate opens a database for the first time.
func migrate(tb testing.TB, url string) {
	tb.Helper()
	db, err := store.Open(tb.Context(), url, store.Options{})
	if err == nil {
		err = db.Close() // which brings all of a file into one
	}
	if err != nil {
		tb.Fatal(err)
	}
}

func read(tb testing.TB, path string) []byte {
	tb.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		tb.Fatal(err)
	}
	return text
}

// NewFile returns the URL of a new, empty database in a file of SQLite.
func NewFile(tb testing.TB) string {
	tb.Helper()
	return "sqlite:" + filepath.Join(tb.TempDir(), "desk.sqlite")
}

// Open opens the database at a URL, and closes it at the end of the test.
func Open(tb testing.TB, url string) *store.DB {
	tb.Helper()
	db, err := store.Open(tb.Context(), url, store.Options{})
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		if err := db.Close(); err != nil {
			tb.Error(err)
		}
	})
	return db
}

// OpenTwice opens the database at a URL twice, as two processes would. One in memory has a single DB, which is both.
func OpenTwice(tb testing.TB, url string) (a, b *store.DB) {
	tb.Helper()
	a = Open(tb, url)
	if url == inMemory {
		return a, a
	}
	return a, Open(tb, url)
}

// OnEach runs a suite on a store on a new, empty database of each engine.
func OnEach[S any](t *testing.T, on func(*store.DB) S, suite func(*testing.T, S)) {
	t.Helper()
	for name, url := range Engines() {
		t.Run(name, func(t *testing.T) { suite(t, on(Open(t, url(t)))) })
	}
}

// Size is how much a benchmark is made with: little where it is only to be seen that it runs.
func Size(full, little int) int {
	if testing.Short() {
		return little
	}
	return full
}
