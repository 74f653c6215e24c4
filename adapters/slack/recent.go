package slack

import (
	"sync"
	"time"
)

// recent is a set that forgets: a key is kept for its age at least and twice that at most, or until half as many others came
// as there is room for. Two generations of keys take turns, so that to forget costs nothing for each. It is safe for
// concurrent use.
type recent struct {
	age   time.Duration
	bound int
	now   func() time.Time

	mu        sync.Mutex
	young     map[string]time.Time
	old       map[string]time.Time
	youngFrom time.Time
}

func newRecent(age time.Duration, bound int, now func() time.Time) *recent {
	return &recent{age: age, bound: bound, now: now, young: map[string]time.Time{}}
}

// add adds a key and reports whether it is new.
func (r *recent) add(key string) bool {
	now := r.now()
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.knows(key, now) {
		return false
	}
	if now.Sub(r.youngFrom) >= r.age || len(r.young) >= r.bound/2 {
		r.old, r.young, r.youngFrom = r.young, make(map[string]time.Time, len(r.young)), now
	}
	r.young[key] = now
	return true
}

// has reports whether the key was added of late.
func (r *recent) has(key string) bool {
	now := r.now()
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.knows(key, now)
}

func (r *recent) knows(key string, now time.Time) bool {
	at, known := r.young[key]
	if !known {
		at, known = r.old[key]
	}
	return known && now.Sub(at) < r.age
}
