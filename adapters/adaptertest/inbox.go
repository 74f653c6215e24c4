package adaptertest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"stancebot/bot/inbox"
)

// Inbox is the suite of inbox.Store. Open returns two stores on one new, empty database, opened apart where that can be done,
// and closes them at the end of the test.
func Inbox(t *testing.T, open func(testing.TB) (a, b inbox.Store)) {
	t.Helper()
	for name, test := range map[string]func(*testing.T, inbox.Store, inbox.Store){
		"an event comes back as it was":     inboxRoundTrip,
		"any key tells a repeat":            inboxRepeats,
		"an uncertain put is asked again":   inboxPutAgain,
		"leases end":                        inboxLeases,
		"the oldest are claimed first":      inboxOrder,
		"only owners renew":                 inboxRenew,
		"attempts are counted":              inboxAttempts,
		"what is done is known":             inboxDone,
		"many are put as each alone":        inboxBatch,
		"many are put by many":              inboxBatchRace,
		"what is old is erased":             inboxErase,
		"one of many puts is the first":     inboxRace,
		"each is claimed once by many":      inboxClaimedOnce,
		"an ended context ends every call":  inboxEnded,
		"nothing is asked and nothing done": inboxNothing,
	} {
		t.Run(name, func(t *testing.T) {
			a, b := open(t)
			test(t, a, b)
		})
	}
}

const platform = "slack"

// event returns the event of a number, which came that many seconds after noon.
func event(i int) inbox.Event {
	return inbox.Event{
		ID: fmt.Sprintf("%04d", i), Platform: platform, Keys: []string{fmt.Sprint("Ev", i)}, Queue: "C1", At: second(i), Body: fmt.Append(nil, "body ", i),
		Attempt: 1,
	}
}

func second(i int) time.Time { return atNoon.Add(time.Duration(i) * time.Second) }

// until is a lease of the owner called me until some seconds after noon.
func until(i int) inbox.Lease { return inbox.Lease{Owner: "me", Until: second(i)} }

// until0 gives leases of the owner called me back.
func until0() inbox.Lease { return inbox.Lease{Owner: "me"} }

func theirs(l inbox.Lease) inbox.Lease { return inbox.Lease{Owner: "they", Until: l.Until} }

func putFresh(t *testing.T, s inbox.Store, e inbox.Event, l inbox.Lease, want bool) {
	t.Helper()
	if fresh, err := put(t.Context(), s, e, l); err != nil || fresh != want {
		t.Errorf("event %s with %q is fresh: %v, %v", e.ID, e.Keys, fresh, err)
	}
}

func put(ctx context.Context, s inbox.Store, e inbox.Event, l inbox.Lease) (bool, error) {
	fresh, err := s.Write(ctx, []inbox.Event{e}, l, nil)
	return err == nil && fresh[0], err
}

func done(ctx context.Context, s inbox.Store, events ...inbox.Event) error {
	_, err := s.Write(ctx, nil, inbox.Lease{}, events)
	return err
}

// claim claims at some seconds after noon for someone else, for a minute.
func claim(t *testing.T, s inbox.Store, now, limit int) []inbox.Event {
	t.Helper()
	return must[[]inbox.Event](t)(s.Claim(t.Context(), platform, second(now), theirs(until(now+60)), limit))
}

func idsOf(events []inbox.Event) string {
	ids := make([]string, len(events))
	for i, e := range events {
		ids[i] = e.ID
	}
	return strings.Join(ids, " ")
}

func inboxRoundTrip(t *testing.T, a, b inbox.Store) {
	whole := event(1)
	whole.Queue, whole.Body, whole.At = "C1:\x00\xff", []byte("Боливия\x00\xff"), second(1).Add(123456*time.Microsecond)
	whole.Keys = []string{"Ev1", "C1:\x00\xff", "C1:1.2"}
	large := event(2)
	large.Body = []byte(strings.Repeat("ж", 500_000))
	empty := event(3)
	empty.Body = nil
	for _, e := range []inbox.Event{whole, large, empty} {
		putFresh(t, a, e, until0(), true)
	}
	whole.Keys, large.Keys, empty.Keys = nil, nil, nil
	if diff := cmp.Diff([]inbox.Event{whole, large, empty}, claim(t, b, 0, 9), cmp.Comparer(bytes.Equal)); diff != "" {
		t.Error(diff)
	}
}

