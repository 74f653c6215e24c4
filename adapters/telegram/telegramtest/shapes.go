package telegramtest

import (
	"hash/fnv"
	"maps"
	"strconv"
)

// Who writes in the name of a group or a channel.
const (
	anonymousAdmin = 1087968824
	channelBot     = 136817688
	telegramItself = 777000
)

func userJSON(u *User) object {
	o := object{"id": u.ID, "is_bot": u.IsBot, "first_name": u.FirstName}
	for name, value := range map[string]string{"last_name": u.LastName, "username": u.Username, "language_code": u.LanguageCode} {
		if value != "" {
			o[name] = value
		}
	}
	return o
}

func (s *Server) userJSON(u *User) object {
	if u == nil {
		return object{"id": telegramItself, "is_bot": false, "first_name": "Telegram"}
	}
	return userJSON(u)
}

func (s *Server) chatJSON(c *Chat) object {
	o := object{"id": c.ID, "type": c.Type}
	if c.Type == Private {
		if u := s.world.user(c.ID); u != nil {
			o["first_name"] = u.FirstName
			if u.LastName != "" {
				o["last_name"] = u.LastName
			}
			if u.Username != "" {
				o["username"] = u.Username
			}
		}
		return o
	}
	o["title"] = c.Title
	if c.Username != "" {
		o["username"] = c.Username
	}
	if c.Type == Group {
		o["all_members_are_administrators"] = false
	}
	if c.IsForum {
		o["is_forum"] = true
	}
	return o
}

// messageJSON tells of a message; of the one that it replies to only where that is asked, as Telegram does. s.mu is held.
func (s *Server) messageJSON(m *Message, withReply bool) object {
	c := s.world.chat(m.Chat)
	o := object{"message_id": m.ID, "date": m.Date.Unix(), "chat": s.chatJSON(c)}
	s.tellSender(o, m, c)
	if m.Thread != 0 {
		o["message_thread_id"] = m.Thread
	}
	if m.inTopic {
		o["is_topic_message"] = true
	}
	if !m.edited.IsZero() {
		o["edit_date"] = m.edited.Unix()
	}
	if withReply && m.reply != nil && !m.reply.Deleted {
		o["reply_to_message"] = s.messageJSON(m.reply, false)
	}
	m.tellContent(o)
	maps.Copy(o, m.fields)
	return o
}

func (s *Server) tellSender(o object, m *Message, c *Chat) {
	switch {
	case c.Type == Channel:
		o["sender_chat"] = s.chatJSON(c)
	case m.as == c.ID:
		o["sender_chat"] = s.chatJSON(c)
		o["from"] = object{"id": anonymousAdmin, "is_bot": true, "first_name": "Group", "username": "GroupAnonymousBot"}
	case m.as != 0:
		if other := s.world.chat(m.as); other != nil {
			o["sender_chat"] = s.chatJSON(other)
		}
		o["from"] = object{"id": channelBot, "is_bot": true, "first_name": "Channel", "username": "Channel_Bot"}
	default:
		o["from"] = s.userJSON(s.world.user(m.User))
	}
	if m.Via == "inline" {
		o["via_bot"] = s.userJSON(s.world.user(s.Options.BotID))
	}
}

func (m *Message) tellContent(o object) {
	text, entities := "text", "entities"
	if m.Photo != nil || m.Document != nil || m.fields != nil {
		text, entities = "caption", "caption_entities"
	}
	if m.Text != "" {
		o[text] = m.Text
		if len(m.Entities) > 0 {
			o[entities] = m.Entities
		}
	}
	if m.Photo != nil {
		o["photo"] = m.Photo.sizes()
	}
	if d := m.Document; d != nil {
		o["document"] = object{"file_id": d.FileID, "file_unique_id": d.FileID + "-u", "file_name": d.Name, "file_size": len(d.Content)}
	}
	if len(m.LinkPreview) > 0 {
		o["link_preview_options"] = m.LinkPreview
	}
	if isInlineKeyboard(m.Markup) {
		o["reply_markup"] = m.Markup
	}
}

func (p *Photo) sizes() []object {
	small := max(p.Width, p.Height, 90)
	return []object{
		{"file_id": p.FileID + "-s", "file_unique_id": p.FileID + "-su", "width": p.Width * 90 / small, "height": p.Height * 90 / small, "file_size": 1000},
		{"file_id": p.FileID, "file_unique_id": p.FileID + "-u", "width": p.Width, "height": p.Height, "file_size": len(p.Content)},
	}
}

// memberJSON tells what somebody is in a chat.
func (s *Server) memberJSON(u *User, status Status) object {
	o := object{"user": s.userJSON(u), "status": status}
	switch status {
	case Creator:
		o["is_anonymous"] = false
	case Administrator:
		o["can_be_edited"] = false
		for _, right := range []string{
			"can_manage_chat", "can_change_info", "can_delete_messages", "can_invite_users", "can_restrict_members", "can_pin_messages",
			"can_manage_topics", "can_promote_members", "can_manage_video_chats", "can_post_stories", "can_edit_stories", "can_delete_stories",
			"can_post_messages", "can_edit_messages",
		} {
			o[right] = true
		}
		o["is_anonymous"] = false
	case Restricted:
		o["is_member"], o["until_date"], o["can_send_messages"] = true, 0, false
	case Kicked:
		o["until_date"] = 0
	case Member, Left:
	}
	return o
}

// chatInstance names a chat to those who press buttons in it.
func chatInstance(place string) string {
	h := fnv.New64a()
	_, _ = h.Write([]byte(place))
	return strconv.FormatInt(int64(h.Sum64()), 10)
}
