package picture

import (
	"math"

	"stancebot/bot/picture/shapes"
)

// A projection lays the globe flat, y growing downward, in radians about its middle.
type projection func(shapes.Point) Point

const degree = math.Pi / 180

// lambert returns the equal-area projection about a point, for a part of the globe.
func lambert(middle shapes.Point) projection {
	sin0, cos0 := math.Sincos(middle.Lat * degree)
	return func(p shapes.Point) Point {
		sin, cos := math.Sincos(p.Lat * degree)
		sinL, cosL := math.Sincos((p.Lon - middle.Lon) * degree)
		k := math.Sqrt(2 / max(1e-9, 1+sin0*sin+cos0*cos*cosL))
		return Point{k * cos * sinL, -k * (cos0*sin - sin0*cos*cosL)}
	}
}

// The coefficients of Equal Earth (Šavrič, Patterson and Jenny 2018).
const a1, a2, a3, a4 = 1.340264, -0.081106, 0.000893, 0.003796

// equalEarth is the projection of maps of the whole world: areas are equal, and no country is blown up by its latitude.
func equalEarth(p shapes.Point) Point {
	t := math.Asin(math.Sqrt(3) / 2 * math.Sin(p.Lat*degree))
	t2 := t * t
	t6 := t2 * t2 * t2
	x := 2 * math.Sqrt(3) * (p.Lon - worldMiddle) * degree * math.Cos(t) / (3 * (9*a4*t6*t2 + 7*a3*t6 + 3*a2*t2 + a1))
	return Point{x, -t * (a4*t6*t2 + a3*t6 + a2*t2 + a1)}
}

// worldMiddle is the meridian in the middle of maps of the world: cut open opposite of it, in the Bering Strait, they
// leave every country whole.
const worldMiddle = 11

// distance is the angle between two places, in degrees.
func distance(a, b shapes.Point) float64 {
	sin1, cos1 := math.Sincos(a.Lat * degree)
	sin2, cos2 := math.Sincos(b.Lat * degree)
	return math.Acos(min(1, max(-1, sin1*sin2+cos1*cos2*math.Cos((a.Lon-b.Lon)*degree)))) / degree
}

// A view is a projection fitted into a part of a scene.
type view struct {
	project projection
	middle  shapes.Point
	reach   float64 // how far from the middle is shown at most, in degrees
	frame   Rect
	scale   float64
	shift   Point
}

// at returns where a place is in the scene.
func (v *view) at(p shapes.Point) Point {
	q := v.project(p)
	return Point{q.X*v.scale + v.shift.X, q.Y*v.scale + v.shift.Y}
}

// fit sets scale and shift so that what is given lies in the middle of the box.
func (v *view) fit(points []shapes.Point, box Rect) {
	flat := make([]Point, len(points))
	for i, p := range points {
		flat[i] = v.project(p)
	}
	b := boundsOf([][]Point{flat})
	// A lone island is shown with the sea about it.
	b = b.Grown(max(0, (minExtent-max(b.W, b.H))/2))
	v.scale = min(box.W/b.W, box.H/b.H)
	c, m := b.Centre(), box.Centre()
	v.shift = Point{m.X - c.X*v.scale, m.Y - c.Y*v.scale}
}

// minExtent is the least that a map shows from edge to edge, in radians: 900 km.
const minExtent = 0.14

// ring returns a ring as it is seen: thinned to what a pixel shows, and cut off at the frame. What lies far behind the
// horizon is left out.
func (v *view) ring(ring []shapes.Point) []Point {
	near := false
	for i := 0; i < len(ring) && !near; i += 4 {
		near = distance(ring[i], v.middle) < v.reach
	}
	if !near {
		return nil
	}
	return clip(v.thinned(ring), v.frame)
}

// finest is the least distance between two points of an outline that is drawn.
const finest = 0.8

func (v *view) thinned(line []shapes.Point) []Point {
	thin := make([]Point, 0, len(line))
	lon := v.middle.Lon
	for i, p := range line {
		p.Lon = lon + turn(p.Lon-lon)
		lon = p.Lon
		q := v.at(p)
		if n := len(thin); n > 0 && i < len(line)-1 && math.Abs(q.X-thin[n-1].X)+math.Abs(q.Y-thin[n-1].Y) < finest {
			continue
		}
		thin = append(thin, q)
	}
	return thin
}

// turn returns an angle from -180 to 180: a line that runs on over the edge of a map is not torn in two.
func turn(degrees float64) float64 { return degrees - 360*math.Round(degrees/360) }

// clip cuts a closed line off at the edges of a frame, one after the other (Sutherland and Hodgman).
func clip(line []Point, frame Rect) []Point {
	edges := []struct {
		inside func(Point) bool
		cross  func(a, b Point) Point
	}{
		{func(p Point) bool { return p.X >= frame.X }, atX(frame.X)},
		{func(p Point) bool { return p.X <= frame.Right() }, atX(frame.Right())},
		{func(p Point) bool { return p.Y >= frame.Y }, atY(frame.Y)},
		{func(p Point) bool { return p.Y <= frame.Bottom() }, atY(frame.Bottom())},
	}
	for _, e := range edges {
		if len(line) == 0 {
			return nil
		}
		var kept []Point
		before := line[len(line)-1]
		for _, p := range line {
			if e.inside(p) != e.inside(before) {
				kept = append(kept, e.cross(before, p))
			}
			if e.inside(p) {
				kept = append(kept, p)
			}
			before = p
		}
		line = kept
	}
	return line
}

func atX(x float64) func(a, b Point) Point {
	return func(a, b Point) Point { return Point{x, a.Y + (b.Y-a.Y)*(x-a.X)/(b.X-a.X)} }
}

func atY(y float64) func(a, b Point) Point {
	return func(a, b Point) Point { return Point{a.X + (b.X-a.X)*(y-a.Y)/(b.Y-a.Y), y} }
}

// line returns the parts of an open line that lie in the frame.
func (v *view) line(arc []shapes.Point) [][]Point {
	if distance(arc[0], v.middle) > v.reach+20 {
		return nil
	}
	var parts [][]Point
	var part []Point
	end := func() {
		if len(part) > 1 {
			parts = append(parts, part)
		}
		part = nil
	}
	for _, q := range v.thinned(arc) {
		if q.X < v.frame.X || q.X > v.frame.Right() || q.Y < v.frame.Y || q.Y > v.frame.Bottom() {
			end()
			continue
		}
		part = append(part, q)
	}
	end()
	return parts
}
