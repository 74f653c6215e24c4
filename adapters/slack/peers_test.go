package slack_test

import (
	"fmt"
	"iter"
	"math/rand/v2"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"

	api "github.com/slack-go/slack"

	"stancebot/adapters/adaptertest/peers"
	"stancebot/adapters/slack"
	"stancebot/bot"
	"stancebot/bot/bottest"
	"stancebot/bot/phrases"
	"stancebot/knowledge"
	"stancebot/knowledge/ledger"
)

// sampleOf is of how many replies the ordinary run renders one. STANCETEST_DEEP renders all.
const sampleOf = 300

// deep is asked while a test runs: what is read before, go test does not see, and repeats an outcome of the other kind.
func deep() bool { return os.Getenv("STANCETEST_DEEP") != "" }

// perRun is how many messages the judge reads at a time.
const perRun = 20_000

// A payload is a message or a view, as the judge reads it.
type payload struct {
	ID     string                  `json:"id"`
	Text   string                  `json:"text,omitempty"`
	Blocks []api.Block             `json:"blocks,omitempty"`
	View   *api.HomeTabViewRequest `json:"view,omitempty"`
}

// Every reply to everything that can be asked, in every language, wherever it is shown: Slack's own types and limits take it,
// it shows what the reply says with its receipts, and nothing in it is live but our own links.
func TestEveryReplyInSlack(t *testing.T) {
	d := newDesk(t)
	var batch []payload
	judged := 0
	judge := func() {
		judged += len(batch)
		t.Run(fmt.Sprintf("types and limits to %d", judged), func(t *testing.T) { peers.Check(t, peers.Slack, "check-blocks.mjs", batch) })
		batch = batch[:0]
	}
	buttons := newButtons(d)
	replies := 0
	for name, r := range everyReply(t, d) {
		replies++
		shared, alone := slack.Place{Share: slack.Shareable(r)}, slack.Place{}
		for _, at := range []slack.Place{shared, alone} {
			m := slack.Render(slack.WithSlackHelp(r), at)
			for _, fault := range append(faults(slack.WithSlackHelp(r), m), buttons.faults(m)...) {
				t.Errorf("%s: %s", name, fault)
			}
			if again := slack.Render(slack.WithSlackHelp(r), at); !reflect.DeepEqual(m, again) {
				t.Errorf("%s: rendered differently the second time", name)
			}
			batch = append(batch, payload{ID: name + at.Share, Text: m.Text, Blocks: m.Blocks})
		}
		home := slack.Render(r, alone)
		batch = append(batch, payload{ID: name + " at home", View: &api.HomeTabViewRequest{Type: api.VTHomeTab, Blocks: api.Blocks{BlockSet: home.Blocks}}})
		if len(batch) >= perRun {
			judge()
		}
	}
	judge()
	t.Logf("%d replies, %d messages and views", replies, judged)
}

// newDesk is a desk that recorded what a good desk would not.
func newDesk(tb testing.TB) *bottest.Desk {
	tb.Helper()
	d := bottest.NewDesk(tb)
	var drafts []ledger.Draft
	for i, text := range hostile() {
		text = strings.ToValidUTF8(text, "")
		drafts = append(drafts, ledger.Draft{
			At: knowledge.Day(2026_08_08).Time(), Author: "console:<@U1>", Kind: ledger.EventRecorded, Reason: text,
			Payload: ledger.Event{Country: "COL", On: knowledge.Date(2026_08_01 + i%28), Kind: "leader", Text: text, Source: "https://desk.example/?a=<b>&c=|*d*"},
		})
	}
	d.Record(tb, drafts...)
	return d
}

// hostile are texts that mean something to Slack.
func hostile() []string {
	return []string{
		"<!channel>", "<!here|here>", "<!subteam^S1|ops>", "<@U1>", "<#C1|general>", "@channel", "*bold*", "_x_", "~x~", "`code`", "```code```",
		":smile:", "1:2:smile:", ":http:", ":笑:", "<http://evil.example|label>", "<https://evil.example>", "www.evil.com", "http://evil.example/x",
		"mailto:a@evil.com", "> quoted", "line\n> quoted\n*bold*", "&lt;!here&gt;", "&amp;lt;", "a & b < c > d", "👍 *x*", "\u202e_x_\u202c",
		"*_~x~_*", "* _ ~ `", "<!date^1^{date}|x>", "[x](http://evil.example)", "\x00*x*\xff",
	}
}

