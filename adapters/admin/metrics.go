package admin

import (
	"net/http"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// Metrics are what operators measure a running program by. Labels name kinds, never people, places or texts, so that their
// number is bounded.
type Metrics struct {
	registry *prometheus.Registry
	asks     *prometheus.CounterVec
	answer   *prometheus.HistogramVec
	events   *prometheus.CounterVec
	calls    *prometheus.CounterVec
	call     *prometheus.HistogramVec
	ended    *prometheus.CounterVec
	late     *prometheus.HistogramVec
	votes    *prometheus.CounterVec
}

// The buckets of durations, in seconds: of answers, which take microseconds, and of calls across the net.
var (
	answerBuckets = []float64{.0001, .00025, .0005, .001, .0025, .005, .01, .025, .05, .1, .5}
	lateBuckets   = []float64{1, 2, 5, 10, 30, 60, 300, 900, 3600, 6 * 3600, 24 * 3600}
	callBuckets   = []float64{.01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10}
)

// NewMetrics returns metrics of the program's own, with those of Go and of the process.
func NewMetrics() *Metrics {
	m := &Metrics{
		registry: prometheus.NewRegistry(),
		asks: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "stancebot_asks_total", Help: "Questions answered, by what was asked and how it went.",
		}, []string{"intent", "outcome"}),
		answer: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "stancebot_ask_seconds", Help: "Time from a question to its reply, without the platform.", Buckets: answerBuckets,
		}, []string{"intent"}),
		events: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "stancebot_events_total", Help: "What came in from a platform, by its way and what became of it.",
		}, []string{"platform", "way", "outcome"}),
		calls: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "stancebot_platform_calls_total", Help: "Calls of a platform's API, by method and how they went.",
		}, []string{"platform", "method", "outcome"}),
		call: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "stancebot_platform_call_seconds", Help: "Time that calls of a platform's API took.", Buckets: callBuckets,
		}, []string{"platform", "method"}),
		ended: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "stancebot_deliveries_total", Help: "Digests, alerts and letters that came to an end, by how: sent, empty, held, failed or dropped. Of those in doubt a message may have come twice, or not at all.",
		}, []string{"platform", "state", "doubt"}),
		votes: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "stancebot_votes_total", Help: "Votes of readers on answers, those that were changed included.",
		}, []string{"vote"}),
		late: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "stancebot_delivery_late_seconds", Help: "Time from when a digest or an alert was due until it was sent.", Buckets: lateBuckets,
		}, []string{"platform"}),
	}
	m.registry.MustRegister(m.asks, m.answer, m.events, m.calls, m.call, m.ended, m.late, m.votes,
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

// Asked counts an answer.
func (m *Metrics) Asked(intent, outcome string, took time.Duration) {
	m.asks.WithLabelValues(intent, outcome).Inc()
	m.answer.WithLabelValues(intent).Observe(took.Seconds())
}

// Voted counts a vote of a reader on an answer.
func (m *Metrics) Voted(helpful bool) {
	vote := "wrong"
	if helpful {
		vote = "helpful"
	}
	m.votes.WithLabelValues(vote).Inc()
}

// Delivered counts a digest or an alert that came to an end, and how long after it was due one was sent.
func (m *Metrics) Delivered(platform, state string, doubted bool, late time.Duration) {
	m.ended.WithLabelValues(platform, state, strconv.FormatBool(doubted)).Inc()
	if state == "sent" {
		m.late.WithLabelValues(platform).Observe(late.Seconds())
	}
}

// Gauge adds a measure that is read when it is asked for.
func (m *Metrics) Gauge(name, help string, labels map[string]string, read func() float64) {
	m.registry.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: name, Help: help, ConstLabels: labels}, read))
}

// Counter adds a count that is kept elsewhere and read when it is asked for.
func (m *Metrics) Counter(name, help string, labels map[string]string, read func() float64) {
	m.registry.MustRegister(prometheus.NewCounterFunc(prometheus.CounterOpts{Name: name, Help: help, ConstLabels: labels}, read))
}

// Platform returns the meter of one platform.
func (m *Metrics) Platform(name string) *Meter { return &Meter{m, name} }

// A Meter counts what goes in and out of one platform.
type Meter struct {
	metrics  *Metrics
	platform string
}

// Event counts what came in, by its way and what became of it.
func (p *Meter) Event(way, outcome string) {
	p.metrics.events.WithLabelValues(p.platform, way, outcome).Inc()
}

// Call counts a call of the platform's API, how it went and how long it took.
func (p *Meter) Call(method, outcome string, took time.Duration) {
	p.metrics.calls.WithLabelValues(p.platform, method, outcome).Inc()
	p.metrics.call.WithLabelValues(p.platform, method).Observe(took.Seconds())
}

// handler answers in Prometheus' text format.
func (m *Metrics) handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{})
}
