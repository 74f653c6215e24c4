package ledger_test

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"stancebot/adapters/adaptertest"
	"stancebot/adapters/adaptertest/postgres"
	"stancebot/adapters/store"
	storeledger "stancebot/adapters/store/ledger"
	"stancebot/adapters/store/storetest"
	"stancebot/knowledge"
	"stancebot/knowledge/ledger"
)

const desk = knowledge.DefaultDesk

// line fails the test unless an error is one line for an operator that says something.
func line(tb testing.TB, err error, says string) {
	tb.Helper()
	if err == nil {
		tb.Fatal("there is no error")
	}
	tb.Log(err)
	if text := err.Error(); !strings.Contains(text, says) || strings.Contains(text, "\n") || strings.Count(text, "store: ") != 1 ||
		!strings.HasPrefix(text, "store: ") || strings.Contains(text, postgres.Password) {
		tb.Errorf("want one line that says %q", says)
	}
}

func refused(tb testing.TB, url, says string) {
	tb.Helper()
	db, err := store.Open(tb.Context(), url, store.Options{})
	if err == nil {
		_ = db.Close()
	}
	line(tb, err, says)
}

func appendTo(tb testing.TB, s ledger.Store, n int) []ledger.Entry {
	tb.Helper()
	var all []ledger.Entry
	for i := range n {
		entries, err := s.Append(tb.Context(), desk, adaptertest.Draft(i))
		if err != nil {
			tb.Fatal(err)
		}
		all = append(all, entries...)
	}
	return all
}

func run(tb testing.TB, db *store.DB, statement string, args ...any) {
	tb.Helper()
	if _, err := db.SQL().ExecContext(tb.Context(), statement, args...); err != nil {
		tb.Fatal(err)
	}
}

func large(i int) ledger.Draft {
	d := adaptertest.Draft(i)
	d.Payload = map[string]string{"text": strings.Repeat("full ", 20_000)}
	return d
}

func TestAFullDiskOfSQLite(t *testing.T) {
	db := storetest.Open(t, storetest.NewFile(t))
	s := storeledger.New(db)
	appendTo(t, s, 5)
	db.SQL().SetMaxOpenConns(1) // the limit is one of the connection
	run(t, db, "PRAGMA max_page_count = 200")
	stood := fill(t, s)
	run(t, db, "PRAGMA max_page_count = 100000")
	if entries := appendTo(t, s, 1); entries[0].Seq != stood+1 {
		t.Errorf("with room again, entry %d follows %d", entries[0].Seq, stood)
	}
	adaptertest.Whole(t, s, desk)
}

// fill appends until the disk is full, and returns the last place.
func fill(tb testing.TB, s ledger.Store) int64 {
	tb.Helper()
	stood := int64(0)
	for i := range 1000 {
		entries, err := s.Append(tb.Context(), desk, large(i), large(i+1))
		if err != nil {
			line(tb, err, "no room left on its disk: make room")
			break
		}
		stood = entries[1].Seq
	}
	if rows := adaptertest.Whole(tb, s, desk); stood == 0 || int64(len(rows)) != stood {
		tb.Errorf("%d rows, want the %d that were acknowledged before", len(rows), stood)
	}
	return stood
}

// PostgreSQL says so by its code, here from a trigger: a disk that is full takes a mount, which takes root.
func TestAFullDiskOfPostgreSQL(t *testing.T) {
	db := storetest.Open(t, postgres.Database(t))
	run(t, db, `CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
			IF NEW.seq > 6 THEN RAISE EXCEPTION 'could not extend file' USING ERRCODE = 'disk_full'; END IF;
			RETURN NEW;
		END $$;
		CREATE TRIGGER full_disk BEFORE INSERT ON ledger_entries FOR EACH ROW EXECUTE FUNCTION full_disk()`)
	s := storeledger.New(db)
	fill(t, s)
	run(t, db, "DROP TRIGGER full_disk ON ledger_entries")
	if entries := appendTo(t, s, 1); entries[0].Seq != 7 {
		t.Errorf("with room again, entry %d follows 6", entries[0].Seq)
	}
}

func TestADatabaseThatMayNotBeWritten(t *testing.T) {
	t.Run("sqlite", func(t *testing.T) {
		db := storetest.Open(t, storetest.NewFile(t))
		s := storeledger.New(db)
		appendTo(t, s, 2)
		db.SQL().SetMaxOpenConns(1)
		run(t, db, "PRAGMA query_only = 1")
		_, err := s.Append(t.Context(), desk, adaptertest.Draft(2))
		line(t, err, "this user may not write it")
		adaptertest.Whole(t, s, desk)
	})
	t.Run("postgres", func(t *testing.T) {
		url := postgres.Database(t)
		appendTo(t, storeledger.New(storetest.Open(t, url)), 2)
		s := storeledger.New(storetest.Open(t, url+"&default_transaction_read_only=on"))
		_, err := s.Append(t.Context(), desk, adaptertest.Draft(2))
		line(t, err, "name the primary")
		adaptertest.Whole(t, s, desk)
	})
}

