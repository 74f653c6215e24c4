package desk_test

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"time"

	"stancebot/adapters/store/storetest"
	"stancebot/adapters/store/versions"
	"stancebot/bot/desk"
	"stancebot/knowledge"
	"stancebot/knowledge/ledger"
)

// clerk returns a clerk over an empty ledger, and a newsroom that records in it.
func clerk(t *testing.T) (*desk.Clerk, *newsroom) {
	t.Helper()
	n := newNewsroom(t)
	db := storetest.Open(t, "sqlite::memory:")
	return &desk.Clerk{
		Ledger: n.Ledger, Versions: versions.New(db), Snapshot: n.Snapshot, Now: func() time.Time { return n.now }, Today: func() knowledge.Day { return today },
	}, n
}

func entriesOf(t *testing.T, s ledger.Store, kind ledger.Kind) []ledger.Entry {
	t.Helper()
	var list []ledger.Entry
	for e, err := range ledger.Follow(ledger.Head{Desk: knowledge.DefaultDesk}, s.Rows(t.Context(), knowledge.DefaultDesk, 0)) {
		if err != nil {
			t.Fatal(err)
		}
		if e.Kind == kind {
			list = append(list, e)
		}
	}
	return list
}

func TestLabelsThatWentStaleAreNotedOnce(t *testing.T) {
	c, n := clerk(t)
	first, err := c.NoteStale(t.Context(), knowledge.DefaultDesk)
	if err != nil || first == 0 {
		t.Fatalf("%d, %v", first, err)
	}
	seen := map[string]bool{}
	for _, e := range entriesOf(t, n.Ledger, ledger.LabelStale) {
		l, err := ledger.Decode[desk.Lapse](&e)
		if err != nil {
			t.Fatal(err)
		}
		if e.Author != desk.Itself || l.Country == "" || l.Rule == "" || len(l.Causes) == 0 || len(l.Claims) == 0 {
			t.Errorf("%s: %+v by %s", e.ID, l, e.Author)
		}
		seen[string(l.Country)+" "+string(l.Axis)+" "+string(l.Rule)] = true
	}
	if len(seen) != first || !seen["PER russia leader_left"] || !seen["COL russia handover_due"] {
		t.Errorf("%d entries for %v", first, seen)
	}
	if again, err := c.NoteStale(t.Context(), knowledge.DefaultDesk); again != 0 || err != nil {
		t.Errorf("again: %d, %v", again, err)
	}
	// What was due is confirmed: that is another rule, and a label that is newer is no stale one.
	if _, err := n.record(t, ledger.Event{Country: "COL", On: 2026_08_07, Kind: "leader", Text: "Took office.", Source: page}); err != nil {
		t.Fatal(err)
	}
	if more, err := c.NoteStale(t.Context(), knowledge.DefaultDesk); more != 2 || err != nil {
		t.Errorf("after the event: %d, %v; want one for each axis of Colombia", more, err)
	}
}

func TestTwoProcessesNoteAStaleLabelOnce(t *testing.T) {
	c, n := clerk(t)
	var both sync.WaitGroup
	counts := make([]int, 4)
	for i := range counts {
		both.Go(func() {
			var err error
			if counts[i], err = c.NoteStale(t.Context(), knowledge.DefaultDesk); err != nil {
				t.Error(err)
			}
		})
	}
	both.Wait()
	total := 0
	for _, count := range counts {
		total += count
	}
	if entries := entriesOf(t, n.Ledger, ledger.LabelStale); len(entries) != total || slices.Max(counts) != total {
		t.Errorf("%d entries, by %v", len(entries), counts)
	}
}

func version(name string, records map[string]string) *desk.Version {
	v := &desk.Version{Version: name, Records: map[desk.RecordID]string{}}
	for id, fingerprint := range records {
		v.Records[desk.RecordID{File: "f", ID: id}] = fingerprint
	}
	return v
}

func TestANewVersionIsNotedRecordByRecord(t *testing.T) {
	c, n := clerk(t)
	note := func(v *desk.Version) int {
		t.Helper()
		count, err := c.NoteVersion(t.Context(), knowledge.DefaultDesk, v)
		if err != nil {
			t.Fatal(err)
		}
		return count
	}
	old, changed := version("v1", map[string]string{"A": "1", "B": "1", "C": "1"}), version("v2", map[string]string{"A": "1", "B": "2", "D": "1"})
	for range 2 {
		if note(old) != 0 {
			t.Error("the first version is not where the desk begins")
		}
	}
	if count := note(changed); count != 3 {
		t.Errorf("%d entries, want 3", count)
	}
	var got []string
	for _, e := range entriesOf(t, n.Ledger, ledger.RecordChanged) {
		change, err := ledger.Decode[desk.RecordChange](&e)
		if err != nil || change.From != "v1" || change.To != "v2" {
			t.Fatalf("%+v, %v", change, err)
		}
		got = append(got, change.ID+" "+change.Change)
	}
	if !slices.Equal(got, []string{"B changed", "C removed", "D added"}) {
		t.Errorf("noted %v", got)
	}
	if note(changed) != 0 {
		t.Error("noted again")
	}
	if note(old) != 3 || note(changed) != 3 {
		t.Error("a version that comes back is no change")
	}
}

// A process that dies after the entries and before the mark leaves entries that the next one finds.
func TestAVersionIsNotNotedTwiceAfterACrash(t *testing.T) {
	c, n := clerk(t)
	old, changed := version("v1", map[string]string{"A": "1"}), version("v2", map[string]string{"A": "2"})
	if _, err := c.NoteVersion(t.Context(), knowledge.DefaultDesk, old); err != nil {
		t.Fatal(err)
	}
	kept := c.Versions
	c.Versions = dying{kept}
	if _, err := c.NoteVersion(t.Context(), knowledge.DefaultDesk, changed); !errors.Is(err, errDied) {
		t.Fatalf("error is %v", err)
	}
	c.Versions = kept
	if count, err := c.NoteVersion(t.Context(), knowledge.DefaultDesk, changed); count != 0 || err != nil {
		t.Errorf("after the crash: %d, %v", count, err)
	}
	if entries := entriesOf(t, n.Ledger, ledger.RecordChanged); len(entries) != 1 {
		t.Errorf("%d entries, want 1", len(entries))
	}
	if v, err := kept.Seen(t.Context(), knowledge.DefaultDesk); err != nil || v.Version != "v2" {
		t.Errorf("seen %+v, %v", v, err)
	}
}

var errDied = errors.New("died")

// dying keeps nothing.
type dying struct{ desk.Versions }

// Save fails.
func (dying) Save(context.Context, knowledge.DeskID, *desk.Version) error { return errDied }
