package slacktest_test

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/slack-go/slack"
	"github.com/slack-go/slack/slackevents"

	"stancebot/adapters/slack/slacktest"
)

type answer struct {
	Text         string        `json:"text,omitempty"`
	ResponseType string        `json:"response_type,omitempty"`
	Blocks       []slack.Block `json:"blocks,omitempty"`
}

func TestCommand(t *testing.T) {
	t.Parallel()
	onBoth(t, slacktest.Options{}, func(t *testing.T, s *slacktest.Server, a *app) {
		a.command = func(c slack.SlashCommand) any {
			if c.Command != "/stance" || c.TeamID != "T1" || c.UserID != ana || c.UserName != "ana" || c.ChannelName != "news" || c.TriggerID == "" {
				t.Errorf("the command is %+v", c)
			}
			switch c.Text {
			case "":
				return nil
			case "share":
				return answer{Text: "Peru", ResponseType: "in_channel"}
			}
			return answer{Text: "Looking up " + c.Text, Blocks: []slack.Block{section("Looking up *" + c.Text + "*"), buttons("more")}}
		}
		r := must[slacktest.Receipt](t)(s.Command(t.Context(), slacktest.Command{Text: "peru", Channel: news, User: ana}))
		if !r.Acked || r.Message == nil || r.Message.Text != "Looking up peru" || r.Message.EphemeralTo != ana {
			t.Fatalf("the receipt is %+v", r)
		}
		if got := s.Ephemerals(news, ana); len(got) != 1 || len(got[0].Controls()) != 1 {
			t.Errorf("ana sees %+v", got)
		}
		if len(s.Ephemerals(news, luis))+len(s.Messages(news)) != 0 {
			t.Error("others see it too")
		}
		r = must[slacktest.Receipt](t)(s.Command(t.Context(), slacktest.Command{Text: "share", Channel: news, User: ana}))
		if got := s.Messages(news); r.Message == nil || len(got) != 1 || got[0].Text != "Peru" || got[0].TS != r.Message.TS {
			t.Errorf("all see %+v", got)
		}
		r = must[slacktest.Receipt](t)(s.Command(t.Context(), slacktest.Command{Channel: news, User: ana}))
		if r.Message != nil || !r.Acked {
			t.Errorf("an empty answer gives %+v", r)
		}
		noComplaints(t, s)
		if _, err := s.Command(t.Context(), slacktest.Command{Channel: "CNONE", User: ana}); err == nil {
			t.Error("a command in no channel")
		}
	})
}

func TestMentionAndThread(t *testing.T) {
	t.Parallel()
	onBoth(t, slacktest.Options{}, func(t *testing.T, s *slacktest.Server, a *app) {
		a.event = func(inner slackevents.EventsAPIInnerEvent, _ eventHead) bool {
			e := as[*slackevents.AppMentionEvent](inner.Data)
			thread := e.ThreadTimeStamp
			if thread == "" {
				thread = e.TimeStamp
			}
			_, _, err := a.api.PostMessageContext(t.Context(), e.Channel, slack.MsgOptionText("re: "+e.Text, false), slack.MsgOptionTS(thread),
				slack.MsgOptionMetadata(slack.SlackMetadata{EventType: "told", EventPayload: map[string]any{"id": "r1"}}))
			if err != nil {
				t.Error(err)
			}
			return true
		}
		r := must[slacktest.Receipt](t)(s.Mention(t.Context(), luis, news, "peru", ""))
		must[slacktest.Receipt](t)(s.Mention(t.Context(), luis, news, "and chile, <@UBOT>?", r.TS))
		if !r.Acked || r.Attempts != 1 {
			t.Errorf("the receipt is %+v", r)
		}
		replies, _, _, err := a.api.GetConversationRepliesContext(t.Context(),
			&slack.GetConversationRepliesParameters{ChannelID: news, Timestamp: r.TS, IncludeAllMetadata: true})
		if err != nil || len(replies) != 4 {
			t.Fatalf("the thread is %+v, %v", replies, err)
		}
		if replies[0].ReplyCount != 3 || replies[1].Text != "re: <@UBOT> peru" || replies[1].Metadata.EventPayload["id"] != "r1" {
			t.Errorf("the thread is %+v", replies)
		}
		history, err := a.api.GetConversationHistoryContext(t.Context(), &slack.GetConversationHistoryParameters{ChannelID: news})
		if err != nil || len(history.Messages) != 1 || history.Messages[0].Timestamp != r.TS {
			t.Errorf("the history is %+v, %v", history, err)
		}
		noComplaints(t, s)
	})
}

