package picture

import (
	"math"
	"slices"
)

// cell is how wide the cells are in which a map remembers what lies where.
const cell = 4.0

// A grid tells what lies where in a part of a scene: sea, land, or one of the areas that the map is about.
type grid struct {
	frame Rect
	w, h  int
	cells []int16
}

// What a cell holds that is none of the areas.
const (
	sea   int16 = -2
	plain int16 = -1
)

func newGrid(frame Rect) *grid {
	g := &grid{frame: frame, w: int(math.Ceil(frame.W / cell)), h: int(math.Ceil(frame.H / cell))}
	g.cells = slices.Repeat([]int16{sea}, g.w*g.h)
	return g
}

// mark says of all cells within the lines what they hold.
func (g *grid) mark(lines [][]Point, what int16) {
	b := boundsOf(lines)
	for row := max(0, int((b.Y-g.frame.Y)/cell)); row < g.h && g.frame.Y+float64(row)*cell <= b.Bottom(); row++ {
		y := g.frame.Y + (float64(row)+0.5)*cell
		var crossings []float64
		for _, line := range lines {
			for i, p := range line {
				q := line[(i+1)%len(line)]
				if (p.Y > y) != (q.Y > y) {
					crossings = append(crossings, p.X+(q.X-p.X)*(y-p.Y)/(q.Y-p.Y))
				}
			}
		}
		slices.Sort(crossings)
		for i := 0; i+1 < len(crossings); i += 2 {
			from, to := g.column(crossings[i]), g.column(crossings[i+1])
			for c := from; c < to; c++ {
				g.cells[row*g.w+c] = what
			}
		}
	}
}

// column returns the first column whose middle is not left of x.
func (g *grid) column(x float64) int {
	return min(g.w, max(0, int(math.Ceil((x-g.frame.X)/cell-0.5))))
}

// count returns how many cells of a rectangle hold something of each sort: the area, other areas, plain land.
func (g *grid) count(r Rect, area int16) (own, others, land, all int) {
	for y := int((r.Y - g.frame.Y) / cell); float64(y)*cell+g.frame.Y < r.Bottom(); y++ {
		for x := int((r.X - g.frame.X) / cell); float64(x)*cell+g.frame.X < r.Right(); x++ {
			all++
			if x < 0 || y < 0 || x >= g.w || y >= g.h {
				continue
			}
			switch what := g.cells[y*g.w+x]; {
			case what == area:
				own++
			case what >= 0:
				others++
			case what == plain:
				land++
			}
		}
	}
	return own, others, land, all
}
