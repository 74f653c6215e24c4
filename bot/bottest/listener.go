package bottest

import (
	"context"
	"sync"
	"testing"

	"stancebot/bot"
)

// A Listener hears what its bot is asked.
type Listener struct {
	bot.Handler

	mu    sync.Mutex
	asked []bot.Request
}

// Handle hears it, and has it answered.
func (l *Listener) Handle(ctx context.Context, req bot.Request) bot.Reply {
	l.mu.Lock()
	l.asked = append(l.asked, req)
	l.mu.Unlock()
	return l.Handler.Handle(ctx, req)
}

// Last returns what was asked last, since that was last asked for.
func (l *Listener) Last(t *testing.T) bot.Request {
	t.Helper()
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.asked) == 0 {
		t.Fatal("nothing was asked")
	}
	last := l.asked[len(l.asked)-1]
	l.asked = nil
	return last
}
