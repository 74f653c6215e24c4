package core_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"stancebot/knowledge"
)

type countries = []knowledge.Country

func TestNotCovered(t *testing.T) {
	for _, tt := range []struct {
		q    knowledge.Query
		axes int
	}{
		{knowledge.Query{Intent: knowledge.IntentStance, Countries: countries{"FRA"}}, 2},
		{knowledge.Query{Intent: knowledge.IntentStance, Countries: countries{"FRA"}, Axis: knowledge.TowardRussia}, 1},
		{knowledge.Query{Intent: knowledge.IntentStance, Countries: countries{"HTI"}, AsOf: 2016_06_01}, 2},
		{knowledge.Query{Intent: knowledge.IntentStance, Countries: countries{"FRA", "DEU"}}, 2},
		{knowledge.Query{Intent: knowledge.IntentCompare, Countries: countries{"FRA", "DEU"}}, 2},
		{knowledge.Query{Intent: knowledge.IntentCompare, Countries: countries{"FRA", "DEU"}, Axis: knowledge.TowardWashington}, 1},
	} {
		a := ask(t, tt.q)
		if a.Outcome != knowledge.NotCovered || !slices.Equal(a.Countries, tt.q.Countries) || len(a.Stances) != len(tt.q.Countries) {
			t.Errorf("%+v: %s, countries %v, %d stances", tt.q, a.Outcome, a.Countries, len(a.Stances))
		}
		for _, s := range a.Stances {
			if s.Covered || len(s.Labels) != tt.axes {
				t.Errorf("%+v: %s covered %v with %d labels, want one for each axis shown", tt.q, s.Country, s.Covered, len(s.Labels))
			}
			for axis, said := range labels(s) {
				if said != "unassessed none" {
					t.Errorf("%+v: %s toward %s: %s", tt.q, s.Country, axis, said)
				}
			}
			if len(s.Reports)+len(s.Stale)+len(s.Checked)+len(s.Told) != 0 || s.Led != nil {
				t.Errorf("%+v: %s is told of what no record tells: %+v", tt.q, s.Country, s)
			}
		}
	}
}

func TestDatedEventsOfAnUncoveredCountryAreShown(t *testing.T) {
	// No label is invented, but what the records do hold is shown.
	s := shippedStance(t, "BHS", 0)
	if diff := cmp.Diff([]string{"E:BHS:2022-07-24", "E:BHS:2022-03-12"}, eventIDs(s.Events)); diff != "" {
		t.Errorf("the Bahamas (-want +got):\n%s", diff)
	}
}

func TestOneCoveredOneNotIsPartial(t *testing.T) {
	for _, intent := range []knowledge.Intent{knowledge.IntentStance, knowledge.IntentCompare} {
		for _, asked := range []countries{{"PER", "FRA"}, {"FRA", "PER"}} {
			a := ask(t, knowledge.Query{Intent: intent, Countries: asked})
			if a.Outcome != knowledge.Partial || !slices.Equal(a.Countries, asked) || len(a.Stances) != 2 {
				t.Fatalf("%s %v: %s, countries %v", intent, asked, a.Outcome, a.Countries)
			}
			for _, s := range a.Stances {
				want := map[knowledge.Axis]string{knowledge.TowardRussia: "unassessed none", knowledge.TowardWashington: "unassessed none"}
				if s.Country == "PER" {
					want = map[knowledge.Axis]string{knowledge.TowardRussia: "leaning_adversary inferred", knowledge.TowardWashington: "aligned article"}
				}
				if diff := cmp.Diff(want, labels(s)); diff != "" {
					t.Errorf("%s %v: %s (-want +got):\n%s", intent, asked, s.Country, diff)
				}
			}
		}
	}
}

func TestCompareKeepsTheOrderAsked(t *testing.T) {
	a := ask(t, knowledge.Query{Intent: knowledge.IntentCompare, Countries: countries{"SLV", "CUB", "BOL"}})
	var got countries
	for _, s := range a.Stances {
		got = append(got, s.Country)
	}
	if want := (countries{"SLV", "CUB", "BOL"}); a.Outcome != knowledge.Answered || !slices.Equal(got, want) || !slices.Equal(a.Countries, want) {
		t.Errorf("%s: %v of %v", a.Outcome, got, a.Countries)
	}
}