func TestDM(t *testing.T) {
	t.Parallel()
	onBoth(t, slacktest.Options{}, func(t *testing.T, s *slacktest.Server, a *app) {
		a.event = func(inner slackevents.EventsAPIInnerEvent, _ eventHead) bool {
			e := as[*slackevents.MessageEvent](inner.Data)
			if e.ChannelType != "im" || e.Text != "peru" || e.User != ana {
				t.Errorf("the event is %+v", e)
			}
			_, _, err := a.api.PostMessageContext(t.Context(), ana, slack.MsgOptionText("Peru", false))
			if err != nil {
				t.Error(err)
			}
			return true
		}
		must[slacktest.Receipt](t)(s.DM(t.Context(), ana, "peru", ""))
		im, _, _, err := a.api.OpenConversationContext(t.Context(), &slack.OpenConversationParameters{Users: []string{ana}})
		if err != nil {
			t.Fatal(err)
		}
		if got := s.Messages(im.ID); len(got) != 2 || got[1].Text != "Peru" {
			t.Errorf("the conversation is %+v", got)
		}
		noComplaints(t, s)
	})
}

func TestPress(t *testing.T) {
	t.Parallel()
	onBoth(t, slacktest.Options{}, func(t *testing.T, s *slacktest.Server, a *app) {
		var pressed []string
		a.interaction = func(c slack.InteractionCallback) any {
			act := c.ActionCallback.BlockActions[0]
			pressed = append(pressed, act.Value+act.SelectedOption.Value)
			if act.BlockID == "" || act.ActionID == "" || c.User.ID != luis || c.Container.ChannelID != news || c.TriggerID == "" {
				t.Errorf("the interaction is %+v", c)
			}
			if c.Container.IsEphemeral || c.Message.Timestamp != c.Container.MessageTs || len(c.Message.Blocks.BlockSet) == 0 {
				t.Errorf("the message is %+v", c.Message)
			}
			if _, _, _, err := a.api.UpdateMessageContext(t.Context(), news, c.Container.MessageTs, slack.MsgOptionText("done", false)); err != nil {
				t.Error(err)
			}
			return nil
		}
		plain := func(text string) *slack.TextBlockObject {
			return slack.NewTextBlockObject(slack.PlainTextType, text, false, false)
		}
		option := func(v string) *slack.OptionBlockObject { return slack.NewOptionBlockObject(v, plain(v), nil) }
		menu := slack.NewActionBlock("menus", slack.NewOverflowBlockElement("over", option("o1"), option("o2")),
			slack.NewOptionsSelectBlockElement(slack.OptTypeStatic, plain("which"), "sel", option("s1"), option("s2")))
		post := func() slacktest.Message {
			_, ts, err := a.api.PostMessageContext(t.Context(), news, slack.MsgOptionText("Peru", false),
				slack.MsgOptionBlocks(section("*Peru*"), buttons("why", "votes"), menu))
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range s.Messages(news) {
				if m.TS == ts {
					return m
				}
			}
			t.Fatal("not posted")
			return slacktest.Message{}
		}
		for _, control := range []string{"why", "press-votes", "o2", "s1"} {
			m := post()
			if r := must[slacktest.Receipt](t)(s.Press(t.Context(), luis, m, control)); !r.Acked {
				t.Errorf("%s gives %+v", control, r)
			}
		}
		if strings.Join(pressed, " ") != "why votes o2 s1" {
			t.Errorf("pressed were %v", pressed)
		}
		m := s.Messages(news)[0]
		if m.Text != "done" || m.Blocks != nil || len(m.Edits) != 1 || m.Edits[0].Text != "Peru" {
			t.Errorf("the message is now %+v", m)
		}
		if _, err := s.Press(t.Context(), luis, m, "why"); err == nil {
			t.Error("a button that is gone was pressed")
		}
		noComplaints(t, s)
	})
}

