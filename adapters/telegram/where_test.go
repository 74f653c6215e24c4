package telegram_test

import (
	"strconv"
	"testing"

	"stancebot/adapters/telegram"
	"stancebot/adapters/telegram/telegramtest"
	"stancebot/bot"
	"stancebot/bot/bottest"
)

// listening is a stage whose bot is listened to.
func listening(t *testing.T) (*stage, *bottest.Listener) {
	t.Helper()
	ears := &bottest.Listener{}
	s := newStage(t, webhook, stageOptions{adapter: func(o *telegram.Options) {
		ears.Handler = o.Bot
		o.Bot = ears
	}})
	return s, ears
}

// Each message tells the chat that it came by, with its topic, and who asked.
func TestWhere(t *testing.T) {
	t.Parallel()
	s, ears := listening(t)
	ctx := t.Context()
	r, err := s.Topic(ctx, ana, forum, "Votes")
	if err != nil {
		t.Fatal(err)
	}
	topic := r.Message.ID
	say := func(in telegramtest.In) func() (telegramtest.Receipt, error) {
		return func() (telegramtest.Receipt, error) { return s.Command(ctx, ana, in, "votes", "PER") }
	}
	for _, c := range []struct {
		name   string
		act    func() (telegramtest.Receipt, error)
		want   bot.Where
		person string
	}{
		{"private", say(telegramtest.In{}), bot.Where{Address: at(ana), Private: true}, "telegram:101"},
		{"group", say(telegramtest.In{Chat: group}), bot.Where{Address: at(group)}, "telegram:101"},
		{"topic", say(telegramtest.In{Chat: forum, Thread: topic}), bot.Where{Address: at(forum) + bot.Address(":"+strconv.Itoa(topic))}, "telegram:101"},
		{"general topic", say(telegramtest.In{Chat: forum}), bot.Where{Address: at(forum)}, "telegram:101"},
		{"channel", func() (telegramtest.Receipt, error) { return s.ChannelPost(ctx, channel, "/votes PER") }, bot.Where{Address: at(channel)}, string(at(channel))},
		{"button in private", func() (telegramtest.Receipt, error) { return s.Press(ctx, ana, s.Sent(ana)[0], "Next page") }, bot.Where{Address: at(ana), Private: true}, "telegram:101"},
		{"inline", func() (telegramtest.Receipt, error) {
			return s.Inline(ctx, ana, "votes peru", "", telegramtest.Private)
		}, bot.Where{}, ""},
	} {
		if _, err := c.act(); err != nil {
			t.Fatalf("%s: %v", c.name, err)
		}
		s.settle(t)
		req := ears.Last(t)
		if got := req.Where; got.Address != c.want.Address || got.Private != c.want.Private || got.MayPost != nil || c.person != "" && req.Person != c.person {
			t.Errorf("%s is asked from %+v by %s, want %+v", c.name, got, req.Person, c.want)
		}
	}
}

// Who presses a button may have only read: Telegram tells who may write.
func TestWhoMayPost(t *testing.T) {
	t.Parallel()
	s, ears := listening(t)
	ctx := t.Context()
	const quiet, readers int64 = -1001600, -1001601
	members := map[int64]telegramtest.Status{}
	for i, status := range []telegramtest.Status{telegramtest.Creator, telegramtest.Administrator, telegramtest.Member, telegramtest.Restricted} {
		id := int64(700 + i)
		s.AddUser(telegramtest.User{ID: id, FirstName: string(status)})
		members[id] = status
	}
	s.AddChat(telegramtest.Chat{ID: super, Type: telegramtest.Supergroup, Members: members})
	s.AddChat(telegramtest.Chat{ID: quiet, Type: telegramtest.Supergroup, Members: members, Bot: telegramtest.Administrator, Muted: true})
	s.AddChat(telegramtest.Chat{ID: readers, Type: telegramtest.Channel, Members: members, Bot: telegramtest.Administrator})
	var last bot.Where
	for chat, want := range map[int64][]bool{super: {true, true, true, false}, quiet: {true, true, false, false}, readers: {true, true, false, false}} {
		ask := func() (telegramtest.Receipt, error) {
			return s.Command(ctx, 700, telegramtest.In{Chat: chat}, "votes", "PER")
		}
		if chat == readers {
			ask = func() (telegramtest.Receipt, error) { return s.ChannelPost(ctx, chat, "/votes PER") }
		}
		if _, err := ask(); err != nil {
			t.Fatal(err)
		}
		s.settle(t)
		for i, may := range want {
			if _, err := s.Press(ctx, int64(700+i), s.Sent(chat)[0], s.Sent(chat)[0].Buttons()[0].Text); err != nil {
				t.Fatal(err)
			}
			s.settle(t)
			req := ears.Last(t)
			if req.Where.Address != at(chat) || req.Where.MayPost == nil {
				t.Fatalf("asked from %+v", req.Where)
			}
			last = req.Where
			if got, err := last.MayPost(ctx); got != may || err != nil {
				t.Errorf("in %d, %s may post: %v, %v", chat, members[int64(700+i)], got, err)
			}
		}
	}
	s.SetFault(func(telegramtest.Call) *telegramtest.Fault { return &telegramtest.Fault{Status: 502} })
	if may, err := last.MayPost(ctx); may || err == nil {
		t.Errorf("Telegram does not tell, and they may: %v, %v", may, err)
	}
}
