package desk_test

import (
	"testing"

	"stancebot/bot/desk"
)

func TestSpacesAndDesksByName(t *testing.T) {
	for text, want := range map[string]desk.Space{
		"slack:T1": {Platform: "slack", ID: "T1"}, "telegram:-100200": {Platform: "telegram", ID: "-100200"},
		"slack": {}, ":T1": {}, "slack:": {}, "slack:T1:C2": {}, "slack:T 1": {}, "": {},
	} {
		got, err := desk.ParseSpace(text)
		if got != want || (err == nil) != (want.ID != "") || err == nil && got.String() != text {
			t.Errorf("ParseSpace(%q) = %v, %v", text, got, err)
		}
	}
	for text, good := range map[string]bool{"main": true, "foreign-desk": true, "a1": true, "": false, "Main": false, "-a": false, "a b": false, "редакция": false} {
		if id, err := desk.ParseID(text); (err == nil) != good || good && string(id) != text {
			t.Errorf("ParseID(%q) = %q, %v", text, id, err)
		}
	}
}
