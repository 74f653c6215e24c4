package telegramtest

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// In says where something is written. The zero value is the person's own chat with the bot.
type In struct {
	Chat    int64 // the person's own when 0
	Thread  int   // a topic of a forum
	ReplyTo int   // the ID of a message
	As      int64 // the chat in whose name it is written: the group itself, for an anonymous administrator, or a channel
}

// Say writes a message. Commands, mentions, links and hashtags in it become entities. A person who writes to the bot for the first
// time opens their chat with it.
func (s *Server) Say(ctx context.Context, user int64, in In, text string) (Receipt, error) {
	m := Message{Content: Content{Raw: text, Text: text, Entities: detect(text)}}
	return s.write(ctx, user, in, m)
}

// Command enters a command, such as Command(ctx, ana, in, "stance", "peru"); in groups it is addressed to the bot, as those from a
// menu are.
func (s *Server) Command(ctx context.Context, user int64, in In, name, arguments string) (Receipt, error) {
	text := "/" + name
	if c, ok := s.ChatByID(in.Chat); ok && c.Type != Private {
		text += "@" + s.Options.BotUsername
	}
	return s.Say(ctx, user, in, strings.TrimSpace(text+" "+arguments))
}

var payloadForm = regexp.MustCompile(`^[A-Za-z0-9_-]{0,64}$`)

// Start opens the bot by a link, t.me/bot?start=payload, or by its button Start where there is no payload.
func (s *Server) Start(ctx context.Context, user int64, payload string) (Receipt, error) {
	if !payloadForm.MatchString(payload) {
		return Receipt{}, fmt.Errorf("start with %q: %w", payload, errNoSuch)
	}
	return s.Say(ctx, user, In{}, strings.TrimSpace("/start "+payload))
}

// Caption sends a photo with a caption.
func (s *Server) Caption(ctx context.Context, user int64, in In, caption string) (Receipt, error) {
	m := Message{
		Content: Content{Raw: caption, Text: caption, Entities: detect(caption)},
		Photo:   &Photo{FileID: "AgACAgPerson", Width: 1280, Height: 720},
	}
	return s.write(ctx, user, in, m)
}

// Sticker sends a sticker.
func (s *Server) Sticker(ctx context.Context, user int64, in In) (Receipt, error) {
	return s.Service(ctx, user, in, object{"sticker": object{
		"file_id": "CAACAg", "file_unique_id": "CAu", "type": "regular", "width": 512, "height": 512, "is_animated": false,
		"is_video": false, "emoji": "👍",
	}})
}

// GIF sends an animation.
func (s *Server) GIF(ctx context.Context, user int64, in In) (Receipt, error) {
	file := object{"file_id": "CgACAg", "file_unique_id": "CgU", "width": 320, "height": 240, "duration": 2, "mime_type": "video/mp4"}
	return s.Service(ctx, user, in, object{"animation": file, "document": object{"file_id": "CgACAg", "file_unique_id": "CgU"}})
}

// Poll sends a poll.
func (s *Server) Poll(ctx context.Context, user int64, in In, question string, options ...string) (Receipt, error) {
	choices := []object{}
	for i, o := range options {
		choices = append(choices, object{"text": o, "voter_count": 0, "persistent_id": fmt.Sprint(i)})
	}
	return s.Service(ctx, user, in, object{"poll": object{
		"id": "5000000000000000001", "question": question, "options": choices, "total_voter_count": 0, "is_closed": false,
		"is_anonymous": true, "type": "regular", "allows_multiple_answers": false,
	}})
}

// Location sends a place on the map.
func (s *Server) Location(ctx context.Context, user int64, in In, latitude, longitude float64) (Receipt, error) {
	return s.Service(ctx, user, in, object{"location": object{"latitude": latitude, "longitude": longitude}})
}

// Service makes a message of fields of the caller's, such as {"new_chat_title": "Desk"} or {"pinned_message": …}.
func (s *Server) Service(ctx context.Context, user int64, in In, fields map[string]any) (Receipt, error) {
	return s.write(ctx, user, in, Message{fields: fields})
}

