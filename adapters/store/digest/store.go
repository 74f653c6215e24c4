package digest

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"stancebot/adapters/store"
	"stancebot/bot/digest"
)

// What changes are announced under. Nobody waits for leases: who did would wake itself by each claim.
const (
	topic  = "digest"
	leases = "digest_leases"
)

// portion is how many steps, and how many rows of an erasure, one transaction takes, so that others get their turn between.
const portion = 1000

// A Store keeps subscriptions and deliveries in a database.
type Store struct{ db *store.DB }

var _ digest.Store = (*Store)(nil)

// New returns the store of subscriptions in a database.
func New(db *store.DB) *Store { return &Store{db} }

func (s *Store) explain(doing string, err error) error {
	return s.db.Explain(doing+" digests in", err)
}

// Changed tells of changes, as digest.Store says.
func (s *Store) Changed(ctx context.Context) <-chan struct{} { return s.db.Changes(ctx, topic) }

// errNothing ends a transaction that has nothing to commit, so that nobody is told of it.
var errNothing = errors.New("nothing was changed")

// write runs f in a transaction, and again where the connection was lost at the commit; then f is told.
func (s *Store) write(ctx context.Context, topic string, f func(tx *sql.Tx, again bool) error) error {
	var lost error // of an earlier try whose outcome is not known
	for {
		err := s.db.Write(ctx, topic, func(tx *sql.Tx) error { return f(tx, lost != nil) })
		switch {
		case err == nil || errors.Is(err, errNothing):
			return nil
		case errors.Is(err, digest.ErrChanged):
			return err
		case !errors.Is(err, store.ErrUncertain) || ctx.Err() != nil:
			return s.explain("write", errors.Join(lost, err))
		}
		lost = err
	}
}

// source is the text that makes rows out of the list $1, and names them value: texts, or lists of what each row has.
var (
	texts = map[store.Dialect]string{
		store.SQLite:     "json_each($1)",
		store.PostgreSQL: "json_array_elements_text(CAST($1 AS json)) AS each (value)",
	}
	lists = map[store.Dialect]string{
		store.SQLite:     "json_each($1)",
		store.PostgreSQL: "json_array_elements(CAST($1 AS json)) AS each (value)",
	}
)

// among completes a statement, in which %s stands for what is in the list $1.
func (s *Store) among(statement string) string {
	return fmt.Sprintf(statement, "(SELECT value FROM "+texts[s.db.Dialect()]+")")
}

// A field is a column of the rows that are handed over in a list.
type field struct {
	name   string
	number bool
}

// rows is the text that reads the list $1 as rows of such fields.
func (s *Store) rows(fields []field) string {
	columns := make([]string, len(fields))
	for i, f := range fields {
		column := fmt.Sprintf("value ->> %d", i)
		if f.number {
			column = "CAST(" + column + " AS BIGINT)"
		}
		columns[i] = column + " AS " + f.name
	}
	return "SELECT " + strings.Join(columns, ", ") + " FROM " + lists[s.db.Dialect()]
}

// unlocked lets several claim side by side where the engine has several writers, locked has them wait for each other.
var (
	unlocked = map[store.Dialect]string{store.PostgreSQL: " FOR UPDATE SKIP LOCKED"}
	locked   = map[store.Dialect]string{store.PostgreSQL: " FOR UPDATE"}
)

// list returns what a statement takes as a list.
func list(of any) (string, error) {
	text, err := json.Marshal(of)
	return string(text), err
}

// listOf returns ids as a list.
func listOf(ids []string) (string, error) {
	these := make([]string, len(ids))
	for i, id := range ids {
		these[i] = plain(id)
	}
	return list(these)
}

// each calls f with the rows of a query.
func each(rows *sql.Rows, err error, f func(scan func(...any) error) error) error {
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := f(rows.Scan); err != nil {
			return err
		}
	}
	return rows.Err()
}

// idsOf reads rows of one id.
func idsOf(rows *sql.Rows, err error) ([]string, error) {
	var ids []string
	err = each(rows, err, func(scan func(...any) error) error {
		var id string
		err := scan(&id)
		ids = append(ids, id)
		return err
	})
	return ids, err
}

func affected(result sql.Result, err error) (int, error) {
	if err != nil {
		return 0, err
	}
	n, err := result.RowsAffected()
	return int(n), err
}

// plain replaces what PostgreSQL refuses in a text.
func plain(s string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\x00", "\uFFFD")
}

// micros returns a time as the tables hold it, the zero time as 0.
func micros(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMicro()
}

// timeOf is the time that micros was given.
func timeOf(at int64) time.Time {
	if at == 0 {
		return time.Time{}
	}
	return time.UnixMicro(at).UTC()
}

// flag returns what is so as the tables hold it.
func flag(is bool) int64 {
	if is {
		return 1
	}
	return 0
}
