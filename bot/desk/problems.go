package desk

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"stancebot/knowledge"
	"stancebot/knowledge/places"
)

// A Problem is one thing that keeps something from being recorded.
type Problem struct {
	Field string // as people call it: source, since, country
	What  string
	Do    string // what mends it
}

// An InvalidError tells everything that is wrong with what was to be recorded. Nothing was.
type InvalidError struct{ Problems []Problem }

// Error tells each problem on a line of its own.
func (e *InvalidError) Error() string {
	lines := make([]string, len(e.Problems))
	for i, p := range e.Problems {
		lines[i] = fmt.Sprintf("%s: %s: %s", p.Field, p.What, p.Do)
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

func (p *problems) add(field, what, do string) { p.list = append(p.list, Problem{field, what, do}) }

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
	if !places.IsMember(c) {
		p.add("country", fmt.Sprintf("%q is no member of the United Nations", c), "use an alpha-3 code such as BOL")
	}
}

func (p *problems) source(address string) {
	u, err := url.Parse(address)
	switch {
	case address == "":
		p.add("source", "there is none", "give the address of the page that tells it")
	case err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || u.User != nil || strings.ContainsFunc(address, unicode.IsSpace):
		p.add("source", "it is no address of a page", "write it in full, with https:// and the site")
	case len(address) > maxSource:
		p.add("source", "it is too long", fmt.Sprintf("use an address of at most %d characters", maxSource))
	}
}

// text checks words that readers will see.
func (p *problems) text(field, text string, required bool) {
	switch {
	case required && strings.TrimSpace(text) == "":
		p.add(field, "it is empty", "say in a sentence what happened")
	case !utf8.ValidString(text) || strings.ContainsFunc(text, hidden):
		p.add(field, "it holds characters that do not show", "write it on one line, in plain text")
	case utf8.RuneCountInString(text) > maxText:
		p.add(field, "it is too long", fmt.Sprintf("use at most %d characters", maxText))
	}
}

// hidden reports whether a character controls how text is shown, and shows nothing itself.
func hidden(r rune) bool { return unicode.IsControl(r) || unicode.Is(unicode.Cf, r) }

// past checks a date that must have come.
func (p *problems) past(field string, date knowledge.Date) {
	if date.First() > p.today {
		p.add(field, date.String()+" lies in the future", "record it once it has come; what is due is an event of kind scheduled")
	}
}

// period checks the time over which something holds: its start has to be known, its end may be open.
func (p *problems) period(from, to knowledge.Date) {
	if from.IsZero() {
		p.add("from", "there is no date", "give the day, month or year from which it holds")
	}
	p.past("from", from)
	p.past("to", to)
	if !from.IsZero() && !to.IsZero() && to.Last() < from.First() {
		p.add("to", fmt.Sprintf("%s is before %s", to, from), "give an end that is not before the start")
	}
}

// oneOf checks a word against those that the records know.
func oneOf[S ~string](p *problems, field string, word S, known []S) {
	if !slices.Contains(known, word) {
		words := make([]string, len(known))
		for i, k := range known {
			words[i] = string(k)
		}
		p.add(field, fmt.Sprintf("%q is none", word), "use one of "+strings.Join(words, ", "))
	}
}
