package slack

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"net/url"
	"time"

	"stancebot/bot/installs"
)

// A token that expires is renewed by its refresh token, long before. Slack takes a refresh token until what it gave for it was used:
// nothing is used here before it is kept, so that an answer which was lost, or which a crash forgot, is asked for again. One process
// renews a token: whoever has its lease.

const (
	renewBefore = 2 * time.Hour // of the twelve that a token lives
	renewEvery  = time.Minute   // looks for tokens to be renewed
	renewLease  = time.Minute   // is how long others leave a token alone: a try takes ten seconds, and after one that failed the next waits as long
	keepTries   = 5             // of keeping what Slack gave
)

var errNoTokens = errors.New("slack gave no tokens that expire: turn token rotation on, under OAuth & Permissions")

// rotate renews tokens until the context ends.
func (a *Adapter) rotate(ctx context.Context) {
	owner := rand.Text()
	tick := time.NewTicker(cmp.Or(a.OAuth.Every, renewEvery))
	defer tick.Stop()
	for {
		a.renewAll(ctx, owner)
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

func (a *Adapter) renewAll(ctx context.Context, owner string) {
	store := a.OAuth.Store()
	if store == nil {
		return
	}
	list, err := store.List(ctx)
	if err != nil && ctx.Err() == nil {
		a.Log.WarnContext(ctx, "no tokens are renewed: installs cannot be read", "error", err)
	}
	for i := range list {
		if in := &list[i]; a.due(in) && ctx.Err() == nil {
			a.renew(ctx, store, in.Workspace, owner)
		}
	}
}

// due reports whether an install's token is to be renewed, or to be exchanged for one that expires.
func (a *Adapter) due(in *installs.Install) bool {
	switch {
	case in.Sealed != nil:
		return false
	case in.Refresh == "":
		return a.OAuth.Rotates
	}
	return !in.Expires.IsZero() && !a.Now().Before(in.Expires.Add(-renewBefore))
}

// renew renews the token of an install, unless another process does.
func (a *Adapter) renew(ctx context.Context, store installs.Store, w installs.Workspace, owner string) {
	now := a.Now()
	in, held, err := store.Lease(ctx, w, owner, now, now.Add(renewLease))
	if err == nil && held && !a.due(&in) { // another process was faster
		_, err = store.Renew(ctx, w, owner, installs.Tokens{})
		held = false
	}
	if err != nil && ctx.Err() == nil {
		a.Log.WarnContext(ctx, "a token is not renewed yet", "workspace", w.String(), "error", err)
	}
	if err != nil || !held {
		return
	}
	g, err := a.ask(ctx, &in)
	if err != nil {
		if code := codeOf(err); code != "" {
			a.health.fails(cmp.Or(w.Team, w.Enterprise), code, true)
		}
		a.Log.ErrorContext(ctx, "a token is not renewed: it is tried again", "workspace", w.String(), "expires", in.Expires, "error", err)
		return
	}
	a.keep(ctx, store, w, owner, g.tokens(now))
}

// ask has Slack give new tokens for those of an install.
func (a *Adapter) ask(ctx context.Context, in *installs.Install) (*grant, error) {
	method, values := "oauth.v2.access", url.Values{"grant_type": {"refresh_token"}, "refresh_token": {in.Refresh.Reveal()}}
	if in.Refresh == "" {
		method, values = "oauth.v2.exchange", url.Values{"token": {in.Access.Reveal()}}
	}
	g, err := a.grants(ctx, method, values)
	if err == nil && (g.AccessToken == "" || g.RefreshToken == "") {
		return nil, errNoTokens
	}
	return g, err
}

// keep keeps new tokens. What cannot be kept is forgotten, and Slack takes the old refresh token once more.
func (a *Adapter) keep(ctx context.Context, store installs.Store, w installs.Workspace, owner string, t installs.Tokens) {
	ctx, end := context.WithTimeout(context.WithoutCancel(ctx), renewLease/2) // they are here: the end of the program is no reason to lose them
	defer end()
	var held bool
	var err error
	for range keepTries {
		if held, err = store.Renew(ctx, w, owner, t); err == nil {
			break
		}
		select {
		case <-ctx.Done():
		case <-time.After(time.Second):
		}
	}
	switch {
	case err != nil:
		a.Log.ErrorContext(ctx, "a token that was renewed cannot be kept: it is renewed again", "workspace", w.String(), "error", err)
	case held:
		a.health.works(cmp.Or(w.Team, w.Enterprise))
		a.Log.InfoContext(ctx, "a token was renewed", "workspace", w.String(), "expires", t.Expires)
	}
}
