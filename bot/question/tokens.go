package question

import (
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"
)

// A term is what a phrase of a lexicon means in an order: a rhythm, a day of the week, a doing, a number.
type term string

// A phrasebook holds the phrases of orders, folded, and the terms that each means.
type phrasebook struct {
	phrases map[string][]term
	longest map[string]int // first word of a phrase → most words
	words   map[string]bool
}

func newPhrasebook() phrasebook {
	return phrasebook{phrases: map[string][]term{}, longest: map[string]int{}, words: map[string]bool{}}
}

// A token is a phrase of an order, a number, or any other word.
type token struct {
	term          term
	number        int
	figures       int  // how many the number has, 0 for no number
	spelt         bool // the number is written in words
	ordinal       bool // 15th
	short         bool // of a day of the week: an abbreviation, which may be another word
	first, behind int  // its words
	tied          rune // the mark that ties a number to the one before: 9:30
}

// tokenize cuts the words of a question into tokens. The first word may be the command.
func (o *ordering) tokenize() {
	for i := 0; i < len(o.words); {
		n := 1
		if means, size := o.phraseAt(i); size > 0 {
			for _, t := range means {
				o.tokens = append(o.tokens, o.termToken(t, i, size))
			}
			n = size
		} else if !o.addFigures(i) {
			tok := token{first: i, behind: i + 1}
			if count, size := o.countAt(i); size > 0 && count > 0 && isHanCount(o.words[i].Fold) {
				tok.number, tok.figures, tok.spelt, tok.behind, n = count, len(strconv.Itoa(count)), true, i+size, size
			} else if day, next := o.dayAt(i); day > 0 {
				tok.number, tok.figures, tok.spelt, tok.behind, n = day, len(strconv.Itoa(day)), true, next, next-i
			}
			o.tokens = append(o.tokens, tok)
		}
		i += n
	}
}

// phraseAt returns what the longest phrase of orders at a word means, and how many words it has. Right behind a command more
// is one. Phrases of the leading language, in which buttons are written, are such in every language that has no such word.
func (o *ordering) phraseAt(i int) ([]term, int) {
	w := o.words[i]
	if _, code := o.reader.gazetteer.Alpha3(w); code && w.Upper && !o.shout {
		return nil, 0
	}
	lead := o.reader.lexicon(leading)
	books := []phrasebook{o.lex.orders}
	switch {
	case i == 1 && o.command != "":
		books = []phrasebook{o.lex.doings, o.lex.orders, lead.doings, lead.orders}
	case !o.lex.words[w.Fold]:
		books = append(books, lead.orders)
	}
	var means []term
	size := 0
	for _, book := range books {
		if found, n := longestName(book.phrases, book.longest, o.words, i); n > size {
			means, size = found, n
		}
	}
	return means, size
}

// shortestDay is the fewest letters of the name of a day of the week that is no other word.
const shortestDay = 4

func (o *ordering) termToken(t term, i, size int) token {
	tok := token{term: t, first: i, behind: i + size}
	if n, err := strconv.Atoi(string(t)); err == nil {
		tok.term, tok.number, tok.figures, tok.spelt = "", n, len(t), true
	}
	if _, day := weekdays[t]; day && size == 1 {
		tok.short = utf8.RuneCountInString(o.words[i].Fold) < shortestDay && !isHan(&o.words[i])
	}
	return tok
}

// numberAndWord is a number with what is written to it: 2h, 9h30, 15th, 9am.
var numberAndWord = regexp.MustCompile(`^(\d{1,8})(\pL*)(\d{0,2})$`)

// addFigures adds the tokens of a word that begins with a number, and reports whether there are any.
func (o *ordering) addFigures(i int) bool {
	m := numberAndWord.FindStringSubmatch(o.words[i].Fold)
	if m == nil {
		return false
	}
	tok := token{number: number(m[1]), figures: len(m[1]), first: i, behind: i + 1, tied: o.tiedBefore(i)}
	var rest []token
	if m[2] != "" {
		means := o.lex.orders.phrases[m[2]]
		if means == nil {
			means = o.reader.lexicon(leading).orders.phrases[m[2]]
		}
		tok.ordinal = o.lex.ordinals[m[2]]
		if means == nil && !tok.ordinal {
			return false
		}
		for _, t := range means {
			rest = append(rest, o.termToken(t, i, 1))
		}
	}
	if m[2] == "" && o.words[i].After == '-' && i+1 < len(o.words) && o.lex.ordinals[o.words[i+1].Fold] { // 15-го
		tok.ordinal = true
	}
	if m[3] != "" {
		rest = append(rest, token{number: number(m[3]), figures: len(m[3]), first: i, behind: i + 1, tied: 'h'})
	}
	o.tokens = append(append(o.tokens, tok), rest...)
	return true
}

// tiedBefore returns the mark that alone ties a word to the one before, as those between hours and minutes do.
func (o *ordering) tiedBefore(i int) rune {
	if i == 0 {
		return 0
	}
	before := o.words[i-1]
	if gap := o.words[i].Start - before.End; strings.ContainsRune(":./", before.After) && gap >= 1 && gap <= utf8.RuneLen('：') {
		return before.After
	}
	return 0
}
