package telegramtest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"image"
	_ "image/gif" // formats of photos
	_ "image/jpeg"
	_ "image/png"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"
)

// maxDeleteAge is how long after it a message may be deleted.
const maxDeleteAge = 48 * time.Hour

// generalTopic is the topic that every forum has, and that is named in no message.
const generalTopic = 1

// A place is where in a chat something goes.
type place struct {
	chat    *Chat
	thread  int
	inTopic bool
	reply   *Message
}

// placeOf reads where a call sends; s.mu is held.
func (s *Server) placeOf(call *Call) (place, *apiError) {
	c, refused := s.writable(call.Args["chat_id"])
	if refused != nil {
		return place{}, refused
	}
	p := place{chat: c}
	if thread := call.Args.number("message_thread_id", 0, 0, 1<<31-1); thread != 0 {
		if p.thread, refused = s.topicOf(call, c, thread); refused != nil {
			return place{}, refused
		}
		p.inTopic = p.thread != 0
	}
	if p.reply, refused = s.replyOf(call, c); refused != nil {
		return place{}, refused
	}
	if p.reply != nil && !p.inTopic {
		p.thread, p.inTopic = p.reply.Thread, p.reply.inTopic
		if p.thread == 0 && c.Type == Supergroup && !c.IsForum {
			p.thread = p.reply.ID
		}
	}
	return p, nil
}

// topicOf checks the topic that a call names; 0 where Telegram takes no notice of it.
func (s *Server) topicOf(call *Call, c *Chat, thread int) (int, *apiError) {
	t := c.topics[thread]
	switch {
	case c.Type == Private, c.IsForum && (thread == generalTopic || t == nil || t.deleted):
		return 0, refuse("message thread not found")
	case !c.IsForum:
		s.Complain("%s: a message_thread_id where there are no topics", call.Method)
		return 0, nil
	case t.closed && !c.Bot.leads():
		return 0, refuse("TOPIC_CLOSED")
	}
	return thread, nil
}

// replyOf finds the message that a call replies to; nil for none.
func (s *Server) replyOf(call *Call, c *Chat) (*Message, *apiError) {
	var p struct {
		MessageID *int            `json:"message_id"`
		ChatID    json.RawMessage `json:"chat_id"`
		Allow     bool            `json:"allow_sending_without_reply"`
	}
	switch raw := call.Args["reply_parameters"]; {
	case raw == "" && call.Args["reply_to_message_id"] == "":
		return nil, nil //nolint:nilnil // It replies to none.
	case raw == "":
		id := call.Args.number("reply_to_message_id", 0, 0, 1<<31-1)
		p.MessageID, p.Allow = &id, call.Args.isTrue("allow_sending_without_reply")
	case !json.Valid([]byte(raw)):
		return nil, wrong("can't parse reply parameters JSON object")
	case json.Unmarshal([]byte(raw), &p) != nil:
		return nil, wrong("object expected as reply parameters")
	case p.MessageID == nil:
		return nil, wrong(`can't find field "message_id"`)
	}
	if len(p.ChatID) > 0 {
		other, refused := s.readable(strings.Trim(string(p.ChatID), `"`))
		if refused != nil {
			return nil, refused
		}
		c = other
	}
	m := s.world.message(c.ID, *p.MessageID)
	if m == nil && !p.Allow {
		return nil, refuse("message to be replied not found")
	}
	return m, nil
}

// attached is what a message carries beside its text.
type attached struct {
	photo    *Photo
	document *Document
}

// post puts a message of the bot into a chat.
func (s *Server) post(call *Call, p place, content Content, with attached) (any, *apiError) {
	m := Message{
		Chat: p.chat.ID, Thread: p.thread, inTopic: p.inTopic, User: s.Options.BotID, Via: call.Method, Content: content, Photo: with.photo, Document: with.document,
		Silent: call.Args.isTrue("disable_notification"), reply: p.reply,
	}
	if p.chat.Type == Channel {
		m.User = 0
	}
	if p.reply != nil {
		m.ReplyTo = p.reply.ID
	}
	if p.inTopic && m.reply == nil {
		m.reply = p.chat.topics[p.thread].created
	}
	return s.messageJSON(s.add(m), true), nil
}

func (s *Server) sendMessage(call *Call) (any, *apiError) {
	content, refused := s.textOf(call, false)
	if refused != nil {
		return nil, refused
	}
	p, refused := s.placeOf(call)
	if refused != nil {
		return nil, refused
	}
	if refused := s.checkReplyAsked(call, &p, &content); refused != nil {
		return nil, refused
	}
	return s.post(call, p, content, attached{})
}

