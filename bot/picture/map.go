package picture

import (
	"image/color"
	"math"
	"slices"

	"stancebot/bot/picture/shapes"
	"stancebot/knowledge"
)

// mapWindow is the sea of a map, which sets it off as a window.
var mapWindow = rgb(0xf1f5f8)

// The marks behind the names of countries.
const (
	stale = "†" // a newer record speaks against the label
	desks = "◆" // the label is the desk's
)

// panelled is how many countries a map shows at most that has both axes side by side.
const panelled = 8

// mapAxes are the axes that a map shows: both where none is asked for and the countries are few, else one.
func mapAxes(a *knowledge.Answer) []knowledge.Axis {
	switch {
	case a.Query.Axis != "":
		return []knowledge.Axis{a.Query.Axis}
	case len(a.Stances) <= panelled:
		return knowledge.Axes[:]
	}
	return []knowledge.Axis{knowledge.TowardRussia}
}

// labelledOn returns the label of a stance on an axis, an empty one where there is none.
func labelledOn(s *knowledge.Stance, axis knowledge.Axis) knowledge.Labelled {
	for _, l := range s.Labels {
		if l.Axis == axis {
			return l
		}
	}
	return knowledge.Labelled{Axis: axis}
}

// column is the width of the text beside a map that is higher than wide.
const column = 376.0

// drawMap draws the countries of an answer: as tiles where the layout asks for them or is the usual one, and there is a
// tile map of them.
func drawMap(s *sheet) {
	if s.layout != Outlines && tiled(s.a.Countries) {
		s.layout = Tiles
		drawTiles(s)
	} else {
		s.layout = Outlines
		drawOutlines(s)
	}
	s.Alt = s.inWords(mapAxes(s.a))
}

// drawOutlines draws the countries of an answer by their shapes.
func drawOutlines(s *sheet) {
	axes := mapAxes(s.a)
	places := visible(s.a)
	switch {
	case len(axes) > 1:
		s.sideBySide(axes, func(box Rect, axis knowledge.Axis) { s.window(box, axis, places) })
	case tall(places):
		s.beside(axes[0], func(box Rect, axis knowledge.Axis) { s.window(box, axis, places) })
	default:
		s.below(axes[0], func(box Rect, axis knowledge.Axis) { s.window(box, axis, places) })
	}
}

// visible returns the places that a map must show: of each country its main parts, and no faraway islands.
func visible(a *knowledge.Answer) []shapes.Point {
	var points []shapes.Point
	atlas := shapes.World()
	for i := range atlas.Areas {
		area := &atlas.Areas[i]
		if slices.Contains(a.Countries, knowledge.Country(area.ID)) {
			points = append(append(points, area.At), mainParts(atlas, area)...)
		}
	}
	return points
}

// mainPart is how large a polygon is against the largest of its country, at least, that a map must show.
const mainPart = 0.12

func mainParts(atlas *shapes.Atlas, area *shapes.Area) []shapes.Point {
	rings, sizes, most := make([][]shapes.Point, len(area.Polygons)), make([]float64, len(area.Polygons)), 0.0
	for i, polygon := range area.Polygons {
		rings[i] = atlas.Ring(polygon[0])
		sizes[i] = extentOf(rings[i])
		most = max(most, sizes[i])
	}
	var points []shapes.Point
	for i, ring := range rings {
		if sizes[i] >= mainPart*most {
			points = append(points, ring...)
		}
	}
	return points
}

// extentOf returns the area of a ring, in square degrees at the equator.
func extentOf(ring []shapes.Point) float64 {
	sum := 0.0
	for i, p := range ring {
		q := ring[(i+1)%len(ring)]
		sum += p.Lon*q.Lat - q.Lon*p.Lat
	}
	return math.Abs(sum) / 2 * math.Cos(ring[0].Lat*degree)
}

// regional is how far from its middle a map reaches at most that does not show the whole world.
const regional = 62.0

// viewOf returns the projection for places: that of the world where they lie all over it.
func viewOf(places []shapes.Point) view {
	middle := middleOf(places)
	far := 0.0
	for _, p := range places {
		far = max(far, distance(p, middle))
	}
	if far > regional {
		return view{project: equalEarth, middle: shapes.Point{Lon: worldMiddle}, reach: 360}
	}
	return view{project: lambert(middle), middle: middle, reach: min(100, far+45)}
}

// middleOf returns the middle between the outermost of places, on the globe.
func middleOf(places []shapes.Point) shapes.Point {
	var x, y, z float64
	for _, p := range places {
		sin, cos := math.Sincos(p.Lat * degree)
		sinL, cosL := math.Sincos(p.Lon * degree)
		x, y, z = x+cos*cosL, y+cos*sinL, z+sin
	}
	mean := shapes.Point{Lon: math.Atan2(y, x) / degree, Lat: math.Atan2(z, math.Hypot(x, y)) / degree}
	west, east, south, north := 180.0, -180.0, 90.0, -90.0
	for _, p := range places {
		lon := math.Mod(p.Lon-mean.Lon+540, 360) - 180
		west, east, south, north = min(west, lon), max(east, lon), min(south, p.Lat), max(north, p.Lat)
	}
	return shapes.Point{Lon: mean.Lon + (west+east)/2, Lat: (south + north) / 2}
}

