package web

import (
	"bytes"
	"cmp"
	"embed"
	"errors"
	"html/template"
	"maps"
	"net/http"
	"net/url"
	"strings"
	"time"

	"stancebot/bot"
	"stancebot/bot/phrases"
	"stancebot/knowledge"
)

//go:embed templates
var templateFiles embed.FS

// templates are the layout and the bodies of pages.
var templates = template.Must(template.New("").Funcs(template.FuncMap{
	"receipt": ReceiptPath, "join": strings.Join, "swatch": swatchPath,
	"country": func(c knowledge.Country) string { return "/countries/" + string(c) },
	"symbol":  resolutionPath,
	"tongue":  func(language string) string { return phrases.In(language).Say("web.tongue") },
	"upper":   bot.UpperFirst,
	"short":   func(hash string) string { return hash[:min(12, len(hash))] },
	"last":    func(n int) int { return n - 1 },
	"is":      func(a, b any) bool { return a == b },
}).ParseFS(templateFiles, "templates/*.html"))

// A page is what a reader looks at: its frame, and a Body that the template of its Name shows.
type page struct {
	*phrases.Catalogue

	Name        string // of the template
	Style       string // the address of a style sheet of its own, "" for none
	Status      int    // 0 for 200
	Title       string
	Description string // in a sentence or two, for those who see a link to it
	Picture     string // the address of one that a link to it shows, "" for none
	PictureAlt  string
	Body        any

	Path      string // of the page, without its query
	Query     url.Values
	AsOf      knowledge.Day // asked for, 0 for today
	KnownAt   knowledge.Day
	On        knowledge.Day // the day that it speaks of
	Today     knowledge.Day
	Permalink string
	Public    string // PublicURL
	Data      string // the version of the data
	Showcase  bool
	Dated     bool // what it shows is of a day
}

// Languages lists those that a page can be read in.
func (*page) Languages() []string { return phrases.Languages() }

// Absolute returns the address of a path as others see it.
func (p *page) Absolute(path string) string { return p.Public + path }

// To returns a path that keeps the days that were asked for.
func (p *page) To(path string) string {
	days := url.Values{}
	for name, day := range map[string]knowledge.Day{"as_of": p.AsOf, "known_at": p.KnownAt} {
		if day != 0 {
			days.Set(name, day.String())
		}
	}
	if len(days) == 0 {
		return path
	}
	mark := "?"
	if strings.Contains(path, "?") {
		mark = "&"
	}
	return path + mark + days.Encode()
}

// Drawn returns the address of a picture of a kind: map.svg and the like, with what it is about.
func (p *page) Drawn(file string, pairs ...string) string {
	q := url.Values{"lang": {p.Language}}
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			q.Set(pairs[i], pairs[i+1])
		}
	}
	return p.To("/pictures/" + file + "?" + q.Encode())
}

// Day says a day.
func (p *page) Day(d knowledge.Day) string { return p.Date(d.Date()) }

// Here reports whether a path of the navigation leads to where the reader is.
func (p *page) Here(path string) bool {
	return p.Path == path || path != "/" && strings.HasPrefix(p.Path, path+"/")
}

// languageCookie remembers a language that a reader chose.
const (
	languageCookie = "stancebot_language"
	languageTerm   = 365 * 24 * time.Hour
)

// language is that of a request: the one of its address, the one chosen, the browser's first that we speak, the site's.
func (s *Site) language(r *http.Request) string {
	asked := []string{r.FormValue("lang")}
	if c, err := r.Cookie(languageCookie); err == nil {
		asked = append(asked, c.Value)
	}
	for tag := range strings.SplitSeq(r.Header.Get("Accept-Language"), ",") {
		tag, _, _ = strings.Cut(strings.TrimSpace(tag), ";")
		asked = append(asked, tag[:min(2, len(tag))])
	}
	for _, language := range asked {
		if language != "" && phrases.In(language).Language == language {
			return language
		}
	}
	return cmp.Or(s.Language, phrases.Default)
}

func (s *Site) phrases(r *http.Request) *phrases.Catalogue { return phrases.In(s.language(r)) }

// errDay tells that a day that was asked for is none.
var errDay = errors.New("web: no such day")

