package showcase

import (
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"stancebot/bot"
)

// The platforms that are played.
const (
	Slack    = "slack"
	Telegram = "telegram"
	Terminal = "console"
)

// Team is the workspace of Slack.
const Team = "TNEWS"

// The addresses of the newsroom, as the platforms write them.
const (
	News    bot.Address = "slack:TNEWS:CNEWS"
	Editing bot.Address = "slack:TNEWS:CDESK"
	Group   bot.Address = "telegram:-1001"
	Screen  bot.Address = "console:rita"
)

// A Person works in the newsroom.
type Person struct {
	ID, Name string
	Edits    bool   // an editor
	Slack    string // as the platforms name them
	Telegram string
}

// On is how a platform names the person.
func (p *Person) On(platform string) string {
	switch platform {
	case Slack:
		return p.Slack
	case Telegram:
		return p.Telegram
	}
	return platform + ":" + p.ID
}

// People are those of the newsroom, a reporter and two editors: a change needs a second person.
var People = []*Person{
	{ID: "rita", Name: "Rita Sol", Slack: "slack:TNEWS:URITA", Telegram: "telegram:101"},
	{ID: "ana", Name: "Ana Paz", Edits: true, Slack: "slack:TNEWS:UANA", Telegram: "telegram:102"},
	{ID: "ben", Name: "Ben Oto", Edits: true, Slack: "slack:TNEWS:UBEN", Telegram: "telegram:103"},
}

// PersonBy finds a person by their id, or nil.
func PersonBy(id string) *Person {
	for _, p := range People {
		if p.ID == id {
			return p
		}
	}
	return nil
}

// NameOf is what people call whom a platform names so, "" for a stranger.
func NameOf(account string) string {
	for _, p := range People {
		if p.Slack == account || p.Telegram == account || p.On(Terminal) == account {
			return p.Name
		}
	}
	return ""
}

// A Place is where messages stand: a channel, a group, a terminal, or a direct message with a person.
type Place struct {
	Address  bot.Address
	Platform string
	Person   *Person // whose direct message it is; nil for others
	Messages []*Message
}

// A Message is what somebody typed, or what the program said.
type Message struct {
	ID       string      // as its platform names it
	Root     string      // of the message below which it stands, or to which it is a reply; "" for none
	By       *Person     // who typed it; nil for the program
	Typed    string      // the words
	Reply    *bot.Reply  // what the program says; nil where somebody typed
	At       time.Time   // by the clock of the newsroom
	Edited   time.Time   // zero for never
	OnlyTo   *Person     // who alone sees it; nil for everybody there
	Repeated bool        // it may be there twice, and says so
	SharedBy *Person     // who had it shared; nil for nobody
	Place    bot.Address // where it stands
	Event    int         // the last that it was part of
	RootText string      // how what it is a reply to begins, where somebody has looked that up

	press bool   // what is pressed in it is answered for one person, who may share the answer
	post  string // of what delivery it is
}

// Sharable reports whether its reader may share it to the channel.
func (m *Message) Sharable() bool { return m.press }

// A Trouble is what is wrong with a platform.
type Trouble string

// The troubles.
const (
	Fine    Trouble = ""
	Refuses Trouble = "refuses" // it answers nothing
	Forgets Trouble = "forgets" // it takes a message, and its answer is lost
)

// kept is how many messages of a place are kept, and of the journal.
const (
	kept        = 60
	keptJournal = 400
)

// A world is all that the platforms hold.
type world struct {
	mu       sync.Mutex
	now      time.Time
	places   []*Place
	trouble  map[string]Trouble
	lost     map[string]bool // posts whose answer was lost already
	count    int             // of messages, which names them
	journal  []Event
	happened int // events so far
}

// An Event is a message that came, or that took the place of one.
type Event struct {
	N       int
	Message Message
	Edit    bool
}

func newWorld(now time.Time) *world {
	w := &world{now: now, trouble: map[string]Trouble{}, lost: map[string]bool{}}
	for _, a := range []bot.Address{News, Group, Screen, Editing} {
		w.places = append(w.places, &Place{Address: a, Platform: a.Platform()})
	}
	return w
}

// Now is the clock of the newsroom.
func (w *world) Now() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.now
}

// Happened is the number of the last event.
func (w *world) Happened() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.happened
}

// ahead moves the clock.
func (w *world) ahead(till time.Time) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if till.After(w.now) {
		w.now = till
	}
}

// place finds a place by its address without a thread, and opens the direct message with a person. The caller holds mu.
func (w *world) place(to bot.Address) *Place {
	for _, p := range w.places {
		if p.Address == to {
			return p
		}
	}
	for _, who := range People {
		if who.Slack == string(to) || who.Telegram == string(to) {
			p := &Place{Address: to, Platform: to.Platform(), Person: who}
			w.places = append(w.places, p)
			return p
		}
	}
	return nil
}

// parted parts an address of Slack from its thread.
func parted(to bot.Address) (channel bot.Address, thread string) {
	parts := strings.SplitN(string(to), ":", 4)
	if parts[0] == Slack && len(parts) == 4 {
		return bot.Address(strings.Join(parts[:3], ":")), parts[3]
	}
	return to, ""
}

// put adds a message to its place, names it and writes the journal. The caller holds mu.
func (w *world) put(p *Place, m *Message) {
	w.count++
	m.At, m.Place, m.ID = w.now, p.Address, strconv.Itoa(w.count)
	if p.Platform == Slack {
		m.ID = strconv.FormatInt(w.now.Unix(), 10) + "." + strings.Repeat("0", max(0, 6-len(m.ID))) + m.ID
	}
	p.Messages = append(p.Messages, m)
	if over := len(p.Messages) - kept; over > 0 {
		p.Messages = slices.Delete(p.Messages, 0, over)
	}
	w.note(m, false)
}

// turn has a message say something else.
func (w *world) turn(m *Message, r *bot.Reply) {
	m.Reply, m.Edited = r, w.now
	w.note(m, true)
}

func (w *world) note(m *Message, edit bool) {
	w.happened++
	m.Event = w.happened
	w.journal = append(w.journal, Event{w.happened, *m, edit})
	if over := len(w.journal) - keptJournal; over > 0 {
		w.journal = slices.Delete(w.journal, 0, over)
	}
}

// Find finds a message of a place by its id, or nil.
func (p *Place) Find(id string) *Message {
	for _, m := range p.Messages {
		if m.ID == id {
			return m
		}
	}
	return nil
}
