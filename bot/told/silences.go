package told

import (
	"context"
	"strings"
	"sync/atomic"
)

// Silences know where what is told is not to be kept, without asking the store for each reply. They are safe for concurrent use.
type Silences struct {
	places atomic.Pointer[map[Place]bool]
}

// Load reads all such places. On an error what was read before stays.
func (s *Silences) Load(ctx context.Context, store Store) error {
	list, err := store.Silent(ctx)
	if err != nil {
		return err
	}
	places := make(map[Place]bool, len(list))
	for _, p := range list {
		places[p] = true
	}
	s.places.Store(&places)
	return nil
}

// Keeps reports whether what is told in a place may be kept: neither it nor what it is in is silent. Before the first Load
// nothing may, for it is not known who does not want it.
func (s *Silences) Keeps(p Place) bool {
	places := s.places.Load()
	if places == nil {
		return false
	}
	for rest := string(p); rest != ""; {
		if (*places)[Place(rest)] {
			return false
		}
		rest = rest[:max(0, strings.LastIndexByte(rest, ':'))]
	}
	return true
}