// write puts a person's message into a chat, and tells the bot of it unless it is not to hear it.
func (s *Server) write(ctx context.Context, user int64, in In, m Message) (Receipt, error) {
	s.mu.Lock()
	c, err := s.enterChat(user, &in)
	if err != nil {
		s.mu.Unlock()
		return Receipt{}, err
	}
	m.Chat, m.User, m.as, m.Via = c.ID, user, in.As, "person"
	if m.reply = s.world.message(c.ID, in.ReplyTo); m.reply != nil {
		m.ReplyTo, m.Thread, m.inTopic = m.reply.ID, m.reply.Thread, m.reply.inTopic
		if m.Thread == 0 && c.Type == Supergroup && !c.IsForum {
			m.Thread = m.reply.ID
		}
	}
	if t := c.topics[in.Thread]; t != nil {
		m.Thread, m.inTopic = in.Thread, true
		if m.reply == nil {
			m.reply = t.created // as Telegram tells it of each message in a topic
		}
	}
	r := Receipt{Withheld: s.withheld(c, &m)}
	added := s.add(m)
	payload := s.messageJSON(added, true)
	said := added.clone()
	r.Message = &said
	kind := "message"
	if c.Type == Channel {
		kind = "channel_post"
	}
	s.mu.Unlock()
	return s.deliver(ctx, kind, payload, r)
}

// enterChat finds where a person writes, and opens their chat with the bot where that is the first time; s.mu is held.
func (s *Server) enterChat(user int64, in *In) (*Chat, error) {
	u := s.world.user(user)
	if in.Chat == 0 {
		in.Chat = user
	}
	c := s.world.chat(in.Chat)
	if c == nil && u != nil && in.Chat == user {
		c = s.addChat(Chat{ID: user, Type: Private})
	}
	channel := c != nil && c.Type == Channel
	switch {
	case c == nil, !channel && u == nil, c.Type == Private && (c.ID != user || c.Bot == Kicked), c.migratedTo != 0, c.Deleted:
	case in.Thread != 0 && (c.topics[in.Thread] == nil || c.topics[in.Thread].deleted):
	case in.ReplyTo != 0 && s.world.message(c.ID, in.ReplyTo) == nil:
	case !channel && in.As == 0 && !c.status(user).isIn():
	default:
		return c, nil
	}
	return nil, fmt.Errorf("message in %d by %d: %w", in.Chat, user, errNoSuch)
}

// withheld says why the bot hears nothing of a message; "" where it does.
func (s *Server) withheld(c *Chat, m *Message) string {
	if !c.Bot.isIn() {
		return "not a member"
	}
	if !s.Options.Privacy || c.Bot.leads() || c.Type == Private || c.Type == Channel {
		return ""
	}
	if m.fields != nil && m.fields["sticker"] == nil && m.fields["animation"] == nil && m.fields["poll"] == nil && m.fields["location"] == nil {
		return "" // a service message
	}
	if m.ReplyTo != 0 && m.reply.User == s.Options.BotID {
		return ""
	}
	for _, e := range m.Entities {
		name, to, addressed := strings.Cut(e.Of(m.Text), "@")
		if e.Type == "bot_command" && name != "" && (addressed && strings.EqualFold(to, s.Options.BotUsername) || !addressed && s.spokeLast(c)) {
			return ""
		}
	}
	return "privacy"
}

// spokeLast says whether the bot, among all bots, was the last to write in a chat.
func (s *Server) spokeLast(c *Chat) bool {
	for _, m := range slices.Backward(s.world.messages) {
		if u := s.world.user(m.User); m.Chat == c.ID && u != nil && u.IsBot {
			return m.User == s.Options.BotID
		}
	}
	return false
}

// Edit changes a message that a person wrote, or a post of a channel.
func (s *Server) Edit(ctx context.Context, m Message, text string) (Receipt, error) {
	s.mu.Lock()
	current, c := s.world.message(m.Chat, m.ID), s.world.chat(m.Chat)
	if current == nil || current.Via != "person" {
		s.mu.Unlock()
		return Receipt{}, fmt.Errorf("edit message %d: %w", m.ID, errNoSuch)
	}
	current.say(Content{Raw: text, Text: text, Entities: detect(text)}, s.Options.Now())
	payload, edited, kind := s.messageJSON(current, true), current.clone(), "edited_message"
	if c.Type == Channel {
		kind = "edited_channel_post"
	}
	r := Receipt{Message: &edited, Withheld: s.withheld(c, current)}
	s.mu.Unlock()
	return s.deliver(ctx, kind, payload, r)
}

// Delete deletes a message, of which the bot hears nothing.
func (s *Server) Delete(m Message) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if current := s.world.message(m.Chat, m.ID); current != nil {
		current.Deleted = true
	}
}

