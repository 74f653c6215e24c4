package telegramtest_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"image"
	"image/png"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"stancebot/adapters/telegram/telegramtest"
)

const (
	ana   int64 = 77
	ben   int64 = 78
	group int64 = -4001
	desk  int64 = -1001000000001 // a supergroup
	forum int64 = -1001000000002
	news  int64 = -1001000000003 // a channel
)

// A clock is moved by hand.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func newClock() *clock { return &clock{now: time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)} }

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// newTelegram starts a Telegram with a few chats and people. STANCETEST_TELEGRAM_SPEC names a Bot API for machines to hold calls to.
func newTelegram(t *testing.T, o telegramtest.Options) *telegramtest.Server {
	t.Helper()
	o.Spec = os.Getenv("STANCETEST_TELEGRAM_SPEC")
	s := telegramtest.New(o)
	t.Cleanup(s.Close)
	s.AddUser(telegramtest.User{ID: ana, FirstName: "Ana", Username: "ana", LanguageCode: "es"})
	s.AddUser(telegramtest.User{ID: ben, FirstName: "Ben", LanguageCode: "en"})
	s.AddChat(telegramtest.Chat{ID: group, Type: telegramtest.Group, Title: "Group"})
	s.AddChat(telegramtest.Chat{ID: desk, Type: telegramtest.Supergroup, Title: "Desk", Username: "desk"})
	s.AddChat(telegramtest.Chat{ID: forum, Type: telegramtest.Supergroup, Title: "Forum", IsForum: true})
	s.AddChat(telegramtest.Chat{ID: news, Type: telegramtest.Channel, Title: "News", Bot: telegramtest.Administrator})
	return s
}

// newBot connects the library's client.
func newBot(t *testing.T, s *telegramtest.Server) *tgbotapi.BotAPI {
	t.Helper()
	api, err := tgbotapi.NewBotAPIWithAPIEndpoint(s.Options.Token, s.Endpoint())
	if err != nil {
		t.Fatal(err)
	}
	return api
}

func noComplaints(t *testing.T, s *telegramtest.Server) {
	t.Helper()
	for _, c := range s.Complaints() {
		t.Errorf("Telegram would mind: %s", c)
	}
}

// complains fails unless there is one complaint of each kind, in this order.
func complains(t *testing.T, s *telegramtest.Server, want ...string) {
	t.Helper()
	got := s.Complaints()
	if len(got) != len(want) {
		t.Errorf("the complaints are %q, want %q", got, want)
		return
	}
	for i, w := range want {
		if !strings.Contains(got[i], w) {
			t.Errorf("complaint %d is %q, want %q", i, got[i], w)
		}
	}
}

// call makes a call that goes well.
func call(t *testing.T, api *tgbotapi.BotAPI, method string, p tgbotapi.Params) json.RawMessage {
	t.Helper()
	resp, err := api.MakeRequest(method, p)
	if err != nil {
		t.Fatalf("%s %v: %v", method, p, err)
	}
	return resp.Result
}

// refused makes a call that is refused, in these words.
func refused(t *testing.T, api *tgbotapi.BotAPI, method string, p tgbotapi.Params, code int, want string) {
	t.Helper()
	_ = refusal(t, api, method, p, code, want)
}

func refusal(t *testing.T, api *tgbotapi.BotAPI, method string, p tgbotapi.Params, code int, want string) *tgbotapi.Error {
	t.Helper()
	_, err := api.MakeRequest(method, p)
	var e *tgbotapi.Error
	if !errors.As(err, &e) || e.Code != code || !strings.HasPrefix(e.Message, want) {
		t.Errorf("%s %v gives %v, want %d %s", method, p, err, code, want)
		return &tgbotapi.Error{}
	}
	return e
}

// must unpacks what has to go well.
func must[T any](t *testing.T) func(T, error) T {
	return func(v T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

// A bot takes updates either way.
type bot struct {
	api   *tgbotapi.BotAPI
	clock *clock

	mu     sync.Mutex
	handle func(tgbotapi.Update, json.RawMessage) (status int, answer string)
}

func (b *bot) take(raw json.RawMessage) (int, string) {
	var u tgbotapi.Update
	if json.Unmarshal(raw, &u) != nil {
		return http.StatusBadRequest, ""
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.handle(u, raw)
}

// onBoth runs a body with a bot that polls and one with a webhook.
func onBoth(t *testing.T, body func(*testing.T, *telegramtest.Server, *bot)) {
	t.Helper()
	for _, over := range []string{"polling", "webhook"} {
		t.Run(over, func(t *testing.T) {
			t.Parallel()
			c := newClock()
			s := newTelegram(t, telegramtest.Options{Now: c.Now})
			b := &bot{api: newBot(t, s), clock: c, handle: func(tgbotapi.Update, json.RawMessage) (int, string) { return http.StatusOK, "" }}
			if over == "polling" {
				poll(t, b)
			} else {
				listen(t, s, b)
			}
			body(t, s, b)
		})
	}
}

// poll asks for updates until the test ends.
func poll(t *testing.T, b *bot) {
	t.Helper()
	ctx, stop := context.WithCancel(context.WithoutCancel(t.Context()))
	done := make(chan struct{})
	api := *b.api
	api.Client = contextual{ctx}
	go func() {
		defer close(done)
		offset := 0
		for ctx.Err() == nil {
			p := tgbotapi.Params{"timeout": "50"}
			p.AddNonZero("offset", offset)
			resp, err := api.MakeRequest("getUpdates", p)
			if err != nil {
				continue
			}
			var batch []json.RawMessage
			_ = json.Unmarshal(resp.Result, &batch)
			for _, raw := range batch {
				var head struct {
					ID int `json:"update_id"`
				}
				_ = json.Unmarshal(raw, &head)
				b.take(raw)
				offset = head.ID + 1
			}
		}
	}()
	t.Cleanup(func() {
		stop()
		<-done
	})
}

type contextual struct{ ctx context.Context } //nolint:containedctx // The library's client knows no other way.

func (c contextual) Do(r *http.Request) (*http.Response, error) {
	return http.DefaultClient.Do(r.WithContext(c.ctx))
}

// listen takes updates over a webhook until the test ends.
func listen(t *testing.T, s *telegramtest.Server, b *bot) {
	t.Helper()
	web := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/telegram" || r.Host != "bot.example.org" || r.Header.Get("X-Telegram-Bot-Api-Secret-Token") != "s3cret" {
			w.WriteHeader(http.StatusForbidden)
			return
		}
		raw, _ := io.ReadAll(r.Body)
		status, answer := b.take(raw)
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		_, _ = io.WriteString(w, answer)
	}))
	t.Cleanup(web.Close)
	s.UseWebhook(web.URL)
	call(t, b.api, "setWebhook", tgbotapi.Params{"url": "https://bot.example.org/telegram", "secret_token": "s3cret"})
}

func settled(t *testing.T, s *telegramtest.Server) {
	t.Helper()
	awaited(t, s, func() bool { return s.Pending() == 0 })
}

func awaited(t *testing.T, s *telegramtest.Server, holds func() bool) {
	t.Helper()
	ctx, stop := context.WithTimeout(t.Context(), 30*time.Second)
	defer stop()
	if err := s.Await(ctx, holds); err != nil {
		for _, c := range s.Calls("") {
			t.Logf("call %d of %s: %v %s", c.N, c.Method, c.Args, c.Error)
		}
		t.Fatal(err)
	}
}

func picture(t *testing.T, width, height int) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, width, height))); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}
