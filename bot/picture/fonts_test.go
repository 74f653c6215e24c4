package picture

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Every rune of what the program says has a glyph: a missing one is drawn as a box.
func TestFontsHaveEveryRune(t *testing.T) {
	t.Parallel()
	for _, root := range []string{"../phrases/catalogue", "../../knowledge/places/data", "../../knowledge/corpus/records"} {
		err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || filepath.Ext(path) == ".txt" { // lists of words that are read, not said
				return err
			}
			text, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			lacking := map[rune]bool{}
			for _, r := range string(text) {
				if r >= ' ' && !Has(r) && !lacking[r] {
					lacking[r] = true
				}
			}
			for r := range lacking {
				t.Errorf("%s: no font has %q: see gen/fonts", path, r)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

func TestMissingRunesAreSeen(t *testing.T) {
	t.Parallel()
	const none = "\U0001F600"
	if w := Measure(none, 20, Regular); w < 5 {
		t.Errorf("a rune that no font has takes no room: %v", w)
	}
	var c canvas
	if lines := c.outlines(Text{Text: none, Size: 20}); len(lines) == 0 {
		t.Error("a rune that no font has is drawn as nothing")
	}
}

func TestWrap(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ text, want string }{
		{"one two three", "one two|three"},
		{"", ""},
		{"unbreakableunbreakable", "unbreak|ableunb|reakable"},
		{"对俄罗斯的立场，截至", "对俄罗斯|的立场，|截至"},
		{"中有12国立场", "中有12国|立场"},
	} {
		width := 100.0
		if got := strings.Join(Wrap(c.text, 24, Regular, width), "|"); got != c.want {
			t.Errorf("%q: %q, want %q", c.text, got, c.want)
		}
		for _, line := range Wrap(c.text, 24, Regular, width) {
			if Measure(line, 24, Regular) > width {
				t.Errorf("%q is wider than %v", line, width)
			}
		}
	}
}
