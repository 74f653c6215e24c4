package core_test

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"stancebot/knowledge"
	"stancebot/knowledge/core"
	"stancebot/knowledge/corpus/corpustest"
)

// safe asks whether what a receipt leads to may be published.
func safe(tb testing.TB, c *core.Core, receipt string, asOf, knownAt knowledge.Day) *knowledge.Publication {
	tb.Helper()
	a := askOf(c, knowledge.Query{Intent: knowledge.IntentSafe, Receipt: receipt, AsOf: asOf, KnownAt: knownAt})
	if len(a.Publish) != 1 {
		tb.Fatalf("safe %s as of %s, known at %s: %s, with %d decisions", receipt, asOf, knownAt, a.Outcome, len(a.Publish))
	}
	return &a.Publish[0]
}

// said is a decision and the rules that led to it, in one text.
func said(p *knowledge.Publication) string {
	words := []string{string(p.Decision)}
	for _, g := range p.Grounds {
		if g.Rule == nil {
			words = append(words, "-")
			continue
		}
		words = append(words, g.Rule.ID)
	}
	return strings.Join(words, " ")
}

// receiptsOf lists the receipts of the shared records that a decision can be asked for.
func receiptsOf(r *knowledge.Records) []string {
	var ids []string
	for i := range r.Claims {
		ids = append(ids, r.Claims[i].ID)
	}
	for i := range r.FactChecks {
		ids = append(ids, r.FactChecks[i].ID)
	}
	for i := range r.Contradictions {
		ids = append(ids, r.Contradictions[i].ID)
	}
	for i := range r.Shifts {
		ids = append(ids, r.Shifts[i].ID)
	}
	for i := range r.Events {
		ids = append(ids, r.Events[i].ID)
	}
	for i := range r.RollCalls {
		ids = append(ids, r.RollCalls[i].ID)
	}
	for i := range r.Memberships {
		ids = append(ids, r.Memberships[i].ID())
	}
	for i := range r.Measures {
		ids = append(ids, r.Measures[i].ID())
	}
	for i := range r.Agreements {
		ids = append(ids, r.Agreements[i].ID())
	}
	return ids
}

// Nothing that a check finds fault with passes as a fact, whatever is known of it by then.
func TestNothingFaultedIsFitToUse(t *testing.T) {
	r, c := theRecords(t)
	if len(r.FactChecks) != 26 {
		t.Errorf("%d fact checks", len(r.FactChecks))
	}
	fit := 0
	for i := range r.FactChecks {
		f := &r.FactChecks[i]
		p := safe(t, c, f.ID, 0, 0)
		if p.Decision == knowledge.Use {
			fit++
		}
		if p.Decision == knowledge.Use && f.Verdict != knowledge.Confirmed {
			t.Errorf("%s, %s, may be used: %s", f.ID, f.Verdict, said(p))
		}
		for _, id := range f.Claims {
			if q := safe(t, c, id, 0, 0); f.Verdict.Faulted() && q.Decision == knowledge.Use {
				t.Errorf("%s, which %s finds %s, may be used: %s", id, f.ID, f.Verdict, said(q))
			}
		}
	}
	if fit == 0 {
		t.Error("no fact check may be used: then this test cannot fail")
	}
	for i := range r.Claims {
		cl := &r.Claims[i]
		for _, knownAt := range []knowledge.Day{0, published, 2025_10_20, 2026_03_01} {
			a := askOf(c, knowledge.Query{Intent: knowledge.IntentSafe, Receipt: cl.ID, KnownAt: knownAt})
			if len(a.Publish) == 0 {
				continue // it had not begun
			}
			if p := &a.Publish[0]; p.Decision == knowledge.Use && p.Record.Claim.Verdict != knowledge.Confirmed {
				t.Errorf("%s known at %s, %q, may be used: %s", cl.ID, knownAt, p.Record.Claim.Verdict, said(p))
			}
		}
	}
}

func TestEveryReceiptIsDecidedByARule(t *testing.T) {
	r, c := theRecords(t)
	decisions := map[knowledge.Decision]int{}
	for _, id := range receiptsOf(r) {
		p := safe(t, c, id, 0, 0)
		decisions[p.Decision]++
		for _, g := range p.Grounds {
			if g.Rule == nil || len(g.Causes) == 0 || g.Rule.Decision != p.Decision {
				t.Errorf("%s: %s rests on no rule, or on nothing that it was found in", id, said(p))
			}
		}
	}
	if len(decisions) != 3 {
		t.Errorf("the decisions are %v", decisions)
	}
}

