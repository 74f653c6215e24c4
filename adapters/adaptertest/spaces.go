package adaptertest

import (
	"reflect"
	"slices"
	"testing"

	deskroom "stancebot/bot/desk"
	"stancebot/knowledge"
)

// Spaces is the suite of desk.Spaces, on a new, empty database.
func Spaces(t *testing.T, s deskroom.Spaces) {
	t.Helper()
	ctx := t.Context()
	slack, chat := deskroom.Space{Platform: "slack", ID: "T1"}, deskroom.Space{Platform: "telegram", ID: "-100200"}
	of := func(space deskroom.Space, want knowledge.DeskID) {
		t.Helper()
		if got, err := s.DeskOf(ctx, space); got != want || err != nil {
			t.Errorf("%s belongs to %q, %v; want %q", space, got, err, want)
		}
	}
	of(slack, knowledge.DefaultDesk)
	if list, err := s.Assignments(ctx); len(list) > 0 || err != nil {
		t.Errorf("at first %v, %v", list, err)
	}
	for _, a := range []deskroom.Assignment{{Space: chat, Desk: other}, {Space: slack, Desk: "sport"}, {Space: slack, Desk: "world"}} {
		if err := s.Assign(ctx, a); err != nil {
			t.Fatal(err)
		}
		of(a.Space, a.Desk)
	}
	of(deskroom.Space{Platform: "telegram", ID: "T1"}, knowledge.DefaultDesk)
	want := []deskroom.Assignment{{Space: slack, Desk: "world"}, {Space: chat, Desk: other}}
	if list, err := s.Assignments(ctx); !slices.Equal(list, want) || err != nil {
		t.Errorf("assigned are %v, %v; want %v", list, err, want)
	}
	settles(t, s)
	editors(t, s)
}

// settles checks that a space comes to a desk of its own once, with its first editor, and stays where it was given before.
func settles(t *testing.T, s deskroom.Spaces) {
	t.Helper()
	for _, c := range []struct {
		space string
		desk  knowledge.DeskID
		first deskroom.Author
		want  knowledge.DeskID
	}{
		{"T1", "slack-t1", "slack:T1:U1", "world"}, // as it was given before
		{"T8", "slack-t8", "slack:T8:U1", "slack-t8"},
		{"T8", "slack-t8", "slack:T8:U2", "slack-t8"}, // who comes again finds the first
		{"T9", "slack-t8", "slack:T9:U1", "slack-t8"}, // and so does who joins
		{"T10", "slack-t10", "", "slack-t10"},
	} {
		a := deskroom.Assignment{Space: deskroom.Space{Platform: "slack", ID: c.space}, Desk: c.desk}
		if got, err := s.Settle(t.Context(), a, c.first); got != c.want || err != nil {
			t.Errorf("%s settles in %q, %v; want %q", c.space, got, err, c.want)
		}
		if got, err := s.DeskOf(t.Context(), a.Space); got != c.want || err != nil {
			t.Errorf("%s belongs to %q, %v; want %q", c.space, got, err, c.want)
		}
	}
	editorsAre(t, s, map[knowledge.DeskID]deskroom.Editors{"slack-t8": {"slack:T8:U1"}})
}

// editors checks that editors come, go and are told, and do not come back with a space.
func editors(t *testing.T, s deskroom.Spaces) {
	t.Helper()
	for range 2 {
		if err := s.AddEditor(t.Context(), "slack-t8", "slack:T8:U0"); err != nil {
			t.Fatal(err)
		}
	}
	editorsAre(t, s, map[knowledge.DeskID]deskroom.Editors{"slack-t8": {"slack:T8:U0", "slack:T8:U1"}})
	for i, who := range []deskroom.Author{"slack:T8:U0", "slack:T8:U1", "slack:T8:U1", "slack:T8:U7"} {
		if was, err := s.RemoveEditor(t.Context(), "slack-t8", who); was != (i < 2) || err != nil {
			t.Errorf("%s is removed: %t, %v", who, was, err)
		}
	}
	a := deskroom.Assignment{Space: deskroom.Space{Platform: "slack", ID: "T8"}, Desk: "slack-t8"}
	if _, err := s.Settle(t.Context(), a, "slack:T8:U2"); err != nil {
		t.Fatal(err)
	}
	editorsAre(t, s, map[knowledge.DeskID]deskroom.Editors{})
}

func editorsAre(t *testing.T, s deskroom.Spaces, want map[knowledge.DeskID]deskroom.Editors) {
	t.Helper()
	if got, err := s.Editors(t.Context()); !reflect.DeepEqual(got, want) || err != nil {
		t.Errorf("editors are %v, %v; want %v", got, err, want)
	}
}
