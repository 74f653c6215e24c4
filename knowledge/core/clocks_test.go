package core_test

import (
	"slices"
	"testing"

	"stancebot/knowledge"
)

func TestKnownAtHidesLaterEvents(t *testing.T) {
	_, c := theRecords(t)
	for _, tt := range []struct {
		id      string
		knownAt knowledge.Day
		want    bool
	}{
		{"E:PER:2025-10-10", published, true}, // known before the article came out
		{"E:PER:2026-02-17", 2026_02_16, false},
		{"E:PER:2026-02-17", 2026_02_17, false}, // its first source is of the day after
		{"E:PER:2026-02-17", 2026_02_18, true},
		{"E:BOL:2025-10-19", 2025_10_19, false}, // first read on 21 October
		{"E:BOL:2025-10-19", 2025_10_20, false},
		{"E:BOL:2025-10-19", 2025_10_21, true},
		{"E:VEN:2026-01-03", 2026_01_02, false},
		{"E:VEN:2026-01-03", 2026_01_03, true},
		{"E:VEN:2026-01-05a", 2026_01_07, false},
		{"E:VEN:2026-01-05a", 2026_01_08, true},
		{"E:CHL:2025-12-14", 2026_01_30, false}, // a page of January counts from the month's last day
		{"E:CHL:2025-12-14", 2026_01_31, true},
	} {
		s, _ := stanceOf(t, c, knowledge.ReceiptCountry(tt.id), 0, tt.knownAt)
		if got := slices.Contains(eventIDs(s.Events), tt.id); got != tt.want {
			t.Errorf("%s known at %s: shown %v, want %v", tt.id, tt.knownAt, got, tt.want)
		}
		// The first clock does not help the second: what was known later stays hidden on every day asked for.
		s, _ = stanceOf(t, c, knowledge.ReceiptCountry(tt.id), today, tt.knownAt)
		if got := slices.Contains(eventIDs(s.Events), tt.id); got != tt.want {
			t.Errorf("%s as of today, known at %s: shown %v, want %v", tt.id, tt.knownAt, got, tt.want)
		}
	}
}

func TestTheDayAskedForHidesLaterEvents(t *testing.T) {
	for id, first := range map[string]knowledge.Day{
		"E:PER:2025-10-10": 2025_10_10, "E:BOL:2025-10-19": 2025_10_19, "E:CUB:2026-01": 2026_01_01, "E:HND:2026": 2026_01_01,
		"E:COL:2026-08-07": 2026_08_07, // a day that was due is no event before it comes
	} {
		country := knowledge.ReceiptCountry(id)
		if slices.Contains(eventIDs(shippedStance(t, country, dayBefore(first)).Events), id) {
			t.Errorf("%s is told the day before it can have happened", id)
		}
		if !slices.Contains(eventIDs(shippedStance(t, country, first).Events), id) {
			t.Errorf("%s is not told on its day", id)
		}
	}
}

func TestEventIsNotKnownBeforeItHappens(t *testing.T) {
	// A page that foretells an event came out before it: except of a day that is due, nobody knew it then.
	r := small()
	r.Events = []knowledge.Event{
		{ID: "E:PER:2025-12-20", Country: "PER", On: 2025_12_20, Kind: "leader", Sources: []string{"early"}},
		{ID: "E:PER:2025-12-21", Country: "PER", On: 2025_12_21, Kind: knowledge.Scheduled, Sources: []string{"early"}},
	}
	c := build(t, r)
	for _, tt := range []struct {
		asOf, knownAt knowledge.Day
		want          []string
	}{
		{today, 2025_11_04, []string{}},
		{today, 2025_11_05, []string{"E:PER:2025-12-21"}},
		{today, 2025_12_19, []string{"E:PER:2025-12-21"}},
		{today, 2025_12_20, []string{"E:PER:2025-12-21", "E:PER:2025-12-20"}},
		{2025_12_20, today, []string{"E:PER:2025-12-20"}}, // it was due only the day after
	} {
		s, _ := stanceOf(t, c, "PER", tt.asOf, tt.knownAt)
		if got := eventIDs(s.Events); !slices.Equal(got, tt.want) {
			t.Errorf("as of %s, known at %s: %v, want %v", tt.asOf, tt.knownAt, got, tt.want)
		}
	}
}

func TestEventsNewestFirst(t *testing.T) {
	r, c := theRecords(t)
	for _, country := range coveredCountries(r) {
		s, _ := stanceOf(t, c, country, 0, 0)
		if !slices.IsSortedFunc(s.Events, func(a, b *knowledge.Event) int { return int(b.On.First()) - int(a.On.First()) }) {
			t.Errorf("%s: %v", country, eventIDs(s.Events))
		}
	}
}

func TestTodayIsTheCalendarOfTheAnswer(t *testing.T) {
	// With --today the product answers as on that day: neither clock runs ahead of it.
	_, c := theRecords(t)
	a := c.Answer(knowledge.Query{Intent: knowledge.IntentStance, Countries: []knowledge.Country{"VEN"}, Today: 2026_01_02})
	if s := a.Stances[0]; a.On != 2026_01_02 || len(s.Stale) != 0 || slices.Contains(eventIDs(s.Events), "E:VEN:2026-01-03") {
		t.Errorf("on %s: stale %v, events %v", a.On, s.Stale, eventIDs(s.Events))
	}
}

