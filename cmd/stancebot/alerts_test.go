package main

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"

	"stancebot/adapters/adaptertest/peers"
)

// promtool runs Prometheus' own judge of rules. It skips the test where that is not installed, unless nothing may be skipped.
func promtool(t *testing.T, args ...string) {
	t.Helper()
	path, err := exec.LookPath("promtool")
	if err != nil {
		peers.Absent(t, "promtool is not installed here: apt-get install prometheus")
	}
	if said, err := exec.CommandContext(t.Context(), path, args...).CombinedOutput(); err != nil {
		t.Errorf("promtool %s: %v\n%s", strings.Join(args, " "), err, said)
	}
}

// A rule is an alert of deploy/prometheus/alerts.yaml.
type rule struct {
	Alert       string            `yaml:"alert"`
	Expr        string            `yaml:"expr"`
	For         string            `yaml:"for"`
	Labels      map[string]string `yaml:"labels"`
	Annotations map[string]string `yaml:"annotations"`
}

func readYAML(t *testing.T, name string, into any) {
	t.Helper()
	text, err := os.ReadFile(deployed(name))
	if err == nil {
		err = yaml.Unmarshal(text, into)
	}
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
}

func rules(t *testing.T) []rule {
	t.Helper()
	var file struct {
		Groups []struct {
			Rules []rule `yaml:"rules"`
		} `yaml:"groups"`
	}
	readYAML(t, "prometheus/alerts.yaml", &file)
	var all []rule
	for _, g := range file.Groups {
		all = append(all, g.Rules...)
	}
	if len(all) == 0 {
		t.Fatal("there are no alerts")
	}
	return all
}

func TestAlertsFireAndAreSilent(t *testing.T) {
	promtool(t, "check", "rules", deployed("prometheus/alerts.yaml"))
	promtool(t, "test", "rules", deployed("prometheus/alerts_test.yaml"))
}

// Each alert says how bad it is, what is wrong and where the runbook tells what to do, and is seen to fire and to be silent.
func TestAlertsAreComplete(t *testing.T) {
	sections := runbook(t)
	var tested struct {
		Tests []struct {
			Name  string `yaml:"name"`
			Rules []struct {
				Alert string `yaml:"alertname"`
				Fires []any  `yaml:"exp_alerts"`
			} `yaml:"alert_rule_test"`
		} `yaml:"tests"`
	}
	readYAML(t, "prometheus/alerts_test.yaml", &tested)
	seen := map[string]bool{}
	for _, test := range tested.Tests {
		for _, r := range test.Rules {
			seen[fmt.Sprint(r.Alert, len(r.Fires) > 0)] = true
		}
	}
	known := measuredNames(t)
	for _, r := range rules(t) {
		if s := r.Labels["severity"]; s != "critical" && s != "warning" {
			t.Errorf("%s is neither critical nor a warning: %q", r.Alert, s)
		}
		section, ok := strings.CutPrefix(r.Annotations["runbook"], "deploy/runbook.md#")
		if text := sections[section]; !ok || !strings.Contains(text, "**What it means.**") || !strings.Contains(text, "**Look at**") || !strings.Contains(text, "**Do**") {
			t.Errorf("%s has no section of the runbook that says what it means, what to look at and what to do: %q", r.Alert, r.Annotations["runbook"])
		}
		delete(sections, section)
		if r.Annotations["summary"] == "" || !seen[r.Alert+"true"] || !seen[r.Alert+"false"] {
			t.Errorf("%s lacks a summary, or a test in which it fires, or one in which it is silent", r.Alert)
		}
		checkNames(t, r.Alert, r.Expr, known)
	}
	for section := range sections {
		t.Errorf("the runbook has a section %s for no alert", section)
	}
}

// runbook returns the sections of the runbook, by their anchors.
func runbook(t *testing.T) map[string]string {
	t.Helper()
	text, err := os.ReadFile(deployed("runbook.md"))
	if err != nil {
		t.Fatal(err)
	}
	sections := map[string]string{}
	for _, part := range strings.Split(string(text), "\n## ")[1:] {
		title, body, _ := strings.Cut(part, "\n")
		sections[strings.ReplaceAll(strings.ToLower(title), " ", "-")] = body
	}
	return sections
}

var (
	tableName  = regexp.MustCompile("(?m)^\\| `(stancebot_\\w+)` \\| (\\w+) \\|")
	metricName = regexp.MustCompile(`\b(?:stancebot|process|go|up)(?:_\w+)?\b`)
)

