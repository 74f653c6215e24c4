package telegram

import (
	"strings"
	"testing"

	"stancebot/adapters/telegram/telegramtest"
	"stancebot/bot"
)

// Whatever an update holds, it is read without a panic, and what it is named by is short.
func FuzzUpdate(f *testing.F) {
	f.Add([]byte(`{"update_id":1,"message":{"message_id":1,"chat":{"id":-200,"type":"group"},"from":{"id":101},"text":"@stancebot peru","entities":[{"type":"mention","offset":0,"length":99}]}}`))
	f.Add([]byte(`{"update_id":2,"callback_query":{"id":"x","from":{"id":101},"data":".es:stance PER","message":{"message_id":1,"chat":{"id":1,"type":"private"}}}}`))
	f.Add([]byte(`{"update_id":4,"message":{"message_id":2,"chat":{"id":1,"type":"private"},"text":"no","reply_to_message":{"from":{"id":7},"text":"x\ud83c\nreject D-1","entities":[{"type":"code","offset":2,"length":10}]}}}`))
	f.Add([]byte(`{"update_id":3,"message":{"message_id":1,"chat":{"id":1,"type":"private"},"caption":"/Stance@STANCEBOT peru","is_topic_message":true,"message_thread_id":5}}`))
	a := &Adapter{}
	a.us.Store(&self{id: 7, username: "stancebot"})
	f.Fuzz(func(t *testing.T, raw []byte) {
		u, err := readUpdate(raw, 7)
		if err != nil {
			return
		}
		a.concerns(&u)
		if u.key() == "" {
			t.Error("an update without a name")
		}
		_ = u.queue()
		if m := u.message; m != nil {
			said := addressed(m, "stancebot")
			if said.called && strings.HasPrefix(said.text, "/") && said.command != "" {
				t.Errorf("a command keeps its slash: %q", said.text)
			}
			startCommand(said.text)
		}
		if u.pressed != nil {
			pressedCommand(u.pressed.data)
		}
	})
}

// Whatever a reply says, Telegram takes it, shows it as it was said, and makes nothing live of it but our links.
func FuzzRender(f *testing.F) {
	f.Add("Peru · toward Russia", "Stale: <b>x</b> & \"y\" @channel /rm #tag www.evil.com https://x.org", "M:ECU:alba:2009", "stance PER")
	f.Add("", ":", "", "")
	f.Add(strings.Repeat("я", 5000), strings.Repeat("🇵🇪", 3000), "x", strings.Repeat("c", 70))
	f.Fuzz(func(t *testing.T, heading, line, receipt, command string) {
		heading, line = strings.ToValidUTF8(heading, "?"), strings.ToValidUTF8(line, "?")
		receipt, command = strings.ToValidUTF8(receipt, "?"), strings.ToValidUTF8(command, "?")
		r := bot.Reply{Language: "en", Receipts: []string{receipt}, Links: map[string]string{receipt: "https://example.org/a?b=c&d"}, Blocks: []bot.Block{
			bot.Heading{Text: "h" + heading},
			bot.Line{Text: line, Receipts: []string{receipt}, Who: heading},
			bot.Row{Text: line, Receipts: []string{receipt, "F-02"}, Who: "telegram:" + receipt},
			bot.Choices{Lead: "More:", Items: []bot.Choice{{Label: "l" + line, Command: "c" + command, Asks: []bot.Ask{{Label: line}}}}},
		}}
		m := Render(&r)
		for _, part := range m.Parts {
			plain, entities, dropped, err := telegramtest.ParseHTML(part)
			if err != nil || len(dropped) > 0 || len(entities) > 100 {
				t.Fatalf("%v, dropped %v, %d entities: %q", err, dropped, len(entities), part)
			}
			if n := units(plain); n > maxUnits || n == 0 {
				t.Errorf("%d units", n)
			}
		}
		for _, row := range m.Keys {
			for _, b := range row {
				if len(b.Data) > maxData || b.Text == "" {
					t.Errorf("a button of %d bytes, %q", len(b.Data), b.Text)
				}
			}
		}
	})
}
