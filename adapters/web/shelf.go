package web

import "sync"

// A shelf keeps pages and pictures that were made of late, by their entity tags, which name all that they depend on. It is safe for
// concurrent use.
type shelf struct {
	limit int

	mu    sync.Mutex
	kept  map[string]made
	bytes int
}

// made is a page or a picture as it is sent.
type made struct {
	contentType string
	body        []byte
}

// shelfBytes bounds what a site keeps: some hundreds of pages and pictures.
const shelfBytes = 32 << 20

func newShelf(limit int) *shelf { return &shelf{limit: limit, kept: map[string]made{}} }

func (s *shelf) of(tag string) (made, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	m, ok := s.kept[tag]
	return m, ok
}

func (s *shelf) keep(tag string, m made) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.bytes+len(m.body) > s.limit {
		s.kept, s.bytes = map[string]made{}, 0
	}
	if _, there := s.kept[tag]; !there {
		s.bytes += len(m.body)
	}
	s.kept[tag] = m
}
