package telegram_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"stancebot/adapters/telegram"
	"stancebot/adapters/telegram/telegramtest"
	"stancebot/bot"
	"stancebot/bot/chats"
	"stancebot/bot/inbox"
)

// on runs a test by each transport, on a stage of its own.
func on(t *testing.T, o func() stageOptions, test func(t *testing.T, s *stage)) {
	t.Helper()
	for _, over := range transports {
		t.Run(string(over), func(t *testing.T) {
			t.Parallel()
			s := newStage(t, over, o())
			test(t, s)
			for _, c := range s.Complaints() {
				t.Errorf("Telegram would mind: %s", c)
			}
		})
	}
}

func usual() stageOptions { return stageOptions{} }

// failing is a stage on which the first call of a method goes wrong.
func failing(method string, f telegramtest.Fault) func() stageOptions {
	return func() stageOptions { return stageOptions{telegram: telegramtest.Options{Fault: first(method, f)}} }
}

// first makes the first call of a method go wrong.
func first(method string, f telegramtest.Fault) func(telegramtest.Call) *telegramtest.Fault {
	var done atomic.Bool
	return func(c telegramtest.Call) *telegramtest.Fault {
		if c.Method == method && done.CompareAndSwap(false, true) {
			return &f
		}
		return nil
	}
}

func (s *stage) say(t *testing.T, user int64, in telegramtest.In, text string) {
	t.Helper()
	if _, err := s.Say(t.Context(), user, in, text); err != nil {
		t.Fatal(err)
	}
	s.settle(t)
}

func (s *stage) wantSent(t *testing.T, chat int64, want int) {
	t.Helper()
	if n := len(s.Sent(chat)); n != want {
		t.Errorf("%d messages to %d, want %d", n, chat, want)
	}
}

// What people send that is no question is survived in silence.
func TestLeftAlone(t *testing.T) {
	t.Parallel()
	on(t, usual, func(t *testing.T, s *stage) {
		ctx, in := t.Context(), telegramtest.In{Chat: group}
		for _, send := range []func() (telegramtest.Receipt, error){
			func() (telegramtest.Receipt, error) { return s.Sticker(ctx, ana, telegramtest.In{}) },
			func() (telegramtest.Receipt, error) { return s.GIF(ctx, ana, in) },
			func() (telegramtest.Receipt, error) { return s.Poll(ctx, ana, in, "Peru?", "yes", "no") },
			func() (telegramtest.Receipt, error) { return s.Location(ctx, ana, telegramtest.In{}, -12, -77) },
			func() (telegramtest.Receipt, error) {
				return s.Service(ctx, ana, in, map[string]any{"new_chat_title": "Peru"})
			},
			func() (telegramtest.Receipt, error) { return s.Caption(ctx, ana, telegramtest.In{}, "") },
			func() (telegramtest.Receipt, error) { return s.ChannelPost(ctx, channel, "peru") },
			func() (telegramtest.Receipt, error) { return s.Say(ctx, ana, in, "where does peru stand?") },
			func() (telegramtest.Receipt, error) { return s.Say(ctx, ana, in, "@stancebotty peru") },
		} {
			if _, err := send(); err != nil {
				t.Fatal(err)
			}
		}
		s.settle(t)
		for _, chat := range []int64{ana, group, channel} {
			s.wantSent(t, chat, 0)
		}
	})
}

// The wait that Telegram names is the wait, and what is refused without having been done is done again, once.
func TestRefusals(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]telegramtest.Fault{
		"429":            {RetryAfter: time.Second},
		"429 by an edit": {Status: http.StatusTooManyRequests, RetryAfter: time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			on(t, failing("sendMessage", fault), func(t *testing.T, s *stage) {
				s.say(t, ana, telegramtest.In{}, "peru?")
				s.wantSent(t, ana, 1)
				calls := s.Calls("sendMessage")
				if len(calls) != 2 || calls[1].At.Sub(calls[0].At) < time.Second {
					t.Errorf("%d calls", len(calls))
				}
			})
		})
	}
}

