package picture

import (
	"cmp"
	"math"
	"slices"
	"strings"
)

// A chart is one map in the making: where things lie, and what is already written on it.
type chart struct {
	view
	grid     *grid
	sites    []*site
	taken    []Rect     // names and dots
	lines    [][2]Point // that lead from names to what they name
	placed   []Mark
	disputes bool    // areas are seen that have the colour of no state
	chain    []*site // dots that lie too close for a name beside each
}

// A site is one of the areas that a map is about.
type site struct {
	index int
	name  string // as it is written on the map
	full  string
	short string // where there is no room for the name
	marks string // behind the name
	look  Look
	faint bool // it bears no label: its name stands back
	rings [][]Point
	at    Point // where lines to its name end
	dot   bool  // too small to be seen otherwise
}

// The sizes of names within their areas, tried in turn.
var nameSizes = []float64{30, 27, smallSize}

// dotRadius is that of the dot for an area that would not be seen, smallDot on a map of the world.
const dotRadius, smallDot = 8.0, 4.0

// Dots are a chain when so many lie so close to each other. Their names stand in a column beside it.
const (
	chainOf   = 4
	chainStep = 70.0
	columnGap = 44.0
)

// tiny is how wide and high an area is at most that has a dot.
const tiny = 14.0

// write sets all names: first those that have room within their areas, the others beside them. Names never overlap:
// one without any room is left to the legend's counts and the text beside the picture.
func (c *chart) write() {
	for _, s := range c.sites {
		if s.dot {
			c.taken = append(c.taken, Rect{s.at.X - dotRadius, s.at.Y - dotRadius, 2 * dotRadius, 2 * dotRadius})
		}
	}
	c.column()
	// The smaller an area is, the fewer places its name has.
	slices.SortStableFunc(c.sites, func(a, b *site) int { return cmp.Compare(size(a), size(b)) })
	var outside []*site
	for _, s := range c.sites {
		if !slices.Contains(c.chain, s) && (s.dot || !c.inside(s)) {
			outside = append(outside, s)
		}
	}
	best, least := c, math.Inf(1)
	for _, order := range orders {
		slices.SortStableFunc(outside, func(a, b *site) int { return cmp.Or(cmp.Compare(rank(a), rank(b)), order(a, b)) })
		if tried, cost := c.writeIn(outside); cost < least {
			best, least = tried, cost
		}
	}
	c.taken, c.lines, c.placed = best.taken, best.lines, best.placed
}

// orders are the orders in which names are set beside their areas. The one that comes out best is kept.
var orders = []func(a, b *site) int{
	func(a, b *site) int { return cmp.Compare(size(a), size(b)) },
	func(a, b *site) int { return cmp.Compare(size(b), size(a)) },
	func(a, b *site) int { return cmp.Compare(a.at.Y, b.at.Y) },
	func(a, b *site) int { return cmp.Compare(b.at.Y, a.at.Y) },
	func(a, b *site) int { return cmp.Compare(a.at.X, b.at.X) },
}

// What it costs to leave out the name of a country that bears a label, and of one that does not, and to write a code
// in its place.
const unnamed, unnamedFaint, abridged = 3000.0, 300.0, 60.0

// writeIn sets names beside their areas in an order, and returns the map with them and what they cost in all.
func (c *chart) writeIn(order []*site) (*chart, float64) {
	tried := *c
	tried.taken, tried.lines, tried.placed = slices.Clone(c.taken), slices.Clone(c.lines), slices.Clone(c.placed)
	sum := 0.0
	for _, s := range order {
		cost := tried.beside(s, withMarks(s.name, s), halves(s.name+s.marks))
		if math.IsInf(cost, 1) {
			cost = abridged + tried.beside(s, withMarks(s.short, s))
		}
		switch {
		case !math.IsInf(cost, 1):
			sum += cost
		case s.faint:
			sum += unnamedFaint
		default:
			sum += unnamed
		}
	}
	return &tried, sum
}

// columnEnd is where the column of names beside a chain ends, 0 without one.
func (c *chart) columnEnd() float64 {
	east, width := 0.0, 0.0
	for _, s := range c.chain {
		w, _ := extent(columnLines(s), smallSize)
		east, width = max(east, s.at.X), max(width, w)
	}
	if width == 0 {
		return 0
	}
	return east + columnGap + width + 4
}

