package telegramtest

import (
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// A Fault is how a call goes wrong. The zero value answers {"ok":true,"result":true} without doing anything.
type Fault struct {
	Status      int           // of the answer; when it is 0, what the others tell, and 200 when they tell nothing
	RetryAfter  time.Duration // 429 Too Many Requests
	Description string        // Telegram's words, such as "Forbidden: bot was blocked by the user"
	Body        string        // instead of JSON; with a status from 500 on an HTML page unless something is given
	Hang        bool          // no answer until the bot gives up
	Drop        bool          // the connection is cut without an answer
	After       bool          // the call is done first: only its answer is lost
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
	case f.status() >= http.StatusInternalServerError && f.Description == "":
		w.Header().Set("Content-Type", "text/html")
		w.WriteHeader(f.status())
		_, _ = io.WriteString(w, "<html>\r\n<head><title>Bad Gateway</title></head>\r\n<body></body>\r\n</html>")
	default:
		writeAnswer(w, true, f.refusal())
	}
}

// refusal is what the fault answers in JSON; nil for {"ok":true}.
func (f *Fault) refusal() *apiError {
	e := &apiError{Code: f.status(), Description: f.Description}
	switch {
	case f.status() == http.StatusOK:
		return nil
	case f.status() == http.StatusTooManyRequests:
		e.RetryAfter = f.seconds()
		if e.Description == "" {
			e.Description = "Too Many Requests: retry after " + strconv.Itoa(f.seconds())
		}
	case e.Description == "":
		e.Description = http.StatusText(f.status())
	}
	return e
}

// codes are the statuses that go with how a description begins.
var codes = map[string]int{
	"Bad Request": http.StatusBadRequest, "Unauthorized": http.StatusUnauthorized, "Forbidden": http.StatusForbidden,
	"Not Found": http.StatusNotFound, "Conflict": http.StatusConflict, "Too Many Requests": http.StatusTooManyRequests,
	"Internal Server Error": http.StatusInternalServerError, "Bad Gateway": http.StatusBadGateway,
}

func (f *Fault) status() int {
	prefix, _, _ := strings.Cut(f.Description, ":")
	switch {
	case f.Status != 0:
		return f.Status
	case f.RetryAfter > 0:
		return http.StatusTooManyRequests
	case codes[prefix] != 0:
		return codes[prefix]
	case f.Description != "":
		return http.StatusBadRequest
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
	case f.Body != "":
		call.Error = fmt.Sprintf("status %d", f.status())
	case f.refusal() != nil:
		call.Error = f.refusal().Description
	}
	if f.status() == http.StatusTooManyRequests && !f.Hang && !f.Drop {
		s.patience[call.limit()] = s.Options.Now().Add(time.Duration(f.seconds()) * time.Second)
	}
}

// limit names what Telegram counts together with a call: what is sent by its chat, all else by method.
func (c *Call) limit() string {
	if chat := c.Args["chat_id"]; chat != "" && !strings.HasPrefix(c.Method, "get") {
		return "chat " + chat
	}
	return c.Method
}

// checkPatience notes a call that came before the retry_after of an earlier one had passed; s.mu is held.
func (s *Server) checkPatience(call *Call) {
	if until, ok := s.patience[call.limit()]; ok && call.At.Before(until) {
		s.Complain("%s: %s called %s before its retry_after had passed", call.limit(), call.Method, until.Sub(call.At))
	}
}
