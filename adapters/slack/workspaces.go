package slack

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/slack-go/slack"

	"stancebot/bot/inbox"
	"stancebot/bot/installs"
)

// Workspaces know what the app is in a workspace, and by which token it is called there.
type Workspaces interface {
	// Of returns the install that serves a workspace. It is installs.ErrNone where there is none: then nothing is said there, by no token.
	Of(ctx context.Context, w installs.Workspace) (installs.Install, error)
}

// alone is an app with one token, made for one workspace, which alone sends us something.
type alone struct{ token installs.Token }

// Of returns the token, whatever the workspace.
func (a alone) Of(context.Context, installs.Workspace) (installs.Install, error) {
	return installs.Install{Tokens: installs.Tokens{Access: a.token}}, nil
}

// own is an app with a token for one workspace, whose id Slack tells, beside those that it is installed in.
type own struct {
	alone

	others Workspaces
	ask    func(ctx context.Context) (team string, err error) // auth.test
	learnt func(ctx context.Context, team string)

	mu   sync.Mutex
	team string
	why  error // it is not known
}

// askEvery is how often Slack is asked which workspace the token is of, until it tells.
const askEvery = 10 * time.Second

// Of returns the token for its own workspace, and for each other one what is installed there.
func (o *own) Of(ctx context.Context, w installs.Workspace) (installs.Install, error) {
	o.mu.Lock()
	team, why := o.team, o.why
	o.mu.Unlock()
	if team == w.Team && team != "" {
		return o.alone.Of(ctx, w)
	}
	in, err := o.others.Of(ctx, w)
	if why != nil && errors.Is(err, installs.ErrNone) {
		return in, fmt.Errorf("which workspace STANCEBOT_SLACK_BOT_TOKEN is of is not known: %w", why)
	}
	return in, err
}

// run asks which workspace it is until that is known. Nobody waits for it: what comes meanwhile from a workspace that is not known is
// worked later.
func (o *own) run(ctx context.Context) {
	tick := time.NewTicker(askEvery)
	defer tick.Stop()
	for !o.learn(ctx) {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// learn asks once, and reports whether it is known now.
func (o *own) learn(ctx context.Context) bool {
	ctx, end := context.WithTimeout(ctx, callLimit)
	defer end()
	team, err := o.ask(ctx)
	if err == nil {
		o.learnt(ctx, team)
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	o.team, o.why = team, err
	return err == nil
}

var errNotAsked = errors.New("slack was not asked yet")

// newOwn returns what serves the token's own workspace beside the others.
func newOwn(o *Options, h *health) *own {
	api := slack.New(o.BotToken, apiOptions(o)...)
	learnt := o.Own
	if learnt == nil {
		learnt = func(context.Context, string) {}
	}
	return &own{alone: alone{installs.Token(o.BotToken)}, others: o.Workspaces, learnt: learnt, why: errNotAsked, ask: func(ctx context.Context) (string, error) {
		got, err := api.AuthTestContext(ctx)
		if err != nil {
			if code := codeOf(err); fatalCodes[code] {
				h.fails("", code, false)
				return "", fmt.Errorf("slack says %s", code)
			}
			return "", withoutURL(err)
		}
		return got.TeamID, nil
	}}
}

// apiOptions are those of every client of Slack's API.
func apiOptions(o *Options) []slack.Option {
	options := []slack.Option{slack.OptionHTTPClient(o.HTTP), slack.OptionAppLevelToken(o.AppToken)}
	if o.APIURL != "" {
		options = append(options, slack.OptionAPIURL(o.APIURL))
	}
	return options
}

// clients are those of the workspaces, each with the limits and the health of its own. They are safe for concurrent use.
type clients struct {
	*Options

	health *health

	mu sync.Mutex
	of map[string]*client // by workspace
}

// mostClients are kept at a time. What is forgotten with one is until when Slack wants no calls.
const mostClients = 20_000

// at returns the client of a workspace.
func (c *clients) at(team string) *client {
	c.mu.Lock()
	defer c.mu.Unlock()
	one := c.of[team]
	if one == nil {
		if c.of == nil || len(c.of) >= mostClients {
			c.of = map[string]*client{}
		}
		one = &client{clients: c, team: team, until: map[string]time.Time{}}
		c.of[team] = one
	}
	return one
}

// sealedWait is after how long a call is tried again whose token cannot be read: an operator is to add a key.
const sealedWait = time.Minute

// login returns the API as it is called with the token of this workspace as it is now.
func (c *client) login(ctx context.Context) (api *slack.Client, installed bool, err error) {
	in, err := c.Workspaces.Of(ctx, installs.Workspace{Team: c.team})
	switch {
	case errors.Is(err, installs.ErrNone):
		return nil, false, err
	case errors.Is(err, installs.ErrSealed):
		return nil, false, &inbox.Later{Until: c.Now().Add(sealedWait), Err: err}
	case err != nil:
		return nil, false, &inbox.Later{Until: c.Now().Add(firstWait), Err: err}
	case !in.Expires.IsZero() && !c.Now().Before(in.Expires): // it is renewed
		return nil, false, &inbox.Later{Until: c.Now().Add(firstWait), Err: errExpired}
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.api == nil || c.token != in.Access {
		c.api, c.token = slack.New(in.Access.Reveal(), apiOptions(c.Options)...), in.Access
	}
	return c.api, in.Workspace != installs.Workspace{}, nil
}

var errExpired = errors.New("the token has expired, and is not renewed yet")

// admits reports whether something that came from a workspace is for us. What it is not, is told to nobody and answered by no other
// one's token. Where that cannot be known now, it is taken, and waits for its token.
func (a *Adapter) admits(ctx context.Context, w installs.Workspace) bool {
	_, err := a.api.Workspaces.Of(ctx, w)
	if !errors.Is(err, installs.ErrNone) {
		return true
	}
	a.Log.WarnContext(ctx, "something came from a workspace where the app is not installed", "workspace", w.String())
	return false
}

// workspaceOf is the workspace of something that came: its team, or where none is told the one of its person.
func workspaceOf(enterprise, team, other string) installs.Workspace {
	return installs.Workspace{Enterprise: enterprise, Team: cmp.Or(team, other)}
}
