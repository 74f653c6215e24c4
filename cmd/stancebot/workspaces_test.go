package main

import (
	"context"
	"encoding/base64"
	"html"
	"io"
	"net/http"
	"net/http/cookiejar"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"stancebot/adapters/slack/slacktest"
	"stancebot/adapters/store/storetest"
)

// testKey and otherKey encrypt in tests.
var (
	testKey  = base64.StdEncoding.EncodeToString([]byte("hunter2-hunter2-hunter2-hunter2-"))
	otherKey = base64.StdEncoding.EncodeToString([]byte("another-hunter2-another-hunter2-"))
)

// A town is a Slack of three workspaces, T1, T2 and T3, and a program that they can install.
type town struct {
	*slacktest.Network
	*serving

	servers map[string]*slacktest.Server
	url     string // of the database
}

// newTown starts a Slack, and serve with variables over those of an app that many workspaces install.
func newTown(t *testing.T, o slacktest.NetworkOptions, variables map[string]string) *town {
	t.Helper()
	n := &town{Network: slacktest.NewNetwork(o), servers: map[string]*slacktest.Server{}, url: variables["DATABASE_URL"]}
	t.Cleanup(n.Network.Close)
	for _, team := range []string{"T1", "T2", "T3"} {
		n.add(slacktest.Options{TeamID: team, TeamName: "Gazette " + team, BotToken: "xoxb-hunter2-" + team, SigningSecret: testSigning})
	}
	if n.url == "" {
		n.url = storetest.NewFile(t)
	}
	n.serve(t, variables)
	return n
}

// add adds a workspace with a person and a channel.
func (n *town) add(o slacktest.Options) {
	s := n.Add(o)
	s.AddUser(slacktest.User{ID: "U2", Name: "ana"})
	s.AddUser(slacktest.User{ID: "U3", Name: "ben"})
	s.AddChannel(slacktest.Channel{ID: "C" + o.TeamID, Name: "world", IsMember: true})
	n.servers[o.TeamID] = s
}

// serve starts the program, in the place of the one before.
func (n *town) serve(t *testing.T, variables map[string]string) {
	t.Helper()
	all := map[string]string{
		"DATABASE_URL": n.url, "SLACK_API_URL": n.APIURL(), "SLACK_BOT_TOKEN": "", "SLACK_SIGNING_SECRET": testSigning,
		"SLACK_CLIENT_ID": n.Options.ClientID, "SLACK_CLIENT_SECRET": n.Options.ClientSecret, "ENCRYPTION_KEY": testKey,
	}
	for name, value := range variables {
		all[name] = value
	}
	n.serving = serveWith(t, n.servers["T1"], all)
	n.Options.RedirectURL = "http://" + n.listen + "/slack/oauth/callback"
	for _, s := range n.servers {
		s.UseHTTP("http://" + n.listen)
	}
}

// A browser keeps cookies.
type browser struct{ http.Client }

func newBrowser(t *testing.T) *browser {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &browser{http.Client{Jar: jar, Timeout: 10 * time.Second}}
}

// opens opens a page, and returns its status and text.
func (b *browser) opens(t *testing.T, address string) (status int, page string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Accept-Language", "en")
	resp, err := b.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, html.UnescapeString(string(text))
}

var goButton = regexp.MustCompile(`<a class="go" href="([^"]+)">`)

// begins begins an installation, and returns the address that the button leads to.
func (n *town) begins(t *testing.T, b *browser) string {
	t.Helper()
	status, page := b.opens(t, "http://"+n.listen+"/slack/install")
	button := goButton.FindStringSubmatch(page)
	if status != http.StatusOK || button == nil {
		t.Fatalf("status %d: %s", status, page)
	}
	return button[1]
}

// installs installs the app in a workspace, as a person does, and returns the page that they end at.
func (n *town) installs(t *testing.T, enterprise, team, user string) (status int, page string) {
	t.Helper()
	b := newBrowser(t)
	back, err := n.Allow(n.begins(t, b), enterprise, team, user)
	if err != nil {
		t.Fatal(err)
	}
	return b.opens(t, back)
}

