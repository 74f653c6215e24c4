package telegram_test

import (
	"context"
	"sync"
	"testing"

	"stancebot/adapters/telegram"
	"stancebot/adapters/telegram/telegramtest"
)

// A table holds one turn, which whoever asks first has until they leave it or are taken away.
type table struct {
	mu     sync.Mutex
	holder int
}

// A seat is one process's place at a table.
type seat struct {
	*table
	n int
}

func (s seat) Take(context.Context) (bool, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.holder == 0 {
		s.holder = s.n
	}
	return s.holder == s.n, nil
}

func (s seat) Leave(context.Context) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.holder == s.n {
		s.holder = 0
	}
	return nil
}

// Of two processes one asks for updates, and the other one when that has ended.
func TestOnePollsAtATime(t *testing.T) {
	t.Parallel()
	turn := &table{}
	var others telegram.Options
	s := newStage(t, polling, stageOptions{adapter: func(o *telegram.Options) {
		o.Turn = func() telegram.Turn { return seat{turn, 1} }
		others = *o
	}})
	others.Turn = func() telegram.Turn { return seat{turn, 2} }
	second := telegram.New(others)
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- second.Run(ctx) }()
	until(t, "the second one stands by", second.StandsBy)
	if s.adapter.StandsBy() {
		t.Error("both stand by")
	}
	if _, err := s.Say(t.Context(), ana, telegramtest.In{}, "stance peru"); err != nil {
		t.Fatal(err)
	}
	until(t, "the question is answered", func() bool { return len(s.Sent(ana)) == 1 })
	for _, c := range s.Calls("getUpdates") {
		if c.Error != "" {
			t.Errorf("two ask at a time: %s", c.Error)
		}
	}
	turn.mu.Lock()
	turn.holder = 2 // as when the first one was too late to keep it
	turn.mu.Unlock()
	until(t, "the first one stands by", s.adapter.StandsBy)
	until(t, "the second one asks", func() bool { return !second.StandsBy() })
	if _, err := s.Say(t.Context(), ben, telegramtest.In{}, "stance peru"); err != nil {
		t.Fatal(err)
	}
	until(t, "the question is answered", func() bool { return len(s.Sent(ben)) == 1 })
	stop()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}
