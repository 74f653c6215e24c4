package chats

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"strings"

	"stancebot/adapters/store"
	"stancebot/bot/chats"
)

// topic is what changes of chats are announced under. Nobody waits for them.
const topic = "chats"

// A Store keeps chats in a database.
type Store struct{ db *store.DB }

var _ chats.Store = (*Store)(nil)

// New returns the store of the chats in a database.
func New(db *store.DB) *Store { return &Store{db} }

func (s *Store) explain(doing string, err error) error {
	return s.db.Explain(doing+" chats in", err)
}

// settle tries again where the connection was lost at the commit, which all that is tried here allows.
func (s *Store) settle(ctx context.Context, try func() error) error {
	var lost error // of an earlier try whose outcome is not known
	for {
		err := try()
		if err == nil {
			return nil
		}
		if !errors.Is(err, store.ErrUncertain) || ctx.Err() != nil {
			return s.explain("write", errors.Join(lost, err))
		}
		lost = err
	}
}

// write writes what can be written twice.
func (s *Store) write(ctx context.Context, f func(*sql.Tx) error) error {
	return s.settle(ctx, func() error { return s.db.Write(ctx, topic, f) })
}

// Greet notes that a chat is greeted, by a name of this call, so that it knows itself where its commit was lost.
func (s *Store) Greet(ctx context.Context, c chats.Chat) (bool, error) {
	call, first := rand.Text(), false
	err := s.write(ctx, func(tx *sql.Tx) error {
		n, err := affected(tx.ExecContext(ctx, `INSERT INTO chats (platform, chat, greeted, paused) VALUES ($1, $2, $3, '')
			ON CONFLICT (platform, chat) DO UPDATE SET greeted = excluded.greeted WHERE chats.greeted IN ('', excluded.greeted)`, c.Platform, c.ID, call))
		first = n > 0
		return err
	})
	return first && err == nil, err
}

// Pause notes that nothing can be sent to a chat, and why.
func (s *Store) Pause(ctx context.Context, c chats.Chat, reason string) error {
	if reason == "" {
		return fmt.Errorf("chats: %s cannot be paused without a reason", c)
	}
	return s.write(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `INSERT INTO chats (platform, chat, greeted, paused) VALUES ($1, $2, '', $3)
			ON CONFLICT (platform, chat) DO UPDATE SET paused = excluded.paused`, c.Platform, c.ID, plain(reason))
		return err
	})
}

// plain replaces what PostgreSQL refuses in a text: a reason may be a platform's words.
func plain(s string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\x00", "\uFFFD")
}

// Resume notes that a chat wants to hear again. Where the commit was lost, the chat was paused if it was so at any try.
func (s *Store) Resume(ctx context.Context, c chats.Chat) (bool, error) {
	was := false
	err := s.settle(ctx, func() error {
		now := false
		err := s.db.Write(ctx, topic, func(tx *sql.Tx) error {
			n, err := affected(tx.ExecContext(ctx, "UPDATE chats SET paused = '' WHERE platform = $1 AND chat = $2 AND paused <> ''", c.Platform, c.ID))
			now = n > 0
			return err
		})
		was = was || now
		return err
	})
	return was && err == nil, err
}

func affected(result sql.Result, err error) (int64, error) {
	if err != nil {
		return 0, err
	}
	return result.RowsAffected()
}

// Paused returns why nothing can be sent to a chat.
func (s *Store) Paused(ctx context.Context, c chats.Chat) (string, error) {
	var reason string
	err := s.db.SQL().QueryRowContext(ctx, "SELECT paused FROM chats WHERE platform = $1 AND chat = $2", c.Platform, c.ID).Scan(&reason)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	return reason, s.explain("read", err)
}
