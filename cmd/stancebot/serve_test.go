package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"os/exec"
	"regexp"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"stancebot/adapters/admin"
	"stancebot/adapters/slack/slacktest"
)

// The secrets of the tests. None is in a log, and no word that a person typed.
const (
	testBot     = "xoxb-111-hunter2"
	testApp     = "xapp-1-A1-hunter2"
	testSigning = "0123456789abcdef0123456789abcdef"
	typed       = "zanzibar" // in each question
)

// newSlackWorkspace returns a fake Slack with a person and a channel.
func newSlackWorkspace(t *testing.T) *slacktest.Server {
	t.Helper()
	s := slacktest.New(slacktest.Options{BotToken: testBot, AppToken: testApp, SigningSecret: testSigning})
	t.Cleanup(s.Close)
	s.AddUser(slacktest.User{ID: "U2", Name: "ana"})
	s.AddChannel(slacktest.Channel{ID: "C1", Name: "world", IsMember: true})
	return s
}

// A lines is what a program writes while it is read.
type lines struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.Write(p)
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.String()
}

// A serving is serve while it runs.
type serving struct {
	admin, listen string
	log           *lines
	stop          func() int // ends it, and returns its exit status
}

var servingLine = regexp.MustCompile(`msg=serving admin=(\S+) listen=(\S+) platforms="?slack`)

// serveWith runs serve with a fake Slack and variables, until the end of the test. Its log tells neither a secret nor what
// was typed.
func serveWith(t *testing.T, s *slacktest.Server, variables map[string]string) *serving {
	t.Helper()
	set(t, map[string]string{
		"ADMIN_ADDR": "127.0.0.1:0", "LISTEN_ADDR": "127.0.0.1:0", "DATABASE_URL": "sqlite::memory:", "LOG_LEVEL": "debug",
		"TODAY": "2026-11-23", "SLACK_API_URL": s.APIURL(), "SLACK_BOT_TOKEN": testBot,
	})
	set(t, variables)
	ctx, end := context.WithCancel(t.Context())
	p := &serving{log: &lines{}}
	ended := make(chan int, 1)
	go func() { ended <- run(ctx, []string{"serve"}, nil, io.Discard, p.log) }()
	p.stop = sync.OnceValue(func() int {
		end()
		return <-ended
	})
	t.Cleanup(func() {
		p.stop()
		for _, secret := range []string{"hunter2", testSigning, typed} {
			if strings.Contains(p.log.String(), secret) {
				t.Errorf("%s is in the log:\n%s", secret, p.log)
			}
		}
	})
	eventually(t, func() bool { return servingLine.MatchString(p.log.String()) }, p.log.String)
	addresses := servingLine.FindStringSubmatch(p.log.String())
	p.admin, p.listen = addresses[1], addresses[2]
	return p
}

func set(t *testing.T, variables map[string]string) {
	t.Helper()
	for name, value := range variables {
		t.Setenv("STANCEBOT_"+name, value)
	}
}

// page returns what an operator is answered.
func (p *serving) page(t *testing.T, path string) (int, string) {
	t.Helper()
	resp, err := get(t.Context(), "http://"+p.admin+path)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, string(body)
}

// platform tells how Slack is, and fails the test when the program is not ready.
func (p *serving) platform(t *testing.T) string {
	t.Helper()
	code, body := p.page(t, "/readyz")
	var r admin.Report
	if err := json.Unmarshal([]byte(body), &r); err != nil || code != http.StatusOK || !r.Ready {
		t.Fatalf("%d %s %v", code, body, err)
	}
	return r.Platforms["slack"]
}

// counts waits until /metrics says a line.
func (p *serving) counts(t *testing.T, line string) {
	t.Helper()
	metrics := func() string { _, body := p.page(t, "/metrics"); return body }
	eventually(t, func() bool { return strings.Contains(metrics(), line+"\n") }, func() string { return line + " is not in\n" + metrics() })
	for _, name := range []string{`"U2"`, `"C1"`, `"T1"`, typed} {
		if strings.Contains(metrics(), name) {
			t.Errorf("%s is told in\n%s", name, metrics())
		}
	}
}

