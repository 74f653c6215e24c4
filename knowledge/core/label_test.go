package core_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"stancebot/knowledge"
)

func TestArticleLabelHoldsFromItsPublication(t *testing.T) {
	r, c := theRecords(t)
	for _, a := range r.Assessments {
		for _, day := range []knowledge.Day{published, dayAfter(published), today} {
			s, answer := stanceOf(t, c, a.Country, day, 0)
			if answer.Outcome != knowledge.Answered || !s.Covered || answer.On != day {
				t.Errorf("%s as of %s: outcome %s, covered %v, on %s", a.Country, day, answer.Outcome, s.Covered, answer.On)
			}
			if len(s.Labels) != 2 || s.Labels[0].Axis != knowledge.TowardRussia || s.Labels[1].Axis != knowledge.TowardWashington {
				t.Fatalf("%s as of %s: %+v, want both axes, Russia first", a.Country, day, s.Labels)
			}
			l := s.Labels[slices.Index(knowledge.Axes[:], a.Axis)]
			if diff := cmp.Diff(&a, l.Assessment); diff != "" {
				t.Errorf("%s as of %s (-records +answer):\n%s", a.Country, day, diff)
			}
			if l.Assessment.Since != published {
				t.Errorf("%s: since %s, want the day of publication", a.Country, l.Assessment.Since)
			}
		}
		if got := labels(shippedStance(t, a.Country, dayBefore(published)))[a.Axis]; got != "unassessed none" {
			t.Errorf("%s the day before the article: %s", a.Country, got)
		}
	}
}

func TestLabelOfOneAxisShowsThatAxisOnly(t *testing.T) {
	for _, axis := range knowledge.Axes {
		a := ask(t, knowledge.Query{Intent: knowledge.IntentStance, Countries: []knowledge.Country{"PER"}, Axis: axis})
		if l := a.Stances[0].Labels; len(l) != 1 || l[0].Axis != axis || l[0].Assessment == nil {
			t.Errorf("toward %s: %+v", axis, l)
		}
	}
}

func TestLabelsOfOurReadingSaySo(t *testing.T) {
	// The README of the data names the four: what is ours is never given out as the article's.
	want := map[knowledge.Country]knowledge.Axis{
		"SLV": knowledge.TowardWashington, "GTM": knowledge.TowardRussia, "CRI": knowledge.TowardRussia, "PER": knowledge.TowardRussia,
	}
	r, _ := theRecords(t)
	for _, country := range coveredCountries(r) {
		for _, l := range shippedStance(t, country, 0).Labels {
			basis := knowledge.BasisArticle
			if want[country] == l.Axis {
				basis = knowledge.BasisInferred
			}
			if l.Basis() != basis {
				t.Errorf("%s toward %s: basis %s, want %s", country, l.Axis, l.Basis(), basis)
			}
		}
	}
}

func TestAgeIsCountedToTheDayOfReading(t *testing.T) {
	_, c := theRecords(t)
	for _, tt := range []struct {
		asOf, knownAt knowledge.Day
		want          int
	}{
		{0, 0, 403}, // as the requirements count it
		{2025_10_16, 0, 403},
		{0, 2025_10_16, 0},
		{0, 2025_10_20, 4},
		{2025_10_17, 2025_10_20, 4},
	} {
		s, _ := stanceOf(t, c, "PER", tt.asOf, tt.knownAt)
		for _, l := range s.Labels {
			if l.AgeDays != tt.want {
				t.Errorf("as of %s, known at %s, toward %s: %d days, want %d", tt.asOf, tt.knownAt, l.Axis, l.AgeDays, tt.want)
			}
		}
	}
}

func TestNewestSinceWins(t *testing.T) {
	r := small()
	// The order of the entries must not matter where their days differ: the newest stands first here.
	r.Assessments = slices.Concat([]knowledge.Assessment{
		deskSays("PER", knowledge.TowardRussia, knowledge.Neutral, 2026_05_01, 0),
		deskSays("PER", knowledge.TowardRussia, knowledge.LeaningAlly, 2026_02_01, 0),
	}, r.Assessments)
	c := build(t, r)
	for day, want := range map[knowledge.Day]string{
		2025_10_15: "unassessed none",
		2025_10_16: "adversary article",
		2026_01_31: "adversary article",
		2026_02_01: "leaning_ally desk",
		2026_04_30: "leaning_ally desk",
		2026_05_01: "neutral desk",
		today:      "neutral desk",
	} {
		s, _ := stanceOf(t, c, "PER", day, 0)
		if got := labels(s)[knowledge.TowardRussia]; got != want {
			t.Errorf("as of %s: %s, want %s", day, got, want)
		}
		// Neither axis is ever derived from the other.
		if got := labels(s)[knowledge.TowardWashington]; day >= published && got != "aligned article" {
			t.Errorf("as of %s: toward Washington %s, which nobody changed", day, got)
		}
	}
}

