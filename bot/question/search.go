package question

import (
	"slices"
	"strings"
	"unicode/utf8"

	"stancebot/knowledge"
	"stancebot/knowledge/places"
	"stancebot/knowledge/search"
)

// isSearched reports whether an item is searched for by its words: all but the members that are named, ids of records
// and dates. A name that fits several countries need not be asked back there, and behind a command a misspelt name may be
// a word.
func (s *scan) isSearched(it *item) bool {
	switch it.slot {
	case receiptSlot, dateSlot:
		return false
	case countrySlot:
		return it.match.Kind != places.CountryMatch || it.misspelt && (s.command != "" || s.notUnderstands())
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
// speak of them: where it is put as a search might be, it is one; and words stay for a try where there are several and
// the question is not about something else altogether. A name of no country may stand in a record as well.
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
	if s.command != "" || s.isElsewhere() || q.Misread != nil && q.Misread.Rude || q.Misread == nil && !s.lacksName() {
		return
	}
	if c := s.bestCue(knowledge.IntentSearch); c.weight > 0 && (c.weight >= s.cue.weight || !s.notUnderstands()) {
		s.searchInstead(c)
		return
	}
	if q.Misread == nil {
		return
	}
	if s.notUnderstands() {
		s.searchUnasked()
	}
}

// searchUnasked keeps the words of a question that shows no intent: those that nobody knows and, beside them, those that
// stand for a word of the records. A name that is only nearly one may be a word here.
func (s *scan) searchUnasked() {
	if s.wordsOf(s.searched(false), shortestAlone) == "" {
		return
	}
	s.cue = cue{intent: knowledge.IntentSearch}
	words := s.wordsOf(s.searched(false), shortestAlone)
	if countWords(words)+len(s.query.Misread.Choices) >= fewestAlone {
		s.query.Words = words
	}
}

// countWords counts words; of Chinese, whose words stand together, two characters count as one.
func countWords(words string) int {
	n := 0
	for w := range strings.FieldsSeq(words) {
		if first, _ := utf8.DecodeRuneInString(w); isHanRune(first) {
			n += (utf8.RuneCountInString(w) + 1) / 2
		} else {
			n++
		}
	}
	return n
}

// searchInstead makes a search of a question that is put as one by a cue and was misread as another.
func (s *scan) searchInstead(c cue) {
	q, before := &s.query, s.cue
	s.cue = c
	list := s.searched(false)
	if len(list) == 0 {
		list = s.searched(true)
	}
	words := s.wordsOf(list, 1)
	switch {
	case words == "":
		s.cue = before
	case q.Misread == nil:
		q.Intent, q.Words = knowledge.IntentSearch, words
	case q.Misread.Outcome == knowledge.NotACountry:
		q.Words = words // what is known of the name is told where the records hold nothing
	case q.Misread.Outcome == knowledge.NotUnderstood && s.asksOfWords():
		for _, choice := range q.Misread.Choices {
			q.Countries = append(q.Countries, knowledge.Country(choice))
		}
		q.Intent, q.Misread, q.Words = knowledge.IntentSearch, nil, words
	}
}

// notUnderstands reports whether the words make no question at all, rather than one that lacks a country.
func (s *scan) notUnderstands() bool {
	return s.query.Misread != nil && s.query.Misread.Outcome == knowledge.NotUnderstood
}

// lacksName reports whether a question in plain words is one that a country is needed for, and names none: "anything
// about sanctions".
func (s *scan) lacksName() bool {
	q := &s.query
	switch q.Intent {
	case knowledge.IntentMeasures, knowledge.IntentVotes, knowledge.IntentAgreement:
		return !s.named() && q.Resolution == "" && q.Receipt == ""
	}
	return false
}

// Where nobody asked for a search, shorter words are not searched for, which are mostly little words of a language that
// was not read, and neither are fewer words, names of countries among them: one alone is a slip.
const (
	shortestAlone = 3
	shortestHan   = 2
	fewestAlone   = 2
)

// searched returns the items whose words are searched for: those of the pattern that shows the search and of dates left
// out and, unless ordinary ones are wanted too, those without a meaning of ours. In a search, ordinary words that stand
// for one of the records are wanted.
func (s *scan) searched(ordinary bool) []int {
	var list []int
	for i := range s.items {
		it := &s.items[i]
		plain := it.slot == ""
		switch {
		case it.dropped || !s.isSearched(it) || it.word.Fold == "" || s.beforeDate(i):
		case s.cue.intent == knowledge.IntentSearch && (s.cue.holds(s.items, i) || s.command != "" && i == 0):
		case plain && (s.lex.little[it.word.Fold] || s.lex.joining[it.word.Fold] || s.lex.linking[it.word.Fold]):
		case plain && s.lex.ordinary[it.word.Fold] && !ordinary && !(s.cue.intent == knowledge.IntentSearch && search.Knows(s.lex.language, it.word.Fold)):
		default:
			list = append(list, i)
		}
	}
	return list
}

// wordsOf returns the words of items, folded, without those of fewer letters than wanted, and cut short. Chinese that
// was cut up to be read is put together again.
func (s *scan) wordsOf(list []int, letters int) string {
	var words []string
	end := -1 // of the Chinese word before
	for _, i := range list {
		first := s.items[i].at
		for _, w := range s.words[first : first+s.items[i].words] {
			han := isHan(&w)
			switch {
			case han && w.Start == end:
				words[len(words)-1] += w.Fold
			case w.Fold != "":
				words = append(words, w.Fold)
			}
			if end = -1; han {
				end = w.End
			}
		}
	}
	words = slices.DeleteFunc(words, func(w string) bool {
		if first, _ := utf8.DecodeRuneInString(w); isHanRune(first) {
			return utf8.RuneCountInString(w) < min(letters, shortestHan)
		}
		return utf8.RuneCountInString(w) < letters
	})
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
