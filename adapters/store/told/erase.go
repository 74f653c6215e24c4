package told

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"stancebot/adapters/store"
	"stancebot/bot/told"
	"stancebot/knowledge"
)

// portion is how many tellings, and how many replies, one transaction of an erasure takes, so that others get their turn between.
const portion = 1000

// What is erased. An index of places, or of the replies that tellings name, would cost every telling more than it saves those that
// rarely are forgotten: they are found by reading all. What is old is found without.
var (
	old = erasure{
		tellings: deletion("told", "id", "id < $1", "id"),
		replies:  deletion("told_replies", "desk, hash", "until < $1", "until"),
	}
	forgotten = erasure{
		tellings: deletion("told", "id", "desk = $1 AND (place = $2 OR substr(place, 1, length(CAST($3 AS TEXT))) = $3)", "id"),
		replies: fmt.Sprintf(`DELETE FROM told_replies WHERE desk = $1 AND hash IN
			(SELECT hash FROM told_replies WHERE desk = $1 EXCEPT SELECT reply FROM told WHERE desk = $1 LIMIT %d)`, portion),
	}
)

// An erasure is the statements that erase a portion of tellings, and of the replies that may go when all those tellings are gone.
type erasure struct{ tellings, replies string }

// deletion is the statement that deletes the first portion of what the condition holds for.
func deletion(table, key, condition, order string) string {
	return fmt.Sprintf("DELETE FROM %s WHERE (%s) IN (SELECT %[2]s FROM %[1]s WHERE %[3]s ORDER BY %[4]s LIMIT %[5]d)",
		table, key, condition, order, portion)
}

// Erase erases what any desk told before a time. A reply goes when no telling of it can be later.
func (s *Store) Erase(ctx context.Context, before time.Time) (int, error) {
	return s.erase(ctx, old, []any{stamp(before)}, []any{micros(before)})
}

// Forget erases what a desk told in a place and in all that the place holds, and the desk's replies that no telling names any more.
func (s *Store) Forget(ctx context.Context, desk knowledge.DeskID, place told.Place) (int, error) {
	name := plain(string(place))
	return s.erase(ctx, forgotten, []any{string(desk), name, name + ":"}, []any{string(desk)})
}

// erase erases portion by portion: tellings, and with the last of them the replies.
func (s *Store) erase(ctx context.Context, e erasure, tellings, replies []any) (int, error) {
	total := 0
	for {
		var told, said int
		err := s.db.Write(ctx, topic, func(tx *sql.Tx) (err error) {
			told, said, err = s.erasePortion(ctx, tx, e, tellings, replies)
			return err
		})
		if err != nil {
			return total, s.explain("erase", err)
		}
		total += told
		if told < portion && said < portion {
			return total, nil
		}
	}
}

// erasePortion erases a portion, and returns how many tellings and replies it had. No reply goes while a telling of it stands: the
// tellings went before it, and nobody keeps others meanwhile.
func (s *Store) erasePortion(ctx context.Context, tx *sql.Tx, e erasure, tellings, replies []any) (told, said int, err error) {
	if err := s.lock(ctx, tx, "EXCLUSIVE"); err != nil {
		return 0, 0, err
	}
	if told, err = affected(tx.ExecContext(ctx, e.tellings, tellings...)); err != nil || told == portion {
		return told, 0, err
	}
	if said, err = affected(tx.ExecContext(ctx, e.replies, replies...)); err != nil || said == 0 {
		return told, 0, err
	}
	_, err = tx.ExecContext(ctx, "INSERT INTO told_erasures (one, count) VALUES (1, 1) ON CONFLICT (one) DO UPDATE SET count = told_erasures.count + 1")
	return told, said, err
}

func affected(result sql.Result, err error) (int, error) {
	if err != nil {
		return 0, err
	}
	n, err := result.RowsAffected()
	return int(n), err
}

// lock locks the count of erasures until the end of the transaction: those that keep share it, one that erases has it alone. SQLite
// has one writer at a time as it is.
func (s *Store) lock(ctx context.Context, tx *sql.Tx, mode string) error {
	if s.db.Dialect() == store.SQLite {
		return nil
	}
	_, err := tx.ExecContext(ctx, "LOCK TABLE told_erasures IN "+mode+" MODE")
	return err
}
