package slacktest_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/slack-go/slack"

	"stancebot/adapters/slack/slacktest"
)

func post(t *testing.T, a *app, channel, text string) (string, error) {
	t.Helper()
	_, ts, err := a.api.PostMessageContext(t.Context(), channel, slack.MsgOptionText(text, false))
	return ts, err
}

// refused fails the test unless Slack refused a call with that code.
func refused(t *testing.T, err error, code string) {
	t.Helper()
	if err == nil || err.Error() != code {
		t.Errorf("got %v, want %s", err, code)
	}
}

func TestRefusals(t *testing.T) {
	t.Parallel()
	s, a := newWorkspace(t, slacktest.Options{})
	ctx := t.Context()
	for channel, code := range map[string]string{
		"CNONE": "channel_not_found", private: "channel_not_found", "COLD": "is_archived", "CELSE": "not_in_channel",
	} {
		_, err := post(t, a, channel, "hi")
		refused(t, err, code)
	}
	_, err := a.api.PostEphemeralContext(ctx, "CEXT", ana, slack.MsgOptionText("hi", false))
	refused(t, err, "user_not_in_channel")
	_, err = a.api.PostEphemeralContext(ctx, "CEXT", luis, slack.MsgOptionText("hi", false))
	if err != nil || len(s.Ephemerals("CEXT", luis)) != 1 {
		t.Errorf("the ephemeral gives %v", err)
	}
	_, err = a.api.GetUserInfoContext(ctx, "UNONE")
	refused(t, err, "user_not_found")
	_, err = a.api.GetPermalinkContext(ctx, &slack.PermalinkParameters{Channel: news, Ts: "1.1"})
	refused(t, err, "message_not_found")
	must[slacktest.Receipt](t)(s.Mention(ctx, ana, news, "hi", "")) // no socket is open
	_, _, _, err = a.api.UpdateMessageContext(ctx, news, s.Messages(news)[0].TS, slack.MsgOptionText("mine", false))
	refused(t, err, "cant_update_message")
	_, _, err = a.api.DeleteMessageContext(ctx, news, s.Messages(news)[0].TS)
	refused(t, err, "cant_delete_message")
	_, err = post(t, a, news, "")
	refused(t, err, "no_text")
	_, err = post(t, a, news, strings.Repeat("é", 40_001))
	refused(t, err, "msg_too_long")
	if got := len(s.Complaints()); got != 4 {
		t.Errorf("%d complaints: %q", got, s.Complaints())
	}
}

func TestTokensAndScopes(t *testing.T) {
	t.Parallel()
	s, a := newWorkspace(t, slacktest.Options{Scopes: []string{"commands", "channels:read"}})
	ctx := t.Context()
	test, err := a.api.AuthTestContext(ctx)
	if err != nil || test.UserID != "UBOT" || test.BotID != "B1" || test.TeamID != "T1" || test.Header.Get("X-Oauth-Scopes") != "commands,channels:read" {
		t.Errorf("auth.test gives %+v, %v", test, err)
	}
	_, err = post(t, a, news, "hi")
	var refusal slack.SlackErrorResponse
	if !errors.As(err, &refusal) || refusal.Err != "missing_scope" || refusal.Needed != "chat:write" || refusal.Provided != "commands,channels:read" {
		t.Errorf("without the scope: %#v", err)
	}
	if _, err := a.api.GetConversationInfoContext(ctx, &slack.GetConversationInfoInput{ChannelID: news}); err != nil {
		t.Error(err)
	}
	_, err = a.api.GetConversationInfoContext(ctx, &slack.GetConversationInfoInput{ChannelID: private})
	refused(t, err, "missing_scope")
	for token, code := range map[string]string{"": "not_authed", "xoxb-wrong": "invalid_auth", s.Options.AppToken: "not_allowed_token_type"} {
		_, err = slack.New(token, slack.OptionAPIURL(s.APIURL())).AuthTestContext(ctx)
		refused(t, err, code)
	}
	for token, code := range map[string]string{"xapp-wrong": "invalid_auth", s.Options.BotToken: "not_allowed_token_type"} {
		_, _, err = slack.New("", slack.OptionAPIURL(s.APIURL()), slack.OptionAppLevelToken(token)).StartSocketModeContext(ctx)
		refused(t, err, code)
	}
	if got := call(t, s, "apps.connections.open", "application/x-www-form-urlencoded", "token="+s.Options.AppToken); !strings.Contains(got, "not_authed") {
		t.Errorf("an app token as a parameter gives %s", got)
	}
	if got := call(t, s, "chat.postNothing", "application/json", "{}"); !strings.Contains(got, "unknown_method") {
		t.Errorf("an unknown method gives %s", got)
	}
}

