package desk

import (
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"stancebot/bot/phrases"
	"stancebot/knowledge"
	"stancebot/knowledge/places"
)

// A Problem is one thing that keeps something from being recorded, by its phrases: it is told in the reader's language.
type Problem struct {
	Field string // the phrase that names what is wrong: field.source, field.country
	Key   string // the phrase that says what is wrong with it, and what mends it
	Pairs []any  // the slots of both
}

// Say tells the problem in the language of a catalogue.
func (p *Problem) Say(c *phrases.Catalogue) string {
	return c.Say("problem", "field", c.Say(p.Field, p.Pairs...), "what", c.Say(p.Key, p.Pairs...))
}

// An InvalidError tells everything that is wrong with what was to be recorded. Nothing was.
type InvalidError struct{ Problems []Problem }

// Error tells each problem on a line of its own, in English.
func (e *InvalidError) Error() string {
	lines := make([]string, len(e.Problems))
	for i := range e.Problems {
		lines[i] = e.Problems[i].Say(phrases.In(phrases.Default))
	}
	return strings.Join(lines, "\n")
}

// A NotEditorError tells that a person may not change the records.
type NotEditorError struct{ Author Author }

// Error says who may.
func (e *NotEditorError) Error() string {
	return fmt.Sprintf("%s is no editor of this desk: STANCEBOT_EDITORS lists who is", e.Author)
}

// problems collects what is wrong.
type problems struct {
	list  []Problem
	today knowledge.Day
}

func (p *problems) add(field, key string, pairs ...any) {
	p.list = append(p.list, Problem{field, key, pairs})
}

// typed returns what somebody typed with nothing in it that does not show: a problem tells it.
func typed(text string) string {
	quoted := strconv.Quote(text)
	return quoted[1 : len(quoted)-1]
}

func (p *problems) err() error {
	if len(p.list) == 0 {
		return nil
	}
	return &InvalidError{p.list}
}

// The longest texts that a record takes, in characters.
const (
	maxText   = 500
	maxSource = 2_000
)

func (p *problems) country(c knowledge.Country) {
	switch {
	case c == "":
		p.add("field.country", "problem.country.none")
	case !places.IsMember(c):
		p.add("field.country", "problem.country", "word", typed(string(c)))
	}
}

func (p *problems) source(address string) {
	u, err := url.Parse(address)
	switch {
	case address == "":
		p.add("field.source", "problem.source.none")
	case err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || u.User != nil || strings.ContainsFunc(address, unicode.IsSpace):
		p.add("field.source", "problem.source.unfit")
	case len(address) > maxSource:
		p.add("field.source", "problem.source.long", "n", maxSource)
	}
}

// text checks words that readers will see.
func (p *problems) text(field, text string, required bool) {
	switch {
	case required && strings.TrimSpace(text) == "":
		p.add(field, "problem.text.empty")
	case !utf8.ValidString(text) || strings.ContainsFunc(text, hidden):
		p.add(field, "problem.text.hidden")
	case utf8.RuneCountInString(text) > maxText:
		p.add(field, "problem.text.long", "n", maxText)
	}
}

// hidden reports whether a character controls how text is shown, and shows nothing itself.
func hidden(r rune) bool { return unicode.IsControl(r) || unicode.Is(unicode.Cf, r) }

// past checks a date that must have come.
func (p *problems) past(field string, date knowledge.Date) {
	if date.First() > p.today {
		p.add(field, "problem.future", "date", date)
	}
}

// period checks the time over which something holds: its start has to be known, its end may be open.
func (p *problems) period(from, to knowledge.Date) {
	if from.IsZero() {
		p.add("field.from", "problem.from.none")
	}
	p.past("field.from", from)
	p.past("field.to", to)
	if !from.IsZero() && !to.IsZero() && to.Last() < from.First() {
		p.add("field.to", "problem.reversed", "to", to, "from", from)
	}
}

// oneOf checks a word against those that the records know.
func oneOf[S ~string](p *problems, field string, word S, known []S) {
	if slices.Contains(known, word) {
		return
	}
	words := make([]string, len(known))
	for i, k := range known {
		words[i] = string(k)
	}
	if word == "" {
		p.add(field, "problem.word.none", "known", words)
		return
	}
	p.add(field, "problem.word", "word", typed(string(word)), "known", words)
}
