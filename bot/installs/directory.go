package installs

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync/atomic"
	"time"
)

// reloadEvery is how often installs are read, whatever the store tells.
const reloadEvery = 30 * time.Second

// A Directory knows the installs without asking the database for each call of Slack, and while that is away. What it does not know it
// asks for: another process may have installed it a moment ago. It is safe for concurrent use.
type Directory struct {
	Store func() Store // nil while the database is away
	Log   *slog.Logger

	all atomic.Pointer[[]Install]
}

// Of returns the install that serves a workspace. It is ErrNone where there is none, and ErrSealed where its tokens cannot be read. A
// workspace whose organisation is told joins that, where the app is installed in it.
func (d *Directory) Of(ctx context.Context, w Workspace) (Install, error) {
	if in, ok := d.known(w.Team); ok {
		return in, in.Sealed
	}
	store := d.Store()
	if store == nil {
		return Install{}, ErrAway
	}
	in, err := store.Find(ctx, w.Team)
	if errors.Is(err, ErrNone) && w.Enterprise != "" && w.Team != "" {
		in, err = d.join(ctx, store, w)
	}
	if err != nil {
		return Install{}, err
	}
	return in, in.Sealed
}

// join has a workspace served by its organisation's install.
func (d *Directory) join(ctx context.Context, store Store, w Workspace) (Install, error) {
	if err := store.Join(ctx, w); err != nil {
		return Install{}, err
	}
	return store.Find(ctx, w.Team)
}

// known returns the install that serves a workspace, as it was read last. That of the workspace itself goes before its organisation's.
func (d *Directory) known(team string) (Install, bool) {
	all := d.all.Load()
	if all == nil || team == "" {
		return Install{}, false
	}
	found := -1
	for i := range *all {
		if in := &(*all)[i]; in.Team == team {
			return *in, true
		} else if in.Serves(team) {
			found = i
		}
	}
	if found < 0 {
		return Install{}, false
	}
	return (*all)[found], true
}

// All lists the installs as they were read last.
func (d *Directory) All() []Install {
	if all := d.all.Load(); all != nil {
		return slices.Clone(*all)
	}
	return nil
}

// Load reads all installs. On an error what was read before stays.
func (d *Directory) Load(ctx context.Context) error {
	store := d.Store()
	if store == nil {
		return ErrAway
	}
	list, err := store.List(ctx)
	if err != nil {
		return err
	}
	d.all.Store(&list)
	return nil
}

// Run keeps the directory with the store until the context ends, and has the installs encrypted anew that an older key encrypted.
func (d *Directory) Run(ctx context.Context) {
	resealed := false
	for ctx.Err() == nil {
		watching, end := context.WithCancel(ctx)
		var changed <-chan struct{}
		if store := d.Store(); store != nil {
			changed = store.Changed(watching)
		}
		for ctx.Err() == nil {
			err := d.Load(ctx)
			if err == nil && !resealed {
				resealed = d.reseal(ctx)
			}
			if err != nil && ctx.Err() == nil && !errors.Is(err, ErrAway) {
				d.Log.WarnContext(ctx, "installs cannot be read: what was read before holds", "error", err)
			}
			if !rest(ctx, err, changed) {
				break
			}
		}
		end()
	}
}

// rest waits until there may be something to read, and reports whether the channel that tells of it is still good.
func rest(ctx context.Context, failed error, changed <-chan struct{}) bool {
	every := reloadEvery
	if failed != nil {
		every = time.Second
	}
	timer := time.NewTimer(every)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-timer.C:
		return changed != nil
	case _, open := <-changed:
		return open
	}
	return false
}

// reseal encrypts with the newest key what another one encrypted, and reports whether that is done.
func (d *Directory) reseal(ctx context.Context) bool {
	n, err := d.Store().Reseal(ctx)
	if err != nil {
		if ctx.Err() == nil {
			d.Log.WarnContext(ctx, "installs are not encrypted with the newest key yet: it is tried again", "error", err)
		}
		return false
	}
	if n > 0 {
		d.Log.InfoContext(ctx, "installs are encrypted with the newest key", "installs", n)
	}
	return true
}

// Health tells operators of installs whose tokens cannot be read, "" where all can.
func (d *Directory) Health() string {
	var sealed []string
	for _, in := range d.All() {
		if in.Sealed != nil {
			sealed = append(sealed, in.Workspace.String())
		}
	}
	if len(sealed) == 0 {
		return ""
	}
	return fmt.Sprintf("STANCEBOT_ENCRYPTION_KEY: the tokens of %d of %d workspaces, the first %s, were encrypted with a key that is not among those it names: add that key behind the others",
		len(sealed), len(d.All()), sealed[0])
}
