package inbox_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"stancebot/bot/inbox"
)

// fake is a store that can be away, or take its time.
type fake struct {
	mu     sync.Mutex
	away   bool
	mute   bool // does what it is asked, and fails
	takes  time.Duration
	keys   map[string]string // and the event of each
	events map[string]*kept
	writes []string // how many came, and how many were worked, of each
}

type kept struct {
	inbox.Event
	inbox.Lease
}

var errAway = errors.New("away")

// turn waits as long as the store takes, and fails when it is away.
func (f *fake) turn(ctx context.Context) error {
	f.mu.Lock()
	away, takes := f.away, f.takes
	f.mu.Unlock()
	if takes > 0 {
		select {
		case <-time.After(takes):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	if away {
		return errAway
	}
	return nil
}

// answer is what a call returns that did what it was asked.
func (f *fake) answer() error {
	if f.mute {
		return errAway
	}
	return nil
}

func (f *fake) Write(ctx context.Context, came []inbox.Event, l inbox.Lease, worked []inbox.Event) ([]bool, error) {
	if err := f.turn(ctx); err != nil {
		return nil, err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.writes = append(f.writes, fmt.Sprintf("+%d-%d", len(came), len(worked)))
	for _, e := range worked {
		delete(f.events, e.ID)
		for _, key := range e.Keys {
			if f.keys[key] == "" {
				f.keys[key] = e.ID
			}
		}
	}
	fresh := make([]bool, len(came))
	for i, e := range came {
		fresh[i] = f.put(e, l)
	}
	return fresh, f.answer()
}

func (f *fake) put(e inbox.Event, l inbox.Lease) bool {
	added := false
	for _, key := range e.Keys {
		if f.keys[key] == "" {
			f.keys[key] = e.ID
			added = true
		}
		if f.keys[key] != e.ID {
			return false
		}
	}
	if added {
		f.events[e.ID] = &kept{e, l}
	}
	k := f.events[e.ID]
	return k != nil && k.Owner == l.Owner
}

func (f *fake) Claim(ctx context.Context, _ string, now time.Time, l inbox.Lease, limit int) ([]inbox.Event, error) {
	if err := f.turn(ctx); err != nil {
		return nil, err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	var claimed []inbox.Event
	for _, id := range f.ids() {
		k := f.events[id]
		if len(claimed) == limit || k.Until.After(now) {
			continue
		}
		if !k.Until.IsZero() {
			k.Attempt++
		}
		k.Lease = l
		claimed = append(claimed, k.Event)
	}
	return claimed, f.answer()
}

func (f *fake) ids() []string {
	var ids []string
	for id := range f.events {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	return ids
}

func (f *fake) Renew(ctx context.Context, ids []string, l inbox.Lease) ([]string, error) {
	if err := f.turn(ctx); err != nil {
		return nil, err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	var held []string
	for _, id := range ids {
		if k := f.events[id]; k != nil && k.Owner == l.Owner {
			k.Lease = l
			held = append(held, id)
		}
	}
	return held, f.answer()
}

func (f *fake) Erase(context.Context, time.Time) (int, error) { return 0, nil }

func (f *fake) set(away bool, takes time.Duration) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.away, f.takes = away, takes
}

func (f *fake) unsure(mute bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.mute = mute
}

// wrote returns what each write held, since it was last asked.
func (f *fake) wrote() []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	writes := f.writes
	f.writes = nil
	return writes
}

// left returns how many events were not done.
func (f *fake) left() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return len(f.events)
}

// dead records events of a process that has died.
func (f *fake) dead(attempt int, events ...inbox.Event) {
	for i, e := range events {
		e.ID, e.Attempt = fmt.Sprintf("%016x-dead-%04d", 0, i), attempt
		f.events[e.ID] = &kept{e, inbox.Lease{Owner: "dead", Until: time.Now()}}
		for _, key := range e.Keys {
			f.keys[key] = e.ID
		}
	}
}

// A bench is an inbox with its store, and what it worked.
type bench struct {
	*inbox.Inbox
	store  *fake
	logged *strings.Builder
	end    func() error // ends Run, and returns its error

	mu     sync.Mutex
	worked []string
	work   func(ctx context.Context, e inbox.Event) error // nil for what succeeds
}

// did returns the bodies of what was worked, in order.
func (b *bench) did() string {
	synctest.Wait()
	b.mu.Lock()
	defer b.mu.Unlock()
	return strings.Join(b.worked, " ")
}

func (b *bench) do(ctx context.Context, e inbox.Event) error {
	b.mu.Lock()
	b.worked = append(b.worked, string(e.Body))
	b.mu.Unlock()
	if b.work != nil {
		return b.work(ctx, e)
	}
	return nil
}

// start begins to run an inbox on a store.
func start(t *testing.T, store *fake, work func(context.Context, inbox.Event) error) *bench {
	t.Helper()
	b := &bench{store: store, logged: &strings.Builder{}, work: work}
	b.Inbox = inbox.New(inbox.Options{
		Platform: "slack", Now: time.Now, Work: b.do, Workers: 3, Log: slog.New(slog.NewTextHandler(b.logged, nil)),
		Store: func() inbox.Store {
			if store == nil {
				return nil
			}
			return store
		},
	})
	ctx, end := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- b.Run(ctx) }()
	b.end = sync.OnceValue(func() error { end(); return <-ended })
	return b
}

func empty() *fake { return &fake{keys: map[string]string{}, events: map[string]*kept{}} }

// run runs a test on an inbox under fake time. The bubble ends only when all goroutines have.
func run(t *testing.T, store *fake, work func(context.Context, inbox.Event) error, test func(t *testing.T, b *bench)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		b := start(t, store, work)
		synctest.Wait()
		test(t, b)
		_ = b.end()
		if strings.Contains(b.logged.String(), "secret") {
			t.Errorf("the log tells of a body or a key: %s", b.logged)
		}
	})
}

