package corpustest

import (
	"testing"

	"stancebot/knowledge"
	"stancebot/knowledge/corpus"
)

// Records returns a fresh copy of the records that the binary carries. core.Build writes to what it is given, so no two
// snapshots may share one.
func Records(tb testing.TB) *knowledge.Records {
	tb.Helper()
	set, err := corpus.Embedded()
	if err != nil {
		tb.Fatal(err)
	}
	records, err := set.Records()
	if err != nil {
		tb.Fatal(err)
	}
	return records
}
