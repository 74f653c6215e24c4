package places

import (
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// A Word is one piece of what somebody wrote, folded for comparison.
type Word struct {
	Fold  string // without case, accents and points
	Start int    // where it stands in the text, in bytes
	End   int
	Upper bool   // written in capitals throughout, two letters or more
	Title bool   // begins with a capital
	Flag  string // the alpha-2 code of a flag, in capitals; then Fold is empty
	After rune   // the mark that follows directly: ? , / : & or 0
	Mixed bool   // holds letters of several scripts, as look-alikes do
}

// Split takes a text apart into words. Marks are no words, but each word knows the one behind it. Invisible
// characters are dropped, an apostrophe ends a word (Côte d'Ivoire is cote, d, ivoire), and so does a hyphen.
func Split(text string) []Word {
	return appendWords(make([]Word, 0, 16), text)
}

func appendWords(words []Word, text string) []Word {
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRuneInString(text[i:])
		switch {
		case isFlagLetter(r):
			next, nextSize := utf8.DecodeRuneInString(text[i+size:])
			if isFlagLetter(next) {
				flag := string([]rune{r - flagA + 'A', next - flagA + 'A'})
				words = append(words, Word{Start: i, End: i + size + nextSize, Flag: flag})
				size += nextSize
			}
			i += size
		case isWordRune(r):
			end := wordEnd(text, i)
			if w, ok := newWord(text, i, end); ok {
				words = append(words, w)
			}
			i = end
		default:
			if len(words) > 0 {
				words[len(words)-1].mark(r)
			}
			i += size
		}
	}
	return words
}

// mark notes a mark behind the word. One that ends a name wins over one that does not: a quote before a comma.
func (w *Word) mark(r rune) {
	switch r {
	case '，':
		r = ','
	case '；':
		r = ';'
	case '：':
		r = ':'
	case '？':
		r = '?'
	case '！':
		r = '!'
	case '。':
		r = '.'
	}
	if unicode.IsSpace(r) || unicode.IsControl(r) || unicode.Is(unicode.Cf, r) {
		return
	}
	if w.After == 0 || endsName(r) && !endsName(w.After) {
		w.After = r
	}
}

func endsName(r rune) bool { return r == ',' || r == ';' || r == ':' || r == '?' || r == '!' }

// EndsName reports whether no name goes on behind the word: a comma or the end of a sentence follows. A point ends
// none behind an abbreviation of one or two letters, as in St. Lucia.
func (w *Word) EndsName() bool {
	return endsName(w.After) || w.After == '.' && utf8.RuneCountInString(w.Fold) > 2
}

const flagA = '\U0001F1E6'

func isFlagLetter(r rune) bool { return r >= flagA && r <= flagA+25 }

func isWordRune(r rune) bool {
	return r < utf8.RuneSelf && asciiWord[r] ||
		r >= utf8.RuneSelf && (isLetterOrFigure(r) || unicode.Is(unicode.Mn, r))
}

// isLetterOrFigure reports whether words are made of r. The Chinese nought of 二〇二二 is neither for Unicode.
func isLetterOrFigure(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) || r == '〇' }

var asciiWord = func() (t [utf8.RuneSelf]bool) {
	for r := range rune(utf8.RuneSelf) {
		t[r] = r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9'
	}
	return t
}()

// wordEnd returns where the word that starts at i ends. A point between single letters belongs to the word, so
// that U.S. is one; so do the invisible characters inside it. Where Chinese characters and others meet, a word ends.
func wordEnd(text string, i int) int {
	var before rune // the last letter or figure
	for i < len(text) {
		r, size := utf8.DecodeRuneInString(text[i:])
		switch {
		case r < utf8.RuneSelf && asciiWord[r] || isLetterOrFigure(r):
			if before != 0 && isHan(before) != isHan(r) {
				return i
			}
			before = r
		case !isWordRune(r) && !unicode.Is(unicode.Cf, r) && !(r == '.' && isAbbreviation(text, i)):
			return i
		}
		i += size
	}
	return i
}

