package slacktest_test

import (
	"errors"
	"fmt"
	"net/url"
	"strings"
	"testing"

	"github.com/slack-go/slack"

	"stancebot/adapters/slack/slacktest"
)

// repeat writes a JSON list of so many elements; %d in one is its number.
func repeat(n int, element string) string {
	list := make([]string, n)
	for i := range list {
		list[i] = strings.ReplaceAll(element, "%d", fmt.Sprint(i))
	}
	return "[" + strings.Join(list, ",") + "]"
}

func plainText(n int) string {
	return `{"type":"plain_text","text":"` + strings.Repeat("é", n) + `"}`
}

func mrkdwn(n int) string { return `{"type":"mrkdwn","text":"` + strings.Repeat("é", n) + `"}` }

func actions(elements string) string { return `[{"type":"actions","elements":` + elements + `}]` }

func button(text, more string) string { return `[{"type":"button","text":` + text + more + `}]` }

const option = `{"text":{"type":"plain_text","text":"o"},"value":"v%d"}`

// Each limit is let pass where it is reached and refused one beyond.
func TestLimitsOfBlocks(t *testing.T) {
	t.Parallel()
	s, a := newWorkspace(t, slacktest.Options{})
	sectionOf := func(n int) string { return `[{"type":"section","text":` + mrkdwn(n) + `}]` }
	for name, c := range map[string]struct{ good, bad, message string }{
		"blocks":          {repeat(50, `{"type":"divider"}`), repeat(51, `{"type":"divider"}`), "no more than 50 items"},
		"section":         {sectionOf(3000), sectionOf(3001), "less than 3001 characters [json-pointer:/blocks/0/text/text]"},
		"empty section":   {sectionOf(1), sectionOf(0), "more than 0 characters"},
		"hollow section":  {sectionOf(1), `[{"type":"section"}]`, "text or fields"},
		"fields":          {`[{"type":"section","fields":` + repeat(10, mrkdwn(2000)) + `}]`, `[{"type":"section","fields":` + repeat(11, mrkdwn(2)) + `}]`, "no more than 10"},
		"field":           {`[{"type":"section","fields":[` + mrkdwn(2000) + `]}]`, `[{"type":"section","fields":[` + mrkdwn(2001) + `]}]`, "less than 2001"},
		"header":          {`[{"type":"header","text":` + plainText(150) + `}]`, `[{"type":"header","text":` + plainText(151) + `}]`, "less than 151"},
		"header type":     {`[{"type":"header","text":` + plainText(1) + `}]`, `[{"type":"header","text":` + mrkdwn(1) + `}]`, "plain_text"},
		"context":         {`[{"type":"context","elements":` + repeat(10, mrkdwn(1)) + `}]`, `[{"type":"context","elements":` + repeat(11, mrkdwn(1)) + `}]`, "no more than 10"},
		"actions":         {actions(repeat(25, `{"type":"button","text":`+plainText(1)+`}`)), actions(repeat(26, `{"type":"button","text":`+plainText(1)+`}`)), "no more than 25"},
		"button":          {actions(button(plainText(75), "")), actions(button(plainText(76), "")), "less than 76"},
		"value":           {actions(button(plainText(1), `,"value":"`+strings.Repeat("v", 2000)+`"`)), actions(button(plainText(1), `,"value":"`+strings.Repeat("v", 2001)+`"`)), "less than 2001"},
		"style":           {actions(button(plainText(1), `,"style":"danger"`)), actions(button(plainText(1), `,"style":"loud"`)), "one of"},
		"emoji":           {`[{"type":"header","text":{"type":"plain_text","text":"a","emoji":true}}]`, `[{"type":"section","text":{"type":"mrkdwn","text":"a","emoji":true}}]`, "invalid additional property: emoji"},
		"overflow":        {actions(`[{"type":"overflow","options":` + repeat(5, option) + `}]`), actions(`[{"type":"overflow","options":` + repeat(6, option) + `}]`), "no more than 5"},
		"select":          {actions(`[{"type":"static_select","options":` + repeat(100, option) + `}]`), actions(`[{"type":"static_select","options":` + repeat(101, option) + `}]`), "no more than 100"},
		"empty select":    {actions(`[{"type":"static_select","options":` + repeat(1, option) + `}]`), actions(`[{"type":"static_select","options":[]}]`), "no fewer than 1"},
		"option":          {actions(`[{"type":"overflow","options":[{"text":` + plainText(75) + `,"value":"v"}]}]`), actions(`[{"type":"overflow","options":[{"text":` + plainText(76) + `,"value":"v"}]}]`), "less than 76"},
		"confirm":         {actions(button(plainText(1), `,"confirm":{"title":`+plainText(100)+`,"text":`+mrkdwn(300)+`,"confirm":`+plainText(30)+`,"deny":`+plainText(30)+`}`)), actions(button(plainText(1), `,"confirm":{"title":`+plainText(100)+`}`)), "missing required field"},
		"action_id":       {`[{"type":"actions","elements":` + button(plainText(1), `,"action_id":"x"`) + `},{"type":"actions","elements":` + button(plainText(1), `,"action_id":"x"`) + `}]`, actions(repeat(2, `{"type":"button","text":`+plainText(1)+`,"action_id":"x"}`)), "already exists"},
		"block_id":        {repeat(2, `{"type":"divider","block_id":"b%d"}`), repeat(2, `{"type":"divider","block_id":"b"}`), "already exists"},
		"long block_id":   {`[{"type":"divider","block_id":"` + strings.Repeat("b", 255) + `"}]`, `[{"type":"divider","block_id":"` + strings.Repeat("b", 256) + `"}]`, "less than 256"},
		"alt_text":        {`[{"type":"image","image_url":"https://a","alt_text":"a"}]`, `[{"type":"image","image_url":"https://a"}]`, "missing required field: alt_text"},
		"picture":         {`[{"type":"image","image_url":"https://a","alt_text":"a"}]`, `[{"type":"image","alt_text":"a"}]`, "either image_url or slack_file"},
		"markdown":        {repeat(2, `{"type":"markdown","text":"`+strings.Repeat("m", 6000)+`"}`), repeat(2, `{"type":"markdown","text":"`+strings.Repeat("m", 6001)+`"}`), "12001"},
		"tables":          {`[{"type":"table","rows":[[{"type":"raw_text","text":"a"}]]}]`, repeat(2, `{"type":"table","rows":[[{"type":"raw_text","text":"a"}]]}`), "only one table"},
		"type":            {`[{"type":"divider"}]`, `[{"type":"card"}]`, "unsupported type: card"},
		"stray property":  {`[{"type":"divider"}]`, `[{"type":"divider","text":"x"}]`, "invalid additional property: text"},
		"element in text": {`[{"type":"divider"}]`, `[{"type":"section","text":"x"}]`, "must be an object"},
	} {
		for kind, blocks := range map[string]string{"good": c.good, "bad": c.bad} {
			_, _, err := a.api.PostMessageContext(t.Context(), news, slack.MsgOptionText("x", false), rawBlocks(s, blocks))
			var refusal slack.SlackErrorResponse
			switch {
			case kind == "good" && err != nil:
				t.Errorf("%s: %v %v", name, err, errors.As(err, &refusal) && refusal.Err != "")
			case kind == "bad" && (!errors.As(err, &refusal) || refusal.Err != "invalid_blocks" || !strings.Contains(strings.Join(refusal.ResponseMetadata.Messages, "\n"), c.message)):
				t.Errorf("%s: refused with %#v", name, err)
			}
		}
	}
}

