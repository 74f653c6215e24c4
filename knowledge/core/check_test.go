package core_test

import (
	"slices"
	"testing"

	"stancebot/knowledge"
)

func TestWorseVerdictCounts(t *testing.T) {
	for _, check := range knowledge.Statuses {
		for _, finding := range knowledge.Statuses {
			r := small()
			r.Claims = append(r.Claims, knowledge.Claim{
				ID: "PER-02", Country: "PER", Kind: "vote", Period: knowledge.Period{Undated: true},
				Check: knowledge.Check{Status: check},
			})
			r.FactChecks = []knowledge.FactCheck{{ID: "F-01", Claims: []string{"PER-02"}, Verdict: finding, AtPublication: true}}
			want, published := check, false
			if finding.Rank() > check.Rank() && finding != knowledge.Context { // a context says nothing for or against
				want, published = finding, true
			}
			cc := mustClaim(t, build(t, r), "PER-02", 0, 0)
			if cc.Verdict != want || cc.Published != published {
				t.Errorf("check %s, fact check %s: %s, at publication %v, want %s", check, finding, cc.Verdict, cc.Published, want)
			}
			if cc.Finding == nil || cc.Finding.ID != "F-01" {
				t.Errorf("check %s, fact check %s: the finding is not given", check, finding)
			}
		}
	}
}

func TestWorstOfSeveralFindingsIsGiven(t *testing.T) {
	r := small()
	r.FactChecks = []knowledge.FactCheck{
		{ID: "F-01", Claims: []string{"PER-01"}, Verdict: knowledge.Partly},
		{ID: "F-02", Claims: []string{"PER-01"}, Verdict: knowledge.Contradicted},
		{ID: "F-03", Claims: []string{"PER-01"}, Verdict: knowledge.Confirmed},
	}
	cc := mustClaim(t, build(t, r), "PER-01", 0, 0)
	if cc.Verdict != knowledge.Contradicted || cc.Finding == nil || cc.Finding.ID != "F-02" {
		t.Errorf("%s by %v", cc.Verdict, cc.Finding)
	}
}

func TestVerdictsOfTheShippedClaims(t *testing.T) {
	r, c := theRecords(t)
	findings := map[string][]knowledge.Status{}
	for i := range r.FactChecks {
		for _, id := range r.FactChecks[i].Claims {
			findings[id] = append(findings[id], r.FactChecks[i].Verdict)
		}
	}
	for i := range r.Claims {
		cl := &r.Claims[i]
		want := cl.Check.Status
		for _, v := range findings[cl.ID] {
			if v.Rank() > want.Rank() && v != knowledge.Context {
				want = v
			}
		}
		a := c.Answer(knowledge.Query{Intent: knowledge.IntentSource, Receipt: cl.ID, Today: today})
		if a.Record == nil || a.Record.Claim.Verdict != want {
			t.Errorf("%s: %+v, want %s", cl.ID, a.Record, want)
		}
	}
}

func TestFaultedClaimsStandBesideTheLabel(t *testing.T) {
	r, c := theRecords(t)
	for _, country := range coveredCountries(r) {
		s, _ := stanceOf(t, c, country, 0, 0)
		checked := claimIDs(s.Checked)
		for i := range r.Claims {
			if cl := &r.Claims[i]; cl.Country == country {
				if cc := mustClaim(t, c, cl.ID, 0, 0); cc.Verdict.Faulted() != slices.Contains(checked, cl.ID) {
					t.Errorf("%s is %s, and beside the label: %v", cl.ID, cc.Verdict, !cc.Verdict.Faulted())
				}
			}
		}
		for i := 1; i < len(s.Checked); i++ { // those that a label rests on first, the worst of them first
			a, b := s.Checked[i-1], s.Checked[i]
			if !a.Supports && b.Supports || a.Supports == b.Supports && a.Verdict.Rank() < b.Verdict.Rank() {
				t.Errorf("%s: %s stands before %s", country, a.Claim.ID, b.Claim.ID)
			}
		}
	}
	if diff := claimIDs(shippedStance(t, "ECU", 0).Checked); len(diff) == 0 || diff[0] != "ECU-09" {
		t.Errorf("Ecuador: %v, want the claim under its label first", diff)
	}
}

