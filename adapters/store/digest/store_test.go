package digest_test

import (
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"stancebot/adapters/adaptertest"
	"stancebot/adapters/store"
	storedigest "stancebot/adapters/store/digest"
	storeledger "stancebot/adapters/store/ledger"
	"stancebot/adapters/store/storetest"
	"stancebot/bot/digest"
	"stancebot/bot/digest/digesttest"
	"stancebot/knowledge"
)

func TestDigests(t *testing.T) {
	for name, url := range storetest.Durable() { // in memory is the engine of a file
		t.Run(name, func(t *testing.T) {
			adaptertest.Digests(t, func(tb testing.TB) *adaptertest.DigestsCase {
				tb.Helper()
				one, other := storetest.OpenTwice(tb, url(tb))
				return &adaptertest.DigestsCase{A: storedigest.New(one), B: storedigest.New(other), Ledger: storeledger.New(one)}
			})
		})
	}
}

// The store in memory, on which what delivers is tested, is held to the same.
func TestDigestsInMemory(t *testing.T) {
	adaptertest.Digests(t, func(tb testing.TB) *adaptertest.DigestsCase {
		tb.Helper()
		ledgers := storeledger.New(storetest.Open(tb, "sqlite::memory:"))
		s := digesttest.NewMemory(func(desk knowledge.DeskID) int64 {
			head, err := ledgers.Head(tb.Context(), desk)
			if err != nil {
				tb.Error(err)
			}
			return head.Seq
		})
		return &adaptertest.DigestsCase{A: s, B: s, Ledger: ledgers}
	})
}

// A copy holds subscriptions, settings and deliveries, whichever the engine, and who claims there goes on where it was made.
func TestABackupHoldsDigests(t *testing.T) {
	for name, url := range storetest.Durable() {
		t.Run(name, func(t *testing.T) {
			db := storetest.Open(t, url(t))
			s := storedigest.New(db)
			one := digest.Subscription{
				ID: "a", Desk: "main", To: channel, Kind: digest.Digest, About: digest.Filter{Countries: []knowledge.Country{"PER"}}, Language: "ru",
				Schedule: digest.Schedule{Every: knowledge.Monthly, Day: 31, At: knowledge.ClockAt(0, 0), Zone: "Europe/Minsk"}, By: "slack:T1:U1",
				Began: noon, Next: noon,
			}
			settings := digest.Settings{To: channel, Zone: "Europe/Minsk", QuietFrom: 1, QuietTill: 60, Empty: digest.On, Editors: true}
			if err := s.Add(t.Context(), &one); err != nil {
				t.Fatal(err)
			}
			if err := s.Set(t.Context(), settings); err != nil {
				t.Fatal(err)
			}
			step := next(&one)
			must(s.Plan(t.Context(), noon, []digest.Step{step}))(t)
			path := filepath.Join(t.TempDir(), "copy.sqlite")
			if err := store.Backup(t.Context(), db, path); err != nil {
				t.Fatal(err)
			}
			one.Cursor, one.Next, one.Version, step.Delivery.Attempt = step.To, step.Next, 1, 1
			want := []digest.Task{{Delivery: *step.Delivery, Subscription: one, Settings: settings}}
			copied := storedigest.New(storetest.Open(t, "sqlite:"+path))
			got := must(copied.Claim(t.Context(), digest.Claiming{Platforms: []string{"slack"}, Now: noon, Lease: digest.Lease{Owner: "me", Until: noon.Add(time.Minute)}, Limit: 9}))(t)
			if diff := cmp.Diff(want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}