// rawBlocks sends JSON as it is, which slack-go would mend.
func rawBlocks(s *slacktest.Server, blocks string) slack.MsgOption {
	return slack.UnsafeMsgOptionEndpoint(s.APIURL()+"chat.postMessage", func(v url.Values) { v.Set("blocks", blocks) })
}

func TestViews(t *testing.T) {
	t.Parallel()
	s, a := newWorkspace(t, slacktest.Options{})
	publish := func(kind slack.ViewType, blocks ...slack.Block) error {
		_, err := a.api.PublishViewContext(t.Context(), slack.PublishViewContextRequest{
			UserID: ana, View: slack.HomeTabViewRequest{Type: kind, Blocks: slack.Blocks{BlockSet: blocks}},
		})
		return err
	}
	many := make([]slack.Block, 101)
	for i := range many {
		many[i] = slack.NewDividerBlock()
	}
	if err := publish(slack.VTHomeTab, many[:100]...); err != nil {
		t.Error(err)
	}
	refused(t, publish(slack.VTHomeTab, many...), "invalid_arguments")
	refused(t, publish(slack.VTModal, many[:1]...), "invalid_arguments")
	refused(t, publish(slack.VTHomeTab, slack.NewMarkdownBlock("", "no surface for it")), "invalid_arguments")
	if err := publish(slack.VTHomeTab, section("<!here>")); err != nil || !complained(s, "whole channel") {
		t.Errorf("the complaints are %q, %v", s.Complaints(), err)
	}
	r := must[slacktest.Receipt](t)(s.Command(t.Context(), slacktest.Command{Channel: news, User: ana, TriggerID: "mine"}))
	input := slack.NewInputBlock("", slack.NewTextBlockObject(slack.PlainTextType, "Why", false, false), nil, slack.NewPlainTextInputBlockElement(nil, "why"))
	modal := slack.ModalViewRequest{Type: slack.VTModal, Blocks: slack.Blocks{BlockSet: []slack.Block{input}}}
	modal.Title = slack.NewTextBlockObject(slack.PlainTextType, strings.Repeat("t", 25), false, false)
	_, err := a.api.OpenViewContext(t.Context(), r.TriggerID, modal)
	var refusal slack.SlackErrorResponse
	if !errors.As(err, &refusal) || len(refusal.ResponseMetadata.Messages) != 2 {
		t.Errorf("a long title and no button give %#v", err)
	}
	_, err = a.api.OpenViewContext(t.Context(), "another", modal)
	refused(t, err, "invalid_trigger_id")
}

func TestAttachments(t *testing.T) {
	t.Parallel()
	s, a := newWorkspace(t, slacktest.Options{})
	attach := func(blocks ...slack.Block) error {
		_, _, err := a.api.PostMessageContext(t.Context(), news, slack.MsgOptionAttachments(slack.Attachment{Blocks: slack.Blocks{BlockSet: blocks}}))
		return err
	}
	if err := attach(section("Peru")); err != nil || len(s.Messages(news)) != 1 {
		t.Error(err)
	}
	refused(t, attach(section("")), "invalid_blocks")
}
