package digest_test

import (
	"testing"
	"time"

	"stancebot/adapters/store"
	storedigest "stancebot/adapters/store/digest"
	"stancebot/adapters/store/storetest"
	"stancebot/bot/digest"
)

// On a file, what a process held that is dead is had by the next at once, and what it was sending when that has settled. While somebody
// else works on the file, leases end by their times alone.
func TestTheDeadHoldNothing(t *testing.T) {
	url := storetest.NewFile(t)
	open := func() *store.DB {
		return must(store.Open(t.Context(), url, store.Options{}))(t)
	}
	claims := func(db *store.DB, owner string, at time.Time, want int) {
		t.Helper()
		tasks := must(storedigest.New(db).Claim(t.Context(), digest.Claiming{
			Platforms: []string{"slack"}, Now: at, Lease: digest.Lease{Owner: owner, Until: at.Add(time.Minute)}, Limit: 9,
		}))(t)
		if len(tasks) != want {
			t.Errorf("%s claims %d, want %d", owner, len(tasks), want)
		}
	}
	closed := func(db *store.DB) {
		t.Helper()
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
	}
	first, other := open(), open()
	s := storedigest.New(first)
	steps := make([]digest.Step, 3)
	for i, id := range []string{"a", "b", "c"} {
		one := digest.Subscription{ID: id, Desk: "main", To: channel, Kind: digest.Digest, Began: noon, Next: noon}
		if err := s.Add(t.Context(), &one); err != nil {
			t.Fatal(err)
		}
		steps[i] = next(&one)
	}
	must(s.Plan(t.Context(), noon, steps))(t)
	claims(first, "first", noon, 3)
	claims(other, "other", noon, 0)
	tried := *steps[0].Delivery
	tried.State, tried.Attempt = digest.Trying, 1
	must(s.Record(t.Context(), "first", []digest.Delivery{tried}))(t)

	closed(first)
	second := open()
	claims(second, "second", noon, 0) // the other may be whose they are
	closed(second)
	closed(other)
	third := open()
	claims(third, "third", noon, 2)
	claims(third, "third", noon.Add(6*time.Second), 1)
	closed(third)
}