// installed installs the app in a workspace, which must go well.
func (n *town) installed(t *testing.T, team string) {
	t.Helper()
	if status, page := n.installs(t, "", team, "U2"); status != http.StatusOK || !strings.Contains(page, "Stancebot is in") {
		t.Fatalf("status %d: %s", status, page)
	}
}

// asked mentions the app in a workspace.
func (n *town) asked(t *testing.T, team, text string) {
	t.Helper()
	r, err := n.servers[team].Mention(t.Context(), "U2", "C"+team, text, "")
	if err != nil || !r.Acked {
		t.Fatal(r, err)
	}
}

// says waits until the app says something in a workspace.
func (n *town) says(t *testing.T, team, text string) {
	t.Helper()
	s := n.servers[team]
	within(t, 20*time.Second, func() bool {
		for _, m := range s.Messages("C" + team) {
			if saysSo(&m, text) {
				return true
			}
		}
		return false
	}, func() string { return texts(s.Messages("C"+team)) + n.log.String() })
}

// silent checks that the app has said nothing in a workspace, and called nothing for it.
func (n *town) silent(t *testing.T, team string) {
	t.Helper()
	s := n.servers[team]
	for _, m := range s.Messages("C" + team) {
		if m.Via != "person" {
			t.Errorf("%s was told %s", team, m.Text)
		}
	}
	if calls := s.Calls(""); len(calls) > 0 {
		t.Errorf("%s was called: %v", team, calls)
	}
}

// Two workspaces install the app, each is answered by its own token, and a third that did not is answered by none.
func TestWorkspacesInstallTheApp(t *testing.T) {
	n := newTown(t, slacktest.NetworkOptions{}, nil)
	n.asked(t, "T2", "stance peru") // it is not installed yet
	status, page := n.installs(t, "", "T2", "U2")
	for _, want := range []string{"Stancebot is in Gazette T2", "slack-t2", "first editor", "/stance help", "team=T2"} {
		if status != http.StatusOK || !strings.Contains(page, want) {
			t.Fatalf("status %d: no %q in %s", status, want, page)
		}
	}
	n.installed(t, "T3")
	n.asked(t, "T2", "stance peru")
	n.says(t, "T2", "Peru")
	n.asked(t, "T3", "stance brazil")
	n.says(t, "T3", "Brazil")
	n.asked(t, "T1", "stance peru")
	if r, err := n.servers["T1"].Command(t.Context(), slacktest.Command{Channel: "CT1", User: "U2", Text: "stance peru"}); err != nil || !r.Acked || r.Message != nil {
		t.Errorf("a command of a workspace without the app: %+v, %v", r, err)
	}
	n.counts(t, `stancebot_events_total{outcome="uninstalled",platform="slack",way="command"} 1`)
	n.counts(t, `stancebot_events_total{outcome="uninstalled",platform="slack",way="event"} 2`)
	n.counts(t, `stancebot_slack_installs 2`)
	n.silent(t, "T1")
	for _, team := range []string{"T2", "T3"} {
		if complaints := n.servers[team].Complaints(); len(complaints) > 0 {
			t.Errorf("%s complains: %q", team, complaints)
		}
	}
	n.leaksNothing(t)
}

// leaksNothing looks for every token, code and secret in each byte of the database, in the log and on the pages of operators.
func (n *town) leaksNothing(t *testing.T) {
	t.Helper()
	places := map[string]string{"the log": n.log.String()}
	for _, path := range []string{"/metrics", "/readyz"} {
		_, places[path] = n.page(t, path)
	}
	file := strings.TrimPrefix(n.url, "sqlite:")
	for _, suffix := range []string{"", "-wal"} {
		raw, err := os.ReadFile(file + suffix)
		if err != nil && suffix == "" {
			t.Fatal(err)
		}
		places["the database"+suffix] = string(raw)
	}
	secrets := append(n.Tokens(), n.Options.ClientSecret, testKey, otherKey, testSigning, "hunter2-hunter2")
	for place, text := range places {
		for _, secret := range secrets {
			if strings.Contains(text, secret) {
				t.Errorf("%s holds %s", place, secret)
			}
		}
	}
	if len(n.Tokens()) == 0 {
		t.Error("there was no token to be found")
	}
}

var _ = context.Background
