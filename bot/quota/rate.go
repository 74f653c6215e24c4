package quota

import (
	"sync"
	"time"
)

// counted bounds the names that a rate counts. Those that find no room are counted nowhere: a limit is no protection against strangers,
// whom platforms keep out.
const counted = 50_000

// A rate is how often each name may take within a time: so often at once, and from then on evenly.
type rate struct {
	every time.Duration // between two, evenly; 0 for no limit
	ahead time.Duration // how far those at once run ahead
	now   func() time.Time

	mu    sync.Mutex
	even  map[string]time.Time // when what a name took would have been taken evenly
	swept time.Time
}

func newRate(l Limit, now func() time.Time) *rate {
	r := &rate{now: now, even: map[string]time.Time{}}
	if l.Most > 0 {
		r.every, r.ahead = l.Per/time.Duration(l.Most), l.Per
	}
	return r
}

// take counts one, and returns how long it is until a name may take one: 0 where it may take this one.
func (r *rate) take(name string) time.Duration {
	if r.every == 0 || name == "" {
		return 0
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	now := r.now()
	even, known := r.even[name]
	if !known && !r.room(now) {
		return 0
	}
	if even.Before(now) {
		even = now
	}
	even = even.Add(r.every)
	if wait := even.Sub(now) - r.ahead; wait > 0 {
		return wait
	}
	r.even[name] = even
	return 0
}

// room reports whether another name can be counted. It looks at all that are, and so seldom.
func (r *rate) room(now time.Time) bool {
	if len(r.even) >= counted && now.Sub(r.swept) >= time.Second {
		r.swept = now
		for name, even := range r.even {
			if !even.After(now) {
				delete(r.even, name)
			}
		}
	}
	return len(r.even) < counted
}
