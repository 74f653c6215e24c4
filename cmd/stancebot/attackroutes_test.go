package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// The ways into the program are read from its source: one that is new has no attempt, and fails.

// A siteRoute is a path that is served, and how it is asked for.
type siteRoute struct{ method, path string }

// sources parses the files of a room that are no tests.
func sources(t *testing.T, room string) []*ast.File {
	t.Helper()
	dir := filepath.Join("..", "..", filepath.FromSlash(room))
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var files []*ast.File
	for _, e := range entries {
		if name := e.Name(); strings.HasSuffix(name, ".go") && !strings.HasSuffix(name, "_test.go") {
			f, err := parser.ParseFile(token.NewFileSet(), filepath.Join(dir, name), nil, 0)
			if err != nil {
				t.Fatal(err)
			}
			files = append(files, f)
		}
	}
	return files
}

// text is that of a literal, or of a concatenation with constants of the room, whose values are known.
func text(e ast.Expr, constants map[string]string) (string, bool) {
	switch e := e.(type) {
	case *ast.BasicLit:
		s, err := strconv.Unquote(e.Value)
		return s, err == nil
	case *ast.Ident:
		s, ok := constants[e.Name]
		return s, ok
	case *ast.BinaryExpr:
		x, ok := text(e.X, constants)
		y, ok2 := text(e.Y, constants)
		return x + y, ok && ok2
	}
	return "", false
}

// constantsOf are the constant texts of a room.
func constantsOf(files []*ast.File) map[string]string {
	found := map[string]string{}
	for _, f := range files {
		ast.Inspect(f, func(n ast.Node) bool {
			if spec, ok := n.(*ast.ValueSpec); ok {
				for i, name := range spec.Names {
					if i < len(spec.Values) {
						if s, ok := text(spec.Values[i], nil); ok {
							found[name.Name] = s
						}
					}
				}
			}
			return true
		})
	}
	return found
}

// routesIn are the patterns that a room has served, in any of the ways in which that is said.
func routesIn(t *testing.T, room string) []siteRoute {
	t.Helper()
	files := sources(t, room)
	constants := constantsOf(files)
	var found []siteRoute
	for _, f := range files {
		ast.Inspect(f, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok || len(call.Args) < 2 {
				return true
			}
			name := ""
			switch fun := call.Fun.(type) {
			case *ast.SelectorExpr:
				name = fun.Sel.Name
			case *ast.Ident:
				name = fun.Name
			}
			switch name {
			case "Handle", "HandleFunc":
				if pattern, ok := text(call.Args[0], constants); ok {
					method, at, found2 := strings.Cut(pattern, " ")
					if !found2 {
						method, at = http.MethodGet, pattern
					}
					found = append(found, siteRoute{method, at})
				}
			case "operation":
				if at, ok := text(call.Args[1], constants); ok {
					found = append(found, siteRoute{http.MethodGet, "/api/v1" + at})
				}
			}
			return true
		})
	}
	if len(found) == 0 {
		t.Fatalf("%s serves nothing", room)
	}
	return found
}

// siteRoutes are those of the pages and of the API.
func siteRoutes(t *testing.T) []siteRoute {
	t.Helper()
	routes := append(routesIn(t, "adapters/web"), siteRoute{http.MethodGet, "/api/openapi.yaml"}, siteRoute{http.MethodPost, "/api/v1/ask"})
	if len(routes) < 30 {
		t.Errorf("only %d routes of the site are found", len(routes))
	}
	return routes
}

// casesOf are the names by which a method tells kinds apart: texts, or constants.
func casesOf(files []*ast.File, receiver, method string) []string {
	var found []string
	for _, f := range files {
		for _, d := range f.Decls {
			fn, ok := d.(*ast.FuncDecl)
			if !ok || fn.Name.Name != method || fn.Recv == nil || typeName(fn.Recv.List[0].Type) != receiver {
				continue
			}
			ast.Inspect(fn, func(n ast.Node) bool {
				if c, ok := n.(*ast.CaseClause); ok {
					for _, e := range c.List {
						if s, ok := text(e, nil); ok {
							found = append(found, s)
						} else if id, ok := e.(*ast.Ident); ok {
							found = append(found, id.Name)
						}
					}
				}
				return true
			})
		}
	}
	return found
}

func typeName(e ast.Expr) string {
	if star, ok := e.(*ast.StarExpr); ok {
		e = star.X
	}
	if id, ok := e.(*ast.Ident); ok {
		return id.Name
	}
	return ""
}

// waysIn are the ways into the program by its chat platforms.
func waysIn(t *testing.T) []string {
	t.Helper()
	var ways []string
	for _, room := range []string{"adapters/slack", "adapters/telegram"} {
		for _, r := range routesIn(t, room) {
			ways = append(ways, r.path)
		}
	}
	files := sources(t, "adapters/slack")
	ways = append(ways, casesOf(files, "event", "asks")...)
	ways = append(ways, casesOf(files, "action", "asks")...)
	for name := range constantsOf(files) {
		if rest, ok := strings.CutPrefix(name, "action"); ok && rest != "" {
			ways = append(ways, name)
		}
	}
	for _, f := range sources(t, "adapters/telegram") {
		ast.Inspect(f, func(n ast.Node) bool {
			if spec, ok := n.(*ast.TypeSpec); ok && spec.Name.Name == "update" {
				if s, ok := spec.Type.(*ast.StructType); ok {
					for _, field := range s.Fields.List {
						if _, points := field.Type.(*ast.StarExpr); points {
							ways = append(ways, "update."+field.Names[0].Name)
						}
					}
				}
			}
			return true
		})
	}
	return ways
}

// Each way into the program is tried by somebody, and each that is tried is there.
func TestEveryWayInIsTried(t *testing.T) {
	tried := map[string]bool{}
	for _, a := range attempts {
		for _, way := range a.ways {
			tried[way] = true
		}
	}
	ways := waysIn(t)
	for _, way := range ways {
		if !tried[way] {
			t.Errorf("nobody tries to get in by %s", way)
		}
	}
	for _, way := range slices.Sorted(maps.Keys(tried)) {
		if !slices.Contains(ways, way) {
			t.Errorf("%s is tried, and is no way in", way)
		}
	}
	for _, r := range siteRoutes(t) {
		fill(t, r.path)
	}
	t.Logf("%d ways in, %d routes of the site", len(ways), len(siteRoutes(t)))
}
