package question_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"stancebot/knowledge"
)

// showOrder writes an order as show does a query: what is to be done, then what else was said.
func showOrder(w *knowledge.Order) string {
	parts := []string{string(w.Do)}
	add := func(set bool, format string, value any) {
		if set {
			parts = append(parts, fmt.Sprintf(format, value))
		}
	}
	days := make([]string, len(w.Days))
	for i, d := range w.Days {
		days[i] = strings.ToLower(d.String()[:3])
	}
	add(w.Every != "", "%s", w.Every)
	add(len(days) > 0, "%s", strings.Join(days, "+"))
	add(w.Day != 0, "day=%d", w.Day)
	add(w.From != 0, "from=%s", w.From)
	add(w.At != 0, "%s", w.At)
	add(w.Until != 0, "until=%s", w.Until)
	add(w.For != 0, "for=%s", w.For)
	add(w.Zone != "", "zone=%s", w.Zone)
	add(w.Switch, "%s", "on")
	add(w.N != 0, "#%d", w.N)
	add(w.Unfit, "%s", "unfit")
	return strings.Join(parts, " ")
}

// What reporters type in each language, from a file that was written before the words of the lexicons were.
func TestOrdersAsTheyAreTyped(t *testing.T) {
	text, err := os.ReadFile("testdata/orders.txt")
	if err != nil {
		t.Fatal(err)
	}
	var table []reading
	for line := range strings.Lines(string(text)) {
		asked, want, ok := strings.Cut(strings.TrimSpace(line), " | ")
		if ok && !strings.HasPrefix(line, "#") {
			table = append(table, reading{asked, want})
		}
	}
	if len(table) < 6*15 {
		t.Fatalf("%d phrasings in the file", len(table))
	}
	check(t, table)
}
