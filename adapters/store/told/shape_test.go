package told_test

import (
	"database/sql"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"stancebot/adapters/adaptertest/postgres"
	"stancebot/adapters/store"
	"stancebot/adapters/store/storetest"
	storetold "stancebot/adapters/store/told"
	"stancebot/bot/told"
	"stancebot/knowledge"
)

// telling is the i-th telling of a reply that rests on PER-01 and D-17.
func telling(i int, place told.Place, text string) told.Told {
	return told.Told{
		Desk: "main", At: time.Date(2026, 11, 1, 12, 0, i, 0, time.UTC), Place: place, Message: fmt.Sprint(i), Seq: int64(i),
		Reply: &told.Reply{
			Language: "es", Intent: knowledge.IntentStance, Countries: []knowledge.Country{"PER"}, Receipts: []string{"PER-01", "D-17"}, Text: text,
		},
	}
}

// onEach runs a test on a new, empty database of each engine.
func onEach(t *testing.T, test func(*testing.T, *store.DB)) {
	t.Helper()
	storetest.OnEach(t, func(db *store.DB) *store.DB { return db }, test)
}

// rows returns how many rows each table of what was told has.
func rows(t *testing.T, db *store.DB) string {
	t.Helper()
	var tellings, replies, receipts, countries int
	if err := db.SQL().QueryRowContext(t.Context(), `SELECT (SELECT count(*) FROM told), (SELECT count(*) FROM told_replies),
		(SELECT count(*) FROM told_receipts), (SELECT count(*) FROM told_countries)`).Scan(&tellings, &replies, &receipts, &countries); err != nil {
		t.Fatal(err)
	}
	return fmt.Sprintf("%d tellings of %d replies, %d receipts, %d countries", tellings, replies, receipts, countries)
}

func holds(t *testing.T, db *store.DB, want string) {
	t.Helper()
	if got := rows(t, db); got != want {
		t.Errorf("there are %s; want %s", got, want)
	}
}

// A reply stands once, however many it was told to. It goes with the last of them where they are forgotten, and within an hour of
// what is kept where they are old.
func TestAReplyStandsAsLongAsATelling(t *testing.T) {
	onEach(t, func(t *testing.T, db *store.DB) {
		s := storetold.New(db)
		for i := range 3 {
			if err := s.Keep(t.Context(), []told.Told{telling(2*i, "slack:T1:C1", "Perú"), telling(2*i+1, "slack:T1:C2", "Peru")}); err != nil {
				t.Fatal(err)
			}
		}
		holds(t, db, "6 tellings of 2 replies, 4 receipts, 2 countries")
		if _, err := s.Forget(t.Context(), "main", "slack:T1:C2"); err != nil {
			t.Fatal(err)
		}
		holds(t, db, "3 tellings of 1 replies, 2 receipts, 1 countries")
		for _, c := range []struct {
			before time.Time
			want   string
		}{
			{telling(1, "", "").At, "2 tellings of 1 replies, 2 receipts, 1 countries"},
			{telling(3, "", "").At, "1 tellings of 1 replies, 2 receipts, 1 countries"},
			{telling(5, "", "").At, "0 tellings of 1 replies, 2 receipts, 1 countries"},
			{telling(5, "", "").At.Add(time.Hour), "0 tellings of 0 replies, 0 receipts, 0 countries"},
		} {
			if _, err := s.Erase(t.Context(), c.before); err != nil {
				t.Fatal(err)
			}
			holds(t, db, c.want)
		}
	})
}

// A reply that is told again hours later, by whichever process, stands when its first telling is erased.
func TestAReplyThatIsToldForHours(t *testing.T) {
	onEach(t, func(t *testing.T, db *store.DB) {
		first, second := storetold.New(db), storetold.New(db)
		for hour := range 12 {
			s := []*storetold.Store{first, first, second}[hour%3]
			now := telling(hour*60*60, "slack:T1:C1", "Perú")
			if err := s.Keep(t.Context(), []told.Told{now, telling(hour*60*60-1, "slack:T1:C1", "Perú")}); err != nil {
				t.Fatal(err)
			}
			if _, err := s.Erase(t.Context(), now.At); err != nil {
				t.Fatal(err)
			}
			if got, err := s.About(t.Context(), "main", "D-17", time.Time{}); err != nil || !cmp.Equal(got, []told.Told{now}) {
				t.Errorf("%v\n%s", err, cmp.Diff([]told.Told{now}, got))
			}
		}
	})
}

// As many replies as one transaction does not erase are all erased, by either way.
func TestManyRepliesAreErased(t *testing.T) {
	onEach(t, func(t *testing.T, db *store.DB) {
		s := storetold.New(db)
		for _, erase := range []func() (int, error){
			func() (int, error) { return s.Erase(t.Context(), telling(0, "", "").At.AddDate(0, 0, 1)) },
			func() (int, error) { return s.Forget(t.Context(), "main", "slack") },
		} {
			tellings := make([]told.Told, 1001)
			for i := range tellings {
				tellings[i] = telling(i, "slack:T1:C1", fmt.Sprint(i))
			}
			if err := s.Keep(t.Context(), tellings); err != nil {
				t.Fatal(err)
			}
			if n, err := erase(); n != len(tellings) || err != nil {
				t.Errorf("%d erased, %v", n, err)
			}
			holds(t, db, "0 tellings of 0 replies, 0 receipts, 0 countries")
		}
	})
}

