package question

import (
	"slices"
	"strings"
	"unicode/utf8"

	"stancebot/knowledge"
	"stancebot/knowledge/places"
)

// isSearched reports whether an item is searched for by its words: all but the members that are named, ids of records
// and dates. A name that fits several countries need not be asked back there, and behind a command a misspelt name may be
// a word.
func (s *scan) isSearched(it *item) bool {
	switch it.slot {
	case receiptSlot, dateSlot:
		return false
	case countrySlot:
		return it.match.Kind != places.CountryMatch || it.misspelt && s.command != ""
	}
	return true
}

// searchOrStance takes a search in plain words that holds nothing but names for a question about those: "anything on
// peru" asks where it stands. What holds nothing but an id opens it.
func (s *scan) searchOrStance() {
	q := &s.query
	switch {
	case q.Intent != knowledge.IntentSearch:
	case q.Receipt != "" && len(s.searched(false)) == 0:
		q.Intent = knowledge.IntentSource
	case s.command == "" && !s.asksOfWords():
		if q.Intent = knowledge.IntentStance; !s.named() {
			s.names() // of a search, a name that fits several countries was left aside
		}
	}
}

// asksOfWords reports whether there is anything to search for beside names.
func (s *scan) asksOfWords() bool {
	return slices.ContainsFunc(s.searched(false), func(i int) bool {
		return s.items[i].slot != countrySlot && s.items[i].slot != otherSlot
	})
}

// searchWords keeps the words of a search. It keeps those of a question that is not understood, too, for the records may
// speak of them: where it is put as a search might be, or where it has several words and is not about something else
// altogether.
func (s *scan) searchWords() {
	q := &s.query
	if q.Intent == knowledge.IntentSearch {
		list := s.searched(false)
		if len(list) == 0 && len(q.Countries) == 0 {
			list = s.searched(true)
		}
		q.Words = s.wordsOf(list, 1)
		return
	}
	if q.Misread == nil || s.command != "" || s.isElsewhere() {
		return
	}
	before := s.cue
	if c := s.bestCue(knowledge.IntentSearch); c.weight > 0 && c.weight >= s.cue.weight {
		s.cue = c
	}
	asked := s.cue.intent == knowledge.IntentSearch && s.asksOfWords()
	words := s.wordsOf(s.searched(false), shortestAlone)
	s.cue = before
	switch q.Misread.Outcome {
	case knowledge.NotACountry:
		if asked {
			q.Words = words
		}
	case knowledge.NotUnderstood:
		if words != "" && (asked || len(strings.Fields(words))+len(q.Misread.Choices) >= fewestAlone) {
			q.Words = words
		}
	}
}

// Where nobody asked for a search, shorter words are not searched for, which are mostly little words of a language that
// was not read, and neither are fewer words, names of countries among them: one alone is a slip.
const (
	shortestAlone = 3
	fewestAlone   = 2
)

// searched returns the items whose words are searched for: those of the pattern that shows the search and of dates left
// out and, unless ordinary ones are wanted too, those without a meaning of ours.
func (s *scan) searched(ordinary bool) []int {
	var list []int
	for i := range s.items {
		it := &s.items[i]
		plain := it.slot == ""
		switch {
		case it.dropped || !s.isSearched(it) || it.word.Fold == "" || s.beforeDate(i):
		case s.cue.intent == knowledge.IntentSearch && i >= s.cue.start && i < s.cue.end:
		case plain && (s.lex.little[it.word.Fold] || s.lex.joining[it.word.Fold] || s.lex.linking[it.word.Fold]):
		case plain && s.lex.ordinary[it.word.Fold] && !ordinary:
		default:
			list = append(list, i)
		}
	}
	return list
}

// wordsOf returns the words of items, folded, without those of fewer letters than wanted, and cut short.
func (s *scan) wordsOf(list []int, letters int) string {
	var words []string
	for _, i := range list {
		for w := range strings.FieldsSeq(s.join(i, i+1)) {
			if utf8.RuneCountInString(w) >= letters {
				words = append(words, w)
			}
		}
	}
	runes := []rune(strings.Join(words, " "))
	return strings.TrimSpace(string(runes[:min(len(runes), knowledge.MaxWords)]))
}

// beforeDate reports whether the item belongs to what shows how the date behind it is meant: as of, since, known.
func (s *scan) beforeDate(i int) bool {
	for at := i + 1; at < min(i+4, len(s.items)); at++ {
		if s.items[at].slot != dateSlot {
			continue
		}
		return slices.ContainsFunc([]*phraseSet{s.lex.asOf, s.lex.since, s.lex.known, s.lex.knew}, func(p *phraseSet) bool {
			return p.endsAt(s.items, at) >= at-i
		})
	}
	return false
}
