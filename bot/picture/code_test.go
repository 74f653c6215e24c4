package picture

import (
	"sync"
	"testing"

	"stancebot/knowledge"
	"stancebot/knowledge/core"
	"stancebot/knowledge/corpus"
)

const today knowledge.Day = 2026_11_29

// theSnapshot is the core of the records that the binary carries. It never changes, so that all tests can ask it.
var theSnapshot = sync.OnceValues(func() (*core.Core, error) {
	set, err := corpus.Embedded()
	if err != nil {
		return nil, err
	}
	records, err := set.Records()
	if err != nil {
		return nil, err
	}
	return core.Build(records)
})

func snapshot(tb testing.TB) *core.Core {
	tb.Helper()
	c, err := theSnapshot()
	if err != nil {
		tb.Fatal(err)
	}
	return c
}
