//go:build linux

package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"stancebot/adapters/slack/slacktest"
	"stancebot/adapters/telegram/telegramtest"
)

// clockVariable names a file that tells by how much the clock of a process is wrong.
const clockVariable = "STANCETEST_CLOCK"

// wrongClock has the clock of the program go wrong by what the file says, as soon as it says so. It has no monotonic part: what reckons
// with it sees a jump.
func wrongClock() {
	file := os.Getenv(clockVariable)
	if file == "" {
		return
	}
	var by atomic.Int64
	go func() {
		for ; ; time.Sleep(50 * time.Millisecond) {
			text, err := os.ReadFile(file)
			if d, bad := time.ParseDuration(string(text)); err == nil && bad == nil {
				by.Store(int64(d))
			}
		}
	}()
	clock = func() time.Time { return time.Now().Round(0).Add(time.Duration(by.Load())) }
}

// A process is one that serves a soak.
type process struct {
	*replica
	clock         string // the file of its clock
	admin, listen string
}

var startedLine = regexp.MustCompile(`msg=serving admin=(\S+) listen=(\S+) `)

// begin starts a process.
func (s *soak) begin(t *testing.T) *process {
	t.Helper()
	p := &process{clock: filepath.Join(t.TempDir(), "clock")}
	p.setClock(0)
	p.replica = s.serveFrom(t, s.program, clockVariable+"="+p.clock, "STANCEBOT_WEB_ACCESS=public")
	s.ended = append(s.ended, p)
	return p
}

// up waits until a process serves, and has what is sent go there, too.
func (s *soak) up(t *testing.T, p *process) {
	t.Helper()
	p.serving(t)
	found := startedLine.FindStringSubmatch(p.log.String())
	p.admin, p.listen = found[1], found[2]
	s.balancer.add(p.listen)
}

func (p *process) setClock(by time.Duration) {
	next := p.clock + ".next"
	if err := os.WriteFile(next, []byte(by.String()), 0o600); err == nil {
		_ = os.Rename(next, p.clock) // a clock that stays right shows in the figures
	}
}

func (s *soak) clockOf(processes []*process, by time.Duration) {
	for _, p := range processes {
		p.setClock(by)
	}
}

// A balancer passes requests on to processes by turns, and to the next where one is not there.
type balancer struct {
	url  string
	next atomic.Int64

	mu sync.Mutex
	to []string
}

func newBalancer(t *testing.T) *balancer {
	t.Helper()
	b := &balancer{}
	transport := &http.Transport{MaxIdleConnsPerHost: 32}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return
		}
		proxy := httputil.ReverseProxy{
			Rewrite:   func(p *httputil.ProxyRequest) { p.Out.URL.Scheme = "http" },
			Transport: tries{b, transport, body}, ErrorLog: nil,
			ErrorHandler: func(w http.ResponseWriter, _ *http.Request, _ error) { w.WriteHeader(http.StatusBadGateway) },
		}
		proxy.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	t.Cleanup(transport.CloseIdleConnections)
	b.url = server.URL
	return b
}

func (b *balancer) add(address string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.to = append(b.to, address)
}

func (b *balancer) remove(address string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.to = slices.DeleteFunc(slices.Clone(b.to), func(a string) bool { return a == address })
}

// A tries sends a request to a process, and to the next where nothing listens.
type tries struct {
	*balancer
	by   http.RoundTripper
	body []byte
}

// RoundTrip sends it.
func (s tries) RoundTrip(r *http.Request) (resp *http.Response, err error) {
	s.mu.Lock()
	to := s.to
	s.mu.Unlock()
	err = io.ErrNoProgress // there is none
	for range to {
		r.URL.Host = to[int(s.next.Add(1))%len(to)]
		r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(s.body)), int64(len(s.body))
		if resp, err = s.by.RoundTrip(r); err == nil || !strings.Contains(err.Error(), "connection refused") {
			return resp, err
		}
	}
	return resp, err
}

