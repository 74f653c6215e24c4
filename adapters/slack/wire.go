package slack

import (
	"encoding/json"
	"errors"
	"net/url"
	"strings"
)

// fields is a JSON object of which each field is read by itself: one that has another form than it should leaves the others
// readable, and a new one is no matter. slack-go's own decoding of events refuses the whole for either.
type fields map[string]json.RawMessage

func readFields(raw []byte) (fields, error) {
	var f fields
	if err := json.Unmarshal(raw, &f); err != nil || f == nil {
		return nil, errors.New("no JSON object") // what the decoder says may quote the text
	}
	return f, nil
}

// text returns a field that is a string, or "".
func (f fields) text(key string) string {
	var s string
	_ = json.Unmarshal(f[key], &s) // another form is as good as none
	return s
}

// is reports whether a field is true.
func (f fields) is(key string) bool { return string(f[key]) == "true" }

// has reports whether a field is there and not null.
func (f fields) has(key string) bool { return len(f[key]) > 0 && string(f[key]) != "null" }

// in returns a field that is an object, or an empty one.
func (f fields) in(key string) fields {
	inner, err := readFields(f[key])
	if err != nil {
		return fields{}
	}
	return inner
}

// list returns a field that is a list of objects; what is no object in it is left out.
func (f fields) list(key string) []fields {
	var raw []json.RawMessage
	_ = json.Unmarshal(f[key], &raw) // likewise
	var list []fields
	for _, r := range raw {
		if inner, err := readFields(r); err == nil {
			list = append(list, inner)
		}
	}
	return list
}

// An event is something that happened in a workspace, as far as we look at it.
type event struct {
	outer     string // event_callback, or another such as app_rate_limited
	id        string
	team      string
	bot       string // the user that our app is there
	challenge string

	kind     string // of what happened: app_mention, message, app_home_opened, link_shared …
	user     string
	text     string
	channel  string
	direct   bool // a direct message
	ts       string
	thread   string
	tab      string
	ours     bool // a bot said it, an edit, a deletion: nothing that a person asks
	links    []string
	unfurlID string
	source   string
}

func readEvent(raw []byte) (event, error) {
	f, err := readFields(raw)
	if err != nil {
		return event{}, err
	}
	e := event{outer: f.text("type"), id: f.text("event_id"), team: f.text("team_id"), challenge: f.text("challenge")}
	if authorized := f.list("authorizations"); len(authorized) > 0 {
		e.bot = authorized[0].text("user_id")
	}
	in := f.in("event")
	e.kind, e.user, e.text, e.channel = in.text("type"), in.text("user"), in.text("text"), in.text("channel")
	e.direct = in.text("channel_type") == "im" || strings.HasPrefix(e.channel, "D")
	e.ts, e.thread, e.tab = in.text("ts"), in.text("thread_ts"), in.text("tab")
	subtype := in.text("subtype")
	e.ours = in.has("bot_id") || in.has("bot_profile") || in.has("edited") || in.is("hidden") || e.user == "" || e.user == e.bot ||
		subtype != "" && subtype != "file_share" && subtype != "thread_broadcast"
	for _, l := range in.list("links") {
		e.links = append(e.links, l.text("url"))
	}
	if e.kind == "link_shared" {
		e.ts, e.unfurlID, e.source = in.text("message_ts"), in.text("unfurl_id"), in.text("source")
	}
	return e, nil
}

// asks reports whether the event is one that we do something about.
func (e *event) asks() bool {
	switch e.kind {
	case "app_mention":
		return !e.ours && e.channel != "" && e.ts != ""
	case "message":
		return e.direct && !e.ours && e.channel != "" && e.ts != ""
	case "app_home_opened":
		return e.user != "" && (e.tab == "home" || e.tab == "")
	case "link_shared":
		return e.channel != "" && len(e.links) > 0
	}
	return false
}

// keys name the event: it has come before when one of them has. The same message may come with several ids, so its place
// and time are a name, too.
func (e *event) keys() []string {
	var keys []string
	if e.id != "" {
		keys = append(keys, "event:"+e.id)
	}
	if e.ts != "" {
		kind := "message"
		if e.kind == "link_shared" {
			kind = "links"
		}
		keys = append(keys, strings.Join([]string{kind, e.team, e.channel, e.ts}, ":"))
	}
	return keys
}

