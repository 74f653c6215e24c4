package main

import (
	"context"
	"time"

	"stancebot/adapters/admin"
	"stancebot/bot"
	"stancebot/bot/digest"
	"stancebot/bot/phrases"
	"stancebot/knowledge"
)

// paces are how fast platforms are posted to, a little slower than they allow: Slack a message a second to a channel and some
// twenty to a workspace, Telegram thirty a second in all and twenty a minute to a group.
var paces = map[string]digest.Pace{
	onSlack:    {Lane: 51 * time.Millisecond, Channel: 1050 * time.Millisecond},
	onTelegram: {Lane: 34 * time.Millisecond, Channel: 3100 * time.Millisecond},
}

// A newsboy plans digests and alerts, and brings them to their channels.
type newsboy struct {
	planner   *digest.Planner
	deliverer *digest.Deliverer
	composer  *digest.Composer
}

// newTeller returns what tells of changes.
func newTeller(m *memory, today func() knowledge.Day) *digest.Teller {
	return &digest.Teller{
		Ledger: m.ledgerStore, Snapshot: m.holder.Core, Today: today,
		Link: func(desk knowledge.DeskID, receipt string) string { return m.holder.Core(desk).Link(receipt) },
	}
}

// orders returns what answers digests and watches.
func (env *environment) orders(m *memory, today func() knowledge.Day) *digest.Orders {
	return &digest.Orders{
		Store: m.digestStore, Teller: newTeller(m, today), Reach: m.seq, Edits: env.edits, Zone: env.config.Timezone, Now: time.Now, Log: env.log,
	}
}

// newNewsboy puts together what plans and delivers, by a clock, on the platforms that posters are given for.
func (env *environment) newNewsboy(m *memory, today func() knowledge.Day, now func() time.Time, posters map[string]digest.Poster, metrics *admin.Metrics) *newsboy {
	teller := newTeller(m, today)
	n := &newsboy{composer: &digest.Composer{Store: m.digestStore, Teller: teller, Silent: env.config.QuietEmpty}}
	n.deliverer = digest.NewDeliverer(digest.DelivererOptions{
		Store: m.digestStore, Posters: posters, Paces: paces, Compose: n.composer.Compose, Farewell: farewell, Policy: env.config.RepeatPolicy,
		Ended: func(d *digest.Delivery, platform string) {
			metrics.Delivered(platform, string(d.State), d.Doubted, d.Done.Sub(d.Due))
		}, Now: now, Log: env.log,
	})
	n.planner = digest.NewPlanner(digest.Planner{
		Store: m.digestStore, Reach: m.seq, Planned: n.deliverer.Kick, Now: now, Log: env.log,
		Lane: func(to bot.Address) string {
			if poster := posters[to.Platform()]; poster != nil {
				return poster.Lane(to)
			}
			return to.Platform() // another process serves it
		},
		Changes: func(ctx context.Context, desk knowledge.DeskID, about digest.Filter, after, upTo int64) ([]digest.Change, error) {
			changes, err := teller.Changes(ctx, desk, after, upTo)
			return teller.Concerning(desk, about, changes), err
		},
	})
	return n
}

// farewell tells whoever set up a subscription that its channel is gone.
func farewell(s *digest.Subscription) *bot.Reply {
	p := phrases.In(s.Language)
	text := p.Say("digest.gone", "what", digest.SayFilter(p, s.About))
	return &bot.Reply{Language: p.Language, Private: true, Blocks: []bot.Block{bot.Line{Text: text, Kind: bot.OurOwn}}}
}
