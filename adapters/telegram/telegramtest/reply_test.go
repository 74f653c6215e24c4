package telegramtest_test

import (
	"slices"
	"strconv"
	"strings"
	"testing"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"stancebot/adapters/telegram/telegramtest"
)

// A reply is asked for where one can be given, of those whom the message is for.
func TestForceReply(t *testing.T) {
	t.Parallel()
	const mention = `<a href="tg://user?id=77">Ana</a>`
	for name, c := range map[string]struct {
		chat                    int64
		text, markup, complaint string
	}{
		"in private":           {ana, "Ana", `{"force_reply":true,"input_field_placeholder":"Why"}`, ""},
		"in a group":           {group, mention, `{"force_reply":true,"selective":true}`, ""},
		"of everybody":         {group, mention, `{"force_reply":true}`, "opens for everybody"},
		"of nobody":            {group, "Ana", `{"force_reply":true,"selective":true}`, "opens for nobody"},
		"another field":        {ana, "Ana", `{"force_reply":true,"placeholder":"Why"}`, "a force_reply with placeholder"},
		"a long placeholder":   {ana, "Ana", `{"force_reply":true,"input_field_placeholder":"` + strings.Repeat("x", 65) + `"}`, "a force_reply with input_field_placeholder"},
		"an empty placeholder": {ana, "Ana", `{"force_reply":true,"input_field_placeholder":""}`, "a force_reply with input_field_placeholder"},
		"no reply":             {ana, "Ana", `{"remove_keyboard":true}`, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newTelegram(t, telegramtest.Options{})
			must[telegramtest.Receipt](t)(s.Say(t.Context(), ana, telegramtest.In{}, "hello"))
			call(t, newBot(t, s), "sendMessage", tgbotapi.Params{"chat_id": strconv.FormatInt(c.chat, 10), "text": c.text, "parse_mode": "HTML", "reply_markup": c.markup})
			if c.complaint == "" {
				noComplaints(t, s)
			} else if !slices.ContainsFunc(s.Complaints(), func(said string) bool { return strings.Contains(said, c.complaint) }) {
				t.Errorf("it complains %q", s.Complaints())
			}
			if sent := s.Sent(c.chat); (sent[0].ForceReply() != nil) != strings.Contains(c.markup, "force_reply") {
				t.Errorf("it asks for a reply as %+v", sent[0].ForceReply())
			}
		})
	}
	s := newTelegram(t, telegramtest.Options{})
	inNews := tgbotapi.Params{"chat_id": strconv.FormatInt(news, 10), "text": "x", "reply_markup": `{"force_reply":true}`}
	refused(t, newBot(t, s), "sendMessage", inNews, 400, "Bad Request: inline keyboard expected")
}