// An action is something that a person pressed or chose.
type action struct {
	kind        string // block_actions, message_action …
	team        string
	user        string
	channel     string
	trigger     string
	responseURL string
	id          string // of what was pressed: what becomes of the answer
	language    string // of the message that it stands under
	command     string // its value
	message     string // the ts of the message that it stands under, or that a shortcut was chosen on
	thread      string
	private     bool // only the one who pressed sees the message
	home        bool // pressed on the app's home tab
	callback    string
	text        string // of the message that a shortcut was chosen on
}

func readAction(raw []byte) (action, error) {
	f, err := readFields(raw)
	if err != nil {
		return action{}, err
	}
	message, container, user := f.in("message"), f.in("container"), f.in("user")
	a := action{
		kind: f.text("type"), team: f.in("team").text("id"), user: user.text("id"), channel: f.in("channel").text("id"),
		trigger: f.text("trigger_id"), responseURL: f.text("response_url"), callback: f.text("callback_id"),
		message: container.text("message_ts"), thread: message.text("thread_ts"), private: container.is("is_ephemeral"),
		home: container.text("type") == "view", text: message.text("text"),
	}
	if a.team == "" {
		a.team = user.text("team_id")
	}
	if a.message == "" {
		a.message = message.text("ts")
	}
	if a.thread == "" {
		a.thread = container.text("thread_ts")
	}
	if pressed := f.list("actions"); len(pressed) > 0 {
		p := pressed[0]
		id, rest, _ := strings.Cut(p.text("action_id"), ":")
		a.language, _, _ = strings.Cut(rest, ":")
		a.id, a.command = id, p.text("value")
		if chosen := p.in("selected_option"); a.command == "" {
			a.command = chosen.text("value")
		}
	}
	return a, nil
}

// checkThis is the id of the message shortcut, as the manifest has it.
const checkThis = "check_this"

// asks reports whether the action is one that we do something about.
func (act *action) asks() bool {
	switch act.kind {
	case "block_actions":
		return act.command != "" && act.user != "" && (act.responseURL != "" || act.home)
	case "message_action":
		return act.callback == checkThis && act.responseURL != ""
	}
	return false
}

// keys name the action.
func (act *action) keys() []string {
	if act.trigger == "" {
		return nil // like no other
	}
	return []string{"trigger:" + act.trigger}
}

// shareKeys name what is shared: from under one message, the same is shared once, whoever presses and however often.
func (act *action) shareKeys() []string {
	return []string{strings.Join([]string{"share", act.team, act.channel, act.message, act.command}, ":")}
}

// A command is a slash command.
type command struct {
	team, user, channel, place, text, trigger, responseURL string
	direct                                                 bool
}

// readForm reads a slash command as it comes over HTTP.
func readForm(body []byte) (command, error) {
	var c command
	text := string(body)
	for field := range strings.SplitSeq(text, "&") {
		name, value, _ := strings.Cut(field, "=")
		to := c.field(name)
		if to == nil {
			continue
		}
		decoded, err := url.QueryUnescape(value)
		if err != nil {
			return command{}, errors.New("no form") // what the decoder says may quote the text
		}
		*to = decoded
	}
	c.direct = c.place == directMessage
	return c, nil
}

// field is where a field of the form goes, or nil for one that is not looked at.
func (c *command) field(name string) *string {
	switch name {
	case "team_id":
		return &c.team
	case "user_id":
		return &c.user
	case "channel_id":
		return &c.channel
	case "channel_name":
		return &c.place
	case "text":
		return &c.text
	case "trigger_id":
		return &c.trigger
	case "response_url":
		return &c.responseURL
	}
	return nil
}

// directMessage is what Slack calls the channel of a direct message.
const directMessage = "directmessage"

// readCommand reads a slash command as it comes in Socket Mode.
func readCommand(raw []byte) (command, error) {
	f, err := readFields(raw)
	if err != nil {
		return command{}, err
	}
	var c command
	for name := range f {
		if to := c.field(name); to != nil {
			*to = f.text(name)
		}
	}
	c.direct = c.place == directMessage
	return c, nil
}
