package slacktest

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"strconv"
	"strings"
)

// A Command is a slash command that a person enters.
type Command struct {
	Name      string // "/stance" when empty
	Text      string
	Channel   string
	User      string
	TriggerID string // one is made when it is empty
}

// Command enters a slash command. What the app answers in its acknowledgement becomes a message, which the receipt has, seen by
// that person or by all as the app said. Slack sends a command once: what goes wrong is told to the person.
func (s *Server) Command(ctx context.Context, c Command) (Receipt, error) {
	s.mu.Lock()
	channel, user := s.world.channel(c.Channel), s.world.user(c.User)
	if channel == nil || user == nil {
		s.mu.Unlock()
		return Receipt{}, fmt.Errorf("command in %s by %s: %w", c.Channel, c.User, errNoSuch)
	}
	if c.Name == "" {
		c.Name = "/stance"
	}
	trigger := s.newTrigger(c.TriggerID, c.User)
	respond := s.newResponseURL(c.Channel, c.User, nil)
	fields := map[string]string{
		"token": "verification-token", "team_id": s.Options.TeamID, "team_domain": s.domain(), "api_app_id": s.Options.AppID,
		"channel_id": channel.ID, "channel_name": channel.label(), "user_id": user.ID, "user_name": user.Name,
		"command": c.Name, "text": c.Text, "is_enterprise_install": strconv.FormatBool(s.Options.OrgInstall), "response_url": respond, "trigger_id": trigger,
	}
	if s.Options.EnterpriseID != "" {
		fields["enterprise_id"], fields["enterprise_name"] = s.Options.EnterpriseID, "Organisation"
	}
	s.mu.Unlock()

	d, err := encoded(kindCommands, fields)
	if err != nil {
		return Receipt{}, err
	}
	d.form = url.Values{}
	for name, value := range fields {
		d.form.Set(name, value)
	}
	receipt, r := s.deliverOnce(ctx, d)
	receipt.ResponseURL, receipt.TriggerID = respond, trigger
	if r.acked {
		receipt.Message = s.answered(c, r)
	}
	return receipt, nil
}

// answered makes a message of what the app answered a command with.
func (s *Server) answered(c Command, r reply) *Message {
	s.mu.Lock()
	defer s.mu.Unlock()
	a := Args{"text": string(r.body)}
	if !r.json && len(r.body) > 0 && r.body[0] == '{' {
		s.Complain("answer to %s %s: JSON without its Content-Type, which Slack shows as it is", c.Name, c.Text)
	}
	if r.json && len(r.body) > 0 {
		var err *apiError
		if a, err = argsOf(r.body); err != nil {
			s.Complain("answer to %s %s: %s", c.Name, c.Text, err.Code)
			return nil
		}
	}
	if len(a) == 0 || a["text"] == "" && a["blocks"] == "" && a["attachments"] == "" {
		return nil
	}
	m, err := s.answer(&responseURL{channel: c.Channel, user: c.User}, "answer", a)
	if err != nil {
		s.Complain("answer to %s %s: %s", c.Name, c.Text, describe(err))
		return nil
	}
	copied := m.clone()
	return &copied
}

func describe(err error) string {
	if e, ok := err.(*apiError); ok { //nolint:errorlint // It is made here, and never wrapped.
		return strings.TrimSpace(e.Code + " " + strings.Join(e.Messages, "; "))
	}
	return err.Error()
}

// An Event is one of the Events API.
type Event struct {
	Inner     any            // the event itself: a struct, a map, or JSON
	ID        string         // one is made when it is empty; give one to deliver the same event twice
	ExtShared bool           // in a channel that is shared with another organisation; those of AddChannel are known
	Outer     map[string]any // fields of the wrapper to replace, such as team_id
	Retry     int            // the attempt, as if there had been others
	Reason    string         // why
}

// Event delivers an event. If it is not acknowledged, it is kept for Redeliver.
func (s *Server) Event(ctx context.Context, e Event) (Receipt, error) {
	inner, err := json.Marshal(e.Inner)
	if err != nil {
		return Receipt{}, fmt.Errorf("event: %w", err)
	}
	s.mu.Lock()
	ts := s.overhear(inner)
	callback := s.eventCallback(e, inner)
	s.mu.Unlock()
	d, err := encoded(kindEvents, callback)
	if err != nil {
		return Receipt{}, fmt.Errorf("event: %w", err)
	}
	d.attempt, d.reason = e.Retry, e.Reason
	id, _ := callback["event_id"].(string)
	receipt := s.deliverEvent(ctx, &event{id: id, delivery: d})
	receipt.TS = ts
	return receipt, nil
}

// overhear puts what an event says was said into the channel, unless it stands there; s.mu is held.
func (s *Server) overhear(inner json.RawMessage) string {
	var said struct {
		Type, Subtype, Channel, User, Text, TS string
		ThreadTS                               string `json:"thread_ts"`
	}
	if json.Unmarshal(inner, &said) != nil || said.Type != "message" && said.Type != "app_mention" || said.Subtype != "" {
		return ""
	}
	if s.world.channel(said.Channel) != nil && said.TS != "" && s.world.message(said.Channel, said.TS) == nil {
		s.world.messages = append(s.world.messages, &Message{
			Channel: said.Channel, TS: said.TS, ThreadTS: said.ThreadTS, User: said.User, Via: "person", Content: Content{Text: said.Text},
		})
	}
	return said.TS
}

