package bench

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"time"

	"stancebot/knowledge/places"
)

// Commands are what came of slash commands to three servers: requests a second at full load, and how long they took at half.
type Commands struct {
	Program, Floor *Server
	Bolt           *Server // nil where it is not here
	// The ratios of the program to the others, of rounds in which they took turns: by the clock, and by the time that they computed.
	ToFloor, ToBolt           float64
	ToFloorByCPU, ToBoltByCPU float64
	Busy                      float64 // the share of a core that the generator needed at most: near 1, the figures are its own
	Resident                  float64 // megabytes of the program at its end
}

// A commandMeasure drives servers in turn.
type commandMeasure struct {
	lab     *Lab
	core    int // of the generator
	series  commandSeries
	servers []*Server
	toFloor map[string][]float64 // ratios by what they are and to whom
	busy    float64
}

// Commands posts signed slash commands about all members to the program, to an app of Bolt that merely echoes, and to the floor. They are
// on all cores, as they are run, beside the generator; or each on one core, and the generator on another.
func (l *Lab) Commands(ctx context.Context, alone bool) (*Commands, error) {
	serverCore, ownCore := -1, -1
	if alone {
		if serverCore, ownCore = cores(); ownCore < 0 {
			return nil, errors.New("bench: to give each a core of its own takes two, and taskset")
		}
	}
	slack, _, err := l.listeningSlack(ctx)
	if err != nil {
		return nil, err
	}
	m := &commandMeasure{lab: l, core: ownCore, series: commandSeries{secret: commandSecret, responseURL: slack + "/response"}, toFloor: map[string][]float64{}}
	c := &Commands{}
	if c.Program, err = l.serve(ctx, serverCore, "stancebot", inMemory, "STANCEBOT_SLACK_SIGNING_SECRET="+commandSecret,
		"STANCEBOT_SLACK_BOT_TOKEN=xoxb-test", "STANCEBOT_SLACK_API_URL="+slack+"/api/"); err != nil {
		return nil, err
	}
	if c.Floor, err = l.Start(ctx, serverCore, "floor", l.Floor, byArgument); err != nil {
		return nil, err
	}
	m.servers = []*Server{c.Program, c.Floor}
	if l.Bolt != nil {
		if c.Bolt, err = l.Start(ctx, serverCore, "bolt", l.Bolt, byPort, "SLACK_SIGNING_SECRET="+commandSecret, "NODE_ENV=production"); err != nil {
			return nil, err
		}
		m.servers = append(m.servers, c.Bolt)
	}
	if err := m.run(); err != nil {
		return nil, err
	}
	c.ToFloor, c.ToFloorByCPU = median(m.toFloor["floor"]), median(m.toFloor["floor by cpu"])
	c.ToBolt, c.ToBoltByCPU, c.Busy = median(m.toFloor["bolt"]), median(m.toFloor["bolt by cpu"]), m.busy
	c.Resident, err = c.Program.Resident()
	return c, err
}

func (m *commandMeasure) run() error {
	guess := map[*Server]float64{}
	for _, s := range m.servers { // a little to learn its speed, then enough for its compiler to have seen it all
		for _, requests := range []func() int{func() int { return 500 }, func() int { return count(guess[s], m.lab.warm()) }} {
			loaded, err := m.load(s, requests(), 0)
			if err != nil {
				return err
			}
			guess[s] = loaded.rate
		}
	}
	for round := range m.lab.rounds() {
		turn := slices.Clone(m.servers)
		if round%2 == 1 {
			slices.Reverse(turn)
		}
		for _, s := range turn {
			if err := m.round(s, guess[s]); err != nil {
				return err
			}
		}
		program := m.servers[0]
		for _, s := range m.servers[1:] {
			m.toFloor[s.Name] = append(m.toFloor[s.Name], program.rates[round]/s.rates[round])
			m.toFloor[s.Name+" by cpu"] = append(m.toFloor[s.Name+" by cpu"], program.perCPU[round]/s.perCPU[round])
		}
	}
	return nil
}

// round drives a server as fast as it goes, and then at half of that, at even times; what waits, counts from when it was due.
func (m *commandMeasure) round(s *Server, guess float64) error {
	requests := count(guess, m.lab.window())
	before, err := s.Computed()
	if err != nil {
		return err
	}
	full, err := m.load(s, requests, 0)
	if err != nil {
		return err
	}
	after, err := s.Computed()
	if err != nil {
		return err
	}
	s.rates, s.perCPU = append(s.rates, full.rate), append(s.perCPU, float64(requests)/max(after-before, tick).Seconds())
	m.busy = max(m.busy, full.busy)
	half, err := m.load(s, count(full.rate/2, m.lab.window()), time.Duration(2/full.rate*float64(time.Second)))
	if err != nil {
		return err
	}
	s.p50, s.p99 = append(s.p50, percentile(half.took, 50)), append(s.p99, percentile(half.took, 99))
	return nil
}

func (m *commandMeasure) load(s *Server, requests int, interval time.Duration) (loaded, error) {
	l := load{addr: s.Addr, connections: connections, interval: interval, core: m.core}
	result, err := l.run(m.series.next(s.Addr, requests))
	if err != nil {
		return loaded{}, fmt.Errorf("bench: %s: %w", s.Name, err)
	}
	return result, nil
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
