package telegram

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"stancebot/bot"
	"stancebot/bot/chats"
	"stancebot/bot/inbox"
	"stancebot/bot/request"
	"stancebot/knowledge"
)

// platform begins the names of people, conversations and places of Telegram.
const platform = "telegram"

// Options are what an Adapter is made of. With a WebhookURL updates come over HTTP, and otherwise by polling.
type Options struct {
	Bot           bot.Handler
	Suggest       func(prefix, language string, limit int) []bot.Choice // countries by the beginning of their names
	Token         string
	APIURL        string // without /bot; "" for Telegram's own
	WebhookURL    string // where Telegram sends updates, ending in /telegram/webhook; "" for polling
	WebhookSecret string
	Desk          func(ctx context.Context, chat int64) knowledge.DeskID
	Told          func(Telling)      // hears of what was said where; nil for nobody
	Store         func() inbox.Store // the inbox's, nil while the database is away
	Waiting       int                // updates of one chat that may wait, 0 for any number
	Shed          func()             // hears of each that came beyond those; nil for nobody
	Chats         func() chats.Store // likewise
	Meter         Meter
	Now           func() time.Time // the running clock
	Turn          func() Turn      // at polling, of several processes; nil where this is the only one, or, returned, while the store is not there
	Log           *slog.Logger
	HTTP          *http.Client  // nil for one with time limits
	Poll          time.Duration // how long a call for updates waits for one, 0 for 50 s, the most that Telegram does
	Pause         time.Duration // after a call for updates that failed, 0 for 3 s; it grows
}

// A Telling is a reply that was said somewhere.
type Telling struct {
	Desk    knowledge.DeskID
	Place   string // telegram:77, of a topic telegram:-100200:5
	Message string // its id, of several the first
	Private bool
	Reply   bot.Reply
}

// An Adapter is the bot in Telegram.
type Adapter struct {
	Options

	api      *client
	inbox    *inbox.Inbox
	health   *health
	us       atomic.Pointer[self]
	met      met
	rendered rendered
}

// A self is what Telegram knows us as.
type self struct {
	id       int64
	username string
	inline   bool // inline mode is on
}

// New returns an adapter. It connects to nothing before Run.
func New(o Options) *Adapter {
	if o.HTTP == nil {
		o.HTTP = newHTTP()
	}
	if o.Poll == 0 {
		o.Poll = longestPoll
	}
	if o.Pause == 0 {
		o.Pause = firstPause
	}
	if o.Told == nil {
		o.Told = func(Telling) {}
	}
	if o.Chats == nil {
		o.Chats = func() chats.Store { return nil }
	}
	h := &health{}
	a := &Adapter{Options: o, health: h, api: newClient(&o, h)}
	a.inbox = inbox.New(inbox.Options{
		Platform: platform, Store: o.Store, Work: a.work, Now: o.Now, Log: o.Log, Space: chatOfQueue, Most: o.Waiting, Shed: o.Shed,
	})
	return a
}

// Run works what comes in until the context ends. It learns who we are first, which it tries until Telegram answers; then it
// tells Telegram our commands, and polls or has updates sent. It returns when all that it began has ended.
func (a *Adapter) Run(ctx context.Context) error {
	var running sync.WaitGroup
	running.Go(func() {
		if !a.introduce(ctx) {
			return
		}
		running.Go(func() { a.offerMenus(ctx) })
		if a.WebhookURL != "" {
			a.hook(ctx)
			return
		}
		a.pollInTurn(ctx)
	})
	err := a.inbox.Run(ctx)
	running.Wait()
	return err
}

// Stats tells how the inbox is.
func (a *Adapter) Stats() inbox.Stats { return a.inbox.Stats() }

