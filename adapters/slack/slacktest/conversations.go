package slacktest

import (
	"slices"
	"strconv"
	"strings"
	"time"
)

// kind is the word of a channel's scopes.
func (c *Channel) kind() string {
	switch {
	case c.IsIM:
		return "im"
	case c.IsPrivate:
		return "groups"
	}
	return "channels"
}

// eventKind is the word of events for it.
func (c *Channel) eventKind() string { return strings.TrimSuffix(c.kind(), "s") }

// readable finds a channel for which the token has the scope, such as "read" or "history".
func (s *Server) readable(id, scope string) (*Channel, error) {
	c := s.world.channel(id)
	if c == nil {
		if !s.hasScope("channels:"+scope, "groups:"+scope, "im:"+scope) {
			return nil, s.needScope("channels:"+scope, "groups:"+scope, "im:"+scope)
		}
		return nil, refuse("channel_not_found")
	}
	if err := s.needScope(c.kind() + ":" + scope); err != nil {
		return nil, err
	}
	if c.IsPrivate && !c.IsMember {
		return nil, refuse("channel_not_found")
	}
	return c, nil
}

func (s *Server) conversationsInfo(call Call) (object, error) {
	c, err := s.readable(call.Args["channel"], "read")
	if err != nil {
		return nil, err
	}
	info := s.channelJSON(c)
	if call.Args.isTrue("include_locale") {
		info["locale"] = "en-US"
	}
	if call.Args.isTrue("include_num_members") {
		info["num_members"] = len(c.Members)
	}
	return object{"channel": info}, nil
}

func (s *Server) channelJSON(c *Channel) object {
	info := object{
		"id": c.ID, "is_im": c.IsIM, "is_channel": !c.IsIM && !c.IsPrivate, "is_group": false, "is_mpim": false,
		"is_private": c.IsPrivate || c.IsIM, "is_archived": c.IsArchived, "is_ext_shared": c.IsExtShared,
		"is_shared": c.IsExtShared, "is_org_shared": false, "is_general": false, "context_team_id": s.Options.TeamID,
	}
	if c.IsIM {
		info["user"] = c.User
		return info
	}
	info["name"], info["name_normalized"], info["is_member"] = c.Name, c.Name, c.IsMember
	return info
}

func (s *Server) conversationsOpen(call Call) (object, error) {
	users := strings.FieldsFunc(call.Args["users"], func(r rune) bool { return r == ',' })
	switch {
	case len(users) == 0:
		return nil, refuse("users_list_not_supplied")
	case len(users) > 1:
		return nil, refuse("not_supported_by_slacktest")
	case s.im(users[0]) == nil:
		return nil, refuse("user_not_found")
	}
	c := s.im(users[0])
	if call.Args.isTrue("return_im") {
		return object{"channel": s.channelJSON(c)}, nil
	}
	return object{"channel": object{"id": c.ID}}, nil
}

func (s *Server) conversationsHistory(call Call) (object, error) {
	c, err := s.readable(call.Args["channel"], "history")
	if err != nil {
		return nil, err
	}
	if !c.IsMember && !c.IsIM {
		return nil, refuse("not_in_channel")
	}
	var found []*Message
	for _, m := range s.world.messages {
		root := m.ThreadTS == "" || m.ThreadTS == m.TS || m.Broadcast
		if m.Channel == c.ID && m.EphemeralTo == "" && !m.Deleted && root && within(m, call.Args) {
			found = append(found, m)
		}
	}
	slices.Reverse(found)
	return s.page(found, call.Args)
}

func (s *Server) conversationsReplies(call Call) (object, error) {
	c, err := s.readable(call.Args["channel"], "history")
	if err != nil {
		return nil, err
	}
	m := s.world.message(c.ID, call.Args["ts"])
	if m == nil || m.EphemeralTo != "" {
		return nil, refuse("thread_not_found")
	}
	root := m
	if m.ThreadTS != "" {
		if parent := s.world.message(c.ID, m.ThreadTS); parent != nil {
			root = parent
		}
	}
	found := []*Message{root}
	for _, reply := range s.world.thread(c.ID, root.TS) {
		if within(reply, call.Args) {
			found = append(found, reply)
		}
	}
	return s.page(found, call.Args)
}

// within says whether a message lies between the oldest and the latest that are asked for.
func within(m *Message, a Args) bool {
	if a["ts"] == "" && a["cursor"] != "" && !earlier(m.TS, a["cursor"]) {
		return false
	}
	if a["ts"] != "" && a["cursor"] != "" && !earlier(a["cursor"], m.TS) {
		return false
	}
	inclusive := a.isTrue("inclusive")
	if oldest := a["oldest"]; oldest != "" && !earlier(oldest, m.TS) && (!inclusive || oldest != m.TS) {
		return false
	}
	latest := a["latest"]
	return latest == "" || earlier(m.TS, latest) || inclusive && latest == m.TS
}

// earlier compares timestamps, whose parts are of no fixed width.
func earlier(a, b string) bool {
	x, _ := strconv.ParseFloat(a, 64)
	y, _ := strconv.ParseFloat(b, 64)
	return x < y
}

// page tells as many messages as were asked for, and how to go on: the cursor is the timestamp of the last one.
func (s *Server) page(found []*Message, a Args) (object, error) {
	limit := 100
	if a.has("limit") && a["limit"] != "0" {
		n, err := strconv.Atoi(a["limit"])
		if err != nil || n < 0 {
			return nil, refuse("invalid_limit")
		}
		limit = min(n, 999)
	}
	answer := object{"has_more": len(found) > limit, "response_metadata": object{"next_cursor": ""}}
	if len(found) > limit {
		found = found[:limit]
		answer["response_metadata"] = object{"next_cursor": found[limit-1].TS}
	}
	messages := []object{}
	for _, m := range found {
		messages = append(messages, s.messageJSON(m, a.isTrue("include_all_metadata")))
	}
	answer["messages"] = messages
	return answer, nil
}

func (s *Server) usersInfo(call Call) (object, error) {
	u := s.world.user(call.Args["user"])
	if u == nil {
		return nil, refuse("user_not_found")
	}
	zone := u.TZ
	if zone == "" {
		zone = "UTC"
	}
	offset := 0
	if location, err := time.LoadLocation(zone); err == nil {
		_, offset = s.Options.Now().In(location).Zone()
	}
	info := object{
		"id": u.ID, "team_id": s.Options.TeamID, "name": u.Name, "real_name": u.Name, "deleted": false, "is_bot": u.IsBot,
		"tz": zone, "tz_label": zone, "tz_offset": offset, "updated": 0,
		"profile": object{"real_name": u.Name, "display_name": u.Name, "team": s.Options.TeamID},
	}
	if call.Args.isTrue("include_locale") {
		info["locale"] = u.locale()
	}
	return object{"user": info}, nil
}

func (u *User) locale() string {
	if u.Locale == "" {
		return "en-US"
	}
	return u.Locale
}
