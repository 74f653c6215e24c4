package installs

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"time"
)

// A Workspace is where the app is installed, as Slack's ids name it: a workspace, with the organisation that it belongs to, if any; or
// without a Team all of an organisation.
type Workspace struct{ Enterprise, Team string }

// String names the workspace as spaces are named: slack:T1, of an organisation slack:E1.
func (w Workspace) String() string {
	if w.Team == "" {
		return "slack:" + w.Enterprise
	}
	return "slack:" + w.Team
}

// A Token is a secret that is never printed, by whatever way of printing. Reveal gives it to what needs it.
type Token string

const hidden = "***"

// String hides the token.
func (Token) String() string { return hidden }

// GoString hides the token.
func (Token) GoString() string { return hidden }

// LogValue hides the token.
func (Token) LogValue() slog.Value { return slog.StringValue(hidden) }

// MarshalText hides the token.
func (Token) MarshalText() (text []byte, err error) { return []byte(hidden), nil }

// Reveal returns the token.
func (t Token) Reveal() string { return string(t) }

// Tokens are what Slack gave for a workspace. With a Refresh, the Access expires and is renewed by it.
type Tokens struct {
	Access, Refresh Token
	Expires         time.Time // zero where it does not
}

// An Install is the app in a workspace, or in an organisation.
type Install struct {
	Workspace
	Tokens

	Name      string // of the workspace or organisation
	BotUser   string // that the app is there
	App       string
	Scopes    string // parted by commas
	Installer string // the id of the person who installed it
	At        time.Time

	Teams  []string // of an organisation: the workspaces that are known to be its
	Sealed error    // why its tokens cannot be read: then it has none
}

// Serves reports whether the install's token is that of a workspace.
func (in *Install) Serves(team string) bool {
	return team != "" && (in.Team == team || in.Team == "" && slices.Contains(in.Teams, team))
}

// What is wrong with an install.
var (
	ErrNone   = errors.New("the app is not installed in this workspace")
	ErrSealed = errors.New("its tokens were encrypted with a key that is not among those of STANCEBOT_ENCRYPTION_KEY")
	ErrFull   = errors.New("too many installations were begun and not ended")
	ErrAway   = errors.New("where installs are kept cannot be reached")
)

// A State is by what an installation that was begun is known when it comes back: both are secrets, the one in the address and the other in
// the browser's cookie. Nothing but their hashes is kept.
type State struct{ Value, Browser string }

// The bounds of installations that were begun.
const (
	StateLife = 10 * time.Minute
	MaxStates = 10_000 // that wait at a time
)

// A Store keeps installs. Implementations pass the suite in adapters/adaptertest. It is safe for concurrent use, by several processes
// too.
type Store interface {
	// Begin keeps a state for StateLife. It is ErrFull where MaxStates of them wait.
	Begin(ctx context.Context, s State, now time.Time) error
	// Finish takes the state of that value away, and reports whether it was kept, is not too old, and was the browser's. Of two calls at
	// once, one succeeds.
	Finish(ctx context.Context, s State, now time.Time) (bool, error)

	// Put keeps an install in the place of the one of its workspace. Its Teams are not looked at.
	Put(ctx context.Context, in *Install) error
	// Find returns the install that serves a workspace: its own, or that of the organisation which it is known to belong to. It is
	// ErrNone where there is none, and an install that is Sealed where its tokens cannot be read.
	Find(ctx context.Context, team string) (Install, error)
	// Join notes that a workspace belongs to an organisation. It is ErrNone where the app is not installed in that.
	Join(ctx context.Context, w Workspace) error
	// List lists all installs, in the order of their ids.
	List(ctx context.Context) ([]Install, error)

	// Remove takes an install with its tokens away, when it is from a time or before, ends what its workspaces subscribed to, and what
	// waits for them is not sent. It reports whether the app is not installed there now, be it that it was not before.
	Remove(ctx context.Context, w Workspace, at time.Time) (gone bool, err error)
	// Leave takes a workspace out of its organisation's install, and ends as Remove does.
	Leave(ctx context.Context, w Workspace, at time.Time) error
	// Teams lists the workspaces that are or were known to be an organisation's.
	Teams(ctx context.Context, enterprise string) ([]string, error)

	// Lease gives an install to an owner until a time, for its tokens to be renewed, unless another one has it. It returns the install as
	// it is then, and whether the owner has it.
	Lease(ctx context.Context, w Workspace, owner string, now, until time.Time) (Install, bool, error)
	// Renew puts new tokens in the place of those of an install that an owner has, ends the lease, and reports whether it was the owner's.
	// Without tokens it ends the lease alone.
	Renew(ctx context.Context, w Workspace, owner string, t Tokens) (bool, error)
	// Reseal encrypts with the newest key what was encrypted with another one, and returns how many installs.
	Reseal(ctx context.Context) (int, error)

	// Changed returns a channel that receives whenever installs may have changed, by whatever process, until the context ends; then it
	// is closed.
	Changed(ctx context.Context) <-chan struct{}
}
