package digest_test

import (
	"os"
	"testing"

	"stancebot/adapters/adaptertest/postgres"
)

func TestMain(m *testing.M) { os.Exit(postgres.Main(m)) }
