package slack

import (
	"cmp"
	"context"
	"crypto/tls"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"

	"github.com/slack-go/slack"
)

// The states of a Finding.
const (
	Fine = "ok"
	Note = "note" // off by choice, or worth knowing
	Fix  = "fix"  // wrong
)

// A Finding is what came of trying one setting: About and Says make a sentence, for operators. It holds no secret.
type Finding struct{ State, About, Says string }

// The settings that are tried, by the names that operators know them by.
const (
	botToken      = "STANCEBOT_SLACK_BOT_TOKEN"      //nolint:gosec // a name
	appToken      = "STANCEBOT_SLACK_APP_TOKEN"      //nolint:gosec // a name
	signingSecret = "STANCEBOT_SLACK_SIGNING_SECRET" //nolint:gosec // a name
	apiURL        = "STANCEBOT_SLACK_API_URL"
)

// Diagnose tries what connects with Slack and returns what it found, each with what mends it. It needs the tokens, the
// secret and the addresses of the Options, says nothing in Slack and opens no socket.
func Diagnose(ctx context.Context, o Options) []Finding {
	switch {
	case o.BotToken == "" && o.OAuth != nil: // each workspace has a token of its own
		findings := []Finding{signing(o.SigningSecret)}
		if o.AppToken != "" {
			d := newDiagnosis(&o)
			d.askApp(ctx)
			findings = append(findings, d.app.finding(appToken))
		}
		return findings
	case o.BotToken == "":
		return []Finding{{Note, "Slack", "is not set up: set " + botToken + " with " + appToken + " or " + signingSecret +
			"; deploy/slack/README.md tells where they are"}}
	}
	d := newDiagnosis(&o)
	var asking sync.WaitGroup
	asking.Go(func() { d.askBot(ctx) })
	asking.Go(func() { d.askApp(ctx) })
	asking.Wait()
	reached := d.reached()
	if reached.State == Fix {
		return []Finding{reached, signing(o.SigningSecret)}
	}
	findings := []Finding{reached, d.bot.finding(botToken)}
	if d.bot.err == nil {
		findings = append(findings, d.scopes()...)
	}
	return append(findings, d.app.finding(appToken), signing(o.SigningSecret))
}

// A diagnosis is what two calls of Slack's API, each with one of the tokens, tell of the settings.
type diagnosis struct {
	*Options
	api  *slack.Client
	host string

	bot, app answer
	granted  string // scopes, parted by commas
}

// An answer is what came of trying a token.
type answer struct {
	tried  bool
	says   string // when it works, or when it is not tried
	err    error  // when it does not
	advice func(code string) string
}

func newDiagnosis(o *Options) *diagnosis {
	d := &diagnosis{Options: o, host: "slack.com"}
	if o.HTTP == nil {
		o.HTTP = &http.Client{Timeout: callLimit}
	}
	options := []slack.Option{slack.OptionHTTPClient(o.HTTP), slack.OptionAppLevelToken(o.AppToken)}
	if o.APIURL != "" {
		options = append(options, slack.OptionAPIURL(o.APIURL))
		if u, err := url.Parse(o.APIURL); err == nil {
			d.host = u.Host
		}
	}
	d.api = slack.New(o.BotToken, options...)
	return d
}

func (d *diagnosis) askBot(ctx context.Context) {
	ctx, end := context.WithTimeout(ctx, callLimit)
	defer end()
	d.bot = answer{tried: true, advice: func(code string) string { return cmp.Or(botAdvice[code], otherAdvice) }}
	got, err := d.api.AuthTestContext(ctx)
	if err != nil {
		d.bot.err = err
		return
	}
	d.bot.says = fmt.Sprintf("is that of the bot %q (%s) in the workspace %q (%s)", got.User, got.UserID, got.Team, got.TeamID)
	d.granted = got.Header.Get("X-Oauth-Scopes")
}

func (d *diagnosis) askApp(ctx context.Context) {
	if d.AppToken == "" {
		d.app.says = "is not set: there is no Socket Mode, and Slack sends over HTTP"
		return
	}
	ctx, end := context.WithTimeout(ctx, callLimit)
	defer end()
	d.app = answer{tried: true, says: "opens Socket Mode", advice: func(string) string {
		return "make an app-level token with connections:write under Basic Information, and turn Socket Mode on"
	}}
	_, _, d.app.err = d.api.StartSocketModeContext(ctx)
}

// What to do when Slack refuses the bot's token, by Slack's word.
const otherAdvice = "https://docs.slack.dev/reference/methods/auth.test says what that is"

var botAdvice = map[string]string{ //nolint:gosec // words about tokens
	"invalid_auth":            "copy the bot token anew, under OAuth & Permissions",
	"not_authed":              "copy the bot token anew, under OAuth & Permissions",
	"account_inactive":        "install the app again, and copy its new bot token",
	"token_revoked":           "install the app again, and copy its new bot token",
	"token_expired":           "make the app without token rotation, or install it by STANCEBOT_SLACK_CLIENT_ID: a token that is set here is not renewed",
	"not_allowed_token_type":  "take the bot token, which begins with xoxb-, under OAuth & Permissions",
	"team_access_not_granted": "have an administrator of the organisation grant the app this workspace",
	"org_login_required":      "the workspace is being moved into an organisation: try again when that is done",
}