func TestKnownBeforeTheArticleIsOutOfSpan(t *testing.T) {
	for _, intent := range []knowledge.Intent{knowledge.IntentStance, knowledge.IntentCompare, knowledge.IntentGroup, knowledge.IntentEvidence} {
		q := knowledge.Query{Intent: intent, Countries: []knowledge.Country{"PER", "CHL"}, Group: "andean", KnownAt: dayBefore(published)}
		a := ask(t, q)
		if a.Outcome != knowledge.OutOfSpan || a.Span != (knowledge.Span{From: published, To: today}) {
			t.Errorf("%s: %s with span %v", intent, a.Outcome, a.Span)
		}
		if len(a.Stances) != 0 || a.Group != nil || len(a.Evidence) != 0 {
			t.Errorf("%s: something is told that nobody could know", intent)
		}
		q.KnownAt = published
		if a := ask(t, q); a.Outcome == knowledge.OutOfSpan {
			t.Errorf("%s: the day of publication is out of span", intent)
		}
		q.KnownAt = dayAfter(today)
		if a := ask(t, q); a.Outcome != knowledge.OutOfSpan {
			t.Errorf("%s: what we shall know tomorrow is %s", intent, a.Outcome)
		}
	}
}

func TestCheckIsKnownFromItsSource(t *testing.T) {
	r := small()
	r.Claims = append(r.Claims,
		knowledge.Claim{
			ID: "PER-02", Country: "PER", Kind: "vote", Period: knowledge.Period{From: 2014_00_00},
			Check: knowledge.Check{Status: knowledge.Partly, Note: "Not on all.", Sources: []string{"early"}},
		},
		knowledge.Claim{
			ID: "PER-03", Country: "PER", Kind: "vote", Period: knowledge.Period{From: 2014_00_00},
			Check: knowledge.Check{Status: knowledge.Contradicted, Note: "Never.", Sources: []string{"month", "early"}},
		},
	)
	c := build(t, r)
	for _, tt := range []struct {
		id      string
		known   knowledge.Day
		verdict knowledge.Status
		note    string
		sources int
	}{
		{"PER-02", 2025_11_05, knowledge.Partly, "Not on all.", 1},
		{"PER-03", 2025_12_31, knowledge.Contradicted, "Never.", 2}, // it rests on both, and one came out in December
	} {
		before, after := mustClaim(t, c, tt.id, 0, dayBefore(tt.known)), mustClaim(t, c, tt.id, 0, tt.known)
		if before.Verdict != "" || before.Note != "" || len(before.Sources) != 0 {
			t.Errorf("%s before its check was known: %q, %q, %v", tt.id, before.Verdict, before.Note, before.Sources)
		}
		if after.Verdict != tt.verdict || after.Note != tt.note || len(after.Sources) != tt.sources {
			t.Errorf("%s: %q, %q, %v", tt.id, after.Verdict, after.Note, after.Sources)
		}
	}
	// And in the shipped records, where Peru's check is older than the article.
	_, c = theRecords(t)
	if cc := mustClaim(t, c, "PER-04", 0, published); cc.Verdict != knowledge.Outdated || !cc.Published {
		t.Errorf("PER-04 on the day of the article: %q, at publication %v", cc.Verdict, cc.Published)
	}
}

func TestFindingIsKnownWithTheChecksItRestsOn(t *testing.T) {
	r := small()
	claim := knowledge.Claim{
		ID: "PER-02", Country: "PER", Kind: "vote", Period: knowledge.Period{From: 2014_00_00},
		Check: knowledge.Check{Status: knowledge.Opinion, Sources: []string{"early"}},
	}
	r.Claims = append(r.Claims, claim)
	claim.ID, claim.Check.Sources = "PER-03", []string{"month"}
	r.Claims = append(r.Claims, claim)
	r.FactChecks = []knowledge.FactCheck{{ID: "F-01", Claims: []string{"PER-02", "PER-03"}, Verdict: knowledge.Contradicted}}
	c := build(t, r)
	for knownAt, want := range map[knowledge.Day]knowledge.Status{
		2025_11_04: "", 2025_11_05: knowledge.Opinion, 2025_12_30: knowledge.Opinion, 2025_12_31: knowledge.Contradicted,
	} {
		cc := mustClaim(t, c, "PER-02", 0, knownAt)
		if cc.Verdict != want || (cc.Finding != nil) != (want == knowledge.Contradicted) {
			t.Errorf("known at %s: %q with finding %v, want %q", knownAt, cc.Verdict, cc.Finding, want)
		}
	}
}

