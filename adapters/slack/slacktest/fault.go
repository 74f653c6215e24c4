package slacktest

import (
	"fmt"
	"io"
	"net/http"
	"strconv"
	"time"
)

// A Fault is how a call goes wrong. The zero value answers {"ok":true} without doing anything.
type Fault struct {
	Status     int           // of the answer; 200 when it is 0
	RetryAfter time.Duration // with a status of 429
	Error      string        // {"ok":false,"error":…}
	Body       string        // instead of that; with a status from 500 on an HTML page unless something is given
	Hang       bool          // no answer until the app gives up
	Drop       bool          // the connection is cut without an answer
	After      bool          // the call is done first: only its answer is lost
}

// Every returns a fault for each nth call.
func Every(n int, f Fault) func(Call) *Fault {
	return func(c Call) *Fault {
		if c.N%n != 0 {
			return nil
		}
		return &f
	}
}

func (s *Server) faultFor(call Call) *Fault {
	s.mu.Lock()
	decide := s.fault
	s.mu.Unlock()
	if decide == nil {
		return nil
	}
	return decide(call)
}

// apply answers a call as its fault says.
func (s *Server) apply(w http.ResponseWriter, r *http.Request, call *Call, f *Fault) {
	s.note(call, f)
	switch {
	case f.Hang:
		select {
		case <-r.Context().Done():
		case <-s.closed:
		}
		panic(http.ErrAbortHandler)
	case f.Drop:
		panic(http.ErrAbortHandler)
	case f.Body != "":
		w.WriteHeader(f.status())
		_, _ = io.WriteString(w, f.Body) //nolint:gosec // No browser reads it, and a test wrote it.
	case f.status() >= http.StatusInternalServerError:
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.WriteHeader(f.status())
		_, _ = io.WriteString(w, "<!DOCTYPE html><html><body>Server Error</body></html>")
	case f.status() == http.StatusTooManyRequests:
		if f.RetryAfter > 0 {
			w.Header().Set("Retry-After", strconv.Itoa(f.seconds()))
		}
		writeJSON(w, f.status(), object{"ok": false, "error": "ratelimited"})
	default:
		writeJSON(w, f.status(), f.answer())
	}
}

func (f *Fault) answer() object {
	if f.Error == "" {
		return object{"ok": true}
	}
	return object{"ok": false, "error": f.Error}
}

func (f *Fault) status() int {
	switch {
	case f.Status != 0:
		return f.Status
	case f.RetryAfter > 0:
		return http.StatusTooManyRequests
	}
	return http.StatusOK
}

// seconds is the wait that is told: whole seconds, rounded up.
func (f *Fault) seconds() int { return int((f.RetryAfter + time.Second - 1) / time.Second) }

// note keeps what the fault did to a call, and until when such calls are to wait.
func (s *Server) note(call *Call, f *Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	defer s.Proceed()
	switch {
	case f.Hang:
		call.Error = "hang"
	case f.Drop:
		call.Error = "drop"
	case f.status() == http.StatusTooManyRequests:
		call.Error = "ratelimited"
		now := s.Options.Now()
		s.patience[call.limit()] = pause{now, now.Add(time.Duration(f.seconds()) * time.Second)}
	case f.status() != http.StatusOK:
		call.Error = fmt.Sprintf("status %d", f.status())
	default:
		call.Error = f.Error
	}
}

// limit names what Slack counts together with a call: posts by channel, all else by method.
func (c *Call) limit() string {
	switch c.Method {
	case "chat.postMessage":
		return c.Method + " to " + c.Args["channel"]
	case "response_url":
		return c.Method + " " + c.path
	}
	return c.Method
}

// A pause is a time in which something is not to be called.
type pause struct{ from, until time.Time }

// onTheWay is how long after a refusal edits may come that were sent before it was heard: they are counted together, whatever the channel.
const onTheWay = 100 * time.Millisecond

// checkPatience notes a call that came before the Retry-After of an earlier one had passed; s.mu is held.
func (s *Server) checkPatience(call *Call) {
	p, ok := s.patience[call.limit()]
	sent := call.Method == "chat.update" && call.At.Before(p.from.Add(onTheWay))
	if ok && call.At.Before(p.until) && !sent {
		s.Complain("%s: called %s before its Retry-After had passed", call.limit(), p.until.Sub(call.At))
	}
}
