package jobs_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"stancebot/adapters/adaptertest/postgres"
	"stancebot/adapters/store"
	"stancebot/adapters/store/jobs"
	"stancebot/adapters/store/storetest"
	"stancebot/knowledge"
)

func TestMain(m *testing.M) { os.Exit(postgres.Main(m)) }

// onEach runs a test on each engine, with two DBs on one database, which are one in memory.
func onEach(t *testing.T, test func(t *testing.T, w *world, a, b *store.DB)) {
	t.Helper()
	t.Parallel() // they wait more than they work
	for name, url := range storetest.Engines() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a, b := storetest.OpenTwice(t, url(t))
			test(t, newWorld(), a, b)
		})
	}
}

// A world is a clock that is moved by hand, a log, and what was done.
type world struct {
	mu   sync.Mutex
	at   time.Time
	text strings.Builder
	done chan string // desk of each task, when it begins
}

func newWorld() *world {
	return &world{at: time.Date(2026, 11, 23, 9, 30, 0, 0, time.UTC), done: make(chan string, 100)}
}

func (w *world) now() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.at
}

func (w *world) move(d time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.at = w.at.Add(d)
}

// Write is the log's.
func (w *world) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.text.Write(p)
}

func (w *world) lines(word string) []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	var found []string
	for line := range strings.Lines(w.text.String()) {
		if strings.Contains(line, word) {
			found = append(found, line)
		}
	}
	return found
}

// next returns the desk for which a task was begun.
func (w *world) next(t *testing.T) string {
	t.Helper()
	select {
	case desk := <-w.done:
		return desk
	case <-time.After(40 * time.Second):
		t.Fatal("nothing was done in 40 s")
		return ""
	}
}

// nothing fails the test when a task is begun within a time.
func (w *world) nothing(t *testing.T, within time.Duration) {
	t.Helper()
	select {
	case desk := <-w.done:
		t.Errorf("the task of %q was begun once more", desk)
	case <-time.After(within):
	}
}

// hourly is a task of one desk.
func (w *world) hourly(do func(ctx context.Context) error) jobs.Task {
	return jobs.Task{
		Name: "hourly", Next: jobs.Hourly,
		Desks: func(context.Context) ([]knowledge.DeskID, error) { return []knowledge.DeskID{"main"}, nil },
		Do: func(ctx context.Context, desk knowledge.DeskID) error {
			w.done <- string(desk)
			if do == nil {
				return nil
			}
			return do(ctx)
		},
	}
}

func (w *world) jobs(t *testing.T, db *store.DB, tasks ...jobs.Task) *jobs.Jobs {
	t.Helper()
	j, err := jobs.New(t.Context(), db, jobs.Options{Tasks: tasks, Now: w.now, Log: slog.New(slog.NewTextHandler(w, nil))})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := j.Stop(context.WithoutCancel(t.Context())); err != nil {
			t.Error(err)
		}
	})
	return j
}

