package told

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"stancebot/bot/told"
	"stancebot/knowledge"
)

// The queries read the tellings of a time in order, and leave out those whose reply is none of the few that have the word. SQLite
// takes a CROSS JOIN in the order that it is written in.
const (
	about     = chosen + "told_receipts WHERE desk = $1 AND receipt = $2) AND t.id >= $3 ORDER BY t.id"
	ofCountry = chosen + "told_countries WHERE desk = $1 AND country = $2) AND t.id >= $3 AND t.id < $4 ORDER BY t.id"

	chosen = every + " AND t.reply IN (SELECT reply FROM "
	every  = `SELECT t.desk, t.at, t.place, t.message, t.private, t.seq, t.reply, r.language, r.intent, r.command, r.countries, r.receipts, r.text
		FROM told t CROSS JOIN told_replies r
		WHERE t.desk = $1 AND r.desk = t.desk AND r.hash = t.reply`
)

// About returns the tellings that rest on a receipt.
func (s *Store) About(ctx context.Context, desk knowledge.DeskID, receipt string, since time.Time) ([]told.Told, error) {
	return s.find(ctx, about, desk, plain(receipt), stamp(since))
}

// OfCountry returns the tellings about a country from a time on and before another.
func (s *Store) OfCountry(ctx context.Context, desk knowledge.DeskID, country knowledge.Country, from, before time.Time) ([]told.Told, error) {
	return s.find(ctx, ofCountry, desk, plain(string(country)), stamp(from), stamp(before))
}

// List returns the last tellings that a filter chooses, the newest first.
func (s *Store) List(ctx context.Context, desk knowledge.DeskID, f told.Filter, limit int) ([]told.Told, error) {
	query, args := listing(desk, f, limit)
	return s.find(ctx, query, args...)
}

// listing is the query of a list, with its values.
func listing(desk knowledge.DeskID, f told.Filter, limit int) (query string, args []any) {
	query, args = every, []any{desk}
	and := func(condition string, value any) {
		args = append(args, value)
		query += fmt.Sprintf(" AND "+condition, len(args))
	}
	if f.Country != "" {
		and("t.reply IN (SELECT reply FROM told_countries WHERE desk = $1 AND country = $%d)", plain(string(f.Country)))
	}
	if f.Receipt != "" {
		and("t.reply IN (SELECT reply FROM told_receipts WHERE desk = $1 AND receipt = $%d)", plain(f.Receipt))
	}
	and("t.id >= $%d", stamp(f.From))
	if !f.Before.IsZero() {
		and("t.id < $%d", stamp(f.Before))
	}
	args = append(args, limit)
	return query + fmt.Sprintf(" ORDER BY t.id DESC LIMIT $%d", len(args)), args
}

// Desks lists the desks that told something which is kept, by name.
func (s *Store) Desks(ctx context.Context) ([]knowledge.DeskID, error) {
	rows, err := s.db.SQL().QueryContext(ctx, "SELECT DISTINCT desk FROM told_replies ORDER BY desk")
	if err != nil {
		return nil, s.explain("read", err)
	}
	defer rows.Close()
	var desks []knowledge.DeskID
	for rows.Next() {
		var id knowledge.DeskID
		if err := rows.Scan(&id); err != nil {
			return nil, s.explain("read", err)
		}
		desks = append(desks, id)
	}
	return desks, s.explain("read", rows.Err())
}

func (s *Store) find(ctx context.Context, query string, args ...any) ([]told.Told, error) {
	rows, err := s.db.SQL().QueryContext(ctx, query, args...)
	if err != nil {
		return nil, s.explain("read", err)
	}
	defer rows.Close()
	var found []told.Told
	replies := replies{}
	for rows.Next() {
		t, err := replies.scan(rows)
		if err != nil {
			return nil, s.explain("read", err)
		}
		found = append(found, t)
	}
	return found, s.explain("read", rows.Err())
}

// replies are those that were read so far, by their hash, so that what is found many times is read once.
type replies map[string]*told.Reply

// scan reads a telling.
func (seen replies) scan(rows *sql.Rows) (told.Told, error) {
	var t told.Told
	var at int64
	var private int
	var hash, language, intent, command, countries, receipts, text sql.RawBytes
	err := rows.Scan(&t.Desk, &at, &t.Place, &t.Message, &private, &t.Seq, &hash, &language, &intent, &command, &countries, &receipts, &text)
	if err != nil {
		return t, err
	}
	t.At, t.Private, t.Reply = time.UnixMicro(at).UTC(), private != 0, seen[string(hash)]
	if t.Reply != nil {
		return t, nil
	}
	t.Reply = &told.Reply{Language: string(language), Intent: knowledge.Intent(intent), Command: string(command), Text: string(text)}
	seen[string(hash)] = t.Reply
	return t, errors.Join(unlist(countries, &t.Reply.Countries), unlist(receipts, &t.Reply.Receipts))
}

// unlist reads words that list made.
func unlist[S ~string](list []byte, words *[]S) error {
	if len(list) == 0 {
		return nil
	}
	return json.Unmarshal(list, words)
}
