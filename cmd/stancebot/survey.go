package main

import (
	"context"
	"errors"
	"runtime"
	"sync"
	"time"

	"stancebot/adapters/admin"
	"stancebot/adapters/store"
	"stancebot/adapters/store/jobs"
	storedledger "stancebot/adapters/store/ledger"
	"stancebot/bot/digest"
)

// The times of a survey. A database that gives no answer holds up the survey, and nobody who asks for what it found.
const (
	surveyEvery = 5 * time.Second
	surveyLimit = 4 * time.Second
)

// lateListed bounds the deliveries that are looked at for those that are late.
const lateListed = 1000

// A survey looks now and then how what is kept in the database is, so that whoever asks for figures waits for no database.
type survey struct {
	memory  *memory
	started time.Time

	mu      sync.Mutex
	found   findings
	allRead time.Time // when answers were last known to hold all that was recorded
	last    map[string]sending
}

// findings are what a survey found. While the database is away, they are those of before, but for what tells that it is.
type findings struct {
	at       time.Time
	away     error
	latency  time.Duration
	tables   int64
	desks    int64
	entries  int64 // recorded, of all desks
	jobs     int64
	open     map[string]int // deliveries that have not ended, by platform
	late     map[string]int // of them those whose time came a minute ago
	goes     map[string]int // subscriptions that go on
	still    map[string]int // of them those that are paused
	room     int64
	hasRoom  bool
	counted  store.Counts
	pool     poolState
	attempts int64 // of surveys
}

// A poolState is how the connections of a database are.
type poolState struct {
	open, used int
	waits      int64
	waited     time.Duration
}

// A sending is one of a delivery.
type sending struct{ due, done time.Time }

func newSurvey(m *memory) *survey {
	now := time.Now()
	return &survey{memory: m, started: now, allRead: now, last: map[string]sending{}}
}

