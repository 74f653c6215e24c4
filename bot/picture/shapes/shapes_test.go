package shapes

import "testing"

func TestX(t *testing.T) {
	a := World()
	for _, ar := range a.Areas {
		n := 0
		for _, p := range ar.Polygons {
			n += len(p)
		}
		t.Log(ar.ID, ar.At, len(ar.Polygons), n)
	}
}
func BenchmarkUnpack(b *testing.B) {
	for b.Loop() {
		if _, err := Unpack(packed); err != nil {
			b.Fatal(err)
		}
	}
}
