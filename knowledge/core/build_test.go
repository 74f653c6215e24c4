package core_test

import (
	"strings"
	"testing"

	"stancebot/knowledge"
	"stancebot/knowledge/core"
	"stancebot/knowledge/corpus/corpustest"
)

func TestBuildRefusesDanglingReferences(t *testing.T) {
	for name, tt := range map[string]struct {
		spoil func(r *knowledge.Records)
		by    string
	}{
		"a label's claim": {func(r *knowledge.Records) { r.Assessments[0].Claims = []string{"PER-01", "NO-SUCH"} }, "PER"},
		"a finding's claim": {func(r *knowledge.Records) {
			r.FactChecks = []knowledge.FactCheck{{ID: "F-01", Claims: []string{"NO-SUCH"}}}
		}, "F-01"},
		"the end of a term": {func(r *knowledge.Records) {
			r.Leaders = []knowledge.Leader{{Country: "PER", Name: "Somebody", From: 2020_00_00, EndedBy: "NO-SUCH"}}
		}, "Somebody"},
		"a handover": {func(r *knowledge.Records) {
			r.Leaders = []knowledge.Leader{{Country: "PER", Name: "Somebody", From: 2020_00_00, Due: "NO-SUCH"}}
		}, "Somebody"},
	} {
		r := small()
		if _, err := core.Build(r); err != nil {
			t.Fatalf("before anything is spoilt: %v", err)
		}
		tt.spoil(r)
		c, err := core.Build(r)
		if err == nil || c != nil {
			t.Errorf("%s: built with a hole", name)
			continue
		}
		if !strings.Contains(err.Error(), "NO-SUCH") || !strings.Contains(err.Error(), tt.by) {
			t.Errorf("%s: the error does not name both ends: %v", name, err)
		}
	}
}

func TestBuildTellsAllDanglingReferencesAtOnce(t *testing.T) {
	r := small()
	r.Assessments[0].Claims = []string{"NO-1"}
	r.Assessments[1].Claims = []string{"NO-2"}
	r.FactChecks = []knowledge.FactCheck{{ID: "F-01", Claims: []string{"NO-3"}}}
	_, err := core.Build(r)
	if err == nil {
		t.Fatal("built with holes")
	}
	for _, id := range []string{"NO-1", "NO-2", "NO-3"} {
		if !strings.Contains(err.Error(), id) {
			t.Errorf("%s is not told: %v", id, err)
		}
	}
}

func TestBuildOfNothing(t *testing.T) {
	c := build(t, &knowledge.Records{Article: knowledge.Article{Published: published, Compiled: compiled}})
	a := askOf(c, knowledge.Query{Intent: knowledge.IntentStance, Countries: countries{"PER"}})
	if a.Outcome != knowledge.NotCovered || len(a.Stances) != 1 {
		t.Errorf("%s with %d stances", a.Outcome, len(a.Stances))
	}
}

func TestBuildTwiceIsTheSame(t *testing.T) {
	// An editor's reload reads the records afresh, and must come to the same clocks.
	r := corpustest.Records(t)
	q := knowledge.Query{Intent: knowledge.IntentEvidence, Countries: countries{"BOL"}, KnownAt: 2025_12_01}
	first := plain(t, askOf(build(t, r), q))
	if second := plain(t, askOf(build(t, r), q)); first != second {
		t.Error("the second snapshot of the same records answers differently")
	}
}

func TestVersionAndArticleAreThoseOfTheRecords(t *testing.T) {
	r, c := theRecords(t)
	if c.Version() != r.Version || r.Version == "" {
		t.Errorf("version %q, want %q", c.Version(), r.Version)
	}
	if a := c.Article(); a.Published != published || a.Compiled != compiled || a.URL != r.Article.URL {
		t.Errorf("article %+v", a)
	}
}

func TestCovers(t *testing.T) {
	r, c := theRecords(t)
	for country, want := range map[knowledge.Country]bool{
		"PER": true, "SLV": true, "FRA": false, "BHS": false, "GUY": false,
	} {
		a := askOf(c, knowledge.Query{Intent: knowledge.IntentStance, Countries: countries{country}})
		if got := a.Stances[0].Covered; got != want {
			t.Errorf("covers %q: %v, want %v", country, got, want)
		}
	}
	if n := len(coveredCountries(r)); n != 19 {
		t.Errorf("%d countries, want the 19 of the article", n)
	}
}

func TestHolderGivesWhatWasLaidLast(t *testing.T) {
	_, shared := theRecords(t)
	h := core.NewHolder(shared)
	if h.Core("") != shared || h.Core("a") != shared {
		t.Error("a desk that recorded nothing does not see the shared records")
	}
	taken := h.Core("a")
	if err := h.Lay(&knowledge.Overlay{Desk: "a", Records: []*knowledge.DeskRecord{
		labelRecord("D-1", "CHL", knowledge.TowardRussia, knowledge.Adversary, 2026_03_01, 2026_03_02),
	}}); err != nil {
		t.Fatal(err)
	}
	laid := h.Core("a")
	if laid == shared || laid.Desk() != "a" || h.Core("b") != shared || h.Core("") != shared {
		t.Error("what was laid is not that desk's alone")
	}
	if err := h.Lay(&knowledge.Overlay{Desk: "a", Records: []*knowledge.DeskRecord{
		{Recording: knowledge.Recording{Receipt: "D-1", On: 2026_03_02}, Cell: &knowledge.DeskCell{RollCall: "99/1", Country: "CHL"}},
	}}); err == nil || h.Core("a") != laid {
		t.Errorf("a bad overlay (error %v) took the place of the good one", err)
	}
	// Who took the first keeps it: a swap never changes an answer under way.
	if a := askOf(taken, knowledge.Query{Intent: knowledge.IntentStance, Countries: countries{"CHL"}}); a.Stances[0].Labels[0].Basis() == knowledge.BasisDesk {
		t.Error("the first snapshot now tells the desk's label")
	}
}
