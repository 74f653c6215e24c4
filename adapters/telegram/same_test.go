package telegram_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	api "github.com/slack-go/slack"

	"stancebot/adapters/slack"
	"stancebot/adapters/telegram"
	"stancebot/adapters/telegram/telegramtest"
	"stancebot/bot/bottest"
)

// What is asked in Telegram and in Slack is answered with the same receipts, line by line, as people see them.
func TestSameReceiptsAsInSlack(t *testing.T) {
	t.Parallel()
	d := bottest.NewRecordingDesk(t, hostile())
	replies, receipts := 0, 0
	for name, r := range d.EveryReply(t, hostile()) {
		here, there := shownInTelegram(t, telegram.Render(r)), shownInSlack(slack.Render(r, slack.Place{}))
		if !slices.Equal(here, there) {
			t.Errorf("%s: Telegram shows %q, Slack %q", name, here, there)
		}
		replies++
		receipts += len(here)
	}
	if receipts < replies {
		t.Errorf("%d receipts in %d replies", receipts, replies)
	}
	t.Logf("%d replies, %d receipts in each", replies, receipts)
}

// shownInTelegram are the receipts that a message shows, in their order.
func shownInTelegram(t *testing.T, m telegram.Message) []string {
	t.Helper()
	var lines []string
	for _, part := range m.Parts {
		plain, _, _, err := telegramtest.ParseHTML(part)
		if err != nil {
			t.Fatal(err)
		}
		lines = append(lines, plain)
	}
	return receiptsIn(strings.Join(lines, "\n"))
}

// shownInSlack are those that a message of Slack's shows.
func shownInSlack(m slack.Message) []string {
	var lines []string
	marked := func(o *api.TextBlockObject) {
		lines = append(lines, labels.ReplaceAllString(o.Text, "$1"))
	}
	for _, blk := range m.Blocks {
		switch blk := blk.(type) {
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
	text := strings.ReplaceAll(strings.Join(lines, "\n"), ",\n", ", ") // which goes on in another block
	return receiptsIn(strings.NewReplacer("&lt;", "<", "&gt;", ">", "&amp;", "&").Replace(text))
}

var (
	labels      = regexp.MustCompile(`<[^<>|]*\|([^<>]*)>`) // of links
	unformatted = strings.NewReplacer("\u2060", "", "*", "", "_", "")

	lineEnd = regexp.MustCompile(`(?m) \[([^\[\]\n]+)\]$`)
)

// receiptsIn are those that stand at the ends of lines. Signs that format in Slack are left out on either side.
func receiptsIn(text string) []string {
	var list []string
	for _, m := range lineEnd.FindAllStringSubmatch(unformatted.Replace(text), -1) {
		list = append(list, strings.Split(m[1], ", ")...)
	}
	return list
}
