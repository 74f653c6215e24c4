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
	tried := 0
	return r.gazetteer.Segment(words, func(word string) bool {
		if r.knowsHan(word) {
			return true
		}
		tried++
		return tried < maxHanTried && r.misspeltHan(word)
	})
}

// maxHanTried is how many stretches of a question are tried as misspelt names: those of its first hundred characters or so.
const maxHanTried = 1000

func (r *Reader) knowsHan(word string) bool {
	lex := r.lexicon(chinese)
	return lex.words[word] || lex.spellings[word] != ""
}

// misspeltHan reports whether a stretch is the name of a country with a slip in it.
func (r *Reader) misspeltHan(stretch string) bool {
	runes := []rune(stretch)
	if len(runes) < shortestMisspelt || len(runes) > longestWhole {
		return false
	}
	matches, edits := r.gazetteer.Nearest(stretch)
	if edits != 1 || len(matches) == 0 {
		return false
	}
	letters := utf8.RuneCountInString(matches[0].Name)
	if len(runes) > shortestMisspelt && letters >= shortestMisspelt && !r.namesHan(runes[1:]) && !r.namesHan(runes[:len(runes)-1]) {
		return true // a longer one may be off by a character left out, too many or swapped, unless a word stands beside one
	}
	return len(runes) <= longestMisspelt && letters == len(runes) && !r.holdsNameHan(runes)
}

// longestWhole is the most characters that are tried as one name with a slip in it.
const longestWhole = 12

// holdsNameHan reports whether a known word of two characters or more stands within a stretch: 和俄罗斯 is not 白俄罗斯.
func (r *Reader) holdsNameHan(runes []rune) bool {
	for i := range runes {
		for j := i + 2; j <= len(runes); j++ {
			if r.namesHan(runes[i:j]) {
				return true
			}
		}
	}
	return false
}

// namesHan reports whether a stretch is a word of the lexicon or a name.
func (r *Reader) namesHan(runes []rune) bool {
	word := string(runes)
	return r.knowsHan(word) || r.gazetteer.Lookup(word) != nil
}

func isHanRune(r rune) bool { return unicode.Is(unicode.Han, r) }

// isHan reports whether a word is written in Chinese characters.
func isHan(w *places.Word) bool {
	r, _ := utf8.DecodeRuneInString(w.Fold)
	return isHanRune(r)
}
