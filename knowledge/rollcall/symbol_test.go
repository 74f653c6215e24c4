package rollcall_test

import (
	"testing"

	"stancebot/knowledge"
	"stancebot/knowledge/rollcall"
)

func TestIDOf(t *testing.T) {
	for _, tt := range []struct {
		symbol, id, session string
		number              int
	}{
		{"A/RES/ES-11/1", "ES-11/1", "ES-11", 1},
		{"A/RES/68/262", "68/262", "68", 262},
		{" A/RES/68/262 ", "68/262", "68", 262},
		{"A/RES/36/148A", "36/148A", "36", 148},
		{"A/RES/36/148[A]", "36/148A", "36", 148},
		{"A/RES/32/105[A-B]", "32/105A-B", "32", 105},
		{"A/RES/S-17/2", "S-17/2", "S-17", 2},
		{"A/RES/377(V)A", "377(V)A", "V", 377},
		{"A/RES/377 (V) A", "377(V)A", "V", 377},
		{"A/RES/377(V)[A]", "377(V)A", "V", 377},
		{"A/RES/3201(S-VI)", "3201(S-VI)", "S-VI", 3201},
		{"A/RES/997(ES-I)", "997(ES-I)", "ES-I", 997},
		{"A/RES/1(I)", "1(I)", "I", 1},
		{"A/RES/3541(XXX)", "3541(XXX)", "XXX", 3541},
	} {
		id, ok := rollcall.IDOf(tt.symbol)
		if id != tt.id || !ok {
			t.Errorf("IDOf(%q) = %q, %t; want %q", tt.symbol, id, ok, tt.id)
		}
		if got := knowledge.ReceiptKindOf(id); got != knowledge.RollCallReceipt {
			t.Errorf("%q is a receipt of the kind %q", id, got)
		}
		if s, n := rollcall.Session(id), rollcall.Number(id); s != tt.session || n != tt.number {
			t.Errorf("%s is number %d of session %q, want %d of %q", id, n, s, tt.number, tt.session)
		}
	}
	for _, symbol := range []string{
		"", "68/262", "S/RES/2623", "A/RES/", "A/RES/68", "A/RES/168/262", "A/RES/68/2620", "A/RES/68/L.39", "A/RES/377(IIII)", "A/RES/377(VX)",
		"A/RES/377()", "A/RES/377(V)AB", "A/RES/ES-11/1|A/RES/ES-11/2", "A/RES/68/262/Rev.1", "A/RES/377(XL)", "a/res/68/262", "A/68/262",
	} {
		if id, ok := rollcall.IDOf(symbol); ok {
			t.Errorf("IDOf(%q) = %q, want none", symbol, id)
		}
	}
}

// The symbols of imported texts are held against their dates as those of ours are, as far as the days of sessions are known.
func TestSymbolOfEarlierSessions(t *testing.T) {
	for _, tt := range []struct {
		id   string
		date knowledge.Day
		ok   bool
	}{
		{"1(I)", 19460124, true},
		{"1(I)", 19451224, false},
		{"377(V)A", 19501103, true},
		{"377(VI)A", 19501103, false},
		{"377(V)A", 19521103, false},
		{"3541(XXX)", 19751217, true},
		{"36/148A", 19811216, true},
		{"36/148A", 19821216, false},
		{"57/1", 20030915, true}, // before the days of sessions follow from a rule
		{"57/1", 20031015, false},
		{"70/72A", 20151207, true},
		{"70/72A", 20161207, false},
		{"997(ES-I)", 19561102, true},
		{"997(ES-I)", 19561031, false},
		{"997(ES-I)", 19561202, false},
		{"ES-6/2", 19800114, true},
		{"ES-6/2", 20220302, false},
		{"ES-10/2", 19970425, true},
		{"ES-10/2", 20220302, false}, // a digit that was misread
		{"ES-10/18", 20090116, true},
		{"ES-10/21", 20231027, true},
		{"ES-10/21", 20061115, false},
		{"S-17/2", 19900223, true}, // of special sessions no days are held here
		{"3201(S-VI)", 19740501, true},
		{"3201(S-XL)", 19740501, false},
	} {
		r := &knowledge.RollCall{ID: tt.id, Date: tt.date, Title: "A text", Grade: "U", Tally: knowledge.Tally{Yes: 1}, Votes: map[knowledge.Position]knowledge.Codes{knowledge.Yes: {"AAA"}}}
		if faults := rollcall.VerifySums(r); (len(faults) == 0) != tt.ok {
			t.Errorf("%q on %s: faults %v, want ok: %t", tt.id, tt.date, faults, tt.ok)
		}
	}
}

// Without the members of the day sums and doubles are still seen, and states that are missing or strange are not.
func TestVerifySums(t *testing.T) {
	r := &knowledge.RollCall{ID: "36/148A", Date: 19811216, Title: "A text", Grade: "U", Tally: knowledge.Tally{Yes: 2, No: 1}, Votes: map[knowledge.Position]knowledge.Codes{
		knowledge.Yes: {"SUN", "YUG"}, knowledge.No: {"USA"},
	}}
	if faults := rollcall.VerifySums(r); len(faults) != 0 {
		t.Errorf("faults %v", faults)
	}
	r.Votes[knowledge.No] = knowledge.Codes{"USA", "YUG"}
	if faults := rollcall.VerifySums(r); len(faults) != 2 {
		t.Errorf("faults %v, want the sum and the double", faults)
	}
}
