package question

import (
	"unicode"
	"unicode/utf8"

	"stancebot/knowledge/places"
)

// Chinese is written without spaces. Names from shortestMisspelt to longestMisspelt characters are recognised with one
// of them wrong.
const (
	chinese          = "zh"
	shortestMisspelt = 4
	longestMisspelt  = 7
)

// cutHan cuts words of Chinese characters at the longest words that the lexicon and the names know. What is in no
// dictionary becomes words of one character; a stretch that is one character off the name of a country stays whole, so
// that it can be read as a misspelling.
func (r *Reader) cutHan(words []places.Word) []places.Word {
	if r.lexicons[chinese] == nil {
		return words
	}
	return r.gazetteer.Segment(words, func(word string) bool { return r.knowsHan(word) || r.misspeltHan(word) })
}

func (r *Reader) knowsHan(word string) bool {
	lex := r.lexicon(chinese)
	return lex.words[word] || lex.spellings[word] != ""
}

// misspeltHan reports whether a stretch is a name with one character wrong. No known word of two or more may stand
// within it: 和俄罗斯 is not 白俄罗斯.
func (r *Reader) misspeltHan(stretch string) bool {
	n := utf8.RuneCountInString(stretch)
	if n > shortestMisspelt && n <= longestWhole && r.misspeltHanWhole(stretch) {
		return true
	}
	if n < shortestMisspelt || n > longestMisspelt {
		return false
	}
	matches, edits := r.gazetteer.Nearest(stretch)
	if edits != 1 || len(matches) == 0 || utf8.RuneCountInString(matches[0].Name) != n {
		return false
	}
	runes := []rune(stretch)
	for i := range runes {
		for j := i + 2; j <= len(runes); j++ {
			if part := string(runes[i:j]); r.knowsHan(part) || r.gazetteer.Lookup(part) != nil {
				return false
			}
		}
	}
	return true
}

// longestWhole is the most characters that are tried as one name with a slip in it.
const longestWhole = 12

// misspeltHanWhole reports whether a longer stretch is a name with one character wrong, left out, too many or swapped,
// whatever stands within it. A known word with something before or behind it is that word, and no slip.
func (r *Reader) misspeltHanWhole(stretch string) bool {
	matches, edits := r.gazetteer.Nearest(stretch)
	if edits != 1 || len(matches) == 0 || utf8.RuneCountInString(matches[0].Name) < shortestMisspelt {
		return false
	}
	runes := []rune(stretch)
	for _, part := range []string{string(runes[1:]), string(runes[:len(runes)-1])} {
		if r.knowsHan(part) || r.gazetteer.Lookup(part) != nil {
			return false
		}
	}
	return true
}

func isHanRune(r rune) bool { return unicode.Is(unicode.Han, r) }

// isHan reports whether a word is written in Chinese characters.
func isHan(w *places.Word) bool {
	r, _ := utf8.DecodeRuneInString(w.Fold)
	return isHanRune(r)
}
