package peers

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// A Folder holds the peers of one platform.
type Folder string

// The platforms that have peers.
const (
	Slack    Folder = "slack"
	Telegram Folder = "telegram"
	Web      Folder = "web"
)

// path is that of the folder in the module.
func (f Folder) path() string { return filepath.Join(".ci", "peers", string(f)) }

const absent = "the peers are not installed here: apt-get install nodejs npm, then npm ci --ignore-scripts in "

// Command returns the command that runs a script of the peers. It skips the test where that cannot run, unless nothing may
// be skipped.
func Command(tb testing.TB, of Folder, script string) []string {
	tb.Helper()
	root, err := root()
	if err != nil {
		tb.Fatal(err)
	}
	folder := filepath.Join(root, of.path())
	node, err := exec.LookPath("node")
	if err == nil {
		_, err = os.Stat(filepath.Join(folder, "node_modules", ".package-lock.json")) // the last that npm writes
	}
	if err != nil {
		Absent(tb, absent+of.path())
	}
	return []string{node, filepath.Join(folder, script)}
}

// File returns the text of a file of the peers' packages. It skips the test where they are not installed, unless nothing may be skipped.
func File(tb testing.TB, of Folder, path string) string {
	tb.Helper()
	root, err := root()
	if err != nil {
		tb.Fatal(err)
	}
	text, err := os.ReadFile(filepath.Join(root, of.path(), "node_modules", path))
	if err != nil {
		Absent(tb, absent+of.path())
	}
	return string(text)
}

// Absent skips a test that lacks something, and fails it where nothing may be skipped.
func Absent(tb testing.TB, says string) {
	tb.Helper()
	if os.Getenv("STANCETEST_REQUIRE") == "" {
		tb.Skip(says)
	}
	tb.Fatal(says)
}

// root is the folder of the module: a test runs in that of its package.
func root() (string, error) {
	folder, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for {
		if _, err := os.Stat(filepath.Join(folder, "go.mod")); err == nil {
			return folder, nil
		}
		parent := filepath.Dir(folder)
		if parent == folder {
			return "", errors.New("no go.mod in this folder or above")
		}
		folder = parent
	}
}

// shown is how many faults are told one by one.
const shown = 20

// Check has a judge read records, a line of JSON each, and fails the test with what it finds wrong. Its last line tells how
// many passed.
func Check[T any](tb testing.TB, of Folder, script string, records []T, args ...string) {
	tb.Helper()
	command := Command(tb, of, script)
	var in, out, said bytes.Buffer
	encoder := json.NewEncoder(&in)
	for _, r := range records {
		if err := encoder.Encode(r); err != nil {
			tb.Fatal(err)
		}
	}
	cmd := exec.CommandContext(tb.Context(), command[0], append(command[1:], args...)...) //nolint:gosec // a script of ours
	cmd.Stdin, cmd.Stdout, cmd.Stderr = &in, &out, &said
	err := cmd.Run()
	lines := strings.Split(strings.TrimSpace(out.String()), "\n")
	faults, sum := lines[:len(lines)-1], lines[len(lines)-1]
	if err == nil && len(faults) == 0 && strings.HasSuffix(sum, " passed, 0 failed") {
		tb.Logf("%s: %s", script, sum)
		return
	}
	for _, fault := range faults[:min(len(faults), shown)] {
		tb.Errorf("%s: %s", script, fault)
	}
	tb.Fatalf("%s: %s (%v)\n%s", script, sum, err, said.String())
}
