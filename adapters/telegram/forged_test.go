package telegram_test

import (
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"stancebot/adapters/telegram/telegramtest"
)

// forged are updates that no Telegram sends.
var forged = []string{
	`{"update_id":1}`, `{"update_id":"1","message":{}}`, `{"update_id":-1,"message":{"chat":{"id":101}}}`, `{}`, `[]`, `null`, `7`, `"x"`, ``,
	`{"update_id":2,"message":{"message_id":1,"chat":{"id":101,"type":"private"},"text":"/stance peru","entities":[{"type":"bot_command","offset":0,"length":9999}]}}`,
	`{"update_id":3,"message":{"message_id":2,"chat":{"id":101,"type":"private"},"text":"/","entities":[{"type":"bot_command","offset":0,"length":0}]}}`,
	`{"update_id":4,"message":{"message_id":3,"chat":{"id":101,"type":"private"},"text":"\ud800\udc00 peru \ud800","entities":[{"type":"mention","offset":-5,"length":3}]}}`,
	`{"update_id":5,"message":{"message_id":4,"chat":{"id":9223372036854775807,"type":"private"},"text":"peru"}}`,
	`{"update_id":6,"message":{"message_id":5,"chat":{"id":1e300,"type":"private"},"text":"peru"}}`,
	`{"update_id":7,"callback_query":{"id":"x","from":{"id":101},"data":"` + strings.Repeat("a", 5000) + `"}}`,
	`{"update_id":8,"callback_query":{"id":"y","data":".es:","message":{}}}`, `{"update_id":9,"inline_query":{"id":"z","query":null}}`,
	`{"update_id":10,"my_chat_member":{"chat":[],"new_chat_member":7}}`, `{"update_id":11,"message":{"migrate_to_chat_id":-7}}`,
	`{"update_id":12,"message":{"message_id":6,"chat":{"id":-200,"type":"group"},"text":"@stancebot@stancebot@","entities":{}}}`,
	`{"update_id":14,"message":{"message_id":8,"chat":{"id":101,"type":"private"},"text":"x","reply_to_message":{"from":{"id":0},"text":"\ud800","entities":[{"type":"code","offset":1e300,"length":-9223372036854775808}]}}}`,
	`{"update_id":13,"message":{"message_id":7,"chat":{"id":101,"type":"private"},"text":"/start \u0000_______","from":{"id":101,"language_code":"x"}}}`,
}

// Forged updates, and real ones that were changed at random, stop nothing: the next question is answered.
func TestForgedUpdates(t *testing.T) {
	t.Parallel()
	s := newStage(t, webhook, stageOptions{})
	for _, send := range []string{"/stance@stancebot peru", "where does cuba stand? @stancebot", "/start stance_PER", "peru 🇵🇪"} {
		s.say(t, ana, telegramtest.In{}, send)
	}
	var sent []string
	for _, u := range s.Updates() {
		sent = append(sent, string(u.JSON))
	}
	h := s.adapter.Handler()
	post := func(body string) {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/telegram/webhook", strings.NewReader(body))
		r.Header.Set("X-Telegram-Bot-Api-Secret-Token", hookSecret)
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		if w.Code != http.StatusOK {
			t.Errorf("%d for %q", w.Code, body)
		}
	}
	for _, body := range forged {
		post(body)
	}
	r := rand.New(rand.NewPCG(20261123, 7))
	for range 10_000 {
		post(mutated(r, sent[r.IntN(len(sent))]))
	}
	s.settle(t)
	before := len(s.Sent(ben))
	s.say(t, ben, telegramtest.In{}, "chile?")
	s.wantSent(t, ben, before+1)
	if log := s.log.String(); strings.Contains(log, "panic") {
		t.Errorf("something panicked: %s", log)
	}
}

// mutated changes some bytes of a text, cuts it, or puts pieces elsewhere.
func mutated(r *rand.Rand, text string) string {
	b := []byte(text)
	for range 1 + r.IntN(4) {
		i, k := r.IntN(len(b)), r.IntN(len(b))
		switch r.IntN(5) {
		case 0:
			b[i] = byte(r.IntN(256))
		case 1:
			b[i] = "0123456789-{}[],\":"[r.IntN(18)]
		case 2:
			b = append(b[:min(i, k)], b[max(i, k):]...)
		case 3:
			b = slices.Concat(b[:i], b[min(i, k):max(i, k)], b[i:])
		default:
			b[i], b[k] = b[k], b[i]
		}
		if len(b) == 0 {
			return ""
		}
	}
	return string(b)
}
