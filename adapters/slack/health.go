package slack

import (
	"fmt"
	"sync"
	"time"
)

// A Meter counts what goes in and out, for metrics. Its values name kinds, never people, places or texts.
type Meter interface {
	// Event counts what came in: by its way (command, event, action) and what became of it.
	Event(way, outcome string)
	// Call counts a call of the API, how it went and how long it took.
	Call(method, outcome string, took time.Duration)
}

// A health is how the connection with Slack is.
type health struct {
	mu        sync.Mutex
	bot, app  string // the fatal error of each token, as Slack calls it; "" while it works
	sockets   int    // connected
	wantsSock bool
}

// Health tells operators how Slack is: "" when it works, and else what is wrong, by the name of the variable to mend.
func (a *Adapter) Health() string {
	h := a.health
	h.mu.Lock()
	defer h.mu.Unlock()
	switch {
	case h.bot != "":
		return fmt.Sprintf("STANCEBOT_SLACK_BOT_TOKEN: Slack says %s: install the app again, or copy its bot token anew", h.bot)
	case h.app != "":
		return fmt.Sprintf("STANCEBOT_SLACK_APP_TOKEN: Slack says %s: make an app-level token with connections:write", h.app)
	case h.wantsSock && h.sockets == 0:
		return "no socket is connected: Slack is being tried"
	}
	return ""
}

// Connected returns how many sockets are connected.
func (a *Adapter) Connected() int {
	a.health.mu.Lock()
	defer a.health.mu.Unlock()
	return a.health.sockets
}

func (h *health) fails(code string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.bot = code
}

func (h *health) works() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.bot = ""
}

func (h *health) appFails(code string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.app = code
}

// connected counts a socket that was opened, or with -1 one that was lost.
func (h *health) connected(n int) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.sockets += n
	if n > 0 {
		h.app = ""
	}
}