func TestLaterEntryOfEqualSinceWins(t *testing.T) {
	first := deskSays("PER", knowledge.TowardRussia, knowledge.Neutral, 2026_02_01, 2026_02_01)
	second := deskSays("PER", knowledge.TowardRussia, knowledge.LeaningAlly, 2026_02_01, 2026_03_01)
	r := small()
	r.Assessments = append(r.Assessments, first, second)
	c := build(t, r)
	s, _ := stanceOf(t, c, "PER", 2026_02_01, 0)
	if got := labels(s)[knowledge.TowardRussia]; got != "leaning_ally desk" {
		t.Errorf("%s, want the later entry", got)
	}
	// Before the later entry was recorded we would have given the first.
	for knownAt, want := range map[knowledge.Day]string{
		2026_02_28: "neutral desk", 2026_03_01: "leaning_ally desk",
	} {
		s, _ := stanceOf(t, c, "PER", 2026_02_01, knownAt)
		if got := labels(s)[knowledge.TowardRussia]; got != want {
			t.Errorf("known at %s: %s, want %s", knownAt, got, want)
		}
	}
	// A desk entry of the article's own day is the later one too, and the other way round.
	for _, tt := range []struct {
		entries []knowledge.Assessment
		want    string
	}{
		{[]knowledge.Assessment{articleSays("PER", knowledge.TowardRussia, knowledge.Adversary), deskSays("PER", knowledge.TowardRussia, knowledge.Neutral, published, 0)}, "neutral desk"},
		{[]knowledge.Assessment{deskSays("PER", knowledge.TowardRussia, knowledge.Neutral, published, 0), articleSays("PER", knowledge.TowardRussia, knowledge.Adversary)}, "adversary article"},
	} {
		r := small()
		r.Assessments = tt.entries
		s, _ := stanceOf(t, build(t, r), "PER", 0, 0)
		if got := labels(s)[knowledge.TowardRussia]; got != tt.want {
			t.Errorf("%s, want %s", got, tt.want)
		}
	}
}

func TestDeskLabelOfAnEarlierDay(t *testing.T) {
	r := small()
	r.Assessments = append(r.Assessments, deskSays("PER", knowledge.TowardRussia, knowledge.LeaningAlly, 2014_03_01, 2026_06_01))
	c := build(t, r)
	for _, tt := range []struct {
		asOf, knownAt knowledge.Day
		want          string
		outcome       knowledge.Outcome
	}{
		{2014_02_28, 0, "unassessed none", knowledge.Partial},
		{2014_03_01, 0, "leaning_ally desk", knowledge.Partial}, // Washington has none
		{2025_10_15, 0, "leaning_ally desk", knowledge.Partial},
		{2025_10_16, 0, "adversary article", knowledge.Answered}, // the newest since, though recorded before
		{2016_06_01, 2026_05_31, "unassessed none", knowledge.Partial},
		{2016_06_01, 2026_06_01, "leaning_ally desk", knowledge.Partial},
	} {
		s, a := stanceOf(t, c, "PER", tt.asOf, tt.knownAt)
		if got := labels(s)[knowledge.TowardRussia]; got != tt.want || a.Outcome != tt.outcome {
			t.Errorf("as of %s, known at %s: %s and %s, want %s and %s", tt.asOf, tt.knownAt, got, a.Outcome, tt.want, tt.outcome)
		}
	}
}

func TestDeskLabelWithoutADayOfRecordingIsKnownFromItsSince(t *testing.T) {
	r := small()
	r.Assessments = append(r.Assessments, deskSays("PER", knowledge.TowardRussia, knowledge.Neutral, 2026_02_01, 0))
	c := build(t, r)
	for knownAt, want := range map[knowledge.Day]string{2026_01_31: "adversary article", 2026_02_01: "neutral desk"} {
		s, _ := stanceOf(t, c, "PER", today, knownAt)
		if got := labels(s)[knowledge.TowardRussia]; got != want {
			t.Errorf("as of today, known at %s: %s, want %s", knownAt, got, want)
		}
	}
}

