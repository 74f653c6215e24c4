package slack

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"stancebot/bot"
	"stancebot/bot/phrases"
)

// maxBody is the largest request that is read. Slack's are far smaller.
const maxBody = 1 << 20

// Handler takes what Slack sends over HTTP: POST /slack/events, /slack/commands, /slack/interactions.
func (a *Adapter) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /slack/events", a.signed(a.serveEvent))
	mux.HandleFunc("POST /slack/commands", a.signed(a.serveCommand))
	mux.HandleFunc("POST /slack/interactions", a.signed(a.serveAction))
	return mux
}

var buffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// signed reads the raw body, at most maxBody of it, and hands it over when Slack signed it.
func (a *Adapter) signed(serve func(http.ResponseWriter, *http.Request, []byte)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		buffer, _ := buffers.Get().(*bytes.Buffer)
		buffer.Reset()
		defer buffers.Put(buffer)
		if _, err := buffer.ReadFrom(http.MaxBytesReader(w, r.Body, maxBody)); err != nil {
			status := http.StatusBadRequest
			if large := (*http.MaxBytesError)(nil); errors.As(err, &large) {
				status = http.StatusRequestEntityTooLarge
			}
			http.Error(w, "the request could not be read", status)
			return
		}
		if err := verify(a.secret, r.Header, buffer.Bytes(), a.Now()); err != nil {
			a.Log.WarnContext(r.Context(), "a request to Slack's address was refused", "path", r.URL.Path, "error", err)
			a.Meter.Event("http", "unsigned")
			http.Error(w, err.Error(), http.StatusUnauthorized)
			return
		}
		serve(w, r, buffer.Bytes())
	}
}

func (a *Adapter) serveEvent(w http.ResponseWriter, r *http.Request, body []byte) {
	v, challenge := a.receiveEvent(r.Context(), body)
	if challenge != "" {
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		w.Header().Set("X-Content-Type-Options", "nosniff")
		_, _ = io.WriteString(w, challenge) // who asked has gone otherwise
		return
	}
	acknowledge(w, v)
}

// acknowledge says that something came: but for what there was no room for, Slack need not send it again. What is no event
// will be none the next time, either.
func acknowledge(w http.ResponseWriter, v verdict) {
	switch v {
	case refused:
		w.WriteHeader(http.StatusServiceUnavailable)
	case malformed:
		w.Header().Set("X-Slack-No-Retry", "1")
		w.WriteHeader(http.StatusBadRequest)
	case recorded, repeated, ignored:
		w.WriteHeader(http.StatusOK)
	}
}

func (a *Adapter) serveAction(w http.ResponseWriter, r *http.Request, body []byte) {
	acknowledge(w, a.receiveAction(r.Context(), payloadOf(body)))
}

