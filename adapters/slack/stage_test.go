package slack_test

import (
	"context"
	"log/slog"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"stancebot/adapters/slack"
	"stancebot/adapters/slack/slacktest"
	"stancebot/bot"
	"stancebot/bot/bottest"
	"stancebot/bot/inbox"
	"stancebot/knowledge"
)

// A transport is how Slack and the adapter talk.
type transport string

const (
	overHTTP   transport = "http"
	overSocket transport = "socket"
)

var transports = []transport{overHTTP, overSocket}

// A stage is a workspace with a few channels and people, and the program in it.
type stage struct {
	*slacktest.Server
	desk    *bottest.Desk
	adapter *slack.Adapter
	meter   *tally

	mu   sync.Mutex
	told []slack.Telling
}

// stageOptions are what a test wants otherwise than usual.
type stageOptions struct {
	slack   slacktest.Options
	adapter func(*slack.Options)
	store   func() inbox.Store
}

// newStage sets a stage, and clears it at the end of the test.
func newStage(t *testing.T, over transport, o stageOptions) *stage {
	t.Helper()
	s := &stage{desk: bottest.NewDesk(t), meter: &tally{}, Server: slacktest.New(o.slack)}
	t.Cleanup(s.Server.Close)
	s.AddChannel(slacktest.Channel{ID: "C1", Name: "desk", IsMember: true})
	s.AddChannel(slacktest.Channel{ID: "C2", Name: "partners", IsMember: true, IsExtShared: true})
	s.AddChannel(slacktest.Channel{ID: "C3", Name: "elsewhere"})
	s.AddUser(slacktest.User{ID: "U1", Name: "ana", Locale: "en-US"})
	s.AddUser(slacktest.User{ID: "U2", Name: "ben", Locale: "es-ES"})
	options := slack.Options{
		Bot: s.desk, BotToken: s.Options.BotToken, APIURL: s.APIURL(), PublicURL: "https://stancebot.example.org",
		Desk: func(context.Context, string) knowledge.DeskID { return knowledge.DefaultDesk }, Told: s.hear, Store: o.store,
		Meter: s.meter, Now: time.Now, Log: slog.New(slog.DiscardHandler), Reconnect: slack.Pace{Burst: 1, Every: time.Millisecond},
	}
	if over == overSocket {
		options.AppToken = s.Options.AppToken
	} else {
		options.SigningSecret = s.Options.SigningSecret
	}
	if o.adapter != nil {
		o.adapter(&options)
	}
	s.adapter = slack.New(options)
	s.run(t, over)
	return s
}

// run runs the adapter until the end of the test, and waits for it.
func (s *stage) run(t *testing.T, over transport) {
	t.Helper()
	ctx, stop := context.WithCancel(context.WithoutCancel(t.Context()))
	ended := make(chan error, 1)
	adapter := s.adapter // a test may put another in its place
	go func() { ended <- adapter.Run(ctx) }()
	t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			t.Errorf("the adapter ended: %v", err)
		}
	})
	if over == overHTTP {
		web := httptest.NewServer(s.adapter.Handler())
		t.Cleanup(web.Close)
		s.UseHTTP(web.URL)
		return
	}
	if err := s.AwaitSockets(t.Context(), 2); err != nil {
		t.Fatal(err)
	}
}

func (s *stage) hear(t slack.Telling) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.told = append(s.told, t)
}

// heard returns what was told since it was last asked.
func (s *stage) heard() []slack.Telling {
	s.mu.Lock()
	defer s.mu.Unlock()
	told := s.told
	s.told = nil
	return told
}

// settle waits until all that came in is worked.
func (s *stage) settle(t *testing.T) {
	t.Helper()
	until(t, "all that came in is worked", func() bool {
		in := s.adapter.Stats()
		return in.Done+in.GivenUp >= in.Received
	})
}

// until waits until something holds, and fails when it does not within half a minute.
func until(t *testing.T, what string, holds func() bool) {
	t.Helper()
	if !within(30*time.Second, holds) {
		t.Fatalf("waited in vain: %s", what)
	}
}

// within reports whether something comes to hold within a time.
func within(limit time.Duration, holds func() bool) bool {
	deadline := time.NewTimer(limit)
	defer deadline.Stop()
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	for !holds() {
		select {
		case <-tick.C:
		case <-deadline.C:
			return false
		}
	}
	return true
}

// A tally counts what a Meter hears.
type tally struct {
	mu     sync.Mutex
	counts map[string]int
}

func (m *tally) count(what string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.counts == nil {
		m.counts = map[string]int{}
	}
	m.counts[what]++
}

func (m *tally) of(what string) int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.counts[what]
}

// Event counts what came in.
func (m *tally) Event(way, outcome string) { m.count(way + " " + outcome) }

// Call counts a call.
func (m *tally) Call(method, outcome string, _ time.Duration) { m.count(method + " " + outcome) }

var _ slack.Meter = (*tally)(nil)

// replyTo is what the console says to a question, of the same desk.
func (s *stage) replyTo(t *testing.T, question string) bot.Reply {
	t.Helper()
	return s.desk.Handle(t.Context(), bot.Request{Desk: knowledge.DefaultDesk, Text: question})
}
