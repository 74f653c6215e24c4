package adaptertest

import (
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
}
