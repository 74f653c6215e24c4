package telegram_test

import (
	"context"
	"log/slog"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"stancebot/adapters/telegram"
	"stancebot/adapters/telegram/telegramtest"
	"stancebot/bot"
	"stancebot/bot/bottest"
	"stancebot/bot/chats"
	"stancebot/bot/inbox"
	"stancebot/knowledge"
)

// A transport is how updates come.
type transport string

const (
	polling transport = "polling"
	webhook transport = "webhook"
)

var transports = []transport{polling, webhook}

// The people and chats of every stage.
const (
	ana, ben                           = 101, 102
	group, super, forum, channel int64 = -200, -1001200, -1001300, -1001400
	hookSecret                         = "a-secret-of-the-tests"
)

// A stage is some chats and people, and the program among them.
type stage struct {
	*telegramtest.Server
	desk    *bottest.Desk
	adapter *telegram.Adapter
	chats   *memoryChats
	log     *safeBuffer

	mu   sync.Mutex
	told []telegram.Telling
}

// stageOptions are what a test wants otherwise than usual.
type stageOptions struct {
	telegram telegramtest.Options
	adapter  func(*telegram.Options)
	store    func() inbox.Store
}

// newStage sets a stage, and clears it at the end of the test.
func newStage(t *testing.T, over transport, o stageOptions) *stage {
	t.Helper()
	s := &stage{desk: bottest.NewDesk(t), Server: telegramtest.New(o.telegram), chats: newMemoryChats(), log: &safeBuffer{}}
	t.Cleanup(s.Close)
	s.AddUser(telegramtest.User{ID: ana, FirstName: "Ana", LanguageCode: "en"})
	s.AddUser(telegramtest.User{ID: ben, FirstName: "Ben", LanguageCode: "es"})
	s.AddChat(telegramtest.Chat{ID: group, Type: telegramtest.Group, Title: "Desk"})
	s.AddChat(telegramtest.Chat{ID: forum, Type: telegramtest.Supergroup, Title: "Topics", IsForum: true})
	s.AddChat(telegramtest.Chat{ID: channel, Type: telegramtest.Channel, Title: "News", Bot: telegramtest.Administrator})
	options := telegram.Options{
		Bot: s.desk, Suggest: bot.Suggest, Token: s.Options.Token, APIURL: s.URL(), Store: o.store, Told: s.hear,
		Desk:  func(context.Context, int64) knowledge.DeskID { return knowledge.DefaultDesk },
		Chats: func() chats.Store { return s.chats }, Meter: nobody{}, Now: time.Now,
		Log: slog.New(slog.NewTextHandler(s.log, &slog.HandlerOptions{Level: slog.LevelDebug})), Poll: time.Second, Pause: 10 * time.Millisecond,
	}
	if over == webhook {
		options.WebhookURL, options.WebhookSecret = "https://stancebot.example.org/telegram/webhook", hookSecret
	}
	if o.adapter != nil {
		o.adapter(&options)
	}
	s.adapter = telegram.New(options)
	s.run(t, over)
	return s
}

// run runs the adapter until the end of the test, and waits for it.
func (s *stage) run(t *testing.T, over transport) {
	t.Helper()
	if over == webhook {
		web := httptest.NewServer(s.adapter.Handler())
		t.Cleanup(web.Close)
		s.UseWebhook(web.URL)
	} else {
		s.UsePolling()
	}
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
	until(t, "the bot is there", func() bool {
		if over == webhook {
			_, set := s.Webhook()
			return set
		}
		return len(s.Calls("getUpdates")) > 0
	})
}

func (s *stage) hear(t telegram.Telling) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.told = append(s.told, t)
}

// heard returns what was told since it was last asked.
func (s *stage) heard() []telegram.Telling {
	s.mu.Lock()
	defer s.mu.Unlock()
	told := s.told
	s.told = nil
	return told
}

// settle waits until all that was sent to us is worked.
func (s *stage) settle(t *testing.T) {
	t.Helper()
	ctx, end := context.WithTimeout(t.Context(), 30*time.Second)
	defer end()
	if err := s.AwaitConfirmed(ctx); err != nil {
		t.Fatal(err)
	}
	until(t, "all that came in is worked", func() bool {
		in := s.adapter.Stats()
		return in.Done+in.GivenUp >= in.Received
	})
}

// until waits until something holds, and fails when it does not within half a minute.
func until(t *testing.T, what string, holds func() bool) {
	t.Helper()
	deadline := time.NewTimer(30 * time.Second)
	defer deadline.Stop()
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	for !holds() {
		select {
		case <-tick.C:
		case <-deadline.C:
			t.Fatalf("waited in vain: %s", what)
		}
	}
}

// replyTo is what the console says to a question, of the same desk.
func (s *stage) replyTo(t *testing.T, question string) bot.Reply {
	t.Helper()
	return s.desk.Handle(t.Context(), bot.Request{Desk: knowledge.DefaultDesk, Text: question})
}

// nobody hears what is measured.
type nobody struct{}

// Event hears nothing.
func (nobody) Event(string, string) {}

// Call hears nothing.
func (nobody) Call(string, string, time.Duration) {}

// A safeBuffer holds a log.
type safeBuffer struct {
	mu   sync.Mutex
	text []byte
}

// Write adds to it.
func (b *safeBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.text = append(b.text, p...)
	return len(p), nil
}

// String returns what was logged.
func (b *safeBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return string(b.text)
}

// memoryChats keeps chats in memory.
type memoryChats struct {
	mu      sync.Mutex
	greeted map[chats.Chat]bool
	paused  map[chats.Chat]string
	moves   [][2]chats.Chat
}

func newMemoryChats() *memoryChats {
	return &memoryChats{greeted: map[chats.Chat]bool{}, paused: map[chats.Chat]string{}}
}

var _ chats.Store = (*memoryChats)(nil)

// Greet notes a greeting.
func (m *memoryChats) Greet(_ context.Context, c chats.Chat) (bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	first := !m.greeted[c]
	m.greeted[c] = true
	return first, nil
}

// Pause notes a pause.
func (m *memoryChats) Pause(_ context.Context, c chats.Chat, reason string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.paused[c] = reason
	return nil
}

// Resume ends a pause.
func (m *memoryChats) Resume(_ context.Context, c chats.Chat) (bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	was := m.paused[c] != ""
	delete(m.paused, c)
	return was, nil
}

// Paused returns why.
func (m *memoryChats) Paused(_ context.Context, c chats.Chat) (string, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.paused[c], nil
}

// Move notes a move.
func (m *memoryChats) Move(_ context.Context, from, to chats.Chat) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.moves = append(m.moves, [2]chats.Chat{from, to})
	return nil
}
