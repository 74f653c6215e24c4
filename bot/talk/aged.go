package talk

import (
	"container/list"
	"time"
)

// aged is a map that forgets: what was put longer ago than its age and, when it is full, what was put longest ago. It is not
// safe for concurrent use.
type aged[V any] struct {
	age      time.Duration
	capacity int
	entries  map[string]*list.Element
	order    *list.List // of *entry[V], by when they were put
}

type entry[V any] struct {
	key   string
	at    time.Time
	value V
}

func newAged[V any](age time.Duration, capacity int) aged[V] {
	return aged[V]{age: age, capacity: capacity, entries: map[string]*list.Element{}, order: list.New()}
}

// get returns what was put under a key, unless that is too long ago.
func (a *aged[V]) get(key string, now time.Time) (V, bool) {
	if e := a.entries[key]; e != nil {
		if have, _ := e.Value.(*entry[V]); now.Sub(have.at) < a.age {
			return have.value, true
		}
	}
	var none V
	return none, false
}

// put puts a value under a key.
func (a *aged[V]) put(key string, value V, now time.Time) {
	if e := a.entries[key]; e != nil {
		have, _ := e.Value.(*entry[V])
		have.at, have.value = now, value
		a.order.MoveToBack(e)
		return
	}
	for first := a.order.Front(); first != nil; first = a.order.Front() {
		old, _ := first.Value.(*entry[V])
		if len(a.entries) < a.capacity && now.Sub(old.at) < a.age {
			break
		}
		a.order.Remove(first)
		delete(a.entries, old.key)
	}
	a.entries[key] = a.order.PushBack(&entry[V]{key, now, value})
}

func (a *aged[V]) len() int { return len(a.entries) }