// run surveys until the context ends.
func (s *survey) run(ctx context.Context) {
	tick := time.NewTicker(surveyEvery)
	defer tick.Stop()
	for {
		s.look(ctx)
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// look surveys once.
func (s *survey) look(ctx context.Context) {
	ctx, end := context.WithTimeout(ctx, surveyLimit)
	defer end()
	s.mu.Lock()
	f := s.found
	s.mu.Unlock()
	read := s.memory.entries() // before what was recorded is counted: later ones lie behind it
	f.away = f.look(ctx, s.memory)
	f.at = time.Now()
	f.attempts++
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.found = f; f.away == nil && read >= f.entries {
		s.allRead = f.at
	}
}

// look finds what there is, and returns why not where the database is away.
func (f *findings) look(ctx context.Context, m *memory) error {
	db, failed := m.database()
	if db == nil {
		return failed
	}
	stats := db.SQL().Stats()
	f.pool = poolState{stats.OpenConnections, stats.InUse, stats.WaitCount, stats.WaitDuration}
	f.counted = db.Counts()
	f.room, f.hasRoom = db.Room()
	var err error
	if f.latency, err = db.Ping(ctx); err != nil {
		return err
	}
	desks, entries, err := storedledger.New(db).Recorded(ctx)
	tables, _, err2 := db.Versions(ctx)
	waiting, err3 := jobs.Waiting(ctx, db)
	if err := errors.Join(err, err2, err3); err != nil {
		return err
	}
	f.desks, f.entries, f.tables, f.jobs = desks, entries, tables, waiting
	return f.count(ctx, m.digestStore(), m.now())
}

// count counts what is subscribed to, and what is to be delivered.
func (f *findings) count(ctx context.Context, s digest.Store, now time.Time) error {
	deliveries, err := s.Tally(ctx, now)
	subscriptions, err2 := s.Subscriptions(ctx, now)
	waiting, err3 := s.Listed(ctx, []digest.State{digest.Waiting, digest.Trying}, false, lateListed)
	if err := errors.Join(err, err2, err3); err != nil {
		return err
	}
	f.open, f.late, f.goes, f.still = map[string]int{}, map[string]int{}, map[string]int{}, map[string]int{}
	for _, t := range deliveries {
		if t.State == digest.Waiting || t.State == digest.Trying {
			f.open[t.Platform] += t.N
		}
	}
	for _, t := range subscriptions {
		f.goes[t.Platform] += t.N
		f.still[t.Platform] += t.Paused
	}
	for i := range waiting {
		if t := &waiting[i]; now.Sub(t.Delivery.Due) > lateAfter {
			f.late[t.Subscription.To.Platform()]++
		}
	}
	return nil
}

// sent notes what was delivered.
func (s *survey) sent(platform string, d *digest.Delivery) {
	if d.State != digest.Sent {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.last[platform] = sending{d.Due, d.Done}
}

// now is what was found last.
func (s *survey) now() findings {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.found
}

// behind is how long ago answers were last known to hold all that was recorded.
func (s *survey) behind() time.Duration {
	s.mu.Lock()
	defer s.mu.Unlock()
	return time.Since(s.allRead)
}

// tell adds to a report what was found.
func (s *survey) tell(r *admin.Report, platforms []platform) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f := &s.found
	r.Started = s.started.UTC().Truncate(time.Second)
	r.Snapshot.Swaps, r.Snapshot.AllRead = s.memory.holder.Swaps(), time.Since(s.allRead).Seconds()
	r.Database = &admin.Database{
		Kind: kindOf(s.memory.url), Up: f.away == nil && f.attempts > 0, Latency: float64(f.latency.Microseconds()) / 1000, Tables: f.tables, Looked: time.Since(f.at).Seconds(),
	}
	if f.attempts == 0 {
		r.Database.Looked = 0
	}
	if f.away != nil {
		r.Database.Error = f.away.Error()
	}
	told, _ := s.memory.untold()
	r.Queues = map[string]int64{"jobs": f.jobs, "told": int64(told)}
	for _, p := range platforms {
		if r.Digests == nil {
			r.Digests = map[string]admin.Digest{}
		}
		l := s.last[p.name]
		r.Digests[p.name] = admin.Digest{
			Subscriptions: f.goes[p.name], Paused: f.still[p.name], Waiting: f.open[p.name], Late: f.late[p.name], LastDue: l.due.UTC(), LastSent: l.done.UTC(),
		}
		r.Queues["inbox "+p.name] = p.Stats().Waiting
		r.Queues["deliveries "+p.name] = int64(f.open[p.name])
	}
}

// kindOf names the engine that a URL asks for.
func kindOf(url string) string {
	if len(url) >= len("sqlite:") && url[:len("sqlite:")] == "sqlite:" {
		return string(store.SQLite)
	}
	return string(store.PostgreSQL)
}

// measure measures what is surveyed, and what else is read when it is asked for.
func (s *survey) measure(metrics *admin.Metrics, p *program, platforms []platform) {
	metrics.Info("stancebot_build_info", "Which program runs, always 1.", map[string]string{"version": programVersion(), "go_version": runtime.Version()})
	metrics.Info("stancebot_records_info", "Which version of the shared records answers rest on, and to when events were checked in it, always 1.",
		map[string]string{"version": p.records.Version, "checked_to": p.records.Article.CheckedTo.String()})
	s.measureSnapshot(metrics)
	s.measureDatabase(metrics)
	s.measurePlatforms(metrics, platforms)
	gallery := s.memory.gallery
	metrics.Counter("stancebot_pictures_drawn_total", "Pictures that were drawn, those that were kept not counted again.", nil, func() float64 { return float64(gallery.Stats().Drawn) })
	metrics.Counter("stancebot_pictures_failed_total", "Pictures that could not be drawn: answers went in words alone.", nil, func() float64 { return float64(gallery.Stats().Failed) })
	metrics.Gauge("stancebot_pictures_kept", "Pictures that are kept in memory.", nil, func() float64 { return float64(gallery.Stats().Kept) })
	metrics.Gauge("stancebot_pictures_kept_bytes", "Memory of the pictures that are kept.", nil, func() float64 { return float64(gallery.Stats().Bytes) })
	metrics.Gauge("stancebot_jobs_waiting", "Daily and hourly jobs that are to be done, of all processes.", nil, func() float64 { return float64(s.now().jobs) })
}

// measureSnapshot measures how far answers are behind what was recorded.
func (s *survey) measureSnapshot(metrics *admin.Metrics) {
	m := s.memory
	metrics.Gauge("stancebot_snapshot_age_seconds", "Time since answers were last known to hold all that was recorded.", nil, func() float64 { return s.behind().Seconds() })
	metrics.Counter("stancebot_snapshot_swaps_total", "Snapshots that were put in the place of others.", nil, func() float64 { return float64(m.holder.Swaps()) })
	metrics.Counter("stancebot_snapshot_failures_total", "Readings of the ledgers that stopped short: answers stay with what was read before.", nil,
		func() float64 { return float64(m.failures.Load()) })
	metrics.Gauge("stancebot_ledger_desks", "Desks that recorded something.", nil, func() float64 { return float64(s.now().desks) })
	metrics.Gauge("stancebot_ledger_recorded_entries", "Entries in the ledgers of all desks.", nil, func() float64 { return float64(s.now().entries) })
	metrics.Gauge("stancebot_ledger_read_entries", "Of those recorded, entries that answers take into account.", nil, func() float64 { return float64(m.entries()) })
	metrics.Gauge("stancebot_ledger_broken_desks", "Desks whose chain does not hold: answers go without what is behind the break.", nil,
		func() float64 { return float64(len(m.status().Broken())) })
}

// measureDatabase measures how the database is.
func (s *survey) measureDatabase(metrics *admin.Metrics) {
	for _, g := range []struct {
		name, help string
		read       func(*findings) float64
	}{
		{"stancebot_database_up", "Whether the database answered when it was last looked at: 1 or 0.", func(f *findings) float64 { return oneIf(f.away == nil && f.attempts > 0) }},
		{"stancebot_database_ping_seconds", "Time that the database last took to answer.", func(f *findings) float64 { return f.latency.Seconds() }},
		{"stancebot_database_connections", "Connections that are open.", func(f *findings) float64 { return float64(f.pool.open) }},
		{"stancebot_database_connections_used", "Of those that are open, connections in use.", func(f *findings) float64 { return float64(f.pool.used) }},
		{"stancebot_database_free_bytes", "Room beside a file of SQLite; -1 where that is not known.", (*findings).free},
	} {
		metrics.Gauge(g.name, g.help, nil, func() float64 { f := s.now(); return g.read(&f) })
	}
	for _, c := range []struct {
		name, help string
		read       func(*findings) float64
	}{
		{"stancebot_database_waits_total", "Times that a connection was waited for.", func(f *findings) float64 { return float64(f.pool.waits) }},
		{"stancebot_database_wait_seconds_total", "Time that connections were waited for.", func(f *findings) float64 { return f.pool.waited.Seconds() }},
		{"stancebot_database_writes_total", "Transactions that write.", func(f *findings) float64 { return float64(f.counted.Writes) }},
		{"stancebot_database_write_errors_total", "Of those that write, transactions that failed.", func(f *findings) float64 { return float64(f.counted.Failed) }},
		{"stancebot_database_write_retries_total", "Transactions that were tried again, because another was faster or the database away.", func(f *findings) float64 { return float64(f.counted.Retries) }},
		{"stancebot_database_write_seconds_total", "Time that transactions took that write, with the wait for their turn.", func(f *findings) float64 { return f.counted.Took.Seconds() }},
	} {
		metrics.Counter(c.name, c.help, nil, func() float64 { f := s.now(); return c.read(&f) })
	}
}

func (f *findings) free() float64 {
	if !f.hasRoom {
		return -1
	}
	return float64(f.room)
}

func oneIf(is bool) float64 {
	if is {
		return 1
	}
	return 0
}

// measurePlatforms measures how the platforms that are served are, what is subscribed to on each, and what is to be delivered.
func (s *survey) measurePlatforms(metrics *admin.Metrics, platforms []platform) {
	for _, p := range platforms {
		labels := map[string]string{"platform": p.name}
		metrics.Gauge("stancebot_platform_up", "Whether a platform works, as /readyz tells it: 1 or 0.", labels, func() float64 { return oneIf(p.Health() == "") })
		for _, g := range []struct {
			name, help string
			of         func(*findings) map[string]int
		}{
			{"stancebot_deliveries_waiting", "Digests, alerts and letters that are planned and have not ended.", func(f *findings) map[string]int { return f.open }},
			{"stancebot_deliveries_late", "Of those that wait, those that were due more than a minute ago.", func(f *findings) map[string]int { return f.late }},
			{"stancebot_subscriptions", "Digests and watches that go on.", func(f *findings) map[string]int { return f.goes }},
			{"stancebot_subscriptions_paused", "Of those that go on, those that are paused.", func(f *findings) map[string]int { return f.still }},
		} {
			metrics.Gauge(g.name, g.help, labels, func() float64 { f := s.now(); return float64(g.of(&f)[p.name]) })
		}
	}
}
