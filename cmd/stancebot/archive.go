package main

import (
	"context"

	storedtold "stancebot/adapters/store/told"
	"stancebot/bot"
	"stancebot/bot/history"
	"stancebot/bot/told"
	"stancebot/knowledge"
)

// A book is what was told, as those see it who ask for it: what waits to be kept is forgotten with the rest, and who wants nothing
// kept is heard at once.
type book struct {
	*storedtold.Store
	log      *told.Log
	silences *told.Silences
}

var _ history.Book = (*book)(nil)

// Forget erases what a desk told in a place.
func (b *book) Forget(ctx context.Context, desk knowledge.DeskID, place told.Place) (int, error) {
	return b.log.Forget(ctx, desk, place)
}

// Silence sets whether what is told in a place is not to be kept.
func (b *book) Silence(ctx context.Context, place told.Place, silent bool) (bool, error) {
	changed, err := b.Store.Silence(ctx, place, silent)
	if err != nil {
		return changed, err
	}
	return changed, b.silences.Load(ctx, b.Store)
}

// Keeps reports whether what is told in a place is kept.
func (b *book) Keeps(place told.Place) bool { return b.silences.Keeps(place) }

// tellings is what was told, nil while the database is not open.
func (m *memory) tellings() history.Book {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.book == nil {
		return nil // and no interface that holds nothing
	}
	return m.book
}

// recorded returns what a desk recorded as answers have it, and whether it was read.
func (m *memory) recorded(desk knowledge.DeskID) (*knowledge.Overlay, bool) {
	return m.holder.Core(desk).Ledger(), m.read.Load()
}

// archive returns what answers for the past.
func (env *environment) archive(m *memory) *history.Archive {
	return &history.Archive{
		Book: m.tellings, Ledger: m.recorded, Behind: m.behind, Usual: env.config.Timezone, Edits: env.isEditor(m), Retention: env.config.Retention,
		Now: env.now, Log: env.log,
		Members: func(q knowledge.Query) []knowledge.Country {
			return m.holder.Core(q.Desk).Answer(knowledge.Query{Desk: q.Desk, Intent: knowledge.IntentGroup, Group: q.Group, Today: q.Today}).Countries
		},
		Zone: func(ctx context.Context, channel bot.Address) string {
			digests := m.digestStore()
			if digests == nil || channel == "" {
				return ""
			}
			settings, err := digests.Settings(ctx, channel)
			if err != nil {
				env.log.WarnContext(ctx, "the zone of a channel cannot be read: times are told by the usual one", "error", err)
			}
			return settings.Zone
		},
	}
}
