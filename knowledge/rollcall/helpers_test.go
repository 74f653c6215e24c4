package rollcall_test

import (
	"maps"
	"slices"
	"testing"

	"stancebot/knowledge"
	"stancebot/knowledge/corpus/corpustest"
	"stancebot/knowledge/places"
	"stancebot/knowledge/rollcall"
)

// fullCalls returns the shipped roll calls of which every cell is known. The tests that go through them would pass
// over nothing in silence if there were none, so that the number is held here.
func fullCalls(tb testing.TB) []knowledge.RollCall {
	tb.Helper()
	var full []knowledge.RollCall
	for _, r := range corpustest.Records(tb).RollCalls {
		if !r.Partial {
			full = append(full, r)
		}
	}
	if len(full) != 46 {
		tb.Fatalf("%d full roll calls, want 46", len(full))
	}
	return full
}

// shippedCall returns the shipped roll call with the id.
func shippedCall(tb testing.TB, id string) *knowledge.RollCall {
	tb.Helper()
	for _, r := range corpustest.Records(tb).RollCalls {
		if r.ID == id {
			return &r
		}
	}
	tb.Fatalf("no roll call has the id %s", id)
	return nil
}

// clone copies a roll call so deep that a test may change its lists.
func clone(r *knowledge.RollCall) *knowledge.RollCall {
	c := *r
	c.Votes = maps.Clone(r.Votes)
	for p, codes := range c.Votes {
		c.Votes[p] = slices.Clone(codes)
	}
	c.Cells = slices.Clone(r.Cells)
	return &c
}

// verify holds a roll call against the members on its day, as the linter of the corpus does.
func verify(r *knowledge.RollCall) []rollcall.Fault {
	return rollcall.Verify(r, places.MembersOn(r.Date))
}