func event(queue, body string, keys ...string) inbox.Event {
	return inbox.Event{Queue: queue, Body: []byte(body), Keys: keys}
}

func (b *bench) receive(t *testing.T, e inbox.Event, want bool) {
	t.Helper()
	start := time.Now()
	if fresh, err := b.Receive(t.Context(), e); err != nil || fresh != want {
		t.Errorf("%s is fresh: %v, %v", e.Body, fresh, err)
	}
	if took := time.Since(start); took > inbox.Patience {
		t.Errorf("it took %v", took)
	}
}

// linger lets the store be told of what was worked.
func linger() {
	time.Sleep(inbox.Linger)
	synctest.Wait()
}

func equal(t *testing.T, got, want any) {
	t.Helper()
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestAnEventIsWorkedOnceAndRepeatsAreCaught(t *testing.T) {
	run(t, empty(), nil, func(t *testing.T, b *bench) {
		b.receive(t, event("q", "1", "a", "b"), true)
		b.receive(t, event("q", "2", "b", "c"), false)
		b.receive(t, event("q", "3", "c"), false)
		b.receive(t, event("q", "4"), true)
		b.receive(t, event("q", "5"), true)
		equal(t, b.did(), "1 4 5")
		linger()
		equal(t, b.store.left(), 0)
		equal(t, b.Stats(), inbox.Stats{Received: 3, Repeated: 2, Done: 3})
	})
}

// What was worked is written with what comes next, soon when nothing does, and at the end at once.
func TestWhatWasWorkedIsWrittenWithOthers(t *testing.T) {
	run(t, empty(), nil, func(t *testing.T, b *bench) {
		for _, body := range []string{"1", "2", "3"} {
			b.receive(t, event("q", body), true)
			time.Sleep(inbox.Linger * 3 / 4)
		}
		equal(t, b.store.wrote(), []string{"+1-0", "+1-1", "+0-1", "+1-0"})
		equal(t, b.store.left(), 1)
		linger()
		equal(t, b.store.wrote(), []string{"+0-1"})
		b.receive(t, event("q", "4"), true)
		equal(t, b.did(), "1 2 3 4")
		start := time.Now()
		equal(t, b.end(), nil)
		equal(t, time.Since(start), time.Duration(0))
		equal(t, b.store.wrote(), []string{"+1-0", "+0-1"})
		equal(t, b.store.left(), 0)
	})
}

func TestWhatTheStoreKnowsIsNotWorked(t *testing.T) {
	store := empty()
	store.keys["a"] = "of another process"
	run(t, store, nil, func(t *testing.T, b *bench) {
		b.receive(t, event("q", "1", "a"), false)
		equal(t, b.did(), "")
		equal(t, b.Stats(), inbox.Stats{Repeated: 1})
	})
}

// A queue keeps its order while others go on, also where the store took its time with the first.
func TestQueues(t *testing.T) {
	var hold chan struct{}
	run(t, empty(), func(ctx context.Context, e inbox.Event) error {
		if string(e.Body) == "a1" {
			<-hold
		}
		return nil
	}, func(t *testing.T, b *bench) {
		hold = make(chan struct{})
		for _, body := range []string{"a1", "b1", "a2", "b2", "a3"} {
			b.receive(t, event(body[:1], body), true)
			b.did()
		}
		equal(t, b.did(), "a1 b1 b2")
		equal(t, b.Stats().Waiting, 2)
		close(hold)
		equal(t, b.did(), "a1 b1 b2 a2 a3")

		b.store.set(false, inbox.Patience/2)
		go func() { _, _ = b.Receive(t.Context(), event("c", "c1")) }()
		synctest.Wait()
		b.store.set(false, 0)
		equal(t, b.did(), "a1 b1 b2 a2 a3")
		b.receive(t, event("c", "c2"), true)
		equal(t, b.did(), "a1 b1 b2 a2 a3 c1 c2")
	})
}

// The first is written at once; what comes meanwhile, and what was worked, goes with the next write.
func TestWhatComesDuringAWriteIsWrittenTogether(t *testing.T) {
	var hold map[string]chan struct{}
	run(t, empty(), func(_ context.Context, e inbox.Event) error { <-hold[e.Queue]; return nil }, func(t *testing.T, b *bench) {
		hold = map[string]chan struct{}{"a": make(chan struct{}), "b": make(chan struct{})}
		b.store.set(false, inbox.Patience/3)
		start := time.Now()
		var all sync.WaitGroup
		receive := func(queue, body string) {
			all.Go(func() { b.receive(t, event(queue, body), true) })
			synctest.Wait()
		}
		receive("a", "1")
		all.Wait()
		equal(t, time.Since(start), inbox.Patience/3)
		time.Sleep(inbox.Together)
		receive("b", "2")
		close(hold["a"])
		for i := 3; i < 9; i++ {
			receive("b", fmt.Sprint(i))
		}
		all.Wait()
		equal(t, time.Since(start), 2*inbox.Together+3*(inbox.Patience/3))
		equal(t, b.store.wrote(), []string{"+1-0", "+1-0", "+6-1"})
		close(hold["b"])
		time.Sleep(10 * inbox.Patience)
		equal(t, b.did(), "1 2 3 4 5 6 7 8")
		equal(t, b.store.left(), 0)
		equal(t, b.Stats(), inbox.Stats{Received: 8, Done: 8})
	})
}

// Where a write has just ended the next one waits for company, unless there is enough; else it is not kept waiting.
func TestAWriteThatFollowsAnotherWaitsForMore(t *testing.T) {
	run(t, empty(), nil, func(t *testing.T, b *bench) {
		start := time.Now()
		var all sync.WaitGroup
		receive := func(n int) {
			for range n {
				all.Go(func() { b.receive(t, event("", "x"), true) })
				synctest.Wait()
			}
		}
		receive(1)
		all.Wait()
		equal(t, time.Since(start), time.Duration(0))
		receive(3)
		all.Wait()
		equal(t, time.Since(start), inbox.Together)
		time.Sleep(inbox.Together)
		receive(1)
		all.Wait()
		equal(t, time.Since(start), 2*inbox.Together)
		equal(t, b.store.wrote(), []string{"+1-0", "+3-1", "+1-3"})
	})
}

// Where a write fails, all that it holds is worked in memory, and recorded by the clock. What comes after it has its own try.
func TestAWriteThatFailsFailsForEachOfIt(t *testing.T) {
	var hold chan struct{}
	run(t, empty(), func(context.Context, inbox.Event) error { <-hold; return nil }, func(t *testing.T, b *bench) {
		hold = make(chan struct{})
		var all sync.WaitGroup
		receive := func(from, to int) {
			for i := from; i < to; i++ {
				all.Go(func() { b.receive(t, event("q", fmt.Sprint(i), fmt.Sprint("k", i)), true) })
				synctest.Wait()
			}
		}
		b.store.set(false, inbox.Patience/4)
		receive(0, 1)
		b.store.set(true, inbox.Patience/4)
		receive(1, 5)
		time.Sleep(inbox.Patience/4 + 2*inbox.Together) // these four are being written
		b.store.set(false, 0)
		receive(5, 7)
		all.Wait()
		equal(t, b.Stats(), inbox.Stats{Received: 7, InMemory: 4, Waiting: 6})
		equal(t, b.store.left(), 3)
		time.Sleep(inbox.Every)
		synctest.Wait()
		equal(t, b.store.left(), 7)
		equal(t, b.store.wrote(), []string{"+1-0", "+2-0", "+4-0"})
		close(hold)
		equal(t, b.did(), "0 1 2 3 4 5 6")
		linger()
		equal(t, b.store.left(), 0)
	})
}

// While one write hangs others are taken within Patience; they do not hang one after the other once it is given up.
func TestAWriteThatHangsHoldsUpNobody(t *testing.T) {
	run(t, empty(), nil, func(t *testing.T, b *bench) {
		b.store.set(false, time.Hour)
		for i := range 4 {
			b.receive(t, event("q", fmt.Sprint(i), fmt.Sprint("k", i)), true)
		}
		b.store.set(false, 0)
		time.Sleep(2 * inbox.Every)
		synctest.Wait()
		equal(t, b.did(), "0 1 2 3")
		equal(t, b.store.wrote(), []string{"+0-4"})
		equal(t, len(b.store.keys), 4)
		if err := b.end(); err != nil {
			t.Error(err)
		}
	})
}

// However large events are, a write is not.
func TestAWriteHasABound(t *testing.T) {
	run(t, empty(), func(context.Context, inbox.Event) error { time.Sleep(inbox.Patience); return nil }, func(t *testing.T, b *bench) {
		b.store.set(false, inbox.Patience/8)
		var all sync.WaitGroup
		for i := range 4 {
			all.Go(func() { b.receive(t, event(fmt.Sprint(i), strings.Repeat("x", 3<<20)), true) })
			synctest.Wait()
		}
		all.Wait()
		equal(t, b.store.wrote(), []string{"+1-0", "+1-0", "+1-0", "+1-0"})
	})
}

func TestNoMoreAreWorkedThanThereAreWorkers(t *testing.T) {
	run(t, empty(), func(context.Context, inbox.Event) error {
		time.Sleep(time.Minute)
		return nil
	}, func(t *testing.T, b *bench) {
		for i := range 9 {
			b.receive(t, event("", fmt.Sprint(i)), true)
		}
		equal(t, len(strings.Fields(b.did())), 3)
		time.Sleep(5 * time.Minute)
		equal(t, len(strings.Fields(b.did())), 9)
		equal(t, b.store.left(), 0)
	})
}

// Whatever is wrong with the store, an event is taken within Patience, worked once, and known to the store once it is back.
func TestAStoreThatFails(t *testing.T) {
	for name, wrong := range map[string]func(*fake){
		"away":      func(f *fake) { f.set(true, 0) },
		"hangs":     func(f *fake) { f.set(false, time.Hour) },
		"late":      func(f *fake) { f.set(false, inbox.Patience+time.Second) },
		"uncertain": func(f *fake) { f.unsure(true) },
	} {
		t.Run(name, func(t *testing.T) {
			run(t, empty(), nil, func(t *testing.T, b *bench) {
				wrong(b.store)
				b.receive(t, event("q", "1", "secret a"), true)
				b.receive(t, event("q", "2", "secret a"), false)
				equal(t, b.did(), "1")
				equal(t, b.Stats().InMemory, 1)
				time.Sleep(time.Minute)
				b.store.set(false, 0)
				b.store.unsure(false)
				time.Sleep(time.Minute)
				equal(t, b.did(), "1")
				equal(t, b.store.left(), 0)
				if b.store.keys["secret a"] == "" {
					t.Error("the store does not know it")
				}
				if err := b.end(); err != nil {
					t.Error(err)
				}
				next := start(t, b.store, nil)
				next.receive(t, event("q", "3", "secret a"), false)
				time.Sleep(time.Minute)
				equal(t, next.did(), "")
				_ = next.end()
			})
		})
	}
}

// What came while the store was away and still waits is recorded when it is back.
func TestWhatWaitsIsRecordedLater(t *testing.T) {
	var hold chan struct{}
	run(t, empty(), func(context.Context, inbox.Event) error { <-hold; return nil }, func(t *testing.T, b *bench) {
		hold = make(chan struct{})
		b.store.set(true, 0)
		b.receive(t, event("q", "1"), true)
		b.receive(t, event("q", "2"), true)
		equal(t, b.store.left(), 0)
		b.store.set(false, 0)
		time.Sleep(inbox.Every)
		synctest.Wait()
		equal(t, b.store.left(), 2)
		equal(t, strings.Count(b.logged.String(), "\n"), 2) // that it began, and that it is over
		close(hold)
		equal(t, b.did(), "1 2")
		linger()
		equal(t, b.store.left(), 0)
	})
}

func TestWithoutAStore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := start(t, nil, nil)
		b.receive(t, event("q", "1", "a"), true)
		b.receive(t, event("q", "1", "a"), false)
		equal(t, b.did(), "1")
		time.Sleep(time.Minute)
		b.receive(t, event("q", "2", "a"), false)
		time.Sleep(time.Hour)
		b.receive(t, event("q", "3", "a"), true) // forgotten
		equal(t, b.did(), "1 3")
		equal(t, b.Stats(), inbox.Stats{Received: 2, Repeated: 2, InMemory: 2, Done: 2})
		if err := b.end(); err != nil {
			t.Error(err)
		}
	})
}

