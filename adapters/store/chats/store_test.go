package chats_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"stancebot/adapters/adaptertest"
	"stancebot/adapters/adaptertest/postgres"
	"stancebot/adapters/store"
	storechats "stancebot/adapters/store/chats"
	storedigest "stancebot/adapters/store/digest"
	storeinbox "stancebot/adapters/store/inbox"
	"stancebot/adapters/store/spaces"
	"stancebot/adapters/store/storetest"
	storetold "stancebot/adapters/store/told"
	"stancebot/bot"
	"stancebot/bot/chats"
	"stancebot/bot/desk"
	"stancebot/bot/digest"
	"stancebot/bot/inbox"
	"stancebot/bot/told"
)

func TestMain(m *testing.M) { os.Exit(postgres.Main(m)) }

func TestChats(t *testing.T) {
	for name, url := range storetest.Engines() {
		t.Run(name, func(t *testing.T) {
			adaptertest.Chats(t, func(tb testing.TB) *adaptertest.ChatsCase {
				tb.Helper()
				one, other := storetest.OpenTwice(tb, url(tb))
				return &adaptertest.ChatsCase{
					A: storechats.New(one), B: storechats.New(other), Spaces: spaces.New(one), Told: storetold.New(other), Inbox: storeinbox.New(one),
					Digest: storedigest.New(other),
				}
			})
		})
	}
}

var (
	old = chats.Chat{Platform: "telegram", ID: "-200"}
	now = chats.Chat{Platform: "telegram", ID: "-100200"}
)

// fill gives the old chat a row of each table that a move changes.
func fill(tb testing.TB, db *store.DB) {
	tb.Helper()
	s := storechats.New(db)
	_, greeting := s.Greet(tb.Context(), old)
	event := inbox.Event{ID: "1", Platform: old.Platform, Keys: []string{"1"}, Queue: old.ID}
	_, putting := storeinbox.New(db).Write(tb.Context(), []inbox.Event{event}, inbox.Lease{}, nil)
	digests, topic := storedigest.New(db), bot.Address(old.String()+":5")
	if err := errors.Join(
		greeting, putting, digests.Add(tb.Context(), &digest.Subscription{ID: "1", To: topic}),
		digests.Set(tb.Context(), digest.Settings{To: topic}), s.Pause(tb.Context(), old, "gone"),
		spaces.New(db).Assign(tb.Context(), desk.Assignment{Space: desk.Space(old), Desk: "sport"}),
		storetold.New(db).Keep(tb.Context(), []told.Told{{
			Desk: "sport", At: time.UnixMicro(1), Place: told.Place(old.String() + ":5"), Reply: &told.Reply{Receipts: []string{"D-17"}},
		}}),
	); err != nil {
		tb.Fatal(err)
	}
}

// whose returns the chat of each row.
func whose(tb testing.TB, db *store.DB) string {
	tb.Helper()
	var chat, space, place, subscribed, set string
	var queue []byte
	if err := db.SQL().QueryRowContext(tb.Context(), `SELECT c.chat, s.space, t.place, e.queue, d.address, g.address
		FROM chats c, desk_spaces s, told t, inbox_events e, digest_subscriptions d, digest_settings g
		WHERE c.paused = 'gone' AND c.greeted <> '' AND s.desk = 'sport' AND t.desk = 'sport'`).Scan(&chat, &space, &place, &queue, &subscribed, &set); err != nil {
		tb.Error(err)
	}
	return strings.Join([]string{chat, space, place, string(queue), subscribed, set}, " ")
}

const (
	before = "-200 -200 telegram:-200:5 -200 telegram:-200:5 telegram:-200:5"
	after  = "-100200 -100200 telegram:-100200:5 -100200 telegram:-100200:5 telegram:-100200:5"
)

// Whichever step of a move fails, nothing is moved; once it does not fail any more, all is.
func TestAMoveThatFailsMovesNothing(t *testing.T) {
	fault := map[store.Dialect]string{
		store.SQLite: "CREATE TRIGGER fault BEFORE %s ON %s BEGIN SELECT RAISE(ABORT, 'no more'); END",
		store.PostgreSQL: `CREATE OR REPLACE FUNCTION fault() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'no more'; END $$;
			CREATE TRIGGER fault BEFORE %s ON %s FOR EACH ROW EXECUTE FUNCTION fault()`,
	}
	mend := map[store.Dialect]string{store.SQLite: "DROP TRIGGER fault", store.PostgreSQL: "DROP FUNCTION fault CASCADE"}
	for name, url := range storetest.Engines() {
		t.Run(name, func(t *testing.T) {
			db := storetest.Open(t, url(t))
			s := storechats.New(db)
			fill(t, db)
			run := func(statement string) {
				t.Helper()
				if _, err := db.SQL().ExecContext(t.Context(), statement); err != nil {
					t.Fatal(err)
				}
			}
			for _, c := range [][2]string{
				{"DELETE", "chats"},
				{"INSERT", "chats"},
				{"DELETE", "desk_spaces"},
				{"INSERT", "desk_spaces"},
				{"UPDATE", "told"},
				{"UPDATE", "inbox_events"},
				{"UPDATE", "digest_subscriptions"},
				{"INSERT", "digest_settings"},
				{"DELETE", "digest_settings"},
			} {
				run(fmt.Sprintf(fault[db.Dialect()], c[0], c[1]))
				err := s.Move(t.Context(), old, now)
				if err == nil || !strings.HasPrefix(err.Error(), "store: write chats in ") || !strings.Contains(err.Error(), "no more") {
					t.Errorf("where %s of %s fails, the error is %v", c[0], c[1], err)
				}
				if got := whose(t, db); got != before {
					t.Errorf("where %s of %s fails, the rows are of %s", c[0], c[1], got)
				}
				run(mend[db.Dialect()])
			}
			if err := s.Move(t.Context(), old, now); err != nil {
				t.Fatal(err)
			}
			if got := whose(t, db); got != after {
				t.Errorf("moved, the rows are of %s", got)
			}
		})
	}
}