func TestHeldNoteIsNeverGiven(t *testing.T) {
	r, c := theRecords(t)
	held := map[string]string{}
	for i := range r.Claims {
		if r.Claims[i].Check.Hold {
			held[r.Claims[i].ID] = r.Claims[i].Check.Note
		}
	}
	if len(held) != 1 || held["VEN-06"] == "" {
		t.Fatalf("held are %v: want VEN-06, the one that the data name", held)
	}
	for _, q := range []knowledge.Query{
		{Intent: knowledge.IntentSource, Receipt: "VEN-06"},
		{Intent: knowledge.IntentEvidence, Countries: countries{"VEN"}},
		{Intent: knowledge.IntentStance, Countries: countries{"VEN"}},
		{Intent: knowledge.IntentStance, Countries: countries{"VEN"}, AsOf: 2016_06_01},
		{Intent: knowledge.IntentCompare, Countries: countries{"VEN", "CUB"}},
		{Intent: knowledge.IntentGroup, Group: "caribbean"},
		{Intent: knowledge.IntentShifts, Countries: countries{"VEN"}},
	} {
		shown := false
		for _, cc := range gather(askOf(c, q)).claims {
			if note, ok := held[cc.Claim.ID]; ok {
				shown = true
				if cc.Note == note || cc.Note != "" || len(cc.Sources) != 0 {
					t.Errorf("%s: the held note of %s is given: %q", q.Intent, cc.Claim.ID, cc.Note)
				}
				if cc.Verdict != knowledge.Unsupported {
					t.Errorf("%s: %s is %q, want the status, which may be shown", q.Intent, cc.Claim.ID, cc.Verdict)
				}
			}
		}
		if q.Intent == knowledge.IntentSource && !shown {
			t.Errorf("%s: VEN-06 is not shown at all", q.Intent)
		}
	}
	// A held note is kept back even when it names a source.
	small := small()
	small.Claims[0].Check = knowledge.Check{Status: knowledge.Unsupported, Hold: true, Note: "Rumour.", Sources: []string{"early"}}
	if cc := mustClaim(t, build(t, small), "PER-01", 0, 0); cc.Note != "" || cc.Verdict != knowledge.Unsupported {
		t.Errorf("%q, %q", cc.Note, cc.Verdict)
	}
}

func TestOutdatedNotBeforeWhatOutdatesIt(t *testing.T) {
	_, c := theRecords(t)
	for id, day := range map[string]knowledge.Day{
		"CHL-03": 2026_03_11, "PER-04": 2025_10_10, "VEN-05": 2026_01_03, "BOL-18": 2025_10_19,
	} {
		if cc := mustClaim(t, c, id, dayBefore(day), 0); cc.Verdict == knowledge.Outdated || cc.Published || cc.Note != "" {
			t.Errorf("%s the day before: %q, at publication %v, %q", id, cc.Verdict, cc.Published, cc.Note)
		}
		if cc := mustClaim(t, c, id, day, 0); cc.Verdict != knowledge.Outdated || cc.Note == "" {
			t.Errorf("%s on the day: %q, %q", id, cc.Verdict, cc.Note)
		}
	}
	if slices.Contains(claimIDs(shippedStance(t, "CHL", 2026_03_10).Checked), "CHL-03") {
		t.Error("Chile the day before: CHL-03 is held against the label")
	}
	if !slices.Contains(claimIDs(shippedStance(t, "CHL", 2026_03_11).Checked), "CHL-03") {
		t.Error("Chile on the day: CHL-03 is not told")
	}
	// BRICS had grown by 2024: the finding tells the year.
	for day, want := range map[knowledge.Day]bool{2023_12_31: false, 2025_10_16: true} {
		if got := mustClaim(t, c, "BRA-02", day, 0).Verdict == knowledge.Outdated; got != want {
			t.Errorf("BRA-02 as of %s: outdated %v, want %v", day, got, want)
		}
	}
}