// newPage returns the frame of a page that a request asks for. A day that is none is errDay.
func (s *Site) newPage(r *http.Request) (*page, error) {
	p := &page{
		Catalogue: s.phrases(r), Path: r.URL.Path, Query: r.URL.Query(), Today: s.Today(), Public: s.PublicURL, Showcase: s.Showcase != nil, Data: s.Version(),
	}
	p.On = p.Today
	for name, day := range map[string]*knowledge.Day{"as_of": &p.AsOf, "known_at": &p.KnownAt} {
		text := strings.TrimSpace(p.Query.Get(name))
		if text == "" {
			continue
		}
		date, err := knowledge.ParseDate(text)
		if err != nil {
			return p, errDay
		}
		*day = date.Last()
		if date.First() <= p.Today && p.Today <= date.Last() {
			*day = p.Today
		}
	}
	p.On = cmp.Or(p.AsOf, p.Today)
	p.Permalink = p.permalink()
	return p, nil
}

// permalink is the address that shows the same on another day: of this day, as known on it, in this language.
func (p *page) permalink() string {
	q := url.Values{}
	for name, values := range p.Query {
		if name != "lang" && len(values) > 0 && values[0] != "" {
			q.Set(name, values[0])
		}
	}
	q.Set("as_of", p.On.String())
	q.Set("known_at", cmp.Or(p.KnownAt, p.Today).String())
	q.Set("lang", p.Language)
	return p.Public + p.Path + "?" + q.Encode()
}

// In is the address of the page in a language.
func (p *page) In(language string) string {
	q := maps.Clone(p.Query)
	q.Set("lang", language)
	return p.Public + p.Path + "?" + q.Encode()
}

// asks returns a query of the page's days.
func (s *Site) asks(p *page, intent knowledge.Intent) knowledge.Query {
	return knowledge.Query{Intent: intent, Desk: s.Desk, AsOf: p.AsOf, KnownAt: p.KnownAt, Today: p.Today, Page: 1}
}

// A filler fills the frame of a page with what it shows. A *missing tells that there is no such page.
type filler func(*Site, *http.Request, *page) error

// missing tells a reader that something is not there, by a phrase.
type missing struct {
	status int
	phrase string
	pairs  []any
}

// Error names the phrase.
func (m *missing) Error() string { return "web: " + m.phrase }

// lookup answers with a page that depends on its address, the language, the data and the day alone, and keeps it.
func (s *Site) lookup(fill filler) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		language := s.language(r)
		tag := tagOf("page", r.URL.RequestURI(), language, s.Version(), s.Today().String(), s.PublicURL)
		w.Header().Set("Vary", "Accept-Language, Cookie")
		if kept, ok := s.kept.of(tag); ok {
			if !unchanged(w, r, tag) {
				send(w, http.StatusOK, kept)
			}
			return
		}
		p, err := s.newPage(r)
		if err == nil {
			err = fill(s, r, p)
		}
		if err != nil {
			s.fail(w, r, p, err)
			return
		}
		body, err := p.render()
		if err != nil {
			s.fail(w, r, p, err)
			return
		}
		if p.Status != 0 && p.Status != http.StatusOK {
			send(w, p.Status, body)
			return
		}
		s.kept.keep(tag, body)
		if !unchanged(w, r, tag) {
			send(w, http.StatusOK, body)
		}
	}
}

func (p *page) render() (made, error) {
	var text bytes.Buffer
	if err := templates.ExecuteTemplate(&text, "page", p); err != nil {
		return made{}, err
	}
	return made{"text/html; charset=utf-8", text.Bytes()}, nil
}

// Content renders the body within the layout.
func (p *page) Content() (template.HTML, error) {
	if html, ok := p.Body.(template.HTML); ok && p.Name == "" {
		return html, nil
	}
	var text bytes.Buffer
	err := templates.ExecuteTemplate(&text, p.Name, p)
	return template.HTML(text.String()), err //nolint:gosec // a template made it
}

func send(w http.ResponseWriter, status int, m made) {
	w.Header().Set("Content-Type", m.contentType)
	w.WriteHeader(status)
	_, _ = w.Write(m.body) // who asked has gone otherwise
}

// fail tells a reader why there is no page, and the operator what is theirs to mend.
func (s *Site) fail(w http.ResponseWriter, r *http.Request, p *page, err error) {
	gone := (*missing)(nil)
	switch {
	case errors.Is(err, errDay):
		gone = &missing{http.StatusBadRequest, "web.wrong.day", nil}
	case errors.As(err, &gone):
	default:
		s.Log.ErrorContext(r.Context(), "no page", "path", r.URL.Path, "error", err)
		gone = &missing{http.StatusInternalServerError, "web.wrong.trouble", nil}
	}
	s.tell(w, p, gone)
}

