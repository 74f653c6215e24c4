package picture

import (
	"image/color"
	"math"
	"testing"

	"stancebot/knowledge"
)

// The ways of seeing colours: that of most, and those without one of the three receptors, by Machado, Oliveira and
// Fernandes (2009), at full severity.
var sights = map[string][3][3]float64{
	"trichromat":  {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}},
	"protanope":   {{0.152286, 1.052583, -0.204868}, {0.114503, 0.786281, 0.099216}, {-0.003882, -0.048116, 1.051998}},
	"deuteranope": {{0.367322, 0.860646, -0.227968}, {0.280085, 0.672501, 0.047413}, {-0.011820, 0.042940, 0.968881}},
	"tritanope":   {{1.255528, -0.076749, -0.178779}, {-0.078411, 0.930809, 0.147602}, {0.004733, 0.691367, 0.303900}},
}

// minDifference is how far apart two colours of one axis are at least, by CIEDE2000: 2.3 is the least that is noticed
// side by side.
const minDifference = 10

func TestColoursAreToldApartByAll(t *testing.T) {
	t.Parallel()
	for axis, colours := range labelColours {
		for name, sight := range sights {
			for a, x := range colours {
				for b, y := range colours {
					if a < b {
						if d := difference(seen(x, sight), seen(y, sight)); d < minDifference {
							t.Errorf("%s, %s: %s and %s differ by %.1f", axis, name, a, b, d)
						}
					}
				}
			}
		}
	}
}

// The measure of differences itself, on pairs of the paper that tests implementations of it (Sharma, Wu and Dalal 2005).
func TestDifference(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		a, b [3]float64
		want float64
	}{
		{[3]float64{50, 2.6772, -79.7751}, [3]float64{50, 0, -82.7485}, 2.0425},
		{[3]float64{50, 2.49, -0.001}, [3]float64{50, -2.49, 0.0011}, 7.2195},
		{[3]float64{60.2574, -34.0099, 36.2677}, [3]float64{60.4626, -34.1751, 39.4387}, 1.2644},
		{[3]float64{2.0776, 0.0795, -1.135}, [3]float64{0.9033, -0.0636, -0.5514}, 0.9082},
	} {
		if got := difference(c.a, c.b); math.Abs(got-c.want) > 0.0001 {
			t.Errorf("%v %v: %.4f, want %.4f", c.a, c.b, got, c.want)
		}
	}
}

func TestTextIsReadOnEveryFill(t *testing.T) {
	t.Parallel()
	const text, mark = 4.5, 3 // what WCAG 2 asks at level AA
	for axis, colours := range labelColours {
		for label, fill := range colours {
			if c := contrast(fill, ordinal(axis, label).Ink); c < text {
				t.Errorf("text on %s, %s: %.1f", axis, label, c)
			}
		}
	}
	for name, c := range map[string]color.NRGBA{"text": black, "grey text": grey} {
		if got := contrast(c, paper); got < text {
			t.Errorf("%s on paper: %.1f", name, got)
		}
	}
	// Pale areas are told from paper by their rim, and from other land.
	for name, c := range map[string]color.NRGBA{"paper": paper, "land": land} {
		if got := contrast(rim, c); got < mark {
			t.Errorf("the rim against the %s: %.1f", name, got)
		}
	}
}

func TestEveryLabelHasALookOfItsOwn(t *testing.T) {
	t.Parallel()
	for _, axis := range knowledge.Axes {
		seen := map[Look]knowledge.Label{lookUnassessed: knowledge.Unassessed, lookDisputed: "disputed"}
		for _, label := range knowledge.LabelsOf(axis) {
			a := &knowledge.Assessment{Label: label, Basis: knowledge.BasisArticle}
			if label == knowledge.Contested {
				a.Of = []knowledge.Reading{{Label: knowledge.Neutral}, {Label: knowledge.LeaningAlly}}
			}
			look := LookOf(knowledge.Labelled{Axis: axis, Assessment: a})
			if other := seen[look]; other != "" {
				t.Errorf("%s: %s looks like %s", axis, label, other)
			}
			seen[look] = label
			ours := *a
			ours.Basis = knowledge.BasisInferred
			if _, ordered := labelColours[axis][label]; ordered && LookOf(knowledge.Labelled{Axis: axis, Assessment: &ours}) == look {
				t.Errorf("%s: our reading of %s looks like the article's word", axis, label)
			}
		}
	}
}

// seen returns a colour as it is seen, in L*a*b*.
func seen(c color.NRGBA, sight [3][3]float64) [3]float64 {
	l := linear(c)
	var r [3]float64
	for i, row := range sight {
		r[i] = min(1, max(0, row[0]*l[0]+row[1]*l[1]+row[2]*l[2]))
	}
	f := func(t float64) float64 {
		if t > 216.0/24389 {
			return math.Cbrt(t)
		}
		return (24389.0/27*t + 16) / 116
	}
	x := f((0.4124564*r[0] + 0.3575761*r[1] + 0.1804375*r[2]) / 0.95047)
	y := f(0.2126729*r[0] + 0.7151522*r[1] + 0.0721750*r[2])
	z := f((0.0193339*r[0] + 0.1191920*r[1] + 0.9503041*r[2]) / 1.08883)
	return [3]float64{116*y - 16, 500 * (x - y), 200 * (y - z)}
}

// difference is CIEDE2000.
func difference(p, q [3]float64) float64 {
	rad := func(d float64) float64 { return d * math.Pi / 180 }
	pow7 := func(c float64) float64 { return math.Sqrt(math.Pow(c, 7) / (math.Pow(c, 7) + math.Pow(25, 7))) }
	g := 0.5 * (1 - pow7((math.Hypot(p[1], p[2])+math.Hypot(q[1], q[2]))/2))
	a1, a2 := p[1]*(1+g), q[1]*(1+g)
	c1, c2 := math.Hypot(a1, p[2]), math.Hypot(a2, q[2])
	hue := func(a, b float64) float64 {
		if a == 0 && b == 0 {
			return 0
		}
		return math.Mod(math.Atan2(b, a)*180/math.Pi+360, 360)
	}
	h1, h2 := hue(a1, p[2]), hue(a2, q[2])
	turn, mean := 0.0, h1+h2
	if c1*c2 != 0 {
		turn = math.Mod(h2-h1+540, 360) - 180
		mean = math.Mod(h1+turn/2+360, 360)
	}
	l, c := (p[0]+q[0])/2, (c1+c2)/2
	t := 1 - 0.17*math.Cos(rad(mean-30)) + 0.24*math.Cos(rad(2*mean)) + 0.32*math.Cos(rad(3*mean+6)) - 0.2*math.Cos(rad(4*mean-63))
	sl := 1 + 0.015*(l-50)*(l-50)/math.Sqrt(20+(l-50)*(l-50))
	dl, dc := (q[0]-p[0])/sl, (c2-c1)/(1+0.045*c)
	dh := 2 * math.Sqrt(c1*c2) * math.Sin(rad(turn/2)) / (1 + 0.015*c*t)
	rt := -math.Sin(rad(60*math.Exp(-(mean-275)*(mean-275)/625))) * 2 * pow7(c)
	return math.Sqrt(dl*dl + dc*dc + dh*dh + rt*dc*dh)
}
