package chats

import (
	"context"
	"database/sql"
	"errors"
	"strings"

	"stancebot/adapters/store"
	"stancebot/bot/chats"
)

// topic is what changes are announced under. It is that of spaces: a chat that moved belongs to another's desk.
const topic = "spaces"

// A Store keeps chats in a database.
type Store struct{ db *store.DB }

var _ chats.Store = (*Store)(nil)

// New returns the store of the chats in a database.
func New(db *store.DB) *Store { return &Store{db} }

func (s *Store) write(ctx context.Context, doing string, f func(tx *sql.Tx) error) error {
	return s.db.Explain(doing+" a chat in", s.db.Write(ctx, topic, f))
}

// Greet notes that a chat is greeted, and reports whether it was not before. The row is held from its first word on, so that of
// two at once one is first.
func (s *Store) Greet(ctx context.Context, c chats.Chat) (first bool, err error) {
	err = s.write(ctx, "greet", func(tx *sql.Tx) error {
		var before int
		if err := hold(ctx, tx, c).Scan(&before, new(string)); err != nil {
			return err
		}
		first = before == 0
		_, err := tx.ExecContext(ctx, "UPDATE chats SET greeted = 1 WHERE platform = $1 AND chat = $2", c.Platform, c.ID)
		return err
	})
	return first && err == nil, err
}

// hold makes the row of a chat where there is none, and holds it until the transaction ends.
func hold(ctx context.Context, tx *sql.Tx, c chats.Chat) *sql.Row {
	return tx.QueryRowContext(ctx, `INSERT INTO chats AS old (platform, chat, greeted, paused) VALUES ($1, $2, 0, '')
		ON CONFLICT (platform, chat) DO UPDATE SET greeted = old.greeted RETURNING greeted, paused`, c.Platform, c.ID)
}

// Pause notes that nothing can be sent to a chat, and why.
func (s *Store) Pause(ctx context.Context, c chats.Chat, reason string) error {
	return s.write(ctx, "pause", func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `INSERT INTO chats (platform, chat, greeted, paused) VALUES ($1, $2, 0, $3)
			ON CONFLICT (platform, chat) DO UPDATE SET paused = excluded.paused`, c.Platform, c.ID, plain(reason))
		return err
	})
}

// Resume notes that a chat wants to hear again, and reports whether it was paused.
func (s *Store) Resume(ctx context.Context, c chats.Chat) (was bool, err error) {
	err = s.write(ctx, "resume", func(tx *sql.Tx) error {
		result, err := tx.ExecContext(ctx, "UPDATE chats SET paused = '' WHERE platform = $1 AND chat = $2 AND paused <> ''", c.Platform, c.ID)
		if err != nil {
			return err
		}
		n, err := result.RowsAffected()
		was = n > 0
		return err
	})
	return was && err == nil, err
}

// Paused returns why nothing can be sent to a chat, or "".
func (s *Store) Paused(ctx context.Context, c chats.Chat) (string, error) {
	var reason string
	err := s.db.SQL().QueryRowContext(ctx, "SELECT paused FROM chats WHERE platform = $1 AND chat = $2", c.Platform, c.ID).Scan(&reason)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	return reason, s.db.Explain("read a chat in", err)
}

// Move makes a chat another one, all in one transaction.
func (s *Store) Move(ctx context.Context, from, to chats.Chat) error {
	if from == to {
		return nil
	}
	return s.write(ctx, "move", func(tx *sql.Tx) error {
		for _, step := range []func(context.Context, *sql.Tx, chats.Chat, chats.Chat) error{moveChat, moveDesk, moveTold, moveEvents} {
			if err := step(ctx, tx, from, to); err != nil {
				return err
			}
		}
		return nil
	})
}

// moveChat gives the new chat what is known of the old one. Both rows are held in one order, so that two moves never wait for
// each other in a circle.
func moveChat(ctx context.Context, tx *sql.Tx, from, to chats.Chat) error {
	var known int
	err := tx.QueryRowContext(ctx, "SELECT count(*) FROM chats WHERE platform = $1 AND chat = $2", from.Platform, from.ID).Scan(&known)
	if err != nil || known == 0 {
		return err
	}
	rows := map[chats.Chat]*struct {
		greeted int
		paused  string
	}{from: {}, to: {}}
	for _, c := range ordered(from, to) {
		if err := hold(ctx, tx, c).Scan(&rows[c].greeted, &rows[c].paused); err != nil {
			return err
		}
	}
	if rows[to].paused == "" {
		rows[to].paused = rows[from].paused
	}
	_, err = tx.ExecContext(ctx, "UPDATE chats SET greeted = $3, paused = $4 WHERE platform = $1 AND chat = $2",
		to.Platform, to.ID, max(rows[from].greeted, rows[to].greeted), rows[to].paused)
	if err == nil {
		_, err = tx.ExecContext(ctx, "DELETE FROM chats WHERE platform = $1 AND chat = $2", from.Platform, from.ID)
	}
	return err
}

func ordered(a, b chats.Chat) [2]chats.Chat {
	if b.String() < a.String() {
		return [2]chats.Chat{b, a}
	}
	return [2]chats.Chat{a, b}
}

// moveDesk gives the new chat the desk of the old one, unless it has one.
func moveDesk(ctx context.Context, tx *sql.Tx, from, to chats.Chat) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO desk_spaces (platform, space, desk)
		SELECT CAST($3 AS TEXT), CAST($4 AS TEXT), desk FROM desk_spaces WHERE platform = $1 AND space = $2
		ON CONFLICT (platform, space) DO NOTHING`, from.Platform, from.ID, to.Platform, to.ID)
	if err == nil {
		_, err = tx.ExecContext(ctx, "DELETE FROM desk_spaces WHERE platform = $1 AND space = $2", from.Platform, from.ID)
	}
	return err
}

// moveTold moves what was told in the chat, and in its threads.
func moveTold(ctx context.Context, tx *sql.Tx, from, to chats.Chat) error {
	old := from.String()
	_, err := tx.ExecContext(ctx, `UPDATE told SET place = CAST($1 AS TEXT) || substr(place, $2)
		WHERE place = $3 OR substr(place, 1, $2) = $4`, to.String(), len([]rune(old))+1, old, old+":")
	return err
}

// moveEvents moves what waits to be worked behind that of the new chat.
func moveEvents(ctx context.Context, tx *sql.Tx, from, to chats.Chat) error {
	_, err := tx.ExecContext(ctx, "UPDATE inbox_events SET queue = $1, platform = $2 WHERE platform = $3 AND queue = $4",
		[]byte(to.ID), to.Platform, from.Platform, []byte(from.ID))
	return err
}

// plain leaves out what PostgreSQL does not take in a text.
func plain(s string) string { return strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\x00", "") }
