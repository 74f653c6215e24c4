package places_test

import (
	"os"
	"slices"
	"strings"
	"testing"

	"golang.org/x/text/language"

	"stancebot/knowledge"
	"stancebot/knowledge/places"
)

func memberRows(tb testing.TB) [][]string {
	tb.Helper()
	text, err := os.ReadFile("data/members.tsv")
	if err != nil {
		tb.Fatal(err)
	}
	var rows [][]string
	for i, line := range strings.Split(strings.TrimSuffix(string(text), "\n"), "\n") {
		cells := strings.Split(line, "\t")
		if len(cells) != 4 {
			tb.Fatalf("data/members.tsv:%d: %d cells, want 4", i+1, len(cells))
		}
		if i > 0 {
			rows = append(rows, cells)
		}
	}
	return rows
}

func TestMembers(t *testing.T) {
	members := places.Members()
	if len(members) != 193 {
		t.Errorf("%d members, want 193", len(members))
	}
	if !slices.IsSorted(members) || len(slices.Compact(slices.Clone(members))) != len(members) {
		t.Errorf("the members are not sorted, or one stands twice: %v", members)
	}
	for _, c := range members {
		if !places.IsMember(c) {
			t.Errorf("IsMember(%s) = false", c)
		}
	}
	// A caller that changes its list must not change ours.
	members[0] = "XXX"
	if places.Members()[0] == "XXX" {
		t.Error("Members hands out its own list")
	}
	for _, c := range []knowledge.Country{"", "per", "Per", "PE", "PERU", "VAT", "PSE", "TWN", "XKX", "ESH", "HKG", "PRI", "GRL", "SUN", "YUG", "XXX", "GEN"} {
		if places.IsMember(c) {
			t.Errorf("IsMember(%q) = true", c)
		}
		if got := places.Name(c); got != string(c) {
			t.Errorf("Name(%q) = %q, want what was asked: no name is made up", c, got)
		}
	}
}

func TestCodesOfMembersAgree(t *testing.T) {
	seen := map[string]string{}
	for _, r := range memberRows(t) {
		for _, code := range r[:3] {
			if other, ok := seen[code]; ok {
				t.Errorf("%s stands for %s and %s", code, other, r[0])
			}
			seen[code] = r[0]
		}
		// CLDR knows the codes too, and has them from another hand.
		region, err := language.ParseRegion(r[1])
		if err != nil {
			t.Errorf("%s: alpha-2 code %s: %v", r[0], r[1], err)
			continue
		}
		if region.ISO3() != r[0] || !region.IsCountry() {
			t.Errorf("%s: %s is %s to CLDR", r[0], r[1], region.ISO3())
		}
		// The charter's day, and the last admission, of South Sudan.
		if admitted, err := knowledge.ParseDay(r[3]); err != nil || admitted < 19451024 || admitted > 20110714 {
			t.Errorf("%s: admitted %s, %v", r[0], r[3], err)
		}
	}
}

func TestEveryMemberHasOneShortName(t *testing.T) {
	short, kinds := map[knowledge.Country][]string{}, map[string]bool{
		"short": true, "official": true, "alias": true, "former": true, "demonym": true, "capital": true, "seat": true,
	}
	for _, r := range englishRows(t) {
		if !places.IsMember(r.country) || !kinds[r.kind] || r.name == "" || r.name != strings.TrimSpace(r.name) {
			t.Errorf("data/en.tsv holds a bad row: %q", r)
		}
		if r.kind == "short" {
			short[r.country] = append(short[r.country], r.name)
		}
	}
	of := map[string]knowledge.Country{}
	for _, c := range places.Members() {
		if len(short[c]) != 1 {
			t.Errorf("%s: short names %q, want one", c, short[c])
			continue
		}
		if got := places.Name(c); got != short[c][0] {
			t.Errorf("Name(%s) = %q, want %q", c, got, short[c][0])
		}
		if other, ok := of[short[c][0]]; ok {
			t.Errorf("%s and %s are both called %q", c, other, short[c][0])
		}
		of[short[c][0]] = c
	}
}

func TestOneNameMeansOneCountry(t *testing.T) {
	// The later row of the table would win silently.
	of := map[string]row{}
	for _, r := range englishRows(t) {
		key := places.Fold(r.name)
		if other, ok := of[key]; ok && other.country != r.country {
			t.Errorf("%q is %s of %s and %s of %s", r.name, other.kind, other.country, r.kind, r.country)
		}
		of[key] = r
	}
}

// From that day on MembersOn is all members of the United Nations, and only South Sudan was admitted after
// Montenegro.
func TestWholeFrom(t *testing.T) {
	for _, tt := range []struct {
		day  knowledge.Day
		want int
	}{{places.WholeFrom - 1, 191}, {places.WholeFrom, 192}, {20110713, 192}, {20110714, 193}} {
		if got := len(places.MembersOn(tt.day)); got != tt.want {
			t.Errorf("%d members on %s, want %d", got, tt.day, tt.want)
		}
	}
	if !slices.Contains(places.MembersOn(places.WholeFrom), "MNE") || slices.Contains(places.MembersOn(places.WholeFrom-1), "MNE") {
		t.Errorf("Montenegro is not the one that was admitted on %s", places.WholeFrom)
	}
}
