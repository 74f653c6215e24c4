package installs_test

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"stancebot/bot/installs"
)

// A shelf is a store that tests fill.
type shelf struct {
	installs.Store

	mu      sync.Mutex
	list    []installs.Install
	away    error
	finds   int
	changed chan struct{}
}

func (s *shelf) set(away error, list ...installs.Install) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.list, s.away = list, away
}

func (s *shelf) List(context.Context) ([]installs.Install, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.list, s.away
}

func (s *shelf) Find(_ context.Context, team string) (installs.Install, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.finds++
	for _, in := range s.list {
		if s.away == nil && in.Serves(team) {
			return in, nil
		}
	}
	return installs.Install{}, errors.Join(s.away, map[bool]error{true: installs.ErrNone}[s.away == nil])
}

func (s *shelf) Join(_ context.Context, w installs.Workspace) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i := range s.list {
		if in := &s.list[i]; in.Team == "" && in.Enterprise == w.Enterprise {
			in.Teams = append(in.Teams, w.Team)
			return nil
		}
	}
	return installs.ErrNone
}

func (*shelf) Reseal(context.Context) (int, error) { return 0, nil }

func (s *shelf) Changed(context.Context) <-chan struct{} { return s.changed }

func in(enterprise, team, access string) installs.Install {
	return installs.Install{Workspace: installs.Workspace{Enterprise: enterprise, Team: team}, Tokens: installs.Tokens{Access: installs.Token(access)}}
}

// Who installed the app a moment ago is served, by whatever process; who is known is served while the database is away, too; who took it
// out is not, as soon as that is told; and nobody is served by another one's token.
func TestDirectory(t *testing.T) {
	s := &shelf{changed: make(chan struct{}, 1)}
	d := &installs.Directory{Store: func() installs.Store { return s }, Log: slog.New(slog.DiscardHandler)}
	of := func(enterprise, team, want string, wrong error) {
		t.Helper()
		got, err := d.Of(t.Context(), installs.Workspace{Enterprise: enterprise, Team: team})
		if got.Access.Reveal() != want || !errors.Is(err, wrong) {
			t.Errorf("%s is served by %q, %v; want %q, %v", team, got.Access.Reveal(), err, want, wrong)
		}
	}
	ctx, stop := context.WithCancel(t.Context())
	var running sync.WaitGroup
	running.Go(func() { d.Run(ctx) })
	defer func() { stop(); running.Wait() }()

	of("", "T1", "", installs.ErrNone)
	s.set(nil, in("", "T1", "one"), in("E1", "", "org"), in("E1", "T3", "three"))
	of("", "T1", "one", nil) // before it is read
	of("", "T2", "", installs.ErrNone)
	of("E2", "T2", "", installs.ErrNone)
	of("E1", "T2", "org", nil) // which joins
	of("", "T2", "org", nil)
	of("E1", "T3", "three", nil)
	of("", "", "", installs.ErrNone)
	s.changed <- struct{}{}
	eventually(t, func() bool { return len(d.All()) == 3 })

	away := errors.New("away")
	s.set(away)
	before := s.finds
	of("", "T1", "one", nil)
	of("", "T2", "org", nil)
	of("E1", "T3", "three", nil)
	if s.finds != before {
		t.Errorf("the store was asked %d times for what is known", s.finds-before)
	}
	of("", "T9", "", away)

	sealed := in("", "T1", "")
	sealed.Sealed = installs.ErrSealed
	s.set(nil, sealed)
	s.changed <- struct{}{}
	eventually(t, func() bool { return len(d.All()) == 1 })
	of("", "T1", "", installs.ErrSealed)
	of("", "T2", "", installs.ErrNone)
	if h := d.Health(); !strings.Contains(h, "1 of 1 workspaces, the first slack:T1") {
		t.Error(h)
	}
	s.set(nil)
	s.changed <- struct{}{}
	eventually(t, func() bool { return len(d.All()) == 0 })
	of("", "T1", "", installs.ErrNone)
}

func eventually(t *testing.T, holds func() bool) {
	t.Helper()
	for range 1000 {
		if holds() {
			return
		}
		time.Sleep(5 * time.Millisecond)
	}
	t.Fatal("waited in vain")
}
