package digest

import (
	"context"
	"sync"
	"time"

	"stancebot/bot"
)

// A Pace is how fast may be posted. What the platform says beyond it is kept, too.
type Pace struct {
	Lane    time.Duration // between two posts of a lane
	Channel time.Duration // between two to one address
	Edit    time.Duration // between two edits of a lane that the platform wanted later: some count them apart, and allow fewer
}

// atATime is how many deliveries of a lane are sent at a time: what it takes to keep its pace while each post takes a while, and while
// those in parts wait for the pace of their channels.
const atATime = 64

// recordAhead is how long before its turn a post is recorded as tried, so that a slow disk does not have posts come late and then
// together, which platforms refuse.
const recordAhead = recordRest + 50*time.Millisecond

// A lane is what shares one pace: a workspace of Slack, or all of Telegram.
type lane struct {
	d    *Deliverer
	pace Pace

	mu      sync.Mutex
	stopped bool
	queue   []*Task
	sending int
	next    time.Time                 // the lane's next post is no earlier
	until   time.Time                 // the platform wants none before
	refused int                       // posts that it wanted later, one behind the other
	edit    time.Time                 // an edit that it wants later is no earlier
	after   map[bot.Address]time.Time // the next post to a channel is no earlier
}

func newLane(d *Deliverer, pace Pace) *lane {
	return &lane{d: d, pace: pace, after: map[bot.Address]time.Time{}}
}

// load is how many deliveries it has.
func (l *lane) load() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.queue) + l.sending
}

// add has a delivery sent behind those that were there before.
func (l *lane) add(ctx context.Context, t *Task) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.queue = append(l.queue, t)
	if l.sending < atATime && !l.stopped {
		l.sending++
		l.d.sending.Go(func() { l.work(ctx) })
	}
}

// work sends one delivery after the other, until none waits.
func (l *lane) work(ctx context.Context) {
	for t := l.begin(); t != nil; t = l.begin() {
		l.d.send(ctx, l, t)
	}
}

func (l *lane) begin() *Task {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.queue) == 0 || l.stopped {
		l.sending--
		return nil
	}
	t := l.queue[0]
	l.queue[0] = nil
	l.queue = l.queue[1:]
	return t
}

// stop begins nothing more.
func (l *lane) stop() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.stopped = true
}

// later posts nothing to an address before a time. Whose limit was reached, platforms do not say: when they want two posts later, one
// behind the other, it is the lane's.
func (l *lane) later(to bot.Address, until time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if until.After(l.after[to]) {
		l.after[to] = until
	}
	if l.refused++; l.refused > 1 && until.After(l.until) {
		l.until = until
	}
}

// editLater returns when an edit is tried again that the platform wants no earlier than a time. Posts go on meanwhile, and so that edits do not
// all come back together, they come one behind the other.
func (l *lane) editLater(until time.Time) time.Time {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.edit.After(until) {
		until = l.edit
	}
	l.edit = until.Add(l.pace.Edit)
	return until
}

// arrived tells that a post did.
func (l *lane) arrived() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.refused = 0
}

// turn waits until it is nearly an address's turn, and returns when that is, or the zero time when the context ends or nothing more
// begins.
func (l *lane) turn(ctx context.Context, to bot.Address) time.Time {
	for {
		at, mine := l.slot(to)
		if at.IsZero() {
			return at
		}
		before := time.Duration(0)
		if mine {
			before = recordAhead
		}
		if l.wait(ctx, at.Add(-before)); ctx.Err() != nil {
			return time.Time{}
		}
		if mine {
			return at
		}
	}
}

// wait waits until a time, or until the context ends.
func (l *lane) wait(ctx context.Context, until time.Time) {
	if d := until.Sub(l.d.o.Now()); d > 0 {
		wait(ctx, d, nil, nil)
	}
}

// slot returns the next time at which may be posted to an address, and whether it is taken for the caller: it is where the address
// alone does not keep it waiting. It returns the zero time when nothing more begins.
func (l *lane) slot(to bot.Address) (at time.Time, taken bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.d.o.Now()
	if l.stopped {
		return time.Time{}, false
	}
	if l.until.After(now) {
		return l.until, false
	}
	if after := l.after[to]; after.After(now) {
		return after, false
	}
	at = l.next
	if at.Before(now) {
		at = now
	}
	l.next = at.Add(l.pace.Lane)
	l.forget(now)
	l.after[to] = at.Add(l.pace.Channel)
	return at, true
}

// keptChannels bounds the channels whose pace is kept.
const keptChannels = 1000

// forget forgets channels that keep nobody waiting.
func (l *lane) forget(now time.Time) {
	if len(l.after) < keptChannels {
		return
	}
	for to, after := range l.after {
		if !after.After(now) {
			delete(l.after, to)
		}
	}
}