// everyReply are the replies to everything, or to a sample that is always the same, each by what was asked in which language.
// What is hostile is never left out; an ordinary run asks it in one language.
func everyReply(tb testing.TB, d *bottest.Desk) iter.Seq2[string, *bot.Reply] {
	tb.Helper()
	rng := rand.New(rand.NewPCG(1, 0))
	return func(yield func(string, *bot.Reply) bool) {
		ask := func(req bot.Request) bool {
			req.Desk = knowledge.DefaultDesk
			r := d.Handle(tb.Context(), req)
			return yield(fmt.Sprintf("%q in %s", req.Text, r.Language), &r)
		}
		languages := phrases.Languages()
		for turn, language := range languages {
			for _, purpose := range []bot.Purpose{bot.Overview, bot.Check} {
				if !ask(bot.Request{Language: language, Purpose: purpose, Text: "Peru is Russia's ally. Cuba and Bolivia voted Yes on ES-11/1, and <!here> *all* of Brazil."}) {
					return
				}
			}
			for i, text := range hostileQuestions() {
				if (deep() || i%len(languages) == turn) && !ask(bot.Request{Language: language, Text: text}) {
					return
				}
			}
			for _, part := range []iter.Seq[string]{d.Everything(), placeQuestions(d)} {
				for text := range part {
					if (deep() || slices.Contains(always, text) || rng.IntN(sampleOf) == 0) && !ask(bot.Request{Language: language, Text: text}) {
						return
					}
				}
			}
		}
	}
}

// always are what no sample leaves out: the help, and an answer with more receipts than a block holds.
var always = []string{"help", "group nato"}

// hostileQuestions put what is hostile where it may be repeated.
func hostileQuestions() []string {
	list := []string{"stance col", "shifts col"}
	for i, text := range hostile() {
		list = append(list, fmt.Sprintf("source D-%d", i+1))
		for _, form := range []string{"%", "stance %", "search %", "anything about %", "is % an ally of russia?", "что писали про %"} {
			list = append(list, strings.ReplaceAll(form, "%", text))
		}
	}
	return list
}

// placeQuestions ask for what is no member of the United Nations.
func placeQuestions(d *bottest.Desk) iter.Seq[string] {
	return func(yield func(string) bool) {
		for i := range d.Records.House.Places {
			for _, name := range d.Records.House.Places[i].Names {
				for _, command := range []string{"stance ", "votes ", "agreement ", "measures ", "compare peru "} {
					if !yield(command + name) {
						return
					}
				}
			}
		}
	}
}

// A row is what one line of a message is to show.
type row struct {
	text     string
	receipts []string
	header   bool
}

// rowsOf are the lines that a reply wants to be shown.
func rowsOf(r *bot.Reply) []row {
	var rows []row
	add := func(text string, receipts []string, header bool) {
		lines := strings.Split(text, "\n")
		for _, line := range lines[:len(lines)-1] {
			rows = append(rows, row{text: line})
		}
		rows = append(rows, row{lines[len(lines)-1], receipts, header})
	}
	for _, blk := range r.Blocks {
		switch blk := blk.(type) {
		case bot.Heading:
			add(blk.Text, nil, true)
		case bot.Line:
			add(blk.Text, blk.Receipts, false)
		case bot.Row:
			add("•"+blk.Text, blk.Receipts, false)
		case bot.Choices:
			if blk.Asks {
				add(blk.Lead, nil, false)
			}
		}
	}
	return rows
}

// shownIn are the lines that a message shows, and what is wrong with how.
func shownIn(m slack.Message) (lines, faults []string) {
	marked := func(o *api.TextBlockObject) {
		if o.Type != api.MarkdownType || !o.Verbatim {
			faults = append(faults, fmt.Sprintf("Slack would look for addresses and names in %q", o.Text))
		}
		lines = append(lines, strings.Split(o.Text, "\n")...)
	}
	for _, blk := range m.Blocks {
		switch blk := blk.(type) {
		case *api.HeaderBlock:
			lines = append(lines, escapedOnce.Replace(blk.Text.Text))
		case *api.SectionBlock:
			marked(blk.Text)
		case *api.ContextBlock:
			for _, e := range blk.ContextElements.Elements {
				if o, ok := e.(*api.TextBlockObject); ok {
					marked(o)
				}
			}
		}
	}
	return lines, faults
}

// faults are what is wrong with how a message says a reply.
func faults(r *bot.Reply, m slack.Message) []string {
	lines, found := shownIn(m)
	for _, w := range rowsOf(r) {
		if len(lines) == 0 {
			return append(found, fmt.Sprintf("it does not show %q", w.text))
		}
		line := lines[0]
		for lines = lines[1:]; len(lines) > 0 && strings.HasSuffix(line, ",") && said(line) != w.said(); lines = lines[1:] {
			line += " " + lines[0] // it goes on in another block
		}
		found = append(found, w.faults(line, r.Links)...)
	}
	if len(lines) > 0 {
		found = append(found, fmt.Sprintf("it shows more: %q", lines))
	}
	first, _, _ := strings.Cut(r.Text(), "\n")
	if m.Text == "" || !strings.HasPrefix(said(m.Text), alike(first)) {
		found = append(found, fmt.Sprintf("the text does not begin with %q:\n%s", first, m.Text))
	}
	for line := range strings.Lines(m.Text) {
		for _, live := range marks(strings.TrimRight(line, "\n")) {
			found = append(found, fmt.Sprintf("%s %q in the text: %q", live.kind, live.text, line))
		}
	}
	return found
}

