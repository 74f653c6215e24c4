package slack

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"stancebot/bot/installs"
)

// An OAuth is what people install the app in their workspaces by.
type OAuth struct {
	ClientID     string
	ClientSecret string
	Language     string                // of the pages, where the browser wants none that we have
	Rotates      bool                  // the app's tokens expire: those that do not are exchanged for such
	Every        time.Duration         // between looks for tokens that are to be renewed; 0 for a minute
	Store        func() installs.Store // nil while the database is away
	Sealed       func() string         // tells operators of tokens that cannot be read; nil for nothing
	// Settle gives a workspace a desk, and returns it, "" where it comes later, and whether whoever installed the app became an editor of it.
	Settle func(ctx context.Context, team, installer string) (desk string, editor bool, err error)
	// Erase erases what was told in a workspace that the app was taken out of.
	Erase func(ctx context.Context, team string) error
}

// Scopes are what the app asks for in a workspace: those of deploy/slack/manifest.yaml.
func Scopes() []string {
	return []string{
		"app_mentions:read", "channels:read", "chat:write", "commands", "files:write", "groups:read", "im:history", "links:read", "links:write", "users:read",
	}
}

// A grant is what Slack gives for a code or a token.
type grant struct {
	OK           bool   `json:"ok"`
	Error        string `json:"error"`
	AccessToken  string `json:"access_token"`
	RefreshToken string `json:"refresh_token"`
	ExpiresIn    int64  `json:"expires_in"` // seconds; 0 for never
	TokenType    string `json:"token_type"`
	Scope        string `json:"scope"`
	BotUserID    string `json:"bot_user_id"`
	AppID        string `json:"app_id"`
	Org          bool   `json:"is_enterprise_install"`
	Team         named  `json:"team"`
	Enterprise   named  `json:"enterprise"`
	Authed       named  `json:"authed_user"`
}

type named struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// tokens are those of the grant, from a time on.
func (g *grant) tokens(now time.Time) installs.Tokens {
	t := installs.Tokens{Access: installs.Token(g.AccessToken), Refresh: installs.Token(g.RefreshToken)}
	if g.ExpiresIn > 0 {
		t.Expires = now.Add(time.Duration(g.ExpiresIn) * time.Second)
	}
	return t
}

// install is the app where the grant is for, of a person who installed it at a time.
func (g *grant) install(now time.Time) (*installs.Install, error) {
	in := &installs.Install{
		Workspace: installs.Workspace{Enterprise: g.Enterprise.ID, Team: g.Team.ID}, Tokens: g.tokens(now), Name: cmp.Or(g.Team.Name, g.Enterprise.Name),
		BotUser: g.BotUserID, App: g.AppID, Scopes: g.Scope, Installer: g.Authed.ID, At: now,
	}
	if g.Org {
		in.Team, in.Name = "", cmp.Or(g.Enterprise.Name, g.Team.Name)
	}
	if g.TokenType != "bot" || in.Access == "" || in.Workspace == (installs.Workspace{}) || g.Org && in.Enterprise == "" {
		return nil, errors.New("slack granted no bot token for a workspace")
	}
	return in, nil
}

// maxGrant is the largest answer that is read: Slack's are some hundred bytes.
const maxGrant = 64 << 10

// grants asks for tokens, as the app. Its errors hold neither what was sent nor what came back but Slack's word.
func (a *Adapter) grants(ctx context.Context, method string, values url.Values) (*grant, error) {
	ctx, end := context.WithTimeout(ctx, callLimit)
	defer end()
	start := a.Now()
	g, err := a.fetchGrant(ctx, method, values)
	a.Meter.Call(method, outcomeOf(err), a.Now().Sub(start))
	if err != nil {
		return nil, fmt.Errorf("slack: %s: %w", method, err)
	}
	return g, nil
}

func (a *Adapter) fetchGrant(ctx context.Context, method string, values url.Values) (*grant, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, cmp.Or(a.APIURL, slack.APIURL)+method, strings.NewReader(values.Encode()))
	if err != nil {
		return nil, errors.New("STANCEBOT_SLACK_API_URL is no address")
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.SetBasicAuth(a.OAuth.ClientID, a.OAuth.ClientSecret)
	resp, err := a.HTTP.Do(req)
	if err != nil {
		return nil, withoutURL(err)
	}
	defer resp.Body.Close()
	if resp.StatusCode == http.StatusTooManyRequests {
		seconds, _ := strconv.Atoi(resp.Header.Get("Retry-After")) // 0 says nothing
		return nil, &slack.RateLimitedError{RetryAfter: time.Duration(seconds) * time.Second}
	}
	var g grant
	err = json.NewDecoder(io.LimitReader(resp.Body, maxGrant)).Decode(&g)
	switch {
	case resp.StatusCode != http.StatusOK:
		return nil, slack.StatusCodeError{Code: resp.StatusCode, Status: strconv.Itoa(resp.StatusCode)}
	case err != nil:
		return nil, errors.New("what answers there is not its API") // what the decoder says may quote it
	case !g.OK && isCode(g.Error) && g.Error != "":
		return nil, slack.SlackErrorResponse{Err: g.Error}
	case !g.OK:
		return nil, slack.SlackErrorResponse{Err: "unknown_error"}
	}
	return &g, nil
}

// authorizeURL is where people allow the app in their workspace.
func (a *Adapter) authorizeURL(state string) string {
	at := strings.TrimSuffix(cmp.Or(a.APIURL, slack.APIURL), "api/") + "oauth/v2/authorize"
	values := url.Values{"client_id": {a.OAuth.ClientID}, "scope": {strings.Join(Scopes(), ",")}, "state": {state}}
	if back := a.redirectURL(); back != "" {
		values.Set("redirect_uri", back)
	}
	return at + "?" + values.Encode()
}

// redirectURL is where people come back to, "" for the one that Slack knows of the app.
func (a *Adapter) redirectURL() string {
	if a.PublicURL == "" {
		return ""
	}
	return strings.TrimSuffix(a.PublicURL, "/") + callbackPath
}

// install has the app installed by a code that Slack gave to a person.
func (a *Adapter) install(ctx context.Context, code string) (*installs.Install, error) {
	values := url.Values{"code": {code}}
	if back := a.redirectURL(); back != "" {
		values.Set("redirect_uri", back)
	}
	g, err := a.grants(ctx, "oauth.v2.access", values)
	if err != nil {
		return nil, err
	}
	in, err := g.install(a.Now())
	if err != nil {
		return nil, err
	}
	store := a.OAuth.Store()
	if store == nil {
		return nil, installs.ErrAway
	}
	if err := store.Put(ctx, in); err != nil {
		return nil, fmt.Errorf("slack: an install cannot be kept: %w", &notKeptError{err})
	}
	a.health.works(in.Team)
	a.Log.InfoContext(ctx, "the app was installed", "workspace", in.Workspace.String())
	return in, nil
}

// A notKeptError tells that what Slack granted was not kept.
type notKeptError struct{ error }

func (e *notKeptError) Unwrap() error { return e.error }
