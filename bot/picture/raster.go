package picture

import (
	"image"
	"image/color"
	"image/draw"
	"math"

	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/vector"
)

// PNG draws the scene at one pixel a unit. The same scene makes the same bytes.
func (s *Scene) PNG() ([]byte, error) {
	c := &canvas{
		pixels: image.NewRGBA(image.Rect(0, 0, int(math.Ceil(s.Width)), int(math.Ceil(s.Height)))),
		raster: vector.NewRasterizer(0, 0),
	}
	draw.Draw(c.pixels, c.pixels.Bounds(), image.NewUniform(s.Ground), image.Point{}, draw.Src)
	for _, m := range s.Marks {
		switch m := m.(type) {
		case Path:
			c.path(m)
		case Text:
			c.text(m)
		}
	}
	return encode(c.pixels, s.meta())
}

// meta lists all that the file says beside the picture.
func (s *Scene) meta() []Meta {
	return append([]Meta{{"Title", s.Title}, {"Description", s.Alt}}, s.Meta...)
}

// A canvas is the pixels of a scene while it is drawn.
type canvas struct {
	pixels *image.RGBA
	raster *vector.Rasterizer
	mask   []uint8
	glyphs sfnt.Buffer
}

func (c *canvas) path(p Path) {
	if !p.Open {
		c.fill(p.Lines, ink{p.Fill, p.Over})
	}
	if p.Stroke.Width > 0 {
		c.fill(outline(p.Lines, !p.Open, p.Stroke), ink{colour: p.Stroke.Colour})
	}
}

func (c *canvas) text(t Text) {
	lines := c.outlines(t)
	if t.Halo.A > 0 {
		c.fill(outline(lines, true, Stroke{Width: t.Size / 5}), ink{colour: t.Halo})
	}
	c.fill(lines, ink{colour: t.Colour})
}

// An ink is what an area is filled with.
type ink struct {
	colour color.NRGBA
	over   Pattern
}

// fill paints the area within the lines.
func (c *canvas) fill(lines [][]Point, with ink) {
	if with.colour.A == 0 && with.over.Kind == Plain {
		return
	}
	b := boundsOf(lines)
	area := image.Rect(int(math.Floor(b.X)), int(math.Floor(b.Y)), int(math.Ceil(b.Right()))+1, int(math.Ceil(b.Bottom()))+1).Intersect(c.pixels.Bounds())
	if area.Empty() {
		return
	}
	c.raster.Reset(area.Dx(), area.Dy())
	c.raster.DrawOp = draw.Src
	at := func(p Point) (float32, float32) {
		return float32(p.X - float64(area.Min.X)), float32(p.Y - float64(area.Min.Y))
	}
	for _, line := range lines {
		if len(line) < 3 {
			continue
		}
		c.raster.MoveTo(at(line[0]))
		for _, p := range line[1:] {
			c.raster.LineTo(at(p))
		}
		c.raster.ClosePath()
	}
	if n := area.Dx() * area.Dy(); cap(c.mask) < n {
		c.mask = make([]uint8, n)
	}
	mask := &image.Alpha{Pix: c.mask[:area.Dx()*area.Dy()], Stride: area.Dx(), Rect: image.Rect(0, 0, area.Dx(), area.Dy())}
	c.raster.Draw(mask, mask.Rect, image.Opaque, image.Point{})
	c.blend(area, mask.Pix, with)
}

// blend lays the ink on the pixels of an area, as far as the mask covers them.
func (c *canvas) blend(area image.Rectangle, mask []uint8, with ink) {
	i := 0
	for y := area.Min.Y; y < area.Max.Y; y++ {
		row := c.pixels.Pix[c.pixels.PixOffset(area.Min.X, y):]
		for x := area.Min.X; x < area.Max.X; x++ {
			if covered := mask[i]; covered != 0 {
				ink := with.colour
				if with.over.Kind != Plain {
					ink = mix(ink, with.over.Colour, with.over.Kind.covers(float64(x)+0.5, float64(y)+0.5))
				}
				lay(row[4*(x-area.Min.X):], ink, covered)
			}
			i++
		}
	}
}

