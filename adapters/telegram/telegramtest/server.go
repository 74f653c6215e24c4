package telegramtest

import (
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"time"

	"stancebot/adapters/adaptertest/watch"
)

// Options say what bot a Server plays Telegram for. The zero value is a bot that hears all that is said in its groups.
type Options struct {
	Token       string // "123:TEST"
	BotID       int64  // the number before the token's colon
	BotName     string // "Stancebot"
	BotUsername string // "stancebot"
	Privacy     bool   // the bot hears in groups only what is meant for it
	NoInline    bool   // inline mode was not switched on

	Now  func() time.Time // time.Now
	Spec string           // a file that describes the Bot API for machines; "" for the table that is built in

	PollTimeoutMax time.Duration // the real time that a getUpdates waits at most, 50 s
	AnswerTimeout  time.Duration // the real time that a webhook has to answer, 60 s
	Fault          func(Call) *Fault
	Limits         Limits // of sending; none
}

func (o *Options) setDefaults() {
	for field, value := range map[*string]string{&o.Token: "123:TEST", &o.BotName: "Stancebot", &o.BotUsername: "stancebot"} {
		if *field == "" {
			*field = value
		}
	}
	if o.BotID == 0 {
		number, _, _ := strings.Cut(o.Token, ":")
		o.BotID, _ = strconv.ParseInt(number, 10, 64)
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.PollTimeoutMax == 0 {
		o.PollTimeoutMax = 50 * time.Second
	}
	if o.AnswerTimeout == 0 {
		o.AnswerTimeout = time.Minute
	}
}

// A Server is a fake Telegram. Its methods may be called at any time from any goroutine, also from the bot and from faults.
type Server struct {
	watch.Watch // of the app: its complaints, and what it does

	Options Options // as given, with the defaults filled in; not to be changed

	http   *httptest.Server
	spec   *spec
	closed chan struct{} // closed by Close: frees the calls that hang
	once   sync.Once

	mu        sync.Mutex // of all below
	fault     func(Call) *Fault
	world     world
	calls     []*Call
	patience  map[string]time.Time // until when a chat or method is to be left alone
	rates     watch.Rates
	queue     queue
	webhook   webhook
	callbacks []*callback
	inlines   []*inlineQuery
	commands  []CommandSet
	texts     map[string]string // descriptions, by their kind and language
	actions   []Action
	lastID    int64
}

// New starts a fake Telegram; stop it with Close. It panics when the Spec cannot be read.
func New(o Options) *Server {
	o.setDefaults()
	s := &Server{
		Options:  o,
		spec:     newSpec(o.Spec),
		closed:   make(chan struct{}),
		fault:    o.Fault,
		patience: map[string]time.Time{},
		texts:    map[string]string{},
		lastID:   4100000000000000,
		queue:    queue{last: 100000000},
	}
	s.world.lastMessage = map[int64]int{}
	s.AddUser(User{ID: o.BotID, FirstName: o.BotName, Username: o.BotUsername, IsBot: true})
	s.http = httptest.NewServer(http.HandlerFunc(s.serve))
	return s
}

// Close stops the fake: connections are cut, and calls that hang end. Buttons that nobody answered become complaints. It may be
// called twice.
func (s *Server) Close() {
	s.once.Do(func() {
		s.mu.Lock()
		for _, q := range s.unanswered() {
			s.Complain("%s was never answered", q)
		}
		s.mu.Unlock()
		close(s.closed)
		s.http.CloseClientConnections()
		s.http.Close()
	})
}

// URL is where the fake listens, such as http://127.0.0.1:4711. Methods are below it, at /bot<token>/<method>.
func (s *Server) URL() string { return s.http.URL }

// Endpoint is that address as clients of Go take it, http://127.0.0.1:4711/bot%s/%s.
func (s *Server) Endpoint() string { return s.http.URL + "/bot%s/%s" }

// SetFault changes what decides about faults; nil for none.
func (s *Server) SetFault(fault func(Call) *Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.fault = fault
}

// newID returns an ID of a query or an inline message that was not used before; s.mu is held.
func (s *Server) newID() string {
	s.lastID += 7919
	return strconv.FormatInt(s.lastID, 10)
}