func TestCompareShowsWhatTheTwoShare(t *testing.T) {
	// X-05 is about abstentions that count differently; X-07 names Cuba too, but nobody else here.
	a := ask(t, knowledge.Query{Intent: knowledge.IntentCompare, Countries: countries{"CUB", "SLV"}})
	if diff := cmp.Diff([]string{"X-05"}, contradictionIDs(a.Contradictions)); diff != "" {
		t.Errorf("Cuba and El Salvador (-want +got):\n%s", diff)
	}
	a = ask(t, knowledge.Query{Intent: knowledge.IntentCompare, Countries: countries{"CUB", "SLV"}, AsOf: 2020_01_01})
	if len(a.Contradictions) != 0 {
		t.Errorf("in 2020: %v, which an article of 2025 holds", contradictionIDs(a.Contradictions))
	}
}

func TestPoleAlone(t *testing.T) {
	for _, axis := range knowledge.Axes {
		for _, intent := range []knowledge.Intent{
			knowledge.IntentStance, knowledge.IntentShifts, knowledge.IntentEvidence, knowledge.IntentContradictions,
		} {
			a := ask(t, knowledge.Query{Intent: intent, Countries: countries{axis.Pole()}})
			if a.Outcome != knowledge.PoleItself || a.Pole != axis || !slices.Equal(a.Countries, countries{axis.Pole()}) {
				t.Errorf("%s of %s: %s, pole %q, countries %v", intent, axis.Pole(), a.Outcome, a.Pole, a.Countries)
			}
			if len(a.Stances)+len(a.Shifts)+len(a.Evidence)+len(a.Contradictions) != 0 {
				t.Errorf("%s of %s: a pole is measured toward itself", intent, axis.Pole())
			}
		}
	}
}

func TestPoleBesideACountryIsTheAxis(t *testing.T) {
	for _, axis := range knowledge.Axes {
		for _, intent := range []knowledge.Intent{knowledge.IntentCompare, knowledge.IntentEvidence} {
			for _, asked := range []countries{{"PER", axis.Pole()}, {axis.Pole(), "PER"}} {
				a := ask(t, knowledge.Query{Intent: intent, Countries: asked})
				if a.Query.Axis != axis {
					t.Errorf("%s %v: axis %q, want %q", intent, asked, a.Query.Axis, axis)
				}
				if len(a.Stances) != 1 || a.Stances[0].Country != "PER" || len(a.Stances[0].Labels) != 1 || a.Stances[0].Labels[0].Axis != axis {
					t.Errorf("%s %v: %+v, want Peru on that axis alone", intent, asked, a.Stances)
				}
			}
		}
		a := ask(t, knowledge.Query{Intent: knowledge.IntentCompare, Countries: countries{"PER", axis.Pole()}})
		if a.Outcome != knowledge.Partial || a.Pole != axis {
			t.Errorf("compare with %s: %s, pole %q; the agreement in roll calls is not here", axis.Pole(), a.Outcome, a.Pole)
		}
		a = ask(t, knowledge.Query{Intent: knowledge.IntentCompare, Countries: countries{"FRA", axis.Pole()}})
		if a.Outcome != knowledge.Partial {
			t.Errorf("compare an uncovered country with %s: %s, want partial", axis.Pole(), a.Outcome)
		}
		a = ask(t, knowledge.Query{Intent: knowledge.IntentShifts, Countries: countries{"PER", axis.Pole()}})
		if a.Query.Axis != axis || !slices.Equal(a.Countries, countries{"PER"}) {
			t.Errorf("shifts: axis %q, countries %v", a.Query.Axis, a.Countries)
		}
	}
	// Neither pole ever has a stance of its own, whoever stands beside it.
	for _, intent := range []knowledge.Intent{knowledge.IntentStance, knowledge.IntentCompare, knowledge.IntentEvidence} {
		a := ask(t, knowledge.Query{Intent: intent, Countries: countries{"PER", knowledge.Russia, "CHL", knowledge.UnitedStates}})
		for _, s := range a.Stances {
			if knowledge.AxisOf(s.Country) != "" {
				t.Errorf("%s: %s has a stance", intent, s.Country)
			}
		}
		if len(a.Stances) != 2 {
			t.Errorf("%s: %d stances, want those of Peru and Chile", intent, len(a.Stances))
		}
	}
}

