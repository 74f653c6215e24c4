package core_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"stancebot/knowledge"
)

// open asks for a receipt, and fails unless a record of that kind comes back.
func open(t *testing.T, id string, kind knowledge.ReceiptKind) *knowledge.Record {
	t.Helper()
	a := ask(t, knowledge.Query{Intent: knowledge.IntentSource, Receipt: id})
	if a.Outcome != knowledge.Answered || a.Record == nil {
		t.Fatalf("source %s: %s, %v", id, a.Outcome, a.Record)
	}
	rec := a.Record
	if rec.ID != id || rec.Kind != kind || rec.Country != knowledge.ReceiptCountry(id) {
		t.Errorf("source %s: id %s, kind %s, country %s", id, rec.ID, rec.Kind, rec.Country)
	}
	if rec.Country != "" && !slices.Equal(a.Countries, countries{rec.Country}) {
		t.Errorf("source %s: countries %v", id, a.Countries)
	}
	set := 0
	for _, is := range []bool{rec.Claim != nil, rec.Shift != nil, rec.FactCheck != nil, rec.Contradiction != nil, rec.Event != nil} {
		if is {
			set++
		}
	}
	if set != 1 {
		t.Errorf("source %s: %d records, want exactly one", id, set)
	}
	if slices.Contains(rec.Sources, nil) {
		t.Errorf("source %s: a source is a hole", id)
	}
	return rec
}

func sourceIDs(sources []*knowledge.Source) []string {
	var ids []string
	for _, s := range sources {
		ids = append(ids, s.ID)
	}
	return ids
}

func TestSourceOpensEveryReceipt(t *testing.T) {
	r, _ := theRecords(t)
	for i := range r.Claims {
		cl := &r.Claims[i]
		rec := open(t, cl.ID, knowledge.ClaimReceipt)
		if rec.Claim.Claim != cl {
			t.Errorf("%s opens %v", cl.ID, rec.Claim.Claim)
		}
		if want := cl.Check.Sources; !cl.Check.Hold && cl.Check.Through <= today {
			if diff := cmp.Diff(append([]string(nil), want...), sourceIDs(rec.Sources)); diff != "" || rec.Claim.Note != cl.Check.Note {
				t.Errorf("%s: note %q (-sources +got):\n%s", cl.ID, rec.Claim.Note, diff)
			}
		}
	}
	for i := range r.Shifts {
		if rec := open(t, r.Shifts[i].ID, knowledge.ShiftReceipt); rec.Shift != &r.Shifts[i] {
			t.Errorf("%s opens %v", r.Shifts[i].ID, rec.Shift)
		}
	}
	for i := range r.FactChecks {
		f := &r.FactChecks[i]
		rec := open(t, f.ID, knowledge.FactCheckReceipt)
		if rec.FactCheck != f {
			t.Errorf("%s opens %v", f.ID, rec.FactCheck)
		}
		if diff := cmp.Diff(f.Claims, claimIDs(rec.Checks)); diff != "" {
			t.Errorf("%s: the claims it is about (-want +got):\n%s", f.ID, diff)
		}
	}
	for i := range r.Contradictions {
		x := &r.Contradictions[i]
		if rec := open(t, x.ID, knowledge.ContradictionReceipt); rec.Contradiction != x {
			t.Errorf("%s opens %v", x.ID, rec.Contradiction)
		}
		if a := ask(t, knowledge.Query{Intent: knowledge.IntentSource, Receipt: x.ID}); !slices.Equal(a.Countries, x.Countries) {
			t.Errorf("%s is about %v, want %v", x.ID, a.Countries, x.Countries)
		}
	}
	for i := range r.Events {
		e := &r.Events[i]
		rec := open(t, e.ID, knowledge.EventReceipt)
		if rec.Event != e {
			t.Errorf("%s opens %v", e.ID, rec.Event)
		}
		if diff := cmp.Diff(e.Sources, sourceIDs(rec.Sources)); diff != "" {
			t.Errorf("%s: sources (-want +got):\n%s", e.ID, diff)
		}
	}
}

func TestSourceOfACheckedClaim(t *testing.T) {
	rec := open(t, "CUB-04", knowledge.ClaimReceipt)
	cl := rec.Claim.Claim
	if rec.Claim.Verdict != knowledge.Partly || cl.At.String() != "S3.1" || cl.Quote == "" || knowledge.QuoteWords(cl.Quote) > knowledge.MaxQuoteWords {
		t.Errorf("%s at %s: %q", rec.Claim.Verdict, cl.At, cl.Quote)
	}
	if rec.Claim.Finding == nil || rec.Claim.Finding.ID != "F-07" {
		t.Errorf("finding %v, want F-07", rec.Claim.Finding)
	}
}

func TestUnknownReceipt(t *testing.T) {
	for _, id := range []string{
		"", "CUB-99", "FRA-01", "GEN-99", "F-99", "X-99", "CUB-S9", "E:CUB:1999-01-01", "D-17", "ES-11/99", "M:ECU:alba:1990",
		"cub-04", " CUB-04", "CUB-4", "\x00", "F-01; F-02",
	} {
		a := ask(t, knowledge.Query{Intent: knowledge.IntentSource, Receipt: id})
		if a.Outcome != knowledge.NotFound || a.Record != nil {
			t.Errorf("source %q: %s, %v", id, a.Outcome, a.Record)
		}
	}
}
