package told_test

import (
	"os"
	"path/filepath"
	"testing"

	"stancebot/adapters/adaptertest"
	"stancebot/adapters/adaptertest/postgres"
	"stancebot/adapters/store"
	storetold "stancebot/adapters/store/told"
	"stancebot/bot/told"
)

func TestMain(m *testing.M) { os.Exit(postgres.Main(m)) }

// engines gives the URL of a new database on each engine that keeps it.
var engines = map[string]func(testing.TB) string{
	"sqlite":   func(tb testing.TB) string { tb.Helper(); return "sqlite:" + filepath.Join(tb.TempDir(), "desk.sqlite") },
	"postgres": postgres.Database,
}

func open(tb testing.TB, url string) *store.DB {
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

func TestTold(t *testing.T) {
	for name, url := range engines {
		t.Run(name, func(t *testing.T) {
			adaptertest.Told(t, func(tb testing.TB) (a, b told.Store) {
				tb.Helper()
				url := url(tb)
				return storetold.New(open(tb, url)), storetold.New(open(tb, url))
			})
		})
	}
	t.Run("memory", func(t *testing.T) {
		adaptertest.Told(t, func(tb testing.TB) (a, b told.Store) {
			tb.Helper()
			db := open(tb, "sqlite::memory:")
			return storetold.New(db), storetold.New(db)
		})
	})
}
