package telegramtest_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"stancebot/adapters/telegram/telegramtest"
)

func TestGetUpdates(t *testing.T) {
	t.Parallel()
	s := newTelegram(t, telegramtest.Options{})
	api := newBot(t, s)
	var ids []int64
	for i := range 5 {
		ids = append(ids, must[telegramtest.Receipt](t)(s.Say(t.Context(), ana, telegramtest.In{}, fmt.Sprint(i))).UpdateID)
	}
	get := func(offset int64, limit int) string {
		t.Helper()
		texts := ""
		for _, u := range must[[]tgbotapi.Update](t)(api.GetUpdates(tgbotapi.UpdateConfig{Offset: int(offset), Limit: limit})) {
			texts += u.Message.Text
		}
		return texts
	}
	for _, c := range []struct {
		offset int64
		limit  int
		want   string
	}{{0, 2, "01"}, {0, 2, "01"}, {ids[1] + 1, 100, "234"}, {0, 100, "234"}, {-1, 0, "4"}, {ids[4] + 100, 0, "4"}, {ids[4] + 1, 0, ""}} {
		if got := get(c.offset, c.limit); got != c.want {
			t.Errorf("offset %d and limit %d give %q, want %q", c.offset, c.limit, got, c.want)
		}
	}
	if s.Pending() != 0 || !s.Confirmed(ids[4]) {
		t.Error("not all are confirmed")
	}
	if u := s.Updates(); len(u) != 5 || u[0].Served != 2 || u[0].Kind != "message" {
		t.Errorf("the updates are %+v", u)
	}
	if got := must[telegramtest.Receipt](t)(s.Raw(t.Context(), []byte(`{"message":{"message_id":"x"}}`))); got.UpdateID != ids[4]+1 {
		t.Errorf("the receipt is %+v", got)
	}
	if got := must[telegramtest.Receipt](t)(s.Raw(t.Context(), fmt.Appendf(nil, `{"update_id":%d}`, ids[4]+5))); got.UpdateID != ids[4]+5 {
		t.Errorf("the receipt is %+v", got)
	}
	raw := string(call(t, api, "getUpdates", nil))
	if !strings.Contains(raw, `"message_id":"x"`) || !strings.Contains(raw, fmt.Sprint(ids[4]+5)) {
		t.Errorf("the raw updates are %s", raw)
	}
	if _, err := s.Raw(t.Context(), []byte(`{"update_id":1}`)); err == nil {
		t.Error("an update of yesterday")
	}
}

func TestAllowedUpdates(t *testing.T) {
	t.Parallel()
	s := newTelegram(t, telegramtest.Options{})
	api := newBot(t, s)
	call(t, api, "getUpdates", tgbotapi.Params{"allowed_updates": `["message","mesage"]`})
	if r := must[telegramtest.Receipt](t)(s.MyChatMember(t.Context(), ana, group, telegramtest.Left)); r.Withheld != "allowed_updates" {
		t.Errorf("the receipt is %+v", r)
	}
	call(t, api, "getUpdates", nil) // keeps what was asked for
	if r := must[telegramtest.Receipt](t)(s.Inline(t.Context(), ana, "x", "", "")); r.Withheld != "allowed_updates" {
		t.Errorf("the receipt is %+v", r)
	}
	call(t, api, "getUpdates", tgbotapi.Params{"allowed_updates": `[]`})
	if r := must[telegramtest.Receipt](t)(s.Inline(t.Context(), ana, "x", "", "")); r.Withheld != "" {
		t.Errorf("the receipt is %+v", r)
	}
	complains(t, s, `no updates of the kind "mesage"`)
}