func TestNoteOfALaterDayIsLeftOut(t *testing.T) {
	_, c := theRecords(t)
	// The centre opened in 2017 and was sanctioned on 15 May 2024: an answer about 2018 cannot know that.
	cc := mustClaim(t, c, "NIC-07", 2024_05_14, 0)
	if cc.Note != "" || len(cc.Sources) != 0 || cc.Verdict != knowledge.Confirmed {
		t.Errorf("NIC-07 the day before: %q, %q, %v", cc.Verdict, cc.Note, cc.Sources)
	}
	if cc := mustClaim(t, c, "NIC-07", 2024_05_15, 0); cc.Note == "" || len(cc.Sources) == 0 {
		t.Errorf("NIC-07 on the day: %q, %v", cc.Note, cc.Sources)
	}
	// The same holds of findings: Ecuador left ALBA in August 2018.
	if cc := mustClaim(t, c, "ECU-02", 2016_06_01, 0); cc.Note != "" || cc.Finding != nil {
		t.Errorf("ECU-02 in 2016: %q, %v", cc.Note, cc.Finding)
	}
	if cc := mustClaim(t, c, "ECU-02", 2018_08_23, 0); cc.Note == "" || cc.Finding == nil || cc.Finding.ID != "F-15" {
		t.Errorf("ECU-02 after it left: %q, %v", cc.Note, cc.Finding)
	}
}

func TestEvidenceOrder(t *testing.T) {
	r, c := theRecords(t)
	a := ask(t, knowledge.Query{Intent: knowledge.IntentEvidence, Countries: countries{"PER"}})
	want := []string{"PER-01", "PER-05", "PER-08", "PER-06", "PER-03", "PER-04", "PER-02", "PER-07"}
	if got := claimIDs(a.Evidence); !slices.Equal(got, want) {
		t.Errorf("Peru: %v, want %v: what the labels rest on, then by kind", got, want)
	}
	rank := func(cc *knowledge.CheckedClaim) int { return slices.Index(knowledge.ClaimKinds, cc.Claim.Kind) }
	for _, country := range coveredCountries(r) {
		a := c.Answer(knowledge.Query{Intent: knowledge.IntentEvidence, Countries: countries{country}, Today: today})
		for i, cc := range a.Evidence {
			supports := slices.ContainsFunc(r.Assessments, func(as knowledge.Assessment) bool {
				return as.Country == country && slices.Contains(as.Claims, cc.Claim.ID)
			})
			if cc.Supports != supports {
				t.Errorf("%s: supports a label %v, want %v", cc.Claim.ID, cc.Supports, supports)
			}
			if i == 0 {
				continue
			}
			before := a.Evidence[i-1]
			if cc.Supports && !before.Supports || cc.Supports == before.Supports && rank(cc) < rank(before) {
				t.Errorf("%s stands behind %s", cc.Claim.ID, before.Claim.ID)
			}
		}
		n := 0
		for i := range r.Claims {
			if r.Claims[i].Country == country {
				n++
			}
		}
		if len(a.Evidence) != n || a.Outcome != knowledge.Answered {
			t.Errorf("%s: %s with %d claims of %d", country, a.Outcome, len(a.Evidence), n)
		}
	}
}

func TestEvidenceForOneAxis(t *testing.T) {
	a := ask(t, knowledge.Query{Intent: knowledge.IntentEvidence, Countries: countries{"PER"}, Axis: knowledge.TowardWashington})
	for _, cc := range a.Evidence {
		if want := slices.Contains([]string{"PER-01", "PER-08"}, cc.Claim.ID); cc.Supports != want {
			t.Errorf("%s supports the label toward Washington: %v, want %v", cc.Claim.ID, cc.Supports, want)
		}
	}
}
