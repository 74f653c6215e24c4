package slack

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/slack-go/slack"

	"stancebot/bot/inbox"
	"stancebot/bot/installs"
)

// The limits of a call, and of what may be tried again.
const (
	callLimit  = 10 * time.Second
	firstWait  = 2 * time.Second  // before a call is tried again that did not reach Slack
	limitWait  = 30 * time.Second // when Slack says that there were too many calls, and not how long
	giveUp     = 15 * time.Minute // an answer that comes later is none
	maxLooked  = 100              // messages that are looked through for one that may have arrived, at a time
	maxPages   = 20               // and so many times, where it is known since when it may have
	skew       = time.Minute      // that our clock may be ahead of Slack's
	answerName = "stancebot_answer"
)

// errUncertain tells that Slack may have taken a message or not: the line broke before it said so.
var errUncertain = errors.New("slack may have taken it or not")

// errUnseen tells that the app may not look whether a message has arrived.
var errUnseen = errors.New("the app may not read this channel's history")

// A client calls Slack's API in one workspace, by the token of that. It waits with no call: what Slack wants later is a *inbox.Later,
// and a call of the same method to the same channel is not tried before. It is safe for concurrent use.
type client struct {
	*clients

	team  string
	blind atomic.Bool // the app may not look for a file that was uploaded

	mu    sync.Mutex
	api   *slack.Client
	token installs.Token       // of the api
	until map[string]time.Time // by method and channel
}

// call calls one method of the API, by the workspace's token. Errors are a *inbox.Later where Slack wants the call later or was not
// reached, errUncertain where it may have done what was asked, installs.ErrNone where the app is not installed, and otherwise final.
func (c *client) call(ctx context.Context, method, channel string, f func(context.Context, *slack.Client) error) error {
	api, installed, err := c.login(ctx)
	if err != nil {
		return fmt.Errorf("slack: %s: %w", method, err)
	}
	err = c.try(ctx, method, channel, func(ctx context.Context) error { return f(ctx, api) })
	switch code := codeOf(err); {
	case err == nil:
		c.health.works(c.team)
	case fatalCodes[code]:
		c.health.fails(c.team, code, installed)
	}
	return err
}

// try makes one call. What its errors are, call says.
func (c *client) try(ctx context.Context, method, channel string, f func(context.Context) error) error {
	key := method + " " + channel
	if until := c.held(key); !until.IsZero() {
		return &inbox.Later{Until: until, Err: fmt.Errorf("slack: %s: too many calls", method)}
	}
	ctx, end := context.WithTimeout(ctx, callLimit)
	defer end()
	start := c.Now()
	err := f(ctx)
	c.Meter.Call(method, outcomeOf(err), c.Now().Sub(start))
	return c.weigh(method, key, err)
}

// held returns until when calls are held back, or the zero time.
func (c *client) held(key string) time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	until := c.until[key]
	if !until.After(c.Now()) {
		delete(c.until, key)
		return time.Time{}
	}
	return until
}

func (c *client) hold(key string, wait time.Duration) time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	until := c.Now().Add(wait)
	c.until[key] = until
	return until
}

// weigh tells what an error of the API means.
func (c *client) weigh(method, key string, err error) error {
	if err == nil {
		return nil
	}
	limited := (*slack.RateLimitedError)(nil)
	status := slack.StatusCodeError{}
	code := codeOf(err)
	later := func(wait time.Duration) error {
		return &inbox.Later{Until: c.hold(key, wait), Err: fmt.Errorf("slack: %s: %w", method, err)}
	}
	switch {
	case errors.As(err, &limited):
		return later(limited.RetryAfter)
	case code == "ratelimited" || code == "rate_limited" || errors.As(err, &status) && status.Code == http.StatusTooManyRequests:
		return later(limitWait)
	case code == "internal_error" || code == "fatal_error" || code == "service_unavailable" || code == "request_timeout":
		return fmt.Errorf("slack: %s: %w: %w", method, errUncertain, err)
	case code != "":
	case notSent(err):
		return &inbox.Later{Until: c.Now().Add(firstWait), Err: fmt.Errorf("slack: %s: %w", method, err)}
	default: // the line broke, or something between us and Slack answered
		return fmt.Errorf("slack: %s: %w: %w", method, errUncertain, err)
	}
	return fmt.Errorf("slack: %s: %w", method, err)
}

// codeOf returns what Slack calls an error, or "".
func codeOf(err error) string {
	if refused := (slack.SlackErrorResponse{}); errors.As(err, &refused) {
		return refused.Err
	}
	return ""
}

// fatalCodes are the errors after which no call can work before an operator mends the token, and the words for what to do.
var fatalCodes = map[string]bool{
	"invalid_auth": true, "not_authed": true, "account_inactive": true, "token_revoked": true, "token_expired": true,
	"not_allowed_token_type": true, "team_access_not_granted": true, "org_login_required": true,
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
	limited := (*slack.RateLimitedError)(nil)
	switch code := codeOf(err); {
	case err == nil:
		return "ok"
	case errors.As(err, &limited):
		return "ratelimited"
	case code != "" && !isCode(code): // what answered for a response URL may be any text, and there would be no end of labels
		return "refused"
	case code != "":
		return code
	case isTimeout(err):
		return "timeout"
	}
	return "unreachable"
}

