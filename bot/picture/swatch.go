package picture

import "stancebot/knowledge"

// swatchSize is that of a swatch, as in the legend of a picture.
const swatchSize = 34

// Swatch returns a small picture of how a label is shown, for a page that explains its labels as pictures do.
func Swatch(l knowledge.Labelled) []byte {
	look := LookOf(l)
	s := Scene{Width: swatchSize, Height: swatchSize, Ground: noColour}
	s.Add(Path{Lines: Box(Rect{1, 1, swatchSize - 2, swatchSize - 2}, 7), Fill: look.Fill, Over: look.Over, Stroke: Stroke{Colour: rim, Width: 1.5}})
	return s.SVG()
}
