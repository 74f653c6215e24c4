package picture

import (
	"image/color"
	"slices"
	"strings"
	"unicode/utf8"

	"stancebot/bot/phrases"
	"stancebot/knowledge"
)

// The sizes of what every picture has, in units of a scene 1200 wide: on a phone it is shown at a third of that.
const (
	margin       = 48.0
	titleSize    = 46.0
	subtitleSize = 28.0
	textSize     = 26.0 // of what is read
	smallSize    = 24.0 // of marks and codes
	sourceSize   = 21.0 // of the foot alone
	leading      = 1.3  // from one line to the next, in parts of the size
)

// The colours of what is no label.
var (
	paper    = color.NRGBA{0xff, 0xff, 0xff, 0xff}
	black    = color.NRGBA{0x16, 0x1b, 0x22, 0xff}
	grey     = color.NRGBA{0x4d, 0x56, 0x61, 0xff}
	hairline = color.NRGBA{0xc9, 0xce, 0xd6, 0xff}
	wash     = color.NRGBA{0xf3, 0xf4, 0xf6, 0xff} // beneath what belongs together
)

// A sheet is a picture in the making. It is filled from the top: each part that is added stands below the last one.
type sheet struct {
	Scene
	p *phrases.Catalogue
	a *knowledge.Answer
	y float64 // how far down it is filled

	layout   Layout
	code     string
	subtitle string
	notes    []string // set above the foot
}

func newSheet(a *knowledge.Answer, p *phrases.Catalogue) *sheet {
	return &sheet{Scene: Scene{Width: Width, Language: p.Language, Ground: paper}, p: p, a: a, y: margin}
}

func (s *sheet) say(key string, pairs ...any) string { return s.p.Say(key, pairs...) }

// inner is the width between the margins.
func (s *sheet) inner() float64 { return s.Width - 2*margin }

// A style is how a paragraph is set.
type style struct {
	size   float64
	weight Weight
	colour color.NRGBA
}

var (
	titleStyle    = style{titleSize, SemiBold, black}
	subtitleStyle = style{subtitleSize, Regular, grey}
	textStyle     = style{textSize, Regular, black}
	strongStyle   = style{textSize, SemiBold, black}
	smallStyle    = style{smallSize, Regular, grey}
	noteStyle     = style{smallSize, Regular, black}
	sourceStyle   = style{sourceSize, Regular, grey}
)

// line is the height of one line of a style.
func (st style) line() float64 { return st.size * leading }

// lines breaks a text to a width.
func (st style) lines(text string, width float64) []string {
	return Wrap(text, st.size, st.weight, width)
}

// balanced breaks a text into as few lines as lines does, where it pauses if that goes, and else as evenly as it goes: no word is left
// alone.
func (st style) balanced(text string, width float64) []string {
	lines := st.lines(text, width)
	even, paused := lines, []string(nil)
	for narrow := width; narrow > width/2 && len(lines) > 1; narrow -= st.size / 2 {
		even = lines
		if lines = st.lines(text, narrow); len(lines) > len(even) {
			break
		}
		if pauses(lines) {
			paused = lines
		}
	}
	if paused != nil {
		return paused
	}
	return even
}

// pauses reports whether all lines but the last end where a reader pauses.
func pauses(lines []string) bool {
	return !slices.ContainsFunc(lines[:len(lines)-1], func(line string) bool {
		last, _ := utf8.DecodeLastRuneInString(line)
		return !strings.ContainsRune(",;:·，、；：", last)
	})
}

// height is that of a text broken to a width.
func (st style) height(text string, width float64) float64 {
	return float64(len(st.lines(text, width))) * st.line()
}

// put sets lines one below the other, the first one's top at y, and returns where the last one ends.
func (s *sheet) put(lines []string, st style, x, y float64, anchor Anchor) float64 {
	for _, line := range lines {
		s.Add(Text{X: x, Y: y + 0.99*st.size, Text: line, Size: st.size, Weight: st.weight, Anchor: anchor, Colour: st.colour})
		y += st.line()
	}
	return y
}

// write sets a text between x and x+width at y, and returns where it ends.
func (s *sheet) write(text string, st style, x, y, width float64) float64 {
	return s.put(st.lines(text, width), st, x, y, Start)
}

// head sets what the picture says in a sentence, and what it shows.
func (s *sheet) head(title, subtitle string) {
	s.Title, s.subtitle = title, subtitle
	s.y = s.put(titleStyle.balanced(title, s.inner()), titleStyle, margin, s.y, Start)
	if subtitle != "" {
		s.y = s.put(subtitleStyle.balanced(subtitle, s.inner()), subtitleStyle, margin, s.y+4, Start)
	}
	s.y += 20
}

