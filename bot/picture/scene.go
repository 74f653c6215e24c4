package picture

import (
	"image/color"
	"math"
)

// A Scene is a picture before it is a file: marks in the order in which they are painted, in units of which
// Width × Height are the whole.
type Scene struct {
	Width, Height float64
	Language      string // of its texts
	Title, Alt    string // what it is called, and all that it says, for those who do not see it
	Ground        color.NRGBA
	Marks         []Mark
	Meta          []Meta
}

// A Meta is text that stands in the file and not in the picture: a code, receipts.
type Meta struct{ Key, Text string }

// The size of pictures where nothing asks for another one.
const (
	Width  = 1200
	Height = 900
)

// A Mark is one thing that is painted: a Path or a Text.
type Mark interface{ mark() }

func (Path) mark() {}
func (Text) mark() {}

// A Point is a place in a scene; y grows downward.
type Point struct{ X, Y float64 }

// A Path is a set of lines, open or closed. Closed ones are filled, holes being those that run the other way round.
type Path struct {
	Lines  [][]Point
	Open   bool
	Fill   color.NRGBA // transparent for none
	Over   Pattern     // drawn on the fill
	Stroke Stroke
	Name   string // what it stands for, which viewers of SVG show
}

// A Stroke is how a line is drawn; a width of 0 is none.
type Stroke struct {
	Colour color.NRGBA
	Width  float64
	Dash   []float64 // lengths drawn and left out in turn; empty for a whole line
}

// A PatternKind is one of the patterns that fills are told apart by where colours are not seen.
type PatternKind string

// The patterns.
const (
	Plain   PatternKind = ""
	Hatched PatternKind = "hatched" // thin lines upward
	Striped PatternKind = "striped" // broad stripes upward, as wide as the gaps
	Crossed PatternKind = "crossed" // thin lines both ways
	Dotted  PatternKind = "dotted"  // small round dots
	Lined   PatternKind = "lined"   // thin level lines
)

// A Pattern is drawn on a fill in its own colour.
type Pattern struct {
	Kind   PatternKind
	Colour color.NRGBA
}

// A Weight is how bold a text is.
type Weight int

// The weights that there are fonts of.
const (
	Regular Weight = iota
	SemiBold
)

// An Anchor tells which point of a text stands at its place.
type Anchor int

// The anchors.
const (
	Start Anchor = iota
	Middle
	End
)

// A Text is one line of text. Its place is on the baseline.
type Text struct {
	X, Y   float64
	Text   string
	Size   float64
	Weight Weight
	Anchor Anchor
	Colour color.NRGBA
	Halo   color.NRGBA // a rim that lifts it off what lies beneath; transparent for none
}

// A Rect is an upright rectangle.
type Rect struct{ X, Y, W, H float64 }

// Right and Bottom are the far edges.
func (r Rect) Right() float64 { return r.X + r.W }

// Bottom returns the lower edge.
func (r Rect) Bottom() float64 { return r.Y + r.H }

// Centre returns the point in the middle.
func (r Rect) Centre() Point { return Point{r.X + r.W/2, r.Y + r.H/2} }

// Overlaps reports whether the two share more than an edge.
func (r Rect) Overlaps(o Rect) bool {
	return r.X < o.Right() && o.X < r.Right() && r.Y < o.Bottom() && o.Y < r.Bottom()
}

// Within reports whether r lies in o.
func (r Rect) Within(o Rect) bool {
	return r.X >= o.X && r.Y >= o.Y && r.Right() <= o.Right() && r.Bottom() <= o.Bottom()
}

// Grown returns r with a margin on every side.
func (r Rect) Grown(by float64) Rect { return Rect{r.X - by, r.Y - by, r.W + 2*by, r.H + 2*by} }

// Bounds returns the space that the text takes: from the height of capitals to the depth of descenders.
func (t Text) Bounds() Rect {
	w := Measure(t.Text, t.Size, t.Weight)
	x := t.X
	switch t.Anchor {
	case Middle:
		x -= w / 2
	case End:
		x -= w
	}
	return Rect{x, t.Y - ascent*t.Size, w, (ascent + descent) * t.Size}
}

// ascent and descent are the reach of letters above and below the baseline, in parts of the size.
const ascent, descent = 0.78, 0.22

// Bounds returns the smallest rectangle about the path.
func (p Path) Bounds() Rect { return boundsOf(p.Lines) }

func boundsOf(lines [][]Point) Rect {
	left, top, right, bottom := math.Inf(1), math.Inf(1), math.Inf(-1), math.Inf(-1)
	for _, line := range lines {
		for _, q := range line {
			left, right = min(left, q.X), max(right, q.X)
			top, bottom = min(top, q.Y), max(bottom, q.Y)
		}
	}
	if left > right {
		return Rect{}
	}
	return Rect{left, top, right - left, bottom - top}
}

// Add appends marks to the scene.
func (s *Scene) Add(marks ...Mark) { s.Marks = append(s.Marks, marks...) }

// Texts lists the texts of the scene.
func (s *Scene) Texts() []Text {
	var texts []Text
	for _, m := range s.Marks {
		if t, ok := m.(Text); ok {
			texts = append(texts, t)
		}
	}
	return texts
}

// Box returns a rectangle with round corners, as a line to be filled or stroked.
func Box(r Rect, radius float64) [][]Point {
	radius = min(radius, r.W/2, r.H/2)
	if radius <= 0 {
		return [][]Point{{{r.X, r.Y}, {r.Right(), r.Y}, {r.Right(), r.Bottom()}, {r.X, r.Bottom()}}}
	}
	n := arcSteps(radius) / 4
	line := make([]Point, 0, 4*(n+1))
	for corner, c := range []Point{
		{r.Right() - radius, r.Y + radius},
		{r.Right() - radius, r.Bottom() - radius},
		{r.X + radius, r.Bottom() - radius},
		{r.X + radius, r.Y + radius},
	} {
		from := float64(corner-1) * math.Pi / 2
		for i := range n + 1 {
			sin, cos := math.Sincos(from + math.Pi/2*float64(i)/float64(n))
			line = append(line, Point{c.X + radius*cos, c.Y + radius*sin})
		}
	}
	return [][]Point{line}
}

// Disc returns a circle, as a line to be filled or stroked.
func Disc(c Point, radius float64) [][]Point {
	n := arcSteps(radius)
	line := make([]Point, n)
	for i := range line {
		sin, cos := math.Sincos(2 * math.Pi * float64(i) / float64(n))
		line[i] = Point{c.X + radius*cos, c.Y + radius*sin}
	}
	return [][]Point{line}
}

// arcSteps is in how many steps a circle looks round.
func arcSteps(radius float64) int { return 4 * max(3, int(math.Ceil(math.Sqrt(radius)*2))) }

// Line returns an open path from one point to the next.
func Line(stroke Stroke, points ...Point) Path {
	return Path{Lines: [][]Point{points}, Open: true, Stroke: stroke}
}
