package bench

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"time"

	"stancebot/knowledge/places"
)

// What the contenders of Updates have in common.
const (
	telegramToken  = "123456:TEST-0123456789abcdef0123456789abcd"
	telegramSecret = "0123456789abcdef0123456789abcdef"
	telegramPath   = "/telegram/webhook"

	// mostUpdates is how many one run may leave without an answer: fewer than the program takes before it has Telegram wait.
	mostUpdates = 5000
)

// Updates are what came of messages from Telegram to a webhook, each answered by one sendMessage: how many a second.
type Updates struct {
	InFile, InMemory *Server // the program, by where its records are
	GrammY           *Server // nil where it is not here
	// The ratios of the program to grammY, of rounds in which they took turns: by the clock, and by the time that they computed.
	InFileTimes, InMemoryTimes           float64
	InFileTimesByCPU, InMemoryTimesByCPU float64
	Busy, APIBusy                        float64 // the shares of a core that the generator and the Bot API needed at most
}

// An updateMeasure drives servers in turn.
type updateMeasure struct {
	lab           *Lab
	core          int // of what drives them
	series        updateSeries
	api           *Server
	servers       []*Server // grammY last, where it is here
	ratios        map[string][]float64
	busy, apiBusy float64
}

// Updates has Telegram send messages about all members to the program with its records in a file, to the program with them in memory, and
// to a bot of grammY that merely echoes. A run is over when each message was answered: one that is answered twice or never is an error.
// They are on all cores beside what drives them; or each on one core, and what drives them on another.
func (l *Lab) Updates(ctx context.Context, alone bool) (*Updates, error) {
	serverCore, ownCore := -1, -1
	if alone {
		if serverCore, ownCore = cores(); ownCore < 0 {
			return nil, errors.New("bench: to give each a core of its own takes two, and taskset")
		}
	}
	m := &updateMeasure{lab: l, core: ownCore, ratios: map[string][]float64{}}
	u := &Updates{}
	var err error
	if m.api, err = l.Start(ctx, ownCore, "the Bot API", l.BotAPI, byArgument); err != nil {
		return nil, err
	}
	at := "http://" + m.api.Addr
	webhook := []string{
		"STANCEBOT_TELEGRAM_TOKEN=" + telegramToken, "STANCEBOT_TELEGRAM_API_URL=" + at,
		"STANCEBOT_TELEGRAM_WEBHOOK_URL=https://stancebot.example.org" + telegramPath, "STANCEBOT_TELEGRAM_WEBHOOK_SECRET=" + telegramSecret,
	}
	if u.InFile, err = l.serve(ctx, serverCore, "stancebot", l.inFile(), webhook...); err != nil {
		return nil, err
	}
	if u.InMemory, err = l.serve(ctx, serverCore, "stancebot-in-memory", inMemory, webhook...); err != nil {
		return nil, err
	}
	m.servers = []*Server{u.InFile, u.InMemory}
	if l.GrammY != nil {
		if u.GrammY, err = l.Start(ctx, serverCore, "grammy", l.GrammY, byPort, "TELEGRAM_TOKEN="+telegramToken,
			"TELEGRAM_WEBHOOK_SECRET="+telegramSecret, "TELEGRAM_API_URL="+at, "NODE_ENV=production"); err != nil {
			return nil, err
		}
		m.servers = append(m.servers, u.GrammY)
	}
	if err := m.run(ctx); err != nil {
		return nil, err
	}
	u.Busy, u.APIBusy = m.busy, m.apiBusy
	u.InFileTimes, u.InFileTimesByCPU = median(m.ratios[u.InFile.Name]), median(m.ratios[u.InFile.Name+" by cpu"])
	u.InMemoryTimes, u.InMemoryTimesByCPU = median(m.ratios[u.InMemory.Name]), median(m.ratios[u.InMemory.Name+" by cpu"])
	return u, nil
}

func (m *updateMeasure) run(ctx context.Context) error {
	guess := map[*Server]float64{}
	for _, s := range m.servers { // a little to learn its speed, then enough for its compiler to have seen it all
		updates := 500
		for warmed := time.Now(); updates == 500 || time.Since(warmed) < m.lab.warm(); {
			rate, _, err := m.answered(ctx, s, updates)
			if err != nil {
				return err
			}
			guess[s], updates = rate, m.count(rate)
		}
	}
	for round := range m.lab.rounds() {
		turn := slices.Clone(m.servers)
		if round%2 == 1 {
			slices.Reverse(turn)
		}
		for _, s := range turn {
			rate, perCPU, err := m.answered(ctx, s, m.count(guess[s]))
			if err != nil {
				return err
			}
			s.rates, s.perCPU = append(s.rates, rate), append(s.perCPU, perCPU)
		}
		if grammy := m.servers[len(m.servers)-1]; len(m.servers) == 3 {
			for _, s := range m.servers[:2] {
				m.ratios[s.Name] = append(m.ratios[s.Name], s.rates[round]/grammy.rates[round])
				m.ratios[s.Name+" by cpu"] = append(m.ratios[s.Name+" by cpu"], s.perCPU[round]/grammy.perCPU[round])
			}
		}
	}
	if told, err := m.await(ctx, 0, 0); err != nil || told.Twice != 0 {
		return errors.Join(err, fmt.Errorf("bench: %d updates were answered more than once", told.Twice))
	}
	return nil
}

// count is how many updates a run has at a rate.
func (m *updateMeasure) count(rate float64) int { return min(count(rate, m.lab.window()), mostUpdates) }

// answered has a server answer so many updates, and returns how many it answered in a second, and in one of computing.
func (m *updateMeasure) answered(ctx context.Context, s *Server, updates int) (rate, perCPU float64, err error) {
	first := m.series.made
	requests := m.series.next(s.Addr, updates)
	computed, err := s.Computed()
	apiComputed, err2 := m.api.Computed()
	if err := errors.Join(err, err2); err != nil {
		return 0, 0, err
	}
	l := load{addr: s.Addr, connections: connections, core: m.core, wordless: true}
	sent, err := l.run(requests)
	if err != nil {
		return 0, 0, fmt.Errorf("bench: %s: %w", s.Name, err)
	}
	told, err := m.await(ctx, first, m.series.made)
	if err != nil {
		return 0, 0, err
	}
	if told.Lost != 0 || told.Twice != 0 {
		return 0, 0, fmt.Errorf("bench: %s: of %d updates, %d were not answered; in all, %d were answered more than once\n%s", s.Name, updates, told.Lost, told.Twice, s.said)
	}
	took := time.Unix(0, told.Last).Sub(sent.start)
	after, err := s.Computed()
	apiAfter, err2 := m.api.Computed()
	m.busy = max(m.busy, sent.busy)
	m.apiBusy = max(m.apiBusy, (apiAfter-apiComputed).Seconds()/took.Seconds())
	return float64(updates) / took.Seconds(), float64(updates) / max(after-computed, tick).Seconds(), errors.Join(err, err2)
}

// await asks the Bot API about the updates in a range, once all of them are answered or nothing more comes.
func (m *updateMeasure) await(ctx context.Context, from, to int) (told answers, err error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, fmt.Sprintf("http://%s/await?from=%d&to=%d", m.api.Addr, from, to), http.NoBody)
	if err != nil {
		return told, fmt.Errorf("bench: %w", err)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return told, fmt.Errorf("bench: %w", err)
	}
	defer response.Body.Close()
	err = json.NewDecoder(response.Body).Decode(&told)
	return told, err
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
