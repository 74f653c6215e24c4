package slacktest_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/slack-go/slack"
	"github.com/slack-go/slack/slackevents"
	"github.com/slack-go/slack/socketmode"

	"stancebot/adapters/slack/slacktest"
)

// An app is a small one on slack-go, the same over both transports. What is nil is acknowledged with nothing.
type app struct {
	api   *slack.Client
	clock *wall // of the fake

	mu          sync.Mutex
	command     func(slack.SlashCommand) any
	event       func(inner slackevents.EventsAPIInnerEvent, d eventHead) bool // false leaves it unacknowledged
	interaction func(slack.InteractionCallback) any
}

// eventHead is what the app sees around an event.
type eventHead struct {
	ID       string
	External bool
	Retry    int
	Reason   string
}

const (
	ana     = "UANA"
	luis    = "ULUIS"
	news    = "CNEWS"
	private = "CPRIV"
)

// newWorkspace is a fake with two people and some channels.
func newWorkspace(t *testing.T, o slacktest.Options) (*slacktest.Server, *app) {
	t.Helper()
	clock := newWall()
	o.Now = clock.Now
	s := slacktest.New(o)
	t.Cleanup(s.Close)
	s.AddUser(slacktest.User{ID: ana, Name: "ana", Locale: "es-ES", TZ: "America/Lima"})
	s.AddUser(slacktest.User{ID: luis, Name: "luis"})
	s.AddChannel(slacktest.Channel{ID: news, Name: "news", IsMember: true})
	s.AddChannel(slacktest.Channel{ID: private, Name: "secret", IsPrivate: true})
	s.AddChannel(slacktest.Channel{ID: "COLD", Name: "old", IsMember: true, IsArchived: true})
	s.AddChannel(slacktest.Channel{ID: "CELSE", Name: "elsewhere"})
	s.AddChannel(slacktest.Channel{ID: "CEXT", Name: "ext", IsMember: true, IsExtShared: true, Members: []string{luis}})
	api := slack.New(s.Options.BotToken, slack.OptionAPIURL(s.APIURL()), slack.OptionAppLevelToken(s.Options.AppToken))
	return s, &app{api: api, clock: clock}
}

// onBoth runs a test over each transport.
func onBoth(t *testing.T, o slacktest.Options, test func(*testing.T, *slacktest.Server, *app)) {
	t.Helper()
	t.Run("socket", func(t *testing.T) {
		t.Parallel()
		s, a := newWorkspace(t, o)
		a.connect(t, s)
		test(t, s, a)
	})
	t.Run("http", func(t *testing.T) {
		t.Parallel()
		s, a := newWorkspace(t, o)
		server := httptest.NewServer(a.handler(s.Options.SigningSecret))
		t.Cleanup(server.Close)
		s.UseHTTP(server.URL)
		test(t, s, a)
	})
}

// connect runs the app over a socket until the test ends.
func (a *app) connect(t *testing.T, s *slacktest.Server) {
	t.Helper()
	client := socketmode.New(a.api)
	ctx, cancel := context.WithCancel(t.Context())
	var running sync.WaitGroup
	running.Go(func() { _ = client.RunContext(ctx) })
	running.Go(func() { a.listen(ctx, client) })
	t.Cleanup(func() {
		cancel()
		s.Close()
		running.Wait()
	})
	await(t, s, 1)
}

func await(t *testing.T, s *slacktest.Server, n int) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	if err := s.AwaitSockets(ctx, n); err != nil {
		t.Fatal(err)
	}
}

func (a *app) listen(ctx context.Context, client *socketmode.Client) {
	for {
		select {
		case <-ctx.Done():
			return
		case e := <-client.Events:
			if e.Type == socketmode.EventTypeErrorBadMessage {
				a.ackBad(ctx, client, e)
			}
			if e.Request == nil || e.Request.EnvelopeID == "" {
				continue
			}
			if payload, ok := a.handle(e); ok {
				_ = client.AckCtx(ctx, e.Request.EnvelopeID, payload)
			}
		}
	}
}

