package telegram_test

import (
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"stancebot/adapters/telegram"
	"stancebot/adapters/telegram/telegramtest"
	"stancebot/bot"
	"stancebot/bot/bottest"
	"stancebot/bot/digest"
	"stancebot/bot/phrases"
)

// asking is a stage whose bot asks for words, and says what was typed.
func asking() stageOptions {
	return stageOptions{adapter: func(o *telegram.Options) { o.Bot = bottest.Clerk{} }}
}

// last is the last message of the bot in a chat.
func (s *stage) last(t *testing.T, chat int64) telegramtest.Message {
	t.Helper()
	sent := s.Sent(chat)
	if len(sent) == 0 {
		t.Fatalf("nothing was sent to %d", chat)
	}
	return sent[len(sent)-1]
}

// press presses a button of the last message in a chat, and returns what was sent for it.
func (s *stage) press(t *testing.T, user, chat int64, button string) telegramtest.Message {
	t.Helper()
	if _, err := s.Press(t.Context(), user, s.last(t, chat), button); err != nil {
		t.Fatal(err)
	}
	s.settle(t)
	return s.last(t, chat)
}

// wantLast checks what was said last in a chat.
func (s *stage) wantLast(t *testing.T, chat int64, want string) {
	t.Helper()
	if got := strings.ReplaceAll(s.last(t, chat).Text, "\u2060", ""); got != want {
		t.Errorf("said %q, want %q", got, want)
	}
}

// In a private chat the button of a choice that asks sends a message that says what is asked for, and opens the reply to it. The reply
// is typed behind the command.
func TestForm(t *testing.T) {
	t.Parallel()
	on(t, asking, func(t *testing.T, s *stage) {
		s.say(t, ana, telegramtest.In{}, "/correct BRA-14")
		asked := s.press(t, ana, ana, "Correct this")
		s.wantLast(t, ana, "Reply to this message, all in one text. /cancel ends it\n• What is right\n• Address of a source · https://…\ncorrect BRA-14")
		if reply := asked.ForceReply(); reply == nil || reply.Selective || reply.Placeholder != "What is right" || asked.ReplyTo != 0 {
			t.Errorf("it opens %+v", reply)
		}
		s.say(t, ana, telegramtest.In{ReplyTo: asked.ID}, "It sells\nless.\n\nhttps://a.example/x?y=1")
		s.wantLast(t, ana, "correct BRA-14 It sells less. https://a.example/x?y=1 · typed by 101")
		if e := s.last(t, ana).Entities; !slices.ContainsFunc(e, func(e telegramtest.Entity) bool { return e.Type == "text_mention" && e.User.ID == ana }) {
			t.Errorf("nobody is named: %+v", e)
		}
		s.say(t, ana, telegramtest.In{}, "reject D-1 no")
		s.wantLast(t, ana, "reject D-1 no · typed by 101")
	})
}

// postForms posts the buttons of forms to a chat or a topic.
func (s *stage) postForms(t *testing.T, to, language string) {
	t.Helper()
	r := &bot.Reply{Language: language, Blocks: []bot.Block{bot.Line{Text: "Proposal", Kind: bot.OurOwn}, bottest.Forms(phrases.In(language))}}
	if _, err := s.adapter.Post(t.Context(), digest.Post{ID: to + language, To: bot.Address(to), Reply: r}); err != nil {
		t.Fatal(err)
	}
}

// In a group, with the privacy mode on, the reply opens for whoever pressed, and in a topic it stays there; what somebody else replies
// is theirs.
func TestFormInAGroup(t *testing.T) {
	t.Parallel()
	withPrivacy := func() stageOptions {
		o := asking()
		o.telegram.Privacy = true
		return o
	}
	on(t, withPrivacy, func(t *testing.T, s *stage) {
		r, err := s.Topic(t.Context(), ana, forum, "Votes")
		if err != nil {
			t.Fatal(err)
		}
		for to, in := range map[string]telegramtest.In{"telegram:-200": {Chat: group}, "telegram:-1001300:" + itoa(int64(r.Message.ID)): {Chat: forum, Thread: r.Message.ID}} {
			s.postForms(t, to, "en")
			asked := s.press(t, ben, in.Chat, "Reject …")
			s.wantLast(t, in.Chat, "Ben\nReply to this message, all in one text. /cancel ends it\n• In your words\nreject D-1")
			if reply := asked.ForceReply(); reply == nil || !reply.Selective || asked.Thread != in.Thread {
				t.Errorf("%s: it opens %+v in %d", to, reply, asked.Thread)
			}
			in.ReplyTo = asked.ID
			s.say(t, ben, in, "no")
			s.wantLast(t, in.Chat, "reject D-1 no · typed by 102")
			s.say(t, ana, in, "no, too")
			s.wantLast(t, in.Chat, "reject D-1 no, too · typed by 101")
			if answer := s.last(t, in.Chat); answer.Thread != in.Thread || answer.ReplyTo == asked.ID {
				t.Errorf("%s: answered in %d, to %d", to, answer.Thread, answer.ReplyTo)
			}
		}
	})
}

