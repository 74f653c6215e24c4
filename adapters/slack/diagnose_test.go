package slack_test

import (
	"context"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"stancebot/adapters/slack"
	"stancebot/adapters/slack/slacktest"
)

// The secrets of the tests: what is found never holds one.
const (
	goodBot     = "xoxb-111-good-hunter2"
	goodApp     = "xapp-1-A1-good-hunter2"
	goodSigning = "0123456789abcdef0123456789abcdef"
)

// diagnosed returns what is found, a line each.
func diagnosed(t *testing.T, o slack.Options) string {
	t.Helper()
	var lines strings.Builder
	for _, f := range slack.Diagnose(t.Context(), o) {
		fmt.Fprintln(&lines, f.State, f.About, f.Says)
	}
	for _, secret := range []string{o.BotToken, o.AppToken, o.SigningSecret, "hunter2"} {
		if secret != "" && strings.Contains(lines.String(), secret) {
			t.Errorf("a secret is told:\n%s", lines.String())
		}
	}
	return lines.String()
}

func TestDiagnose(t *testing.T) {
	t.Parallel()
	scopes := slacktest.AllScopes()
	without := func(missing ...string) []string {
		return slices.DeleteFunc(slices.Clone(scopes), func(s string) bool { return slices.Contains(missing, s) })
	}
	fails := func(method string, f slacktest.Fault) func(slacktest.Call) *slacktest.Fault {
		return func(c slacktest.Call) *slacktest.Fault {
			if method != "" && c.Method != method {
				return nil
			}
			return &f
		}
	}
	for name, test := range map[string]struct {
		server slacktest.Options
		change func(*slack.Options)
		want   []string // lines, each without its beginning
		never  []string
	}{
		"all is well": {
			want: []string{
				"ok Slack answers at 127.0.0.1:", `ok STANCEBOT_SLACK_BOT_TOKEN is that of the bot "stancebot" (UBOT) in the workspace "Newsroom" (T1)`,
				"ok the scopes of the bot token are enough", "ok STANCEBOT_SLACK_APP_TOKEN opens Socket Mode", "ok STANCEBOT_SLACK_SIGNING_SECRET has the form of one",
			},
			never: []string{"fix", "note"},
		},
		"over HTTP alone": {
			change: func(o *slack.Options) { o.AppToken = "" },
			want:   []string{"note STANCEBOT_SLACK_APP_TOKEN is not set"},
			never:  []string{"fix"},
		},
		"in Socket Mode alone": {
			change: func(o *slack.Options) { o.SigningSecret = "" },
			want:   []string{"note STANCEBOT_SLACK_SIGNING_SECRET is not set"},
			never:  []string{"fix"},
		},
		"not set up": {
			change: func(o *slack.Options) { *o = slack.Options{} },
			want:   []string{"note Slack is not set up: set STANCEBOT_SLACK_BOT_TOKEN with STANCEBOT_SLACK_APP_TOKEN or STANCEBOT_SLACK_SIGNING_SECRET"},
			never:  []string{"fix", "ok"},
		},
		"missing scopes": {
			server: slacktest.Options{Scopes: without("chat:write", "links:write", "users:read", "groups:history")},
			want: []string{
				"fix the scopes of the bot token lack chat:write: no mention and no direct message is answered, and nothing is shared: add it",
				"fix the scopes of the bot token lack links:write: links to the pages under STANCEBOT_PUBLIC_URL get no preview",
				"note the scopes of the bot token are without users:read", "note the scopes of the bot token are without groups:history",
			},
			never: []string{"ok the scopes", "links:read"},
		},
		"no scopes for links without pages": {
			server: slacktest.Options{Scopes: without("links:read", "links:write")},
			change: func(o *slack.Options) { o.PublicURL = "" },
			want:   []string{"ok the scopes of the bot token are enough"},
			never:  []string{"fix", "note"},
		},
		"no scope is told": {
			server: slacktest.Options{Scopes: []string{}},
			want:   []string{"note the scopes of the bot token are not told"},
		},
		"a token that is none": {
			change: func(o *slack.Options) { o.BotToken, o.AppToken = "xoxb-hunter2-bad", "xapp-hunter2-bad" },
			want: []string{
				"ok Slack answers", "fix STANCEBOT_SLACK_BOT_TOKEN is refused: Slack says invalid_auth: copy the bot token anew",
				"fix STANCEBOT_SLACK_APP_TOKEN is refused: Slack says invalid_auth: make an app-level token with connections:write",
			},
			never: []string{"the scopes"},
		},
		"each in the other's place": {
			change: func(o *slack.Options) { o.BotToken, o.AppToken = o.AppToken, o.BotToken },
			want: []string{
				"fix STANCEBOT_SLACK_BOT_TOKEN is refused: Slack says not_allowed_token_type: take the bot token",
				"fix STANCEBOT_SLACK_APP_TOKEN is refused: Slack says not_allowed_token_type",
			},
		},
		"a word that is not known": {
			server: slacktest.Options{Fault: fails("auth.test", slacktest.Fault{Error: "of_tomorrow"})},
			want:   []string{"fix STANCEBOT_SLACK_BOT_TOKEN is refused: Slack says of_tomorrow: https://docs.slack.dev/", "ok STANCEBOT_SLACK_APP_TOKEN"},
		},
		"what is no word": {
			server: slacktest.Options{Fault: fails("auth.test", slacktest.Fault{Error: "\x1b[2J" + goodBot})},
			want:   []string{"Slack says something that is no word of its own"},
		},
		"Slack is in trouble": {
			server: slacktest.Options{Fault: fails("auth.test", slacktest.Fault{Error: "internal_error"})},
			want:   []string{"fix STANCEBOT_SLACK_BOT_TOKEN is not tried: Slack says internal_error: try again later"},
		},
		"too many calls": {
			server: slacktest.Options{Fault: fails("apps.connections.open", slacktest.Fault{RetryAfter: 30 * time.Second})},
			want:   []string{"fix STANCEBOT_SLACK_APP_TOKEN is not tried: Slack had too many calls: try again in 30s"},
		},
		"Slack is down": {
			server: slacktest.Options{Fault: fails("", slacktest.Fault{Status: http.StatusServiceUnavailable})},
			want:   []string{"fix Slack cannot be reached at 127.0.0.1:", "status 503"},
			never:  []string{"is refused"},
		},
		"the line breaks": {
			server: slacktest.Options{Fault: fails("", slacktest.Fault{Drop: true})},
			want:   []string{"fix Slack cannot be reached at 127.0.0.1:", "the connection was lost"},
		},
		"one line breaks": {
			server: slacktest.Options{Fault: fails("auth.test", slacktest.Fault{Drop: true})},
			want:   []string{"ok Slack answers", "fix STANCEBOT_SLACK_BOT_TOKEN is not tried: Slack cannot be reached: the connection was lost"},
		},
		"another page": {
			server: slacktest.Options{Fault: fails("", slacktest.Fault{Body: "<html>log in</html>"})},
			want:   []string{"fix Slack cannot be reached at 127.0.0.1:", "what answers there is not its API"},
		},
		"another secret": {
			change: func(o *slack.Options) { o.SigningSecret = "hunter2hunter2hunter2hunter2hunt" },
			want:   []string{"fix STANCEBOT_SLACK_SIGNING_SECRET is none: one is 32 digits from 0 to f"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test.server.BotToken, test.server.AppToken, test.server.SigningSecret = goodBot, goodApp, goodSigning
			s := slacktest.New(test.server)
			t.Cleanup(s.Close)
			o := slack.Options{
				BotToken: goodBot, AppToken: goodApp, SigningSecret: goodSigning, APIURL: s.APIURL(), PublicURL: "https://stancebot.example.org",
			}
			if test.change != nil {
				test.change(&o)
			}
			says := diagnosed(t, o)
			for _, want := range test.want {
				if !strings.Contains(says, want) {
					t.Errorf("%q is not said, but\n%s", want, says)
				}
			}
			for _, never := range test.never {
				if strings.Contains("\n"+says, "\n"+never) {
					t.Errorf("%q is said:\n%s", never, says)
				}
			}
			if n := s.Sockets(); n != 0 {
				t.Errorf("%d sockets were opened", n)
			}
		})
	}
}

