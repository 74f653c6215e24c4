package digest

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"maps"
	"slices"
	"time"

	"stancebot/bot/digest"
	"stancebot/knowledge"
)

// What is due at $1, behind the desk $2 and the id $3: a few digests, a few watches of the desk $4 whose ledger ends at $5, or all of
// them in order. Each text asks for the order of an index, by which an engine finds its way though it counts wrongly.
var (
	dueDigests = fmt.Sprintf(`SELECT s.desk, s.id FROM digest_subscriptions s WHERE s.kind = 'digest' AND s.ended_at = 0 AND s.next_at <= $1
		AND %s ORDER BY s.next_at LIMIT %d`, behind, few)
	dueWatches = fmt.Sprintf(`SELECT s.desk, s.id FROM digest_subscriptions s WHERE s.kind = 'watch' AND s.ended_at = 0 AND s.next_at <= $1
		AND %s AND s.desk = $4 AND s.cursor < $5 ORDER BY s.cursor LIMIT %d`, behind, few)
)

const (
	behind = "(s.desk, s.id) > ($2, $3)"
	ledger = "SELECT desk, seq FROM ledger_heads WHERE desk >= $1 AND seq > 0 ORDER BY desk"

	waiting = "SELECT " + subscriptionColumns + ", " + settingsColumns + " FROM digest_subscriptions s" + withSettings
	dueFew  = waiting + "WHERE s.id IN %s ORDER BY s.desk, s.id"
	dueMany = waiting + `LEFT JOIN ledger_heads h ON h.desk = s.desk
		WHERE s.ended_at = 0 AND ` + behind + ` AND s.next_at <= $1 AND (s.kind = 'digest' OR s.cursor < h.seq) ORDER BY s.desk, s.id LIMIT $4`
)

// few is how many that are due are found one by one and sorted for each page. Where more are, as when an entry of the ledger makes
// all watches due, they are read in order.
const few = 1000

// Due lists what may have something to plan.
func (s *Store) Due(ctx context.Context, now time.Time, desk knowledge.DeskID, after string, limit int) ([]digest.Task, error) {
	at, from, id := micros(now), plain(string(desk)), plain(after)
	due, err := s.fewDue(ctx, at, from, id)
	if err != nil || len(due) == 0 {
		return nil, s.explain("read", err)
	}
	query, args := dueMany, []any{at, from, id, limit}
	if len(due) < few {
		slices.SortFunc(due, func(a, b place) int { return cmp.Or(cmp.Compare(a.desk, b.desk), cmp.Compare(a.id, b.id)) })
		ids := make([]string, min(limit, len(due)))
		for i := range ids {
			ids[i] = due[i].id
		}
		these, err := list(ids)
		if err != nil {
			return nil, fmt.Errorf("digest: %w", err)
		}
		query, args = s.among(dueFew), []any{these}
	}
	rows, err := s.db.SQL().QueryContext(ctx, query, args...)
	var found []digest.Task
	err = each(rows, err, func(scan func(...any) error) error {
		var t digest.Task
		err := new(row).subscription(&t.Subscription).settings(&t.Settings).scan(scan)
		t.Settings.To = t.Subscription.To
		found = append(found, t)
		return err
	})
	return found, s.explain("read", err)
}

// A place is where a subscription stands among those that are due.
type place struct{ desk, id string }

// fewDue returns what is due where that is less than a few, and some of it otherwise.
func (s *Store) fewDue(ctx context.Context, at int64, from, id string) ([]place, error) {
	var due []place
	add := func(query string, args ...any) error {
		rows, err := s.db.SQL().QueryContext(ctx, query, args...)
		return each(rows, err, func(scan func(...any) error) error {
			var p place
			err := scan(&p.desk, &p.id)
			due = append(due, p)
			return err
		})
	}
	if err := add(dueDigests, at, from, id); err != nil {
		return nil, err
	}
	type end struct {
		desk string
		seq  int64
	}
	var ends []end
	rows, err := s.db.SQL().QueryContext(ctx, ledger, from)
	if err := each(rows, err, func(scan func(...any) error) error {
		var e end
		err := scan(&e.desk, &e.seq)
		ends = append(ends, e)
		return err
	}); err != nil {
		return nil, err
	}
	for _, e := range ends {
		if len(due) >= few {
			break
		}
		if err := add(dueWatches, at, from, id, e.desk, e.seq); err != nil {
			return nil, err
		}
	}
	return due, nil
}