// introduce learns who we are, and reports whether it did before the context ended. A token that Telegram refuses is tried
// again all the same, seldom: it may be mended there.
func (a *Adapter) introduce(ctx context.Context) bool {
	for pause := a.Pause; ; pause = min(2*pause, longestPause) {
		result, err := a.api.call(ctx, "getMe", nil)
		var me struct {
			ID       int64  `json:"id"`
			Username string `json:"username"`
			Inline   bool   `json:"supports_inline_queries"`
		}
		if err == nil && json.Unmarshal(result, &me) == nil && me.ID != 0 {
			a.us.Store(&self{me.ID, me.Username, me.Inline})
			a.Log.InfoContext(ctx, "telegram knows us", "bot", me.Username, "inline", me.Inline)
			return true
		}
		if ctx.Err() != nil {
			return false
		}
		a.Log.WarnContext(ctx, "telegram does not say who we are: it is asked again", "in", pause, "error", err)
		if !sleep(ctx, pause) {
			return false
		}
	}
}

// ourself is what Telegram knows us as. Before it said so, the token tells who replies are to that come meanwhile.
func (a *Adapter) ourself() self {
	if us := a.us.Load(); us != nil {
		return *us
	}
	number, _, _ := strings.Cut(a.Token, ":")
	id, err := strconv.ParseInt(number, 10, 64)
	if err != nil {
		return self{}
	}
	return self{id: id}
}

// sleep waits, and reports whether the context goes on.
func sleep(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// A verdict is what becomes of what came in.
type verdict string

const (
	recorded  verdict = "recorded"
	repeated  verdict = "repeated"
	ignored   verdict = "ignored"
	malformed verdict = "malformed"
	refused   verdict = "refused" // there is no room for it: Telegram is to send it again
	shed      verdict = "shed"    // as much of its chat waits as may
)

// receive records an update to be worked, and returns its id, 0 for one that has none. Nothing that an update holds may make
// it panic: one that did would come again and again.
func (a *Adapter) receive(ctx context.Context, raw []byte) (v verdict, id int64) {
	ctx = request.Ensure(ctx)
	way := "other"
	defer func() {
		if r := recover(); r != nil {
			a.Log.ErrorContext(ctx, "an update could not be read", "update", id)
			v = malformed
		}
		a.Meter.Event(way, string(v))
	}()
	u, err := readUpdate(raw, a.ourself().id)
	if err != nil {
		return malformed, 0
	}
	id, way = u.id, u.way()
	if !a.concerns(&u) {
		return ignored, id
	}
	fresh, err := a.inbox.Receive(ctx, inbox.Event{Platform: platform, Keys: []string{u.key()}, Queue: u.queue(), At: a.Now(), Body: raw, Read: &u})
	switch {
	case errors.Is(err, inbox.ErrShed):
		return shed, id
	case err != nil:
		a.Log.ErrorContext(ctx, "an update could not be taken: Telegram sends it again", "error", err)
		return refused, id
	case !fresh:
		return repeated, id
	}
	return recorded, id
}

// way names the kind of an update.
func (u *update) way() string {
	switch {
	case u.message != nil:
		return "message"
	case u.pressed != nil:
		return "press"
	case u.inline != nil:
		return "inline"
	case u.member != nil:
		return "member"
	}
	return "other"
}

// concerns reports whether an update is one that we do something about. Stickers, pictures without words, games, polls, places
// and what Telegram says of chats are left alone, and so is what other bots say.
func (a *Adapter) concerns(u *update) bool {
	switch m := u.message; {
	case m != nil && (m.to != 0 || m.from != 0):
		return true
	case m != nil:
		if m.chat == 0 || m.bot || strings.TrimSpace(m.text) == "" {
			return false
		}
		said := addressed(m, a.ourself().username)
		ends := said.command == cancel && m.form != form{}
		return said.called && (said.command == "" || ends || m.chatType == private || known(said.command))
	case u.pressed != nil:
		return u.pressed.id != "" && u.pressed.data != ""
	case u.inline != nil:
		return u.inline.id != ""
	}
	return u.member != nil && u.member.chat != 0
}

// person names who asked, for limits; a channel asks as itself.
func person(user, chat int64) string {
	if user == 0 {
		user = chat
	}
	return platform + ":" + strconv.FormatInt(user, 10)
}

// place names a chat, and its topic.
func place(chat, thread int64) string {
	p := platform + ":" + strconv.FormatInt(chat, 10)
	if thread != 0 {
		p += ":" + strconv.FormatInt(thread, 10)
	}
	return p
}

func chatOf(id int64) chats.Chat {
	return chats.Chat{Platform: platform, ID: strconv.FormatInt(id, 10)}
}
