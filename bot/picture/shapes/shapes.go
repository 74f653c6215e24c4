package shapes

import (
	"bytes"
	"compress/gzip"
	_ "embed"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"sync"
)

// A Point is a place on the globe, in degrees.
type Point struct{ Lon, Lat float64 }

// An Atlas is the areas of the world and the arcs that bound them. It is not changed once read.
type Atlas struct {
	Arcs  [][]Point
	Areas []Area
}

// An Area is a country or a place, by its ISO 3166-1 alpha-3 code or the id that the house style has for it. Its
// polygons are rings of arcs, the outer one first; an arc i that runs backward is written ^i. One without polygons is
// too small for the outlines, and has only its place.
type Area struct {
	ID       string
	At       Point // within its largest polygon
	Polygons [][][]int
}

//go:embed world.bin
var packed []byte

// World returns the atlas that is part of the program: one that cannot be read is a fault of the build.
var World = sync.OnceValue(func() *Atlas {
	a, err := Unpack(packed)
	if err != nil {
		panic(fmt.Sprintf("shapes: %v", err))
	}
	return a
})

// Ring returns the points of a ring, each once.
func (a *Atlas) Ring(arcs []int) []Point {
	var ring []Point
	for _, i := range arcs {
		arc := a.Arcs[max(i, ^i)]
		if i >= 0 {
			ring = append(ring, arc[:len(arc)-1]...)
			continue
		}
		for j := len(arc) - 1; j > 0; j-- {
			ring = append(ring, arc[j])
		}
	}
	return ring
}

// Users returns the areas that each arc bounds: one for a coast, two for a border.
func (a *Atlas) Users() [][]int {
	users := make([][]int, len(a.Arcs))
	for n, area := range a.Areas {
		for _, polygon := range area.Polygons {
			for _, ring := range polygon {
				for _, i := range ring {
					users[max(i, ^i)] = append(users[max(i, ^i)], n)
				}
			}
		}
	}
	return users
}

// perDegree is how many steps of the file make a degree: a step is about 200 m.
const perDegree = 500

// Pack writes an atlas as the file holds it: numbers of varying length, each point by its distance from the one before.
func (a *Atlas) Pack() ([]byte, error) {
	var b []byte
	put := func(v int) { b = binary.AppendVarint(b, int64(v)) }
	points := func(ps []Point) {
		var x, y int
		for _, p := range ps {
			px, py := step(p.Lon), step(p.Lat)
			put(px - x)
			put(py - y)
			x, y = px, py
		}
	}
	put(len(a.Arcs))
	for _, arc := range a.Arcs {
		put(len(arc))
		points(arc)
	}
	put(len(a.Areas))
	for _, area := range a.Areas {
		put(len(area.ID))
		b = append(b, area.ID...)
		points([]Point{area.At})
		put(len(area.Polygons))
		for _, polygon := range area.Polygons {
			put(len(polygon))
			for _, ring := range polygon {
				put(len(ring))
				for _, i := range ring {
					put(i)
				}
			}
		}
	}
	var out bytes.Buffer
	z, err := gzip.NewWriterLevel(&out, gzip.BestCompression)
	if err != nil {
		return nil, fmt.Errorf("pack: %w", err)
	}
	_, err = z.Write(b)
	if err = errors.Join(err, z.Close()); err != nil {
		return nil, fmt.Errorf("pack: %w", err)
	}
	return out.Bytes(), nil
}

func step(degrees float64) int {
	if degrees < 0 {
		return -step(-degrees)
	}
	return int(degrees*perDegree + 0.5)
}

// Unpack reads what Pack wrote.
func Unpack(file []byte) (*Atlas, error) {
	z, err := gzip.NewReader(bytes.NewReader(file))
	if err != nil {
		return nil, fmt.Errorf("unpack: %w", err)
	}
	data, err := io.ReadAll(z)
	if err != nil {
		return nil, fmt.Errorf("unpack: %w", err)
	}
	r := &reader{rest: data}
	a := &Atlas{Arcs: make([][]Point, r.count())}
	for i := range a.Arcs {
		a.Arcs[i] = r.points(r.count())
	}
	a.Areas = make([]Area, r.count())
	for i := range a.Areas {
		a.Areas[i] = r.area()
	}
	return a, r.err
}

// A reader takes numbers from the front of a file. The first fault stays, and all that follows is nothing.
type reader struct {
	rest []byte
	err  error
}

func (r *reader) int() int {
	v, n := binary.Varint(r.rest)
	if n <= 0 {
		r.err, r.rest = errors.New("unpack: the file is cut off"), nil
		return 0
	}
	r.rest = r.rest[n:]
	return int(v)
}

// count reads how many things follow, each of which takes a byte at least.
func (r *reader) count() int {
	n := r.int()
	if n < 0 || n > len(r.rest) {
		r.err, r.rest = errors.New("unpack: the file holds less than it says"), nil
		return 0
	}
	return n
}

func (r *reader) points(n int) []Point {
	ps := make([]Point, n)
	var x, y int
	for i := range ps {
		x += r.int()
		y += r.int()
		ps[i] = Point{float64(x) / perDegree, float64(y) / perDegree}
	}
	return ps
}

func (r *reader) area() Area {
	n := r.count()
	area := Area{ID: string(r.rest[:n])}
	r.rest = r.rest[n:]
	area.At = r.points(1)[0]
	area.Polygons = make([][][]int, r.count())
	for i := range area.Polygons {
		area.Polygons[i] = make([][]int, r.count())
		for j := range area.Polygons[i] {
			ring := make([]int, r.count())
			for k := range ring {
				ring[k] = r.int()
			}
			area.Polygons[i][j] = ring
		}
	}
	return area
}
