package slacktest

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/gorilla/websocket"
)

const (
	maxSockets = 10        // connections of an app
	maxAck     = 20 * 1024 // bytes of an acknowledgement; Slack drops longer ones without a word
)

// A hub holds the sockets of the app, and delivers over one of them.
type hub struct {
	s        *Server
	upgrader websocket.Upgrader
	serving  sync.WaitGroup

	mu      sync.Mutex // of all below; taken after that of the Server where both are
	closing bool
	tickets map[string]bool // of sockets that may be opened
	sockets []*socket       // in the order in which they are to be used
	sent    map[string]bool // every envelope
	changed chan struct{}   // closed when sockets changes
}

// A socket is one connection.
type socket struct {
	conn    *websocket.Conn
	writing sync.Mutex
	gone    chan struct{} // closed when it is

	leaving bool // it was told to disconnect, and gets nothing more; hub.mu
	waiting map[string]chan ack
	acked   map[string]bool
}

// An ack is what the app writes.
type ack struct {
	EnvelopeID string          `json:"envelope_id"`
	Payload    json.RawMessage `json:"payload"`
}

func newHub(s *Server) *hub {
	return &hub{
		s: s, tickets: map[string]bool{}, sent: map[string]bool{}, changed: make(chan struct{}),
		// Clients send Slack's origin, or none.
		upgrader: websocket.Upgrader{CheckOrigin: func(*http.Request) bool { return true }},
	}
}

func (s *Server) connectionsOpen(Call) (object, error) {
	ticket := s.newID("ticket")
	s.hub.mu.Lock()
	defer s.hub.mu.Unlock()
	s.hub.tickets[ticket] = true
	return object{"url": "ws" + strings.TrimPrefix(s.http.URL, "http") + "/link?ticket=" + ticket + "&app_id=" + s.Options.AppID}, nil
}

// serve takes a connection and reads it until it ends.
func (h *hub) serve(w http.ResponseWriter, r *http.Request) {
	h.mu.Lock()
	ticket := r.URL.Query().Get("ticket")
	ok := h.tickets[ticket] && !h.closing
	delete(h.tickets, ticket) // which is good for one connection
	if ok {
		h.serving.Add(1)
		defer h.serving.Done()
	}
	h.mu.Unlock()
	if !ok {
		http.Error(w, "unknown ticket", http.StatusNotFound)
		return
	}
	conn, err := h.upgrader.Upgrade(w, r, nil)
	if err != nil {
		return // which Upgrade has answered
	}
	c := &socket{conn: conn, gone: make(chan struct{}), waiting: map[string]chan ack{}, acked: map[string]bool{}}
	defer func() { _ = conn.Close() }() // it may be gone already
	if n, ok := h.join(c); ok {
		defer h.leave(c)
		c.write(h.hello(n))
		go c.ping(h.s.Options.PingInterval)
		h.read(c)
		return
	}
	c.write(h.disconnect("too_many_websockets"))
}

func (h *hub) join(c *socket) (int, bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if len(h.sockets) >= maxSockets || h.closing {
		return 0, false
	}
	h.sockets = append(h.sockets, c)
	h.notify()
	return len(h.sockets), true
}

func (h *hub) leave(c *socket) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.sockets = slices.DeleteFunc(h.sockets, func(other *socket) bool { return other == c })
	close(c.gone)
	h.notify()
}

// notify wakes who waits for sockets; h.mu is held.
func (h *hub) notify() {
	close(h.changed)
	h.changed = make(chan struct{})
}

func (h *hub) hello(n int) object {
	return object{
		"type": "hello", "num_connections": n, "connection_info": object{"app_id": h.s.Options.AppID},
		"debug_info": object{"host": "applink-1", "build_number": 1, "approximate_connection_time": 18060},
	}
}

func (h *hub) disconnect(reason string) object {
	return object{"type": "disconnect", "reason": reason, "debug_info": object{"host": "applink-1"}}
}

// write sends JSON; one that fails has lost its connection, which the reader finds too.
func (c *socket) write(v any) {
	body, err := json.Marshal(v)
	if err == nil {
		c.writeRaw(body)
	}
}

func (c *socket) writeRaw(body []byte) {
	c.writing.Lock()
	defer c.writing.Unlock()
	_ = c.conn.SetWriteDeadline(time.Now().Add(10 * time.Second))
	_ = c.conn.WriteMessage(websocket.TextMessage, body)
}

// ping pings at once, because clients give up a connection without pings, and then at intervals.
func (c *socket) ping(interval time.Duration) {
	ticker := time.NewTicker(interval)
	defer ticker.Stop()
	for {
		_ = c.conn.WriteControl(websocket.PingMessage, []byte("ping"), time.Now().Add(10*time.Second))
		select {
		case <-ticker.C:
		case <-c.gone:
			return
		}
	}
}

// read takes acknowledgements until the connection ends.
func (h *hub) read(c *socket) {
	for {
		_, body, err := c.conn.ReadMessage()
		if err != nil {
			return
		}
		if complaint := h.take(c, body); complaint != "" {
			h.s.Complain("%s", complaint)
		}
	}
}

