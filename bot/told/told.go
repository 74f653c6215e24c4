package told

import (
	"context"
	"strings"
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

// A Told is one reply that was sent.
type Told struct {
	Desk      knowledge.DeskID
	At        time.Time // whole microseconds are kept
	Place     Place
	Message   string // the platform's id of the message, by which it can be edited or answered; "" for none
	Private   bool   // only the asker saw it
	Language  string
	Intent    knowledge.Intent
	Countries []knowledge.Country
	Receipts  []string // all that it rests on, in its order
	Seq       int64    // the last entry of the desk's ledger that it took into account
	Text      string   // as it was sent, byte for byte
}

// A Store keeps what was told. Implementations pass the suite in adapters/adaptertest. It is safe for concurrent use, by
// several processes too. What it returns is in order of time, and of one time in the order of Keep.
type Store interface {
	// Keep keeps replies, all of them or none.
	Keep(ctx context.Context, replies []Told) error
	// About returns a desk's replies since a time that rest on a receipt.
	About(ctx context.Context, desk knowledge.DeskID, receipt string, since time.Time) ([]Told, error)
	// OfCountry returns a desk's replies about a country from a time on and before another.
	OfCountry(ctx context.Context, desk knowledge.DeskID, country knowledge.Country, from, before time.Time) ([]Told, error)
	// Erase erases what any desk told before a time, and returns how many replies it erased, also on an error.
	Erase(ctx context.Context, before time.Time) (int, error)
	// Forget erases what a desk told in a place and in all that the place holds, and returns how many replies it erased.
	Forget(ctx context.Context, desk knowledge.DeskID, place Place) (int, error)
}
