package knowledge_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"stancebot/knowledge"
)

// words splits a list as the contract of ask writes it, so that the tests can quote it.
func words[T ~string](list string) []T {
	var all []T
	for w := range strings.FieldsSeq(list) {
		all = append(all, T(w))
	}
	return all
}

func TestLabelsOf(t *testing.T) {
	russia := words[knowledge.Label]("ally leaning_ally neutral leaning_adversary adversary in_transition contested")
	if diff := cmp.Diff(russia, knowledge.LabelsOf(knowledge.TowardRussia)); diff != "" {
		t.Errorf("toward Russia (-contract +got):\n%s", diff)
	}
	washington := words[knowledge.Label]("hostile distancing balanced linked_but_independent leaning aligned_but_loosening aligned in_transition unstated")
	got := knowledge.LabelsOf(knowledge.TowardWashington)
	if diff := cmp.Diff(washington, got); diff != "" {
		t.Errorf("toward Washington (-contract +got):\n%s", diff)
	}
}

func TestLabelsOfAreNobodysToChange(t *testing.T) {
	for _, axis := range knowledge.Axes {
		want := slices.Clone(knowledge.LabelsOf(axis))
		clear(knowledge.LabelsOf(axis))
		if diff := cmp.Diff(want, knowledge.LabelsOf(axis)); diff != "" {
			t.Errorf("%s: a caller's change shows in the next list (-want +got):\n%s", axis, diff)
		}
		// Unassessed is what an answer says, and no source: were it a label, silence could be recorded as one.
		if slices.Contains(want, knowledge.Unassessed) || slices.Contains(want, "") {
			t.Errorf("%s: %v holds no label of a source", axis, want)
		}
		if sorted := slices.Sorted(slices.Values(want)); len(slices.Compact(sorted)) != len(want) {
			t.Errorf("%s: %v names a label twice", axis, want)
		}
	}
}

func TestAxesAndPoles(t *testing.T) {
	if diff := cmp.Diff([]knowledge.Axis{"russia", "washington"}, knowledge.Axes[:]); diff != "" {
		t.Errorf("axes (-contract +got):\n%s", diff)
	}
	for c, axis := range map[knowledge.Country]knowledge.Axis{
		"RUS": knowledge.TowardRussia, "USA": knowledge.TowardWashington,
		"PER": "", "CHN": "", "": "", "rus": "", "RUSS": "", "US": "",
	} {
		if got := knowledge.AxisOf(c); got != axis {
			t.Errorf("AxisOf(%q) = %q, want %q", c, got, axis)
		}
		if axis != "" && axis.Pole() != c {
			t.Errorf("%s.Pole() = %q, want %q", axis, axis.Pole(), c)
		}
	}
	for _, axis := range []knowledge.Axis{"", "beijing", "Russia"} {
		if got := axis.Pole(); got != "" {
			t.Errorf("Axis(%q).Pole() = %q, want none", axis, got)
		}
	}
}

func TestStatusRank(t *testing.T) {
	// From the best to the worst: of a claim's own check and of the fact checks about it, the worse one counts.
	order := words[knowledge.Status]("confirmed opinion context not_checked partly incomplete contested unsupported outdated contradicted")
	if diff := cmp.Diff(order, knowledge.Statuses); diff != "" {
		t.Fatalf("statuses (-want +got):\n%s", diff)
	}
	for i, s := range order {
		if s.Rank() != i {
			t.Errorf("%s.Rank() = %d, want %d", s, s.Rank(), i)
		}
	}
	for _, s := range []knowledge.Status{"", "Confirmed", "true", "refuted"} {
		if s.Rank() != -1 || s.Faulted() {
			t.Errorf("Status(%q): rank %d, faulted %v: a word that is no verdict finds no fault", s, s.Rank(), s.Faulted())
		}
	}
}

func TestFaulted(t *testing.T) {
	for s, want := range map[knowledge.Status]bool{
		knowledge.Confirmed: false, knowledge.Opinion: false, knowledge.Context: false, knowledge.NotChecked: false,
		knowledge.Partly: true, knowledge.Incomplete: true, knowledge.ContestedBy: true, knowledge.Unsupported: true,
		knowledge.Outdated: true, knowledge.Contradicted: true,
	} {
		if got := s.Faulted(); got != want {
			t.Errorf("%s.Faulted() = %v, want %v", s, got, want)
		}
	}
}

func TestIntents(t *testing.T) {
	want := words[knowledge.Intent](`stance compare group shifts votes resolution agreement measures evidence contradictions
		source safe search map timeline card digest watch record correct history export settings help none`)
	if diff := cmp.Diff(want, knowledge.Intents); diff != "" {
		t.Errorf("intents (-contract +got):\n%s", diff)
	}
}

func TestOutcomes(t *testing.T) {
	want := words[knowledge.Outcome](`answered partial done unavailable ambiguous not_covered pole status_note not_a_country
		not_found out_of_span not_understood refused`)
	if diff := cmp.Diff(want, knowledge.Outcomes); diff != "" {
		t.Errorf("outcomes (-contract +got):\n%s", diff)
	}
}

func TestLabelledWithoutAnAssessment(t *testing.T) {
	// Nobody's label is never some label: the zero value says so.
	var l knowledge.Labelled
	if l.Label() != "unassessed" || l.Basis() != "none" {
		t.Errorf("label %q, basis %q, want unassessed and none", l.Label(), l.Basis())
	}
	l.Assessment = &knowledge.Assessment{Label: knowledge.Neutral, Basis: knowledge.BasisDesk}
	if l.Label() != "neutral" || l.Basis() != "desk" {
		t.Errorf("label %q, basis %q, want neutral and desk", l.Label(), l.Basis())
	}
}

func TestShiftChanged(t *testing.T) {
	for _, tt := range []struct {
		shift knowledge.Shift
		want  bool
	}{
		{knowledge.Shift{}, true},
		{knowledge.Shift{Implicit: true}, true},
		{knowledge.Shift{Continuity: true}, false},
		{knowledge.Shift{Forecast: true}, false},
		{knowledge.Shift{Continuity: true, Forecast: true}, false},
	} {
		if got := tt.shift.Changed(); got != tt.want {
			t.Errorf("%+v: changed %v, want %v", tt.shift, got, tt.want)
		}
	}
}
