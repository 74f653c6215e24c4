package watch_test

import (
	"testing"
	"time"

	"stancebot/adapters/adaptertest/watch"
)

// A rate lets so many pass in its time, then tells how long to wait; what waits counts nowhere.
func TestRates(t *testing.T) {
	start := time.Date(2026, 11, 1, 12, 0, 0, 0, time.UTC)
	at := func(ms int) time.Time { return start.Add(time.Duration(ms) * time.Millisecond) }
	channel := watch.Counted{Key: "C1", Rate: watch.Rate{N: 1, Per: time.Second}}
	other := watch.Counted{Key: "C2", Rate: channel.Rate}
	all := watch.Counted{Key: "all", Rate: watch.Rate{N: 2, Per: time.Second}}
	var r watch.Rates
	for i, c := range []struct {
		ms   int
		key  watch.Counted
		wait time.Duration
	}{
		{0, channel, 0},
		{100, channel, 800 * time.Millisecond},
		{100, other, 0},
		{200, watch.Counted{Key: "C3", Rate: channel.Rate}, 700 * time.Millisecond}, // two passed: the one refused is not among them
		{900, channel, 0},
		{910, other, 90 * time.Millisecond},
		{2000, other, 0},
	} {
		if got := r.Take(at(c.ms), c.key, all); got != c.wait {
			t.Errorf("%d: waits %s, want %s", i, got, c.wait)
		}
	}
	for range 100 {
		if r.Take(start, watch.Counted{Key: "free"}) > 0 {
			t.Error("no rate makes wait")
		}
	}
	if fast := channel.Rate.Faster(50); fast.Per != 100*time.Millisecond {
		t.Errorf("fifty times as fast is %s", fast.Per)
	}
}
