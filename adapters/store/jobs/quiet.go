package jobs

import (
	"context"
	"log/slog"
	"sync"
	"time"
)

// A quiet handler passes on what the queue warns of, each message once a minute: while the database is away, the queue
// says so several times a second.
type quiet struct {
	slog.Handler
	told *told
}

type told struct {
	mu sync.Mutex
	at map[string]time.Time // by message, which are the library's own and few
}

const silence = time.Minute

func newQuiet(h slog.Handler) *quiet { return &quiet{h, &told{at: map[string]time.Time{}}} }

// Enabled reports whether a record of the level may be passed on.
func (q *quiet) Enabled(ctx context.Context, level slog.Level) bool {
	return level >= slog.LevelWarn && q.Handler.Enabled(ctx, level)
}

// Handle passes a record on, unless its message was passed on within the minute.
func (q *quiet) Handle(ctx context.Context, r slog.Record) error {
	q.told.mu.Lock()
	last, again := q.told.at[r.Message]
	again = again && r.Time.Sub(last) < silence
	if !again {
		q.told.at[r.Message] = r.Time
	}
	q.told.mu.Unlock()
	if again {
		return nil
	}
	return q.Handler.Handle(ctx, r)
}

// WithAttrs returns a handler with the attributes that is as quiet.
func (q *quiet) WithAttrs(attrs []slog.Attr) slog.Handler {
	return &quiet{q.Handler.WithAttrs(attrs), q.told}
}

// WithGroup returns a handler of the group that is as quiet.
func (q *quiet) WithGroup(name string) slog.Handler {
	return &quiet{q.Handler.WithGroup(name), q.told}
}