// call posts a body without a token in the header.
func call(t *testing.T, s *slacktest.Server, method, media, body string) string {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.APIURL()+method, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", media)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	got, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(got)
}

func TestPeopleAndChannels(t *testing.T) {
	t.Parallel()
	_, a := newWorkspace(t, slacktest.Options{})
	ctx := t.Context()
	u, err := a.api.GetUserInfoContext(ctx, ana)
	if err != nil || u.Name != "ana" || u.TZ != "America/Lima" || u.TZOffset != -5*3600 || u.Locale != "es-ES" {
		t.Errorf("ana is %+v, %v", u, err)
	}
	c, err := a.api.GetConversationInfoContext(ctx, &slack.GetConversationInfoInput{ChannelID: "CEXT"})
	if err != nil || !c.IsExtShared || !c.IsMember || c.Name != "ext" {
		t.Errorf("the channel is %+v, %v", c, err)
	}
	b, err := a.api.GetBotInfoContext(ctx, slack.GetBotInfoParameters{Bot: "B1"})
	if err != nil || b.UserID != "UBOT" {
		t.Errorf("the bot is %+v, %v", b, err)
	}
}

func TestPagesOfHistory(t *testing.T) {
	t.Parallel()
	s, a := newWorkspace(t, slacktest.Options{})
	for _, text := range []string{"a", "b", "c"} {
		if _, err := post(t, a, news, text); err != nil {
			t.Fatal(err)
		}
	}
	ask := func(p slack.GetConversationHistoryParameters) (string, string) {
		p.ChannelID = news
		page, err := a.api.GetConversationHistoryContext(t.Context(), &p)
		if err != nil {
			t.Fatal(err)
		}
		var texts string
		for _, m := range page.Messages {
			texts += m.Text
		}
		return texts, page.ResponseMetaData.NextCursor
	}
	first, cursor := ask(slack.GetConversationHistoryParameters{Limit: 2})
	second, end := ask(slack.GetConversationHistoryParameters{Limit: 2, Cursor: cursor})
	if first != "cb" || second != "a" || end != "" {
		t.Errorf("the pages are %q and %q, then %q", first, second, end)
	}
	ts := s.Messages(news)[1].TS
	if after, _ := ask(slack.GetConversationHistoryParameters{Oldest: ts}); after != "c" {
		t.Errorf("after b came %q", after)
	}
	if until, _ := ask(slack.GetConversationHistoryParameters{Latest: ts, Inclusive: true}); until != "ba" {
		t.Errorf("until b came %q", until)
	}
	if _, _, err := a.api.DeleteMessageContext(t.Context(), news, ts); err != nil {
		t.Fatal(err)
	}
	if left, _ := ask(slack.GetConversationHistoryParameters{}); left != "ca" || !s.Messages(news)[1].Deleted {
		t.Errorf("without b there is %q", left)
	}
	link, err := a.api.GetPermalinkContext(t.Context(), &slack.PermalinkParameters{Channel: news, Ts: s.Messages(news)[0].TS})
	if err != nil || !strings.HasPrefix(link, "https://newsroom.slack.com/archives/CNEWS/p") {
		t.Errorf("the permalink is %q, %v", link, err)
	}
}

func TestFiles(t *testing.T) {
	t.Parallel()
	s, a := newWorkspace(t, slacktest.Options{FilePolls: 2})
	ctx := t.Context()
	f, err := a.api.UploadFileContext(ctx, slack.UploadFileParameters{
		Content: "<svg/>", Filename: "chart.svg", FileSize: 6, Title: "Votes", AltTxt: "7 of 7", Channel: news, InitialComment: "Peru",
	})
	if err != nil {
		t.Fatal(err)
	}
	if got := s.Files(); len(got) != 1 || string(got[0].Content) != "<svg/>" || got[0].AltText != "7 of 7" || got[0].Title != "Votes" {
		t.Errorf("the files are %+v", got)
	}
	if got := s.Messages(news); len(got) != 1 || got[0].Files[0] != f.ID || got[0].Text != "Peru" {
		t.Errorf("the channel holds %+v", got)
	}
	picture := slack.MsgOptionBlocks(slack.ImageBlock{Type: "image", AltText: "7 of 7", SlackFile: &slack.SlackFileObject{ID: f.ID}})
	_, _, err = a.api.PostMessageContext(ctx, news, slack.MsgOptionText("chart", false), picture)
	refused(t, err, "invalid_blocks")
	for poll := range 3 {
		info, _, _, err := a.api.GetFileInfoContext(ctx, f.ID, 0, 0)
		if err != nil || (info.Mimetype == "image/svg+xml") != (poll == 2) || (len(info.Shares.Public[news]) == 1) != (poll == 2) {
			t.Errorf("poll %d gives %+v, %v", poll, info, err)
		}
	}
	if _, _, err = a.api.PostMessageContext(ctx, news, slack.MsgOptionText("chart", false), picture); err != nil {
		t.Error(err)
	}
	_, err = a.api.UploadFileContext(ctx, slack.UploadFileParameters{Content: "short", Filename: "x.svg", FileSize: 60, Channel: news})
	if err == nil {
		t.Error("a file of another length was taken")
	}
}

