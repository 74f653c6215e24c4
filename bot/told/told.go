package told

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"strings"
	"sync"
	"time"

	"stancebot/knowledge"
)

// A Place is where something was told: platform, space, channel and thread, parted by colons. Parts at the end may be
// missing: telegram:77 is a chat, slack:T1:C2 a channel, slack:T1:C2:1700000000.000100 a thread in it.
type Place string

// PlaceOf joins the parts of a place up to the last one that is not empty.
func PlaceOf(platform, space, channel, thread string) Place {
	return Place(strings.TrimRight(strings.Join([]string{platform, space, channel, thread}, ":"), ":"))
}

// Holds reports whether a place is the other one or what the other one is in, such as the channel of a thread.
func (p Place) Holds(other Place) bool {
	rest, ok := strings.CutPrefix(string(other), string(p))
	return ok && (rest == "" || rest[0] == ':')
}

// A Told is one telling: a reply that was sent.
type Told struct {
	Desk    knowledge.DeskID
	At      time.Time // whole microseconds are kept
	Place   Place
	Message string // the platform's id of the message, by which it can be edited or answered; "" for none
	Private bool   // only the asker saw it
	Seq     int64  // the last entry of the desk's ledger that was taken into account: the same can be said at several
	Reply   *Reply // never nil
}

// A Reply is what was said, whoever it was said to. Tellings of the same can share one, so it is not changed once it was told.
type Reply struct {
	Language  string
	Intent    knowledge.Intent
	Command   string // that asks the same, in its short form; "" where there is none, or where the words are the asker's
	Countries []knowledge.Country
	Receipts  []string // all that it rests on, in its order
	Text      string   // as it was sent, byte for byte

	hashed sync.Once
	hash   Hash
}

// A Hash names what a reply says: replies that differ in any byte have different ones. It is half of SHA-256, which is enough for
// that, and each telling holds it.
type Hash [sha256.Size / 2]byte

// Hash returns the reply's hash, which is computed once.
func (r *Reply) Hash() Hash {
	r.hashed.Do(func() {
		whole := sha256.Sum256(r.bytes())
		copy(r.hash[:], whole[:])
	})
	return r.hash
}

// Equal reports whether two replies say the same.
func (r *Reply) Equal(other *Reply) bool { return r == other || r.Hash() == other.Hash() }

// bytes returns all that the reply says, each part behind its length, so that no two replies have the same.
func (r *Reply) bytes() []byte {
	b := make([]byte, 0, len(r.Text)+512) // enough for most
	b = appendPart(b, r.Language)
	b = appendPart(b, r.Intent)
	b = appendPart(b, r.Command)
	b = appendParts(b, r.Countries)
	b = appendParts(b, r.Receipts)
	return append(b, r.Text...)
}

func appendParts[S ~string](b []byte, parts []S) []byte {
	b = binary.AppendUvarint(b, uint64(len(parts)))
	for _, part := range parts {
		b = appendPart(b, part)
	}
	return b
}

func appendPart[S ~string](b []byte, part S) []byte {
	return append(binary.AppendUvarint(b, uint64(len(part))), part...)
}

// A Filter chooses tellings. A part that is zero chooses all.
type Filter struct {
	Country knowledge.Country // that the reply is about
	Receipt string            // that it rests on
	From    time.Time
	Before  time.Time
}

// A Store keeps what was told. Implementations pass the suite in adapters/adaptertest. It is safe for concurrent use, by
// several processes too. What it returns is in order of time, and of one time in the order of Keep. A reply is kept as long
// as a telling of it, and little longer.
type Store interface {
	// Keep keeps tellings, all of them or none.
	Keep(ctx context.Context, tellings []Told) error
	// About returns a desk's tellings since a time that rest on a receipt.
	About(ctx context.Context, desk knowledge.DeskID, receipt string, since time.Time) ([]Told, error)
	// OfCountry returns a desk's tellings about a country from a time on and before another.
	OfCountry(ctx context.Context, desk knowledge.DeskID, country knowledge.Country, from, before time.Time) ([]Told, error)
	// List returns a desk's tellings that a filter chooses, the last ones up to a limit, the newest first.
	List(ctx context.Context, desk knowledge.DeskID, f Filter, limit int) ([]Told, error)
	// Erase erases what any desk told before a time, and returns how many tellings it erased, also on an error. A reply goes an
	// hour later than its last telling would, at most.
	Erase(ctx context.Context, before time.Time) (int, error)
	// Forget erases what a desk told in a place and in all that the place holds, with the replies that it told nowhere else, and
	// returns how many tellings it erased.
	Forget(ctx context.Context, desk knowledge.DeskID, place Place) (int, error)
	// Silence sets whether what is told in a place, and in all that it holds, is not to be kept, whichever desk tells it. It
	// reports whether that is new.
	Silence(ctx context.Context, place Place, silent bool) (bool, error)
	// Silent lists the places that are set so, by name.
	Silent(ctx context.Context) ([]Place, error)
}
