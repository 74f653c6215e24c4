package core_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"stancebot/knowledge"
)

// leaderLine is what a stale label says of who left, in the form in which the tables below want it.
type leaderLine struct {
	Kind              knowledge.StaleKind
	Leader, Successor string
	Ended, Began, Due string
	Before            bool
	Claims            []string
	FactCheck         string
}

// leaderLines returns the lines of a stance that are about its leader.
func leaderLines(s knowledge.Stance) []leaderLine {
	var lines []leaderLine
	for _, st := range s.Stale {
		if st.Kind == knowledge.NewerRecord {
			continue
		}
		line := leaderLine{
			Kind: st.Kind, Leader: nameOf(st.Leader), Successor: nameOf(st.Successor), Ended: idOf(st.Ended),
			Began: idOf(st.Began), Due: idOf(st.Due), Before: st.Before, Claims: st.Claims,
		}
		if st.FactCheck != nil {
			line.FactCheck = st.FactCheck.ID
		}
		lines = append(lines, line)
	}
	return lines
}

func TestStaleWhenTheNamedLeaderLeft(t *testing.T) {
	boric := leaderLine{
		Kind: knowledge.LeaderLeft, Leader: "Gabriel Boric", Successor: "José Antonio Kast",
		Ended: "E:CHL:2026-03-11", Began: "E:CHL:2026-03-11", Claims: []string{"CHL-03"},
	}
	castro := leaderLine{
		Kind: knowledge.LeaderLeft, Leader: "Xiomara Castro", Successor: "Nasry Asfura",
		Ended: "E:HND:2026-01-27", Began: "E:HND:2026-01-27", Claims: []string{"HND-02", "HND-03", "HND-S1"},
	}
	captured := leaderLine{
		Kind: knowledge.LeaderLeft, Leader: "Nicolás Maduro", Ended: "E:VEN:2026-01-03", Claims: []string{"VEN-05", "VEN-10", "VEN-S2"},
	}
	interim := captured
	interim.Successor, interim.Began = "Delcy Rodríguez", "E:VEN:2026-01-05a"
	mandateOver := interim
	mandateOver.Due = "E:VEN:2026-07-03"
	lopez := leaderLine{
		Kind: knowledge.LeaderLeft, Leader: "Andrés Manuel López Obrador", Successor: "Claudia Sheinbaum",
		Ended: "E:MEX:2024-10-01", Began: "E:MEX:2024-10-01", Before: true, Claims: []string{"MEX-08", "MEX-09", "MEX-10"}, FactCheck: "F-03",
	}
	jeri := leaderLine{
		Kind: knowledge.LeaderLeft, Leader: "Dina Boluarte", Successor: "José Jerí",
		Ended: "E:PER:2025-10-10", Began: "E:PER:2025-10-10", Before: true, Claims: []string{"PER-04", "PER-S2"}, FactCheck: "F-02",
	}
	balcazar := jeri
	balcazar.Successor, balcazar.Began = "José María Balcázar", "E:PER:2026-02-18"
	balcazarDue := balcazar
	balcazarDue.Due = "E:PER:2026-07-28"
	for _, tt := range []struct {
		country knowledge.Country
		day     knowledge.Day
		want    []leaderLine
	}{
		{"CHL", published, nil},
		{"CHL", 2026_03_10, nil}, // though Kast had been elected
		{"CHL", 2026_03_11, []leaderLine{boric}},
		{"CHL", today, []leaderLine{boric}},
		{"HND", 2026_01_26, nil},
		{"HND", 2026_01_27, []leaderLine{castro}},
		{"HND", today, []leaderLine{castro}},
		{"VEN", 2026_01_02, nil},
		{"VEN", 2026_01_03, []leaderLine{captured}}, // nobody was sworn in yet
		{"VEN", 2026_01_04, []leaderLine{captured}},
		{"VEN", 2026_01_05, []leaderLine{interim}},
		{"VEN", 2026_07_02, []leaderLine{interim}},
		{"VEN", 2026_07_03, []leaderLine{mandateOver}},
		{"MEX", dayBefore(published), nil}, // no label, so none that is stale
		{"MEX", published, []leaderLine{lopez}},
		{"MEX", today, []leaderLine{lopez}},
		{"PER", dayBefore(published), nil},
		{"PER", published, []leaderLine{jeri}},
		{"PER", 2026_02_16, []leaderLine{jeri}},
		{"PER", 2026_02_18, []leaderLine{balcazar}},
		{"PER", 2026_07_27, []leaderLine{balcazar}},
		{"PER", 2026_07_28, []leaderLine{balcazarDue}},
		{"PER", today, []leaderLine{balcazarDue}},
	} {
		if diff := cmp.Diff(tt.want, leaderLines(shippedStance(t, tt.country, tt.day))); diff != "" {
			t.Errorf("%s as of %s (-want +got):\n%s", tt.country, tt.day, diff)
		}
	}
}