// textOf reads the text of a message.
func (s *Server) textOf(call *Call, edit bool) (Content, *apiError) {
	where := call.Method + " to " + call.Args["chat_id"] + call.Args["inline_message_id"]
	raw := call.Args["text"]
	if strings.TrimSpace(raw) == "" {
		return Content{}, wrong("message text is empty")
	}
	c, refused := s.compose(written{where, raw, call.Args["parse_mode"], call.Args["entities"], maxText})
	if refused != nil {
		return c, refused
	}
	if c.Text == "" {
		return c, wrong("message text is empty")
	}
	if c.LinkPreview, refused = s.previewOf(where, call.Args["link_preview_options"], c, call.Args.has("disable_web_page_preview")); refused != nil {
		return c, refused
	}
	c.Markup, refused = s.keyboard(where, call.Args["reply_markup"], edit)
	return c, refused
}

// previewOf reads link_preview_options, which a message with links is to have.
func (s *Server) previewOf(where, raw string, c Content, old bool) (json.RawMessage, *apiError) {
	if raw == "" {
		if c.hasLinks() && !old {
			s.Complain("%s: links without link_preview_options", where)
		}
		return nil, nil
	}
	var options map[string]json.RawMessage
	switch {
	case !json.Valid([]byte(raw)):
		return nil, wrong("can't parse link preview options JSON object")
	case json.Unmarshal([]byte(raw), &options) != nil:
		return nil, wrong("object expected as link preview options")
	}
	return json.RawMessage(raw), nil
}

func (s *Server) sendPhoto(call *Call) (any, *apiError) {
	content, refused := s.captionOf(call, false)
	if refused != nil {
		return nil, refused
	}
	p, refused := s.placeOf(call)
	if refused != nil {
		return nil, refused
	}
	photo, refused := s.photoOf(call)
	if refused != nil {
		return nil, refused
	}
	return s.post(call, p, content, attached{photo: photo})
}

func (s *Server) sendDocument(call *Call) (any, *apiError) {
	content, refused := s.captionOf(call, false)
	if refused != nil {
		return nil, refused
	}
	p, refused := s.placeOf(call)
	if refused != nil {
		return nil, refused
	}
	if p.chat.NoFiles {
		return nil, refuse("not enough rights to send documents to the chat")
	}
	document, refused := s.documentOf(call)
	if refused != nil {
		return nil, refused
	}
	return s.post(call, p, content, attached{document: document})
}

// maxDocument is the largest file that a bot may upload.
const maxDocument = 50 << 20

// documentOf reads the file of a call, which is uploaded: the fake keeps none to be sent again.
func (s *Server) documentOf(call *Call) (*Document, *apiError) {
	name := "document"
	if attached, ok := strings.CutPrefix(call.Args["document"], "attach://"); ok {
		name = attached
	}
	file, uploaded := call.Files[name]
	switch {
	case !uploaded:
		return nil, wrong("wrong file identifier/HTTP URL specified")
	case len(file.Content) == 0:
		return nil, wrong("file must be non-empty")
	case len(file.Content) > maxDocument:
		return nil, wrong("file is too big")
	}
	return &Document{FileID: "BQACAg" + s.newID(), Name: file.Name, Content: file.Content}, nil
}

func (s *Server) captionOf(call *Call, edit bool) (Content, *apiError) {
	where := call.Method + " to " + call.Args["chat_id"] + call.Args["inline_message_id"]
	c, refused := s.compose(written{where, call.Args["caption"], call.Args["parse_mode"], call.Args["caption_entities"], maxCaption})
	if refused != nil {
		return c, refused
	}
	c.Markup, refused = s.keyboard(where, call.Args["reply_markup"], edit)
	return c, refused
}

// The limits of photos.
const (
	maxPhoto = 10 << 20
	maxSides = 10000
	maxRatio = 20
)

// photoOf reads the photo of a call: what is uploaded, a file that Telegram has, or an address, which the fake does not fetch.
func (s *Server) photoOf(call *Call) (*Photo, *apiError) {
	name := "photo"
	if attached, ok := strings.CutPrefix(call.Args["photo"], "attach://"); ok {
		name = attached
	}
	file, uploaded := call.Files[name]
	given := call.Args["photo"]
	switch {
	case uploaded:
		return s.upload(file)
	case strings.HasPrefix(given, "http://"), strings.HasPrefix(given, "https://"):
		return s.keep(Photo{Name: given, Width: 1280, Height: 720}), nil
	}
	if p := find(s.world.photos, func(p *Photo) bool { return p.FileID == strings.TrimSuffix(given, "-s") }); p != nil {
		return p, nil
	}
	return nil, wrong("wrong file identifier/HTTP URL specified")
}

func (s *Server) keep(p Photo) *Photo {
	p.FileID = "AgACAg" + s.newID()
	s.world.photos = append(s.world.photos, &p)
	return &p
}

