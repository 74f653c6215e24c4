package showcase

import (
	"context"
	"errors"
	"fmt"
	"time"

	"stancebot/bot"
	"stancebot/bot/digest"
	"stancebot/bot/inbox"
	"stancebot/knowledge"
)

// A Telling is what was said where, for those that keep it.
type Telling struct {
	Place   bot.Address
	In      bot.Address // the channel that was asked in, where the place is a person
	Message string
	Private bool
	Reply   *bot.Reply
}

// tryLater is when a platform that refuses wants to be tried again.
const tryLater = 30 * time.Second

// errDown tells that a platform answers nothing.
var errDown = errors.New("503 service unavailable")

// A poster posts to one of the platforms that are played.
type poster struct {
	*world

	platform string
	tell     func(Telling)
}

var _ digest.Poster = (*poster)(nil)

// Post posts a message, or puts it in the place of one. Slack can be asked for what arrived, by the id of the post; Telegram cannot.
func (s *poster) Post(_ context.Context, p digest.Post) (string, error) {
	s.mu.Lock()
	m, err := s.post(&p)
	s.mu.Unlock()
	if err != nil {
		return "", err
	}
	s.tell(Telling{Place: p.To, Message: m.ID, Private: personal(p.To), Reply: p.Reply})
	return m.ID, nil
}

// personal reports whether an address is a person's.
func personal(to bot.Address) bool { return NameOf(string(to)) != "" }

func (s *poster) post(p *digest.Post) (*Message, error) {
	channel, thread := parted(p.To)
	place := s.place(channel)
	switch {
	case s.trouble[s.platform] == Refuses:
		return nil, &inbox.Later{Until: s.now.Add(tryLater), Err: errDown}
	case place == nil || place.Platform != s.platform:
		return nil, &digest.GoneError{Reason: "there is no such place"}
	case p.Edit != "":
		return s.edit(place, p)
	}
	if p.Doubt == digest.Look {
		if s.platform != Slack {
			return nil, digest.ErrUnseen
		}
		for _, m := range place.Messages {
			if m.post == p.ID {
				return m, nil
			}
		}
	}
	if thread == "" {
		thread = p.Under
	}
	m := &Message{Root: thread, Reply: worded(p.Reply), post: p.ID, Repeated: p.Doubt == digest.Repeat}
	s.put(place, m)
	if s.trouble[s.platform] == Forgets && !s.lost[p.ID] {
		s.lost[p.ID] = true
		return nil, fmt.Errorf("%w: the line broke before the answer came", digest.ErrUncertain)
	}
	return m, nil
}

func (s *poster) edit(place *Place, p *digest.Post) (*Message, error) {
	m := place.Find(p.Edit)
	direct := place.Person != nil && s.platform == Slack // which Slack does not find by the person
	if m == nil || m.Reply == nil || m.OnlyTo != nil || direct {
		return nil, digest.ErrUneditable
	}
	s.turn(m, p.Reply)
	return m, nil
}

// worded is a reply without its picture, which comes behind it.
func worded(r *bot.Reply) *bot.Reply {
	words := *r
	words.File = nil
	return &words
}

// Illustrate shows the picture of a reply, unless its platform refuses.
func (s *poster) Illustrate(_ context.Context, to bot.Address, r *bot.Reply) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	channel, thread := parted(to)
	place := s.place(channel)
	switch {
	case s.trouble[s.platform] != Fine:
		return errDown
	case place == nil || place.Platform != s.platform:
		return &digest.GoneError{Reason: "there is no such place"}
	case r.File == nil:
		return nil
	}
	s.put(place, &Message{Root: thread, Reply: &bot.Reply{Language: r.Language, File: r.File}})
	return nil
}

// Tell writes to a person directly.
func (s *poster) Tell(ctx context.Context, person string, r *bot.Reply) error {
	_, err := s.Post(ctx, digest.Post{To: bot.Address(person), Desk: knowledge.DefaultDesk, Reply: r})
	return err
}

// Lane is the platform: there is one workspace.
func (s *poster) Lane(bot.Address) string { return s.platform }
