package told_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"stancebot/bot/told"
	"stancebot/knowledge"
)

// fake is a store that can be away, or take its time.
type fake struct {
	told.Store
	mu      sync.Mutex
	away    bool
	takes   time.Duration
	batches [][]told.Told
}

func (f *fake) Keep(ctx context.Context, replies []told.Told) error {
	f.mu.Lock()
	away, takes := f.away, f.takes
	f.mu.Unlock()
	select {
	case <-time.After(takes):
	case <-ctx.Done():
		return ctx.Err()
	}
	if away {
		return errors.New("away")
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.batches = append(f.batches, replies)
	return nil
}

// Forget erases what was kept in a place.
func (f *fake) Forget(_ context.Context, desk knowledge.DeskID, place told.Place) (n int, _ error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for i, b := range f.batches {
		f.batches[i] = slices.DeleteFunc(b, func(t told.Told) bool { return t.Desk == desk && place.Holds(t.Place) })
		n += len(b) - len(f.batches[i])
	}
	return n, nil
}

func (f *fake) set(away bool, takes time.Duration) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.away, f.takes = away, takes
}

// sizes returns the sizes of the batches that were kept, and fails the test when replies are out of order.
func (f *fake) sizes(t *testing.T, first int) []int {
	t.Helper()
	f.mu.Lock()
	defer f.mu.Unlock()
	var sizes []int
	n := first
	for _, b := range f.batches {
		sizes = append(sizes, len(b))
		for _, r := range b {
			if want := fmt.Sprint(n); r.Reply.Text != want {
				t.Fatalf("reply %q comes where %s should", r.Reply.Text, want)
			}
			n++
		}
	}
	return sizes
}

// numbers puts replies whose texts are numbers.
func numbers(l *told.Log, from, to int) {
	for i := from; i < to; i++ {
		l.Put(told.Told{Reply: &told.Reply{Text: fmt.Sprint(i)}})
	}
}

func run(t *testing.T, test func(t *testing.T, f *fake, l *told.Log, logged *strings.Builder)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		f, logged := &fake{}, &strings.Builder{}
		l := told.NewLog(f, slog.New(slog.NewTextHandler(logged, nil)))
		test(t, f, l, logged)
		_ = l.Close(t.Context()) // the bubble ends only when the goroutine has
	})
}

