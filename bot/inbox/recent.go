package inbox

import "time"

// What recent remembers.
const (
	recentFor   = time.Hour
	recentBound = 100_000
)

// recent remembers the keys of late. It catches repeats without the store.
type recent struct {
	known map[string]bool
	order []seen // oldest first
}

type seen struct {
	key string
	at  time.Time
}

// add remembers keys.
func (r *recent) add(now time.Time, keys []string) {
	for _, key := range keys {
		if !r.known[key] {
			r.known[key] = true
			r.order = append(r.order, seen{key, now})
		}
	}
	r.trim(now)
}

// knows reports whether one of the keys is known.
func (r *recent) knows(now time.Time, keys []string) bool {
	r.trim(now)
	for _, key := range keys {
		if r.known[key] {
			return true
		}
	}
	return false
}

// trim forgets the oldest.
func (r *recent) trim(now time.Time) {
	for len(r.order) > 0 && (len(r.order) > recentBound || now.Sub(r.order[0].at) > recentFor) {
		delete(r.known, r.order[0].key)
		r.order[0] = seen{} // its text needs no memory
		r.order = r.order[1:]
	}
}