// A weather is how the platforms are.
type weather struct {
	mu     sync.Mutex
	now    climate
	chance *rand.Rand
}

type climate int

// The climates.
const (
	calm      climate = iota
	slow              // calls take up to some seconds
	throttled         // some are asked to wait
	broken            // some meet a gateway that fails
	losing            // some are done, and nobody says so
	cut               // some are cut off before they are done
)

func newWeather(seed uint64) *weather {
	return &weather{chance: rand.New(rand.NewPCG(seed, 7))}
}

func (w *weather) clear() { w.is(calm) }

func (w *weather) is(c climate) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.now = c
}

// turns has it so for a while.
func (w *weather) turns(c climate, length time.Duration) {
	w.is(c)
	time.Sleep(length)
	w.clear()
}

// strikes tells what a call meets, and after which time.
func (w *weather) strikes() (climate, time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.now == calm || w.chance.IntN(3) != 0 {
		return calm, 0
	}
	return w.now, time.Duration(w.chance.Int64N(int64(4 * time.Second)))
}

func (w *weather) inSlack(string) *slacktest.Fault {
	switch c, after := w.strikes(); c {
	case slow:
		time.Sleep(after)
	case throttled:
		return &slacktest.Fault{Status: http.StatusTooManyRequests, RetryAfter: time.Second}
	case broken:
		return &slacktest.Fault{Status: http.StatusBadGateway}
	case losing:
		return &slacktest.Fault{After: true, Drop: true}
	case cut:
		return &slacktest.Fault{Drop: true}
	}
	return nil
}

func (w *weather) inTelegram(string) *telegramtest.Fault {
	switch c, after := w.strikes(); c {
	case slow:
		time.Sleep(after)
	case throttled:
		return &telegramtest.Fault{RetryAfter: time.Second}
	case broken:
		return &telegramtest.Fault{Status: http.StatusBadGateway}
	case losing:
		return &telegramtest.Fault{After: true, Drop: true}
	case cut:
		return &telegramtest.Fault{Drop: true}
	}
	return nil
}

// A sample is how large the process is that lives to the end.
type sample struct {
	at                      time.Duration // from the start
	resident, heap          float64       // megabytes
	goroutines, descriptors int
}

var gauges = regexp.MustCompile(`(?m)^(go_goroutines|go_memstats_heap_inuse_bytes) (\S+)$`)

// sampling looks at the first process again and again.
func (s *soak) sampling(ctx context.Context) {
	tick := time.NewTicker(min(5*time.Second, s.length/40))
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		if one, err := s.processes[0].sample(ctx); err == nil {
			one.at = time.Since(s.began)
			s.mu.Lock()
			s.seen = append(s.seen, one)
			s.mu.Unlock()
		}
	}
}

func (p *process) sample(ctx context.Context) (sample, error) {
	resp, err := get(ctx, "http://"+p.admin+"/metrics")
	if err != nil {
		return sample{}, err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		return sample{}, err
	}
	var one sample
	for _, m := range gauges.FindAllStringSubmatch(string(body), -1) {
		value, err := strconv.ParseFloat(m[2], 64)
		if err != nil {
			return sample{}, err
		}
		if m[1] == "go_goroutines" {
			one.goroutines = int(value)
		} else {
			one.heap = value / 1e6
		}
	}
	open, err := os.ReadDir(fmt.Sprintf("/proc/%d/fd", p.cmd.Process.Pid))
	if err != nil {
		return sample{}, err
	}
	one.descriptors = len(open)
	statm, err := os.ReadFile(fmt.Sprintf("/proc/%d/statm", p.cmd.Process.Pid))
	if err != nil {
		return sample{}, err
	}
	pages, err := strconv.Atoi(strings.Fields(string(statm))[1])
	one.resident = float64(pages*os.Getpagesize()) / 1e6
	return one, err
}
