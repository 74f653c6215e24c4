package jobs

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"sync"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"

	"stancebot/adapters/store"
	"stancebot/knowledge"
)

// A Task is what is done on a schedule. Do has half a minute, and may be called again for what it did already.
type Task struct {
	Name  string                                                // of its schedule, such as daily
	Next  func(after time.Time) time.Time                       // when it is due next
	Desks func(ctx context.Context) ([]knowledge.DeskID, error) // for whom; nil for once for all, with the desk ""
	Do    func(ctx context.Context, desk knowledge.DeskID) error
}

// Options are what Jobs are made of.
type Options struct {
	Tasks []Task
	Now   func() time.Time // the running clock
	Log   *slog.Logger
}

// The limits of a task. A task of a process that died is begun again after rescueAfter, and up to half a minute more.
const (
	limit       = 30 * time.Second
	rescueAfter = 45 * time.Second
	attempts    = 8                // over some eighty minutes
	planEvery   = time.Minute      // the finest that a schedule can be
	cancelWait  = 10 * time.Second // for tasks that were cancelled to return
	workers     = 4
)

// topic is what changes of schedules are announced under. Nobody waits for them.
const topic = "schedules"

// Jobs does what is due. It is safe for concurrent use.
type Jobs struct {
	db      *store.DB
	client  *river.Client[*sql.Tx]
	release func()
	tasks   map[string]*Task
	order   []*Task
	now     func() time.Time
	log     *slog.Logger

	stopping sync.Mutex
	stopped  bool
}

// New returns jobs on a database, not started yet.
func New(ctx context.Context, db *store.DB, o Options) (*Jobs, error) {
	j := &Jobs{db: db, tasks: map[string]*Task{}, now: o.Now, log: o.Log}
	for i := range o.Tasks {
		t := &o.Tasks[i]
		if t.Name == "" || j.tasks[t.Name] != nil {
			return nil, fmt.Errorf("jobs: a task needs a name of its own, and %q is none", t.Name)
		}
		j.tasks[t.Name] = t
		j.order = append(j.order, t)
	}
	workers := river.NewWorkers()
	river.AddWorker(workers, &planner{jobs: j})
	river.AddWorker(workers, &doer{jobs: j})
	driver, release, err := db.RiverDriver(ctx)
	if err != nil {
		return nil, err
	}
	j.release = release
	if j.client, err = river.NewClient(driver, j.config(workers)); err != nil {
		release()
		return nil, fmt.Errorf("jobs: %w", err)
	}
	return j, nil
}

func (j *Jobs) config(bundle *river.Workers) *river.Config {
	return &river.Config{
		Logger:               slog.New(newQuiet(j.log.Handler())),
		ErrorHandler:         &reporter{j.log},
		JobTimeout:           limit,
		RescueStuckJobsAfter: rescueAfter,
		MaxAttempts:          attempts,
		Queues:               map[string]river.QueueConfig{river.QueueDefault: {MaxWorkers: workers}},
		Workers:              bundle,
		ReindexerIndexNames:  []string{}, // a few jobs an hour do not bloat, and to reindex needs the owner of the tables
		PeriodicJobs: []*river.PeriodicJob{river.NewPeriodicJob(river.PeriodicInterval(planEvery),
			func() (river.JobArgs, *river.InsertOpts) { return planArgs{}, &river.InsertOpts{MaxAttempts: 1} }, // the next one comes anyway
			&river.PeriodicJobOpts{RunOnStart: true})},
	}
}

// Start begins to plan and to do what is due, in the background, until Stop: the end of the context does not end it. It may
// be called again while they run.
func (j *Jobs) Start(ctx context.Context) error {
	if err := j.client.Start(context.WithoutCancel(ctx)); err != nil {
		return j.db.Explain("start jobs on", err)
	}
	return nil
}

// Stop takes no more jobs and waits for those that run. When the context ends, it cancels them, so that they are tried again
// elsewhere, and waits until they have returned. It may be called again, and without Start. Jobs that were stopped are
// not started again.
func (j *Jobs) Stop(ctx context.Context) error {
	j.stopping.Lock()
	defer j.stopping.Unlock()
	if j.stopped {
		return nil
	}
	err := j.client.Stop(ctx)
	if err != nil {
		limited, cancel := context.WithTimeout(context.WithoutCancel(ctx), cancelWait)
		defer cancel()
		if hard := j.client.StopAndCancel(limited); hard != nil {
			return fmt.Errorf("jobs: tasks do not return: %w", errors.Join(err, hard))
		}
	}
	j.stopped = true
	j.release()
	if err != nil {
		return fmt.Errorf("jobs: tasks were cancelled, and are tried again: %w", err)
	}
	return nil
}