// says makes a message of a person, and the fields of an event that tells of it.
func (s *Server) says(user, channel, text, threadTS string) (*Message, object, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.world.channel(channel)
	if c == nil || s.world.user(user) == nil {
		return nil, nil, fmt.Errorf("message in %s by %s: %w", channel, user, errNoSuch)
	}
	m := s.add(Message{Channel: channel, ThreadTS: threadTS, User: user, Via: "person", Content: Content{Text: text}})
	fields := object{
		"user": user, "channel": channel, "text": text, "ts": m.TS, "event_ts": m.TS, "team": s.Options.TeamID,
		"client_msg_id": s.newID("client-"), "blocks": []object{{
			"type": "rich_text", "block_id": "b0." + m.TS, "elements": []object{{
				"type": "rich_text_section", "elements": []object{{"type": "text", "text": text}},
			}},
		}},
	}
	if m.ThreadTS != "" {
		fields["thread_ts"] = m.ThreadTS
	}
	return m, fields, nil
}

// Mention writes a message that mentions the app, at its head unless the text does elsewhere.
func (s *Server) Mention(ctx context.Context, user, channel, text, threadTS string) (Receipt, error) {
	if mention := "<@" + s.Options.BotUserID + ">"; !strings.Contains(text, mention) {
		text = mention + " " + text
	}
	_, fields, err := s.says(user, channel, text, threadTS)
	if err != nil {
		return Receipt{}, err
	}
	fields["type"] = "app_mention"
	return s.Event(ctx, Event{Inner: fields})
}

// Say writes a message that does not call the app, which hears nothing of it.
func (s *Server) Say(user, channel, text string) (Message, error) {
	m, _, err := s.says(user, channel, text, "")
	if err != nil {
		return Message{}, err
	}
	return *m, nil
}

// Echo sends the message event of a message that stands in a channel, or of its last edit or its deletion. An app that
// subscribed to the messages of a channel gets one beside each mention, and one of each message of its own.
func (s *Server) Echo(ctx context.Context, m Message) (Receipt, error) {
	s.mu.Lock()
	c := s.world.channel(m.Channel)
	if c == nil || m.EphemeralTo != "" {
		s.mu.Unlock()
		return Receipt{}, fmt.Errorf("event of message %s: %w", m.TS, errNoSuch)
	}
	inner := s.messageJSON(&m, false)
	previous := m
	if n := len(m.Edits); n > 0 {
		previous.Content = m.Edits[n-1]
	}
	switch {
	case m.Deleted:
		inner = object{"type": "message", "subtype": "message_deleted", "deleted_ts": m.TS, "previous_message": inner}
	case len(m.Edits) > 0:
		inner = object{"type": "message", "subtype": "message_changed", "message": inner, "previous_message": s.messageJSON(&previous, false)}
	}
	inner["channel"], inner["channel_type"], inner["event_ts"] = m.Channel, c.eventKind(), s.newTS()
	if inner["subtype"] != nil {
		inner["ts"], inner["hidden"] = inner["event_ts"], true
	}
	s.mu.Unlock()
	return s.Event(ctx, Event{Inner: inner})
}

// DM writes to the app alone.
func (s *Server) DM(ctx context.Context, user, text, threadTS string) (Receipt, error) {
	channel, err := s.OpenIM(user)
	if err != nil {
		return Receipt{}, err
	}
	_, fields, err := s.says(user, channel, text, threadTS)
	if err != nil {
		return Receipt{}, err
	}
	fields["type"], fields["channel_type"] = "message", "im"
	return s.Event(ctx, Event{Inner: fields})
}

// OpenIM returns the ID of the direct message of the app with a person.
func (s *Server) OpenIM(user string) (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.im(user)
	if c == nil {
		return "", fmt.Errorf("direct message with %s: %w", user, errNoSuch)
	}
	return c.ID, nil
}

// OpenHome opens the Home tab of the app.
func (s *Server) OpenHome(ctx context.Context, user string) (Receipt, error) {
	channel, err := s.OpenIM(user)
	if err != nil {
		return Receipt{}, err
	}
	s.mu.Lock()
	inner := object{"type": "app_home_opened", "user": user, "channel": channel, "tab": "home", "event_ts": s.newTS()}
	if v := s.world.homes[user]; v != nil {
		inner["view"] = s.viewJSON(v)
	}
	s.mu.Unlock()
	return s.Event(ctx, Event{Inner: inner})
}

// ShareLink writes a message of links, which the app registered for.
func (s *Server) ShareLink(ctx context.Context, user, channel string, links ...string) (Receipt, error) {
	m, _, err := s.says(user, channel, strings.Join(links, " "), "")
	if err != nil {
		return Receipt{}, err
	}
	var shared []object
	for _, link := range links {
		u, err := url.Parse(link)
		if err != nil {
			return Receipt{}, fmt.Errorf("link: %w", err)
		}
		shared = append(shared, object{"url": link, "domain": u.Hostname()})
	}
	s.mu.Lock()
	unfurl := m.Channel + "." + m.TS
	s.world.links[unfurl] = sharedLink{m.Channel, m.TS}
	inner := object{
		"type": "link_shared", "channel": channel, "user": user, "message_ts": m.TS, "links": shared, "event_ts": s.newTS(),
		"unfurl_id": unfurl, "source": "conversations_history", "is_bot_user_member": s.world.channel(channel).IsMember,
	}
	s.mu.Unlock()
	receipt, err := s.Event(ctx, Event{Inner: inner})
	receipt.TS = m.TS
	return receipt, err
}