// said is what a reader is to see of the row.
func (w row) said() string {
	if len(w.receipts) == 0 {
		return alike(w.text)
	}
	return alike(w.text + "[" + strings.Join(w.receipts, ", ") + "]")
}

// faults are what is wrong with how a line shows a row: it says the same, with the same receipts, each linked to its page, and
// nothing else in it is live but its lead.
func (w row) faults(line string, links map[string]string) []string {
	var found []string
	fail := func(format string, args ...any) { found = append(found, fmt.Sprintf(format, args...)) }
	if got, want := said(line), w.said(); got != want {
		fail("it shows\n%s\nwhere the reply says\n%s", got, want)
	}
	if w.header && !strings.HasPrefix(line, "*") { // plain text, in which nothing is live
		return found
	}
	var linked []string
	for _, live := range marks(line) {
		switch {
		case live.kind == "link" && slices.Contains(w.receipts, plain(live.text)) && live.target == address(links[plain(live.text)]):
			linked = append(linked, plain(live.text))
		case live.kind == "link" && isPage(live, links):
		case live.kind == "bold" && live.at == 0 && own(line, live.text):
		default:
			fail("%s %q in %q", live.kind, live.text, line)
		}
	}
	for _, id := range w.receipts {
		if links[id] != "" && !slices.Contains(linked, id) {
			fail("the receipt %s is not linked in %q", id, line)
		}
	}
	return found
}

// plain is a label as it was before it was made safe.
func plain(label string) string {
	return strings.NewReplacer("&lt;", "<", "&gt;", ">", "&amp;", "&", "\u2060", "").Replace(label)
}

// address is an address as Slack's markup takes it.
func address(page string) string {
	return strings.NewReplacer("&", "&amp;", "<", "%3C", ">", "%3E", "|", "%7C", " ", "%20", "\n", "", "\r", "").Replace(page)
}

// isPage reports whether a link shows where it leads, to a page that a receipt rests on.
func isPage(link mark, links map[string]string) bool {
	for _, page := range links {
		if address(page) == link.target && alike(page) == said(link.text) {
			return true
		}
	}
	return false
}

// own reports whether a part in bold is one that we set so: a line, or its lead with a blank behind it, without which Slack
// would show the signs beside letters that are no Latin ones.
func own(line, bold string) bool {
	rest := line[len(bold)+2:]
	return rest == "" || strings.HasPrefix(rest, " ") && (strings.HasSuffix(bold, ":") || strings.HasSuffix(bold, "："))
}

// buttons checks that what is pressed asks what its value says.
type buttons struct {
	desk *bottest.Desk
	seen map[string]bool
}

func newButtons(d *bottest.Desk) *buttons { return &buttons{d, map[string]bool{}} }

func (b *buttons) faults(m slack.Message) []string {
	var found []string
	for _, c := range controlsOf(m) {
		if c.label.Emoji == nil || *c.label.Emoji {
			found = append(found, fmt.Sprintf("Slack would look for emoji in %q", c.label.Text))
		}
		if c.value == "" || b.seen[c.value] {
			continue
		}
		b.seen[c.value] = true
		q := b.desk.Reader.Read(c.value, bottest.Today).Query
		searches := q.Intent == knowledge.IntentSearch && strings.HasPrefix(c.value, "search ") // for words, of any language
		if q.Misread != nil || bot.Canonical(q) != c.value && !searches {
			found = append(found, fmt.Sprintf("the button %q asks %q", c.value, bot.Canonical(q)))
		}
	}
	return found
}

// A control is what can be pressed.
type control struct {
	label *api.TextBlockObject
	value string
}

func controlsOf(m slack.Message) []control {
	var list []control
	choose := func(options []*api.OptionBlockObject) {
		for _, o := range options {
			list = append(list, control{o.Text, o.Value})
		}
	}
	for _, blk := range m.Blocks {
		row, ok := blk.(*api.ActionBlock)
		if !ok {
			continue
		}
		for _, e := range row.Elements.ElementSet {
			switch e := e.(type) {
			case *api.ButtonBlockElement:
				list = append(list, control{e.Text, e.Value})
			case *api.OverflowBlockElement:
				choose(e.Options)
			case *api.SelectBlockElement:
				choose(e.Options)
			}
		}
	}
	return list
}

// headersOf are the lines of a message that are plain text.
func headersOf(m slack.Message) map[string]bool {
	found := map[string]bool{}
	for _, blk := range m.Blocks {
		if h, ok := blk.(*api.HeaderBlock); ok {
			found[escapedOnce.Replace(h.Text.Text)] = true
		}
	}
	return found
}

// escapedOnce makes plain text comparable with mrkdwn.
var escapedOnce = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")
