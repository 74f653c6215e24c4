package digest_test

import (
	"testing"

	"stancebot/adapters/adaptertest"
	storedigest "stancebot/adapters/store/digest"
	storeledger "stancebot/adapters/store/ledger"
	"stancebot/adapters/store/storetest"
)

func TestDigests(t *testing.T) {
	for name, url := range storetest.Engines() {
		t.Run(name, func(t *testing.T) {
			adaptertest.Digests(t, func(tb testing.TB) *adaptertest.DigestsCase {
				tb.Helper()
				one, other := storetest.OpenTwice(tb, url(tb))
				return &adaptertest.DigestsCase{A: storedigest.New(one), B: storedigest.New(other), Ledger: storeledger.New(one)}
			})
		})
	}
}