// asks enters a slash command and returns what the person is shown.
func asks(t *testing.T, s *slacktest.Server, text string) string {
	t.Helper()
	r, err := s.Command(t.Context(), slacktest.Command{Channel: "C1", User: "U2", Text: text})
	if err != nil {
		t.Fatal(err)
	}
	if r.Message == nil {
		t.Fatalf("no answer: %+v", r)
	}
	return r.Message.Text
}

// mentions asks in the channel, and waits for the answer.
func mentions(t *testing.T, s *slacktest.Server) {
	t.Helper()
	before := len(s.Messages("C1"))
	if r, err := s.Mention(t.Context(), "U2", "C1", "votes peru "+typed, ""); err != nil || !r.Acked {
		t.Fatalf("%+v %v", r, err)
	}
	eventually(t, func() bool { return len(s.Messages("C1")) >= before+2 }, func() string { return "no answer to a mention" })
}

func TestServeInSocketMode(t *testing.T) {
	s := newSlackWorkspace(t)
	p := serveWith(t, s, map[string]string{"SLACK_APP_TOKEN": testApp})
	if err := s.AwaitSockets(t.Context(), 2); err != nil {
		t.Fatal(err)
	}
	if said := asks(t, s, "stance peru"); !strings.Contains(said, "Peru") {
		t.Errorf("says %s", said)
	}
	asks(t, s, typed)
	mentions(t, s)
	eventually(t, func() bool { return p.platform(t) == "ok" }, func() string { return p.platform(t) })
	p.counts(t, `stancebot_events_total{outcome="answered",platform="slack",way="command"} 2`)
	p.counts(t, `stancebot_events_total{outcome="recorded",platform="slack",way="event"} 1`)
	p.counts(t, `stancebot_inbox_received_total{platform="slack"} 1`)
	p.counts(t, `stancebot_platform_calls_total{method="chat.postMessage",outcome="ok",platform="slack"} 1`)
	if code := p.stop(); code != exitOK {
		t.Errorf("exit status %d\n%s", code, p.log)
	}
	if err := s.AwaitSockets(t.Context(), 0); err != nil {
		t.Error(err)
	}
	if complaints := s.Complaints(); len(complaints) > 0 {
		t.Errorf("the fake Slack complains: %q", complaints)
	}
}

// What goes wrong with an answer is logged with Slack's word and the event's id, which is that of its request.
func TestServeLogsWhatFails(t *testing.T) {
	s := newSlackWorkspace(t)
	p := serveWith(t, s, map[string]string{"SLACK_APP_TOKEN": testApp})
	if err := s.AwaitSockets(t.Context(), 2); err != nil {
		t.Fatal(err)
	}
	s.SetFault(func(c slacktest.Call) *slacktest.Fault {
		if c.Method != "chat.postMessage" {
			return nil
		}
		return &slacktest.Fault{Error: "is_archived"}
	})
	if _, err := s.Mention(t.Context(), "U2", "C1", "votes peru "+typed, ""); err != nil {
		t.Fatal(err)
	}
	line := regexp.MustCompile(`level=ERROR .* event=\S+ .*is_archived`)
	eventually(t, func() bool { return line.MatchString(p.log.String()) }, p.log.String)
	p.counts(t, `stancebot_inbox_given_up_total{platform="slack"} 1`)
}

// A token that Slack refuses is named to operators, and all else goes on.
func TestServeWithAnAppTokenThatIsRefused(t *testing.T) {
	s := newSlackWorkspace(t)
	p := serveWith(t, s, map[string]string{"SLACK_APP_TOKEN": "xapp-hunter2-wrong", "SLACK_SIGNING_SECRET": testSigning})
	const refused = "STANCEBOT_SLACK_APP_TOKEN: Slack says invalid_auth"
	eventually(t, func() bool { return strings.Contains(p.platform(t), refused) }, func() string { return p.platform(t) + "\n" + p.log.String() })
	s.UseHTTP("http://" + p.listen)
	if said := asks(t, s, "stance peru"); !strings.Contains(said, "Peru") {
		t.Errorf("says %s", said)
	}
	mentions(t, s)
	if code, body := p.page(t, "/healthz"); code != http.StatusOK || body != "ok\n" {
		t.Errorf("%d %s", code, body)
	}
	if code := p.stop(); code != exitOK {
		t.Errorf("exit status %d\n%s", code, p.log)
	}
}

