package inbox

import (
	"context"
	"crypto/rand"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"stancebot/bot/request"
)

// The limits of an inbox.
const (
	// Patience is how long Receive waits for the store.
	Patience = 600 * time.Millisecond
	// LeaseTime is how long an event is this inbox's own; its leases are renewed each Every.
	LeaseTime = 10 * time.Second
	// Every is how often leases are renewed, those that have ended are looked for, and a store that failed is tried again.
	Every = 3 * time.Second
	// Together is how long a write waits for more events where another has just ended: they come faster than each could have one.
	Together = time.Millisecond
	// Linger is how long what was worked waits for events to be written with.
	Linger = 30 * time.Millisecond
	// Drain is how long events that are worked may go on when Run ends; then they are cancelled, and left in the store.
	Drain = 10 * time.Second
	// Attempts is how often an event is worked whose process dies each time.
	Attempts = 5
	// Bound is how many events that were not worked are held. The last of them are for those that the store does not take:
	// where that many wait, others are left in the store.
	Bound = 10_000

	storedBound = Bound * 9 / 10
	company     = 16                     // events that are enough for a write, so that it waits for no more
	storeLimit  = 3 * time.Second        // of one call; with Every it is less than a lease
	shortest    = 100 * time.Millisecond // rest of a queue
	workers     = 16
)

// Options are what an inbox is made of.
type Options struct {
	Platform string
	Store    func() Store                       // nil, or returning nil, while the database is not open
	Work     func(context.Context, Event) error // returns when its context ends; its errors tell nothing of the body
	Now      func() time.Time                   // the running clock
	Log      *slog.Logger                       // nil for nobody
	Workers  int                                // 0 for 16
	Space    func(queue string) string          // whose turn it is when an event of a queue is worked; nil where each queue has its own
	Most     int                                // events of one space that wait, 0 for any number: what comes beyond is shed
	Shed     func()                             // hears of each that was; nil for nobody
}

// An Inbox takes the events of a platform and has each worked once. It is safe for concurrent use.
type Inbox struct {
	o     Options
	owner string
	kick  chan struct{}  // the keeper has something to do
	turn  chan struct{}  // a place in it is the right to call the store, until it is known here what became of it
	write sync.WaitGroup // what writes

	received, repeated, refused, inMemory, done, givenUp, shed atomic.Int64

	mu      sync.Mutex
	closed  bool
	number  uint32 // of events, for their order within a microsecond
	recent  recent
	queues  *queues
	held    map[string]*item // by id
	puts    []*item          // wait for the next write
	writing bool             // somebody writes, until nothing waits
	wrote   time.Time        // when the last write ended
	retry   bool             // the store is told what was worked though it fails
	worked  []*item          // of those held: the store is to hear of them
	due     bool             // and has to, though nothing is put
	linger  *time.Timer      // until it has to; nil where none of them waits for that
	left    []string         // ids in the store that are to be given back
	spill   bool             // what is stored is left there until what was left before has been claimed
	more    bool             // events whose lease has ended wait in the store
	running int
	failing bool // as far as is logged
}

