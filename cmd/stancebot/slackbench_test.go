//go:build linux

package main

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"stancebot/adapters/adaptertest/peers"
)

// What the contenders of BenchmarkSlackCommands have in common.
const (
	benchSecret      = "0123456789abcdef0123456789abcdef"
	benchConnections = 32
	floorVariable    = "STANCETEST_SLACK_FLOOR"
)

// BenchmarkSlackCommands posts signed slash commands about all members to three servers in turn: the program, an app of
// Bolt 5 that merely echoes, and the least that Go can do, which checks the signature and echoes. It reports how many a
// second each takes over 32 connections, how many times as many the program takes as Bolt, and how long half of the
// requests and all but one in a hundred take when each server gets half of what it can take, at even times; what waits,
// counts from when it was due. The figures are medians of rounds in which the servers take turns. On a machine that others
// use, too, requests/cpu-s and times-bolt-by-cpu tell more: they count by the time that a server computed.
//
// It is measured twice: with every server on all cores, as it is run, beside the generator, and with every server on one core
// and the generator on another, which compares a core with a core. generator-busy tells how much of a core the generator
// needed at most: near 100 %, the figures are its own.
//
// With -benchtime 1x it only shows that all of it runs.
func BenchmarkSlackCommands(b *testing.B) {
	bolt := peers.Command(b, peers.Slack, "echo.mjs")
	b.Run("cores=all", func(b *testing.B) { slackCommands(b, bolt, -1, -1) })
	serverCore, ownCore := cores()
	if ownCore < 0 {
		b.Log("not measured on one core: that takes two and taskset")
		return
	}
	b.Run("cores=one", func(b *testing.B) { slackCommands(b, bolt, serverCore, ownCore) })
}

// slackCommands measures with each server on a core and the generator on one, or with -1 on all.
func slackCommands(b *testing.B, bolt []string, serverCore, ownCore int) {
	b.Helper()
	m := &slackMeasure{rounds: 5, warm: 2 * time.Second, window: time.Second, core: ownCore}
	if flag.Lookup("test.benchtime").Value.String() == "1x" {
		m.rounds, m.warm, m.window = 1, 100*time.Millisecond, 200*time.Millisecond
	}
	slack := fakeSlack(b)
	m.series = commandSeries{secret: benchSecret, responseURL: slack + "/response"}
	m.servers = []*benchServer{
		startProgram(b, serverCore, slack),
		startServer(b, serverCore, "bolt", bolt, "PORT", "SLACK_SIGNING_SECRET="+benchSecret, "NODE_ENV=production"),
		startServer(b, serverCore, "floor", []string{os.Args[0]}, floorVariable),
	}
	for b.Loop() {
		m.run(b)
	}
	m.report(b)
}

// A slackMeasure drives servers in turn.
type slackMeasure struct {
	rounds       int
	warm, window time.Duration
	core         int // of the generator
	series       commandSeries
	servers      []*benchServer
	ratios       []float64 // of the program to Bolt, by the clock
	cpuRatios    []float64 // and by the time that they computed
	busy         float64
}

// A benchServer is a server that runs, and what was measured of it.
type benchServer struct {
	name, addr string
	pid        int
	rates      []float64 // of each round, by the clock
	perCPU     []float64 // and by the time that the server computed
	p50, p99   []float64 // of each round, at half load
}

func (m *slackMeasure) run(b *testing.B) {
	b.Helper()
	guess := map[*benchServer]float64{}
	for _, s := range m.servers { // a little to learn its speed, then enough for its compiler to have seen it all
		guess[s] = m.load(b, s, 500, 0).rate
		guess[s] = m.load(b, s, count(guess[s], m.warm), 0).rate
	}
	for round := range m.rounds {
		full, perCPU := map[string]float64{}, map[string]float64{}
		turn := slices.Clone(m.servers)
		if round%2 == 1 {
			slices.Reverse(turn)
		}
		for _, s := range turn {
			requests, computed := count(guess[s], m.window), s.computed(b)
			loaded := m.load(b, s, requests, 0)
			perCPU[s.name] = float64(requests) / max(s.computed(b)-computed, tick).Seconds()
			full[s.name], m.busy = loaded.rate, max(m.busy, loaded.busy)
			s.rates, s.perCPU = append(s.rates, loaded.rate), append(s.perCPU, perCPU[s.name])
			interval := time.Duration(2 / loaded.rate * float64(time.Second))
			took := m.load(b, s, count(loaded.rate/2, m.window), interval).took
			s.p50, s.p99 = append(s.p50, microseconds(took, 50)), append(s.p99, microseconds(took, 99))
		}
		m.ratios = append(m.ratios, full["stancebot"]/full["bolt"])
		m.cpuRatios = append(m.cpuRatios, perCPU["stancebot"]/perCPU["bolt"])
	}
}

func (m *slackMeasure) load(b *testing.B, s *benchServer, requests int, interval time.Duration) loaded {
	b.Helper()
	result, err := load(s.addr, m.series.next(s.addr, requests), benchConnections, interval, m.core)
	if err != nil {
		b.Fatalf("%s: %v", s.name, err)
	}
	return result
}

// count is how many requests fill a time at a rate.
func count(rate float64, window time.Duration) int {
	return max(int(rate*window.Seconds()), benchConnections)
}