// ChannelPost writes a post in a channel.
func (s *Server) ChannelPost(ctx context.Context, channel int64, text string) (Receipt, error) {
	return s.Say(ctx, 0, In{Chat: channel}, text)
}

// MyChatMember changes what the bot is in a chat, by the hand of a person: in the person's own chat, Kicked blocks it and Member
// lets it in again. In a group that it comes into, the service message of that follows. The receipt is that of my_chat_member.
func (s *Server) MyChatMember(ctx context.Context, user, chat int64, status Status) (Receipt, error) {
	s.mu.Lock()
	c, u := s.world.chat(chat), s.world.user(user)
	if c == nil || u == nil {
		s.mu.Unlock()
		return Receipt{}, fmt.Errorf("the bot's place in %d by %d: %w", chat, user, errNoSuch)
	}
	bot := s.world.user(s.Options.BotID)
	old := c.Bot
	c.Bot = status
	change := object{
		"chat": s.chatJSON(c), "from": userJSON(u), "date": s.Options.Now().Unix(), "old_chat_member": s.memberJSON(bot, old),
		"new_chat_member": s.memberJSON(bot, status),
	}
	came := !old.isIn() && status.isIn() && (c.Type == Group || c.Type == Supergroup)
	s.mu.Unlock()
	r, err := s.deliver(ctx, "my_chat_member", change, Receipt{})
	if err == nil && came {
		_, err = s.Service(ctx, user, In{Chat: chat}, object{"new_chat_members": []object{userJSON(bot)}, "new_chat_member": userJSON(bot)})
	}
	return r, err
}

// Migrate turns a group into a supergroup, with its people, and tells the bot by a service message in each: the receipts are those.
// What is sent to the old one is refused from then on.
func (s *Server) Migrate(ctx context.Context, user, group, supergroup int64) (from, to Receipt, err error) {
	s.mu.Lock()
	c := s.world.chat(group)
	if c == nil || c.Type != Group || c.migratedTo != 0 {
		s.mu.Unlock()
		return from, to, fmt.Errorf("migrate %d: %w", group, errNoSuch)
	}
	s.addChat(Chat{ID: supergroup, Type: Supergroup, Title: c.Title, Bot: c.Bot, Members: c.Members})
	s.mu.Unlock()
	if from, err = s.Service(ctx, user, In{Chat: group}, object{"migrate_to_chat_id": supergroup}); err != nil {
		return from, to, err
	}
	s.mu.Lock()
	c.migratedTo = supergroup
	s.mu.Unlock()
	to, err = s.Service(ctx, user, In{Chat: supergroup, As: supergroup}, object{"migrate_from_chat_id": group})
	return from, to, err
}

// Topic makes a topic in a forum. Its thread is the ID of the message in the receipt.
func (s *Server) Topic(ctx context.Context, user, forum int64, name string) (Receipt, error) {
	if c, ok := s.ChatByID(forum); !ok || !c.IsForum {
		return Receipt{}, fmt.Errorf("topic in %d: %w", forum, errNoSuch)
	}
	s.mu.Lock()
	c := s.world.chat(forum)
	m := s.add(Message{
		Chat: forum, User: user, Via: "person", inTopic: true,
		fields: object{"forum_topic_created": object{"name": name, "icon_color": 7322096}},
	})
	m.Thread = m.ID
	c.topics[m.ID] = &topic{created: m}
	payload, made := s.messageJSON(m, true), m.clone()
	r := Receipt{Message: &made, Withheld: s.withheld(c, m)}
	s.mu.Unlock()
	return s.deliver(ctx, "message", payload, r)
}

// CloseTopic lets only administrators write in a topic.
func (s *Server) CloseTopic(forum int64, thread int) {
	s.changeTopic(forum, thread, func(t *topic) { t.closed = true })
}

// DeleteTopic deletes a topic with its messages, of which the bot hears nothing.
func (s *Server) DeleteTopic(forum int64, thread int) {
	s.changeTopic(forum, thread, func(t *topic) { t.deleted = true })
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, m := range s.world.messages {
		if m.Chat == forum && m.Thread == thread && m.inTopic {
			m.Deleted = true
		}
	}
}

func (s *Server) changeTopic(forum int64, thread int, change func(*topic)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if c := s.world.chat(forum); c != nil && c.topics[thread] != nil {
		change(c.topics[thread])
	}
}
