package digest

import (
	"cmp"
	"context"
	"crypto/rand"
	"log/slog"
	"maps"
	"slices"
	"sync"
	"time"

	"stancebot/bot"
)

// The limits of delivering.
const (
	// LeaseTime is how long a delivery is a process's own: of one that died, others take it over after that.
	LeaseTime  = 15 * time.Second
	renewEvery = 4 * time.Second
	lookEvery  = time.Minute            // at most, between two looks: clocks are set
	lookRest   = 250 * time.Millisecond // at least: what changes meanwhile is looked at together
	claimPage  = 200                    // deliveries that are claimed together
	heldBound  = 2000                   // that are held at a time
	laneFull   = 50                     // from so many on, a lane claims no more: a look for others passes over all that wait for it
	retryEvery = 2 * time.Second        // while the store is away
	storeLimit = 5 * time.Second        // of one call
	drain      = 10 * time.Second       // posts that are on their way may end within it
)

// A RepeatPolicy is what becomes of a post that may have arrived, where the platform does not tell.
type RepeatPolicy string

// The policies.
const (
	Resend RepeatPolicy = "resend" // it is posted again, and marked as possibly repeated
	Hold   RepeatPolicy = "hold"   // it is not, and waits for the operator
)

// DelivererOptions are what a Deliverer is made of.
type DelivererOptions struct {
	Store    func() Store      // nil while the database is away
	Posters  map[string]Poster // by platform
	Paces    map[string]Pace   // likewise
	Compose  func(ctx context.Context, t *Task) (Notice, error)
	Farewell func(s *Subscription) *bot.Reply // what is told to whoever set up a subscription whose channel is gone; nil for nothing
	Policy   RepeatPolicy
	Ended    func(d *Delivery, platform string) // hears of each that came to an end; nil for nobody
	Every    time.Duration                      // at most, between two looks at what is due, whatever the store tells; 0 for a minute
	Now      func() time.Time
	Log      *slog.Logger
}

// A Deliverer sends what was planned. Any number of them may work beside each other, in other processes too: a delivery is one's
// at a time.
type Deliverer struct {
	o        DelivererOptions
	owner    string
	kick     chan struct{}
	some     chan struct{} // something is held
	recorder *recorder
	sending  sync.WaitGroup

	mu    sync.Mutex
	held  map[string]*Task // by the id of the delivery
	lanes map[string]*lane
	left  bool // the last claim may have left some, for want of room
}

// NewDeliverer returns a deliverer that sends once it runs.
func NewDeliverer(o DelivererOptions) *Deliverer {
	if o.Ended == nil {
		o.Ended = func(*Delivery, string) {}
	}
	owner := rand.Text()
	return &Deliverer{
		o: o, owner: owner, kick: make(chan struct{}, 1), some: make(chan struct{}, 1), recorder: &recorder{owner: owner, store: o.Store},
		held: map[string]*Task{}, lanes: map[string]*lane{},
	}
}

// Kick tells that there is something to send.
func (d *Deliverer) Kick() {
	select {
	case d.kick <- struct{}{}:
	default:
	}
}

// Run sends until the context ends. Then it claims no more, lets posts that are on their way end, and gives back the rest.
func (d *Deliverer) Run(ctx context.Context) {
	working, cancel := context.WithCancel(context.WithoutCancel(ctx))
	defer cancel()
	var renewing sync.WaitGroup
	renewing.Go(func() { d.renew(working) })
	d.look(ctx, working)
	cut := time.AfterFunc(drain, cancel)
	d.stopLanes()
	d.sending.Wait()
	d.recorder.writer.Wait()
	cut.Stop()
	cancel()
	renewing.Wait()
	d.giveBack(context.WithoutCancel(ctx))
}

// look claims what is to be sent whenever there may be something, until the context ends.
func (d *Deliverer) look(ctx, working context.Context) {
	for ctx.Err() == nil {
		watching, end := context.WithCancel(ctx)
		var changed <-chan struct{}
		if store := d.o.Store(); store != nil {
			changed = store.Changed(watching)
		}
		for ctx.Err() == nil {
			looked := d.o.Now()
			more, err := d.claim(ctx, working)
			if err != nil && ctx.Err() == nil {
				d.o.Log.ErrorContext(ctx, "deliveries cannot be claimed: it is tried again", "error", err)
			}
			wait(ctx, lookRest, nil, nil)
			if !more {
				wait(ctx, nextLook(ctx, d.o.Store(), looked, d.o.Now(), d.o.Every), changed, d.kick)
			}
			if changed == nil { // there was no store
				break
			}
		}
		end()
	}
}

