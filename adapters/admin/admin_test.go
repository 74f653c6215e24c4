package admin_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"stancebot/adapters/admin"
	"stancebot/knowledge"
	"stancebot/knowledge/ledger"
)

func get(t *testing.T, h http.Handler, path string) (int, string) {
	t.Helper()
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, path, nil))
	return w.Code, w.Body.String()
}

func TestReadyz(t *testing.T) {
	report := admin.Report{Ready: true, Records: "abc"}
	report.Follows(ledger.Status{Heads: []ledger.Head{{Desk: "main", Seq: 3, Hash: ledger.Hash{0xab}}}})
	h := admin.Handler(func() admin.Report { return report }, admin.NewMetrics())
	code, body := get(t, h, "/readyz")
	var got admin.Report
	if err := json.Unmarshal([]byte(body), &got); err != nil || code != http.StatusOK {
		t.Fatalf("%d %s %v", code, body, err)
	}
	if len(got.Desks) != 1 || got.Desks[0].Seq != 3 || got.Desks[0].Head != (ledger.Hash{0xab}) || strings.Contains(body, "behind") {
		t.Errorf("says %s", body)
	}
	report.Follows(ledger.Status{Err: errors.New("the database is away")})
	if code, body := get(t, h, "/readyz"); code != http.StatusOK || !strings.Contains(body, "the database is away") {
		t.Errorf("behind: %d %s", code, body) // it still answers, from what it read
	}
	report.Ready = false
	if code, _ := get(t, h, "/readyz"); code != http.StatusServiceUnavailable {
		t.Errorf("not ready: %d", code)
	}
	if code, body := get(t, h, "/healthz"); code != http.StatusOK || body != "ok\n" {
		t.Errorf("healthz: %d %q", code, body)
	}
}

// A probe of ten thousand desks is answered in some kilobytes: the broken ones first, and one where it is asked for.
func TestReadyzIsBounded(t *testing.T) {
	var s ledger.Status
	for i := range 10_000 {
		s.Heads = append(s.Heads, ledger.Head{Desk: knowledge.DeskID(fmt.Sprintf("desk-%05d", i)), Seq: 2})
	}
	var errs []error
	for i := range 5_000 {
		errs = append(errs, &ledger.BrokenError{Desk: knowledge.DeskID(fmt.Sprintf("desk-%05d", i+5_000)), Seq: 1, What: "it was edited"})
	}
	s.Err = fmt.Errorf("some: %w", errors.Join(errs...))
	report := func() (r admin.Report) { r.Ready = true; r.Follows(s); return r }
	h := admin.Handler(report, admin.NewMetrics())
	_, body := get(t, h, "/readyz")
	var all, one admin.Report
	if err := json.Unmarshal([]byte(body), &all); err != nil || len(body) > 10_000 {
		t.Fatalf("%d bytes: %v", len(body), err)
	}
	if all.DeskCount != 10_000 || len(all.Desks) != admin.MaxDesks || all.Desks[0].Desk != "desk-05000" || all.Desks[0].Broken == "" || all.Snapshot.Entries != 20_000 {
		t.Errorf("says %s", body)
	}
	_, body = get(t, h, "/readyz?desk=desk-00007")
	if err := json.Unmarshal([]byte(body), &one); err != nil || len(one.Desks) != 1 || one.Desks[0].Desk != "desk-00007" || one.Desks[0].Broken != "" {
		t.Errorf("%v: says %s", err, body)
	}
}
