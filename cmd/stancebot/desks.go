package main

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"text/tabwriter"
	"time"
	"unicode"

	"stancebot/adapters/slack"
	"stancebot/adapters/store"
	storedinstalls "stancebot/adapters/store/installs"
	"stancebot/adapters/store/spaces"
	"stancebot/bot"
	"stancebot/bot/desk"
	"stancebot/bot/installs"
	"stancebot/knowledge"
)

type desksCommand struct {
	List   desksList   `cmd:"" default:"1" help:"List the desks, how far their ledgers go, and what belongs to them."`
	Assign desksAssign `cmd:"" help:"Give a workspace or chat to a desk. What is assigned to none belongs to the desk main, but for workspaces that installed the app: each has a desk of its own."`

	Editors desksEditors `cmd:"" help:"List who may change desks' records, or add and remove somebody: editors slack-t1 add slack:T1:U3."`
	Remove  desksRemove  `cmd:"" aliases:"uninstall" help:"Take the app out of a workspace that installed it: its token is revoked and deleted, what it subscribed to ends, what was told there is erased."`
}

type desksList struct{}

// Run lists.
func (*desksList) Run(env *environment) error {
	s, err := env.openStored()
	if err != nil {
		return err
	}
	defer s.Close() //nolint:errcheck // it was only read
	desks, err := s.Desks(env.ctx)
	if err != nil {
		return err
	}
	assigned, err := spaces.New(s.db).Assignments(env.ctx)
	if err != nil {
		return err
	}
	of := map[knowledge.DeskID][]string{}
	for _, a := range assigned {
		of[a.Desk] = append(of[a.Desk], a.Space.String())
		if !slices.Contains(desks, a.Desk) {
			desks = append(desks, a.Desk)
		}
	}
	if !slices.Contains(desks, knowledge.DefaultDesk) {
		desks = append(desks, knowledge.DefaultDesk)
	}
	slices.Sort(desks)
	table := tabwriter.NewWriter(env.stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "desk\tentries\tworkspaces and chats")
	for _, id := range desks {
		head, err := s.Head(env.ctx, id)
		if err != nil {
			return err
		}
		fmt.Fprintf(table, "%s\t%d\t%s\n", id, head.Seq, joined(of[id]))
	}
	if err := table.Flush(); err != nil {
		return err
	}
	return env.listInstalls(s.db)
}

// listInstalls lists the workspaces that installed the app, where there are any.
func (env *environment) listInstalls(db *store.DB) error {
	keys, err := env.config.keys()
	if err != nil {
		return err
	}
	list, err := storedinstalls.New(db, keys).List(env.ctx)
	if err != nil || len(list) == 0 {
		return err
	}
	table := tabwriter.NewWriter(env.stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "\ninstalled in\tname\tsince\tby\ttoken")
	for i := range list {
		in := &list[i]
		by := in.Installer
		if in.Team != "" && by != "" {
			by = in.Workspace.String() + ":" + by
		}
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\n", in.Workspace, printable(in.Name), in.At.Format(time.DateOnly), by, tokenOf(in))
		if len(in.Teams) > 0 {
			fmt.Fprintf(table, "\tserves %s\n", strings.Join(in.Teams, " "))
		}
	}
	return table.Flush()
}

// printable is a name as it stands in a table: whoever named a workspace may have named it anything.
func printable(name string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || !unicode.IsPrint(r) {
			return ' '
		}
		return r
	}, name)
}

// tokenOf tells how long an install's token holds.
func tokenOf(in *installs.Install) string {
	switch {
	case in.Sealed != nil:
		return "cannot be read: " + in.Sealed.Error()
	case in.Expires.IsZero():
		return "does not expire"
	}
	return "until " + in.Expires.UTC().Format("2006-01-02 15:04") + " UTC, and is renewed"
}

type desksRemove struct {
	Workspace string `arg:"" help:"The workspace or organisation, as desks lists it: slack:T1 or slack:E1."`
	Anyway    bool   `help:"Delete its token here though Slack does not revoke it, such as one that cannot be read."`
}

// Run removes.
func (c *desksRemove) Run(env *environment) error {
	m, err := env.openMemory()
	if err != nil {
		return err
	}
	defer m.Close() //nolint:errcheck // what was removed is durable by then
	list, err := m.installs.List(env.ctx)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(list, func(in installs.Install) bool { return in.Workspace.String() == c.Workspace })
	if i < 0 {
		return usageError{fmt.Errorf("%q: the app is not installed there: stancebot desks lists where it is", c.Workspace)}
	}
	in := &list[i]
	if err := slack.Revoke(env.ctx, env.config.slackOptions(), in); err != nil {
		if !c.Anyway {
			return fmt.Errorf("the token of %s was not revoked, and nothing was deleted: %w: with --anyway it is deleted here all the same", in.Workspace, err)
		}
		fmt.Fprintf(env.stderr, "the token of %s was not revoked: %v: remove the app in Slack, too\n", in.Workspace, err)
	}
	if _, err := installs.Uninstall(env.ctx, m.installs, in.Workspace, time.Now(), m.eraseWorkspace); err != nil {
		return err
	}
	_, err = fmt.Fprintf(env.stdout, "the app is not installed in %s any more; the ledger of its desk stays\n", in.Workspace)
	return err
}

