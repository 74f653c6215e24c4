package ledger_test

import (
	"context"
	"database/sql"
	"errors"
	"log/slog"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"stancebot/adapters/adaptertest"
	stored "stancebot/adapters/store/ledger"
	"stancebot/adapters/store/storetest"
	"stancebot/knowledge"
	"stancebot/knowledge/ledger"
)

// laid keeps the overlays that a follower lays, and tells of each.
type laid struct {
	mu   sync.Mutex
	last map[knowledge.DeskID]*knowledge.Overlay
	fail error
	told chan struct{}
}

func newLaid() *laid {
	return &laid{last: map[knowledge.DeskID]*knowledge.Overlay{}, told: make(chan struct{}, 100)}
}

func (l *laid) lay(o *knowledge.Overlay) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.fail != nil {
		return l.fail
	}
	l.last[o.Desk] = o
	l.told <- struct{}{}
	return nil
}

func (l *laid) count(desk knowledge.DeskID) int {
	l.mu.Lock()
	defer l.mu.Unlock()
	if o := l.last[desk]; o != nil {
		return len(o.Records)
	}
	return 0
}

// What one process appends, another lays within a second: that is how long a reader of the old answer has.
func TestAnotherProcessFollows(t *testing.T) {
	file := filepath.Join(t.TempDir(), "desk.sqlite")
	writer, reader := stored.New(storetest.Open(t, "sqlite:"+file)), stored.New(storetest.Open(t, "sqlite:"+file))
	l := newLaid()
	f := ledger.NewFollower(reader, l.lay, slog.New(slog.DiscardHandler))
	ctx, end := context.WithCancel(t.Context())
	var running sync.WaitGroup
	running.Go(func() { f.Run(ctx) })
	for i := range 5 {
		if _, err := writer.Append(t.Context(), "main", adaptertest.Draft(i)); err != nil {
			t.Fatal(err)
		}
		timely := time.After(time.Second)
		for l.count("main") < i+1 {
			select {
			case <-l.told:
			case <-timely:
				t.Fatalf("entry %d was not laid within a second", i+1)
			}
		}
	}
	end()
	running.Wait() // what was laid is told of a moment later
	if s := f.Status(); s.Err != nil || len(s.Heads) != 1 || s.Heads[0].Seq != 5 {
		t.Errorf("status %+v", s)
	}
}

func TestAFailedLayingKeepsTheOldAndIsTriedAgain(t *testing.T) {
	s := stored.New(storetest.Open(t, storetest.NewFile(t)))
	l := newLaid()
	f := ledger.NewFollower(s, l.lay, slog.New(slog.DiscardHandler))
	add := func(i int) {
		if _, err := s.Append(t.Context(), "main", adaptertest.Draft(i)); err != nil {
			t.Fatal(err)
		}
	}
	add(0)
	if err := f.CatchUp(t.Context()); err != nil || l.count("main") != 1 {
		t.Fatalf("%v, %d laid", err, l.count("main"))
	}
	l.fail = errors.New("no snapshot can be built")
	add(1)
	if err := f.CatchUp(t.Context()); !errors.Is(err, l.fail) || f.Status().Err == nil || l.count("main") != 1 {
		t.Errorf("%v, %d laid; want the error, and the old one", err, l.count("main"))
	}
	l.fail = nil
	if err := f.CatchUp(t.Context()); err != nil || f.Status().Err != nil || l.count("main") != 2 {
		t.Errorf("%v, %d laid; want both", err, l.count("main"))
	}
}

// A chain that does not hold is laid as far as it does, and the first broken entry is named.
func TestABrokenChainIsFollowedAsFarAsItHolds(t *testing.T) {
	for name, tt := range map[string]struct {
		spoil string
		says  string
		laid  int
	}{
		"a flipped byte":          {"UPDATE ledger_entries SET bytes = CAST(replace(CAST(bytes AS TEXT), 'console:ana', 'console:eve') AS BLOB) WHERE seq = 3", "broken at entry 3", 2},
		"a cut tail":              {"DELETE FROM ledger_entries WHERE seq > 3", "broken at entry 4", 3},
		"a cut tail and its head": {"DELETE FROM ledger_entries WHERE seq > 3; UPDATE ledger_heads SET seq = 3, hash = (SELECT hash FROM ledger_entries WHERE seq = 3)", "broken at entry 4", 3},
		"an entry taken out":      {"DELETE FROM ledger_entries WHERE seq = 2", "broken at entry 2", 1},
	} {
		t.Run(name, func(t *testing.T) {
			s := spoilt(t, tt.spoil)
			l := newLaid()
			f := ledger.NewFollower(s, l.lay, nil)
			err := f.CatchUp(t.Context())
			if broken := (*ledger.BrokenError)(nil); !errors.As(err, &broken) || !strings.Contains(err.Error(), tt.says) {
				t.Errorf("error is %v, want …%s…", err, tt.says)
			}
			if l.count("main") != tt.laid {
				t.Errorf("%d entries laid, want %d", l.count("main"), tt.laid)
			}
		})
	}
}

func TestFollowingGoesOnWhenTheDatabaseIsBack(t *testing.T) {
	file := filepath.Join(t.TempDir(), "desk.sqlite")
	db := storetest.Open(t, "sqlite:"+file)
	s := stored.New(db)
	if _, err := s.Append(t.Context(), "main", adaptertest.Draft(0)); err != nil {
		t.Fatal(err)
	}
	l := newLaid()
	f := ledger.NewFollower(s, l.lay, nil)
	if err := f.CatchUp(t.Context()); err != nil {
		t.Fatal(err)
	}
	rename := func(from, to string) {
		if _, err := db.SQL().ExecContext(t.Context(), "ALTER TABLE "+from+" RENAME TO "+to); err != nil && !errors.Is(err, sql.ErrNoRows) {
			t.Fatal(err)
		}
	}
	rename("ledger_entries", "gone")
	if err := f.CatchUp(t.Context()); err == nil || f.Status().Err == nil || l.count("main") != 1 {
		t.Errorf("without its table: %v, %d laid", err, l.count("main"))
	}
	rename("gone", "ledger_entries")
	if _, err := s.Append(t.Context(), "main", adaptertest.Draft(1)); err != nil {
		t.Fatal(err)
	}
	if err := f.CatchUp(t.Context()); err != nil || f.Status().Err != nil || l.count("main") != 2 {
		t.Errorf("back again: %v, %d laid", err, l.count("main"))
	}
}