// nextLook is how long nothing is due that is known of now. What has come due since it was looked is due now.
func nextLook(ctx context.Context, store Store, looked, now time.Time, every time.Duration) time.Duration {
	if store == nil {
		return retryEvery
	}
	at, err := store.Wake(ctx, looked)
	switch {
	case err != nil:
		return retryEvery
	case at.IsZero():
		return cmp.Or(every, lookEvery)
	}
	return min(cmp.Or(every, lookEvery), at.Sub(now))
}

// wait waits for a time, or until something may have changed.
func wait(ctx context.Context, d time.Duration, changed, kick <-chan struct{}) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-changed:
	case <-kick:
	case <-ctx.Done():
	}
}

// claim claims deliveries for lanes that have room, and reports whether there may be more.
func (d *Deliverer) claim(ctx, working context.Context) (more bool, err error) {
	store := d.o.Store()
	room, full := d.room()
	if store == nil || room <= 0 || len(d.o.Posters) == 0 {
		return false, nil
	}
	limited, end := context.WithTimeout(ctx, storeLimit)
	defer end()
	now := d.o.Now()
	tasks, err := store.Claim(limited, Claiming{
		Platforms: slices.Sorted(maps.Keys(d.o.Posters)), Except: full, Now: now, Limit: room, Lease: Lease{d.owner, now.Add(LeaseTime)},
	})
	if err != nil {
		return false, err
	}
	more = len(tasks) == room
	d.mu.Lock()
	d.left = more || len(full) > 0
	d.mu.Unlock()
	for i := range tasks {
		d.take(working, &tasks[i])
	}
	return more, nil
}

// room is how many deliveries can be claimed, and which lanes have enough.
func (d *Deliverer) room() (room int, full []string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for name, l := range d.lanes {
		if l.load() >= laneFull {
			full = append(full, name)
		}
	}
	slices.Sort(full)
	return min(claimPage, heldBound-len(d.held)), full
}

// take puts a delivery into its lane.
func (d *Deliverer) take(working context.Context, t *Task) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if len(d.held) == 0 {
		select {
		case d.some <- struct{}{}:
		default:
		}
	}
	d.held[t.Delivery.ID] = t
	name := t.Delivery.Lane
	l := d.lanes[name]
	if l == nil {
		l = newLane(d, d.o.Paces[t.Subscription.To.Platform()])
		d.lanes[name] = l
	}
	l.add(working, t)
}

// drop holds a delivery no more.
func (d *Deliverer) drop(t *Task) {
	d.mu.Lock()
	defer d.mu.Unlock()
	delete(d.held, t.Delivery.ID)
	if d.left && d.lanes[t.Delivery.Lane].load() <= laneFull { // what is sent now counts as load still
		d.Kick()
	}
}

// renew renews the leases of what is held, while something is. What another has claimed, since the store was away for too long, is
// recorded by nobody here any more.
func (d *Deliverer) renew(ctx context.Context) {
	for ctx.Err() == nil {
		if !d.holds() {
			select {
			case <-d.some:
			case <-ctx.Done():
			}
			continue
		}
		wait(ctx, renewEvery, nil, nil)
		if err := d.lease(ctx, d.o.Now().Add(LeaseTime)); err != nil && ctx.Err() == nil {
			d.o.Log.WarnContext(ctx, "leases of deliveries cannot be renewed", "error", err)
		}
	}
}

func (d *Deliverer) holds() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return len(d.held) > 0
}

func (d *Deliverer) giveBack(ctx context.Context) {
	if err := d.lease(ctx, time.Time{}); err != nil {
		d.o.Log.WarnContext(ctx, "deliveries cannot be given back: they are sent when their leases have ended", "error", err)
	}
}

// lease renews the leases of all that is held until a time.
func (d *Deliverer) lease(ctx context.Context, until time.Time) error {
	d.mu.Lock()
	ids := slices.Sorted(maps.Keys(d.held))
	d.mu.Unlock()
	store := d.o.Store()
	if store == nil || len(ids) == 0 {
		return nil
	}
	limited, end := context.WithTimeout(ctx, storeLimit)
	defer end()
	_, err := store.Renew(limited, ids, Lease{d.owner, until})
	return err
}

// stopLanes has lanes begin nothing more.
func (d *Deliverer) stopLanes() {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, l := range d.lanes {
		l.stop()
	}
}
