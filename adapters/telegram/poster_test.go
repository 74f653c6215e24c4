package telegram_test

import (
	"errors"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"stancebot/adapters/adaptertest"
	"stancebot/adapters/telegram/telegramtest"
	"stancebot/bot"
	"stancebot/bot/digest"
	"stancebot/bot/phrases"
)

func TestPosters(t *testing.T) {
	t.Parallel()
	adaptertest.Posters(t, func(t *testing.T, limits bool) *adaptertest.PostStage {
		t.Helper()
		var o stageOptions
		if limits {
			o.telegram.Limits = telegramtest.UsualLimits(10)
		}
		return postStage(t, newStage(t, webhook, o))
	})
}

// Chats to which nothing can be sent any more.
const (
	kicked, left, mute, locked int64 = -1001501, -1001502, -1001503, -1001504
)

// postStage sets the suite's stage on ours. Ana and Ben have written to us.
func postStage(t *testing.T, s *stage) *adaptertest.PostStage {
	t.Helper()
	for _, c := range []telegramtest.Chat{
		{ID: kicked, Type: telegramtest.Supergroup, Bot: telegramtest.Kicked},
		{ID: left, Type: telegramtest.Channel, Bot: telegramtest.Left},
		{ID: mute, Type: telegramtest.Supergroup, Muted: true},
		{ID: locked, Type: telegramtest.Channel},
		{ID: ben, Type: telegramtest.Private},
	} {
		s.AddChat(c)
	}
	t.Cleanup(func() {
		for _, c := range s.Complaints() {
			t.Errorf("Telegram would mind: %s", c)
		}
	})
	meets := &troubles{}
	s.SetFault(meets.next)
	return &adaptertest.PostStage{
		Poster: s.adapter, To: at(group), Beside: at(channel), Gone: []bot.Address{at(kicked), at(left), at(mute), at(locked), at(-1001999), at(999)},
		Person: string(at(ben)), Lane: "telegram", Meet: meets.meet, Burst: 22, Close: s.Close,
		Pace:    digest.Pace{Lane: 4 * time.Millisecond, Channel: 310 * time.Millisecond},
		Arrived: func() map[string]int { return s.Arrived(nameIn) },
		Posted:  func(to bot.Address) []adaptertest.Posted { return s.posted(chatIn(to)) },
		Told:    func(person string) []adaptertest.Posted { return s.posted(chatIn(bot.Address(person))) },
		Secrets: []string{s.Options.Token, "TEST", hookSecret},
		Heard: func() (heard []adaptertest.Heard) {
			for _, t := range s.heard() {
				heard = append(heard, adaptertest.Heard(t))
			}
			return heard
		},
	}
}

// at is the address of a chat.
func at(chat int64) bot.Address { return bot.Address("telegram:" + itoa(chat)) }

func chatIn(to bot.Address) int64 {
	n, _ := strconv.ParseInt(strings.Split(string(to), ":")[1], 10, 64)
	return n
}

var name = regexp.MustCompile(`\bd\d+/\d+`)

// nameIn is the id of a post that a message names.
func nameIn(m telegramtest.Message) string { return name.FindString(m.Text) }

// posted is what we sent to a chat.
func (s *stage) posted(chat int64) (list []adaptertest.Posted) {
	for _, m := range s.Sent(chat) {
		under := ""
		if m.ReplyTo != 0 {
			under = strconv.Itoa(m.ReplyTo)
		}
		list = append(list, adaptertest.Posted{Message: strconv.Itoa(m.ID), Under: under, Text: m.Text})
	}
	return list
}

// troubles are what calls meet.
type troubles struct {
	mu   sync.Mutex
	sent map[int]telegramtest.Fault // the next message that is sent, and those behind it
	n    int
}

func (m *troubles) meet(trouble adaptertest.Trouble) {
	switch trouble {
	case adaptertest.Asked:
		m.at(0, telegramtest.Fault{RetryAfter: time.Second})
	case adaptertest.Lost:
		m.at(0, telegramtest.Fault{After: true, Drop: true})
	case adaptertest.Cut:
		m.at(0, telegramtest.Fault{Drop: true})
	case adaptertest.Broken:
		m.at(0, telegramtest.Fault{Status: 502})
	case adaptertest.Hidden: // so it always is
	}
}

// at has a message meet a fault, behind so many others.
func (m *troubles) at(behind int, f telegramtest.Fault) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.sent == nil {
		m.sent = map[int]telegramtest.Fault{}
	}
	m.sent[m.n+behind] = f
}

func (m *troubles) next(c telegramtest.Call) *telegramtest.Fault {
	m.mu.Lock()
	defer m.mu.Unlock()
	if c.Method != "sendMessage" && c.Method != "editMessageText" {
		return nil
	}
	f, troubled := m.sent[m.n]
	m.n++
	if !troubled {
		return nil
	}
	return &f
}

