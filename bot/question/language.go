package question

import (
	"unicode"
	"unicode/utf8"

	"stancebot/knowledge/places"
)

// English leads: where two languages know the words alike, the question is read in the first of these.
const leading = "en"

// choose returns the lexicon of the language in which the words are written: the one that knows most of those that are
// no names. locale is the language of the asker's client, which decides where the words do not; "" is none.
func (r *Reader) choose(words []places.Word, locale string) *lexicon {
	best, most := r.lexicons[leading], r.known(r.lexicons[leading], words)
	for _, language := range r.languages {
		lex := r.lexicons[language]
		if n := r.known(lex, words); n > most || n == most && language == locale {
			best, most = lex, n
		}
	}
	return best
}

// known counts the words that a lexicon knows. One that is a command, and the first, counts half as much again.
func (r *Reader) known(lex *lexicon, words []places.Word) int {
	n := 0
	for i := range words {
		switch w := &words[i]; {
		case w.Fold == "" || w.Fold[0] <= '9':
		case i == 0 && lex.commands[w.Fold] != "":
			n += 3
		case lex.words[w.Fold] || lex.spellings[w.Fold] != "":
			n += 2
		}
	}
	return n
}

// isHan reports whether a word is written in Chinese characters.
func isHan(w *places.Word) bool {
	r, _ := utf8.DecodeRuneInString(w.Fold)
	return unicode.Is(unicode.Han, r)
}
