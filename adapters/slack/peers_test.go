package slack_test

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	api "github.com/slack-go/slack"

	"stancebot/adapters/adaptertest/peers"
	"stancebot/adapters/slack"
	"stancebot/bot"
	"stancebot/bot/bottest"
)

// perRun is how many messages the judge reads at a time.
const perRun = 20_000

// A payload is a message or a view, as the judge reads it.
type payload struct {
	ID     string      `json:"id"`
	Text   string      `json:"text,omitempty"`
	Blocks []api.Block `json:"blocks,omitempty"`
	View   any         `json:"view,omitempty"` // a home tab or a modal
}

// Every reply to everything that can be asked, in every language, wherever it is shown: Slack's own types and limits take it,
// it shows what the reply says with its receipts, and nothing in it is live but our own links.
func TestEveryReplyInSlack(t *testing.T) {
	d := bottest.NewRecordingDesk(t, hostile())
	var batch []payload
	judged := 0
	judge := func() {
		judged += len(batch)
		t.Run(fmt.Sprintf("types and limits to %d", judged), func(t *testing.T) { peers.Check(t, peers.Slack, "check-blocks.mjs", batch) })
		batch = batch[:0]
	}
	buttons := newButtons(d)
	replies := 0
	for name, r := range d.EveryReply(t, hostile()) {
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

// hostile are texts that mean something to Slack.
func hostile() []string {
	return []string{
		"<!channel>", "<!here|here>", "<!subteam^S1|ops>", "<@U1>", "<#C1|general>", "@channel", "*bold*", "_x_", "~x~", "`code`", "```code```",
		":smile:", "1:2:smile:", ":http:", ":笑:", "<http://evil.example|label>", "<https://evil.example>", "www.evil.com", "http://evil.example/x",
		"mailto:a@evil.com", "> quoted", "line\n> quoted\n*bold*", "&lt;!here&gt;", "&amp;lt;", "a & b < c > d", "👍 *x*", "\u202e_x_\u202c",
		"*_~x~_*", "* _ ~ `", "<!date^1^{date}|x>", "[x](http://evil.example)", "\x00*x*\xff",
	}
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
	for _, w := range bottest.RowsOf(r) {
		if len(lines) == 0 {
			return append(found, fmt.Sprintf("it does not show %q", w.Text))
		}
		line := lines[0]
		for lines = lines[1:]; len(lines) > 0 && strings.HasSuffix(line, ",") && said(line) != alike(w.Said()); lines = lines[1:] {
			line += " " + lines[0] // it goes on in another block
		}
		found = append(found, rowFaults(w, line, r.Links)...)
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

// rowFaults are what is wrong with how a line shows a row: it says the same, with the same receipts, each linked to its page, and
// nothing else in it is live but its lead.
func rowFaults(w bottest.Row, line string, links map[string]string) []string {
	var found []string
	fail := func(format string, args ...any) { found = append(found, fmt.Sprintf(format, args...)) }
	if got, want := said(line), alike(w.Said()); got != want {
		fail("it shows\n%s\nwhere the reply says\n%s", got, want)
	}
	if w.Header && !strings.HasPrefix(line, "*") { // plain text, in which nothing is live
		return found
	}
	var linked []string
	for _, live := range marks(line) {
		switch {
		case live.kind == "link" && slices.Contains(w.Receipts, plain(live.text)) && live.target == address(links[plain(live.text)]):
			linked = append(linked, plain(live.text))
		case live.kind == "link" && isPage(live, links):
		case live.kind == "bold" && live.at == 0 && own(line, live.text):
		default:
			fail("%s %q in %q", live.kind, live.text, line)
		}
	}
	for _, id := range w.Receipts {
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
		if fault := b.desk.Presses(c.value); fault != "" {
			found = append(found, fault)
		}
	}
	return found
}

// A control is what can be pressed.
type control struct {
	label     *api.TextBlockObject
	value, id string
}

func controlsOf(m slack.Message) []control {
	var list []control
	choose := func(options []*api.OptionBlockObject) {
		for _, o := range options {
			list = append(list, control{o.Text, o.Value, ""})
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
				list = append(list, control{e.Text, e.Value, e.ActionID})
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
