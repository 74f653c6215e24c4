package telegramtest

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// A WebhookInfo says what webhook the bot has set.
type WebhookInfo struct {
	URL            string
	SecretToken    string
	MaxConnections int
	AllowedUpdates []string
	LastError      string
}

// webhook is where updates are posted.
type webhook struct {
	url         string
	secret      string
	connections int
	app         string // the address at which the bot really listens
	client      *http.Client
	lastError   string
	lastErrorAt time.Time
}

func (w *webhook) takes() bool { return w.url != "" && w.app != "" }

// UseWebhook says at what address the bot listens, such as that of an httptest.Server: what it sets a webhook for is posted there,
// with the path of the webhook. Nothing is posted before it sets one; what has gathered until then waits for Redeliver.
func (s *Server) UseWebhook(appURL string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.webhook.app = strings.TrimSuffix(appURL, "/")
	s.webhook.client = &http.Client{
		Transport:     &http.Transport{DisableKeepAlives: true}, // nothing is left open when the test ends
		Timeout:       s.Options.AnswerTimeout,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// UsePolling stops posting updates; a webhook that is set stays so until the bot deletes it.
func (s *Server) UsePolling() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.webhook.app = ""
}

// Webhook returns what webhook is set, and whether one is.
func (s *Server) Webhook() (WebhookInfo, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	w := s.webhook
	return WebhookInfo{w.url, w.secret, w.connections, slices.Clone(s.queue.allowed), w.lastError}, w.url != ""
}

// ports are those to which Telegram posts.
var ports = []string{"", "443", "80", "88", "8443"}

func (s *Server) setWebhook(call *Call) (any, *apiError) {
	given := call.Args["url"]
	if given == "" {
		return s.deleteWebhook(call)
	}
	u, err := url.Parse(given)
	switch {
	case err != nil || u.Host == "":
		return nil, wrong("invalid webhook URL specified")
	case u.Scheme != "https":
		return nil, wrong("bad webhook: An HTTPS URL must be provided for webhook")
	case !slices.Contains(ports, u.Port()):
		return nil, wrong("bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443")
	case isReserved(u.Hostname()):
		return nil, wrong("bad webhook: IP address %s is reserved", u.Hostname())
	}
	secret := call.Args["secret_token"]
	switch {
	case len(secret) > 256:
		return nil, wrong("secret token is too long")
	case strings.IndexFunc(secret, func(r rune) bool {
		return r > 'z' || !isLetter(byte(r)) && !isDigit(byte(r)) && r != '-' && r != '_'
	}) >= 0:
		return nil, wrong("secret token contains unallowed characters")
	case secret == "":
		s.Complain("setWebhook: without a secret_token anybody can send updates")
	}
	if refused := s.allow(call); refused != nil {
		return nil, refused
	}
	s.dropPending(call)
	s.interrupt("terminated by setWebhook request")
	w := &s.webhook
	w.url, w.secret, w.connections, w.lastError = given, secret, call.Args.number("max_connections", 40, 1, 100), ""
	return true, nil
}

func isReserved(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && (ip.IsLoopback() || ip.IsPrivate() || ip.IsUnspecified() || ip.IsLinkLocalUnicast())
}

func (s *Server) dropPending(call *Call) {
	if call.Args.isTrue("drop_pending_updates") {
		s.queue.confirm(s.queue.last + 1)
	}
}

func (s *Server) deleteWebhook(call *Call) (any, *apiError) {
	s.dropPending(call)
	w := &s.webhook
	w.url, w.secret, w.connections, w.lastError = "", "", 0, ""
	return true, nil
}

func (s *Server) getWebhookInfo(*Call) (any, *apiError) {
	w := s.webhook
	info := object{"url": w.url, "has_custom_certificate": false, "pending_update_count": len(s.queue.pending())}
	if w.url != "" {
		info["max_connections"], info["ip_address"] = w.connections, "203.0.113.7"
	}
	if w.lastError != "" {
		info["last_error_date"], info["last_error_message"] = w.lastErrorAt.Unix(), w.lastError
	}
	if len(s.queue.allowed) > 0 {
		info["allowed_updates"] = s.queue.allowed
	}
	return info, nil
}

// Redeliver posts each update that the webhook did not acknowledge once more, as Telegram does after a while.
func (s *Server) Redeliver(ctx context.Context) []Receipt {
	s.mu.Lock()
	var again []*update
	if s.webhook.takes() {
		for _, u := range s.queue.pending() {
			if !u.busy {
				u.busy = true
				again = append(again, u)
			}
		}
	}
	s.mu.Unlock()
	var receipts []Receipt
	for _, u := range again {
		receipts = append(receipts, s.postUpdate(ctx, u))
	}
	return receipts
}

// Repeat posts an update that was acknowledged once more, as Telegram does when it did not hear of that.
func (s *Server) Repeat(ctx context.Context, updateID int64) (Receipt, error) {
	s.mu.Lock()
	u := find(s.queue.all, func(u *update) bool { return u.ID == updateID })
	ready := u != nil && !u.busy && s.webhook.takes()
	if ready {
		u.busy = true
	}
	s.mu.Unlock()
	if !ready {
		return Receipt{}, fmt.Errorf("repeat update %d: %w", updateID, errNoSuch)
	}
	return s.postUpdate(ctx, u), nil
}

// postUpdate posts an update that is marked as busy, and does the call that the answer may be.
func (s *Server) postUpdate(ctx context.Context, u *update) Receipt {
	s.mu.Lock()
	request := Request{Body: u.JSON}
	s.mu.Unlock()
	status, body, problem := s.send(ctx, request)

	s.mu.Lock()
	u.busy = false
	u.Served++
	r := &u.receipt
	r.Attempts++
	r.Status, r.Body, r.Problem, r.Acked = status, body, problem, status/100 == 2
	if r.Acked {
		u.Confirmed = true
	} else {
		s.webhook.lastError, s.webhook.lastErrorAt = problem, s.Options.Now()
	}
	receipt := *r
	s.Proceed()
	s.mu.Unlock()
	if receipt.Acked {
		s.doAnswer(body)
	}
	return receipt
}

// doAnswer does the call that a webhook's answer is, where it is one.
func (s *Server) doAnswer(body []byte) {
	var head struct {
		Method string `json:"method"`
	}
	if json.Unmarshal(body, &head) != nil || head.Method == "" {
		return
	}
	call := &Call{Method: methodName(head.Method), Args: Args{}, Files: map[string]File{}, InWebhook: true}
	call.malformed = call.parseJSON(body)
	delete(call.Args, "method")
	s.enter(call)
	s.mu.Lock()
	defer s.mu.Unlock()
	defer s.Proceed()
	if call.Method == "getUpdates" {
		s.Complain("webhook: answered with getUpdates")
		return
	}
	refused := s.admit(call)
	if refused == nil {
		_, refused = methods[call.Method](s, call)
	}
	if refused != nil {
		s.Complain("webhook: answered with %s, which was refused with %q, and nobody is told", call.Method, refused.Description)
	}
	_ = call.refused(refused)
}

// A Request is one to the webhook that Telegram would hardly make.
type Request struct {
	Method      string // POST when empty
	Path        string // that of the webhook when empty
	Body        []byte
	ContentType string      // "application/json" when empty
	Header      http.Header // set over all others, such as a wrong X-Telegram-Bot-Api-Secret-Token; a header without values is left out
}

// Post makes a request to where the bot listens; UseWebhook must have said where.
func (s *Server) Post(ctx context.Context, r Request) (Receipt, error) {
	s.mu.Lock()
	ready := s.webhook.app != ""
	s.mu.Unlock()
	if !ready {
		return Receipt{}, errors.New("requests need UseWebhook")
	}
	status, body, problem := s.send(ctx, r)
	return Receipt{Acked: status/100 == 2, Status: status, Body: body, Problem: problem, Attempts: 1}, nil
}

func (s *Server) send(ctx context.Context, r Request) (status int, body []byte, problem string) {
	s.mu.Lock()
	w := s.webhook
	s.mu.Unlock()
	req, err := w.request(ctx, r)
	if err != nil {
		return 0, nil, err.Error()
	}
	resp, err := w.client.Do(req)
	if err == nil {
		defer resp.Body.Close()
		body, err = io.ReadAll(io.LimitReader(resp.Body, maxBody))
	}
	var timeout interface{ Timeout() bool }
	switch {
	case errors.As(err, &timeout) && timeout.Timeout():
		return 0, nil, "Read timeout expired"
	case err != nil:
		return 0, nil, "Connection failed"
	case resp.StatusCode/100 != 2:
		problem = "Wrong response from the webhook: " + strconv.Itoa(resp.StatusCode) + " " + http.StatusText(resp.StatusCode)
	}
	return resp.StatusCode, body, problem
}

func (w *webhook) request(ctx context.Context, r Request) (*http.Request, error) {
	set, err := url.Parse(w.url)
	if err != nil {
		return nil, err
	}
	method, path, media := r.Method, r.Path, r.ContentType
	if method == "" {
		method = http.MethodPost
	}
	if path == "" {
		path = set.RequestURI()
	}
	if media == "" {
		media = "application/json"
	}
	req, err := http.NewRequestWithContext(ctx, method, w.app+path, bytes.NewReader(r.Body))
	if err != nil {
		return nil, err
	}
	req.Host = set.Host
	req.Header.Set("Content-Type", media)
	if w.secret != "" {
		req.Header.Set("X-Telegram-Bot-Api-Secret-Token", w.secret)
	}
	for name, values := range r.Header {
		req.Header[http.CanonicalHeaderKey(name)] = values
	}
	return req, nil
}
