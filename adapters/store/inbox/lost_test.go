package inbox_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"stancebot/adapters/adaptertest/postgres"
	"stancebot/adapters/store"
	storeinbox "stancebot/adapters/store/inbox"
	"stancebot/adapters/store/storetest"
	"stancebot/bot/inbox"
)

// Where the connection is lost at the commit, an event stands once, and is its owner's.
func TestALostCommitStandsOnce(t *testing.T) {
	c, over := storetest.Lay(t, postgres.Database(t))
	s := storeinbox.New(storetest.Open(t, over))
	now := time.Now()
	mine := inbox.Lease{Owner: "me", Until: now.Add(time.Minute)}
	for i, how := range []storetest.Loss{storetest.LosesReply, storetest.LosesAsked, storetest.LosesReply} {
		c.Next(how)
		e := inbox.Event{ID: fmt.Sprint(i), Platform: "slack", Keys: []string{fmt.Sprint("Ev", i)}, At: now}
		repeat := e
		repeat.ID += "repeat"
		done := inbox.Event{ID: "done", Platform: "slack", Keys: []string{fmt.Sprint("done", i)}, At: now}
		fresh, err := s.Write(t.Context(), []inbox.Event{e, repeat}, mine, []inbox.Event{done})
		if err != nil || !slices.Equal(fresh, []bool{true, false}) {
			t.Errorf("event %d and its repeat are fresh: %v, %v", i, fresh, err)
		}
		e.ID += "again"
		if fresh, err := s.Write(t.Context(), []inbox.Event{e}, mine, nil); err != nil || fresh[0] {
			t.Errorf("the repeat of event %d is fresh: %v, %v", i, fresh, err)
		}
	}
	if n := c.Cuts(); n != 3 {
		t.Errorf("%d connections were cut, want 3", n)
	}
	events, err := s.Claim(t.Context(), "slack", now.Add(time.Hour), mine, 9)
	if err != nil || len(events) != 3 {
		t.Errorf("recorded are %d, %v", len(events), err)
	}
}

// Where nobody can say whether it stands, that is what is said.
func TestALostCommitThatCannotBeLookedUpIsUncertain(t *testing.T) {
	c, over := storetest.Lay(t, postgres.Database(t))
	s := storeinbox.New(storetest.Open(t, over))
	c.Next(storetest.Breaks)
	_, err := s.Write(t.Context(), []inbox.Event{{ID: "1", Platform: "slack", Keys: []string{"Ev1"}}}, inbox.Lease{}, nil)
	if !errors.Is(err, store.ErrUncertain) {
		t.Errorf("error is %v, want that it is uncertain", err)
	}
}
