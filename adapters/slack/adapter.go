package slack

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"time"

	"stancebot/bot"
	"stancebot/bot/inbox"
	"stancebot/bot/installs"
	"stancebot/bot/request"
	"stancebot/knowledge"
)

// platform begins the names of people, conversations and places of Slack.
const platform = "slack"

// Options are what an Adapter is made of. With an AppToken it connects in Socket Mode; with a SigningSecret its Handler
// takes requests over HTTP. It may do both.
type Options struct {
	Bot           bot.Handler
	BotToken      string                                 // for one workspace: of every workspace without Workspaces, and beside them of its own
	Workspaces    Workspaces                             // that the app is installed in; nil for the one of the BotToken
	Own           func(ctx context.Context, team string) // hears which workspace the BotToken is of, where there are others; nil for nobody
	OAuth         *OAuth                                 // by which people install the app in their workspaces; nil where they cannot
	AppToken      string
	SigningSecret string
	APIURL        string // ends in /api/; "" for Slack's own
	PublicURL     string // of our own pages, whose links are shown with a preview; "" for none
	Desk          func(ctx context.Context, team string) knowledge.DeskID
	Told          func(Telling)      // hears of what was said where; nil for nobody
	Store         func() inbox.Store // the inbox's, nil while the database is away
	Waiting       int                // events of one workspace that may wait, 0 for any number
	Shed          func()             // hears of each that came beyond those; nil for nobody
	Meter         Meter
	Now           func() time.Time // the running clock
	Log           *slog.Logger
	HTTP          *http.Client // nil for one with time limits
	Sockets       int          // connections in Socket Mode, 0 for two: while Slack renews one, the other hears
	Reconnect     Pace         // of connections; the zero value is Slack's own limit
	// FileWaits are the times between looks for a file that was uploaded, nil for the usual ones.
	FileWaits []time.Duration
}

// A Telling is a reply that was said somewhere.
type Telling struct {
	Desk    knowledge.DeskID
	Place   string      // slack:T1:C2, of a thread slack:T1:C2:1700.1; what one person alone was told, slack:T1:U3
	In      bot.Address // the channel that it was asked in, where one person alone was told; "" for none
	Message string      // its ts, "" where Slack tells none
	Private bool
	Reply   bot.Reply
}

// An Adapter is the bot in Slack.
type Adapter struct {
	Options

	api     *clients
	inbox   *inbox.Inbox
	self    *own // nil where there is one workspace, or none of the BotToken
	health  *health
	locales *locales
	spoken  spoken
	seen    *recent // triggers of slash commands and of forms
	shown   *recent // links that were shown with a preview
	doubted *recent // postings that may have arrived
	seal    *seal   // of the signing secret, nil without one
}

// The bounds of what is remembered.
const (
	commandsSeen = 50_000
	linksShown   = 10_000
	linkRest     = 30 * time.Minute // in which a link that was shown in a channel is not shown again
	doubtKept    = 30 * time.Minute
)

// New returns an adapter. It connects to nothing before Run.
func New(o Options) *Adapter {
	if o.HTTP == nil {
		o.HTTP = &http.Client{Timeout: 2 * callLimit}
	}
	if o.Sockets == 0 {
		o.Sockets = 2
	}
	if o.Told == nil {
		o.Told = func(Telling) {}
	}
	if o.FileWaits == nil {
		o.FileWaits = usualFileWaits
	}
	h := &health{wantsSock: o.AppToken != ""}
	var self *own
	switch {
	case o.Workspaces == nil:
		o.Workspaces = alone{installs.Token(o.BotToken)}
	case o.BotToken != "":
		self = newOwn(&o, h)
		o.Workspaces = self
	}
	a := &Adapter{
		Options: o, health: h, seal: newSeal(o.SigningSecret), api: &clients{Options: &o, health: h}, self: self,
		seen: newRecent(2*maxAge, commandsSeen, o.Now), shown: newRecent(linkRest, linksShown, o.Now), doubted: newRecent(doubtKept, linksShown, o.Now),
	}
	a.locales = newLocales(a.api, o.Now)
	a.inbox = inbox.New(inbox.Options{
		Platform: platform, Store: o.Store, Work: a.work, Now: o.Now, Log: o.Log, Space: teamOf, Most: o.Waiting, Shed: o.Shed,
	})
	return a
}

