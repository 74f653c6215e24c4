package demo

// The bounds, for tests.
const (
	MaxVisitors = maxVisitors
	MinIdle     = minIdle
	MaxIdle     = maxIdle
)