// ackBad acknowledges what slack-go cannot read.
func (a *app) ackBad(ctx context.Context, client *socketmode.Client, e socketmode.Event) {
	var head struct {
		ID string `json:"envelope_id"`
	}
	if json.Unmarshal(as[*socketmode.ErrorBadMessage](e.Data).Message, &head) == nil && head.ID != "" {
		_ = client.AckCtx(ctx, head.ID, nil)
	}
}

func (a *app) handle(e socketmode.Event) (any, bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	switch data := e.Data.(type) {
	case slack.SlashCommand:
		if a.command != nil {
			return a.command(data), true
		}
	case slack.InteractionCallback:
		if a.interaction != nil {
			return a.interaction(data), true
		}
	case slackevents.EventsAPIEvent:
		callback := as[*slackevents.EventsAPICallbackEvent](data.Data)
		head := eventHead{callback.EventID, callback.IsExtSharedChannel, e.Request.RetryAttempt, e.Request.RetryReason}
		if a.event != nil {
			return nil, a.event(data.InnerEvent, head)
		}
	}
	return nil, true
}

// handler is the app over HTTP.
func (a *app) handler(secret string) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /slack/events", a.serveEvent)
	mux.HandleFunc("POST /slack/commands", a.serveCommand)
	mux.HandleFunc("POST /slack/interactions", a.serveInteraction)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		verifier, errV := slack.NewSecretsVerifier(r.Header, secret)
		if err == nil && errV == nil {
			_, _ = verifier.Write(body)
			errV = verifier.Ensure()
		}
		if err != nil || errV != nil {
			http.Error(w, "not signed", http.StatusUnauthorized)
			return
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
		mux.ServeHTTP(w, r)
	})
}

func (a *app) serveEvent(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	e, err := slackevents.ParseEvent(body, slackevents.OptionNoVerifyToken())
	if err != nil {
		return // acknowledged, or it comes again
	}
	if e.Type == slackevents.URLVerification {
		_, _ = io.WriteString(w, as[*slackevents.EventsAPIURLVerificationEvent](e.Data).Challenge)
		return
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	callback := as[*slackevents.EventsAPICallbackEvent](e.Data)
	head := eventHead{ID: callback.EventID, External: callback.IsExtSharedChannel, Reason: r.Header.Get("X-Slack-Retry-Reason")}
	if n := r.Header.Get("X-Slack-Retry-Num"); n != "" {
		head.Retry = int(n[0] - '0')
	}
	if a.event != nil && !a.event(e.InnerEvent, head) {
		w.WriteHeader(http.StatusServiceUnavailable)
	}
}

func (a *app) serveCommand(w http.ResponseWriter, r *http.Request) {
	c, err := slack.SlashCommandParse(r)
	a.mu.Lock()
	defer a.mu.Unlock()
	if err == nil && a.command != nil {
		answerJSON(w, a.command(c))
	}
}

func (a *app) serveInteraction(w http.ResponseWriter, r *http.Request) {
	c, err := slack.InteractionCallbackParse(r)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.interaction != nil {
		answerJSON(w, a.interaction(c))
	}
}

func answerJSON(w http.ResponseWriter, payload any) {
	if payload == nil {
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(payload)
}

// as is an assertion; what is something else fails the test where it is used.
func as[T any](v any) T {
	as, _ := v.(T)
	return as
}

// must fails the test on an error.
func must[T any](t *testing.T) func(T, error) T {
	t.Helper()
	return func(v T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

// section is a block of text.
func section(text string) slack.Block {
	return slack.NewSectionBlock(slack.NewTextBlockObject(slack.MarkdownType, text, false, false), nil, nil)
}

func buttons(values ...string) slack.Block {
	var elements []slack.BlockElement
	for _, v := range values {
		elements = append(elements, slack.NewButtonBlockElement("press-"+v, v, slack.NewTextBlockObject(slack.PlainTextType, v, false, false)))
	}
	return slack.NewActionBlock("", elements...)
}

// noComplaints fails the test on anything that a good app does not do.
func noComplaints(t *testing.T, s *slacktest.Server) {
	t.Helper()
	for _, c := range s.Complaints() {
		t.Errorf("complaint: %s", c)
	}
}