// Run works what comes in until the context ends, and connects in Socket Mode where there is a token for that. It returns
// when all that it began has ended.
func (a *Adapter) Run(ctx context.Context) error {
	var running sync.WaitGroup
	running.Go(func() { a.locales.run(ctx) })
	if a.self != nil {
		running.Go(func() { a.self.run(ctx) })
	}
	if a.OAuth != nil {
		running.Go(func() { a.rotate(ctx) })
	}
	if a.AppToken != "" {
		for range a.Sockets {
			running.Go(func() { a.listen(ctx) })
		}
	}
	err := a.inbox.Run(ctx)
	running.Wait()
	return err
}

// Stats tells how the inbox is.
func (a *Adapter) Stats() inbox.Stats { return a.inbox.Stats() }

// The ways in.
const (
	wayCommand = "command"
	wayEvent   = "event"
	wayAction  = "action"
	wayShare   = "share" // an action that was weighed: the answer is to be shared
	wayInstall = "install"
	wayLeave   = "leave" // the app was taken out of a workspace
	wayFile    = "file"  // the file of an answer that was given is to be sent
)

// A parcel is what waits in the inbox: what Slack sent, and the way that it came.
type parcel struct {
	Way string          `json:"way"`
	Raw json.RawMessage `json:"raw"`
}

// A verdict is what becomes of what came in.
type verdict string

const (
	recorded  verdict = "recorded"
	repeated  verdict = "repeated"
	ignored   verdict = "ignored"
	malformed verdict = "malformed"
	refused   verdict = "refused"     // there is no room for it: Slack is to send it again
	stranger  verdict = "uninstalled" // it came from a workspace where the app is not installed
	shed      verdict = "shed"        // as much of its workspace waits as may
	opened    verdict = "opened"      // a form: what is typed into it comes later
)

// teamOf is the workspace that a queue of the inbox begins with.
func teamOf(queue string) string {
	team, _, _ := strings.Cut(queue, ":")
	return team
}

// receiveEvent records an event to be worked. It returns the challenge when Slack only asks whether we are there.
func (a *Adapter) receiveEvent(ctx context.Context, raw []byte) (v verdict, challenge string) {
	ctx = request.Ensure(ctx)
	defer func() { a.Meter.Event(wayEvent, string(v)) }()
	e, err := readEvent(raw)
	switch {
	case err != nil:
		a.Log.WarnContext(ctx, "slack sent an event that is none", "error", err)
		return malformed, ""
	case e.outer == "url_verification":
		return ignored, e.challenge
	case e.outer == "app_rate_limited":
		a.Log.WarnContext(ctx, "slack holds events back: more than 30,000 came within an hour from one workspace", "team", e.team)
		return ignored, ""
	case e.leaves() && a.OAuth != nil:
		return a.record(ctx, parcel{wayLeave, raw}, e.keys(), e.team+":"+e.enterprise), ""
	case !e.asks():
		return ignored, ""
	case !a.admits(ctx, e.workspace()):
		return stranger, ""
	}
	return a.record(ctx, parcel{wayEvent, raw}, e.keys(), e.team+":"+e.channel+e.homeOf()), ""
}

// homeOf is the user of an event that has no channel.
func (e *event) homeOf() string {
	if e.channel != "" {
		return ""
	}
	return e.user
}

// receiveAction records a click, a shortcut or what was typed into a form to be worked. What opens a form is done at once: in a
// moment it opens none any more.
func (a *Adapter) receiveAction(ctx context.Context, raw []byte) (v verdict) {
	ctx = request.Ensure(ctx)
	defer func() { a.Meter.Event(wayAction, string(v)) }()
	act, err := readAction(raw)
	switch {
	case err != nil:
		a.Log.WarnContext(ctx, "slack sent an action that is none", "error", err)
		return malformed
	case !act.asks():
		return ignored
	case !a.admits(ctx, act.workspace()):
		return stranger
	case act.id == actionForm:
		return a.receiveForm(ctx, &act, raw)
	}
	return a.record(ctx, parcel{wayAction, raw}, act.keys(), act.queue())
}

func (a *Adapter) record(ctx context.Context, p parcel, keys []string, queue string) verdict {
	body, err := json.Marshal(p)
	if err != nil {
		return malformed
	}
	fresh, err := a.inbox.Receive(ctx, inbox.Event{Platform: platform, Keys: keys, Queue: queue, At: a.Now(), Body: body})
	switch {
	case errors.Is(err, inbox.ErrShed):
		return shed
	case err != nil:
		a.Log.ErrorContext(ctx, "an event could not be taken: Slack sends it again", "error", err)
		return refused
	case !fresh:
		return repeated
	}
	return recorded
}