// tall reports whether places are higher than wide.
func tall(places []shapes.Point) bool {
	v := viewOf(places)
	v.fit(places, Rect{0, 0, 1000, 1000})
	flat := make([]Point, len(places))
	for i, p := range places {
		flat[i] = v.at(p)
	}
	b := boundsOf([][]Point{flat})
	return b.W < 1.25*b.H
}

// The colours of what a map shows beside its countries.
var (
	disputedRim = rgb(0x7d8794)
	dashes      = []float64{7, 5}
)

// window draws a map into a box.
func (s *sheet) window(box Rect, axis knowledge.Axis, places []shapes.Point) {
	c := &chart{view: viewOf(places), grid: newGrid(box)}
	c.frame = box
	atlas := shapes.World()
	m := s.members(axis)
	room := box.Grown(-0.03 * min(box.W, box.H))
	c.fit(places, room)
	c.locate(atlas, m)
	for range 3 { // the names of a chain of islands stand east of it, and the smaller map needs less
		short := c.columnEnd() - box.Right()
		if short <= 0 || len(c.sites) > namedUpTo {
			break
		}
		room.W -= short
		c.fit(places, room)
		c.locate(atlas, m)
	}
	s.Add(Path{Lines: Box(box, 0), Fill: mapWindow})
	owners := s.owners(atlas)
	for i := range atlas.Areas {
		c.area(s, atlas, i, owners[i], m)
	}
	c.borders(s, atlas, owners, m)
	c.dots(s)
	if c.disputes {
		c.caption(s)
	}
	if len(c.sites) <= namedUpTo {
		c.write()
	}
	s.Add(c.placed...)
}

// locate says where the members lie, which of them are dots, and which dots are a chain.
func (c *chart) locate(atlas *shapes.Atlas, members map[string]*site) {
	c.sites, c.chain = nil, nil
	least, radius := tiny, dotRadius
	if len(members) > namedUpTo {
		least, radius = 5, smallDot
	}
	for i := range atlas.Areas {
		area := &atlas.Areas[i]
		m := members[area.ID]
		if m == nil || distance(area.At, c.middle) >= c.reach {
			continue
		}
		if m.at = c.at(area.At); !c.frame.Overlaps(Rect{m.at.X, m.at.Y, 0.1, 0.1}) {
			continue
		}
		m.dot = true
		for _, polygon := range area.Polygons {
			b := boundsOf([][]Point{c.thinned(atlas.Ring(polygon[0]))})
			m.dot = m.dot && max(b.W, b.H) < least
		}
		c.sites = append(c.sites, m)
	}
	dots := slices.DeleteFunc(slices.Clone(c.sites), func(m *site) bool { return !m.dot })
	apart(dots, 2*radius+2)
	for _, m := range dots {
		near := func(o *site) bool { return o != m && math.Hypot(o.at.X-m.at.X, o.at.Y-m.at.Y) < chainStep }
		if slices.ContainsFunc(dots, near) {
			c.chain = append(c.chain, m)
		}
	}
	if len(c.chain) < chainOf {
		c.chain = nil
	}
}

// namedUpTo is how many countries a map names at most. On one of the world there is no room for names.
const namedUpTo = 40

// members returns the sites of the countries of the answer, by their codes.
func (s *sheet) members(axis knowledge.Axis) map[string]*site {
	sites := map[string]*site{}
	for i := range s.a.Stances {
		st := &s.a.Stances[i]
		l := labelledOn(st, axis)
		m := &site{index: i, name: s.p.Country(st.Country), full: s.p.Country(st.Country), short: string(st.Country), look: s.lookOf(st, axis), faint: l.Label() == knowledge.Unassessed}
		if m.faint && len(s.a.Stances) > 2*panelled {
			m.name = m.short
		}
		if l.Basis() == knowledge.BasisDesk {
			m.marks += " " + desks
		}
		if len(st.Stale) > 0 && !m.faint {
			m.marks += " " + stale
		}
		sites[string(st.Country)] = m
	}
	return sites
}

// lookOf is that of the label, and of the pole of the axis one of its own.
func (s *sheet) lookOf(st *knowledge.Stance, axis knowledge.Axis) Look {
	if st.Country == axis.Pole() {
		return lookPole
	}
	return LookOf(labelledOn(st, axis))
}

// disputedArea is what owners has for an area that is shown in the colour of no state.
const disputedArea = "?"

// owners returns for each area as what it is shown: a member, another land by its own id, or disputed. The house style
// decides.
func (s *sheet) owners(atlas *shapes.Atlas) []string {
	shown := map[string]string{}
	for _, p := range s.a.Areas {
		shown[p.ID] = p.Map
	}
	owners := make([]string, len(atlas.Areas))
	for i := range atlas.Areas {
		id := atlas.Areas[i].ID
		switch as := shown[id]; as {
		case "", knowledge.MapPlain:
			owners[i] = id
		case knowledge.MapHatched:
			owners[i] = disputedArea + id
		default:
			owners[i] = as
		}
	}
	return owners
}

