package slack_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"stancebot/adapters/slack"
	"stancebot/bot"
	"stancebot/bot/phrases"
	"stancebot/knowledge"
)

// FuzzRender renders replies of any texts: Slack's limits are kept, nothing is live but what we mark, nothing panics. The
// numbers choose the language and how often each text comes.
func FuzzRender(f *testing.F) {
	for i, text := range append(hostile(), "", " ", "Record: Yes", "记录：是", "a\nb: c", strings.Repeat("a, ", 2000), strings.Repeat("<", 4000), strings.Repeat("é", 200)) {
		f.Add(text, text, text, "https://a.example/?q="+text, text, "stance per", byte(i), byte(3*i))
		f.Add("Peru", "Record: "+text+" https://a.example", "ES-11/1", "https://a.example", text, text, byte(i), byte(2*i))
	}
	languages := phrases.Languages()
	f.Fuzz(func(t *testing.T, heading, line, receipt, page, label, command string, language, times byte) {
		r := &bot.Reply{Language: languages[int(language)%len(languages)], Links: map[string]string{receipt: page}}
		r.Blocks = []bot.Block{bot.Heading{Text: heading}}
		choices := bot.Choices{Lead: label, Asks: times%2 == 1}
		for i := range int(times) {
			kind := bot.LineKind(i % 4)
			receipts := []string{receipt, fmt.Sprintf("ES-11/%d", i), receipt}
			r.Blocks = append(r.Blocks, bot.Line{Text: line, Receipts: receipts, Kind: kind, Who: heading}, bot.Row{Text: line, Receipts: receipts, Kind: kind, Who: heading})
			choices.Items = append(choices.Items, bot.Choice{Label: label, Command: command, Asks: []bot.Ask{{Label: line, Hint: label}}[:i%2]})
		}
		r.Blocks = append(r.Blocks, choices)
		r.About.Command, r.About.Dated, r.Receipts = command, command, []string{receipt}
		if times%3 == 0 && label != "" && command != "" {
			r.Page = &bot.Page{N: 2, Of: 3, Previous: &bot.Choice{Label: label, Command: command}, Next: &bot.Choice{Label: label, Command: "help"}}
		}
		m := slack.Render(r, slack.Place{Share: slack.Shareable(r)})
		if faults := append(limitFaults(t, m), liveFaults(m, page)...); len(faults) > 0 {
			t.Errorf("%d faults, such as %s", len(faults), strings.Join(faults[:min(len(faults), 5)], "\n"))
		}
	})
}

// liveFaults are what is live in a message and neither in bold as a whole or as a lead, nor a link to the page.
func liveFaults(m slack.Message, page string) []string {
	lines, faults := shownIn(m)
	headers := headersOf(m)
	for _, line := range lines {
		if headers[line] { // plain text
			continue
		}
		for _, live := range marks(line) {
			switch {
			case live.kind == "link" && live.target == address(page) && strings.HasPrefix(page, "http"):
			case live.kind == "bold" && live.at == 0 && own(line, live.text):
			default:
				faults = append(faults, fmt.Sprintf("%s %q in %q", live.kind, live.text, line))
			}
		}
	}
	for line := range strings.SplitSeq(m.Text, "\n") {
		for _, live := range marks(line) {
			faults = append(faults, fmt.Sprintf("%s %q in the text: %q", live.kind, live.text, line))
		}
	}
	return faults
}

// limits are how many characters Slack takes, at least and at most, by the key of the object and its own.
var limits = map[string][2]int{
	"header text": {1, 150}, "mrkdwn text": {1, 3000}, "button text": {1, 75}, "button value": {1, 2000}, "button action_id": {1, 255},
	"option text": {1, 75}, "option value": {1, 150}, "placeholder text": {1, 150}, "message text": {0, 4000},
}

// limitFaults are where a message, as it is sent, breaks Slack's limits.
func limitFaults(t *testing.T, m slack.Message) []string {
	t.Helper()
	raw, err := json.Marshal(m.Blocks)
	if err != nil {
		t.Fatal(err)
	}
	var blocks []wireBlock
	if err := json.Unmarshal(raw, &blocks); err != nil {
		t.Fatal(err)
	}
	var found []string
	hold := func(what, text string) {
		if n, limit := utf8.RuneCountInString(text), limits[what]; n < limit[0] || n > limit[1] {
			found = append(found, fmt.Sprintf("%s: %d characters", what, n))
		}
	}
	count := func(what string, n, most int) {
		if n < 1 || n > most {
			found = append(found, fmt.Sprintf("%d %s", n, what))
		}
	}
	hold("message text", m.Text)
	if len(blocks) > 0 {
		count("blocks", len(blocks), 50)
	}
	for _, b := range blocks {
		switch b.Type {
		case "header":
			hold("header text", b.Text.Text)
		case "section":
			hold("mrkdwn text", b.Text.Text)
		case "context":
			count("elements of a context", len(b.Elements), 10)
		case "actions":
			count("elements of actions", len(b.Elements), 25)
		}
		for _, e := range b.Elements {
			switch e.Type {
			case "mrkdwn":
				hold("mrkdwn text", e.text(t))
			case "button":
				hold("button text", e.text(t))
				hold("button value", e.Value)
				hold("button action_id", e.ActionID)
			case "overflow":
				count("options of an overflow", len(e.Options), 5)
			case "static_select":
				count("options of a list", len(e.Options), 100)
			default:
				found = append(found, "an element "+e.Type)
			}
			for _, o := range e.Options {
				hold("option text", o.Text.Text)
				hold("option value", o.Value)
			}
		}
	}
	return found
}

// A wireBlock is a block as it is sent.
type wireBlock struct {
	Type     string
	Text     struct{ Text string }
	Elements []wireElement
}

type wireElement struct {
	Type, Value string
	ActionID    string          `json:"action_id"`
	Text        json.RawMessage // a string of mrkdwn, an object of a button
	Options     []struct {
		Text  struct{ Text string }
		Value string
	}
}

func (e wireElement) text(t *testing.T) string {
	t.Helper()
	var object struct{ Text string }
	var text string
	if err := json.Unmarshal(e.Text, &text); err == nil {
		return text
	}
	if err := json.Unmarshal(e.Text, &object); err != nil {
		t.Fatal(err)
	}
	return object.Text
}

// What is no answer is not shared, and what is has its command on the button.
func TestShareButton(t *testing.T) {
	about := bot.About{Intent: knowledge.IntentStance, Command: "stance PER", Dated: "stance PER as of 2026-11-23"}
	r := &bot.Reply{Language: "en", Blocks: []bot.Block{bot.Line{Text: "Peru"}}, About: about}
	if slack.Shareable(r) != "" {
		t.Error("what rests on nothing can be shared")
	}
	r.Receipts = []string{"PER-01"}
	if got := controlsOf(slack.Render(r, slack.Place{Share: slack.Shareable(r)})); len(got) != 1 || got[0].value != "stance PER as of 2026-11-23" {
		t.Errorf("the buttons are %v", got)
	}
}
