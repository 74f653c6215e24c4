package slacktest

import (
	"encoding/json"
	"time"

	"stancebot/adapters/adaptertest/watch"
)

// Limits are how often an app may post and edit: what goes beyond is refused with 429 and a Retry-After, in whole seconds, which never go faster.
// The zero value is without limits.
type Limits struct {
	Channel   watch.Rate // to each channel
	Workspace watch.Rate // to all together
	Edits     watch.Rate // of all messages together
}

// UsualLimits are those that Slack documents, one message a second to each channel and 50 edits a minute, and for the workspace, of which it
// says no number, so many a second. Time goes faster by a scale, at most ten.
func UsualLimits(perSecond, scale int) Limits {
	return Limits{
		Channel:   watch.Rate{N: 1, Per: time.Second}.Faster(scale),
		Workspace: watch.Rate{N: perSecond, Per: time.Second}.Faster(scale),
		Edits:     watch.Rate{N: 50, Per: time.Minute}.Faster(scale),
	}
}

// limited is the fault of a post or an edit that comes too soon; nil for one that does not.
func (s *Server) limited(call *Call) *Fault {
	var counted []watch.Counted
	switch call.Method {
	case "chat.postMessage":
		counted = []watch.Counted{{Key: "channel " + call.Args["channel"], Rate: s.Options.Limits.Channel}, {Key: "workspace", Rate: s.Options.Limits.Workspace}}
	case "chat.update":
		counted = []watch.Counted{{Key: "edits", Rate: s.Options.Limits.Edits}}
	default:
		return nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	wait := s.rates.Take(call.At, counted...)
	if wait <= 0 {
		return nil
	}
	return &Fault{RetryAfter: wait}
}

// Arrived counts, by their ids, the messages that bear one in their metadata. What was deleted since has arrived, too.
func (s *Server) Arrived() map[string]int {
	s.mu.Lock()
	defer s.mu.Unlock()
	counts := map[string]int{}
	for _, m := range s.world.messages {
		if id := m.PostID(); id != "" {
			counts[id]++
		}
	}
	return counts
}

// PostID is the id that a message bears in its metadata, or "".
func (m *Message) PostID() string {
	var metadata struct {
		Payload struct {
			ID string `json:"id"`
		} `json:"event_payload"`
	}
	if len(m.Metadata) == 0 || json.Unmarshal(m.Metadata, &metadata) != nil {
		return ""
	}
	return metadata.Payload.ID
}
