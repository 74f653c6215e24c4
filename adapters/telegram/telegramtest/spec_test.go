package telegramtest

import (
	"os"
	"slices"
	"testing"
)

// The table that is built in is compared with the Bot API for machines that STANCETEST_TELEGRAM_SPEC names.
func TestBuiltIn(t *testing.T) {
	t.Parallel()
	ours, theirs := newSpec(""), newSpec(os.Getenv("STANCETEST_TELEGRAM_SPEC"))
	for method := range methods {
		if _, ok := builtIn[method]; !ok {
			t.Errorf("%s is played, and not in the table", method)
		}
	}
	for method, item := range ours.Methods {
		other, ok := theirs.Methods[method]
		if !ok {
			t.Errorf("there is no method %s", method)
		}
		for _, f := range other.Fields {
			if !slices.ContainsFunc(item.Fields, func(o field) bool { return o.Name == f.Name && o.Required == f.Required }) {
				t.Errorf("%s: %s (required: %t) is not so in the table", method, f.Name, f.Required)
			}
		}
		if len(other.Fields) != len(item.Fields) {
			t.Errorf("%s: the table has %d parameters, want %d", method, len(item.Fields), len(other.Fields))
		}
	}
}