func start(t *testing.T, all ...*jobs.Jobs) {
	t.Helper()
	for _, j := range all {
		if err := j.Start(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
}

func plan(t *testing.T, all ...*jobs.Jobs) {
	t.Helper()
	var planners sync.WaitGroup
	for _, j := range all {
		planners.Go(func() {
			if err := j.Plan(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
	planners.Wait()
}

func TestWhatIsDueIsDoneOnceByWhomever(t *testing.T) {
	onEach(t, func(t *testing.T, w *world, a, b *store.DB) {
		one, two := w.jobs(t, a, w.hourly(nil)), w.jobs(t, b, w.hourly(nil))
		plan(t, one, two)
		start(t, one, two)
		for range 3 {
			w.nothing(t, 300*time.Millisecond) // it is half past
			w.move(time.Hour)
			plan(t, one, two, one, two)
			if desk := w.next(t); desk != "main" {
				t.Errorf("it was done for %q", desk)
			}
			plan(t, one, two)
		}
		w.nothing(t, 2*time.Second)
		if lines := w.lines(""); len(lines) != 0 {
			t.Errorf("the log has\n%s", strings.Join(lines, ""))
		}
	})
}

// What came due while nobody ran is done at the start, once, without anybody's planning by hand.
func TestWhatWasMissedIsCaughtUpOnce(t *testing.T) {
	onEach(t, func(t *testing.T, w *world, a, b *store.DB) {
		first := w.jobs(t, a, w.hourly(nil))
		plan(t, first)
		w.move(50 * time.Hour)
		start(t, w.jobs(t, b, w.hourly(nil)))
		w.next(t)
		plan(t, first)
		w.nothing(t, time.Second)
	})
}

func TestEachDeskHasItsSchedule(t *testing.T) {
	onEach(t, func(t *testing.T, w *world, a, _ *store.DB) {
		failing := errors.New("not all desks are known")
		type answer struct {
			desks []knowledge.DeskID
			err   error
		}
		var answers atomic.Value // the planner in the background reads it, too
		answers.Store(answer{[]knowledge.DeskID{"main"}, nil})
		task := w.hourly(nil)
		task.Desks = func(context.Context) ([]knowledge.DeskID, error) {
			a, _ := answers.Load().(answer)
			return a.desks, a.err
		}
		cleanup := jobs.Task{Name: "cleanup", Next: jobs.Hourly, Do: func(_ context.Context, desk knowledge.DeskID) error {
			w.done <- "cleanup of " + fmt.Sprintf("%q", desk)
			return nil
		}}
		j := w.jobs(t, a, task, cleanup)
		start(t, j)
		plan(t, j)
		both := []knowledge.DeskID{"main", "otra"}
		answers.Store(answer{both, nil})
		w.move(time.Hour)
		plan(t, j) // that of the new desk begins with its next time
		got := map[string]bool{w.next(t): true, w.next(t): true}
		if !got["main"] || !got[`cleanup of ""`] {
			t.Errorf("done is %v", got)
		}
		w.move(time.Hour)
		plan(t, j)
		got = map[string]bool{w.next(t): true, w.next(t): true, w.next(t): true}
		if !got["main"] || !got["otra"] || !got[`cleanup of ""`] {
			t.Errorf("done is %v", got)
		}
		answers.Store(answer{both, failing})
		w.move(time.Hour)
		if err := j.Plan(t.Context()); !errors.Is(err, failing) {
			t.Errorf("error is %v, want that the desks are not known", err)
		}
		got = map[string]bool{w.next(t): true, w.next(t): true, w.next(t): true} // those that are known are planned
		if !got[`cleanup of ""`] {
			t.Errorf("done is %v", got)
		}
	})
}

// A schedule that was changed to an earlier time goes by that.
func TestAnEarlierScheduleHoldsAtOnce(t *testing.T) {
	onEach(t, func(t *testing.T, w *world, a, b *store.DB) {
		daily, hourly := w.hourly(nil), w.hourly(nil)
		daily.Next = jobs.Daily(4, 0, time.UTC)
		plan(t, w.jobs(t, a, daily))
		j := w.jobs(t, b, hourly)
		start(t, j)
		plan(t, j)
		w.move(time.Hour)
		plan(t, j)
		w.next(t)
	})
}

func TestAFailureIsToldInOneLineAndTriedAgain(t *testing.T) {
	onEach(t, func(t *testing.T, w *world, a, _ *store.DB) {
		tries := 0
		j := w.jobs(t, a, w.hourly(func(context.Context) error {
			switch tries++; tries {
			case 1:
				return errors.New("the ledger\nis away")
			case 2:
				panic("oh")
			}
			return nil
		}))
		start(t, j)
		plan(t, j)
		w.move(time.Hour)
		plan(t, j)
		w.next(t)
		w.next(t)
		for end := time.Now().Add(10 * time.Second); len(w.lines("")) < 2 && time.Now().Before(end); {
			time.Sleep(10 * time.Millisecond)
		}
		lines := w.lines("")
		if len(lines) != 2 || !strings.Contains(lines[0], `error="the ledger\nis away"`) || !strings.Contains(lines[0], "attempt=1 of=8") ||
			!strings.Contains(lines[0], "hourly") || !strings.Contains(lines[1], "panic: oh") {
			t.Errorf("the log has\n%s", strings.Join(lines, ""))
		}
	})
}

func TestStopWaitsForWhatRuns(t *testing.T) {
	onEach(t, func(t *testing.T, w *world, a, _ *store.DB) {
		goOn, ended := make(chan struct{}), make(chan error, 1)
		j := w.jobs(t, a, w.hourly(func(ctx context.Context) error {
			<-goOn
			ended <- ctx.Err()
			return nil
		}))
		start(t, j, j) // again is no harm
		plan(t, j)
		w.move(time.Hour)
		plan(t, j)
		w.next(t)
		stopped := make(chan error, 2)
		for range 2 {
			go func() { stopped <- j.Stop(t.Context()) }()
		}
		select {
		case err := <-stopped:
			t.Errorf("Stop does not wait: %v", err)
		case <-time.After(300 * time.Millisecond):
		}
		close(goOn)
		for range 2 {
			if err := <-stopped; err != nil {
				t.Error(err)
			}
		}
		select {
		case err := <-ended:
			if err != nil {
				t.Errorf("the task was cancelled: %v", err)
			}
		default:
			t.Error("Stop returned before the task did")
		}
	})
}

// When Stop may wait no longer, the task is cancelled, and done by the next that starts.
func TestWhatIsCancelledIsDoneElsewhere(t *testing.T) {
	onEach(t, func(t *testing.T, w *world, a, b *store.DB) {
		one := w.jobs(t, a, w.hourly(func(ctx context.Context) error {
			<-ctx.Done()
			return ctx.Err()
		}))
		start(t, one)
		plan(t, one)
		w.move(time.Hour)
		plan(t, one)
		w.next(t)
		ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
		defer cancel()
		if err := one.Stop(ctx); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("error is %v, want that the tasks were cancelled", err)
		}
		start(t, w.jobs(t, b, w.hourly(nil)))
		w.next(t)
	})
}

// When the one that leads stops, another plans.
func TestAnotherLeadsWhenTheLeaderStops(t *testing.T) {
	onEach(t, func(t *testing.T, w *world, a, b *store.DB) {
		one, two := w.jobs(t, a, w.hourly(nil)), w.jobs(t, b, w.hourly(nil))
		plan(t, one)
		w.move(time.Hour)
		start(t, one)
		w.next(t) // one leads, and planned
		start(t, two)
		w.move(time.Hour)
		if err := one.Stop(t.Context()); err != nil {
			t.Fatal(err)
		}
		w.next(t)
		w.nothing(t, time.Second)
	})
}

func TestStopWithoutStart(t *testing.T) {
	onEach(t, func(t *testing.T, w *world, a, _ *store.DB) {
		j := w.jobs(t, a, w.hourly(nil))
		for range 2 {
			if err := j.Stop(t.Context()); err != nil {
				t.Error(err)
			}
		}
	})
}

func TestATaskNeedsANameOfItsOwn(t *testing.T) {
	w := newWorld()
	db := storetest.Open(t, "sqlite::memory:")
	for _, tasks := range [][]jobs.Task{{{}}, {w.hourly(nil), w.hourly(nil)}} {
		if _, err := jobs.New(t.Context(), db, jobs.Options{Tasks: tasks, Now: w.now, Log: slog.New(slog.DiscardHandler)}); err == nil {
			t.Error("it is taken")
		}
	}
}

// With the role of deploy/postgres-role.sql the jobs run, too.
func TestTheRoleRunsJobs(t *testing.T) {
	owner := postgres.Database(t)
	db := storetest.Open(t, owner)
	role, err := os.ReadFile("../../../deploy/postgres-role.sql")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.SQL().ExecContext(t.Context(), string(role)+"ALTER ROLE stancebot PASSWORD 'x'"); err != nil {
		t.Fatal(err)
	}
	as, err := url.Parse(owner)
	if err != nil {
		t.Fatal(err)
	}
	as.User = url.UserPassword("stancebot", "x")
	w := newWorld()
	j := w.jobs(t, storetest.Open(t, as.String()), w.hourly(func(context.Context) error { return nil }))
	start(t, j)
	plan(t, j)
	w.move(time.Hour)
	plan(t, j)
	w.next(t)
	if lines := w.lines(""); len(lines) > 0 {
		t.Errorf("the log has\n%s", strings.Join(lines, ""))
	}
}
