package telegram

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"stancebot/bot"
	"stancebot/bot/inbox"
)

// The limits of a call, and of what may be tried again.
const (
	callLimit = 10 * time.Second
	firstWait = 2 * time.Second  // before a call is tried again that did not reach Telegram
	limitWait = 30 * time.Second // when Telegram says that there were too many calls, and not how long
	giveUp    = 15 * time.Minute // an answer that comes later is none
	maxAnswer = 8 << 20          // of what Telegram answers: a batch of updates
)

// apiURL is Telegram's own.
const apiURL = "https://api.telegram.org"

// errUncertain tells that Telegram may have taken a message or not: the line broke before it said so.
var errUncertain = errors.New("telegram may have taken it or not")

// A goneError tells that nothing can be sent to a chat any more: we were blocked or kicked, or it is not there.
type goneError struct{ reason string }

func (e *goneError) Error() string { return "telegram: the chat is gone: " + e.reason }

// A movedError tells that a group became a supergroup, whose id it names.
type movedError struct{ to int64 }

func (e *movedError) Error() string { return "telegram: the group became a supergroup" }

// params are those of a call. All values are strings, as forms carry them.
type params = tgbotapi.Params

// A client calls Telegram's API. It waits with no call: what Telegram wants later is a *inbox.Later, and nothing is sent to the
// chat before. It is safe for concurrent use.
type client struct {
	token, endpoint string
	http            *http.Client
	now             func() time.Time
	meter           Meter
	health          *health
	photos          photos

	mu    sync.Mutex
	until map[string]time.Time // by chat
}

// mostIdle is how many connections are kept for the next calls: of all that the inbox works at a time, and those beside it.
const mostIdle = 32

// newHTTP returns a client that keeps its connections: there is one host, and the default keeps two for each.
func newHTTP() *http.Client {
	transport := &http.Transport{Proxy: http.ProxyFromEnvironment, ForceAttemptHTTP2: true}
	if shared, ok := http.DefaultTransport.(*http.Transport); ok {
		transport = shared.Clone()
	}
	transport.MaxIdleConnsPerHost = mostIdle
	return &http.Client{Transport: transport}
}

func newClient(o *Options, h *health) *client {
	base := o.APIURL
	if base == "" {
		base = apiURL
	}
	return &client{
		token: o.Token, endpoint: strings.TrimSuffix(base, "/") + "/bot%s/%s", http: o.HTTP, now: o.Now, meter: o.Meter, health: h,
		until: map[string]time.Time{},
	}
}

// call calls a method, and returns its result. The library knows neither contexts nor deadlines: each call gets both by a
// client of its own.
func (c *client) call(ctx context.Context, method string, p params) (json.RawMessage, error) {
	return c.within(ctx, callLimit, method, p)
}

// within calls a method that may take so long, with files where there are some.
func (c *client) within(ctx context.Context, limit time.Duration, method string, p params, files ...tgbotapi.RequestFile) (json.RawMessage, error) {
	chat := p["chat_id"]
	if until := c.held(chat); !until.IsZero() && chat != "" {
		return nil, &inbox.Later{Until: until, Err: fmt.Errorf("telegram: %s: too many calls", method)}
	}
	ctx, end := context.WithTimeout(ctx, limit)
	defer end()
	api := tgbotapi.BotAPI{Token: c.token, Client: &doer{ctx, c.http}}
	api.SetAPIEndpoint(c.endpoint)
	start := c.now()
	resp, err := requested(&api, method, p, files)
	c.meter.Call(method, outcomeOf(err), c.now().Sub(start))
	if err != nil {
		return nil, c.weigh(method, chat, err)
	}
	c.health.works()
	return resp.Result, nil
}

func requested(api *tgbotapi.BotAPI, method string, p params, files []tgbotapi.RequestFile) (*tgbotapi.APIResponse, error) {
	if len(files) == 0 {
		return api.MakeRequest(method, p)
	}
	return api.UploadFiles(method, p, files)
}

// A doer does a request within a context, and turns what is no answer of Telegram's into an error of ours: the library reads
// a gateway's page as JSON and loses its status.
type doer struct {
	ctx  context.Context //nolint:containedctx // the library hands over none
	http *http.Client
}