func TestStaleOnlyByWhatWasKnown(t *testing.T) {
	_, c := theRecords(t)
	for _, tt := range []struct {
		country   knowledge.Country
		knownAt   knowledge.Day
		stale     bool
		successor string
	}{
		{"PER", published, true, "José Jerí"},
		{"PER", 2026_02_16, true, "José Jerí"},
		{"VEN", 2026_01_02, false, ""},
		{"VEN", 2026_01_03, true, ""},
		{"VEN", 2026_01_08, true, "Delcy Rodríguez"},
		{"CHL", 2026_03_10, false, ""},
		{"CHL", 2026_03_11, true, "José Antonio Kast"},
	} {
		s, _ := stanceOf(t, c, tt.country, 0, tt.knownAt)
		lines := leaderLines(s)
		if (len(lines) > 0) != tt.stale || tt.stale && lines[0].Successor != tt.successor {
			t.Errorf("%s known at %s: %+v", tt.country, tt.knownAt, lines)
		}
	}
}

func TestHandoverDue(t *testing.T) {
	petro := leaderLine{Kind: knowledge.HandoverDue, Leader: "Gustavo Petro", Due: "E:COL:2026-08-07"}
	chaves := leaderLine{Kind: knowledge.HandoverDue, Leader: "Rodrigo Chaves", Due: "E:CRI:2026-05-08"}
	for _, tt := range []struct {
		country knowledge.Country
		day     knowledge.Day
		want    []leaderLine
	}{
		{"COL", published, nil},
		{"COL", 2026_08_06, nil},
		{"COL", 2026_08_07, []leaderLine{petro}}, // no successor: who took office is not confirmed
		{"COL", today, []leaderLine{petro}},
		{"CRI", 2026_05_07, nil},
		{"CRI", 2026_05_08, []leaderLine{chaves}},
		{"CRI", today, []leaderLine{chaves}},
		{"NIC", today, nil}, // an election that is due ends no term
	} {
		if diff := cmp.Diff(tt.want, leaderLines(shippedStance(t, tt.country, tt.day))); diff != "" {
			t.Errorf("%s as of %s (-want +got):\n%s", tt.country, tt.day, diff)
		}
	}
}

func TestHandoverIsKnownToBeDueAheadOfItsDay(t *testing.T) {
	_, c := theRecords(t)
	for knownAt, want := range map[knowledge.Day]string{2026_02_18: "E:PER:2026-07-28", 2026_02_17: ""} {
		s, _ := stanceOf(t, c, "PER", 2026_08_01, knownAt)
		if lines := leaderLines(s); len(lines) != 1 || lines[0].Due != want {
			t.Errorf("as of 1 August, known at %s: %+v, want due %q", knownAt, lines, want)
		}
	}
}

func TestLeaderLineTellsItsEventsOnce(t *testing.T) {
	// The event that ends a term also speaks against the claim under the label: one reason, told once. What else
	// happened that day does not tell of the successor.
	r := small()
	r.Claims[0].Kind = "leader"
	r.Events = []knowledge.Event{
		{ID: "E:PER:2025-12-20a", Country: "PER", On: 2025_12_20, Kind: "statement", Sources: []string{"month"}},
		{ID: "E:PER:2025-12-20b", Country: "PER", On: 2025_12_20, Kind: "leader", Sources: []string{"month"}, Against: []string{"PER-01"}},
	}
	r.Leaders = []knowledge.Leader{
		{Country: "PER", Name: "Old", From: 2020_00_00, To: 2025_12_20, NamedIn: []string{"PER-01"}, EndedBy: "E:PER:2025-12-20b"},
		{Country: "PER", Name: "New", From: 2025_12_20},
	}
	s, _ := stanceOf(t, build(t, r), "PER", 0, 0)
	want := []leaderLine{{
		Kind: knowledge.LeaderLeft, Leader: "Old", Successor: "New", Ended: "E:PER:2025-12-20b", Began: "E:PER:2025-12-20b",
		Claims: []string{"PER-01"},
	}}
	if diff := cmp.Diff(want, leaderLines(s)); diff != "" || len(s.Stale) != 1 {
		t.Errorf("%d reasons (-want +got):\n%s", len(s.Stale), diff)
	}
}

