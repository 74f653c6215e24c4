package slack

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"stancebot/bot/inbox"
	"stancebot/bot/installs"
)

// Slack tells in three ways that the app was taken out, in any order and more than once: that it was uninstalled, that its tokens were
// revoked, and that an organisation's install does not serve a workspace any more. Each is done whole, and again does nothing.

// leaves reports whether the event tells that the app was taken out of a workspace.
func (e *event) leaves() bool {
	switch e.kind {
	case "app_uninstalled":
		return e.team != "" || e.enterprise != ""
	case "tokens_revoked":
		return e.revoked
	case "team_access_revoked":
		return len(e.left) > 0
	}
	return false
}

// until is the time before which an install was made that the event is about: Slack tells whole seconds.
func (e *event) until(now time.Time) time.Time {
	if e.at.Unix() <= 0 {
		return now
	}
	return e.at.Add(time.Second - time.Microsecond)
}

// leave does what is left to do where the app was taken out: tokens go, subscriptions end, and what was told is erased. It is tried until
// it is done.
func (a *Adapter) leave(ctx context.Context, raw json.RawMessage) error {
	e, err := readEvent(raw)
	if err != nil {
		return err
	}
	store := a.OAuth.Store()
	if store == nil {
		return &inbox.Later{Until: a.Now().Add(firstWait), Err: installs.ErrAway}
	}
	at := e.until(a.Now())
	for _, team := range e.left {
		w := installs.Workspace{Enterprise: e.enterprise, Team: team}
		its, unknown := a.served(ctx, w)
		if err = errors.Join(err, unknown); err != nil || !its {
			continue
		}
		err = installs.Leave(ctx, store, w, at, a.OAuth.Erase)
		a.health.works(team)
	}
	if len(e.left) == 0 {
		err = a.uninstall(ctx, store, &e, at)
	}
	if err != nil {
		return &inbox.Later{Until: a.Now().Add(firstWait), Err: fmt.Errorf("slack: what the app leaves behind cannot be erased: %w", err)}
	}
	return nil
}

// served reports whether a workspace is served by its organisation's install, or by none any more, which an earlier try left so. An
// organisation tells nothing of one that has an install of its own, is another's, or is the operator's.
func (a *Adapter) served(ctx context.Context, w installs.Workspace) (bool, error) {
	in, err := a.api.Workspaces.Of(ctx, installs.Workspace{Team: w.Team})
	switch {
	case w.Enterprise == "":
		return false, nil
	case errors.Is(err, installs.ErrNone):
		return true, nil
	case err != nil && in.Workspace == installs.Workspace{}:
		return false, err
	}
	return in.Workspace == installs.Workspace{Enterprise: w.Enterprise}, nil
}

func (a *Adapter) uninstall(ctx context.Context, store installs.Store, e *event, at time.Time) error {
	w := installs.Workspace{Enterprise: e.enterprise, Team: e.team}
	if e.org {
		w.Team = ""
	}
	gone, err := installs.Uninstall(ctx, store, w, at, a.OAuth.Erase)
	if gone {
		a.health.works(w.Team)
	}
	if err == nil {
		a.Log.InfoContext(ctx, "the app was uninstalled", "workspace", w.String(), "gone", gone, "told_by", e.kind)
	}
	return err
}
