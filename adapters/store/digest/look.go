package digest

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"
	"time"

	"stancebot/adapters/store"
	"stancebot/bot"
	"stancebot/bot/digest"
)

// alerted are the alerts of an address that tell of an entry behind $2, up to $3. SQLite takes a CROSS JOIN in the order that it is
// written in.
const alerted = taskColumns + " FROM digest_subscriptions s CROSS JOIN digest_deliveries d" + withSettings +
	"WHERE d.subscription = s.id AND s.address = $1 AND s.kind = 'watch' AND d.state = 'sent' AND d.up_to > $2 AND d.after_seq < $3 ORDER BY d.id"

// Alerted lists the alerts that a channel was sent.
func (s *Store) Alerted(ctx context.Context, to bot.Address, after, upTo int64) ([]digest.Task, error) {
	found, err := scanTasks(s.db.SQL().QueryContext(ctx, alerted, plain(string(to)), after, upTo))
	return found, s.explain("read", err)
}

const tally = `SELECT platform, state, doubted, count(*) FROM (
		SELECT platform, state, doubted FROM digest_deliveries WHERE ended = 0
		UNION ALL SELECT platform, state, doubted FROM digest_deliveries WHERE ended = 1 AND done_at >= $1) AS counted
	GROUP BY platform, state, doubted ORDER BY platform, state, doubted`

// Tally counts deliveries.
func (s *Store) Tally(ctx context.Context, since time.Time) ([]digest.Tally, error) {
	rows, err := s.db.SQL().QueryContext(ctx, tally, micros(since))
	var counts []digest.Tally
	err = each(rows, err, func(scan func(...any) error) error {
		var t digest.Tally
		var doubted int64
		err := scan(&t.Platform, &t.State, &doubted, &t.N)
		t.Doubted = doubted != 0
		counts = append(counts, t)
		return err
	})
	return counts, s.explain("read", err)
}

// before finds the first colon of a text, from 1.
var before = map[store.Dialect]string{store.SQLite: "instr(address, ':')", store.PostgreSQL: "strpos(address, ':')"}

// Subscriptions counts subscriptions that go on.
func (s *Store) Subscriptions(ctx context.Context, now time.Time) ([]digest.SubscriptionTally, error) {
	query := fmt.Sprintf(`SELECT substr(address, 1, %s - 1) AS platform, kind, count(*), sum(CASE WHEN paused_until > $1 THEN 1 ELSE 0 END)
		FROM digest_subscriptions WHERE ended_at = 0 AND kind <> 'note' GROUP BY 1, 2 ORDER BY 1, 2`, before[s.db.Dialect()])
	rows, err := s.db.SQL().QueryContext(ctx, query, micros(now))
	var counts []digest.SubscriptionTally
	err = each(rows, err, func(scan func(...any) error) error {
		var t digest.SubscriptionTally
		err := scan(&t.Platform, &t.Kind, &t.N, &t.Paused)
		counts = append(counts, t)
		return err
	})
	return counts, s.explain("read", err)
}

// What is listed is found one state after the other, so that none is read for the many of another.
const (
	inState = tasks + " WHERE d.ended = 1 AND d.state = $1 ORDER BY d.id DESC LIMIT $2"
	going   = tasks + " WHERE d.ended = 0 AND d.state = $1 ORDER BY d.id DESC LIMIT $2"
	inDoubt = tasks + " WHERE d.doubted = 1 ORDER BY d.id DESC LIMIT $1"
)

// Listed lists deliveries for operators.
func (s *Store) Listed(ctx context.Context, states []digest.State, doubted bool, limit int) ([]digest.Task, error) {
	var all []digest.Task
	add := func(query string, args ...any) error {
		found, err := scanTasks(s.db.SQL().QueryContext(ctx, query, args...))
		all = append(all, found...)
		return err
	}
	for _, state := range states {
		query := going
		if ended(state) {
			query = inState
		}
		if err := add(query, plain(string(state)), limit); err != nil {
			return nil, s.explain("read", err)
		}
	}
	if doubted {
		if err := add(inDoubt, limit); err != nil {
			return nil, s.explain("read", err)
		}
	}
	slices.SortStableFunc(all, func(a, b digest.Task) int { return strings.Compare(b.Delivery.ID, a.Delivery.ID) })
	all = slices.CompactFunc(all, func(a, b digest.Task) bool { return a.Delivery.ID == b.Delivery.ID })
	return all[:min(limit, len(all))], nil
}

// What is erased: a portion of deliveries, and of subscriptions that have none.
var (
	eraseDeliveries = fmt.Sprintf(`DELETE FROM digest_deliveries WHERE id IN
		(SELECT id FROM digest_deliveries WHERE ended = 1 AND done_at < $1 ORDER BY done_at LIMIT %d)`, portion)
	eraseSubscriptions = fmt.Sprintf(`DELETE FROM digest_subscriptions WHERE ended_at <> 0 AND id IN
		(SELECT s.id FROM digest_subscriptions s WHERE s.ended_at <> 0 AND s.ended_at < $1
			AND NOT EXISTS (SELECT 1 FROM digest_deliveries d WHERE d.subscription = s.id) LIMIT %d)`, portion)
)

// Erase erases what ended before a time: deliveries, then the subscriptions that have none left, and notes, which do not end.
func (s *Store) Erase(ctx context.Context, before time.Time) (int, error) {
	total := 0
	for _, statement := range []string{eraseDeliveries, eraseSubscriptions} {
		for n := portion; n == portion; total += n {
			if err := s.write(ctx, leases, func(tx *sql.Tx, _ bool) (err error) {
				n, err = affected(tx.ExecContext(ctx, statement, micros(before)))
				return err
			}); err != nil {
				return total, err
			}
		}
	}
	notes, err := s.eraseNotes(ctx)
	return total + notes, err
}
