package adaptertest

import (
	"slices"
	"testing"
	"time"

	"stancebot/bot/feedback"
	"stancebot/knowledge"
)

// Feedback is the suite of feedback.Store, on a new, empty database.
func Feedback(t *testing.T, s feedback.Store) {
	t.Helper()
	at := func(second int) time.Time { return atNoon.Add(time.Duration(second) * time.Second) }
	vote := func(of knowledge.DeskID, command, person string, helpful bool, second int) {
		t.Helper()
		if err := s.Vote(t.Context(), &feedback.Vote{Desk: of, Command: command, Person: person, Helpful: helpful, At: at(second)}); err != nil {
			t.Fatal(err)
		}
	}
	are := func(of knowledge.DeskID, since int, want ...feedback.Tally) {
		t.Helper()
		if got, err := s.Tallies(t.Context(), of, at(since)); !slices.Equal(got, want) || err != nil {
			t.Errorf("votes of %s are %v, %v; want %v", of, got, err, want)
		}
	}
	are(desk, 0)
	vote(desk, "stance PER", "slack:T1:U1", true, 1)
	vote(desk, "stance PER", "slack:T1:U2", true, 2)
	vote(desk, "stance PER", "slack:T1:U2", false, 3) // the last vote counts
	vote(desk, "stance PER", "slack:T1:U2", true, 2)  // and not one that comes late
	vote(desk, "source BRA-14", "telegram:77", false, 4)
	vote(desk, "source BRA-14", "slack:T1:U1", false, 5)
	vote(desk, "votes CUB", "slack:T1:U1", true, 6)
	vote(other, "stance PER", "slack:T1:U1", false, 7)
	are(desk, 0, feedback.Tally{Command: "source BRA-14", Wrong: 2}, feedback.Tally{Command: "stance PER", Helpful: 1, Wrong: 1}, feedback.Tally{Command: "votes CUB", Helpful: 1})
	are(other, 0, feedback.Tally{Command: "stance PER", Wrong: 1})
	are(desk, 5, feedback.Tally{Command: "source BRA-14", Wrong: 1}, feedback.Tally{Command: "votes CUB", Helpful: 1})
	if n, err := s.Erase(t.Context(), at(5)); n != 3 || err != nil {
		t.Errorf("%d are erased, %v", n, err)
	}
	are(desk, 0, feedback.Tally{Command: "source BRA-14", Wrong: 1}, feedback.Tally{Command: "votes CUB", Helpful: 1})
}
