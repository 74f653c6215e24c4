package slack_test

import (
	"context"
	"errors"
	"maps"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"stancebot/adapters/slack"
	"stancebot/adapters/slack/slacktest"
	"stancebot/bot"
	"stancebot/bot/inbox"
)

// on runs a test over each transport, on a stage of its own.
func on(t *testing.T, o func() stageOptions, test func(t *testing.T, s *stage)) {
	t.Helper()
	for _, over := range transports {
		t.Run(string(over), func(t *testing.T) {
			t.Parallel()
			s := newStage(t, over, o())
			test(t, s)
			for _, c := range s.Complaints() {
				t.Errorf("Slack would mind: %s", c)
			}
		})
	}
}

// usual is a stage without anything of its own.
func usual() stageOptions { return stageOptions{} }

// mention is a mention as Slack sends it, of a message in #desk at a ts.
func mention(ts string, with map[string]any) map[string]any {
	inner := map[string]any{"type": "app_mention", "user": "U1", "text": "<@UBOT> peru?", "channel": "C1", "ts": ts, "event_ts": ts}
	maps.Copy(inner, with)
	return inner
}

// send delivers an event, which must be acknowledged, and waits until it is worked.
func (s *stage) send(t *testing.T, e slacktest.Event) {
	t.Helper()
	r, err := s.Event(t.Context(), e)
	if err != nil || !r.Acked {
		t.Fatalf("event %s: %+v %v", e.ID, r, err)
	}
	s.settle(t)
}

// answers counts what the app said in a channel.
func (s *stage) answers(channel string) int {
	n := 0
	for _, m := range s.Messages(channel) {
		if m.Via != "person" {
			n++
		}
	}
	return n
}

func (s *stage) wantAnswers(t *testing.T, channel string, want int) {
	t.Helper()
	if n := s.answers(channel); n != want {
		t.Errorf("%d answers in %s, want %d", n, channel, want)
	}
}

// Slack delivers at least once, the same message with several ids, and a retry may be the only delivery.
func TestEventsOnce(t *testing.T) {
	t.Parallel()
	on(t, usual, func(t *testing.T, s *stage) {
		s.send(t, slacktest.Event{ID: "Ev1", Inner: mention("1700000001.000100", nil)})
		s.send(t, slacktest.Event{ID: "Ev1", Inner: mention("1700000001.000100", nil), Retry: 1, Reason: "http_timeout"})
		s.send(t, slacktest.Event{ID: "Ev2", Inner: mention("1700000001.000100", nil)})
		s.wantAnswers(t, "C1", 1)
		s.send(t, slacktest.Event{ID: "Ev3", Inner: mention("1700000002.000100", nil), Retry: 3, Reason: "connection_failed"})
		s.wantAnswers(t, "C1", 2)
	})
}

// What Slack invents tomorrow is acknowledged and left alone, and so is what no person asks.
func TestEventsLeftAlone(t *testing.T) {
	t.Parallel()
	on(t, usual, func(t *testing.T, s *stage) {
		for name, inner := range map[string]map[string]any{
			"unknown":         {"type": "hologram_projected", "user": "U1", "channel": "C1"},
			"no type":         {"user": "U1"},
			"edit":            {"type": "message", "subtype": "message_changed", "channel": "D1", "channel_type": "im", "ts": "1.1", "hidden": true, "message": map[string]any{"user": "U1", "text": "peru?"}},
			"deletion":        {"type": "message", "subtype": "message_deleted", "channel": "D1", "channel_type": "im", "ts": "1.2", "hidden": true},
			"our own":         {"type": "message", "channel": "D1", "channel_type": "im", "ts": "1.3", "user": "UBOT", "bot_id": "B1", "text": "peru?"},
			"another bot":     {"type": "app_mention", "channel": "C1", "ts": "1.4", "user": "U9", "bot_id": "B9", "text": "<@UBOT> peru?"},
			"mention edited":  mention("1.5", map[string]any{"edited": map[string]any{"user": "U1", "ts": "2.0"}}),
			"talk":            {"type": "message", "channel": "C1", "channel_type": "channel", "ts": "1.6", "user": "U1", "text": "where does peru stand?"},
			"somebody joined": {"type": "message", "subtype": "channel_join", "channel": "C1", "channel_type": "channel", "ts": "1.7", "user": "U1", "text": "joined"},
			"messages tab":    {"type": "app_home_opened", "user": "U1", "channel": "D1", "tab": "messages"},
		} {
			t.Run(name, func(t *testing.T) { s.send(t, slacktest.Event{Inner: inner}) })
		}
		for _, c := range s.Calls("") {
			if c.Method != "apps.connections.open" {
				t.Errorf("called %s", c.Method)
			}
		}
	})
}

