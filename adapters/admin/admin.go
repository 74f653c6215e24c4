package admin

import (
	"encoding/json"
	"net/http"
	"slices"
	"time"

	"stancebot/knowledge"
	"stancebot/knowledge/ledger"
)

// A Report is what /readyz says. It is made of what was looked at before it is asked for: no probe waits for a database or a platform.
type Report struct {
	Ready     bool      `json:"ready"` // it answers. Without its database it does, from what it read of it, and says so
	Program   string    `json:"program"`
	Started   time.Time `json:"started,omitzero"`
	Records   string    `json:"records"` // the version of the shared records
	CheckedTo string    `json:"checked_to"`
	Behind    string    `json:"behind,omitempty"` // why answers lack something of what was recorded; "" when they lack nothing

	Snapshot Snapshot  `json:"snapshot"`
	Database *Database `json:"database,omitempty"`
	// Platforms tells how each platform is that is served: "ok", or what is wrong and what mends it.
	Platforms map[string]string `json:"platforms,omitempty"`
	Digests   map[string]Digest `json:"digests,omitempty"` // by platform
	// Queues are how many wait, by what they wait for.
	Queues map[string]int64 `json:"queues,omitempty"`

	DeskCount int    `json:"desk_count"` // that recorded something
	Desks     []Desk `json:"desks"`      // those whose ledger is broken, then others by name, MaxDesks at most; ?desk=NAME tells of one
}

// A Snapshot is how far answers are behind what was recorded.
type Snapshot struct {
	Entries int64   `json:"entries"`                 // of all desks, that answers take into account
	Swaps   int64   `json:"swaps"`                   // since the start
	AllRead float64 `json:"all_read_s_ago,omitzero"` // seconds since answers were last known to hold all that was recorded
}

// A Database is how the database was when it was last looked at.
type Database struct {
	Kind    string  `json:"kind"` // sqlite or postgres
	Up      bool    `json:"up"`
	Latency float64 `json:"latency_ms"`
	Tables  int64   `json:"tables"` // the version of its migrations
	Looked  float64 `json:"looked_s_ago"`
	Error   string  `json:"error,omitempty"`
}

// A Digest is how the digests of a platform are.
type Digest struct {
	Subscriptions int       `json:"subscriptions"`
	Paused        int       `json:"paused"`
	Waiting       int       `json:"waiting"`
	Late          int       `json:"late"`
	LastDue       time.Time `json:"last_due,omitzero"` // of the last one that this process sent
	LastSent      time.Time `json:"last_sent,omitzero"`
}

// A Desk is how far a desk's ledger is in the answers.
type Desk struct {
	Desk   knowledge.DeskID `json:"desk"`
	Seq    int64            `json:"seq"`
	Head   ledger.Hash      `json:"head"`
	Broken string           `json:"broken,omitempty"` // where its chain breaks, and how
}

// The bounds of a report: a probe of an installation with ten thousand desks is answered in some kilobytes.
const (
	MaxDesks  = 20
	maxBehind = 2000 // bytes
)

// Follows adds how far the ledgers are followed.
func (r *Report) Follows(s ledger.Status) {
	broken := s.Broken()
	r.DeskCount, r.Desks = len(s.Heads), make([]Desk, len(s.Heads))
	for i, h := range s.Heads {
		r.Desks[i] = Desk{h.Desk, h.Seq, h.Hash, ""}
		if b := broken[h.Desk]; b != nil {
			r.Desks[i].Broken = b.Error()
		}
		r.Snapshot.Entries += h.Seq
	}
	if s.Err != nil {
		r.Behind = s.Err.Error()
	}
}

// of keeps the one desk that is asked for, or as many as a report holds.
func (r *Report) of(desk knowledge.DeskID) {
	if desk != "" {
		r.Desks = slices.DeleteFunc(r.Desks, func(d Desk) bool { return d.Desk != desk })
		return
	}
	slices.SortStableFunc(r.Desks, func(a, b Desk) int {
		switch {
		case (a.Broken == "") == (b.Broken == ""):
			return 0
		case a.Broken != "":
			return -1
		}
		return 1
	})
	r.Desks = r.Desks[:min(len(r.Desks), MaxDesks)]
}

// Handler answers operators from what report says at the time, and from metrics.
func Handler(report func() Report, metrics *Metrics) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", metrics.handler())
	mux.HandleFunc("GET /healthz", Healthz)
	mux.HandleFunc("GET /readyz", func(w http.ResponseWriter, req *http.Request) {
		r := report()
		r.of(knowledge.DeskID(req.URL.Query().Get("desk")))
		if len(r.Behind) > maxBehind {
			r.Behind = r.Behind[:maxBehind] + "…"
		}
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
