package chats

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"stancebot/adapters/store"
	"stancebot/bot/chats"
)

// Move makes a chat another one, as chats.Store says.
func (s *Store) Move(ctx context.Context, from, to chats.Chat) error {
	switch {
	case from.Platform != to.Platform || from.ID == "" || to.ID == "":
		return fmt.Errorf("chats: %s cannot become %s: want two chats of one platform", from, to)
	case from == to:
		return nil
	}
	return s.write(ctx, func(tx *sql.Tx) error {
		if err := s.lock(ctx, tx); err != nil {
			return err
		}
		for _, move := range []func(context.Context, *sql.Tx, chats.Chat, chats.Chat) error{moveChat, moveDesk, moveTold, moveQueue, moveDigests} {
			if err := move(ctx, tx, from, to); err != nil {
				return err
			}
		}
		return nil
	})
}

// lock keeps others from moving and from writing chats until the end of the transaction, so that two moves of which one begins where
// the other ends come one after the other in all tables. SQLite has one writer at a time as it is.
func (s *Store) lock(ctx context.Context, tx *sql.Tx) error {
	if s.db.Dialect() == store.SQLite {
		return nil
	}
	_, err := tx.ExecContext(ctx, "LOCK TABLE chats IN SHARE ROW EXCLUSIVE MODE")
	return err
}

func moveChat(ctx context.Context, tx *sql.Tx, from, to chats.Chat) error {
	var greeted, paused string
	err := tx.QueryRowContext(ctx, "DELETE FROM chats WHERE platform = $1 AND chat = $2 RETURNING greeted, paused", from.Platform, from.ID).
		Scan(&greeted, &paused)
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	if err == nil {
		_, err = tx.ExecContext(ctx, `INSERT INTO chats (platform, chat, greeted, paused) VALUES ($1, $2, $3, $4)
			ON CONFLICT (platform, chat) DO UPDATE SET greeted = excluded.greeted WHERE chats.greeted = ''`, to.Platform, to.ID, greeted, paused)
	}
	return err
}

func moveDesk(ctx context.Context, tx *sql.Tx, from, to chats.Chat) error {
	var desk string
	err := tx.QueryRowContext(ctx, "DELETE FROM desk_spaces WHERE platform = $1 AND space = $2 RETURNING desk", from.Platform, from.ID).Scan(&desk)
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	if err == nil {
		_, err = tx.ExecContext(ctx, "INSERT INTO desk_spaces (platform, space, desk) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING", to.Platform, to.ID, desk)
	}
	return err
}

// moveTold moves what was told. Its messages have other ids where the chat has gone to, which nobody tells: theirs are forgotten.
func moveTold(ctx context.Context, tx *sql.Tx, from, to chats.Chat) error {
	_, err := tx.ExecContext(ctx, `UPDATE told SET message = '', place = CAST($1 AS TEXT) || substr(place, length(CAST($2 AS TEXT)) + 1)
		WHERE place = $2 OR substr(place, 1, length(CAST($3 AS TEXT))) = $3`, to.String(), from.String(), from.String()+":")
	return err
}

func moveQueue(ctx context.Context, tx *sql.Tx, from, to chats.Chat) error {
	_, err := tx.ExecContext(ctx, "UPDATE inbox_events SET queue = $1 WHERE platform = $2 AND queue = $3", []byte(to.ID), from.Platform, []byte(from.ID))
	return err
}

// The addresses of a chat and of its topics: $1, and what lies between $2 and $3. They are found by an index.
const (
	itsAddress   = "(address = $1 OR address >= $2 AND address < $3)"
	movedAddress = "CAST($4 AS TEXT) || substr(address, length(CAST($1 AS TEXT)) + 1)"
)

// moveDigests moves what a chat and its topics subscribed to, which counts as a change of each, and their settings.
func moveDigests(ctx context.Context, tx *sql.Tx, from, to chats.Chat) error {
	its := []any{from.String(), from.String() + ":", from.String() + ";"}
	for _, statement := range []string{
		"UPDATE digest_subscriptions SET address = " + movedAddress + ", version = version + 1 WHERE " + itsAddress,
		"INSERT INTO digest_settings (address, zone, quiet_from, quiet_till, empty, editors) SELECT " + movedAddress + `, zone, quiet_from, quiet_till,
			empty, editors FROM digest_settings WHERE ` + itsAddress + " ON CONFLICT DO NOTHING",
	} {
		if _, err := tx.ExecContext(ctx, statement, append(its, to.String())...); err != nil {
			return err
		}
	}
	_, err := tx.ExecContext(ctx, "DELETE FROM digest_settings WHERE "+itsAddress, its...)
	return err
}
