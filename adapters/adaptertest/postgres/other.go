//go:build !unix

package postgres

import (
	"os"
	"testing"
)

// Main runs a package's tests.
func Main(m *testing.M) int { return m.Run() }

// Database skips the test: a server is started on Unix alone.
func Database(tb testing.TB) string {
	tb.Helper()
	if os.Getenv("STANCETEST_REQUIRE") != "" {
		tb.Fatal("PostgreSQL is started for tests on Unix alone")
	}
	tb.Skip("PostgreSQL is started for tests on Unix alone")
	return ""
}

// Copy skips the test likewise.
func Copy(tb testing.TB, _ string) string {
	tb.Helper()
	return Database(tb)
}
