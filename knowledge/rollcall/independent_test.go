package rollcall_test

import (
	"bytes"
	"encoding/csv"
	"os"
	"slices"
	"testing"

	"stancebot/knowledge"
)

// votesVariable names the file that TestCellsEqualAnIndependentTable reads.
const votesVariable = "STANCETEST_VOTES"

// A cell is one state in one roll call.
type cell struct {
	call    string
	country knowledge.Country
}

// independentTable reads the table that the environment names.
func independentTable(t *testing.T) map[cell]knowledge.Position {
	t.Helper()
	name := os.Getenv(votesVariable)
	if name == "" {
		t.Skipf("no independent table of votes: set %s to the absolute path of a CSV file with the header resolution_id,iso3,position "+
			"and one row a cell of the 46 full roll calls (yes, no, abstain or absent), made from the UN's records by another hand than ours", votesVariable)
	}
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatalf("%s: %v", votesVariable, err)
	}
	rows, err := csv.NewReader(bytes.NewReader(text)).ReadAll()
	if err != nil {
		t.Fatalf("%s: %v", votesVariable, err)
	}
	if len(rows) == 0 || !slices.Equal(rows[0], []string{"resolution_id", "iso3", "position"}) {
		t.Fatalf("%s: the header is not resolution_id,iso3,position", votesVariable)
	}
	table := map[cell]knowledge.Position{}
	for i, r := range rows[1:] {
		c, p := cell{r[0], knowledge.Country(r[1])}, knowledge.Position(r[2])
		if _, ok := table[c]; ok {
			t.Errorf("%s: row %d: %s stands in %s twice", votesVariable, i+2, c.country, c.call)
		}
		if !slices.Contains(knowledge.Positions, p) {
			t.Errorf("%s: row %d: unknown position %q", votesVariable, i+2, p)
		}
		table[c] = p
	}
	return table
}

// What arithmetic cannot see, two swaps that cancel each other, another table of the same votes does: each cell of the
// full roll calls is held against it, and each cell of it against the roll calls.
func TestCellsEqualAnIndependentTable(t *testing.T) {
	table := independentTable(t)
	ours := map[cell]knowledge.Position{}
	for _, r := range fullCalls(t) {
		for p, codes := range r.Votes {
			for _, c := range codes {
				ours[cell{r.ID, c}] = p
			}
		}
	}
	equal := 0
	for c, p := range ours {
		switch other, ok := table[c]; {
		case !ok:
			t.Errorf("%s: %s is %s here and missing in the table", c.call, c.country, p)
		case other != p:
			t.Errorf("%s: %s is %s here and %s in the table", c.call, c.country, p, other)
		default:
			equal++
		}
	}
	for c, p := range table {
		if _, ok := ours[c]; !ok {
			t.Errorf("%s: %s is %s in the table and missing here", c.call, c.country, p)
		}
	}
	const cells = 42*193 + 4*192 // the members before and after South Sudan joined
	if equal != cells || len(ours) != cells || len(table) != cells {
		t.Errorf("%d cells agree of %d here and %d in the table, want %d of all", equal, len(ours), len(table), cells)
	}
}