func equal(t *testing.T, got, want any) {
	t.Helper()
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestRepliesAreKeptEachSecondTogether(t *testing.T) {
	run(t, func(t *testing.T, f *fake, l *told.Log, _ *strings.Builder) {
		numbers(l, 0, 3)
		time.Sleep(told.Every - 1)
		synctest.Wait()
		equal(t, f.sizes(t, 0), []int{})
		time.Sleep(time.Nanosecond)
		synctest.Wait()
		equal(t, f.sizes(t, 0), []int{3})
	})
}

// How much is kept at once hangs on who runs first: the first batch is, and what does not fill another waits for the clock.
func TestAFullBatchDoesNotWait(t *testing.T) {
	run(t, func(t *testing.T, f *fake, l *told.Log, _ *strings.Builder) {
		const n = 2*told.Batch + 50
		numbers(l, 0, n)
		synctest.Wait()
		if sizes := f.sizes(t, 0); len(sizes) == 0 || sizes[0] != told.Batch {
			t.Errorf("kept at once are %v, want a batch first", sizes)
		}
		if waiting, _ := l.Waiting(); waiting >= told.Batch {
			t.Errorf("%d wait, which is a batch", waiting)
		}
		time.Sleep(told.Every)
		synctest.Wait()
		sum := 0
		for _, n := range f.sizes(t, 0) {
			sum += n
		}
		equal(t, sum, n)
	})
}

func TestASlowStoreHoldsNobodyUp(t *testing.T) {
	run(t, func(t *testing.T, f *fake, l *told.Log, _ *strings.Builder) {
		f.set(false, 5*time.Second)
		start := time.Now()
		numbers(l, 0, 3*told.Batch)
		equal(t, time.Since(start), time.Duration(0))
		time.Sleep(time.Minute)
		synctest.Wait()
		equal(t, f.sizes(t, 0), []int{told.Batch, told.Batch, told.Batch})
	})
}

// A store that hangs is given up on, and tried again.
func TestAHangingStoreIsTriedAgain(t *testing.T) {
	run(t, func(t *testing.T, f *fake, l *told.Log, _ *strings.Builder) {
		f.set(false, time.Hour)
		numbers(l, 0, 2)
		time.Sleep(2 * time.Second)
		f.set(false, 0)
		time.Sleep(15 * time.Second)
		synctest.Wait()
		equal(t, f.sizes(t, 0), []int{2})
	})
}

func TestWhatWaitsIsKeptInOrderOnceTheStoreIsBack(t *testing.T) {
	run(t, func(t *testing.T, f *fake, l *told.Log, logged *strings.Builder) {
		f.set(true, 0)
		for i := range 30 {
			numbers(l, i*50, i*50+50)
			time.Sleep(told.Every)
		}
		synctest.Wait()
		equal(t, f.sizes(t, 0), []int{})
		f.set(false, 0)
		time.Sleep(told.Every)
		synctest.Wait()
		equal(t, f.sizes(t, 0), batches(30*50))
		equal(t, strings.Count(logged.String(), "\n"), 2) // that it began, and that it is over
	})
}

// batches are the sizes of the batches in which so many are kept.
func batches(n int) []int {
	sizes := slices.Repeat([]int{told.Batch}, n/told.Batch)
	if rest := n % told.Batch; rest > 0 {
		sizes = append(sizes, rest)
	}
	return sizes
}

func TestTheOldestAreDroppedAndCounted(t *testing.T) {
	run(t, func(t *testing.T, f *fake, l *told.Log, logged *strings.Builder) {
		f.set(true, 0)
		numbers(l, 0, told.Bound)
		time.Sleep(3 * told.Every)
		numbers(l, told.Bound, told.Bound+7)
		synctest.Wait()
		waiting, dropped := l.Waiting()
		equal(t, waiting, told.Bound)
		equal(t, dropped, 7)
		f.set(false, 0)
		time.Sleep(told.Every)
		synctest.Wait()
		equal(t, len(f.sizes(t, 7)), told.Bound/told.Batch)
		if !strings.Contains(logged.String(), "dropped=7") {
			t.Errorf("the log does not tell what was dropped: %s", logged)
		}
	})
}

// A store that works and is too slow loses what is oldest, too, and not in silence.
func TestWhatASlowStoreDropsIsLogged(t *testing.T) {
	run(t, func(t *testing.T, f *fake, l *told.Log, logged *strings.Builder) {
		f.set(false, time.Second)
		numbers(l, 0, told.Batch)
		synctest.Wait() // which is on its way
		numbers(l, told.Batch, 2*told.Batch+told.Bound)
		_, dropped := l.Waiting()
		equal(t, dropped, told.Batch)
		time.Sleep(time.Minute)
		synctest.Wait()
		equal(t, strings.Count(logged.String(), fmt.Sprint("dropped=", told.Batch)), 1)
	})
}

func TestCloseKeepsWhatWaits(t *testing.T) {
	run(t, func(t *testing.T, f *fake, l *told.Log, _ *strings.Builder) {
		f.set(false, time.Second)
		numbers(l, 0, told.Batch-1)
		for range 2 {
			if err := l.Close(t.Context()); err != nil {
				t.Error(err)
			}
		}
		equal(t, f.sizes(t, 0), []int{told.Batch - 1})
		numbers(l, told.Batch-1, told.Batch+1)
		_, dropped := l.Waiting()
		equal(t, dropped, 2)
	})
}

// Whoever flushes finds all that was told before in the store, also what was being written then.
func TestFlushKeepsWhatWaits(t *testing.T) {
	run(t, func(t *testing.T, f *fake, l *told.Log, _ *strings.Builder) {
		numbers(l, 0, 2*told.Batch+1)
		if err := l.Flush(t.Context()); err != nil {
			t.Fatal(err)
		}
		kept := 0
		for _, n := range f.sizes(t, 0) {
			kept += n
		}
		equal(t, kept, 2*told.Batch+1)
		f.set(true, 0)
		numbers(l, 0, 1)
		if err := l.Flush(t.Context()); err == nil {
			t.Error("the store is away, and nothing is said of it")
		}
		f.set(false, 0)
	})
}

func TestCloseTellsWhatWasNotKept(t *testing.T) {
	for name, c := range map[string]struct {
		away  bool
		takes time.Duration
	}{"away": {true, 0}, "hangs": {false, time.Hour}} {
		t.Run(name, func(t *testing.T) {
			run(t, func(t *testing.T, f *fake, l *told.Log, _ *strings.Builder) {
				f.set(c.away, c.takes)
				numbers(l, 0, 3)
				ctx, cancel := context.WithTimeout(t.Context(), 3*time.Second)
				defer cancel()
				start := time.Now()
				if err := l.Close(ctx); err == nil || !strings.Contains(err.Error(), "3 tellings") {
					t.Errorf("error is %v, want that 3 tellings were not kept", err)
				}
				if took := time.Since(start); took > 3*time.Second {
					t.Errorf("it took %v", took)
				}
			})
		})
	}
}

// What is forgotten is neither kept later nor left out of the count, also where a batch is on its way.
func TestWhatWaitsIsForgotten(t *testing.T) {
	run(t, func(t *testing.T, f *fake, l *told.Log, _ *strings.Builder) {
		f.set(false, 5*time.Second)
		put := func(desk knowledge.DeskID, place told.Place) {
			l.Put(told.Told{Desk: desk, Place: place, Reply: &told.Reply{Text: string(place)}})
		}
		put("main", "slack:T1:C1")
		time.Sleep(told.Every)
		synctest.Wait() // it is on its way
		put("main", "slack:T1:C1:1.2")
		put("main", "slack:T1:C2")
		put("wire", "slack:T1:C1")
		n, err := l.Forget(t.Context(), "main", "slack:T1:C1")
		if err != nil || n != 2 {
			t.Errorf("%d forgotten, want the one that waited and the one that the store had: %v", n, err)
		}
		if err := l.Close(t.Context()); err != nil {
			t.Error(err)
		}
		var kept []told.Place
		for _, b := range f.batches {
			for _, t := range b {
				kept = append(kept, t.Place)
			}
		}
		equal(t, kept, []told.Place{"slack:T1:C2", "slack:T1:C1"})
	})
}

// Nothing that a reply says can change, or move from one part to the next, without another hash.
func TestRepliesThatDifferHaveOtherHashes(t *testing.T) {
	replies := []*told.Reply{
		{},
		{Text: "a"},
		{Text: "a\x00"},
		{Language: "a"},
		{Intent: "a"},
		{Command: "a"},
		{Language: "ab"},
		{Language: "a", Intent: "b"},
		{Countries: []knowledge.Country{"a"}},
		{Receipts: []string{"a"}},
		{Receipts: []string{""}},
		{Receipts: []string{"a", "b"}},
		{Receipts: []string{"b", "a"}},
		{Receipts: []string{"ab"}},
		{Receipts: []string{"a"}, Text: "b"},
		{Countries: []knowledge.Country{"a"}, Receipts: []string{"b"}},
	}
	for i, a := range replies {
		for k, b := range replies {
			if a.Equal(b) != (i == k) {
				t.Errorf("replies %d and %d: %v", i, k, a.Equal(b))
			}
		}
	}
	a := &told.Reply{Language: "es", Receipts: []string{"BOL-01"}, Text: "Bolivia"}
	b := &told.Reply{Language: "es", Countries: []knowledge.Country{}, Receipts: []string{"BOL-01"}, Text: "Bolivia"}
	if !a.Equal(b) {
		t.Error("the same said twice has two hashes")
	}
}

func TestPlaces(t *testing.T) {
	equal(t, told.PlaceOf("slack", "T1", "C2", ""), "slack:T1:C2")
	equal(t, told.PlaceOf("telegram", "77", "", ""), "telegram:77")
	equal(t, told.PlaceOf("slack", "T1", "C2", "1.2"), "slack:T1:C2:1.2")
	for _, c := range []struct {
		place, other told.Place
		want         bool
	}{
		{"slack:T1:C2", "slack:T1:C2", true},
		{"slack:T1:C2", "slack:T1:C2:1.2", true},
		{"slack:T1:C2", "slack:T1:C23", false},
		{"slack:T1:C2:1.2", "slack:T1:C2", false},
	} {
		if got := c.place.Holds(c.other); got != c.want {
			t.Errorf("%s holds %s: %v", c.place, c.other, got)
		}
	}
}

// silent is a store in which places are silent, or which is away.
type silent struct {
	told.Store
	places []told.Place
	err    error
}

func (s silent) Silent(context.Context) ([]told.Place, error) { return s.places, s.err }

func TestSilences(t *testing.T) {
	var s told.Silences
	if s.Keeps("slack:T1:C1") {
		t.Error("it is kept before it is known who does not want it")
	}
	if err := s.Load(t.Context(), silent{places: []told.Place{"slack:T1:C2", "telegram:-100:5"}}); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		place told.Place
		want  bool
	}{
		{"slack:T1:C1", true},
		{"slack:T1:C2", false},
		{"slack:T1:C2:1.2", false},
		{"slack:T1:C23", true},
		{"slack:T1", true},
		{"", true},
		{"telegram:-100", true},
		{"telegram:-100:5", false},
		{"telegram:-100:55", true},
		{"console", true},
	} {
		if got := s.Keeps(c.place); got != c.want {
			t.Errorf("what is told in %q is kept: %v", c.place, got)
		}
	}
	if err := s.Load(t.Context(), silent{err: errors.New("away")}); err == nil || s.Keeps("slack:T1:C2") {
		t.Errorf("what was known is forgotten: %v", err)
	}
}
