package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/prometheus/client_golang/prometheus/testutil/promlint"
	dto "github.com/prometheus/client_model/go"
	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"

	"stancebot/adapters/admin"
	"stancebot/bot/bottest"
)

// deployed is the path of a file in the folder for operators.
func deployed(name string) string {
	return filepath.Join("..", "..", "deploy", filepath.FromSlash(name))
}

// The marks around the table of metrics.
const (
	tableBegins = "<!-- metrics -->\n"
	tableEnds   = "<!-- end of metrics -->\n"
)

// What is measured is documented, and what is documented is measured.
func TestMetricsAreDocumented(t *testing.T) {
	families := measuredFamilies(t)
	table := tableOf(families)
	text, err := os.ReadFile(deployed("observe.md"))
	if err != nil {
		t.Fatal(err)
	}
	before, rest, ok := strings.Cut(string(text), tableBegins)
	stands, after, ended := strings.Cut(rest, tableEnds)
	if !ok || !ended {
		t.Fatal("deploy/observe.md has no place for the table of metrics")
	}
	if stands == table {
		return
	}
	if bottest.Update() {
		if err := os.WriteFile(deployed("observe.md"), []byte(before+tableBegins+table+tableEnds+after), 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	t.Errorf("deploy/observe.md tells of other metrics than serve does: run it with -update\n--- it tells\n%s--- serve tells\n%s", stands, table)
}

// measuredFamilies are the metrics of a serve that was asked something by each way. They are as Prometheus wants them.
func measuredFamilies(t *testing.T) map[string]*dto.MetricFamily {
	t.Helper()
	s := newSlackWorkspace(t)
	p := serveWith(t, s, map[string]string{"SLACK_APP_TOKEN": testApp})
	if err := s.AwaitSockets(t.Context(), 2); err != nil {
		t.Fatal(err)
	}
	asks(t, s, "stance peru")
	resp, err := get(t.Context(), "http://"+p.listen+"/countries/PER")
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	p.counts(t, `stancebot_http_requests_total{code="2xx",route="/countries/{country}"} 1`)
	p.counts(t, `stancebot_database_up 1`)
	_, body := p.page(t, "/metrics")
	problems, err := promlint.New(strings.NewReader(body)).Lint()
	if err != nil {
		t.Fatal(err)
	}
	for _, problem := range problems {
		t.Errorf("%s: %s", problem.Metric, problem.Text)
	}
	parser := expfmt.NewTextParser(model.UTF8Validation)
	families, err := parser.TextToMetricFamilies(strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	return families
}

// tableOf describes the metrics that are the program's own.
func tableOf(families map[string]*dto.MetricFamily) string {
	var b strings.Builder
	b.WriteString("\n| metric | type | labels | what it is |\n| --- | --- | --- | --- |\n")
	for _, name := range slices.Sorted(maps.Keys(families)) {
		f := families[name]
		if !strings.HasPrefix(name, "stancebot_") {
			continue
		}
		var labels []string
		for _, l := range f.GetMetric()[0].GetLabel() {
			labels = append(labels, "`"+l.GetName()+"`")
		}
		slices.Sort(labels)
		fmt.Fprintf(&b, "| `%s` | %s | %s | %s |\n", name, strings.ToLower(f.GetType().String()), strings.Join(labels, " "), f.GetHelp())
	}
	b.WriteString("\n")
	return b.String()
}

// Whoever asks is told what their request is called, whatever they call it, and strangers' paths name no series.
func TestRequestsHaveIDs(t *testing.T) {
	s := newSlackWorkspace(t)
	p := serveWith(t, s, map[string]string{"SLACK_SIGNING_SECRET": testSigning})
	id := regexp.MustCompile(`^[0-9A-Z]{16}$`)
	seen := map[string]bool{}
	for _, path := range []string{"/api/v1/countries", "/api/v1/countries/XXX", "/" + typed, "/slack/" + typed, "/healthz"} {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://"+p.listen+path, http.NoBody)
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("X-Request-Id", "theirs")
		req.Header.Set("Traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		if got := resp.Header.Get("X-Request-Id"); !id.MatchString(got) || seen[got] {
			t.Errorf("%s is called %q", path, got)
		} else {
			seen[got] = true
		}
	}
	p.counts(t, `stancebot_http_requests_total{code="2xx",route="/healthz"} 1`)
	p.counts(t, `stancebot_http_requests_total{code="4xx",route="other"} 2`)
	// a request that is refused is logged under the id that it was told
	resp, err := http.Post("http://"+p.listen+"/slack/events", "application/json", strings.NewReader(`{}`)) //nolint:noctx // of a test
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	line := "request=" + resp.Header.Get("X-Request-Id")
	eventually(t, func() bool { return strings.Contains(p.log.String(), line) }, func() string { return line + " is not in\n" + p.log.String() })
}

// /readyz tells how everything is, of one desk where that is asked.
func TestReadyzTellsHowEverythingIs(t *testing.T) {
	s := newSlackWorkspace(t)
	p := serveWith(t, s, map[string]string{"SLACK_APP_TOKEN": testApp})
	var r admin.Report
	eventually(t, func() bool {
		_, body := p.page(t, "/readyz")
		r = admin.Report{}
		return json.Unmarshal([]byte(body), &r) == nil && r.Database != nil && r.Database.Up && r.Platforms["slack"] == "ok"
	}, func() string { _, body := p.page(t, "/readyz"); return body })
	if r.Program == "" || r.Records == "" || r.Started.IsZero() || r.Database.Kind != "sqlite" || r.Database.Tables < 1 || r.Database.Error != "" {
		t.Errorf("says %+v", r)
	}
	if _, told := r.Digests["slack"]; !told || r.Queues["inbox slack"] != 0 || r.Snapshot.AllRead > 30 {
		t.Errorf("says %+v", r)
	}
	for _, queue := range []string{"inbox slack", "deliveries slack", "jobs", "told"} {
		if _, told := r.Queues[queue]; !told {
			t.Errorf("the queue %s is not told", queue)
		}
	}
}
