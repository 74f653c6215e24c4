package telegram_test

import (
	"slices"
	"strings"
	"testing"

	"stancebot/adapters/adaptertest"
	"stancebot/adapters/telegram"
	"stancebot/adapters/telegram/telegramtest"
	"stancebot/bot"
	"stancebot/bot/bottest"
)

// A preview shows what is sent, part by part as Telegram's own reading of it, and offers the same commands; nothing typed or stored is
// more than text in it.
func TestPreviewShowsWhatIsSent(t *testing.T) {
	d := bottest.NewRecordingDesk(t, hostile())
	n := 0
	for name, r := range withLong(d.EveryReply(t, hostile())) {
		page, err := telegram.Preview(&telegram.Shown{Name: "stancebot", Time: "09:12", Language: "en", Reply: r})
		if err != nil {
			t.Fatal(err)
		}
		read := adaptertest.ReadPreview(string(page))
		for _, fault := range read.Faults {
			t.Errorf("%s: %s", name, fault)
		}
		m := telegram.Render(r)
		shown := read.Text
		for _, part := range m.Parts {
			plain, _, _, err := telegramtest.ParseHTML(part)
			plain = strings.ReplaceAll(plain, "\x00", "\ufffd") // as pages write what no page may hold
			at := strings.Index(shown, plain)
			if err != nil || at < 0 {
				t.Errorf("%s: it does not show, or not in its turn, %q: %v", name, plain, err)
				continue
			}
			shown = shown[at+len(plain):]
		}
		var want []string
		for _, row := range m.Keys {
			for _, b := range row {
				if b.Data != "" {
					command, _, _ := telegram.PressedCommand(b.Data)
					want = append(want, command)
				}
			}
		}
		if !slices.Equal(read.Presses, want) {
			t.Errorf("%s: it offers %q, and what is sent %q", name, read.Presses, want)
		}
		n++
	}
	t.Logf("%d replies", n)
}

// What Telegram writes around a message is there, and what a person typed is text.
func TestPreviewWritesWhatTelegramDoes(t *testing.T) {
	r := &bot.Reply{Language: "en", Blocks: []bot.Block{bot.Line{Text: "Decided by", Kind: bot.OurOwn, Who: "telegram:77"}}}
	page, err := telegram.Preview(&telegram.Shown{Name: "stancebot", Time: "09:12", Language: "pt", Reply: r, Edited: true, Repeated: true, To: "<b>what?"})
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"editado 09:12", `<span class="telegram-person">77</span>`, "Possibly repeated", "&lt;b&gt;what?"} {
		if !strings.Contains(string(page), want) {
			t.Errorf("it does not show %q:\n%s", want, page)
		}
	}
	typed, err := telegram.Preview(&telegram.Shown{Name: "<i>", Time: "09:12", Language: "en", Typed: "<script>alert(1)</script> &amp;"})
	if err != nil {
		t.Fatal(err)
	}
	read := adaptertest.ReadPreview(string(typed))
	if len(read.Faults) > 0 || !strings.Contains(read.Text, "<script>alert(1)</script> &amp;") {
		t.Errorf("what a person typed is shown as %q: %q", read.Text, read.Faults)
	}
}