func TestLabelsAreDecidedByRules(t *testing.T) {
	r, c := theRecords(t)
	for _, country := range coveredCountries(r) {
		for _, asOf := range []knowledge.Day{0, published, 2025_12_01} {
			a := askOf(c, knowledge.Query{Intent: knowledge.IntentSafe, Countries: []knowledge.Country{country}, AsOf: asOf})
			labels := 0
			for i := range a.Publish {
				p := &a.Publish[i]
				if p.Label == nil {
					continue
				}
				labels++
				if p.Decision == knowledge.Use {
					t.Errorf("%s %s as of %s may be used as a fact: %s", country, p.Label.Axis, asOf, said(p))
				}
			}
			if labels != len(a.Stances[0].Labels) {
				t.Errorf("%s as of %s: %d labels are decided on", country, asOf, labels)
			}
		}
	}
}

func TestSafe(t *testing.T) {
	_, c := theRecords(t)
	for _, tt := range []struct {
		receipt       string
		asOf, knownAt knowledge.Day
		want          string
	}{
		{"BRA-14", 0, 0, "do_not_use R-contradicted"},
		{"F-01", 0, 0, "do_not_use R-contradicted"},
		{"BRA-14", 0, 2025_10_20, "attribute R-unchecked"}, // the check was not known
		{"PER-04", 0, 0, "do_not_use R-outdated"},
		{"CUB-09", 0, 0, "do_not_use R-unsupported"},
		{"VEN-06", 0, 0, "do_not_use R-unsupported R-held"},
		{"ECU-02", 0, 0, "attribute R-incomplete R-against-record"},
		{"ARG-03", 0, 0, "use R-confirmed R-checkable"},
		{"ARG-03", 0, 2025_10_20, "attribute R-unchecked"},
		{"PER-06", 0, 0, "attribute R-old"}, // confirmed, and told in the present tense
		{"VEN-10", 0, 0, "attribute R-leader-left R-newer R-old"},
		{"SLV-03", 0, 0, "attribute R-contradiction R-sources-differ"},
		{"GEN-11", 0, 0, "attribute R-judgement R-old R-contradiction"},
		{"GTM-03", 0, 0, "attribute R-opinion R-old R-forecast"},
		{"X-02", 0, 0, "attribute R-contradiction"},
		{"GTM-S1", 0, 0, "attribute R-unchecked R-old R-forecast"},
		{"E:PER:2025-10-10", 0, 0, "use R-happened R-several-pages"},
		{"E:COL:2026-08-07", 0, 0, "do_not_use R-due"},
		{"ES-11/1", 0, 0, "use R-proved"},
		{"ES-11/4", 0, 0, "attribute R-sources-differ"},
		{"GA-2026-02-24", 0, 0, "attribute R-part-known R-no-symbol"},
		{"M:ECU:alba:2009", 0, 0, "attribute R-one-page R-ended"},
		{"M:ECU:alba:2009", 2016_06_01, 0, "attribute R-one-page"}, // it had not ended
		{"A:BRA:2019", 0, 0, "attribute R-computed"},
	} {
		if got := said(safe(t, c, tt.receipt, tt.asOf, tt.knownAt)); got != tt.want {
			t.Errorf("safe %s as of %s, known at %s: %s, want %s", tt.receipt, tt.asOf, tt.knownAt, got, tt.want)
		}
	}
}

