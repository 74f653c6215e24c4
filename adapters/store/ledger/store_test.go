package ledger_test

import (
	"testing"

	"stancebot/adapters/adaptertest"
	storeledger "stancebot/adapters/store/ledger"
	"stancebot/adapters/store/storetest"
	"stancebot/knowledge/ledger"
)

func TestLedger(t *testing.T) {
	for name, url := range storetest.Engines() {
		t.Run(name, func(t *testing.T) {
			adaptertest.Ledger(t, func(tb testing.TB) (a, b ledger.Store) {
				tb.Helper()
				one, other := storetest.OpenTwice(tb, url(tb))
				return storeledger.New(one), storeledger.New(other)
			})
		})
	}
}
