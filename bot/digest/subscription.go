package digest

import (
	"strings"
	"time"

	"stancebot/bot"
	"stancebot/knowledge"
)

// A Kind tells digests, watches and notes apart.
type Kind string

// The kinds of subscriptions.
const (
	Digest Kind = "digest" // at the hours of a schedule
	Watch  Kind = "watch"  // as soon as something changes
	Note   Kind = "note"   // never by itself: letters to a place hang on it. Nobody set it up, and no channel sees it among its own
)

// A Subscription is what a channel wants to hear of. It belongs to the channel, not to who set it up.
type Subscription struct {
	ID       string // sorts by when it began
	Desk     knowledge.DeskID
	To       bot.Address
	Kind     Kind
	About    Filter
	Schedule Schedule // of a digest
	Language string   // of what it says
	By       string   // who set it up: slack:T1:U2
	Name     string   // and the name that the channel knows them by, "" where the platform does not tell
	Began    time.Time
	Cursor   int64     // the last entry of the desk's ledger that a delivery covers or that was there before
	Next     time.Time // nothing is planned before; of a digest, when the next one is due
	Paused   time.Time // until when, zero for not: Next is no earlier
	Ended    time.Time // zero while it goes on
	Why      string    // it ended: stopped, gone
	Version  int64     // counts its changes, so that none is made to what has changed meanwhile
}

// Forever is until when something is paused that no time ends.
var Forever = time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)

// A Filter is what a subscription is about. The empty Filter is about all.
type Filter struct {
	Countries []knowledge.Country `json:"countries,omitempty"` // in the order asked
	Group     knowledge.GroupID   `json:"group,omitempty"`
}

// key tells filters apart.
func (f *Filter) key() string {
	var b strings.Builder
	b.WriteString(string(f.Group))
	for _, c := range f.Countries {
		b.WriteByte(' ')
		b.WriteString(string(c))
	}
	return b.String()
}

// A Switch is on, off, or as the program is set.
type Switch string

// The positions of a switch.
const (
	Unset Switch = ""
	On    Switch = "on"
	Off   Switch = "off"
)

// Settings are those of a channel, for all that it subscribed to.
type Settings struct {
	To                   bot.Address
	Zone                 string          // of new digests and of quiet hours, as the IANA names it; "" where nobody said it
	QuietFrom, QuietTill knowledge.Clock // between which no watch speaks; none switches them off
	Empty                Switch          // whether a digest comes that has nothing to tell
	Editors              bool            // editors alone may change what it gets
}

// A State is how far a delivery is.
type State string

// The states of deliveries.
const (
	Waiting State = "waiting" // to be sent
	Trying  State = "trying"  // a part of it is being sent: when that ends without a word, it may have arrived
	Sent    State = "sent"
	Empty   State = "empty" // there was nothing to tell
	Held    State = "held"  // it may have arrived, and is not sent again
	Failed  State = "failed"
	Dropped State = "dropped" // its subscription ended before, its channel is gone, or what it was to edit cannot be
)

// A Delivery is one message that a subscription is due, with what goes below it.
type Delivery struct {
	ID           string // sorts by when it was planned
	Subscription string
	Name         string    // what it is, which no other of its subscription has: the day of a digest, 2026-11-30; the first entry of an alert, 17
	Lane         string    // what it shares its pace with, as its Poster names it
	After, UpTo  int64     // it tells of the entries behind the one, up to the other
	Due          time.Time // whole microseconds are kept, as in all times here
	State        State
	NotBefore    time.Time // it waits until then
	Attempt      int       // how often it was begun
	Tried        time.Time // when a part of it was first tried
	Parts        int       // how many arrived
	Message      string    // the id of the first, at its platform
	Doubted      bool      // a part may have arrived twice, or may not have arrived: it is listed
	Reason       string    // of the last failure, for operators
	Done         time.Time // when it came to an end
	Letter       *Letter   // what it is to say; nil for a digest and an alert, which tell of entries
}

// since is the time behind which a notice tells what is new, as people say it: the digest before, or when it began.
func (s *Subscription) since(till time.Time) time.Time {
	if s.Kind == Watch {
		return s.Began
	}
	if before := s.Schedule.Previous(till); before.After(s.Began) {
		return before
	}
	return s.Began
}
