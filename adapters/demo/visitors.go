package demo

import (
	"context"
	"crypto/rand"
	"errors"
	"sync"
	"time"

	"stancebot/bot/showcase"
)

// The bounds of newsrooms that are open at a time.
const (
	maxVisitors = 24               // of some five megabytes each
	maxIdle     = 30 * time.Minute // a visitor who does nothing for so long is gone
	minIdle     = 3 * time.Minute  // one who does nothing for so long gives way to another, where there is no room
	maxAge      = 3 * time.Hour
)

// A visit is one visitor's newsroom, with what their page remembers from one request to the next. Its fields are guarded by mu.
type visit struct {
	*showcase.Newsroom

	began time.Time

	mu     sync.Mutex
	last   time.Time        // it was seen
	who    *showcase.Person // whom the visitor plays
	seen   int              // the last event before what was done last
	notice string           // the phrase of what could not be done, "" for nothing; it is told once
	form   *form            // that is to be filled in; nil for none
}

// A form is what a message asks words for.
type form struct {
	In, Message, Command string
}

// errBusy tells that there is no room for another newsroom.
var errBusy = errors.New("demo: no room for another newsroom")

// visitors are the newsrooms that are open. They are safe for concurrent use.
type visitors struct {
	open func(ctx context.Context, language string) (*showcase.Newsroom, error)
	now  func() time.Time

	mu     sync.Mutex
	visits map[string]*visit
	closed bool
}

// of returns a visitor's newsroom, or nil where they have none.
func (v *visitors) of(id string) *visit {
	v.sweep()
	v.mu.Lock()
	defer v.mu.Unlock()
	found := v.visits[id]
	if found != nil {
		found.mu.Lock()
		found.last = v.now()
		found.mu.Unlock()
	}
	return found
}

// enter opens a newsroom for a visitor, who may have had another, and returns the name by which they find it again.
func (v *visitors) enter(ctx context.Context, language, before string) (id string, entered *visit, err error) {
	v.leave(before)
	v.sweep()
	if !v.room() {
		return "", nil, errBusy
	}
	room, err := v.open(ctx, language)
	if err != nil {
		return "", nil, err
	}
	now := v.now()
	entered = &visit{Newsroom: room, began: now, last: now, who: showcase.People[0]}
	id = rand.Text()
	v.mu.Lock()
	full := v.closed || len(v.visits) >= maxVisitors
	if !full {
		v.visits[id] = entered
	}
	v.mu.Unlock()
	if full { // others came meanwhile
		return "", nil, errors.Join(errBusy, room.Close())
	}
	return id, entered, nil
}

// room makes room for one more, and reports whether there is.
func (v *visitors) room() bool {
	v.mu.Lock()
	var idlest string
	idle := minIdle
	for id, visit := range v.visits {
		visit.mu.Lock()
		if since := v.now().Sub(visit.last); since >= idle {
			idlest, idle = id, since
		}
		visit.mu.Unlock()
	}
	full := len(v.visits) >= maxVisitors
	v.mu.Unlock()
	if full && idlest != "" {
		v.leave(idlest)
		full = false
	}
	return !full
}

// leave ends a visitor's newsroom.
func (v *visitors) leave(id string) {
	v.mu.Lock()
	gone := v.visits[id]
	delete(v.visits, id)
	v.mu.Unlock()
	if gone != nil {
		_ = gone.Close() // what was in memory is gone in any case
	}
}

// sweep ends the newsrooms of visitors who are gone.
func (v *visitors) sweep() {
	now := v.now()
	v.mu.Lock()
	var gone []string
	for id, visit := range v.visits {
		visit.mu.Lock()
		if now.Sub(visit.last) > maxIdle || now.Sub(visit.began) > maxAge {
			gone = append(gone, id)
		}
		visit.mu.Unlock()
	}
	v.mu.Unlock()
	for _, id := range gone {
		v.leave(id)
	}
}

// close ends all, and lets nobody in any more.
func (v *visitors) close() {
	v.mu.Lock()
	v.closed = true
	var all []string
	for id := range v.visits {
		all = append(all, id)
	}
	v.mu.Unlock()
	for _, id := range all {
		v.leave(id)
	}
}
