package slack

import (
	"cmp"
	"errors"
	"net/url"
	"strings"
	"time"

	"stancebot/adapters/lenient"
	"stancebot/bot/installs"
)

// An event is something that happened in a workspace, as far as we look at it.
type event struct {
	outer      string // event_callback, or another such as app_rate_limited
	id         string
	team       string // that the app is installed in
	enterprise string // its organisation, "" for none
	homeTeam   string // another workspace, of the user or of our app: people of several share the channel
	at         time.Time
	bot        string // the user that our app is there
	challenge  string

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
	org      bool     // the install is an organisation's
	revoked  bool     // of tokens_revoked: ours was among them
	left     []string // of team_access_revoked: the workspaces
}

// workspace is where the event happened.
func (e *event) workspace() installs.Workspace { return workspaceOf(e.enterprise, e.team, "") }

func readEvent(raw []byte) (event, error) {
	f, err := lenient.Read(raw)
	if err != nil {
		return event{}, err
	}
	e := event{outer: f.Text("type"), id: f.Text("event_id"), team: f.Text("team_id"), challenge: f.Text("challenge")}
	through := f.Text("context_team_id")
	e.enterprise, e.org, e.at = f.Text("enterprise_id"), f.Is("is_enterprise_install"), time.Unix(f.Number("event_time"), 0)
	if authorized := f.List("authorizations"); len(authorized) > 0 { // of a channel that several workspaces share, it tells whose the app is
		e.bot = authorized[0].Text("user_id")
		e.org = e.org || authorized[0].Is("is_enterprise_install")
		e.team, e.enterprise = cmp.Or(authorized[0].Text("team_id"), e.team), cmp.Or(authorized[0].Text("enterprise_id"), e.enterprise)
	}
	in := f.In("event")
	e.revoked, e.left = len(in.In("tokens").Texts("bot")) > 0, in.Texts("team_ids")
	e.kind, e.user, e.text, e.channel = in.Text("type"), in.Text("user"), in.Text("text"), in.Text("channel")
	e.direct = in.Text("channel_type") == "im" || isDirect(e.channel)
	e.homeTeam = foreign(e.team, e.enterprise, in.Text("user_team"), in.Text("source_team"), in.Text("team"), f.Text("team_id"), through)
	e.ts, e.thread, e.tab = in.Text("ts"), in.Text("thread_ts"), in.Text("tab")
	subtype := in.Text("subtype")
	e.ours = in.Has("bot_id") || in.Has("bot_profile") || in.Has("edited") || in.Is("hidden") || e.user == "" || e.user == e.bot ||
		subtype != "" && subtype != "file_share" && subtype != "thread_broadcast"
	for _, l := range in.List("links") {
		e.links = append(e.links, l.Text("url"))
	}
	if e.kind == "link_shared" {
		e.ts, e.unfurlID, e.source = in.Text("message_ts"), in.Text("unfurl_id"), in.Text("source")
	}
	return e, nil
}

// foreign returns the first workspace that is told of an event where it is neither the one in which that happened nor the organisation
// above it, and "" where there is none.
func foreign(team, organisation string, told ...string) string {
	for _, t := range told {
		if t != "" && t != team && t != organisation {
			return t
		}
	}
	return ""
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
	kind        string // block_actions, message_action, view_submission …
	team        string
	enterprise  string
	homeTeam    string // as an event's
	user        string
	channel     string
	trigger     string
	responseURL string
	id          string // of what was pressed: what becomes of the answer
	language    string // of the message that it stands under
	command     string // its value, or what was typed into a form
	label       string
	form        form   // that it opens
	sent        string // the id of a form that was filled in
	message     string // the ts of the message that it stands under, or that a shortcut was chosen on
	thread      string
	private     bool // only the one who pressed sees the message
	home        bool // pressed on the app's home tab
	callback    string
	text        string // of the message that a shortcut was chosen on
}

func readAction(raw []byte) (action, error) {
	f, err := lenient.Read(raw)
	if err != nil {
		return action{}, err
	}
	message, container, user := f.In("message"), f.In("container"), f.In("user")
	a := action{
		kind: f.Text("type"), team: f.In("team").Text("id"), user: user.Text("id"), channel: f.In("channel").Text("id"),
		trigger: f.Text("trigger_id"), responseURL: f.Text("response_url"), callback: f.Text("callback_id"),
		message: container.Text("message_ts"), thread: message.Text("thread_ts"), private: container.Is("is_ephemeral"),
		home: container.Text("type") == "view", text: message.Text("text"),
	}
	w := workspaceOf(cmp.Or(f.In("enterprise").Text("id"), f.In("team").Text("enterprise_id")), a.team, user.Text("team_id"))
	a.team, a.enterprise = w.Team, w.Enterprise
	a.homeTeam = foreign(a.team, a.enterprise, user.Text("team_id"))
	if a.message == "" {
		a.message = message.Text("ts")
	}
	if a.thread == "" {
		a.thread = container.Text("thread_ts")
	}
	if pressed := f.List("actions"); len(pressed) > 0 {
		a.readPressed(pressed[0])
	}
	if a.kind == viewSubmission {
		a.readSubmission(f.In("view"))
	}
	return a, nil
}

// readPressed reads what was pressed.
func (act *action) readPressed(p lenient.Object) {
	id, rest, _ := strings.Cut(p.Text("action_id"), ":")
	act.language, _, _ = strings.Cut(rest, ":")
	act.id, act.command, act.label = id, p.Text("value"), p.In("text").Text("text")
	if chosen := p.In("selected_option"); act.command == "" {
		act.command = chosen.Text("value")
	}
	if act.id == actionForm {
		act.form = readPressedForm(act.command)
		act.command = act.form.Command
	}
}

// workspace is where it was pressed.
func (act *action) workspace() installs.Workspace { return workspaceOf(act.enterprise, act.team, "") }

// viewSubmission is the kind of an action by which a form is sent.
const viewSubmission = "view_submission"

// checkThis is the id of the message shortcut, as the manifest has it.
const checkThis = "check_this"

// asks reports whether the action is one that we do something about.
func (act *action) asks() bool {
	switch act.kind {
	case "block_actions":
		return act.command != "" && act.user != "" && (act.responseURL != "" || act.home)
	case "message_action":
		return act.callback == checkThis && act.responseURL != ""
	case viewSubmission:
		return act.sent != "" && act.command != "" && act.user != ""
	}
	return false
}

// queue is what the action waits behind: those of its person there.
func (act *action) queue() string { return act.team + ":" + act.channel + ":" + act.user }

// keys name the action. A form that is sent twice, as by a second click, was sent once.
func (act *action) keys() []string {
	switch {
	case act.sent != "":
		return []string{"form:" + act.team + ":" + act.sent}
	case act.trigger == "":
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
	team, enterprise, user, channel, place, text, trigger, responseURL string
	direct                                                             bool
}

// workspace is where the command was typed.
func (c *command) workspace() installs.Workspace { return workspaceOf(c.enterprise, c.team, "") }

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
	case "enterprise_id":
		return &c.enterprise
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
	f, err := lenient.Read(raw)
	if err != nil {
		return command{}, err
	}
	var c command
	for name := range f.Keys() {
		if to := c.field(name); to != nil {
			*to = f.Text(name)
		}
	}
	c.direct = c.place == directMessage
	return c, nil
}
