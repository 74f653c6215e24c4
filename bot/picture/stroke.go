package picture

import (
	"math"
	"slices"
)

// outline returns the area that a stroke along lines covers, as closed lines that all run the same way round, so that
// they may overlap.
func outline(lines [][]Point, closed bool, s Stroke) [][]Point {
	half := s.Width / 2
	var area [][]Point
	for _, line := range lines {
		if closed && len(line) > 1 && line[0] != line[len(line)-1] {
			line = append(slices.Clip(line), line[0])
		}
		for _, part := range dashed(line, s.Dash) {
			area = stroked(area, part, half)
		}
	}
	return area
}

// sharp is the cosine of the turn from which on a joint shows a gap that must be closed.
const sharp = 0.97

// stroked appends a rectangle for each step of a line, and a disc where it turns and at its ends when it is thick
// enough for that to be seen.
func stroked(area [][]Point, line []Point, half float64) [][]Point {
	var before Point // the direction of the step before
	for i := 1; i < len(line); i++ {
		a, b := line[i-1], line[i]
		length := math.Hypot(b.X-a.X, b.Y-a.Y)
		if length == 0 {
			continue
		}
		d := Point{(b.X - a.X) / length, (b.Y - a.Y) / length}
		n := Point{-d.Y * half, d.X * half}
		area = append(area, []Point{{a.X - n.X, a.Y - n.Y}, {b.X - n.X, b.Y - n.Y}, {b.X + n.X, b.Y + n.Y}, {a.X + n.X, a.Y + n.Y}})
		if half > 0.4 && (before != Point{}) && before.X*d.X+before.Y*d.Y < sharp {
			area = append(area, joint(a, half))
		}
		before = d
	}
	return area
}

// joint is a disc in as few steps as its size needs.
func joint(c Point, radius float64) []Point {
	n := 6 + int(radius*2)
	line := make([]Point, n)
	for i := range line {
		sin, cos := math.Sincos(2 * math.Pi * float64(i) / float64(n))
		line[i] = Point{c.X + radius*cos, c.Y + radius*sin}
	}
	return line
}

// dashed cuts a line into the parts that are drawn.
func dashed(line []Point, dash []float64) [][]Point {
	if len(dash) == 0 {
		return [][]Point{line}
	}
	var parts [][]Point
	var part []Point
	k, left := 0, dash[0]
	for i := 1; i < len(line); i++ {
		a, b := line[i-1], line[i]
		for {
			length := math.Hypot(b.X-a.X, b.Y-a.Y)
			if k%2 == 0 && len(part) == 0 {
				part = append(part, a)
			}
			if length < left {
				left -= length
				if k%2 == 0 {
					part = append(part, b)
				}
				break
			}
			a = Point{a.X + (b.X-a.X)*left/length, a.Y + (b.Y-a.Y)*left/length}
			if k%2 == 0 {
				parts, part = append(parts, append(part, a)), nil
			}
			k++
			left = dash[k%len(dash)]
		}
	}
	if len(part) > 1 {
		parts = append(parts, part)
	}
	return parts
}
