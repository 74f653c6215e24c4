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
	"time"

	"stancebot/bot"
	"stancebot/bot/phrases"
	"stancebot/bot/request"
)

// maxBody is the largest request that is read. Slack's are far smaller.
const maxBody = 1 << 20

// Handler takes what Slack sends over HTTP: POST /slack/events, /slack/commands, /slack/interactions.
func (a *Adapter) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /slack/events", a.signed(a.serveEvent))
	mux.HandleFunc("POST /slack/commands", a.signed(a.serveCommand))
	mux.HandleFunc("POST /slack/interactions", a.signed(a.serveAction))
	if a.OAuth != nil {
		mux.HandleFunc("GET "+installPath, a.serveInstall)
		mux.HandleFunc("GET "+callbackPath, a.serveCallback)
	}
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
		if err := a.seal.verify(r.Header, buffer.Bytes(), a.Now()); err != nil {
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
	case recorded, repeated, ignored, stranger, opened, shed:
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
	a.command(r.Context(), &c, func(answer json.RawMessage, late bool) {
		if answer == nil {
			w.WriteHeader(http.StatusOK)
			return
		}
		w.Header().Set("Content-Type", "application/json; charset=utf-8")
		w.Header().Set("Content-Length", strconv.Itoa(len(answer)))
		_, _ = w.Write(answer) // who asked has gone otherwise
		if late {
			_ = http.NewResponseController(w).Flush() // the handler goes on
		}
	})
}

// command answers a slash command: it calls acknowledge once, with the answer or with nil where there is nothing to say; late
// tells that the answer comes by itself. A command that comes again is answered already.
func (a *Adapter) command(ctx context.Context, c *command, acknowledge func(answer json.RawMessage, late bool)) {
	if c.trigger != "" && !a.seen.add(c.trigger) {
		a.Meter.Event(wayCommand, string(repeated))
		acknowledge(nil, false)
		return
	}
	if !a.admits(ctx, c.workspace()) {
		a.Meter.Event(wayCommand, string(stranger))
		acknowledge(nil, false)
		return
	}
	ctx = request.Ensure(ctx)
	text := plainText(c.text, "")
	if text == "" {
		text = "help"
	}
	if shared, ok := strings.CutPrefix(text, shareWord); ok && !c.direct {
		a.Meter.Event(wayCommand, string(a.typedShare(ctx, c, shared)))
		acknowledge(nil, false)
		return
	}
	a.inTime(ctx, c, text, acknowledge)
}

// soon is how long a command may take to be answered where it was asked. Lookups take a thousandth of it.
const soon = 800 * time.Millisecond

// inTime acknowledges a command with its answer or, where that takes too long, by saying that it will come: then it is sent by
// the response URL.
func (a *Adapter) inTime(ctx context.Context, c *command, text string, acknowledge func(answer json.RawMessage, late bool)) {
	var once sync.Once
	late := false
	timer := time.AfterFunc(soon, func() {
		once.Do(func() {
			late = true
			a.Meter.Event(wayCommand, "late")
			acknowledge(a.patience(c), true)
		})
	})
	defer timer.Stop()
	answer := a.answerCommand(context.WithoutCancel(ctx), c, text) // one that is late is sent after whoever asked has gone
	once.Do(func() { acknowledge(answer, false) })
	if late && answer != nil {
		if err := a.api.at(c.team).answer(context.WithoutCancel(ctx), c.responseURL, answer); err != nil {
			a.Log.ErrorContext(ctx, "a late answer could not be sent", "error", err)
		}
	}
}

// patience says that the answer will come.
func (a *Adapter) patience(c *command) json.RawMessage {
	locale := a.locales.of(c.team, c.user).locale
	text := phrases.In(locale[:min(2, len(locale))]).Say("slack.slow")
	said, _ := json.Marshal(answering{Type: onlyAsker, Text: text}) // of a text alone
	return said
}

// answerCommand answers the text of a command, or returns nil when there is nothing to say.
func (a *Adapter) answerCommand(ctx context.Context, c *command, text string) json.RawMessage {
	req := a.request(ctx, asker{team: c.team, user: c.user}, c.channel, c.channel+":"+c.user, text)
	r := a.Bot.Handle(ctx, req)
	if len(r.Blocks) == 0 {
		a.Meter.Event(wayCommand, "silent")
		return nil
	}
	note := a.toBring(ctx, c, &r)
	answer, err := a.spoken.encoded(said{r.Same, c.team, !c.direct, note}, func() (json.RawMessage, error) { return a.encode(&r, c.team, !c.direct, note) })
	if err != nil {
		a.Log.ErrorContext(ctx, "an answer could not be written", "error", err)
		a.Meter.Event(wayCommand, "failed")
		return nil
	}
	a.Meter.Event(wayCommand, "answered")
	a.Told(Telling{Desk: req.Desk, Place: place(c.team, c.user, ""), In: req.Where.Address, Private: true, Reply: r})
	return answer
}

// encode writes a reply as the answer to a slash command: for the asker alone, shared where it is wanted, and with a phrase that it is
// marked with, "" for none.
func (a *Adapter) encode(r *bot.Reply, team string, share bool, note string) (json.RawMessage, error) {
	at := Place{Team: team}
	if share {
		at.Share = shareable(r)
	}
	m := a.render(r, at)
	if note != "" {
		m = m.marked(r.Language, note)
	}
	return json.Marshal(answering{Type: onlyAsker, Text: m.Text, Blocks: m.Blocks})
}

// shareWord begins a command whose answer the channel is to see.
const shareWord = "share "

// typedShare does what the button does that shares: pressing it is the same as typing it.
func (a *Adapter) typedShare(ctx context.Context, c *command, text string) verdict {
	raw, err := c.pressing(actionShare, text)
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