func TestLongPoll(t *testing.T) {
	t.Parallel()
	s := newTelegram(t, telegramtest.Options{})
	api := newBot(t, s)
	type outcome struct {
		resp *tgbotapi.APIResponse
		err  error
	}
	start := func() chan outcome {
		n := len(s.Calls("getUpdates"))
		done := make(chan outcome, 1)
		go func() {
			resp, err := api.MakeRequest("getUpdates", tgbotapi.Params{"timeout": "50"})
			done <- outcome{resp, err}
		}()
		awaited(t, s, func() bool { return len(s.Calls("getUpdates")) > n })
		return done
	}
	older := start()
	newer := start()
	if o := <-older; o.err == nil || o.err.Error() != "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running" {
		t.Errorf("the older poll ends with %v", o.err)
	}
	must[telegramtest.Receipt](t)(s.Say(t.Context(), ana, telegramtest.In{}, "peru"))
	if o := <-newer; o.err != nil || !strings.Contains(string(o.resp.Result), "peru") {
		t.Errorf("the newer poll ends with %+v", o)
	}
	call(t, api, "getUpdates", tgbotapi.Params{"offset": "-0"})
	must[[]tgbotapi.Update](t)(api.GetUpdates(tgbotapi.UpdateConfig{Offset: int(s.Updates()[0].ID) + 1}))
	waiting := start()
	call(t, api, "setWebhook", tgbotapi.Params{"url": "https://bot.example.org/", "secret_token": "x"})
	if o := <-waiting; o.err == nil || o.err.Error() != "Conflict: terminated by setWebhook request" {
		t.Errorf("the poll ends with %v", o.err)
	}
	refused(t, api, "getUpdates", nil, 409, "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first")
	call(t, api, "deleteWebhook", nil)
	call(t, api, "getUpdates", nil)
	noComplaints(t, s)
}

func TestPollTimeout(t *testing.T) {
	t.Parallel()
	s := newTelegram(t, telegramtest.Options{PollTimeoutMax: 10 * time.Millisecond})
	if got := string(call(t, newBot(t, s), "getUpdates", tgbotapi.Params{"timeout": "50"})); got != "[]" {
		t.Errorf("the answer is %s", got)
	}
}

// A hook is a webhook that answers as the test likes.
func hook(t *testing.T, s *telegramtest.Server, answer func(*http.Request) (int, string)) {
	t.Helper()
	web := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		status, body := answer(r)
		w.WriteHeader(status)
		_, _ = w.Write([]byte(body))
	}))
	t.Cleanup(web.Close)
	s.UseWebhook(web.URL)
}

