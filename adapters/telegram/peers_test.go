package telegram_test

import (
	"fmt"
	"iter"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode/utf16"
	"unicode/utf8"

	"stancebot/adapters/adaptertest/peers"
	"stancebot/adapters/telegram"
	"stancebot/adapters/telegram/telegramtest"
	"stancebot/bot"
	"stancebot/bot/bottest"
)

// perRun is how many messages the judge reads at a time.
const perRun = 20_000

// A judged message is one as Telegram's parser reads it.
type judged struct {
	ID    string `json:"id"`
	Text  string `json:"text"`
	Plain string `json:"plain"`
}

// Every reply to everything that can be asked, in every language: Telegram's own parser takes it, it shows what the reply says
// with its receipts, long or short, and nothing in it is live but our own links.
func TestEveryReplyInTelegram(t *testing.T) {
	d := bottest.NewRecordingDesk(t, hostile())
	var batch []judged
	passed := 0
	judge := func() {
		passed += len(batch)
		t.Run(fmt.Sprintf("Telegram's parser to %d", passed), func(t *testing.T) { peers.Check(t, peers.Telegram, "check-html.mjs", batch) })
		batch = batch[:0]
	}
	seen := map[string]bool{}
	replies, several, most := 0, 0, 0
	for name, r := range withLong(d.EveryReply(t, hostile())) {
		replies++
		m := telegram.Render(r)
		if again := telegram.Render(r); !reflect.DeepEqual(m, again) {
			t.Errorf("%s: rendered differently the second time", name)
		}
		parts, faults := judgeParts(r, m.Parts)
		for _, fault := range append(faults, judgeKeys(d, r, m.Keys, seen)...) {
			t.Errorf("%s: %s", name, fault)
		}
		for i, plain := range parts {
			batch = append(batch, judged{name + " " + strconv.Itoa(i+1), m.Parts[i], plain})
		}
		if len(m.Parts) > 1 {
			several++
			if strings.HasPrefix(name, `"`) { // it was asked, and not put together
				t.Errorf("%s: %d messages, of which one alone can be shared", name, len(m.Parts))
			}
		}
		most = max(most, len(m.Parts))
		if len(batch) >= perRun {
			judge()
		}
	}
	judge()
	t.Logf("%d replies, %d messages, %d replies of several, at most %d", replies, passed, several, most)
}

// withLong adds replies that are longer than a message: those of many replies put together, in lines as they are, and in one.
func withLong(replies iter.Seq2[string, *bot.Reply]) iter.Seq2[string, *bot.Reply] {
	return func(yield func(string, *bot.Reply) bool) {
		all, n := bot.Reply{}, 0
		var texts []string
		for name, r := range replies {
			if !yield(name, r) {
				return
			}
			if n++; n%3 != 0 && !strings.Contains(name, "nato") && !strings.Contains(name, "unfriendly") {
				continue
			}
			if all.Language != "" && (r.Language != all.Language || len(all.Blocks) > 100) {
				if !yield("many to "+name, &all) {
					return
				}
				lined := all
				lined.Blocks = []bot.Block{bot.Heading{Text: "Peru"}, bot.Line{Text: strings.Join(texts, " "), Receipts: all.Receipts}}
				evidence := all
				evidence.About.Intent = "evidence"
				if !yield("one line to "+name, &lined) || !yield("evidence to "+name, &evidence) {
					return
				}
				all, texts = bot.Reply{}, nil
			}
			if all.Language == "" {
				all.Language, all.Links = r.Language, map[string]string{}
			}
			for _, blk := range r.Blocks {
				if _, buttons := blk.(bot.Choices); !buttons {
					all.Blocks = append(all.Blocks, blk)
				}
			}
			maps.Copy(all.Links, r.Links)
			for _, w := range bottest.RowsOf(r) {
				texts = append(texts, w.Text)
				all.Receipts = append(all.Receipts, w.Receipts...)
			}
		}
	}
}

// hostile are texts that mean something to Telegram.
func hostile() []string {
	return []string{
		"@channel", "<b>bold</b>", "<a href=\"https://evil.example\">here</a>", "<a href='tg://user?id=101'>Ana</a>", "</b></i></blockquote>", "<tg-spoiler>x</tg-spoiler>",
		"&lt;b&gt;", "&amp;lt;", "&#60;b&#62;", "a & b < c > d", "/rm", "/start@stancebot", "@stancebot", "a@stancebot", "#tag", "#тег", "$USD", "$BTC 5", "tg://resolve?domain=x",
		"https://evil.example", "http://evil.example/x?a=<b>", "www.evil.com", "evil.com", "evil.com/x", "пример.рф", "evil.ru.", "1.2.3.4", "https://1.2.3.4/", "ftp://evil.example",
		"a@evil.com", "mailto:a@evil.com", "t.me/evil", "+12025550123", "4242 4242 4242 4242", "evil。com", "e.vil.com:80", "evil.co.uk", "a_b@evil.com", "//evil.com", "/a/b", "(/x)", "“@name”", "«#tag»",
		"\u202eevil.com\u202c", "evil\u2060.com", "@\u2060name", "\x00<b>\xff", "👍 <b>", "line\n/rm\n@name", "https://desk.example/?a=<b>", "*bold* _x_ `code` [x](http://evil.example)",
	}
}

