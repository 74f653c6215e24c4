package told

import (
	"bytes"
	"cmp"
	"sync"
	"time"

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

// ahead is how far beyond a telling the time is set until which its reply may be told, so that one that is told over and over is
// written about once in as long.
const ahead = time.Hour

// known are replies that stand, and until when each may be told and need not be written. They are true as long as no more
// erasures are counted. The zero value knows none; it is safe for concurrent use.
type known struct {
	mu       sync.Mutex
	erasures int64
	until    map[key]int64
}

// A lack is a reply that has to be written before its tellings.
type lack struct {
	reply  *told.Reply
	until  int64
	stands bool // and only its time has to be raised
}

// lacks returns the replies of tellings that are not known, or not until then. More erasures than before end all that is known.
func (k *known) lacks(erasures int64, tellings []told.Told) map[key]lack {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.erasures != erasures {
		k.erasures = erasures
		clear(k.until)
	}
	lacking := map[key]lack{}
	for _, t := range tellings {
		name := key{t.Desk, t.Reply.Hash()}
		if until, stands := k.until[name]; !stands || until < micros(t.At) {
			lacking[name] = lack{t.Reply, max(lacking[name].until, micros(t.At.Add(ahead))), stands}
		}
	}
	return lacking
}

// add adds replies that were written when so many erasures were counted: if it is more by now, they may be gone already. What is
// known is begun anew at its bound: those that are told often are soon back.
func (k *known) add(erasures int64, written map[key]lack) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.erasures != erasures {
		return
	}
	if k.until == nil || len(k.until)+len(written) > knownBound {
		k.until = map[key]int64{}
	}
	for name, l := range written {
		k.until[name] = max(k.until[name], l.until)
	}
}
