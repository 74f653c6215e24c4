package knowledge_test

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"stancebot/knowledge"
)

// receipts holds ids of every kind in the table of the contract, and the country that each names.
var receipts = []struct {
	id      string
	kind    knowledge.ReceiptKind
	country knowledge.Country
}{
	{"CUB-04", knowledge.ClaimReceipt, "CUB"},
	{"PER-123", knowledge.ClaimReceipt, "PER"},
	{"GEN-04", knowledge.ClaimReceipt, ""}, // a claim about the region names no country
	{"F-02", knowledge.FactCheckReceipt, ""},
	{"F-100", knowledge.FactCheckReceipt, ""},
	{"X-02", knowledge.ContradictionReceipt, ""},
	{"X-100", knowledge.ContradictionReceipt, ""},
	{"ARG-S2", knowledge.ShiftReceipt, "ARG"},
	{"ARG-S12", knowledge.ShiftReceipt, "ARG"},
	{"GEN-S1", knowledge.ShiftReceipt, ""},
	{"ES-11/1", knowledge.RollCallReceipt, ""},
	{"ES-10/21", knowledge.RollCallReceipt, ""},
	{"68/262", knowledge.RollCallReceipt, ""},
	{"74/17", knowledge.RollCallReceipt, ""},
	{"36/148A", knowledge.RollCallReceipt, ""},
	{"32/105A-B", knowledge.RollCallReceipt, ""},
	{"S-17/2", knowledge.RollCallReceipt, ""},
	{"377(V)A", knowledge.RollCallReceipt, ""},
	{"3201(S-VI)", knowledge.RollCallReceipt, ""},
	{"997(ES-I)", knowledge.RollCallReceipt, ""},
	{"1(I)", knowledge.RollCallReceipt, ""},
	{"GA-2026-02-24", knowledge.RollCallReceipt, ""},
	{"GA-2025-12-10-chornobyl", knowledge.RollCallReceipt, ""},
	{"M:ECU:alba:2009", knowledge.MembershipReceipt, "ECU"},
	{"M:VEN:pacific_alliance:?", knowledge.MembershipReceipt, "VEN"},
	{"S:BHS:unfriendly_list:2022", knowledge.MeasureReceipt, "BHS"},
	{"S:BHS:unfriendly_list:?", knowledge.MeasureReceipt, "BHS"},
	{"E:PER:2025-10-10", knowledge.EventReceipt, "PER"},
	{"E:PER:2025-10-10b", knowledge.EventReceipt, "PER"},
	{"E:BOL:2025-11", knowledge.EventReceipt, "BOL"},
	{"E:BOL:2025", knowledge.EventReceipt, "BOL"},
	{"D-17", knowledge.DeskReceipt, ""},
	{"D-1", knowledge.DeskReceipt, ""},
	{"D-999999999", knowledge.DeskReceipt, ""},
	{"A:BRA:2019", knowledge.AgreementReceipt, "BRA"},
}

func TestReceiptKindOf(t *testing.T) {
	kinds := map[knowledge.ReceiptKind]bool{}
	for _, r := range receipts {
		kinds[r.kind] = true
		if got := knowledge.ReceiptKindOf(r.id); got != r.kind {
			t.Errorf("ReceiptKindOf(%q) = %q, want %q", r.id, got, r.kind)
		}
		if got := knowledge.ReceiptCountry(r.id); got != r.country {
			t.Errorf("ReceiptCountry(%q) = %q, want %q", r.id, got, r.country)
		}
	}
	if len(kinds) != 10 {
		t.Errorf("the table holds %d kinds, want all ten of the contract", len(kinds))
	}
}

