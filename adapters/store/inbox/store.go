package inbox

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"stancebot/adapters/store"
	"stancebot/bot/inbox"
)

// topic is what changes of the inbox are announced under. Nobody waits for them.
const topic = "inbox"

// A Store keeps events in a database.
type Store struct{ db *store.DB }

var _ inbox.Store = (*Store)(nil)

// New returns the store of events in a database.
func New(db *store.DB) *Store { return &Store{db} }

func (s *Store) explain(doing string, err error) error {
	return s.db.Explain(doing+" events in", err)
}

// Write erases what was worked and puts what came, as inbox.Store says. Where the connection was lost at the commit it looks
// what stands.
func (s *Store) Write(ctx context.Context, came []inbox.Event, l inbox.Lease, worked []inbox.Event) ([]bool, error) {
	if len(came)+len(worked) == 0 {
		return nil, nil
	}
	var lost error // of an earlier try whose outcome is not known
	for {
		var fresh []bool
		err := s.db.Write(ctx, topic, func(tx *sql.Tx) (err error) {
			fresh, err = s.write(ctx, tx, came, l, worked)
			return err
		})
		switch {
		case err == nil:
			return fresh, nil
		case !errors.Is(err, store.ErrUncertain) || ctx.Err() != nil:
			return nil, s.explain("write", errors.Join(lost, err))
		}
		lost = err
	}
}

func (s *Store) write(ctx context.Context, tx *sql.Tx, came []inbox.Event, l inbox.Lease, worked []inbox.Event) ([]bool, error) {
	k, err := s.addKeys(ctx, tx, slices.Concat(worked, came))
	if err != nil {
		return nil, err
	}
	if err := s.erase(ctx, tx, worked); err != nil {
		return nil, err
	}
	var added []inbox.Event
	before := map[string]bool{} // by id: whose keys were there
	for _, e := range came {
		switch {
		case k.anothers[e.ID]:
		case k.added[e.ID] > 0:
			added = append(added, e)
		default:
			before[e.ID] = true
		}
	}
	if err := s.putRows(ctx, tx, added, l); err != nil {
		return nil, err
	}
	held, err := s.held(ctx, tx, slices.Sorted(maps.Keys(before)), l.Owner)
	if err != nil {
		return nil, err
	}
	fresh := make([]bool, len(came))
	for i, e := range came {
		fresh[i] = !k.anothers[e.ID] && (!before[e.ID] || held[e.ID])
	}
	return fresh, nil
}

func (s *Store) erase(ctx context.Context, tx *sql.Tx, events []inbox.Event) error {
	if len(events) == 0 {
		return nil
	}
	ids := make([]string, len(events))
	for i, e := range events {
		ids[i] = e.ID
	}
	list, err := json.Marshal(ids)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, s.among("DELETE FROM inbox_events WHERE %s"), string(list))
	return err
}

// held returns which events are an owner's.
func (s *Store) held(ctx context.Context, tx *sql.Tx, ids []string, owner string) (map[string]bool, error) {
	held := map[string]bool{}
	if len(ids) == 0 {
		return held, nil
	}
	list, err := json.Marshal(ids)
	if err != nil {
		return nil, err
	}
	rows, err := tx.QueryContext(ctx, s.among("SELECT id FROM inbox_events WHERE %s AND owner = $2"), string(list), owner)
	if err != nil {
		return nil, err
	}
	return held, eachText(rows, func(id string) { held[id] = true })
}

// eachText calls f with each row of one text.
func eachText(rows *sql.Rows, f func(string)) error {
	defer rows.Close()
	for rows.Next() {
		var text string
		if err := rows.Scan(&text); err != nil {
			return err
		}
		f(text)
	}
	return rows.Err()
}

func (s *Store) putRows(ctx context.Context, tx *sql.Tx, events []inbox.Event, l inbox.Lease) error {
	return inPortions(events, func(some []inbox.Event) error {
		args := make([]any, 0, 8*len(some))
		for _, e := range some {
			args = append(args, e.ID, e.Platform, []byte(e.Queue), e.At.UnixMicro(), bytes(e.Body), 1, l.Owner, micros(l.Until))
		}
		_, err := tx.ExecContext(ctx, insertEvents[s.db.Dialect()][len(some)], args...)
		return err
	})
}

// bytes returns no body as an empty one, which is not NULL.
func bytes(body []byte) []byte {
	if body == nil {
		return []byte{}
	}
	return body
}

// micros returns a time as the tables hold it, the zero time as 0.
func micros(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMicro()
}

