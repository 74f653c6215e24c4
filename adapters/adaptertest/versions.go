package adaptertest

import (
	"reflect"
	"testing"

	deskroom "stancebot/bot/desk"
)

// Versions is the suite of desk.Versions. Open returns a store on a new, empty database, and closes it at the end of the test.
func Versions(t *testing.T, open func(testing.TB) deskroom.Versions) {
	t.Helper()
	s := open(t)
	ctx := t.Context()
	if v, err := s.Seen(ctx, desk); v != nil || err != nil {
		t.Fatalf("a desk that has seen nothing saw %+v, %v", v, err)
	}
	first := &deskroom.Version{Version: "a1", Records: map[deskroom.RecordID]string{
		{File: "countries/PER.yaml", ID: "PER-01"}: "11", {File: "countries/PER.yaml", ID: "PER-02 \"é\""}: "22", {File: "x", ID: ""}: "33",
	}}
	second := &deskroom.Version{Version: "b2", Records: map[deskroom.RecordID]string{}}
	for _, save := range []struct {
		of deskroom.Version
	}{{*second}, {*first}} {
		if err := s.Save(ctx, desk, &save.of); err != nil {
			t.Fatal(err)
		}
		got, err := s.Seen(ctx, desk)
		if err != nil || !reflect.DeepEqual(*got, save.of) {
			t.Errorf("saved %+v, and seen was %+v, %v", save.of, got, err)
		}
	}
	if v, err := s.Seen(ctx, other); v != nil || err != nil {
		t.Errorf("another desk saw %+v, %v", v, err)
	}
}
