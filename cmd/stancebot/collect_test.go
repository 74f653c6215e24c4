package main

import (
	"runtime/debug"
	"testing"
)

// What an operator says of the garbage collector stands; what nobody says is ours to choose.
func TestCollectSeldom(t *testing.T) {
	before := debug.SetGCPercent(100)
	defer debug.SetGCPercent(before)
	for _, test := range []struct {
		variable string
		want     int
	}{{"GOGC", 100}, {"GOMEMLIMIT", 100}, {"", collectAt}} {
		debug.SetGCPercent(100)
		collectSeldom(func(v string) (string, bool) { return "", v == test.variable })
		if got := debug.SetGCPercent(100); got != test.want {
			t.Errorf("with %q set garbage is collected at %d %%, want %d", test.variable, got, test.want)
		}
	}
}