// judgeParts returns what each message of a reply is to say, and what is wrong with how they share it out: they end where lines
// do, or a line that is longer than a message at a blank; they say all, in its order, and receipts with the pages they rest on.
func judgeParts(r *bot.Reply, parts []string) (plains, faults []string) {
	fail := func(format string, args ...any) { faults = append(faults, fmt.Sprintf(format, args...)) }
	rows := bottest.RowsOf(r)
	lines := make([]string, len(rows))
	for i, w := range rows {
		lines[i] = w.Said()
	}
	rest := strings.ToValidUTF8(strings.Join(lines, "\n"), "")
	var linked []string
	for i, html := range parts {
		plain, entities, dropped, err := telegramtest.ParseHTML(html)
		if err != nil || len(dropped) > 0 {
			fail("part %d: %v, dropped %q", i+1, err, dropped)
			continue
		}
		if n := len(utf16.Encode([]rune(plain))); n > 4096 {
			fail("part %d: %d units", i+1, n)
		}
		want, after := cutAs(rest, plain, i == len(parts)-1)
		plains, rest = append(plains, want), after
		for _, e := range entities {
			switch label := strings.ReplaceAll(e.Of(plain), "\u2060", ""); e.Type {
			case "text_link":
				if !isPage(r, label, e.URL) {
					fail("%q leads to %q", label, e.URL)
				}
				linked = append(linked, label)
			case "bold", "italic", "expandable_blockquote":
			default:
				fail("%s %q", e.Type, label)
			}
		}
	}
	if rest != "" {
		fail("it does not say %q", rest)
	}
	for _, w := range rows {
		for _, id := range w.Receipts {
			if r.Links[id] != "" && !slices.Contains(linked, id) {
				fail("the receipt %s is not linked", id)
			}
		}
	}
	return plains, faults
}

// cutAs cuts what one message is to say from a text: as much as it shows, where a line ends.
func cutAs(text, shown string, last bool) (want, rest string) {
	if last {
		return text, ""
	}
	n := utf8.RuneCountInString(strings.ReplaceAll(shown, "\u2060", ""))
	at := len(text)
	for i, r := range text {
		if n == 0 {
			at = i
			break
		}
		if r != '\u2060' {
			n--
		}
	}
	switch want, rest = text[:at], text[at:]; {
	case strings.HasPrefix(rest, "\n"):
		return want, rest[1:]
	case !strings.Contains(want, "\n"): // nothing but a part of one line
		return want, strings.TrimPrefix(rest, " ")
	}
	return want, rest + "(cut within a line)"
}

// isPage reports whether a link leads to the page that its receipt rests on, or shows where it leads, to such a page. Telegram
// writes a slash behind the name of a host.
func isPage(r *bot.Reply, label, url string) bool {
	same := func(page string) bool { return page == url || page+"/" == url }
	if same(r.Links[label]) {
		return true
	}
	for _, page := range r.Links {
		if label == page && same(page) {
			return true
		}
	}
	return false
}

// judgeKeys tells what is wrong with the buttons below a reply: there is one for each choice, and what it sends is read as its
// command, in the language of the reply.
func judgeKeys(d *bottest.Desk, r *bot.Reply, keys [][]telegram.Button, seen map[string]bool) []string {
	var faults []string
	fail := func(format string, args ...any) { faults = append(faults, fmt.Sprintf(format, args...)) }
	var commands []string
	asks := false
	for _, blk := range r.Blocks {
		if c, ok := blk.(bot.Choices); ok {
			asks = asks || c.Asks
			for _, item := range c.Items {
				commands = append(commands, item.Command)
			}
		}
	}
	if p := r.Page; p != nil {
		for _, turn := range []*bot.Choice{p.Previous, p.Next} {
			if turn != nil && !slices.Contains(commands, turn.Command) {
				commands = append(commands, turn.Command)
			}
		}
	}
	presses := func(command string) {
		if seen[command] {
			return
		}
		seen[command] = true
		if fault := d.Presses(command); fault != "" {
			faults = append(faults, fault)
		}
	}
	var got []string
	for _, row := range keys {
		if len(row) == 0 || len(row) > 8 {
			fail("a row of %d buttons", len(row))
		}
		for _, b := range row {
			switch {
			case b.Text == "":
				fail("a button without a label: %+v", b)
			case b.Copy != nil:
				if n := len(utf16.Encode([]rune(b.Copy.Text))); n == 0 || n > 256 {
					fail("a button copies %d units", n)
				}
			case b.Choose != nil:
				presses(b.Choose.Query)
			default:
				command, language, mark := telegram.PressedCommand(b.Data)
				if len(b.Data) > 64 || language != r.Language && len(command) <= 60 || (mark == ".") != asks && len(command) <= 63 {
					fail("the button %q sends %q (%d bytes)", b.Text, b.Data, len(b.Data))
				}
				got = append(got, command)
				presses(command)
			}
		}
	}
	slices.Sort(got)
	slices.Sort(commands)
	if !slices.Equal(got, commands) {
		fail("its buttons ask %q, its choices %q", got, commands)
	}
	return faults
}
