package spaces_test

import (
	"os"
	"testing"

	"stancebot/adapters/adaptertest"
	"stancebot/adapters/adaptertest/postgres"
	"stancebot/adapters/store"
	"stancebot/adapters/store/spaces"
	"stancebot/bot/desk"
)

func TestMain(m *testing.M) { os.Exit(postgres.Main(m)) }

func TestSpaces(t *testing.T) {
	adaptertest.OnEachEngine(t, func(tb testing.TB, url string) desk.Spaces {
		tb.Helper()
		db, err := store.Open(tb.Context(), url, store.Options{})
		if err != nil {
			tb.Fatal(err)
		}
		tb.Cleanup(func() { _ = db.Close() })
		return spaces.New(db)
	}, adaptertest.Spaces)
}
