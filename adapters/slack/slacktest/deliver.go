package slacktest

import (
	"context"
	"encoding/json"
	"errors"
	"net/url"
	"time"
)

// maxRetries is how often Slack delivers an event again.
const maxRetries = 3

// A Receipt says how the app took what was delivered to it.
type Receipt struct {
	ID       string // of the event
	TS       string // of the message that the act made
	Acked    bool   // within 3 s and with a 2xx, or over the socket that it went to
	Status   int    // of the HTTP answer; 200 for an acknowledgement over a socket, 0 for none
	Reason   string // why it was not, in Slack's word
	Attempts int
	Body     []byte // the answer's body, or the payload of the acknowledgement

	Message     *Message // what a command was answered with, as it stands in the channel; nil for nothing
	ResponseURL string
	TriggerID   string
}

// A delivery is what goes to the app over either transport.
type delivery struct {
	kind    kind
	payload []byte     // JSON
	form    url.Values // what HTTP carries instead; nil for events
	attempt int        // 0 for the first
	reason  string     // why there is another
}

// A kind is what Socket Mode calls a delivery.
type kind string

const (
	kindEvents      kind = "events_api"
	kindCommands    kind = "slash_commands"
	kindInteractive kind = "interactive"
)

// path is where HTTP delivers.
func (k kind) path() string {
	return map[kind]string{kindEvents: "/slack/events", kindCommands: "/slack/commands", kindInteractive: "/slack/interactions"}[k]
}

// takesAnswer says whether the acknowledgement may carry a message.
func (k kind) takesAnswer() bool { return k != kindEvents }

// A reply is what came back.
type reply struct {
	acked   bool
	status  int
	reason  string
	json    bool // the body says that it is JSON
	body    []byte
	noRetry bool
}

type transport interface {
	send(context.Context, delivery) reply
}

// An event that was not acknowledged.
type event struct {
	id       string
	delivery delivery
}

// UseSocket delivers over Socket Mode from now on.
func (s *Server) UseSocket() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.transport = s.hub
}

// UseHTTP delivers signed requests to an app at that address from now on: events to /slack/events, commands to
// /slack/commands and interactions to /slack/interactions.
func (s *Server) UseHTTP(appURL string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.transport = newHTTPTransport(s, appURL)
}

// deliver sends once, and notes an answer that came too late by either clock.
func (s *Server) deliver(ctx context.Context, d delivery) reply {
	s.mu.Lock()
	t := s.transport
	s.mu.Unlock()
	start := s.Options.Now()
	r := t.send(ctx, d)
	if took := s.Options.Now().Sub(start); r.acked && took > ackLimit {
		r.acked, r.status, r.reason = false, 0, "http_timeout"
		s.Complain("%s: answered after %s, later than 3 s", d.kind, took.Round(time.Millisecond))
	} else if r.reason == "http_timeout" || r.reason == "timeout" {
		s.Complain("%s: not answered within 3 s", d.kind)
	}
	return r
}

// deliverEvent sends an event, and keeps it for Redeliver unless it was acknowledged.
func (s *Server) deliverEvent(ctx context.Context, e *event) Receipt {
	for {
		r := s.deliver(ctx, e.delivery)
		receipt := Receipt{
			ID: e.id, Acked: r.acked, Status: r.status, Reason: r.reason, Attempts: e.delivery.attempt + 1, Body: r.body,
		}
		switch {
		case r.acked, r.noRetry, e.delivery.attempt >= maxRetries, ctx.Err() != nil:
			return receipt
		}
		e.delivery.attempt++
		e.delivery.reason = r.reason
		if !s.Options.Retry {
			s.mu.Lock()
			s.missed = append(s.missed, e)
			s.mu.Unlock()
			return receipt
		}
	}
}

// Redeliver sends each event that was not acknowledged once more, as Slack does at once, after a minute and after five; an
// event comes four times at most.
func (s *Server) Redeliver(ctx context.Context) []Receipt {
	s.mu.Lock()
	missed := s.missed
	s.missed = nil
	s.mu.Unlock()
	var receipts []Receipt
	for _, e := range missed {
		receipts = append(receipts, s.deliverEvent(ctx, e))
	}
	return receipts
}

// deliverOnce sends a command or an interaction, which Slack never sends again.
func (s *Server) deliverOnce(ctx context.Context, d delivery) (Receipt, reply) {
	r := s.deliver(ctx, d)
	return Receipt{Acked: r.acked, Status: r.status, Reason: dispatchReason(r.reason), Attempts: 1, Body: r.body}, r
}

// dispatchReason is what a person is told.
func dispatchReason(reason string) string {
	switch reason {
	case "":
		return ""
	case "http_timeout", "timeout":
		return "operation_timeout"
	}
	return "dispatch_failed"
}

// encoded makes a delivery of a payload. HTTP carries interactions as JSON in a form, and commands as a form.
func encoded(k kind, payload any) (delivery, error) {
	body, err := json.Marshal(payload)
	if err != nil {
		return delivery{}, err
	}
	d := delivery{kind: k, payload: body}
	if k == kindInteractive {
		d.form = url.Values{"payload": {string(body)}}
	}
	return d, nil
}

// errNoSuch is for what a person cannot do in the workspace as it is.
var errNoSuch = errors.New("no such thing in the workspace")
