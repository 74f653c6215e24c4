package telegramtest

import (
	"strings"
	"time"

	"stancebot/adapters/adaptertest/watch"
)

// Limits are how often a bot may send: what goes beyond is refused with 429 and a retry_after, in whole seconds, which never go faster.
// The zero value is without limits.
type Limits struct {
	All   watch.Rate // messages to all chats together
	Group watch.Rate // to each group or channel
}

// UsualLimits are those that Telegram tells bots of: thirty messages a second, and twenty a minute to each group. Time goes faster by a
// scale, at most ten.
func UsualLimits(scale int) Limits {
	return Limits{All: watch.Rate{N: 30, Per: time.Second}.Faster(scale), Group: watch.Rate{N: 20, Per: time.Minute}.Faster(scale)}
}

// limited is the fault of a message that comes too soon; nil for one that does not.
func (s *Server) limited(call *Call) *Fault {
	if call.Method != "sendMessage" && call.Method != "sendPhoto" && call.Method != "sendDocument" {
		return nil
	}
	counted := []watch.Counted{{Key: "all", Rate: s.Options.Limits.All}}
	if chat := call.Args["chat_id"]; strings.HasPrefix(chat, "-") {
		counted = append(counted, watch.Counted{Key: chat, Rate: s.Options.Limits.Group})
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	wait := s.rates.Take(call.At, counted...)
	if wait <= 0 {
		return nil
	}
	return &Fault{RetryAfter: wait}
}

// Arrived counts what the bot sent by the id that a function finds in a message, "" for none: on the wire messages bear none. What was
// deleted since has arrived, too.
func (s *Server) Arrived(id func(Message) string) map[string]int {
	counts := map[string]int{}
	for _, m := range s.messages(func(m *Message) bool { return m.Via != "person" && m.Via != "inline" }) {
		if name := id(m); name != "" {
			counts[name]++
		}
	}
	return counts
}
