package ledger_test

import (
	"context"
	"fmt"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"stancebot/adapters/adaptertest"
	"stancebot/adapters/store"
	stored "stancebot/adapters/store/ledger"
	"stancebot/adapters/store/storetest"
	"stancebot/knowledge/ledger"
)

// A copy that is made while a desk records holds as a chain, up to its own head, and has every entry that was acknowledged
// before it began.
func TestABackupWhileADeskRecords(t *testing.T) {
	for name, url := range storetest.Durable() {
		t.Run(name, func(t *testing.T) {
			db := storetest.Open(t, url(t))
			s := stored.New(db)
			many := make([]ledger.Draft, 3_000) // so that entries come while the tables are read
			for i := range many {
				many[i] = adaptertest.Draft(i)
			}
			if _, err := s.Append(t.Context(), "main", many...); err != nil {
				t.Fatal(err)
			}
			ctx, end := context.WithCancel(t.Context())
			var acknowledged atomic.Int64
			acknowledged.Add(int64(len(many)))
			var recording sync.WaitGroup
			recording.Go(func() {
				for i := 0; ctx.Err() == nil; i += 2 {
					entries, err := s.Append(ctx, "main", adaptertest.Draft(i), adaptertest.Draft(i+1))
					if err != nil && ctx.Err() == nil {
						t.Error(err)
						return
					}
					acknowledged.Add(int64(len(entries)))
				}
			})
			for i := range 5 {
				before := acknowledged.Load()
				for start := before; before < start+10 && !t.Failed(); before = acknowledged.Load() {
					time.Sleep(time.Millisecond)
				}
				path := filepath.Join(t.TempDir(), fmt.Sprint(i, ".sqlite"))
				if err := store.Backup(t.Context(), db, path); err != nil {
					t.Fatal(err)
				}
				backup := stored.New(storetest.Open(t, "sqlite:"+path))
				if head, err := ledger.Audit(t.Context(), backup, "main"); err != nil || head.Seq < before || head.Seq%2 != 0 {
					t.Errorf("head %v, %v; %d entries were acknowledged before, two at a time", head, err, before)
				}
			}
			end()
			recording.Wait()
			if _, err := ledger.Audit(t.Context(), s, "main"); err != nil {
				t.Error(err)
			}
		})
	}
}
