package slack_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	api "github.com/slack-go/slack"

	"stancebot/adapters/adaptertest"
	"stancebot/adapters/slack"
	"stancebot/bot"
	"stancebot/bot/bottest"
)

// A preview shows what is sent, line by line, and offers the same commands; nothing typed or stored is more than text in it.
func TestPreviewShowsWhatIsSent(t *testing.T) {
	d := bottest.NewRecordingDesk(t, hostile())
	n := 0
	for name, r := range d.EveryReply(t, hostile()) {
		page, err := slack.Preview(&slack.Shown{Name: "stancebot", Time: "09:12", Language: "en", Team: "T1", Reply: r, Share: true})
		if err != nil {
			t.Fatal(err)
		}
		read := adaptertest.ReadPreview(string(page))
		for _, fault := range read.Faults {
			t.Errorf("%s: %s", name, fault)
		}
		m := slack.Render(slack.WithSlackHelp(r), slack.Place{Team: "T1", Share: slack.Shareable(r)})
		lines, _ := shownIn(m)
		shown := seen(read.Text)
		for _, line := range lines {
			at := strings.Index(shown, seen(said(line)))
			if at < 0 {
				t.Errorf("%s: it does not show, or not in its turn, %q", name, line)
				continue
			}
			shown = shown[at+len(seen(said(line))):]
		}
		if want := pressable(m); !slices.Equal(read.Presses, want) {
			t.Errorf("%s: it offers %q, and what is sent %q", name, read.Presses, want)
		}
		n++
	}
	t.Logf("%d replies", n)
}

// seen makes what both judges read comparable. No page holds the sign zero: it is shown as another.
func seen(text string) string { return strings.ReplaceAll(alike(text), "\x00", "") }

// pressable are the commands of a message, in their order.
func pressable(m slack.Message) []string {
	var list []string
	for _, blk := range m.Blocks {
		actions, ok := blk.(*api.ActionBlock)
		if !ok {
			continue
		}
		for _, e := range actions.Elements.ElementSet {
			var options []*api.OptionBlockObject
			switch e := e.(type) {
			case *api.ButtonBlockElement:
				var form struct {
					C string `json:"c"`
				}
				if json.Unmarshal([]byte(e.Value), &form) == nil {
					list = append(list, form.C)
				} else {
					list = append(list, e.Value)
				}
			case *api.OverflowBlockElement:
				options = e.Options
			case *api.SelectBlockElement:
				options = e.Options
			}
			for _, o := range options {
				list = append(list, o.Value)
			}
		}
	}
	return list
}

// What Slack writes around a message is there: who alone sees it, that it was edited, who had it shared; and a person by their name.
func TestPreviewWritesWhatSlackDoes(t *testing.T) {
	call := func(account string) string {
		if account == "slack:T1:U2" {
			return "Ana <b>"
		}
		return ""
	}
	r := &bot.Reply{Language: "en", Blocks: []bot.Block{bot.Line{Text: "Decided by", Kind: bot.OurOwn, Who: "slack:T1:U2"}}}
	page, err := slack.Preview(&slack.Shown{
		Name: "stancebot", Time: "09:12", Language: "es", Team: "T1", Reply: r, Private: true, Edited: true, Repeated: true, SharedBy: "U2", Call: call,
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"Solo tú puedes ver esto", "(editado)", "@Ana &lt;b&gt;", "Shared by", "Possibly repeated", `lang="en"`} {
		if !strings.Contains(string(page), want) {
			t.Errorf("it does not show %q:\n%s", want, page)
		}
	}
	typed, err := slack.Preview(&slack.Shown{Name: "<i>", Time: "09:12", Language: "en", Typed: "<script>alert(1)</script> *x* &amp;"})
	if err != nil {
		t.Fatal(err)
	}
	read := adaptertest.ReadPreview(string(typed))
	if len(read.Faults) > 0 || !strings.Contains(alike(read.Text), alike("<script>alert(1)</script> ∗x∗ &amp;")) {
		t.Errorf("what a person typed is shown as %q: %q", read.Text, read.Faults)
	}
}