func TestSafeCountry(t *testing.T) {
	for _, tt := range []struct {
		country       knowledge.Country
		asOf, knownAt knowledge.Day
		outcome       knowledge.Outcome
		want          []string
	}{
		{"PER", 0, 0, knowledge.Answered, []string{"attribute R-inferred R-leader-left R-old", "attribute R-article R-leader-left R-old"}},
		{"PER", 0, 2025_10_20, knowledge.Answered, []string{"attribute R-inferred R-leader-left", "attribute R-article R-leader-left"}},
		{"BOL", 0, 0, knowledge.Answered, []string{"do_not_use R-rests-false", "do_not_use R-rests-false"}},
		{"BOL", 0, 2025_10_18, knowledge.Answered, []string{"attribute R-article R-transition R-contradiction", "attribute R-article R-transition R-contradiction"}},
		{"SLV", 0, 0, knowledge.Answered, []string{"attribute R-article R-old R-contradiction", "do_not_use R-unstated"}},
		{"BRA", 0, 0, knowledge.Answered, []string{"attribute R-article R-contested R-old R-contradiction", "attribute R-article R-old R-contradiction"}},
		{"COL", 0, 0, knowledge.Answered, []string{
			"attribute R-article R-handover R-old R-contradiction", "attribute R-article R-handover R-old R-rests-doubtful R-contradiction",
		}},
		{"CUB", 0, 0, knowledge.Answered, []string{
			"attribute R-article R-newer R-old R-rests-doubtful R-contradiction", "attribute R-article R-newer R-old R-contradiction",
		}},
		{"PER", 2016_06_01, 0, knowledge.Partial, []string{"do_not_use R-unlabelled", "do_not_use R-unlabelled"}},
		{"HTI", 0, 0, knowledge.NotCovered, []string{"do_not_use R-unlabelled", "do_not_use R-unlabelled"}},
		{"RUS", 0, 0, knowledge.PoleItself, nil},
		{"PER", 2027_01_01, 0, knowledge.OutOfSpan, nil},
	} {
		a := ask(t, knowledge.Query{Intent: knowledge.IntentSafe, Countries: []knowledge.Country{tt.country}, AsOf: tt.asOf, KnownAt: tt.knownAt})
		var got []string
		for i := range a.Publish {
			if a.Publish[i].Label != nil {
				got = append(got, said(&a.Publish[i]))
			}
		}
		if a.Outcome != tt.outcome || !slices.Equal(got, tt.want) {
			t.Errorf("safe %s as of %s, known at %s: %s, %q, want %s, %q", tt.country, tt.asOf, tt.knownAt, a.Outcome, got, tt.outcome, tt.want)
		}
	}
}

func TestSafeVotes(t *testing.T) {
	for _, tt := range []struct {
		country knowledge.Country
		on      string
		outcome knowledge.Outcome
		want    string
	}{
		{"PER", "ES-11/4", knowledge.Answered, "use R-proved"},
		{"SLV", "ES-11/4", knowledge.Answered, "attribute R-sources-differ"},
		{"COL", "ES-11/7", knowledge.Answered, "attribute R-sources-differ"},
		{"PER", "GA-2026-02-24", knowledge.Partial, "do_not_use R-unread"},
		{"PER", "80/223", knowledge.Partial, "do_not_use R-unread"},
		{"PER", "ES-11/99", knowledge.NotFound, ""},
	} {
		a := ask(t, knowledge.Query{Intent: knowledge.IntentSafe, Countries: []knowledge.Country{tt.country}, Resolution: tt.on})
		got := ""
		if len(a.Publish) > 0 {
			got = said(&a.Publish[0])
		}
		if a.Outcome != tt.outcome || got != tt.want {
			t.Errorf("safe %s %s: %s, %q, want %s, %q", tt.country, tt.on, a.Outcome, got, tt.outcome, tt.want)
		}
	}
}