// New returns an inbox that receives, and works what it received once it runs.
func New(o Options) *Inbox {
	if o.Workers <= 0 {
		o.Workers = workers
	}
	if o.Store == nil {
		o.Store = func() Store { return nil }
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Space == nil {
		o.Space = func(queue string) string { return queue }
	}
	if o.Shed == nil {
		o.Shed = func() {}
	}
	b := &Inbox{
		o: o, owner: rand.Text(), kick: make(chan struct{}, 1), turn: make(chan struct{}, 1),
		recent: recent{known: map[string]bool{}}, held: map[string]*item{},
	}
	b.queues = newQueues(&b.mu, o.Space)
	return b
}

// Receive takes an event, and reports whether it is the first of its keys. It returns within Patience: what the store has not
// recorded by then is worked in memory, and recorded when the store answers. It refuses an event with ErrFull, ErrShed or
// ErrClosed.
func (b *Inbox) Receive(ctx context.Context, e Event) (fresh bool, err error) {
	putting := b.o.Store() != nil
	ctx = request.Ensure(ctx)
	it, err := b.take(ctx, e, putting)
	if it == nil {
		return false, err
	}
	if putting {
		timer := time.NewTimer(Patience)
		defer timer.Stop()
		select {
		case <-it.recorded:
		case <-timer.C:
		case <-ctx.Done(): // whoever asks has gone: the event is here
		}
	}
	return b.admit(it)
}

// take gives an event its place in its queue. It returns nil for one that came before.
func (b *Inbox) take(ctx context.Context, e Event, putting bool) (*item, error) {
	now := b.o.Now()
	b.mu.Lock()
	defer b.mu.Unlock()
	switch {
	case b.closed:
		b.refused.Add(1)
		return nil, ErrClosed
	case b.recent.knows(now, e.Keys):
		b.recent.add(now, e.Keys)
		b.repeated.Add(1)
		return nil, nil //nolint:nilnil // no error, and nothing to do
	case b.o.Most > 0 && e.Queue != "" && b.queues.waits(e.Queue) >= int64(b.o.Most):
		b.shed.Add(1)
		b.o.Shed()
		return nil, ErrShed
	case b.load() >= Bound:
		b.refused.Add(1)
		return nil, ErrFull
	}
	b.recent.add(now, e.Keys)
	b.number++
	e.Platform, e.Attempt = b.o.Platform, 1
	if e.At.IsZero() {
		e.At = now
	}
	e.Request = request.ID(ctx)
	e.ID = fmt.Sprintf("%016x-%08x-%s", e.At.UnixMicro(), b.number, e.Request)
	if e.Queue == "" {
		e.Queue = e.ID
	}
	if len(e.Keys) == 0 { // like no other
		e.Keys = []string{e.ID}
	}
	it := &item{Event: e, recorded: make(chan struct{})}
	b.held[e.ID] = it
	b.queues.add(it, false)
	if putting {
		b.put(it)
		b.beginWrite(ctx)
	}
	return it, nil
}

// load is how many events are held and were not worked.
func (b *Inbox) load() int { return len(b.held) - len(b.worked) }

func (b *Inbox) lease() Lease { return Lease{b.owner, b.o.Now().Add(LeaseTime)} }

// admit lets an item be worked, unless the store knows it.
func (b *Inbox) admit(it *item) (fresh bool, err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch {
	case it.known:
		b.forget(it)
		b.repeated.Add(1)
		return false, nil
	case b.closed && !it.stored:
		b.forget(it)
		b.refused.Add(1)
		return false, ErrClosed
	}
	b.received.Add(1)
	switch {
	case !it.stored:
		b.inMemory.Add(1)
		b.queues.admit(it)
	case b.spill || b.load() > storedBound:
		b.spill = true // so that those that come later do not pass it
		b.left = append(b.left, it.ID)
		b.forget(it)
	default:
		b.queues.admit(it)
	}
	return true, nil
}

// forget holds an item no more that nobody works.
func (b *Inbox) forget(it *item) {
	b.queues.drop(it)
	delete(b.held, it.ID)
}

func (b *Inbox) wakeKeeper() {
	select {
	case b.kick <- struct{}{}:
	default:
	}
}

// report logs when the store begins to fail, and when it no longer does.
func (b *Inbox) report(ctx context.Context, err error) {
	b.mu.Lock()
	before := b.failing
	b.failing = err != nil
	b.mu.Unlock()
	switch {
	case err != nil && !before:
		b.o.Log.ErrorContext(ctx, "events cannot be recorded: they are worked in memory", "platform", b.o.Platform, "error", err)
	case err == nil && before:
		b.o.Log.InfoContext(ctx, "events are recorded again", "platform", b.o.Platform)
	}
}

// Stats returns counts for operators. It waits for nobody.
func (b *Inbox) Stats() Stats {
	return Stats{
		Received: b.received.Load(), Repeated: b.repeated.Load(), Refused: b.refused.Load(), InMemory: b.inMemory.Load(),
		Done: b.done.Load(), GivenUp: b.givenUp.Load(), Waiting: b.queues.count.Load(), Shed: b.shed.Load(),
	}
}
