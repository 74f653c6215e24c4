package digest

import (
	"context"
	"errors"
	"time"

	"stancebot/bot"
	"stancebot/knowledge"
)

// ErrChanged tells that a subscription is no longer as it was read.
var ErrChanged = errors.New("digest: it has changed meanwhile")

// A Step moves a subscription on: its cursor, when it is planned next, and with a delivery or without.
type Step struct {
	Subscription string
	From, To     int64 // its cursor
	Was, Next    time.Time
	Delivery     *Delivery // nil where there is nothing to tell
}

// A Lease says whose a delivery is, and until when.
type Lease struct {
	Owner string
	Until time.Time
}

// A Claiming says what is claimed, and for whom.
type Claiming struct {
	Platforms []string
	Except    []string // lanes
	Now       time.Time
	Lease     Lease
	Limit     int
}

// A Task is a delivery with what it takes to send it.
type Task struct {
	Delivery     Delivery
	Subscription Subscription
	Settings     Settings
}

// A Tally counts deliveries.
type Tally struct {
	Platform string `json:"platform"`
	State    State  `json:"state"`
	Doubted  bool   `json:"doubted"`
	N        int    `json:"n"`
}

// A SubscriptionTally counts subscriptions that go on.
type SubscriptionTally struct {
	Platform string `json:"platform"`
	Kind     Kind   `json:"kind"`
	N        int    `json:"n"`
	Paused   int    `json:"paused"` // of them
}

// A Store keeps subscriptions and their deliveries. Implementations pass the suite in adapters/adaptertest. It is safe for
// concurrent use, by several processes too. Times are kept to whole microseconds.
type Store interface {
	// Add adds a subscription. The same again, under its id, is added once, whatever became of it since.
	Add(ctx context.Context, s *Subscription) error
	// Change puts a subscription in the place of the one with its id and version, whose version grows by one. Where that has another
	// version, or is not there, it is ErrChanged and nothing changes. The one that was told stays as it is. Each step that is taken, an
	// end and the move of a chat count as changes, too.
	Change(ctx context.Context, s *Subscription) error
	// Of lists what a channel subscribed to, in order of their ids, those that ended since a time included. Notes are not among them.
	Of(ctx context.Context, to bot.Address, endedSince time.Time) ([]Subscription, error)
	// CountIn counts what goes on in all channels of a workspace or chat, slack:T1. Notes are not counted.
	CountIn(ctx context.Context, space string) (int, error)
	// Settings returns the settings of a channel, those of that address alone where nobody set any.
	Settings(ctx context.Context, to bot.Address) (Settings, error)
	// Set keeps the settings of a channel.
	Set(ctx context.Context, s Settings) error

	// Due lists, by desk and id, subscriptions that may have something to plan: digests whose time has come, and watches whose time
	// has come and whose cursor is before the end of their desk's ledger. At most limit of them, those behind a desk and an id
	// ("" and "" for the first).
	Due(ctx context.Context, now time.Time, desk knowledge.DeskID, after string, limit int) ([]Task, error)
	// Wake returns the earliest time behind now that a subscription or a delivery waits for, the end of a lease included, or the
	// zero time.
	Wake(ctx context.Context, now time.Time) (time.Time, error)
	// Plan takes steps, in their order and each whole or not at all, and reports which it took, those before an error, too. A step is
	// not taken when its subscription has ended, is paused beyond now, has another cursor or next time than the step begins with, or
	// has a delivery by that name; where that delivery has the id of the step's, the step was taken by an earlier call.
	Plan(ctx context.Context, now time.Time, steps []Step) (taken []bool, err error)

	// Mail plans letters, and reports which it planned, those before an error, too. A place that has no Note by that id yet gets the one that
	// is told. A letter is not planned where its Note has a delivery by its name; where that has the id of the letter's, it was planned by
	// an earlier call.
	Mail(ctx context.Context, letters []Mailing) (taken []bool, err error)
	// Named returns a subscription's delivery by its name, or nil where there is none.
	Named(ctx context.Context, subscription, name string) (*Delivery, error)

	// Claim leases deliveries that wait or were being tried, whose time has come and whose lease has ended, those due first first, each
	// to one owner. It counts an attempt for each.
	Claim(ctx context.Context, c Claiming) ([]Task, error)
	// Renew renews the owner's leases of deliveries, and returns the ids of those that are the owner's still. A lease until the zero
	// time gives them back: they are nobody's then.
	Renew(ctx context.Context, ids []string, l Lease) (held []string, err error)
	// Record records how far deliveries are, and returns the ids of those that are the owner's still: the others are left as they
	// are. A delivery that came to an end is nobody's any more, and so is one that waits until a later time than it did. What it is
	// named, tells of, says and is due stays as it was planned.
	Record(ctx context.Context, owner string, deliveries []Delivery) (held []string, err error)
	// End ends subscriptions that go on, and drops their deliveries that wait and that nobody holds. One that is held or being tried
	// stays, and comes with its Subscription's end when it is claimed.
	End(ctx context.Context, ids []string, at time.Time, why string) error

	// Alerted lists, by their ids, the deliveries of watches to a channel that were sent and tell of an entry behind the one and up to
	// the other.
	Alerted(ctx context.Context, to bot.Address, after, upTo int64) ([]Task, error)
	// Tally counts deliveries, of those that ended the ones since a time.
	Tally(ctx context.Context, since time.Time) ([]Tally, error)
	// Subscriptions counts subscriptions that go on, and which of them are paused. Notes are not counted.
	Subscriptions(ctx context.Context, now time.Time) ([]SubscriptionTally, error)
	// Listed lists deliveries for operators, at most limit, those planned last first: those in the states, and those in doubt where
	// that is asked.
	Listed(ctx context.Context, states []State, doubted bool, limit int) ([]Task, error)
	// Erase erases deliveries that ended before a time, and subscriptions that did and have none left, and returns how many of both. Of
	// Notes, which do not end, it erases those that have none left.
	Erase(ctx context.Context, before time.Time) (int, error)
	// Changed returns a channel that receives whenever there may be something new to plan, to claim or to wait for, by whatever
	// process, until the context ends; then it is closed. Leases, ends of deliveries and calls that change nothing need not be told.
	// Signals that nobody waits for are joined into one.
	Changed(ctx context.Context) <-chan struct{}
}