// wake is the first time behind $1 that something waits for; $2 is no time.
const wake = `SELECT coalesce(min(at), 0) FROM (
	SELECT min(next_at) AS at FROM digest_subscriptions WHERE kind = 'digest' AND ended_at = 0 AND next_at > $1 AND next_at < $2
	UNION ALL SELECT min(next_at) FROM digest_subscriptions WHERE kind = 'watch' AND ended_at = 0 AND next_at > $1 AND next_at < $2
	UNION ALL SELECT min(not_before) FROM digest_deliveries WHERE ended = 0 AND not_before > $1
	UNION ALL SELECT min(leased_until) FROM digest_deliveries WHERE ended = 0 AND leased_until > $1) AS times`

// Wake returns the earliest time behind now that something waits for.
func (s *Store) Wake(ctx context.Context, now time.Time) (time.Time, error) {
	var at int64
	err := s.db.SQL().QueryRowContext(ctx, wake, micros(now), micros(digest.Forever)).Scan(&at)
	return timeOf(at), s.explain("read", err)
}

// Plan takes steps, a portion a transaction. Where an earlier portion stands and a later one fails, what was taken is told too.
func (s *Store) Plan(ctx context.Context, now time.Time, steps []digest.Step) ([]bool, error) {
	taken := make([]bool, len(steps))
	for from := 0; from < len(steps); from += portion {
		p := planner{Store: s, now: now, steps: steps[from:min(from+portion, len(steps))]}
		if err := s.write(ctx, topic, func(tx *sql.Tx, again bool) error { return p.run(ctx, tx, again) }); err != nil {
			return taken, err
		}
		copy(taken[from:], p.taken)
	}
	return taken, nil
}

// A planner takes steps in one transaction.
type planner struct {
	*Store
	now   time.Time
	steps []digest.Step

	subscriptions map[string]*planned
	deliveries    map[name]string // their ids
	taken         []bool
	added         [][]any
}

// planned is a subscription as far as planning looks at it.
type planned struct {
	platform     string
	cursor, next int64
	steps        int // that were taken
}

type name struct{ subscription, name string }

func (p *planner) run(ctx context.Context, tx *sql.Tx, again bool) error {
	p.subscriptions, p.deliveries, p.taken, p.added = map[string]*planned{}, map[name]string{}, make([]bool, len(p.steps)), nil
	if err := p.lock(ctx, tx); err != nil {
		return err
	}
	if err := p.find(ctx, tx); err != nil {
		return err
	}
	for i := range p.steps {
		taken, err := p.take(&p.steps[i], again)
		if err != nil {
			return err
		}
		p.taken[i] = taken
	}
	return p.keep(ctx, tx)
}

// lock locks the subscriptions that may be planned, in one order for all planners, so that no two wait for each other in a circle.
func (p *planner) lock(ctx context.Context, tx *sql.Tx) error {
	ids := make([]string, len(p.steps))
	for i := range p.steps {
		ids[i] = p.steps[i].Subscription
	}
	these, err := listOf(ids)
	if err != nil {
		return err
	}
	rows, err := tx.QueryContext(ctx, p.among(lockPlanned)+locked[p.db.Dialect()], these, micros(p.now))
	return each(rows, err, func(scan func(...any) error) error {
		var id string
		var to digest.Subscription
		var s planned
		err := scan(&id, &to.To, &s.cursor, &s.next)
		s.platform = to.To.Platform()
		p.subscriptions[id] = &s
		return err
	})
}

const lockPlanned = `SELECT id, address, cursor, next_at FROM digest_subscriptions
	WHERE id IN %s AND ended_at = 0 AND paused_until <= $2 ORDER BY id`

