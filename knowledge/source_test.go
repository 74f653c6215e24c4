package knowledge_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"stancebot/knowledge"
)

func TestParseWhere(t *testing.T) {
	for in, want := range map[string]knowledge.Where{
		"S4.6":  {Section: "S4", Paragraph: 6},
		"S0.1":  {Section: "S0", Paragraph: 1},
		"S7.0":  {Section: "S7", Paragraph: 0}, // the heading
		"S5.12": {Section: "S5", Paragraph: 12},
		"S9.99": {Section: "S9", Paragraph: 99},
	} {
		got, err := knowledge.ParseWhere(in)
		if err != nil || got != want {
			t.Errorf("ParseWhere(%q) = %+v, %v, want %+v", in, got, err, want)
		}
		if got.String() != in || got.IsZero() {
			t.Errorf("ParseWhere(%q): String %q, IsZero %v", in, got, got.IsZero())
		}
	}
	for _, in := range []string{
		"", " ", "S4", "S4.", ".6", "4.6", "s4.6", "S.6", "S10.1", "S44.6", "S4.123", "S4.-1", "S4,6", "S4.6.1",
		" S4.6", "S4.6 ", "S4.6\n", "S4.x", "SS.1", "S\u0664.6", "S4\u20246",
	} {
		if got, err := knowledge.ParseWhere(in); err == nil || got != (knowledge.Where{}) {
			t.Errorf("ParseWhere(%q) = %+v, %v, want an error", in, got, err)
		} else if !strings.Contains(err.Error(), fmt.Sprintf("%q", in)) {
			t.Errorf("ParseWhere(%q): the error does not show what is bad: %v", in, err)
		}
	}
}

func TestZeroWhere(t *testing.T) {
	if w := (knowledge.Where{}); !w.IsZero() || w.String() != "" {
		t.Errorf("IsZero %v, String %q", w.IsZero(), w)
	}
	// A heading is paragraph 0, and yet a place.
	if w := (knowledge.Where{Section: "S0"}); w.IsZero() || w.String() != "S0.0" {
		t.Errorf("the heading of S0: IsZero %v, String %q", w.IsZero(), w)
	}
}

func TestWhereInJSON(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := knowledge.Quote{
			Quote: rapid.String().Draw(t, "quote"),
			At:    knowledge.Where{Section: fmt.Sprintf("S%d", rapid.IntRange(0, 9).Draw(t, "section")), Paragraph: rapid.IntRange(0, 99).Draw(t, "paragraph")},
		}
		text, err := json.Marshal(want)
		if err != nil {
			t.Fatal(err)
		}
		if place := fmt.Sprintf(`"at":"%s.%d"`, want.At.Section, want.At.Paragraph); !strings.Contains(string(text), place) {
			t.Fatalf("%s, want %s in it", text, place)
		}
		var got knowledge.Quote
		if err := json.Unmarshal(text, &got); err != nil || got.At != want.At {
			t.Fatalf("%s reads as %+v, %v", text, got, err)
		}
	})
	got := knowledge.Where{Section: "S1", Paragraph: 1} // an old value must not shine through
	if err := json.Unmarshal([]byte(`""`), &got); err != nil || !got.IsZero() {
		t.Errorf(`"" reads as %+v, %v, want no place`, got, err)
	}
	for _, in := range []string{`"S4"`, `4.6`, `"4.6"`, `{}`, `true`} {
		var got knowledge.Where
		if err := json.Unmarshal([]byte(in), &got); err == nil || !got.IsZero() {
			t.Errorf("%s reads as %+v, %v, want an error", in, got, err)
		}
	}
}

func TestQuoteWords(t *testing.T) {
	for in, want := range map[string]int{
		"":                               0,
		" \t":                            0,
		"Peru":                           1,
		"  one   two\nthree\t":           3,
		"a self-styled anti-imperialist": 3, // a hyphen joins
		"the Kremlin's ally, it says":    5,
		"one\u00a0two\u2003three":        3, // spaces that do not break are spaces to a reader
		"wait \u2014 what":               3, // a dash that stands alone counts: the bound errs on the short side
		strings.Repeat("word ", knowledge.MaxQuoteWords): knowledge.MaxQuoteWords,
	} {
		if got := knowledge.QuoteWords(in); got != want {
			t.Errorf("QuoteWords(%q) = %d, want %d", in, got, want)
		}
	}
}
