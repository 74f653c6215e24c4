package quota

import (
	"sync"
	"sync/atomic"
	"time"
)

// A Verdict tells what is met with what a space asks for.
type Verdict int

// The verdicts.
const (
	Granted Verdict = iota
	Noticed         // it is too much, and whoever asks is to be told so
	Silent          // it is too much, and they were told of late
)

// noticeEvery is how often one person is told that their space asks for too much.
const noticeEvery = time.Minute

// Shares gives each space its share of what this process has. What has no space, "", is counted nowhere. A nil Shares grants all. It is
// safe for concurrent use, and bounded in memory.
type Shares struct {
	quotas    Quotas
	questions *rate
	told      *rate
	notices   *rate
	refused   map[Kind]*atomic.Int64

	mu      sync.Mutex
	drawing map[string]int // pictures, by space
}

// New returns shares by a running clock.
func New(q Quotas, now func() time.Time) *Shares {
	s := &Shares{
		quotas: q, questions: newRate(q.Of(Questions), now), told: newRate(q.Of(Told), now), notices: newRate(Limit{1, noticeEvery}, now),
		refused: map[Kind]*atomic.Int64{}, drawing: map[string]int{},
	}
	for _, k := range Kinds() {
		s.refused[k] = &atomic.Int64{}
	}
	return s
}

// Refuse counts that something was refused.
func (s *Shares) Refuse(k Kind) { s.refused[k].Add(1) }

// Refused is how often something of a kind was refused.
func (s *Shares) Refused(k Kind) int64 { return s.refused[k].Load() }

// Most is how much of a kind a space may have, 0 for any number.
func (s *Shares) Most(k Kind) int {
	if s == nil {
		return 0
	}
	return s.quotas.Of(k).Most
}

// Allows reports whether a space that has so many of a kind may have another one.
func (s *Shares) Allows(k Kind, has int) bool {
	most := s.Most(k)
	if most == 0 || has < most {
		return true
	}
	s.Refuse(k)
	return false
}

// Ask counts a question, and tells what it is met with and, where that is not the answer, how long it is until answers go on.
func (s *Shares) Ask(space, person string) (v Verdict, wait time.Duration) {
	if s == nil {
		return Granted, 0
	}
	wait = s.questions.take(space)
	if wait == 0 {
		return Granted, 0
	}
	s.Refuse(Questions)
	if s.notices.take(space+" "+person) > 0 {
		return Silent, wait
	}
	return Noticed, wait
}

// Tell counts a reply that is to be kept, and reports whether it may be.
func (s *Shares) Tell(space string) bool {
	if s == nil || s.told.take(space) == 0 {
		return true
	}
	s.Refuse(Told)
	return false
}

// Draw begins to draw a picture, and returns what ends that; nil where as many as may be are drawn for the space already.
func (s *Shares) Draw(space string) (done func()) {
	most := s.Most(Pictures)
	if most == 0 || space == "" {
		return func() {}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.drawing[space] >= most {
		s.Refuse(Pictures)
		return nil
	}
	s.drawing[space]++
	return func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		if s.drawing[space]--; s.drawing[space] == 0 {
			delete(s.drawing, space)
		}
	}
}
