package core_test

import (
	"strings"
	"testing"
)

// Every kind of receipt leads to the page that it rests on, and a computed one to none.
func TestLinks(t *testing.T) {
	_, c := theRecords(t)
	for id, want := range map[string]string{
		"PER-05": c.Article().URL, "ARG-S2": c.Article().URL, "X-02": c.Article().URL,
		"ES-11/1": "https://digitallibrary.un.org/", "A:BRA:2019": "", "F-99": "", "nothing": "",
	} {
		if got := c.Link(id); !strings.HasPrefix(got, want) || want == "" && got != "" {
			t.Errorf("%s leads to %q, want %q", id, got, want)
		}
	}
	for _, id := range []string{"F-02", "E:PER:2025-10-10", "S:BHS:unfriendly_list:2022", "M:ECU:alba:2009"} {
		if got := c.Link(id); !strings.HasPrefix(got, "http") {
			t.Errorf("%s leads to %q, want a page", id, got)
		}
	}
}
