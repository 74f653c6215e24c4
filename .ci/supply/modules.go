package main

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// A module is one that the product needs.
type module struct {
	Path     string
	Version  string
	Dir      string
	Main     bool
	Indirect bool
	licence  string
}

// targets are the systems that the program is built for: what is linked differs by system.
var targets = []string{"linux/amd64", "linux/arm64", "darwin/amd64", "darwin/arm64"}

// modulesOf returns the modules of what a pattern of packages is made of, ours left out.
func modulesOf(root string, env []string, args ...string) (map[string]module, error) {
	out, err := goTool(root, env, append([]string{"list", "-deps", "-json=Module"}, args...)...)
	if err != nil {
		return nil, err
	}
	packages, err := decodeAll[struct{ Module *module }](out)
	if err != nil {
		return nil, err
	}
	found := map[string]module{}
	for _, p := range packages {
		if m := p.Module; m != nil && !m.Main {
			found[m.Path] = *m
		}
	}
	return found, nil
}

// linked returns the modules that are linked into the program on any system.
func linked(root string) (map[string]module, error) {
	all := map[string]module{}
	for _, target := range targets {
		system, processor, _ := strings.Cut(target, "/")
		found, err := modulesOf(root, []string{"CGO_ENABLED=0", "GOOS=" + system, "GOARCH=" + processor}, "./cmd/stancebot")
		if err != nil {
			return nil, err
		}
		maps.Copy(all, found)
	}
	return all, nil
}

// A list is all that the product needs, in the order of names.
type list struct {
	linked  []module
	testing []module // and generating
	reasons map[string]string
}

func newList(root string) (*list, error) {
	inside, err := linked(root)
	if err != nil {
		return nil, err
	}
	all, err := modulesOf(root, nil, "-test", "./...")
	if err != nil {
		return nil, err
	}
	l := &list{}
	for path, m := range inside {
		if all[path].Version != m.Version && all[path].Path != "" {
			return nil, fmt.Errorf("%s is there in two versions", path)
		}
		l.linked = append(l.linked, m)
	}
	for path, m := range all {
		if _, is := inside[path]; !is {
			l.testing = append(l.testing, m)
		}
	}
	for _, part := range [][]module{l.linked, l.testing} {
		slices.SortFunc(part, func(a, b module) int { return cmp.Compare(a.Path, b.Path) })
		for i := range part {
			if part[i].licence, err = licenceOf(part[i].Dir); err != nil {
				return nil, fmt.Errorf("%s: %w", part[i].Path, err)
			}
		}
	}
	l.reasons, err = readReasons(filepath.Join(root, ".ci", "supply", "reasons.txt"))
	return l, err
}

// readReasons reads lines of a module and why it is needed.
func readReasons(file string) (map[string]string, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	reasons := map[string]string{}
	for _, line := range lines(text) {
		path, why, ok := strings.Cut(line, " ")
		if !ok {
			return nil, fmt.Errorf("reasons.txt: write a module and why it is needed: %q", line)
		}
		reasons[path] = strings.TrimSpace(why)
	}
	return reasons, nil
}

// problems are what speaks against the list.
func (l *list) problems() error {
	var errs []error
	unused := maps.Clone(l.reasons)
	for _, m := range slices.Concat(l.linked, l.testing) {
		if !isTaken(m.licence) {
			errs = append(errs, fmt.Errorf("%s %s: its licence is %s, which is none of %s", m.Path, m.Version, m.licence, strings.Join(taken, ", ")))
		}
		if !m.Indirect && l.reasons[m.Path] == "" {
			errs = append(errs, fmt.Errorf("%s: say in .ci/supply/reasons.txt why it is needed", m.Path))
		}
		if !m.Indirect {
			delete(unused, m.Path)
		}
	}
	for _, path := range slices.Sorted(maps.Keys(unused)) {
		errs = append(errs, fmt.Errorf("%s: reasons.txt tells why it is needed, and it is not", path))
	}
	return errors.Join(errs...)
}

const opening = `# What the program is made of

Made by ` + "`go -C .ci/supply run . write`" + ` from go.mod and the licences that stand in the modules; the gate fails where the two disagree, where a
licence is none of %s, and where a module is needed directly and no reason is given.

The program is built with Go (BSD-3-Clause), whose library is linked into it. Typefaces and outlines of pictures, and the data of the
records, have their licences beside them; the README names them.
`

// text is the list as a page.
func (l *list) text() string {
	var b strings.Builder
	fmt.Fprintf(&b, opening, strings.Join(taken, ", "))
	table := func(title string, part []module, direct bool) {
		part = slices.DeleteFunc(slices.Clone(part), func(m module) bool { return m.Indirect == direct })
		fmt.Fprintf(&b, "\n## %s: %d\n\n", title, len(part))
		if direct {
			b.WriteString("| module | version | licence | why |\n| --- | --- | --- | --- |\n")
		} else {
			b.WriteString("| module | version | licence |\n| --- | --- | --- |\n")
		}
		for _, m := range part {
			fmt.Fprintf(&b, "| `%s` | %s | %s |", m.Path, m.Version, m.licence)
			if direct {
				fmt.Fprintf(&b, " %s |", l.reasons[m.Path])
			}
			b.WriteByte('\n')
		}
	}
	table("Linked into the program, chosen by us", l.linked, true)
	table("Linked into the program, brought by those", l.linked, false)
	table("For tests and generators alone, chosen by us", l.testing, true)
	table("For tests and generators alone, brought by those", l.testing, false)
	return b.String()
}

func page(root string) string { return filepath.Join(root, "deploy", "dependencies.md") }

func check(root string, out io.Writer) error {
	l, err := newList(root)
	if err != nil {
		return err
	}
	if err := l.problems(); err != nil {
		return err
	}
	is, err := os.ReadFile(page(root))
	if err != nil {
		return err
	}
	if string(is) != l.text() {
		return errors.New("deploy/dependencies.md is not what go.mod says: run go -C .ci/supply run . write")
	}
	_, err = fmt.Fprintf(out, "%d modules in the program, %d more for tests, each under a licence that we take\n", len(l.linked), len(l.testing))
	return err
}

func write(root string, out io.Writer) error {
	l, err := newList(root)
	if err != nil {
		return err
	}
	if err := os.WriteFile(page(root), []byte(l.text()), 0o644); err != nil { //nolint:gosec // a page for everybody
		return err
	}
	fmt.Fprintln(out, page(root))
	return l.problems()
}
