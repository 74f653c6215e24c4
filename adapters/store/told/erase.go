package told

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"slices"
	"time"

	"stancebot/bot/told"
	"stancebot/knowledge"
)

// portion is how many tellings one transaction of an erasure takes, so that others get their turn between.
const portion = 1000

// What is erased. An index of places would cost every telling more than it saves those that rarely are forgotten: they are found by
// reading all in order, for which SQLite must not see that told_reply begins with the desk, too.
const (
	before = "id < $1"
	within = "desk || '' = $1 AND (place = $2 OR substr(place, 1, length(CAST($3 AS TEXT))) = $3)"
)

// Erase erases what any desk told before a time.
func (s *Store) Erase(ctx context.Context, until time.Time) (int, error) {
	return s.erase(ctx, before, stamp(until))
}

// Forget erases what a desk told in a place and in all that the place holds.
func (s *Store) Forget(ctx context.Context, desk knowledge.DeskID, place told.Place) (int, error) {
	name := plain(string(place))
	return s.erase(ctx, within, desk, name, name+":")
}

// erase erases the tellings that the condition holds for, portion by portion, and with them the replies that they were the last of.
func (s *Store) erase(ctx context.Context, condition string, args ...any) (int, error) {
	query := erasure(condition)
	total := 0
	for {
		var n int
		err := s.write(ctx, func(tx *sql.Tx) error {
			replies, err := eraseTellings(ctx, tx, query, args)
			if err != nil {
				return err
			}
			n = len(replies)
			return eraseUntold(ctx, tx, replies)
		})
		if err != nil {
			return total, s.explain("erase", err)
		}
		total += n
		if n < portion {
			return total, nil
		}
	}
}

// erasure is the statement that erases the oldest portion of what the condition holds for.
func erasure(condition string) string {
	return fmt.Sprintf("DELETE FROM told WHERE id IN (SELECT id FROM told WHERE %s ORDER BY id LIMIT %d) RETURNING desk, reply", condition, portion)
}

// A reference is how a telling names its reply.
type reference struct{ desk, hash string }

// eraseTellings erases tellings, and returns what each named.
func eraseTellings(ctx context.Context, tx *sql.Tx, query string, args []any) ([]reference, error) {
	rows, err := tx.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var replies []reference
	for rows.Next() {
		var r reference
		if err := rows.Scan(&r.desk, &r.hash); err != nil {
			return nil, err
		}
		replies = append(replies, r)
	}
	return replies, rows.Err()
}

const untold = "DELETE FROM told_replies WHERE desk = $1 AND hash = $2 AND NOT EXISTS (SELECT 1 FROM told WHERE desk = $1 AND reply = $2)"

// eraseUntold erases those replies that no telling names any more, in one order for all writers.
func eraseUntold(ctx context.Context, tx *sql.Tx, replies []reference) error {
	slices.SortFunc(replies, func(a, b reference) int { return cmp.Or(cmp.Compare(a.desk, b.desk), cmp.Compare(a.hash, b.hash)) })
	statement, err := tx.PrepareContext(ctx, untold)
	if err != nil {
		return err
	}
	defer statement.Close() //nolint:errcheck // it ends with the transaction
	for _, r := range slices.Compact(replies) {
		if _, err := statement.ExecContext(ctx, r.desk, []byte(r.hash)); err != nil {
			return err
		}
	}
	return nil
}
