package picture

import (
	"encoding/xml"
	"fmt"
	"image/color"
	"math"
	"strconv"
	"strings"
)

// families names the fonts of pictures, and what stands in where a reader's machine has them not.
const families = `Inter, 'Noto Sans SC', 'Noto Sans CJK SC', 'PingFang SC', 'Microsoft YaHei', system-ui, sans-serif`

// SVG writes the scene as a picture that scales. Its texts stay texts.
func (s *Scene) SVG() []byte {
	w := &svgWriter{patterns: map[Pattern]string{}}
	for _, m := range s.Marks {
		switch m := m.(type) {
		case Path:
			w.path(m)
		case Text:
			w.text(m)
		}
	}
	var b strings.Builder
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %s %s" width=%[1]q height=%[2]q role="img" aria-labelledby="title desc" lang=%q font-family="%s">`,
		num(s.Width), num(s.Height), s.Language, families)
	fmt.Fprintf(&b, "\n<title id=\"title\">%s</title>\n<desc id=\"desc\">%s</desc>\n<metadata>", escape(s.Title), escape(s.Alt))
	for _, m := range s.Meta {
		fmt.Fprintf(&b, "%s: %s\n", escape(m.Key), escape(m.Text))
	}
	b.WriteString("</metadata>\n")
	if len(w.defs) > 0 {
		b.WriteString("<defs>" + strings.Join(w.defs, "") + "</defs>\n")
	}
	fmt.Fprintf(&b, "<rect width=\"100%%\" height=\"100%%\" fill=%q/>\n", hex(s.Ground))
	b.WriteString(w.body.String())
	b.WriteString("</svg>\n")
	return []byte(b.String())
}

// A svgWriter collects the elements of a file, and the patterns that they use.
type svgWriter struct {
	body     strings.Builder
	patterns map[Pattern]string // their ids
	defs     []string
}

func (w *svgWriter) path(p Path) {
	d := pathData(p.Lines, !p.Open)
	if d == "" {
		return
	}
	fill := paint("fill", p.Fill)
	if p.Open || p.Fill.A == 0 {
		fill = ` fill="none"`
	}
	stroke := ""
	if p.Stroke.Width > 0 {
		stroke = paint("stroke", p.Stroke.Colour) + ` stroke-width="` + num(p.Stroke.Width) + `" stroke-linejoin="round"`
		if len(p.Stroke.Dash) > 0 {
			stroke += ` stroke-dasharray="` + strings.Trim(fmt.Sprint(p.Stroke.Dash), "[]") + `"`
		}
	}
	if p.Name == "" && p.Over.Kind == Plain {
		fmt.Fprintf(&w.body, "<path d=%q%s%s/>\n", d, fill, stroke)
		return
	}
	fmt.Fprintf(&w.body, "<g><title>%s</title><path d=%q%s%s/>", escape(p.Name), d, fill, stroke)
	if p.Over.Kind != Plain {
		fmt.Fprintf(&w.body, "<path d=%q fill=\"url(#%s)\"/>", d, w.pattern(p.Over))
	}
	w.body.WriteString("</g>\n")
}

// pattern returns the id of a pattern, which is written once.
func (w *svgWriter) pattern(p Pattern) string {
	id := w.patterns[p]
	if id == "" {
		id = "p" + strconv.Itoa(len(w.patterns))
		w.patterns[p] = id
		w.defs = append(w.defs, p.svg(id))
	}
	return id
}

func (w *svgWriter) text(t Text) {
	anchor := [...]string{Start: "", Middle: ` text-anchor="middle"`, End: ` text-anchor="end"`}[t.Anchor]
	weight := [...]string{Regular: "", SemiBold: ` font-weight="600"`}[t.Weight]
	halo := ""
	if t.Halo.A > 0 {
		halo = paint("stroke", t.Halo) + ` stroke-width="` + num(t.Size/5) + `" stroke-linejoin="round" paint-order="stroke"`
	}
	// Where other fonts stand in, the text keeps the width that it was measured to have.
	fmt.Fprintf(&w.body, "<text x=%q y=%q font-size=%q textLength=%q lengthAdjust=\"spacingAndGlyphs\"%s%s%s%s>%s</text>\n",
		num(t.X), num(t.Y), num(t.Size), num(t.Bounds().W), weight, anchor, paint("fill", t.Colour), halo, escape(t.Text))
}

// pathData writes lines as the data of a path, each point relative to the one before it.
func pathData(lines [][]Point, closed bool) string {
	var b strings.Builder
	for _, line := range lines {
		var at [2]int
		for i, p := range line {
			x, y := tenths(p.X), tenths(p.Y)
			switch {
			case i == 0:
				b.WriteString("M" + tenth(x) + " " + tenth(y))
			case x == at[0] && y == at[1]:
				continue
			default:
				b.WriteString("l" + tenth(x-at[0]) + " " + tenth(y-at[1]))
			}
			at = [2]int{x, y}
		}
		if closed && len(line) > 0 {
			b.WriteString("z")
		}
	}
	return b.String()
}

func tenths(v float64) int { return int(math.Round(v * 10)) }

// tenth writes a number of tenths as shortly as it goes.
func tenth(v int) string {
	if v%10 == 0 {
		return strconv.Itoa(v / 10)
	}
	return strconv.FormatFloat(float64(v)/10, 'f', 1, 64)
}

func num(v float64) string { return strconv.FormatFloat(math.Round(v*100)/100, 'f', -1, 64) }

func hex(c color.NRGBA) string { return fmt.Sprintf("#%02x%02x%02x", c.R, c.G, c.B) }

// paint writes a colour as an attribute, and how much of it shows.
func paint(attribute string, c color.NRGBA) string {
	s := " " + attribute + `="` + hex(c) + `"`
	if c.A < 255 {
		s += " " + attribute + `-opacity="` + num(float64(c.A)/255) + `"`
	}
	return s
}

func escape(s string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(s)) // a builder takes all
	return b.String()
}
