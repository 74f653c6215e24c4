package telegramtest

import (
	"context"
	"fmt"
	"strings"
	"time"
)

// queryLife is how long after it a query may be answered.
const queryLife = 15 * time.Second

// maxAlert is how long the answer to a pressed button may be, in UTF-16 code units.
const maxAlert = 200

// A CallbackAnswer is what a person was shown who pressed a button.
type CallbackAnswer struct {
	QueryID   string
	User      int64
	Data      string // of the button
	Text      string
	ShowAlert bool
	URL       string
	At        time.Time
}

// A callback is a button that was pressed.
type callback struct {
	id     string
	user   int64
	data   string
	at     time.Time
	update *update
	answer *CallbackAnswer
}

// CallbackAnswers lists the answers to pressed buttons, in order of the presses.
func (s *Server) CallbackAnswers() []CallbackAnswer {
	s.mu.Lock()
	defer s.mu.Unlock()
	var found []CallbackAnswer
	for _, q := range s.callbacks {
		if q.answer != nil {
			found = append(found, *q.answer)
		}
	}
	return found
}

// CallbackAnswer returns the answer to a pressed button, and whether there is one.
func (s *Server) CallbackAnswer(queryID string) (CallbackAnswer, bool) {
	for _, a := range s.CallbackAnswers() {
		if a.QueryID == queryID {
			return a, true
		}
	}
	return CallbackAnswer{}, false
}

// Unanswered lists the pressed buttons of which the bot knows and that it has not answered.
func (s *Server) Unanswered() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.unanswered()
}

func (s *Server) unanswered() []string {
	var found []string
	for _, q := range s.callbacks {
		if q.answer == nil && q.update != nil && q.update.Confirmed {
			found = append(found, fmt.Sprintf("callback query %s (%q, pressed by %d)", q.id, q.data, q.user))
		}
	}
	return found
}

var errTooOld = refuse("query is too old and response timeout expired or query ID is invalid")

func (s *Server) answerCallbackQuery(call *Call) (any, *apiError) {
	q := find(s.callbacks, func(q *callback) bool { return q.id == call.Args["callback_query_id"] })
	link := call.Args["url"]
	switch {
	case q == nil:
		return nil, errTooOld
	case q.answer != nil:
		s.Complain("answerCallbackQuery: query %s (%q) is answered twice", q.id, q.data)
		return nil, errTooOld
	case call.At.Sub(q.at) > queryLife:
		s.Complain("answerCallbackQuery: query %s (%q) is answered after %s", q.id, q.data, call.At.Sub(q.at))
		return nil, errTooOld
	case units(call.Args["text"]) > maxAlert:
		return nil, wrong("MESSAGE_TOO_LONG")
	case link != "" && !strings.HasPrefix(lower(checkedLink(link)), "https://t.me/"+lower(s.Options.BotUsername)+"?start="):
		return nil, wrong("URL_INVALID")
	}
	q.answer = &CallbackAnswer{q.id, q.user, q.data, call.Args["text"], call.Args.isTrue("show_alert"), link, call.At}
	return true, nil
}

// Press presses a button of a message of the bot's: that with this label, or else with this callback_data, as the message stands
// now.
func (s *Server) Press(ctx context.Context, user int64, m Message, button string) (Receipt, error) {
	s.mu.Lock()
	current := s.world.message(m.Chat, m.ID)
	if m.InlineID != "" {
		current = s.world.inline(m.InlineID)
	}
	u := s.world.user(user)
	data := ""
	if current != nil {
		data = dataOf(current.Buttons(), button)
	}
	c := s.world.chat(m.Chat)
	if current == nil || u == nil || data == "" || m.InlineID == "" && !c.status(user).isIn() {
		s.mu.Unlock()
		return Receipt{}, fmt.Errorf("press %q of message %d by %d: %w", button, m.ID, user, errNoSuch)
	}
	id := s.newID()
	q := object{"id": id, "from": userJSON(u), "data": data}
	if current.InlineID != "" {
		q["inline_message_id"], q["chat_instance"] = current.InlineID, chatInstance(current.InlineID)
	} else {
		q["message"], q["chat_instance"] = s.messageJSON(current, true), chatInstance(fmt.Sprint(c.ID))
	}
	s.callbacks = append(s.callbacks, &callback{id: id, user: user, data: data, at: s.Options.Now()})
	pressed := current.clone()
	s.mu.Unlock()
	return s.deliver(ctx, "callback_query", q, Receipt{QueryID: id, Message: &pressed})
}

func dataOf(buttons []Button, button string) string {
	for _, b := range buttons {
		if b.Text == button && b.Data != "" {
			return b.Data
		}
	}
	for _, b := range buttons {
		if b.Data == button {
			return b.Data
		}
	}
	return ""
}
