package main

import (
	"context"
	"errors"
	"time"

	"stancebot/adapters/admin"
	"stancebot/adapters/slack"
	"stancebot/adapters/store/spaces"
	"stancebot/bot/desk"
	"stancebot/bot/inbox"
	"stancebot/bot/quota"
	"stancebot/bot/told"
	"stancebot/knowledge"
)

// onSlack names the platform where places and people are named.
const onSlack = "slack"

// newSlack puts Slack's side of the program together, or returns nil when no token for it is set.
func (env *environment) newSlack(p *program, metrics *admin.Metrics) *slack.Adapter {
	c, m := &env.config, p.memory
	if c.SlackBotToken == "" && !c.installable() {
		return nil
	}
	options := slack.Options{
		Bot: &measured{p.Bot, metrics}, BotToken: c.SlackBotToken.Reveal(), AppToken: c.SlackAppToken.Reveal(), SigningSecret: c.SlackSigningSecret.Reveal(),
		APIURL: c.SlackApiURL, PublicURL: c.PublicURL, Store: p.memory.events, Meter: metrics.Platform(onSlack), Now: p.memory.now, Log: env.log,
		Waiting: p.shares.Most(quota.Waiting), Shed: func() { p.shares.Refuse(quota.Waiting) },
		Desk: func(_ context.Context, team string) knowledge.DeskID {
			return m.spaces.Of(desk.Space{Platform: onSlack, ID: team})
		},
		Told: func(t slack.Telling) {
			p.keep(told.Told{Desk: t.Desk, Place: told.Place(t.Place), Message: t.Message, Private: t.Private}, told.Place(t.In), &t.Reply)
		},
	}
	if c.installable() {
		options.Workspaces, options.Own = &m.apps, m.isOwn
		options.OAuth = &slack.OAuth{
			ClientID: c.SlackClientID, ClientSecret: c.SlackClientSecret.Reveal(), Language: c.Language, Rotates: c.SlackTokenRotation,
			Store: m.installStore, Sealed: m.apps.Health, Settle: m.settle, Erase: m.eraseWorkspace,
		}
		metrics.Gauge("stancebot_slack_installs", "Workspaces and organisations that the app is installed in.", nil, func() float64 { return float64(len(m.apps.All())) })
	}
	a := slack.New(options)
	measureInbox(metrics, onSlack, a.Stats)
	metrics.Gauge("stancebot_sockets_connected", "Sockets that are connected with Slack, none where it sends what happens over HTTP.", nil, func() float64 { return float64(a.Connected()) })
	return a
}

// measureTold measures the keeping of what was told.
func measureTold(metrics *admin.Metrics, m *memory) {
	metrics.Gauge("stancebot_told_waiting", "Replies that were told and are not kept yet.", nil, func() float64 {
		waiting, _ := m.untold()
		return float64(waiting)
	})
	metrics.Counter("stancebot_told_dropped_total", "Replies that were told and not kept: no correction finds their readers.", nil, func() float64 {
		_, dropped := m.untold()
		return float64(dropped)
	})
}

// measureQuotas measures what workspaces and chats were refused, by what it was. Where it was is told nowhere.
func measureQuotas(metrics *admin.Metrics, shares *quota.Shares) {
	for _, k := range quota.Kinds() {
		metrics.Counter("stancebot_quota_refused_total", "What one workspace or chat asked for beyond its share.", map[string]string{"kind": string(k)},
			func() float64 { return float64(shares.Refused(k)) })
	}
}

// measureInbox measures the inbox of a platform.
func measureInbox(metrics *admin.Metrics, platform string, stats func() inbox.Stats) {
	labels := map[string]string{"platform": platform}
	metrics.Gauge("stancebot_inbox_waiting", "Events that were taken and are not worked yet.", labels, func() float64 { return float64(stats().Waiting) })
	for _, c := range []struct {
		name, help string
		read       func(inbox.Stats) int64
	}{
		{"stancebot_inbox_received_total", "Events taken.", func(s inbox.Stats) int64 { return s.Received }},
		{"stancebot_inbox_repeated_total", "Events that had come before.", func(s inbox.Stats) int64 { return s.Repeated }},
		{
			"stancebot_inbox_in_memory_total", "Events taken while the database was away or slow: a crash loses those that are not worked.",
			func(s inbox.Stats) int64 { return s.InMemory },
		},
		{"stancebot_inbox_given_up_total", "Events worked in vain.", func(s inbox.Stats) int64 { return s.GivenUp }},
		{"stancebot_inbox_refused_total", "Events that there was no room for.", func(s inbox.Stats) int64 { return s.Refused }},
	} {
		metrics.Counter(c.name, c.help, labels, func() float64 { return float64(c.read(stats())) })
	}
}

// spacesEvery is how often it is read which desk each workspace belongs to.
const spacesEvery = 10 * time.Second

// followSpaces keeps what belongs to which desk, and where nothing that is told is kept, once the database is open, until the
// context ends.
func (m *memory) followSpaces(ctx context.Context) {
	select {
	case <-ctx.Done():
		return
	case <-m.ready:
	}
	stored := spaces.New(m.db)
	changed := stored.Changed(ctx)
	tick := time.NewTicker(spacesEvery)
	defer tick.Stop()
	for failing := false; ; {
		err := errors.Join(m.spaces.Load(ctx, stored), m.silences.Load(ctx, m.book))
		if err == nil {
			err = m.settleAll(ctx)
		}
		if ctx.Err() != nil {
			return
		}
		if err != nil && !failing {
			m.log.WarnContext(ctx, "which workspace belongs to which desk, and where nothing is kept, cannot be read: what was read before holds", "error", err)
		}
		failing = err != nil
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		case _, open := <-changed:
			if !open {
				changed = nil
			}
		}
	}
}