// What is changed behind the program's back is found, and the entry named.
func TestTamperingIsFound(t *testing.T) {
	const n = 8
	blob := map[store.Dialect]string{store.SQLite: "CAST(%s AS BLOB)", store.PostgreSQL: "convert_to(%s, 'UTF8')"}
	text := map[store.Dialect]string{store.SQLite: "CAST(bytes AS TEXT)", store.PostgreSQL: "convert_from(bytes, 'UTF8')"}
	for _, tt := range []struct {
		name string
		do   func(t *testing.T, db *store.DB)
		at   int64
		says string
	}{
		{"a changed byte", func(t *testing.T, db *store.DB) {
			t.Helper()
			run(t, db, "UPDATE ledger_entries SET bytes = "+fmt.Sprintf(blob[db.Dialect()], "replace("+text[db.Dialect()]+", 'ana', 'eva')")+" WHERE seq = 4")
		}, 4, "bytes"},
		{"another hash", func(t *testing.T, db *store.DB) {
			t.Helper()
			run(t, db, "UPDATE ledger_entries SET hash = $1 WHERE seq = 5", make([]byte, 32))
		}, 5, "bytes"},
		{"a hash that is none", func(t *testing.T, db *store.DB) {
			t.Helper()
			run(t, db, "UPDATE ledger_entries SET hash = $1 WHERE seq = 6", []byte{1})
		}, 6, "bytes"},
		{"an entry taken out", func(t *testing.T, db *store.DB) { t.Helper(); run(t, db, "DELETE FROM ledger_entries WHERE seq = 3") }, 3, "missing"},
		{"a cut tail", func(t *testing.T, db *store.DB) { t.Helper(); run(t, db, "DELETE FROM ledger_entries WHERE seq > 6") }, 7, "cut off"},
		{"everything cut", func(t *testing.T, db *store.DB) { t.Helper(); run(t, db, "DELETE FROM ledger_entries") }, 1, "cut off"},
		{"another head", func(t *testing.T, db *store.DB) { t.Helper(); run(t, db, "UPDATE ledger_heads SET last_id = 99") }, 9, "cut off"},
	} {
		for engine, url := range storetest.Durable() {
			t.Run(tt.name+" of "+engine, func(t *testing.T) {
				db := storetest.Open(t, url(t))
				s := storeledger.New(db)
				appendTo(t, s, n)
				tt.do(t, db)
				head, err := s.Head(t.Context(), desk)
				if err != nil {
					t.Fatal(err)
				}
				_, err = ledger.Verify(ledger.Head{Desk: desk}, s.Rows(t.Context(), desk, 0), &head)
				broken := (*ledger.BrokenError)(nil)
				if !errors.As(err, &broken) || broken.Seq != tt.at || !strings.Contains(broken.What, tt.says) {
					t.Errorf("error is %v, want one at entry %d: …%s…", err, tt.at, tt.says)
				}
			})
		}
	}
}

// A desk whose head is lost is not begun anew over its entries.
func TestALostHeadStopsTheDesk(t *testing.T) {
	for name, url := range storetest.Durable() {
		t.Run(name, func(t *testing.T) {
			db := storetest.Open(t, url(t))
			s := storeledger.New(db)
			appendTo(t, s, 3)
			run(t, db, "DELETE FROM ledger_heads")
			_, err := s.Append(t.Context(), desk, adaptertest.Draft(9))
			line(t, err, "append to the ledger")
			var n int
			if err := db.SQL().QueryRowContext(t.Context(), "SELECT count(*) FROM ledger_entries").Scan(&n); err != nil || n != 3 {
				t.Errorf("%d rows, %v; want 3", n, err)
			}
		})
	}
}

// Another process that holds the database for longer than SQLite waits by itself holds an append up, and does not fail it.
func TestAnAppendWaitsForALongTransaction(t *testing.T) {
	url := storetest.NewFile(t)
	one, two := storetest.Open(t, url), storetest.Open(t, url)
	held, err := one.SQL().BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	short, end := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer end()
	start := time.Now()
	if _, err := storeledger.New(two).Append(short, desk, adaptertest.Draft(0)); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("error is %v, want the end of the context", err)
	}
	if waited := time.Since(start); waited > 2*time.Second {
		t.Errorf("it came %v after the call", waited)
	}
	release := time.AfterFunc(6*time.Second, func() { _ = held.Rollback() })
	defer release.Stop()
	if entries, err := storeledger.New(two).Append(t.Context(), desk, adaptertest.Draft(1)); err != nil || entries[0].Seq != 1 {
		t.Errorf("%v, %v; want the entry once the database is free", entries, err)
	}
}

func TestATableThatIsGone(t *testing.T) {
	path := filepath.Join(t.TempDir(), "desk.sqlite")
	s := storeledger.New(storetest.Open(t, "sqlite:"+path))
	appendTo(t, s, 1)
	again := storetest.Open(t, "sqlite:"+path)
	if _, err := again.SQL().ExecContext(t.Context(), "DROP TABLE ledger_entries"); err != nil {
		t.Fatal(err)
	}
	_, err := s.Append(t.Context(), desk, adaptertest.Draft(1))
	line(t, err, "no such table: ledger_entries")
	for _, err := range s.Rows(t.Context(), desk, 0) {
		line(t, err, "read the ledger in "+path)
	}
}