func TestAFullMemoryRefuses(t *testing.T) {
	run(t, empty(), func(ctx context.Context, _ inbox.Event) error { <-ctx.Done(); return ctx.Err() }, func(t *testing.T, b *bench) {
		b.store.set(true, 0)
		for i := range inbox.Bound {
			b.receive(t, event("q", "", fmt.Sprint(i)), true)
		}
		for range 2 { // it may be sent again
			if _, err := b.Receive(t.Context(), event("q", "", "more")); !errors.Is(err, inbox.ErrFull) {
				t.Errorf("error is %v", err)
			}
		}
		equal(t, b.Stats(), inbox.Stats{Received: inbox.Bound, InMemory: inbox.Bound, Waiting: inbox.Bound - 1, Refused: 2})
		if err := b.end(); err == nil || !strings.Contains(err.Error(), "10000 events") {
			t.Errorf("error is %v, want what is lost", err)
		}
	})
}

// What is above the bound and stored is left in the store, and worked in its order.
func TestMoreThanMemoryHoldsIsLeftInTheStore(t *testing.T) {
	var hold chan struct{}
	run(t, empty(), func(context.Context, inbox.Event) error { <-hold; return nil }, func(t *testing.T, b *bench) {
		hold = make(chan struct{})
		const n = inbox.Bound + 500
		for i := range n {
			b.receive(t, event("q", fmt.Sprintf("%05d", i)), true)
		}
		if waiting := b.Stats().Waiting; waiting > inbox.Bound {
			t.Errorf("%d are held", waiting)
		}
		time.Sleep(time.Minute)
		close(hold)
		for i := range 10 {
			b.receive(t, event("q", fmt.Sprintf("%05d", n+i)), true)
			time.Sleep(10 * time.Millisecond)
		}
		time.Sleep(time.Minute)
		did := strings.Fields(b.did())
		if len(did) != n+10 || !slices.IsSorted(did) {
			t.Errorf("%d were worked, in order: %v", len(did), slices.IsSorted(did))
		}
		equal(t, b.store.left(), 0)
		equal(t, b.Stats().GivenUp, 0)
	})
}

