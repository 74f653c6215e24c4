package chats

import "context"

// A Chat is a place of a platform where people talk to the bot, such as a Telegram group.
type Chat struct{ Platform, ID string }

// String returns the chat as places are named: telegram:-100200.
func (c Chat) String() string { return c.Platform + ":" + c.ID }

// A Store keeps what is known of chats. Implementations pass the suite in adapters/adaptertest. It is safe for concurrent use, by
// several processes too.
type Store interface {
	// Greet notes that a chat is greeted, and reports whether it was not before.
	Greet(ctx context.Context, c Chat) (first bool, err error)
	// Pause notes that nothing can be sent to a chat, and why: we were blocked, kicked, or it is gone. No reason is an error.
	Pause(ctx context.Context, c Chat, reason string) error
	// Resume notes that a chat wants to hear again, and reports whether it was paused.
	Resume(ctx context.Context, c Chat) (was bool, err error)
	// Paused returns why nothing can be sent to a chat, or "".
	Paused(ctx context.Context, c Chat) (reason string, err error)
	// Move makes a chat another one of its platform, all in one transaction: the desk that it belongs to, what was told in it and
	// in its threads, what it and they subscribed to, with their settings, whether it was greeted and is paused, and the queue of its
	// events that wait. What the other one has already stays; of two that are greeted or not, one greeted is enough. To move again what was moved does nothing, but to move what
	// came under the old id since.
	Move(ctx context.Context, from, to Chat) error
}
