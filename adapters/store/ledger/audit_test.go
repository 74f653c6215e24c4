package ledger_test

import (
	"errors"
	"strings"
	"testing"

	stored "stancebot/adapters/store/ledger"
	"stancebot/adapters/store/storetest"
	"stancebot/knowledge/ledger"
)

// An audit names the first entry that is not what was recorded, whatever was changed behind the program's back.
func TestAuditNamesTheFirstBrokenEntry(t *testing.T) {
	for name, tt := range map[string]struct{ spoil, says string }{
		"nothing":              {"", ""},
		"a flipped byte":       {"UPDATE ledger_entries SET bytes = CAST(replace(CAST(bytes AS TEXT), 'console:ana', 'console:eve') AS BLOB) WHERE seq = 3", "broken at entry 3"},
		"an entry taken out":   {"DELETE FROM ledger_entries WHERE seq = 2", "broken at entry 2"},
		"a cut tail":           {"DELETE FROM ledger_entries WHERE seq > 3", "broken at entry 4"},
		"a cut tail and head":  {"DELETE FROM ledger_entries WHERE seq > 3; UPDATE ledger_heads SET seq = 3, last_id = 3, hash = (SELECT hash FROM ledger_entries WHERE seq = 3)", "broken at entry 4"},
		"all but a checkpoint": {"DELETE FROM ledger_entries; DELETE FROM ledger_heads", "broken at entry 1"},
		"no head":              {"DELETE FROM ledger_heads", "broken at entry 1"},
		"a head set back":      {"UPDATE ledger_heads SET seq = 4, last_id = 4, hash = (SELECT hash FROM ledger_entries WHERE seq = 4)", "broken at entry 5"},
		"another head":         {"UPDATE ledger_heads SET hash = (SELECT hash FROM ledger_entries WHERE seq = 4)", "broken at entry 5"},
		"another checkpoint":   {"UPDATE ledger_checkpoints SET hash = (SELECT hash FROM ledger_entries WHERE seq = 2)", "broken at entry 5"},
	} {
		t.Run(name, func(t *testing.T) {
			s := spoilt(t, tt.spoil)
			if desks, err := s.Desks(t.Context()); err != nil || len(desks) != 1 {
				t.Errorf("desks are %v, %v: one that is not listed is not audited", desks, err)
			}
			head, err := ledger.Audit(t.Context(), s, "main")
			if tt.says == "" {
				if err != nil || head.Seq != 5 {
					t.Errorf("head %v, %v", head, err)
				}
				return
			}
			if broken := (*ledger.BrokenError)(nil); !errors.As(err, &broken) || !strings.Contains(err.Error(), tt.says) {
				t.Errorf("error is %v, want …%s…", err, tt.says)
			}
		})
	}
}

// spoilt returns a store with five entries, and a checkpoint at the last, of which a statement then spoils something.
func spoilt(t *testing.T, statement string) ledger.Store {
	t.Helper()
	db := storetest.Open(t, storetest.NewFile(t))
	s := stored.New(db)
	appendTo(t, s, 5)
	if err := ledger.NewFollower(s, newLaid().lay, nil).CatchUp(t.Context()); err != nil { // leaves the checkpoint
		t.Fatal(err)
	}
	run(t, db, statement)
	return s
}