func TestPressEphemeral(t *testing.T) {
	t.Parallel()
	onBoth(t, slacktest.Options{}, func(t *testing.T, s *slacktest.Server, a *app) {
		a.command = func(slack.SlashCommand) any {
			return answer{Text: "Peru", Blocks: []slack.Block{section("*Peru*"), buttons("share")}}
		}
		a.interaction = func(c slack.InteractionCallback) any {
			if !c.Container.IsEphemeral || c.Message.Timestamp != "" || c.ResponseURL == "" {
				t.Errorf("the interaction is %+v", c)
			}
			respond := func(m *slack.WebhookMessage) {
				if err := slack.PostWebhookContext(t.Context(), c.ResponseURL, m); err != nil {
					t.Error(err)
				}
			}
			respond(&slack.WebhookMessage{Text: "Shared", ReplaceOriginal: true})
			respond(&slack.WebhookMessage{Text: "Peru", ResponseType: "in_channel"})
			respond(&slack.WebhookMessage{Text: "Only you"})
			respond(&slack.WebhookMessage{DeleteOriginal: true})
			return nil
		}
		r := must[slacktest.Receipt](t)(s.Command(t.Context(), slacktest.Command{Text: "peru", Channel: news, User: ana}))
		if _, _, _, err := a.api.UpdateMessageContext(t.Context(), news, r.Message.TS, slack.MsgOptionText("no", false)); err == nil || err.Error() != "message_not_found" {
			t.Errorf("an update of an ephemeral gives %v", err)
		}
		if _, err := s.Press(t.Context(), luis, *r.Message, "share"); err == nil {
			t.Error("luis pressed what only ana sees")
		}
		pressed := must[slacktest.Receipt](t)(s.Press(t.Context(), ana, *r.Message, "share"))
		own, all := s.Ephemerals(news, ana), s.Messages(news)
		if len(own) != 2 || own[0].Text != "Shared" || !own[0].Deleted || own[1].Text != "Only you" || len(all) != 1 || all[0].Text != "Peru" {
			t.Errorf("ana sees %+v, all see %+v", own, all)
		}
		noComplaints(t, s)
		last := &slack.WebhookMessage{Text: "again", ReplaceOriginal: false}
		if err := slack.PostWebhookContext(t.Context(), pressed.ResponseURL, last); err != nil {
			t.Error(err)
		}
		if err := slack.PostWebhookContext(t.Context(), pressed.ResponseURL, last); err == nil {
			t.Error("a sixth use was let pass")
		}
	})
}

func TestHomeAndModal(t *testing.T) {
	t.Parallel()
	onBoth(t, slacktest.Options{}, func(t *testing.T, s *slacktest.Server, a *app) {
		home := slack.HomeTabViewRequest{Type: slack.VTHomeTab, Blocks: slack.Blocks{BlockSet: []slack.Block{section("Hello"), buttons("settings")}}}
		a.event = func(inner slackevents.EventsAPIInnerEvent, _ eventHead) bool {
			e := as[*slackevents.AppHomeOpenedEvent](inner.Data)
			var hash *string
			if e.View != nil && e.View.Hash != "" {
				hash = &e.View.Hash
			}
			if _, err := a.api.PublishViewContext(t.Context(), slack.PublishViewContextRequest{UserID: e.User, View: home, Hash: hash}); err != nil {
				t.Error(err)
			}
			return true
		}
		a.interaction = func(c slack.InteractionCallback) any {
			if c.Type == slack.InteractionTypeViewSubmission {
				return slack.NewErrorsViewSubmissionResponse(map[string]string{"b": c.View.State.Values["b"]["a"].Value})
			}
			if c.Container.Type != "view" || c.View.ID == "" {
				t.Errorf("the interaction is %+v", c)
			}
			_, err := a.api.OpenViewContext(t.Context(), c.TriggerID, slack.ModalViewRequest{
				Type: slack.VTModal, Title: slack.NewTextBlockObject(slack.PlainTextType, "Settings", false, false), Blocks: home.Blocks,
			})
			if err != nil {
				t.Error(err)
			}
			return nil
		}
		for range 2 {
			must[slacktest.Receipt](t)(s.OpenHome(t.Context(), ana))
		}
		v, ok := s.Home(ana)
		if !ok || len(v.Controls()) != 1 {
			t.Fatalf("the home is %+v", v)
		}
		stale := "stale"
		_, err := a.api.PublishViewContext(t.Context(), slack.PublishViewContextRequest{UserID: ana, View: home, Hash: &stale})
		if err == nil || err.Error() != "hash_conflict" {
			t.Errorf("a stale hash gives %v", err)
		}
		r := must[slacktest.Receipt](t)(s.PressHome(t.Context(), ana, "settings"))
		if len(s.Modals()) != 1 {
			t.Fatal("no modal was opened")
		}
		if _, err = a.api.OpenViewContext(t.Context(), r.TriggerID, slack.ModalViewRequest{Type: slack.VTModal}); err == nil || err.Error() != "exchanged_trigger_id" {
			t.Errorf("a used trigger gives %v", err)
		}
		r = must[slacktest.Receipt](t)(s.Submit(t.Context(), s.Modals()[0],
			map[string]map[string]any{"b": {"a": map[string]any{"type": "plain_text_input", "value": "wrong"}}}))
		if !strings.Contains(string(r.Body), `"b":"wrong"`) {
			t.Errorf("the submission gives %s", r.Body)
		}
		noComplaints(t, s)
	})
}

