package telegramtest

import (
	"encoding/json"
	"slices"
	"time"
)

// A Status is what somebody is in a chat.
type Status string

// The statuses of members. A person who blocked the bot is told of as one who kicked it.
const (
	Creator       Status = "creator"
	Administrator Status = "administrator"
	Member        Status = "member"
	Restricted    Status = "restricted" // who may not write
	Left          Status = "left"
	Kicked        Status = "kicked"
)

func (s Status) isIn() bool { return s != Left && s != Kicked && s != "" }

func (s Status) leads() bool { return s == Creator || s == Administrator }

// The types of chats.
const (
	Private    = "private"
	Group      = "group"
	Supergroup = "supergroup"
	Channel    = "channel"
)

// A Chat is a conversation. That with a person has the person's ID, and is opened when the person writes to the bot.
type Chat struct {
	ID       int64
	Type     string
	Title    string
	Username string
	IsForum  bool
	Bot      Status           // what the bot is in it, Member when empty; a channel lets only administrators write
	Members  map[int64]Status // what people are in it; nil for everybody a member
	Deleted  bool             // a group that was deleted
	Muted    bool             // a group in which members may not write
	NoFiles  bool             // a group in which members may not send files

	migratedTo int64
	topics     map[int]*topic
}

type topic struct {
	created *Message
	closed  bool
	deleted bool
}

// status is what somebody is in the chat.
func (c *Chat) status(user int64) Status {
	if c.Type == Private && user == c.ID || c.Members == nil {
		return Member
	}
	if st, ok := c.Members[user]; ok {
		return st
	}
	return Left
}

// A User is a person or a bot.
type User struct {
	ID           int64
	FirstName    string
	LastName     string
	Username     string
	LanguageCode string
	IsBot        bool
	Deactivated  bool
}

// MarshalJSON tells of a user as Telegram does.
func (u *User) MarshalJSON() ([]byte, error) { return json.Marshal(userJSON(u)) }

// UnmarshalJSON reads a user whom the bot names.
func (u *User) UnmarshalJSON(data []byte) error {
	var named struct {
		ID int64 `json:"id"`
	}
	err := json.Unmarshal(data, &named)
	u.ID = named.ID
	return err
}

// Content is what a message says.
type Content struct {
	Raw         string // the text or caption as it was sent, with its markup
	ParseMode   string
	Text        string // the text or caption as people see it
	Entities    []Entity
	LinkPreview json.RawMessage // link_preview_options
	Markup      json.RawMessage // reply_markup
}

// A Photo is a picture of a message.
type Photo struct {
	FileID  string
	Name    string
	Content []byte // of what was uploaded
	Width   int
	Height  int
}

// A Document is a file of a message.
type Document struct {
	FileID  string
	Name    string
	Content []byte
}

// A Message is one that stands in a chat, or did, or one that was sent by way of inline mode.
type Message struct {
	Chat     int64 // 0 for one that was sent by way of inline mode to where the bot is not
	ID       int
	InlineID string // of one that was sent by way of inline mode and has buttons
	Thread   int    // the topic, or the message that a thread of replies began with
	User     int64  // who wrote it; 0 for a channel
	Via      string // what made it: a method, "person", "inline"
	Date     time.Time
	Content
	ReplyTo  int
	Photo    *Photo
	Document *Document
	Silent   bool
	Edits    []Content // what it said before, oldest first
	Deleted  bool

	as      int64 // the chat in whose name it was written
	inTopic bool  // the thread is a topic
	reply   *Message
	fields  object // what else Telegram tells of it
	edited  time.Time
}

func (m *Message) clone() Message {
	c := *m
	c.Edits, c.Entities = slices.Clone(m.Edits), slices.Clone(m.Entities)
	return c
}

// say replaces what a message says.
func (m *Message) say(c Content, at time.Time) {
	m.Edits = append(m.Edits, m.Content)
	m.Content, m.edited = c, at
}

