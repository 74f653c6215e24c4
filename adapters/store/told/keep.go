package told

import (
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"strconv"
	"strings"

	"stancebot/adapters/store"
	"stancebot/bot/told"
)

// Keep keeps tellings, as told.Store says. Where the connection was lost at the commit it keeps those that do not stand.
func (s *Store) Keep(ctx context.Context, tellings []told.Told) error {
	if len(tellings) == 0 {
		return nil
	}
	ids := idsOf(tellings)
	var lost error // of an earlier try whose outcome is not known
	for {
		var erasures int64
		var written map[key]lack
		err := s.db.Write(ctx, topic, func(tx *sql.Tx) (err error) {
			if erasures, err = s.holdErasures(ctx, tx); err != nil {
				return err
			}
			written = s.known.lacks(erasures, tellings)
			if err := s.writeReplies(ctx, tx, written); err != nil {
				return err
			}
			return s.insertTellings(ctx, tx, ids, tellings)
		})
		if err == nil {
			s.known.add(erasures, written)
			return nil
		}
		if !errors.Is(err, store.ErrUncertain) || ctx.Err() != nil {
			return s.explain("write", errors.Join(lost, err))
		}
		lost = err
	}
}

// holdErasures holds erasures off until the end of the transaction, and returns how many there were: while it is the same, all that
// is known to stand does.
func (s *Store) holdErasures(ctx context.Context, tx *sql.Tx) (n int64, err error) {
	if err = s.lock(ctx, tx, "SHARE"); err == nil {
		err = tx.QueryRowContext(ctx, "SELECT coalesce(max(count), 0) FROM told_erasures").Scan(&n)
	}
	return n, err
}

// idsOf gives each telling an id: those of one batch keep their order, and no two batches meet.
func idsOf(tellings []told.Told) []string {
	batch := rand.Text()[:13] // of 64 bits
	ids := make([]string, len(tellings))
	for i, t := range tellings {
		ids[i] = stamp(t.At) + "-" + batch + "-" + hexed(int64(i), 4)
	}
	return ids
}

// writeReplies writes replies, in one order for all writers, so that no two wait for each other in a circle.
func (s *Store) writeReplies(ctx context.Context, tx *sql.Tx, lacking map[key]lack) error {
	if len(lacking) == 0 {
		return nil
	}
	values := each[s.db.Dialect()]
	var to writer
	for _, p := range []struct {
		statement **sql.Stmt
		text      string
	}{
		{&to.raise, raise},
		{&to.insert, `INSERT INTO told_replies (desk, hash, until, language, intent, command, countries, receipts, text)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
			ON CONFLICT (desk, hash) DO NOTHING`},
		{&to.countries, "INSERT INTO told_countries (desk, reply, country) SELECT $1, $2, value FROM " + values + " WHERE true ON CONFLICT DO NOTHING"},
		{&to.receipts, "INSERT INTO told_receipts (desk, reply, receipt) SELECT $1, $2, value FROM " + values + " WHERE true ON CONFLICT DO NOTHING"},
	} {
		statement, err := tx.PrepareContext(ctx, p.text)
		if err != nil {
			return err
		}
		defer statement.Close() //nolint:errcheck,gocritic // four at most, and they end with the transaction
		*p.statement = statement
	}
	for _, name := range slices.SortedFunc(maps.Keys(lacking), compareKeys) {
		if err := to.write(ctx, name, lacking[name]); err != nil {
			return err
		}
	}
	return nil
}

// each is the text that makes rows out of the list $3, and names them value.
var each = map[store.Dialect]string{
	store.SQLite:     "json_each(nullif($3, ''))",
	store.PostgreSQL: "json_array_elements_text(CAST(nullif($3, '') AS json)) AS each (value)",
}

const raise = "UPDATE told_replies SET until = $3 WHERE desk = $1 AND hash = $2 AND until < $3"

// A writer is the statements that write a reply.
type writer struct{ raise, insert, countries, receipts *sql.Stmt }

// write inserts a reply, its countries and its receipts; of one that stands, here or because another process was faster, it raises
// the time.
func (to *writer) write(ctx context.Context, name key, l lack) error {
	if !l.stands {
		if inserted, err := to.insertReply(ctx, name, l); inserted || err != nil {
			return err
		}
	}
	_, err := to.raise.ExecContext(ctx, name.desk, name.hash[:], l.until)
	return err
}

// insertReply inserts a reply that does not stand, and reports whether it was so.
func (to *writer) insertReply(ctx context.Context, name key, l lack) (bool, error) {
	r := l.reply
	countries, errCountries := list(r.Countries)
	receipts, errReceipts := list(r.Receipts)
	if err := errors.Join(errCountries, errReceipts); err != nil {
		return false, err
	}
	n, err := affected(to.insert.ExecContext(ctx, name.desk, name.hash[:], l.until, plain(r.Language), plain(string(r.Intent)), plain(r.Command),
		countries, receipts, []byte(r.Text)))
	if err != nil || n == 0 {
		return false, err
	}
	if _, err = to.countries.ExecContext(ctx, name.desk, name.hash[:], countries); err == nil {
		_, err = to.receipts.ExecContext(ctx, name.desk, name.hash[:], receipts)
	}
	return true, err
}

// list returns words as JSON, "" for none.
func list[S ~string](words []S) (string, error) {
	if len(words) == 0 {
		return "", nil
	}
	clean := make([]string, len(words))
	for i, w := range words {
		clean[i] = plain(string(w))
	}
	text, err := json.Marshal(clean)
	return string(text), err
}

const (
	atOnce  = 50 // tellings in one statement
	columns = 8  // of each
)

// insertTellings inserts tellings of replies that stand, many with one statement, which is the same for each that is full: a connection
// keeps it.
func (s *Store) insertTellings(ctx context.Context, tx *sql.Tx, ids []string, tellings []told.Told) error {
	for some := range slices.Chunk(valuesOf(ids, tellings), atOnce*columns) {
		insert := s.full
		if n := len(some) / columns; n < atOnce {
			insert = insertion(s.db.Dialect(), n)
		}
		if _, err := tx.ExecContext(ctx, insert, some...); err != nil {
			return err
		}
	}
	return nil
}

// valuesOf returns the columns of all tellings, one behind the other.
func valuesOf(ids []string, tellings []told.Told) []any {
	values := make([]any, 0, len(tellings)*columns)
	for i, t := range tellings {
		hash := t.Reply.Hash()
		values = append(values, string(t.Desk), ids[i], micros(t.At), plain(string(t.Place)), plain(t.Message), number(t.Private), t.Seq, hash[:])
	}
	return values
}

// insertion is the statement that inserts n tellings.
func insertion(dialect store.Dialect, n int) string {
	rows := make([]string, n)
	for i := range rows {
		marks := make([]string, columns)
		for k := range marks {
			marks[k] = mark(dialect, i*columns+k+1)
		}
		rows[i] = "(" + strings.Join(marks, ", ") + ")"
	}
	return "INSERT INTO told (desk, id, at, place, message, private, seq, reply) VALUES " + strings.Join(rows, ", ") +
		" ON CONFLICT (id) DO NOTHING"
}

// mark stands for the n-th value of a statement. SQLite searches the names of all, one by one, for each that has a number.
func mark(dialect store.Dialect, n int) string {
	if dialect == store.SQLite {
		return "?"
	}
	return "$" + strconv.Itoa(n)
}

// number is a truth as the tables hold it.
func number(b bool) int64 {
	if b {
		return 1
	}
	return 0
}
