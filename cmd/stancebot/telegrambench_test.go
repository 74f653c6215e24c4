//go:build linux

package main

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
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

// The process that startServer starts as the Bot API is this one again: it serves, and runs no test.
func init() {
	if addr := os.Getenv(fakeVariable); addr != "" {
		server := &http.Server{Addr: addr, Handler: &botAPI{patience: silence}, ReadHeaderTimeout: headerTimeout}
		fmt.Fprintln(os.Stderr, server.ListenAndServe())
		os.Exit(1)
	}
}

// A botAPI is the least of Telegram: it agrees with everything, and counts the messages to each chat of a series.
type botAPI struct {
	patience time.Duration // how long nothing may be sent while answers are missing

	mu       sync.Mutex
	counts   []int // by chat, from the first on
	last     time.Time
	twice    int
	from, to int           // the range that is waited for
	missing  int           // of it
	all      chan struct{} // closed when none is
}

// answers tell what became of the updates in a range, and of all before.
type answers struct {
	Lost, Twice int
	Last        int64 // when the last answer came, in nanoseconds
}

func (a *botAPI) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	switch path.Base(r.URL.Path) {
	case "await":
		_ = json.NewEncoder(w).Encode(a.await(r))
	case "getMe":
		_, _ = fmt.Fprint(w, `{"ok":true,"result":{"id":123456,"is_bot":true,"first_name":"Stancebot","username":"stancebot_bot","can_join_groups":true}}`)
	case "sendMessage":
		chat, err := chatOf(r)
		if err != nil {
			w.WriteHeader(http.StatusBadRequest)
			_, _ = fmt.Fprint(w, `{"ok":false,"error_code":400,"description":"Bad Request: chat not found"}`)
			return
		}
		a.sent(chat - firstChat)
		_, _ = fmt.Fprintf(w, `{"ok":true,"result":{"message_id":%d,"date":1700000000,"chat":{"id":%d,"type":"private"},"text":"x"}}`, chat-firstChat+1, chat)
	default:
		_, _ = fmt.Fprint(w, `{"ok":true,"result":true}`)
	}
}

// chatOf returns the chat that a message goes to, which stands in a form or in JSON.
func chatOf(r *http.Request) (int, error) {
	if r.Header.Get("Content-Type") != "application/json" {
		return inRange(strconv.Atoi(r.PostFormValue("chat_id")))
	}
	var p struct {
		Chat int `json:"chat_id"`
	}
	err := json.NewDecoder(r.Body).Decode(&p)
	return inRange(p.Chat, err)
}

// inRange refuses a chat that is none of a series.
func inRange(chat int, err error) (int, error) {
	if err == nil && (chat < firstChat || chat > firstChat+100_000_000) {
		err = errors.New("no chat of ours")
	}
	return chat, err
}

func (a *botAPI) sent(to int) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if missing := to + 1 - len(a.counts); missing > 0 {
		a.counts = append(a.counts, make([]int, missing)...)
	}
	a.counts[to]++
	a.last = time.Now()
	switch {
	case a.counts[to] == 2:
		a.twice++
	case a.counts[to] == 1 && a.from <= to && to < a.to:
		if a.missing--; a.missing == 0 {
			close(a.all)
		}
	}
}

// await waits until all in a range are answered, or until nothing was sent for a while.
func (a *botAPI) await(r *http.Request) answers {
	query := r.URL.Query()
	from, err := strconv.Atoi(query.Get("from"))
	to, err2 := strconv.Atoi(query.Get("to"))
	all := make(chan struct{})
	a.mu.Lock()
	defer a.mu.Unlock()
	if errors.Join(err, err2) != nil {
		return answers{Lost: -1}
	}
	a.from, a.to, a.missing, a.all = from, to, 0, all
	for i := from; i < to; i++ {
		if i >= len(a.counts) || a.counts[i] == 0 {
			a.missing++
		}
	}
	for asked := time.Now(); a.missing > 0 && (time.Since(a.last) < a.patience || time.Since(asked) < a.patience); {
		a.mu.Unlock()
		select {
		case <-all:
		case <-time.After(a.patience / 10):
		}
		a.mu.Lock()
	}
	return answers{Lost: a.missing, Twice: a.twice, Last: a.last.UnixNano()}
}

// The measure is worth nothing if an answer that is missing, or one too many, is not seen. Answers come as forms or in JSON.
func TestBotAPICountsAnswers(t *testing.T) {
	a := &botAPI{patience: 50 * time.Millisecond}
	call := func(method, contentType, body string) string {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/bot1:x/"+method, strings.NewReader(body))
		r.Header.Set("Content-Type", contentType)
		w := httptest.NewRecorder()
		a.ServeHTTP(w, r)
		return w.Body.String()
	}
	send := func(i int) {
		contentType, body := "application/json", fmt.Sprintf(`{"chat_id":%d,"text":"x"}`, firstChat+i)
		if i%2 == 1 {
			contentType, body = "application/x-www-form-urlencoded", fmt.Sprintf("chat_id=%d&text=x", firstChat+i)
		}
		if got := call("sendMessage", contentType, body); !strings.HasPrefix(got, `{"ok":true,"result":{"message_id"`) {
			t.Errorf("message %d: %s", i, got)
		}
	}
	awaited := func(from, to int) (lost, twice int) {
		var told answers
		if err := json.Unmarshal([]byte(call(fmt.Sprintf("await?from=%d&to=%d", from, to), "", "")), &told); err != nil {
			t.Fatal(err)
		}
		return told.Lost, told.Twice
	}
	if got := call("sendMessage", "application/json", `{"chat_id":1}`); !strings.Contains(got, "chat not found") {
		t.Errorf("a chat of no series: %s", got)
	}
	for i := range 4 {
		send(i)
	}
	go send(4)
	if lost, twice := awaited(0, 5); lost != 0 || twice != 0 {
		t.Errorf("all were sent: lost %d, twice %d", lost, twice)
	}
	send(2)
	if lost, twice := awaited(3, 7); lost != 2 || twice != 1 {
		t.Errorf("two were not sent, and one twice: lost %d, twice %d", lost, twice)
	}
}
