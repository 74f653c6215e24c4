package main

import (
	"context"
	"io"
	"log/slog"

	"stancebot/bot/request"
)

// newLog returns a log of lines of keys and values. Lines about a request bear its id.
func newLog(w io.Writer, level slog.Level) *slog.Logger {
	return slog.New(&requestLog{slog.NewTextHandler(w, &slog.HandlerOptions{Level: level})})
}

// A requestLog adds the id of the request to each line about it.
type requestLog struct{ slog.Handler }

// Handle writes a line.
func (h *requestLog) Handle(ctx context.Context, r slog.Record) error {
	if id := request.ID(ctx); id != "" {
		r.AddAttrs(slog.String("request", id))
	}
	return h.Handler.Handle(ctx, r)
}

// WithAttrs returns a handler whose lines bear attributes, too.
func (h *requestLog) WithAttrs(attrs []slog.Attr) slog.Handler {
	return &requestLog{h.Handler.WithAttrs(attrs)}
}

// WithGroup returns a handler whose lines bear a group, too.
func (h *requestLog) WithGroup(name string) slog.Handler {
	return &requestLog{h.Handler.WithGroup(name)}
}
