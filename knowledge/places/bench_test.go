package places_test

import (
	"testing"

	"stancebot/knowledge/places"
)

func BenchmarkAt(b *testing.B) {
	g := gazetteer(b)
	words := places.Split("does the democratic republic of the congo vote with papua new guinea, peru and the U.S.?")
	b.ReportAllocs()
	for b.Loop() {
		for i := range words {
			g.At(words, i)
		}
	}
}

func BenchmarkNearest(b *testing.B) {
	g := gazetteer(b)
	for _, bm := range []struct{ name, word string }{
		{"short", "prue"},
		{"middling", "urugay"},
		{"long", "nicaragwa"},
		{"several_words", "domincan republik"},
		{"nothing_near", "understandably"},
	} {
		b.Run(bm.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				g.Nearest(bm.word)
			}
		})
	}
}

func BenchmarkSplit(b *testing.B) {
	for _, bm := range []struct{ name, text string }{
		{"plain", "what is the stance of peru toward washington?"},
		{"capitals", "What is the stance of PERU toward the U.S. and St. Lucia?"},
		{"accents", "¿Qué postura tiene Perú ante São Tomé y Côte d’Ivoire?"},
		{"russian", "Какова позиция Кубы по отношению к России?"},
	} {
		b.Run(bm.name, func(b *testing.B) {
			b.ReportAllocs()
			b.SetBytes(int64(len(bm.text)))
			for b.Loop() {
				places.Split(bm.text)
			}
		})
	}
}

func BenchmarkNew(b *testing.B) {
	r := records(b)
	b.ReportAllocs()
	for b.Loop() {
		places.New(r)
	}
}
