package installs

import (
	"context"
	"errors"
	"time"
)

// Uninstall does what is to be done where the app was taken out of a workspace or an organisation: its tokens go, what it subscribed to
// ends, and what was told there is erased. An install that is later than a time stays: it was installed again. It reports whether the app
// is gone; to do it again does nothing.
func Uninstall(ctx context.Context, s Store, w Workspace, at time.Time, erase func(ctx context.Context, team string) error) (gone bool, err error) {
	gone, err = s.Remove(ctx, w, at)
	if err != nil || !gone {
		return false, err
	}
	teams := []string{w.Team}
	if w.Team == "" {
		if teams, err = s.Teams(ctx, w.Enterprise); err != nil {
			return true, err
		}
	}
	for _, team := range teams {
		err = errors.Join(err, eraseUnserved(ctx, s, team, erase))
	}
	return true, err
}

// Leave does the same where an organisation's install serves a workspace no longer.
func Leave(ctx context.Context, s Store, w Workspace, at time.Time, erase func(ctx context.Context, team string) error) error {
	if err := s.Leave(ctx, w, at); err != nil {
		return err
	}
	return eraseUnserved(ctx, s, w.Team, erase)
}

// eraseUnserved erases what was told in a workspace that no install serves.
func eraseUnserved(ctx context.Context, s Store, team string, erase func(ctx context.Context, team string) error) error {
	switch _, err := s.Find(ctx, team); {
	case errors.Is(err, ErrNone):
		return erase(ctx, team)
	default:
		return err
	}
}
