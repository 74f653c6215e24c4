package spaces_test

import (
	"os"
	"testing"

	"stancebot/adapters/adaptertest"
	"stancebot/adapters/adaptertest/postgres"
	"stancebot/adapters/store"
	"stancebot/adapters/store/spaces"
	"stancebot/adapters/store/storetest"
	"stancebot/bot/desk"
)

func TestMain(m *testing.M) { os.Exit(postgres.Main(m)) }

func TestSpaces(t *testing.T) {
	storetest.OnEach(t, func(db *store.DB) desk.Spaces { return spaces.New(db) }, adaptertest.Spaces)
}
