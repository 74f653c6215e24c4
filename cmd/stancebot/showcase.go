package main

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"stancebot/adapters/admin"
	"stancebot/bot/desk"
	"stancebot/bot/digest"
	"stancebot/bot/showcase"
	"stancebot/bot/told"
	"stancebot/knowledge"
)

// showcases opens newsrooms to try the program in: each is the program over a database of its own, in memory.
type showcases struct {
	*environment
	shared *ground
}

// newShowcases returns what opens newsrooms, over the records in force. Of the environment only those count: no token and no database is
// touched, and nothing is logged of what is played.
func (env *environment) newShowcases() (*showcases, error) {
	shared, err := env.newGround()
	if err != nil {
		return nil, err
	}
	return &showcases{env, shared}, nil
}

// open opens the program of one newsroom.
func (s *showcases) open(ctx context.Context, on showcase.Stage) (*showcase.Program, error) {
	played := &environment{
		ctx: context.WithoutCancel(ctx), stdout: s.stdout, stderr: s.stderr, log: slog.New(slog.DiscardHandler), now: on.Now, config: config{
			DatabaseURL: "sqlite::memory:", Language: on.Language, Timezone: "UTC", Retention: 30 * 24 * time.Hour, FourEyes: true, Proposals: everyone,
			RepeatPolicy: digest.Resend, DeskChannel: showcase.Editing, EditorNames: desk.Names{},
		},
	}
	for _, p := range showcase.People {
		for _, platform := range []string{onSlack, onTelegram} {
			if account := desk.Author(p.On(platform)); p.Edits {
				played.config.Editors = append(played.config.Editors, account)
				played.config.EditorNames[account] = p.Name
			}
		}
	}
	today := func() knowledge.Day { return knowledge.DayOf(on.Now()) }
	p, err := played.newBotOn(s.shared, answersPlayed, today, true)
	if err != nil {
		return nil, err
	}
	if failed := p.memory.status().Err; failed != nil {
		return nil, errors.Join(failed, p.Close())
	}
	n := played.newNewsboy(p, today, on.Now, on.Posters, admin.NewMetrics())
	return played.program(p, n, on), nil
}

// answersPlayed is to how many questions of a newsroom the answers are kept: a visitor asks some.
const answersPlayed = 20

// deliveriesShown is how many deliveries a visitor is shown, and everyState chooses all.
const deliveriesShown = 12

var everyState = []digest.State{digest.Waiting, digest.Trying, digest.Sent, digest.Empty, digest.Held, digest.Failed, digest.Dropped}

// program is a program as a newsroom plays it: step by step, by its clock.
func (env *environment) program(p *program, n *newsboy, on showcase.Stage) *showcase.Program {
	return &showcase.Program{
		Answer: p.Handle,
		Tell: func(t showcase.Telling) {
			p.keep(told.Told{Desk: knowledge.DefaultDesk, Place: told.Place(t.Place), Message: t.Message, Private: t.Private}, told.Place(t.In), t.Reply)
		},
		Follow: func(ctx context.Context) error { return errors.Join(p.memory.keepTold(ctx), p.memory.catchUp(ctx)) },
		Plan: func(ctx context.Context) error {
			_, _, planned := n.planner.Plan(ctx)
			_, looked := n.notes.Look(ctx)
			return errors.Join(planned, looked)
		},
		Deliver: n.deliverer.Deliver,
		Deliveries: func(ctx context.Context) ([]digest.Task, error) {
			return p.memory.digestStore().Listed(ctx, everyState, false, deliveriesShown)
		},
		Close: p.Close,
	}
}
