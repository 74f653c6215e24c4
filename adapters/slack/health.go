package slack

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"stancebot/bot/installs"
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
	refused   map[string]refusedBy // by workspace, "" while it is not known which: whose token Slack refuses
	app       string               // the fatal error of the app's token, as Slack calls it; "" while it works
	sockets   int                  // connected
	wantsSock bool
}

// A refusedBy is Slack's word for what is wrong with a token, and whether that came with an install.
type refusedBy struct {
	code      string
	installed bool
}

// Health tells operators how Slack is: "" when it works, and else what is wrong, by the name of the variable to mend.
func (a *Adapter) Health() string {
	h := a.health
	a.forgetLeft()
	h.mu.Lock()
	defer h.mu.Unlock()
	var wrong []string
	wrong = append(wrong, h.tokens()...)
	if a.OAuth != nil && a.OAuth.Sealed != nil {
		wrong = append(wrong, a.OAuth.Sealed())
	}
	switch {
	case h.app != "":
		wrong = append(wrong, fmt.Sprintf("STANCEBOT_SLACK_APP_TOKEN: Slack says %s: make an app-level token with connections:write", h.app))
	case h.wantsSock && h.sockets == 0:
		wrong = append(wrong, "no socket is connected: Slack is being tried")
	}
	return strings.Join(slices.DeleteFunc(wrong, func(s string) bool { return s == "" }), "; ")
}

// Connected returns how many sockets are connected.
func (a *Adapter) Connected() int {
	a.health.mu.Lock()
	defer a.health.mu.Unlock()
	return a.health.sockets
}

// forgetLeft forgets the tokens of workspaces where the app is not installed any more.
func (a *Adapter) forgetLeft() {
	h := a.health
	h.mu.Lock()
	refused := maps.Clone(h.refused)
	h.mu.Unlock()
	ctx, end := context.WithTimeout(context.Background(), time.Second)
	defer end()
	for id, r := range refused {
		w := installs.Workspace{Team: id}
		if _, err := a.api.Workspaces.Of(ctx, w); r.installed && !isOrganisation(id) && errors.Is(err, installs.ErrNone) {
			h.works(id)
		}
	}
}

// isOrganisation reports whether an id is that of an organisation, and not of a workspace.
func isOrganisation(id string) bool { return strings.HasPrefix(id, "E") }

// tokens tells which tokens Slack refuses. h.mu is held.
func (h *health) tokens() []string {
	var wrong, there []string
	for _, team := range slices.Sorted(maps.Keys(h.refused)) {
		if r := h.refused[team]; r.installed {
			there = append(there, fmt.Sprintf("%s:%s (%s)", platform, team, r.code))
		} else if len(wrong) == 0 {
			wrong = append(wrong, fmt.Sprintf("STANCEBOT_SLACK_BOT_TOKEN: Slack says %s: install the app again, or copy its bot token anew", r.code))
		}
	}
	if n := len(there); n > 0 {
		const shown = 5
		more := ""
		if n > shown {
			more = fmt.Sprintf(" and %d more", n-shown)
		}
		wrong = append(wrong, fmt.Sprintf("Slack refuses the tokens of %d workspaces: %s%s: have the app installed there again", n, strings.Join(there[:min(n, shown)], ", "), more))
	}
	return wrong
}

// fails tells that Slack refuses a workspace's token, by Slack's word.
func (h *health) fails(team, code string, installed bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.refused == nil {
		h.refused = map[string]refusedBy{}
	}
	h.refused[team] = refusedBy{code, installed}
}

// works tells that a workspace's token works, or that there is none any more.
func (h *health) works(team string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.refused, team)
	delete(h.refused, "")
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
