package admin_test

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus/testutil/promlint"
	dto "github.com/prometheus/client_model/go"
	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"

	"stancebot/adapters/admin"
)

// measured returns metrics of each kind, as a running program has them.
func measured() *admin.Metrics {
	m := admin.NewMetrics()
	m.Asked("stance", "answered", 300*time.Microsecond)
	m.Asked("stance", "unknown", time.Millisecond)
	p := m.Platform("slack")
	p.Event("command", "answered")
	p.Event("event", "recorded")
	p.Call("chat.postMessage", "ok", 80*time.Millisecond)
	labels := map[string]string{"platform": "slack"}
	m.Gauge("stancebot_inbox_waiting", "Events that wait.", labels, func() float64 { return 2 })
	m.Counter("stancebot_inbox_received_total", "Events taken.", labels, func() float64 { return 7 })
	return m
}

// families returns what /metrics says, parsed.
func families(t *testing.T, m *admin.Metrics) (map[string]*dto.MetricFamily, string) {
	t.Helper()
	code, body := get(t, admin.Handler(func() admin.Report { return admin.Report{} }, m), "/metrics")
	if code != 200 {
		t.Fatalf("%d %s", code, body)
	}
	parser := expfmt.NewTextParser(model.UTF8Validation)
	got, err := parser.TextToMetricFamilies(strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	return got, body
}

func TestMetricsAreWellFormed(t *testing.T) {
	got, body := families(t, measured())
	problems, err := promlint.New(strings.NewReader(body)).Lint()
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range problems {
		t.Errorf("%s: %s", p.Metric, p.Text)
	}
	for name, f := range got {
		if f.GetHelp() == "" {
			t.Errorf("%s has no help", name)
		}
		ours := strings.HasPrefix(name, "stancebot_")
		if f.GetType() == dto.MetricType_COUNTER && ours && !strings.HasSuffix(name, "_total") || f.GetType() == dto.MetricType_HISTOGRAM && ours && !strings.HasSuffix(name, "_seconds") {
			t.Errorf("%s does not end in its unit", name)
		}
	}
	for _, name := range []string{"go_goroutines", "process_cpu_seconds_total", "stancebot_ask_seconds"} {
		if got[name] == nil {
			t.Errorf("there is no %s among %v", name, slices.Sorted(maps.Keys(got)))
		}
	}
}

func TestMetricsCount(t *testing.T) {
	got, body := families(t, measured())
	for _, line := range []string{
		`stancebot_asks_total{intent="stance",outcome="answered"} 1`,
		`stancebot_ask_seconds_count{intent="stance"} 2`,
		`stancebot_ask_seconds_bucket{intent="stance",le="0.0005"} 1`,
		`stancebot_events_total{outcome="recorded",platform="slack",way="event"} 1`,
		`stancebot_platform_calls_total{method="chat.postMessage",outcome="ok",platform="slack"} 1`,
		`stancebot_platform_call_seconds_sum{method="chat.postMessage",platform="slack"} 0.08`,
		`stancebot_inbox_waiting{platform="slack"} 2`,
		`stancebot_inbox_received_total{platform="slack"} 7`,
	} {
		if !strings.Contains(body, line+"\n") {
			t.Errorf("%s is not said", line)
		}
	}
	kinds := []string{"intent", "outcome", "platform", "way", "method", "kind", "state", "doubt", "vote"}
	for name, f := range got {
		for _, metric := range f.GetMetric() {
			for _, label := range metric.GetLabel() {
				if strings.HasPrefix(name, "stancebot_") && !slices.Contains(kinds, label.GetName()) {
					t.Errorf("%s has a label %s, which is no kind", name, label.GetName())
				}
			}
		}
	}
}
