package picture

import (
	"bytes"
	"math"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"stancebot/bot/phrases"
	"stancebot/bot/picture/shapes"
	"stancebot/knowledge"
	"stancebot/knowledge/core"
	"stancebot/knowledge/places"
	"stancebot/knowledge/raced"
)

// mapped asks for a map.
func mapped(c *core.Core, group knowledge.GroupID, axis knowledge.Axis) knowledge.Answer {
	return c.Answer(knowledge.Query{Intent: knowledge.IntentMap, Group: group, Axis: axis, Today: 2026_11_23})
}

// mappedGroups are what maps are asked for. With races looked for, a few of them.
func mappedGroups() []knowledge.GroupID {
	if raced.On {
		return []knowledge.GroupID{"southern_cone", "caribbean"}
	}
	return append([]knowledge.GroupID{
		"mexico", "central_america", "caribbean", "andean", "brazil", "southern_cone", "guianas", "allies_camp", "neutral_camp", "opposing_camp",
		"latin_america", "world", knowledge.UnfriendlyList,
	}, knowledge.Organisations...)
}

// everyMap draws the maps of all groups, in all ways and languages.
func everyMap(t *testing.T, check func(t *testing.T, a *knowledge.Answer, p *phrases.Catalogue, pic *Picture)) {
	t.Helper()
	c := snapshot(t)
	for i, group := range mappedGroups() {
		for j, axis := range []knowledge.Axis{"", knowledge.TowardRussia, knowledge.TowardWashington} {
			for k, layout := range []Layout{Tiles, Outlines} {
				languages := phrases.Languages()
				if len(group) > 0 && group != "latin_america" && group != "central_america" { // one language after the other
					languages = languages[(i+j+k)%len(languages):][:1]
				}
				for _, language := range languages {
					a := mapped(c, group, axis)
					if len(a.Countries) == 0 {
						continue
					}
					p := phrases.In(language)
					t.Run(strings.Join([]string{string(group), string(axis), strconv.Itoa(int(layout)), language}, " "), func(t *testing.T) {
						t.Parallel()
						pic, err := DrawAs(&a, p, layout)
						if err != nil {
							t.Fatal(err)
						}
						check(t, &a, p, pic)
					})
				}
			}
		}
	}
}

func TestMaps(t *testing.T) {
	t.Parallel()
	everyMap(t, func(t *testing.T, a *knowledge.Answer, p *phrases.Catalogue, pic *Picture) {
		t.Helper()
		readable(t, pic)
		saysWhatItShows(t, a, p, pic)
		painted(t, a, p, pic)
	})
}

// readable checks that texts are large enough, within the picture, and do not overlap.
func readable(t *testing.T, pic *Picture) {
	t.Helper()
	whole := Rect{0, 0, pic.Scene.Width, pic.Scene.Height}
	texts := pic.Scene.Texts()
	for i, x := range texts {
		if foot := pic.Scene.Height - 200; x.Size < sourceSize || x.Size < smallSize && x.Y < foot {
			t.Errorf("%q is %v high", x.Text, x.Size)
		}
		if !x.Bounds().Within(whole.Grown(-20)) {
			t.Errorf("%q stands over the edge: %v", x.Text, x.Bounds())
		}
		for _, y := range texts[:i] {
			if x.Bounds().Grown(-0.1 * x.Size).Overlaps(y.Bounds().Grown(-0.1 * y.Size)) {
				t.Errorf("%q and %q overlap", x.Text, y.Text)
			}
		}
	}
}

// saysWhatItShows checks that what is seen of the labels is in the legend, with how often it occurs, and in the words
// beside the picture.
func saysWhatItShows(t *testing.T, a *knowledge.Answer, p *phrases.Catalogue, pic *Picture) {
	t.Helper()
	all := strings.Builder{}
	for _, x := range pic.Scene.Texts() {
		all.WriteString(x.Text + " ")
	}
	for _, axis := range mapAxes(a) {
		counts := map[knowledge.Label]int{}
		for i := range a.Stances {
			st := &a.Stances[i]
			if st.Country == axis.Pole() {
				continue
			}
			l := labelledOn(st, axis)
			counts[l.Label()]++
			if (l.Assessment != nil || len(a.Stances) <= namedInWords) && !strings.Contains(pic.Alt, p.Country(st.Country)) {
				t.Errorf("the words beside the picture lack %s: %s", st.Country, pic.Alt)
			}
		}
		for label, n := range counts {
			entry := p.Say("mapped.entry", "label", upperFirst(p.Say("label."+string(axis)+"."+string(label))), "n", n)
			if !strings.Contains(all.String(), entry) {
				t.Errorf("the legend lacks %q", entry)
			}
		}
	}
}

