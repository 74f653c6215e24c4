package admin_test

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"stancebot/adapters/admin"
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
