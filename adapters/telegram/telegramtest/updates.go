package telegramtest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"time"
)

// A Receipt says how the bot took what was delivered to it.
type Receipt struct {
	UpdateID int64  // 0 when nothing of it goes to the bot
	Kind     string // of the update, such as "message"
	Withheld string // why nothing goes: "allowed_updates", "privacy" or "not a member"
	Message  *Message
	QueryID  string // of a pressed button or an inline query

	Acked    bool // over a webhook: with a 2xx
	Status   int  // of the webhook's answer; 0 for none
	Attempts int
	Body     []byte // the answer's body
	Problem  string // why the webhook did not take it, in Telegram's words
}

// An Update is one that went to the bot, or waits for it.
type Update struct {
	ID        int64
	Kind      string
	JSON      json.RawMessage
	Confirmed bool // acknowledged over a webhook, or followed by a getUpdates for later ones
	Served    int  // how often it was in an answer of getUpdates or posted
}

type update struct {
	Update

	busy    bool // on its way over the webhook
	receipt Receipt
}

// queue is what waits for the bot.
type queue struct {
	last    int64
	all     []*update
	allowed []string // nil for those that Telegram sends unless it is told
	poll    *poll
}

// A poll is a getUpdates that waits.
type poll struct {
	wake  chan struct{}
	ended chan *apiError
}

// maxQueueGap is how far behind the last update an offset may be.
const maxQueueGap = 10

// unlessAsked are the updates that Telegram does not send unless they are asked for.
var unlessAsked = []string{"chat_member", "message_reaction", "message_reaction_count"}

func (q *queue) allows(kind string) bool {
	if len(q.allowed) == 0 {
		return !slices.Contains(unlessAsked, kind)
	}
	return slices.Contains(q.allowed, kind)
}

func (q *queue) pending() []*update {
	var found []*update
	for _, u := range q.all {
		if !u.Confirmed {
			found = append(found, u)
		}
	}
	return found
}

// confirm forgets the updates before an offset, as getUpdates does.
func (q *queue) confirm(offset int64) {
	pending := q.pending()
	if offset < 0 {
		keep := min(int(-offset), len(pending))
		for _, u := range pending[:len(pending)-keep] {
			u.Confirmed = true
		}
	}
	if offset > q.last+maxQueueGap {
		return
	}
	for _, u := range pending {
		if u.ID < offset {
			u.Confirmed = true
		}
	}
}

func conflict(text string) *apiError {
	return &apiError{Code: http.StatusConflict, Description: "Conflict: " + text}
}

// interrupt ends a getUpdates that waits; s.mu is held.
func (s *Server) interrupt(why string) {
	if p := s.queue.poll; p != nil {
		p.ended <- conflict(why)
		s.queue.poll = nil
	}
}

// allow keeps which updates a call asks for, where it says so; s.mu is held.
func (s *Server) allow(call *Call) *apiError {
	raw, ok := call.Args["allowed_updates"]
	if !ok || raw == "null" || raw == "" {
		return nil
	}
	var kinds []string
	if json.Unmarshal([]byte(raw), &kinds) != nil {
		return wrong("can't parse allowed_updates")
	}
	for _, k := range kinds {
		if !slices.Contains(updateKinds, k) {
			s.Complain("%s: there are no updates of the kind %q", call.Method, k)
		}
	}
	s.queue.allowed = kinds
	return nil
}

// updateKinds are the kinds of updates that there are.
var updateKinds = []string{
	"message", "edited_message", "channel_post", "edited_channel_post", "business_connection", "business_message",
	"edited_business_message", "deleted_business_messages", "message_reaction", "message_reaction_count", "inline_query",
	"chosen_inline_result", "callback_query", "shipping_query", "pre_checkout_query", "purchased_paid_media", "poll", "poll_answer",
	"my_chat_member", "chat_member", "chat_join_request", "chat_boost", "removed_chat_boost",
}

// getUpdates waits for updates. The lock is not held.
func (s *Server) getUpdates(ctx context.Context, call *Call) (any, *apiError) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.webhook.url != "" {
		return nil, conflict("can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first")
	}
	if refused := s.allow(call); refused != nil {
		return nil, refused
	}
	limit := call.Args.number("limit", 100, 1, 100)
	wait := min(time.Duration(call.Args.number("timeout", 0, 0, 50))*time.Second, s.Options.PollTimeoutMax)
	s.queue.confirm(call.Args.id("offset"))
	s.Proceed()
	if batch := s.batch(limit); len(batch) > 0 || wait <= 0 {
		return batch, nil
	}
	s.interrupt("terminated by other getUpdates request; make sure that only one bot instance is running")
	p := &poll{wake: make(chan struct{}, 1), ended: make(chan *apiError, 1)}
	s.queue.poll = p
	s.mu.Unlock()
	refused := s.wait(ctx, p, wait)
	s.mu.Lock()
	if s.queue.poll == p {
		s.queue.poll = nil
	}
	if refused != nil || ctx.Err() != nil {
		return nil, refused
	}
	return s.batch(limit), nil
}