func (m *slackMeasure) report(b *testing.B) {
	b.Helper()
	b.ReportMetric(0, "ns/op") // an operation here is a measurement
	b.ReportMetric(median(m.ratios), "times-bolt")
	b.ReportMetric(median(m.cpuRatios), "times-bolt-by-cpu")
	b.ReportMetric(100*m.busy, "generator-busy-%")
	for _, s := range m.servers {
		b.ReportMetric(median(s.rates), s.name+"-requests/s")
		b.ReportMetric(median(s.perCPU), s.name+"-requests/cpu-s")
		b.ReportMetric(median(s.p50), s.name+"-p50-µs")
		b.ReportMetric(median(s.p99), s.name+"-p99-µs")
	}
}

func median(values []float64) float64 {
	slices.Sort(values)
	return values[len(values)/2]
}

// startProgram starts the program as an operator would who has Slack post to it.
func startProgram(b *testing.B, core int, slack string) *benchServer {
	b.Helper()
	return startServer(b, core, "stancebot", []string{built(b), "serve"}, "STANCEBOT_LISTEN_ADDR",
		"STANCEBOT_SLACK_SIGNING_SECRET="+benchSecret, "STANCEBOT_SLACK_BOT_TOKEN=xoxb-test", "STANCEBOT_SLACK_API_URL="+slack+"/api/",
		"STANCEBOT_ADMIN_ADDR="+freeAddr(b), "STANCEBOT_DATABASE_URL=sqlite::memory:")
}

// startServer starts a server on a core and returns when it takes connections. It is told where to listen by a variable:
// by its port alone when that is PORT.
func startServer(b *testing.B, core int, name string, command []string, variable string, env ...string) *benchServer {
	b.Helper()
	s := &benchServer{name: name, addr: freeAddr(b)}
	listen := s.addr
	if variable == "PORT" {
		_, listen, _ = net.SplitHostPort(s.addr)
	}
	if core >= 0 {
		command = append([]string{"taskset", "-c", strconv.Itoa(core)}, command...)
	}
	var said bytes.Buffer
	cmd := exec.CommandContext(context.WithoutCancel(b.Context()), command[0], command[1:]...)
	cmd.Env = append([]string{variable + "=" + listen, "PATH=" + os.Getenv("PATH"), "HOME=" + b.TempDir()}, env...)
	cmd.Stdout, cmd.Stderr = &said, &said
	if err := cmd.Start(); err != nil {
		b.Fatal(err)
	}
	s.pid = cmd.Process.Pid // taskset becomes what it starts
	ended := make(chan struct{})
	go func() { _ = cmd.Wait(); close(ended) }()
	b.Cleanup(func() { _ = cmd.Process.Kill(); <-ended })
	for deadline := time.After(30 * time.Second); ; {
		if conn, err := (&net.Dialer{}).DialContext(b.Context(), "tcp", s.addr); err == nil {
			_ = conn.Close()
			return s
		}
		select {
		case <-ended:
			b.Fatalf("%s ended: %v\n%s", name, cmd.ProcessState, said.String())
		case <-deadline:
			b.Fatalf("%s does not listen on %s", name, s.addr)
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// tick is how finely Linux tells how long a process has computed.
const tick = 10 * time.Millisecond

// computed returns how long the server has computed, in all its threads.
func (s *benchServer) computed(b *testing.B) time.Duration {
	b.Helper()
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", s.pid))
	if err != nil {
		b.Fatal(err)
	}
	fields := strings.Fields(string(stat[bytes.LastIndexByte(stat, ')')+1:])) // from the third, its state, on
	user, err := strconv.Atoi(fields[11])
	system, err2 := strconv.Atoi(fields[12])
	if err := errors.Join(err, err2); err != nil {
		b.Fatal(err)
	}
	return time.Duration(user+system) * tick
}

// freeAddr returns an address of this machine on which nobody listens.
func freeAddr(b *testing.B) string {
	b.Helper()
	listener, err := (&net.ListenConfig{}).Listen(b.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	defer listener.Close() //nolint:errcheck // nobody connected
	return listener.Addr().String()
}

// fakeSlack returns the URL of a Slack that agrees with everything.
func fakeSlack(b *testing.B) string {
	b.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprint(w, `{"ok":true,"url":"https://desk.slack.com/","team":"Desk","team_id":"T1","user":"stancebot","user_id":"U0","bot_id":"B0","app_id":"A1"}`)
	}))
	b.Cleanup(server.Close)
	return server.URL
}

// The process that startServer starts as the floor is this one again: it serves, and runs no test.
func init() {
	if addr := os.Getenv(floorVariable); addr != "" {
		server := &http.Server{Addr: addr, Handler: http.HandlerFunc(serveFloor), ReadHeaderTimeout: headerTimeout}
		fmt.Fprintln(os.Stderr, server.ListenAndServe())
		os.Exit(1)
	}
}

// serveFloor does what nobody can leave out: it reads, checks the signature, and answers with what was asked.
func serveFloor(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(io.LimitReader(r.Body, 1<<20))
	mac := hmac.New(sha256.New, []byte(benchSecret))
	fmt.Fprintf(mac, "v0:%s:%s", r.Header.Get("X-Slack-Request-Timestamp"), body)
	right := "v0=" + hex.EncodeToString(mac.Sum(nil))
	form, err2 := url.ParseQuery(string(body))
	if errors.Join(err, err2) != nil || !hmac.Equal([]byte(right), []byte(r.Header.Get("X-Slack-Signature"))) {
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	_, _ = io.WriteString(w, form.Get("text"))
}
