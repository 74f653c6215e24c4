package telegram_test

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/tools/txtar"

	"stancebot/adapters/adaptertest/peers"
	"stancebot/adapters/telegram"
	"stancebot/adapters/telegram/telegramtest"
	"stancebot/bot"
)

// A judgedCall is a call as it is held against others' types of the Bot API.
type judgedCall struct {
	ID     string            `json:"id"`
	Method string            `json:"method"`
	Params map[string]string `json:"params"`
	Files  []string          `json:"files,omitempty"`
}

// Whatever is asked in whatever way, what is called for it has the methods, the parameters and the values that others' types of
// the Bot API have.
func TestEveryCall(t *testing.T) {
	t.Parallel()
	var calls []judgedCall
	methods := map[string]int{}
	for _, over := range transports {
		s := newStage(t, over, stageOptions{
			telegram: telegramtest.Options{Fault: first("editMessageText", telegramtest.Fault{After: true, Drop: true})},
			adapter:  func(o *telegram.Options) { o.Bot = slow{o.Bot} },
		})
		p := &player{stage: s}
		p.playAll(t)
		p.beyond(t)
		for _, c := range s.Complaints() {
			t.Errorf("Telegram would mind: %s", c)
		}
		until(t, "all menus are set", func() bool { return len(s.Calls("setMyCommands")) == 21 })
		for _, c := range s.Calls("") {
			methods[c.Method]++
			one := judgedCall{ID: fmt.Sprintf("%s %d: %s", over, c.N, c.Method), Method: c.Method, Params: c.Args}
			for name := range c.Files {
				one.Files = append(one.Files, name)
			}
			calls = append(calls, one)
		}
	}
	for _, method := range []string{
		"getMe", "getUpdates", "deleteWebhook", "setWebhook", "setMyCommands", "sendMessage", "sendDocument", "editMessageText", "answerCallbackQuery",
		"answerInlineQuery", "sendChatAction",
	} {
		if methods[method] == 0 {
			t.Errorf("nothing called %s", method)
		}
	}
	t.Logf("%d calls: %v", len(calls), methods)
	peers.Check(t, peers.Telegram, "check-calls.mjs", calls)
}

// slow is a bot that takes its time, where it is asked to, and may say much.
type slow struct{ bot.Handler }

// Handle answers.
func (s slow) Handle(ctx context.Context, req bot.Request) bot.Reply {
	if req.Text == "source F-02" {
		time.Sleep(time.Second)
	}
	r := s.Handler.Handle(ctx, req)
	if req.Text == "group nato" || req.Text == "stance COG" {
		r.Blocks = slices.Repeat(r.Blocks, 20)
	}
	return r
}

// playAll plays all transcripts.
func (p *player) playAll(t *testing.T) {
	t.Helper()
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no transcripts (%v)", err)
	}
	for _, file := range files {
		archive, err := txtar.ParseFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for i := range archive.Files {
			p.act(t, archive.Files[i].Name)
			p.seen()
		}
	}
}

// beyond does what no transcript shows: long and slow answers, cards that are pressed in another chat, chats that come and go.
func (p *player) beyond(t *testing.T) {
	t.Helper()
	ctx, in := t.Context(), telegramtest.In{Chat: group}
	p.say(t, ana, in, "/source@stancebot F-02")
	p.say(t, ana, in, "/group@stancebot nato")
	if n := len(p.Actions(group)); n == 0 {
		t.Error("nothing shows that an answer is being written")
	}
	q, err := p.Inline(ctx, ana, "votes peru", "", telegramtest.Private)
	if err != nil {
		t.Fatal(err)
	}
	p.settle(t)
	answer, _ := p.InlineAnswer(q.QueryID)
	if len(answer.Results) == 0 {
		t.Fatal("no cards")
	}
	chosen, err := p.ChooseInline(ctx, q.QueryID, answer.Results[0].ID, 0)
	if err != nil {
		t.Fatal(err)
	}
	pressed := func() error { _, err := p.Press(ctx, ben, *chosen.Message, "Next page"); return err }
	typed := func(text string) func() error {
		return func() error { _, err := p.Inline(ctx, ben, text, "", telegramtest.Private); return err }
	}
	member := func(chat int64, status telegramtest.Status) func() error {
		return func() error { _, err := p.MyChatMember(ctx, ana, chat, status); return err }
	}
	for i, act := range []func() error{
		pressed, typed(""), typed("zzzz zzzz"), typed(strings.Repeat("x", 256)),
		member(group, telegramtest.Kicked), member(group, telegramtest.Member), member(ana, telegramtest.Kicked), member(ana, telegramtest.Member),
		func() error { _, err := p.ChannelPost(ctx, channel, "/stance@stancebot peru"); return err },
		func() error { _, _, err := p.Migrate(ctx, ana, group, super); return err },
	} {
		if err := act(); err != nil {
			t.Fatalf("act %d: %v", i, err)
		}
		p.settle(t)
	}
	p.say(t, ben, telegramtest.In{Chat: super}, "/stance@stancebot cuba")
}

// A long answer takes the place of the question that was asked back, and goes on below, once, whatever its calls meet.
func TestLongAnswerTakesPlace(t *testing.T) {
	t.Parallel()
	long := func() stageOptions {
		o := failing("editMessageText", telegramtest.Fault{RetryAfter: time.Second})()
		o.adapter = func(o *telegram.Options) { o.Bot = slow{o.Bot} }
		return o
	}
	on(t, long, func(t *testing.T, s *stage) {
		s.say(t, ana, telegramtest.In{}, "congo")
		asked := s.Sent(ana)[0]
		if _, err := s.Press(t.Context(), ana, asked, asked.Buttons()[1].Text); err != nil {
			t.Fatal(err)
		}
		s.settle(t)
		r := s.desk.Handle(t.Context(), request("stance COG"))
		r.Blocks = slices.Repeat(r.Blocks, 20)
		var shown []string
		sent := s.Sent(ana)
		for i, m := range sent {
			shown = append(shown, strings.ReplaceAll(m.Text, "\u2060", ""))
			if last := i == len(sent)-1; last != (len(m.Buttons()) > 0) {
				t.Errorf("message %d has %d buttons", i+1, len(m.Buttons()))
			}
		}
		if got, want := strings.Join(shown, "\n"), textOf(r); len(sent) < 2 || len(sent[0].Edits) != 1 || got != want {
			t.Errorf("%d messages say\n%s\nand not\n%s", len(sent), got, want)
		}
		if n := len(s.CallbackAnswers()); n != 1 {
			t.Errorf("the press is answered %d times", n)
		}
	})
}
