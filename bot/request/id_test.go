package request_test

import (
	"regexp"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"stancebot/bot/request"
)

var form = regexp.MustCompile(`^[0-9A-HJKMNP-TV-Z]{16}$`)

func TestIDsSortByTimeAndDiffer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var ids []string
		for range 1000 {
			ids = append(ids, request.NewID())
			time.Sleep(time.Millisecond)
		}
		if !slices.IsSorted(ids) {
			t.Error("ids do not sort by time")
		}
		seen := map[string]bool{}
		for range 10_000 { // within one millisecond
			id := request.NewID()
			if seen[id] || !form.MatchString(id) || len(id) != request.Length {
				t.Fatalf("%s is no id of its own", id)
			}
			seen[id] = true
		}
	})
}

func TestAContextCarriesAnID(t *testing.T) {
	ctx := t.Context()
	if id := request.ID(ctx); id != "" {
		t.Errorf("nothing is worked, and it is called %q", id)
	}
	named := request.Ensure(ctx)
	if id := request.ID(named); !form.MatchString(id) || request.ID(request.Ensure(named)) != id {
		t.Errorf("%q is not the id of all that follows", id)
	}
	if request.ID(request.With(named, "another")) != "another" {
		t.Error("a context cannot be named otherwise")
	}
}
