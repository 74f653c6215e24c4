package main

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"html"
	"io"
	"maps"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"stancebot/adapters/slack/slacktest"
	"stancebot/adapters/store"
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
	if variables["SLACK_BOT_TOKEN"] != "" {
		n.Made(n.servers["T1"])
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
	maps.Copy(all, variables)
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
	}, func() string {
		return texts(s.Messages("C"+team)) + texts(s.Ephemerals("C"+team, "U2")) + n.log.String()
	})
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

// Each thing that can go wrong with an installation is told in plain words, and nothing is installed by it.
func TestInstallationsThatGoWrong(t *testing.T) {
	if elsewhere(t) {
		return
	}
	var fault atomic.Pointer[string]
	n := newTown(t, slacktest.NetworkOptions{Fault: func(method string) string {
		if f := fault.Load(); f != nil && method == "oauth.v2.access" {
			return *f
		}
		return ""
	}}, nil)
	allow := func(address string) string {
		back, err := n.Allow(address, "", "T2", "U2")
		if err != nil {
			t.Fatal(err)
		}
		return back
	}
	with := func(address, name, value string) string {
		u, err := url.Parse(address)
		if err != nil {
			t.Fatal(err)
		}
		q := u.Query()
		q.Set(name, value)
		u.RawQuery = q.Encode()
		return u.String()
	}
	const stale, refused, away, operator = "no longer good", "no longer accepts", "Slack cannot be reached", "not set up for it"
	for name, test := range map[string]struct {
		fault  string
		back   func(b *browser, address string) string
		status int
		says   string
	}{
		"cancelled": {back: func(_ *browser, address string) string {
			back, err := n.Deny(address)
			if err != nil {
				t.Fatal(err)
			}
			return back
		}, status: http.StatusOK, says: "Nothing was installed"},
		"another state":  {back: func(_ *browser, a string) string { return with(allow(a), "state", "guessed") }, status: http.StatusBadRequest, says: stale},
		"no state":       {back: func(_ *browser, a string) string { return with(allow(a), "state", "") }, status: http.StatusBadRequest, says: stale},
		"no code":        {back: func(_ *browser, a string) string { return with(allow(a), "code", "") }, status: http.StatusBadRequest, says: refused},
		"a guessed code": {back: func(_ *browser, a string) string { return with(allow(a), "code", "guessed") }, status: http.StatusBadRequest, says: refused},
		"another browser": {back: func(b *browser, a string) string {
			b.Jar = newBrowser(t).Jar
			return allow(a)
		}, status: http.StatusBadRequest, says: stale},
		"another one's browser": {back: func(b *browser, a string) string {
			b.Jar = newBrowser(t).Jar
			n.begins(t, b) // who was sent somebody else's address has a cookie of their own
			return allow(a)
		}, status: http.StatusBadRequest, says: stale},
		"another word of Slack's": {back: func(_ *browser, a string) string {
			u, err := url.Parse(a)
			if err != nil {
				return ""
			}
			return n.Options.RedirectURL + "?error=invalid_scope&state=" + u.Query().Get("state")
		}, status: http.StatusBadRequest, says: refused},
		"a code that was used": {fault: "code_already_used", back: func(_ *browser, a string) string { return allow(a) }, status: http.StatusBadRequest, says: refused},
		"another client":       {fault: "invalid_client_id", back: func(_ *browser, a string) string { return allow(a) }, status: http.StatusBadGateway, says: operator},
		"another secret":       {fault: "bad_client_secret", back: func(_ *browser, a string) string { return allow(a) }, status: http.StatusBadGateway, says: operator},
		"Slack is broken":      {fault: "internal_error", back: func(_ *browser, a string) string { return allow(a) }, status: http.StatusBadGateway, says: away},
		"the answer is lost":   {fault: "lost", back: func(_ *browser, a string) string { return allow(a) }, status: http.StatusBadGateway, says: away},
	} {
		t.Run(name, func(t *testing.T) {
			fault.Store(&test.fault)
			b := newBrowser(t)
			back := test.back(b, n.begins(t, b))
			if status, page := b.opens(t, back); status != test.status || !strings.Contains(page, test.says) {
				t.Errorf("status %d: %s", status, page)
			}
			if status, page := b.opens(t, back); status != http.StatusBadRequest || !strings.Contains(page, stale) { // none comes back twice
				t.Errorf("again: status %d: %s", status, page)
			}
		})
	}
	n.counts(t, `stancebot_slack_installs 0`)
	n.asked(t, "T2", "stance peru")
	n.silent(t, "T2")
	n.leaksNothing(t)
}