func (s *Server) upload(f File) (*Photo, *apiError) {
	if len(f.Content) == 0 {
		return nil, wrong("file must be non-empty")
	}
	if len(f.Content) > maxPhoto {
		return nil, wrong("file is too big")
	}
	size, _, err := image.DecodeConfig(bytes.NewReader(f.Content))
	switch {
	case err != nil:
		return nil, wrong("IMAGE_PROCESS_FAILED")
	case size.Width+size.Height > maxSides, size.Width > maxRatio*size.Height, size.Height > maxRatio*size.Width:
		return nil, wrong("PHOTO_INVALID_DIMENSIONS")
	}
	return s.keep(Photo{Name: f.Name, Content: f.Content, Width: size.Width, Height: size.Height}), nil
}

// target finds the message of the bot that a call edits; s.mu is held.
func (s *Server) target(call *Call) (*Message, *apiError) {
	if id := call.Args["inline_message_id"]; id != "" {
		if m := s.world.inline(id); m != nil {
			return m, nil
		}
		return nil, refuse("MESSAGE_ID_INVALID")
	}
	if call.Args["chat_id"] == "" && call.Args["message_id"] == "" {
		return nil, wrong("message identifier is not specified")
	}
	c, refused := s.writable(call.Args["chat_id"])
	if refused != nil {
		return nil, refused
	}
	id, _ := strconv.Atoi(call.Args["message_id"])
	m := s.world.message(c.ID, id)
	switch {
	case m == nil:
		return nil, refuse("message to edit not found")
	case m.Via == "person" || m.Via == "inline":
		return nil, wrong("message can't be edited")
	}
	return m, nil
}

// edit replaces what a message says.
func (s *Server) edit(m *Message, c Content) (any, *apiError) {
	if m.Text == c.Text && reflect.DeepEqual(m.Entities, c.Entities) && sameJSON(m.Markup, c.Markup) {
		return nil, refuse("message is not modified: specified new message content and reply markup are exactly the same " +
			"as a current content and reply markup of the message")
	}
	m.say(c, s.Options.Now())
	if m.InlineID != "" {
		return true, nil
	}
	return s.messageJSON(m, true), nil
}

func sameJSON(a, b json.RawMessage) bool {
	var x, y any
	_, _ = json.Unmarshal(a, &x), json.Unmarshal(b, &y)
	return fmt.Sprint(x) == fmt.Sprint(y)
}

func (s *Server) editMessageText(call *Call) (any, *apiError) {
	c, refused := s.textOf(call, true)
	if refused != nil {
		return nil, refused
	}
	m, refused := s.target(call)
	switch {
	case refused != nil:
		return nil, refused
	case m.Photo != nil || m.Document != nil:
		return nil, wrong("there is no text in the message to edit")
	}
	return s.edit(m, c)
}

func (s *Server) editMessageCaption(call *Call) (any, *apiError) {
	c, refused := s.captionOf(call, true)
	if refused != nil {
		return nil, refused
	}
	m, refused := s.target(call)
	switch {
	case refused != nil:
		return nil, refused
	case m.Photo == nil && m.Document == nil:
		return nil, wrong("there is no caption in the message to edit")
	}
	return s.edit(m, c)
}

func (s *Server) editMessageReplyMarkup(call *Call) (any, *apiError) {
	markup, refused := s.keyboard(call.Method, call.Args["reply_markup"], true)
	if refused != nil {
		return nil, refused
	}
	m, refused := s.target(call)
	if refused != nil {
		return nil, refused
	}
	c := m.Content
	c.Markup = markup
	return s.edit(m, c)
}

func (s *Server) deleteMessage(call *Call) (any, *apiError) {
	c, refused := s.writable(call.Args["chat_id"])
	if refused != nil {
		return nil, refused
	}
	id, _ := strconv.Atoi(call.Args["message_id"])
	m := s.world.message(c.ID, id)
	switch {
	case m == nil:
		return nil, refuse("message to delete not found")
	case m.User != s.Options.BotID && c.Type != Private && !c.Bot.leads(), s.Options.Now().Sub(m.Date) > maxDeleteAge:
		return nil, refuse("message can't be deleted")
	}
	m.Deleted = true
	return true, nil
}

// chatActions are what a bot may say that it is doing.
var chatActions = strings.Fields("typing upload_photo record_video upload_video record_voice upload_voice upload_document " +
	"choose_sticker find_location record_video_note upload_video_note")

func (s *Server) sendChatAction(call *Call) (any, *apiError) {
	action := call.Args["action"]
	if !slices.Contains(chatActions, action) {
		return nil, wrong("wrong parameter action in request")
	}
	c, refused := s.writable(call.Args["chat_id"])
	if refused != nil {
		return nil, refused
	}
	s.actions = append(s.actions, Action{c.ID, call.Args.number("message_thread_id", 0, 0, 1<<31-1), action, call.At})
	return true, nil
}
