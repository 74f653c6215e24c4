package inbox

import (
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// A stage is how far an item is.
type stage int

const (
	arriving stage = iota // Receive waits for the store
	waiting               // for a worker
	running
	worked // the store is to hear of it
	gone   // it is held no more
)

// waits counts the stages before work.
func (s stage) waits() int64 {
	if s == arriving || s == waiting {
		return 1
	}
	return 0
}

// An item is an event that is held here.
type item struct {
	Event
	stage    stage
	recorded chan struct{} // closed when its first Put is over
	putting  bool          // it waits for a write, or one is on its way
	stored   bool          // the store has it, as ours
	known    bool          // the store knows it as another one's
	begun    bool          // it was worked once at least, and may have done something
}

// A queue is the items of one queue in order of arrival. The first is the one that is worked.
type queue struct {
	name  string
	items []*item
	state state
	timer *time.Timer // of its rest
}

type state int

const (
	idle   state = iota // nothing can be worked
	listed              // among those that are ready
	busy                // its first item is worked
	resting
)

// queues are the queues that have items, and those of them that are ready. A lock of others guards it.
type queues struct {
	byName map[string]*queue
	ready  []*queue
	some   *sync.Cond   // one is ready, or all is over
	count  atomic.Int64 // of items that were not worked yet
}

func newQueues(lock sync.Locker) *queues {
	return &queues{byName: map[string]*queue{}, some: sync.NewCond(lock)}
}

// set moves an item to a stage.
func (qs *queues) set(it *item, s stage) {
	qs.count.Add(s.waits() - it.stage.waits())
	it.stage = s
}

// add adds an item to its queue. One that was claimed goes before those that came later.
func (qs *queues) add(it *item, claimed bool) {
	qs.count.Add(it.stage.waits())
	q := qs.byName[it.Queue]
	if q == nil {
		q = &queue{name: it.Queue}
		qs.byName[it.Queue] = q
	}
	at := len(q.items)
	for claimed && at > q.fixed() && q.items[at-1].ID > it.ID {
		at--
	}
	q.items = slices.Insert(q.items, at, it)
	qs.wake(q)
}

// fixed is how many items at its beginning keep their place.
func (q *queue) fixed() int {
	if q.state == busy || q.state == resting {
		return 1
	}
	return 0
}

// admit lets an item that arrived be worked.
func (qs *queues) admit(it *item) {
	qs.set(it, waiting)
	qs.wake(qs.byName[it.Queue])
}

// drop takes an item that nobody works out of its queue.
func (qs *queues) drop(it *item) {
	qs.set(it, gone)
	q := qs.byName[it.Queue]
	q.items = slices.DeleteFunc(q.items, func(other *item) bool { return other == it })
	qs.wake(q)
}

// wake lists a queue as ready when its first item can be worked, and forgets an empty one.
func (qs *queues) wake(q *queue) {
	switch {
	case q.state != idle:
	case len(q.items) == 0:
		delete(qs.byName, q.name)
	case q.items[0].stage == waiting:
		q.state = listed
		qs.ready = append(qs.ready, q)
		qs.some.Signal()
	}
}

// next starts the first item of the queue that has been ready longest, if there is one.
func (qs *queues) next() *item {
	for len(qs.ready) > 0 {
		q := qs.ready[0]
		qs.ready[0] = nil
		qs.ready = qs.ready[1:]
		if len(q.items) > 0 && q.items[0].stage == waiting {
			q.state = busy
			qs.set(q.items[0], running)
			return q.items[0]
		}
		q.state = idle // its items were dropped since
		qs.wake(q)
	}
	return nil
}

// end takes the item that was worked out of its queue.
func (qs *queues) end(it *item) {
	qs.set(it, worked)
	q := qs.byName[it.Queue]
	q.items[0] = nil
	q.items = q.items[1:]
	q.state = idle
	qs.wake(q)
}

// rest lets an item that was tried wait, and its queue with it, until rested is called for the queue after some time.
func (qs *queues) rest(it *item, d time.Duration, rested func(*queue)) {
	qs.set(it, waiting)
	q := qs.byName[it.Queue]
	q.state = resting
	q.timer = time.AfterFunc(d, func() { rested(q) })
}

// rested ends the rest of a queue.
func (qs *queues) rested(q *queue) {
	q.state = idle
	qs.wake(q)
}

// stop ends all rests: nothing is worked any more.
func (qs *queues) stop() {
	for _, q := range qs.byName {
		if q.timer != nil {
			q.timer.Stop()
		}
	}
	qs.some.Broadcast()
}