func TestWhatADeadProcessLeftIsWorkedFirst(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store := empty()
		var events []inbox.Event
		for i := range 9 {
			events = append(events, event("q", fmt.Sprint(i), fmt.Sprint("k", i)))
		}
		store.dead(1, events...)
		b := start(t, store, nil)
		equal(t, b.did(), "0 1 2 3 4 5 6 7 8")
		linger()
		equal(t, store.left(), 0)
		b.receive(t, event("q", "again", "k3"), false)
		_ = b.end()
	})
}

// A process may die while an event is worked; after five times it is given up.
func TestAnEventThatKillsIsGivenUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store := empty()
		store.dead(inbox.Attempts-1, event("q", "secret 1"))
		b := start(t, store, nil)
		equal(t, b.did(), "secret 1")
		_ = b.end()
		store.dead(inbox.Attempts, event("q", "secret 2"))
		b = start(t, store, nil)
		equal(t, b.did(), "")
		linger()
		equal(t, store.left(), 0)
		equal(t, b.Stats(), inbox.Stats{GivenUp: 1})
		_ = b.end()
		if log := b.logged.String(); !strings.Contains(log, "given up") || strings.Contains(log, "secret") {
			t.Error(log)
		}
	})
}

func TestErrorsAndPanicsAreGivenUp(t *testing.T) {
	for name, work := range map[string]func(context.Context, inbox.Event) error{
		"error":   func(context.Context, inbox.Event) error { return errors.New("not this one") },
		"panic":   func(_ context.Context, e inbox.Event) error { panic(string(e.Body)) },
		"runtime": func(_ context.Context, e inbox.Event) error { _ = e.Body[9]; return nil },
	} {
		t.Run(name, func(t *testing.T) {
			run(t, empty(), work, func(t *testing.T, b *bench) {
				b.receive(t, event("q", "secret", "secret key"), true)
				b.did()
				equal(t, b.Stats(), inbox.Stats{Received: 1, GivenUp: 1})
				linger()
				equal(t, b.store.left(), 0)
				if !strings.Contains(b.logged.String(), "given up") {
					t.Errorf("logged is %s", b.logged)
				}
			})
		})
	}
}

