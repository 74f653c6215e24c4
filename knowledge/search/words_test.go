package search_test

import (
	"slices"
	"testing"

	"stancebot/knowledge"
	"stancebot/knowledge/corpus/corpustest"
	"stancebot/knowledge/places"
	"stancebot/knowledge/search"
)

// No line is dead: every word that a dictionary leads to stands in a record.
func TestDictionariesLeadToRecords(t *testing.T) {
	x := search.New(corpustest.Records(t))
	for _, language := range search.Languages() {
		entries := search.Entries(language)
		if len(entries) < 300 {
			t.Errorf("%s: %d entries only", language, len(entries))
		}
		for _, e := range entries {
			if !x.Holds(search.Stem(e.English)) {
				t.Errorf("%s: no record holds %q", language, e.English)
			}
		}
	}
}

// Every word of a dictionary is found by, and means what it is said to mean: none is hidden by an English word that is
// spelt like it.
func TestWordsMeanWhatTheyAreSaidTo(t *testing.T) {
	x := search.New(corpustest.Records(t))
	for _, language := range search.Languages() {
		for _, e := range search.Entries(language) {
			meanings := x.Meanings(e.Word)
			if len(meanings) != 1 || !slices.Contains(meanings[0], search.Stem(e.English)) {
				t.Errorf("%s: %q means %v, and not %q", language, e.Word, meanings, e.English)
			}
			if e.Word != "" && !search.Knows(language, places.Fold(e.Word)) {
				t.Errorf("%s: %q is not known", language, e.Word)
			}
		}
	}
}

// Other forms of a word find what it finds.
func TestSearchInOtherLanguages(t *testing.T) {
	x := search.New(corpustest.Records(t))
	tests := []struct {
		language, words string
		countries       []knowledge.Country
		english         string
	}{
		{"es", "litio", nil, "lithium"},
		{"es", "Helicópteros", nil, "helicopters"},
		{"es", "vacunas sputnik", nil, "sputnik vaccine"},
		{"es", "sanciones petróleo", nil, "sanctions oil"},
		{"es", "ayuda militar", []knowledge.Country{"CUB"}, "military aid"},
		{"es", "cumbre de kazán", nil, "summit kazan"},
		{"es", "embajadores", nil, "ambassador"},
		{"pt", "lítio", nil, "lithium"},
		{"pt", "helicópteros", []knowledge.Country{"ECU"}, "helicopters"},
		{"pt", "empréstimos", nil, "loans"},
		{"pt", "bloqueio guerra", nil, "blockade war"},
		{"fr", "lithium", nil, "lithium"},
		{"fr", "pétrole", nil, "oil"},
		{"fr", "hélicoptères", nil, "helicopters"},
		{"fr", "engrais", nil, "fertilizers"},
		{"fr", "ambassadrice", nil, "ambassador"},
		{"ru", "литий", nil, "lithium"},
		{"ru", "вертолётов", nil, "helicopters"},
		{"ru", "о вакцинах", nil, "vaccine"},
		{"ru", "кредиты", nil, "loans"},
		{"ru", "саммит в Казани", nil, "summit kazan"},
		{"zh", "锂", nil, "lithium"},
		{"zh", "直升机", nil, "helicopters"},
		{"zh", "军事援助", nil, "military aid"},
		{"zh", "制裁直升机", []knowledge.Country{"PER"}, "sanctions helicopters"},
		{"zh", "喀山峰会", nil, "kazan summit"},
	}
	for _, tt := range tests {
		want := ids(x.Search(tt.english, tt.countries, all))
		got := ids(x.Search(tt.words, tt.countries, all))
		if len(want) == 0 {
			t.Errorf("%q finds nothing", tt.english)
			continue
		}
		if len(got) == 0 || !slices.Contains(got, want[0]) || !slices.Contains(want, got[0]) {
			t.Errorf("%s: %q finds %v, where %q finds %v", tt.language, tt.words, got, tt.english, want)
		}
	}
}

// What no dictionary knows counts as a word that nothing holds, in every script.
func TestSearchForUnknownWordsOfOtherLanguages(t *testing.T) {
	x := search.New(corpustest.Records(t))
	for _, words := range []string{"unicornio", "licorne", "единорог", "独角兽", "وحيد القرن", "ユニコーン"} {
		if hits := x.Search(words, nil, all); len(hits) > 0 {
			t.Errorf("%q finds %v", words, ids(hits))
		}
	}
	for words, share := range map[string]float64{"litio unicornio": 0.5, "литий единорог": 0.5, "锂独角兽": 0.5, "独角兽锂": 0.5, "锂": 1} {
		hits := x.Search(words, nil, all)
		if len(hits) == 0 || hits[0].Share != share {
			t.Errorf("%q: %v, want a share of %g", words, hits, share)
		}
	}
}
