package slacktest

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"time"

	"stancebot/adapters/adaptertest/watch"
)

// Options say what workspace and app a Server plays. The zero value is a workspace whose app may do everything that the fake
// knows but post where it is no member.
type Options struct {
	BotToken      string // "xoxb-test"
	AppToken      string // "xapp-test"
	SigningSecret string // "signing-secret"

	TeamID       string // "T1"
	EnterpriseID string // of the organisation that the workspace belongs to; none
	OrgInstall   bool   // the app is installed in the whole organisation
	TeamName     string // "Newsroom"
	AppID        string // "A1"
	BotID        string // "B1"
	BotUserID    string // "UBOT"
	BotName      string // "stancebot"

	Scopes []string         // what the bot token may do; AllScopes
	Now    func() time.Time // time.Now

	AckTimeout   time.Duration // the real time that an app has to answer, 3 s
	PingInterval time.Duration // between the pings of a socket, 10 s
	Retry        bool          // deliver an event that was not acknowledged again at once, instead of at Redeliver
	FilePolls    int           // how many times files.info finds a completed upload unfinished
	Fault        func(Call) *Fault
	Limits       Limits // of posting; none
}

// AllScopes are the scopes that the methods of the fake ask for.
func AllScopes() []string {
	return []string{
		"chat:write", "commands", "app_mentions:read", "users:read", "links:read", "links:write", "files:read", "files:write",
		"channels:read", "channels:history", "groups:read", "groups:history", "im:read", "im:history", "im:write",
	}
}

func (o *Options) setDefaults() {
	for field, value := range map[*string]string{
		&o.BotToken: "xoxb-test", &o.AppToken: "xapp-test", &o.SigningSecret: "signing-secret",
		&o.TeamID: "T1", &o.TeamName: "Newsroom", &o.AppID: "A1", &o.BotID: "B1", &o.BotUserID: "UBOT", &o.BotName: "stancebot",
	} {
		if *field == "" {
			*field = value
		}
	}
	if o.Scopes == nil {
		o.Scopes = AllScopes()
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.AckTimeout == 0 {
		o.AckTimeout = ackLimit
	}
	if o.PingInterval == 0 {
		o.PingInterval = 10 * time.Second
	}
}

// ackLimit is what Slack gives an app to answer a delivery.
const ackLimit = 3 * time.Second

// A Server is a fake Slack. Its methods may be called at any time from any goroutine, also from the app and from faults.
type Server struct {
	watch.Watch // of the app: its complaints, and what it does

	Options Options // as given, with the defaults filled in; not to be changed

	http   *httptest.Server
	api    http.Handler
	closed chan struct{} // closed by Close: frees the calls that hang
	once   sync.Once
	hub    *hub

	mu        sync.Mutex // of all below
	transport transport
	fault     func(Call) *Fault
	world     world
	calls     []*Call
	patience  map[string]pause // when a method is not to be called
	rates     watch.Rates
	missed    []*event
	triggers  map[string]*trigger
	responses map[string]*responseURL
	lastID    int
	lastTS    int
}

// New starts a fake Slack that delivers over Socket Mode; stop it with Close.
func New(o Options) *Server {
	o.setDefaults()
	s := &Server{
		Options:   o,
		closed:    make(chan struct{}),
		fault:     o.Fault,
		world:     newWorld(),
		patience:  map[string]pause{},
		triggers:  map[string]*trigger{},
		responses: map[string]*responseURL{},
	}
	s.hub = newHub(s)
	s.transport = s.hub
	s.AddUser(User{ID: o.BotUserID, Name: o.BotName, IsBot: true})

	mux := http.NewServeMux()
	s.api = mux
	mux.HandleFunc("/api/{method}", s.serveAPI)
	mux.HandleFunc("POST /respond/{id}", s.serveResponse)
	mux.HandleFunc("POST /upload/{file}", s.serveUpload)
	mux.HandleFunc("GET /link", s.hub.serve)
	s.http = httptest.NewServer(mux)
	return s
}

// Close stops the fake: connections are cut, and calls that hang end. It may be called twice.
func (s *Server) Close() {
	s.once.Do(func() {
		close(s.closed)
		s.hub.close()
		s.http.CloseClientConnections()
		s.http.Close()
	})
}

// URL is where the fake listens, such as http://127.0.0.1:4711.
func (s *Server) URL() string { return s.http.URL }

// APIURL is the base of the Web API's methods, with a slash at its end.
func (s *Server) APIURL() string { return s.http.URL + "/api/" }

// SetFault changes what decides about faults; nil for none.
func (s *Server) SetFault(fault func(Call) *Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.fault = fault
}

// newID returns an ID that was not used before; s.mu is held.
func (s *Server) newID(prefix string) string {
	s.lastID++
	return fmt.Sprintf("%s%08d", prefix, s.lastID)
}

// newTS returns the timestamp of a message: it names the message in its channel, and later ones are greater. s.mu is held.
func (s *Server) newTS() string {
	s.lastTS++
	return fmt.Sprintf("%d.%06d", s.Options.Now().Unix(), s.lastTS)
}

// domain is the workspace's name in addresses.
func (s *Server) domain() string {
	return strings.ToLower(strings.ReplaceAll(s.Options.TeamName, " ", "-"))
}
