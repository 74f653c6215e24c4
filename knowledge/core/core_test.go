package core_test

import (
	"slices"
	"sync"
	"testing"

	"stancebot/knowledge"
	"stancebot/knowledge/core"
	"stancebot/knowledge/corpus/corpustest"
)

// The days that the rules turn on: the article came out, the records were compiled.
const (
	published knowledge.Day = 2025_10_16
	compiled  knowledge.Day = 2026_11_23
	today                   = compiled
	spanFrom  knowledge.Day = 2006_01_01
)

func build(tb testing.TB, r *knowledge.Records) *core.Core {
	tb.Helper()
	c, err := core.Build(r)
	if err != nil {
		tb.Fatal(err)
	}
	return c
}

// A snapshot never changes, so that all tests can ask one.
var shippedOnce sync.Once

var (
	shippedRecords *knowledge.Records
	shippedCore    *core.Core
)

func theRecords(tb testing.TB) (*knowledge.Records, *core.Core) {
	tb.Helper()
	shippedOnce.Do(func() {
		r := corpustest.Records(tb)
		shippedCore, shippedRecords = build(tb, r), r
	})
	if shippedCore == nil {
		tb.Fatal("the shipped records do not build")
	}
	return shippedRecords, shippedCore
}

// ask puts a question to the shipped records, on the day on which they were compiled unless the question has one.
func ask(tb testing.TB, q knowledge.Query) knowledge.Answer {
	tb.Helper()
	_, c := theRecords(tb)
	return askOf(c, q)
}

func askOf(c *core.Core, q knowledge.Query) knowledge.Answer {
	if q.Today == 0 {
		q.Today = today
	}
	return c.Answer(q)
}

// stanceOf asks for the stance of one country and returns it with the answer around it.
func stanceOf(tb testing.TB, c *core.Core, country knowledge.Country, asOf, knownAt knowledge.Day) (knowledge.Stance, knowledge.Answer) {
	tb.Helper()
	a := askOf(c, knowledge.Query{
		Intent: knowledge.IntentStance, Countries: []knowledge.Country{country}, AsOf: asOf, KnownAt: knownAt,
	})
	if len(a.Stances) != 1 || a.Stances[0].Country != country {
		tb.Fatalf("%s as of %s, known at %s: outcome %s with %d stances, want the one of %s",
			country, asOf, knownAt, a.Outcome, len(a.Stances), country)
	}
	return a.Stances[0], a
}

func shippedStance(tb testing.TB, country knowledge.Country, asOf knowledge.Day) knowledge.Stance {
	tb.Helper()
	_, c := theRecords(tb)
	s, _ := stanceOf(tb, c, country, asOf, 0)
	return s
}

// labels returns what a stance says on each axis, as label and basis.
func labels(s knowledge.Stance) map[knowledge.Axis]string {
	said := map[knowledge.Axis]string{}
	for _, l := range s.Labels {
		said[l.Axis] = string(l.Label()) + " " + string(l.Basis())
	}
	return said
}

// claimIn finds a claim in the evidence of its country on a day.
func claimIn(tb testing.TB, c *core.Core, id string, asOf, knownAt knowledge.Day) *knowledge.CheckedClaim {
	tb.Helper()
	a := askOf(c, knowledge.Query{
		Intent: knowledge.IntentEvidence, Countries: []knowledge.Country{knowledge.ReceiptCountry(id)},
		AsOf: asOf, KnownAt: knownAt,
	})
	for _, cc := range a.Evidence {
		if cc.Claim.ID == id {
			return cc
		}
	}
	return nil
}

func mustClaim(tb testing.TB, c *core.Core, id string, asOf, knownAt knowledge.Day) *knowledge.CheckedClaim {
	tb.Helper()
	cc := claimIn(tb, c, id, asOf, knownAt)
	if cc == nil {
		tb.Fatalf("%s is not in the evidence as of %s, known at %s", id, asOf, knownAt)
	}
	return cc
}

// coveredCountries are the countries that the records label, in the order of the records.
func coveredCountries(r *knowledge.Records) []knowledge.Country {
	var covered []knowledge.Country
	for _, a := range r.Assessments {
		if !slices.Contains(covered, a.Country) {
			covered = append(covered, a.Country)
		}
	}
	return covered
}

func eventIDs(events []*knowledge.Event) []string {
	ids := []string{}
	for _, e := range events {
		ids = append(ids, e.ID)
	}
	return ids
}

func shiftIDs(shifts []*knowledge.Shift) []string {
	ids := []string{}
	for _, s := range shifts {
		ids = append(ids, s.ID)
	}
	return ids
}

func claimIDs(claims []*knowledge.CheckedClaim) []string {
	ids := []string{}
	for _, cc := range claims {
		ids = append(ids, cc.Claim.ID)
	}
	return ids
}

func contradictionIDs(found []*knowledge.Contradiction) []string {
	ids := []string{}
	for _, x := range found {
		ids = append(ids, x.ID)
	}
	return ids
}

func idOf(e *knowledge.Event) string {
	if e == nil {
		return ""
	}
	return e.ID
}

func nameOf(ld *knowledge.Leader) string {
	if ld == nil {
		return ""
	}
	return ld.Name
}

// dayAfter and dayBefore step through the calendar, so that a rule can be held at both sides of its day.
func dayAfter(d knowledge.Day) knowledge.Day { return knowledge.DayOf(d.Time().AddDate(0, 0, 1)) }

func dayBefore(d knowledge.Day) knowledge.Day { return knowledge.DayOf(d.Time().AddDate(0, 0, -1)) }

// small returns hand-made records of one article and one country, Peru, to which a test adds what it is about.
func small() *knowledge.Records {
	return &knowledge.Records{
		Version: "small",
		Article: knowledge.Article{ID: "article", Published: published, CheckedTo: 2026_03_00, Compiled: compiled},
		Sources: []knowledge.Source{
			{ID: "early", Published: 2025_11_05},
			{ID: "month", Published: 2025_12_00},
			{ID: "undated"},
		},
		Claims: []knowledge.Claim{
			{ID: "PER-01", Country: "PER", Kind: "assessment", Period: knowledge.Period{Undated: true}},
		},
		Assessments: []knowledge.Assessment{
			articleSays("PER", knowledge.TowardRussia, knowledge.Adversary),
			articleSays("PER", knowledge.TowardWashington, knowledge.Aligned),
		},
	}
}

func articleSays(country knowledge.Country, axis knowledge.Axis, label knowledge.Label) knowledge.Assessment {
	return knowledge.Assessment{
		Country: country, Axis: axis, Label: label, Basis: knowledge.BasisArticle, Since: published, Claims: []string{"PER-01"},
	}
}

func deskSays(country knowledge.Country, axis knowledge.Axis, label knowledge.Label, since, knownOn knowledge.Day) knowledge.Assessment {
	return knowledge.Assessment{
		Country: country, Axis: axis, Label: label, Basis: knowledge.BasisDesk, Since: since, KnownOn: knownOn, Claims: []string{"PER-01"},
	}
}
