package inbox

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"math/bits"
	"slices"
	"strconv"
	"strings"

	"stancebot/adapters/store"
	"stancebot/bot/inbox"
)

// mostRows is how many rows one statement inserts at most. A statement is one of a few, so that engines can keep them ready.
const mostRows = 64

// Statements by the engine and by how many rows they insert, which is a power of two.
var (
	insertEvents = inserts("INSERT INTO inbox_events (id, platform, queue, at, body, attempt, owner, leased_until) VALUES ", 8, "")
	insertKeys   = inserts("INSERT INTO inbox_keys (platform, name, event, at) VALUES ", 4, " ON CONFLICT DO NOTHING RETURNING event")
)

func inserts(begin string, columns int, end string) map[store.Dialect]map[int]string {
	return map[store.Dialect]map[int]string{
		store.PostgreSQL: insertsWith(func(n int) string { return "$" + strconv.Itoa(n) }, begin, columns, end),
		// SQLite searches the names of all values, one by one, for each that has a number.
		store.SQLite: insertsWith(func(int) string { return "?" }, begin, columns, end),
	}
}

func insertsWith(mark func(n int) string, begin string, columns int, end string) map[int]string {
	statements := map[int]string{}
	for rows := 1; rows <= mostRows; rows *= 2 {
		var text strings.Builder
		text.WriteString(begin)
		for i := range rows * columns {
			switch {
			case i == 0:
				text.WriteString("(")
			case i%columns == 0:
				text.WriteString("), (")
			default:
				text.WriteString(", ")
			}
			text.WriteString(mark(i + 1))
		}
		statements[rows] = text.String() + ")" + end
	}
	return statements
}

// inPortions calls f with one after the other of all, as many at a time as a statement inserts.
func inPortions[T any](all []T, f func([]T) error) error {
	for len(all) > 0 {
		n := min(mostRows, 1<<(bits.Len(uint(len(all)))-1))
		if err := f(all[:n]); err != nil {
			return err
		}
		all = all[n:]
	}
	return nil
}

// A key names events at a platform: one, and those that came again.
type key struct {
	platform, name string
	at             int64
	events         []string // ids of those that have it, in the order in which they came
}

// What addKeys learns, by the ids of events.
type keysAdded struct {
	added    map[string]int  // how many of its keys were
	anothers map[string]bool // one of its keys is another's
}

// addKeys adds the keys of events. Their order is the same for all, so that no two wait for each other in a circle.
func (s *Store) addKeys(ctx context.Context, tx *sql.Tx, events []inbox.Event) (keysAdded, error) {
	k := keysAdded{map[string]int{}, map[string]bool{}}
	err := inPortions(keysOf(events), func(keys []key) error {
		args := make([]any, 0, 4*len(keys))
		for _, key := range keys {
			args = append(args, key.platform, []byte(key.name), key.events[0], key.at)
		}
		rows, err := tx.QueryContext(ctx, insertKeys[s.db.Dialect()][len(keys)], args...)
		if err != nil {
			return err
		}
		inserted := map[string]int{}
		if err := eachText(rows, func(id string) { inserted[id]++; k.added[id]++ }); err != nil {
			return err
		}
		return k.lookUp(ctx, tx, keys, inserted)
	})
	return k, err
}

// lookUp learns whose keys are, of which so many were inserted for each event.
func (k *keysAdded) lookUp(ctx context.Context, tx *sql.Tx, keys []key, inserted map[string]int) error {
	for _, key := range keys {
		inserted[key.events[0]]--
	}
	for _, key := range keys {
		owner := key.events[0]
		if inserted[owner] < 0 { // one of its keys was there
			err := tx.QueryRowContext(ctx, "SELECT event FROM inbox_keys WHERE platform = $1 AND name = $2", key.platform, []byte(key.name)).Scan(&owner)
			if errors.Is(err, sql.ErrNoRows) {
				continue // erased since: it was too old to matter
			}
			if err != nil {
				return err
			}
		}
		for _, id := range key.events {
			if id != owner {
				k.anothers[id] = true
			}
		}
	}
	return nil
}

// keysOf returns the keys of events, each once, in order.
func keysOf(events []inbox.Event) []key {
	var keys []key
	for _, e := range events {
		for _, name := range e.Keys {
			keys = append(keys, key{e.Platform, name, e.At.UnixMicro(), []string{e.ID}})
		}
	}
	slices.SortStableFunc(keys, func(a, b key) int {
		return cmp.Or(cmp.Compare(a.platform, b.platform), cmp.Compare(a.name, b.name))
	})
	some := keys[:0]
	for _, k := range keys {
		if last := len(some) - 1; last >= 0 && some[last].platform == k.platform && some[last].name == k.name {
			some[last].events = append(some[last].events, k.events...)
			continue
		}
		some = append(some, k)
	}
	return some
}
