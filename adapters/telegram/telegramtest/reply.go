package telegramtest

import "encoding/json"

// maxPlaceholder is how much an empty field shows.
const maxPlaceholder = 64

// A ForceReply opens, below a message, the reply to it.
type ForceReply struct {
	Placeholder string `json:"input_field_placeholder"`
	Selective   bool   `json:"selective"` // for those alone whom the message mentions, or whose message it answers
}

// ForceReply returns how a message asks for a reply, nil where it does not.
func (c Content) ForceReply() *ForceReply {
	var asked struct {
		ForceReply

		Force bool `json:"force_reply"`
	}
	if json.Unmarshal(c.Markup, &asked) != nil || !asked.Force {
		return nil
	}
	return &asked.ForceReply
}

// checkReplyAsked refuses a message that asks for a reply where nobody could give one, and complains of one that asks everybody, or
// nobody; s.mu is held.
func (s *Server) checkReplyAsked(call *Call, p *place, c *Content) *apiError {
	if len(c.Markup) > 0 && !isInlineKeyboard(c.Markup) && p.chat.Type == Channel {
		return wrong("inline keyboard expected")
	}
	asked := c.ForceReply()
	if asked == nil {
		return nil
	}
	where := call.Method + " to " + call.Args["chat_id"]
	s.checkForceReply(where, c.Markup)
	mentions := p.reply != nil && p.reply.User != s.Options.BotID
	for _, e := range c.Entities {
		mentions = mentions || e.Type == "mention" || e.Type == "text_mention"
	}
	switch {
	case p.chat.Type != Private && !asked.Selective:
		s.Complain("%s: a force_reply that opens for everybody", where)
	case asked.Selective && !mentions:
		s.Complain("%s: a selective force_reply that opens for nobody", where)
	}
	return nil
}

// checkForceReply complains of fields that a force_reply does not have, or not so.
func (s *Server) checkForceReply(where string, markup json.RawMessage) {
	var fields object
	_ = json.Unmarshal(markup, &fields) // it was read before
	for name, value := range fields {
		_, isBool := value.(bool)
		text, _ := value.(string)
		switch {
		case name == "force_reply", name == "selective" && isBool:
		case name == "input_field_placeholder" && text != "" && units(text) <= maxPlaceholder:
		default:
			s.Complain("%s: a force_reply with %s: %v", where, name, value)
		}
	}
}
