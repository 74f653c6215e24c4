package slack

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"sync"
	"time"

	"github.com/gorilla/websocket"
	"github.com/slack-go/slack"
	"github.com/slack-go/slack/socketmode"

	"stancebot/adapters/lenient"
)

// A Pace is how often sockets may be opened: so many at once, and then one each Every.
type Pace struct {
	Burst int
	Every time.Duration
}

// slackPace keeps within what Slack allows of apps.connections.open, which is a call a minute and a little more.
var slackPace = Pace{Burst: 8, Every: 10 * time.Second}

// The limits of a socket.
const (
	atOnce    = 64               // envelopes of one socket that are worked at a time
	maxAck    = 19 << 10         // an acknowledgement of 20 kB Slack drops without a word
	handshake = 10 * time.Second // for a socket to open
)

// listen holds one connection in Socket Mode, and opens it anew when it is lost, until the context ends or Slack refuses
// the token for good. The rest of the program goes on without it.
func (a *Adapter) listen(ctx context.Context) {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	pace := a.Reconnect
	if pace == (Pace{}) {
		pace = slackPace
	}
	opener := &http.Client{Timeout: callLimit + pace.Every, Transport: &pacer{Pace: pace, next: a.HTTP.Transport, now: a.Now}}
	options := []slack.Option{slack.OptionAppLevelToken(a.AppToken), slack.OptionHTTPClient(opener)}
	if a.APIURL != "" {
		options = append(options, slack.OptionAPIURL(a.APIURL))
	}
	s := &socket{Adapter: a, stop: stop, client: socketmode.New(slack.New("", options...),
		socketmode.OptionDialer(&websocket.Dialer{Proxy: http.ProxyFromEnvironment, HandshakeTimeout: handshake, WriteBufferSize: 32 << 10}))}
	var running sync.WaitGroup
	running.Go(func() { s.read(ctx) })
	err := s.client.RunContext(ctx)
	stop()
	running.Wait()
	if !errors.Is(err, context.Canceled) {
		s.refusedBy(context.WithoutCancel(ctx), err)
	}
}

// A socket is one connection, through all its renewals.
type socket struct {
	*Adapter
	client *socketmode.Client
	stop   context.CancelFunc
	open   bool
}

// read takes envelopes until the context ends, each worked aside so that none waits for another. It waits for them.
func (s *socket) read(ctx context.Context) {
	room := make(chan struct{}, atOnce)
	var working sync.WaitGroup
	defer working.Wait()
	defer s.isOpen(false)
	for {
		select {
		case <-ctx.Done():
			return
		case ev := <-s.client.Events:
			e, ok := s.envelope(ctx, &ev)
			if !ok {
				continue
			}
			room <- struct{}{}
			working.Go(func() {
				defer func() { <-room }()
				s.take(ctx, e)
			})
		}
	}
}

func (s *socket) isOpen(open bool) {
	if s.open == open {
		return
	}
	if s.open = open; open {
		s.health.connected(1)
	} else {
		s.health.connected(-1)
	}
}

// An envelope is what Slack sends through a socket, and wants to be acknowledged by its id.
type envelope struct {
	id, kind string
	payload  json.RawMessage
}

// envelope returns what an event of the connection brings, if anything. What slack-go could not decode it brings as it
// came: it is acknowledged like any other, or Slack would send it again and again.
func (s *socket) envelope(ctx context.Context, ev *socketmode.Event) (envelope, bool) {
	switch data := ev.Data.(type) {
	case *socketmode.ConnectedEvent:
		s.isOpen(true)
		s.Log.InfoContext(ctx, "a socket to slack is open")
		return envelope{}, false
	case *slack.ConnectingEvent:
		s.isOpen(false)
		return envelope{}, false
	case *slack.ConnectionErrorEvent:
		s.isOpen(false)
		if code := codeOf(data.ErrorObj); fatalCodes[code] || code == "link_disabled" || code == "forbidden_team" {
			s.refusedBy(ctx, data.ErrorObj)
			s.stop()
			return envelope{}, false
		}
		s.Log.WarnContext(ctx, "no socket to slack: it is tried again", "attempt", data.Attempt, "in", data.Backoff, "error", withoutURL(data.ErrorObj))
		return envelope{}, false
	case *socketmode.ErrorBadMessage:
		f, err := lenient.Read(data.Message)
		return envelope{f.Text("envelope_id"), f.Text("type"), f.Raw("payload")}, err == nil && f.Text("envelope_id") != ""
	}
	if ev.Request == nil || ev.Request.EnvelopeID == "" {
		return envelope{}, false
	}
	return envelope{ev.Request.EnvelopeID, ev.Request.Type, ev.Request.Payload}, true
}

