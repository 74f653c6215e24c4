package question

import (
	"slices"
	"strings"
	"unicode/utf8"

	"stancebot/knowledge"
	"stancebot/knowledge/places"
)

// Mentions are what a text names, whatever it asks or tells.
type Mentions struct {
	Countries   []knowledge.Country // members, each once, in the order in which they are named
	Receipts    []string
	Resolutions []string
	Words       string // those that a record may hold: folded, with a space between them
	Language    string // of the text, "" when only names show
}

// Mentions reads what a text names. Misspelt names are left aside: in running text any word may look like one. Of a text
// that is longer than a question, the beginning counts.
func (r *Reader) Mentions(text, locale string, today knowledge.Day) Mentions {
	text = onlyWords(strings.ToValidUTF8(text, "\uFFFD"))
	if utf8.RuneCountInString(text) > MaxCharacters {
		text = string([]rune(text)[:MaxCharacters])
	}
	words := r.cutHan(places.Split(text))
	if len(words) == 0 {
		return Mentions{}
	}
	ids := findIDs(text)
	s := &scan{reader: r, lex: r.choose(text, words, ids, locale), words: words, typed: words, today: today}
	s.readItems(ids)
	s.readPoleNames()
	s.readSurnames()
	m := Mentions{Words: s.wordsOf(s.searched(true), shortestAlone), Language: s.language()}
	for i := range s.items {
		it := &s.items[i]
		switch {
		case it.slot == receiptSlot:
			m.Receipts = appendNew(m.Receipts, it.id)
		case it.slot == resolutionSlot:
			m.Resolutions = appendNew(m.Resolutions, it.id)
		case it.slot == countrySlot && it.match.Kind == places.CountryMatch:
			m.Countries = appendNew(m.Countries, it.match.Country)
		}
	}
	return m
}

func appendNew[T comparable](list []T, x T) []T {
	if slices.Contains(list, x) {
		return list
	}
	return append(list, x)
}
