// Command shapes packs the outlines of countries for bot/picture/shapes. It is run by hand when they are replaced:
//
//	go run ./bot/picture/gen/shapes countries-50m.json > bot/picture/shapes/world.bin
//
// The file is that of the npm package world-atlas 2.0.2, in TopoJSON: Natural Earth's, in the public domain.
package main

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
	"slices"
	"strconv"

	"golang.org/x/text/language"

	"stancebot/bot/picture/shapes"
)

// named are the outlines without a number of ISO 3166, by the ids that the house style has for them.
var named = map[string]string{
	"Kosovo": "XKX", "N. Cyprus": "northern_cyprus", "Somaliland": "somaliland", "Siachen Glacier": "kashmir",
}

// left are outlines that no map shows: ice, and what shares a number with its state.
var left = map[string]bool{"Antarctica": true, "Ashmore and Cartier Is.": true, "Indian Ocean Ter.": true}

// carved are polygons that the outlines count as part of a state and the house style keeps apart: all that lie within
// a box.
var carved = []struct {
	id, of                   string
	west, south, east, north float64
}{
	{"crimea", "RUS", 32, 44, 37, 46.5},
	{"kuril_islands", "RUS", 145, 43, 149.2, 45.8},
	{"GUF", "FRA", -55, 2, -51, 6},
	{"GLP", "FRA", -62, 15.7, -60.9, 16.6},
	{"MTQ", "FRA", -61.5, 14.3, -60.7, 15},
	{"REU", "FRA", 55, -22, 56, -20},
	{"MYT", "FRA", 45, -13.2, 45.5, -12},
	{"BES", "NLD", -69, 11, -62, 18},
}

// tooSmall are members that the outlines leave out.
var tooSmall = []shapes.Area{{ID: "TUV", At: shapes.Point{Lon: 179.2, Lat: -8.52}}}

// A topology is what we use of TopoJSON: arcs in whole numbers, each point by its distance from the one before, and
// the areas as rings of arcs.
type topology struct {
	Transform struct{ Scale, Translate [2]float64 }
	Arcs      [][][2]int
	Objects   struct {
		Countries struct{ Geometries []geometry }
	}
}

type geometry struct {
	ID         string
	Type       string
	Arcs       json.RawMessage
	Properties struct{ Name string }
}

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(args []string) error {
	if len(args) != 1 {
		return fmt.Errorf("shapes: want the name of one file of TopoJSON, not %d", len(args))
	}
	text, err := os.ReadFile(args[0])
	if err != nil {
		return fmt.Errorf("shapes: %w", err)
	}
	var t topology
	if err := json.Unmarshal(text, &t); err != nil {
		return fmt.Errorf("shapes: %w", err)
	}
	atlas, err := t.atlas()
	if err != nil {
		return err
	}
	file, err := atlas.Pack()
	if err != nil {
		return err
	}
	_, err = os.Stdout.Write(file)
	return err
}

func (t *topology) atlas() (*shapes.Atlas, error) {
	a := &shapes.Atlas{Arcs: make([][]shapes.Point, len(t.Arcs))}
	for i, arc := range t.Arcs {
		var x, y int
		for _, d := range arc {
			x, y = x+d[0], y+d[1]
			a.Arcs[i] = append(a.Arcs[i], shapes.Point{
				Lon: float64(x)*t.Transform.Scale[0] + t.Transform.Translate[0],
				Lat: float64(y)*t.Transform.Scale[1] + t.Transform.Translate[1],
			})
		}
	}
	for _, g := range t.Objects.Countries.Geometries {
		if left[g.Properties.Name] {
			continue
		}
		area, err := g.area()
		if err != nil {
			return nil, fmt.Errorf("shapes: %s: %w", g.Properties.Name, err)
		}
		a.Areas = append(a.Areas, area)
	}
	for _, c := range carved {
		inside := func(p shapes.Point) bool {
			return p.Lon > c.west && p.Lon < c.east && p.Lat > c.south && p.Lat < c.north
		}
		if !carve(a, c.id, c.of, inside) {
			return nil, fmt.Errorf("shapes: %s: no polygon of %s lies there", c.id, c.of)
		}
	}
	for i := range a.Areas {
		a.Areas[i].At = place(a, a.Areas[i])
	}
	prune(a)
	a.Areas = append(a.Areas, tooSmall...)
	return a, nil
}

// prune leaves out the arcs that bound nothing any more.
func prune(a *shapes.Atlas) {
	kept := make([]int, len(a.Arcs)) // where each arc stands afterwards
	var arcs [][]shapes.Point
	for i, users := range a.Users() {
		kept[i] = len(arcs)
		if len(users) > 0 {
			arcs = append(arcs, a.Arcs[i])
		}
	}
	a.Arcs = arcs
	for _, area := range a.Areas {
		for _, polygon := range area.Polygons {
			for _, ring := range polygon {
				for k, i := range ring {
					if ring[k] = kept[max(i, ^i)]; i < 0 {
						ring[k] = ^ring[k]
					}
				}
			}
		}
	}
}

func (g *geometry) area() (shapes.Area, error) {
	area := shapes.Area{ID: named[g.Properties.Name]}
	if area.ID == "" {
		n, err := strconv.Atoi(g.ID)
		if err != nil {
			return area, fmt.Errorf("no number: %w", err)
		}
		region, err := language.EncodeM49(n)
		if err != nil {
			return area, fmt.Errorf("number %d: %w", n, err)
		}
		area.ID = region.ISO3()
	}
	if g.Type == "Polygon" {
		area.Polygons = make([][][]int, 1)
		return area, json.Unmarshal(g.Arcs, &area.Polygons[0])
	}
	return area, json.Unmarshal(g.Arcs, &area.Polygons)
}

// carve moves the polygons that lie inside from one area to another, and reports whether there are any.
func carve(a *shapes.Atlas, id, of string, inside func(shapes.Point) bool) bool {
	var stay, moved [][][]int
	from := find(a, of)
	for _, polygon := range a.Areas[from].Polygons {
		outside := func(p shapes.Point) bool { return !inside(p) }
		if slices.ContainsFunc(a.Ring(polygon[0]), outside) {
			stay = append(stay, polygon)
		} else {
			moved = append(moved, polygon)
		}
	}
	a.Areas[from].Polygons = stay
	to := find(a, id)
	a.Areas[to].Polygons = append(a.Areas[to].Polygons, moved...)
	return len(moved) > 0
}

// find returns the index of an area, which is added where there is none.
func find(a *shapes.Atlas, id string) int {
	for i, area := range a.Areas {
		if area.ID == id {
			return i
		}
	}
	a.Areas = append(a.Areas, shapes.Area{ID: id})
	return len(a.Areas) - 1
}

// place returns the middle of an area's largest polygon: the centre of its mass.
func place(a *shapes.Atlas, area shapes.Area) shapes.Point {
	var best shapes.Point
	most := 0.0
	for _, polygon := range area.Polygons {
		ring := a.Ring(polygon[0])
		var sum, lon, lat float64
		for i, p := range ring {
			q := ring[(i+1)%len(ring)]
			cross := p.Lon*q.Lat - q.Lon*p.Lat
			sum, lon, lat = sum+cross, lon+(p.Lon+q.Lon)*cross, lat+(p.Lat+q.Lat)*cross
		}
		if size := math.Abs(sum) * math.Cos(ring[0].Lat*math.Pi/180); size > most {
			most, best = size, shapes.Point{Lon: lon / (3 * sum), Lat: lat / (3 * sum)}
		}
	}
	return best
}
