package admin

import (
	"net/http"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// Metrics are what operators measure a running program by. Labels name kinds, never people, places, desks or texts, so that their
// number is bounded.
type Metrics struct {
	registry *prometheus.Registry
	asks     *prometheus.CounterVec
	answer   *prometheus.HistogramVec
	events   *prometheus.CounterVec
	calls    *prometheus.CounterVec
	errors   *prometheus.CounterVec
	call     *prometheus.HistogramVec
	ended    *prometheus.CounterVec
	late     *prometheus.HistogramVec
	last     *prometheus.GaugeVec
	votes    *prometheus.CounterVec
	requests *prometheus.CounterVec
	request  *prometheus.HistogramVec
}

// The buckets of durations, in seconds: of answers, which take microseconds, and of calls across the net.
var (
	answerBuckets = []float64{.0001, .00025, .0005, .001, .0025, .005, .01, .025, .05, .1, .5}
	lateBuckets   = []float64{1, 2, 5, 10, 30, 60, 300, 900, 3600, 6 * 3600, 24 * 3600}
	callBuckets   = []float64{.01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10}
	webBuckets    = []float64{.0005, .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5}
)

// NewMetrics returns metrics of the program's own, with those of Go and of the process.
func NewMetrics() *Metrics {
	m := &Metrics{registry: prometheus.NewRegistry()}
	m.asks = m.counts("stancebot_asks_total", "Questions answered, by what was asked and how it went.", "intent", "outcome")
	m.answer = m.times("stancebot_ask_seconds", "Time from a question to its reply, without the platform.", answerBuckets, "intent")
	m.events = m.counts("stancebot_events_total", "What came in from a platform, by its way and what became of it.", "platform", "way", "outcome")
	m.calls = m.counts("stancebot_platform_calls_total", "Calls of a platform's API, by method and how they went.", "platform", "method", "outcome")
	m.errors = m.counts("stancebot_platform_errors_total",
		"Calls of a platform's API that failed, by kind: rate_limited, token_refused, gone, refused, server, timeout or unreachable.", "platform", "kind")
	m.call = m.times("stancebot_platform_call_seconds", "Time that calls of a platform's API took.", callBuckets, "platform", "method")
	m.ended = m.counts("stancebot_deliveries_total", "Digests, alerts and letters that came to an end, by how: sent, empty, held, failed or dropped. "+
		"Of those in doubt a message may have come twice, or not at all.", "platform", "state", "doubt")
	m.late = m.times("stancebot_delivery_late_seconds", "Time from when a digest or an alert was due until it was sent.", lateBuckets, "platform")
	m.last = prometheus.NewGaugeVec(prometheus.GaugeOpts{
		Name: "stancebot_delivery_last_sent_timestamp_seconds", Help: "When this process last sent a digest, an alert or a letter, 0 for not since its start.",
	}, []string{"platform"})
	m.registry.MustRegister(m.last)
	m.votes = m.counts("stancebot_votes_total", "Votes of readers on answers, those that were changed included.", "vote")
	m.requests = m.counts("stancebot_http_requests_total", "Requests on the address for pages and platforms, by route and by class of status: 2xx, 4xx.", "route", "code")
	m.request = m.times("stancebot_http_request_seconds", "Time until requests on the address for pages and platforms were answered.", webBuckets, "route")
	for _, vote := range []bool{true, false} {
		m.votes.WithLabelValues(voteName(vote)) // a count that is absent until it is one cannot be told from one that is not measured
	}
	m.registry.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

func (m *Metrics) counts(name, help string, labels ...string) *prometheus.CounterVec {
	v := prometheus.NewCounterVec(prometheus.CounterOpts{Name: name, Help: help}, labels)
	m.registry.MustRegister(v)
	return v
}

func (m *Metrics) times(name, help string, buckets []float64, labels ...string) *prometheus.HistogramVec {
	v := prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: name, Help: help, Buckets: buckets}, labels)
	m.registry.MustRegister(v)
	return v
}

