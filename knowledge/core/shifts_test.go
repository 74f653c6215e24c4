package core_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"stancebot/knowledge"
)

func TestShiftsSetApart(t *testing.T) {
	a := ask(t, knowledge.Query{Intent: knowledge.IntentShifts})
	if a.Outcome != knowledge.Answered {
		t.Errorf("outcome %s", a.Outcome)
	}
	if diff := cmp.Diff([]string{"CUB-S1"}, shiftIDs(a.Set.Undated)); diff != "" {
		t.Errorf("undated (-want +got):\n%s", diff)
	}
	if changes := len(a.Shifts) + len(a.Set.Undated); changes != 16 {
		t.Errorf("%d changes, want 16", changes)
	}
	continuities := shiftIDs(a.Set.Continuities)
	slices.Sort(continuities)
	if diff := cmp.Diff([]string{"BOL-S2", "ECU-S4", "VEN-S2"}, continuities); diff != "" {
		t.Errorf("continuities (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"GTM-S1"}, shiftIDs(a.Set.Forecasts)); diff != "" {
		t.Errorf("forecasts (-want +got):\n%s", diff)
	}
	for _, s := range a.Shifts {
		if !s.Changed() || s.Period.Undated {
			t.Errorf("%s is told as a dated change", s.ID)
		}
	}
	if !slices.IsSortedFunc(a.Shifts, func(a, b *knowledge.Shift) int { return int(b.Period.From.First()) - int(a.Period.From.First()) }) {
		t.Errorf("not the newest first: %v", shiftIDs(a.Shifts))
	}
}

func TestUndatedShiftIsToldFromTheArticleOn(t *testing.T) {
	for day, want := range map[knowledge.Day][]string{dayBefore(published): {}, published: {"CUB-S1"}} {
		for _, q := range []knowledge.Query{{}, {Countries: countries{"CUB"}}, {Group: "caribbean"}} {
			q.Intent, q.AsOf = knowledge.IntentShifts, day
			if got := shiftIDs(ask(t, q).Set.Undated); !slices.Equal(got, want) {
				t.Errorf("as of %s, %v %s: %v, want %v", day, q.Countries, q.Group, got, want)
			}
		}
		// And a day asked for as the start leaves it out: nobody knows when it began.
		if a := ask(t, knowledge.Query{Intent: knowledge.IntentShifts, Since: spanFrom, AsOf: day}); len(a.Set.Undated) != 0 {
			t.Errorf("since %s as of %s: %v", spanFrom, day, shiftIDs(a.Set.Undated))
		}
	}
}

func TestShiftsSinceFilter(t *testing.T) {
	r, c := theRecords(t)
	rapid.Check(t, func(rt *rapid.T) {
		since := rapid.Custom(func(rt *rapid.T) knowledge.Day {
			if rapid.Bool().Draw(rt, "at a start") {
				s := rapid.SampledFrom(r.Shifts).Draw(rt, "shift")
				return max(s.Period.From.First(), spanFrom)
			}
			return dayBetween(spanFrom, today).Draw(rt, "day")
		}).Draw(rt, "since")
		asOf := dayBetween(since, today).Draw(rt, "as of")
		a := c.Answer(knowledge.Query{Intent: knowledge.IntentShifts, Since: since, AsOf: asOf, Today: today})
		want := []string{}
		for i := range r.Shifts {
			if p := r.Shifts[i].Period; !p.Undated && p.From.First() >= since && p.From.First() <= asOf {
				want = append(want, r.Shifts[i].ID)
			}
		}
		got := shiftIDs(slices.Concat(a.Shifts, a.Set.Continuities, a.Set.Forecasts, a.Set.Undated))
		slices.Sort(got)
		slices.Sort(want)
		if diff := cmp.Diff(want, got); diff != "" {
			rt.Fatalf("since %s as of %s (-want +got):\n%s", since, asOf, diff)
		}
	})
}

func TestShiftsOfOneCountryAndOfAGroup(t *testing.T) {
	a := ask(t, knowledge.Query{Intent: knowledge.IntentShifts, Countries: countries{"PER"}})
	if diff := cmp.Diff([]string{"PER-S2", "PER-S1"}, shiftIDs(a.Shifts)); diff != "" || a.Outcome != knowledge.Answered {
		t.Errorf("Peru: %s (-want +got):\n%s", a.Outcome, diff)
	}
	a = ask(t, knowledge.Query{Intent: knowledge.IntentShifts, Group: "caribbean"})
	if diff := cmp.Diff([]string{"VEN-S1"}, shiftIDs(a.Shifts)); diff != "" || len(a.Set.Undated) != 1 || len(a.Set.Continuities) != 1 {
		t.Errorf("the Caribbean: %+v (-want +got):\n%s", a.Set, diff)
	}
	if a.Outcome != knowledge.Partial || len(a.Countries) != 14 {
		t.Errorf("the Caribbean: %s of %v", a.Outcome, a.Countries)
	}
	if a := ask(t, knowledge.Query{Intent: knowledge.IntentShifts, Group: "atlantis"}); a.Outcome != knowledge.NotFound {
		t.Errorf("a group that we do not hold: %s", a.Outcome)
	}
	// Shifts of an uncovered member are not "not covered": that word is for labels.
	if a := ask(t, knowledge.Query{Intent: knowledge.IntentShifts, Countries: countries{"FRA"}}); a.Outcome != knowledge.Partial || len(a.Shifts) != 0 {
		t.Errorf("France: %s with %v", a.Outcome, shiftIDs(a.Shifts))
	}
}

func TestWhatIsNotToldAsAShiftStandsBeside(t *testing.T) {
	// Nicaragua: the source describes none, and the check of its votes shows the change.
	a := ask(t, knowledge.Query{Intent: knowledge.IntentShifts, Countries: countries{"NIC"}})
	if len(a.Shifts)+len(a.Set.Continuities)+len(a.Set.Undated) != 0 {
		t.Errorf("shifts %v", shiftIDs(a.Shifts))
	}
	if len(a.Caveats) != 1 || !slices.Equal(a.Caveats[0].Receipts, []string{"NIC-05", "F-08"}) {
		t.Errorf("caveats %+v", a.Caveats)
	}
	if got := claimIDs(a.Evidence); !slices.Contains(got, "NIC-05") {
		t.Errorf("evidence %v, want the check of its votes", got)
	}
	// Remarks wait for what they speak of.
	for day, want := range map[knowledge.Day]int{2022_03_31: 0, 2022_04_01: 1} {
		a := ask(t, knowledge.Query{Intent: knowledge.IntentShifts, Countries: countries{"NIC"}, AsOf: day})
		if len(a.Caveats) != want {
			t.Errorf("as of %s: %d caveats, want %d", day, len(a.Caveats), want)
		}
	}
	for day, want := range map[knowledge.Day]int{dayBefore(published): 0, published: 1} { // it rests on undated claims
		a := ask(t, knowledge.Query{Intent: knowledge.IntentShifts, Countries: countries{"PER"}, AsOf: day})
		if len(a.Caveats) != want {
			t.Errorf("Peru as of %s: %d caveats, want %d", day, len(a.Caveats), want)
		}
	}
	// Cuba's remark rests on an event whose page has no day.
	_, c := theRecords(t)
	for knownAt, want := range map[knowledge.Day]bool{dayBefore(compiled): false, compiled: true} {
		a := c.Answer(knowledge.Query{Intent: knowledge.IntentShifts, Countries: countries{"CUB"}, KnownAt: knownAt, Today: today})
		got := slices.ContainsFunc(a.Caveats, func(cv *knowledge.Caveat) bool { return slices.Contains(cv.Receipts, "E:CUB:2026-02-24") })
		if got != want {
			t.Errorf("Cuba known at %s: the remark on its vote is shown %v", knownAt, got)
		}
	}
}

func TestEventsBesideShiftsAreThoseAfterTheArticle(t *testing.T) {
	a := ask(t, knowledge.Query{Intent: knowledge.IntentShifts, Countries: countries{"PER"}})
	if got := eventIDs(a.Events); !slices.Contains(got, "E:PER:2026-01-14") || slices.Contains(got, "E:PER:2022-12-07") {
		t.Errorf("%v", got)
	}
	a = ask(t, knowledge.Query{Intent: knowledge.IntentShifts, Countries: countries{"PER"}, Since: 2026_02_18})
	for _, e := range a.Events {
		if e.On.First() < 2026_02_18 {
			t.Errorf("%s is older than the day asked for", e.ID)
		}
	}
	if len(a.Events) == 0 {
		t.Error("no event since 18 February 2026")
	}
}