// Of many that come back at once with one state, one installs.
func TestAnInstallationComesBackOnce(t *testing.T) {
	if elsewhere(t) {
		return
	}
	n := newTown(t, slacktest.NetworkOptions{}, nil)
	b := newBrowser(t)
	back, err := n.Allow(n.begins(t, b), "", "T2", "U2")
	if err != nil {
		t.Fatal(err)
	}
	var done atomic.Int32
	var running sync.WaitGroup
	for range 8 {
		running.Go(func() {
			if status, _ := b.opens(t, back); status == http.StatusOK {
				done.Add(1)
			}
		})
	}
	running.Wait()
	if done.Load() != 1 || n.Asked("oauth.v2.access", "") != 1 {
		t.Errorf("%d were done, by %d calls", done.Load(), n.Asked("oauth.v2.access", ""))
	}
	if status, page := b.opens(t, back); status != http.StatusBadRequest {
		t.Errorf("again: status %d: %s", status, page)
	}
}

// In either order, and told twice, the app is gone from a workspace when it was taken out: it says nothing, its token and what was told are
// gone, what was subscribed to has ended; what others have stays. Who installs it again finds the ledger and the editors, and no digest.
func TestTheAppIsTakenOut(t *testing.T) {
	if elsewhere(t) {
		return
	}
	for name, order := range map[string][]string{
		"uninstalled first": {"app_uninstalled", "tokens_revoked", "app_uninstalled"}, "revoked first": {"tokens_revoked", "app_uninstalled", "tokens_revoked"},
	} {
		t.Run(name, func(t *testing.T) {
			n := newTown(t, slacktest.NetworkOptions{}, nil)
			for _, team := range []string{"T2", "T3"} {
				n.installed(t, team)
				n.asked(t, team, "watch peru")
				n.says(t, team, "Peru")
				n.asked(t, team, "source BRA-14")
				n.says(t, team, "Kazan")
			}
			n.holds(t, "told", 2)
			n.holds(t, "digest_subscriptions WHERE ended_at = 0", 2)
			time.Sleep(time.Until(time.Now().Truncate(time.Second).Add(time.Second))) // Slack tells whole seconds: what was installed within one is older
			if err := n.Uninstall(t.Context(), n.servers["T2"], order...); err != nil {
				t.Fatal(err)
			}
			n.counts(t, `stancebot_slack_installs 1`)
			n.holds(t, "installs WHERE team = 'T2'", 0)
			n.holds(t, "told WHERE place LIKE 'slack:T2:%'", 0)
			n.holds(t, "told", 1)
			n.holds(t, "digest_subscriptions WHERE ended_at = 0 AND address LIKE 'slack:T3:%'", 1)
			n.holds(t, "digest_subscriptions WHERE ended_at = 0", 1)
			n.holds(t, "desk_editors WHERE desk = 'slack-t2'", 1)
			said := len(n.servers["T2"].Messages("CT2"))
			n.asked(t, "T2", "stance peru")
			n.asked(t, "T3", "stance chile")
			n.says(t, "T3", "Chile")
			if now := len(n.servers["T2"].Messages("CT2")); now != said+1 { // the question
				t.Errorf("it says %s", texts(n.servers["T2"].Messages("CT2")))
			}
			if status, page := n.installs(t, "", "T2", "U3"); status != http.StatusOK || strings.Contains(page, "first editor") || !strings.Contains(page, "slack-t2") {
				t.Errorf("again: status %d: %s", status, page)
			}
			n.asked(t, "T2", "stance brazil")
			n.says(t, "T2", "Brazil")
			n.holds(t, "digest_subscriptions WHERE ended_at = 0", 1)
			n.holds(t, "desk_editors WHERE desk = 'slack-t2'", 1)
			n.leaksNothing(t)
		})
	}
}

