package question

import (
	"strings"
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

// misspeltHan reports whether a stretch is the name of a country with a slip in it, or two in a long one.
func (r *Reader) misspeltHan(stretch string) bool {
	runes := []rune(stretch)
	if len(runes) < shortestMisspelt || len(runes) > longestWhole {
		return false
	}
	matches, edits := r.gazetteer.Nearest(stretch)
	if len(matches) == 0 || edits > 1 && len(runes) < shortestTwice || edits > 2 {
		return false
	}
	letters := utf8.RuneCountInString(matches[0].Name)
	if matches[0].Seat && letters == len(runes) && letters == shortestMisspelt {
		return false // 巴伐利亚 is Bavaria, not 巴西利亚 with a slip: a capital of few characters is too near to other places
	}
	switch {
	case len(runes) > shortestMisspelt && letters >= shortestMisspelt && !r.endsBesideHan(runes, edits):
		return true // a longer one may be off by a character left out, too many or swapped, unless a word stands beside one
	case len(runes) == shortestMisspelt && letters == shortestMisspelt+1 && edits == 1:
		return !r.holdsNameHan(runes) || r.wrapsNameHan(runes)
	}
	return edits == 1 && len(runes) <= longestMisspelt && letters == len(runes) && !r.holdsNameHan(runes)
}

// shortestTwice is the fewest characters of a stretch with two slips.
const shortestTwice = 9

// endsBesideHan reports whether a stretch is a name as near, or a word, with up to edits characters beside it.
func (r *Reader) endsBesideHan(runes []rune, edits int) bool {
	for n := 1; n <= edits; n++ {
		for before := 0; before <= n; before++ {
			inner := runes[before : len(runes)-(n-before)]
			if r.namesHan(inner) {
				return true
			}
			if edits == 1 {
				continue
			}
			if matches, d := r.gazetteer.Nearest(string(inner)); len(matches) > 0 && (d < edits || d == edits && before == 0) {
				return true // the longest stretch is tried first: what may end sooner, does
			}
		}
	}
	return false
}

// wrapsNameHan reports whether characters that nobody knows stand before and behind a name within a stretch: that is a
// piece of another name, as 马里 is of 帕马里博.
func (r *Reader) wrapsNameHan(runes []rune) bool {
	first, last := string(runes[0]), string(runes[len(runes)-1])
	return !r.knowsHan(first) && !r.knowsHan(last) && r.gazetteer.Lookup(string(runes[1:len(runes)-1])) != nil
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

// hanFigures writes a word of Chinese figures with those of other languages, as a year is spelt: 二〇 is 20. It returns ""
// for any other word.
func hanFigures(word string) string {
	var figures []byte
	for _, r := range word {
		value, ok := hanFigure[r]
		if !ok {
			return ""
		}
		figures = append(figures, '0'+value)
	}
	return string(figures)
}

var hanFigure = map[rune]byte{'〇': 0, '零': 0, '一': 1, '二': 2, '三': 3, '四': 4, '五': 5, '六': 6, '七': 7, '八': 8, '九': 9}

// isHanCount reports whether a word counts in Chinese, as far as the days of a month go.
func isHanCount(word string) bool {
	return word != "" && strings.Trim(word, "一二三四五六七八九十") == ""
}

// hanCount reads a number below a hundred as Chinese counts: 三, 十二, 二十, 二十三. It returns 0 for what is none.
func hanCount(spelt string) int {
	tens, ones, counted := strings.Cut(spelt, "十")
	if !counted {
		tens, ones = "", spelt
	}
	figure := func(s string, none int) int {
		if s == "" {
			return none
		}
		r, size := utf8.DecodeRuneInString(s)
		value, ok := hanFigure[r]
		if !ok || size != len(s) {
			return -100
		}
		return int(value)
	}
	count := figure(ones, 0)
	if counted {
		count += 10 * figure(tens, 1)
	}
	return max(count, 0)
}

func isHanRune(r rune) bool { return unicode.Is(unicode.Han, r) }

// isHan reports whether a word is written in Chinese characters.
func isHan(w *places.Word) bool {
	r, _ := utf8.DecodeRuneInString(w.Fold)
	return isHanRune(r)
}