// A queue rests as long as the platform says, and then begins with the same event; no worker waits for it.
func TestLater(t *testing.T) {
	first := true
	run(t, empty(), func(_ context.Context, e inbox.Event) error {
		if string(e.Body) == "a1" && first {
			first = false
			return fmt.Errorf("limited: %w", &inbox.Later{Until: time.Now().Add(time.Hour), Err: errors.New("slow down")})
		}
		return nil
	}, func(t *testing.T, b *bench) {
		b.receive(t, event("a", "a1"), true)
		b.receive(t, event("a", "a2"), true)
		equal(t, b.did(), "a1")
		for i := range 5 {
			b.receive(t, event("b", fmt.Sprint("b", i)), true)
		}
		equal(t, b.did(), "a1 b0 b1 b2 b3 b4")
		time.Sleep(time.Hour - time.Second)
		equal(t, b.did(), "a1 b0 b1 b2 b3 b4")
		time.Sleep(time.Second)
		equal(t, b.did(), "a1 b0 b1 b2 b3 b4 a1 a2")
		equal(t, b.Stats(), inbox.Stats{Received: 7, Done: 7})
		linger()
		equal(t, b.store.left(), 0)
	})
}

// Two inboxes on one store: what one holds, the other does not claim, however long it takes.
func TestLeasesAreRenewed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store := empty()
		slow := func(context.Context, inbox.Event) error { time.Sleep(time.Hour); return nil }
		a, b := start(t, store, slow), start(t, store, nil)
		a.receive(t, event("q", "1"), true)
		a.receive(t, event("q", "2"), true)
		time.Sleep(3 * time.Hour)
		equal(t, a.did(), "1 2")
		equal(t, b.did(), "")
		equal(t, store.left(), 0)
		_, _ = a.end(), b.end()
	})
}

