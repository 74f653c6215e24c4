package picture

import (
	_ "embed"
	"fmt"
	"strings"
	"sync"
	"unicode"

	"golang.org/x/image/font"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
)

//go:embed fonts/inter-regular.ttf
var interRegular []byte

//go:embed fonts/inter-semibold.ttf
var interSemiBold []byte

//go:embed fonts/noto-sans-sc-regular.ttf
var notoRegular []byte

//go:embed fonts/noto-sans-sc-bold.ttf
var notoBold []byte

// firstOfHan is the first rune that is taken from the Chinese font.
const firstOfHan = 0x2E80

// missing stands for a rune that no font has: the box that a font has for that, so that a reader sees that something is
// missing.
const missing = 0

// A typeface is one font of outlines and the width of each of its runes, in parts of the size.
type typeface struct {
	font   *sfnt.Font
	em     fixed.Int26_6 // the size at which outlines are read: one unit of the font each
	widths map[rune]float64
}

// A set is the fonts of one weight.
type set struct{ latin, han *typeface }

var weights = [...]func() *set{
	Regular:  sync.OnceValue(func() *set { return &set{open(interRegular), open(notoRegular)} }),
	SemiBold: sync.OnceValue(func() *set { return &set{open(interSemiBold), open(notoBold)} }),
}

// open reads a font that is part of the program: one that does not parse is a fault of the build.
func open(data []byte) *typeface {
	f, err := sfnt.Parse(data)
	if err != nil {
		panic(fmt.Sprintf("picture: %v", err))
	}
	t := &typeface{font: f, em: fixed.I(int(f.UnitsPerEm())), widths: map[rune]float64{}}
	var b sfnt.Buffer
	for r := rune(missing); r <= 0xFFFF; r++ {
		glyph, err := f.GlyphIndex(&b, r)
		if err != nil || glyph == 0 && r != missing {
			continue
		}
		if advance, err := f.GlyphAdvance(&b, glyph, t.em, font.HintingNone); err == nil {
			t.widths[r] = float64(advance) / float64(t.em)
		}
	}
	return t
}

// of returns the typeface that has the rune, and the rune that is drawn for it.
func (s *set) of(r rune) (*typeface, rune) {
	first, second := s.latin, s.han
	if r >= firstOfHan {
		first, second = second, first
	}
	for _, face := range []*typeface{first, second} {
		if _, ok := face.widths[r]; ok {
			return face, r
		}
	}
	return s.latin, missing
}

// Has reports whether a rune can be drawn.
func Has(r rune) bool {
	for _, fonts := range weights {
		if _, drawn := fonts().of(r); drawn != r {
			return false
		}
	}
	return true
}

// Measure returns the width of a text.
func Measure(text string, size float64, weight Weight) float64 {
	fonts, width := weights[weight](), 0.0
	for _, r := range text {
		face, drawn := fonts.of(r)
		width += face.widths[drawn]
	}
	return width * size
}

// Wrap breaks a text into lines that are no wider than width: at spaces, within Chinese anywhere but before what ends
// a phrase and behind a number, and within a word only where it alone is too wide.
func Wrap(text string, size float64, weight Weight, width float64) []string {
	var lines []string
	line := ""
	for _, piece := range pieces(text) {
		if joined := strings.TrimRight(line+piece, " "); line == "" || Measure(joined, size, weight) <= width {
			line += piece
		} else {
			lines = append(lines, strings.TrimRight(line, " "))
			line = strings.TrimLeft(piece, " ")
		}
		for Measure(strings.TrimRight(line, " "), size, weight) > width {
			head := fitting(line, size, weight, width)
			lines, line = append(lines, head), line[len(head):]
		}
	}
	if line = strings.TrimRight(line, " "); line != "" {
		lines = append(lines, line)
	}
	return lines
}

// fitting returns the longest start of a text that fits, at least one rune.
func fitting(text string, size float64, weight Weight, width float64) string {
	end := 0
	for i, r := range text {
		next := i + len(string(r))
		if end > 0 && Measure(text[:next], size, weight) > width {
			break
		}
		end = next
	}
	return text[:end]
}

// closing are runes that do not stand at the start of a line, opening those that do not stand at its end.
const (
	closing = "，。、；：！？）》」』】〉”’%·…—"
	opening = "（《「『【〈“‘"
)

// pieces parts a text where a line may break. Each piece keeps the space behind it.
func pieces(text string) []string {
	var all []string
	start, before := 0, rune(0)
	for i, r := range text {
		breaks := before == ' ' && r != ' '
		if (r >= firstOfHan || before >= firstOfHan) && before != 0 {
			joined := r == ' ' || strings.ContainsRune(closing, r) || strings.ContainsRune(opening, before) || unicode.IsDigit(before)
			breaks = breaks || !joined
		}
		if breaks {
			all = append(all, text[start:i])
			start = i
		}
		before = r
	}
	if start < len(text) {
		all = append(all, text[start:])
	}
	return all
}