// Where the line breaks, the answer may have arrived: it is sent again, and says so.
func TestLostAnswerOfASend(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		fault telegramtest.Fault
		sent  int
	}{
		"done":     {telegramtest.Fault{After: true, Drop: true}, 2},
		"not done": {telegramtest.Fault{Drop: true}, 1},
		"502":      {telegramtest.Fault{Status: http.StatusBadGateway}, 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			on(t, failing("sendMessage", c.fault), func(t *testing.T, s *stage) {
				s.say(t, ana, telegramtest.In{}, "peru?")
				s.wantSent(t, ana, c.sent)
				sent := s.Sent(ana)
				if again := sent[len(sent)-1]; !strings.Contains(again.Text, "Possibly repeated") {
					t.Errorf("the repetition does not say so: %s", again.Text)
				}
			})
		})
	}
}

// A person who blocks us, and a group that we are thrown out of, are noted, and heard of again when we are back.
func TestBlockedAndBack(t *testing.T) {
	t.Parallel()
	on(t, usual, func(t *testing.T, s *stage) {
		s.say(t, ana, telegramtest.In{}, "peru?")
		for _, chat := range []int64{ana, group} {
			if _, err := s.MyChatMember(t.Context(), ana, chat, telegramtest.Kicked); err != nil {
				t.Fatal(err)
			}
			s.settle(t)
			if reason, _ := s.chats.Paused(t.Context(), chatOf(chat)); reason == "" {
				t.Errorf("%d is not paused", chat)
			}
			if _, err := s.MyChatMember(t.Context(), ana, chat, telegramtest.Member); err != nil {
				t.Fatal(err)
			}
			s.settle(t)
			if reason, _ := s.chats.Paused(t.Context(), chatOf(chat)); reason != "" {
				t.Errorf("%d is paused still: %s", chat, reason)
			}
		}
		if sent := s.Sent(group); len(sent) != 1 || !strings.Contains(sent[0].Text, "I am back") {
			t.Errorf("the group hears %v", sent)
		}
	})
}

// Whom nothing can be sent to is noted by that, too, and the queue goes on.
func TestForbidden(t *testing.T) {
	t.Parallel()
	for _, words := range []string{"Forbidden: bot was blocked by the user", "Forbidden: user is deactivated", "Bad Request: chat not found"} {
		t.Run(words, func(t *testing.T) {
			t.Parallel()
			on(t, failing("sendMessage", telegramtest.Fault{Description: words}), func(t *testing.T, s *stage) {
				s.say(t, ana, telegramtest.In{}, "peru?")
				if reason, _ := s.chats.Paused(t.Context(), chatOf(ana)); reason != words {
					t.Errorf("paused for %q", reason)
				}
				s.say(t, ana, telegramtest.In{}, "cuba?")
				s.wantSent(t, ana, 1)
			})
		})
	}
}

func chatOf(id int64) chats.Chat { return chats.Chat{Platform: "telegram", ID: itoa(id)} }

// A group that becomes a supergroup takes all with it, and the question that met the change is answered there.
func TestMigration(t *testing.T) {
	t.Parallel()
	on(t, usual, func(t *testing.T, s *stage) {
		if _, _, err := s.Migrate(t.Context(), ana, group, super); err != nil {
			t.Fatal(err)
		}
		s.settle(t)
		s.chats.mu.Lock()
		moves := len(s.chats.moves)
		s.chats.mu.Unlock()
		if moves == 0 {
			t.Error("nothing was moved")
		}
		raw := `{"message":{"message_id":7000,"date":1,"chat":{"id":-200,"type":"group"},"from":{"id":101,"is_bot":false,"first_name":"Ana"},"text":"/stance@stancebot peru"}}`
		if _, err := s.Raw(t.Context(), []byte(raw)); err != nil {
			t.Fatal(err)
		}
		s.settle(t)
		s.wantSent(t, super, 1)
	})
}