// lay blends one colour into one pixel, which is opaque.
func lay(pixel []uint8, ink color.NRGBA, covered uint8) {
	a := uint32(ink.A) * uint32(covered) / 255
	if a == 255 {
		pixel[0], pixel[1], pixel[2] = ink.R, ink.G, ink.B
		return
	}
	for i, v := range [3]uint8{ink.R, ink.G, ink.B} {
		pixel[i] = uint8((uint32(v)*a + uint32(pixel[i])*(255-a) + 127) / 255)
	}
}

// mix returns the colour of a pixel of which the part t is painted over.
func mix(under, over color.NRGBA, t float64) color.NRGBA {
	if t <= 0 {
		return under
	}
	t *= float64(over.A) / 255
	if under.A == 0 {
		return color.NRGBA{over.R, over.G, over.B, uint8(255*t + 0.5)}
	}
	part := func(a, b uint8) uint8 { return uint8(float64(a)*(1-t) + float64(b)*t + 0.5) }
	return color.NRGBA{part(under.R, over.R), part(under.G, over.G), part(under.B, over.B), under.A}
}

// outlines returns a text as closed lines.
func (c *canvas) outlines(t Text) [][]Point {
	fonts, pen := weights[t.Weight](), Point{t.Bounds().X, t.Y}
	var lines [][]Point
	for _, r := range t.Text {
		face, drawn := fonts.of(r)
		lines = face.glyph(lines, &c.glyphs, drawn, pen, t.Size)
		pen.X += face.widths[drawn] * t.Size
	}
	return lines
}

// glyph appends the outline of a rune.
func (f *typeface) glyph(lines [][]Point, b *sfnt.Buffer, r rune, pen Point, size float64) [][]Point {
	index, err := f.font.GlyphIndex(b, r)
	if err != nil {
		return lines
	}
	segments, err := f.font.LoadGlyph(b, index, f.em, nil)
	if err != nil {
		return lines
	}
	scale := size / float64(f.em)
	var line []Point
	for _, s := range segments {
		var args [3]Point
		for i, a := range s.Args {
			args[i] = Point{pen.X + float64(a.X)*scale, pen.Y + float64(a.Y)*scale}
		}
		switch s.Op {
		case sfnt.SegmentOpMoveTo:
			if len(line) > 2 {
				lines = append(lines, line)
			}
			line = []Point{args[0]}
		case sfnt.SegmentOpLineTo:
			line = append(line, args[0])
		case sfnt.SegmentOpQuadTo:
			line = curve(line, line[len(line)-1], args[0], args[0], args[1], 2.0/3)
		case sfnt.SegmentOpCubeTo:
			line = curve(line, line[len(line)-1], args[0], args[1], args[2], 1)
		}
	}
	if len(line) > 2 {
		lines = append(lines, line)
	}
	return lines
}

// curveSteps is in how many straight steps a curve of a letter looks round at the sizes of a picture.
const curveSteps = 6

// curve appends a cubic Bézier curve. A quadratic one has one control point, toward which those of the cubic lie
// two thirds of the way.
func curve(line []Point, from, c1, c2, to Point, pull float64) []Point {
	c1 = Point{from.X + (c1.X-from.X)*pull, from.Y + (c1.Y-from.Y)*pull}
	c2 = Point{to.X + (c2.X-to.X)*pull, to.Y + (c2.Y-to.Y)*pull}
	for i := 1; i <= curveSteps; i++ {
		t := float64(i) / curveSteps
		u := 1 - t
		a, b, c, d := u*u*u, 3*u*u*t, 3*u*t*t, t*t*t
		line = append(line, Point{a*from.X + b*c1.X + c*c2.X + d*to.X, a*from.Y + b*c1.Y + c*c2.Y + d*to.Y})
	}
	return line
}
