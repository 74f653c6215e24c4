package digest

import (
	"context"
	"errors"
	"fmt"
	"time"

	"stancebot/bot"
	"stancebot/knowledge"
)

// A Poster posts on one platform what nobody asked for. It waits with no call: what the platform wants later is a *inbox.Later.
type Poster interface {
	// Post posts one message, once, and returns its id. Where it goes below another one, that is in its thread or as a reply to it.
	// A channel that nothing can be posted to any more is a *GoneError. A post that may have arrived is ErrUncertain: it is tried
	// again with a Doubt. Where a platform cuts a long one and wants the rest of it later, it is ErrUncertain and a *inbox.Later. A post
	// with an Edit takes the place of a message, and returns its id; done again it changes nothing, so that no Doubt is asked about one. A
	// message whose place nothing can take is ErrUneditable.
	Post(ctx context.Context, p Post) (message string, err error)
	// Illustrate shows the file of a reply in the channel where its text was posted. It is tried once: a text is complete without its
	// picture, and none comes twice.
	Illustrate(ctx context.Context, to bot.Address, r *bot.Reply) error
	// Tell says something to a person alone, as Subscription.By names them.
	Tell(ctx context.Context, person string, r *bot.Reply) error
	// Lane names what an address shares its pace with: its workspace, or all of its platform.
	Lane(to bot.Address) string
}

// A Post is one message of a delivery.
type Post struct {
	ID    string // of the delivery, with the number of the part: no other has it
	To    bot.Address
	Desk  knowledge.DeskID
	Reply *bot.Reply
	Under string // the id of the message that it goes below, "" for none
	Edit  string // the id of the message whose place it takes, "" for a new one; what does not fit there is cut
	Doubt Doubt
	Since time.Time // of a doubt: it has not arrived before
}

// A Doubt tells that an earlier try of the same post may have arrived.
type Doubt int

// The doubts.
const (
	NoDoubt Doubt = iota
	Look          // it is looked for, and not posted where it is found; where that cannot be done it is ErrUnseen
	Repeat        // it is posted, and marked as possibly repeated
)

// What Post tells of a post that may have arrived.
var (
	ErrUncertain = errors.New("digest: it may have arrived or not")
	ErrUnseen    = errors.New("digest: the platform does not tell whether it arrived")
)

// ErrUneditable tells that a message cannot be edited any more: it is gone, too old, or not ours. Its channel may be there still.
var ErrUneditable = errors.New("digest: the message cannot be edited")

// ErrElsewhere tells that a channel has come to belong to another desk than its subscription, whose records it is told no more.
var ErrElsewhere = errors.New("digest: the channel belongs to another desk")

// A GoneError tells that nothing can be posted to a channel any more: we were removed, or it is not there.
type GoneError struct{ Reason string }

// Error tells why.
func (e *GoneError) Error() string { return fmt.Sprintf("digest: the channel is gone: %s", e.Reason) }
