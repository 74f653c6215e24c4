package watch

import "time"

// A Rate is how often something may happen: N times in any time of that length. The zero Rate is without end.
type Rate struct {
	N   int
	Per time.Duration
}

// maxScale is the most by which a fake's time is scaled: what waits on the app's side does not scale with it.
const maxScale = 10

// Faster is the rate in a time that goes faster, at most ten times.
func (r Rate) Faster(scale int) Rate {
	r.Per /= time.Duration(min(max(scale, 1), maxScale))
	return r
}

// A Counted is something that a rate is kept for.
type Counted struct {
	Key  string
	Rate Rate
}

// Rates counts what happens, so that a fake keeps the limits of its platform. The zero value is ready. A lock of the fake guards it.
type Rates struct {
	happened map[string][]time.Time // within the time of the rate, in order
}

// Take counts something under all keys, unless a rate forbids it: then it counts nowhere, and how long it has to wait is returned.
func (r *Rates) Take(now time.Time, keys ...Counted) (wait time.Duration) {
	for _, k := range keys {
		if k.Rate.N > 0 {
			wait = max(wait, r.wait(now, k))
		}
	}
	if wait > 0 {
		return wait
	}
	for _, k := range keys {
		if k.Rate.N > 0 {
			r.happened[k.Key] = append(r.happened[k.Key], now)
		}
	}
	return 0
}

// wait is how long a rate forbids one more. What has waited as long as it should on its way out may be a little early here, so a tenth
// is let pass.
func (r *Rates) wait(now time.Time, k Counted) time.Duration {
	if r.happened == nil {
		r.happened = map[string][]time.Time{}
	}
	per := k.Rate.Per * 9 / 10
	times := r.happened[k.Key]
	for len(times) > 0 && now.Sub(times[0]) >= per {
		times = times[1:]
	}
	r.happened[k.Key] = times
	if len(times) < k.Rate.N {
		return 0
	}
	return times[len(times)-k.Rate.N].Add(per).Sub(now)
}
