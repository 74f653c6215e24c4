package versions_test

import (
	"os"
	"path/filepath"
	"testing"

	"stancebot/adapters/adaptertest"
	"stancebot/adapters/adaptertest/postgres"
	"stancebot/adapters/store"
	"stancebot/adapters/store/versions"
	"stancebot/bot/desk"
)

func TestMain(m *testing.M) { os.Exit(postgres.Main(m)) }

func TestVersions(t *testing.T) {
	for name, url := range map[string]func(testing.TB) string{
		"sqlite":   func(tb testing.TB) string { tb.Helper(); return "sqlite:" + filepath.Join(tb.TempDir(), "desk.sqlite") },
		"memory":   func(testing.TB) string { return "sqlite::memory:" },
		"postgres": postgres.Database,
	} {
		t.Run(name, func(t *testing.T) {
			adaptertest.Versions(t, func(tb testing.TB) desk.Versions {
				tb.Helper()
				db, err := store.Open(tb.Context(), url(tb), store.Options{})
				if err != nil {
					tb.Fatal(err)
				}
				tb.Cleanup(func() { _ = db.Close() })
				return versions.New(db)
			})
		})
	}
}