func TestShortcut(t *testing.T) {
	t.Parallel()
	onBoth(t, slacktest.Options{}, func(t *testing.T, s *slacktest.Server, a *app) {
		must[slacktest.Receipt](t)(s.Mention(t.Context(), luis, news, "peru voted no", ""))
		a.interaction = func(c slack.InteractionCallback) any {
			if c.Type != slack.InteractionTypeMessageAction || c.CallbackID != "check" || c.Message.Text != "<@UBOT> peru voted no" || c.Channel.ID != news {
				t.Errorf("the interaction is %+v", c)
			}
			if err := slack.PostWebhookContext(t.Context(), c.ResponseURL, &slack.WebhookMessage{Text: "It did", ThreadTimestamp: c.MessageTs}); err != nil {
				t.Error(err)
			}
			return nil
		}
		must[slacktest.Receipt](t)(s.Shortcut(t.Context(), ana, "check", s.Messages(news)[0]))
		if got := s.Ephemerals(news, ana); len(got) != 1 || got[0].ThreadTS != s.Messages(news)[0].TS {
			t.Errorf("ana sees %+v", got)
		}
		noComplaints(t, s)
	})
}

func TestShareLink(t *testing.T) {
	t.Parallel()
	const link = "https://desk.example/e/PER-05"
	onBoth(t, slacktest.Options{}, func(t *testing.T, s *slacktest.Server, a *app) {
		a.event = func(inner slackevents.EventsAPIInnerEvent, _ eventHead) bool {
			e := as[*slackevents.LinkSharedEvent](inner.Data)
			if len(e.Links) != 1 || e.Links[0].Domain != "desk.example" {
				t.Errorf("the event is %+v", e)
			}
			preview := map[string]slack.Attachment{e.Links[0].URL: {Blocks: slack.Blocks{BlockSet: []slack.Block{section("Peru")}}}}
			if _, _, _, err := a.api.UnfurlMessageContext(t.Context(), e.Channel, e.MessageTimeStamp, preview); err != nil {
				t.Error(err)
			}
			_, _, _, err := a.api.UnfurlMessageByIDContext(t.Context(), e.Channel+"."+e.MessageTimeStamp, "conversations_history", map[string]slack.Attachment{"https://else.example": {}})
			if err == nil || err.Error() != "cannot_unfurl_url" {
				t.Errorf("a link that nobody shared gives %v", err)
			}
			return true
		}
		must[slacktest.Receipt](t)(s.ShareLink(t.Context(), ana, news, link))
		if got := s.Unfurls(); len(got) != 1 || got[0].URL != link || got[0].TS != s.Messages(news)[0].TS {
			t.Errorf("the previews are %+v", got)
		}
		noComplaints(t, s)
	})
}