// deskForPrint is what a desk recorded, one entry of each sort.
func deskForPrint() *knowledge.Overlay {
	assessment := labelRecord("D-1", "PER", knowledge.TowardWashington, knowledge.Leaning, 2026_11_01, 2026_11_02)
	event := &knowledge.DeskRecord{
		Recording: knowledge.Recording{Receipt: "D-2", On: 2026_11_03}, Country: "COL",
		Event: &knowledge.Event{ID: "E:COL:2026-08-07x", Country: "COL", On: 2026_08_07, Kind: "leader", Text: "A new president.", Sources: []string{"D-2"}},
	}
	withdrawn := labelRecord("D-3", "CHL", knowledge.TowardRussia, knowledge.Neutral, 2026_11_01, 2026_11_02).TakenBack(2026_11_04, "D-4")
	correction := func(receipt, of string) *knowledge.DeskRecord {
		return &knowledge.DeskRecord{
			Recording:  knowledge.Recording{Receipt: receipt, On: 2026_11_05},
			Correction: &knowledge.Correction{Of: of, Text: "Otherwise.", Source: page},
		}
	}
	records := []*knowledge.DeskRecord{
		assessment, event, withdrawn,
		{Recording: knowledge.Recording{Receipt: "D-4", On: 2026_11_04}, Kind: "withdrawal", Decides: "D-3"},
		correction("D-5", "ARG-03"), correction("D-6", "CHL-01"),
		{Recording: knowledge.Recording{Receipt: "D-7", On: 2026_11_06}, Kind: "proposal", Proposed: &knowledge.DeskRecord{Kind: "event"}},
		{
			Recording: knowledge.Recording{Receipt: "D-8", On: 2026_11_07}, Country: "PER",
			Cell: &knowledge.DeskCell{RollCall: "ES-11/1", Country: "PER", Position: knowledge.Abstain, Source: page},
		},
		{
			Recording: knowledge.Recording{Receipt: "D-9", On: 2026_11_07}, Country: "PER",
			Cell: &knowledge.DeskCell{RollCall: "80/223", Country: "PER", Position: knowledge.Yes, Source: page},
		},
	}
	for _, r := range records {
		r.Settle()
	}
	return &knowledge.Overlay{Desk: knowledge.DefaultDesk, Records: records}
}

func TestSafeFromTheDesk(t *testing.T) {
	_, shared := theRecords(t)
	c := with(t, shared, deskForPrint())
	for receipt, want := range map[string]string{
		"D-1":    "attribute R-desk",
		"D-2":    "attribute R-one-page R-desk-record",
		"D-3":    "do_not_use R-withdrawn",
		"D-4":    "do_not_use R-internal",
		"D-5":    "attribute R-desk-record",
		"D-7":    "do_not_use R-proposed",
		"D-9":    "attribute R-desk-record",
		"ARG-03": "do_not_use R-corrected",
		"CHL-01": "do_not_use R-corrected",
	} {
		if got := said(safe(t, c, receipt, 0, 0)); got != want {
			t.Errorf("safe %s: %s, want %s", receipt, got, want)
		}
	}
	if got := said(safe(t, c, "D-3", 0, 2026_11_03)); !strings.HasPrefix(got, "attribute R-desk") {
		t.Errorf("before it was withdrawn: %s", got)
	}
	if got := said(safe(t, c, "ARG-03", 0, 2026_11_04)); strings.Contains(got, "R-corrected") {
		t.Errorf("before it was corrected: %s", got)
	}
	for _, tt := range []struct {
		query knowledge.Query
		want  string
	}{
		{knowledge.Query{Countries: []knowledge.Country{"PER"}, Axis: knowledge.TowardWashington}, "attribute R-desk"},
		{knowledge.Query{Countries: []knowledge.Country{"CHL"}, Axis: knowledge.TowardWashington}, "do_not_use R-rests-false"}, // on CHL-01
		{knowledge.Query{Countries: []knowledge.Country{"PER"}, Resolution: "ES-11/1"}, "attribute R-desk-record R-sources-differ"},
		{knowledge.Query{Countries: []knowledge.Country{"PER"}, Resolution: "80/223"}, "attribute R-part-known R-desk-record"},
	} {
		tt.query.Intent = knowledge.IntentSafe
		a := askOf(c, tt.query)
		if got := said(&a.Publish[0]); got != tt.want {
			t.Errorf("safe %v %s: %s, want %s", tt.query.Countries, tt.query.Resolution, got, tt.want)
		}
	}
}

// Without rules nothing may be published: what no rule knows is not used.
func TestWhatNoRuleKnowsIsNotUsed(t *testing.T) {
	c := build(t, small())
	if got := said(safe(t, c, "PER-01", 0, 0)); got != "do_not_use - -" {
		t.Errorf("a claim: %s", got)
	}
	a := askOf(c, knowledge.Query{Intent: knowledge.IntentSafe, Countries: []knowledge.Country{"PER"}})
	for i := range a.Publish {
		if p := &a.Publish[i]; p.Decision != knowledge.DoNotUse {
			t.Errorf("%s: %s", p.Label.Axis, said(p))
		}
	}
}