// news is a post of a reply.
func news(id string, to bot.Address, blocks ...bot.Block) digest.Post {
	return digest.Post{ID: id, To: to, Reply: &bot.Reply{Language: "en", Blocks: append([]bot.Block{bot.Heading{Text: "News " + id}}, blocks...)}}
}

// long is what takes three messages.
func long(id string, to bot.Address) digest.Post {
	var blocks []bot.Block
	for i := range 24 {
		blocks = append(blocks, bot.Row{Text: strconv.Itoa(i) + strings.Repeat(" word", 80), Receipts: []string{"BOL-01"}})
	}
	return news(id, to, blocks...)
}

// A long post is sent from where it stopped: what arrived is not sent again, and only what may have arrived says so.
func TestLongPostGoesOn(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		fault telegramtest.Fault
		then  []digest.Doubt // with which it is tried again, the last in earnest
		sent  int
		mark  bool
	}{
		"asked to wait": {telegramtest.Fault{RetryAfter: time.Second}, []digest.Doubt{digest.Look}, 3, false},
		"lost":          {telegramtest.Fault{After: true, Drop: true}, []digest.Doubt{digest.Look, digest.Repeat}, 4, true},
		"cut":           {telegramtest.Fault{Drop: true}, []digest.Doubt{digest.Look, digest.Repeat}, 3, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newStage(t, webhook, stageOptions{})
			meets := &troubles{}
			s.SetFault(meets.next)
			meets.at(1, c.fault)
			p := long("d1/0", at(group))
			if _, err := s.adapter.Post(t.Context(), p); !errors.Is(err, digest.ErrUncertain) {
				t.Fatalf("half of it arrived, and it says %v", err)
			}
			if heard := s.heard(); len(heard) > 0 {
				t.Errorf("heard %+v", heard)
			}
			time.Sleep(time.Until(time.Now().Add(c.fault.RetryAfter)))
			var message string
			for i, doubt := range c.then {
				p.Doubt = doubt
				var err error
				if message, err = s.adapter.Post(t.Context(), p); (err == nil) != (i == len(c.then)-1) || err != nil && !errors.Is(err, digest.ErrUnseen) {
					t.Fatalf("with doubt %d: %v", doubt, err)
				}
			}
			sent := s.posted(group)
			if len(sent) != c.sent || sent[0].Message != message {
				t.Fatalf("%d messages were sent, want %d; %s is the first, not %s", len(sent), c.sent, message, sent[0].Message)
			}
			for i, m := range sent {
				marked := strings.Contains(m.Text, "Possibly repeated")
				if want := c.mark && i == c.sent-2; marked != want {
					t.Errorf("message %d is marked: %v, want %v", i, marked, want)
				}
			}
			if again, err := s.adapter.Post(t.Context(), p); again != message || err != nil || len(s.posted(group)) != c.sent {
				t.Errorf("what arrived is posted again: %q, %v", again, err)
			}
		})
	}
}

// A group that became a supergroup gets there what it is due, and what goes below that.
func TestPostedWhereAGroupMovedTo(t *testing.T) {
	t.Parallel()
	s := newStage(t, webhook, stageOptions{})
	if _, _, err := s.Migrate(t.Context(), ana, group, super); err != nil {
		t.Fatal(err)
	}
	s.settle(t)
	first, err := s.adapter.Post(t.Context(), news("d1/0", at(group)))
	if err != nil {
		t.Fatal(err)
	}
	below := news("d1/1", at(group))
	below.Under = first
	if _, err := s.adapter.Post(t.Context(), below); err != nil {
		t.Fatal(err)
	}
	if sent := s.posted(super); len(sent) != 2 || sent[0].Message != first || sent[1].Under != first {
		t.Errorf("%+v", sent)
	}
	for _, h := range s.heard() {
		if h.Place != string(at(super)) {
			t.Errorf("told in %s", h.Place)
		}
	}
	if len(s.chats.moves) == 0 {
		t.Error("nothing was moved")
	}
}

// A topic gets what it is due; when it is gone, the general one does. One that is closed is no place any more.
func TestPostedInATopic(t *testing.T) {
	t.Parallel()
	s := newStage(t, webhook, stageOptions{})
	r, err := s.Topic(t.Context(), ana, forum, "Votes")
	if err != nil {
		t.Fatal(err)
	}
	topic := r.Message.ID
	to := at(forum) + bot.Address(":"+strconv.Itoa(topic))
	post := func(id string) error {
		_, err := s.adapter.Post(t.Context(), news(id, to))
		return err
	}
	if err := post("d1/0"); err != nil {
		t.Fatal(err)
	}
	s.CloseTopic(forum, topic)
	if err := post("d2/0"); !errors.As(err, new(*digest.GoneError)) {
		t.Errorf("closed, it says %v", err)
	}
	s.DeleteTopic(forum, topic)
	if err := post("d3/0"); err != nil {
		t.Fatal(err)
	}
	sent := s.Sent(forum)
	if len(sent) != 2 || sent[0].Thread != topic || sent[1].Thread != 0 {
		t.Errorf("%+v", sent)
	}
	if heard := s.heard(); len(heard) != 2 || heard[0].Place != string(to) || heard[1].Place != string(at(forum)) {
		t.Errorf("heard %+v", heard)
	}
}

