//go:build linux

package main

import (
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

// olderVersion is the version from which a rolling upgrade is tried: the one before many workspaces, two migrations back.
const olderVersion = "3258ee217346"

// Processes of an older version and of this one serve side by side on one database, which the first of this version brings up to date,
// until the older ones are gone: whatever was taken meanwhile is answered, each change reaches each watcher, and the ledger holds.
func TestRollingUpgrade(t *testing.T) {
	if !deep {
		t.Skip("a part of the full tier, which builds an older version: STANCETEST_DEEP=1")
	}
	s := newSoakOf(t, 40*time.Second, olderProgram(t))
	s.misfortunes = func(turn <-chan time.Time) {
		for i := range s.processes { // one after the other, as a deployment does
			<-turn
			s.program = ""
			s.faults["a process of the older version gives way to one of this"]++
			s.replace(t, i, func(p *process) { p.stop(t) })
		}
	}
	s.run(t)
	s.settle(t)
	s.audit(t)
	for _, p := range s.processes {
		p.stop(t)
	}
	t.Log("\n" + s.report())
}

// olderProgram builds the older version from the history of this repository.
func olderProgram(t *testing.T) string {
	t.Helper()
	folder := t.TempDir()
	program := filepath.Join(folder, "stancebot")
	tree := filepath.Join(folder, "tree")
	for _, command := range [][]string{
		{"git", "clone", "--quiet", "--shared", "--no-checkout", "../..", tree},
		{"git", "-C", tree, "checkout", "--quiet", olderVersion},
		{"go", "-C", tree, "build", "-o", program, "./cmd/stancebot"},
	} {
		if out, err := exec.CommandContext(t.Context(), command[0], command[1:]...).CombinedOutput(); err != nil {
			t.Fatalf("%v: %v\n%s\nit needs the repository with its history", command, err, out)
		}
	}
	return program
}
