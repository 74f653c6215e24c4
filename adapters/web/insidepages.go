package web

import (
	"bytes"
	_ "embed"
	"errors"
	"html/template"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"stancebot/bot"
	"stancebot/bot/phrases"
)

//go:embed inside.html
var insideText string

// insideTemplates are the bodies of the pages that take the token, and of the one where it is given.
var insideTemplates = template.Must(template.Must(templates.Clone()).Parse(insideText))

// An insidePage is what such a page shows.
type insidePage struct {
	*phrases.Catalogue
	Title  string
	To     string // sign-in: the page to go on to
	Wrong  bool   // sign-in: it was not the token
	Page   *LedgerPage
	Before int64
	Asked  string
	Said   *replyView // nil where nothing was asked
	Links  []insideLink
}

// An insideLink leads to a neighbour of a page of a reply.
type insideLink struct{ Label, Asked string }

// Kind says what an entry does.
func (p *insidePage) Kind(kind string) string { return p.Say("deskkind." + kind) }

// inside adds the pages that take the token, and the one where it is given.
func (s *Site) inside(mux *http.ServeMux) {
	mux.HandleFunc("GET "+signInPath, func(w http.ResponseWriter, r *http.Request) { s.showSignIn(w, r, r.FormValue("to"), false) })
	mux.HandleFunc("POST "+signInPath, s.signIn)
	mux.HandleFunc("POST /sign-out", s.signOut)
	mux.HandleFunc("GET /ledger", s.showLedger)
	mux.HandleFunc("GET /history", s.showHistory)
}

// show answers with a page.
func (s *Site) show(w http.ResponseWriter, r *http.Request, status int, title, body string, p *insidePage) {
	p.Title = p.Say(title)
	var text bytes.Buffer
	if err := insideTemplates.ExecuteTemplate(&text, body, p); err != nil {
		s.Log.ErrorContext(r.Context(), "no page", "page", body, "error", err)
		w.WriteHeader(http.StatusInternalServerError)
		return
	}
	w.Header().Set("Cache-Control", "private, no-store")
	s.framed(w, r, status, p.Language, p.Title, "/assets/inside.css", template.HTML(text.String())) //nolint:gosec // a template made it
}

func (s *Site) showSignIn(w http.ResponseWriter, r *http.Request, to string, wrong bool) {
	if s.Guard.Token == "" {
		s.Guard.refuse(w, r, http.StatusNotFound, "site.refused.tokenless")
		return
	}
	status := http.StatusOK
	if wrong {
		status = http.StatusForbidden
	}
	s.show(w, r, status, "site.signin.title", "signin", &insidePage{Catalogue: s.phrases(r), To: inside(to), Wrong: wrong})
}

func (s *Site) signIn(w http.ResponseWriter, r *http.Request) {
	g := s.Guard
	if !g.isToken(strings.TrimSpace(r.PostFormValue("token"))) {
		s.showSignIn(w, r, r.PostFormValue("to"), true)
		return
	}
	g.remember(w, r, g.session(g.Now().Add(sessionTerm)))
	http.Redirect(w, r, inside(r.PostFormValue("to")), http.StatusSeeOther) //nolint:gosec // inside lets it lead nowhere else
}

func (s *Site) signOut(w http.ResponseWriter, r *http.Request) {
	s.Guard.remember(w, r, "")
	http.Redirect(w, r, "/", http.StatusSeeOther)
}

func (s *Site) showLedger(w http.ResponseWriter, r *http.Request) {
	p := s.phrases(r)
	before, err := strconv.ParseInt(r.FormValue("before"), 10, 64)
	if err != nil || before < 0 {
		before = 0 // the newest
	}
	page, err := s.Inside.page(r.Context(), s.Desk, before, p, s.Today())
	status := http.StatusOK
	if err != nil {
		status = http.StatusServiceUnavailable
		if !errors.Is(err, errAway) {
			s.Log.ErrorContext(r.Context(), "the ledger is not shown", "error", err)
		}
	}
	s.show(w, r, status, "site.ledger.title", "ledger", &insidePage{Catalogue: p, Page: page, Before: before})
}

// showHistory answers what is asked of the past, as the chat does.
func (s *Site) showHistory(w http.ResponseWriter, r *http.Request) {
	page := &insidePage{Catalogue: s.phrases(r), Asked: strings.TrimSpace(r.FormValue("q"))}
	if page.Asked != "" {
		reply := s.Inside.Bot.Ask(r.Context(), bot.Request{Desk: s.Desk, Text: "history " + page.Asked, Language: page.Language}).Reply
		page.Said = lines(&reply)
		if p := reply.Page; p != nil {
			for _, to := range []*bot.Choice{p.Previous, p.Next} {
				if to != nil {
					page.Links = append(page.Links, insideLink{to.Label, strings.TrimPrefix(to.Command, "history ")})
				}
			}
		}
	}
	s.show(w, r, http.StatusOK, "site.history.title", "history", page)
}

// lines are those of a reply. What it offers besides is for a chat.
func lines(reply *bot.Reply) *replyView {
	said := viewOf(reply, "")
	said.Parts = slices.DeleteFunc(said.Parts, func(p part) bool { return p.Choices != nil })
	said.Page = nil
	return said
}