// A form asks in the language of its button, whatever its person's, and its answer goes on in that language.
func TestFormInEveryLanguage(t *testing.T) {
	t.Parallel()
	on(t, asking, func(t *testing.T, s *stage) {
		s.say(t, ana, telegramtest.In{}, "hello")
		for _, language := range phrases.Languages() {
			p := phrases.In(language)
			s.postForms(t, "telegram:101", language)
			asked := s.press(t, ana, ana, p.Say("edit.correct"))
			s.wantLast(t, ana, p.Say("telegram.form")+"\n• "+p.Say("edit.ask.right")+"\n• "+p.Say("edit.ask.source")+" · https://…\ncorrect BRA-14")
			s.heard()
			s.say(t, ana, telegramtest.In{ReplyTo: asked.ID}, "да, that 是")
			s.wantLast(t, ana, "correct BRA-14 да, that 是 · typed by 101")
			if told := s.heard(); len(told) != 1 || told[0].Reply.Language != language {
				t.Errorf("%s: told %+v", language, told)
			}
		}
	})
}

// What is replied to a form reaches a process that knows nothing of it.
func TestFormOutlivesARestart(t *testing.T) {
	t.Parallel()
	s := newStage(t, webhook, asking())
	s.say(t, ana, telegramtest.In{}, "/reject D-1")
	asked := s.press(t, ana, ana, "Reject …")
	s.adapter = telegram.New(s.adapter.Options)
	s.run(t, webhook)
	s.say(t, ana, telegramtest.In{ReplyTo: asked.ID}, "no")
	s.wantLast(t, ana, "reject D-1 no · typed by 101")
}

// A command ends a form: /cancel says so, in groups too, and any other is done.
func TestFormEnded(t *testing.T) {
	t.Parallel()
	on(t, asking, func(t *testing.T, s *stage) {
		s.postForms(t, "telegram:-200", "es")
		asked := s.press(t, ana, group, phrases.In("es").Say("edit.reject"))
		in := telegramtest.In{Chat: group, ReplyTo: asked.ID}
		s.say(t, ana, in, "/cancel")
		s.wantLast(t, group, phrases.In("es").Say("telegram.form.ended"))
		s.say(t, ana, in, "/cancel@stancebot")
		s.say(t, ana, in, "/stance peru")
		s.wantLast(t, group, "no command: stance peru")
		n := len(s.Sent(group))
		s.say(t, ana, telegramtest.In{Chat: group}, "/cancel") // another bot's
		s.say(t, ana, in, "/cancel@otherbot")
		s.wantSent(t, group, n)
	})
}

// What was typed into a message of ours is no form: nobody who replies to it types anybody else's command.
func TestForgedForms(t *testing.T) {
	t.Parallel()
	on(t, asking, func(t *testing.T, s *stage) {
		p := phrases.In("en")
		for _, words := range []string{
			"x\n<code>approve D-1</code>", "x `approve D-1`", p.Say("telegram.form") + "\napprove D-1", "&lt;code&gt;approve D-1&lt;/code&gt;",
		} {
			s.say(t, ben, telegramtest.In{}, "reject D-1 "+words)
			said := s.last(t, ben)
			s.say(t, ben, telegramtest.In{ReplyTo: said.ID}, "yes")
			s.wantLast(t, ben, "no command: yes")
		}
		before := s.last(t, ben)
		for _, entity := range []string{
			`{"type":"code","offset":99,"length":9}`, `{"type":"code","offset":-1,"length":3}`, `{"type":"code","offset":1,"length":9223372036854775807}`,
			`{"type":"code","offset":0,"length":0}`, `{"type":"bold","offset":0,"length":4}`, `7`,
		} {
			raw := `{"message":{"message_id":` + itoa(int64(5000+len(entity))) + `,"date":1,"chat":{"id":102,"type":"private"},"from":{"id":102,"is_bot":false},"text":"yes",` +
				`"reply_to_message":{"message_id":` + itoa(int64(before.ID)) + `,"from":{"id":` + itoa(s.Options.BotID) + `},"text":"help me","entities":[` + entity + `]}}}`
			if _, err := s.Raw(t.Context(), []byte(raw)); err != nil {
				t.Fatal(err)
			}
			s.settle(t)
			s.wantLast(t, ben, "no command: yes")
		}
	})
}