// A message event of a channel that comes beside the mention takes nothing from it.
func TestMentionBesideItsMessage(t *testing.T) {
	t.Parallel()
	on(t, usual, func(t *testing.T, s *stage) {
		s.send(t, slacktest.Event{Inner: map[string]any{"type": "message", "channel": "C1", "channel_type": "channel", "ts": "1700000001.000100", "user": "U1", "text": "<@UBOT> peru?"}})
		s.send(t, slacktest.Event{Inner: mention("1700000001.000100", nil)})
		s.wantAnswers(t, "C1", 1)
	})
}

// One field of another form than it should have leaves the question readable.
func TestMalformedFields(t *testing.T) {
	t.Parallel()
	on(t, usual, func(t *testing.T, s *stage) {
		for i, with := range []map[string]any{
			{"blocks": "oops"},
			{"blocks": []any{map[string]any{"type": "rich_text", "elements": 7}}},
			{"thread_ts": 5},
			{"files": map[string]any{}},
			{"attachments": []any{"x"}},
			{"user_profile": 3},
			{"metadata": []any{}},
		} {
			s.send(t, slacktest.Event{Inner: mention("170000000"+string(rune('0'+i))+".000100", with)})
			s.wantAnswers(t, "C1", i+1)
		}
	})
}

// What is no event at all is acknowledged, or refused so that Slack does not send it again, and nothing breaks.
func TestMalformedEnvelopes(t *testing.T) {
	t.Run("http", func(t *testing.T) {
		s := newStage(t, overHTTP, stageOptions{})
		for _, path := range []string{"/slack/events", "/slack/commands", "/slack/interactions"} {
			for _, body := range []string{"", "{", "[]", "null", `{"type":7}`, "payload=%zz", "payload=x", "\xff\xfe", "text=%"} {
				r, err := s.Raw(t.Context(), slacktest.Raw{Path: path, Body: []byte(body)})
				if err != nil || r.Status >= http.StatusInternalServerError {
					t.Errorf("%s %q: %d %v", path, body, r.Status, err)
				}
			}
		}
	})
	t.Run("socket", func(t *testing.T) {
		s := newStage(t, overSocket, stageOptions{})
		for _, frame := range []string{
			`{"envelope_id":"a","type":"events_api","payload":{"type":"event_callback","event":{"type":"hologram"}}}`,
			`{"envelope_id":"b","type":"events_api","payload":7}`, `{"envelope_id":"c","type":"interactive","payload":"x"}`,
			`{"envelope_id":"d","type":"slash_commands","payload":[]}`, `{"envelope_id":"e","type":"hologram","payload":{}}`,
			`{"envelope_id":"f","type":"events_api","payload":{"type":"app_rate_limited","team_id":"T1","minute_rate_limited":1}}`,
		} {
			if r, err := s.Frame(t.Context(), []byte(frame)); err != nil || !r.Acked {
				t.Errorf("%s: %+v %v", frame, r, err)
			}
		}
	})
}