// everyDecision is what the rules say of all that can be asked for.
func everyDecision(t *testing.T, r *knowledge.Records, ids []string) map[string]*knowledge.Publication {
	t.Helper()
	c := with(t, build(t, r), deskForPrint())
	all := map[string]*knowledge.Publication{}
	note := func(key string, q knowledge.Query) {
		q.Intent = knowledge.IntentSafe
		a := askOf(c, q)
		for i := range a.Publish {
			all[fmt.Sprintf("%s %d", key, i)] = &a.Publish[i]
		}
	}
	for _, id := range ids {
		note(id, knowledge.Query{Receipt: id})
	}
	for _, country := range append(coveredCountries(r), "HTI") {
		note(string(country), knowledge.Query{Countries: []knowledge.Country{country}})
	}
	note("a vote", knowledge.Query{Countries: []knowledge.Country{"PER"}, Resolution: "GA-2026-02-24"})
	return all
}

// Each rule is needed: without it, something is decided otherwise. And no rule is what forbids: without one, what it decided
// on is unknown, and allowed no more than before. Age alone is no such thing: what no rule minds is not old.
func TestEachRuleIsNeeded(t *testing.T) {
	r := corpustest.Records(t)
	r.Claims = append(r.Claims, knowledge.Claim{
		ID: "PER-99", Country: "PER", Kind: "vote", Period: knowledge.Period{From: 20220302, To: 20220302},
		Check: knowledge.Check{Status: knowledge.Confirmed},
	})
	r.Events = append(r.Events, knowledge.Event{ID: "E:PER:2026-03-01", Country: "PER", On: 20260301, Kind: "leader", Text: "Nobody tells it."})
	ids := []string{"D-1", "D-2", "D-3", "D-4", "D-5", "D-7", "M:ECU:alba:2009"}
	for _, id := range receiptsOf(r) {
		switch kind := knowledge.ReceiptKindOf(id); kind {
		case knowledge.AgreementReceipt, knowledge.MembershipReceipt, knowledge.MeasureReceipt:
			if strings.HasPrefix(id, "A:BRA:2019") || strings.HasSuffix(id, ":?") {
				ids = append(ids, id)
			}
		default:
			ids = append(ids, id)
		}
	}
	for i := range r.Memberships {
		if m := &r.Memberships[i]; m.Standing == knowledge.StatusUnclear {
			ids = append(ids, m.ID())
		}
	}
	rules := r.Publish
	before := everyDecision(t, r, ids)
	for i := range rules {
		r.Publish = slices.Concat(rules[:i:i], rules[i+1:])
		changed := false
		for key, p := range everyDecision(t, r, ids) {
			changed = changed || said(p) != said(before[key])
			if before[key].Decision.Worse(p.Decision) && rules[i].On != knowledge.AgeFacet {
				t.Errorf("without %s, %s is %s and was %s", rules[i].ID, key, said(p), said(before[key]))
			}
		}
		if !changed {
			t.Errorf("%s decides on nothing", rules[i].ID)
		}
	}
}

func TestRulesOfANewsroomDecide(t *testing.T) {
	r := corpustest.Records(t)
	for i := range r.Publish {
		if r.Publish[i].ID == "R-confirmed" {
			r.Publish[i].Decision = knowledge.Attribute
		}
		if r.Publish[i].ID == "R-old" {
			r.Publish[i].Over = 1000
		}
	}
	c := build(t, r)
	for receipt, want := range map[string]string{"ARG-03": "attribute R-confirmed", "PER-06": "attribute R-confirmed", "BRA-01": "attribute R-opinion R-judgement"} {
		if got := said(safe(t, c, receipt, 0, 0)); got != want {
			t.Errorf("safe %s: %s, want %s", receipt, got, want)
		}
	}
}

func TestFacetsHaveEachValueOnce(t *testing.T) {
	for _, f := range knowledge.Facets {
		values := f.Values()
		slices.Sort(values)
		if once := slices.Compact(slices.Clone(values)); !reflect.DeepEqual(once, values) {
			t.Errorf("%s has a value twice: %v", f, values)
		}
		if (len(values) == 0) != (f == knowledge.AgeFacet) {
			t.Errorf("%s has the values %v", f, values)
		}
	}
}
