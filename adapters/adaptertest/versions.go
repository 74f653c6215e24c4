package adaptertest

import (
	"reflect"
	"testing"

	deskroom "stancebot/bot/desk"
)

// Versions is the suite of desk.Versions, on a new, empty database.
func Versions(t *testing.T, s deskroom.Versions) {
	t.Helper()
	ctx := t.Context()
	if v, err := s.Seen(ctx, desk); v != nil || err != nil {
		t.Fatalf("a desk that has seen nothing saw %+v, %v", v, err)
	}
	first := &deskroom.Version{Version: "a1", Records: map[deskroom.RecordID]string{
		{File: "countries/PER.yaml", ID: "PER-01"}: "11", {File: "countries/PER.yaml", ID: "PER-02 \"é\""}: "22", {File: "x", ID: ""}: "33",
	}}
	second := &deskroom.Version{Version: "b2", Records: map[deskroom.RecordID]string{}}
	for _, saved := range []*deskroom.Version{second, first} {
		if err := s.Save(ctx, desk, saved); err != nil {
			t.Fatal(err)
		}
		if got, err := s.Seen(ctx, desk); err != nil || !reflect.DeepEqual(got, saved) {
			t.Errorf("saved %+v, and seen was %+v, %v", saved, got, err)
		}
	}
	if v, err := s.Seen(ctx, other); v != nil || err != nil {
		t.Errorf("another desk saw %+v, %v", v, err)
	}
}
