package admin

import (
	"encoding/json"
	"net/http"

	"stancebot/knowledge"
	"stancebot/knowledge/ledger"
)

// A Report is what /readyz says.
type Report struct {
	Ready     bool   `json:"ready"`
	Program   string `json:"program"`
	Records   string `json:"records"` // the version of the shared records
	CheckedTo string `json:"checked_to"`
	Desks     []Desk `json:"desks"`
	Behind    string `json:"behind,omitempty"` // why answers lack something of what was recorded; "" when they lack nothing
	// Platforms tells how each platform is that is served: "ok", or what is wrong and what mends it.
	Platforms map[string]string `json:"platforms,omitempty"`
}

// A Desk is how far a desk's ledger is in the answers.
type Desk struct {
	Desk knowledge.DeskID `json:"desk"`
	Seq  int64            `json:"seq"`
	Head ledger.Hash      `json:"head"`
}

// Follows adds how far a ledger is followed.
func (r *Report) Follows(s ledger.Status) {
	r.Desks = make([]Desk, len(s.Heads))
	for i, h := range s.Heads {
		r.Desks[i] = Desk{h.Desk, h.Seq, h.Hash}
	}
	if s.Err != nil {
		r.Behind = s.Err.Error()
	}
}

// Handler answers operators from what report says at the time, and from metrics.
func Handler(report func() Report, metrics *Metrics) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", metrics.handler())
	mux.HandleFunc("GET /healthz", Healthz)
	mux.HandleFunc("GET /readyz", func(w http.ResponseWriter, _ *http.Request) {
		r := report()
		w.Header().Set("Content-Type", "application/json")
		if !r.Ready {
			w.WriteHeader(http.StatusServiceUnavailable)
		}
		enc := json.NewEncoder(w)
		enc.SetIndent("", "  ")
		_ = enc.Encode(r) // who asked has gone otherwise
	})
	return mux
}

// Healthz says that the process runs.
func Healthz(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	_, _ = w.Write([]byte("ok\n")) // likewise
}