// painted checks that every country is painted in the look of its label, however small it is.
func painted(t *testing.T, a *knowledge.Answer, p *phrases.Catalogue, pic *Picture) {
	t.Helper()
	for _, axis := range mapAxes(a) {
		for i := range a.Stances {
			st := &a.Stances[i]
			look := LookOf(labelledOn(st, axis))
			if st.Country == axis.Pole() {
				look = lookPole
			}
			painted := slices.ContainsFunc(pic.Scene.Marks, func(m Mark) bool {
				path, ok := m.(Path)
				return ok && path.Name == p.Country(st.Country) && path.Fill == look.Fill && path.Over == look.Over
			})
			if !painted {
				t.Errorf("%s is not painted in the look of its label", st.Country)
			}
		}
	}
}

// What is disputed has the colour of no state, until the newsroom's house style says otherwise.
func TestTheHouseStyleDecidesOfDisputedAreas(t *testing.T) {
	t.Parallel()
	c := snapshot(t)
	a := mapped(c, "world", knowledge.TowardRussia)
	if len(a.Areas) == 0 {
		t.Fatal("the house style says nothing of maps")
	}
	s := newSheet(&a, phrases.In("en"))
	atlas := shapes.World()
	at := func(id string) int {
		return slices.IndexFunc(atlas.Areas, func(area shapes.Area) bool { return area.ID == id })
	}
	for _, id := range []string{"crimea", "XKX", "ESH", "northern_cyprus", "somaliland", "TWN", "kashmir", "FLK", "kuril_islands"} {
		if at(id) < 0 {
			t.Errorf("there are no outlines of %s", id)
			continue
		}
		if owner := s.owners(atlas)[at(id)]; !disputed(owner) || s.members(knowledge.TowardRussia)[owner] != nil {
			t.Errorf("%s is shown as %s", id, owner)
		}
	}
	own := *a.Areas[0]
	own.ID, own.Map = "crimea", "UKR"
	a.Areas = []*knowledge.Place{&own}
	if owner := s.owners(atlas)[at("crimea")]; owner != "UKR" {
		t.Errorf("the house style has Crimea in the colour of Ukraine, and it is shown as %s", owner)
	}
}