// Plan moves the schedules that are due, and inserts a job for each, once however often its time has passed. A schedule that
// is new begins with its next time.
func (j *Jobs) Plan(ctx context.Context) error {
	type one struct {
		task *Task
		desk knowledge.DeskID
	}
	var all []one
	var errs []error // a task whose desks are not known keeps no other from being planned
	for _, t := range j.order {
		desks := []knowledge.DeskID{""}
		if t.Desks != nil {
			var err error
			if desks, err = t.Desks(ctx); err != nil {
				errs = append(errs, fmt.Errorf("jobs: desks of %s: %w", t.Name, err))
			}
		}
		for _, desk := range desks {
			all = append(all, one{t, desk})
		}
	}
	now := j.now()
	err := j.db.Write(ctx, topic, func(tx *sql.Tx) error {
		for _, o := range all {
			if err := j.plan(ctx, tx, o.task, o.desk, now); err != nil {
				return err
			}
		}
		return nil
	})
	return errors.Join(append(errs, j.db.Explain("plan jobs in", err))...)
}

// plan holds the schedule's row by updating it with its own value, so that another planner waits, and then finds it moved.
func (j *Jobs) plan(ctx context.Context, tx *sql.Tx, t *Task, desk knowledge.DeskID, now time.Time) error {
	next := t.Next(now)
	var at int64
	err := tx.QueryRowContext(ctx, `INSERT INTO schedules AS old (desk, name, next_at) VALUES ($1, $2, $3)
		ON CONFLICT (desk, name) DO UPDATE SET next_at = old.next_at RETURNING next_at`, desk, t.Name, next.UnixMicro()).Scan(&at)
	due := time.UnixMicro(at).UTC()
	isDue := !due.After(now)
	if err != nil || !isDue && !due.After(next) { // later than the next time it is when the schedule was changed
		return err
	}
	if _, err := tx.ExecContext(ctx, "UPDATE schedules SET next_at = $3 WHERE desk = $1 AND name = $2", desk, t.Name, next.UnixMicro()); err != nil {
		return err
	}
	if !isDue {
		return nil
	}
	_, err = j.client.InsertTx(ctx, tx, doArgs{Task: t.Name, Desk: desk, Due: due}, nil)
	return err
}

type planArgs struct{}

// Kind is the name of the job in the queue.
func (planArgs) Kind() string { return "plan" }

type planner struct {
	river.WorkerDefaults[planArgs]
	jobs *Jobs
}

// Work plans.
func (p *planner) Work(ctx context.Context, _ *river.Job[planArgs]) error { return p.jobs.Plan(ctx) }

type doArgs struct {
	Task string           `json:"task"`
	Desk knowledge.DeskID `json:"desk"`
	Due  time.Time        `json:"due"`
}

// Kind is the name of the job in the queue.
func (doArgs) Kind() string { return "do" }

type doer struct {
	river.WorkerDefaults[doArgs]
	jobs *Jobs
}

// Work does the task. A panic of it is an error like others.
func (d *doer) Work(ctx context.Context, job *river.Job[doArgs]) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("panic: %v\n%s", r, debug.Stack())
		}
	}()
	t := d.jobs.tasks[job.Args.Task]
	if t == nil {
		return river.JobCancel(fmt.Errorf("this program has no task %q", job.Args.Task))
	}
	return t.Do(ctx, job.Args.Desk)
}

// A reporter tells of each job that failed, in one line.
type reporter struct{ log *slog.Logger }

// HandleError reports an error.
func (r *reporter) HandleError(ctx context.Context, job *rivertype.JobRow, err error) *river.ErrorHandlerResult {
	r.report(ctx, job, slog.Any("error", err))
	return nil
}

// HandlePanic reports a panic.
func (r *reporter) HandlePanic(ctx context.Context, job *rivertype.JobRow, value any, trace string) *river.ErrorHandlerResult {
	r.report(ctx, job, slog.Any("panic", value), slog.String("trace", trace))
	return nil
}

func (r *reporter) report(ctx context.Context, job *rivertype.JobRow, what ...slog.Attr) {
	r.log.LogAttrs(ctx, slog.LevelError, "a job failed", append([]slog.Attr{
		slog.String("job", job.Kind), slog.String("args", string(job.EncodedArgs)), slog.Int("attempt", job.Attempt), slog.Int("of", job.MaxAttempts),
	}, what...)...)
}