// A form that may have been sent is sent again, says so, and is read all the same.
func TestFormSentAgain(t *testing.T) {
	t.Parallel()
	lost := func() stageOptions {
		o := asking()
		var calls atomic.Int64
		o.telegram.Fault = func(c telegramtest.Call) *telegramtest.Fault {
			if c.Method == "sendMessage" && calls.Add(1) == 2 {
				return &telegramtest.Fault{After: true, Drop: true}
			}
			return nil
		}
		return o
	}
	on(t, lost, func(t *testing.T, s *stage) {
		s.say(t, ana, telegramtest.In{}, "/reject D-1")
		asked := s.press(t, ana, ana, "Reject …")
		if !strings.HasSuffix(asked.Text, "reject D-1\n"+phrases.In("en").Say("telegram.repeated")) {
			t.Errorf("it says %q", asked.Text)
		}
		s.say(t, ana, telegramtest.In{ReplyTo: asked.ID}, "no")
		s.wantLast(t, ana, "reject D-1 no · typed by 101")
	})
}

// Where nobody replies, in a channel, and where the command does not ask after all, the plain command is answered.
func TestFormThatAsksNothing(t *testing.T) {
	t.Parallel()
	on(t, asking, func(t *testing.T, s *stage) {
		s.postForms(t, "telegram:-1001400", "en")
		s.press(t, ana, channel, "Reject …")
		s.wantLast(t, channel, "Type reject D-1 and the words")
	})
	decided := func() stageOptions {
		line := bot.Line{Text: "D-1 was approved", Kind: bot.OurOwn}
		return stageOptions{adapter: func(o *telegram.Options) { o.Bot = says(bot.Reply{Language: "en", Blocks: []bot.Block{line}}) }}
	}
	on(t, decided, func(t *testing.T, s *stage) {
		s.postForms(t, "telegram:-200", "en")
		s.press(t, ana, group, "Reject …")
		s.wantLast(t, group, "D-1 was approved")
	})
}

// A button that asks for words is marked so; where that or the language has no room, it is less, and its command is whole.
func TestFormButtons(t *testing.T) {
	long := "reject " + strings.Repeat("x", 54) // 61 bytes
	for command, want := range map[string]string{"reject D-1": "?en:reject D-1", long: "?" + long, long + "xx": "?" + long + "xx", long + "xxx": long + "xxx", long + "xxxx": ""} {
		r := bot.Reply{Language: "en", Blocks: []bot.Block{
			bot.Line{Text: "x", Kind: bot.OurOwn}, bot.Choices{Asks: true, Items: []bot.Choice{{Label: "Reject", Command: command, Asks: []bot.Ask{{Label: "Why"}}}}},
		}}
		got := ""
		if keys := telegram.Render(&r).Keys; len(keys) > 0 {
			got = keys[0][0].Data
		}
		if got != want {
			t.Errorf("%s sends %q, want %q", command, got, want)
		}
		if read, _, mark := telegram.PressedCommand(got); want != "" && (read != command || (mark == "?") != strings.HasPrefix(want, "?")) {
			t.Errorf("%q is read as %q, marked %q", got, read, mark)
		}
	}
}

// A person behind a line leads to them where they are of Telegram, and nobody is who was typed.
func TestWhoIsNamed(t *testing.T) {
	for who, want := range map[string]string{
		"telegram:77": `by <a href="tg://user?id=77">77</a>`, "slack:T1:U2": "by slack:T1:U2", "console:<b>": "by console:&lt;b&gt;",
		"telegram:-200": "by telegram:-200", "telegram:7x": "by telegram:7x", "": "by",
	} {
		r := bot.Reply{Language: "en", Blocks: []bot.Block{
			bot.Line{Text: "Proposed by", Who: who, Receipts: []string{"D-1"}}, bot.Row{Text: "Proposed by", Who: who, Receipts: []string{"D-1"}},
		}}
		if got := telegram.Render(&r).Parts; len(got) != 1 || got[0] != "Proposed "+want+" [D-1]\n• Proposed "+want+" [D-1]" {
			t.Errorf("%s: it shows %q", who, got)
		}
	}
}
