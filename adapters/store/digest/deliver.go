package digest

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"time"

	"stancebot/bot/digest"
)

const (
	taskColumns = "SELECT " + deliveryColumns + ", " + subscriptionColumns + ", " + settingsColumns
	tasks       = taskColumns + " FROM digest_deliveries d JOIN digest_subscriptions s ON s.id = d.subscription" + withSettings
)

// inList completes tasks by the list of their ids.
const inList = " WHERE d.id IN %s ORDER BY d.due, d.id"

// scanTask reads a row of tasks.
func scanTask(scan func(...any) error) (digest.Task, error) {
	var t digest.Task
	err := new(row).delivery(&t.Delivery).subscription(&t.Subscription).settings(&t.Settings).scan(scan)
	t.Settings.To = t.Subscription.To
	return t, err
}

func scanTasks(rows *sql.Rows, err error) ([]digest.Task, error) {
	var found []digest.Task
	err = each(rows, err, func(scan func(...any) error) error {
		t, err := scanTask(scan)
		found = append(found, t)
		return err
	})
	return found, err
}

// claimable is asked for each platform, so that one whose deliveries are many is not read for those of another.
const claimable = `SELECT id, due FROM digest_deliveries WHERE platform = $3 AND ended = 0 AND not_before <= $2 AND leased_until <= $2
	AND lane NOT IN %s ORDER BY due, id LIMIT $4`

// settle is how long what a process that died was sending may be on its way still.
const settle = 5 * time.Second

// inherit ends the leases of processes that died: at once where nothing was tried, else when that has settled.
const inherit = `UPDATE digest_deliveries SET leased_until = CASE WHEN state = 'trying' THEN min(leased_until, $1) ELSE 0 END
	WHERE ended = 0 AND leased_until > 0`

// join has this process be known as one that may hold leases. Where it is the only one, whoever held some is dead.
func (s *Store) join(ctx context.Context, now time.Time) error {
	return s.db.Join(ctx, func() error {
		return s.write(ctx, topic, func(tx *sql.Tx, _ bool) error {
			n, err := affected(tx.ExecContext(ctx, inherit, micros(now.Add(settle))))
			if err == nil && n == 0 {
				err = errNothing
			}
			return err
		})
	})
}

// Claim leases deliveries. Where the commit was lost it looks which of them are the owner's.
func (s *Store) Claim(ctx context.Context, c digest.Claiming) ([]digest.Task, error) {
	l := c.Lease
	if l.Owner == "" {
		return nil, errors.New("digest: nobody claims")
	}
	if err := s.join(ctx, c.Now); err != nil {
		return nil, err
	}
	var claimed []digest.Task
	err := s.write(ctx, leases, func(tx *sql.Tx, again bool) error {
		if again && len(claimed) > 0 {
			stand, err := s.standing(ctx, tx, claimed, l)
			if err != nil {
				return err
			}
			if len(stand) > 0 {
				claimed = stand
				return errNothing
			}
		}
		claimed = nil
		ids, err := s.claimable(ctx, tx, &c)
		if err != nil {
			return err
		}
		if len(ids) == 0 {
			return errNothing
		}
		these, err := listOf(ids)
		if err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, s.among("UPDATE digest_deliveries SET owner = $2, leased_until = $3, attempt = attempt + 1 WHERE id IN %s"),
			these, plain(l.Owner), micros(l.Until)); err != nil {
			return err
		}
		claimed, err = scanTasks(tx.QueryContext(ctx, s.among(tasks+inList), these))
		return err
	})
	if err != nil {
		return nil, err
	}
	return claimed, nil
}

// claimable returns the ids of deliveries that are due first, and locks them.
func (s *Store) claimable(ctx context.Context, tx *sql.Tx, claim *digest.Claiming) ([]string, error) {
	except, err := listOf(claim.Except)
	if err != nil {
		return nil, err
	}
	type candidate struct {
		id  string
		due int64
	}
	var found []candidate
	query := s.among(claimable) + unlocked[s.db.Dialect()] //nolint:gosec // texts of this room
	for _, platform := range slices.Compact(slices.Sorted(slices.Values(claim.Platforms))) {
		rows, err := tx.QueryContext(ctx, query, except, micros(claim.Now), plain(platform), claim.Limit)
		if err := each(rows, err, func(scan func(...any) error) error {
			var c candidate
			err := scan(&c.id, &c.due)
			found = append(found, c)
			return err
		}); err != nil {
			return nil, err
		}
	}
	slices.SortFunc(found, func(a, b candidate) int { return cmp.Or(cmp.Compare(a.due, b.due), cmp.Compare(a.id, b.id)) })
	var ids []string
	for _, c := range found[:min(claim.Limit, len(found))] {
		ids = append(ids, c.id)
	}
	return ids, nil
}