func TestServeOverHTTP(t *testing.T) {
	s := newSlackWorkspace(t)
	p := serveWith(t, s, map[string]string{"SLACK_SIGNING_SECRET_FILE": fileOf(t, testSigning+"\n")})
	s.UseHTTP("http://" + p.listen)
	if err := s.VerifyURL(t.Context()); err != nil {
		t.Error(err)
	}
	if said := asks(t, s, "stance peru"); !strings.Contains(said, "Peru") {
		t.Errorf("says %s", said)
	}
	mentions(t, s)
	if said := p.platform(t); said != "ok" {
		t.Errorf("Slack is %s", said)
	}
	r, err := s.Raw(t.Context(), slacktest.Raw{Path: "/slack/commands", Body: []byte("text=" + typed), Secret: "hunter2"})
	if err != nil || r.Status != http.StatusUnauthorized {
		t.Errorf("what Slack did not sign: %+v %v", r, err)
	}
	p.counts(t, `stancebot_events_total{outcome="unsigned",platform="slack",way="http"} 1`)
	p.counts(t, `stancebot_events_total{outcome="answered",platform="slack",way="command"} 1`)
	if s.Sockets() != 0 {
		t.Error("a socket is open without a token for it")
	}
	for path, want := range map[string]int{"/healthz": http.StatusOK, "/readyz": http.StatusNotFound, "/metrics": http.StatusNotFound, "/": http.StatusOK} {
		resp, err := get(t.Context(), "http://"+p.listen+path)
		if err != nil {
			t.Fatal(err)
		}
		_ = resp.Body.Close()
		if resp.StatusCode != want {
			t.Errorf("readers get %d for %s, want %d", resp.StatusCode, path, want)
		}
	}
	if code := p.stop(); code != exitOK {
		t.Errorf("exit status %d\n%s", code, p.log)
	}
}

// A command that is being answered when the program is to end is answered first.
func TestServeDrains(t *testing.T) {
	s := newSlackWorkspace(t)
	posting, goOn := make(chan struct{}), make(chan struct{})
	s.SetFault(func(c slacktest.Call) *slacktest.Fault {
		if c.Method == "chat.postMessage" {
			close(posting)
			<-goOn
		}
		return nil
	})
	p := serveWith(t, s, map[string]string{"SLACK_APP_TOKEN": testApp})
	if err := s.AwaitSockets(t.Context(), 2); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Mention(t.Context(), "U2", "C1", "votes peru "+typed, ""); err != nil {
		t.Fatal(err)
	}
	<-posting
	time.AfterFunc(100*time.Millisecond, func() { close(goOn) })
	if code := p.stop(); code != exitOK {
		t.Errorf("exit status %d\n%s", code, p.log)
	}
	if n := len(s.Messages("C1")); n != 2 {
		t.Errorf("%d messages stand in the channel, want the question and its answer\n%s", n, p.log)
	}
}

// What systemd, containers and a keyboard send ends the program in order.
func TestServeEndsBySignal(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("no process is sent a signal there")
	}
	for _, signal := range []syscall.Signal{syscall.SIGINT, syscall.SIGTERM} {
		t.Run(signal.String(), func(t *testing.T) {
			log := &lines{}
			cmd := exec.CommandContext(t.Context(), os.Args[0]) // which is the program by that name
			cmd.Args = []string{"stancebot", "serve"}
			cmd.Env = append(os.Environ(), "STANCEBOT_ADMIN_ADDR=127.0.0.1:0", "STANCEBOT_LISTEN_ADDR=127.0.0.1:0", "STANCEBOT_DATABASE_URL=sqlite::memory:")
			cmd.Stdout, cmd.Stderr = log, log
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			eventually(t, func() bool { return strings.Contains(log.String(), "msg=serving") }, log.String)
			if err := cmd.Process.Signal(signal); err != nil {
				t.Fatal(err)
			}
			if err := cmd.Wait(); err != nil {
				t.Errorf("%v\n%s", err, log)
			}
		})
	}
}
