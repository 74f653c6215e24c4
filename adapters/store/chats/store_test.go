package chats_test

import (
	"context"
	"database/sql"
	"os"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"stancebot/adapters/adaptertest"
	"stancebot/adapters/adaptertest/postgres"
	"stancebot/adapters/store"
	storedchats "stancebot/adapters/store/chats"
	storedinbox "stancebot/adapters/store/inbox"
	"stancebot/adapters/store/spaces"
	"stancebot/adapters/store/storetest"
	storedtold "stancebot/adapters/store/told"
	"stancebot/bot/chats"
	"stancebot/bot/desk"
	"stancebot/bot/inbox"
	"stancebot/bot/told"
	"stancebot/knowledge"
)

func TestMain(m *testing.M) { os.Exit(postgres.Main(m)) }

func TestChats(t *testing.T) {
	storetest.OnEach(t, func(db *store.DB) chats.Store { return storedchats.New(db) }, adaptertest.Chats)
}

var (
	group = chats.Chat{Platform: "telegram", ID: "-1"}
	super = chats.Chat{Platform: "telegram", ID: "-1001"}
	noon  = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
)

// fill puts something of a group in every table.
func fill(t *testing.T, db *store.DB) {
	t.Helper()
	ctx := t.Context()
	reply := &told.Reply{Language: "en", Receipts: []string{"PER-01"}, Text: "x"}
	var tellings []told.Told
	for i, place := range []told.Place{"telegram:-1", "telegram:-1:5", "telegram:-10", "telegram:-1001", "slack:-1"} {
		tellings = append(tellings, told.Told{Desk: knowledge.DefaultDesk, At: noon.Add(time.Duration(i) * time.Second), Place: place, Reply: reply})
	}
	event := inbox.Event{ID: "e1", Platform: "telegram", Keys: []string{"update:1"}, Queue: "-1", At: noon, Body: []byte("x")}
	_, putErr := storedinbox.New(db).Write(ctx, []inbox.Event{event}, inbox.Lease{Owner: "o", Until: noon}, nil)
	for _, err := range []error{
		storedtold.New(db).Keep(ctx, tellings), putErr,
		spaces.New(db).Assign(ctx, desk.Assignment{Space: desk.Space{Platform: "telegram", ID: "-1"}, Desk: "foreign"}),
		storedchats.New(db).Pause(ctx, group, "kicked"),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
}

// state is what belongs to which chat.
func state(t *testing.T, db *store.DB) map[string][]string {
	t.Helper()
	all := map[string][]string{}
	for name, query := range map[string]string{
		"told":  "SELECT place FROM told ORDER BY at",
		"desk":  "SELECT space FROM desk_spaces ORDER BY space",
		"chats": "SELECT chat FROM chats ORDER BY chat",
		"inbox": "SELECT queue FROM inbox_events ORDER BY id",
	} {
		rows, err := db.SQL().QueryContext(t.Context(), query)
		if err != nil {
			t.Fatal(err)
		}
		for rows.Next() {
			var s sql.RawBytes
			if err := rows.Scan(&s); err != nil {
				t.Fatal(err)
			}
			all[name] = append(all[name], string(s))
		}
		if err := rows.Err(); err != nil {
			t.Fatal(err)
		}
	}
	return all
}

// All that belongs to a group goes with it, and nothing of another.
func TestMoveMovesAll(t *testing.T) {
	for name, engine := range storetest.Engines() {
		t.Run(name, func(t *testing.T) {
			db := storetest.Open(t, engine(t))
			fill(t, db)
			if err := storedchats.New(db).Move(t.Context(), group, super); err != nil {
				t.Fatal(err)
			}
			want := map[string][]string{
				"told": {"telegram:-1001", "telegram:-1001:5", "telegram:-10", "telegram:-1001", "slack:-1"},
				"desk": {"-1001"}, "chats": {"-1001"}, "inbox": {"-1001"},
			}
			if diff := cmp.Diff(want, state(t, db)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// A move that fails at its last step moves nothing.
func TestMoveIsWhole(t *testing.T) {
	for name, engine := range storetest.Engines() {
		t.Run(name, func(t *testing.T) {
			db := storetest.Open(t, engine(t))
			fill(t, db)
			before := state(t, db)
			err := db.Write(t.Context(), "test", func(tx *sql.Tx) error {
				_, err := tx.ExecContext(t.Context(), "ALTER TABLE inbox_events RENAME TO elsewhere")
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			if err := storedchats.New(db).Move(t.Context(), group, super); err == nil {
				t.Error("a move without a table is no error")
			}
			err = db.Write(context.WithoutCancel(t.Context()), "test", func(tx *sql.Tx) error {
				_, err := tx.ExecContext(t.Context(), "ALTER TABLE elsewhere RENAME TO inbox_events")
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(before, state(t, db)); diff != "" {
				t.Error(diff)
			}
		})
	}
}