func TestOnlyDatedClaimsAreToldOfATimeWithoutALabel(t *testing.T) {
	r := small()
	r.Assessments = []knowledge.Assessment{deskSays("PER", knowledge.TowardRussia, knowledge.Neutral, 2026_06_01, 0)}
	r.Claims = append(r.Claims,
		knowledge.Claim{ID: "PER-02", Country: "PER", Kind: "vote", Period: knowledge.Period{From: 2014_00_00, To: 2015_00_00}},
		knowledge.Claim{ID: "PER-03", Country: "PER", Kind: "vote", Period: knowledge.Period{From: 2012_00_00}},
		knowledge.Claim{ID: "PER-04", Country: "PER", Kind: "vote", Period: knowledge.Period{From: 2018_00_00, To: 2019_00_00}},
	)
	c := build(t, r)
	for day, want := range map[knowledge.Day][]string{
		2013_06_01: {"PER-03"},
		2014_06_01: {"PER-02", "PER-03"},           // both cover the day, and the later one stands first
		2026_01_01: {"PER-03", "PER-04", "PER-02"}, // one still goes on, and PER-01 names no time
		2026_06_01: {},                             // there a label holds
	} {
		s, _ := stanceOf(t, c, "PER", day, 0)
		if diff := cmp.Diff(want, claimIDs(s.Told)); diff != "" {
			t.Errorf("as of %s (-want +got):\n%s", day, diff)
		}
	}
}

func TestBeforeThePublicationNoLabelHolds(t *testing.T) {
	r, c := theRecords(t)
	covered := coveredCountries(r)
	rapid.Check(t, func(rt *rapid.T) {
		country := rapid.SampledFrom(covered).Draw(rt, "country")
		day := dayBetween(spanFrom, dayBefore(published)).Draw(rt, "day")
		s, a := stanceOf(t, c, country, day, 0)
		if a.Outcome != knowledge.Partial || !s.Covered {
			rt.Fatalf("%s as of %s: %s, covered %v", country, day, a.Outcome, s.Covered)
		}
		want := map[knowledge.Axis]string{knowledge.TowardRussia: "unassessed none", knowledge.TowardWashington: "unassessed none"}
		if diff := cmp.Diff(want, labels(s)); diff != "" {
			rt.Fatalf("%s as of %s:\n%s", country, day, diff)
		}
		if len(s.Stale) > 0 || len(s.Contradictions) > 0 {
			rt.Fatalf("%s as of %s: no label, and yet stale %v or contradicted %v", country, day, s.Stale, s.Contradictions)
		}
	})
}

func TestShiftsOfThatTimeAreTold(t *testing.T) {
	for _, tt := range []struct {
		country knowledge.Country
		day     knowledge.Day
		want    []string
		led     string
	}{
		{"ECU", 2016_06_01, []string{"ECU-S1"}, "Rafael Correa"},
		{"ECU", 2022_01_01, []string{"ECU-S3"}, "Guillermo Lasso"},
		{"PER", 2022_01_01, []string{"PER-S1"}, "Pedro Castillo"},
		{"PER", 2024_01_01, []string{"PER-S2"}, "Dina Boluarte"},
		{"BOL", 2012_01_01, []string{"BOL-S1"}, "Evo Morales"},
		{"VEN", 2014_01_01, []string{"VEN-S2"}, "Nicolás Maduro"}, // that nothing changed is told as well
		{"BRA", 2015_06_01, []string{"BRA-S2"}, ""},
		{"CUB", 2016_06_01, nil, ""}, // its only shift is undated
		{"CHL", 2016_06_01, nil, ""},
		{"PER", 2010_01_01, nil, ""},
		{"NIC", 2007_06_01, nil, ""}, // Ortega was in office, but no claim of that time names him
		{"NIC", 2010_01_01, nil, "Daniel Ortega"},
	} {
		s := shippedStance(t, tt.country, tt.day)
		if diff := cmp.Diff(append([]string{}, tt.want...), shiftIDs(s.Reports)); diff != "" {
			t.Errorf("%s as of %s (-want +got):\n%s", tt.country, tt.day, diff)
		}
		if got := nameOf(s.Led); got != tt.led || (got == "") != (len(s.LedBy) == 0) {
			t.Errorf("%s as of %s: led by %q, told by %v, want %q", tt.country, tt.day, got, s.LedBy, tt.led)
		}
	}
}

func TestLeaderOfThatTimeIsToldWithAReceipt(t *testing.T) {
	r := small()
	r.Shifts = []knowledge.Shift{
		{ID: "PER-S1", Country: "PER", Period: knowledge.Period{From: 2012_00_00}},
		{ID: "PER-S2", Country: "PER", Period: knowledge.Period{Undated: true}},
	}
	r.Leaders = []knowledge.Leader{
		{Country: "PER", Name: "First", From: 2010_00_00, To: 2014_05_01, NamedIn: []string{"PER-S1"}},
		{Country: "PER", Name: "Second", From: 2014_05_01, To: 2018_05_01, NamedIn: []string{"PER-S2", "PER-01"}},
	}
	c := build(t, r)
	for day, want := range map[knowledge.Day]string{
		2009_12_31: "", 2011_06_01: "", // the shift that names the first had not begun
		2012_01_01: "First", 2014_04_30: "First",
		2014_05_01: "", 2016_06_01: "", // what names the second has no date
	} {
		s, _ := stanceOf(t, c, "PER", day, 0)
		if nameOf(s.Led) != want || want != "" && !slices.Equal(s.LedBy, []string{"PER-S1"}) {
			t.Errorf("as of %s: %q by %v, want %q", day, nameOf(s.Led), s.LedBy, want)
		}
	}
}