// tell shows a page that says what is wrong and what can be done.
func (s *Site) tell(w http.ResponseWriter, p *page, m *missing) {
	p.Name, p.Status, p.Title = "wrong", m.status, p.Say("web.wrong.title")
	p.Body, p.Dated = p.Say(m.phrase, m.pairs...), false
	body, err := p.render()
	if err != nil { // the layout is broken, and so is the program
		http.Error(w, p.Say(m.phrase, m.pairs...), m.status)
		return
	}
	send(w, m.status, body)
}

// nowhere answers what has no page.
func (s *Site) nowhere(w http.ResponseWriter, r *http.Request) {
	p, err := s.newPage(r)
	if err == nil {
		err = &missing{http.StatusNotFound, "web.wrong.nowhere", nil}
	}
	s.fail(w, r, p, err)
}

// refuse tells a reader why the guard gives no answer.
func (s *Site) refuse(w http.ResponseWriter, r *http.Request, status int, phrase string) {
	if isProgram(r.URL.Path) {
		refuse(w, r, status, phrase)
		return
	}
	bare := r.Clone(r.Context())
	bare.URL.RawQuery, bare.Body, bare.Form = "", http.NoBody, nil // what was sent is not looked at
	p, err := s.newPage(bare)
	if err != nil {
		refuse(w, r, status, phrase)
		return
	}
	s.tell(w, p, &missing{status, phrase, nil})
}

// framed shows a body that was made elsewhere.
func (s *Site) framed(w http.ResponseWriter, r *http.Request, status int, language, title, style string, body template.HTML) {
	p, err := s.newPage(r)
	if err != nil {
		s.fail(w, r, p, err)
		return
	}
	p.Catalogue, p.Title, p.Body, p.Status, p.Style = phrases.In(language), title, body, status, style
	m, err := p.render()
	if err != nil {
		s.fail(w, r, p, err)
		return
	}
	send(w, status, m)
}

// chooseLanguage remembers a language, and goes back to the page.
func (s *Site) chooseLanguage(w http.ResponseWriter, r *http.Request) {
	language := r.PostFormValue("lang")
	if phrases.In(language).Language == language {
		s.Guard.leave(w, r, languageCookie, language, languageTerm)
	}
	to, query, asked := strings.Cut(r.PostFormValue("to"), "?")
	if values, err := url.ParseQuery(query); asked && err == nil { // the address does not say another
		values.Del("lang")
		to += "?" + values.Encode()
	}
	http.Redirect(w, r, inside(to), http.StatusSeeOther) //nolint:gosec // inside sees to it that it is a page of this site
}

// A link is one of the navigation.
type link struct {
	To, Label string
	Here      bool
}

// Link is a link of the navigation, which keeps the days.
func (p *page) Link(path, phrase string) link { return link{p.To(path), p.Say(phrase), p.Here(path)} }

// Short is the version of the data as readers see it.
func (p *page) Short() string {
	for word := range strings.FieldsSeq(p.Data) {
		if len(word) == 12 && !strings.Contains(word, ".") {
			return word
		}
	}
	return p.Data
}

// Back is the address of the page, to come back to.
func (p *page) Back() string {
	if p.Status != 0 && p.Status != http.StatusOK || len(p.Query) == 0 {
		return p.Path
	}
	return p.Path + "?" + p.Query.Encode()
}

// A field is a value that a form keeps.
type field struct{ Name, Value string }

// Kept are the values of the address that the form for the days keeps.
func (p *page) Kept() []field {
	var kept []field
	for _, name := range []string{"group", "axis", "layout", "since", "q"} {
		if v := p.Query.Get(name); v != "" {
			kept = append(kept, field{name, v})
		}
	}
	return kept
}

// One, Table, Pages and Two hand templates several values at once.

// One is one thing that was said, within a page.
func (p *page) One(s said, last bool) any {
	return struct {
		Page *page
		Said said
		Last bool
	}{p, s, last}
}

// Table is a table of votes within a page.
func (p *page) Table(votes []VoteFact) any {
	return struct {
		Page  *page
		Votes []VoteFact
	}{p, votes}
}

// Pages are the pages that a record rests on.
func (p *page) Pages(sources []SourceFact) any {
	return struct {
		Page    *page
		Sources []SourceFact
	}{p, sources}
}

// Two are the receipts among two ids.
func (*page) Two(a, b string) []string {
	if b == "" {
		return []string{a}
	}
	return []string{a, b}
}

// Span says from when to when something holds, as far as that was read.
func (p *page) Span(from, to *knowledge.Date) string {
	switch {
	case from == nil && to == nil:
		return p.Say("web.start.unread")
	case to == nil:
		return p.Period(knowledge.Period{From: *from})
	}
	return p.When(from, to, false)
}
