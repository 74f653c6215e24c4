package bot

import (
	"strconv"
	"sync"

	"stancebot/knowledge"
)

// A memo keeps answers to the questions that were asked of late. Lookups depend on nothing but the question, the snapshot
// in force and the calendar, and a newsroom asks the same of the same country all day. What a desk's answers rest on is its
// edition; with another one its answers are forgotten. It is safe for concurrent use.
type memo struct {
	size int // of one desk's answers; 0 keeps none

	mu     sync.RWMutex
	desks  map[knowledge.DeskID]*answers
	serial int64
}

// An edition is what a desk's answers rest on.
type edition struct {
	snapshot any // comparable
	today    knowledge.Day
	behind   bool
}

type answers struct {
	edition edition
	of      map[asked]Exchange
}

// asked is all of a request that its answer depends on.
type asked struct {
	text, language, locale, asOf, knownAt string
	inWords                               bool
}

// maxKept bounds the questions that are kept, in bytes: what is longer is hardly asked twice.
const maxKept = 200

func newMemo(size int) *memo { return &memo{size: size, desks: map[knowledge.DeskID]*answers{}} }

func askedIn(req Request) asked {
	return asked{req.Text, req.Language, req.Locale[:min(2, len(req.Locale))], req.AsOf, req.KnownAt, req.InWords}
}

// get returns the answer that a desk's readers get, where it is kept.
func (m *memo) get(req Request, e edition) (Exchange, bool) {
	if m.size == 0 || req.Purpose != Question {
		return Exchange{}, false
	}
	m.mu.RLock()
	defer m.mu.RUnlock()
	kept := m.desks[req.Desk]
	if kept == nil || kept.edition != e {
		return Exchange{}, false
	}
	ex, ok := kept.of[askedIn(req)]
	return ex, ok
}

// put keeps an answer, and gives its reply a name that equal replies share.
func (m *memo) put(req Request, e edition, ex *Exchange) {
	if m.size == 0 || req.Purpose != Question || len(req.Text) > maxKept {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	kept := m.desks[req.Desk]
	if kept == nil || kept.edition != e || len(kept.of) >= m.size {
		kept = &answers{edition: e, of: map[asked]Exchange{}}
		m.desks[req.Desk] = kept
	}
	m.serial++
	ex.Reply.Same = strconv.FormatInt(m.serial, 36)
	kept.of[askedIn(req)] = *ex
}
