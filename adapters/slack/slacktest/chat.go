package slacktest

import (
	"encoding/json"
	"net/url"
	"strings"
	"unicode/utf8"
)

const (
	maxText   = 40_000 // characters of a post
	maxUpdate = 4_000  // of an edit, and what Slack recommends for posts
)

// content reads what a message is to say, refuses what Slack does and complains of what it should not; s.mu is held.
func (s *Server) content(what string, a Args) (Content, error) {
	c := Content{Text: a["text"]}
	var err error
	if c.Blocks, err = s.blocks(a["blocks"]); err != nil {
		return c, err
	}
	if c.Attachments, err = s.attachments(a["attachments"]); err != nil {
		return c, err
	}
	if c.Metadata, err = metadata(a["metadata"]); err != nil {
		return c, err
	}
	length := utf8.RuneCountInString(c.Text)
	switch {
	case c.Text == "" && !lists(c.Blocks) && !lists(c.Attachments):
		return c, refuse("no_text")
	case length > maxText:
		return c, refuse("msg_too_long")
	case length > maxUpdate:
		s.Complain("%s: a text of %d characters; Slack recommends at most %d", what, length, maxUpdate)
	case strings.TrimSpace(c.Text) == "" && lists(c.Blocks):
		s.Complain("%s: blocks without a text, which notifications and screen readers show", what)
	}
	shown := c.shown()
	if mentionsAll(shown) || (a["parse"] == "full" || a.isTrue("link_names")) && namesAll(shown) {
		s.Complain("%s: mentions a whole channel or group: %s", what, strings.Join(shown, " | "))
	}
	return c, nil
}

// lists says whether a JSON list has anything in it.
func lists(raw json.RawMessage) bool { return len(elements(raw)) > 0 }

func elements(raw json.RawMessage) []any {
	var list []any
	if json.Unmarshal(raw, &list) != nil {
		return nil
	}
	return list
}

func (s *Server) blocks(raw string) (json.RawMessage, error) {
	if raw == "" {
		return nil, nil
	}
	var list []any
	if json.Unmarshal([]byte(raw), &list) != nil {
		return nil, refuse("invalid_blocks_format")
	}
	if problems := s.checkBlocks("", "/blocks", list); len(problems) > 0 {
		return nil, refuse("invalid_blocks", problems...)
	}
	return json.RawMessage(raw), nil
}

func (s *Server) attachments(raw string) (json.RawMessage, error) {
	if raw == "" {
		return nil, nil
	}
	var list []object
	if json.Unmarshal([]byte(raw), &list) != nil {
		return nil, refuse("invalid_attachments")
	}
	for _, a := range list {
		blocks, _ := a["blocks"].([]any)
		if problems := s.checkBlocks("", "/attachments/blocks", blocks); len(problems) > 0 {
			return nil, refuse("invalid_blocks", problems...)
		}
	}
	return json.RawMessage(raw), nil
}

// metadata refuses what is no event. One without a type is none: some clients send it with every message.
func metadata(raw string) (json.RawMessage, error) {
	if raw == "" {
		return nil, nil
	}
	var m struct {
		Type    string `json:"event_type"`
		Payload object `json:"event_payload"`
	}
	if json.Unmarshal([]byte(raw), &m) != nil {
		return nil, refuse("invalid_metadata_format")
	}
	if m.Type == "" {
		return nil, nil
	}
	if m.Payload == nil {
		return nil, refuse("invalid_metadata_format")
	}
	return json.RawMessage(raw), nil
}

// postable finds the channel of a post. The ID of a person stands for the direct message with them.
func (s *Server) postable(id string) (*Channel, error) {
	c := s.world.channel(id)
	if c == nil && s.world.user(id) != nil {
		c = s.im(id)
	}
	switch {
	case c == nil, c.IsPrivate && !c.IsMember:
		return nil, refuse("channel_not_found")
	case c.IsArchived:
		return nil, refuse("is_archived")
	case !c.IsMember && !c.IsIM && !s.hasScope("chat:write.public"):
		return nil, refuse("not_in_channel")
	}
	return c, nil
}

func (s *Server) chatPostMessage(call Call) (object, error) {
	c, err := s.postable(call.Args["channel"])
	if err != nil {
		return nil, err
	}
	m, err := s.post(c.ID, call.Method, call.Args)
	if err != nil {
		return nil, err
	}
	return object{"channel": c.ID, "ts": m.TS, "message": s.messageJSON(m, true)}, nil
}

// post makes a message of the app that everybody sees.
func (s *Server) post(channel, via string, a Args) (*Message, error) {
	what := via + " to " + channel
	content, err := s.content(what, a)
	if err != nil {
		return nil, err
	}
	unfurl := a.flag("unfurl_links")
	if content.hasLinks() && (unfurl == nil || *unfurl) {
		s.Complain("%s: links without unfurl_links false, each of which brings a preview", what)
	}
	return s.add(Message{
		Channel: channel, ThreadTS: a["thread_ts"], User: s.Options.BotUserID, Via: via, Content: content,
		UnfurlLinks: unfurl, UnfurlMedia: a.flag("unfurl_media"), Broadcast: a.isTrue("reply_broadcast"),
	}), nil
}

