package told

import (
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
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
		var written []key
		err := s.write(ctx, func(tx *sql.Tx) (err error) {
			if written, err = s.insertReplies(ctx, tx, tellings); err == nil {
				err = s.insertTellings(ctx, tx, ids, tellings)
			}
			return err
		})
		if err == nil {
			s.known.add(written)
			return nil
		}
		if !errors.Is(err, store.ErrUncertain) || ctx.Err() != nil {
			return s.explain("write", errors.Join(lost, err))
		}
		lost = err
	}
}

// idsOf gives each telling an id: those of one batch keep their order, and no two batches meet.
func idsOf(tellings []told.Told) []string {
	batch := rand.Text()[:13] // of 64 bits
	ids := make([]string, len(tellings))
	for i, t := range tellings {
		ids[i] = fmt.Sprintf("%s-%s-%04x", stamp(t.At), batch, i)
	}
	return ids
}

// insertReplies inserts the replies of tellings that are not known, in one order for all writers, so that no two wait for each
// other in a circle, and returns which.
func (s *Store) insertReplies(ctx context.Context, tx *sql.Tx, tellings []told.Told) ([]key, error) {
	lacking := s.known.lacks(tellings)
	if len(lacking) == 0 {
		return nil, nil
	}
	values := each[s.db.Dialect()]
	var insert [3]*sql.Stmt
	for i, text := range []string{
		`INSERT INTO told_replies (desk, hash, language, intent, countries, receipts, text) VALUES ($1, $2, $3, $4, $5, $6, $7)
			ON CONFLICT (desk, hash) DO NOTHING`,
		"INSERT INTO told_countries (desk, reply, country) SELECT $1, $2, value FROM " + values + " WHERE true ON CONFLICT DO NOTHING",
		"INSERT INTO told_receipts (desk, reply, receipt) SELECT $1, $2, value FROM " + values + " WHERE true ON CONFLICT DO NOTHING",
	} {
		statement, err := tx.PrepareContext(ctx, text)
		if err != nil {
			return nil, err
		}
		defer statement.Close() //nolint:errcheck,gocritic // three at most, and they end with the transaction
		insert[i] = statement
	}
	names := slices.SortedFunc(maps.Keys(lacking), compareKeys)
	for _, name := range names {
		if err := insertReply(ctx, insert, name, lacking[name]); err != nil {
			return nil, err
		}
	}
	return names, nil
}

// each is the text that makes rows out of the list $3, and names them value.
var each = map[store.Dialect]string{
	store.SQLite:     "json_each(nullif($3, ''))",
	store.PostgreSQL: "json_array_elements_text(CAST(nullif($3, '') AS json)) AS each (value)",
}

// insertReply inserts a reply, its countries and its receipts, unless another process has.
func insertReply(ctx context.Context, insert [3]*sql.Stmt, name key, r *told.Reply) error {
	countries, errCountries := list(r.Countries)
	receipts, errReceipts := list(r.Receipts)
	if err := errors.Join(errCountries, errReceipts); err != nil {
		return err
	}
	result, err := insert[0].ExecContext(ctx, name.desk, name.hash[:], plain(r.Language), plain(string(r.Intent)), countries, receipts, []byte(r.Text))
	if err != nil {
		return err
	}
	if n, err := result.RowsAffected(); n == 0 {
		return err
	}
	if _, err = insert[1].ExecContext(ctx, name.desk, name.hash[:], countries); err == nil {
		_, err = insert[2].ExecContext(ctx, name.desk, name.hash[:], receipts)
	}
	return err
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

// insertTellings inserts tellings of replies that stand, many with one statement.
func (s *Store) insertTellings(ctx context.Context, tx *sql.Tx, ids []string, tellings []told.Told) error {
	values := valuesOf(ids, tellings)
	full := len(values) - len(values)%(atOnce*columns)
	if full > 0 {
		insert, err := tx.PrepareContext(ctx, s.insertion(atOnce))
		if err != nil {
			return err
		}
		defer insert.Close() //nolint:errcheck // it ends with the transaction
		for from := 0; from < full; from += atOnce * columns {
			if _, err := insert.ExecContext(ctx, values[from:from+atOnce*columns]...); err != nil {
				return err
			}
		}
	}
	if rest := values[full:]; len(rest) > 0 {
		_, err := tx.ExecContext(ctx, s.insertion(len(rest)/columns), rest...)
		return err
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
func (s *Store) insertion(n int) string {
	rows := make([]string, n)
	for i := range rows {
		marks := make([]string, columns)
		for k := range marks {
			marks[k] = s.mark(i*columns + k + 1)
		}
		rows[i] = "(" + strings.Join(marks, ", ") + ")"
	}
	return "INSERT INTO told (desk, id, at, place, message, private, seq, reply) VALUES " + strings.Join(rows, ", ") +
		" ON CONFLICT (id) DO NOTHING"
}

// mark stands for the n-th value of a statement. SQLite searches the names of all, one by one, for each that has a number.
func (s *Store) mark(n int) string {
	if s.db.Dialect() == store.SQLite {
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
