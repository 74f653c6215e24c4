package digest

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"time"

	"stancebot/bot"
	"stancebot/bot/digest"
)

const insertSubscription = `INSERT INTO digest_subscriptions (id, desk, address, kind, about, schedule, language, made_by, name, began_at, cursor,
		next_at, paused_until, ended_at, why, version)
	VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16) ON CONFLICT DO NOTHING`

// Add adds a subscription. One that stands as it is told was added by a call whose commit was lost.
func (s *Store) Add(ctx context.Context, added *digest.Subscription) error {
	row, err := values(added)
	if err != nil {
		return fmt.Errorf("digest: %w", err)
	}
	return s.write(ctx, topic, func(tx *sql.Tx, _ bool) error {
		n, err := affected(tx.ExecContext(ctx, insertSubscription, row...))
		if err != nil || n > 0 {
			return err
		}
		same, err := stands(ctx, tx, added.ID, func(there *digest.Subscription) bool {
			return there.Desk == added.Desk && there.Kind == added.Kind && micros(there.Began) == micros(added.Began) && there.By == plain(added.By)
		})
		switch {
		case err != nil:
			return err
		case !same:
			return fmt.Errorf("there is another subscription %q", added.ID)
		}
		return errNothing
	})
}

// stands reports whether the subscription of an id is such a one.
func stands(ctx context.Context, tx *sql.Tx, id string, such func(*digest.Subscription) bool) (bool, error) {
	var there digest.Subscription
	err := new(row).subscription(&there).scan(tx.QueryRowContext(ctx,
		"SELECT "+subscriptionColumns+" FROM digest_subscriptions s WHERE s.id = $1", plain(id)).Scan)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	return err == nil && such(&there), err
}

// Change changes a subscription whose version is the one told. Where the commit was lost it looks whether its own change stands.
func (s *Store) Change(ctx context.Context, changed *digest.Subscription) error {
	row, err := values(changed)
	if err != nil {
		return fmt.Errorf("digest: %w", err)
	}
	return s.write(ctx, topic, func(tx *sql.Tx, again bool) error {
		n, err := affected(tx.ExecContext(ctx, `UPDATE digest_subscriptions SET desk = $2, address = $3, kind = $4, about = $5, schedule = $6,
				language = $7, made_by = $8, name = $9, began_at = $10, cursor = $11, next_at = $12, paused_until = $13, ended_at = $14, why = $15,
				version = version + 1
			WHERE id = $1 AND version = $16`, row...))
		if err != nil || n > 0 {
			return err
		}
		if again {
			mine, err := stands(ctx, tx, changed.ID, func(there *digest.Subscription) bool {
				there.Version--
				its, err := values(there)
				return err == nil && slices.Equal(its, row)
			})
			if err != nil {
				return err
			}
			if mine {
				return errNothing
			}
		}
		return digest.ErrChanged
	})
}

const subscriptionsOf = "SELECT " + subscriptionColumns + ` FROM digest_subscriptions s
	WHERE s.address = $1 AND s.kind <> 'note' AND (s.ended_at = 0 OR s.ended_at >= $2) ORDER BY s.id`

// Of lists what a channel subscribed to.
func (s *Store) Of(ctx context.Context, to bot.Address, endedSince time.Time) ([]digest.Subscription, error) {
	rows, err := s.db.SQL().QueryContext(ctx, subscriptionsOf, plain(string(to)), micros(endedSince))
	var found []digest.Subscription
	err = each(rows, err, func(scan func(...any) error) error {
		var one digest.Subscription
		err := new(row).subscription(&one).scan(scan)
		found = append(found, one)
		return err
	})
	return found, s.explain("read", err)
}

// countIn counts by the index of addresses: those between $2 and $3 are of the channels of a workspace, or of the topics of a chat.
const countIn = "SELECT count(*) FROM digest_subscriptions WHERE (address = $1 OR address >= $2 AND address < $3) AND kind <> 'note' AND ended_at = 0"

// CountIn counts what goes on in a workspace or chat.
func (s *Store) CountIn(ctx context.Context, space string) (int, error) {
	space = plain(space)
	var n int
	err := s.db.SQL().QueryRowContext(ctx, countIn, space, space+":", space+";").Scan(&n)
	return n, s.explain("read", err)
}

// Settings returns the settings of a channel.
func (s *Store) Settings(ctx context.Context, to bot.Address) (digest.Settings, error) {
	found := digest.Settings{To: to}
	err := new(row).settings(&found).scan(s.db.SQL().QueryRowContext(ctx,
		"SELECT "+settingsColumns+" FROM digest_settings g WHERE g.address = $1", plain(string(to))).Scan)
	if errors.Is(err, sql.ErrNoRows) {
		err = nil
	}
	return found, s.explain("read", err)
}

// Set keeps the settings of a channel.
func (s *Store) Set(ctx context.Context, g digest.Settings) error {
	return s.write(ctx, topic, func(tx *sql.Tx, _ bool) error {
		_, err := tx.ExecContext(ctx, `INSERT INTO digest_settings (address, zone, quiet_from, quiet_till, empty, editors) VALUES ($1, $2, $3, $4, $5, $6)
			ON CONFLICT (address) DO UPDATE SET zone = excluded.zone, quiet_from = excluded.quiet_from, quiet_till = excluded.quiet_till,
				empty = excluded.empty, editors = excluded.editors`,
			plain(string(g.To)), plain(g.Zone), int64(g.QuietFrom), int64(g.QuietTill), string(g.Empty), flag(g.Editors))
		return err
	})
}

// drop drops deliveries of subscriptions, but for those that somebody holds and those that may have arrived.
const drop = `UPDATE digest_deliveries SET state = 'dropped', ended = 1, done_at = $2, owner = '', leased_until = 0
	WHERE state = 'waiting' AND leased_until <= $2 AND id IN
		(SELECT d.id FROM %s AS list CROSS JOIN digest_deliveries d WHERE d.subscription = list.value AND d.state = 'waiting')`

// End ends subscriptions. They are locked before their deliveries are looked at: who plans one meanwhile comes before or after.
func (s *Store) End(ctx context.Context, ids []string, at time.Time, why string) error {
	if len(ids) == 0 {
		return nil
	}
	these, err := listOf(ids)
	if err != nil {
		return fmt.Errorf("digest: %w", err)
	}
	return s.write(ctx, topic, func(tx *sql.Tx, _ bool) error {
		if _, err := idsOf(tx.QueryContext(ctx, s.among("SELECT id FROM digest_subscriptions WHERE id IN %s ORDER BY id")+locked[s.db.Dialect()], these)); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, s.among(`UPDATE digest_subscriptions SET ended_at = $2, why = $3, version = version + 1
			WHERE id IN %s AND ended_at = 0`), these, micros(at), plain(why)); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, s.among(drop), these, micros(at))
		return err
	})
}