func (s *Server) chatPostEphemeral(call Call) (object, error) {
	c, err := s.postable(call.Args["channel"])
	if err != nil {
		return nil, err
	}
	user := call.Args["user"]
	if s.world.user(user) == nil || !c.has(user) {
		return nil, refuse("user_not_in_channel")
	}
	m, err := s.whisper(c.ID, user, call.Method, call.Args)
	if err != nil {
		return nil, err
	}
	return object{"message_ts": m.TS}, nil
}

// whisper makes a message of the app that one person sees.
func (s *Server) whisper(channel, user, via string, a Args) (*Message, error) {
	content, err := s.content(via+" to "+user+" in "+channel, a)
	if err != nil {
		return nil, err
	}
	return s.add(Message{
		Channel: channel, ThreadTS: a["thread_ts"], User: s.Options.BotUserID, EphemeralTo: user, Via: via, Content: content,
	}), nil
}

// own finds a message that the app may change.
func (s *Server) own(a Args, foreign string) (*Message, error) {
	if s.world.channel(a["channel"]) == nil {
		return nil, refuse("channel_not_found")
	}
	m := s.world.message(a["channel"], a["ts"])
	switch {
	case m == nil, m.EphemeralTo != "": // an ephemeral is no message to any method
		return nil, refuse("message_not_found")
	case m.User != s.Options.BotUserID:
		return nil, refuse(foreign)
	}
	return m, nil
}

func (s *Server) chatUpdate(call Call) (object, error) {
	m, err := s.own(call.Args, "cant_update_message")
	if err != nil {
		return nil, err
	}
	if s.world.channel(m.Channel).IsArchived {
		return nil, refuse("is_inactive")
	}
	if utf8.RuneCountInString(call.Args["text"]) > maxUpdate {
		return nil, refuse("msg_too_long")
	}
	content, err := s.content(call.Method+" in "+m.Channel, m.kept(call.Args))
	if err != nil {
		return nil, err
	}
	m.say(content)
	return object{"channel": m.Channel, "ts": m.TS, "text": m.Text, "message": s.messageJSON(m, true)}, nil
}

// kept fills in what an update does not mention: metadata and attachments stay as they are, blocks do unless there is a text,
// and the text does unless there are blocks.
func (m *Message) kept(a Args) Args {
	full := Args{"text": a["text"], "blocks": a["blocks"], "attachments": a["attachments"], "metadata": a["metadata"]}
	if !a.has("metadata") {
		full["metadata"] = string(m.Metadata)
	}
	if !a.has("attachments") {
		full["attachments"] = string(m.Attachments)
	}
	if !a.has("blocks") && !a.has("text") {
		full["blocks"], full["text"] = string(m.Blocks), m.Text
	}
	return full
}

func (s *Server) chatDelete(call Call) (object, error) {
	m, err := s.own(call.Args, "cant_delete_message")
	if err != nil {
		return nil, err
	}
	m.Deleted = true
	return object{"channel": m.Channel, "ts": m.TS}, nil
}

func (s *Server) chatGetPermalink(call Call) (object, error) {
	channel, ts := call.Args["channel"], call.Args["message_ts"]
	if s.world.channel(channel) == nil {
		return nil, refuse("channel_not_found")
	}
	m := s.world.message(channel, ts)
	if m == nil || m.EphemeralTo != "" {
		return nil, refuse("message_not_found")
	}
	return object{"channel": channel, "permalink": s.permalink(m)}, nil
}

func (s *Server) permalink(m *Message) string {
	link := "https://" + s.domain() + ".slack.com/archives/" + m.Channel + "/p" + strings.ReplaceAll(m.TS, ".", "")
	if m.ThreadTS != "" && m.ThreadTS != m.TS {
		link += "?" + url.Values{"thread_ts": {m.ThreadTS}, "cid": {m.Channel}}.Encode()
	}
	return link
}

func (s *Server) chatUnfurl(call Call) (object, error) {
	at := sharedLink{call.Args["channel"], call.Args["ts"]}
	if id := call.Args["unfurl_id"]; id != "" {
		at = s.world.links[id]
	}
	m := s.world.message(at.channel, at.ts)
	if m == nil {
		return nil, refuse("cannot_find_message")
	}
	raw := call.Args["unfurls"]
	if raw == "" {
		return nil, refuse("missing_unfurls")
	}
	var previews map[string]json.RawMessage
	if json.Unmarshal([]byte(raw), &previews) != nil {
		return nil, refuse("invalid_unfurls_format")
	}
	for link, preview := range previews {
		if err := s.checkPreview(m, link, preview); err != nil {
			return nil, err
		}
	}
	for _, link := range sortedKeys(previews) {
		s.world.unfurls = append(s.world.unfurls, Unfurl{Channel: m.Channel, TS: m.TS, URL: link, Preview: previews[link]})
	}
	return object{}, nil
}

func (s *Server) checkPreview(m *Message, link string, preview json.RawMessage) error {
	if !strings.Contains(m.Text, link) {
		return refuse("cannot_unfurl_url", link)
	}
	var p struct {
		Blocks []any `json:"blocks"`
	}
	if json.Unmarshal(preview, &p) != nil {
		return refuse("invalid_unfurls_format")
	}
	if problems := s.checkBlocks("", "/unfurls/blocks", p.Blocks); len(problems) > 0 {
		return refuse("cannot_parse_attachment", problems...)
	}
	if mentionsAll((Content{Attachments: json.RawMessage("[" + string(preview) + "]")}).shown()) {
		s.Complain("chat.unfurl of %s: mentions a whole channel or group", link)
	}
	return nil
}