// Asked counts an answer.
func (m *Metrics) Asked(intent, outcome string, took time.Duration) {
	m.asks.WithLabelValues(intent, outcome).Inc()
	m.answer.WithLabelValues(intent).Observe(took.Seconds())
}

// Voted counts a vote of a reader on an answer.
func (m *Metrics) Voted(helpful bool) { m.votes.WithLabelValues(voteName(helpful)).Inc() }

func voteName(helpful bool) string {
	if helpful {
		return "helpful"
	}
	return "wrong"
}

// Delivered counts a digest or an alert that came to an end, and how long after it was due one was sent.
func (m *Metrics) Delivered(platform, state string, doubted bool, late time.Duration) {
	m.ended.WithLabelValues(platform, state, strconv.FormatBool(doubted)).Inc()
	if state == "sent" {
		m.late.WithLabelValues(platform).Observe(late.Seconds())
		m.last.WithLabelValues(platform).SetToCurrentTime()
	}
}

// Requested counts a request that was answered. The route is a pattern of ours, never the path that was asked for.
func (m *Metrics) Requested(route string, status int, took time.Duration) {
	m.requests.WithLabelValues(route, strconv.Itoa(status/100)+"xx").Inc()
	m.request.WithLabelValues(route).Observe(took.Seconds())
}

// Info adds a measure that is 1, and tells by its labels what runs.
func (m *Metrics) Info(name, help string, labels map[string]string) {
	m.Gauge(name, help, labels, func() float64 { return 1 })
}

// Gauge adds a measure that is read when it is asked for.
func (m *Metrics) Gauge(name, help string, labels map[string]string, read func() float64) {
	m.registry.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: name, Help: help, ConstLabels: labels}, read))
}

// Counter adds a count that is kept elsewhere and read when it is asked for.
func (m *Metrics) Counter(name, help string, labels map[string]string, read func() float64) {
	m.registry.MustRegister(prometheus.NewCounterFunc(prometheus.CounterOpts{Name: name, Help: help, ConstLabels: labels}, read))
}

// The states in which deliveries end.
var ends = []string{"sent", "empty", "held", "failed", "dropped"}

// Platform returns the meter of one platform, whose counts begin at nothing.
func (m *Metrics) Platform(name string) *Meter {
	for _, k := range errorKinds {
		m.errors.WithLabelValues(name, k)
	}
	for _, state := range ends {
		for _, doubt := range []string{"false", "true"} {
			m.ended.WithLabelValues(name, state, doubt)
		}
	}
	m.late.WithLabelValues(name)
	m.last.WithLabelValues(name)
	return &Meter{m, name}
}

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
	if kind := errorKind(outcome); kind != "" {
		p.metrics.errors.WithLabelValues(p.platform, kind).Inc()
	}
}

// The kinds of errors of platforms, by what an operator does about them.
const (
	rateLimited  = "rate_limited"
	tokenRefused = "token_refused"
	gone         = "gone"
	refused      = "refused"
	server       = "server"
	timedOut     = "timeout"
	unreachable  = "unreachable"
)

var errorKinds = []string{rateLimited, tokenRefused, gone, refused, server, timedOut, unreachable}

// kindOf tells the kind of an outcome, as Slack and Telegram name it. What is not named here is a call that the platform refused.
var kindOf = map[string]string{
	"ok": "", "ratelimited": rateLimited, "timeout": timedOut, "unreachable": unreachable,
	"invalid_auth": tokenRefused, "not_authed": tokenRefused, "token_revoked": tokenRefused, "token_expired": tokenRefused, "account_inactive": tokenRefused, "401": tokenRefused,
	"channel_not_found": gone, "is_archived": gone, "not_in_channel": gone, "user_not_found": gone, "message_not_found": gone, "403": gone,
	"internal_error": server, "fatal_error": server, "service_unavailable": server, "request_timeout": server, "500": server, "502": server, "503": server, "504": server,
}

func errorKind(outcome string) string {
	if kind, known := kindOf[outcome]; known {
		return kind
	}
	return refused
}

// handler answers in Prometheus' text format.
func (m *Metrics) handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{})
}
