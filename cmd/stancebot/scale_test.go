//go:build linux

package main

import (
	"fmt"
	"runtime"
	"testing"
	"time"

	"stancebot/adapters/adaptertest/postgres"
	"stancebot/adapters/slack/slacktest"
	"stancebot/adapters/telegram/telegramtest"
	"stancebot/bot/digest"
	"stancebot/knowledge/raced"
)

// One entry of the ledger is told to more and more chats: what each costs stays what it was. The pace is hastened, so that the program is
// measured and not the platform's limit. It prints the table of deploy/capacity.md.
func TestScale(t *testing.T) {
	if raced.On {
		return // it measures, and races are looked for by others of its kind
	}
	sizes := []int{200, 1000}
	if deep {
		sizes = []int{1_000, 10_000, 100_000}
	}
	var all []scale
	for _, n := range sizes {
		s := scaled(t, n)
		all = append(all, s)
		t.Logf("| %d | %s | %.0f MB | %d | %.0f MB | %s | %s |", n, s.each.Round(10*time.Microsecond), s.resident, s.rows, s.kept, s.took.Round(time.Second), s.quiet.Round(time.Millisecond))
	}
	t.Logf("on %d cores, %s", runtime.NumCPU(), runtime.Version())
	for _, s := range all[1:] {
		if first := all[0]; s.each > 2*first.each+time.Millisecond || s.rows > first.rows+1 {
			t.Errorf("with %d chats each costs %s and %d rows; with %d it was %s and %d", s.n, s.each, s.rows, first.n, first.each, first.rows)
		}
	}
}

// A scale is what one entry cost that so many chats were told.
type scale struct {
	n        int
	each     time.Duration // of computing for each delivery
	took     time.Duration // from the entry to the last
	resident float64       // the most megabytes of the process, of those that were looked at
	rows     int           // of each delivery, that stay until it is erased
	kept     float64       // megabytes of all tables and their indexes
	quiet    time.Duration // of computing in ten seconds in which nothing is due
}

func scaled(t *testing.T, n int) scale {
	t.Helper()
	const haste = 200
	stand := newNewsstand(t, postgres.Database(t), haste, slacktest.Limits{}, telegramtest.Limits{})
	stand.subscribe(t, stand.inTelegram(n), true)
	before := stand.count(t)
	r := stand.serve(t).serving(t)
	s := scale{n: n}
	quiet := r.computed(t)
	time.Sleep(quietTime()) // which is what is measured
	s.quiet = time.Duration(float64(r.computed(t)-quiet) * (10 / quietTime().Seconds()))
	computed, began := r.computed(t), time.Now()
	stand.record(t, 1)
	for told := int64(0); told < int64(n); told = stand.posts.Load() {
		stand.until(t, min(int64(n), told+int64(n)/20+1), r.log.String)
		s.resident = max(s.resident, r.resident(t))
	}
	all := stand.delivered(t, n, 10*time.Minute, r.log.String)
	s.took, s.each = time.Since(began), (r.computed(t)-computed)/time.Duration(n)
	for i := range all {
		if all[i].Delivery.State != digest.Sent {
			t.Errorf("%s is %s: %s", all[i].Subscription.To, all[i].Delivery.State, all[i].Delivery.Reason)
		}
	}
	r.stop(t)
	s.rows = (stand.count(t) - before) / n
	if err := stand.db.SQL().QueryRowContext(t.Context(), "SELECT SUM(pg_total_relation_size(c.oid)) / 1e6 FROM pg_class c JOIN pg_namespace s ON s.oid = c.relnamespace WHERE s.nspname = 'public' AND c.relkind = 'r'").Scan(&s.kept); err != nil {
		t.Fatal(err)
	}
	return s
}

// quietTime is for how long it is looked at what a process does that has nothing to do.
func quietTime() time.Duration {
	if deep {
		return 10 * time.Second
	}
	return time.Second
}

// count is how many rows all tables have.
func (n *newsstand) count(t *testing.T) (rows int) {
	t.Helper()
	tables, err := n.db.SQL().QueryContext(t.Context(), "SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
	if err != nil {
		t.Fatal(err)
	}
	defer tables.Close()
	var names []string
	for tables.Next() {
		var name string
		if err := tables.Scan(&name); err != nil {
			t.Fatal(err)
		}
		names = append(names, name)
	}
	if err := tables.Err(); err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		var in int
		if err := n.db.SQL().QueryRowContext(t.Context(), fmt.Sprintf("SELECT COUNT(*) FROM %q", name)).Scan(&in); err != nil {
			t.Fatal(err)
		}
		rows += in
	}
	return rows
}