// Requests that Slack did not sign, signed long ago, or that are too large are refused; the health of the program is none of
// their business.
func TestSignatures(t *testing.T) {
	s := newStage(t, overHTTP, stageOptions{})
	body := []byte("command=/stance&text=peru&user_id=U1&team_id=T1&channel_id=C1&trigger_id=1.2&response_url=http://127.0.0.1/")
	for name, c := range map[string]struct {
		raw  slacktest.Raw
		want int
	}{
		"signed":          {slacktest.Raw{Body: body}, http.StatusOK},
		"again":           {slacktest.Raw{Body: body}, http.StatusOK},
		"wrong secret":    {slacktest.Raw{Body: body, Secret: "another"}, http.StatusUnauthorized},
		"old":             {slacktest.Raw{Body: body, Age: 6 * time.Minute}, http.StatusUnauthorized},
		"not so old":      {slacktest.Raw{Body: body, Age: 4 * time.Minute}, http.StatusOK},
		"from the future": {slacktest.Raw{Body: body, Age: -6 * time.Minute}, http.StatusUnauthorized},
		"no signature":    {slacktest.Raw{Body: body, Header: http.Header{"X-Slack-Signature": nil}}, http.StatusUnauthorized},
		"no time":         {slacktest.Raw{Body: body, Header: http.Header{"X-Slack-Request-Timestamp": nil}}, http.StatusUnauthorized},
		"no digits":       {slacktest.Raw{Body: body, Header: http.Header{"X-Slack-Signature": {"v0=xyz"}}}, http.StatusUnauthorized},
		"no version":      {slacktest.Raw{Body: body, Header: http.Header{"X-Slack-Signature": {strings.Repeat("0", 64)}}}, http.StatusUnauthorized},
		"too large":       {slacktest.Raw{Body: make([]byte, 1<<20+1)}, http.StatusRequestEntityTooLarge},
	} {
		c.raw.Path, c.raw.ContentType = "/slack/commands", "application/x-www-form-urlencoded"
		if r, err := s.Raw(t.Context(), c.raw); err != nil || r.Status != c.want {
			t.Errorf("%s: %d, want %d (%v)", name, r.Status, c.want, err)
		}
	}
	if n := s.meter.of("command answered"); n != 1 {
		t.Errorf("one command, sent again and again, was answered %d times", n)
	}
	if err := s.VerifyURL(t.Context()); err != nil {
		t.Error(err)
	}
}

// An app without a signing secret takes nothing over HTTP: an empty secret signs anything.
func TestNoSecretNoRequests(t *testing.T) {
	s := newStage(t, overHTTP, stageOptions{adapter: func(o *slack.Options) { o.SigningSecret = "" }})
	r, err := s.Raw(t.Context(), slacktest.Raw{Body: []byte(`{"type":"url_verification","challenge":"x"}`), Secret: ""})
	if err != nil || r.Status != http.StatusUnauthorized {
		t.Errorf("%+v %v", r, err)
	}
}

// When Slack asks for patience, the answer waits that long and no longer, and comes once.
func TestRateLimits(t *testing.T) {
	for name, fault := range map[string]slacktest.Fault{
		"429":               {Status: http.StatusTooManyRequests, RetryAfter: time.Second},
		"answer not parsed": {Status: http.StatusBadGateway},
		"cut":               {Drop: true},
	} {
		t.Run(name, func(t *testing.T) {
			on(t, failing("chat.postMessage", fault), func(t *testing.T, s *stage) {
				s.send(t, slacktest.Event{Inner: mention("1700000001.000100", nil)})
				s.wantAnswers(t, "C1", 1)
				if n := len(s.Calls("chat.postMessage")); n != 2 {
					t.Errorf("%d calls, want 2", n)
				}
			})
		})
	}
}

// failing is a stage on which the first call of a method goes wrong.
func failing(method string, f slacktest.Fault) func() stageOptions {
	return func() stageOptions { return stageOptions{slack: slacktest.Options{Fault: first(method, f)}} }
}

// first makes the first call of a method go wrong.
func first(method string, f slacktest.Fault) func(slacktest.Call) *slacktest.Fault {
	var done atomic.Bool
	return func(c slacktest.Call) *slacktest.Fault {
		if c.Method == method && done.CompareAndSwap(false, true) {
			return &f
		}
		return nil
	}
}

// A post whose answer was lost is looked for before it is made again.
func TestLostAnswerOfAPost(t *testing.T) {
	t.Parallel()
	lost := slacktest.Fault{After: true, Drop: true}
	on(t, failing("chat.postMessage", lost), func(t *testing.T, s *stage) {
		s.send(t, slacktest.Event{Inner: mention("1700000001.000100", nil)})
		s.wantAnswers(t, "C1", 1)
	})
	t.Run("where the app may not look", func(t *testing.T) {
		scopes := []string{"chat:write", "users:read", "commands", "app_mentions:read", "im:history"}
		fewer := func() stageOptions {
			o := failing("chat.postMessage", lost)()
			o.slack.Scopes = scopes
			return o
		}
		on(t, fewer, func(t *testing.T, s *stage) {
			s.send(t, slacktest.Event{Inner: mention("1700000001.000100", nil)})
			s.wantAnswers(t, "C1", 2)
			said := s.Messages("C1")
			if again := said[len(said)-1]; !strings.Contains(again.Text, "Possibly repeated") {
				t.Errorf("the repetition does not say so: %s", again.Text)
			}
		})
	})
}

