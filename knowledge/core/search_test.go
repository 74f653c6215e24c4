package core_test

import (
	"slices"
	"testing"

	"stancebot/knowledge"
)

func found(t *testing.T, q knowledge.Query) []string {
	t.Helper()
	q.Intent = knowledge.IntentSearch
	a := ask(t, q)
	want := knowledge.Answered
	if len(a.Found) == 0 {
		want = knowledge.Partial
	}
	if a.Outcome != want || !slices.Equal(a.Countries, q.Countries) {
		t.Errorf("%q: %s about %v", q.Words, a.Outcome, a.Countries)
	}
	var ids []string
	for _, f := range a.Found {
		ids = append(ids, f.Record.ID)
	}
	return ids
}

func TestSearchKeepsToBothClocks(t *testing.T) {
	tests := []struct {
		name     string
		query    knowledge.Query
		has, not string
	}{
		{"today", knowledge.Query{Words: "lithium"}, "E:BOL:2024-09-11", ""},
		{"before it happened", knowledge.Query{Words: "lithium", AsOf: 2024_09_10}, "BOL-08", "E:BOL:2024-09-11"},
		{"before the claim began", knowledge.Query{Words: "helicopters", AsOf: 2006_06_01}, "", "ECU-03"},
		{"by a check", knowledge.Query{Words: "emergency approval"}, "ARG-03", ""},
		{"before the check was known", knowledge.Query{Words: "emergency approval", KnownAt: published}, "", "ARG-03"},
		{"undated, before the article", knowledge.Query{Words: "York community", AsOf: published - 1}, "", "DOM-01"},
		{"a contradiction", knowledge.Query{Words: "systemic ally neutral", AsOf: published}, "X-04", ""},
		{"before the article contradicted itself", knowledge.Query{Words: "systemic ally neutral", AsOf: published - 1}, "", "X-04"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			ids := found(t, tt.query)
			if tt.has != "" && !slices.Contains(ids, tt.has) || tt.not != "" && slices.Contains(ids, tt.not) {
				t.Errorf("found %v, want %q among them and %q not", ids, tt.has, tt.not)
			}
		})
	}
}

// Whatever is asked, on whatever day, only what the clocks show is found.
func TestSearchShowsOnlyWhatSourceOpens(t *testing.T) {
	for _, day := range []knowledge.Day{2008_03_01, 2016_06_01, 2022_03_31, published, 2026_02_01, today} {
		for _, words := range []string{"president", "helicopters", "sanctions vote", "ally of washington", "energy trade"} {
			for _, id := range found(t, knowledge.Query{Words: words, AsOf: day}) {
				a := ask(t, knowledge.Query{Intent: knowledge.IntentSource, Receipt: id, AsOf: day})
				if a.Outcome != knowledge.Answered {
					t.Errorf("%q on %s finds %s, which is %s then", words, day, id, a.Outcome)
				}
			}
		}
	}
}

func TestSearchWithoutWordsIsRefused(t *testing.T) {
	a := ask(t, knowledge.Query{Intent: knowledge.IntentSearch})
	if a.Outcome != knowledge.Refused || a.Reason != knowledge.NamesNothing {
		t.Errorf("%s, %s", a.Outcome, a.Reason)
	}
}