func TestTwoPolesCompared(t *testing.T) {
	for _, asked := range []countries{{knowledge.Russia, knowledge.UnitedStates}, {knowledge.UnitedStates, knowledge.Russia}} {
		a := ask(t, knowledge.Query{Intent: knowledge.IntentCompare, Countries: asked})
		if a.Outcome != knowledge.PoleItself || !slices.Equal(a.Countries, asked) || len(a.Stances) != 0 {
			t.Errorf("%v: %s, countries %v, %d stances", asked, a.Outcome, a.Countries, len(a.Stances))
		}
	}
}

func TestCompareRefusals(t *testing.T) {
	for _, tt := range []struct {
		asked countries
		want  knowledge.Reason
	}{
		{countries{}, knowledge.NamesNothing},
		{countries{"PER"}, knowledge.OnlyOneCountry},
		{countries{"PER", "PER"}, knowledge.SameCountry},
		{countries{"PER", "CHL", "PER"}, knowledge.SameCountry},
		{countries{"RUS", "RUS"}, knowledge.SameCountry},
		{countries{"PER", "CHL", "ARG", "BRA", "BOL", "COL"}, knowledge.TooManyCountries},
		{countries{"PER", "CHL", "ARG", "BRA", "BOL", "RUS"}, knowledge.TooManyCountries},
	} {
		a := ask(t, knowledge.Query{Intent: knowledge.IntentCompare, Countries: tt.asked})
		if a.Outcome != knowledge.Refused || a.Reason != tt.want || len(a.Stances) != 0 {
			t.Errorf("%v: %s, %q, %d stances, want refused for %q", tt.asked, a.Outcome, a.Reason, len(a.Stances), tt.want)
		}
	}
	a := ask(t, knowledge.Query{Intent: knowledge.IntentCompare, Countries: countries{"PER", "CHL", "ARG", "BRA", "BOL"}})
	if a.Outcome != knowledge.Answered || a.Reason != "" || len(a.Stances) != knowledge.MaxCompared {
		t.Errorf("five countries: %s, %q, %d stances", a.Outcome, a.Reason, len(a.Stances))
	}
}

func TestStanceOfNothingIsRefused(t *testing.T) {
	for _, intent := range []knowledge.Intent{knowledge.IntentStance, knowledge.IntentEvidence} {
		a := ask(t, knowledge.Query{Intent: intent})
		if a.Outcome != knowledge.Refused || a.Reason != knowledge.NamesNothing {
			t.Errorf("%s: %s, %q", intent, a.Outcome, a.Reason)
		}
	}
}

func TestPlaceHasANoteAndNoLabel(t *testing.T) {
	r, _ := theRecords(t)
	if len(r.House.Places) == 0 {
		t.Fatal("the house-style file holds no place")
	}
	for i := range r.House.Places {
		place := &r.House.Places[i]
		for _, intent := range []knowledge.Intent{knowledge.IntentStance, knowledge.IntentEvidence, knowledge.IntentShifts} {
			a := ask(t, knowledge.Query{Intent: intent, Place: place.ID})
			if a.Outcome != knowledge.StatusNote || a.Place == nil || a.Place.Note != place.Note {
				t.Errorf("%s of %s: %s with %v", intent, place.ID, a.Outcome, a.Place)
			}
			if len(a.Countries)+len(a.Stances) != 0 {
				t.Errorf("%s of %s: countries %v, %d stances", intent, place.ID, a.Countries, len(a.Stances))
			}
		}
	}
	if a := ask(t, knowledge.Query{Intent: knowledge.IntentStance, Place: "atlantis"}); a.Outcome != knowledge.NotFound || a.Place != nil {
		t.Errorf("a place that we do not hold: %s with %v", a.Outcome, a.Place)
	}
}

