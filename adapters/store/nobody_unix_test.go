//go:build unix

package store_test

import (
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
)

// openAsNobody opens a file in a copy of this binary that runs as nobody, and returns what it says.
func openAsNobody(tb testing.TB, folder, path string) string {
	tb.Helper()
	const nobody = 65534
	binary := filepath.Join(folder, "opener")
	from, err := os.Open(os.Args[0])
	if err != nil {
		tb.Fatal(err)
	}
	defer from.Close() //nolint:errcheck // it is only read
	to, err := os.OpenFile(binary, os.O_CREATE|os.O_WRONLY, 0o755)
	if err != nil {
		tb.Fatal(err)
	}
	if _, err := io.Copy(to, from); err != nil {
		tb.Fatal(err)
	}
	if err := to.Close(); err != nil {
		tb.Fatal(err)
	}
	for _, dir := range []string{folder, filepath.Dir(folder)} { // both are this test's
		if err := os.Chmod(dir, 0o755); err != nil {
			tb.Fatal(err)
		}
	}
	c := exec.CommandContext(tb.Context(), binary)
	c.Env = []string{opener + "=sqlite:" + path}
	c.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: nobody, Gid: nobody}}
	out, err := c.CombinedOutput()
	if err != nil {
		tb.Fatalf("%v: %s", err, out)
	}
	tb.Logf("%s", out)
	return string(out)
}