// A key is one entry of a legend: a swatch, and what it stands for.
type key struct {
	fill  color.NRGBA
	over  Pattern
	text  string
	paint func(Rect) []Mark // instead of a fill
}

const (
	swatch = 34.0 // how wide and high a swatch is
	keyGap = 36.0 // between one entry and the next
)

// flow places boxes of widths in rows between the margins, and returns the left upper corner of each and how many rows there are.
func flow(widths []float64, x, y, width, gap, row float64) (at []Point, rows int) {
	left, rows := x, 1
	for _, w := range widths {
		if left > x && left+w > x+width {
			left, y, rows = x, y+row, rows+1
		}
		at = append(at, Point{left, y})
		left += w + gap
	}
	return at, rows
}

func (k key) width() float64 { return swatch + 12 + Measure(k.text, smallSize, Regular) }

// legend sets what colours and patterns stand for, and returns where it ends.
func (s *sheet) legend(keys []key, y float64) float64 {
	if len(keys) == 0 {
		return y
	}
	widths := make([]float64, len(keys))
	for i, k := range keys {
		widths[i] = k.width()
	}
	at, rows := flow(widths, margin, y, s.inner(), keyGap, swatch+12)
	for i, k := range keys {
		box := Rect{at[i].X, at[i].Y, swatch, swatch}
		if k.paint != nil {
			s.Add(k.paint(box)...)
		} else {
			s.Add(Path{Lines: Box(box, 5), Fill: k.fill, Over: k.over, Stroke: Stroke{Colour: grey, Width: 1.5}, Name: k.text})
		}
		s.Add(Text{X: at[i].X + swatch + 12, Y: at[i].Y + swatch/2 + 0.36*smallSize, Text: k.text, Size: smallSize, Colour: black})
	}
	return y + float64(rows)*(swatch+12)
}

// legendHeight is the height that a legend takes.
func (s *sheet) legendHeight(keys []key) float64 {
	widths := make([]float64, len(keys))
	for i, k := range keys {
		widths[i] = k.width()
	}
	if len(keys) == 0 {
		return 0
	}
	_, rows := flow(widths, margin, 0, s.inner(), keyGap, swatch+12)
	return float64(rows) * (swatch + 12)
}

// A foot is what stands below every picture: what the desk corrected, where the picture comes from, of when it is, and the code that it
// is verified by.
type foot struct {
	notes, lines []string
	code         string
}

// footOf puts together the foot of a picture that says these things of its sources.
func (s *sheet) footOf(sources ...string) foot {
	when := s.say("draw.drawn.bare", "date", s.a.Query.Today)
	if s.a.Version != "" {
		when = s.say("draw.drawn", "date", s.a.Query.Today, "version", s.a.Version)
	}
	f := foot{code: s.code}
	for _, note := range s.notes {
		f.notes = append(f.notes, noteStyle.lines(note, s.inner())...)
	}
	width := s.inner()
	if s.code != "" {
		width -= max(Measure(s.code, smallSize, SemiBold), Measure(s.say("draw.verify"), sourceSize, Regular)) + 40
	}
	f.lines = append(sourceStyle.lines(strings.Join(sources, " · "), width), sourceStyle.lines(when, width)...)
	return f
}

// height is how much of the picture the foot takes, with the margin below.
func (f foot) height() float64 {
	rows := float64(max(len(f.lines), 2)) * sourceStyle.line()
	if f.code != "" {
		rows = max(rows, sourceStyle.line()+smallSize*leading)
	}
	return float64(len(f.notes))*noteStyle.line() + 18 + rows + margin*0.7
}

// close sets the foot at the bottom, of a picture that is at least so high.
func (s *sheet) close(f foot, least float64) {
	s.Height = max(least, s.y+16+f.height())
	y := s.put(f.notes, noteStyle, margin, s.Height-f.height(), Start)
	s.Add(Line(Stroke{Colour: hairline, Width: 2}, Point{margin, y}, Point{s.Width - margin, y}))
	y += 18
	s.put(f.lines, sourceStyle, margin, y, Start)
	if f.code != "" {
		s.put([]string{s.say("draw.verify")}, sourceStyle, s.Width-margin, y, End)
		s.put([]string{f.code}, style{smallSize, SemiBold, black}, s.Width-margin, y+sourceStyle.line(), End)
	}
}
