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
	list    []desk.Assignment
	editors map[knowledge.DeskID]desk.Editors
	err     error
}

func (l *listed) Assignments(context.Context) ([]desk.Assignment, error) { return l.list, l.err }

func (l *listed) Editors(context.Context) (map[knowledge.DeskID]desk.Editors, error) {
	return l.editors, l.err
}

// Where strangers bring spaces, one that was given to no desk is never the default one's, before it is read that it was given to its own
// and after; a desk's editors are those of that desk.
func TestDirectoryOfStrangers(t *testing.T) {
	given, stranger := desk.Space{Platform: "slack", ID: "T1"}, desk.Space{Platform: "slack", ID: "T0123ABC"}
	d := desk.Directory{Unassigned: desk.OwnDesk}
	if got := d.Of(stranger); got != "" || d.Given(stranger) || len(d.Editors("slack-t0123abc")) > 0 {
		t.Errorf("before it is read, it belongs to %q", got)
	}
	stored := &listed{list: []desk.Assignment{{Space: given, Desk: "foreign"}}, editors: map[knowledge.DeskID]desk.Editors{"slack-t0123abc": {"slack:T0123ABC:U1"}}}
	for range 2 {
		if err := d.Load(t.Context(), stored); err != nil {
			t.Fatal(err)
		}
		if got := d.Of(stranger); got != "slack-t0123abc" {
			t.Errorf("it belongs to %q", got)
		}
		if got := d.Of(given); got != "foreign" || !d.Given(given) {
			t.Errorf("what was given belongs to %q", got)
		}
		stored.list = append(stored.list, desk.Assignment{Space: stranger, Desk: "slack-t0123abc"})
	}
	editors, others := d.Editors("slack-t0123abc"), d.Editors("foreign")
	if !d.Given(stranger) || !editors.Has("slack:T0123ABC:U1") || others.Has("slack:T0123ABC:U1") {
		t.Errorf("editors are %v and %v", editors, others)
	}
	if id, err := desk.ParseID(string(desk.OwnDesk(stranger))); err != nil || id == knowledge.DefaultDesk {
		t.Errorf("its own desk is %q, %v", id, err)
	}
}

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