// Where the connection is lost at the commit, what was told stands once.
func TestALostCommitStandsOnce(t *testing.T) {
	c, over := storetest.Lay(t, postgres.Database(t))
	db := storetest.Open(t, over)
	s := storetold.New(db)
	for i, how := range []storetest.Loss{storetest.LosesReply, storetest.LosesAsked, storetest.LosesReply} {
		c.Next(how)
		if err := s.Keep(t.Context(), []told.Told{telling(i, "slack:T1:C1", "Perú"), telling(i, "slack:T1:C1", fmt.Sprint(i))}); err != nil {
			t.Fatal(err)
		}
	}
	if n := c.Cuts(); n != 3 {
		t.Errorf("%d connections were cut, want 3", n)
	}
	holds(t, db, "6 tellings of 4 replies, 8 receipts, 4 countries")
}

func TestDesksThatTold(t *testing.T) {
	onEach(t, func(t *testing.T, db *store.DB) {
		s := storetold.New(db)
		theirs := telling(1, "slack:T2:C1", "Perú")
		theirs.Desk = "wire"
		if err := s.Keep(t.Context(), []told.Told{theirs, telling(0, "slack:T1:C1", "Perú"), telling(2, "slack:T1:C1", "Peru")}); err != nil {
			t.Fatal(err)
		}
		if desks, err := s.Desks(t.Context()); err != nil || !cmp.Equal(desks, []knowledge.DeskID{"main", "wire"}) {
			t.Errorf("%v %v", desks, err)
		}
	})
}

// migration returns the text of a migration.
func migration(t *testing.T, db *store.DB, name string) string {
	t.Helper()
	text, err := os.ReadFile("../migrations/" + string(db.Dialect()) + "/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// What was told when each telling held its reply is found as before, with what was the same kept once.
func TestWhatWasToldBeforeIsCarriedOver(t *testing.T) {
	onEach(t, func(t *testing.T, db *store.DB) {
		if err := db.Write(t.Context(), "told", func(tx *sql.Tx) error {
			for _, text := range []string{
				"DROP TABLE told_receipts; DROP TABLE told_countries; DROP TABLE told; DROP TABLE told_replies; DROP TABLE told_erasures",
				migration(t, db, "00002_told.sql"),
				`INSERT INTO told (desk, id, at, place, message, private, language, intent, countries, receipts, seq, text) VALUES
					('main', '0000000000000001-A-0000', 1, 'slack:T1:C1', '1.1', 1, 'es', 'stance', '["PER"]', '["PER-01","D-17","PER-01"]', 7, X'50C3FF00'),
					('main', '0000000000000001-A-0001', 1, 'slack:T1:C2', '', 0, 'es', 'stance', '["PER"]', '["PER-01","D-17","PER-01"]', 8, X'50C3FF00'),
					('main', '0000000000000002-B-0000', 2, 'slack:T1:C1', '', 0, 'es', 'stance', '["PER"]', '["PER-01","D-17","PER-01"]', 9, X'50C3FF'),
					('main', '0000000000000003-C-0000', 3, 'slack:T1:C1', '', 0, 'es', 'help', '', '', 9, X''),
					('wire', '0000000000000004-D-0000', 4, 'slack:T2:C1', '', 0, 'es', 'stance', '["PER"]', '["PER-01","D-17","PER-01"]', 9, X'50C3FF00');
				INSERT INTO told_receipts (desk, receipt, told_id) VALUES ('main', 'PER-01', '0000000000000001-A-0000')`,
				migration(t, db, "00006_told_replies.sql"),
				"DROP TABLE told_silent",
				migration(t, db, "00010_told_history.sql"),
			} {
				if db.Dialect() == store.PostgreSQL {
					text = strings.ReplaceAll(text, "X'", "'\\x")
				}
				if _, err := tx.ExecContext(t.Context(), text); err != nil {
					return err
				}
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		holds(t, db, "5 tellings of 4 replies, 6 receipts, 3 countries")

		s := storetold.New(db)
		said := func(text string) *told.Reply {
			return &told.Reply{
				Language: "es", Intent: "stance", Countries: []knowledge.Country{"PER"}, Receipts: []string{"PER-01", "D-17", "PER-01"}, Text: text,
			}
		}
		want := []told.Told{
			{Desk: "main", At: time.UnixMicro(1).UTC(), Place: "slack:T1:C1", Message: "1.1", Private: true, Seq: 7, Reply: said("P\xc3\xff\x00")},
			{Desk: "main", At: time.UnixMicro(1).UTC(), Place: "slack:T1:C2", Seq: 8, Reply: said("P\xc3\xff\x00")},
			{Desk: "main", At: time.UnixMicro(2).UTC(), Place: "slack:T1:C1", Seq: 9, Reply: said("P\xc3\xff")},
		}
		for _, receipt := range []string{"PER-01", "D-17"} {
			got, err := s.About(t.Context(), "main", receipt, time.Time{})
			if diff := cmp.Diff(want, got); err != nil || diff != "" {
				t.Errorf("%v\n%s", err, diff)
			}
		}
		again := telling(1, "slack:T1:C1", "")
		again.Reply = said("P\xc3\xff\x00")
		if err := s.Keep(t.Context(), []told.Told{again}); err != nil {
			t.Fatal(err)
		}
		if got, err := s.OfCountry(t.Context(), "main", "PER", time.UnixMicro(2), again.At.Add(time.Second)); err != nil || !cmp.Equal(got, []told.Told{want[2], again}) {
			t.Errorf("%v\n%s", err, cmp.Diff([]told.Told{want[2], again}, got))
		}
		if n, err := s.Erase(t.Context(), time.UnixMicro(3)); n != 3 || err != nil {
			t.Errorf("%d erased, %v", n, err)
		}
		holds(t, db, "3 tellings of 3 replies, 4 receipts, 2 countries")
		if n, err := s.Erase(t.Context(), again.At.Add(2*time.Hour)); n != 3 || err != nil {
			t.Errorf("%d erased, %v", n, err)
		}
		holds(t, db, "0 tellings of 0 replies, 0 receipts, 0 countries")
	})
}
