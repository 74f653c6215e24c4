package telegramtest_test

import (
	"fmt"
	"testing"
	"time"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"stancebot/adapters/telegram/telegramtest"
)

// Twenty messages a minute to each group, and thirty a second to all: what comes too soon is told how long to wait, and is not sent.
func TestLimits(t *testing.T) {
	t.Parallel()
	c := newClock()
	s := newTelegram(t, telegramtest.Options{Now: c.Now, Limits: telegramtest.UsualLimits(1)})
	api := newBot(t, s)
	s.AddChat(telegramtest.Chat{ID: ana})
	to := func(chat int64) tgbotapi.Params { return tgbotapi.Params{"chat_id": fmt.Sprint(chat), "text": "x"} }
	for range 20 {
		call(t, api, "sendMessage", to(desk))
	}
	if e := refusal(t, api, "sendMessage", to(desk), 429, "Too Many Requests: retry after 54"); e.RetryAfter != 54 {
		t.Errorf("it says to wait %d s", e.RetryAfter)
	}
	for range 10 {
		call(t, api, "sendMessage", to(ana)) // a person is no group
	}
	refused(t, api, "sendMessage", to(ana), 429, "Too Many Requests: retry after 1")
	call(t, api, "getChat", tgbotapi.Params{"chat_id": fmt.Sprint(ana)})
	c.pass(time.Second)
	for range 20 {
		call(t, api, "sendMessage", to(ana))
	}
	c.pass(time.Minute)
	call(t, api, "sendMessage", to(desk))
	noComplaints(t, s)
	if n := s.Arrived(func(m telegramtest.Message) string { return fmt.Sprint(m.Chat, m.Text) }); n[fmt.Sprint(desk, "x")] != 21 || n[fmt.Sprint(ana, "x")] != 30 {
		t.Errorf("arrived: %v", n)
	}
}
