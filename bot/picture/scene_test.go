package picture

import (
	"bytes"
	"image/color"
	"image/png"
	"os"
	"testing"
)

func sample() *Scene {
	ink := color.NRGBA{20, 24, 31, 255}
	s := &Scene{Width: 600, Height: 400, Language: "en", Title: "A <title>", Alt: "All & sundry", Ground: color.NRGBA{255, 255, 255, 255}, Meta: []Meta{{"Code", "7K3MQ-2X94T"}}}
	for i, k := range []PatternKind{Plain, Hatched, Striped, Crossed, Dotted, Lined} {
		s.Add(Path{Lines: Box(Rect{20 + 95*float64(i), 20, 85, 85}, 12), Fill: color.NRGBA{230, 200, 140, 255}, Over: Pattern{k, ink}, Stroke: Stroke{Colour: ink, Width: 2}})
	}
	s.Add(Line(Stroke{ink, 3, []float64{12, 8}}, Point{20, 130}, Point{300, 130}, Point{580, 200}),
		Path{Lines: Disc(Point{90, 210}, 50), Fill: color.NRGBA{0, 120, 110, 160}},
		Text{X: 90, Y: 220, Text: "Perú", Size: 30, Weight: SemiBold, Anchor: Middle, Colour: ink, Halo: color.NRGBA{255, 255, 255, 230}},
		Text{X: 580, Y: 260, Text: "Где стоит Куба? 古巴的立场：“中立”", Size: 24, Anchor: End, Colour: ink})
	for i, line := range Wrap("Un texto largo que se parte donde hay espacios, y 中文文字可以在任何地方换行，但不在标点之前。", 22, Regular, 360) {
		s.Add(Text{X: 20, Y: 300 + 28*float64(i), Text: line, Size: 22, Colour: ink})
	}
	return s
}

func TestPNGIsTheSameAlways(t *testing.T) {
	t.Parallel()
	a, err := sample().PNG()
	if err != nil {
		t.Fatal(err)
	}
	b, err := sample().PNG()
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(a, b) {
		t.Error("the same scene made two files")
	}
	if _, err := png.Decode(bytes.NewReader(a)); err != nil {
		t.Error(err)
	}
	if dir := os.Getenv("LOOK"); dir != "" {
		_ = os.WriteFile(dir+"/sample.png", a, 0o600)
		_ = os.WriteFile(dir+"/sample.svg", sample().SVG(), 0o600)
	}
}