func TestAgeAloneIsNotStale(t *testing.T) {
	_, c := theRecords(t)
	for _, day := range []knowledge.Day{published, today, 2036_01_01} {
		a := c.Answer(knowledge.Query{Intent: knowledge.IntentStance, Countries: countries{"PAN"}, Today: day})
		s := a.Stances[0]
		if len(s.Stale) != 0 {
			t.Errorf("Panama on %s: %+v", day, s.Stale)
		}
		if want := day.Sub(published); s.Labels[0].AgeDays != want {
			t.Errorf("Panama on %s: %d days, want %d: the age is told, and is all", day, s.Labels[0].AgeDays, want)
		}
	}
}

func TestWhichLabelsAreStaleToday(t *testing.T) {
	want := map[knowledge.Country][]knowledge.StaleKind{
		"CHL": {knowledge.LeaderLeft}, "HND": {knowledge.LeaderLeft}, "MEX": {knowledge.LeaderLeft}, "PER": {knowledge.LeaderLeft},
		"VEN": {knowledge.LeaderLeft}, "COL": {knowledge.HandoverDue}, "CRI": {knowledge.HandoverDue},
		"CUB": {knowledge.NewerRecord}, "BOL": {knowledge.NewerRecord},
	}
	r, _ := theRecords(t)
	for _, country := range coveredCountries(r) {
		var got []knowledge.StaleKind
		for _, st := range shippedStance(t, country, 0).Stale {
			got = append(got, st.Kind)
		}
		if diff := cmp.Diff(want[country], got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", country, diff)
		}
	}
}

func TestNewerRecordSpeaksAgainst(t *testing.T) {
	for _, tt := range []struct {
		country knowledge.Country
		axis    knowledge.Axis
		day     knowledge.Day
		event   string
		claims  []string
	}{
		{"CUB", "", 2026_02_23, "", nil},
		{"CUB", "", 2026_02_24, "E:CUB:2026-02-24", []string{"CUB-04"}}, // a vote, though no label rests on it
		{"BOL", "", 2025_10_18, "", nil},
		{"BOL", "", 2025_10_19, "E:BOL:2025-10-19", []string{"BOL-18"}},
		{"BOL", knowledge.TowardWashington, 2025_10_19, "E:BOL:2025-10-19", []string{"BOL-18"}},
		{"BRA", "", today, "", nil}, // what spoke against it was older than the article
	} {
		a := ask(t, knowledge.Query{Intent: knowledge.IntentStance, Countries: countries{tt.country}, AsOf: tt.day, Axis: tt.axis})
		stale := a.Stances[0].Stale
		if tt.event == "" {
			if len(stale) != 0 {
				t.Errorf("%s as of %s: %+v", tt.country, tt.day, stale)
			}
			continue
		}
		if len(stale) != 1 || stale[0].Kind != knowledge.NewerRecord || idOf(stale[0].Ended) != tt.event || !slices.Equal(stale[0].Claims, tt.claims) {
			t.Errorf("%s as of %s: %+v, want %s against %v", tt.country, tt.day, stale, tt.event, tt.claims)
		}
	}
}

func TestNewerRecordAgainstAnotherClaimIsNotStale(t *testing.T) {
	r := small()
	r.Claims = append(r.Claims,
		knowledge.Claim{ID: "PER-02", Country: "PER", Kind: "military", Period: knowledge.Period{Undated: true}},
		knowledge.Claim{ID: "PER-03", Country: "PER", Kind: "vote", Period: knowledge.Period{Undated: true}},
	)
	against := func(id string, on knowledge.Date, claims ...string) knowledge.Event {
		return knowledge.Event{ID: id, Country: "PER", On: on, Kind: "statement", Sources: []string{"early"}, Against: claims}
	}
	r.Claims = append(r.Claims, knowledge.Claim{ID: "PER-04", Country: "PER", Kind: "vote", Period: knowledge.Period{From: 2027_00_00}})
	r.Events = []knowledge.Event{
		against("E:PER:2025-11-04", 2025_11_04, "PER-04"),           // a claim of a later time
		against("E:PER:2025-10-15", 2025_10_15, "PER-01"),           // older than the article
		against("E:PER:2025-11-01", 2025_11_01, "PER-02"),           // no label rests on it
		against("E:PER:2025-11-02", 2025_11_02, "PER-01"),           // the label does
		against("E:PER:2025-11-03", 2025_11_03, "PER-02", "PER-03"), // a vote counts always
	}
	s, _ := stanceOf(t, build(t, r), "PER", 0, 0)
	got := map[string][]string{}
	for _, st := range s.Stale {
		got[idOf(st.Ended)] = st.Claims
	}
	want := map[string][]string{"E:PER:2025-11-02": {"PER-01"}, "E:PER:2025-11-03": {"PER-03"}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("stale (-want +got):\n%s", diff)
	}
}