// holds waits until the database holds so many rows.
func (n *town) holds(t *testing.T, rows string, want int) {
	t.Helper()
	db, err := store.Look(t.Context(), n.url, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close() //nolint:errcheck // it was only read
	count := func() (got int) {
		if err := db.SQL().QueryRowContext(t.Context(), "SELECT count(*) FROM "+rows).Scan(&got); err != nil {
			t.Error(err)
		}
		return got
	}
	within(t, 10*time.Second, func() bool { return count() == want }, func() string {
		return fmt.Sprintf("%d of %s, want %d\n%s", count(), rows, want, n.log)
	})
}

// No desk sees another's data: what the editor of one workspace records is said in that workspace alone, though all begin in the same second,
// and none of it, nor of anybody's, is the operator's. The operator's own workspace is the desk main's.
func TestWorkspacesAreDesksOfTheirOwn(t *testing.T) {
	if elsewhere(t) {
		return
	}
	n := newTown(t, slacktest.NetworkOptions{}, map[string]string{"SLACK_BOT_TOKEN": "xoxb-hunter2-T1", "FOUR_EYES": "false", "EDITORS": "slack:T1:U2"})
	n.installed(t, "T2")
	n.installed(t, "T3")
	for team, label := range map[string]string{"T1": "neutral", "T2": "ally", "T3": "adversary"} {
		within(t, 20*time.Second, func() bool { // it is asked which workspace the token is of
			n.asked(t, team, "record bolivia russia "+label+" since 2026-01-0"+team[1:]+" https://example.org/"+team)
			time.Sleep(300 * time.Millisecond)
			return slices.ContainsFunc(n.servers[team].Messages("C"+team), func(m slacktest.Message) bool { return saysSo(&m, "D-1") })
		}, func() string { return team + texts(n.servers[team].Messages("C"+team)) + n.log.String() })
	}
	n.holds(t, "ledger_heads WHERE desk IN ('main', 'slack-t2', 'slack-t3')", 3)
	n.holds(t, "ledger_heads", 3)
	for _, team := range []string{"T1", "T2", "T3"} {
		n.asked(t, team, "source D-1")
		n.says(t, team, "https://example.org/"+team)
		for _, other := range []string{"T1", "T2", "T3"} {
			for _, m := range n.servers[team].Messages("C" + team) {
				if other != team && strings.Contains(string(m.Blocks)+m.Text, "example.org/"+other) {
					t.Errorf("%s is told of %s: %s", team, other, m.Text)
				}
			}
		}
	}
	// Who is no editor of this desk is none, be it that they are of another.
	r, err := n.servers["T3"].Mention(t.Context(), "U3", "CT3", "record chile russia ally since 2026-01-01 https://example.org/ben", "")
	if err != nil || !r.Acked {
		t.Fatal(r, err)
	}
	n.holds(t, "desk_spaces WHERE desk = 'main' AND space = 'T1'", 1)
	n.leaksNothing(t)
}

// With another key nothing is said, nothing deleted, and the operator is told; with both keys all goes on, sealed with the first.
func TestAnotherKey(t *testing.T) {
	if elsewhere(t) {
		return
	}
	n := newTown(t, slacktest.NetworkOptions{}, nil)
	n.installed(t, "T2")
	n.stop()
	n.serve(t, map[string]string{"ENCRYPTION_KEY": otherKey})
	eventually(t, func() bool {
		return strings.Contains(n.platform(t), "STANCEBOT_ENCRYPTION_KEY: the tokens of 1 of 1 workspaces, the first slack:T2")
	}, func() string { return n.platform(t) })
	n.asked(t, "T2", "stance peru")
	code, said := doctor(t, map[string]string{"DATABASE_URL": n.url})
	if says(t, said, "FIX  the install in slack:T2 cannot be used: installs: slack:T2: its tokens were encrypted with a key", "ok   STANCEBOT_SLACK_CLIENT_ID is known to Slack"); code != exitFailure {
		t.Errorf("exit status %d", code)
	}
	n.silent(t, "T2")
	n.holds(t, "installs", 1)
	n.stop()
	n.serve(t, map[string]string{"ENCRYPTION_KEY": otherKey + "," + testKey})
	n.asked(t, "T2", "stance brazil")
	n.says(t, "T2", "Brazil")
	eventually(t, func() bool { return n.platform(t) == "ok" }, func() string { return n.platform(t) })
	eventually(t, func() bool { return strings.Contains(n.log.String(), "installs are encrypted with the newest key") }, n.log.String)
	n.stop()
	n.serve(t, map[string]string{"ENCRYPTION_KEY": otherKey})
	n.asked(t, "T2", "stance chile")
	n.says(t, "T2", "Chile")
	_, said = doctor(t, map[string]string{"DATABASE_URL": n.url})
	says(t, said, "ok   the installs are 1; Slack takes the tokens of 1 that were tried")
	n.leaksNothing(t)
}

// An organisation installs the app once: each of its workspaces is served by its token as soon as it says something, each is a desk of its
// own, and people whose ids begin with W are answered. A workspace that is taken out, and all of them with the organisation's, hear no more.
func TestAnOrganisationInstallsTheApp(t *testing.T) {
	if elsewhere(t) {
		return
	}
	n := newTown(t, slacktest.NetworkOptions{}, nil)
	for _, team := range []string{"T7", "T8"} {
		n.add(slacktest.Options{
			TeamID: team, TeamName: "Gazette " + team, EnterpriseID: "E1", OrgInstall: true, BotToken: "xoxb-hunter2-" + team, BotUserID: "UBOT" + team, SigningSecret: testSigning,
		})
		n.servers[team].AddUser(slacktest.User{ID: "W2", Name: "eve"})
		n.servers[team].UseHTTP("http://" + n.listen)
	}
	n.asked(t, "T7", "stance peru") // it is not installed yet
	if status, page := n.installs(t, "E1", "", "W2"); status != http.StatusOK || !strings.Contains(page, "Stancebot is in Organisation") || !strings.Contains(page, "each has a desk of its own") {
		t.Fatalf("status %d: %s", status, page)
	}
	for _, team := range []string{"T7", "T8"} {
		r, err := n.servers[team].Mention(t.Context(), "W2", "C"+team, "watch peru", "")
		if err != nil || !r.Acked {
			t.Fatal(r, err)
		}
		n.says(t, team, "Peru")
		if r, err := n.servers[team].Command(t.Context(), slacktest.Command{Channel: "C" + team, User: "W2", Text: "stance chile"}); err != nil || r.Message == nil {
			t.Errorf("%s: %+v, %v", team, r, err)
		}
	}
	n.holds(t, "desk_spaces WHERE (space = 'T7' AND desk = 'slack-t7') OR (space = 'T8' AND desk = 'slack-t8')", 2)
	n.holds(t, "desk_editors WHERE (desk = 'slack-t7' AND person = 'slack:T7:W2') OR (desk = 'slack-t8' AND person = 'slack:T8:W2')", 2)
	n.asked(t, "T2", "stance peru") // another organisation's
	n.stop()
	n.serve(t, nil) // which workspaces are whose is kept
	r, err := n.servers["T7"].Event(t.Context(), slacktest.Event{Inner: map[string]any{"type": "team_access_revoked", "team_ids": []string{"T7"}}})
	if err != nil || !r.Acked {
		t.Fatal(r, err)
	}
	n.holds(t, "digest_subscriptions WHERE ended_at = 0", 1)
	n.holds(t, "install_teams", 1)
	n.asked(t, "T8", "stance brazil")
	n.says(t, "T8", "Brazil")
	time.Sleep(time.Until(time.Now().Truncate(time.Second).Add(time.Second)))
	if err := n.Uninstall(t.Context(), n.servers["T8"], "tokens_revoked", "app_uninstalled"); err != nil {
		t.Fatal(err)
	}
	n.holds(t, "installs", 0)
	n.holds(t, "digest_subscriptions WHERE ended_at = 0", 0)
	n.holds(t, "told", 0)
	n.silent(t, "T2")
	n.leaksNothing(t)
}

// runs runs a command, and returns what it says.
func runs(t *testing.T, want int, args ...string) string {
	t.Helper()
	var out, errs bytes.Buffer
	if code := run(t.Context(), args, nil, &out, &errs); code != want {
		t.Errorf("%v: exit status %d\n%s%s", args, code, &out, &errs)
	}
	if text := out.String() + errs.String(); strings.Contains(text, "hunter2") {
		t.Errorf("%v tells a secret: %s", args, text)
	}
	return out.String() + errs.String()
}

// Operators list installs, name editors, who decide at once, and take the app out while the program runs.
func TestOperatorsKeepTheInstalls(t *testing.T) {
	if elsewhere(t) {
		return
	}
	n := newTown(t, slacktest.NetworkOptions{}, map[string]string{"FOUR_EYES": "false"})
	n.installed(t, "T2")
	n.installed(t, "T3")
	list := runs(t, exitOK, "desks")
	for _, want := range []string{"slack-t2  0        slack:T2", "slack:T2      Gazette T2  ", "slack:T2:U2  does not expire"} {
		if !strings.Contains(list, want) {
			t.Errorf("%q is not in\n%s", want, list)
		}
	}
	for args, want := range map[string]string{
		"slack-t2 add slack:T3:U3": "slack:T3:U3 is of a workspace that belongs to the desk slack-t3", "slack-t2 add ana": "want platform and person",
		"Slack add slack:T2:U3": "a desk is named by small letters", "slack-t2 add": "whom to add?", "slack-t2 praise slack:T2:U3": "must be one of",
	} {
		if text := runs(t, exitUsage, append([]string{"desks", "editors"}, strings.Fields(args)...)...); !strings.Contains(text, want) {
			t.Errorf("%s says %s", args, text)
		}
	}
	n.servers["T2"].AddUser(slacktest.User{ID: "U4", Name: "carla"})
	for _, user := range []string{"U4", "U3"} { // who is no editor proposes, and decides nothing
		text := map[string]string{"U4": "record bolivia russia neutral since 2026-01-01 https://example.org/carla", "U3": "approve D-1"}[user]
		if r, err := n.servers["T2"].Mention(t.Context(), user, "CT2", text, ""); err != nil || !r.Acked {
			t.Fatal(r, err)
		}
		n.says(t, "T2", "D-1")
	}
	n.holds(t, "ledger_entries WHERE desk = 'slack-t2'", 1)
	if text := runs(t, exitOK, "desks", "editors", "slack-t2", "add", "slack:T2:U3"); text != "slack:T2:U3 is an editor of slack-t2\n" {
		t.Error(text)
	}
	if text := runs(t, exitOK, "desks", "editors"); !strings.Contains(text, "slack-t2  slack:T2:U2  the desk\nslack-t2  slack:T2:U3  the desk\n") {
		t.Error(text)
	}
	within(t, 20*time.Second, func() bool { // the program hears of it
		r, err := n.servers["T2"].Mention(t.Context(), "U3", "CT2", "approve D-1", "")
		if err != nil || !r.Acked {
			t.Fatal(r, err)
		}
		time.Sleep(300 * time.Millisecond)
		return strings.Contains(runs(t, exitOK, "desks"), "slack-t2  3 ")
	}, func() string {
		return runs(t, exitOK, "desks") + texts(n.servers["T2"].Messages("CT2")) + texts(n.servers["T2"].Ephemerals("CT2", "U3"))
	})
	runs(t, exitOK, "desks", "editors", "slack-t2", "remove", "slack:T2:U3")
	runs(t, exitFailure, "desks", "editors", "slack-t2", "remove", "slack:T2:U3")

	runs(t, exitUsage, "desks", "remove", "slack:T9")
	if text := runs(t, exitOK, "desks", "remove", "slack:T2"); !strings.Contains(text, "not installed in slack:T2 any more; the ledger of its desk stays") {
		t.Error(text)
	}
	if n.Asked("apps.uninstall", "") != 1 {
		t.Error("it is not uninstalled in Slack")
	}
	n.holds(t, "installs", 1)
	n.holds(t, "ledger_entries WHERE desk = 'slack-t2'", 3)
	n.counts(t, `stancebot_slack_installs 1`)
	before := len(n.servers["T2"].Calls(""))
	n.asked(t, "T2", "stance peru")
	n.asked(t, "T3", "stance chile")
	n.says(t, "T3", "Chile")
	if calls := n.servers["T2"].Calls(""); len(calls) != before {
		t.Errorf("it was called: %v", calls[before:])
	}
	n.leaksNothing(t)
}