func TestRedelivery(t *testing.T) {
	t.Parallel()
	onBoth(t, slacktest.Options{AckTimeout: 200e6}, func(t *testing.T, s *slacktest.Server, a *app) {
		var heads []eventHead
		a.event = func(_ slackevents.EventsAPIInnerEvent, h eventHead) bool {
			heads = append(heads, h)
			return false
		}
		r := must[slacktest.Receipt](t)(s.Mention(t.Context(), ana, "CEXT", "peru", ""))
		if r.Acked || r.Reason == "" {
			t.Errorf("the receipt is %+v", r)
		}
		for n := 2; n <= 4; n++ {
			if again := s.Redeliver(t.Context()); len(again) != 1 || again[0].Attempts != n || again[0].ID != r.ID {
				t.Fatalf("delivery %d gives %+v", n, again)
			}
		}
		if again := s.Redeliver(t.Context()); len(again) != 0 {
			t.Errorf("a fifth delivery: %+v", again)
		}
		a.mu.Lock()
		defer a.mu.Unlock()
		for i, h := range heads {
			if h.ID != r.ID || !h.External || h.Retry != i || (h.Reason == "") != (i == 0) {
				t.Errorf("delivery %d had %+v", i, h)
			}
		}
		if len(heads) != 4 {
			t.Errorf("%d deliveries", len(heads))
		}
	})
}

func TestRedeliveryAtOnce(t *testing.T) {
	t.Parallel()
	onBoth(t, slacktest.Options{AckTimeout: 200e6, Retry: true}, func(t *testing.T, s *slacktest.Server, a *app) {
		a.event = func(_ slackevents.EventsAPIInnerEvent, h eventHead) bool { return h.Retry == 2 }
		if r := must[slacktest.Receipt](t)(s.Mention(t.Context(), ana, news, "peru", "")); !r.Acked || r.Attempts != 3 {
			t.Errorf("the receipt is %+v", r)
		}
	})
}

func TestStrangeEvents(t *testing.T) {
	t.Parallel()
	onBoth(t, slacktest.Options{}, func(t *testing.T, s *slacktest.Server, _ *app) {
		for _, inner := range []any{
			map[string]any{"type": "of_tomorrow"},
			"no object",
			map[string]any{"type": "message", "text": 7},
			map[string]any{"type": "app_mention", "channel": news, "ts": "1.000001", "user": ana, "text": "<@UBOT> hi"},
		} {
			if r := must[slacktest.Receipt](t)(s.Event(t.Context(), slacktest.Event{Inner: inner, ID: "EvX", Retry: 1, Reason: "http_error"})); !r.Acked || r.ID != "EvX" {
				t.Errorf("%v gives %+v", inner, r)
			}
		}
		if got := s.Messages(news); len(got) != 1 || got[0].TS != "1.000001" {
			t.Errorf("the channel holds %+v", got)
		}
	})
}

func TestSignatures(t *testing.T) {
	t.Parallel()
	onBoth(t, slacktest.Options{}, func(t *testing.T, s *slacktest.Server, _ *app) {
		r, err := s.Raw(t.Context(), slacktest.Raw{Body: []byte(`{"type":`)})
		if strings.HasSuffix(t.Name(), "socket") {
			if err == nil {
				t.Error("a raw request without HTTP")
			}
			return
		}
		if err != nil || r.Status != http.StatusOK {
			t.Errorf("broken JSON gives %+v, %v", r, err)
		}
		for name, raw := range map[string]slacktest.Raw{
			"wrong secret": {Secret: "another"},
			"old":          {Age: 6 * 60 * 1e9},
			"unsigned":     {Header: http.Header{"X-Slack-Signature": nil}},
		} {
			if r := must[slacktest.Receipt](t)(s.Raw(t.Context(), raw)); r.Status != http.StatusUnauthorized {
				t.Errorf("%s gives %+v", name, r)
			}
		}
		if err := s.VerifyURL(t.Context()); err != nil {
			t.Error(err)
		}
	})
}

