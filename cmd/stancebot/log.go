package main

import (
	"context"
	"errors"
	"io"
	"log/slog"

	"stancebot/bot/request"
)

// A logFormat is how lines of the log are written: the same whoever reads: keys and values, which programs read too, or JSON.
type logFormat string

// The formats.
const (
	logText logFormat = "text"
	logJSON logFormat = "json"
)

// UnmarshalText reads a format.
func (f *logFormat) UnmarshalText(text []byte) error {
	switch *f = logFormat(text); *f {
	case logText, logJSON:
		return nil
	}
	return errors.New("it is neither text nor json")
}

// newLog returns a log of lines of keys and values. Lines about a request bear its id.
func newLog(w io.Writer, level slog.Level, format logFormat) *slog.Logger {
	options := &slog.HandlerOptions{Level: level}
	if format == logJSON {
		return slog.New(&requestLog{slog.NewJSONHandler(w, options)})
	}
	return slog.New(&requestLog{slog.NewTextHandler(w, options)})
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