// A database that is closed is said so by every call, and none moves anything.
func TestAClosedDatabase(t *testing.T) {
	for name, url := range storetest.Durable() {
		t.Run(name, func(t *testing.T) {
			url := url(t)
			db, err := store.Open(t.Context(), url, store.Options{})
			if err != nil {
				t.Fatal(err)
			}
			fill(t, db)
			if err := db.Close(); err != nil {
				t.Fatal(err)
			}
			s := storechats.New(db)
			_, greeting := s.Greet(t.Context(), now)
			_, resuming := s.Resume(t.Context(), old)
			_, asking := s.Paused(t.Context(), old)
			for what, err := range map[string]error{
				"Greet": greeting, "Resume": resuming, "Paused": asking, "Pause": s.Pause(t.Context(), old, "no"), "Move": s.Move(t.Context(), old, now),
			} {
				if err == nil || !strings.HasPrefix(err.Error(), "store: ") {
					t.Errorf("%s: error is %v", what, err)
				}
			}
			if got := whose(t, storetest.Open(t, url)); got != before {
				t.Errorf("the rows are of %s", got)
			}
		})
	}
}

// Where the connection is lost at the commit, each call does its work once and knows what it did.
func TestALostCommitStandsOnce(t *testing.T) {
	c, over := storetest.Lay(t, postgres.Database(t))
	db := storetest.Open(t, over)
	s := storechats.New(db)
	for i, how := range []storetest.Loss{storetest.LosesReply, storetest.LosesAsked} {
		chat := chats.Chat{Platform: "telegram", ID: fmt.Sprint(i)}
		c.Next(how)
		if first, err := s.Greet(t.Context(), chat); !first || err != nil {
			t.Errorf("greeted for the first time: %v, %v", first, err)
		}
		c.Next(how)
		if first, err := s.Greet(t.Context(), chat); first || err != nil {
			t.Errorf("greeted again, for the first time: %v, %v", first, err)
		}
		c.Next(how)
		if err := s.Pause(t.Context(), chat, "kicked"); err != nil {
			t.Error(err)
		}
		if reason, err := s.Paused(t.Context(), chat); reason != "kicked" || err != nil {
			t.Errorf("paused for %q, %v", reason, err)
		}
		c.Next(how)
		if was, err := s.Resume(t.Context(), chat); !was || err != nil {
			t.Errorf("was paused: %v, %v", was, err)
		}
	}
	fill(t, db)
	c.Next(storetest.LosesAsked)
	if err := s.Move(t.Context(), old, now); err != nil || whose(t, db) != after {
		t.Errorf("moved are %s, %v", whose(t, db), err)
	}
	c.Next(storetest.LosesReply)
	if err := s.Move(t.Context(), now, old); err != nil || whose(t, db) != before {
		t.Errorf("moved back are %s, %v", whose(t, db), err)
	}
	if n := c.Cuts(); n != 10 {
		t.Errorf("%d connections were cut, want 10", n)
	}
	c.Next(storetest.Breaks)
	if err := s.Move(t.Context(), old, now); !errors.Is(err, store.ErrUncertain) {
		t.Errorf("error is %v, want that it is uncertain", err)
	}
}

// Two moves of which one begins where the other ends come one after the other, also where the second sees in its later steps what the
// first has moved: here it is slow at a telling of its own.
func TestMovesOneBehindTheOtherMixNothing(t *testing.T) {
	one, other := storetest.OpenTwice(t, postgres.Database(t))
	fill(t, one)
	third := chats.Chat{Platform: old.Platform, ID: "-3"}
	if err := storetold.New(one).Keep(t.Context(), []told.Told{{Desk: "main", At: time.UnixMicro(1), Place: told.Place(now.String()), Reply: &told.Reply{}}}); err != nil {
		t.Fatal(err)
	}
	if _, err := one.SQL().ExecContext(t.Context(), `CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
			PERFORM pg_sleep(CASE WHEN NEW.desk = 'main' THEN 0.6 ELSE 0.2 END);
			RETURN NEW;
		END $$;
		CREATE TRIGGER slow BEFORE UPDATE ON told FOR EACH ROW EXECUTE FUNCTION slow()`); err != nil {
		t.Fatal(err)
	}
	var all sync.WaitGroup
	for _, m := range []struct {
		db       *store.DB
		from, to chats.Chat
	}{{one, old, now}, {other, now, third}} {
		all.Go(func() {
			if err := storechats.New(m.db).Move(t.Context(), m.from, m.to); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if got := whose(t, one); got != after && got != strings.ReplaceAll(after, now.ID, third.ID) {
		t.Errorf("the rows are of %s", got)
	}
}

// A copy holds what is known of chats, whichever the engine.
func TestABackupHoldsChats(t *testing.T) {
	for name, url := range storetest.Durable() {
		t.Run(name, func(t *testing.T) {
			db := storetest.Open(t, url(t))
			fill(t, db)
			path := filepath.Join(t.TempDir(), "copy.sqlite")
			if err := store.Backup(t.Context(), db, path); err != nil {
				t.Fatal(err)
			}
			if got := whose(t, storetest.Open(t, "sqlite:"+path)); got != before {
				t.Errorf("the copy's rows are of %s", got)
			}
		})
	}
}