func TestReceiptKindOfRefusesNearMisses(t *testing.T) {
	for _, id := range []string{
		"", "-", "CUB", "CUB-", "CUB-4", "CUB-1234", "CUB04", "CU-04", "CUBA-04", "cub-04", "Cub-04", "CUB_04", "CUB-0a", "CU1-04",
		"CUB\u201104", "CUB-\u0660\u0664", "CUB-04 ", " CUB-04", "CUB-04\n", "CUB-04\x00", "(CUB-04)", "CUB-04,CUB-05",
		"F-2", "F-0002", "f-02", "F02", "F-", "X-2", "x-02", "Y-02",
		"ARG-S", "ARG-S123", "ARG-s2", "ARG-2S", "AR-S2", "ARG-T2",
		"D-", "D-x", "D-1234567890", "d-17", "D--1", "D-1.5",
		"E:PER", "E:PER:", "E:PER:2025-1-1", "E:PER:2025-10-", "E:PER:2025-10-10bb", "E:PER:2025-10-10B", "E:PE:2025", "e:PER:2025", "E:per:2025", "E:PER:25",
		"M:ECU:alba", "M:ECU:alba:", "M:ECU:alba:09", "M:ECU:alba:??", "M:ECU:ALBA:2009", "M:ECU::2009", "M:ECU:al ba:2009", "M:EC:alba:2009", "M:ECU:alba:2009:x",
		"S:BHS::2022", "S:BHS:unfriendly-list:2022", "S:BHS:unfriendly_list:20222", "s:BHS:unfriendly_list:2022",
		"A:BRA:19", "A:BRA:?", "A:BRA:2019-01", "A:BR:2019", "A:BRA",
		"ES-11", "ES-11/", "ES-/1", "ES-111/1", "ES-11/1234", "es-11/1", "ES-11/1/2", "A/RES/68/262", "8/262", "168/262", "68/", "68/1234", "68-262",
		"36/148a", "36/148AB", "36/148[A]", "36/A", "S-17", "S-/2", "S-171/2", "377(V", "377V", "377()", "377(v)", "377(V)AB", "(V)", "12345(V)", "377(GA-I)", "377(5)",
		"GA-2026-2-24", "GA-2026-02", "GA-2026-02-24X", "ga-2026-02-24", "GA-2026-02-24 x",
		"B:BRA:2019", "Z-01",
	} {
		if got := knowledge.ReceiptKindOf(id); got != "" {
			t.Errorf("ReceiptKindOf(%q) = %q, want none", id, got)
		}
		if got := knowledge.ReceiptCountry(id); got != "" {
			t.Errorf("ReceiptCountry(%q) = %q, want none", id, got)
		}
	}
}

func TestReceiptsOfEveryCountry(t *testing.T) {
	letter := rapid.SampledFrom([]rune("ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
	rapid.Check(t, func(t *rapid.T) {
		code := string(rapid.SliceOfN(letter, 3, 3).Draw(t, "code"))
		n, year := rapid.IntRange(0, 99).Draw(t, "n"), rapid.IntRange(1000, 9999).Draw(t, "year")
		want := knowledge.Country(code)
		if code == "GEN" {
			want = ""
		}
		for id, kind := range map[string]knowledge.ReceiptKind{
			fmt.Sprintf("%s-%02d", code, n):                     knowledge.ClaimReceipt,
			fmt.Sprintf("%s-S%d", code, n):                      knowledge.ShiftReceipt,
			fmt.Sprintf("E:%s:%d-%02d-%02d", code, year, n, n):  knowledge.EventReceipt,
			fmt.Sprintf("M:%s:csto:%d", code, year):             knowledge.MembershipReceipt,
			fmt.Sprintf("S:%s:sanctions_list_2:%d", code, year): knowledge.MeasureReceipt,
			fmt.Sprintf("A:%s:%d", code, year):                  knowledge.AgreementReceipt,
		} {
			if got := knowledge.ReceiptKindOf(id); got != kind {
				t.Fatalf("ReceiptKindOf(%q) = %q, want %q", id, got, kind)
			}
			if got := knowledge.ReceiptCountry(id); got != want {
				t.Fatalf("ReceiptCountry(%q) = %q, want %q", id, got, want)
			}
			// Ids are compared byte for byte in the store: only the spelling of the records counts as one.
			if lower := strings.ToLower(id); knowledge.ReceiptKindOf(lower) != "" {
				t.Fatalf("ReceiptKindOf(%q) = %q, want none", lower, knowledge.ReceiptKindOf(lower))
			}
		}
	})
}