// Do does the request.
func (d *doer) Do(r *http.Request) (*http.Response, error) {
	resp, err := d.http.Do(r.WithContext(d.ctx)) //nolint:gosec // to the address that the operator set
	if err != nil {
		return nil, withoutURL(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer))
	if err != nil {
		return nil, withoutURL(err)
	}
	if !json.Valid(body) {
		return nil, &statusError{resp.StatusCode}
	}
	resp.Body = io.NopCloser(bytes.NewReader(body))
	return resp, nil
}

// A statusError is an answer that is not Telegram's.
type statusError struct{ code int }

func (e *statusError) Error() string {
	return "an answer that is no JSON, status " + strconv.Itoa(e.code)
}

// withoutURL takes the address out of an error, which holds the token.
func withoutURL(err error) error {
	if ue := (*url.Error)(nil); errors.As(err, &ue) {
		return ue.Err
	}
	return err
}

// held returns until when calls to a chat are held back, or the zero time.
func (c *client) held(chat string) time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	until := c.until[chat]
	if !until.After(c.now()) {
		delete(c.until, chat)
		return time.Time{}
	}
	return until
}

func (c *client) hold(chat string, wait time.Duration) time.Time {
	until := c.now().Add(wait)
	if chat == "" {
		return until
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.until[chat] = until
	return until
}

// weigh tells what an error means: by its code and by its words, since the library loses the code of uploads.
func (c *client) weigh(method, chat string, err error) error {
	refused := (*tgbotapi.Error)(nil)
	if !errors.As(err, &refused) {
		if notSent(err) {
			return &inbox.Later{Until: c.now().Add(firstWait), Err: fmt.Errorf("telegram: %s: %w", method, err)}
		}
		return fmt.Errorf("telegram: %s: %w: %w", method, errUncertain, err)
	}
	err = fmt.Errorf("telegram: %s: %s", method, refused.Message)
	is := func(code int, words string) bool {
		return refused.Code == code || strings.HasPrefix(refused.Message, words)
	}
	switch {
	case refused.MigrateToChatID != 0:
		return &movedError{refused.MigrateToChatID}
	case is(http.StatusTooManyRequests, "Too Many Requests"):
		wait := time.Duration(refused.RetryAfter) * time.Second
		if wait <= 0 {
			wait = limitWait
		}
		return &inbox.Later{Until: c.hold(chat, wait), Err: err}
	case is(http.StatusForbidden, "Forbidden") || strings.Contains(refused.Message, "chat not found"):
		return &goneError{refused.Message}
	case is(http.StatusUnauthorized, "Unauthorized"), is(http.StatusNotFound, "Not Found"):
		c.health.fails(refused.Message)
	case refused.Code >= http.StatusInternalServerError:
		return fmt.Errorf("%w: %w", errUncertain, err)
	}
	return &refusedError{refused.Code, err}
}

// A refusedError is a call that Telegram refuses.
type refusedError struct {
	code int
	err  error
}

func (e *refusedError) Error() string { return e.err.Error() }

// notModified reports whether an edit would have changed nothing, which is as good as done.
func notModified(err error) bool {
	return err != nil && strings.Contains(err.Error(), "message is not modified")
}

// notSent reports whether a call failed before any of it was sent.
func notSent(err error) bool {
	op := (*net.OpError)(nil)
	return errors.As(err, &op) && op.Op == "dial"
}

// isTimeout reports whether no answer came in time.
func isTimeout(err error) bool {
	late := net.Error(nil)
	return errors.As(err, &late) && late.Timeout()
}

// outcomeOf names how a call went, for metrics.
func outcomeOf(err error) string {
	refused := (*tgbotapi.Error)(nil)
	switch {
	case err == nil:
		return "ok"
	case isTimeout(err):
		return "timeout"
	case !errors.As(err, &refused):
		return "unreachable"
	case refused.RetryAfter > 0:
		return "ratelimited"
	case refused.Code > 0:
		return strconv.Itoa(refused.Code)
	}
	return "refused"
}

// A target is where a message goes.
type target struct {
	chat, thread int64
	replyTo      int64 // the message that it answers, 0 for none
}

// jsonOf writes a parameter that is an object. What is written here always can be.
func jsonOf(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		panic(fmt.Sprintf("telegram: a parameter: %v", err))
	}
	return string(b)
}

// noPreview keeps the pages that receipts lead to from being shown below a message.
const noPreview = `{"is_disabled":true}`

