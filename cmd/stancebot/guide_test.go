package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"stancebot/bot/bottest"
	"stancebot/knowledge"
)

var (
	typedInTable = regexp.MustCompile("`([^`]+)`")
	notQuestions = regexp.MustCompile(`^(/|@|STANCEBOT_|house-style|publish)|\.md|^record (vote|measure) …$`)
)

// What the pages for reporters and editors say can be typed is understood as it stands there.
func TestGuidesAreUnderstood(t *testing.T) {
	t.Parallel()
	d := bottest.NewDesk(t)
	for _, page := range []string{"reporter.md", "editor.md"} {
		text, err := os.ReadFile(filepath.Join("..", "..", "deploy", "guide", page))
		if err != nil {
			t.Fatal(err)
		}
		asked := 0
		for line := range strings.Lines(string(text)) {
			cells := strings.Split(line, "|")
			if len(cells) < 3 { // what is typed stands first in a table
				continue
			}
			for _, m := range typedInTable.FindAllStringSubmatch(cells[1], -1) {
				if notQuestions.MatchString(m[1]) {
					continue
				}
				asked++
				q := d.Reader.Read(m[1], bottest.Today).Query
				if q.Misread != nil || q.Intent == knowledge.IntentNone {
					t.Errorf("%s: %q is read as %s, %+v", page, m[1], q.Intent, q.Misread)
				}
			}
		}
		if asked < 10 {
			t.Errorf("%s tells only %d things to type", page, asked)
		}
	}
}

var link = regexp.MustCompile(`\]\(([^)#:]+)(?:#[^)]*)?\)`)

// Pages lead to files that are there.
func TestPagesLeadSomewhere(t *testing.T) {
	t.Parallel()
	root := filepath.Join("..", "..")
	looked := 0
	err := filepath.WalkDir(root, func(path string, entry os.DirEntry, err error) error {
		if err != nil || entry.IsDir() && entry.Name() == "node_modules" {
			return skipOr(err)
		}
		if filepath.Ext(path) != ".md" {
			return nil
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		for _, m := range link.FindAllStringSubmatch(string(text), -1) {
			looked++
			if _, err := os.Stat(filepath.Join(filepath.Dir(path), m[1])); err != nil {
				t.Errorf("%s leads to %s, which is not there", path, m[1])
			}
		}
		return nil
	})
	if err != nil || looked < 10 {
		t.Errorf("%d links were looked at: %v", looked, err)
	}
}

// skipOr passes an error on, and skips the folder where there is none.
func skipOr(err error) error {
	if err != nil {
		return err
	}
	return filepath.SkipDir
}
