package inbox_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"stancebot/bot/inbox"
)

// spaceOf is what a queue of these tests begins with.
func spaceOf(queue string) string {
	space, _, _ := strings.Cut(queue, ":")
	return space
}

// asks sends fifty events of a space, one after the other, and returns the time at which 99 in 100 of them were worked.
func asks(t *testing.T, in *inbox.Inbox, worked func(key string) time.Time) time.Duration {
	t.Helper()
	came := map[string]time.Time{}
	for i := range 50 {
		key := fmt.Sprint("calm ", i)
		came[key] = time.Now()
		e := inbox.Event{Keys: []string{key}, Queue: fmt.Sprint("calm:", i%5), Body: []byte(key)}
		if fresh, err := in.Receive(t.Context(), e); !fresh || err != nil {
			t.Errorf("the calm space's event %d: %v, %v", i, fresh, err)
		}
		time.Sleep(20 * time.Millisecond)
	}
	time.Sleep(time.Second)
	var took []time.Duration
	for key, at := range came {
		done := worked(key)
		if done.IsZero() {
			t.Errorf("%s was lost", key)
			continue
		}
		took = append(took, done.Sub(at))
	}
	slices.Sort(took)
	return took[len(took)*99/100]
}

// A space that floods takes nothing from another: that one's events are worked about as soon as in quiet, and none is lost.
func TestAFloodOfOneSpaceLeavesTheOthersAlone(t *testing.T) {
	measure := func(flood int, most int) (p99 time.Duration, st inbox.Stats) {
		synctest.Test(t, func(t *testing.T) {
			f := empty()
			f.takes = time.Millisecond
			var mu sync.Mutex
			worked := map[string]time.Time{}
			in := inbox.New(inbox.Options{
				Platform: "slack", Store: func() inbox.Store { return f }, Now: time.Now, Space: spaceOf, Most: most,
				Work: func(_ context.Context, e inbox.Event) error {
					time.Sleep(5 * time.Millisecond)
					mu.Lock()
					defer mu.Unlock()
					worked[string(e.Body)] = time.Now()
					return nil
				},
			})
			ctx, end := context.WithCancel(t.Context())
			var running sync.WaitGroup
			running.Go(func() {
				if err := in.Run(ctx); err != nil {
					t.Error(err)
				}
			})
			for i := range flood {
				running.Go(func() {
					time.Sleep(time.Duration(i/20) * time.Millisecond) // some 20,000 a second
					key := fmt.Sprint("flood ", i)
					_, _ = in.Receive(ctx, inbox.Event{Keys: []string{key}, Queue: fmt.Sprint("flood:", i%500), Body: []byte(key)})
				})
			}
			time.Sleep(50 * time.Millisecond)
			p99 = asks(t, in, func(key string) time.Time {
				mu.Lock()
				defer mu.Unlock()
				return worked[key]
			})
			st = in.Stats()
			end()
			running.Wait()
		})
		return p99, st
	}
	quiet, _ := measure(0, 1000)
	for _, most := range []int{1000, 0} {
		loud, st := measure(10_000, most)
		t.Logf("at most %d waiting: 99 in 100 are worked within %s in quiet and %s in the flood, of which %d were shed and %d refused", most, quiet, loud, st.Shed, st.Refused)
		if loud > 3*quiet {
			t.Errorf("in a flood of another space, 99 in 100 are worked within %s, and in quiet within %s", loud, quiet)
		}
		if (st.Shed > 0) != (most > 0) || st.Refused > 0 {
			t.Errorf("with a bound of %d, %d events were shed and %d refused", most, st.Shed, st.Refused)
		}
	}
}

// What is shed is no event that came: sent again when there is room, it is worked.
func TestWhatIsShedMayComeAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		release := make(chan struct{})
		shed := 0
		in := inbox.New(inbox.Options{Platform: "slack", Now: time.Now, Space: spaceOf, Most: 2, Workers: 1, Shed: func() { shed++ }, Work: func(context.Context, inbox.Event) error {
			<-release
			return nil
		}})
		ctx, end := context.WithCancel(t.Context())
		var running sync.WaitGroup
		running.Go(func() { _ = in.Run(ctx) })
		receive := func(n int, queue string) error {
			_, err := in.Receive(ctx, inbox.Event{Keys: []string{fmt.Sprint(queue, n)}, Queue: queue})
			synctest.Wait()
			return err
		}
		for i := range 3 { // one is worked, and two wait
			if err := receive(i, "a:1"); err != nil {
				t.Error(err)
			}
		}
		if err := receive(3, "a:2"); err != inbox.ErrShed || shed != 1 || in.Stats().Shed != 1 { //nolint:errorlint // it is that one
			t.Errorf("beyond as many as may wait: %v, %d shed", err, shed)
		}
		if err := receive(4, "b:1"); err != nil {
			t.Errorf("of another space: %v", err)
		}
		close(release)
		synctest.Wait()
		if err := receive(3, "a:2"); err != nil {
			t.Errorf("when there is room: %v", err)
		}
		if st := in.Stats(); st.Done != 5 || st.Waiting != 0 {
			t.Errorf("%+v", st)
		}
		end()
		running.Wait()
	})
}
