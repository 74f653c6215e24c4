//go:build linux

package main

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"slices"
	"strconv"
	"testing"
	"time"

	"stancebot/adapters/adaptertest/peers"
	"stancebot/knowledge/places"
)

// What the contenders of BenchmarkSlackCommands have in common.
const (
	benchSecret   = "0123456789abcdef0123456789abcdef"
	floorVariable = "STANCETEST_SLACK_FLOOR"
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
	l := load{addr: s.addr, connections: benchConnections, interval: interval, core: m.core}
	result, err := l.run(m.series.next(s.addr, requests))
	if err != nil {
		b.Fatalf("%s: %v", s.name, err)
	}
	return result
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

// startProgram starts the program as an operator would who has Slack post to it.
func startProgram(b *testing.B, core int, slack string) *benchServer {
	b.Helper()
	return startServer(b, core, "stancebot", []string{built(b), "serve"}, "STANCEBOT_LISTEN_ADDR",
		"STANCEBOT_SLACK_SIGNING_SECRET="+benchSecret, "STANCEBOT_SLACK_BOT_TOKEN=xoxb-test", "STANCEBOT_SLACK_API_URL="+slack+"/api/",
		"STANCEBOT_ADMIN_ADDR="+freeAddr(b), "STANCEBOT_DATABASE_URL=sqlite::memory:")
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

// A commandSeries makes slash commands as Slack posts them, each once: signed, with a trigger of its own, about one
// member after the other, from so many people that nobody asks too often.
type commandSeries struct {
	secret, responseURL string
	made                int
}

// A person asks fewer questions than the program takes from one in a minute.
const questionsEach = 20

// next returns so many requests as they go over the wire to an address, signed now.
func (s *commandSeries) next(addr string, n int) [][]byte {
	requests, members := make([][]byte, n), places.Members()
	now := strconv.FormatInt(time.Now().Unix(), 10)
	mac := hmac.New(sha256.New, []byte(s.secret))
	for i := range requests {
		s.made++
		body := url.Values{
			"token": {"gone"}, "team_id": {"T1"}, "team_domain": {"desk"}, "channel_id": {"C1"}, "channel_name": {"world"},
			"user_id": {fmt.Sprintf("U%07d", s.made/questionsEach)}, "user_name": {"ana"}, "command": {"/stance"},
			"text": {"stance " + places.Name(members[s.made%len(members)])}, "api_app_id": {"A1"}, "is_enterprise_install": {"false"},
			"response_url": {s.responseURL}, "trigger_id": {fmt.Sprintf("%d.1.abcdef", s.made)},
		}.Encode()
		mac.Reset()
		mac.Write([]byte("v0:" + now + ":" + body))
		requests[i] = fmt.Appendf(nil, "POST /slack/commands HTTP/1.1\r\nHost: %s\r\nUser-Agent: Slackbot 1.0 (+https://api.slack.com/robots)\r\n"+
			"Accept: application/json,*/*\r\nContent-Type: application/x-www-form-urlencoded\r\nX-Slack-Request-Timestamp: %s\r\n"+
			"X-Slack-Signature: v0=%s\r\nContent-Length: %d\r\n\r\n%s", addr, now, hex.EncodeToString(mac.Sum(nil)), len(body), body)
	}
	return requests
}