func TestMisreadQuestionIsNotAnswered(t *testing.T) {
	a := ask(t, knowledge.Query{Intent: knowledge.IntentStance, Countries: countries{"PER"}, Misread: &knowledge.Misread{
		Outcome: knowledge.Ambiguous, Choices: []string{"COD", "COG"},
	}})
	if a.Outcome != knowledge.Ambiguous || !slices.Equal(a.Choices, []string{"COD", "COG"}) || len(a.Stances) != 0 {
		t.Errorf("it asks, it never picks: %s, %v, %d stances", a.Outcome, a.Choices, len(a.Stances))
	}
	a = ask(t, knowledge.Query{Misread: &knowledge.Misread{Outcome: knowledge.Refused, Reason: knowledge.TooLong}})
	if a.Outcome != knowledge.Refused || a.Reason != knowledge.TooLong {
		t.Errorf("%s, %q", a.Outcome, a.Reason)
	}
}

func TestIntentThatTheCoreCannotAnswerIsUnavailable(t *testing.T) {
	for _, intent := range []knowledge.Intent{knowledge.IntentWatch, knowledge.IntentHistory, "no intent"} {
		if a := ask(t, knowledge.Query{Intent: intent, Countries: countries{"PER"}}); a.Outcome != knowledge.Unavailable || len(a.Stances) != 0 {
			t.Errorf("%s: %s", intent, a.Outcome)
		}
	}
	if a := ask(t, knowledge.Query{Intent: knowledge.IntentHelp}); a.Outcome != knowledge.Answered {
		t.Errorf("help: %s", a.Outcome)
	}
}

