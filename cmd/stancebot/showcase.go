package main

import (
	"cmp"
	"context"
	"errors"
	"html/template"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"time"

	"stancebot/adapters/console"
	"stancebot/adapters/demo"
	"stancebot/adapters/slack"
	"stancebot/adapters/telegram"
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
	n := played.newNewsboy(p, today, on.Now, on.Posters, func(string, *digest.Delivery) {})
	return playedBy(p, n), nil
}

// appName is what the program is called where it is played.
const appName = "stancebot"

// clockOf is a time as clients of chats write it.
func clockOf(m *showcase.Message) string { return m.At.Format("15:04") }

// inSlack is a message as Slack shows it.
func inSlack(m *showcase.Message, language, file string) *slack.Shown {
	s := &slack.Shown{
		Name: appName, Time: clockOf(m), Language: language, Typed: m.Typed, Reply: m.Reply, Team: showcase.Team, Private: m.OnlyTo != nil,
		Edited: !m.Edited.IsZero(), Repeated: m.Repeated, Share: m.Sharable(), File: file, Call: showcase.NameOf,
	}
	if m.By != nil {
		s.Name = m.By.Name
	}
	if m.SharedBy != nil {
		s.SharedBy = strings.TrimPrefix(m.SharedBy.Slack, onSlack+":"+showcase.Team+":")
	}
	return s
}

// inTelegram is a message as Telegram shows it.
func inTelegram(m *showcase.Message, language, file string) *telegram.Shown {
	s := &telegram.Shown{
		Name: appName, Time: clockOf(m), Language: language, Typed: m.Typed, Reply: m.Reply, To: m.RootText, Edited: !m.Edited.IsZero(), Repeated: m.Repeated, File: file,
	}
	if m.By != nil {
		s.Name = m.By.Name
	}
	return s
}

// onTerminal is a line of a terminal.
func onTerminal(m *showcase.Message) *console.Shown {
	return &console.Shown{Typed: m.Typed, Reply: m.Reply}
}

// newDemo returns the tab in which a newsroom is tried. Close it.
func (env *environment) newDemo(frame func(http.ResponseWriter, *http.Request, *demo.Page)) (*demo.Demo, error) {
	s, err := env.newShowcases()
	if err != nil {
		return nil, err
	}
	return demo.New(demo.Options{
		Open: s.newsroom, Frame: frame, Language: env.config.Language, Now: env.now, Log: env.log,
		Draw: map[string]func(*showcase.Message, string, string) (template.HTML, error){
			showcase.Slack: func(m *showcase.Message, language, file string) (template.HTML, error) {
				return slack.Preview(inSlack(m, language, file))
			},
			showcase.Telegram: func(m *showcase.Message, language, file string) (template.HTML, error) {
				return telegram.Preview(inTelegram(m, language, file))
			},
			showcase.Terminal: func(m *showcase.Message, _, _ string) (template.HTML, error) { return console.Preview(onTerminal(m)) },
		},
	}), nil
}

// newsroom opens a newsroom in a language.
func (s *showcases) newsroom(ctx context.Context, language string) (*showcase.Newsroom, error) {
	return showcase.New(ctx, language, s.open)
}

// answersPlayed is to how many questions of a newsroom the answers are kept: a visitor asks some.
const answersPlayed = 20

// latest lists the latest deliveries, in an order that their ids have no part in: something in those is random.
func latest(ctx context.Context, store digest.Store) ([]digest.Task, error) {
	all, err := store.Listed(ctx, everyState, false, deliveriesRead)
	slices.SortStableFunc(all, func(a, b digest.Task) int {
		return cmp.Or(
			b.Delivery.Due.Compare(a.Delivery.Due), strings.Compare(string(a.Subscription.To), string(b.Subscription.To)), strings.Compare(a.Delivery.Name, b.Delivery.Name),
		)
	})
	return all[:min(len(all), deliveriesShown)], err
}

// deliveriesShown is how many deliveries a visitor is shown, of those that are read. Of everyState are all.
const deliveriesRead, deliveriesShown = 200, 14

var everyState = []digest.State{digest.Waiting, digest.Trying, digest.Sent, digest.Empty, digest.Held, digest.Failed, digest.Dropped}

// playedBy is a program as a newsroom plays it: step by step, by its clock.
func playedBy(p *program, n *newsboy) *showcase.Program {
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
			return latest(ctx, p.memory.digestStore())
		},
		Close: p.Close,
	}
}
