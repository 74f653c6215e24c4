package digest

import (
	"context"
	"crypto/rand"
	"fmt"
	"log/slog"
	"strconv"
	"time"

	"stancebot/bot"
	"stancebot/knowledge"
)

// The pace of planning.
const (
	planRest  = 200 * time.Millisecond // at least: what changes meanwhile is planned together
	planPage  = 1000                   // subscriptions that are looked at together
	planLimit = 30 * time.Second       // of one look
)

// A Planner plans what subscriptions are due. Any number of them may plan beside each other, in other processes too: each
// delivery is planned once.
type Planner struct {
	Store func() Store // nil while the database is away
	// Reach tells up to which entry the snapshot in force tells of a desk's ledger, and whether that was read to its end at all: before,
	// nothing is planned, for a digest would tell that nothing changed.
	Reach   func(knowledge.DeskID) (seq int64, read bool)
	Changes func(ctx context.Context, desk knowledge.DeskID, about Filter, after, upTo int64) ([]Change, error) // those that concern a filter
	Lane    func(bot.Address) string                                                                            // what an address shares its pace with
	Planned func()                                                                                              // hears that there is something to deliver; nil for nobody
	Every   time.Duration                                                                                       // at most, between two looks at what is due, whatever the store tells; 0 for a minute
	Now     func() time.Time
	Log     *slog.Logger

	kick chan struct{}
}

// NewPlanner returns a planner with what it needs set.
func NewPlanner(p Planner) *Planner {
	p.kick = make(chan struct{}, 1)
	if p.Planned == nil {
		p.Planned = func() {}
	}
	return &p
}

// Kick tells that something may be due: the ledger has grown.
func (p *Planner) Kick() {
	select {
	case p.kick <- struct{}{}:
	default:
	}
}

// Run plans until the context ends.
func (p *Planner) Run(ctx context.Context) {
	failing := false
	for ctx.Err() == nil {
		store := p.Store()
		if store == nil {
			wait(ctx, retryEvery, nil, nil)
			continue
		}
		changed, end := context.WithCancel(ctx)
		signals := store.Changed(changed)
		for ctx.Err() == nil {
			looked := p.Now()
			_, behind, err := p.Plan(ctx)
			if failing != (err != nil) && ctx.Err() == nil {
				if failing = err != nil; failing {
					p.Log.ErrorContext(ctx, "digests cannot be planned: it is tried again", "error", err)
				}
			}
			wait(ctx, planRest, nil, nil)
			if behind { // the snapshot is about to follow the ledger
				wait(ctx, planRest, nil, p.kick)
			} else {
				wait(ctx, nextLook(ctx, store, looked, p.Now(), p.Every), signals, p.kick)
			}
		}
		end()
	}
}

// Rehearse returns what would be planned at a time, and plans nothing.
func (p *Planner) Rehearse(ctx context.Context, at time.Time) ([]Task, error) {
	r := round{Planner: p, store: p.Store(), now: at, changes: map[stretch][]Change{}}
	if r.store == nil {
		return nil, ErrAway
	}
	var planned []Task
	err := r.pages(ctx, func(page []Task) error {
		for i := range page {
			step, err := r.step(ctx, &page[i])
			if err != nil {
				return err
			}
			if step != nil && step.Delivery != nil {
				page[i].Delivery = *step.Delivery
				planned = append(planned, page[i])
			}
		}
		return nil
	})
	return planned, err
}

// Plan plans what is due now, once, and returns how many deliveries. It reports whether a ledger has grown beyond what the
// snapshot tells, which is planned as soon as that has followed.
func (p *Planner) Plan(ctx context.Context) (planned int, behind bool, err error) {
	ctx, end := context.WithTimeout(ctx, planLimit)
	defer end()
	r := round{Planner: p, store: p.Store(), now: p.Now(), changes: map[stretch][]Change{}}
	if r.store == nil {
		return 0, false, ErrAway
	}
	err = r.pages(ctx, func(page []Task) error { return r.plan(ctx, page) })
	if r.planned > 0 {
		p.Planned()
	}
	return r.planned, r.behind, err
}

// A round is one look at what is due.
type round struct {
	*Planner
	store   Store
	now     time.Time
	changes map[stretch][]Change // what subscriptions with the same filter share
	planned int
	behind  bool
}

// A stretch of a ledger, as a filter sees it.
type stretch struct {
	desk        knowledge.DeskID
	about       string
	after, upTo int64
}