// reached tells whether Slack answers at all.
func (d *diagnosis) reached() Finding {
	for _, a := range []answer{d.bot, d.app} {
		if a.tried && (a.err == nil || wordOf(a.err) != "") {
			return Finding{Fine, "Slack", "answers at " + d.host}
		}
	}
	return Finding{Fix, "Slack", fmt.Sprintf("cannot be reached at %s, so that no token is tried: %s: look at the network, at HTTPS_PROXY and at %s",
		d.host, unreached(d.bot.err), apiURL)}
}

// finding tells what came of a token.
func (a *answer) finding(variable string) Finding {
	limited := (*slack.RateLimitedError)(nil)
	code := wordOf(a.err)
	switch {
	case !a.tried:
		return Finding{Note, variable, a.says}
	case a.err == nil:
		return Finding{Fine, variable, a.says}
	case errors.As(a.err, &limited):
		return Finding{Fix, variable, fmt.Sprintf("is not tried: Slack had too many calls: try again in %s", limited.RetryAfter)}
	case code == "":
		return Finding{Fix, variable, "is not tried: Slack cannot be reached: " + unreached(a.err)}
	case passing[code]:
		return Finding{Fix, variable, fmt.Sprintf("is not tried: Slack says %s: try again later", code)}
	}
	return Finding{Fix, variable, fmt.Sprintf("is refused: Slack says %s: %s", code, a.advice(code))}
}

// passing are words of Slack's that say nothing of a token.
var passing = map[string]bool{"internal_error": true, "fatal_error": true, "service_unavailable": true, "request_timeout": true, "ratelimited": true}

// wordOf returns Slack's word for an error, or "" when it was not Slack that said so.
func wordOf(err error) string {
	limited := (*slack.RateLimitedError)(nil)
	if errors.As(err, &limited) {
		return "ratelimited"
	}
	code := codeOf(err)
	if code != "" && !isCode(code) { // it would be shown as it is
		return "something that is no word of its own"
	}
	return code
}

// isCode reports whether an error is named as Slack names errors, and not some text.
func isCode(code string) bool {
	return strings.Trim(code, "abcdefghijklmnopqrstuvwxyz_0123456789") == ""
}

// unreached tells why Slack did not answer, without the address that was called.
func unreached(err error) string {
	status := slack.StatusCodeError{}
	syntax := (*json.SyntaxError)(nil)
	certificate := (*tls.CertificateVerificationError)(nil)
	switch {
	case errors.As(err, &status):
		return fmt.Sprintf("what answers there is not its API, or it is down: status %d", status.Code)
	case errors.As(err, &syntax):
		return "what answers there is not its API"
	case errors.As(err, &certificate):
		return "the certificate there is not trusted: " + certificate.Err.Error()
	case errors.Is(err, context.DeadlineExceeded):
		return "no answer within " + callLimit.String()
	}
	return withoutURL(err).Error()
}

// A need is what some scopes are for. Without one that is wanted, something that people can see does not work; without the
// others, it is done in another way.
type need struct {
	scopes  []string
	wanted  bool
	without string
}

var needs = []need{
	{[]string{"chat:write"}, true, "no mention and no direct message is answered, and nothing is shared"},
	{[]string{"commands"}, true, "there is no slash command and no shortcut"},
	{[]string{"app_mentions:read"}, true, "mentions are not heard"},
	{[]string{"im:history"}, true, "direct messages are not heard"},
	{[]string{"links:read", "links:write"}, true, "links to the pages under STANCEBOT_PUBLIC_URL get no preview"},
	{[]string{"users:read"}, false, "the language of a person's Slack is not known, only that of the question"},
	{[]string{"channels:read", "groups:read"}, false, "it cannot be seen whether people of other organisations read a channel: sharing asks first"},
	{[]string{"channels:history", "groups:history"}, false, "an answer that may have been posted cannot be looked for: it is posted again, and says so"},
}

// scopes tells which scopes are missing, and what does not work without them.
func (d *diagnosis) scopes() []Finding {
	const about = "the scopes of the bot token"
	if d.granted == "" {
		return []Finding{{Note, about, "are not told by " + d.host}}
	}
	granted := strings.FieldsFunc(d.granted, func(r rune) bool { return r == ',' || r == ' ' })
	var findings []Finding
	enough := true
	for _, n := range needs {
		if n.scopes[0] == "links:read" && d.PublicURL == "" {
			continue
		}
		missing := slices.DeleteFunc(slices.Clone(n.scopes), func(s string) bool { return slices.Contains(granted, s) })
		switch {
		case len(missing) == 0:
		case n.wanted:
			enough = false
			findings = append(findings, Finding{Fix, about, fmt.Sprintf("lack %s: %s: add it under OAuth & Permissions, and install the app again",
				strings.Join(missing, ", "), n.without)})
		default:
			findings = append(findings, Finding{Note, about, fmt.Sprintf("are without %s: %s", strings.Join(missing, ", "), n.without)})
		}
	}
	if enough {
		findings = append([]Finding{{Fine, about, "are enough"}}, findings...)
	}
	return findings
}

// signing looks at the form of the signing secret: whether it is the right one shows when Slack sends something.
func signing(secret string) Finding {
	_, err := hex.DecodeString(secret)
	switch {
	case secret == "":
		return Finding{Note, signingSecret, "is not set: nothing is taken over HTTP, and Slack sends in Socket Mode"}
	case err != nil || len(secret) != 32:
		return Finding{Fix, signingSecret, "is none: one is 32 digits from 0 to f, under Basic Information: copy it anew"}
	}
	return Finding{Fine, signingSecret, "has the form of one"}
}