// An Action is what the bot said that it was doing.
type Action struct {
	Chat   int64
	Thread int
	Action string
	At     time.Time
}

// world is what is in this Telegram. Its methods want the Server's lock held.
type world struct {
	chats       []*Chat
	users       []*User
	messages    []*Message
	photos      []*Photo
	lastMessage map[int64]int // by chat; people and groups count together, under 0
}

// AddChat adds a chat, or replaces the one of that ID.
func (s *Server) AddChat(c Chat) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.addChat(c)
}

func (s *Server) addChat(c Chat) *Chat {
	if c.Bot == "" {
		c.Bot = Member
	}
	if c.Type == "" {
		c.Type = Private
	}
	c.topics = map[int]*topic{}
	if old := s.world.chat(c.ID); old != nil {
		c.topics = old.topics
		*old = c
		return old
	}
	s.world.chats = append(s.world.chats, &c)
	return &c
}

// AddUser adds a person, or replaces the one of that ID. The bot can write to nobody who did not write first.
func (s *Server) AddUser(u User) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if old := s.world.user(u.ID); old != nil {
		*old = u
		return
	}
	s.world.users = append(s.world.users, &u)
}

// ChatByID returns a chat as it is now, and whether there is one.
func (s *Server) ChatByID(id int64) (Chat, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.world.chat(id)
	if c == nil {
		return Chat{}, false
	}
	return *c, true
}

// Messages lists what stands in a chat, of everybody, oldest first, with what was deleted since.
func (s *Server) Messages(chat int64) []Message {
	return s.messages(func(m *Message) bool { return m.Chat == chat })
}

// Sent lists what the bot sent to a chat, oldest first, with what was deleted since.
func (s *Server) Sent(chat int64) []Message {
	return s.messages(func(m *Message) bool { return m.Chat == chat && m.Via != "person" && m.Via != "inline" })
}

// InlineMessages lists what people sent by way of inline mode, oldest first.
func (s *Server) InlineMessages() []Message {
	return s.messages(func(m *Message) bool { return m.Via == "inline" })
}

func (s *Server) messages(want func(*Message) bool) []Message {
	s.mu.Lock()
	defer s.mu.Unlock()
	var found []Message
	for _, m := range s.world.messages {
		if want(m) {
			found = append(found, m.clone())
		}
	}
	return found
}

// Actions lists what the bot said that it was doing in a chat.
func (s *Server) Actions(chat int64) []Action {
	s.mu.Lock()
	defer s.mu.Unlock()
	var found []Action
	for _, a := range s.actions {
		if a.Chat == chat {
			found = append(found, a)
		}
	}
	return found
}

func (w *world) chat(id int64) *Chat { return find(w.chats, func(c *Chat) bool { return c.ID == id }) }

func (w *world) user(id int64) *User { return find(w.users, func(u *User) bool { return u.ID == id }) }

// message finds one that still stands.
func (w *world) message(chat int64, id int) *Message {
	return find(w.messages, func(m *Message) bool { return m.Chat == chat && m.ID == id && !m.Deleted })
}

func (w *world) inline(id string) *Message {
	return find(w.messages, func(m *Message) bool { return id != "" && m.InlineID == id })
}

func find[T any](list []*T, want func(*T) bool) *T {
	if i := slices.IndexFunc(list, want); i >= 0 {
		return list[i]
	}
	return nil
}

// add puts a message into the world under a new ID; s.mu is held.
func (s *Server) add(m Message) *Message {
	counter := m.Chat
	if c := s.world.chat(m.Chat); c != nil && (c.Type == Private || c.Type == Group) {
		counter = 0
	}
	if s.world.lastMessage[counter] == 0 {
		s.world.lastMessage[counter] = 1 // the message that the chat was made with; in a forum that is the general topic
	}
	s.world.lastMessage[counter]++
	m.ID, m.Date = s.world.lastMessage[counter], s.Options.Now()
	s.world.messages = append(s.world.messages, &m)
	return &m
}
