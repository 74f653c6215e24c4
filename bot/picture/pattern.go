package picture

import (
	"fmt"
	"math"
)

// The sizes of patterns, in units of a scene: large enough to be told apart on a phone.
const (
	period = 12.0 // from one line or dot to the next
	thin   = 3.0  // of a line
	radius = 2.4  // of a dot
)

// covers returns how much of the pixel about a point the pattern paints, from 0 to 1.
func (k PatternKind) covers(x, y float64) float64 {
	switch k {
	case Hatched:
		return band(x+y, period*math.Sqrt2, thin*math.Sqrt2)
	case Striped:
		return band(x+y, 2*period*math.Sqrt2, period*math.Sqrt2)
	case Crossed:
		return max(band(x+y, period*math.Sqrt2, 0.7*thin*math.Sqrt2), band(x-y, period*math.Sqrt2, 0.7*thin*math.Sqrt2))
	case Lined:
		return band(y*math.Sqrt2, period*math.Sqrt2, thin*math.Sqrt2)
	case Dotted:
		dx, dy := within(x, period)-period/2, within(y, period)-period/2
		return min(1, max(0, radius+0.5-math.Hypot(dx, dy)))
	}
	return 0
}

// band is 1 on a stripe of width w that comes again with each step, 0 between, and in between at its edges. Lengths
// are along the sum of both coordinates, √2 times those across the stripe.
func band(at, step, w float64) float64 {
	from := math.Abs(within(at, step)-step/2) / math.Sqrt2
	return min(1, max(0, w/math.Sqrt2/2+0.5-from))
}

func within(v, step float64) float64 { return v - step*math.Floor(v/step) }

// svg returns the pattern as an element of SVG with an id.
func (p Pattern) svg(id string) string {
	open := func(w float64, turn string) string {
		return fmt.Sprintf(`<pattern id=%q width=%q height=%q patternUnits="userSpaceOnUse"%s>`, id, num(w), num(w), turn)
	}
	bar := func(w float64) string {
		return fmt.Sprintf(`<rect width=%q height=%q fill=%q/>`, num(2*period), num(w), hex(p.Colour))
	}
	const up = ` patternTransform="rotate(-45)"`
	switch p.Kind {
	case Hatched:
		return open(period, up) + bar(thin) + "</pattern>"
	case Striped:
		return open(2*period, up) + bar(period) + "</pattern>"
	case Crossed:
		return open(period, up) + bar(0.7*thin) +
			fmt.Sprintf(`<rect width=%q height=%q fill=%q/>`, num(0.7*thin), num(period), hex(p.Colour)) + "</pattern>"
	case Lined:
		return open(period, "") + bar(thin) + "</pattern>"
	case Dotted:
		return open(period, "") + fmt.Sprintf(`<circle cx=%q cy=%q r=%q fill=%q/>`, num(period/2), num(period/2), num(radius), hex(p.Colour)) + "</pattern>"
	}
	return ""
}
