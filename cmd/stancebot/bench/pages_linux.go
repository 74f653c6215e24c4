package bench

import (
	"context"
	"fmt"
	"time"
)

// PagesASecond is how many pages a second are asked for: more than a newsroom does on an election night.
const PagesASecond = 500

// Pages are how long pages took from when they were due, in milliseconds, and what share of a core the program computed meanwhile.
type Pages struct{ P50, P99, Busy float64 }

// StartPages starts the program for Pages.
func (l *Lab) StartPages(ctx context.Context) (*Server, error) {
	return l.serve(ctx, -1, "stancebot", inMemory)
}

// Pages asks a server for paths in turn, at even times and over several connections.
func (l *Lab) Pages(s *Server, paths []string) (*Pages, error) {
	window := l.either(200*time.Millisecond, 3*time.Second) // a connection that is not needed meanwhile is closed after five
	requests := make([][]byte, count(PagesASecond, window))
	for i := range requests {
		requests[i] = fmt.Appendf(nil, "GET %s HTTP/1.1\r\nHost: %s\r\nAccept-Language: es\r\n\r\n", paths[i%len(paths)], s.Addr)
	}
	before, err := s.Computed()
	if err != nil {
		return nil, err
	}
	load := load{addr: s.Addr, connections: connections, interval: time.Second / PagesASecond, core: -1}
	result, err := load.run(requests)
	if err != nil {
		return nil, fmt.Errorf("bench: %w", err)
	}
	after, err := s.Computed()
	return &Pages{percentile(result.took, 50) / 1000, percentile(result.took, 99) / 1000, (after - before).Seconds() / window.Seconds()}, err
}
