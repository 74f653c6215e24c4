package web

import (
	"cmp"
	"context"
	"fmt"
	"html/template"
	"log/slog"
	"net/http"

	"stancebot/bot"
	"stancebot/bot/phrases"
	"stancebot/knowledge"
	"stancebot/knowledge/core"
)

// Options are what a Site is made of.
type Options struct {
	Bot interface {
		Ask(context.Context, bot.Request) bot.Exchange
	}
	Core                func(knowledge.DeskID) *core.Core
	Desk                knowledge.DeskID
	Today               func() knowledge.Day
	Draw                func(*knowledge.Answer, *phrases.Catalogue) (*Picture, error)
	Version             func() string
	PublicURL, Language string
	Log                 *slog.Logger
	Private, Showcase   http.Handler
	Inside              *Inside
	Guard               *Guard
}

// A Picture is an answer as it is drawn.
type Picture struct{}

// A Site answers over HTTP.
type Site struct{ *Options }

// New returns a site.
func New(o Options) *Site { return &Site{&o} }

// Handler answers requests, behind the guard.
func (s *Site) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("/api/", newAPI(s.Options))
	mux.Handle(feedPath, &feeder{s.Options})
	s.inside(mux)
	return s.Guard.wrap(mux)
}

func (s *Site) phrases(r *http.Request) *phrases.Catalogue {
	return phrases.In(cmp.Or(r.FormValue("lang"), s.Language))
}

func (s *Site) frame(w http.ResponseWriter, r *http.Request, status int, title string, body template.HTML) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	fmt.Fprintf(w, "<!doctype html><html lang=%q><title>%s</title><h1>%s</h1>%s", s.phrases(r).Language, template.HTMLEscapeString(title), template.HTMLEscapeString(title), body)
}
