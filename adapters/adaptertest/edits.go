package adaptertest

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"stancebot/bot"
	"stancebot/bot/digest"
	"stancebot/bot/digest/digesttest"
	"stancebot/knowledge"
)

// edit is a post of an id in the place of a message.
func edit(id string, to bot.Address, message string) digest.Post {
	p := post(id, to)
	p.Edit = message
	return p
}

// edited posts an edit, and checks that it stands where the message stood.
func (s *PostStage) edited(t *testing.T, p digest.Post) {
	t.Helper()
	if message := s.arrives(t, p); message != p.Edit {
		t.Errorf("%s took the place of %s", message, p.Edit)
	}
	if h := s.heard(t, p.Edit); h.Desk != other || h.Place != string(s.To) || h.Private {
		t.Errorf("heard %+v", h)
	}
	id, _, _ := strings.Cut(p.ID, "/")
	list := s.stands(t, s.To, id+"/0")
	if list[0].Message != p.Edit || strings.Contains(list[0].Text, repeatedMark) {
		t.Errorf("%+v stands where %s stood", list, p.Edit)
	}
}

// postsEdits puts posts in the place of a message, one after the other, whatever doubt there is of them.
func postsEdits(t *testing.T, s *PostStage) {
	message := s.arrives(t, post("d1/0", s.To))
	s.Heard()
	for i, doubt := range []digest.Doubt{digest.NoDoubt, digest.Look, digest.Repeat} {
		p := edit(fmt.Sprintf("d%d/0", 2+i), s.To, message)
		p.Doubt, p.Under = doubt, message
		s.edited(t, p)
	}
	below := post("d5/0", s.To)
	below.Under = message
	second := s.arrives(t, below)
	s.arrives(t, edit("d6/0", s.To, second))
	if list := s.stands(t, s.To, "d4/0", "d6/0"); list[1].Under != message || list[1].Message != second {
		t.Errorf("%+v", list)
	}
	s.stands(t, s.Beside)
}

// postsEditsAgain has edits meet troubles: each is done again, which changes nothing where it was done.
func postsEditsAgain(t *testing.T, s *PostStage) {
	message := s.arrives(t, post("d1/0", s.To))
	s.Heard()
	s.edited(t, edit("d2/0", s.To, message))
	s.edited(t, edit("d2/0", s.To, message))
	s.Meet(Lost)
	s.fails(t, edit("d3/0", s.To, message), digest.ErrUncertain)
	s.stands(t, s.To, "d3/0")
	s.edited(t, edit("d3/0", s.To, message))
	for _, trouble := range []Trouble{Cut, Broken} {
		s.Meet(trouble)
		s.fails(t, edit("d4/0", s.To, message), digest.ErrUncertain)
		s.stands(t, s.To, "d3/0")
	}
	s.edited(t, edit("d4/0", s.To, message))
}

// postsUneditable edits what is not there: its channel is there all the same, and nothing is posted to it.
func postsUneditable(t *testing.T, s *PostStage) {
	message := s.arrives(t, post("d1/0", s.To))
	s.Heard()
	for _, p := range []digest.Post{edit("d2/0", s.To, message+"9"), edit("d2/0", s.Beside, message+"9")} {
		s.fails(t, p, digest.ErrUneditable)
	}
	for _, to := range s.Gone {
		_, err := s.posts(t, edit("d2/0", to, message))
		if gone := (*digest.GoneError)(nil); !errors.As(err, &gone) && !errors.Is(err, digest.ErrUneditable) {
			t.Errorf("in %s, it says %v", to, err)
		}
	}
	empty := edit("d2/0", s.To, message)
	empty.Reply = &bot.Reply{}
	if _, err := s.posts(t, empty); err == nil || errors.Is(err, digest.ErrUncertain) {
		t.Errorf("a message was edited away: %v", err)
	}
	s.stands(t, s.To, "d1/0")
	s.stands(t, s.Beside)
	if list := s.Heard(); len(list) > 0 {
		t.Errorf("heard %+v", list)
	}
}

// postsLongEdits edits what comes near the limits of platforms: it stays one message, and the fakes refuse what goes beyond.
func postsLongEdits(t *testing.T, s *PostStage) {
	message := s.arrives(t, post("d9/0", s.To))
	s.Heard()
	for i, of := range long {
		p := edit(fmt.Sprintf("d%d/0", i), s.To, message)
		lengthen(&p, of.rows, of.size)
		s.edited(t, p)
	}
}

// letters is how many letters each of two channels gets: the first of them new, the others in its place.
const letters = 5

// postsLetters has a deliverer deliver letters while it meets troubles: each edit is done, and none counts as doubted.
func postsLetters(t *testing.T, s *PostStage) {
	store := digesttest.NewMemory(func(knowledge.DeskID) int64 { return 0 })
	var all []digest.Addressed
	for k, to := range []bot.Address{s.To, s.Beside} {
		message := s.arrives(t, post(fmt.Sprintf("d9%d/0", k), to))
		for i := range letters {
			all = append(all, digest.Addressed{To: to, Name: fmt.Sprint(i), Letter: digest.Letter{Kind: "test", Edit: message}})
		}
	}
	if n, err := digest.Send(t.Context(), store, s.Poster.Lane, time.Now(), other, all); n != len(all) || err != nil {
		t.Fatalf("%d letters are planned, %v", n, err)
	}
	s.Meet(Lost)
	n := 0
	s.deliver(t, store, len(all), func(_ context.Context, task *digest.Task) (digest.Notice, error) {
		return digest.Notice{Summary: *post("d"+task.Delivery.Name+"/0", task.Subscription.To).Reply}, nil
	}, func(d *digest.Delivery) {
		if d.State != digest.Sent || d.Doubted {
			t.Errorf("%s is %s: %s; in doubt: %t", d.ID, d.State, d.Reason, d.Doubted)
		}
		if n++; n == letters {
			s.Meet(Asked)
		}
	})
	for _, to := range []bot.Address{s.To, s.Beside} {
		if list := s.Posted(to); len(list) != 1 || strings.Contains(list[0].Text, "Changes d9") || strings.Contains(list[0].Text, repeatedMark) {
			t.Errorf("in %s stand %+v", to, list)
		}
	}
}
