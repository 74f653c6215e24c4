package main

import (
	"context"
	"time"

	"stancebot/bot"
	"stancebot/bot/desk"
	"stancebot/bot/digest"
	"stancebot/bot/notes"
	"stancebot/bot/phrases"
	"stancebot/bot/quota"
	"stancebot/knowledge"
)

// paces are how fast platforms are posted to, a little slower than they allow: Slack a message a second to a channel and some
// twenty to a workspace, and fifty edits a minute; Telegram thirty a second in all and twenty a minute to a group.
var paces = map[string]digest.Pace{
	onSlack:    {Lane: 51 * time.Millisecond, Channel: 1050 * time.Millisecond, Edit: 1250 * time.Millisecond},
	onTelegram: {Lane: 34 * time.Millisecond, Channel: 3100 * time.Millisecond},
}

// A newsboy plans digests and alerts, and brings them and letters to their channels.
type newsboy struct {
	planner   *digest.Planner
	deliverer *digest.Deliverer
	composer  *digest.Composer
	notes     *notes.Notes
	deskOf    func(bot.Address) knowledge.DeskID // "" while that is not known
}

// newTeller returns what tells of changes.
func newTeller(m *memory, today func() knowledge.Day) *digest.Teller {
	return &digest.Teller{
		Ledger: m.ledgerStore, Snapshot: m.holder.Core, Today: today, Draw: m.drawn,
		Link: func(desk knowledge.DeskID, receipt string) string { return m.holder.Core(desk).Link(receipt) },
	}
}

// orders returns what answers digests and watches.
func (env *environment) orders(p *program, today func() knowledge.Day) *digest.Orders {
	m := p.memory
	return &digest.Orders{
		Allows: func(n int) bool { return p.shares.Allows(quota.Subscriptions, n) }, Most: p.shares.Most(quota.Subscriptions),
		Store: m.digestStore, Teller: newTeller(m, today), Reach: m.reach, Edits: env.isEditor(m), Zone: env.config.Timezone, Now: env.now, Log: env.log,
	}
}

// newNewsboy puts together what plans and delivers, by a clock, on the platforms that posters are given for.
func (env *environment) newNewsboy(p *program, today func() knowledge.Day, now func() time.Time, posters map[string]digest.Poster, ended func(platform string, d *digest.Delivery)) *newsboy {
	m := p.memory
	teller := newTeller(m, today)
	n := &newsboy{deskOf: m.deskOf, composer: &digest.Composer{Store: m.digestStore, Teller: teller, Silent: env.config.QuietEmpty}}
	n.deliverer = digest.NewDeliverer(digest.DelivererOptions{
		Store: m.digestStore, Posters: posters, Paces: paces, Compose: n.compose, Farewell: farewell, Policy: env.config.RepeatPolicy,
		Ended: func(d *digest.Delivery, platform string) { ended(platform, d) }, Now: now, Log: env.log,
	})
	lane := func(to bot.Address) string {
		if poster := posters[to.Platform()]; poster != nil {
			return poster.Lane(to)
		}
		return to.Platform() // another process serves it
	}
	n.planner = digest.NewPlanner(digest.Planner{
		Store: m.digestStore, Reach: m.reach, Planned: n.deliverer.Kick, Now: now, Log: env.log, Lane: lane, Changes: teller.About,
	})
	n.notes = env.newNotes(p, today, now, lane, n.deliverer.Kick)
	return n
}

// newNotes puts together what tells of corrections and proposals.
func (env *environment) newNotes(p *program, today func() knowledge.Day, now func() time.Time, lane func(bot.Address) string, planned func()) *notes.Notes {
	m := p.memory
	zone, err := time.LoadLocation(env.config.Timezone)
	if err != nil { // it was checked
		zone = time.UTC
	}
	return notes.New(notes.Notes{
		Ledger: m.ledgerStore, Letters: m.digestStore, Snapshot: m.holder.Core, Reach: m.reach, Lane: lane, Answer: p.Handle,
		Told: func() notes.Told {
			if store := m.toldStore(); store != nil {
				return store
			}
			return nil
		},
		Channel:  env.deskChannel(m),
		Link:     func(desk knowledge.DeskID, receipt string) string { return m.holder.Core(desk).Link(receipt) },
		Name:     func(person string) string { return env.config.EditorNames[desk.Author(person)] },
		Serves:   func(platform string) bool { return platform == onSlack || platform == onTelegram },
		Language: env.config.Language, Zone: zone, Kept: env.config.Retention, Planned: planned, Now: now, Today: today, Log: env.log,
	})
}

// compose composes what a delivery says: a letter, or what a subscription is due.
// What a channel was to be told as one desk's is told to none that has become another's.
func (n *newsboy) compose(ctx context.Context, t *digest.Task) (digest.Notice, error) {
	letter := t.Delivery.Letter
	if letter == nil || !notes.Personal(letter) {
		switch n.deskOf(t.Subscription.To) {
		case "":
			return digest.Notice{}, digest.ErrAway
		case t.Subscription.Desk:
		default:
			return digest.Notice{}, digest.ErrElsewhere
		}
	}
	if letter != nil {
		return n.notes.Compose(ctx, t)
	}
	return n.composer.Compose(ctx, t)
}

// farewell tells whoever set up a subscription that its channel is gone.
func farewell(s *digest.Subscription) *bot.Reply {
	p := phrases.In(s.Language)
	text := p.Say("digest.gone", "what", digest.SayFilter(p, s.About))
	return &bot.Reply{Language: p.Language, Private: true, Blocks: []bot.Block{bot.Line{Text: text, Kind: bot.OurOwn}}}
}
