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
	share *share
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

// A share is the queues of one space. However many of them are ready, spaces take turns.
type share struct {
	name   string
	queues int      // that have items
	ready  []*queue // by how long they have been
	waits  int64    // items that were not worked yet
}

// queues are the queues that have items, and those of them that are ready. A lock of others guards it.
type queues struct {
	byName map[string]*queue
	shares map[string]*share
	of     func(queue string) string // the space of a queue
	turns  []*share                  // those with a queue that is ready, in whose turn one is worked
	ready  int                       // queues that are
	some   *sync.Cond                // one is ready, or all is over
	count  atomic.Int64              // of items that were not worked yet
}

func newQueues(lock sync.Locker, of func(queue string) string) *queues {
	return &queues{byName: map[string]*queue{}, shares: map[string]*share{}, of: of, some: sync.NewCond(lock)}
}

// waits is how many items of the space of a queue were not worked yet.
func (qs *queues) waits(queue string) int64 {
	if sh := qs.shares[qs.of(queue)]; sh != nil {
		return sh.waits
	}
	return 0
}

// set moves an item to a stage.
func (qs *queues) set(it *item, s stage) {
	qs.counts(it, s.waits()-it.stage.waits())
	it.stage = s
}

// counts counts items that begin or cease to wait.
func (qs *queues) counts(it *item, n int64) {
	if n != 0 {
		qs.count.Add(n)
		qs.byName[it.Queue].share.waits += n
	}
}

// queue returns the queue of a name, a new one where it has none.
func (qs *queues) queue(name string) *queue {
	q := qs.byName[name]
	if q != nil {
		return q
	}
	of := qs.of(name)
	sh := qs.shares[of]
	if sh == nil {
		sh = &share{name: of}
		qs.shares[of] = sh
	}
	sh.queues++
	q = &queue{name: name, share: sh}
	qs.byName[name] = q
	return q
}

// forget forgets an empty queue, and its space with the last.
func (qs *queues) forget(q *queue) {
	delete(qs.byName, q.name)
	if q.share.queues--; q.share.queues == 0 {
		delete(qs.shares, q.share.name)
	}
}

// add adds an item to its queue. One that was claimed goes before those that came later.
func (qs *queues) add(it *item, claimed bool) {
	q := qs.queue(it.Queue)
	qs.counts(it, it.stage.waits())
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
		qs.forget(q)
	case q.items[0].stage == waiting:
		q.state = listed
		qs.list(q)
		qs.some.Signal()
	}
}

// list adds a queue to those of its space that are ready, and that to those who take turns.
func (qs *queues) list(q *queue) {
	sh := q.share
	if len(sh.ready) == 0 {
		qs.turns = append(qs.turns, sh)
	}
	sh.ready = append(sh.ready, q)
	qs.ready++
}

// unlist takes the queue that has been ready longest of the space whose turn it is, which goes behind the others.
func (qs *queues) unlist() *queue {
	sh := qs.turns[0]
	qs.turns[0] = nil
	qs.turns = qs.turns[1:]
	q := sh.ready[0]
	sh.ready[0] = nil
	if sh.ready = sh.ready[1:]; len(sh.ready) > 0 {
		qs.turns = append(qs.turns, sh)
	}
	qs.ready--
	return q
}

// next starts the first item of a queue that is ready, if there is one.
func (qs *queues) next() *item {
	for qs.ready > 0 {
		q := qs.unlist()
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