// Somebody who presses twice, or whose click comes twice, shares once.
func TestSharedOnce(t *testing.T) {
	t.Parallel()
	on(t, usual, func(t *testing.T, s *stage) {
		r, err := s.Command(t.Context(), slacktest.Command{Text: "stance PER", Channel: "C1", User: "U1"})
		if err != nil || r.Message == nil {
			t.Fatalf("%+v %v", r, err)
		}
		for range 3 {
			if _, err := s.Press(t.Context(), "U1", *r.Message, "share:en:"); err != nil {
				t.Fatal(err)
			}
		}
		s.settle(t)
		s.wantAnswers(t, "C1", 1)
	})
}

// Events are acknowledged at once, however slow the answer is.
func TestSlowAnswers(t *testing.T) {
	t.Parallel()
	slow := func() stageOptions {
		return stageOptions{adapter: func(o *slack.Options) { o.Bot = &gate{o.Bot, make(chan struct{})} }}
	}
	on(t, slow, func(t *testing.T, s *stage) {
		start := time.Now()
		if r, err := s.Event(t.Context(), slacktest.Event{Inner: mention("1700000001.000100", nil)}); err != nil || !r.Acked {
			t.Fatalf("%+v %v", r, err)
		}
		r, err := s.Command(t.Context(), slacktest.Command{Text: "peru", Channel: "C1", User: "U1"})
		if err != nil || r.Message == nil || !strings.Contains(r.Message.Text, "Looking it up") {
			t.Errorf("%v %s", err, r.Body)
		}
		if took := time.Since(start); took > 2*time.Second {
			t.Errorf("took %s", took)
		}
		if g, ok := s.adapter.Bot.(*gate); ok {
			g.release()
		}
		s.settle(t)
		s.wantAnswers(t, "C1", 1)
		until(t, "the late answer", func() bool { return len(s.Ephemerals("C1", "U1")) == 2 })
	})
}

// A gate is a bot that answers when it is opened.
type gate struct {
	bot.Handler
	open chan struct{}
}

func (g *gate) release() { close(g.open) }

// Handle waits, and answers.
func (g *gate) Handle(ctx context.Context, req bot.Request) bot.Reply {
	<-g.open
	return g.Handler.Handle(ctx, req)
}

// With the store away, events are worked in memory, once, and that is counted.
func TestStoreAway(t *testing.T) {
	t.Parallel()
	away := func() stageOptions { return stageOptions{store: func() inbox.Store { return awayStore{} }} }
	on(t, away, func(t *testing.T, s *stage) {
		s.send(t, slacktest.Event{ID: "Ev1", Inner: mention("1700000001.000100", nil)})
		s.send(t, slacktest.Event{ID: "Ev1", Inner: mention("1700000001.000100", nil), Retry: 1})
		s.wantAnswers(t, "C1", 1)
		if n := s.adapter.Stats().InMemory; n != 1 {
			t.Errorf("%d in memory, want 1", n)
		}
	})
}

// An awayStore answers nothing but that it is away.
type awayStore struct{}

var errAway = errors.New("the database is away")

func (awayStore) Write(context.Context, []inbox.Event, inbox.Lease, []inbox.Event) ([]bool, error) {
	return nil, errAway
}

func (awayStore) Claim(context.Context, string, time.Time, inbox.Lease, int) ([]inbox.Event, error) {
	return nil, errAway
}

func (awayStore) Renew(context.Context, []string, inbox.Lease) ([]string, error) { return nil, errAway }

func (awayStore) Erase(context.Context, time.Time) (int, error) { return 0, errAway }

