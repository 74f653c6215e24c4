package web

import (
	"bytes"
	"cmp"
	"crypto/rand"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"stancebot/bot"
	"stancebot/knowledge"
	"stancebot/knowledge/places"
)

// The bounds of what is remembered of chats. What was said in one is forgotten with it, and no disk sees it.
const (
	talkCookie = "stancebot_chat"
	talkTerm   = 6 * time.Hour
	mostTalks  = 2000
	mostSaid   = 20
)

// talks are the conversations of the page, by what a browser keeps. They are safe for concurrent use.
type talks struct {
	now func() time.Time

	mu sync.Mutex
	of map[string]*talk
}

// A talk is one conversation.
type talk struct {
	said []said
	at   time.Time
}

// said is one question with its answer.
type said struct {
	Asked   string
	Reply   *replyView
	Country knowledge.Country // that it is about, "" for none
}

func newTalks(now func() time.Time) *talks { return &talks{now: now, of: map[string]*talk{}} }

// read returns what was said in a conversation.
func (t *talks) read(id string) []said {
	t.mu.Lock()
	defer t.mu.Unlock()
	if k := t.of[id]; k != nil && t.now().Sub(k.at) < talkTerm {
		return slices.Clone(k.said)
	}
	return nil
}

// add adds to a conversation, and forgets those that nobody goes on with.
func (t *talks) add(id string, s said) {
	t.mu.Lock()
	defer t.mu.Unlock()
	now := t.now()
	if t.of[id] == nil && len(t.of) >= mostTalks {
		t.makeRoom(now)
	}
	k := t.of[id]
	if k == nil {
		k = &talk{}
		t.of[id] = k
	}
	k.at, k.said = now, append(k.said, s)
	if n := len(k.said) - mostSaid; n > 0 {
		k.said = slices.Delete(k.said, 0, n)
	}
}

// makeRoom forgets what has ended or, where nothing has, the one that waited longest.
func (t *talks) makeRoom(now time.Time) {
	oldest := ""
	for id, k := range t.of {
		if now.Sub(k.at) >= talkTerm {
			delete(t.of, id)
			continue
		}
		if oldest == "" || k.at.Before(t.of[oldest].at) {
			oldest = id
		}
	}
	if len(t.of) >= mostTalks {
		delete(t.of, oldest)
	}
}

func (t *talks) forget(id string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	delete(t.of, id)
}

// chatBody is what the chat shows.
type chatBody struct {
	Said     []said
	Asked    string // not sent yet
	Examples []bot.Choice
	Beside   *besideBody
}

// besideBody is the dossier beside the chat, of the country that was spoken of last.
type besideBody struct {
	Country knowledge.Country
	Name    string
	Alt     string
}

// chat shows the conversation of a browser. A question in the address stands in the field, and is not asked before it is sent.
func (s *Site) chat(w http.ResponseWriter, r *http.Request) {
	p, err := s.newPage(r)
	if err != nil {
		s.fail(w, r, p, err)
		return
	}
	p.Name, p.Title, p.Description = "chat", p.Say("web.chat.title"), p.Say("web.about")
	body := &chatBody{Said: s.talks.read(talkOf(r)), Asked: cut(p.Query.Get("q")), Examples: examples(p)}
	for _, x := range body.Said {
		if x.Country != "" {
			body.Beside = s.beside(p, x.Country)
		}
	}
	p.Body = body
	m, err := p.render()
	if err != nil {
		s.fail(w, r, p, err)
		return
	}
	w.Header().Set("Cache-Control", "private, no-store")
	send(w, http.StatusOK, m)
}

// examples are questions to begin with.
func examples(p *page) []bot.Choice {
	var list []bot.Choice
	for _, key := range []string{"stance", "compare", "map", "evidence", "resolution", "safe"} {
		text := p.Say("example." + key)
		list = append(list, bot.Choice{Label: text, Command: text})
	}
	return list
}