// A posting is a message to be posted. Its id is kept in the message's metadata, by which it is found again; "" for none.
type posting struct {
	team, channel, thread, id string
	message                   Message
	since                     time.Time // it has not arrived before; zero where that is of late
}

// post posts a message and returns its ts.
func (c *client) post(ctx context.Context, p posting) (string, error) {
	options := p.message.options(p.thread)
	if p.id != "" {
		options = append(options, slack.MsgOptionMetadata(slack.SlackMetadata{EventType: answerName, EventPayload: map[string]any{"id": p.id}}))
	}
	var ts string
	err := c.call(ctx, "chat.postMessage", p.channel, func(ctx context.Context, api *slack.Client) error {
		var err error
		_, ts, err = api.PostMessageContext(ctx, p.channel, options...)
		return err
	})
	return ts, err
}

// update puts a message in the place of another one. Slack counts these together, whatever the channel.
func (c *client) update(ctx context.Context, channel, ts string, m Message) error {
	return c.call(ctx, "chat.update", "", func(ctx context.Context, api *slack.Client) error {
		_, _, _, err := api.UpdateMessageContext(ctx, channel, ts, m.options("")...)
		return err
	})
}

// whisper shows a message to one person in a channel.
func (c *client) whisper(ctx context.Context, channel, user, thread string, m Message) error {
	return c.call(ctx, "chat.postEphemeral", channel, func(ctx context.Context, api *slack.Client) error {
		_, err := api.PostEphemeralContext(ctx, channel, user, m.options(thread)...)
		return err
	})
}

// options are a message as the API takes it: nothing in it becomes a link, a mention or a preview but what is marked so.
func (m Message) options(thread string) []slack.MsgOption {
	options := []slack.MsgOption{
		slack.MsgOptionText(m.Text, false), slack.MsgOptionBlocks(m.Blocks...), slack.MsgOptionParse(false),
		slack.MsgOptionDisableLinkUnfurl(), slack.MsgOptionDisableMediaUnfurl(),
	}
	if thread != "" {
		options = append(options, slack.MsgOptionTS(thread))
	}
	return options
}

// find looks for a message that may have arrived, by its id, and returns its ts, or "" when it is not there. It fails with
// errUnseen where the app may not look, or not far enough.
func (c *client) find(ctx context.Context, p posting) (string, error) {
	cursor := ""
	for range maxPages {
		messages, next, err := c.look(ctx, p, cursor)
		switch code := codeOf(err); {
		case code == "missing_scope" || code == "not_in_channel" || code == "channel_not_found":
			return "", errUnseen
		case code == "thread_not_found" && p.thread != "": // what goes below a message that is gone stands in the channel
			p.thread = ""
			return c.find(ctx, p)
		case err != nil:
			return "", err
		}
		for i := range messages {
			m := &messages[i]
			if m.Metadata.EventType == answerName && m.Metadata.EventPayload["id"] == p.id {
				return m.Timestamp, nil
			}
		}
		if next == "" || p.since.IsZero() {
			return "", nil
		}
		cursor = next
	}
	return "", errUnseen
}

// look reads what was posted where a message was to go: the latest, or all since it may have arrived, so many at a time.
func (c *client) look(ctx context.Context, p posting, cursor string) (messages []slack.Message, next string, err error) {
	oldest := ""
	if !p.since.IsZero() {
		oldest = strconv.FormatInt(p.since.Add(-skew).Unix(), 10) + ".000000"
	}
	if p.thread != "" {
		err = c.call(ctx, "conversations.replies", p.channel, func(ctx context.Context, api *slack.Client) (err error) {
			messages, _, next, err = api.GetConversationRepliesContext(ctx, &slack.GetConversationRepliesParameters{
				ChannelID: p.channel, Timestamp: p.thread, Oldest: oldest, Cursor: cursor, Limit: maxLooked, IncludeAllMetadata: true,
			})
			return err
		})
		return messages, next, err
	}
	err = c.call(ctx, "conversations.history", p.channel, func(ctx context.Context, api *slack.Client) error {
		history, err := api.GetConversationHistoryContext(ctx, &slack.GetConversationHistoryParameters{
			ChannelID: p.channel, Oldest: oldest, Cursor: cursor, Limit: maxLooked, IncludeAllMetadata: true,
		})
		if err == nil {
			messages, next = history.Messages, history.ResponseMetaData.NextCursor
		}
		return err
	})
	return messages, next, err
}

// An answering is what is sent to a response URL, or returned to a slash command.
type answering struct {
	Type            string        `json:"response_type,omitempty"` // ephemeral or in_channel
	Text            string        `json:"text"`
	Blocks          []slack.Block `json:"blocks,omitempty"`
	Thread          string        `json:"thread_ts,omitempty"`
	ReplaceOriginal bool          `json:"replace_original"`
	UnfurlLinks     bool          `json:"unfurl_links"`
	UnfurlMedia     bool          `json:"unfurl_media"`
}

