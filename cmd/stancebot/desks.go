package main

import (
	"fmt"
	"slices"
	"text/tabwriter"

	"stancebot/adapters/store/spaces"
	"stancebot/bot/desk"
	"stancebot/knowledge"
)

type desksCommand struct {
	List   desksList   `cmd:"" default:"1" help:"List the desks, how far their ledgers go, and what belongs to them."`
	Assign desksAssign `cmd:"" help:"Give a workspace or chat to a desk. What is assigned to none belongs to the desk main."`
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
	return table.Flush()
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