// measuredNames are the series that there are: those of deploy/observe.md, which another test holds against a running serve.
func measuredNames(t *testing.T) []string {
	t.Helper()
	text, err := os.ReadFile(deployed("observe.md"))
	if err != nil {
		t.Fatal(err)
	}
	names := []string{"up", "process_resident_memory_bytes", "process_cpu_seconds_total"}
	for _, m := range tableName.FindAllStringSubmatch(string(text), -1) {
		names = append(names, m[1])
		if m[2] == "histogram" {
			names = append(names, m[1]+"_bucket", m[1]+"_sum", m[1]+"_count")
		}
	}
	return names
}

// labelled is what stands in braces and quotes, where no metric is named.
var labelled = regexp.MustCompile(`\{[^}]*\}`)

func checkNames(t *testing.T, of, expr string, known []string) {
	t.Helper()
	found := metricName.FindAllString(labelled.ReplaceAllString(expr, ""), -1)
	if len(found) == 0 {
		t.Errorf("%s looks at no metric: %s", of, expr)
	}
	for _, name := range found {
		if !slices.Contains(known, name) {
			t.Errorf("%s looks at %s, which is not measured", of, name)
		}
	}
}

// A panel is a part of the dashboard.
type panel struct {
	ID          int
	Type, Title string
	Description string
	GridPos     struct{ H, W, X, Y int }
	Targets     []struct{ Expr, LegendFormat string }
}

// The dashboard looks at what is measured, in expressions that Prometheus takes, and its panels lie beside each other.
func TestDashboard(t *testing.T) {
	text, err := os.ReadFile(deployed("grafana/stancebot.json"))
	if err != nil {
		t.Fatal(err)
	}
	var d struct {
		UID, Title    string
		SchemaVersion int
		Panels        []panel
	}
	if err := json.Unmarshal(text, &d); err != nil {
		t.Fatal(err)
	}
	if d.UID == "" || d.Title == "" || d.SchemaVersion < 36 || len(d.Panels) == 0 {
		t.Errorf("it is no dashboard: %q %q %d, %d panels", d.UID, d.Title, d.SchemaVersion, len(d.Panels))
	}
	known := measuredNames(t)
	ids, taken := map[int]bool{}, map[[2]int]string{}
	var expressions []string
	for _, p := range d.Panels {
		if ids[p.ID] || p.ID == 0 {
			t.Errorf("%s has the id of another panel: %d", p.Title, p.ID)
		}
		ids[p.ID] = true
		checkPanelPlace(t, &p, taken)
		if p.Type == "row" {
			continue
		}
		if p.Description == "" || len(p.Targets) == 0 {
			t.Errorf("%s says not what it shows, or shows nothing", p.Title)
		}
		for _, target := range p.Targets {
			checkNames(t, p.Title, target.Expr, known)
			expressions = append(expressions, target.Expr)
		}
	}
	promtool(t, "check", "rules", rulesOf(t, expressions))
}

// checkPanelPlace sees to it that a panel lies within the width and on no other.
func checkPanelPlace(t *testing.T, p *panel, taken map[[2]int]string) {
	t.Helper()
	g := p.GridPos
	if g.W < 1 || g.H < 1 || g.X < 0 || g.X+g.W > 24 {
		t.Errorf("%s lies outside: %+v", p.Title, g)
	}
	for x := g.X; x < g.X+g.W; x++ {
		for y := g.Y; y < g.Y+g.H; y++ {
			if other := taken[[2]int{x, y}]; other != "" {
				t.Fatalf("%s lies on %s", p.Title, other)
			}
			taken[[2]int{x, y}] = p.Title
		}
	}
}

// rulesOf writes expressions as rules, as which Prometheus' judge reads them. What Grafana fills in is filled in.
func rulesOf(t *testing.T, expressions []string) string {
	t.Helper()
	type recording struct {
		Record string `yaml:"record"`
		Expr   string `yaml:"expr"`
	}
	var all []recording
	fill := strings.NewReplacer("$__rate_interval", "5m", "$job", "stancebot")
	for i, e := range expressions {
		all = append(all, recording{fmt.Sprintf("dashboard:expression:%d", i), fill.Replace(e)})
	}
	text, err := yaml.Marshal(map[string]any{"groups": []any{map[string]any{"name": "dashboard", "rules": all}}})
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "rules.yaml")
	if err := os.WriteFile(path, text, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}