// find finds deliveries of the names that would be planned.
func (p *planner) find(ctx context.Context, tx *sql.Tx) error {
	var names [][2]string
	for i := range p.steps {
		if d := p.steps[i].Delivery; d != nil {
			names = append(names, [2]string{plain(p.steps[i].Subscription), plain(d.Name)})
		}
	}
	if len(names) == 0 {
		return nil
	}
	there, err := p.named(ctx, tx, names)
	if err == nil {
		p.deliveries = there
	}
	return err
}

// named returns the ids of the deliveries that are there by subscriptions and names.
func (s *Store) named(ctx context.Context, tx *sql.Tx, names [][2]string) (map[name]string, error) {
	these, err := list(names)
	if err != nil {
		return nil, err
	}
	there := map[name]string{}
	rows, err := tx.QueryContext(ctx, s.findNamed(), these)
	return there, each(rows, err, func(scan func(...any) error) error {
		var n name
		var id string
		err := scan(&n.subscription, &n.name, &id)
		there[n] = id
		return err
	})
}

// take takes a step, and reports whether it is taken. A delivery that is there by its own id was planned by a call whose commit was
// lost. A step without one leaves nothing to know it by: it counts as taken where this call may have taken it.
func (p *planner) take(step *digest.Step, again bool) (bool, error) {
	d, id := step.Delivery, plain(step.Subscription)
	if d != nil {
		if there, found := p.deliveries[name{id, plain(d.Name)}]; found {
			return there == plain(d.ID), nil
		}
	}
	s := p.subscriptions[id]
	switch {
	case s == nil:
		return false, nil
	case s.cursor != step.From || s.next != micros(step.Was):
		return again && d == nil && s.cursor == step.To && s.next == micros(step.Next), nil
	}
	s.cursor, s.next = step.To, micros(step.Next)
	s.steps++
	if d == nil {
		return true, nil
	}
	row, err := deliveryValues(d, id, s.platform)
	p.deliveries[name{id, plain(d.Name)}], p.added = plain(d.ID), append(p.added, row)
	return err == nil, err
}

// The fields of a name, of a subscription that moves on, and of a delivery that is added.
var (
	named = []field{{name: "of"}, {name: "named"}}
	moved = []field{{name: "this"}, {"moved_to", true}, {"then_at", true}, {"steps", true}}
	added = []field{
		{name: "id"},
		{name: "subscription"},
		{name: "name"},
		{name: "platform"},
		{name: "lane"},
		{"after_seq", true},
		{"up_to", true},
		{"due", true},
		{name: "state"},
		{"not_before", true},
		{"attempt", true},
		{"tried_at", true},
		{"parts", true},
		{name: "message"},
		{"doubted", true},
		{name: "reason"},
		{"done_at", true},
		{"ended", true},
		{name: "letter"},
	}
)

// keep writes what was taken.
func (p *planner) keep(ctx context.Context, tx *sql.Tx) error {
	var moves [][]any
	for _, id := range slices.SortedFunc(maps.Keys(p.subscriptions), cmp.Compare[string]) {
		if s := p.subscriptions[id]; s.steps > 0 {
			moves = append(moves, []any{id, s.cursor, s.next, s.steps})
		}
	}
	if len(moves) == 0 {
		return errNothing
	}
	these, err := list(moves)
	if err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, p.moveOn(), these); err != nil || len(p.added) == 0 {
		return err
	}
	if these, err = list(p.added); err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, p.addDeliveries(), these)
	return err
}

// The statements that take a list of rows. SQLite takes a CROSS JOIN in the order that it is written in.
func (s *Store) findNamed() string {
	return "SELECT d.subscription, d.name, d.id FROM (" + s.rows(named) + `) AS r
		CROSS JOIN digest_deliveries d WHERE d.subscription = r.of AND d.name = r.named`
}

func (s *Store) addDeliveries() string {
	return `INSERT INTO digest_deliveries (id, subscription, name, platform, lane, after_seq, up_to, due, state, not_before, attempt,
		tried_at, parts, message, doubted, reason, done_at, ended, letter, owner, leased_until) SELECT r.*, '', 0 FROM (` + s.rows(added) + ") AS r"
}

func (s *Store) moveOn() string {
	return `UPDATE digest_subscriptions SET cursor = r.moved_to, next_at = r.then_at, version = version + r.steps
		FROM (` + s.rows(moved) + ") AS r WHERE id = r.this"
}
