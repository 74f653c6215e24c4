package picture

import (
	_ "embed"
	"maps"
	"slices"
	"strings"
	"sync"

	"stancebot/knowledge"
)

//go:embed tiles.txt
var tileText string

// A square is the place of a country on a tile map.
type square struct{ column, row int }

// tiles returns the places of all countries that have one.
var tiles = sync.OnceValue(func() map[knowledge.Country]square {
	all := map[knowledge.Country]square{}
	row := 0
	for line := range strings.Lines(tileText) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		for column, word := range strings.Fields(line) {
			if word != ".." {
				all[knowledge.Country(word)] = square{column, row}
			}
		}
		row++
	}
	return all
})

// tiled reports whether there is a tile map of the countries: of one alone there is none.
func tiled(countries []knowledge.Country) bool {
	without := func(c knowledge.Country) bool { _, ok := tiles()[c]; return !ok }
	return len(countries) > 1 && !slices.ContainsFunc(countries, without)
}

// packedTiles returns the places of countries with the rows and columns left out that none of them stands in, and how many
// remain.
func packedTiles(countries []knowledge.Country) (places map[knowledge.Country]square, columns, rows int) {
	places = map[knowledge.Country]square{}
	usedColumns, usedRows := map[int]bool{}, map[int]bool{}
	for _, c := range countries {
		at := tiles()[c]
		usedColumns[at.column], usedRows[at.row] = true, true
	}
	inOrder := func(used map[int]bool, n int) int {
		i, _ := slices.BinarySearch(slices.Sorted(maps.Keys(used)), n)
		return i
	}
	for _, c := range countries {
		at := tiles()[c]
		places[c] = square{inOrder(usedColumns, at.column), inOrder(usedRows, at.row)}
	}
	return places, len(usedColumns), len(usedRows)
}

// The sizes of tiles.
const (
	maxTile   = 176.0
	namedTile = 118.0 // from this width on there is room for the name
	tileGap   = 0.07  // between two, in parts of the width
)

// drawTiles draws the countries of an answer as squares of one size, so that small ones are read like large ones.
func drawTiles(s *sheet) {
	axes := mapAxes(s.a)
	if len(axes) > 1 {
		s.sideBySide(axes, s.squares)
		return
	}
	s.beside(axes[0], s.squares)
}

// squares draws the tiles into a box, in its middle.
func (s *sheet) squares(box Rect, axis knowledge.Axis) {
	places, columns, rows := packedTiles(s.a.Countries)
	pitch := min(box.W/float64(columns), box.H/float64(rows), maxTile)
	left, top := box.X+(box.W-pitch*float64(columns))/2, box.Y+(box.H-pitch*float64(rows))/2
	members := s.members(axis)
	for _, c := range s.a.Countries {
		at := places[c]
		gap := pitch * tileGap
		s.tile(members[string(c)], Rect{left + pitch*float64(at.column) + gap/2, top + pitch*float64(at.row) + gap/2, pitch - gap, pitch - gap})
	}
}

// tile draws one square: the code of the country, its name where there is room, and marks in the corner.
func (s *sheet) tile(m *site, r Rect) {
	stroke := Stroke{Colour: rim, Width: 1.6}
	if m.faint {
		stroke = Stroke{Colour: disputedRim, Width: 1.2}
	}
	s.Add(Path{Lines: Box(r, r.W*0.1), Fill: m.look.Fill, Over: m.look.Over, Stroke: stroke, Name: m.full})
	text := Text{X: r.X + r.W/2, Text: m.short, Size: min(40, max(smallSize, r.W*0.3)), Weight: SemiBold, Anchor: Middle, Colour: m.look.Ink, Halo: noColour}
	if m.look.Patterned() {
		text.Halo = m.look.Fill
	}
	if m.faint {
		text.Weight, text.Colour = Regular, grey
	}
	lines := nameLines(m.full, r.W-12)
	if r.W < namedTile || len(lines) > 2 {
		lines = nil
	}
	block := text.Size + float64(len(lines))*smallSize*1.1
	text.Y = r.Y + (r.H-block)/2 + text.Size*0.86
	s.Add(text)
	text.Weight, text.Size = Regular, smallSize
	for _, line := range lines {
		text.Y += smallSize * 1.15
		text.Text = line
		s.Add(text)
	}
	if m.marks != "" {
		text.Text, text.Weight, text.Size = strings.TrimSpace(m.marks), SemiBold, smallSize
		text.X, text.Y, text.Anchor = r.Right()-r.W*0.06, r.Y+smallSize*0.95, End
		s.Add(text)
	}
}

// nameLines breaks a name at its spaces, or returns more than two lines where it does not fit.
func nameLines(name string, width float64) []string {
	lines := Wrap(name, smallSize, Regular, width)
	if strings.Join(lines, " ") != name && strings.Join(lines, "") != name {
		return nil
	}
	for word := range strings.FieldsSeq(name) {
		if Measure(word, smallSize, Regular) > width && word[0] < 0x80 {
			return []string{"", "", ""}
		}
	}
	return lines
}
