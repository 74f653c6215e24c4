//go:build !linux

package bench

import "context"

// ServeBotAPI tells that there is no such thing here.
func ServeBotAPI(context.Context, string) error { return ErrElsewhere }