// column sets the names of a chain east of it, from north to south, each at the end of a line.
func (c *chart) column() {
	slices.SortStableFunc(c.chain, func(a, b *site) int { return cmp.Compare(a.at.Y, b.at.Y) })
	const row, gap = smallSize * 1.1, smallSize * 0.15
	middle, east, height := 0.0, 0.0, 0.0
	for _, s := range c.chain {
		middle += s.at.Y / float64(len(c.chain))
		east = max(east, s.at.X)
		height += row*float64(len(columnLines(s))) + gap
	}
	y := min(max(middle-height/2, c.frame.Y+6), c.frame.Bottom()-6-height)
	for _, s := range c.chain {
		lines := columnLines(s)
		w, h := extent(lines, smallSize)
		if east+columnGap+w > c.frame.Right() {
			lines = withMarks(s.short, s)
			w, h = extent(lines, smallSize)
		}
		r := Rect{east + columnGap, y, w, h}
		to := Point{r.X - 6, r.Y + h/2}
		from := away(s.at, to, dotRadius)
		c.lines = append(c.lines, [2]Point{from, to})
		c.placed = append(c.placed, Line(Stroke{Colour: rim, Width: 1.4}, from, to))
		c.set(s, lines, smallSize, r, Start)
		y += row*float64(len(lines)) + gap
	}
}

// columnMax is how wide a column of names is at most.
const columnMax = 200.0

func columnLines(s *site) []string { return Wrap(s.name+s.marks, smallSize, SemiBold, columnMax) }

func rank(s *site) int {
	if s.faint {
		return 1
	}
	return 0
}

func size(s *site) float64 {
	b := boundsOf(s.rings)
	return b.W * b.H
}

func withMarks(name string, s *site) []string { return []string{name + s.marks} }

// inside sets a name within its area, as large as there is room for, on one line or on two.
func (c *chart) inside(s *site) bool {
	for _, points := range nameSizes {
		for _, lines := range [][]string{withMarks(s.name, s), halves(s.name + s.marks)} {
			if lines == nil {
				continue
			}
			w, h := extent(lines, points)
			hang := Measure(s.marks, points, SemiBold) // marks may reach over the edge
			share, spare := most, 8.0
			if points == smallSize {
				share, spare = enough, 0
			}
			if at, ok := c.room(s, w-hang+spare, h+spare/2, share); ok {
				if r := (Rect{at.X - (w-hang)/2, at.Y - h/2, w, h}); !c.occupied(r) {
					c.set(s, lines, points, r, Middle)
					return true
				}
			}
		}
	}
	return false
}

// halves parts a name at the space nearest to its middle, or returns nil.
func halves(name string) []string {
	best := -1
	for i, r := range name {
		if r == ' ' && (best < 0 || abs(2*i-len(name)) < abs(2*best-len(name))) {
			best = i
		}
	}
	if best < 0 || strings.HasPrefix(name[best+1:], stale) {
		return nil
	}
	return []string{name[:best], name[best+1:]}
}

func abs(n int) int { return max(n, -n) }

// extent returns the width and height of lines.
func extent(lines []string, points float64) (w, h float64) {
	for _, line := range lines {
		w = max(w, Measure(line, points, SemiBold))
	}
	return w, points * (1 + 1.1*float64(len(lines)-1))
}

// How much of a name must lie within its area: nearly all of a large one, and so much of one of the least size, of which
// the rim in the area's colour carries the rest.
const most, enough = 0.97, 0.78

// room returns the middle of the place within an area that a rectangle fits in, nearest to the middle of the area.
func (c *chart) room(s *site, w, h, share float64) (Point, bool) {
	b := boundsOf(s.rings)
	best, found, least := Point{}, false, math.Inf(1)
	if b.W < share*w || b.H < share*h {
		return best, found
	}
	for y := b.Y + h*share/2; y <= b.Bottom()-h*share/2; y += 2 * cell {
		for x := b.X + w*share/2; x <= b.Right()-w*share/2; x += 2 * cell {
			d := math.Hypot(x-s.at.X, (y-s.at.Y)*1.5)
			r := Rect{x - w/2, y - h/2, w, h}
			if d >= least || !r.Within(c.frame) || c.occupied(r) {
				continue
			}
			if own, _, _, all := c.grid.count(r, int16(s.index)); float64(own) >= share*float64(all) {
				best, found, least = Point{x, y}, true, d
			}
		}
	}
	return best, found
}

func (c *chart) occupied(r Rect) bool {
	return slices.ContainsFunc(c.taken, r.Overlaps)
}

// The places that are tried for a name beside its area: in so many directions, at these distances.
const directions = 32

var distances = []float64{16, 24, 34, 46, 60, 76, 94, 116, 142, 172, 206, 244}

// beside sets a name near its area, where it covers the least of what the map is about, with a line to it where it
// does not touch it. The name may be broken in several ways. It returns what the place costs, infinitely much when there
// is none.
func (c *chart) beside(s *site, ways ...[]string) float64 {
	var best Rect
	var lines []string
	least := math.Inf(1)
	for _, way := range ways {
		if way == nil {
			continue
		}
		w, h := extent(way, smallSize)
		for _, d := range distances {
			if d >= least {
				break
			}
			for i := range directions {
				sin, cos := math.Sincos(2 * math.Pi * float64(i) / directions)
				edge := Point{s.at.X + d*cos, s.at.Y + d*sin}
				r := Rect{edge.X - w*(1-cos)/2, edge.Y - h*(1-sin)/2, w, h}
				if cost := c.cost(s, r, d, math.Abs(sin)) + 8*float64(len(way)-1); cost < least {
					best, lines, least = r, way, cost
				}
			}
		}
	}
	if lines != nil {
		c.lead(s, best)
		c.set(s, lines, smallSize, best, Middle)
	}
	return least
}