// keyboardOf writes buttons as they are sent, "" for none.
func keyboardOf(keys [][]Button) string {
	if len(keys) == 0 {
		return ""
	}
	return jsonOf(map[string]any{"inline_keyboard": keys})
}

func messageParams(html, keyboard string) params {
	p := params{"text": html, "parse_mode": "HTML", "link_preview_options": noPreview}
	p.AddNonEmpty("reply_markup", keyboard)
	return p
}

// send sends one text, and returns the id of the message.
func (c *client) send(ctx context.Context, to target, html, keyboard string) (int64, error) {
	p := messageParams(html, keyboard)
	to.name(p)
	result, err := c.call(ctx, "sendMessage", p)
	if err != nil {
		return 0, err
	}
	var sent struct {
		ID int64 `json:"message_id"`
	}
	if err := json.Unmarshal(result, &sent); err != nil {
		return 0, nil //nolint:nilerr // it was sent; that its id cannot be read keeps it from being edited alone
	}
	return sent.ID, nil
}

// name names a target in the parameters of a call.
func (t target) name(p params) {
	p.AddNonZero64("chat_id", t.chat)
	p.AddNonZero64("message_thread_id", t.thread)
	if t.replyTo != 0 {
		p["reply_parameters"] = jsonOf(map[string]any{"message_id": t.replyTo, "allow_sending_without_reply": true})
	}
}

// uploadLimit is how long the upload of a file may take.
const uploadLimit = 30 * time.Second

// sendFile sends a file with a caption: what is a picture, as one.
func (c *client) sendFile(ctx context.Context, to target, f *bot.File, html string) error {
	p := params{"caption": html, "parse_mode": "HTML"}
	to.name(p)
	if !f.IsPicture() {
		_, err := c.within(ctx, uploadLimit, "sendDocument", p, uploaded("document", f))
		return err
	}
	sum := sha256.Sum256(f.Data)
	if id := c.photos.of(sum); id != "" { // the same picture goes to many: Telegram has it already
		p["photo"] = id
		_, err := c.call(ctx, "sendPhoto", p)
		if refused := (*refusedError)(nil); !errors.As(err, &refused) || !strings.Contains(err.Error(), "file") {
			return err
		}
		c.photos.forget(sum) // it has no more
		delete(p, "photo")
	}
	result, err := c.within(ctx, uploadLimit, "sendPhoto", p, uploaded("photo", f))
	if err == nil {
		c.photos.keep(sum, photoID(result))
	}
	return err
}

func uploaded(field string, f *bot.File) tgbotapi.RequestFile {
	return tgbotapi.RequestFile{Name: field, Data: tgbotapi.FileBytes{Name: f.Name, Bytes: f.Data}}
}

// photoID is the id by which Telegram has the largest form of a photo that was sent, "" where it does not tell.
func photoID(result json.RawMessage) string {
	var sent struct {
		Photo []struct {
			ID string `json:"file_id"`
		} `json:"photo"`
	}
	if err := json.Unmarshal(result, &sent); err != nil || len(sent.Photo) == 0 {
		return ""
	}
	return sent.Photo[len(sent.Photo)-1].ID
}

// photos are the ids of pictures that were sent of late, by what is in them. They are safe for concurrent use.
type photos struct {
	mu  sync.Mutex
	ids map[[sha256.Size]byte]string
}

// maxPhotos is how many pictures are remembered; a digest needs one for each filter and language.
const maxPhotos = 500

func (p *photos) of(sum [sha256.Size]byte) string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.ids[sum]
}

func (p *photos) keep(sum [sha256.Size]byte, id string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.ids == nil || len(p.ids) >= maxPhotos {
		p.ids = map[[sha256.Size]byte]string{}
	}
	p.ids[sum] = id
}

func (p *photos) forget(sum [sha256.Size]byte) {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.ids, sum)
}

// edit puts a text in the place of that of a message, of a chat's or of one that was sent by inline mode.
func (c *client) edit(ctx context.Context, chat, id int64, inline, html, keyboard string) error {
	p := messageParams(html, keyboard)
	if inline != "" {
		p["inline_message_id"] = inline
	} else {
		p.AddNonZero64("chat_id", chat)
		p.AddNonZero64("message_id", id)
	}
	_, err := c.call(ctx, "editMessageText", p)
	if notModified(err) {
		return nil
	}
	return err
}
