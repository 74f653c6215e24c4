package slack

import (
	"sync"
	"time"
)

// recent is a set that forgets: what is older than its age, and the oldest when it is full. It is safe for concurrent use.
type recent struct {
	age   time.Duration
	bound int
	now   func() time.Time

	mu    sync.Mutex
	at    map[string]time.Time
	order []string // by age
}

func newRecent(age time.Duration, bound int, now func() time.Time) *recent {
	return &recent{age: age, bound: bound, now: now, at: map[string]time.Time{}}
}

// add adds a key and reports whether it is new.
func (r *recent) add(key string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	now := r.now()
	r.forget(now)
	if _, known := r.at[key]; known {
		return false
	}
	r.at[key] = now
	r.order = append(r.order, key)
	return true
}

// has reports whether the key was added of late.
func (r *recent) has(key string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	at, known := r.at[key]
	return known && r.now().Sub(at) < r.age
}

func (r *recent) forget(now time.Time) {
	for len(r.order) > 0 && (len(r.order) >= r.bound || now.Sub(r.at[r.order[0]]) >= r.age) {
		delete(r.at, r.order[0])
		r.order[0] = ""
		r.order = r.order[1:]
	}
}