func inboxRepeats(t *testing.T, a, b inbox.Store) {
	with := func(i int, keys ...string) inbox.Event {
		e := event(i)
		e.Keys = keys
		return e
	}
	putFresh(t, a, with(1, "b", "a"), until(9), true)
	putFresh(t, b, with(2, "a"), until(9), false)
	putFresh(t, b, with(3, "c", "b"), until(9), false)
	putFresh(t, a, with(4, "c"), until(9), false) // the other name of what came
	putFresh(t, a, with(5, "A", "a "), until(9), true)
	putFresh(t, a, with(6, "d", "d"), until(9), true)
	elsewhere := with(7, "a")
	elsewhere.Platform = "telegram"
	putFresh(t, b, elsewhere, until(9), true)
	if ids := idsOf(claim(t, b, 10, 9)); ids != "0001 0005 0006" {
		t.Errorf("recorded are %s", ids)
	}
}

func inboxPutAgain(t *testing.T, a, b inbox.Store) {
	putFresh(t, a, event(1), until(10), true)
	putFresh(t, a, event(1), until(10), true)
	if events := claim(t, b, 11, 9); len(events) != 1 {
		t.Errorf("recorded are %d", len(events))
	}
	putFresh(t, a, event(1), until(30), false) // it is theirs now
	if err := done(t.Context(), b, event(1)); err != nil {
		t.Fatal(err)
	}
	putFresh(t, a, event(1), until(30), false)
	if events := claim(t, b, 1000, 9); len(events) != 0 {
		t.Errorf("what was worked is back: %v", events)
	}
}

func inboxLeases(t *testing.T, a, b inbox.Store) {
	putFresh(t, a, event(1), until(10), true)
	if ids := idsOf(claim(t, b, 9, 9)); ids != "" {
		t.Errorf("claimed during the lease is %s", ids)
	}
	if ids := idsOf(claim(t, b, 10, 9)); ids != "0001" {
		t.Errorf("claimed at its end is %q", ids)
	}
	if ids := idsOf(claim(t, a, 69, 9)); ids != "" {
		t.Errorf("claimed twice is %s", ids)
	}
	if events := must[[]inbox.Event](t)(b.Claim(t.Context(), "telegram", second(999), until(1999), 9)); len(events) != 0 {
		t.Errorf("claimed for another platform is %v", events)
	}
}

func inboxOrder(t *testing.T, a, b inbox.Store) {
	for _, i := range []int{5, 3, 1, 4, 2} {
		putFresh(t, a, event(i), until(10-i), true)
	}
	for _, want := range []string{"0001 0002", "0003 0004", "0005", ""} {
		if ids := idsOf(claim(t, b, 20, 2)); ids != want {
			t.Errorf("claimed is %q, want %q", ids, want)
		}
	}
}

func inboxRenew(t *testing.T, a, b inbox.Store) {
	for i := range 3 {
		putFresh(t, a, event(i), until(10), true)
	}
	renew := func(s inbox.Store, l inbox.Lease, want string) {
		t.Helper()
		held := must[[]string](t)(s.Renew(t.Context(), []string{"0001", "0000", "9999"}, l))
		slices.Sort(held)
		if got := strings.Join(held, " "); got != want {
			t.Errorf("%s holds %q, want %q", l.Owner, got, want)
		}
	}
	renew(a, until(20), "0000 0001")
	renew(b, theirs(until(90)), "")
	if ids := idsOf(claim(t, b, 15, 9)); ids != "0002" {
		t.Errorf("claimed while two are renewed is %q", ids)
	}
	renew(a, until(10), "0000 0001") // a lease that has ended and that nobody claimed is the owner's still
	if ids := idsOf(claim(t, b, 15, 1)); ids != "0000" {
		t.Errorf("claimed is %q", ids)
	}
	renew(a, until(99), "0001")
}

func inboxAttempts(t *testing.T, a, b inbox.Store) {
	putFresh(t, a, event(1), until(10), true)
	for _, want := range []int{2, 3} {
		events := must[[]inbox.Event](t)(b.Claim(t.Context(), platform, second(20), until(20), 9))
		if len(events) != 1 || events[0].Attempt != want {
			t.Errorf("claimed is %v, want attempt %d", events, want)
		}
	}
	if held := must[[]string](t)(a.Renew(t.Context(), []string{"0001"}, until0())); len(held) != 1 {
		t.Errorf("given back are %q", held)
	}
	if events := claim(t, b, 0, 9); len(events) != 1 || events[0].Attempt != 3 {
		t.Errorf("claimed is %v, want attempt 3 still", events)
	}
}

