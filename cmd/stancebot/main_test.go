package main

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"stancebot/adapters/adaptertest/postgres"
	"stancebot/bot/bottest"
	"stancebot/knowledge/corpus"
	"stancebot/knowledge/raced"
)

// beforeMain is what this binary does before it is the program; nil for nothing.
var beforeMain func()

func TestMain(m *testing.M) {
	testscript.Main(withPostgres{m}, map[string]func(){"stancebot": func() {
		if beforeMain != nil {
			beforeMain()
		}
		main()
	}})
}

// withPostgres runs tests, and stops the PostgreSQL that they share.
type withPostgres struct{ m *testing.M }

// Run runs them.
func (w withPostgres) Run() int { return postgres.Main(w.m) }

// elsewhere reports whether a test is left to a run in which no races are looked for, as .ci/run does both: it starts the program so often, or
// asks so much of it, that it would take minutes. Races in what it is about are looked for by TestFanOut, TestWorkspacesInstallTheApp and the
// rooms' own tests.
func elsewhere(t *testing.T) bool {
	t.Helper()
	if raced.On && !bottest.Deep() {
		t.Log("done in full without the race detector")
	}
	return raced.On && !bottest.Deep()
}

// sampledScripts is of how many scripts one is run where races are looked for: each starts the program some dozens of times.
const sampledScripts = 3

// The scripts under testdata/script run the program as a person at a shell would.
func TestScripts(t *testing.T) {
	scripts, err := filepath.Glob("testdata/script/*.txtar")
	if err != nil || len(scripts) == 0 {
		t.Fatalf("no scripts: %v", err)
	}
	var files []string
	for i, script := range scripts {
		if !raced.On || i%sampledScripts == 0 {
			files = append(files, script)
		}
	}
	testscript.Run(t, testscript.Params{
		Files:         files,
		UpdateScripts: bottest.Update(),
		Setup: func(env *testscript.Env) error {
			records, err := filepath.Abs("../../knowledge/corpus/records")
			env.Setenv("RECORDS", records)
			set, setErr := corpus.Embedded()
			env.Setenv("VERSION", set.Version())
			env.Setenv("STANCEBOT_TODAY", "2026-11-23")
			env.Setenv("HOME", filepath.Join(env.WorkDir, "home")) // where the database is by default
			env.Setenv("XDG_DATA_HOME", "")
			author, authorErr := consoleAuthor()
			env.Setenv("AUTHOR", string(author))
			return errors.Join(err, setErr, authorErr)
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){"replace": replace, "votes": votesScript, "digests": digestsScript, "tellings": tellingsScript},
	})
}

// replace FILE OLD NEW replaces a text that stands in a file once.
func replace(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 3 {
		ts.Fatalf("usage: replace FILE OLD NEW")
	}
	text := ts.ReadFile(args[0])
	if strings.Count(text, args[1]) != 1 {
		ts.Fatalf("%s holds %q %d times", args[0], args[1], strings.Count(text, args[1]))
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(strings.Replace(text, args[1], args[2], 1)), 0o644))
}