func TestSlowApp(t *testing.T) {
	t.Parallel()
	s, _ := newWorkspace(t, slacktest.Options{AckTimeout: 100 * time.Millisecond})
	release := make(chan bool)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.Header.Get("X-Slack-Retry-Num") {
		case "":
			<-release
		case "1":
			http.Redirect(w, r, "/elsewhere", http.StatusFound)
		default:
			w.Header().Set("X-Slack-No-Retry", "1")
			w.WriteHeader(http.StatusInternalServerError)
		}
	}))
	defer server.Close()
	defer close(release)
	s.UseHTTP(server.URL + "/")
	if r := must[slacktest.Receipt](t)(s.Mention(t.Context(), ana, news, "peru", "")); r.Acked || r.Reason != "http_timeout" || !complained(s, "within 3 s") {
		t.Errorf("the receipt is %+v", r)
	}
	for _, status := range []int{http.StatusFound, http.StatusInternalServerError} {
		if r := s.Redeliver(t.Context()); len(r) != 1 || r[0].Acked || r[0].Status != status || r[0].Reason != "http_error" {
			t.Errorf("the receipts are %+v", r)
		}
	}
	if r := s.Redeliver(t.Context()); len(r) != 0 {
		t.Errorf("delivered although the app said no: %+v", r)
	}
	s.UseHTTP("http://127.0.0.1:1")
	if r := must[slacktest.Receipt](t)(s.DM(t.Context(), ana, "peru", "")); r.Reason != "connection_failed" {
		t.Errorf("the receipt is %+v", r)
	}
	s.UseSocket()
	if r := must[slacktest.Receipt](t)(s.Command(t.Context(), slacktest.Command{Channel: news, User: ana})); r.Reason != "dispatch_failed" {
		t.Errorf("the receipt is %+v", r)
	}
}

func TestEchoes(t *testing.T) {
	t.Parallel()
	onBoth(t, slacktest.Options{}, func(t *testing.T, s *slacktest.Server, a *app) {
		var got []string
		a.event = func(inner slackevents.EventsAPIInnerEvent, _ eventHead) bool {
			e := as[*slackevents.MessageEvent](inner.Data)
			got = append(got, strings.TrimSpace(e.SubType+" "+e.Text+" "+e.BotID+" "+e.ChannelType))
			return true
		}
		if _, err := post(t, a, news, "Peru"); err != nil {
			t.Fatal(err)
		}
		echo := func() {
			t.Helper()
			must[slacktest.Receipt](t)(s.Echo(t.Context(), s.Messages(news)[0]))
		}
		echo()
		ts := s.Messages(news)[0].TS
		if _, _, _, err := a.api.UpdateMessageContext(t.Context(), news, ts, slack.MsgOptionText("Chile", false)); err != nil {
			t.Fatal(err)
		}
		echo()
		if _, _, err := a.api.DeleteMessageContext(t.Context(), news, ts); err != nil {
			t.Fatal(err)
		}
		echo()
		if len(got) != 3 || got[0] != "Peru B1 channel" || !strings.HasPrefix(got[1], "message_changed") || !strings.HasPrefix(got[2], "message_deleted") {
			t.Errorf("the app heard %q", got)
		}
	})
}

// What an app does after its acknowledgement can be waited for.
func TestAwait(t *testing.T) {
	t.Parallel()
	onBoth(t, slacktest.Options{}, func(t *testing.T, s *slacktest.Server, a *app) {
		a.command = func(c slack.SlashCommand) any {
			go func() {
				_ = slack.PostWebhookContext(context.WithoutCancel(t.Context()), c.ResponseURL, &slack.WebhookMessage{Text: "later"})
			}()
			return nil
		}
		must[slacktest.Receipt](t)(s.Command(t.Context(), slacktest.Command{Channel: news, User: ana}))
		if err := s.Await(t.Context(), func() bool { return len(s.Ephemerals(news, ana)) == 1 }); err != nil {
			t.Error(err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
		defer cancel()
		if err := s.Await(ctx, func() bool { return false }); err == nil {
			t.Error("what never holds was awaited")
		}
	})
}

func TestOtherWorkspace(t *testing.T) {
	t.Parallel()
	s, _ := newWorkspace(t, slacktest.Options{})
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		if e, err := slackevents.ParseEvent(body, slackevents.OptionNoVerifyToken()); err != nil || e.TeamID != "T2" || e.EnterpriseID != "E1" {
			t.Errorf("the event is %+v, %v", e, err)
		}
	}))
	defer server.Close()
	s.UseHTTP(server.URL)
	must[slacktest.Receipt](t)(s.Event(t.Context(), slacktest.Event{
		Inner: map[string]any{"type": "app_uninstalled"}, Outer: map[string]any{"team_id": "T2", "enterprise_id": "E1"},
	}))
}