func inboxDone(t *testing.T, a, b inbox.Store) {
	putFresh(t, a, event(1), until(10), true)
	putFresh(t, a, event(2), until(10), true)
	bare := event(1)
	bare.Keys, bare.Body = nil, nil
	for range 2 { // it can be said again
		if err := done(t.Context(), b, bare, event(3)); err != nil {
			t.Fatal(err)
		}
	}
	again := event(4)
	again.Keys = event(1).Keys
	putFresh(t, a, again, until(10), false)
	putFresh(t, a, event(3), until(10), false) // that comes after its Done
	again.Keys = event(3).Keys
	putFresh(t, b, again, until(10), false)
	if ids := idsOf(claim(t, b, 20, 9)); ids != "0002" {
		t.Errorf("left is %q", ids)
	}
}

// What is written together is as if each had been alone, what was worked first.
func inboxBatch(t *testing.T, a, b inbox.Store) {
	named := func(i int, keys ...string) inbox.Event {
		e := event(i)
		e.Keys = keys
		return e
	}
	putFresh(t, a, named(1, "old", "old too"), until(10), true)
	putFresh(t, a, named(2, "theirs"), theirs(until(10)), true)
	putFresh(t, a, named(3, "worked"), until(10), true)
	elsewhere := named(12, "b")
	elsewhere.Platform = "telegram"
	came := []inbox.Event{
		named(4, "b", "z"), named(5, "a", "b"), named(6, "a"), // by what 5 is called, too
		named(7, "c", "c"), named(8, "old"), named(9, "old too", "d"), named(10, "d"), named(11, "done"), elsewhere, named(13, "worked"),
		named(1, "old", "old too"), named(2, "theirs"), named(14, "e", "theirs"),
	}
	want := []bool{true, false, false, true, false, false, false, false, true, false, true, false, false}
	fresh := must[[]bool](t)(b.Write(t.Context(), came, until(10), []inbox.Event{{ID: "0003"}, named(15, "done"), named(16, "done", "done too")}))
	if !slices.Equal(fresh, want) {
		t.Errorf("fresh are\n%v, want\n%v", fresh, want)
	}
	putFresh(t, a, named(17, "done too"), until(10), false)
	if ids := idsOf(claim(t, a, 20, 99)); ids != "0001 0002 0004 0007" {
		t.Errorf("recorded are %s", ids)
	}
	var many, worked []inbox.Event
	for i := range 300 {
		many = append(many, event(1000+i))
		worked = append(worked, event(1000+2*i), event(2000+i))
	}
	for _, fresh := range [][]bool{
		must[[]bool](t)(a.Write(t.Context(), many, until(10), nil)),
		must[[]bool](t)(a.Write(t.Context(), many, until(10), nil)), // its outcome was not known
	} {
		if len(fresh) != len(many) || slices.Contains(fresh, false) {
			t.Errorf("fresh are %v", fresh)
		}
	}
	if err := done(t.Context(), b, worked...); err != nil {
		t.Fatal(err)
	}
	if left := claim(t, b, 21, 999); len(left) != 150 || left[0].ID != "1001" || !bytes.Equal(left[149].Body, event(1299).Body) {
		t.Errorf("left are %s", idsOf(left))
	}
}

// Many write the same at once, in any order: each event is the first of its keys once, and none waits for another for ever.
func inboxBatchRace(t *testing.T, a, b inbox.Store) {
	const writers, events = 8, 100
	var mu sync.Mutex
	fresh := map[string]int{}
	var all sync.WaitGroup
	for w := range writers {
		s := []inbox.Store{a, b}[w%2]
		all.Go(func() {
			var came []inbox.Event
			for i := range events {
				e := event((i*[]int{1, 3, 7, 9, 11, 13, 17, 19}[w] + w) % events) // each once
				e.Keys = append(e.Keys, "and "+e.ID)
				e.ID += fmt.Sprint("-", w)
				came = append(came, e)
			}
			firsts, err := s.Write(t.Context(), came, until(10), nil)
			if err != nil {
				t.Error(err)
				return
			}
			mu.Lock()
			defer mu.Unlock()
			for i, first := range firsts {
				if first {
					fresh[came[i].Keys[0]]++
				}
			}
		})
	}
	all.Wait()
	for i := range events {
		if n := fresh[event(i).Keys[0]]; n != 1 {
			t.Errorf("event %d was the first %d times", i, n)
		}
	}
}