// pages calls f with all that may be due, a page at a time.
func (r *round) pages(ctx context.Context, f func([]Task) error) error {
	var desk knowledge.DeskID
	var id string
	for {
		page, err := r.store.Due(ctx, r.now, desk, id, planPage)
		if err != nil {
			return err
		}
		if err := f(page); err != nil || len(page) < planPage {
			return err
		}
		last := &page[len(page)-1].Subscription
		desk, id = last.Desk, last.ID
	}
}

func (r *round) plan(ctx context.Context, due []Task) error {
	var steps []Step
	for i := range due {
		step, err := r.step(ctx, &due[i])
		if err != nil {
			return err
		}
		if step != nil {
			steps = append(steps, *step)
		}
	}
	if len(steps) == 0 {
		return nil
	}
	taken, err := r.store.Plan(ctx, r.now, steps)
	if err != nil {
		return err
	}
	var again []Step // a second digest of one day comes with the next: its hour was changed
	for i := range steps {
		switch s := steps[i]; {
		case taken[i] && s.Delivery != nil:
			r.planned++
		case !taken[i] && s.Delivery != nil:
			s.To, s.Delivery = s.From, nil
			again = append(again, s)
		}
	}
	if len(again) == 0 {
		return nil
	}
	_, err = r.store.Plan(ctx, r.now, again)
	return err
}

func (r *round) step(ctx context.Context, t *Task) (*Step, error) {
	s := &t.Subscription
	if s.Next.After(r.now) || s.Paused.After(r.now) || !s.Ended.IsZero() { // another planner was faster, between two reads of the store
		return nil, nil //nolint:nilnil // nothing to plan any more
	}
	reach, read := r.Reach(s.Desk)
	if !read {
		r.behind = true
		return nil, nil //nolint:nilnil // nothing to plan yet
	}
	reach = max(reach, s.Cursor)
	if s.Kind == Digest {
		return &Step{
			Subscription: s.ID, From: s.Cursor, To: reach, Was: s.Next, Next: s.Schedule.Next(r.now),
			Delivery: r.delivery(s, s.Next.In(location(s.Schedule.Zone)).Format(time.DateOnly), reach, s.Next),
		}, nil
	}
	if reach == s.Cursor {
		r.behind = true
		return nil, nil //nolint:nilnil // nothing to plan yet
	}
	if quiet, till := t.Settings.quiet(r.now); quiet {
		return &Step{Subscription: s.ID, From: s.Cursor, To: s.Cursor, Was: s.Next, Next: till}, nil
	}
	changes, err := r.concerning(ctx, s, reach)
	if err != nil {
		return nil, err
	}
	step := &Step{Subscription: s.ID, From: s.Cursor, To: reach, Was: s.Next, Next: s.Next}
	if len(changes) > 0 {
		step.Delivery = r.delivery(s, strconv.FormatInt(changes[0].Seq, 10), reach, r.now)
	}
	return step, nil
}

func (r *round) delivery(s *Subscription, name string, upTo int64, due time.Time) *Delivery {
	return &Delivery{ID: newID(r.now), Subscription: s.ID, Name: name, Lane: r.Lane(s.To), After: s.Cursor, UpTo: upTo, Due: due, State: Waiting}
}

// newID returns an id that sorts by time.
func newID(at time.Time) string { return fmt.Sprintf("%016x-%s", at.UnixMicro(), rand.Text()) }

// concerning returns the changes of entries that a watch was not told of yet. Watches of the same share them.
func (r *round) concerning(ctx context.Context, s *Subscription, upTo int64) ([]Change, error) {
	key := stretch{s.Desk, s.About.key(), s.Cursor, upTo}
	changes, known := r.changes[key]
	if known {
		return changes, nil
	}
	changes, err := r.Changes(ctx, s.Desk, s.About, s.Cursor, upTo)
	if err == nil {
		r.changes[key] = changes
	}
	return changes, err
}

// quiet reports whether a time lies in the quiet hours of a channel, and when they end.
func (s *Settings) quiet(now time.Time) (bool, time.Time) {
	from, ok := s.QuietFrom.Minutes()
	till, ok2 := s.QuietTill.Minutes()
	if !ok || !ok2 || from == till {
		return false, time.Time{}
	}
	zone := location(s.Zone)
	local := now.In(zone)
	minute := local.Hour()*60 + local.Minute()
	within := from <= minute && minute < till
	if from > till { // over midnight
		within = minute >= from || minute < till
	}
	if !within {
		return false, time.Time{}
	}
	day := time.Date(local.Year(), local.Month(), local.Day(), 12, 0, 0, 0, time.UTC)
	end := clockOn(day, s.QuietTill, zone)
	if !end.After(now) {
		end = clockOn(day.AddDate(0, 0, 1), s.QuietTill, zone)
	}
	return true, end
}