func disputed(owner string) bool { return owner[:1] == disputedArea }

// area draws one area, and remembers where it lies.
func (c *chart) area(s *sheet, atlas *shapes.Atlas, i int, owner string, members map[string]*site) {
	var rings [][]Point
	for _, polygon := range atlas.Areas[i].Polygons {
		for _, ring := range polygon {
			if r := c.ring(atlas.Ring(ring)); len(r) > 2 {
				rings = append(rings, r)
			}
		}
	}
	if len(rings) == 0 {
		return
	}
	m := members[owner]
	if m == nil {
		p := Path{Lines: rings, Fill: land}
		if disputed(owner) {
			p.Over = lookDisputed.Over
			b := p.Bounds()
			c.disputes = c.disputes || max(b.W, b.H) >= 2*tiny
		}
		s.Add(p)
		c.grid.mark(rings, plain)
		return
	}
	m.rings = append(m.rings, rings...)
	s.Add(Path{Lines: rings, Fill: m.look.Fill, Over: m.look.Over, Name: m.full})
	c.grid.mark(rings, int16(m.index))
}

// caption says in a corner of the map what areas are that have the colour of no state.
func (c *chart) caption(s *sheet) {
	text := Text{X: c.frame.X + 16 + swatch, Y: c.frame.Bottom() - 16, Text: s.say("mapped.disputed"), Size: smallSize, Colour: grey, Halo: mapWindow}
	if text.Bounds().Right() > c.frame.Right() {
		text.Text = s.say("mapped.disputed.short")
	}
	box := Rect{c.frame.X + 10, c.frame.Bottom() - 12 - smallSize, swatch - 6, smallSize}
	c.taken = append(c.taken, text.Bounds(), box)
	s.Add(Path{Lines: Box(box, 4), Fill: land, Over: lookDisputed.Over, Stroke: Stroke{Colour: disputedRim, Width: 1.4, Dash: dashes}, Name: text.Text}, text)
}

// speck is how wide an island is at most that has no line about it, which would hide its colour.
const speck = 9.0

// borders draws each line between two areas once, and the coasts of what the map is about.
func (c *chart) borders(s *sheet, atlas *shapes.Atlas, owners []string, members map[string]*site) {
	const light, faint, strong, dashed = 0, 1, 2, 3
	var lines [4][][]Point
	for i, users := range atlas.Users() {
		kind := light
		about, named := false, len(c.sites) <= namedUpTo
		differ := len(users) == 1
		for _, u := range users {
			m := members[owners[u]]
			about, named = about || m != nil, named || m != nil && !m.faint
			differ = differ || owners[u] != owners[users[0]]
		}
		switch {
		case !differ || len(users) == 1 && !about:
			continue
		case slices.ContainsFunc(users, func(u int) bool { return disputed(owners[u]) }):
			kind = dashed
		case about && named:
			kind = strong
		case about:
			kind = faint
		}
		for _, line := range c.line(atlas.Arcs[i]) {
			if b := boundsOf([][]Point{line}); len(users) > 1 || max(b.W, b.H) > speck {
				lines[kind] = append(lines[kind], line)
			}
		}
	}
	for kind, stroke := range [...]Stroke{
		light:  {Colour: shore, Width: 1.2},
		faint:  {Colour: disputedRim, Width: 1},
		strong: {Colour: rim, Width: 1.4},
		dashed: {Colour: disputedRim, Width: 1.6, Dash: dashes},
	} {
		if len(lines[kind]) > 0 {
			s.Add(Path{Lines: lines[kind], Open: true, Stroke: stroke})
		}
	}
}

// dots draws the countries that would not be seen, pushed apart where they would cover each other.
func (c *chart) dots(s *sheet) {
	radius := dotRadius
	if len(c.sites) > namedUpTo {
		radius = smallDot
	}
	for _, m := range c.sites {
		if m.dot {
			s.Add(Path{Lines: Disc(m.at, radius), Fill: m.look.Fill, Over: m.look.Over, Stroke: Stroke{Colour: rim, Width: 1.4}, Name: m.full})
		}
	}
}

// apart pushes sites away from each other until no two are nearer than that.
func apart(sites []*site, least float64) {
	for range 60 {
		for i, a := range sites {
			for _, b := range sites[i+1:] {
				dx, dy := b.at.X-a.at.X, b.at.Y-a.at.Y
				d := math.Hypot(dx, dy)
				if d >= least {
					continue
				}
				if d == 0 {
					dx, dy, d = 0, 1, 1
				}
				push := (least - d) / 2
				a.at = Point{a.at.X - dx/d*push, a.at.Y - dy/d*push}
				b.at = Point{b.at.X + dx/d*push, b.at.Y + dy/d*push}
			}
		}
	}
}

var lookPole = Look{color.NRGBA{0x8e, 0x96, 0xa1, 255}, Pattern{}, black}