// refusedBy tells that Slack refuses the app's token for good.
func (s *socket) refusedBy(ctx context.Context, err error) {
	code := codeOf(err)
	if code == "" {
		code = "that it knows no such app"
	}
	s.health.appFails(code)
	s.Log.ErrorContext(ctx, "slack refuses STANCEBOT_SLACK_APP_TOKEN: Socket Mode stops until the next start", "slack", code)
}

// take does what an envelope asks for, and acknowledges it: an event once it is recorded, a command with its answer.
func (s *socket) take(ctx context.Context, e envelope) {
	switch e.kind {
	case socketmode.RequestTypeEventsAPI:
		if v, _ := s.receiveEvent(ctx, e.payload); v == refused {
			return // not acknowledged: it comes again
		}
	case socketmode.RequestTypeInteractive:
		if s.receiveAction(ctx, e.payload) == refused {
			return
		}
	case socketmode.RequestTypeSlashCommands:
		s.takeCommand(ctx, e)
		return
	}
	s.acknowledge(ctx, e.id, nil)
}

// takeCommand acknowledges a slash command with its answer. One that is too long for that is sent by the response URL.
func (s *socket) takeCommand(ctx context.Context, e envelope) {
	c, err := readCommand(e.payload)
	if err != nil {
		s.Meter.Event(wayCommand, string(malformed))
		s.acknowledge(ctx, e.id, nil)
		return
	}
	s.command(ctx, &c, func(answer json.RawMessage, _ bool) {
		if len(answer) <= maxAck {
			s.acknowledge(ctx, e.id, answer)
			return
		}
		s.acknowledge(ctx, e.id, nil)
		if err := s.api.at(c.team).answer(ctx, c.responseURL, answer); err != nil {
			s.Log.ErrorContext(ctx, "a long answer could not be sent", "error", err)
		}
	})
}

func (s *socket) acknowledge(ctx context.Context, id string, answer json.RawMessage) {
	var payload any // a nil message in it would be one
	if answer != nil {
		payload = answer
	}
	if err := s.client.AckCtx(ctx, id, payload); err != nil && ctx.Err() == nil {
		s.Log.WarnContext(ctx, "an envelope of slack could not be acknowledged", "error", err)
	}
}

// A pacer keeps the requests that open sockets at a pace: those above it wait.
type pacer struct {
	Pace
	next http.RoundTripper
	now  func() time.Time

	mu   sync.Mutex
	free time.Time // when all of the burst is free again
}

// RoundTrip sends a request when its turn has come.
func (p *pacer) RoundTrip(r *http.Request) (*http.Response, error) {
	if wait := p.turn(); wait > 0 {
		timer := time.NewTimer(wait)
		defer timer.Stop()
		select {
		case <-timer.C:
		case <-r.Context().Done():
			return nil, r.Context().Err()
		}
	}
	next := p.next
	if next == nil {
		next = http.DefaultTransport
	}
	return next.RoundTrip(r)
}

// turn takes a turn and returns how long it is until then.
func (p *pacer) turn() time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := p.now()
	if p.free.Before(now) {
		p.free = now
	}
	p.free = p.free.Add(p.Every)
	return p.free.Add(-time.Duration(p.Burst) * p.Every).Sub(now)
}
