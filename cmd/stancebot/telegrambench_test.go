//go:build linux

package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"stancebot/adapters/adaptertest/peers"
	"stancebot/knowledge/places"
)

// What the contenders of BenchmarkTelegramWebhook have in common.
const (
	telegramToken  = "123456:TEST-0123456789abcdef0123456789abcd"
	telegramSecret = "0123456789abcdef0123456789abcdef"
	telegramPath   = "/telegram/webhook"
	fakeVariable   = "STANCETEST_TELEGRAM_FAKE"

	// mostUpdates is how many one run may leave without an answer: fewer than the program takes before it has Telegram wait.
	mostUpdates = 5000
)

// BenchmarkTelegramWebhook has Telegram send messages "/stance" about all members to three servers in turn: the program with
// its records in a file, the program with them in memory, and a bot of grammY that merely echoes. A run is over when each
// message was answered, by one sendMessage to a Bot API on this machine: one that is answered twice or never fails the
// benchmark. It reports how many a second each answers over 32 connections, and how many times as many the program answers as
// grammY, medians of rounds in which the servers take turns. On a machine that others use, too, updates/cpu-s and
// times-grammy-by-cpu tell more: they count by the time that a server computed.
//
// It is measured twice: with every server on all cores, as it is run, beside what drives it, and with every server on one core
// and what drives it on another, which compares a core with a core. The Bot API is a process of its own. generator-busy and
// api-busy tell how much of a core each needed at most: near 100 % in sum, the figures of one core are their own.
//
// With -benchtime 1x it only shows that all of it runs.
func BenchmarkTelegramWebhook(b *testing.B) {
	grammy := peers.Command(b, peers.Telegram, "echo.mjs")
	b.Run("cores=all", func(b *testing.B) { telegramWebhook(b, grammy, -1, -1) })
	serverCore, ownCore := cores()
	if ownCore < 0 {
		b.Log("not measured on one core: that takes two and taskset")
		return
	}
	b.Run("cores=one", func(b *testing.B) { telegramWebhook(b, grammy, serverCore, ownCore) })
}

// telegramWebhook measures with each server on a core and what drives it on one, or with -1 on all.
func telegramWebhook(b *testing.B, grammy []string, serverCore, ownCore int) {
	b.Helper()
	m := &telegramMeasure{rounds: 5, warm: 2 * time.Second, window: time.Second, core: ownCore, ratios: map[string][]float64{}, cpuRatios: map[string][]float64{}}
	if flag.Lookup("test.benchtime").Value.String() == "1x" {
		m.rounds, m.warm, m.window = 1, 100*time.Millisecond, 200*time.Millisecond
	}
	m.api = startServer(b, ownCore, "the Bot API", []string{os.Args[0]}, fakeVariable)
	at := "http://" + m.api.addr
	file := filepath.Join(b.TempDir(), "desk.sqlite")
	m.servers = append(m.servers,
		startOnTelegram(b, serverCore, "stancebot", "sqlite:"+file, at),
		startOnTelegram(b, serverCore, "stancebot-in-memory", "sqlite::memory:", at))
	m.grammy = startServer(b, serverCore, "grammy", grammy, "PORT", "TELEGRAM_TOKEN="+telegramToken,
		"TELEGRAM_WEBHOOK_SECRET="+telegramSecret, "TELEGRAM_API_URL="+at, "NODE_ENV=production")
	m.servers = append(m.servers, m.grammy)
	for b.Loop() {
		m.run(b)
	}
	m.report(b)
}

// startOnTelegram starts the program as an operator would who has Telegram send to it.
func startOnTelegram(b *testing.B, core int, name, database, api string) *benchServer {
	b.Helper()
	return startServer(b, core, name, []string{built(b), "serve"}, "STANCEBOT_LISTEN_ADDR", "STANCEBOT_TELEGRAM_TOKEN="+telegramToken,
		"STANCEBOT_TELEGRAM_API_URL="+api, "STANCEBOT_TELEGRAM_WEBHOOK_URL=https://stancebot.example.org"+telegramPath,
		"STANCEBOT_TELEGRAM_WEBHOOK_SECRET="+telegramSecret, "STANCEBOT_ADMIN_ADDR="+freeAddr(b), "STANCEBOT_DATABASE_URL="+database)
}

// A telegramMeasure drives servers in turn.
type telegramMeasure struct {
	rounds            int
	warm, window      time.Duration
	core              int // of what drives them
	series            updateSeries
	api, grammy       *benchServer
	servers           []*benchServer       // grammY's, too
	ratios, cpuRatios map[string][]float64 // to grammY, by the clock and by the time that they computed
	busy, apiBusy     float64
}

