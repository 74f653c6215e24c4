package places_test

import (
	"os"
	"strings"
	"sync"
	"testing"

	"stancebot/knowledge"
	"stancebot/knowledge/corpus"
	"stancebot/knowledge/places"
)

// embedded are the records that the binary carries: with their house style and leaders, and not without, the
// gazetteer is what people meet.
var embedded = sync.OnceValues(func() (*knowledge.Records, error) {
	set, err := corpus.Embedded()
	if err != nil {
		return nil, err
	}
	return set.Records()
})

func records(tb testing.TB) *knowledge.Records {
	tb.Helper()
	r, err := embedded()
	if err != nil {
		tb.Fatal(err)
	}
	return r
}

func gazetteer(tb testing.TB) *places.Gazetteer {
	tb.Helper()
	return places.New(records(tb))
}

// A row is a line of a table of names. The tests read the tables themselves, so that a fault in reading them shows.
type row struct {
	country    knowledge.Country
	kind, name string
	language   string
}

func englishRows(tb testing.TB) []row {
	tb.Helper()
	return rowsOf(tb, "en")
}

// allRows returns the rows of all languages, English last: where languages share a word, English tells what it is.
func allRows(tb testing.TB) []row {
	tb.Helper()
	var rows []row
	for _, language := range []string{"es", "fr", "pt", "ru", "zh", "en"} {
		rows = append(rows, rowsOf(tb, language)...)
	}
	return rows
}

func rowsOf(tb testing.TB, language string) []row {
	tb.Helper()
	text, err := os.ReadFile("data/" + language + ".tsv")
	if err != nil {
		tb.Fatal(err)
	}
	var rows []row
	for i, line := range strings.Split(strings.TrimSuffix(string(text), "\n"), "\n") {
		cells := strings.Split(line, "\t")
		if i == 0 {
			continue
		}
		if len(cells) != 4 {
			tb.Fatalf("data/%s.tsv:%d: %d cells, want 4", language, i+1, len(cells))
		}
		rows = append(rows, row{knowledge.Country(cells[0]), cells[1], cells[2], language})
	}
	return rows
}

// shortNames returns the short name of every member.
func shortNames(tb testing.TB) map[knowledge.Country]string {
	tb.Helper()
	names := map[knowledge.Country]string{}
	for _, r := range englishRows(tb) {
		if r.kind == "short" {
			names[r.country] = r.name
		}
	}
	return names
}

// meaning says in one word what a match is: two names with one meaning are no tie.
func meaning(m *places.Match) string {
	switch {
	case m == nil:
		return "nothing"
	case m.Kind == places.CountryMatch:
		return string(m.Country)
	case m.Kind == places.PlaceMatch:
		return "place " + m.Place.ID
	case m.Kind == places.AskMatch:
		return "ask " + strings.Join(m.Choices, " ")
	case m.Kind == places.OtherMatch:
		return "not " + m.Other.Note
	}
	return "no kind of match"
}

// deep is set in the full tier of the checks, which takes its time.
var deep = os.Getenv("STANCETEST_DEEP") != ""
