package told

import (
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"stancebot/adapters/store"
	"stancebot/bot/told"
	"stancebot/knowledge"
)

// topic is what changes of what was told are announced under. Nobody waits for them.
const topic = "told"

// A Store keeps what was told in a database.
type Store struct{ db *store.DB }

var _ told.Store = (*Store)(nil)

// New returns the store of what was told in a database.
func New(db *store.DB) *Store { return &Store{db} }

// A row is a reply as the tables hold it.
type row struct {
	told.Told
	id                  string
	countries, receipts string // JSON
}

// Keep keeps replies, as told.Store says. Where the connection was lost at the commit it keeps those that do not stand.
func (s *Store) Keep(ctx context.Context, replies []told.Told) error {
	rows, err := rowsOf(replies)
	if err != nil || len(rows) == 0 {
		return err
	}
	var lost error // of an earlier try whose outcome is not known
	for {
		err := s.db.Write(ctx, topic, func(tx *sql.Tx) error { return s.insert(ctx, tx, rows) })
		if !errors.Is(err, store.ErrUncertain) || ctx.Err() != nil {
			if err != nil {
				err = errors.Join(lost, err)
			}
			return s.explain("write", err)
		}
		lost = err
	}
}

func (s *Store) explain(doing string, err error) error {
	return s.db.Explain(doing+" what was told in", err)
}

// rowsOf gives each reply an id: those of one batch keep their order, and no two batches meet.
func rowsOf(replies []told.Told) ([]row, error) {
	batch := rand.Text()
	rows := make([]row, len(replies))
	for i, t := range replies {
		r := row{Told: t, id: fmt.Sprintf("%016x-%s-%04x", micros(t.At), batch, i)}
		var errCountries, errReceipts error
		r.countries, errCountries = list(t.Countries)
		r.receipts, errReceipts = list(t.Receipts)
		if err := errors.Join(errCountries, errReceipts); err != nil {
			return nil, fmt.Errorf("told: %w", err)
		}
		rows[i] = r
	}
	return rows, nil
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

func words[S ~string](list string) ([]S, error) {
	if list == "" {
		return nil, nil
	}
	var all []S
	err := json.Unmarshal([]byte(list), &all)
	return all, err
}

func micros(t time.Time) int64 { return t.UnixMicro() }

// each is the text that makes rows out of the list $3, and names them value.
var each = map[store.Dialect]string{
	store.SQLite:     "json_each($3)",
	store.PostgreSQL: "json_array_elements_text(CAST($3 AS json)) AS each (value)",
}

func (s *Store) insert(ctx context.Context, tx *sql.Tx, rows []row) error {
	values := each[s.db.Dialect()]
	var statements [3]*sql.Stmt
	for i, text := range []string{
		`INSERT INTO told (desk, id, at, place, message, private, language, intent, countries, receipts, seq, text)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) ON CONFLICT (id) DO NOTHING`,
		"INSERT INTO told_countries (desk, told_id, country) SELECT $1, $2, value FROM " + values + " WHERE true ON CONFLICT DO NOTHING",
		"INSERT INTO told_receipts (desk, told_id, receipt) SELECT $1, $2, value FROM " + values + " WHERE true ON CONFLICT DO NOTHING",
	} {
		statement, err := tx.PrepareContext(ctx, text)
		if err != nil {
			return err
		}
		defer statement.Close() //nolint:errcheck,gocritic // three at most, and they end with the transaction
		statements[i] = statement
	}
	for i := range rows {
		r := &rows[i]
		private := 0
		if r.Private {
			private = 1
		}
		if _, err := statements[0].ExecContext(ctx, r.Desk, r.id, micros(r.At), plain(string(r.Place)), plain(r.Message), private, plain(r.Language),
			plain(string(r.Intent)), r.countries, r.receipts, r.Seq, []byte(r.Text)); err != nil {
			return err
		}
		for k, list := range []string{r.countries, r.receipts} {
			if list == "" {
				continue
			}
			if _, err := statements[1+k].ExecContext(ctx, r.Desk, r.id, list); err != nil {
				return err
			}
		}
	}
	return nil
}

// plain takes out what PostgreSQL refuses in a text, so that one odd name keeps no batch from being kept.
func plain(s string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\x00", "")
}

const columns = "t.desk, t.at, t.place, t.message, t.private, t.language, t.intent, t.countries, t.receipts, t.seq, t.text"

// About returns the replies that rest on a receipt.
func (s *Store) About(ctx context.Context, desk knowledge.DeskID, receipt string, since time.Time) ([]told.Told, error) {
	return s.find(ctx, "SELECT "+columns+` FROM told_receipts r JOIN told t ON t.id = r.told_id
		WHERE r.desk = $1 AND r.receipt = $2 AND t.at >= $3 ORDER BY t.id`, desk, plain(receipt), micros(since))
}

// OfCountry returns the replies about a country from a time on and before another.
func (s *Store) OfCountry(ctx context.Context, desk knowledge.DeskID, country knowledge.Country, from, before time.Time) ([]told.Told, error) {
	return s.find(ctx, "SELECT "+columns+` FROM told_countries c JOIN told t ON t.id = c.told_id
		WHERE c.desk = $1 AND c.country = $2 AND t.at >= $3 AND t.at < $4 ORDER BY t.id`, desk, plain(string(country)), micros(from), micros(before))
}

func (s *Store) find(ctx context.Context, query string, args ...any) ([]told.Told, error) {
	rows, err := s.db.SQL().QueryContext(ctx, query, args...)
	if err != nil {
		return nil, s.explain("read", err)
	}
	defer rows.Close()
	var found []told.Told
	for rows.Next() {
		t, err := scan(rows)
		if err != nil {
			return nil, s.explain("read", err)
		}
		found = append(found, t)
	}
	return found, s.explain("read", rows.Err())
}

func scan(rows *sql.Rows) (told.Told, error) {
	var t told.Told
	var at int64
	var private int
	var countries, receipts string
	var text []byte
	if err := rows.Scan(&t.Desk, &at, &t.Place, &t.Message, &private, &t.Language, &t.Intent, &countries, &receipts, &t.Seq, &text); err != nil {
		return t, err
	}
	t.At, t.Private, t.Text = time.UnixMicro(at).UTC(), private != 0, string(text)
	var errCountries, errReceipts error
	t.Countries, errCountries = words[knowledge.Country](countries)
	t.Receipts, errReceipts = words[string](receipts)
	return t, errors.Join(errCountries, errReceipts)
}

// portion is how many replies one transaction of Erase takes, so that others get their turn between.
const portion = 1000

// Erase erases what any desk told before a time.
func (s *Store) Erase(ctx context.Context, before time.Time) (int, error) {
	return s.erase(ctx, "at < $1", micros(before))
}

// Forget erases what a desk told in a place and in all that the place holds.
func (s *Store) Forget(ctx context.Context, desk knowledge.DeskID, place told.Place) (int, error) {
	within := plain(string(place))
	return s.erase(ctx, "desk = $1 AND (place = $2 OR substr(place, 1, length(CAST($3 AS TEXT))) = $3)", desk, within, within+":")
}

// erase deletes what the condition holds for, portion by portion.
func (s *Store) erase(ctx context.Context, condition string, args ...any) (int, error) {
	//nolint:gosec // the conditions are those of this file, without a value in them
	query := fmt.Sprintf("DELETE FROM told WHERE id IN (SELECT id FROM told WHERE %s LIMIT %d)", condition, portion)
	total := 0
	for {
		var n int64
		err := s.db.Write(ctx, topic, func(tx *sql.Tx) error {
			result, err := tx.ExecContext(ctx, query, args...)
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
