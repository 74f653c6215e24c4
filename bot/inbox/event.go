package inbox

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// An Event is something that a platform sent.
type Event struct {
	ID       string // given by Receive; ids sort in order of arrival, and end in that of the request
	Request  string // by which log lines name what comes of it: that of the context of Receive, and kept with the event
	Platform string
	Keys     []string  // what names it at its platform, for Receive alone: an event any of whose keys is known has come before
	Queue    string    // events of one queue are worked one at a time, in order of arrival; "" for a queue of its own
	At       time.Time // when it came; whole microseconds are kept
	Body     []byte    // as it came; erased once the event was worked
	Attempt  int       // 1 for the first
	Read     any       // what its receiver read of the body, for Work; it is not kept in the store
}

// A Lease says whose an event is, and until when.
type Lease struct {
	Owner string
	Until time.Time
}

// A Store keeps events until they were worked, and their keys longer. Implementations pass the suite in adapters/adaptertest.
// It is safe for concurrent use, by several processes too. What is worked here is told apart by owners: each inbox is one.
type Store interface {
	// Write does two things, which stand together or not at all. It erases events that were worked, by their ids, whosever they
	// are, and keeps their keys: those that it is given, too, of events that were never put. Then it puts those that came, one
	// after the other: each is recorded, as its first attempt, unless one of its keys is known for its platform; then it is not
	// fresh, and its other keys are known from now on, too. One that was put under its id before is fresh while its lease is
	// the owner's, so that a Write whose outcome is not known can be asked again. No event is in both lists.
	Write(ctx context.Context, came []Event, l Lease, worked []Event) (fresh []bool, err error)
	// Claim leases events of a platform whose lease has ended, at most limit, the oldest first, each to one owner, and returns
	// them in that order without their keys. It counts an attempt for each whose lease was not given back.
	Claim(ctx context.Context, platform string, now time.Time, l Lease, limit int) ([]Event, error)
	// Renew renews the owner's leases of events, and returns the ids of those that are the owner's still. A lease until the
	// zero time gives them back.
	Renew(ctx context.Context, ids []string, l Lease) (held []string, err error)
	// Erase erases what came before a time: keys, and events that nobody has held since then, and returns how many keys it
	// erased, also on an error. The keys of an event that waits stay.
	Erase(ctx context.Context, before time.Time) (int, error)
}

// A Later is an error of Work that asks for patience: the event's queue rests until then, and the event is worked again, first.
type Later struct { //nolint:errname // it is what Work asks for, and reads as that
	Until time.Time
	Err   error // why
}

// Error says until when, and why.
func (l *Later) Error() string {
	return fmt.Sprintf("not before %s: %v", l.Until.Format(time.RFC3339), l.Err)
}

// Unwrap returns why.
func (l *Later) Unwrap() error { return l.Err }

// Why Receive refuses an event: the platform is to send it again, unless it is shed.
var (
	ErrFull   = errors.New("inbox: too many events wait")
	ErrClosed = errors.New("inbox: closed")
	// ErrShed tells that as many events of one space wait as may. The platform is told that the event came: to send it again would hold up
	// those of the others.
	ErrShed = errors.New("inbox: too many events of one space wait")
)

// Stats are counts since the start, and how many wait now.
type Stats struct {
	Received int64 // taken
	Repeated int64 // came before
	Refused  int64 // not taken
	InMemory int64 // taken without the store, which was away or too slow
	Done     int64 // worked
	GivenUp  int64 // worked in vain, or too often
	Waiting  int64 // held here, and not yet worked
	Shed     int64 // not taken, and not asked for again
}
