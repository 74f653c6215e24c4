package slacktest

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// messageJSON is a message as Slack tells it, with its metadata for who may know it.
func (s *Server) messageJSON(m *Message, withMetadata bool) object {
	o := object{"type": "message", "user": m.User, "ts": m.TS, "text": m.Text, "team": s.Options.TeamID}
	if m.User == s.Options.BotUserID {
		o["bot_id"], o["app_id"] = s.Options.BotID, s.Options.AppID
		o["bot_profile"] = object{
			"id": s.Options.BotID, "app_id": s.Options.AppID, "name": s.Options.BotName, "team_id": s.Options.TeamID, "deleted": false,
		}
	}
	if lists(m.Blocks) {
		o["blocks"] = filled(m.TS, decode(m.Blocks))
	}
	if lists(m.Attachments) {
		o["attachments"] = decode(m.Attachments)
	}
	if withMetadata && len(m.Metadata) > 0 {
		o["metadata"] = decode(m.Metadata)
	}
	if len(m.Edits) > 0 {
		o["edited"] = object{"user": m.User, "ts": m.TS}
	}
	if len(m.Files) > 0 {
		o["files"] = s.filesJSON(m.Files)
	}
	s.threadJSON(o, m)
	return o
}

func (s *Server) filesJSON(ids []string) []object {
	var files []object
	for _, id := range ids {
		files = append(files, s.fileJSON(s.world.file(id)))
	}
	return files
}

// threadJSON adds what ties a message to its thread.
func (s *Server) threadJSON(o object, m *Message) {
	if m.ThreadTS != "" {
		o["thread_ts"] = m.ThreadTS
		if parent := s.world.message(m.Channel, m.ThreadTS); parent != nil {
			o["parent_user_id"] = parent.User
		}
		return
	}
	if replies := s.world.thread(m.Channel, m.TS); len(replies) > 0 {
		o["thread_ts"], o["reply_count"], o["latest_reply"] = m.TS, len(replies), replies[len(replies)-1].TS
	}
}

// filled returns blocks with what Slack fills in: the IDs that the app left out, and emoji and verbatim of texts.
func filled(seed string, blocks any) any {
	list, _ := blocks.([]any)
	for i, b := range list {
		m, ok := b.(object)
		if !ok {
			continue
		}
		if m["block_id"] == nil {
			m["block_id"] = fmt.Sprintf("b%d.%s", i, seed)
		}
		for j, e := range controls(m) {
			if e["action_id"] == nil && e["type"] != "image" {
				e["action_id"] = fmt.Sprintf("a%d.%d.%s", i, j, seed)
			}
		}
		fillTexts(m)
	}
	if list == nil {
		return []any{}
	}
	return list
}

// controls lists the elements of a block that people use.
func controls(block object) []object {
	var found []object
	list, _ := block["elements"].([]any)
	for _, v := range append(slices.Clip(list), block["accessory"], block["element"]) {
		if e, ok := v.(object); ok && e["type"] != "plain_text" && e["type"] != "mrkdwn" && !richText(block) {
			found = append(found, e)
		}
	}
	return found
}

func richText(block object) bool { return block["type"] == "rich_text" }

func fillTexts(v any) {
	switch v := v.(type) {
	case []any:
		for _, e := range v {
			fillTexts(e)
		}
	case object:
		switch {
		case v["type"] == "plain_text" && v["emoji"] == nil:
			v["emoji"] = true
		case v["type"] == "mrkdwn" && v["verbatim"] == nil:
			v["verbatim"] = false
		}
		for _, e := range v {
			fillTexts(e)
		}
	}
}

// label is the name of a channel in commands and interactions.
func (c *Channel) label() string {
	switch {
	case c.IsIM:
		return "directmessage"
	case c.IsPrivate:
		return "privategroup"
	}
	return c.Name
}

// interaction is what the payloads of all interactions have.
func (s *Server) interaction(kind, user, trigger string) object {
	name := ""
	if u := s.world.user(user); u != nil {
		name = u.Name
	}
	return object{
		"type": kind, "token": "verification-token", "api_app_id": s.Options.AppID, "trigger_id": trigger,
		"team": object{"id": s.Options.TeamID, "domain": s.domain()}, "enterprise": s.enterprise(), "is_enterprise_install": s.Options.OrgInstall,
		"user": object{"id": user, "name": name, "username": name, "team_id": s.Options.TeamID},
	}
}

// enterprise is the organisation of the workspace, nil for none.
func (s *Server) enterprise() any {
	if s.Options.EnterpriseID == "" {
		return nil
	}
	return object{"id": s.Options.EnterpriseID, "name": "Organisation"}
}

// nullable is a text, or null where it is empty.
func nullable(text string) any {
	if text == "" {
		return nil
	}
	return text
}

// eventCallback wraps an inner event as the Events API does; s.mu is held.
func (s *Server) eventCallback(e Event, inner json.RawMessage) object {
	id := e.ID
	if id == "" {
		id = s.newID("Ev")
	}
	var head struct {
		Channel json.RawMessage `json:"channel"`
	}
	_ = json.Unmarshal(inner, &head) // an event that is none goes as it is
	external := e.ExtShared
	if c := s.world.channel(strings.Trim(string(head.Channel), `"`)); c != nil && c.IsExtShared {
		external = true
	}
	callback := object{
		"token": "verification-token", "team_id": s.Options.TeamID, "context_team_id": s.Options.TeamID, "context_enterprise_id": nullable(s.Options.EnterpriseID), "enterprise_id": nullable(s.Options.EnterpriseID),
		"api_app_id": s.Options.AppID, "event": inner, "type": "event_callback", "event_id": id, "event_time": s.Options.Now().Unix(),
		"authorizations": []object{{
			"enterprise_id": nullable(s.Options.EnterpriseID), "team_id": s.Options.TeamID, "user_id": s.Options.BotUserID, "is_bot": true,
			"is_enterprise_install": s.Options.OrgInstall,
		}},
		"is_ext_shared_channel": external, "event_context": "4-" + id,
	}
	maps.Copy(callback, e.Outer)
	return callback
}
