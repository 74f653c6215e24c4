package inbox

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
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

// Put records an event unless one of its keys is known, as inbox.Store says. Where the connection was lost at the commit it
// looks what stands.
func (s *Store) Put(ctx context.Context, e inbox.Event, l inbox.Lease) (bool, error) {
	var lost error // of an earlier try whose outcome is not known
	for {
		var fresh bool
		err := s.db.Write(ctx, topic, func(tx *sql.Tx) (err error) {
			fresh, err = put(ctx, tx, e, l)
			return err
		})
		if !errors.Is(err, store.ErrUncertain) || ctx.Err() != nil {
			if err != nil {
				err = errors.Join(lost, err)
			}
			return fresh && err == nil, s.explain("write", err)
		}
		lost = err
	}
}

func put(ctx context.Context, tx *sql.Tx, e inbox.Event, l inbox.Lease) (fresh bool, err error) {
	added, others, err := addKeys(ctx, tx, e)
	switch {
	case err != nil || others:
		return false, err
	case added:
		_, err = tx.ExecContext(ctx, `INSERT INTO inbox_events (id, platform, queue, at, body, attempt, owner, leased_until)
			VALUES ($1, $2, $3, $4, $5, 1, $6, $7)`, e.ID, e.Platform, []byte(e.Queue), e.At.UnixMicro(), bytes(e.Body), l.Owner, micros(l.Until))
		return true, err
	}
	err = tx.QueryRowContext(ctx, "SELECT EXISTS (SELECT 1 FROM inbox_events WHERE id = $1 AND owner = $2)", e.ID, l.Owner).Scan(&fresh)
	return fresh, err
}

// addKeys adds the keys of an event, and reports whether there were some to add, and whether others were another event's. Their
// order is the same for all, so that no two wait for each other in a circle.
func addKeys(ctx context.Context, tx *sql.Tx, e inbox.Event) (added, others bool, err error) {
	for _, key := range slices.Sorted(slices.Values(e.Keys)) {
		result, err := tx.ExecContext(ctx, "INSERT INTO inbox_keys (platform, name, event, at) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING",
			e.Platform, []byte(key), e.ID, e.At.UnixMicro())
		if err != nil {
			return false, false, err
		}
		n, err := result.RowsAffected()
		if err != nil {
			return false, false, err
		}
		if n > 0 {
			added = true
			continue
		}
		var another bool
		if err := tx.QueryRowContext(ctx, "SELECT EXISTS (SELECT 1 FROM inbox_keys WHERE platform = $1 AND name = $2 AND event <> $3)",
			e.Platform, []byte(key), e.ID).Scan(&another); err != nil {
			return false, false, err
		}
		others = others || another
	}
	return added, others, nil
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
		defer rows.Close()
		for rows.Next() {
			var id string
			if err := rows.Scan(&id); err != nil {
				return err
			}
			held = append(held, id)
		}
		return rows.Err()
	})
	if err != nil {
		return nil, s.explain("renew the lease of", err)
	}
	return held, nil
}

// Done erases events that were worked, and keeps their keys.
func (s *Store) Done(ctx context.Context, events []inbox.Event) error {
	ids := make([]string, len(events))
	for i, e := range events {
		ids[i] = e.ID
	}
	list, err := json.Marshal(ids)
	if err != nil {
		return fmt.Errorf("inbox: %w", err)
	}
	return s.explain("write", s.db.Write(ctx, topic, func(tx *sql.Tx) error {
		for _, e := range events {
			if _, _, err := addKeys(ctx, tx, e); err != nil {
				return err
			}
		}
		_, err := tx.ExecContext(ctx, s.among("DELETE FROM inbox_events WHERE %s"), string(list))
		return err
	}))
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
