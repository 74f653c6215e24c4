package slacktest

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// httpTransport posts signed requests to an app.
type httpTransport struct {
	s      *Server
	url    string
	client *http.Client
}

func newHTTPTransport(s *Server, appURL string) *httpTransport {
	return &httpTransport{s: s, url: strings.TrimSuffix(appURL, "/"), client: &http.Client{
		Transport:     &http.Transport{DisableKeepAlives: true}, // nothing is left open when the test ends
		Timeout:       s.Options.AckTimeout,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

func (t *httpTransport) send(ctx context.Context, d delivery) reply {
	raw := Raw{Path: d.kind.path(), Body: d.payload, ContentType: "application/json", Header: http.Header{}}
	if d.form != nil {
		raw.Body, raw.ContentType = []byte(d.form.Encode()), "application/x-www-form-urlencoded"
	}
	if d.attempt > 0 {
		raw.Header.Set("X-Slack-Retry-Num", strconv.Itoa(d.attempt))
		raw.Header.Set("X-Slack-Retry-Reason", d.reason)
	}
	return t.post(ctx, raw)
}

// Raw is a request that Slack would hardly make.
type Raw struct {
	Path        string // "/slack/events" when empty
	Body        []byte
	ContentType string        // "application/json" when empty
	Secret      string        // that it is signed with; the right one when empty
	Age         time.Duration // of the signature, by the real clock
	Header      http.Header   // set over all others, such as a signature of one's own; a header without values is left out
}

// Raw posts a request to the app at the address of UseHTTP, which must be in use.
func (s *Server) Raw(ctx context.Context, raw Raw) (Receipt, error) {
	s.mu.Lock()
	t, ok := s.transport.(*httpTransport)
	s.mu.Unlock()
	if !ok {
		return Receipt{}, errors.New("raw requests need UseHTTP")
	}
	r := t.post(ctx, raw)
	return Receipt{Acked: r.acked, Status: r.status, Reason: r.reason, Attempts: 1, Body: r.body}, nil
}

// VerifyURL does what Slack does when a request URL is entered: the app must return the challenge.
func (s *Server) VerifyURL(ctx context.Context) error {
	const challenge = "3eZbrw1aBm2rZgRNFdxV2595E9CY3gmdALWMmHkvFXO7tYXAYM8P"
	r, err := s.Raw(ctx, Raw{Body: []byte(`{"token":"verification-token","type":"url_verification","challenge":"` + challenge + `"}`)})
	if err == nil && (!r.Acked || !bytes.Contains(r.Body, []byte(challenge))) {
		err = fmt.Errorf("the challenge was answered with status %d and %q", r.Status, r.Body)
	}
	return err
}

func (t *httpTransport) post(ctx context.Context, raw Raw) reply {
	req, err := t.request(ctx, raw)
	if err != nil {
		return reply{reason: "unknown_error"}
	}
	resp, err := t.client.Do(req)
	if err != nil {
		return reply{reason: reasonOf(err)}
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxBody))
	if err != nil {
		return reply{reason: reasonOf(err)}
	}
	media, _, _ := mime.ParseMediaType(resp.Header.Get("Content-Type"))
	r := reply{status: resp.StatusCode, body: body, json: media == "application/json", acked: resp.StatusCode/100 == 2}
	if !r.acked {
		r.reason, r.noRetry = "http_error", resp.Header.Get("X-Slack-No-Retry") == "1"
	}
	return r
}

func reasonOf(err error) string {
	var timeout interface{ Timeout() bool }
	if errors.As(err, &timeout) && timeout.Timeout() {
		return "http_timeout"
	}
	return "connection_failed"
}

// request signs a request: an app checks its age against the real clock, so that is what it is stamped with.
func (t *httpTransport) request(ctx context.Context, raw Raw) (*http.Request, error) {
	path, secret, media := raw.Path, raw.Secret, raw.ContentType
	if path == "" {
		path = kindEvents.path()
	}
	if secret == "" {
		secret = t.s.Options.SigningSecret
	}
	if media == "" {
		media = "application/json"
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, t.url+path, bytes.NewReader(raw.Body))
	if err != nil {
		return nil, err
	}
	stamp := strconv.FormatInt(time.Now().Add(-raw.Age).Unix(), 10)
	req.Header.Set("User-Agent", "Slackbot 1.0 (+https://api.slack.com/robots)")
	req.Header.Set("Content-Type", media)
	req.Header.Set("X-Slack-Request-Timestamp", stamp)
	req.Header.Set("X-Slack-Signature", sign(secret, stamp, raw.Body))
	for name, values := range raw.Header {
		req.Header[http.CanonicalHeaderKey(name)] = values
	}
	return req, nil
}

func sign(secret, stamp string, body []byte) string {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte("v0:" + stamp + ":"))
	mac.Write(body)
	return "v0=" + hex.EncodeToString(mac.Sum(nil))
}
