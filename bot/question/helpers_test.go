package question_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"

	"stancebot/bot/bottest"
	"stancebot/bot/question"
	"stancebot/knowledge"
)

// today is the calendar of all tests here: 23 Nov 2026.
const today = bottest.Today

var (
	readerOnce sync.Once
	readerOf   *question.Reader
)

// newReader returns the reader with the shipped records. It is built once, because building the index of names costs
// more than all readings of a test together, and a Reader is safe to share.
func newReader(tb testing.TB) *question.Reader {
	tb.Helper()
	readerOnce.Do(func() { readerOf = bottest.NewDesk(tb).Reader })
	if readerOf == nil {
		tb.Fatal("no reader: the records did not load")
	}
	return readerOf
}

// show writes the parts of a query that are set on one line, so that a table holds what is expected as a person would
// say it: intent, then names, then the rest by key. Today and Page 1 are left out, being the same everywhere.
func show(q knowledge.Query) string {
	parts := []string{string(q.Intent)}
	add := func(format string, args ...any) { parts = append(parts, fmt.Sprintf(format, args...)) }
	if len(q.Countries) > 0 {
		add("%s", codes(q.Countries))
	}
	for _, p := range []struct{ key, value string }{
		{"place", q.Place},
		{"group", string(q.Group)},
		{"axis", string(q.Axis)},
		{"asof", q.AsOf.String()},
		{"since", q.Since.String()},
		{"known", q.KnownAt.String()},
		{"receipt", q.Receipt},
		{"text", q.Resolution},
		{"reads", codes(q.ReadsAs)},
	} {
		if p.value != "" {
			add("%s=%s", p.key, p.value)
		}
	}
	if q.Page != 1 {
		add("page=%d", q.Page)
	}
	if q.YesNo {
		add("yesno")
	}
	for _, a := range q.Also {
		add("also=%s", a.Name)
	}
	for _, n := range q.Near {
		add("near=%s", n.Name)
	}
	if q.Order != nil {
		add("[%s]", showOrder(q.Order))
	}
	if q.Matter != "" {
		add("<%s>", q.Matter)
	}
	if m := q.Misread; m != nil {
		add("-> %s", m.Outcome)
		if m.Reason != "" {
			add("(%s)", m.Reason)
		}
		if len(m.Choices) > 0 {
			add("%s?", strings.Join(m.Choices, "|"))
		}
		if m.Name != "" {
			add("%q", m.Name)
		}
	}
	return strings.Join(parts, " ")
}

func codes(list []knowledge.Country) string {
	out := make([]string, len(list))
	for i, c := range list {
		out[i] = string(c)
	}
	return strings.Join(out, "+")
}

// A reading is one row of a table: a question and what it must be read as, in the words of show.
type reading struct{ text, want string }

// check reads each question of a table and compares the whole query, so that a part which nobody asked for fails too.
func check(t *testing.T, table []reading) {
	t.Helper()
	r := newReader(t)
	for _, tt := range table {
		if got := show(r.Read(tt.text, today).Query); got != tt.want {
			t.Errorf("%q\n got: %s\nwant: %s", tt.text, got, tt.want)
		}
	}
}
