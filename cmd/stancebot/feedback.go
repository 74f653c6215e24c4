package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"text/tabwriter"
	"time"

	storedfeedback "stancebot/adapters/store/feedback"
	"stancebot/bot"
	"stancebot/bot/feedback"
	"stancebot/knowledge"
)

type feedbackCommand struct {
	Desk  string        `default:"main" help:"Of which desk."`
	Since time.Duration `default:"720h" help:"Votes within this time alone."`
	JSON  bool          `name:"json" help:"For programs; one JSON object a line."`
}

// Help is what feedback --help adds.
func (*feedbackCommand) Help() string {
	return `Tells how often readers said that an answer helped, and how often that it is wrong: the most often wrong first, each by the command that
asks for it. Votes are kept as long as STANCEBOT_RETENTION says.`
}

// Run lists.
func (c *feedbackCommand) Run(env *environment) error {
	if c.Since <= 0 {
		return usageError{errors.New("--since is a time such as 720h")}
	}
	m, err := env.openMemory()
	if err != nil {
		return err
	}
	defer m.Close() //nolint:errcheck // it was only read
	tallies, err := m.votes().Tallies(env.ctx, knowledge.DeskID(c.Desk), clock().Add(-c.Since))
	if err != nil {
		return err
	}
	if c.JSON {
		out := json.NewEncoder(env.stdout)
		for i := range tallies {
			if err := out.Encode(&tallies[i]); err != nil {
				return err
			}
		}
		return nil
	}
	w := tabwriter.NewWriter(env.stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "wrong\thelpful\tanswer")
	for _, t := range tallies {
		fmt.Fprintf(w, "%d\t%d\t%s\n", t.Wrong, t.Helpful, t.Command)
	}
	return w.Flush()
}

// votes are where votes are kept, nil while the database is not open.
func (m *memory) votes() feedback.Store {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.db == nil {
		return nil // and no interface that holds nothing
	}
	return storedfeedback.New(m.db)
}

// settings answers what is asked of what is kept, and votes.
func (env *environment) settings(p *program) bot.Command {
	archive := env.archive(p.memory)
	votes := &feedback.Feedback{
		Store: p.memory.votes, Answer: func(ctx context.Context, req bot.Request) bot.Reply { return p.Handle(ctx, req) }, // by the bot that this is to be part of
		Voted: func(helpful bool) { p.memory.voted(helpful) }, Now: env.now, Log: env.log,
	}
	return bot.Command{Intent: knowledge.IntentSettings, Do: func(ctx context.Context, c bot.Call) (knowledge.Outcome, bot.Reply, error) {
		if c.Query.Matter == knowledge.MatterHelpful || c.Query.Matter == knowledge.MatterWrong {
			return votes.Do(ctx, c)
		}
		return archive.Do(ctx, c)
	}}
}
