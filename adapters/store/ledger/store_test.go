package ledger_test

import (
	"path/filepath"
	"testing"

	"stancebot/adapters/adaptertest"
	"stancebot/adapters/adaptertest/postgres"
	"stancebot/adapters/store"
	storeledger "stancebot/adapters/store/ledger"
	"stancebot/knowledge/ledger"
)

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

func TestLedger(t *testing.T) {
	for name, url := range engines {
		t.Run(name, func(t *testing.T) {
			adaptertest.Ledger(t, func(tb testing.TB) (a, b ledger.Store) {
				tb.Helper()
				url := url(tb)
				return storeledger.New(open(tb, url)), storeledger.New(open(tb, url))
			})
		})
	}
	t.Run("memory", func(t *testing.T) {
		adaptertest.Ledger(t, func(tb testing.TB) (a, b ledger.Store) {
			tb.Helper()
			db := open(tb, "sqlite::memory:")
			return storeledger.New(db), storeledger.New(db)
		})
	})
}