// unlocked lets several claim side by side where the engine has several writers.
var unlocked = map[store.Dialect]string{store.PostgreSQL: "FOR UPDATE SKIP LOCKED"}

// Claim leases events whose lease has ended.
func (s *Store) Claim(ctx context.Context, platform string, now time.Time, l inbox.Lease, limit int) ([]inbox.Event, error) {
	//nolint:gosec // the text for the engine is one of this file
	query := fmt.Sprintf(`WITH due AS MATERIALIZED (
			SELECT id FROM inbox_events WHERE platform = $1 AND leased_until <= $2 ORDER BY id LIMIT $3 %s)
		UPDATE inbox_events SET owner = $4, leased_until = $5, attempt = attempt + CASE WHEN leased_until = 0 THEN 0 ELSE 1 END
		WHERE id IN (SELECT id FROM due) RETURNING id, platform, queue, at, body, attempt`, unlocked[s.db.Dialect()])
	var events []inbox.Event
	err := s.db.Write(ctx, topic, func(tx *sql.Tx) error {
		rows, err := tx.QueryContext(ctx, query, platform, now.UnixMicro(), limit, l.Owner, micros(l.Until))
		if err != nil {
			return err
		}
		events, err = scan(rows)
		return err
	})
	if err != nil {
		return nil, s.explain("claim", err)
	}
	slices.SortFunc(events, func(a, b inbox.Event) int { return cmp.Compare(a.ID, b.ID) })
	return events, nil
}

func scan(rows *sql.Rows) ([]inbox.Event, error) {
	defer rows.Close()
	var events []inbox.Event
	for rows.Next() {
		var e inbox.Event
		var queue []byte
		var at int64
		if err := rows.Scan(&e.ID, &e.Platform, &queue, &at, &e.Body, &e.Attempt); err != nil {
			return nil, err
		}
		e.Queue, e.At = string(queue), time.UnixMicro(at).UTC()
		events = append(events, e)
	}
	return events, rows.Err()
}

// each is the text that makes rows out of the list $1, and names them value.
var each = map[store.Dialect]string{
	store.SQLite:     "json_each($1)",
	store.PostgreSQL: "json_array_elements_text(CAST($1 AS json)) AS each (value)",
}

// among completes a statement, in which %s stands for the condition that an id is in the list $1.
func (s *Store) among(statement string) string {
	return fmt.Sprintf(statement, "id IN (SELECT value FROM "+each[s.db.Dialect()]+")")
}

// Renew renews the owner's leases, or gives them back.
func (s *Store) Renew(ctx context.Context, ids []string, l inbox.Lease) ([]string, error) {
	list, err := json.Marshal(ids)
	if err != nil {
		return nil, fmt.Errorf("inbox: %w", err)
	}
	query := s.among("UPDATE inbox_events SET leased_until = $2 WHERE %s AND owner = $3 RETURNING id")
	var held []string
	err = s.db.Write(ctx, topic, func(tx *sql.Tx) error {
		held = held[:0]
		rows, err := tx.QueryContext(ctx, query, string(list), micros(l.Until), l.Owner)
		if err != nil {
			return err
		}
		return eachText(rows, func(id string) { held = append(held, id) })
	})
	if err != nil {
		return nil, s.explain("renew the lease of", err)
	}
	return held, nil
}

// portion is how many keys one transaction of Erase takes, so that others get their turn between.
const portion = 1000

// Erase erases the keys that came before a time, and the events that nobody has held since.
func (s *Store) Erase(ctx context.Context, before time.Time) (int, error) {
	at := before.UnixMicro()
	if err := s.db.Write(ctx, topic, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, "DELETE FROM inbox_events WHERE at < $1 AND leased_until < $2", at, at)
		return err
	}); err != nil {
		return 0, s.explain("erase", err)
	}
	total := 0
	for {
		var n int64
		err := s.db.Write(ctx, topic, func(tx *sql.Tx) error {
			result, err := tx.ExecContext(ctx, `DELETE FROM inbox_keys WHERE (platform, name) IN (SELECT platform, name FROM inbox_keys AS k
				WHERE at < $1 AND NOT EXISTS (SELECT 1 FROM inbox_events AS e WHERE e.id = k.event) LIMIT $2)`, at, portion)
			if err != nil {
				return err
			}
			n, err = result.RowsAffected()
			return err
		})
		if err != nil {
			return total, s.explain("erase", err)
		}
		total += int(n)
		if n < portion {
			return total, nil
		}
	}
}
