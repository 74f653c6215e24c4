package jobs

import "log/slog"

// Quiet is newQuiet.
func Quiet(h slog.Handler) slog.Handler { return newQuiet(h) }