// The ways in which an answer is seen.
const (
	onlyAsker = "ephemeral"
	everybody = "in_channel"
)

// respond answers by a response URL, which Slack gives with each action and takes five answers at, for half an hour.
func (c *client) respond(ctx context.Context, url string, a answering) error {
	body, err := json.Marshal(a)
	if err != nil {
		return fmt.Errorf("slack: cannot write the answer: %w", err)
	}
	return c.answer(ctx, url, body)
}

// answer answers by a response URL with what is encoded already.
func (c *client) answer(ctx context.Context, url string, body []byte) error {
	return c.try(ctx, "response_url", "", func(ctx context.Context) error {
		req, err := http.NewRequestWithContext(ctx, http.MethodPost, url, bytes.NewReader(body))
		if err != nil {
			return errors.New("the response URL is none") // it is a secret for half an hour, and the error would hold it
		}
		req.Header.Set("Content-Type", "application/json; charset=utf-8")
		resp, err := c.HTTP.Do(req)
		if err != nil {
			return withoutURL(err)
		}
		defer resp.Body.Close()
		said, _ := io.ReadAll(io.LimitReader(resp.Body, 1<<10)) // what cannot be read says nothing
		return refusal(resp, said)
	})
}

// withoutURL takes the address out of an error: some addresses are secrets.
func withoutURL(err error) error {
	if op := (*net.OpError)(nil); errors.As(err, &op) {
		return op
	}
	for _, ended := range []error{context.DeadlineExceeded, context.Canceled} {
		if errors.Is(err, ended) {
			return ended
		}
	}
	return errors.New("the connection was lost")
}

// refusal is the error that a response URL answered, or nil.
func refusal(resp *http.Response, said []byte) error {
	switch {
	case resp.StatusCode == http.StatusTooManyRequests:
		seconds, err := strconv.Atoi(resp.Header.Get("Retry-After"))
		if err != nil {
			return slack.StatusCodeError{Code: resp.StatusCode, Status: resp.Status}
		}
		return &slack.RateLimitedError{RetryAfter: time.Duration(seconds) * time.Second}
	case resp.StatusCode != http.StatusOK && resp.StatusCode < http.StatusInternalServerError:
		return slack.SlackErrorResponse{Err: strings.TrimSpace(string(said[:min(len(said), 60)]))}
	case resp.StatusCode != http.StatusOK:
		return slack.StatusCodeError{Code: resp.StatusCode, Status: resp.Status}
	}
	return nil
}

// strangers reports whether people of another organisation read a channel.
func (c *client) strangers(ctx context.Context, channel string) (bool, error) {
	var shared bool
	err := c.call(ctx, "conversations.info", channel, func(ctx context.Context, api *slack.Client) error {
		info, err := api.GetConversationInfoContext(ctx, &slack.GetConversationInfoInput{ChannelID: channel})
		if err == nil {
			shared = info.IsExtShared || info.IsPendingExtShared
		}
		return err
	})
	return shared, err
}

// publish shows blocks on a person's home tab.
func (c *client) publish(ctx context.Context, user string, blocks []slack.Block) error {
	return c.call(ctx, "views.publish", "", func(ctx context.Context, api *slack.Client) error {
		_, err := api.PublishViewContext(ctx, slack.PublishViewContextRequest{
			UserID: user, View: slack.HomeTabViewRequest{Type: slack.VTHomeTab, Blocks: slack.Blocks{BlockSet: blocks}},
		})
		return err
	})
}

// open opens a form, by the trigger of a press.
func (c *client) open(ctx context.Context, trigger string, view slack.ModalViewRequest) error {
	return c.call(ctx, "views.open", "", func(ctx context.Context, api *slack.Client) error {
		_, err := api.OpenViewContext(ctx, trigger, view)
		return err
	})
}

// unfurl shows previews of links below the message that holds them, or in the composer.
func (c *client) unfurl(ctx context.Context, e *event, previews map[string]slack.Attachment) error {
	return c.call(ctx, "chat.unfurl", e.channel, func(ctx context.Context, api *slack.Client) error {
		var err error
		if e.unfurlID != "" && e.source == inComposer {
			_, _, _, err = api.UnfurlMessageByIDContext(ctx, e.unfurlID, e.source, previews)
		} else {
			_, _, _, err = api.UnfurlMessageContext(ctx, e.channel, e.ts, previews)
		}
		return err
	})
}

// profile returns the locale of a person's client, such as pt-BR, their zone, such as America/Lima, and their name.
func (c *client) profile(ctx context.Context, user string) (p profile, err error) {
	err = c.call(ctx, "users.info", "", func(ctx context.Context, api *slack.Client) error {
		info, err := api.GetUserInfoContext(ctx, user)
		if err == nil {
			p = profile{info.Locale, info.TZ, cmp.Or(info.Profile.DisplayName, info.RealName, info.Name)}
		}
		return err
	})
	return p, err
}