// standing returns those of the tasks that stand as they were claimed. A commit whose connection was lost may be under way still: it is
// waited for.
func (s *Store) standing(ctx context.Context, tx *sql.Tx, claimed []digest.Task, l digest.Lease) ([]digest.Task, error) {
	rows, ids := make([][]any, len(claimed)), make([]string, len(claimed))
	for i, t := range claimed {
		rows[i], ids[i] = []any{t.Delivery.ID, t.Delivery.Attempt}, t.Delivery.ID
	}
	under, err := listOf(ids)
	if err != nil {
		return nil, err
	}
	if _, err := idsOf(tx.QueryContext(ctx, s.among("SELECT id FROM digest_deliveries WHERE id IN %s ORDER BY id")+locked[s.db.Dialect()], under)); err != nil {
		return nil, err
	}
	these, err := list(rows)
	if err != nil {
		return nil, err
	}
	held, err := idsOf(tx.QueryContext(ctx, s.stillHeld(), these, plain(l.Owner), micros(l.Until)))
	return slices.DeleteFunc(slices.Clone(claimed), func(t digest.Task) bool { return !slices.Contains(held, t.Delivery.ID) }), err
}

func (s *Store) stillHeld() string {
	return "SELECT d.id FROM (" + s.rows([]field{{name: "this"}, {"tries", true}}) + `) AS r CROSS JOIN digest_deliveries d
		WHERE d.id = r.this AND d.attempt = r.tries AND d.owner = $2 AND d.leased_until = $3`
}

// Renew renews the owner's leases, or gives them back.
func (s *Store) Renew(ctx context.Context, ids []string, l digest.Lease) ([]string, error) {
	if len(ids) == 0 || l.Owner == "" {
		return nil, nil
	}
	these, err := listOf(ids)
	if err != nil {
		return nil, fmt.Errorf("digest: %w", err)
	}
	query, under := "UPDATE digest_deliveries SET leased_until = $3 WHERE id IN %s AND owner = $2 RETURNING id", leases
	if l.Until.IsZero() {
		query, under = "UPDATE digest_deliveries SET leased_until = $3, owner = '' WHERE id IN %s AND owner = $2 RETURNING id", topic
	}
	var held []string
	err = s.write(ctx, under, func(tx *sql.Tx, again bool) error {
		these, err := idsOf(tx.QueryContext(ctx, s.among(query), these, plain(l.Owner), micros(l.Until)))
		if err == nil && (len(these) > 0 || !again || !l.Until.IsZero()) { // else they were given back by a try whose commit was lost
			held = these
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return held, nil
}

// recorded are the fields that Record writes.
var recorded = []field{
	{name: "this"},
	{name: "state"},
	{"not_before", true},
	{"attempt", true},
	{"tried_at", true},
	{"parts", true},
	{name: "message"},
	{"doubted", true},
	{name: "reason"},
	{"done_at", true},
	{"ends", true},
}

// goesOn tells of a delivery that its owner goes on with: one that has not ended, and waits no longer than it did.
const goesOn = "CASE WHEN r.state IN ('trying', 'waiting') AND r.not_before <= d.not_before THEN %s ELSE %s END"

// record writes what the owner holds. What stands as it is told and is nobody's was recorded by a call whose commit was lost.
func (s *Store) record() string {
	return `UPDATE digest_deliveries AS d SET state = r.state, not_before = r.not_before, attempt = r.attempt, tried_at = r.tried_at, parts = r.parts,
			message = r.message, doubted = r.doubted, reason = r.reason, done_at = r.done_at, ended = r.ends,
			owner = ` + fmt.Sprintf(goesOn, "d.owner", "''") + `, leased_until = ` + fmt.Sprintf(goesOn, "d.leased_until", "0") + `
		FROM (` + s.rows(recorded) + `) AS r WHERE d.id = r.this AND (d.owner = $2 OR d.owner = '' AND r.state <> 'trying' AND d.state = r.state
			AND d.not_before = r.not_before AND d.attempt = r.attempt AND d.parts = r.parts AND d.message = r.message AND d.reason = r.reason
			AND d.done_at = r.done_at) RETURNING id`
}

// Record records how far deliveries are.
func (s *Store) Record(ctx context.Context, owner string, deliveries []digest.Delivery) ([]string, error) {
	if len(deliveries) == 0 || owner == "" {
		return nil, nil
	}
	rows := make([][]any, len(deliveries))
	under := leases
	for i, d := range deliveries {
		rows[i] = []any{
			plain(d.ID), d.State, micros(d.NotBefore), d.Attempt, micros(d.Tried), d.Parts, plain(d.Message), flag(d.Doubted), plain(d.Reason), micros(d.Done), flag(ended(d.State)),
		}
		if d.State == digest.Waiting || !d.NotBefore.IsZero() { // it may be given back
			under = topic
		}
	}
	these, err := list(rows)
	if err != nil {
		return nil, fmt.Errorf("digest: %w", err)
	}
	var held []string
	err = s.write(ctx, under, func(tx *sql.Tx, _ bool) (err error) {
		held, err = idsOf(tx.QueryContext(ctx, s.record(), these, plain(owner)))
		return err
	})
	if err != nil {
		return nil, err
	}
	return held, nil
}