func (s *Server) wait(ctx context.Context, p *poll, limit time.Duration) *apiError {
	timer := time.NewTimer(limit)
	defer timer.Stop()
	select {
	case refused := <-p.ended:
		return refused
	case <-p.wake:
	case <-timer.C:
	case <-ctx.Done():
	case <-s.closed:
	}
	return nil
}

// batch is what the next answer of getUpdates holds.
func (s *Server) batch(limit int) []json.RawMessage {
	batch := []json.RawMessage{}
	for _, u := range s.queue.pending() {
		if len(batch) == limit {
			break
		}
		u.Served++
		batch = append(batch, u.JSON)
	}
	return batch
}

// deliver sends the bot an update, with what the receipt of it says already.
func (s *Server) deliver(ctx context.Context, kind string, payload any, r Receipt) (Receipt, error) {
	s.mu.Lock()
	r.Kind = kind
	switch {
	case r.Withheld != "":
	case !s.queue.allows(kind):
		r.Withheld = "allowed_updates"
	}
	if r.Withheld != "" {
		s.mu.Unlock()
		return r, nil
	}
	id := s.queue.last + 1
	body, err := json.Marshal(object{"update_id": id, kind: payload})
	if err != nil {
		s.mu.Unlock()
		return r, fmt.Errorf("update: %w", err)
	}
	return s.enqueue(ctx, id, kind, body, r), nil
}

// enqueue puts an update into the queue, and sends it where a webhook is set. s.mu is held, and is let go.
func (s *Server) enqueue(ctx context.Context, id int64, kind string, body []byte, r Receipt) Receipt {
	r.UpdateID = id
	u := &update{Update: Update{ID: id, Kind: kind, JSON: body}, receipt: r}
	s.queue.last = id
	s.queue.all = append(s.queue.all, u)
	for _, q := range s.callbacks {
		if q.id == r.QueryID {
			q.update = u
		}
	}
	if p := s.queue.poll; p != nil {
		select {
		case p.wake <- struct{}{}:
		default:
		}
	}
	u.busy = s.webhook.takes()
	post := u.busy
	s.mu.Unlock()
	if post {
		return s.postUpdate(ctx, u)
	}
	return r
}

// Raw sends the bot an update of the caller's making. It gets an ID unless it has one, which must be later than all before it.
func (s *Server) Raw(ctx context.Context, body []byte) (Receipt, error) {
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(body, &fields); err != nil {
		return Receipt{}, fmt.Errorf("raw update: %w", err)
	}
	s.mu.Lock()
	id := s.queue.last + 1
	if raw, ok := fields["update_id"]; ok {
		given, err := strconv.ParseInt(string(raw), 10, 64)
		if err != nil || given < id {
			s.mu.Unlock()
			return Receipt{}, fmt.Errorf("raw update %s: its ID is not later than %d", raw, id-1)
		}
		id = given
	} else {
		fields["update_id"] = json.RawMessage(strconv.FormatInt(id, 10))
		body, _ = json.Marshal(fields) // it was JSON
	}
	kind := "raw"
	for _, k := range updateKinds {
		if _, ok := fields[k]; ok {
			kind = k
		}
	}
	return s.enqueue(ctx, id, kind, body, Receipt{Kind: kind}), nil
}

// Updates lists what went to the bot or waits for it, in order.
func (s *Server) Updates() []Update {
	s.mu.Lock()
	defer s.mu.Unlock()
	var found []Update
	for _, u := range s.queue.all {
		found = append(found, u.Update)
	}
	return found
}

// Confirmed says whether the bot took an update for good. One that was never sent counts as taken.
func (s *Server) Confirmed(updateID int64) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return !slices.ContainsFunc(s.queue.all, func(u *update) bool { return u.ID == updateID && !u.Confirmed })
}

// Pending counts the updates that wait for the bot.
func (s *Server) Pending() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.queue.pending())
}

// AwaitConfirmed waits until the bot has taken all updates. What it does with them may come later.
func (s *Server) AwaitConfirmed(ctx context.Context) error {
	return s.Await(ctx, func() bool { return s.Pending() == 0 })
}

// errNoSuch is for what a person cannot do in this Telegram as it is.
var errNoSuch = errors.New("no such thing in this Telegram")
