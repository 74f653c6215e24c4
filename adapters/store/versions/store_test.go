package versions_test

import (
	"os"
	"testing"

	"stancebot/adapters/adaptertest"
	"stancebot/adapters/adaptertest/postgres"
	"stancebot/adapters/store"
	"stancebot/adapters/store/storetest"
	"stancebot/adapters/store/versions"
	"stancebot/bot/desk"
)

func TestMain(m *testing.M) { os.Exit(postgres.Main(m)) }

func TestVersions(t *testing.T) {
	storetest.OnEach(t, func(db *store.DB) desk.Versions { return versions.New(db) }, adaptertest.Versions)
}
