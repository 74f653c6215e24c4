//go:build unix

package ledger_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"syscall"
	"testing"
	"time"

	"stancebot/adapters/adaptertest"
	"stancebot/adapters/adaptertest/postgres"
	"stancebot/adapters/store"
	storeledger "stancebot/adapters/store/ledger"
	"stancebot/adapters/store/storetest"
	"stancebot/knowledge/ledger"
)

// A PostgreSQL that is stopped and killed under load loses no entry that was acknowledged; what is refused is said in a
// clear line and does not stand, but where that line says that it is not known.
func TestPostgreSQLIsRestartedUnderLoad(t *testing.T) {
	server := postgres.Start(t)
	url := server.Database(t)
	db := storetest.Open(t, url)
	s := storeledger.New(db)
	watching, end := context.WithCancel(t.Context())
	defer end()
	changed := s.Changed(watching)

	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	var mu sync.Mutex
	outcome := map[string]error{} // by the text of the reason
	var writers sync.WaitGroup
	for w := range 4 {
		writers.Go(func() {
			for i := 0; ctx.Err() == nil; i++ {
				d := adaptertest.Draft(i)
				d.Reason = fmt.Sprintf("writer %d, entry %d", w, i)
				_, err := s.Append(t.Context(), desk, d)
				mu.Lock()
				outcome[d.Reason] = err
				mu.Unlock()
			}
		})
	}
	for _, how := range []syscall.Signal{syscall.SIGINT, syscall.SIGQUIT, syscall.SIGKILL} {
		time.Sleep(400 * time.Millisecond)
		if err := server.Signal(how); err != nil {
			t.Fatal(err)
		}
		if err := server.Run(); err != nil {
			t.Fatal(err)
		}
	}
	time.Sleep(400 * time.Millisecond)
	stop()
	writers.Wait()

	stands := map[string]int{}
	for _, row := range adaptertest.Whole(t, s, desk) {
		e, err := ledger.Parse(row.Bytes)
		if err != nil {
			t.Fatal(err)
		}
		stands[e.Reason]++
	}
	failed := 0
	for reason, err := range outcome {
		switch n := stands[reason]; {
		case err == nil && n != 1:
			t.Errorf("%s was acknowledged, and stands %d times", reason, n)
		case err != nil && errors.Is(err, store.ErrUncertain) && n > 1, err != nil && !errors.Is(err, store.ErrUncertain) && n != 0:
			t.Errorf("%s was refused, and stands %d times: %v", reason, n, err)
		case err != nil:
			failed++
			line(t, err, "append to the ledger in PostgreSQL at")
		}
	}
	t.Logf("%d entries, %d of %d appends were refused", len(stands), failed, len(outcome))
	if len(stands) == 0 {
		t.Error("nothing was appended")
	}
	hearsAgain(t, s, changed)
}

// hearsAgain waits until the watch is back, whose next signal is for an append elsewhere.
func hearsAgain(tb testing.TB, s ledger.Store, changed <-chan struct{}) {
	tb.Helper()
	for range 2 { // one may be of earlier
		appendTo(tb, s, 1)
		select {
		case <-changed:
		case <-time.After(12 * time.Second):
			tb.Fatal("after the restarts changes are not signalled")
		}
	}
}

func TestPostgreSQLIsAway(t *testing.T) {
	server := postgres.Start(t)
	url := server.Database(t)
	s := storeledger.New(storetest.Open(t, url))
	appendTo(t, s, 2)
	if err := server.Signal(syscall.SIGINT); err != nil {
		t.Fatal(err)
	}
	start := time.Now()
	_, err := s.Append(t.Context(), desk, adaptertest.Draft(3))
	line(t, err, "it cannot be reached: look whether it runs")
	if waited := time.Since(start); waited < time.Second || waited > 15*time.Second {
		t.Errorf("it was said after %v", waited)
	}
	refused(t, url, "it cannot be reached: look whether it runs")
	if err := server.Run(); err != nil {
		t.Fatal(err)
	}
	appendTo(t, s, 1)
	if rows := adaptertest.Whole(t, s, desk); len(rows) != 3 {
		t.Errorf("%d rows, want 3", len(rows))
	}
}