// A token that Slack refuses for good is told by the name of its variable, and the rest goes on.
func TestRefusedTokens(t *testing.T) {
	for _, code := range []string{"invalid_auth", "account_inactive", "not_allowed_token_type", "token_expired", "token_revoked"} {
		t.Run("app token "+code, func(t *testing.T) {
			s := newStage(t, overHTTP, stageOptions{
				slack: slacktest.Options{Fault: func(c slacktest.Call) *slacktest.Fault {
					if c.Method == "apps.connections.open" {
						return &slacktest.Fault{Error: code}
					}
					return nil
				}},
				adapter: func(o *slack.Options) { o.AppToken = "xapp-wrong" },
			})
			until(t, "the refusal is told", func() bool {
				h := s.adapter.Health()
				return strings.Contains(h, "STANCEBOT_SLACK_APP_TOKEN") && strings.Contains(h, code)
			})
			s.send(t, slacktest.Event{Inner: mention("1700000001.000100", nil)})
			s.wantAnswers(t, "C1", 1)
		})
	}
	t.Run("bot token", func(t *testing.T) {
		wrong := func() stageOptions {
			return stageOptions{adapter: func(o *slack.Options) { o.BotToken = "xoxb-wrong" }}
		}
		on(t, wrong, func(t *testing.T, s *stage) {
			s.send(t, slacktest.Event{Inner: mention("1700000001.000100", nil)})
			if h := s.adapter.Health(); !strings.Contains(h, "STANCEBOT_SLACK_BOT_TOKEN") || strings.Contains(h, "xoxb") {
				t.Errorf("says %q", h)
			}
			if r, err := s.Command(t.Context(), slacktest.Command{Text: "peru", Channel: "C1", User: "U1"}); err != nil || r.Message == nil {
				t.Errorf("a command needs no token: %+v %v", r, err)
			}
		})
	})
}

// Sockets that Slack renews or drops are opened again, and what was sent meanwhile comes again and is answered.
func TestSocketsRenewed(t *testing.T) {
	s := newStage(t, overSocket, stageOptions{})
	for i, lose := range []func(){func() { s.Disconnect("warning") }, func() { s.Disconnect("refresh_requested") }, s.DropConnections} {
		lose()
		r, err := s.Event(t.Context(), slacktest.Event{Inner: mention("170000000"+string(rune('0'+i))+".000100", nil)})
		for err == nil && !r.Acked { // it fell between two sockets: Slack sends it again
			if err = s.AwaitSockets(t.Context(), 2); err == nil {
				r = last(s.Redeliver(t.Context()), r)
			}
		}
		if err != nil {
			t.Fatal(err)
		}
		s.settle(t)
		s.wantAnswers(t, "C1", i+1)
	}
}

// last returns the last of a list, or what there is without one.
func last(list []slacktest.Receipt, otherwise slacktest.Receipt) slacktest.Receipt {
	if len(list) == 0 {
		return otherwise
	}
	return list[len(list)-1]
}

// An answer that is too long for an acknowledgement comes by the response URL.
func TestLongAnswerOverASocket(t *testing.T) {
	long := bot.Reply{Language: "en", Receipts: []string{"PER-01"}}
	for range 60 {
		long.Blocks = append(long.Blocks, bot.Line{Text: strings.Repeat("x", 400), Receipts: []string{"PER-01"}})
	}
	s := newStage(t, overSocket, stageOptions{adapter: func(o *slack.Options) { o.Bot = says(long) }})
	r, err := s.Command(t.Context(), slacktest.Command{Text: "peru", Channel: "C1", User: "U1"})
	if err != nil || !r.Acked || r.Message != nil {
		t.Fatalf("%+v %v", r, err)
	}
	until(t, "the answer comes", func() bool { return len(s.Ephemerals("C1", "U1")) == 1 })
	for _, c := range s.Complaints() {
		t.Errorf("Slack would mind: %s", c)
	}
}

// says is a bot that always says the same.
type says bot.Reply

// Handle says it.
func (s says) Handle(context.Context, bot.Request) bot.Reply { return bot.Reply(s) }

// A bot that panics costs one answer, and not the program.
func TestPanickingBot(t *testing.T) {
	t.Parallel()
	frail := func() stageOptions {
		return stageOptions{adapter: func(o *slack.Options) { o.Bot = &fragile{Handler: o.Bot} }}
	}
	on(t, frail, func(t *testing.T, s *stage) {
		s.send(t, slacktest.Event{Inner: mention("1700000001.000100", map[string]any{"text": "<@UBOT> panic"})})
		s.send(t, slacktest.Event{Inner: mention("1700000002.000100", nil)})
		s.wantAnswers(t, "C1", 1)
	})
}

type fragile struct{ bot.Handler }

// Handle panics where it is told to.
func (f *fragile) Handle(ctx context.Context, req bot.Request) bot.Reply {
	if req.Text == "panic" {
		panic("as told")
	}
	return f.Handler.Handle(ctx, req)
}
