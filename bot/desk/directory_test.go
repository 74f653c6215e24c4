package desk_test

import (
	"context"
	"errors"
	"testing"

	"stancebot/bot/desk"
	"stancebot/knowledge"
)

// listed are spaces that tests assign, or an error in their place.
type listed struct {
	desk.Spaces
	list []desk.Assignment
	err  error
}

func (l *listed) Assignments(context.Context) ([]desk.Assignment, error) { return l.list, l.err }

// Nobody sees a desk's data before it is known whose the space is, and what was known stays while the database is away.
func TestDirectory(t *testing.T) {
	ours, others := desk.Space{Platform: "slack", ID: "T1"}, desk.Space{Platform: "slack", ID: "T2"}
	stored := &listed{err: errors.New("away")}
	var d desk.Directory
	is := func(s desk.Space, want knowledge.DeskID) {
		t.Helper()
		if got := d.Of(s); got != want {
			t.Errorf("%s belongs to %q, want %q", s, got, want)
		}
	}
	if err := d.Load(t.Context(), stored); err == nil {
		t.Error("a database that is away is no error")
	}
	is(ours, "")
	stored.list, stored.err = []desk.Assignment{{Space: ours, Desk: "foreign"}}, nil
	if err := d.Load(t.Context(), stored); err != nil {
		t.Fatal(err)
	}
	is(ours, "foreign")
	is(others, knowledge.DefaultDesk)
	stored.err = errors.New("away")
	if err := d.Load(t.Context(), stored); err == nil {
		t.Error("a database that is away is no error")
	}
	is(ours, "foreign")
}