// A chat that is gone is noted as one; one where we may not write is not: we hear what is asked there still.
func TestPostNotesWhoIsGone(t *testing.T) {
	t.Parallel()
	s := newStage(t, webhook, stageOptions{})
	postStage(t, s)
	for chat, paused := range map[int64]bool{kicked: true, left: true, -1001999: true, mute: false, locked: false} {
		_, err := s.adapter.Post(t.Context(), news("d1/0", at(chat)))
		gone := (*digest.GoneError)(nil)
		if !errors.As(err, &gone) || strings.Contains(gone.Reason, "telegram:") {
			t.Errorf("%d: %v", chat, err)
		}
		if reason, _ := s.chats.Paused(t.Context(), chatOf(chat)); (reason != "") != paused {
			t.Errorf("%d is paused for %q", chat, reason)
		}
	}
}

// What does not fit one message in the place of which it comes is cut at a line, and says so; what can be pressed stands below.
func TestALongEditSaysThatThereIsMore(t *testing.T) {
	t.Parallel()
	s := newStage(t, webhook, stageOptions{})
	postStage(t, s)
	first, err := s.adapter.Post(t.Context(), news("d1/0", at(group)))
	if err != nil {
		t.Fatal(err)
	}
	for i, language := range phrases.Languages() {
		edit := news("d2/0", at(group))
		edit.Edit, edit.Reply.Language = first, language
		for i := range 60 {
			edit.Reply.Blocks = append(edit.Reply.Blocks, bot.Row{Text: strings.Repeat("wörter ", 20) + strconv.Itoa(i) + "."})
		}
		edit.Reply.Blocks = append(edit.Reply.Blocks, bot.Choices{Lead: "More:", Items: []bot.Choice{{Label: "Peru", Command: "stance PER"}}})
		if _, err := s.adapter.Post(t.Context(), edit); err != nil {
			t.Fatal(err)
		}
		sent := s.Sent(group)
		lines := strings.Split(sent[0].Text, "\n")
		if n := len(lines); n < 20 || lines[n-1] != phrases.In(language).Say("telegram.cut") || !strings.HasSuffix(lines[n-2], ".") {
			t.Errorf("%s: it ends %q", language, lines[max(0, len(lines)-2):])
		}
		if len(sent) != 1 || len(sent[0].Edits) != i+1 || len(sent[0].Buttons()) != 1 {
			t.Errorf("%s: %d messages, %d edits of the first, with %d buttons", language, len(sent), len(sent[0].Edits), len(sent[0].Buttons()))
		}
	}
}

// What Telegram says of what it does not edit ends an edit, and no chat.
func TestWhatCannotBeEdited(t *testing.T) {
	t.Parallel()
	s := newStage(t, webhook, stageOptions{})
	postStage(t, s)
	edit := news("d2/0", at(group))
	edit.Edit = "7"
	for description, want := range map[string]bool{
		"Bad Request: message to edit not found": true, "Bad Request: message can't be edited": true, "Bad Request: MESSAGE_ID_INVALID": true,
		"Bad Request: there is no text in the message to edit": true, "Bad Request: can't parse entities": false, "Forbidden: bot was kicked from the supergroup chat": false,
	} {
		s.SetFault(func(telegramtest.Call) *telegramtest.Fault { return &telegramtest.Fault{Description: description} })
		if _, err := s.adapter.Post(t.Context(), edit); err == nil || errors.Is(err, digest.ErrUneditable) != want {
			t.Errorf("%s: %v", description, err)
		}
	}
	edit.Edit = "1700.1"
	if _, err := s.adapter.Post(t.Context(), edit); err == nil || errors.Is(err, digest.ErrUneditable) {
		t.Errorf("no message of Telegram's: %v", err)
	}
}

// Where a group has gone, other messages have the ids of those of before: none of them is edited.
func TestNothingIsEditedWhereAGroupHasGone(t *testing.T) {
	t.Parallel()
	s := newStage(t, webhook, stageOptions{})
	first, err := s.adapter.Post(t.Context(), news("d1/0", at(group)))
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := s.Migrate(t.Context(), ana, group, super); err != nil {
		t.Fatal(err)
	}
	s.settle(t)
	for range 20 { // one of them has the id of the first
		if _, err := s.adapter.Post(t.Context(), news("d2/0", at(super))); err != nil {
			t.Fatal(err)
		}
	}
	edit := news("d3/0", at(group))
	edit.Edit = first
	if _, err := s.adapter.Post(t.Context(), edit); !errors.Is(err, digest.ErrUneditable) {
		t.Errorf("it says %v", err)
	}
	for _, m := range s.Sent(super) {
		if len(m.Edits) > 0 {
			t.Errorf("%d was edited", m.ID)
		}
	}
}
