package shapes_test

import (
	"reflect"
	"slices"
	"testing"

	"stancebot/bot/picture/shapes"
	"stancebot/knowledge/places"
)

func TestEveryMemberHasAnArea(t *testing.T) {
	t.Parallel()
	ids := map[string]bool{}
	for _, area := range shapes.World().Areas {
		if ids[area.ID] {
			t.Errorf("%s has two areas", area.ID)
		}
		ids[area.ID] = true
		if area.At == (shapes.Point{}) {
			t.Errorf("%s lies nowhere", area.ID)
		}
	}
	for _, c := range places.Members() {
		if !ids[string(c)] {
			t.Errorf("%s has no area", c)
		}
	}
}

// The arcs of a ring join end to end.
func TestRingsAreClosed(t *testing.T) {
	t.Parallel()
	a := shapes.World()
	end := func(i int, last bool) shapes.Point {
		arc := a.Arcs[max(i, ^i)]
		if last == (i >= 0) {
			return arc[len(arc)-1]
		}
		return arc[0]
	}
	for _, area := range a.Areas {
		for _, polygon := range area.Polygons {
			for _, ring := range polygon {
				for k, i := range ring {
					if next := ring[(k+1)%len(ring)]; end(i, true) != end(next, false) {
						t.Fatalf("%s: a ring is torn at %v", area.ID, end(i, true))
					}
				}
				if points := a.Ring(ring); len(points) < 3 {
					t.Errorf("%s: a ring of %d points", area.ID, len(points))
				}
			}
		}
	}
}

func TestBordersAreBetweenTwo(t *testing.T) {
	t.Parallel()
	a := shapes.World()
	between := map[[2]string]bool{}
	for i, users := range a.Users() {
		if len(users) == 0 || len(users) > 2 {
			t.Errorf("arc %d bounds %d areas", i, len(users))
		}
		if len(users) == 2 {
			pair := []string{a.Areas[users[0]].ID, a.Areas[users[1]].ID}
			slices.Sort(pair)
			between[[2]string(pair)] = true
		}
	}
	for _, pair := range [][2]string{{"ARG", "CHL"}, {"UKR", "crimea"}, {"DOM", "HTI"}, {"ESH", "MAR"}} {
		if !between[pair] {
			t.Errorf("%v have no border", pair)
		}
	}
	if between[[2]string{"RUS", "crimea"}] {
		t.Error("Crimea has a border with Russia on land")
	}
}

func TestPackAndUnpack(t *testing.T) {
	t.Parallel()
	a := shapes.World()
	file, err := a.Pack()
	if err != nil {
		t.Fatal(err)
	}
	b, err := shapes.Unpack(file)
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(a, b) {
		t.Error("what was packed is not what is unpacked")
	}
	for _, n := range []int{0, 1, len(file) / 2, len(file) - 1} {
		if _, err := shapes.Unpack(file[:n]); err == nil {
			t.Errorf("a file cut off at %d is read", n)
		}
	}
}

func BenchmarkShapes(b *testing.B) {
	file, err := shapes.World().Pack()
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := shapes.Unpack(file); err != nil {
			b.Fatal(err)
		}
	}
}
