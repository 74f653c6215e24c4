//go:build !unix

package store_test

import "testing"

// openAsNobody is for root, whom other systems do not have.
func openAsNobody(tb testing.TB, _, _ string) string {
	tb.Helper()
	tb.Fatal("there is no root here")
	return ""
}
