package slacktest

import (
	"encoding/json"
	"slices"
	"strings"
)

// A Channel is a conversation: a public or private channel, or a direct message with a person.
type Channel struct {
	ID          string
	Name        string
	IsPrivate   bool
	IsArchived  bool
	IsExtShared bool     // people of other organisations read it too
	IsMember    bool     // the app was invited
	Members     []string // the people in it; nil for everybody
	IsIM        bool
	User        string // of a direct message: with whom
}

func (c *Channel) has(user string) bool {
	return c.Members == nil && !c.IsIM || c.IsIM && c.User == user || slices.Contains(c.Members, user)
}

// A User is a person or a bot.
type User struct {
	ID     string
	Name   string
	Locale string // "es-ES"; "en-US" when empty
	TZ     string // "America/Lima"; "UTC" when empty
	IsBot  bool
}

// Content is what a message says.
type Content struct {
	Text        string
	Blocks      json.RawMessage // as the app sent them
	Attachments json.RawMessage
	Metadata    json.RawMessage
}

// A Message is one that stands in a channel, or did.
type Message struct {
	Channel     string
	TS          string
	ThreadTS    string // of the message whose thread it is in
	User        string // who wrote it
	EphemeralTo string // the only person who sees it; "" when everybody does
	Via         string // what made it: a method, "response_url", "answer" for the answer to a command, "person"
	Content
	UnfurlLinks *bool // nil where the app did not say
	UnfurlMedia *bool
	Broadcast   bool
	Files       []string  // IDs of the files it shares
	Edits       []Content // what it said before, oldest first
	Deleted     bool
}

// An Unfurl is a preview that the app gave to a link.
type Unfurl struct {
	Channel string
	TS      string // of the message with the link
	URL     string
	Preview json.RawMessage
}

// A View is a Home tab or modal as the app last sent it.
type View struct {
	ID   string
	User string
	Hash string
	Type string
	JSON json.RawMessage
}

// A File is one that the app uploaded.
type File struct {
	ID       string
	Name     string
	Title    string
	AltText  string
	Content  []byte
	Channels []string // where it was shared

	length    int
	completed bool
	polls     int // how many more times it is found unfinished
	shares    []*Message
}

// world is what is in the workspace. Its methods want the Server's lock held.
type world struct {
	channels []*Channel
	users    []*User
	messages []*Message
	unfurls  []Unfurl
	homes    map[string]*View
	modals   []*View
	files    []*File
	links    map[string]sharedLink // by the ID of the unfurl
}

type sharedLink struct{ channel, ts string }

func newWorld() world {
	return world{homes: map[string]*View{}, links: map[string]sharedLink{}}
}

// AddChannel adds a channel, or replaces the one of that ID.
func (s *Server) AddChannel(c Channel) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if old := s.world.channel(c.ID); old != nil {
		*old = c
		return
	}
	s.world.channels = append(s.world.channels, &c)
}

// AddUser adds a person, or replaces the one of that ID.
func (s *Server) AddUser(u User) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if old := s.world.user(u.ID); old != nil {
		*old = u
		return
	}
	s.world.users = append(s.world.users, &u)
}

// Messages lists what everybody saw in a channel, oldest first, with what was deleted since.
func (s *Server) Messages(channel string) []Message {
	return s.messages(func(m *Message) bool { return m.Channel == channel && m.EphemeralTo == "" })
}

// Ephemerals lists what only that person saw in a channel, oldest first, with what was deleted since.
func (s *Server) Ephemerals(channel, user string) []Message {
	return s.messages(func(m *Message) bool { return m.Channel == channel && m.EphemeralTo == user })
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

func (m *Message) clone() Message {
	c := *m
	c.Files, c.Edits = slices.Clone(m.Files), slices.Clone(m.Edits)
	return c
}

// Home returns the Home tab that was last published for a person, and whether one was.
func (s *Server) Home(user string) (View, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	v, ok := s.world.homes[user]
	if !ok {
		return View{}, false
	}
	return *v, true
}

// Modals lists the modals that were opened, in order.
func (s *Server) Modals() []View {
	s.mu.Lock()
	defer s.mu.Unlock()
	var views []View
	for _, v := range s.world.modals {
		views = append(views, *v)
	}
	return views
}

// Unfurls lists the previews that the app gave, in order.
func (s *Server) Unfurls() []Unfurl {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.world.unfurls)
}

// Files lists what the app uploaded, in order.
func (s *Server) Files() []File {
	s.mu.Lock()
	defer s.mu.Unlock()
	var files []File
	for _, f := range s.world.files {
		files = append(files, *f)
	}
	return files
}

func (w *world) channel(id string) *Channel {
	return find(w.channels, func(c *Channel) bool { return c.ID == id })
}

func (w *world) user(id string) *User {
	return find(w.users, func(u *User) bool { return u.ID == id })
}

func (w *world) file(id string) *File {
	return find(w.files, func(f *File) bool { return f.ID == id })
}

// message finds one that still stands.
func (w *world) message(channel, ts string) *Message {
	return find(w.messages, func(m *Message) bool { return m.Channel == channel && m.TS == ts && !m.Deleted })
}

func find[T any](list []*T, want func(*T) bool) *T {
	if i := slices.IndexFunc(list, want); i >= 0 {
		return list[i]
	}
	return nil
}

// thread lists the replies to a message, oldest first.
func (w *world) thread(channel, ts string) []*Message {
	var replies []*Message
	for _, m := range w.messages {
		if m.Channel == channel && m.ThreadTS == ts && m.TS != ts && m.EphemeralTo == "" && !m.Deleted {
			replies = append(replies, m)
		}
	}
	return replies
}

// im returns the direct message of the app with a person, which is opened where there is none yet; nil for nobody's.
func (s *Server) im(user string) *Channel {
	if u := s.world.user(user); u == nil || u.IsBot {
		return nil
	}
	if c := find(s.world.channels, func(c *Channel) bool { return c.IsIM && c.User == user }); c != nil {
		return c
	}
	c := &Channel{ID: "D" + strings.TrimLeft(user, "UW"), IsIM: true, User: user, IsMember: true}
	if s.world.channel(c.ID) != nil {
		c.ID = s.newID("D")
	}
	s.world.channels = append(s.world.channels, c)
	return c
}

// add puts a message into the world under a new timestamp; s.mu is held.
func (s *Server) add(m Message) *Message {
	m.TS = s.newTS()
	if m.ThreadTS != "" && s.world.message(m.Channel, m.ThreadTS) == nil {
		m.ThreadTS = "" // as Slack does when what is replied to is gone
	}
	s.world.messages = append(s.world.messages, &m)
	return &m
}

// say replaces what a message says.
func (m *Message) say(c Content) {
	m.Edits = append(m.Edits, m.Content)
	m.Content = c
}
