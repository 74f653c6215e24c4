package digest

import (
	"database/sql"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"stancebot/adapters/store"
	"stancebot/adapters/store/storetest"
	"stancebot/bot/digest"
)

// fillings make 100,000 subscriptions, of which 20 are due, settings of some, and deliveries, of which 20 wait.
func fillings(subscriptions, deliveries int) []string {
	series := func(n int) string {
		return fmt.Sprintf("(WITH RECURSIVE counted(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM counted WHERE i < %d) SELECT i FROM counted) AS series", n)
	}
	return []string{
		"INSERT INTO ledger_heads (desk, seq, last_id, hash) VALUES ('main', 100, 100, '')",
		`INSERT INTO digest_subscriptions (id, desk, address, kind, about, schedule, language, made_by, name, began_at, cursor, next_at, paused_until, ended_at,
				why, version)
			SELECT 's' || i, 'main', 'slack:T1:C' || i, CASE WHEN i % 2 = 0 THEN 'digest' ELSE 'watch' END, '{}', '{}', 'en', '', '', 0,
				CASE WHEN i % 10000 = 1 THEN 99 ELSE 100 END, CASE WHEN i % 2 = 1 OR i % 10000 = 0 THEN 5 ELSE 1000 + i END, 0, 0, '', 0
			FROM ` + series(subscriptions),
		`INSERT INTO digest_deliveries (id, subscription, name, platform, lane, after_seq, up_to, due, state, not_before, attempt, tried_at, parts, message,
				doubted, reason, done_at, ended, owner, leased_until)
			SELECT 'd' || i, 's' || (i % ` + strconv.Itoa(subscriptions) + `), 'n' || i, 'slack', 'slack:T1', 1, 2, i, CASE WHEN i > 100 THEN 'sent' WHEN i > 20 THEN 'failed' ELSE 'waiting' END,
				0, 1, 0, 1, '', CASE WHEN i > 90 AND i <= 100 THEN 1 ELSE 0 END, '', CASE WHEN i > 20 THEN i ELSE 0 END, CASE WHEN i > 20 THEN 1 ELSE 0 END, '', 0
			FROM ` + series(deliveries),
		`INSERT INTO digest_settings (address, zone, quiet_from, quiet_till, empty, editors)
			SELECT 'slack:T1:C' || i, '', 0, 0, '', 0 FROM ` + series(10_000),
	}
}

func fill(tb testing.TB, db *store.DB, subscriptions, deliveries int) {
	tb.Helper()
	for _, statement := range fillings(subscriptions, deliveries) {
		if db.Dialect() == store.PostgreSQL {
			statement = strings.ReplaceAll(statement, "100, '')", `100, '\x')`)
		} else {
			statement = strings.ReplaceAll(statement, "100, '')", "100, X'')")
		}
		if err := db.Write(tb.Context(), topic, func(tx *sql.Tx) error {
			_, err := tx.ExecContext(tb.Context(), statement)
			return err
		}); err != nil {
			tb.Fatal(err)
		}
	}
	if db.Dialect() == store.PostgreSQL { // does by itself in time; nobody does it for SQLite
		if _, err := db.SQL().ExecContext(tb.Context(), "VACUUM ANALYZE digest_subscriptions, digest_deliveries, digest_settings"); err != nil {
			tb.Fatal(err)
		}
	}
}

// asked is what is asked at each turn, with its parameters.
func (s *Store) asked() map[string][]any {
	ids, moves := `["s1", "s2"]`, `[["s1", 1, 2, 1], ["s2", 1, 2, 1]]`
	return map[string][]any{
		dueDigests:              {10, "", ""},
		dueWatches:              {10, "", "", "main", 100},
		s.among(dueFew):         {ids},
		dueMany:                 {10, "", "", 100},
		wake:                    {10, 1 << 60},
		s.among(lockPlanned):    {ids, 10},
		s.findNamed():           {`[["s1", "n1"], ["s2", "n2"]]`},
		s.moveOn():              {moves},
		s.among(claimable):      {"[]", 10, "slack", 100},
		s.among(tasks + inList): {ids},
		s.stillHeld():           {`[["d1", 1]]`, "me", 10},
		s.record():              {`[["d1", "sent", 0, 1, 0, 1, "", 0, "", 5, 1]]`, "me"},
		s.among(drop):           {ids, 10},
		alerted:                 {"slack:T1:C1", 1, 100},
		inState:                 {"failed", 50},
		inDoubt:                 {50},
		eraseDeliveries:         {30},
		eraseSubscriptions:      {30},
		bareNotes:               {},
		s.among(dropNotes):      {ids},
		subscriptionsOf:         {"slack:T1:C1", 0},
		tally:                   {999_000},
	}
}

