package digest

import (
	"context"
	"fmt"
	"time"

	"stancebot/bot"
	"stancebot/knowledge"
	"stancebot/knowledge/ledger"
)

// A Letter is what one place is told that did not subscribe to it. What it says is composed when it is sent, so that it is true then.
type Letter struct {
	Kind     string    `json:"kind,omitempty"`     // what it tells, as whoever composes it names that
	Entry    ledger.ID `json:"entry,omitempty"`    // the entry of the desk's ledger that it tells of, 0 for none
	Edit     string    `json:"edit,omitempty"`     // the id of the message that it takes the place of, "" for a new one
	Under    string    `json:"under,omitempty"`    // the id of the message that it goes below, "" for none
	Command  string    `json:"command,omitempty"`  // what is answered anew, "" for what answers nothing
	Language string    `json:"language,omitempty"` // of what it says
}

// An Addressed is a letter with where it goes: a channel, a thread, a topic or a person.
type Addressed struct {
	To     bot.Address
	Name   string // what it is, which no other letter of the desk to that place has, such as correction 17
	Letter Letter
}

// A Mailing is a delivery of a letter, with the Note of the place that it goes to.
type Mailing struct {
	Place    Subscription
	Delivery Delivery
}

// Send plans letters of a desk, and returns how many: one that was sent before, by its name, is sent once for ever. It may be called again
// with all of them where it failed, or whoever called it died. A lane names what an address shares its pace with.
func Send(ctx context.Context, store Store, lane func(bot.Address) string, now time.Time, desk knowledge.DeskID, letters []Addressed) (planned int, err error) {
	if store == nil {
		return 0, ErrAway
	}
	all := make([]Mailing, len(letters))
	for i := range letters {
		l := letters[i]
		if l.To.Platform() == "" || l.Name == "" {
			return 0, fmt.Errorf("digest: a letter to %q named %q: it wants both", l.To, l.Name)
		}
		place := note(desk, l.To, l.Letter.Language, now)
		all[i] = Mailing{place, Delivery{
			ID:           newID(now.Add(time.Duration(i) * time.Microsecond)), // they are claimed in their order
			Subscription: place.ID, Name: l.Name, Lane: lane(l.To), Due: now, State: Waiting, Letter: &l.Letter,
		}}
	}
	taken, err := store.Mail(ctx, all)
	for _, is := range taken {
		if is {
			planned++
		}
	}
	return planned, err
}

// Planned returns a letter that was planned for a place, by its name, or nil where none was.
func Planned(ctx context.Context, store Store, desk knowledge.DeskID, to bot.Address, name string) (*Delivery, error) {
	return store.Named(ctx, noteID(desk, to), name)
}

// note is what letters of a desk to a place hang on. No time makes it due.
func note(desk knowledge.DeskID, to bot.Address, language string, now time.Time) Subscription {
	return Subscription{ID: noteID(desk, to), Desk: desk, To: to, Kind: Note, Language: language, Began: now, Next: Forever}
}

// noteID is the same for one desk and one place, however often letters go there.
func noteID(desk knowledge.DeskID, to bot.Address) string { return fmt.Sprintf("note %q %s", desk, to) }

// moved reports whether a place has become another one since letters were first sent there: a group that is a supergroup now. Messages of
// before have other ids in it, or none.
func (s *Subscription) moved() bool { return s.ID != noteID(s.Desk, s.To) }
