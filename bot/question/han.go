package question

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"stancebot/knowledge/places"
)

// Chinese is written without spaces. longestHan is the most characters of a word that are tried, and names from
// shortestMisspelt to longestMisspelt characters are recognised with one of them wrong.
const (
	chinese          = "zh"
	longestHan       = 20
	shortestMisspelt = 4
	longestMisspelt  = 7
)

// cutHan cuts words of Chinese characters at the longest words that the lexicon and the names know, and numbers and Latin
// letters from the characters beside them. What is in no dictionary becomes words of one character; a stretch that is
// one character off the name of a country stays whole, so that it can be read as a misspelling.
func (r *Reader) cutHan(text string, words []places.Word) []places.Word {
	if strings.IndexFunc(text, isHanRune) < 0 || r.lexicons[chinese] == nil {
		return words
	}
	c := hanCutter{r.lexicon(chinese), r.gazetteer}
	var out []places.Word
	for _, w := range words {
		piece := text[w.Start:w.End]
		if w.Flag != "" || strings.IndexFunc(piece, isHanRune) < 0 {
			out = append(out, w)
			continue
		}
		first := len(out)
		for i := 0; i < len(piece); {
			end := i + c.next(piece[i:])
			for _, sub := range places.Split(piece[i:end]) {
				sub.Start, sub.End = w.Start+i+sub.Start, w.Start+i+sub.End
				out = append(out, sub)
			}
			i = end
		}
		if len(out) > first {
			out[len(out)-1].After = w.After
		}
	}
	return out
}

// A hanCutter cuts by the words of a lexicon and the names of a gazetteer.
type hanCutter struct {
	lex       *lexicon
	gazetteer *places.Gazetteer
}

// next returns how many bytes the word has with which a piece begins: a word of Chinese characters, a number, or what
// else stands up to the next of either.
func (c hanCutter) next(piece string) int {
	first, size := utf8.DecodeRuneInString(piece)
	if isHanRune(first) {
		return c.word(piece)
	}
	end := size
	for end < len(piece) {
		r, n := utf8.DecodeRuneInString(piece[end:])
		if isHanRune(r) || unicode.IsDigit(first) && !unicode.IsDigit(r) {
			break
		}
		end += n
	}
	return end
}

// word returns how many bytes the word has with which a run of Chinese characters begins.
func (c hanCutter) word(run string) int {
	ends := hanEnds(run)
	if n := c.known(run, ends); n > 1 {
		return ends[n-1]
	}
	if n := c.misspelt(run, ends); n > 0 {
		return ends[n-1]
	}
	return ends[0]
}

// hanEnds returns where each character of the run ends, up to the longest word.
func hanEnds(run string) []int {
	var ends []int
	for i, r := range run {
		if !isHanRune(r) || len(ends) == longestHan {
			break
		}
		ends = append(ends, i+utf8.RuneLen(r))
	}
	return ends
}

// known returns how many characters the longest known word has with which the run begins, or 0.
func (c hanCutter) known(run string, ends []int) int {
	for n := len(ends); n > 0; n-- {
		word := places.Fold(run[:ends[n-1]])
		if c.lex.words[word] || c.lex.spellings[word] != "" || c.gazetteer.Lookup(word) != nil {
			return n
		}
	}
	return 0
}

// misspelt returns how many characters the stretch has that is a name with one character wrong, or 0. No known word of
// two or more may begin within it: 和俄罗斯 is not 白俄罗斯.
func (c hanCutter) misspelt(run string, ends []int) int {
	most := min(len(ends), longestMisspelt)
	for n := 1; n < most; n++ {
		rest := run[ends[n-1]:]
		if c.known(rest, hanEnds(rest)) > 1 {
			most = n
		}
	}
	for n := most; n >= shortestMisspelt; n-- {
		matches, edits := c.gazetteer.Nearest(places.Fold(run[:ends[n-1]]))
		if edits == 1 && len(matches) > 0 && utf8.RuneCountInString(matches[0].Name) == n {
			return n
		}
	}
	return 0
}

func isHanRune(r rune) bool { return unicode.Is(unicode.Han, r) }

// isHan reports whether a word is written in Chinese characters.
func isHan(w *places.Word) bool {
	r, _ := utf8.DecodeRuneInString(w.Fold)
	return isHanRune(r)
}