// What is asked at each turn is found by indexes on both engines, and reads no table through.
func TestPlansReadNoTableThrough(t *testing.T) {
	for name, url := range storetest.Durable() {
		t.Run(name, func(t *testing.T) {
			db := storetest.Open(t, url(t))
			s := New(db)
			n := 100_000
			if db.Dialect() == store.SQLite { // which plans by the form of a statement alone
				n = 1000
			}
			fill(t, db, n, n)
			for query, args := range s.asked() {
				plan := planOf(t, db, query, args)
				if through.MatchString(plan) || !regexp.MustCompile(ways[query]).MatchString(plan) {
					t.Errorf("%s\n%s", query, plan)
				}
			}
		})
	}
}

// ways match the indexes by which what others might be read for is found, whatever an engine thinks of how many there are.
var ways = map[string]string{
	dueDigests: "digest_subscriptions_next", dueWatches: "digest_subscriptions_cursor", dueMany: "digest_subscriptions_order",
	alerted: `(?s)digest_subscriptions_address.*subscription ?=`, inState: "digest_deliveries_state", inDoubt: "digest_deliveries_doubted",
	bareNotes: "digest_subscriptions_next", eraseDeliveries: "digest_deliveries_done", wake: "digest_deliveries_not_before", tally: "digest_deliveries_done",
}

// through is how the engines say that they read one of our tables through, and not what an index has.
var through = regexp.MustCompile(`Seq Scan on digest_|(?m)^SCAN (digest_\S*|[dsg])( USING (INDEX|COVERING INDEX) sqlite_autoindex.*)?$`)

// planOf returns the steps by which an engine would run a query, a line each.
func planOf(t *testing.T, db *store.DB, query string, args []any) string {
	t.Helper()
	explain := map[store.Dialect]string{store.SQLite: "EXPLAIN QUERY PLAN ", store.PostgreSQL: "EXPLAIN "}[db.Dialect()]
	rows, err := db.SQL().QueryContext(t.Context(), explain+query, args...)
	if err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	defer rows.Close()
	var plan strings.Builder
	for rows.Next() {
		var id, parent, unused int
		var step string
		cells := []any{&id, &parent, &unused, &step}
		if db.Dialect() == store.PostgreSQL {
			cells = cells[3:]
		}
		if err := rows.Scan(cells...); err != nil {
			t.Fatal(err)
		}
		plan.WriteString(step + "\n")
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return plan.String()
}

// Among 100,000 subscriptions, of which 20 are due, and a million deliveries, of which 20 wait, it is asked what is asked at each turn.
func BenchmarkTurn(b *testing.B) {
	for name, url := range storetest.Durable() {
		b.Run(name, func(b *testing.B) {
			db := storetest.Open(b, url(b))
			s := New(db)
			fill(b, db, 100_000, 1_000_000)
			now := time.UnixMicro(10)
			for what, ask := range map[string]func() (int, error){
				"due":  func() (int, error) { found, err := s.Due(b.Context(), now, "", "", 100); return len(found) - 20, err },
				"wake": func() (int, error) { at, err := s.Wake(b.Context(), now); return int(at.UnixMicro() - 1002), err },
				"listed": func() (int, error) {
					l, err := s.Listed(b.Context(), []digest.State{digest.Failed}, true, 50)
					return len(l) - 50, err
				},
				"tally": func() (int, error) { l, err := s.Tally(b.Context(), time.UnixMicro(999_000)); return len(l) - 2, err },
				"claim": func() (int, error) {
					tasks, err := s.Claim(b.Context(), digest.Claiming{Platforms: []string{"slack"}, Now: now, Lease: digest.Lease{Owner: "me"}, Limit: 20})
					return len(tasks) - 20, err
				},
			} {
				b.Run(what, func(b *testing.B) {
					for b.Loop() {
						if off, err := ask(); off != 0 || err != nil {
							b.Fatal(off, err)
						}
					}
				})
			}
		})
	}
}
