package telegram

import (
	"sync"
)

// met is what is known of messages that are being sent: which parts of a long one were, and which may have been. It is
// safe for concurrent use, and holds no more than is being worked, some topics that are gone, and posts of late.
type met struct {
	mu     sync.Mutex
	parts  map[string]int
	doubts map[string]bool
	topics map[[2]int64]bool

	posts posts
}

const topicsKept = 1000

// sent is how many parts of an answer were sent.
func (m *met) sent(id string) int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.parts[id]
}

// begun reports whether an answer was begun, be it that nothing of it was sent.
func (m *met) begun(id string) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	_, begun := m.parts[id]
	return begun
}

func (m *met) progress(id string, parts int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.parts == nil {
		m.parts = map[string]int{}
	}
	m.parts[id] = parts
	delete(m.doubts, id)
}

// doubt notes that the next part may have been sent.
func (m *met) doubt(id string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.doubts == nil {
		m.doubts = map[string]bool{}
	}
	m.doubts[id] = true
}

func (m *met) doubted(id string) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.doubts[id]
}

func (m *met) forget(id string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.parts, id)
	delete(m.doubts, id)
}

// general notes that a topic is gone.
func (m *met) general(chat, topic int64) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.topics == nil || len(m.topics) >= topicsKept {
		m.topics = map[[2]int64]bool{}
	}
	m.topics[[2]int64{chat, topic}] = true
}

// topic returns the topic to answer in: 0, the general one, for one that is gone.
func (m *met) topic(chat, topic int64) int64 {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.topics[[2]int64{chat, topic}] {
		return 0
	}
	return topic
}
