package adaptertest

import (
	"path/filepath"
	"testing"

	"stancebot/adapters/adaptertest/postgres"
)

// OnEachEngine runs a suite on a store on a new, empty database of each engine: a file of SQLite, SQLite in memory, and
// PostgreSQL. Open opens the store at a URL, and closes it at the end of the test.
func OnEachEngine[S any](t *testing.T, open func(tb testing.TB, url string) S, suite func(*testing.T, S)) {
	t.Helper()
	for name, url := range map[string]func(testing.TB) string{
		"sqlite":   func(tb testing.TB) string { tb.Helper(); return "sqlite:" + filepath.Join(tb.TempDir(), "desk.sqlite") },
		"memory":   func(testing.TB) string { return "sqlite::memory:" },
		"postgres": postgres.Database,
	} {
		t.Run(name, func(t *testing.T) { suite(t, open(t, url(t))) })
	}
}