func TestShiftsOfEveryTime(t *testing.T) {
	r, c := theRecords(t)
	covered := coveredCountries(r)
	rapid.Check(t, func(rt *rapid.T) {
		country := rapid.SampledFrom(covered).Draw(rt, "country")
		day := dayBetween(spanFrom, today).Draw(rt, "day")
		s, _ := stanceOf(t, c, country, day, 0)
		want := []string{}
		for i := range r.Shifts {
			if sh := &r.Shifts[i]; sh.Country == country && day < published && sh.Period.Covers(day) {
				want = append(want, sh.ID)
			}
		}
		got := shiftIDs(s.Reports) // only where no label holds
		slices.Sort(got)
		slices.Sort(want)
		if diff := cmp.Diff(want, got); diff != "" {
			rt.Fatalf("%s as of %s (-want +got):\n%s", country, day, diff)
		}
	})
}

func TestUndatedClaimsAreToldFromTheArticleOn(t *testing.T) {
	r, c := theRecords(t)
	for _, day := range []knowledge.Day{2006_01_01, 2016_06_01, dayBefore(published), published, today} {
		for i := range r.Claims {
			cl := &r.Claims[i]
			if cl.Country == "" {
				continue
			}
			want := cl.Undated && day >= published || !cl.Undated && cl.From.First() <= day
			if got := claimIn(t, c, cl.ID, day, 0) != nil; got != want {
				t.Errorf("%s as of %s: shown %v, want %v", cl.ID, day, got, want)
			}
		}
	}
}

func TestContestedCarriesBothReadings(t *testing.T) {
	s := shippedStance(t, "BRA", 0)
	l := s.Labels[0]
	if l.Label() != knowledge.Contested {
		t.Fatalf("%s, want contested", l.Label())
	}
	want := []knowledge.Reading{
		{Label: knowledge.Neutral, At: knowledge.Where{Section: "S0", Paragraph: 1}},
		{Label: knowledge.LeaningAlly, At: knowledge.Where{Section: "S5", Paragraph: 3}},
	}
	if diff := cmp.Diff(want, l.Assessment.Of); diff != "" {
		t.Errorf("readings (-want +got):\n%s", diff)
	}
	if got := contradictionIDs(s.Contradictions); !slices.Contains(got, "X-01") {
		t.Errorf("%v, want the contradiction that makes it contested", got)
	}
	// Bolivia moves between ends that the article does not name as labels.
	for _, l := range shippedStance(t, "BOL", 0).Labels {
		if l.Label() != knowledge.InTransition || len(l.Assessment.Of) != 0 {
			t.Errorf("Bolivia toward %s: %s of %v", l.Axis, l.Label(), l.Assessment.Of)
		}
	}
}

func TestForecastsAreMarked(t *testing.T) {
	s := shippedStance(t, "GTM", 0)
	if len(s.Forecasts) != 1 || s.Forecasts[0].ID != "GTM-03" {
		t.Errorf("Guatemala: %v, want GTM-03 marked as what only foretells", s.Forecasts)
	}
	if got := shippedStance(t, "GTM", 2023_12_31).Forecasts; len(got) != 0 {
		t.Errorf("before it was said: %v", got)
	}
	if got := shippedStance(t, "PER", 0).Forecasts; len(got) != 0 {
		t.Errorf("Peru: %v, want none", got)
	}
}

func TestContextBelongsBesideTheLabel(t *testing.T) {
	for country, want := range map[knowledge.Country]bool{"PAN": true, "CHL": true, "PRY": true, "ECU": true, "PER": false, "CUB": false} {
		s := shippedStance(t, country, 0)
		got := slices.ContainsFunc(s.Context, func(f *knowledge.FactCheck) bool { return f.ID == "F-26" })
		if got != want || len(s.Context) > 1 {
			t.Errorf("%s: %v, want the list of unfriendly states beside it %v, once", country, s.Context, want)
		}
	}
	r := small()
	r.Claims = append(r.Claims, knowledge.Claim{ID: "PER-02", Country: "PER", Kind: "vote", Period: knowledge.Period{Undated: true}})
	r.FactChecks = []knowledge.FactCheck{{ID: "F-01", Claims: []string{"PER-01", "PER-02"}, Verdict: knowledge.Context}}
	if s, _ := stanceOf(t, build(t, r), "PER", 0, 0); len(s.Context) != 1 {
		t.Errorf("a finding about two claims is given %d times", len(s.Context))
	}
}
