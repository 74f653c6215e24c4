package search_test

import (
	"slices"
	"strings"
	"testing"

	"stancebot/knowledge"
	"stancebot/knowledge/corpus/corpustest"
	"stancebot/knowledge/search"
)

func all(*search.Passage) bool { return true }

func ids(hits []search.Hit) []string {
	list := make([]string, len(hits))
	for i, h := range hits {
		list[i] = h.ID
	}
	return list
}

func TestSearchFinds(t *testing.T) {
	x := search.New(corpustest.Records(t))
	tests := []struct {
		words     string
		countries []knowledge.Country
		first     string
	}{
		{"lithium projects", nil, "BOL-08"},
		{"york community", nil, "DOM-01"},
		{"sanctions helicopters", []knowledge.Country{"PER"}, "PER-07"},
		{"helicopter", []knowledge.Country{"ECU"}, "ECU-03"}, // another form of the word, another country
		{"Hélicoptère HELICOPTERS", []knowledge.Country{"ECU"}, "ECU-03"},
	}
	for _, tt := range tests {
		hits := x.Search(tt.words, tt.countries, all)
		if len(hits) == 0 || hits[0].ID != tt.first {
			t.Errorf("%q of %v: %v, want %s first", tt.words, tt.countries, ids(hits), tt.first)
		}
	}
}

func TestSearchFindsNothing(t *testing.T) {
	x := search.New(corpustest.Records(t))
	for _, words := range []string{"", "unicorn", "the", "…", "единорог"} {
		if hits := x.Search(words, nil, all); len(hits) > 0 {
			t.Errorf("%q: %v", words, ids(hits))
		}
	}
	if hits := x.Search("unicorn", []knowledge.Country{"PER"}, all); len(hits) > 0 {
		t.Errorf("what holds only the name is found for a word that nothing holds: %v", ids(hits))
	}
}

func TestSearchIsCutAndSorted(t *testing.T) {
	x := search.New(corpustest.Records(t))
	for _, words := range []string{"russia sanctions", "president", "trade with the united states", "vote"} {
		hits := x.Search(words, nil, all)
		if len(hits) > search.Best {
			t.Errorf("%q: %d records", words, len(hits))
		}
		if !slices.IsSortedFunc(hits, func(a, b search.Hit) int { return int(1e6 * (b.Score - a.Score)) }) {
			t.Errorf("%q: not sorted: %v", words, hits)
		}
		for _, h := range hits {
			if h.Share <= 0 || h.Share > 1.001 {
				t.Errorf("%q: %s holds a share of %g", words, h.ID, h.Share)
			}
		}
	}
}

// A country alone is searched by its name.
func TestSearchOfACountry(t *testing.T) {
	hits := search.New(corpustest.Records(t)).Search("", []knowledge.Country{"URY"}, all)
	if len(hits) == 0 {
		t.Fatal("nothing of Uruguay")
	}
	if !strings.Contains(hits[0].ID, "URY") {
		t.Errorf("%v", ids(hits))
	}
}

// What is not seen is not found, whatever else of its record is.
func TestSearchAsksForEachPassage(t *testing.T) {
	r := &knowledge.Records{Claims: []knowledge.Claim{
		{ID: "PER-01", Country: "PER", Kind: "military", Text: "It bought tanks.", Check: knowledge.Check{Note: "Submarines too."}},
		{ID: "PER-02", Country: "PER", Kind: "economic", Text: "It sold copper.", Check: knowledge.Check{Note: "Submarines here.", Hold: true}},
	}}
	for range 100 { // words are rare among many passages only
		r.Claims = append(r.Claims, knowledge.Claim{ID: "CHL-01", Country: "CHL", Kind: "vote", Text: "It abstained."})
	}
	x := search.New(r)
	if got := ids(x.Search("submarines", nil, all)); !slices.Equal(got, []string{"PER-01"}) {
		t.Errorf("found %v, want PER-01 by its check, and nothing by a note that is held", got)
	}
	body := func(p *search.Passage) bool { return p.Part == search.Body }
	if got := ids(x.Search("submarines", nil, body)); len(got) > 0 {
		t.Errorf("found %v by a check that is not seen", got)
	}
	if got := ids(x.Search("tanks", nil, body)); !slices.Equal(got, []string{"PER-01"}) {
		t.Errorf("found %v", got)
	}
}

func FuzzSearch(f *testing.F) {
	x := search.New(corpustest.Records(f))
	for _, seed := range []string{"helicopters", "trade with russia", "\xff\xfe", "é\u0301", "投票", "🇵🇪", "'s", "y", "ing"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, words string) {
		for _, h := range x.Search(words, []knowledge.Country{"PER"}, all) {
			if !(h.Score > 0) || knowledge.ReceiptKindOf(h.ID) == "" {
				t.Errorf("%q: %+v", words, h)
			}
		}
	})
}

func BenchmarkNew(b *testing.B) {
	r := corpustest.Records(b)
	for b.Loop() {
		search.New(r)
	}
}

func BenchmarkSearch(b *testing.B) {
	x := search.New(corpustest.Records(b))
	for b.Loop() {
		x.Search("lithium projects in the region", nil, all)
	}
}