// beside is what stands beside the chat about a country, nil about what is no member.
func (s *Site) beside(p *page, country knowledge.Country) *besideBody {
	if !places.IsMember(country) || knowledge.AxisOf(country) != "" {
		return nil
	}
	return &besideBody{Country: country, Name: p.Country(country), Alt: p.Say("web.card.alt", "country", country)}
}

// ask answers a question: to a browser without a script by the page of the conversation, and to the script by what is to be added
// to it.
func (s *Site) ask(w http.ResponseWriter, r *http.Request) {
	p, err := s.newPage(r)
	if err != nil {
		s.fail(w, r, p, err)
		return
	}
	id, text := talkOf(r), strings.TrimSpace(r.PostFormValue("q"))
	if id == "" {
		id = rand.Text()
		s.Guard.leave(w, r, talkCookie, id, talkTerm)
	}
	ex := s.Bot.Ask(r.Context(), bot.Request{
		Desk: s.Desk, Conversation: "web:" + id, Person: "web:" + id, Text: text, Locale: p.Language, Language: s.chosen(r),
	})
	if len(ex.Reply.Blocks) == 0 { // too many at once
		s.tell(w, p, &missing{http.StatusTooManyRequests, "site.refused.pace", nil})
		return
	}
	x := said{cut(text), viewOf(&ex.Reply, cmp.Or(ex.Reply.About.Dated, text)), lead(&ex)}
	s.talks.add(id, x)
	if r.Header.Get("X-Fragment") == "" {
		http.Redirect(w, r, "/#latest", http.StatusSeeOther)
		return
	}
	p.Body = &chatBody{Said: []said{x}, Beside: s.beside(p, x.Country)}
	var html bytes.Buffer
	if err := templates.ExecuteTemplate(&html, "added", p); err != nil {
		s.fail(w, r, p, err)
		return
	}
	w.Header().Set("Cache-Control", "private, no-store")
	send(w, http.StatusOK, made{"text/html; charset=utf-8", html.Bytes()})
}

// chosen is the language that a reader chose: without one, replies follow the question.
func (s *Site) chosen(r *http.Request) string {
	if c, err := r.Cookie(languageCookie); err == nil {
		return c.Value
	}
	return ""
}

// forget ends a conversation.
func (s *Site) forget(w http.ResponseWriter, r *http.Request) {
	s.talks.forget(talkOf(r))
	s.Guard.leave(w, r, talkCookie, "", 0)
	http.Redirect(w, r, "/", http.StatusSeeOther)
}

// talkOf is the conversation of a browser, "" for none.
func talkOf(r *http.Request) string {
	c, err := r.Cookie(talkCookie)
	if err != nil || len(c.Value) > 64 {
		return ""
	}
	return c.Value
}

// shownQuestion is how much of a question stands over its answer.
const shownQuestion = 300

func cut(text string) string {
	if runes := []rune(text); len(runes) > shownQuestion {
		return string(runes[:shownQuestion]) + "…"
	}
	return text
}

// filesPath is where the file of an answer is to be had, by its command.
const filesPath = "/files"

// file answers a command again, and gives the file that goes with it.
func (s *Site) file(w http.ResponseWriter, r *http.Request) {
	p, err := s.newPage(r)
	if err != nil {
		s.fail(w, r, p, err)
		return
	}
	command := p.Query.Get("q")
	tag := tagOf("file", command, p.Language, s.Version(), p.Today.String())
	kept, ok := s.kept.of(tag)
	if !ok {
		f := s.Bot.Ask(r.Context(), bot.Request{Desk: s.Desk, Text: command, Language: p.Language}).Reply.File
		if f == nil {
			s.fail(w, r, p, &missing{http.StatusNotFound, "web.wrong.nowhere", nil})
			return
		}
		kept = made{f.Type, f.Data}
		if f.IsPicture() {
			s.kept.keep(tag, kept)
		} else {
			w.Header().Set("Content-Disposition", "attachment; filename*=UTF-8''"+url.PathEscape(f.Name))
		}
	}
	if !unchanged(w, r, tag) {
		send(w, http.StatusOK, kept)
	}
}
