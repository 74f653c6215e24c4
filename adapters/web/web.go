package web

import (
	"context"
	"embed"
	"html/template"
	"io/fs"
	"log/slog"
	"net/http"
	"time"

	"stancebot/bot"
	"stancebot/knowledge"
	"stancebot/knowledge/core"
)

// Options are what a Site is made of.
type Options struct {
	// Bot answers what is typed.
	Bot interface {
		Ask(context.Context, bot.Request) bot.Exchange
	}
	Core      func(knowledge.DeskID) *core.Core // the snapshot in force, which gives the facts of a page
	Desk      knowledge.DeskID                  // whose records are shown beside the shared ones
	Today     func() knowledge.Day              // the calendar of answers
	Version   func() string                     // of all that pages are made of
	PublicURL string                            // of the site, as readers see it, without a slash at its end; "" where nobody but this machine does
	Language  string                            // of pages, where nothing else decides
	Log       *slog.Logger
	// Showcase returns what is served at /demo and below it, whose pages a frame shows; nil for nothing.
	Showcase func(Frame) http.Handler
	Inside   *Inside
	Guard    *Guard
}

// A Frame shows a page that was made elsewhere: its title, the address of a style sheet of its own or "", and its body.
type Frame func(w http.ResponseWriter, r *http.Request, status int, language, title, style string, body template.HTML)

// A Site is the program's pages. It is safe for concurrent use.
type Site struct {
	*Options
	talks *talks
	kept  *shelf
}

// New returns a site.
func New(o Options) *Site {
	now := time.Now
	if o.Guard != nil && o.Guard.Now != nil {
		now = o.Guard.Now
	}
	return &Site{Options: &o, talks: newTalks(now), kept: newShelf(shelfBytes)}
}

//go:embed assets
var assetFiles embed.FS

// Handler answers requests, as far as the guard lets it.
func (s *Site) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("/api/", newAPI(s.Options))
	mux.Handle(feedPath, &feeder{s.Options})
	s.inside(mux)
	s.pages(mux)
	if s.Showcase != nil {
		shown := s.spoken(s.Showcase(s.framed))
		mux.Handle("/demo", shown)
		mux.Handle("/demo/", shown)
	}
	s.Guard.refuse = s.refuse
	return s.Guard.wrap(mux)
}

// spoken asks what is made elsewhere in the language of the reader, who may have chosen another one than the browser's.
func (s *Site) spoken(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		language := s.language(r) // which reads the form: it goes along then
		asked := r.Clone(r.Context())
		asked.Header.Set("Accept-Language", language)
		next.ServeHTTP(w, asked)
	})
}

// pages adds what readers look at.
func (s *Site) pages(mux *http.ServeMux) {
	mux.HandleFunc("GET /{$}", s.chat)
	mux.HandleFunc("POST /ask", s.ask)
	mux.HandleFunc("POST /forget", s.forget)
	mux.HandleFunc("GET "+filesPath, s.file)
	mux.HandleFunc("POST /language", s.chooseLanguage)
	mux.HandleFunc("GET /countries", s.lookup(countriesPage))
	mux.HandleFunc("GET /countries/{country}", s.lookup(countryPage))
	mux.HandleFunc("GET /resolutions", s.lookup(resolutionsPage))
	mux.HandleFunc("GET /resolutions/{symbol...}", s.lookup(resolutionPage))
	mux.HandleFunc("GET /receipts/{id...}", s.lookup(receiptPage))
	mux.HandleFunc("GET /shifts", s.lookup(shiftsPage))
	mux.HandleFunc("GET /map", s.lookup(mapPage))
	mux.HandleFunc("GET /search", s.lookup(searchPage))
	mux.HandleFunc("GET /pictures/swatch/{look}", s.swatch)
	mux.HandleFunc("GET /pictures/{kind}", s.picture)
	assets, err := fs.Sub(assetFiles, "assets")
	if err != nil {
		panic(err) // it is part of the program
	}
	mux.Handle("GET /assets/", http.StripPrefix("/assets/", cached(http.FileServerFS(assets))))
	mux.HandleFunc("/", s.nowhere)
}

// cached has browsers keep what is part of the program for an hour: another version of it serves others.
func cached(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Cache-Control", "public, max-age=3600")
		next.ServeHTTP(w, r)
	})
}
