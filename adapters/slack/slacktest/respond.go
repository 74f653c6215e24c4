package slacktest

import (
	"io"
	"net/http"
	"time"
)

// A response URL is good for so many uses in so long a time.
const (
	responseUses = 5
	responseLife = 30 * time.Minute
)

// A responseURL is an address at which an app may answer a person's act.
type responseURL struct {
	channel, user string
	original      *Message // what the act was on; nil for a command
	at            time.Time
	uses          int
}

// newResponseURL makes one; s.mu is held.
func (s *Server) newResponseURL(channel, user string, original *Message) string {
	id := s.newID("r")
	s.responses[id] = &responseURL{channel: channel, user: user, original: original, at: s.Options.Now()}
	return s.http.URL + "/respond/" + id
}

// serveResponse takes what an app posts to a response URL.
func (s *Server) serveResponse(w http.ResponseWriter, r *http.Request) {
	call := s.record(r, "response_url")
	s.perform(w, r, call, func() (object, error) { return nil, s.respond(*call) }, writeResponse)
}

func writeResponse(w http.ResponseWriter, _ object, refused *apiError) {
	switch {
	case refused == nil:
		_, _ = io.WriteString(w, "ok")
	case refused.Code == "used_url", refused.Code == "expired_url":
		writeJSON(w, http.StatusNotFound, object{"ok": false, "error": refused.Code})
	default:
		writeJSON(w, http.StatusBadRequest, object{"ok": false, "error": refused.Code})
	}
}

// respond does what a response asks; s.mu is held.
func (s *Server) respond(call Call) error {
	u := s.responses[call.path]
	switch {
	case u == nil, s.Options.Now().Sub(u.at) > responseLife:
		return refuse("expired_url")
	case u.uses >= responseUses:
		return refuse("used_url")
	case call.malformed != nil:
		return call.malformed
	}
	u.uses++
	a := call.Args
	switch {
	case a.isTrue("delete_original"):
		return s.deleteOriginal(u)
	case s.replaces(u, a):
		content, err := s.content("response_url in "+u.channel, a)
		if err != nil {
			return err
		}
		if u.original.Deleted {
			return refuse("message_not_found")
		}
		u.original.say(content)
		return nil
	}
	_, err := s.answer(u, "response_url", a)
	return err
}

func (s *Server) deleteOriginal(u *responseURL) error {
	if u.original == nil {
		s.Complain("response_url: delete_original where there is no original")
		return nil
	}
	u.original.Deleted = true
	return nil
}

// replaces says whether a response takes the place of what the act was on. What a command was answered with is no such
// original, and an app that does not say leaves it to Slack, which replaces.
func (s *Server) replaces(u *responseURL, a Args) bool {
	switch {
	case u.original == nil:
		if a.isTrue("replace_original") {
			s.Complain("response_url: replace_original where there is no original, such as after a command")
		}
		return false
	case a.has("replace_original"):
		return a.isTrue("replace_original")
	case a["response_type"] == "in_channel":
		return false
	}
	s.Complain("response_url: a response to an action that does not say whether it replaces the original")
	return true
}

// answer makes a message of a response that replaces nothing: only the person sees it, unless it says otherwise; s.mu is held.
func (s *Server) answer(u *responseURL, via string, a Args) (*Message, error) {
	if a["response_type"] == "in_channel" {
		return s.post(u.channel, via, a)
	}
	return s.whisper(u.channel, u.user, via, a)
}