// A topic that is gone is answered in the general one.
func TestTopicGone(t *testing.T) {
	t.Parallel()
	on(t, failing("sendMessage", telegramtest.Fault{Description: "Bad Request: message thread not found"}), func(t *testing.T, s *stage) {
		r, err := s.Topic(t.Context(), ana, forum, "Votes")
		if err != nil {
			t.Fatal(err)
		}
		s.say(t, ana, telegramtest.In{Chat: forum, Thread: r.Message.ID}, "/stance@stancebot peru")
		calls := s.Calls("sendMessage")
		if len(calls) != 2 || calls[0].Args["message_thread_id"] == "" || calls[1].Args["message_thread_id"] != "" {
			t.Errorf("sent %+v", calls)
		}
		s.wantSent(t, forum, 1)
	})
}

// Another program that polls is told once, and polling goes on when it has ended.
func TestConflict(t *testing.T) {
	t.Parallel()
	var conflicts atomic.Int64
	s := newStage(t, polling, stageOptions{telegram: telegramtest.Options{Fault: func(c telegramtest.Call) *telegramtest.Fault {
		if c.Method == "getUpdates" && conflicts.Add(1) <= 3 {
			return &telegramtest.Fault{Status: http.StatusConflict, Description: "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"}
		}
		return nil
	}}})
	until(t, "polling goes on", func() bool { return conflicts.Load() > 3 })
	s.say(t, ana, telegramtest.In{}, "peru?")
	s.wantSent(t, ana, 1)
	if n := strings.Count(s.log.String(), "another program asks"); n != 1 {
		t.Errorf("told %d times", n)
	}
	if h := s.adapter.Health(); h != "" {
		t.Errorf("says %q", h)
	}
}

// A token that Telegram refuses is told by the name of its variable, and nothing that is logged holds it.
func TestRefusedToken(t *testing.T) {
	t.Parallel()
	log := &safeBuffer{}
	fake := telegramtest.New(telegramtest.Options{})
	t.Cleanup(fake.Close)
	const token = "999:SECRET-TOKEN"
	ctx, stop := context.WithCancel(t.Context())
	a := telegram.New(telegram.Options{
		Bot: says(bot.Reply{}), Suggest: bot.Suggest, Token: token, APIURL: fake.URL(), Meter: nobody{}, Now: time.Now, Log: newLog(log), Pause: time.Millisecond,
	})
	ended := make(chan error, 1)
	go func() { ended <- a.Run(ctx) }()
	until(t, "the refusal is told", func() bool { return strings.Contains(a.Health(), "STANCEBOT_TELEGRAM_TOKEN") })
	fake.Close() // and now nobody answers at all
	until(t, "the loss is logged", func() bool { return strings.Count(log.String(), "asked again") > 3 })
	stop()
	if err := <-ended; err != nil {
		t.Error(err)
	}
	if out := log.String() + a.Health(); strings.Contains(out, "SECRET") || strings.Contains(out, "/bot") {
		t.Errorf("the token is told: %s", out)
	}
}

// says is a bot that always says the same.
type says bot.Reply

// Handle says it.
func (s says) Handle(context.Context, bot.Request) bot.Reply { return bot.Reply(s) }

