package storetest

import (
	"path/filepath"
	"testing"

	"stancebot/adapters/adaptertest/postgres"
	"stancebot/adapters/store"
)

const inMemory = "sqlite::memory:"

// Engines gives, by the engine's name, what makes a new, empty database on it and returns its URL: a file of SQLite
// ("sqlite"), SQLite in memory ("memory"), and PostgreSQL ("postgres").
func Engines() map[string]func(testing.TB) string {
	engines := Durable()
	engines["memory"] = func(testing.TB) string { return inMemory }
	return engines
}

// Durable gives those of the Engines whose databases outlive the DB that made them: all but SQLite in memory.
func Durable() map[string]func(testing.TB) string {
	return map[string]func(testing.TB) string{"sqlite": NewFile, "postgres": postgres.Database}
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
