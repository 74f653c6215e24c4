//go:build !linux

package main

import "stancebot/cmd/stancebot/bench"

// Run tells that this is measured elsewhere.
func (*benchTable) Run() error { return bench.ErrElsewhere }