// wall is a clock that a test sets.
type wall struct {
	mu  sync.Mutex
	now time.Time
}

func newWall() *wall { return &wall{now: time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)} }

func (w *wall) Now() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.now
}

func (w *wall) pass(d time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.now = w.now.Add(d)
}

func TestClocks(t *testing.T) {
	t.Parallel()
	onBoth(t, slacktest.Options{}, func(t *testing.T, s *slacktest.Server, a *app) {
		w := a.clock
		var slow time.Duration
		a.command = func(slack.SlashCommand) any {
			w.pass(slow)
			return answer{Text: "Peru"}
		}
		r := must[slacktest.Receipt](t)(s.Command(t.Context(), slacktest.Command{Channel: news, User: ana}))
		if r.Message == nil || !strings.HasPrefix(r.Message.TS, "17") || len(s.Complaints()) != 0 {
			t.Fatalf("the receipt is %+v, the complaints %q", r, s.Complaints())
		}
		w.pass(4 * time.Second)
		_, err := a.api.OpenViewContext(t.Context(), r.TriggerID, slack.ModalViewRequest{})
		refused(t, err, "expired_trigger_id")
		w.pass(30 * time.Minute)
		if err := slack.PostWebhookContext(t.Context(), r.ResponseURL, &slack.WebhookMessage{Text: "late"}); err == nil {
			t.Error("a response URL outlived 30 minutes")
		}
		slow = 5 * time.Second
		r = must[slacktest.Receipt](t)(s.Command(t.Context(), slacktest.Command{Channel: news, User: ana}))
		if r.Acked || r.Message != nil || r.Reason != "operation_timeout" || !complained(s, "later than 3 s") {
			t.Errorf("a late answer gives %+v, the complaints %q", r, s.Complaints())
		}
	})
}

func complained(s *slacktest.Server, of string) bool {
	return strings.Contains(strings.Join(s.Complaints(), "\n"), of)
}

func TestFaults(t *testing.T) {
	t.Parallel()
	s, a := newWorkspace(t, slacktest.Options{})
	w := a.clock
	fault := func(f slacktest.Fault) { s.SetFault(slacktest.Every(1, f)) }

	fault(slacktest.Fault{RetryAfter: 30 * time.Second})
	_, err := post(t, a, news, "1")
	var limited *slack.RateLimitedError
	if !errors.As(err, &limited) || limited.RetryAfter != 30*time.Second {
		t.Errorf("a 429 gives %v", err)
	}
	fault(slacktest.Fault{Status: http.StatusInternalServerError})
	_, err = post(t, a, "CEXT", "2")
	var status slack.StatusCodeError
	if !errors.As(err, &status) || status.Code != http.StatusInternalServerError {
		t.Errorf("a 500 gives %v", err)
	}
	fault(slacktest.Fault{Error: "ratelimited"})
	_, err = post(t, a, "CEXT", "3")
	refused(t, err, "ratelimited")
	if len(s.Messages(news))+len(s.Messages("CEXT"))+len(s.Complaints()) != 0 {
		t.Error("what failed was done")
	}
	fault(slacktest.Fault{Drop: true, After: true})
	if _, err = post(t, a, "CEXT", "4"); err == nil || len(s.Messages("CEXT")) != 1 {
		t.Errorf("a lost answer gives %v", err)
	}
	fault(slacktest.Fault{Hang: true})
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if _, err = a.api.AuthTestContext(ctx); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("a hanging call gives %v", err)
	}
	s.SetFault(nil)
	if _, err = post(t, a, news, "5"); err != nil || !complained(s, "before its Retry-After") {
		t.Errorf("too early a call gives %v and the complaints %q", err, s.Complaints())
	}
	w.pass(30 * time.Second)
	if _, err = post(t, a, news, "6"); err != nil || len(s.Complaints()) != 1 {
		t.Errorf("a patient call gives %v and the complaints %q", err, s.Complaints())
	}
	var told []string
	for _, c := range s.Calls("chat.postMessage") {
		told = append(told, c.Args["text"]+" "+c.Error)
	}
	if got := strings.Join(told, ", "); got != "1 ratelimited, 2 status 500, 3 ratelimited, 4 drop, 5 , 6 " {
		t.Errorf("the calls are %s", got)
	}
}