// A webhook takes what bears the secret, and answers with nothing that Telegram would do.
func TestWebhook(t *testing.T) {
	t.Parallel()
	s := newStage(t, webhook, stageOptions{})
	update := []byte(`{"update_id":900000001,"message":{"message_id":1,"date":1,"chat":{"id":101,"type":"private"},"from":{"id":101,"is_bot":false},"text":"peru?"}}`)
	for name, c := range map[string]struct {
		r    telegramtest.Request
		want int
	}{
		"another secret": {telegramtest.Request{Body: update, Header: http.Header{"X-Telegram-Bot-Api-Secret-Token": {"another"}}}, http.StatusUnauthorized},
		"no secret":      {telegramtest.Request{Body: update, Header: http.Header{"X-Telegram-Bot-Api-Secret-Token": nil}}, http.StatusUnauthorized},
		"too large":      {telegramtest.Request{Body: make([]byte, 1<<20+1)}, http.StatusRequestEntityTooLarge},
		"no JSON":        {telegramtest.Request{Body: []byte("{")}, http.StatusOK},
		"a look":         {telegramtest.Request{Method: http.MethodGet}, http.StatusMethodNotAllowed},
		"elsewhere":      {telegramtest.Request{Path: "/telegram/other", Body: update}, http.StatusNotFound},
	} {
		r, err := s.Post(t.Context(), c.r)
		if err != nil || r.Status != c.want {
			t.Errorf("%s: %d, want %d (%v)", name, r.Status, c.want, err)
		}
	}
	r, err := s.Post(t.Context(), telegramtest.Request{Body: update})
	if err != nil || r.Status != http.StatusOK || len(r.Body) > 0 {
		t.Errorf("%+v %v", r, err)
	}
}

// With the store away updates are worked in memory, once.
func TestStoreAway(t *testing.T) {
	t.Parallel()
	away := func() stageOptions { return stageOptions{store: func() inbox.Store { return awayStore{} }} }
	on(t, away, func(t *testing.T, s *stage) {
		s.say(t, ana, telegramtest.In{}, "peru?")
		s.wantSent(t, ana, 1)
		if n := s.adapter.Stats().InMemory; n == 0 {
			t.Error("nothing is counted as worked in memory")
		}
	})
}

// An awayStore answers nothing but that it is away.
type awayStore struct{}

var errAway = errors.New("the database is away")

func (awayStore) Write(context.Context, []inbox.Event, inbox.Lease, []inbox.Event) ([]bool, error) {
	return nil, errAway
}

func (awayStore) Claim(context.Context, string, time.Time, inbox.Lease, int) ([]inbox.Event, error) {
	return nil, errAway
}

func (awayStore) Renew(context.Context, []string, inbox.Lease) ([]string, error) { return nil, errAway }

func (awayStore) Erase(context.Context, time.Time) (int, error) { return 0, errAway }

// Menus are set in each language, for each kind of chat.
func TestMenus(t *testing.T) {
	t.Parallel()
	s := newStage(t, polling, stageOptions{})
	until(t, "all menus are set", func() bool { return len(s.Calls("setMyCommands")) == 21 })
	if list := s.Commands("all_private_chats", "es"); len(list) < 5 || list[0].Command != "stance" || list[0].Description == s.Commands("default", "")[0].Description {
		t.Errorf("the menu is %v", list)
	}
}

// Somebody shares an answer in another chat: a card becomes a message there, whose buttons work.
func TestInlineShare(t *testing.T) {
	t.Parallel()
	on(t, usual, func(t *testing.T, s *stage) {
		q, err := s.Inline(t.Context(), ana, "votes peru", "", telegramtest.Private)
		if err != nil {
			t.Fatal(err)
		}
		s.settle(t)
		answer, ok := s.InlineAnswer(q.QueryID)
		if !ok || len(answer.Results) == 0 || !answer.IsPersonal || answer.CacheTime != 60 {
			t.Fatalf("%+v", answer)
		}
		chosen, err := s.ChooseInline(t.Context(), q.QueryID, answer.Results[0].ID, 0)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := s.Press(t.Context(), ben, *chosen.Message, "Next page"); err != nil {
			t.Fatal(err)
		}
		s.settle(t)
		sent := s.InlineMessages()
		if len(sent) != 1 || len(sent[0].Edits) != 1 || !strings.Contains(sent[0].Text, "Page 2") {
			t.Errorf("%+v", sent)
		}
		q, err = s.Inline(t.Context(), ana, "", "", telegramtest.Private)
		if err != nil {
			t.Fatal(err)
		}
		s.settle(t)
		if answer, _ = s.InlineAnswer(q.QueryID); len(answer.Results) < 5 {
			t.Errorf("nothing typed gets %d cards", len(answer.Results))
		}
	})
}
