package showcase_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"stancebot/bot"
	"stancebot/bot/digest"
	"stancebot/bot/inbox"
	"stancebot/bot/phrases"
	"stancebot/bot/showcase"
)

// A hall is a newsroom whose program repeats what it is asked, and posts nothing by itself.
type hall struct {
	*showcase.Newsroom

	posters map[string]digest.Poster
	told    []showcase.Telling
}

func newHall(t *testing.T) *hall {
	t.Helper()
	h := &hall{}
	nothing := func(context.Context) error { return nil }
	var err error
	h.Newsroom, err = showcase.New(t.Context(), "en", func(_ context.Context, on showcase.Stage) (*showcase.Program, error) {
		h.posters = on.Posters
		return &showcase.Program{
			Answer: func(_ context.Context, req bot.Request) bot.Reply {
				r := *said(req.Text)
				r.Private = strings.HasPrefix(req.Text, "secret")
				return r
			},
			Tell: func(t showcase.Telling) { h.told = append(h.told, t) }, Follow: nothing, Plan: nothing,
			Deliver:    func(context.Context) (int, error) { return 0, nil },
			Deliveries: func(context.Context) ([]digest.Task, error) { return nil, nil }, Close: func() error { return nil },
		}, nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return h
}

// said is a reply that says a text and offers to have more of it.
func said(text string) *bot.Reply {
	return &bot.Reply{Language: "en", Blocks: []bot.Block{bot.Line{Text: text}, bot.Choices{Items: []bot.Choice{{Label: "more", Command: "more " + text}}}}}
}

func (h *hall) place(t *testing.T, at bot.Address) []*showcase.Message {
	t.Helper()
	view, err := h.View(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(view.Places, func(p showcase.Place) bool { return p.Address == at })
	if i < 0 {
		return nil
	}
	return view.Places[i].Messages
}

func (h *hall) does(t *testing.T, a showcase.Act) error {
	t.Helper()
	return h.Do(t.Context(), &a)
}

// A platform that refuses wants to be tried later, and takes nothing. One that forgets takes a post and loses its answer, once: Slack is asked
// for it and has it, Telegram cannot be asked, and what is sent there again says so.
func TestPostersKeepTheirWord(t *testing.T) {
	h := newHall(t)
	for platform, at := range map[string]bot.Address{showcase.Slack: showcase.News, showcase.Telegram: showcase.Group} {
		post := digest.Post{ID: platform + "/0", To: at, Reply: said("news")}
		set := func(trouble showcase.Trouble) {
			if err := h.does(t, showcase.Act{Do: showcase.Break, On: platform, Trouble: trouble}); err != nil {
				t.Fatal(err)
			}
		}
		set(showcase.Refuses)
		later := (*inbox.Later)(nil)
		if _, err := h.posters[platform].Post(t.Context(), post); !errors.As(err, &later) || !later.Until.After(h.Now()) || len(h.place(t, at)) != 0 {
			t.Errorf("%s, which refuses: %v, %d messages", platform, err, len(h.place(t, at)))
		}
		set(showcase.Forgets)
		if _, err := h.posters[platform].Post(t.Context(), post); !errors.Is(err, digest.ErrUncertain) || len(h.place(t, at)) != 1 {
			t.Errorf("%s, which forgets: %v", platform, err)
		}
		post.Doubt = digest.Look
		message, err := h.posters[platform].Post(t.Context(), post)
		if platform == showcase.Slack {
			if err != nil || len(h.place(t, at)) != 1 || message != h.place(t, at)[0].ID {
				t.Errorf("Slack, which is asked: %v", err)
			}
			continue
		}
		if !errors.Is(err, digest.ErrUnseen) {
			t.Errorf("Telegram, which cannot be asked: %v", err)
		}
		post.Doubt = digest.Repeat
		if _, err := h.posters[platform].Post(t.Context(), post); err != nil || len(h.place(t, at)) != 2 || !h.place(t, at)[1].Repeated {
			t.Errorf("Telegram, again: %v", err)
		}
	}
}

// An edit takes the place of a message, which stays where it is; nothing takes the place of what is not there, or of a direct message that is known
// by its person. Where there is no place, nothing is posted.
func TestEdits(t *testing.T) {
	h := newHall(t)
	slack := h.posters[showcase.Slack]
	first, err := slack.Post(t.Context(), digest.Post{ID: "a/0", To: showcase.News, Reply: said("old")})
	if err != nil {
		t.Fatal(err)
	}
	below, err := slack.Post(t.Context(), digest.Post{ID: "b/0", To: showcase.News + bot.Address(":"+first), Reply: said("below")})
	if err != nil || h.place(t, showcase.News)[1].Root != first {
		t.Errorf("%s stands below %q: %v", below, h.place(t, showcase.News)[1].Root, err)
	}
	if at, err := slack.Post(t.Context(), digest.Post{ID: "c/0", To: showcase.News, Edit: first, Reply: said("new")}); err != nil || at != first {
		t.Errorf("%s: %v", at, err)
	}
	if m := h.place(t, showcase.News)[0]; m.Reply.Text() != said("new").Text() || m.Edited.IsZero() || len(h.place(t, showcase.News)) != 2 {
		t.Errorf("it says %q, edited %s", m.Reply.Text(), m.Edited)
	}
	rita := bot.Address(showcase.PersonBy("rita").Slack)
	letter, err := slack.Post(t.Context(), digest.Post{ID: "d/0", To: rita, Reply: said("dear")})
	if err != nil || len(h.place(t, rita)) != 1 {
		t.Fatal(err)
	}
	for to, edit := range map[bot.Address]string{showcase.News: "1.1", rita: letter} {
		if _, err := slack.Post(t.Context(), digest.Post{ID: "e/0", To: to, Edit: edit, Reply: said("x")}); !errors.Is(err, digest.ErrUneditable) {
			t.Errorf("%s in %s: %v", edit, to, err)
		}
	}
	gone := (*digest.GoneError)(nil)
	for _, to := range []bot.Address{"slack:T9:C9", showcase.Group, ""} {
		if _, err := slack.Post(t.Context(), digest.Post{ID: "f/0", To: to, Reply: said("x")}); !errors.As(err, &gone) {
			t.Errorf("%q: %v", to, err)
		}
	}
}

// What only the asker should see, Slack shows to the asker alone, and nobody else presses it; what is told is where a correction finds it.
func TestWhoSeesWhat(t *testing.T) {
	h := newHall(t)
	if err := h.does(t, showcase.Act{Do: showcase.Say, Who: "ana", In: []bot.Address{showcase.News, showcase.Group}, Text: "secret"}); err != nil {
		t.Fatal(err)
	}
	if m := h.place(t, showcase.News)[1]; m.OnlyTo == nil || m.OnlyTo.ID != "ana" {
		t.Errorf("in Slack it is seen by %v", m.OnlyTo)
	}
	if m := h.place(t, showcase.Group)[1]; m.OnlyTo != nil {
		t.Error("Telegram shows nothing to one alone")
	}
	press := showcase.Act{Do: showcase.Press, Who: "ben", In: []bot.Address{showcase.News}, Command: "more secret"}
	if err := h.does(t, press); !errors.Is(err, showcase.ErrNotTheirs) {
		t.Errorf("another presses it: %v", err)
	}
	press.Who, press.Command = "ana", "more secrets"
	if err := h.does(t, press); !errors.Is(err, showcase.ErrNoButton) {
		t.Errorf("what nobody offers is pressed: %v", err)
	}
	want := []string{"slack:TNEWS:UANA in slack:TNEWS:CNEWS", "telegram:-1001 in "}
	for i, w := range want {
		if got := fmt.Sprintf("%s in %s", h.told[i].Place, h.told[i].In); got != w {
			t.Errorf("it was told %s, and not %s", got, w)
		}
	}
}

// A newsroom does not grow: of a place the latest messages are kept, and the clock is moved so far and no further.
func TestANewsroomDoesNotGrow(t *testing.T) {
	h := newHall(t)
	for i := range 100 {
		if err := h.does(t, showcase.Act{Do: showcase.Say, Who: "rita", In: []bot.Address{showcase.Group}, Text: fmt.Sprint("question ", i)}); err != nil {
			t.Fatal(err)
		}
	}
	messages := h.place(t, showcase.Group)
	if n, last := len(messages), messages[len(messages)-2].Typed; n > 100 || last != "question 99" {
		t.Errorf("%d messages are kept, the last is %q", n, last)
	}
	moved := 0
	for ; moved < 1000; moved++ {
		if err := h.does(t, showcase.Act{Do: showcase.Wait, Till: showcase.Morning}); err != nil {
			if !errors.Is(err, showcase.ErrTooFar) {
				t.Fatal(err)
			}
			break
		}
	}
	if moved != 400 {
		t.Errorf("the clock is moved by %d days", moved)
	}
}

// What a visitor did before does not end the tour, and each step of it has its words in every language.
func TestTheTourGoesOn(t *testing.T) {
	h := newHall(t)
	if err := h.does(t, showcase.Act{Do: showcase.Break, On: showcase.Slack, Trouble: showcase.Refuses}); err != nil {
		t.Fatal(err)
	}
	steps := showcase.TheTour().Steps
	for range steps {
		if more, err := h.Next(t.Context()); !more || err != nil {
			t.Fatal(more, err)
		}
	}
	if more, err := h.Next(t.Context()); more || err != nil {
		t.Error(more, err)
	}
	for _, language := range phrases.Languages() {
		p := phrases.In(language)
		for i := range steps {
			for _, key := range []string{".title", ".text"} {
				if !p.Has("demo.tour." + steps[i].ID + key) {
					t.Errorf("%s has no words for %s%s", language, steps[i].ID, key)
				}
			}
			for _, a := range steps[i].Acts {
				if strings.HasPrefix(a.Text, "demo.say.") && !p.Has(a.Text) {
					t.Errorf("%s has no words for %s", language, a.Text)
				}
			}
		}
	}
}
