package turns_test

import (
	"os"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"stancebot/adapters/adaptertest/postgres"
	"stancebot/adapters/store"
	"stancebot/adapters/store/storetest"
	"stancebot/adapters/store/turns"
)

func TestMain(m *testing.M) { os.Exit(postgres.Main(m)) }

func takes(t *testing.T, turn *turns.Turn, want bool) {
	t.Helper()
	if ours, err := turn.Take(t.Context()); err != nil || ours != want {
		t.Errorf("taken: %v, %v; want %v", ours, err, want)
	}
}

func TestOneAtATime(t *testing.T) {
	storetest.OnEach(t, func(db *store.DB) *store.DB { return db }, func(t *testing.T, db *store.DB) {
		t.Helper()
		a, b, other := turns.New(db, "poll", time.Hour), turns.New(db, "poll", time.Hour), turns.New(db, "other", time.Hour)
		takes(t, a, true)
		takes(t, a, true) // it keeps it
		takes(t, b, false)
		takes(t, other, true)
		if err := b.Leave(t.Context()); err != nil { // which is not its own to leave
			t.Error(err)
		}
		takes(t, b, false)
		if err := a.Leave(t.Context()); err != nil {
			t.Error(err)
		}
		takes(t, b, true)
		takes(t, a, false)
	})
}

// Who died keeps its turn no longer than it was given.
func TestADeadOnesTurnEnds(t *testing.T) {
	storetest.OnEach(t, func(db *store.DB) *store.DB { return db }, func(t *testing.T, db *store.DB) {
		t.Helper()
		dead, next := turns.New(db, "poll", -time.Second), turns.New(db, "poll", time.Hour)
		takes(t, dead, true)
		takes(t, next, true)
		takes(t, dead, false)
	})
}

func TestManyAskAtOnce(t *testing.T) {
	storetest.OnEach(t, func(db *store.DB) *store.DB { return db }, func(t *testing.T, db *store.DB) {
		t.Helper()
		var got atomic.Int64
		var all sync.WaitGroup
		for range 16 {
			turn := turns.New(db, "poll", time.Hour)
			all.Go(func() {
				if ours, err := turn.Take(t.Context()); err != nil {
					t.Error(err)
				} else if ours {
					got.Add(1)
				}
			})
		}
		all.Wait()
		if got.Load() != 1 {
			t.Errorf("%d of 16 have the turn", got.Load())
		}
	})
}
