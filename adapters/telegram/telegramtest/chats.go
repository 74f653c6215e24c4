package telegramtest

import (
	"strconv"
	"strings"
)

// chatOf finds the chat of a call; s.mu is held.
func (s *Server) chatOf(id string) (*Chat, *apiError) {
	if id == "" {
		return nil, wrong("chat_id is empty")
	}
	var c *Chat
	if name, ok := strings.CutPrefix(id, "@"); ok {
		c = find(s.world.chats, func(c *Chat) bool { return strings.EqualFold(c.Username, name) && c.Type != Private })
	} else if n, err := strconv.ParseInt(id, 10, 64); err == nil {
		if c = s.world.chat(n); c == nil && s.world.user(n) != nil {
			return nil, forbid("bot can't initiate conversation with a user")
		}
	}
	if c == nil {
		return nil, refuse("chat not found")
	}
	return c, nil
}

// names are what Telegram calls chats in its refusals.
var names = map[string]string{Group: "group chat", Supergroup: "supergroup chat", Channel: "channel chat"}

// writable finds the chat of a call that writes to it; s.mu is held.
func (s *Server) writable(id string) (*Chat, *apiError) {
	c, refused := s.chatOf(id)
	if refused != nil {
		return nil, refused
	}
	u := s.world.user(c.ID)
	switch {
	case c.Type == Private && u != nil && u.Deactivated:
		return nil, forbid("user is deactivated")
	case c.Type == Private && !c.Bot.isIn():
		return nil, forbid("bot was blocked by the user")
	case c.Type == Private && u != nil && u.IsBot:
		return nil, forbid("bot can't send messages to bots")
	case c.migratedTo != 0:
		e := refuse("group chat was upgraded to a supergroup chat")
		e.MigrateTo = c.migratedTo
		return nil, e
	case c.Deleted:
		return nil, forbid("the group chat was deleted")
	case c.Bot == Kicked:
		return nil, forbid("bot was kicked from the %s", names[c.Type])
	case c.Bot == Left:
		return nil, forbid("bot is not a member of the %s", names[c.Type])
	case c.Type == Channel && !c.Bot.leads():
		return nil, refuse("need administrator rights in the channel chat")
	case c.Bot == Restricted, c.Muted && !c.Bot.leads():
		return nil, refuse("not enough rights to send text messages to the chat")
	}
	return c, nil
}

// readable finds the chat of a call that asks about it; s.mu is held.
func (s *Server) readable(id string) (*Chat, *apiError) {
	c, refused := s.chatOf(id)
	switch {
	case refused != nil:
		return nil, refused
	case c.Type == Private || c.Username != "" || c.Bot.isIn():
		return c, nil
	case c.Bot == Kicked:
		return nil, forbid("bot was kicked from the %s", names[c.Type])
	}
	return nil, forbid("bot is not a member of the %s", names[c.Type])
}

func (s *Server) getChat(call *Call) (any, *apiError) {
	c, refused := s.readable(call.Args["chat_id"])
	if refused != nil {
		return nil, refused
	}
	full := s.chatJSON(c)
	full["accent_color_id"], full["max_reaction_count"] = 0, 11
	full["accepted_gift_types"] = object{
		"unlimited_gifts": false, "limited_gifts": false, "unique_gifts": false, "premium_subscription": false, "gifts_from_channels": false,
	}
	if c.Username != "" {
		full["active_usernames"] = []string{c.Username}
	}
	if c.Type == Group || c.Type == Supergroup {
		full["permissions"] = object{"can_send_messages": !c.Muted}
	}
	return full, nil
}

func (s *Server) getChatMember(call *Call) (any, *apiError) {
	c, refused := s.readable(call.Args["chat_id"])
	if refused != nil {
		return nil, refused
	}
	id := call.Args.id("user_id")
	u := s.world.user(id)
	switch {
	case id <= 0:
		return nil, wrong("invalid user_id specified")
	case u == nil:
		return nil, refuse("user not found")
	case id == s.Options.BotID:
		return s.memberJSON(u, c.Bot), nil
	case c.Type == Channel && !c.Bot.leads():
		return nil, refuse("member list is inaccessible")
	}
	return s.memberJSON(u, c.status(id)), nil
}

func (s *Server) getChatAdministrators(call *Call) (any, *apiError) {
	c, refused := s.readable(call.Args["chat_id"])
	switch {
	case refused != nil:
		return nil, refused
	case c.Type == Private:
		return nil, refuse("there are no administrators in the private chat")
	case c.Type == Channel && !c.Bot.leads():
		return nil, refuse("member list is inaccessible")
	}
	leaders := []object{}
	for _, u := range s.world.users {
		switch {
		case u.ID == s.Options.BotID && c.Bot.leads():
			leaders = append(leaders, s.memberJSON(u, c.Bot))
		case u.ID != s.Options.BotID && c.status(u.ID).leads() && (!u.IsBot || call.Args.isTrue("return_bots")):
			leaders = append(leaders, s.memberJSON(u, c.status(u.ID)))
		}
	}
	return leaders, nil
}

func (s *Server) leaveChat(call *Call) (any, *apiError) {
	c, refused := s.readable(call.Args["chat_id"])
	switch {
	case refused != nil:
		return nil, refused
	case c.Type == Private:
		return nil, refuse("chat member status can't be changed in private chats")
	}
	c.Bot = Left
	return true, nil
}
