package corpus

import (
	"bytes"
	"flag"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"golang.org/x/tools/txtar"
)

var update = flag.Bool("update", false, "write the golden files under testdata anew")

// recordFiles returns a copy of records/ that a test may change.
func recordFiles(tb testing.TB) fstest.MapFS {
	tb.Helper()
	files := fstest.MapFS{}
	dir := os.DirFS("records")
	err := fs.WalkDir(dir, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := fs.ReadFile(dir, name)
		files[name] = &fstest.MapFile{Data: data}
		return err
	})
	if err != nil {
		tb.Fatalf("copying records: %v", err)
	}
	return files
}

// replaced returns the text of a file with to in the place of from, and the lines on which to then stands. The text
// from must stand there exactly once: otherwise an edit of the records could make a test change something else in
// silence.
func replaced(tb testing.TB, files fstest.MapFS, name, from, to string) (data []byte, first, last int) {
	tb.Helper()
	file := files[name]
	if file == nil {
		tb.Fatalf("no file %s among the records", name)
	}
	if n := bytes.Count(file.Data, []byte(from)); n != 1 {
		tb.Fatalf("%s holds %q %d times, want once: choose another text to replace", name, from, n)
	}
	before, after, _ := strings.Cut(string(file.Data), from)
	first = 1 + strings.Count(before, "\n")
	return []byte(before + to + after), first, first + strings.Count(strings.TrimSuffix(to, "\n"), "\n")
}

// mustRead reads a corpus in which nothing may be wrong.
func mustRead(tb testing.TB, fsys fs.FS) *Set {
	tb.Helper()
	s, problems := ReadDir(fsys)
	if len(problems) == 0 {
		problems = s.Lint()
	}
	for _, p := range problems {
		tb.Errorf("unexpected problem: %s", p)
	}
	if len(problems) > 0 {
		tb.FailNow()
	}
	return s
}

func mustEmbedded(tb testing.TB) *Set {
	tb.Helper()
	s, err := Embedded()
	if err != nil {
		tb.Fatal(err)
	}
	return s
}

// with returns the set with some files read anew. Reading all of them takes ten times as long as all else in a
// test, so that the many cases of the linter share what none of them changes.
func with(base *Set, changed fs.FS) (*Set, []Problem) {
	over, problems := ReadDir(changed)
	s := &Set{raw: maps.Clone(base.raw), lines: maps.Clone(base.lines)}
	maps.Copy(s.raw, over.raw)
	maps.Copy(s.lines, over.lines)
	return s, problems
}

// readGolden returns the cases of a golden file by name, or nothing when they are to be written anew.
func readGolden(t *testing.T, name string) map[string]string {
	t.Helper()
	if *update {
		return nil
	}
	archive, err := txtar.ParseFile(filepath.FromSlash(name))
	if err != nil {
		t.Fatalf("%v: write it with go test ./knowledge/corpus -update", err)
	}
	cases := map[string]string{}
	for _, f := range archive.Files {
		cases[f.Name] = string(f.Data)
	}
	return cases
}

func writeGolden(t *testing.T, name, comment string, cases []txtar.File) {
	t.Helper()
	data := txtar.Format(&txtar.Archive{Comment: []byte(comment), Files: cases})
	if err := os.WriteFile(filepath.FromSlash(name), data, 0o644); err != nil {
		t.Fatal(err)
	}
}