func (m *telegramMeasure) run(b *testing.B) {
	b.Helper()
	guess := map[*benchServer]float64{}
	for _, s := range m.servers { // a little to learn its speed, then enough for its compiler to have seen it all
		guess[s], _ = m.answered(b, s, 500)
		for warmed := time.Now(); time.Since(warmed) < m.warm; {
			guess[s], _ = m.answered(b, s, m.count(guess[s]))
		}
	}
	for round := range m.rounds {
		rates, perCPU := map[*benchServer]float64{}, map[*benchServer]float64{}
		turn := slices.Clone(m.servers)
		if round%2 == 1 {
			slices.Reverse(turn)
		}
		for _, s := range turn {
			rates[s], perCPU[s] = m.answered(b, s, m.count(guess[s]))
			s.rates, s.perCPU = append(s.rates, rates[s]), append(s.perCPU, perCPU[s])
		}
		for _, s := range m.servers {
			m.ratios[s.name] = append(m.ratios[s.name], rates[s]/rates[m.grammy])
			m.cpuRatios[s.name] = append(m.cpuRatios[s.name], perCPU[s]/perCPU[m.grammy])
		}
	}
}

// count is how many updates a run has at a rate.
func (m *telegramMeasure) count(rate float64) int { return min(count(rate, m.window), mostUpdates) }

// answered has a server answer so many updates, and returns how many it answered in a second, and in one of computing.
func (m *telegramMeasure) answered(b *testing.B, s *benchServer, updates int) (rate, perCPU float64) {
	b.Helper()
	first := m.series.made
	requests := m.series.next(s.addr, updates)
	computed, apiComputed := s.computed(b), m.api.computed(b)
	l := load{addr: s.addr, connections: benchConnections, core: m.core, wordless: true}
	sent, err := l.run(requests)
	if err != nil {
		b.Fatalf("%s: %v", s.name, err)
	}
	told := m.await(b, first, m.series.made)
	if told.Lost != 0 || told.Twice != 0 {
		b.Fatalf("%s: of %d updates, %d were not answered; in all, %d were answered more than once", s.name, updates, told.Lost, told.Twice)
	}
	took := time.Unix(0, told.Last).Sub(sent.start)
	m.busy = max(m.busy, sent.busy)
	m.apiBusy = max(m.apiBusy, (m.api.computed(b)-apiComputed).Seconds()/took.Seconds())
	return float64(updates) / took.Seconds(), float64(updates) / max(s.computed(b)-computed, tick).Seconds()
}

// await asks the Bot API about the updates in a range, once all of them are answered or nothing more comes.
func (m *telegramMeasure) await(b *testing.B, from, to int) (told answers) {
	b.Helper()
	request, err := http.NewRequestWithContext(b.Context(), http.MethodGet, fmt.Sprintf("http://%s/await?from=%d&to=%d", m.api.addr, from, to), http.NoBody)
	if err != nil {
		b.Fatal(err)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		b.Fatal(err)
	}
	defer response.Body.Close()
	if err := json.NewDecoder(response.Body).Decode(&told); err != nil {
		b.Fatal(err)
	}
	return told
}

func (m *telegramMeasure) report(b *testing.B) {
	b.Helper()
	if twice := m.await(b, 0, 0).Twice; twice != 0 {
		b.Errorf("%d updates were answered more than once", twice)
	}
	b.ReportMetric(0, "ns/op") // an operation here is a measurement
	b.ReportMetric(100*m.busy, "generator-busy-%")
	b.ReportMetric(100*m.apiBusy, "api-busy-%")
	for _, s := range m.servers {
		b.ReportMetric(median(s.rates), s.name+"-updates/s")
		b.ReportMetric(median(s.perCPU), s.name+"-updates/cpu-s")
		if s != m.grammy {
			b.ReportMetric(median(m.ratios[s.name]), s.name+"-times-grammy")
			b.ReportMetric(median(m.cpuRatios[s.name]), s.name+"-times-grammy-by-cpu")
		}
	}
}

// An updateSeries makes updates as Telegram sends them, each once: messages about one member after the other, each in a chat of
// its own, by which the answer to it is known.
type updateSeries struct{ made int }

// firstChat is the chat of the first update. Updates and messages are numbered beside it.
const firstChat = 7_000_000_000

// next returns so many requests as they go over the wire to an address.
func (s *updateSeries) next(addr string, n int) [][]byte {
	requests, members := make([][]byte, n), places.Members()
	now := time.Now().Unix()
	for i := range requests {
		chat := firstChat + s.made
		person := map[string]any{"id": chat, "is_bot": false, "first_name": "Ana", "last_name": "Pérez", "username": fmt.Sprintf("ana%d", s.made), "language_code": "en"}
		body, _ := json.Marshal(map[string]any{ //nolint:errchkjson // texts and numbers can be written
			"update_id": 100_000_000 + s.made,
			"message": map[string]any{
				"message_id": 1 + s.made, "from": person, "date": now, "text": "/stance " + places.Name(members[s.made%len(members)]),
				"chat":     map[string]any{"id": chat, "first_name": "Ana", "last_name": "Pérez", "username": person["username"], "type": "private"},
				"entities": []map[string]any{{"offset": 0, "length": len("/stance"), "type": "bot_command"}},
			},
		})
		s.made++
		requests[i] = fmt.Appendf(nil, "POST %s HTTP/1.1\r\nHost: %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n"+
			"X-Telegram-Bot-Api-Secret-Token: %s\r\nConnection: keep-alive\r\nAccept-Encoding: gzip, deflate\r\n\r\n%s", telegramPath, addr, len(body), telegramSecret, body)
	}
	return requests
}