// What Slack would not show is no message, and a complaint.
func TestAnswersThatAreRefused(t *testing.T) {
	t.Parallel()
	onBoth(t, slacktest.Options{}, func(t *testing.T, s *slacktest.Server, a *app) {
		for n, bad := range []struct {
			of     string
			answer any
		}{
			{"invalid_blocks", answer{Text: "x", Blocks: []slack.Block{section("")}}},
			{"json_not_object", []int{1}},
			{"whole channel", answer{Text: "<!everyone>"}},
		} {
			a.command = func(slack.SlashCommand) any { return bad.answer }
			r := must[slacktest.Receipt](t)(s.Command(t.Context(), slacktest.Command{Channel: news, User: ana}))
			if got := s.Complaints(); (r.Message == nil) != (n < 2) || len(got) != n+1 || !strings.Contains(got[n], bad.of) {
				t.Errorf("%s gives %+v, the complaints %q", bad.of, r, got)
			}
		}
		a.interaction = func(slack.InteractionCallback) any { return answer{Text: "into the void"} }
		must[slacktest.Receipt](t)(s.Shortcut(t.Context(), ana, "check", said(t, s)))
		if !complained(s, "which Slack ignores") {
			t.Errorf("the complaints are %q", s.Complaints())
		}
	})
}

// said makes a message of a person's.
func said(t *testing.T, s *slacktest.Server) slacktest.Message {
	t.Helper()
	must[slacktest.Receipt](t)(s.Mention(t.Context(), luis, news, "hi", ""))
	return s.Messages(news)[len(s.Messages(news))-1]
}

func TestCarelessResponses(t *testing.T) {
	t.Parallel()
	onBoth(t, slacktest.Options{}, func(t *testing.T, s *slacktest.Server, a *app) {
		respond := func(url, body string) int {
			t.Helper()
			req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url, strings.NewReader(body))
			if err != nil {
				t.Fatal(err)
			}
			req.Header.Set("Content-Type", "application/json")
			resp, err := http.DefaultClient.Do(req)
			if err != nil {
				t.Fatal(err)
			}
			_ = resp.Body.Close()
			return resp.StatusCode
		}
		r := must[slacktest.Receipt](t)(s.Command(t.Context(), slacktest.Command{Channel: news, User: ana}))
		for body, status := range map[string]int{
			`{"text":"a","replace_original":true}`: http.StatusOK,
			`{"delete_original":"true"}`:           http.StatusOK,
			`{"text":`:                             http.StatusBadRequest,
			`{"text":"b","response_type":"in_channel","metadata":{"event_type":"","event_payload":null}}`: http.StatusOK,
		} {
			if got := respond(r.ResponseURL, body); got != status {
				t.Errorf("%s gives %d", body, got)
			}
		}
		if len(s.Ephemerals(news, ana)) != 1 || len(s.Messages(news)) != 1 || !complained(s, "replace_original where") || !complained(s, "delete_original where") {
			t.Errorf("the complaints are %q", s.Complaints())
		}
		if _, _, err := a.api.PostMessageContext(t.Context(), news, slack.MsgOptionText("Peru", false), slack.MsgOptionBlocks(buttons("v"))); err != nil {
			t.Fatal(err)
		}
		r = must[slacktest.Receipt](t)(s.Press(t.Context(), ana, s.Messages(news)[1], "v"))
		respond(r.ResponseURL, `{"text":"new"}`)
		if got := s.Messages(news)[1]; got.Text != "new" || !complained(s, "does not say whether") {
			t.Errorf("the message is %+v", got)
		}
	})
}