// cost tells how bad a place for a name is: infinitely where it would cover or cross what is written.
func (c *chart) cost(s *site, r Rect, d, steep float64) float64 {
	if !r.Within(c.frame.Grown(-6)) || c.occupied(r.Grown(3)) {
		return math.Inf(1)
	}
	to := nearest(r, s.at)
	for _, l := range c.lines {
		if cross(s.at, to, l[0], l[1]) || crosses(r.Grown(2), l[0], l[1]) {
			return math.Inf(1)
		}
	}
	for _, t := range c.taken {
		if crosses(t, away(s.at, to, dotRadius+3), to) {
			return math.Inf(1)
		}
	}
	own, others, land, all := c.grid.count(r, int16(s.index))
	n := float64(all)
	return d + 12*steep + 9*float64(c.trespass(s, s.at, to)) + (120*float64(own)+450*float64(others)+25*float64(land))/n
}

// trespass counts the steps that a line takes over others of the areas that the map is about.
func (c *chart) trespass(s *site, from, to Point) int {
	n, length := 0, math.Hypot(to.X-from.X, to.Y-from.Y)
	for d := 0.0; d < length; d += 2 * cell {
		p := away(from, to, d)
		if _, others, _, _ := c.grid.count(Rect{p.X, p.Y, 0.1, 0.1}, int16(s.index)); others > 0 {
			n++
		}
	}
	return n
}

// lead draws the line from a name to its area, where the name does not touch it.
func (c *chart) lead(s *site, r Rect) {
	to := nearest(r.Grown(4), s.at)
	from := s.at
	if s.dot {
		from = away(s.at, to, dotRadius)
	}
	if math.Hypot(to.X-from.X, to.Y-from.Y) < 10 {
		return
	}
	c.lines = append(c.lines, [2]Point{from, to})
	c.placed = append(c.placed, Line(Stroke{Colour: rim, Width: 1.6}, from, to))
	if !s.dot {
		c.placed = append(c.placed, Path{Lines: Disc(from, 3.5), Fill: rim})
	}
}

// nearest returns the point of a rectangle that is nearest to p.
func nearest(r Rect, p Point) Point {
	return Point{min(max(p.X, r.X), r.Right()), min(max(p.Y, r.Y), r.Bottom())}
}

// away returns the point that lies so far from a toward b.
func away(a, b Point, by float64) Point {
	length := math.Hypot(b.X-a.X, b.Y-a.Y)
	if length == 0 {
		return a
	}
	return Point{a.X + (b.X-a.X)*by/length, a.Y + (b.Y-a.Y)*by/length}
}

// cross reports whether two lines cross.
func cross(a, b, c, d Point) bool {
	side := func(p, q, r Point) bool { return (q.X-p.X)*(r.Y-p.Y) > (q.Y-p.Y)*(r.X-p.X) }
	return side(a, b, c) != side(a, b, d) && side(c, d, a) != side(c, d, b)
}

// crosses reports whether a line runs through a rectangle.
func crosses(r Rect, a, b Point) bool {
	in := func(p Point) bool { return p.X > r.X && p.X < r.Right() && p.Y > r.Y && p.Y < r.Bottom() }
	nw, se := Point{r.X, r.Y}, Point{r.Right(), r.Bottom()}
	ne, sw := Point{r.Right(), r.Y}, Point{r.X, r.Bottom()}
	return in(a) || in(b) || cross(a, b, nw, se) || cross(a, b, ne, sw)
}

// set writes the lines of a name into a rectangle.
func (c *chart) set(s *site, lines []string, points float64, r Rect, anchor Anchor) {
	c.taken = append(c.taken, r)
	weight, ink := SemiBold, black
	if s.faint {
		weight, ink = Regular, grey
	}
	halo := faded(paper, 235)
	if own, _, _, all := c.grid.count(r, int16(s.index)); float64(own) >= 0.9*enough*float64(all) && !s.look.Patterned() {
		ink, halo = s.look.Ink, s.look.Fill
	}
	x := r.X + r.W/2
	if anchor == Start {
		x = r.X
	}
	for i, line := range lines {
		c.placed = append(c.placed, Text{
			X: x, Y: r.Y + points*(ascent+1.1*float64(i)), Text: line, Size: points, Weight: weight, Anchor: anchor, Colour: ink, Halo: halo,
		})
	}
}