// take hands an acknowledgement to who waits for it, and returns what is wrong with it.
func (h *hub) take(c *socket, body []byte) string {
	var a ack
	if err := json.Unmarshal(body, &a); err != nil || a.EnvelopeID == "" {
		return fmt.Sprintf("socket: a message that is no acknowledgement: %.100q", body)
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	waiting, ok := c.waiting[a.EnvelopeID]
	switch {
	case len(body) >= maxAck:
		return fmt.Sprintf("socket: an acknowledgement of %d bytes, which Slack drops", len(body))
	case ok:
		delete(c.waiting, a.EnvelopeID)
		c.acked[a.EnvelopeID] = true
		waiting <- a
	case c.acked[a.EnvelopeID]:
		return "socket: acknowledged twice: " + a.EnvelopeID
	case !h.sent[a.EnvelopeID]:
		return "socket: acknowledged what was never sent: " + a.EnvelopeID
	}
	return "" // else it comes too late, or over another connection than the envelope: Slack sends such an event again
}

// send delivers an envelope over one socket, and waits until it is acknowledged over it.
func (h *hub) send(ctx context.Context, d delivery) reply {
	h.s.mu.Lock()
	id := h.s.newID("envelope-")
	h.s.mu.Unlock()
	frame := object{
		"envelope_id": id, "type": d.kind, "payload": json.RawMessage(d.payload), "accepts_response_payload": d.kind.takesAnswer(),
	}
	if d.kind == kindEvents {
		frame["retry_attempt"], frame["retry_reason"] = d.attempt, d.reason
	}
	body, err := json.Marshal(frame)
	if err != nil {
		return reply{reason: "unknown_error"}
	}
	return h.exchange(ctx, id, body)
}

func (h *hub) exchange(ctx context.Context, id string, body []byte) reply {
	c, answer := h.expect(id)
	if c == nil {
		return reply{reason: "connection_failed"}
	}
	c.writeRaw(body)
	timer := time.NewTimer(h.s.Options.AckTimeout)
	defer timer.Stop()
	select {
	case a := <-answer:
		return reply{acked: true, status: http.StatusOK, body: a.Payload, json: true}
	case <-timer.C:
		return h.unanswered(c, id, answer, "timeout")
	case <-c.gone:
		return h.unanswered(c, id, answer, "connection_failed")
	case <-ctx.Done():
		return h.unanswered(c, id, answer, "connection_failed")
	}
}

// expect picks the next socket and waits for an acknowledgement over it; there is none where no socket is open.
func (h *hub) expect(id string) (*socket, chan ack) {
	h.mu.Lock()
	defer h.mu.Unlock()
	i := slices.IndexFunc(h.sockets, func(c *socket) bool { return !c.leaving })
	if i < 0 {
		return nil, nil
	}
	c := h.sockets[i]
	h.sockets = append(slices.Delete(h.sockets, i, i+1), c) // each in its turn
	h.sent[id] = true
	answer := make(chan ack, 1)
	c.waiting[id] = answer
	return c, answer
}

// unanswered gives up waiting, unless the answer came in that moment.
func (h *hub) unanswered(c *socket, id string, answer chan ack, reason string) reply {
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(c.waiting, id)
	select {
	case a := <-answer:
		return reply{acked: true, status: http.StatusOK, body: a.Payload, json: true}
	default:
		return reply{reason: reason}
	}
}

// close cuts all connections and waits for their ends.
func (h *hub) close() {
	h.mu.Lock()
	h.closing = true
	h.mu.Unlock()
	h.drop()
	h.serving.Wait()
}

func (h *hub) drop() {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, c := range h.sockets {
		_ = c.conn.NetConn().Close() // without a closing handshake
	}
}

// DropConnections cuts all sockets without a word.
func (s *Server) DropConnections() { s.hub.drop() }

// Disconnect asks the app to leave all its present sockets, for "warning", "refresh_requested" or "link_disabled". They get
// nothing more, and it is up to the app to close them and open others.
func (s *Server) Disconnect(reason string) {
	s.hub.mu.Lock()
	sockets := slices.Clone(s.hub.sockets)
	for _, c := range sockets {
		c.leaving = true
	}
	s.hub.notify()
	s.hub.mu.Unlock()
	for _, c := range sockets {
		c.write(s.hub.disconnect(reason))
	}
}

// Sockets counts the sockets over which the fake would deliver.
func (s *Server) Sockets() int {
	s.hub.mu.Lock()
	defer s.hub.mu.Unlock()
	return s.hub.ready()
}

func (h *hub) ready() int {
	n := 0
	for _, c := range h.sockets {
		if !c.leaving {
			n++
		}
	}
	return n
}

// AwaitSockets waits until the app has that many sockets open.
func (s *Server) AwaitSockets(ctx context.Context, n int) error {
	for {
		s.hub.mu.Lock()
		ready, changed := s.hub.ready(), s.hub.changed
		s.hub.mu.Unlock()
		if ready == n {
			return nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return fmt.Errorf("%d sockets are open, not %d: %w", ready, n, ctx.Err())
		}
	}
}

// Frame sends bytes as they are over one socket. If they are an envelope, its acknowledgement is waited for.
func (s *Server) Frame(ctx context.Context, body []byte) (Receipt, error) {
	var envelope ack
	_ = json.Unmarshal(body, &envelope) // what is no envelope gets no answer
	if envelope.EnvelopeID != "" {
		r := s.hub.exchange(ctx, envelope.EnvelopeID, body)
		return Receipt{Acked: r.acked, Status: r.status, Reason: r.reason, Attempts: 1, Body: r.body}, nil
	}
	c, _ := s.hub.expect("")
	if c == nil {
		return Receipt{}, fmt.Errorf("frame: %w: an open socket", errNoSuch)
	}
	c.writeRaw(body)
	return Receipt{Attempts: 1}, nil
}
