package inbox_test

import (
	"testing"

	"stancebot/adapters/adaptertest"
	storeinbox "stancebot/adapters/store/inbox"
	"stancebot/adapters/store/storetest"
	"stancebot/bot/inbox"
)

func TestInbox(t *testing.T) {
	for name, url := range storetest.Engines() {
		t.Run(name, func(t *testing.T) {
			adaptertest.Inbox(t, func(tb testing.TB) (a, b inbox.Store) {
				tb.Helper()
				one, other := storetest.OpenTwice(tb, url(tb))
				return storeinbox.New(one), storeinbox.New(other)
			})
		})
	}
}