func (a *Adapter) serveCommand(w http.ResponseWriter, r *http.Request, body []byte) {
	c, err := readForm(body)
	if err != nil {
		a.Meter.Event(wayCommand, string(malformed))
		acknowledge(w, malformed)
		return
	}
	answer := a.command(r.Context(), &c)
	if answer == nil {
		w.WriteHeader(http.StatusOK)
		return
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Header().Set("Content-Length", strconv.Itoa(len(answer)))
	_, _ = w.Write(answer) // who asked has gone otherwise
}

// command answers a slash command, or returns nil when there is nothing to say. A command that comes again is answered
// already.
func (a *Adapter) command(ctx context.Context, c *command) json.RawMessage {
	if c.trigger != "" && !a.seen.add(c.trigger) {
		a.Meter.Event(wayCommand, string(repeated))
		return nil
	}
	ctx = bot.WithRequestID(ctx, "command:"+strconv.FormatInt(a.serial.Add(1), 10))
	text := plainText(c.text, "")
	if text == "" {
		text = "help"
	}
	if shared, ok := strings.CutPrefix(text, shareWord); ok && !c.direct {
		a.Meter.Event(wayCommand, string(a.typedShare(ctx, c, shared)))
		return nil
	}
	return a.inTime(ctx, c, text)
}

// soon is how long a command may take to be answered where it was asked. Lookups take a thousandth of it.
const soon = 800 * time.Millisecond

// inTime answers a command at once or, where that takes too long, says that the answer will come, and sends it by the
// response URL.
func (a *Adapter) inTime(ctx context.Context, c *command, text string) json.RawMessage {
	ctx = context.WithoutCancel(ctx) // an answer that is late is sent after the request has ended
	var decided atomic.Bool          // whether the answer is in time
	answers := make(chan json.RawMessage, 1)
	a.late.Go(func() {
		answer := a.answerCommand(ctx, c, text)
		if decided.CompareAndSwap(false, true) {
			answers <- answer
			return
		}
		a.sendLate(ctx, c, answer)
	})
	timer := time.NewTimer(soon)
	defer timer.Stop()
	select {
	case answer := <-answers:
		return answer
	case <-timer.C:
		if !decided.CompareAndSwap(false, true) {
			return <-answers
		}
		a.Meter.Event(wayCommand, "late")
		return a.patience(c)
	}
}

// patience says that the answer will come.
func (a *Adapter) patience(c *command) json.RawMessage {
	locale := a.locales.of(c.team, c.user)
	text := phrases.In(locale[:min(2, len(locale))]).Say("slack.slow")
	said, _ := json.Marshal(answering{Type: onlyAsker, Text: text}) // of a text alone
	return said
}

func (a *Adapter) sendLate(ctx context.Context, c *command, answer json.RawMessage) {
	if answer == nil {
		return
	}
	if err := a.api.answer(ctx, c.responseURL, answer); err != nil {
		a.Log.ErrorContext(ctx, "a late answer could not be sent", "error", err)
	}
}

// answerCommand answers the text of a command, or returns nil when there is nothing to say.
func (a *Adapter) answerCommand(ctx context.Context, c *command, text string) json.RawMessage {
	req := a.request(ctx, c.team, c.user, c.channel+":"+c.user, text)
	r := a.Bot.Handle(ctx, req)
	if len(r.Blocks) == 0 {
		a.Meter.Event(wayCommand, "silent")
		return nil
	}
	answer, err := a.spoken.encoded(said{r.Same, !c.direct}, func() (json.RawMessage, error) { return a.encode(&r, !c.direct) })
	if err != nil {
		a.Log.ErrorContext(ctx, "an answer could not be written", "error", err)
		a.Meter.Event(wayCommand, "failed")
		return nil
	}
	a.Meter.Event(wayCommand, "answered")
	a.Told(Telling{Desk: req.Desk, Place: place(c.team, c.user, ""), Private: true, Reply: r})
	return answer
}

// encode writes a reply as the answer to a slash command: for the asker alone, and shared where it is wanted.
func (a *Adapter) encode(r *bot.Reply, share bool) (json.RawMessage, error) {
	at := Place{}
	if share {
		at.Share = shareable(r)
	}
	m := a.render(r, at)
	return json.Marshal(answering{Type: onlyAsker, Text: m.Text, Blocks: m.Blocks})
}

// shareWord begins a command whose answer the channel is to see.
const shareWord = "share "

// typedShare does what the button does that shares: pressing it is the same as typing it.
func (a *Adapter) typedShare(ctx context.Context, c *command, text string) verdict {
	type object map[string]any
	raw, err := json.Marshal(object{
		"type": "block_actions", "trigger_id": c.trigger, "response_url": c.responseURL,
		"team": object{"id": c.team}, "user": object{"id": c.user}, "channel": object{"id": c.channel}, "container": object{"message_ts": c.trigger},
		"actions": []object{{"action_id": actionShare, "value": text}},
	})
	if err != nil {
		return malformed
	}
	return a.receiveAction(ctx, raw)
}

// payloadOf returns the payload of a form, or nil.
func payloadOf(body []byte) []byte {
	form, err := url.ParseQuery(string(body))
	if err != nil {
		return nil
	}
	return []byte(form.Get("payload"))
}
