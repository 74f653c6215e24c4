package slack_test

import (
	"cmp"
	"context"
	"log/slog"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/goccy/go-yaml"

	"stancebot/adapters/adaptertest/peers"
	"stancebot/adapters/slack"
	"stancebot/adapters/slack/slacktest"
	"stancebot/bot"
	"stancebot/bot/bottest"
	"stancebot/bot/digest"
	"stancebot/bot/inbox"
	"stancebot/knowledge"
)

// A manifest is the app's, as far as the program must agree with it.
type manifest struct {
	Features struct {
		Shortcuts []struct {
			CallbackID string `yaml:"callback_id"`
		}
		SlashCommands []struct{ Command, URL string } `yaml:"slash_commands"`
		UnfurlDomains []string                        `yaml:"unfurl_domains"`
	}
	OAuth struct {
		Redirects []string `yaml:"redirect_urls"`
		Scopes    struct{ Bot []string }
	} `yaml:"oauth_config"`
	Settings struct {
		Events struct {
			URL  string   `yaml:"request_url"`
			List []string `yaml:"bot_events"`
		} `yaml:"event_subscriptions"`
		Interactivity struct {
			URL string `yaml:"request_url"`
		}
		SocketMode bool `yaml:"socket_mode_enabled"`
	}
}

func readManifest(t *testing.T) (string, manifest) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "..", "deploy", "slack", "manifest.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	return string(text), parseManifest(t, string(text))
}

func parseManifest(t *testing.T, text string) manifest {
	t.Helper()
	var m manifest
	if err := yaml.Unmarshal([]byte(text), &m); err != nil {
		t.Fatal(err)
	}
	return m
}

// manifestOverHTTP is the manifest as its first lines say that it becomes one for HTTP.
func manifestOverHTTP(text string) string {
	text = regexp.MustCompile(`(?m)^( *)# ((?:request_)?url: )`).ReplaceAllString(text, "$1$2")
	return strings.Replace(text, "socket_mode_enabled: true", "socket_mode_enabled: false", 1)
}

// manifestForMany is the manifest as its first lines say that it becomes one for an app that many workspaces install, organisations too.
func manifestForMany(text string) string {
	text = regexp.MustCompile(`(?m)^( *)#: `).ReplaceAllString(manifestOverHTTP(text), "$1")
	return strings.Replace(text, "org_deploy_enabled: false", "org_deploy_enabled: true", 1)
}

// An app of many workspaces hears of it when it is taken out, asks for the scopes of the manifest, and has people sent back to where it
// waits for them.
func TestManifestForManyWorkspaces(t *testing.T) {
	text, alone := readManifest(t)
	m := parseManifest(t, manifestForMany(text))
	if !slices.Equal(slack.Scopes(), m.OAuth.Scopes.Bot) {
		t.Errorf("people are asked for %q, the manifest has %q", slack.Scopes(), m.OAuth.Scopes.Bot)
	}
	if want := []string{"https://" + m.Features.UnfurlDomains[0] + "/slack/oauth/callback"}; !slices.Equal(m.OAuth.Redirects, want) || len(alone.OAuth.Redirects) > 0 {
		t.Errorf("people are sent back to %q, want %q, and alone to %q", m.OAuth.Redirects, want, alone.OAuth.Redirects)
	}
	for _, event := range []string{"app_uninstalled", "tokens_revoked", "team_access_revoked"} {
		if !slices.Contains(m.Settings.Events.List, event) || slices.Contains(alone.Settings.Events.List, event) {
			t.Errorf("%s is sent to %q, and alone to %q", event, m.Settings.Events.List, alone.Settings.Events.List)
		}
	}
	raw, err := yaml.YAMLToJSON([]byte(manifestForMany(text)))
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "many.json")
	if err := os.WriteFile(file, raw, 0o600); err != nil {
		t.Fatal(err)
	}
	peers.Check[any](t, peers.Slack, "check-manifest.mjs", nil, file)
}