// What keeps Slack from being reached is told by its cause, and no token is blamed.
func TestDiagnoseWithoutSlack(t *testing.T) {
	t.Parallel()
	closed, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	if err := closed.Close(); err != nil {
		t.Fatal(err)
	}
	untrusted := httptest.NewUnstartedServer(http.NotFoundHandler())
	untrusted.Config.ErrorLog = log.New(io.Discard, "", 0) // it is told that its certificate is not trusted
	untrusted.StartTLS()
	t.Cleanup(untrusted.Close)
	for name, test := range map[string]struct{ at, want string }{
		"nobody listens":   {"http://" + closed.Addr().String(), "connection refused"},
		"no such name":     {"http://slack.invalid", "slack.invalid"},
		"another's":        {untrusted.URL, "the certificate there is not trusted"},
		"a password in it": {"http://ana:hunter2@" + closed.Addr().String(), "connection refused"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			says := diagnosed(t, slack.Options{BotToken: goodBot, AppToken: goodApp, APIURL: test.at + "/api/"})
			if !strings.Contains(says, "fix Slack cannot be reached at") || !strings.Contains(says, test.want) || strings.Contains(says, "TOKEN is") {
				t.Errorf("says\n%s", says)
			}
		})
	}
}

// A Slack that gives no answer is not waited for longer than who asks waits.
func TestDiagnoseEnds(t *testing.T) {
	t.Parallel()
	s := slacktest.New(slacktest.Options{Fault: func(slacktest.Call) *slacktest.Fault { return &slacktest.Fault{Hang: true} }})
	t.Cleanup(s.Close)
	ctx, end := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer end()
	start := time.Now()
	found := slack.Diagnose(ctx, slack.Options{BotToken: goodBot, AppToken: goodApp, APIURL: s.APIURL()})
	if took := time.Since(start); took > 5*time.Second || found[0].State != slack.Fix {
		t.Errorf("took %s and found %+v", took, found)
	}
}
