package telegram

import (
	"strconv"
	"strings"

	"stancebot/adapters/lenient"
)

// An update is what Telegram tells, as far as we look at it. telegram-bot-api's own types lack topics, and its decoding
// refuses a whole batch for one update.
type update struct {
	id      int64
	us      int64    // who we were when it was read
	message *message // said in a chat or a channel; nil for another kind
	pressed *press
	inline  *inlineQuery
	member  *membership
}

// A message is something that was said.
type message struct {
	chat     int64
	chatType string // private, group, supergroup, channel
	id       int64
	thread   int64  // the topic, 0 for none
	user     int64  // 0 in a channel
	name     string // of the user
	language string
	text     string // or the caption
	entities []entity
	toUs     bool // a reply to a message of ours
	form     form // that the message asks for which this replies to
	bot      bool // a bot said it
	from     int64
	to       int64 // the supergroup that the group became, or 0
}

// An entity is a stretch of a text that Telegram marks, in UTF-16 units. What it says is not believed: updates are forged.
type entity struct {
	kind           string
	offset, length int
}

// A press is a button that was pressed.
type press struct {
	id       string
	user     int64
	name     string
	language string
	data     string
	message  *message // that it stands under; nil where it was sent by inline mode
	inline   string   // the id of that one
}

// An inlineQuery is what somebody types behind our name in any chat.
type inlineQuery struct {
	id, text, offset, language string
	user                       int64
}

// A membership is a change of what we are in a chat.
type membership struct {
	chat     int64
	private  bool
	user     int64
	was, is  string // creator, administrator, member, restricted, left, kicked
	language string
}

func readUpdate(raw []byte, us int64) (update, error) {
	o, err := lenient.Read(raw)
	if err != nil {
		return update{}, err
	}
	u := update{id: o.Number("update_id"), us: us}
	for _, kind := range []string{"message", "channel_post"} { // edited ones are left alone
		if o.Has(kind) {
			u.message = readMessage(o.In(kind), us)
		}
	}
	if o.Has("callback_query") {
		u.pressed = readPress(o.In("callback_query"), us)
	}
	if q := o.In("inline_query"); o.Has("inline_query") {
		from := q.In("from")
		u.inline = &inlineQuery{id: q.Text("id"), text: q.Text("query"), offset: q.Text("offset"), language: from.Text("language_code"), user: from.Number("id")}
	}
	if m := o.In("my_chat_member"); o.Has("my_chat_member") {
		chat, from := m.In("chat"), m.In("from")
		u.member = &membership{
			chat: chat.Number("id"), private: chat.Text("type") == private, user: from.Number("id"), language: from.Text("language_code"),
			was: m.In("old_chat_member").Text("status"), is: m.In("new_chat_member").Text("status"),
		}
	}
	return u, nil
}

// private is the type of a chat with one person.
const private = "private"

// nameOf is how a chat shows a person.
func nameOf(user lenient.Object) string {
	return strings.TrimSpace(user.Text("first_name") + " " + user.Text("last_name"))
}

func readMessage(o lenient.Object, us int64) *message {
	chat, from := o.In("chat"), o.In("from")
	m := &message{
		chat: chat.Number("id"), chatType: chat.Text("type"), id: o.Number("message_id"), user: from.Number("id"), bot: from.Is("is_bot"),
		name: nameOf(from), language: from.Text("language_code"), text: o.Text("text"), toUs: us != 0 && o.In("reply_to_message").In("from").Number("id") == us,
		from: o.Number("migrate_from_chat_id"), to: o.Number("migrate_to_chat_id"),
	}
	if m.toUs {
		m.form = formOf(o.In("reply_to_message"))
	}
	marks := "entities"
	if m.text == "" {
		m.text, marks = o.Text("caption"), "caption_entities"
	}
	for _, e := range o.List(marks) {
		m.entities = append(m.entities, entity{e.Text("type"), int(e.Number("offset")), int(e.Number("length"))})
	}
	if o.Is("is_topic_message") {
		m.thread = o.Number("message_thread_id")
	}
	return m
}

func readPress(o lenient.Object, us int64) *press {
	from := o.In("from")
	p := &press{
		id: o.Text("id"), user: from.Number("id"), name: nameOf(from), language: from.Text("language_code"), data: o.Text("data"), inline: o.Text("inline_message_id"),
	}
	if o.Has("message") {
		p.message = readMessage(o.In("message"), us)
	}
	return p
}

// key names an update: it has come before when its key has. What somebody said or pressed has a name of its own, which holds when
// Telegram begins to number its updates anew.
func (u *update) key() string {
	switch {
	case u.message != nil && u.message.id != 0:
		return strings.Join([]string{"message", strconv.FormatInt(u.message.chat, 10), strconv.FormatInt(u.message.id, 10)}, ":")
	case u.pressed != nil && u.pressed.id != "":
		return "press:" + u.pressed.id
	case u.inline != nil && u.inline.id != "":
		return "inline:" + u.inline.id
	}
	return "update:" + strconv.FormatInt(u.id, 10)
}

// queue is what an update waits behind: those of its chat, or of its person.
func (u *update) queue() string {
	switch {
	case u.message != nil:
		return strconv.FormatInt(u.message.chat, 10)
	case u.pressed != nil && u.pressed.message != nil:
		return strconv.FormatInt(u.pressed.message.chat, 10)
	case u.pressed != nil:
		return ofUser + strconv.FormatInt(u.pressed.user, 10)
	case u.inline != nil:
		return ofUser + strconv.FormatInt(u.inline.user, 10)
	case u.member != nil:
		return strconv.FormatInt(u.member.chat, 10)
	}
	return ""
}

// ofUser begins the queues of what somebody does where we are no member.
const ofUser = "user "

// chatOfQueue is the chat whose turn a queue shares: of somebody, the one with them alone.
func chatOfQueue(queue string) string { return strings.TrimPrefix(queue, ofUser) }