// Slack's own type of a manifest takes ours, in Socket Mode and turned to HTTP.
func TestManifestIsOne(t *testing.T) {
	text, socket := readManifest(t)
	if !socket.Settings.SocketMode || socket.Settings.Events.URL != "" {
		t.Error("the manifest is not for Socket Mode")
	}
	h := parseManifest(t, manifestOverHTTP(text))
	got := []string{h.Features.SlashCommands[0].URL, h.Settings.Events.URL, h.Settings.Interactivity.URL}
	want := []string{"commands", "events", "interactions"}
	for i, url := range got {
		if url != "https://"+h.Features.UnfurlDomains[0]+"/slack/"+want[i] {
			t.Errorf("over HTTP, %s come to %q", want[i], url)
		}
	}
	if h.Settings.SocketMode {
		t.Error("over HTTP it is still in Socket Mode")
	}
	var files []string
	for name, text := range map[string]string{"socket.json": text, "http.json": manifestOverHTTP(text)} {
		raw, err := yaml.YAMLToJSON([]byte(text))
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, filepath.Join(t.TempDir(), name))
		if err := os.WriteFile(files[len(files)-1], raw, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	peers.Check[any](t, peers.Slack, "check-manifest.mjs", nil, files...)
}

// openedBy are the scopes without which Slack sends nothing of a kind: events, or what the manifest names otherwise.
var openedBy = map[string]string{
	"app_mentions:read": "app_mention", "im:history": "message.im", "links:read": "link_shared", "commands": "/stance",
}

// withoutScope are the events that need none.
const withoutScope = "app_home_opened"

// optional are the methods that the manifest has no scope for in channels: README.md beside it tells what is missing.
var optional = []string{"conversations.history", "conversations.replies", mayBeRefused}

// mayBeRefused is the method that the program asks once whether it may call: whether a file was shared.
const mayBeRefused = "files.info"

// With the scopes of the manifest nothing is refused that the program calls, and with one less, something is: no scope is
// missing, and none is idle.
func TestManifestHasTheScopes(t *testing.T) {
	t.Parallel()
	_, m := readManifest(t)
	sent := append([]string{m.Features.SlashCommands[0].Command}, m.Settings.Events.List...)
	if !slices.Contains(sent, withoutScope) {
		t.Errorf("Slack sends no %s", withoutScope)
	}
	for _, event := range m.Settings.Events.List {
		if event != withoutScope && !slices.ContainsFunc(m.OAuth.Scopes.Bot, func(scope string) bool { return openedBy[scope] == event }) {
			t.Errorf("Slack sends no %s without a scope that opens it", event)
		}
	}
	calls := useEverything(t, m, m.OAuth.Scopes.Bot)
	if refused := refusedFor(calls); len(refused) > 0 {
		t.Errorf("with all scopes, %v are refused", refused)
	}
	for _, method := range methodsOfSource(t) {
		if !slices.ContainsFunc(calls, func(c slacktest.Call) bool { return c.Method == method }) && !slices.Contains(optional, method) {
			t.Errorf("%s was not called: its scope is not tested", method)
		}
	}
	for i, scope := range m.OAuth.Scopes.Bot {
		if opened, ok := openedBy[scope]; ok {
			if !slices.Contains(sent, opened) {
				t.Errorf("%s opens %s, which the app does not have sent", scope, opened)
			}
			continue
		}
		t.Run("without "+scope, func(t *testing.T) {
			t.Parallel()
			less := slices.Delete(slices.Clone(m.OAuth.Scopes.Bot), i, i+1)
			if len(refusedFor(useEverything(t, m, less))) == 0 {
				t.Errorf("nothing needs %s", scope)
			}
		})
	}
}

func refusedFor(calls []slacktest.Call) []string {
	var refused []string
	for _, c := range calls {
		if c.Error == "missing_scope" && c.Method != mayBeRefused {
			refused = append(refused, c.Method+" to "+c.Args["channel"])
		}
	}
	return refused
}

// methodsOfSource are the methods of the Web API that the adapter names where it sends.
func methodsOfSource(t *testing.T) []string {
	t.Helper()
	source, err := os.ReadFile("send.go")
	if err != nil {
		t.Fatal(err)
	}
	var methods []string
	for _, found := range regexp.MustCompile(`"((?:chat|conversations|users|views)\.\w+)"`).FindAllStringSubmatch(string(source), -1) {
		methods = append(methods, found[1])
	}
	if len(methods) < 5 {
		t.Fatalf("send.go names %v", methods)
	}
	return methods
}

// secretive answers what begins with a hush for the asker alone.
type secretive struct{ bot.Handler }

func (s secretive) Handle(ctx context.Context, req bot.Request) bot.Reply {
	text, hush := strings.CutPrefix(req.Text, "hush ")
	req.Text = text
	r := s.Handler.Handle(ctx, req)
	r.Private = r.Private || hush
	return r
}

type noMeter struct{}

func (noMeter) Event(string, string)               {}
func (noMeter) Call(string, string, time.Duration) {}

// useEverything goes every way in of an app that has these scopes, and returns what it called.
func useEverything(t *testing.T, m manifest, scopes []string) []slacktest.Call {
	t.Helper()
	const ana = "UANA"
	s := slacktest.New(slacktest.Options{Scopes: scopes})
	s.AddUser(slacktest.User{ID: ana, Name: "ana"})
	s.AddChannel(slacktest.Channel{ID: "CNEWS", Name: "news", IsMember: true})
	s.AddChannel(slacktest.Channel{ID: "CDESK", Name: "desk", IsMember: true, IsPrivate: true})
	a := startAdapter(t, s, m)
	did := func(r slacktest.Receipt, err error) slacktest.Receipt {
		t.Helper()
		if err != nil || !r.Acked {
			t.Fatalf("%+v: %v", r, err)
		}
		return r
	}
	ctx := t.Context()
	called := func(method string, n int) {
		t.Helper()
		ctx, cancel := context.WithTimeout(ctx, 20*time.Second)
		defer cancel()
		if err := s.Await(ctx, func() bool { return len(s.Calls(method)) >= n }); err != nil {
			t.Fatalf("%s is not called %d times: %v", method, n, err)
		}
	}
	for i, channel := range []string{"CNEWS", "CDESK"} {
		r := did(s.Command(ctx, slacktest.Command{Name: m.Features.SlashCommands[0].Command, Text: "stance peru", Channel: channel, User: ana}))
		did(s.Press(ctx, ana, *r.Message, "share:en:"))
		called("conversations.info", i+1)
	}
	called("users.info", 1)
	did(s.Mention(ctx, ana, "CNEWS", "stance cuba", ""))
	called("chat.postMessage", 1)
	did(s.Mention(ctx, ana, "CNEWS", "hush stance cuba", ""))
	called("chat.postEphemeral", 1)
	did(s.DM(ctx, ana, "stance chile", ""))
	called("chat.postMessage", 2)
	did(s.DM(ctx, ana, "export chile", ""))
	if slices.Contains(scopes, "chat:write") { // without a text there is nothing that a file goes with
		called("files.getUploadURLExternal", 1)
	}
	did(s.OpenHome(ctx, ana))
	called("views.publish", 1)
	did(s.ShareLink(ctx, ana, "CNEWS", "https://"+m.Features.UnfurlDomains[0]+"/countries/per"))
	called("chat.unfurl", 1)
	answered := len(s.Calls("response_url"))
	did(s.Shortcut(ctx, ana, m.Features.Shortcuts[0].CallbackID, s.Messages("CNEWS")[0]))
	called("response_url", answered+1)
	form := did(s.Command(ctx, slacktest.Command{Name: m.Features.SlashCommands[0].Command, Text: "reject D-1", Channel: "CNEWS", User: ana}))
	did(s.Press(ctx, ana, *form.Message, "form:en:0"))
	called("views.open", 1)
	did(s.Submit(ctx, s.Modals()[0], s.Modals()[0].Fill("no")))
	called("chat.postEphemeral", 2)
	r := &bot.Reply{Language: "en", Blocks: []bot.Block{bot.Heading{Text: "News"}}}
	message, _ := a.Post(ctx, digest.Post{ID: "d1/0", To: "slack:T1:CNEWS", Reply: r}) // what is refused is seen of the calls
	_, _ = a.Post(ctx, digest.Post{ID: "d2/0", To: "slack:T1:CNEWS", Reply: r, Edit: cmp.Or(message, "1700000000.000001")})
	_ = a.Tell(ctx, "slack:T1:"+ana, r)
	return s.Calls("")
}

// startAdapter runs an adapter over HTTP until the test ends.
func startAdapter(t *testing.T, s *slacktest.Server, m manifest) *slack.Adapter {
	t.Helper()
	a := slack.New(slack.Options{
		Bot: secretive{bottest.Clerk{Handler: bottest.NewDesk(t)}}, BotToken: s.Options.BotToken, SigningSecret: s.Options.SigningSecret, APIURL: s.APIURL(),
		PublicURL: "https://" + m.Features.UnfurlDomains[0], Store: func() inbox.Store { return nil }, Meter: noMeter{}, Now: time.Now,
		Log: slog.New(slog.DiscardHandler), Desk: func(context.Context, string) knowledge.DeskID { return knowledge.DefaultDesk },
	})
	ctx, stop := context.WithCancel(t.Context())
	var running sync.WaitGroup
	running.Go(func() { _ = a.Run(ctx) })
	server := httptest.NewServer(a.Handler())
	s.UseHTTP(server.URL)
	t.Cleanup(func() {
		server.Close()
		stop()
		running.Wait()
		s.Close()
	})
	return a
}
