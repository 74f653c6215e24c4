package main

import (
	"context"
	"io"
	"maps"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"stancebot/adapters/slack/slacktest"
	"stancebot/adapters/store/storetest"
	"stancebot/knowledge"
)

var pageLine = regexp.MustCompile(`The same as a page: (http://\S+/)`)

// newcomer runs the program without a command and without a terminal, on what comes in, and returns what it writes and what ends it.
func newcomer(t *testing.T, in *os.File) (out, errs *lines, end func() int) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	out, errs = &lines{}, &lines{}
	ended := make(chan int, 1)
	go func() { ended <- run(ctx, nil, in, out, errs) }()
	t.Cleanup(cancel)
	return out, errs, func() int {
		cancel()
		select {
		case code := <-ended:
			return code
		case <-time.After(20 * time.Second):
			t.Fatalf("it does not end\n%s%s", out, errs)
			return 0
		}
	}
}

// asked returns what a page says, and its status.
func asked(t *testing.T, at string, header http.Header) (status int, text string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, at, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	maps.Copy(r.Header, header)
	resp, err := http.DefaultTransport.RoundTrip(r)
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

// A newcomer who asks nothing is shown the page until it is interrupted, also where the port is taken; who pipes questions in is answered.
func TestPageOfANewcomer(t *testing.T) {
	taken, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = taken.Close() })
	set(t, map[string]string{"DATABASE_URL": "sqlite::memory:", "TODAY": "2026-11-23"})
	null, err := os.Open(os.DevNull)
	if err != nil {
		t.Fatal(err)
	}
	silent, held, err := os.Pipe() // somebody who might say something
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = held.Close() })
	for name, test := range map[string]struct {
		addr  string
		in    *os.File
		moved bool
	}{
		"nothing is asked": {"127.0.0.1:0", null, false}, "the port is taken": {taken.Addr().String(), nil, true}, "nobody speaks": {"127.0.0.1:0", silent, false},
	} {
		t.Run(name, func(t *testing.T) {
			set(t, map[string]string{"LISTEN_ADDR": test.addr})
			out, errs, end := newcomer(t, test.in)
			eventually(t, func() bool { return pageLine.MatchString(errs.String()) }, errs.String)
			at := pageLine.FindStringSubmatch(errs.String())[1]
			if status, said := asked(t, at+"api/v1/ask?q=stance+peru", nil); status != http.StatusOK || !strings.Contains(said, "Peru · toward Russia") {
				t.Errorf("status %d: %s", status, said)
			}
			if status, said := asked(t, at+"api/v1/picture?q=card+peru", nil); status != http.StatusOK || !strings.HasPrefix(said, "\x89PNG") {
				t.Errorf("no picture: %d, %.80q", status, said)
			}
			if moved := strings.Contains(errs.String(), "is taken"); moved != test.moved {
				t.Errorf("it says %s", errs)
			}
			if code := end(); code != exitOK || out.String() != "" {
				t.Errorf("exit status %d, and said %s", code, out)
			}
		})
	}
	path := filepath.Join(t.TempDir(), "talk")
	if err := os.WriteFile(path, []byte("stance peru\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	in, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	out := &lines{}
	if code := run(t.Context(), nil, in, out, io.Discard); code != exitOK || !strings.HasPrefix(out.String(), "Peru · toward Russia") {
		t.Errorf("exit status %d: %s", code, out)
	}
}

// Pages and hooks are served side by side, each to its own: who is elsewhere reaches the hooks, and the pages where that is set. The token opens
// what tells who recorded something, and stands in no log.
func TestServeShowsPages(t *testing.T) {
	url := storetest.NewFile(t)
	s := newSlackWorkspace(t)
	const token = "hunter2-hunter2-hunter2"
	p := serveWith(t, s, map[string]string{
		"SLACK_SIGNING_SECRET": testSigning, "DATABASE_URL": url, "WEB_TOKEN": token, "EDITOR_NAMES": "console:ana=Ana Paz",
	})
	s.UseHTTP("http://" + p.listen)
	n := &newsstand{db: storetest.Open(t, url)}
	n.record(t, 2)
	site := "http://" + p.listen
	elsewhere, bearer := http.Header{"X-Forwarded-For": {"203.0.113.7"}}, http.Header{"Authorization": {"Bearer " + token}}
	for _, c := range []struct {
		at     string
		header http.Header
		status int
		says   string
	}{
		{"/api/v1/ask?q=stance+peru", nil, http.StatusOK, "Peru · toward Russia"},
		{"/api/v1/ask?q=history+bolivia", nil, http.StatusOK, `"outcome":"unavailable"`},
		{"/api/v1/ask?q=history+told+peru", bearer, http.StatusOK, `"outcome":"unavailable"`},
		{"/api/v1/ask?q=watch+peru", nil, http.StatusOK, `"outcome":"unavailable"`},
		{"/shifts.atom", nil, http.StatusOK, "<feed"},
		{"/api/v1/ask?q=stance+peru", elsewhere, http.StatusNotFound, ""},
		{"/healthz", elsewhere, http.StatusOK, "ok"},
		{"/api/v1/ledger", nil, http.StatusUnauthorized, ""},
		{"/api/v1/ledger", bearer, http.StatusOK, `"count":2`},
		{"/readyz", bearer, http.StatusNotFound, ""},
		{"/metrics", bearer, http.StatusNotFound, ""},
	} {
		if status, said := asked(t, site+c.at, c.header); status != c.status || !strings.Contains(said, c.says) {
			t.Errorf("%s: status %d, want %d: %.300s", c.at, status, c.status, said)
		}
	}
	if r, err := s.Command(t.Context(), slacktest.Command{Channel: "C1", User: "U2", Text: "stance peru"}); err != nil || r.Message == nil {
		t.Errorf("the hook: %+v %v", r, err)
	}
	p.counts(t, `stancebot_asks_total{intent="stance",outcome="answered"} 2`)
}

// Receipts lead to the program's own pages where readers see those, and else to what they rest on. A desk's are not another's.
func TestWhereReceiptsLead(t *testing.T) {
	source := func(knowledge.DeskID, string) string { return "source" }
	for _, test := range []struct {
		public, access string
		desk           knowledge.DeskID
		receipt, want  string
	}{
		{"", "public", knowledge.DefaultDesk, "PER-05", "source"},
		{"https://stances.example.org/", "loopback", knowledge.DefaultDesk, "PER-05", "source"},
		{"https://stances.example.org/", "public", knowledge.DefaultDesk, "PER-05", "https://stances.example.org/receipts/PER-05"},
		{"https://stances.example.org", "token", knowledge.DefaultDesk, "ES-11/7", "https://stances.example.org/receipts/ES-11/7"},
		{"https://stances.example.org", "public", knowledge.DefaultDesk, "M:PER:mercosur:?", "https://stances.example.org/receipts/M:PER:mercosur:%3F"},
		{"https://stances.example.org", "public", "lima", "D-17", "source"},
	} {
		set(t, map[string]string{"PUBLIC_URL": test.public, "WEB_ACCESS": test.access, "WEB_TOKEN": "hunter2-hunter2-hunter2"})
		c, err := readConfig()
		if err != nil {
			t.Fatal(err)
		}
		if got := (&environment{config: c}).link(source)(test.desk, test.receipt); got != test.want {
			t.Errorf("%+v: leads to %s", test, got)
		}
	}
}
