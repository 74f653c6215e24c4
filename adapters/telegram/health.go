package telegram

import (
	"sync"
	"time"
)

// A Meter counts what goes in and out, for metrics. Its values name kinds, never people, places or texts.
type Meter interface {
	// Event counts what came in: by its way (message, press, inline, member) and what became of it.
	Event(way, outcome string)
	// Call counts a call of the API, how it went and how long it took.
	Call(method, outcome string, took time.Duration)
}

// A health is how the connection with Telegram is.
type health struct {
	mu       sync.Mutex
	refused  string // Telegram's word for why it refuses the token
	conflict bool   // another program polls with the token
	standby  bool   // another process of ours has the turn
}

// Health tells operators how Telegram is: "" when it works, and else what is wrong and what mends it.
func (a *Adapter) Health() string {
	h := a.health
	h.mu.Lock()
	defer h.mu.Unlock()
	switch {
	case h.refused != "":
		return "STANCEBOT_TELEGRAM_TOKEN: Telegram says " + h.refused + ": copy the token anew from @BotFather"
	case h.conflict:
		return "another program asks for this bot's updates: stop it, or use a webhook"
	}
	return ""
}

// StandsBy reports whether another process of ours asks Telegram for updates.
func (a *Adapter) StandsBy() bool {
	a.health.mu.Lock()
	defer a.health.mu.Unlock()
	return a.health.standby
}

func (h *health) standsBy(yes bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.standby = yes
}

func (h *health) fails(word string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.refused = word
}

func (h *health) works() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.refused = ""
}

// polled notes that nobody else polls.
func (h *health) polled() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.conflict = false
}

// conflicts notes that another program polls, and reports whether that is new.
func (h *health) conflicts() bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	before := h.conflict
	h.conflict = true
	return !before
}
