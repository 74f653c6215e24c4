package ledger_test

import (
	"errors"
	"testing"

	"stancebot/adapters/adaptertest"
	"stancebot/adapters/adaptertest/postgres"
	"stancebot/adapters/store"
	storeledger "stancebot/adapters/store/ledger"
	"stancebot/adapters/store/storetest"
)

// Where the connection is lost at the commit, the entry stands once.
func TestALostCommitStandsOnce(t *testing.T) {
	c, over := storetest.Lay(t, postgres.Database(t))
	s := storeledger.New(storetest.Open(t, over))
	appendTo(t, s, 2)
	for i, how := range []storetest.Loss{storetest.LosesReply, storetest.LosesAsked, storetest.LosesReply} {
		c.Next(how)
		entries, err := s.Append(t.Context(), desk, adaptertest.Draft(10+i), adaptertest.Draft(20+i))
		if err != nil {
			t.Fatal(err)
		}
		if want := int64(2*i + 3); entries[0].Seq != want || entries[1].Seq != want+1 {
			t.Errorf("entries stand at %d and %d, want %d", entries[0].Seq, entries[1].Seq, want)
		}
	}
	if n := c.Cuts(); n != 3 {
		t.Errorf("%d connections were cut, want 3", n)
	}
	if rows := adaptertest.Whole(t, s, desk); len(rows) != 8 {
		t.Errorf("%d rows, want 8", len(rows))
	}
}

// Where nobody can say whether the entry stands, that is what is said.
func TestALostCommitThatCannotBeLookedUpIsUncertain(t *testing.T) {
	c, over := storetest.Lay(t, postgres.Database(t))
	s := storeledger.New(storetest.Open(t, over))
	appendTo(t, s, 2)
	c.Next(storetest.Breaks)
	_, err := s.Append(t.Context(), desk, adaptertest.Draft(10))
	if !errors.Is(err, store.ErrUncertain) {
		t.Errorf("error is %v, want that it is uncertain", err)
	}
	line(t, err, "may stand or not")
}
