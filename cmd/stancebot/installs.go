package main

import (
	"context"
	"errors"

	"stancebot/adapters/store/spaces"
	"stancebot/bot/desk"
	"stancebot/bot/installs"
	"stancebot/bot/told"
	"stancebot/knowledge"
)

// installStore is where installs are, nil while the database is not open.
func (m *memory) installStore() installs.Store {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.installs
}

// followInstalls keeps what is known of installs with the database until the context ends, where people can install the app.
func (m *memory) followInstalls(ctx context.Context) {
	if m.spaces.Unassigned == nil {
		return
	}
	select {
	case <-ctx.Done():
		return
	case <-m.ready:
	}
	m.apps.Run(ctx)
}

// unassigned returns what tells whose a space is that was given to no desk, where people can install the app: a workspace of Slack is its
// own, and never the default desk, which is the operator's. The operator's own workspace is that of the token, where there is one: as long
// as it is not known which, nobody is told any desk's records.
func (m *memory) unassigned(hasOwn bool) func(desk.Space) knowledge.DeskID {
	return func(s desk.Space) knowledge.DeskID {
		own := m.own.Load()
		switch {
		case s.Platform != onSlack, own != nil && *own == s.ID:
			return knowledge.DefaultDesk
		case hasOwn && own == nil:
			return ""
		}
		return desk.OwnDesk(s)
	}
}

// isOwn hears which workspace is the operator's own.
func (m *memory) isOwn(_ context.Context, team string) { m.own.Store(&team) }

// settle gives a workspace a desk, and makes whoever installed the app there its first editor where the desk is the workspace's own. It
// returns the desk, "" while it is not known, and whether that person is an editor of it.
func (m *memory) settle(ctx context.Context, team, installer string) (id string, editor bool, err error) {
	m.mu.Lock()
	db := m.db
	m.mu.Unlock()
	if db == nil {
		return "", false, installs.ErrAway
	}
	space := desk.Space{Platform: onSlack, ID: team}
	a := desk.Assignment{Space: space, Desk: m.spaces.Unassigned(space)}
	who := desk.Author("")
	switch {
	case a.Desk == "": // which workspace is the operator's own is not known yet: the desk is given when it is
		return "", false, nil
	case a.Desk != knowledge.DefaultDesk && installer != "":
		who = desk.Author(space.String() + ":" + installer)
	}
	stored := spaces.New(db)
	settled, err := stored.Settle(ctx, a, who)
	if err == nil {
		err = m.spaces.Load(ctx, stored)
	}
	if err != nil {
		return "", false, err
	}
	editors := m.spaces.Editors(settled)
	return string(settled), who != "" && editors.Has(who), nil
}

// settleAll gives a desk to each workspace that has none: to those that an organisation's install serves, to one whose installation was
// broken off, and to the operator's own.
func (m *memory) settleAll(ctx context.Context) error {
	if m.spaces.Unassigned == nil {
		return nil
	}
	var errs []error
	settle := func(team, installer string) {
		if team == "" || m.spaces.Given(desk.Space{Platform: onSlack, ID: team}) {
			return
		}
		_, _, err := m.settle(ctx, team, installer)
		errs = append(errs, err)
	}
	if own := m.own.Load(); own != nil {
		settle(*own, "")
	}
	for _, in := range m.apps.All() {
		settle(in.Team, in.Installer)
		for _, team := range in.Teams {
			settle(team, in.Installer)
		}
	}
	return errors.Join(errs...)
}

// eraseWorkspace erases what was told in a workspace, by the desk that it belongs to or may have belonged to before it was installed.
func (m *memory) eraseWorkspace(ctx context.Context, team string) error {
	m.mu.Lock()
	book := m.book
	m.mu.Unlock()
	if book == nil {
		return installs.ErrAway
	}
	space := desk.Space{Platform: onSlack, ID: team}
	of := m.spaces.Of(space)
	for _, id := range []knowledge.DeskID{of, desk.OwnDesk(space), knowledge.DefaultDesk} {
		if id == "" {
			continue
		}
		if _, err := book.Forget(ctx, id, told.Place(space.String())); err != nil {
			return err
		}
	}
	return nil
}