// The end of Run lets what is worked end, cancels what does not, and leaves the rest for others at once, uncounted.
func TestTheEndLeavesTheRestInTheStore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store := empty()
		a := start(t, store, func(ctx context.Context, e inbox.Event) error {
			switch string(e.Body) {
			case "short":
				time.Sleep(inbox.Drain / 2)
				return nil
			case "later":
				return &inbox.Later{Until: time.Now().Add(time.Hour)}
			}
			<-ctx.Done()
			return ctx.Err()
		})
		a.receive(t, event("a", "short"), true)
		a.receive(t, event("b", "long"), true)
		a.receive(t, event("b", "behind"), true)
		a.receive(t, event("c", "later"), true)
		store.set(true, 0)
		a.receive(t, event("b", "unrecorded"), true)
		store.set(false, 0)
		a.did()
		began := time.Now()
		ended := make(chan error)
		go func() { ended <- a.end() }()
		synctest.Wait()
		if _, err := a.Receive(t.Context(), event("a", "late")); !errors.Is(err, inbox.ErrClosed) {
			t.Errorf("error is %v", err)
		}
		if err := <-ended; err != nil {
			t.Error(err)
		}
		equal(t, time.Since(began), inbox.Drain)
		equal(t, a.Stats().Done, 1)
		var again atomic.Int64
		b := start(t, store, func(_ context.Context, e inbox.Event) error { again.Add(int64(e.Attempt - 1)); return nil })
		b.did()
		time.Sleep(time.Second)
		did := strings.Fields(b.did())
		slices.Sort(did)
		equal(t, did, []string{"behind", "later", "long", "unrecorded"})
		equal(t, again.Load(), 2) // those that were begun, and may have done something: it is to be looked for
		_ = b.end()
	})
}

