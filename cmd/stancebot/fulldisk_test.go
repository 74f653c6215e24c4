//go:build linux

package main

import (
	"context"
	"errors"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// While the disk is full, questions are answered, what is to be recorded is refused with what mends it, and nothing that was recorded is
// lost; with room again, it goes on by itself.
func TestFullDisk(t *testing.T) {
	t.Parallel()
	if elsewhere(t) {
		return
	}
	folder := smallDisk(t)
	n := newLoneServer(t, "sqlite:"+filepath.Join(folder, "desk.sqlite"))
	record := func() (string, error) {
		cmd := exec.CommandContext(t.Context(), os.Args[0]) // which is the program by that name
		cmd.Args = []string{"stancebot", "record", "event", "COL", "A new president took office.", "--on", "2026-08-07", "--kind", "leader", "--source", "https://desk.example/page", "--yes"}
		cmd.Env = append(os.Environ(), n.variables...)
		out, err := cmd.CombinedOutput()
		return string(out), err
	}
	if said, err := record(); err != nil {
		t.Fatalf("with room: %v\n%s", err, said)
	}
	ballast := filepath.Join(folder, "ballast")
	if err := fillUp(ballast); err != nil {
		t.Fatal(err)
	}
	said, err := record()
	for try := 0; err == nil && try < 200; try++ { // what is left of a page may take some more
		said, err = record()
	}
	if err == nil || !strings.Contains(said, "disk") {
		t.Errorf("on a full disk: %v\n%s", err, said)
	}
	if code, page := n.page(t, "/countries/COL"); code != http.StatusOK || !strings.Contains(page, "A new president took office.") {
		t.Errorf("on a full disk, a page is answered with %d", code)
	}
	if err := os.Remove(ballast); err != nil {
		t.Fatal(err)
	}
	eventually(t, func() bool { said, err = record(); return err == nil }, func() string { return said })
	cmd := exec.CommandContext(t.Context(), os.Args[0])
	cmd.Args, cmd.Env = []string{"stancebot", "ledger", "verify"}, append(os.Environ(), n.variables...)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("the ledger does not hold: %v\n%s", err, out)
	}
}

// smallDisk returns a folder on a disk of its own, of 16 megabytes.
func smallDisk(t *testing.T) string {
	t.Helper()
	folder := t.TempDir()
	if err := syscall.Mount("tmpfs", folder, "tmpfs", 0, "size=16m"); err != nil {
		t.Skipf("a disk that is full takes the right to mount one, which root has: %v", err)
	}
	t.Cleanup(func() {
		for try := range 50 {
			if err := syscall.Unmount(folder, 0); err == nil || try == 49 {
				return
			}
			time.Sleep(20 * time.Millisecond) // a process that was killed lets go of it
		}
	})
	return folder
}

// fillUp writes a file until there is no room left.
func fillUp(path string) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	for _, size := range []int{64 << 10, 512} {
		for err = nil; err == nil; {
			_, err = f.Write(make([]byte, size))
		}
		if !errors.Is(err, syscall.ENOSPC) {
			return err
		}
	}
	return f.Close()
}

// A loneServer is a process that serves pages from a database.
type loneServer struct {
	variables []string
	listen    string
}

func newLoneServer(t *testing.T, database string) *loneServer {
	t.Helper()
	s := &loneServer{variables: []string{
		"STANCEBOT_DATABASE_URL=" + database, "STANCEBOT_ADMIN_ADDR=127.0.0.1:0", "STANCEBOT_LISTEN_ADDR=127.0.0.1:0", "STANCEBOT_FOUR_EYES=false",
		"STANCEBOT_EDITORS=" + authorHere(t),
	}}
	r := &replica{cmd: exec.CommandContext(context.WithoutCancel(t.Context()), os.Args[0]), log: &lines{}, ended: make(chan struct{})}
	r.cmd.Args, r.cmd.Env = []string{"stancebot", "serve"}, append(os.Environ(), s.variables...)
	r.cmd.Stdout, r.cmd.Stderr = r.log, r.log
	if err := r.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() { _ = r.cmd.Wait(); close(r.ended) }()
	t.Cleanup(r.kill)
	r.serving(t)
	s.listen = startedLine.FindStringSubmatch(r.log.String())[2]
	return s
}

// authorHere is who records on this machine.
func authorHere(t *testing.T) string {
	t.Helper()
	author, err := consoleAuthor()
	if err != nil {
		t.Fatal(err)
	}
	return string(author)
}

func (s *loneServer) page(t *testing.T, path string) (int, string) {
	t.Helper()
	resp, err := get(t.Context(), "http://"+s.listen+path)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, string(body)
}