func TestGroupPartialWithUncovered(t *testing.T) {
	a := ask(t, knowledge.Query{Intent: knowledge.IntentGroup, Group: "caribbean"})
	want := countries{"CUB", "DOM", "VEN", "ATG", "BHS", "BRB", "DMA", "GRD", "HTI", "JAM", "KNA", "LCA", "VCT", "TTO"}
	if a.Outcome != knowledge.Partial {
		t.Errorf("caribbean: %s", a.Outcome)
	}
	if diff := cmp.Diff(want, a.Countries); diff != "" {
		t.Errorf("members, covered or not, are countries (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(want[3:], a.Group.Missing); diff != "" {
		t.Errorf("the uncovered are named (-want +got):\n%s", diff)
	}
	for _, s := range a.Stances { // an uncovered one may stand here, but never with a label
		for axis, said := range labels(s) {
			if covered := slices.Contains(want[:3], s.Country); covered == (said == "unassessed none") {
				t.Errorf("%s toward %s: %s", s.Country, axis, said)
			}
		}
	}
	if diff := cmp.Diff([]string{"GEN-04", "GEN-05", "VEN-03"}, claimIDs(a.Group.Claims)); diff != "" {
		t.Errorf("what the article says of the Caribbean as such (-want +got):\n%s", diff)
	}

	a = ask(t, knowledge.Query{Intent: knowledge.IntentGroup, Group: "guianas"})
	if a.Outcome != knowledge.Partial || !slices.Equal(a.Countries, countries{"GUY", "SUR"}) {
		t.Errorf("guianas: %s of %v", a.Outcome, a.Countries)
	}
	for _, group := range []knowledge.GroupID{"southern_cone", "andean", "mexico", "brazil"} {
		if a := ask(t, knowledge.Query{Intent: knowledge.IntentGroup, Group: group}); a.Outcome != knowledge.Answered || len(a.Group.Missing) != 0 {
			t.Errorf("%s: %s, missing %v", group, a.Outcome, a.Group.Missing)
		}
	}
	a = ask(t, knowledge.Query{Intent: knowledge.IntentGroup, Group: "southern_cone", AsOf: dayBefore(published)})
	if a.Outcome != knowledge.Partial || !slices.Equal(a.Countries, countries{"ARG", "CHL", "URY", "PRY"}) {
		t.Errorf("before the article: %s of %v", a.Outcome, a.Countries)
	}
	if a := ask(t, knowledge.Query{Intent: knowledge.IntentGroup, Group: "atlantis"}); a.Outcome != knowledge.NotFound || a.Group != nil {
		t.Errorf("a group that we do not hold: %s", a.Outcome)
	}
}

func TestGroupShowsTheConflictWithin(t *testing.T) {
	a := ask(t, knowledge.Query{Intent: knowledge.IntentGroup, Group: "southern_cone"})
	if diff := cmp.Diff([]string{"X-02"}, contradictionIDs(a.Contradictions)); diff != "" {
		t.Errorf("southern cone (-want +got):\n%s", diff)
	}
	a = ask(t, knowledge.Query{Intent: knowledge.IntentGroup, Group: "southern_cone", AsOf: dayBefore(published)})
	if len(a.Contradictions) != 0 {
		t.Errorf("before the article: %v", contradictionIDs(a.Contradictions))
	}
}

func TestCampKeepsSectionsApart(t *testing.T) {
	a := ask(t, knowledge.Query{Intent: knowledge.IntentGroup, Group: "neutral_camp"})
	if !slices.Equal(a.Countries, countries{"BRA", "MEX"}) || !a.Group.Group.Examples {
		t.Errorf("the camp list is %v, examples %v: want the two whom the lead names, as examples", a.Countries, a.Group.Group.Examples)
	}
	if diff := cmp.Diff([]string{"SLV-01", "HND-01", "COL-12", "DOM-05", "URY-02"}, claimIDs(a.Group.Called)); diff != "" {
		t.Errorf("called neutral in their own sections (-want +got):\n%s", diff)
	}
	for _, cc := range a.Group.Called {
		if slices.Contains(a.Countries, cc.Claim.Country) {
			t.Errorf("%s is in the camp by its section alone", cc.Claim.Country)
		}
	}
	r, _ := theRecords(t)
	for i := range r.Groups {
		g := &r.Groups[i]
		a := ask(t, knowledge.Query{Intent: knowledge.IntentGroup, Group: g.ID, AsOf: dayBefore(published)})
		for _, cc := range slices.Concat(a.Group.Called, a.Group.Claims) {
			if cc.Claim.Undated {
				t.Errorf("%s: the undated %s is told of a day before the article", g.ID, cc.Claim.ID)
			}
		}
	}
}

func TestContradictionsOfOneAndOfAll(t *testing.T) {
	r, _ := theRecords(t)
	if a := ask(t, knowledge.Query{Intent: knowledge.IntentContradictions}); a.Outcome != knowledge.Answered || len(a.Contradictions) != len(r.Contradictions) || len(r.Contradictions) != 16 {
		t.Errorf("%s with %d of %d", a.Outcome, len(a.Contradictions), len(r.Contradictions))
	}
	for _, country := range coveredCountries(r) {
		want := []string{}
		for i := range r.Contradictions {
			if slices.Contains(r.Contradictions[i].Countries, country) {
				want = append(want, r.Contradictions[i].ID)
			}
		}
		a := ask(t, knowledge.Query{Intent: knowledge.IntentContradictions, Countries: countries{country}})
		if diff := cmp.Diff(want, contradictionIDs(a.Contradictions)); diff != "" || a.Outcome != knowledge.Answered {
			t.Errorf("%s: %s (-want +got):\n%s", country, a.Outcome, diff)
		}
	}
	a := ask(t, knowledge.Query{Intent: knowledge.IntentContradictions, Countries: countries{"BRA"}, AsOf: dayBefore(published)})
	if len(a.Contradictions) != 0 {
		t.Errorf("before the article: %v", contradictionIDs(a.Contradictions))
	}
}