// isAbbreviation reports whether the point at i stands behind a single letter that follows another point or a
// boundary, and the next letter, if any, is single too: U.S., but not "Peru. And".
func isAbbreviation(text string, i int) bool {
	before, size := utf8.DecodeLastRuneInString(text[:i])
	if !unicode.IsLetter(before) {
		return false
	}
	if prev, _ := utf8.DecodeLastRuneInString(text[:i-size]); prev != utf8.RuneError && isWordRune(prev) {
		return false
	}
	next, nextSize := utf8.DecodeRuneInString(text[i+1:])
	if next == utf8.RuneError || !isWordRune(next) {
		return strings.Contains(text[max(0, i-3):i], ".") // the last point of U.S.
	}
	after, _ := utf8.DecodeRuneInString(text[i+1+nextSize:])
	return after == '.' || !isWordRune(after)
}

func newWord(text string, start, end int) (Word, bool) {
	w := Word{Start: start, End: end}
	piece := text[start:end]
	upper, letters := true, 0
	for _, r := range piece {
		if unicode.IsLetter(r) {
			if letters == 0 {
				w.Title = unicode.IsUpper(r)
			}
			letters++
			upper = upper && unicode.IsUpper(r)
		}
	}
	w.Upper = upper && letters >= 2
	w.Fold = foldPiece(piece)
	w.Mixed = isMixed(piece)
	return w, w.Fold != ""
}

func isMixed(s string) bool {
	var latin, other bool
	for _, r := range s {
		latin = latin || unicode.Is(unicode.Latin, r)
		other = other || unicode.Is(unicode.Cyrillic, r) || unicode.Is(unicode.Greek, r)
	}
	return latin && other
}

// foldPiece drops case, accents, points and invisible characters of one word.
func foldPiece(s string) string {
	if ascii, lower := asciiForm(s); ascii {
		if lower {
			return s
		}
		return strings.ToLower(strings.ReplaceAll(s, ".", ""))
	}
	var buf [64]byte
	if folded, ok := foldCommon(buf[:0], s); ok {
		return string(folded)
	}
	return foldAny(s)
}

// foldedUpTo bounds the letters whose folded forms are kept: Latin, Greek and Cyrillic.
const foldedUpTo = 0x530

// foldedForms are the folded forms of single characters, computed when a name that is not ASCII is first folded.
var foldedForms = sync.OnceValue(func() *[foldedUpTo]string {
	var forms [foldedUpTo]string
	for r := range rune(foldedUpTo) {
		forms[r] = foldAny(string(r))
	}
	return &forms
})

// foldCommon folds words of the scripts that names are written in, and reports whether it could.
func foldCommon(folded []byte, s string) ([]byte, bool) {
	forms := foldedForms()
	for _, r := range s {
		switch {
		case r < foldedUpTo:
			folded = append(folded, forms[r]...)
		case r >= 0x4E00 && r <= 0x9FFF:
			if simple, ok := simplified()[r]; ok {
				r = simple
			}
			folded = utf8.AppendRune(folded, r)
		default:
			return nil, false
		}
	}
	return folded, true
}

// foldAny folds a word of any script by the forms of Unicode.
func foldAny(s string) string {
	var b strings.Builder
	b.Grow(len(s))
	for _, r := range norm.NFKD.String(s) {
		if simple, ok := simplified()[r]; ok {
			r = simple
		}
		switch {
		case !unicode.IsLetter(r) && !unicode.IsDigit(r): // accents, points, what is invisible
		case r == 'ß' || r == 'ẞ':
			b.WriteString("ss")
		case r == 'ø' || r == 'Ø':
			b.WriteByte('o')
		case r == 'ł' || r == 'Ł':
			b.WriteByte('l')
		case r == 'ı':
			b.WriteByte('i')
		default:
			b.WriteRune(unicode.ToLower(r))
		}
	}
	return b.String()
}

// asciiForm reports whether s is plain ASCII, and whether it is folded already.
func asciiForm(s string) (ascii, folded bool) {
	folded = true
	for i := range len(s) {
		c := s[i]
		if c >= utf8.RuneSelf {
			return false, false
		}
		if c >= 'A' && c <= 'Z' || c == '.' {
			folded = false
		}
	}
	return true, folded
}

// Fold returns a name as it is compared: its folded words with single spaces, without a leading "the".
func Fold(name string) string {
	var buf [16]Word
	words := appendWords(buf[:0], name)
	if len(words) > 1 && words[0].Fold == "the" {
		words = words[1:]
	}
	if len(words) == 1 {
		return words[0].Fold + words[0].Flag
	}
	parts := make([]string, len(words))
	for i, w := range words {
		parts[i] = w.Fold + w.Flag
	}
	return strings.Join(parts, " ")
}