func inboxErase(t *testing.T, a, b inbox.Store) {
	const n = 2500
	old := make([]inbox.Event, n)
	for i := range old {
		old[i] = event(i)
	}
	if err := done(t.Context(), a, old...); err != nil {
		t.Fatal(err)
	}
	held, givenBack, dead := event(10_001), event(10_002), event(10_003)
	held.At, givenBack.At, dead.At = second(1), second(1), second(1)
	putFresh(t, a, held, until(n), true)
	putFresh(t, a, givenBack, until0(), true)
	putFresh(t, a, dead, until(n-11), true)
	if erased := must[int](t)(b.Erase(t.Context(), second(n-10))); erased != n-10+2 {
		t.Errorf("%d keys erased, want %d", erased, n-10+2)
	}
	if erased := must[int](t)(a.Erase(t.Context(), second(n-10))); erased != 0 {
		t.Errorf("%d erased again", erased)
	}
	for i, want := range map[int]bool{n - 1: false, n - 10: false, n - 11: true, 0: true} {
		e := event(i)
		e.ID += "again"
		putFresh(t, a, e, until(n), want)
	}
	held.ID = "again"
	putFresh(t, a, held, until(n), false)
	if ids := idsOf(claim(t, b, n, 1)); ids != "0000again" {
		t.Errorf("the first left is %q", ids)
	}
}

func inboxRace(t *testing.T, a, b inbox.Store) {
	const writers, events = 8, 20
	var mu sync.Mutex
	fresh := map[int]int{}
	var all sync.WaitGroup
	for w := range writers {
		s := []inbox.Store{a, b}[w%2]
		all.Go(func() {
			for i := range events {
				e := event(i)
				e.ID = fmt.Sprintf("%04d-%d", i, w)
				e.Keys = []string{fmt.Sprint("a", i), fmt.Sprint("b", i)}
				if w%4 > 1 {
					slices.Reverse(e.Keys)
				}
				first, err := put(t.Context(), s, e, until(10))
				if err != nil {
					t.Error(err)
				}
				if first {
					mu.Lock()
					fresh[i]++
					mu.Unlock()
				}
			}
		})
	}
	all.Wait()
	for i := range events {
		if fresh[i] != 1 {
			t.Errorf("event %d was the first %d times", i, fresh[i])
		}
	}
}

func inboxClaimedOnce(t *testing.T, a, b inbox.Store) {
	const claimers, events = 8, 200
	for i := range events {
		putFresh(t, a, event(i), until0(), true)
	}
	var mu sync.Mutex
	claimed := map[string]int{}
	var all sync.WaitGroup
	for c := range claimers {
		s := []inbox.Store{a, b}[c%2]
		all.Go(func() {
			for range events {
				found, err := s.Claim(t.Context(), platform, second(0), inbox.Lease{Owner: fmt.Sprint(c), Until: second(60)}, 7)
				if err != nil {
					t.Error(err)
				}
				mu.Lock()
				for _, e := range found {
					claimed[e.ID]++
				}
				over := len(claimed) == events
				mu.Unlock()
				if over {
					return
				}
			}
		})
	}
	all.Wait()
	for id, n := range claimed {
		if n != 1 {
			t.Errorf("event %s was claimed %d times", id, n)
		}
	}
	if len(claimed) != events {
		t.Errorf("%d were claimed, want %d", len(claimed), events)
	}
}

func inboxEnded(t *testing.T, a, b inbox.Store) {
	ctx, end := context.WithCancel(t.Context())
	end()
	_, putting := put(ctx, a, event(1), until0())
	_, claiming := a.Claim(ctx, platform, second(1), until(9), 9)
	_, renewing := a.Renew(ctx, []string{"0001"}, until(9))
	_, erasing := a.Erase(ctx, second(9))
	for what, err := range map[string]error{
		"Write": putting, "Claim": claiming, "Renew": renewing, "Erase": erasing, "of what was worked": done(ctx, a, event(1)),
	} {
		if !errors.Is(err, context.Canceled) {
			t.Errorf("%s: error is %v", what, err)
		}
	}
	if events := claim(t, b, 9, 9); len(events) != 0 {
		t.Errorf("recorded is %v", events)
	}
}

func inboxNothing(t *testing.T, a, b inbox.Store) {
	if err := done(t.Context(), a); err != nil {
		t.Error(err)
	}
	if held := must[[]string](t)(b.Renew(t.Context(), nil, until(9))); len(held) != 0 {
		t.Errorf("held is %q", held)
	}
	putFresh(t, a, event(1), until0(), true)
	if events := claim(t, b, 9, 0); len(events) != 0 {
		t.Errorf("claimed is %v", events)
	}
	if erased := must[int](t)(b.Erase(t.Context(), second(0))); erased != 0 {
		t.Errorf("%d erased", erased)
	}
}