func TestWebhook(t *testing.T) {
	t.Parallel()
	s := newTelegram(t, telegramtest.Options{})
	api := newBot(t, s)
	status, body := 500, ""
	var secrets []string
	hook(t, s, func(r *http.Request) (int, string) {
		secrets = append(secrets, r.Header.Get("X-Telegram-Bot-Api-Secret-Token"))
		if r.URL.String() != "/tg?x=1" {
			t.Errorf("posted to %s", r.URL)
		}
		return status, body
	})
	early := must[telegramtest.Receipt](t)(s.Say(t.Context(), ana, telegramtest.In{}, "early"))
	if early.Attempts != 0 || len(s.Redeliver(t.Context())) != 0 {
		t.Errorf("posted without a webhook: %+v", early)
	}
	call(t, api, "setWebhook", tgbotapi.Params{
		"url": "https://bot.example.org/tg?x=1", "secret_token": "s3cret", "max_connections": "7", "allowed_updates": `["message"]`,
	})
	r := must[telegramtest.Receipt](t)(s.Say(t.Context(), ana, telegramtest.In{}, "peru"))
	if r.Acked || r.Status != 500 || s.Pending() != 2 {
		t.Errorf("the receipt is %+v", r)
	}
	var info tgbotapi.WebhookInfo
	if err := json.Unmarshal(call(t, api, "getWebhookInfo", nil), &info); err != nil || info.PendingUpdateCount != 2 || info.MaxConnections != 7 ||
		info.LastErrorMessage != "Wrong response from the webhook: 500 Internal Server Error" || !slices.Equal(info.AllowedUpdates, []string{"message"}) {
		t.Errorf("the webhook is %+v, %v", info, err)
	}
	status, body = 200, fmt.Sprintf(`{"method":"sendMessage","chat_id":%d,"text":"looking"}`, ana)
	again := s.Redeliver(t.Context())
	if len(again) != 2 || !again[0].Acked || again[0].UpdateID != early.UpdateID || again[1].Attempts != 2 || s.Pending() != 0 {
		t.Errorf("the receipts are %+v", again)
	}
	if sent := s.Sent(ana); len(sent) != 2 || sent[0].Text != "looking" || !s.Calls("sendMessage")[0].InWebhook {
		t.Errorf("the answers made %+v", sent)
	}
	if repeated := must[telegramtest.Receipt](t)(s.Repeat(t.Context(), r.UpdateID)); repeated.Attempts != 3 {
		t.Errorf("the receipt is %+v", repeated)
	}
	must[telegramtest.Receipt](t)(s.Post(t.Context(), telegramtest.Request{
		Body: []byte("{"), Header: http.Header{"X-Telegram-Bot-Api-Secret-Token": {"wrong"}},
	}))
	if want := []string{"s3cret", "s3cret", "s3cret", "s3cret", "wrong"}; !slices.Equal(secrets, want) {
		t.Errorf("the secrets are %q, want %q", secrets, want)
	}
	noComplaints(t, s)
	body = `{"method":"sendMessage","chat_id":5,"text":"nobody"}`
	must[telegramtest.Receipt](t)(s.Say(t.Context(), ana, telegramtest.In{}, "x"))
	complains(t, s, "answered with sendMessage, which was refused")
	status = 404
	must[telegramtest.Receipt](t)(s.Say(t.Context(), ana, telegramtest.In{}, "x"))
	call(t, api, "deleteWebhook", tgbotapi.Params{"drop_pending_updates": "true"})
	if _, set := s.Webhook(); set || s.Pending() != 0 {
		t.Error("something is left of the webhook")
	}
}

// The table that is built in says what the Bot API for machines does, where there is one.
func TestSpec(t *testing.T) {
	t.Parallel()
	small := filepath.Join(t.TempDir(), "api.json")
	spec := `{"methods":{"getMe":{},"sendMessage":{"fields":[{"name":"chat_id","types":["Integer"],"required":true},{"name":"text","types":["String"],"required":true},
		{"name":"reply_markup","types":["Markup","Reply"],"required":false}]}},
		"types":{"Markup":{"fields":[{"name":"inline_keyboard","types":["Array of Array of Button"],"required":true}]},"Reply":{"fields":[{"name":"force_reply","types":["Boolean"],"required":true}]},
		"Button":{"fields":[{"name":"text","types":["String"],"required":true},{"name":"callback_data","types":["String"],"required":false}]}}}`
	if err := os.WriteFile(small, []byte(spec), 0o600); err != nil {
		t.Fatal(err)
	}
	s := telegramtest.New(telegramtest.Options{Spec: small})
	defer s.Close()
	s.AddChat(telegramtest.Chat{ID: group, Type: telegramtest.Group})
	api := newBot(t, s)
	p := tgbotapi.Params{"chat_id": fmt.Sprint(group), "text": "x", "reply_markup": `{"inline_keyboard":[[{"text":"a","callback_data":"b"}]]}`}
	call(t, api, "sendMessage", p)
	noComplaints(t, s)
	p["reply_markup"] = `{"inline_keyboard":[[{"text":"a","callback_data":"b","colour":"red"}]]}`
	call(t, api, "sendMessage", p)
	p["parse_mode"] = "HTML"
	refused(t, api, "sendMessage", p, 400, `Bad Request: unsupported parameter "parse_mode"`)
	complains(t, s, "no field colour", "unsupported parameter")
	defer func() {
		if recover() == nil {
			t.Error("a spec that there is not was read")
		}
	}()
	telegramtest.New(telegramtest.Options{Spec: small + "x"})
}