func TestMapsAreTheSameAlways(t *testing.T) {
	t.Parallel()
	c := snapshot(t)
	a := mapped(c, "central_america", "")
	var files [4][]byte
	var wg sync.WaitGroup
	for i := range files {
		wg.Go(func() {
			pic, err := DrawAs(&a, phrases.In("es"), Outlines)
			if err == nil {
				files[i] = pic.SVG()
			}
			if i == 0 && !raced.On {
				if _, err = pic.PNG(); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	for _, file := range files {
		if len(file) == 0 || !bytes.Equal(file, files[0]) {
			t.Fatal("the same map was drawn in two ways")
		}
	}
}

func TestFindings(t *testing.T) {
	t.Parallel()
	c := snapshot(t)
	for _, f := range []struct {
		group    knowledge.GroupID
		axis     knowledge.Axis
		language string
		want     string
	}{
		{"southern_cone", knowledge.TowardWashington, "en", "The Southern Cone: 3 of 4 are aligned with Washington"},
		{"southern_cone", knowledge.TowardRussia, "en", "The Southern Cone: 2 of 4 are in the camp opposing Russia"},
		{"andean", knowledge.TowardWashington, "zh", "安第斯国家：4国中有2国与华盛顿一致"},
		{"caribbean", knowledge.TowardRussia, "ru", "Карибский бассейн: оценка есть у 3 стран из 14"},
		{"world", knowledge.TowardRussia, "fr", "Monde : 19 pays sur 192 ont une étiquette"},
		{"guianas", "", "es", "Guayanas: ninguna fuente da etiqueta a ninguno de los 2 países"},
		{"brazil", knowledge.TowardWashington, "en", "Brazil: balanced toward Washington"},
	} {
		a := mapped(c, f.group, f.axis)
		pic, err := Draw(&a, phrases.In(f.language))
		if err != nil {
			t.Fatal(err)
		}
		if pic.Title != f.want {
			t.Errorf("%s, %s: %q, want %q", f.group, f.axis, pic.Title, f.want)
		}
	}
}

func TestTilesOfLatinAmerica(t *testing.T) {
	t.Parallel()
	c := snapshot(t)
	a := mapped(c, "latin_america", "")
	if !tiled(a.Countries) || len(a.Countries) != 33 {
		t.Fatalf("%d countries of Latin America and the Caribbean, with tiles: %v", len(a.Countries), tiled(a.Countries))
	}
	taken := map[square]knowledge.Country{}
	for country, at := range tiles() {
		if !places.IsMember(country) {
			t.Errorf("%s is no member", country)
		}
		if other := taken[at]; other != "" {
			t.Errorf("%s and %s stand in one place", country, other)
		}
		taken[at] = country
	}
}

// Equal Earth, against the figures of its authors: the outline is 2.05458 times as wide as high.
func TestProjections(t *testing.T) {
	t.Parallel()
	east, north := equalEarth(shapes.Point{Lon: worldMiddle + 180}), equalEarth(shapes.Point{Lon: worldMiddle, Lat: 90})
	if ratio := east.X / -north.Y; math.Abs(ratio-2.05458) > 0.0001 {
		t.Errorf("the world is %v times as wide as high", ratio)
	}
	flat := lambert(shapes.Point{Lon: -60, Lat: -15})
	if p := flat(shapes.Point{Lon: -60, Lat: -15}); math.Hypot(p.X, p.Y) > 1e-9 {
		t.Errorf("the middle lies at %v", p)
	}
	// Areas are equal: small squares of one area, at the middle and far from it.
	for name, f := range map[string]projection{"lambert": flat, "equal earth": equalEarth} {
		if a, b := patch(f, shapes.Point{Lon: -60, Lat: -15}), patch(f, shapes.Point{Lon: -100, Lat: 40}); math.Abs(a/b-1) > 0.001 {
			t.Errorf("%s: areas differ by %v", name, a/b)
		}
	}
}

// patch is the area on the map of a small patch of the globe, by its area on the globe.
func patch(f projection, at shapes.Point) float64 {
	const d = 0.01
	o, e, n := f(at), f(shapes.Point{Lon: at.Lon + d, Lat: at.Lat}), f(shapes.Point{Lon: at.Lon, Lat: at.Lat + d})
	return math.Abs((e.X-o.X)*(n.Y-o.Y)-(e.Y-o.Y)*(n.X-o.X)) / math.Cos(at.Lat*degree)
}

// BenchmarkMap draws Latin America by its outlines, as a file.
func BenchmarkMap(b *testing.B) {
	a := mapped(snapshot(b), "latin_america", knowledge.TowardRussia)
	shapes.World()
	b.ReportAllocs()
	for b.Loop() {
		pic, err := DrawAs(&a, phrases.In("en"), Outlines)
		if err != nil {
			b.Fatal(err)
		}
		if _, err := pic.PNG(); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkMapKept takes it from a gallery that has drawn it.
func BenchmarkMapKept(b *testing.B) {
	a := mapped(snapshot(b), "latin_america", knowledge.TowardRussia)
	var g Gallery
	b.ReportAllocs()
	for b.Loop() {
		if f, err := g.File(&a, phrases.In("en")); err != nil || f == nil {
			b.Fatal(f, err)
		}
	}
}

// BenchmarkTiles draws it as tiles.
func BenchmarkTiles(b *testing.B) {
	a := mapped(snapshot(b), "latin_america", knowledge.TowardRussia)
	b.ReportAllocs()
	for b.Loop() {
		pic, err := DrawAs(&a, phrases.In("en"), Tiles)
		if err != nil {
			b.Fatal(err)
		}
		if _, err := pic.PNG(); err != nil {
			b.Fatal(err)
		}
	}
}
