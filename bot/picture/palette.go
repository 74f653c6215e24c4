package picture

import (
	"image/color"
	"math"

	"stancebot/knowledge"
)

// The colours that are not those of labels.
var (
	land  = rgb(0xe4e7ea) // countries that the picture is not about
	shore = rgb(0xc3c8cf) // borders among those
	rim   = rgb(0x4a5260) // about what the picture is about, however pale its colour
)

// noColour is that of what is not there.
var noColour color.NRGBA

func rgb(v uint32) color.NRGBA {
	return color.NRGBA{uint8(v >> 16), uint8(v >> 8), uint8(v), 255}
}

func faded(c color.NRGBA, a uint8) color.NRGBA { return color.NRGBA{c.R, c.G, c.B, a} }

// labelColours are the colours of the labels that stand in an order, from one end of each axis to the other: plum or
// teal on the pole's side, sand between, ochre or brown away from it. They are no colours of the flags of either side,
// differ in lightness as well as in hue, and a test holds them apart for all ways of seeing colours.
var labelColours = map[knowledge.Axis]map[knowledge.Label]color.NRGBA{
	knowledge.TowardRussia: {
		knowledge.Ally:             rgb(0x5a2160),
		knowledge.LeaningAlly:      rgb(0xb381b8),
		knowledge.Neutral:          rgb(0xefe6cf),
		knowledge.LeaningAdversary: rgb(0xdda63a),
		knowledge.Adversary:        rgb(0x8f5600),
	},
	knowledge.TowardWashington: {
		knowledge.Hostile:           rgb(0x7a3b12),
		knowledge.Distancing:        rgb(0xd98e4a),
		knowledge.Balanced:          rgb(0xf5ead2),
		knowledge.LinkedIndependent: rgb(0xa8c4a0),
		knowledge.Leaning:           rgb(0x66a99f),
		knowledge.AlignedLoosening:  rgb(0x207e84),
		knowledge.Aligned:           rgb(0x0b3d4a),
	},
}

// A Look is how an area is shown: its colour, what is drawn on that, and the colour of text on it.
type Look struct {
	Fill color.NRGBA
	Over Pattern
	Ink  color.NRGBA
}

// Patterned reports whether text on the area needs a rim to be read.
func (l Look) Patterned() bool { return l.Over.Kind != Plain }

// The looks of what has no place in the order of labels.
var (
	lookUnassessed   = Look{rgb(0xffffff), Pattern{Hatched, rgb(0xaab2bc)}, black}
	lookUnstated     = Look{rgb(0xffffff), Pattern{Crossed, rgb(0xa3abb5)}, black}
	lookInTransition = Look{rgb(0xd3dce6), Pattern{Lined, rgb(0x6d8097)}, black}
	lookDisputed     = Look{land, Pattern{Dotted, rgb(0x7d8794)}, black}
)

// LookOf returns how a label is shown. A contested one is striped in the colours of both its readings; one of our own
// reading is dotted, so that it is not taken for the article's word.
func LookOf(l knowledge.Labelled) Look {
	look := lookOfLabel(l)
	if l.Basis() == knowledge.BasisInferred && !look.Patterned() {
		look.Over = Pattern{Dotted, dots(look)}
	}
	return look
}

// dots returns the colour of dots that show on a fill and leave text on it readable.
func dots(l Look) color.NRGBA { return mix(l.Fill, l.Ink, 0.5) }

func lookOfLabel(l knowledge.Labelled) Look {
	switch l.Label() {
	case knowledge.Unassessed:
		return lookUnassessed
	case knowledge.Unstated:
		return lookUnstated
	case knowledge.InTransition:
		return lookInTransition
	case knowledge.Contested:
		return lookContested(l)
	}
	return ordinal(l.Axis, l.Label())
}

// ordinal returns the look of a label that stands in the order of its axis.
func ordinal(axis knowledge.Axis, label knowledge.Label) Look {
	fill, ok := labelColours[axis][label]
	if !ok {
		return lookUnstated
	}
	return Look{Fill: fill, Ink: inkOn(fill)}
}

func lookContested(l knowledge.Labelled) Look {
	of := l.Assessment.Of
	if len(of) < 2 {
		return lookUnstated
	}
	first, second := ordinal(l.Axis, of[0].Label), ordinal(l.Axis, of[1].Label)
	return Look{first.Fill, Pattern{Striped, second.Fill}, first.Ink}
}

// inkOn returns the colour of text that is read best on a fill.
func inkOn(fill color.NRGBA) color.NRGBA {
	if contrast(fill, black) >= contrast(fill, paper) {
		return black
	}
	return paper
}

// contrast is that of WCAG 2: from 1 to 21.
func contrast(a, b color.NRGBA) float64 {
	x, y := luminance(a)+0.05, luminance(b)+0.05
	return max(x, y) / min(x, y)
}

func luminance(c color.NRGBA) float64 {
	l := linear(c)
	return 0.2126*l[0] + 0.7152*l[1] + 0.0722*l[2]
}

// linear returns the light of a colour's three parts, from 0 to 1, as sRGB has them.
func linear(c color.NRGBA) [3]float64 {
	var l [3]float64
	for i, v := range [3]uint8{c.R, c.G, c.B} {
		if x := float64(v) / 255; x <= 0.04045 {
			l[i] = x / 12.92
		} else {
			l[i] = math.Pow((x+0.055)/1.055, 2.4)
		}
	}
	return l
}
