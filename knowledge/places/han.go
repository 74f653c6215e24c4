package places

import (
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"
)

// isHan reports whether r is a Chinese character.
func isHan(r rune) bool { return r >= 0x2E80 && unicode.Is(unicode.Han, r) }

// holdsHan reports whether a folded word holds a Chinese character.
func holdsHan(folded string) bool {
	for i := range len(folded) {
		if folded[i] >= 0xE2 { // below stand the letters of alphabets
			r, _ := utf8.DecodeRuneInString(folded[i:])
			if r != utf8.RuneError && isHan(r) {
				return true
			}
		}
	}
	return false
}

// hanWords are what Segment knows without being told: the Chinese names of the tables, and the words that hold a
// name by accident.
type hanWords struct {
	words map[string]bool
	most  int // runes of the longest
}

var hanTable = sync.OnceValue(func() *hanWords {
	h := &hanWords{words: map[string]bool{}}
	for _, row := range allNames().rows {
		if row.language != chinese {
			continue
		}
		for part := range strings.SplitSeq(Fold(row.name), " ") { // 刚果（金） is two words
			h.add(part)
		}
	}
	for word := range wordsOf(ordinaryLists()[chinese]) {
		h.add(word)
	}
	return h
})

const chinese = "zh"

func (h *hanWords) add(word string) {
	if n := utf8.RuneCountInString(word); n > 1 {
		h.words[word] = true
		h.most = max(h.most, n)
	}
}

// maxHanWord is the most characters that are tried as one word known to the caller alone.
const maxHanWord = 12

// Segment cuts words of Chinese characters, which are written without spaces, into the words that known or the
// tables know, the longest first; what neither knows becomes words of one character. Words of other scripts stay as
// they are. known is asked with folded words.
func Segment(words []Word, known func(string) bool) []Word {
	for i := range words {
		if holdsHan(words[i].Fold) {
			return segment(words, i, known)
		}
	}
	return words
}

// Segment cuts as the function does, and knows every name of the gazetteer, those of the house style too.
func (g *Gazetteer) Segment(words []Word, known func(string) bool) []Word {
	return Segment(words, func(word string) bool { return g.byName[word] != nil || g.parts[word] || known != nil && known(word) })
}

func segment(words []Word, first int, known func(string) bool) []Word {
	cut := append(make([]Word, 0, len(words)+16), words[:first]...)
	for _, w := range words[first:] {
		if !holdsHan(w.Fold) {
			cut = append(cut, w)
			continue
		}
		cut = appendPieces(cut, w, known)
	}
	return cut
}

// appendPieces cuts one word. Its pieces stand where its characters do: every character of the folded word has as
// many bytes as in the text, unless something invisible stands between them; then the last piece takes it.
func appendPieces(cut []Word, w Word, known func(string) bool) []Word {
	table := hanTable()
	for at := 0; at < len(w.Fold); {
		n := pieceAt(w.Fold[at:], table, known)
		piece := Word{Fold: w.Fold[at : at+n], Start: min(w.Start+at, w.End-1), End: min(w.Start+at+n, w.End)}
		at += n
		if at == len(w.Fold) {
			piece.End, piece.After = w.End, w.After
		}
		cut = append(cut, piece)
	}
	return cut
}

// pieceAt returns the bytes of the piece that rest begins with: of the longest known word, unless one that is a character
// shorter leaves that character to a longer word behind it, as 俄罗斯 does in 俄罗斯人权理事会, where 俄罗斯人 is a word, too.
func pieceAt(rest string, table *hanWords, known func(string) bool) int {
	isWord := func(word string) bool { return table.words[word] || known != nil && known(word) }
	long := longestPiece(rest, table, isWord)
	_, last := utf8.DecodeLastRuneInString(rest[:long])
	short := long - last
	if long == len(rest) || utf8.RuneCountInString(rest[:short]) < 2 || !isHan(firstRune(rest)) || !isWord(rest[:short]) {
		return long
	}
	if short+longestPiece(rest[short:], table, isWord) > long+longestPiece(rest[long:], table, isWord) {
		return short
	}
	return long
}

func firstRune(s string) rune {
	r, _ := utf8.DecodeRuneInString(s)
	return r
}

// longestPiece returns the bytes of the longest word that rest begins with, of one character when it knows none.
func longestPiece(rest string, table *hanWords, isWord func(string) bool) int {
	var ends [64]int
	count := 0
	most := min(max(table.most, maxHanWord), len(ends))
	for i, r := range rest {
		if count == most || !isHan(r) {
			break
		}
		ends[count] = i + utf8.RuneLen(r)
		count++
	}
	if count == 0 { // letters or figures: as many as follow each other
		for i, r := range rest {
			if isHan(r) {
				return i
			}
		}
		return len(rest)
	}
	for n := count; n > 1; n-- {
		if word := rest[:ends[n-1]]; isWord(word) {
			return len(word)
		}
	}
	return ends[0]
}

// simplified maps the traditional forms of characters that names are written with to the simplified ones. Each line
// of the table holds one character and its traditional forms.
var simplified = sync.OnceValue(func() map[rune]rune {
	text, err := lists.ReadFile("data/simplified.txt")
	if err != nil {
		panic("places: " + err.Error())
	}
	forms := map[rune]rune{}
	for line := range strings.Lines(string(text)) {
		line = strings.TrimSpace(line)
		if strings.HasPrefix(line, "#") {
			continue
		}
		var simple rune
		for i, r := range line {
			if i == 0 {
				simple = r
			} else {
				forms[r] = simple
			}
		}
	}
	return forms
})
