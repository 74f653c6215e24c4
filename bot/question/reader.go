package question

import (
	"strings"
	"unicode/utf8"

	"stancebot/knowledge"
	"stancebot/knowledge/places"
)

// MaxCharacters is the most characters that a question may have.
const MaxCharacters = 4000

// A Reader reads questions. It is immutable and safe for concurrent use.
type Reader struct {
	gazetteer *places.Gazetteer
	lexicons  map[string]func() *lexicon
}

// New returns a reader that knows the names of the gazetteer.
func New(g *places.Gazetteer) *Reader { return &Reader{g, lexicons} }

func (r *Reader) lexicon(language string) *lexicon { return r.lexicons[language]() }

// A Reading is a question as it was understood.
type Reading struct {
	Query knowledge.Query
	// Language is that of the question, "" when only names show.
	Language string
	// Follow reports that the question leans on the one before: "and chile?", "why?".
	Follow bool
	// Command reports that the question began with a command word.
	Command bool
	// Cue is the intent that the words show, even where they name nothing that it could be about.
	Cue knowledge.Intent
}

// Read reads one question. today is the calendar by which dates are understood.
func (r *Reader) Read(text string, today knowledge.Day) Reading { return r.ReadFrom(text, "", today) }

// ReadFrom reads a question of an asker whose client speaks the language of a locale, which decides where the words are
// those of two languages.
func (r *Reader) ReadFrom(text, locale string, today knowledge.Day) Reading {
	long := utf8.RuneCountInString(text) > MaxCharacters // each broken byte counts as a character
	typed := strings.ToValidUTF8(text, "\uFFFD")
	text = onlyWords(typed)
	query := knowledge.Query{Intent: knowledge.IntentNone, Today: today, Page: 1}
	if long {
		query.Misread = &knowledge.Misread{Outcome: knowledge.Refused, Reason: knowledge.TooLong}
		return Reading{Query: query}
	}
	words := r.cutHan(places.Split(text))
	ids := findIDs(text)
	s := &scan{reader: r, lex: r.choose(text, words, ids, locale), words: words, today: today, query: query}
	if len(s.words) == 0 {
		s.misread(knowledge.NotUnderstood)
		return Reading{Query: s.query}
	}
	s.readCommand()
	if s.readVote(typed) || s.readEdit(typed) {
		return Reading{Query: s.query, Language: s.editLanguage(), Command: true, Cue: s.query.Intent}
	}
	if s.readVerify(text) {
		return Reading{Query: s.query, Language: s.language(), Command: true, Cue: s.query.Intent}
	}
	s.readNames(ids)
	s.chooseIntent()
	order := s.readOrder(ids)
	s.settle()
	order.finish()
	s.searchWords()
	return Reading{
		Query: s.query, Language: s.language(), Follow: s.isFollowUp(),
		Command: s.command != "", Cue: s.cueIntent(),
	}
}

// readNames reads the names, ids and dates of the question.
func (s *scan) readNames(ids []foundID) {
	s.readItems(ids)
	s.readMisspelt()
	s.readPoleNames()
	s.readSurnames()
	s.leaveOut()
	s.takeBack()
	s.readEveryday()
}

// AsOfToday settles a date that was asked for against the calendar: a year means its last day, a month its last
// day, and a period that contains today means today.
func AsOfToday(d knowledge.Date, today knowledge.Day) knowledge.Day {
	if d.First() <= today && today <= d.Last() {
		return today
	}
	return d.Last()
}