func TestFaultsOfResponseURLs(t *testing.T) {
	t.Parallel()
	onBoth(t, slacktest.Options{}, func(t *testing.T, s *slacktest.Server, _ *app) {
		r := must[slacktest.Receipt](t)(s.Command(t.Context(), slacktest.Command{Channel: news, User: ana}))
		s.SetFault(func(c slacktest.Call) *slacktest.Fault {
			if c.Method != "response_url" {
				return nil
			}
			return &slacktest.Fault{RetryAfter: time.Second}
		})
		var limited *slack.RateLimitedError
		err := slack.PostWebhookContext(t.Context(), r.ResponseURL, &slack.WebhookMessage{Text: "hi"})
		if !errors.As(err, &limited) || len(s.Ephemerals(news, ana)) != 0 {
			t.Errorf("a 429 gives %v", err)
		}
	})
}

func TestComplaints(t *testing.T) {
	t.Parallel()
	s, a := newWorkspace(t, slacktest.Options{})
	quiet := []slack.MsgOption{slack.MsgOptionDisableLinkUnfurl()}
	say := func(text string, more ...slack.MsgOption) {
		t.Helper()
		more = append(more, slack.MsgOptionText(text, false))
		if _, _, err := a.api.PostMessageContext(t.Context(), news, more...); err != nil {
			t.Error(err)
		}
	}
	say("plain & safe &lt;!here&gt;", slack.MsgOptionBlocks(section("fine"), buttons("<!channel>", "https://a.example")))
	say("https://a.example", quiet...)
	noComplaints(t, s)
	say("@here is a word")
	noComplaints(t, s)
	for n, bad := range []struct {
		of, text string
		blocks   slack.Block
	}{
		{"without a text", "", section("*Peru*")},
		{"whole channel", "<!here> look", section("*Peru*")},
		{"whole channel", "look", section("<!channel|channel> look")},
		{"whole channel", "look", slack.NewMarkdownBlock("", "<!subteam^S1>")},
		{"unfurl_links", "see https://a.example", section("*Peru*")},
		{"unfurl_links", "see", section("<https://a.example|here>")},
		{"4001 characters", strings.Repeat("x", 4001), section("*Peru*")},
	} {
		say(bad.text, slack.MsgOptionBlocks(bad.blocks))
		if got := s.Complaints(); len(got) != n+1 || !strings.Contains(got[n], bad.of) {
			t.Fatalf("the complaints are %q", got)
		}
	}
}

func TestJSONBodies(t *testing.T) {
	t.Parallel()
	s, _ := newWorkspace(t, slacktest.Options{})
	send := func(body string) string {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.APIURL()+"chat.postMessage", strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Content-Type", "application/json; charset=utf-8")
		req.Header.Set("Authorization", "Bearer "+s.Options.BotToken)
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		got, _ := io.ReadAll(resp.Body)
		return string(got)
	}
	got := send(`{"channel":"CNEWS","text":"hi","unfurl_links":false,"blocks":[{"type":"divider"}],"metadata":{"event_type":"e","event_payload":{"a":1}}}`)
	if !strings.Contains(got, `"ok":true`) || s.Messages(news)[0].UnfurlLinks == nil || string(s.Messages(news)[0].Metadata) != `{"event_type":"e","event_payload":{"a":1}}` {
		t.Errorf("the answer is %s, the message %+v", got, s.Messages(news))
	}
	for body, code := range map[string]string{"{": "invalid_json", "[]": "json_not_object", `{"channel":"CNEWS","blocks":"x"}`: "invalid_blocks_format"} {
		if got := send(body); !strings.Contains(got, code) {
			t.Errorf("%s gives %s", body, got)
		}
	}
	if form := (url.Values{"channel": {news}, "text": {"form"}, "token": {s.Options.BotToken}}); !strings.Contains(
		call(t, s, "chat.postMessage", "application/x-www-form-urlencoded", form.Encode()), `"ok":true`) {
		t.Error("a form with its token was refused")
	}
}
