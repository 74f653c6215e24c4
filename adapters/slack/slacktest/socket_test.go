package slacktest_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"
	"github.com/slack-go/slack"
	"github.com/slack-go/slack/slackevents"

	"stancebot/adapters/slack/slacktest"
)

// A frame is what the fake writes on a socket.
type frame struct {
	Type, Reason   string
	EnvelopeID     string          `json:"envelope_id"`
	NumConnections int             `json:"num_connections"`
	RetryAttempt   *int            `json:"retry_attempt"`
	Payload        json.RawMessage `json:"payload"`
}

// dial opens a socket without any client's manners, and returns what it is greeted with.
func dial(t *testing.T, a *app) (*websocket.Conn, frame) {
	t.Helper()
	_, url, err := a.api.StartSocketModeContext(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	conn, resp, err := websocket.DefaultDialer.DialContext(t.Context(), url, http.Header{"Origin": {"https://api.slack.com"}})
	if err != nil {
		t.Fatal(err)
	}
	_ = resp.Body.Close()
	t.Cleanup(func() { _ = conn.Close() })
	return conn, next(t, conn)
}

func next(t *testing.T, conn *websocket.Conn) frame {
	t.Helper()
	var f frame
	if err := conn.ReadJSON(&f); err != nil {
		t.Fatal(err)
	}
	return f
}

func TestSocketsOfAnApp(t *testing.T) {
	t.Parallel()
	s, a := newWorkspace(t, slacktest.Options{})
	for n := 1; n <= 10; n++ {
		if _, f := dial(t, a); f.Type != "hello" || f.NumConnections != n {
			t.Fatalf("socket %d is greeted with %+v", n, f)
		}
	}
	if _, f := dial(t, a); f.Type != "disconnect" || f.Reason != "too_many_websockets" {
		t.Errorf("an eleventh socket is greeted with %+v", f)
	}
	s.DropConnections()
	await(t, s, 0)
	_, url, err := a.api.StartSocketModeContext(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []int{http.StatusSwitchingProtocols, http.StatusNotFound} { // an address is good for one connection
		conn, resp, err := websocket.DefaultDialer.DialContext(t.Context(), url, nil)
		if resp == nil || resp.StatusCode != want {
			t.Fatalf("got %+v, %v, want %d", resp, err, want)
		}
		_ = resp.Body.Close()
		if conn != nil {
			t.Cleanup(func() { _ = conn.Close() })
		}
	}
}

// Each envelope goes to one socket, to each in its turn.
func TestEnvelopesTakeTurns(t *testing.T) {
	t.Parallel()
	s, a := newWorkspace(t, slacktest.Options{})
	got := make(chan int)
	for i := range 2 {
		conn, _ := dial(t, a)
		go func() {
			for {
				var f frame
				if conn.ReadJSON(&f) != nil {
					return
				}
				_ = conn.WriteJSON(map[string]any{"envelope_id": f.EnvelopeID})
				got <- i
			}
		}()
	}
	counts := map[int]int{}
	for range 4 {
		go func() { _, _ = s.OpenHome(context.WithoutCancel(t.Context()), ana) }()
		counts[<-got]++
	}
	if counts[0] != 2 || counts[1] != 2 {
		t.Errorf("the sockets got %v", counts)
	}
}

func TestAcknowledgements(t *testing.T) {
	t.Parallel()
	s, a := newWorkspace(t, slacktest.Options{AckTimeout: 300 * time.Millisecond})
	conn, _ := dial(t, a)
	command := func(payload any, times int) slacktest.Receipt {
		t.Helper()
		done := make(chan slacktest.Receipt)
		go func() {
			r, _ := s.Command(t.Context(), slacktest.Command{Channel: news, User: ana})
			done <- r
		}()
		f := next(t, conn)
		if f.Type != "slash_commands" || f.RetryAttempt != nil {
			t.Errorf("the frame is %+v", f)
		}
		for range times {
			if err := conn.WriteJSON(map[string]any{"envelope_id": f.EnvelopeID, "payload": payload}); err != nil {
				t.Error(err)
			}
		}
		return <-done
	}
	if r := command(map[string]any{}, 1); !r.Acked || r.Message != nil {
		t.Errorf("an empty payload gives %+v", r)
	}
	noComplaints(t, s)
	if r := command(answer{Text: "Peru"}, 2); r.Message == nil || r.Message.Text != "Peru" {
		t.Errorf("two answers give %+v", r)
	}
	if r := command(answer{Text: strings.Repeat("x", 20*1024)}, 1); r.Acked || r.Message != nil {
		t.Errorf("an answer of 20 KB gives %+v", r)
	}
	_ = conn.WriteJSON(map[string]any{"envelope_id": "none"})
	_ = conn.WriteJSON("hello")
	command(nil, 1)
	for _, of := range []string{"acknowledged twice", "which Slack drops", "never sent", "no acknowledgement", "not answered within 3 s"} {
		if !complained(s, of) {
			t.Errorf("no complaint %q among %q", of, s.Complaints())
		}
	}
}

// An app that is asked to leave comes back, over slack-go without a sign; what was on the way when a connection was cut is
// delivered again.
func TestReconnecting(t *testing.T) {
	t.Parallel()
	s, a := newWorkspace(t, slacktest.Options{})
	a.connect(t, s)
	for _, reason := range []string{"warning", "refresh_requested", "link_disabled"} {
		s.Disconnect(reason)
		await(t, s, 1)
	}
	if got := len(s.Calls("apps.connections.open")); got != 4 {
		t.Errorf("%d connections were opened", got)
	}
	a.event = func(_ slackevents.EventsAPIInnerEvent, h eventHead) bool {
		if h.Retry == 0 {
			s.DropConnections()
		}
		return h.Retry > 0
	}
	r := must[slacktest.Receipt](t)(s.Mention(t.Context(), ana, news, "peru", ""))
	if r.Acked || r.Reason != "connection_failed" {
		t.Errorf("the receipt is %+v", r)
	}
	await(t, s, 1)
	if again := s.Redeliver(t.Context()); len(again) != 1 || !again[0].Acked || again[0].Attempts != 2 {
		t.Errorf("delivered again: %+v", again)
	}
	noComplaints(t, s)
}

func TestWithoutSockets(t *testing.T) {
	t.Parallel()
	s, _ := newWorkspace(t, slacktest.Options{})
	r := must[slacktest.Receipt](t)(s.Command(t.Context(), slacktest.Command{Channel: news, User: ana}))
	if r.Acked || r.Reason != "dispatch_failed" {
		t.Errorf("the receipt is %+v", r)
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
	defer cancel()
	if err := s.AwaitSockets(ctx, 1); err == nil {
		t.Error("a socket came from nowhere")
	}
	if _, err := s.Frame(t.Context(), []byte("{}")); err == nil {
		t.Error("a frame went nowhere")
	}
}

func TestFrames(t *testing.T) {
	t.Parallel()
	s, a := newWorkspace(t, slacktest.Options{})
	a.connect(t, s)
	for i, body := range []string{
		`{"envelope_id":"e%d","type":"events_api","payload":"no event"}`,
		`{"envelope_id":"e%d","type":"of_tomorrow","payload":{}}`,
		`{"envelope_id":"e%d","type":"slash_commands","payload":{"text":7}}`,
	} {
		if r := must[slacktest.Receipt](t)(s.Frame(t.Context(), fmt.Appendf(nil, body, i))); !r.Acked {
			t.Errorf("%s gives %+v", body, r)
		}
	}
	must[slacktest.Receipt](t)(s.Frame(t.Context(), []byte(`{"type":`)))
	must[slacktest.Receipt](t)(s.Frame(t.Context(), []byte(`7`)))
	a.command = func(slack.SlashCommand) any { return answer{Text: "alive"} }
	if r := must[slacktest.Receipt](t)(s.Command(t.Context(), slacktest.Command{Channel: news, User: ana})); r.Message == nil {
		t.Errorf("after them a command gives %+v", r)
	}
	noComplaints(t, s)
}

func TestPings(t *testing.T) {
	t.Parallel()
	_, a := newWorkspace(t, slacktest.Options{PingInterval: 5 * time.Millisecond})
	conn, _ := dial(t, a)
	pings := make(chan bool, 100)
	conn.SetPingHandler(func(string) error {
		select {
		case pings <- true:
		default:
		}
		return nil
	})
	go func() { _, _, _ = conn.ReadMessage() }()
	for range 3 {
		<-pings
	}
}
