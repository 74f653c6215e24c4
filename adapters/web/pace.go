package web

import (
	"net/netip"
	"sync"
	"time"
)

// A pace is how many requests an address may make: some at once, and then another each time an interval has passed. It is bounded in
// memory: addresses that find no room share one place. It is safe for concurrent use.
type pace struct {
	every  time.Duration
	ahead  time.Duration // how far those at once run ahead
	places int
	now    func() time.Time

	mu    sync.Mutex
	even  map[netip.Prefix]time.Time // when what an address asked would have been asked at the interval
	swept time.Time
}

func newPace(atOnce int, every time.Duration, places int, now func() time.Time) *pace {
	return &pace{every: every, ahead: time.Duration(atOnce) * every, places: places, now: now, even: map[netip.Prefix]time.Time{}}
}

// take counts a request, and returns how long it is until an address may make one: 0 where it may make this one.
func (p *pace) take(addr netip.Addr) time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := p.now()
	at := p.place(addr, now)
	even := p.even[at]
	if even.Before(now) {
		even = now
	}
	even = even.Add(p.every)
	if wait := even.Sub(now) - p.ahead; wait > 0 {
		return wait
	}
	p.even[at] = even
	return 0
}

// place is where an address is counted. Of IPv6, whoever has one address has the 64 bits below it.
func (p *pace) place(addr netip.Addr, now time.Time) netip.Prefix {
	bits := addr.BitLen()
	if addr.Is6() {
		bits = 64
	}
	at, err := addr.Prefix(bits)
	if _, counted := p.even[at]; counted || err != nil {
		return at
	}
	if len(p.even) >= p.places && now.Sub(p.swept) >= time.Second { // seldom, for it looks at all
		p.swept = now
		for other, even := range p.even {
			if even.Before(now) {
				delete(p.even, other)
			}
		}
	}
	if len(p.even) >= p.places {
		return netip.Prefix{}
	}
	return at
}