func TestUndatedSourceCountsFromCompilation(t *testing.T) {
	_, c := theRecords(t)
	for id, verdict := range map[string]knowledge.Status{
		"CHL-03": knowledge.Outdated,  // its page has no day
		"CHL-05": knowledge.Opinion,   // ours, without a page
		"COL-08": knowledge.Confirmed, // one page of two has a day
	} {
		if cc := mustClaim(t, c, id, 0, dayBefore(compiled)); cc.Verdict != "" || cc.Note != "" || cc.Finding != nil {
			t.Errorf("%s before the records were compiled: %q, %q, %v", id, cc.Verdict, cc.Note, cc.Finding)
		}
		if cc := mustClaim(t, c, id, 0, compiled); cc.Verdict != verdict {
			t.Errorf("%s: %q, want %q", id, cc.Verdict, verdict)
		}
	}
	for knownAt, want := range map[knowledge.Day]bool{dayBefore(compiled): false, compiled: true} {
		s, _ := stanceOf(t, c, "CUB", 0, knownAt)
		if got := slices.Contains(eventIDs(s.Events), "E:CUB:2026-02-24"); got != want {
			t.Errorf("E:CUB:2026-02-24, whose page has no day, known at %s: shown %v", knownAt, got)
		}
	}
	// Where one page has a day it suffices to tell of an event.
	s, _ := stanceOf(t, c, "VEN", 0, 2026_01_08)
	if !slices.Contains(eventIDs(s.Events), "E:VEN:2026-01-05a") {
		t.Errorf("known at 8 January: %v, want the swearing-in that TASS reported that day", eventIDs(s.Events))
	}
}

func TestEventsAreCheckedToTheSecondClock(t *testing.T) {
	for knownAt, want := range map[knowledge.Day]knowledge.Date{
		0: 2026_03_00, 2025_10_20: 2025_10_20, 2026_03_30: 2026_03_30, 2026_03_31: 2026_03_00, today: 2026_03_00,
	} {
		a := ask(t, knowledge.Query{Intent: knowledge.IntentStance, Countries: []knowledge.Country{"PER"}, KnownAt: knownAt})
		if a.CheckedTo != want {
			t.Errorf("known at %s: checked to %s, want %s", knownAt, a.CheckedTo, want)
		}
		if a.Article == nil || a.Article.Published != published {
			t.Errorf("known at %s: the article is not named", knownAt)
		}
	}
}

func TestStanceSpan(t *testing.T) {
	span := knowledge.Span{From: spanFrom, To: today}
	for _, intent := range []knowledge.Intent{
		knowledge.IntentStance, knowledge.IntentCompare, knowledge.IntentGroup, knowledge.IntentEvidence, knowledge.IntentShifts,
	} {
		q := knowledge.Query{Intent: intent, Countries: []knowledge.Country{"ECU", "PER"}, Group: "andean", AsOf: dayBefore(spanFrom)}
		a := ask(t, q)
		if a.Outcome != knowledge.OutOfSpan || a.Span != span {
			t.Errorf("%s: %s with span %v", intent, a.Outcome, a.Span)
		}
		if len(a.Stances)+len(a.Shifts)+len(a.Evidence) != 0 {
			t.Errorf("%s: something is told of a day before the records begin", intent)
		}
		q.AsOf = spanFrom
		if a := ask(t, q); a.Outcome == knowledge.OutOfSpan {
			t.Errorf("%s: the first day of the span is out of it", intent)
		}
	}
	a := ask(t, knowledge.Query{Intent: knowledge.IntentShifts, Since: dayBefore(spanFrom)})
	if a.Outcome != knowledge.OutOfSpan || a.Span != span {
		t.Errorf("shifts since 2005: %s with span %v", a.Outcome, a.Span)
	}
}

func TestFutureIsOutOfSpan(t *testing.T) {
	for _, day := range []knowledge.Day{dayAfter(today), 2027_01_01, 2999_12_31} {
		for _, q := range []knowledge.Query{{AsOf: day}, {Since: day}, {KnownAt: day}, {AsOf: 2020_01_01, KnownAt: day}} {
			q.Intent, q.Countries = knowledge.IntentStance, []knowledge.Country{"PER"}
			a := ask(t, q)
			if a.Outcome != knowledge.OutOfSpan || a.Span.To != today || len(a.Stances) != 0 {
				t.Errorf("as of %s, since %s, known at %s: %s with span %v and %d stances", q.AsOf, q.Since, q.KnownAt, a.Outcome, a.Span, len(a.Stances))
			}
		}
	}
	if a := ask(t, knowledge.Query{Intent: knowledge.IntentStance, Countries: []knowledge.Country{"PER"}, AsOf: today}); a.Outcome != knowledge.Answered {
		t.Errorf("today: %s", a.Outcome)
	}
}

func TestSpanDoesNotChangeForCountriesWithoutARecord(t *testing.T) {
	// A day outside the records is told before anything else is looked at: the reply names the country asked about.
	a := ask(t, knowledge.Query{Intent: knowledge.IntentStance, Countries: []knowledge.Country{"FRA"}, AsOf: 1999_01_01})
	if a.Outcome != knowledge.OutOfSpan || !slices.Equal(a.Countries, []knowledge.Country{"FRA"}) {
		t.Errorf("%s of %v", a.Outcome, a.Countries)
	}
}