// Whoever asks may go away: the event is here.
func TestAnEndedContextLosesNothing(t *testing.T) {
	run(t, empty(), nil, func(t *testing.T, b *bench) {
		b.store.set(false, time.Second)
		ctx, end := context.WithCancel(t.Context())
		end()
		if fresh, err := b.Receive(ctx, event("q", "1", "a")); !fresh || err != nil {
			t.Errorf("fresh: %v, %v", fresh, err)
		}
		time.Sleep(time.Minute)
		equal(t, b.did(), "1")
		equal(t, b.store.left(), 0)
	})
}

// What another process took or had before is not begun here.
func TestWhatIsAnothersIsNotBegun(t *testing.T) {
	var hold chan struct{}
	run(t, empty(), func(context.Context, inbox.Event) error { <-hold; return nil }, func(t *testing.T, b *bench) {
		hold = make(chan struct{})
		b.receive(t, event("q", "1"), true)
		b.receive(t, event("q", "taken", "a"), true)
		b.store.set(false, inbox.Patience+time.Second)
		b.store.keys["b"] = "of another process"
		b.receive(t, event("q", "had", "b"), true) // as far as is known by then
		b.store.set(false, 0)
		b.store.mu.Lock()
		b.store.events[b.store.keys["a"]].Owner = "another"
		b.store.mu.Unlock()
		time.Sleep(inbox.Every)
		equal(t, b.Stats().Waiting, 0)
		close(hold)
		equal(t, b.did(), "1")
	})
}

// What was claimed came before what waits in its queue.
func TestWhatIsClaimedGoesFirst(t *testing.T) {
	var hold chan struct{}
	run(t, empty(), func(context.Context, inbox.Event) error { <-hold; return nil }, func(t *testing.T, b *bench) {
		hold = make(chan struct{})
		b.receive(t, event("q", "1"), true)
		b.receive(t, event("q", "2"), true)
		b.store.mu.Lock()
		b.store.dead(1, event("q", "old 1"), event("q", "old 2"))
		b.store.mu.Unlock()
		time.Sleep(inbox.Every)
		synctest.Wait()
		close(hold)
		equal(t, b.did(), "1 old 1 old 2 2")
	})
}

// An event that arrives at the end is recorded, or refused.
func TestAtTheEndNothingIsTakenInMemory(t *testing.T) {
	for name, takes := range map[string]time.Duration{"recorded": inbox.Patience / 2, "refused": time.Hour} {
		t.Run(name, func(t *testing.T) {
			run(t, empty(), nil, func(t *testing.T, b *bench) {
				b.store.set(false, takes)
				received := make(chan error, 1)
				go func() {
					_, err := b.Receive(t.Context(), event("q", "1", "a"))
					received <- err
				}()
				synctest.Wait()
				_ = b.end()
				if err := <-received; name == "recorded" && err != nil || name == "refused" && !errors.Is(err, inbox.ErrClosed) {
					t.Errorf("error is %v", err)
				}
				equal(t, b.did(), "")
				equal(t, b.store.left() == 1, name == "recorded")
			})
		})
	}
}

// What a receiver read is Work's, once and again, as long as the event is held here. The store hears nothing of it.
func TestWhatWasReadIsWorked(t *testing.T) {
	var got []any
	store := empty()
	run(t, store, func(_ context.Context, e inbox.Event) error {
		if got = append(got, e.Read); len(got) == 1 {
			return &inbox.Later{Until: time.Now().Add(time.Minute), Err: errors.New("not yet")}
		}
		return nil
	}, func(t *testing.T, b *bench) {
		e := event("q", "1")
		e.Read = 7
		b.receive(t, e, true)
		equal(t, b.did(), "1")
		store.mu.Lock()
		for _, k := range store.events {
			equal(t, k.Read, nil)
		}
		store.mu.Unlock()
		time.Sleep(time.Hour)
		equal(t, b.did(), "1 1")
		equal(t, got, []any{7, 7})
	})
}
