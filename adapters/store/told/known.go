package told

import (
	"bytes"
	"cmp"
	"sync"

	"stancebot/bot/told"
	"stancebot/knowledge"
)

// A key names a reply in the tables: whose it is and what it says.
type key struct {
	desk knowledge.DeskID
	hash told.Hash
}

func compareKeys(a, b key) int {
	return cmp.Or(cmp.Compare(a.desk, b.desk), bytes.Compare(a.hash[:], b.hash[:]))
}

// knownBound is how many replies are known at most, in some megabytes.
const knownBound = 20_000

// known are replies that were written and need not be written again. They may have been erased since, so the foreign key of what
// names them has the last word. The zero value knows none; it is safe for concurrent use.
type known struct {
	mu   sync.Mutex
	keys map[key]struct{}
}

// lacks returns the replies of tellings that are not known.
func (k *known) lacks(tellings []told.Told) map[key]*told.Reply {
	k.mu.Lock()
	defer k.mu.Unlock()
	lacking := map[key]*told.Reply{}
	for _, t := range tellings {
		name := key{t.Desk, t.Reply.Hash()}
		if _, ok := k.keys[name]; !ok {
			lacking[name] = t.Reply
		}
	}
	return lacking
}

// add adds replies that were written. What is known is begun anew at its bound: those that are told often are soon back.
func (k *known) add(written []key) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.keys == nil || len(k.keys)+len(written) > knownBound {
		k.keys = map[key]struct{}{}
	}
	for _, name := range written {
		k.keys[name] = struct{}{}
	}
}

// clear forgets all that is known.
func (k *known) clear() {
	k.mu.Lock()
	defer k.mu.Unlock()
	clear(k.keys)
}
