package slack

import (
	"encoding/json"
	"sync"
)

// spoken keeps answers to slash commands as they were encoded: replies that are the same are encoded once. It is safe for
// concurrent use.
type spoken struct {
	mu sync.RWMutex
	of map[said]json.RawMessage
}

// said names an answer: the reply's own name, the workspace in which it names people, whether it can be shared from where it is
// shown, and what it is marked with.
type said struct {
	same, team string
	share      bool
	note       string
}

// spokenKept is how many answers are kept, of some kilobytes each. When there are as many, they are forgotten.
const spokenKept = 2000

// encoded returns what encode makes, or what it made of the same before.
func (s *spoken) encoded(name said, encode func() (json.RawMessage, error)) (json.RawMessage, error) {
	if name.same == "" {
		return encode()
	}
	s.mu.RLock()
	have := s.of[name]
	s.mu.RUnlock()
	if have != nil {
		return have, nil
	}
	made, err := encode()
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.of == nil || len(s.of) >= spokenKept {
		s.of = map[said]json.RawMessage{}
	}
	s.of[name] = made
	return made, nil
}