type desksEditors struct {
	Desk string `arg:"" optional:"" help:"The desk; all of them without."`
	Do   string `arg:"" optional:"" enum:"add,remove," default:"" help:"add or remove."`
	Who  string `arg:"" optional:"" help:"The person, such as slack:T1:U3."`
}

// Run lists, adds or removes.
func (c *desksEditors) Run(env *environment) error {
	if c.Do != "" && c.Who == "" {
		return usageError{fmt.Errorf("whom to %s? Name a person, such as slack:T1:U3", c.Do)}
	}
	m, err := env.openMemory()
	if err != nil {
		return err
	}
	defer m.Close() //nolint:errcheck // what was changed is durable by then
	if c.Do == "" {
		return c.list(env, m)
	}
	id, err := desk.ParseID(c.Desk)
	if err != nil {
		return usageError{fmt.Errorf("%q: %w", c.Desk, err)}
	}
	who, err := desk.ParseAuthor(c.Who)
	if err != nil {
		return usageError{fmt.Errorf("%q: %w", c.Who, err)}
	}
	stored := spaces.New(m.db)
	if c.Do == "remove" {
		was, err := stored.RemoveEditor(env.ctx, id, who)
		if err != nil {
			return err
		}
		if !was {
			return fmt.Errorf("%s was not added to the editors of %s; those that STANCEBOT_EDITORS names are removed there", who, id)
		}
		_, err = fmt.Fprintf(env.stdout, "%s is no editor of %s any more\n", who, id)
		return err
	}
	if to := bot.Address(who); to.Platform() == onSlack && m.deskOf(to) != id {
		return usageError{fmt.Errorf("%s is of a workspace that belongs to the desk %s: people of a workspace are editors of its desk alone", who, m.deskOf(to))}
	}
	if err := stored.AddEditor(env.ctx, id, who); err != nil {
		return err
	}
	_, err = fmt.Fprintf(env.stdout, "%s is an editor of %s\n", who, id)
	return err
}

// list lists those who may change records, and why they may.
func (c *desksEditors) list(env *environment, m *memory) error {
	ids := []knowledge.DeskID{knowledge.DeskID(c.Desk)}
	if c.Desk == "" {
		var err error
		if ids, err = m.deskIDs(env.ctx); err != nil {
			return err
		}
	}
	table := tabwriter.NewWriter(env.stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "desk\teditor\tby")
	for _, id := range ids {
		added := m.spaces.Editors(id)
		for _, who := range env.editorsOf(m, id) {
			by := "STANCEBOT_EDITORS"
			if added.Has(who) {
				by = "the desk"
			}
			fmt.Fprintf(table, "%s\t%s\t%s\n", id, who, by)
		}
	}
	return table.Flush()
}

// deskIDs lists the desks that have a ledger, a workspace or chat, or an editor, and the default one.
func (m *memory) deskIDs(ctx context.Context) ([]knowledge.DeskID, error) {
	ids, err := m.ledger.Desks(ctx)
	if err != nil {
		return nil, err
	}
	stored := spaces.New(m.db)
	assigned, err := stored.Assignments(ctx)
	if err != nil {
		return nil, err
	}
	for _, a := range assigned {
		ids = append(ids, a.Desk)
	}
	editors, err := stored.Editors(ctx)
	if err != nil {
		return nil, err
	}
	ids = append(slices.AppendSeq(ids, maps.Keys(editors)), knowledge.DefaultDesk)
	slices.Sort(ids)
	return slices.Compact(ids), nil
}

type desksAssign struct {
	Space string `arg:"" help:"The workspace or chat, such as slack:T1 or telegram:77."`
	Desk  string `arg:"" help:"The desk that it is to belong to, such as foreign-desk."`
}

// Run assigns.
func (c *desksAssign) Run(env *environment) error {
	space, err := desk.ParseSpace(c.Space)
	if err != nil {
		return usageError{fmt.Errorf("%q: %w", c.Space, err)}
	}
	id, err := desk.ParseID(c.Desk)
	if err != nil {
		return usageError{fmt.Errorf("%q: %w", c.Desk, err)}
	}
	url, err := env.databaseURL()
	if err != nil {
		return err
	}
	s, err := openURL(env, url)
	if err != nil {
		return err
	}
	defer s.Close() //nolint:errcheck // what was assigned is durable by then
	if err := spaces.New(s.db).Assign(env.ctx, desk.Assignment{Space: space, Desk: id}); err != nil {
		return err
	}
	_, err = fmt.Fprintf(env.stdout, "%s belongs to the desk %s\n", space, id)
	return err
}
