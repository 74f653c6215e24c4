package demo

import (
	"context"
	"embed"
	"errors"
	"html/template"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"stancebot/bot"
	"stancebot/bot/phrases"
	"stancebot/bot/showcase"
)

// Options are what a Demo is made of.
type Options struct {
	Open func(ctx context.Context, language string) (*showcase.Newsroom, error)
	// Draw draws a message as its platform shows it, in the language of the client; a file that goes with it has an address.
	Draw map[string]func(m *showcase.Message, language, file string) (template.HTML, error)
	// Frame writes a page of the site that the tab is in; nil writes one of its own.
	Frame    func(w http.ResponseWriter, r *http.Request, p *Page)
	Language string // where the visitor's browser says none that there is
	Now      func() time.Time
	Log      *slog.Logger
}

// A Page is what the frame of a site shows.
type Page struct {
	Status   int
	Language string
	Title    string
	Style    string // the address of its style sheet
	Body     template.HTML
}

// A Demo serves the tab below /demo. Close it.
type Demo struct {
	o        Options
	visitors visitors
	mux      *http.ServeMux
}

//go:embed style.css
var assets embed.FS

// The limits of a request.
const (
	maxBody = 64 << 10
	cookie  = "stancebot_demo"
)

// New returns the tab.
func New(o Options) *Demo {
	d := &Demo{o: o, mux: http.NewServeMux()}
	if d.o.Frame == nil {
		d.o.Frame = frame
	}
	d.visitors = visitors{open: o.Open, now: o.Now, visits: map[string]*visit{}}
	d.mux.HandleFunc("GET /demo", d.show)
	d.mux.HandleFunc("GET /demo/file", d.file)
	d.mux.HandleFunc("GET /demo/style.css", style)
	d.mux.HandleFunc("POST /demo/enter", d.enter)
	d.mux.HandleFunc("POST /demo/next", d.acts(next))
	d.mux.HandleFunc("POST /demo/do", d.acts(do))
	return d
}

// Close ends all newsrooms.
func (d *Demo) Close() { d.visitors.close() }

// ServeHTTP serves the tab. What another site has a browser post is refused, here as by the site around it.
func (d *Demo) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, maxBody)
	http.NewCrossOriginProtection().Handler(d.mux).ServeHTTP(w, r)
}

func style(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Cache-Control", "max-age=300")
	http.ServeFileFS(w, r, assets, "style.css")
}

// idOf is the name of a visitor's newsroom, "" for none.
func idOf(r *http.Request) string {
	c, err := r.Cookie(cookie)
	if err != nil {
		return ""
	}
	return c.Value
}

// languageOf is the language of a visitor without a newsroom: one they chose, or one of their browser's.
func (d *Demo) languageOf(r *http.Request) string {
	asked := []string{r.FormValue("language"), r.URL.Query().Get("lang")}
	for part := range strings.SplitSeq(r.Header.Get("Accept-Language"), ",") {
		tag, _, _ := strings.Cut(strings.TrimSpace(part), ";")
		tag, _, _ = strings.Cut(tag, "-")
		asked = append(asked, strings.ToLower(tag))
	}
	for _, language := range append(asked, d.o.Language) {
		if language != "" && phrases.In(language).Language == language {
			return language
		}
	}
	return phrases.Default
}

// show shows the visitor's newsroom, or the door to one.
func (d *Demo) show(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Cache-Control", "no-store")
	v := d.visitors.of(idOf(r))
	if v == nil {
		d.door(w, r, http.StatusOK, "")
		return
	}
	view, err := v.View(r.Context())
	if err != nil {
		d.failed(w, r, err)
		return
	}
	body, err := d.room(v, view)
	if err != nil {
		d.failed(w, r, err)
		return
	}
	d.o.Frame(w, r, &Page{http.StatusOK, view.Language, phrases.In(view.Language).Say("demo.title"), "/demo/style.css", body})
}

// door shows what a newsroom is, and the button that opens one.
func (d *Demo) door(w http.ResponseWriter, r *http.Request, status int, notice string) {
	language := d.languageOf(r)
	p := phrases.In(language)
	body, err := executed("door", &doorPage{p, notice, phrases.Languages()})
	if err != nil {
		d.failed(w, r, err)
		return
	}
	d.o.Frame(w, r, &Page{status, language, p.Say("demo.title"), "/demo/style.css", body})
}

// failed logs what went wrong, and lets the visitor begin anew.
func (d *Demo) failed(w http.ResponseWriter, r *http.Request, err error) {
	if r.Context().Err() == nil {
		d.o.Log.ErrorContext(r.Context(), "the demo failed", "error", err)
	}
	d.visitors.leave(idOf(r))
	http.Redirect(w, r, "/demo", http.StatusSeeOther)
}

// enter opens a newsroom and takes the first step of the tour.
func (d *Demo) enter(w http.ResponseWriter, r *http.Request) {
	id, v, err := d.visitors.enter(r.Context(), d.languageOf(r), idOf(r))
	if errors.Is(err, errBusy) {
		d.door(w, r, http.StatusServiceUnavailable, "demo.busy")
		return
	}
	if err == nil {
		_, err = v.Next(r.Context())
	}
	if err != nil {
		d.o.Log.ErrorContext(r.Context(), "a newsroom cannot be opened", "error", err)
		d.door(w, r, http.StatusServiceUnavailable, "demo.busy")
		return
	}
	http.SetCookie(w, &http.Cookie{ //nolint:gosec // on this machine there is no TLS, and where there is, the cookie is for it alone
		Name: cookie, Value: id, Path: "/demo", MaxAge: int(maxAge.Seconds()), HttpOnly: true, SameSite: http.SameSiteStrictMode, Secure: r.TLS != nil,
	})
	http.Redirect(w, r, "/demo", http.StatusSeeOther)
}

// acts has something done in the visitor's newsroom, and shows it.
func (d *Demo) acts(f func(v *visit, r *http.Request) error) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		v := d.visitors.of(idOf(r))
		if v == nil {
			http.Redirect(w, r, "/demo", http.StatusSeeOther)
			return
		}
		if err := r.ParseForm(); err != nil {
			d.door(w, r, http.StatusBadRequest, "demo.refused.long")
			return
		}
		before := v.Happened()
		err := f(v, r)
		refused := showcase.RefusedError("")
		if err != nil && !errors.As(err, &refused) {
			d.failed(w, r, err)
			return
		}
		v.mu.Lock()
		v.notice, v.seen = string(refused), before
		v.mu.Unlock()
		http.Redirect(w, r, backTo(r.PostFormValue("at"), bot.Address(r.PostFormValue("in"))), http.StatusSeeOther)
	}
}

// backTo is where in the page a form stands: a part of it, or a place.
func backTo(part string, in bot.Address) string {
	switch part {
	case "tour":
		return "/demo#tour"
	case "type":
		return "/demo#type"
	case "behind":
		return "/demo#behind"
	}
	for _, known := range places {
		if known == in {
			return "/demo#" + anchorOf(known)
		}
	}
	return "/demo"
}

// places are all that there can be.
var places = func() []bot.Address {
	all := []bot.Address{showcase.News, showcase.Group, showcase.Screen, showcase.Editing}
	for _, p := range showcase.People {
		all = append(all, bot.Address(p.Slack), bot.Address(p.Telegram))
	}
	return all
}()

// next takes the next step of the tour.
func next(v *visit, r *http.Request) error {
	v.fill(nil)
	_, err := v.Next(r.Context())
	return err
}

// do does what a form asks.
func do(v *visit, r *http.Request) error {
	field := r.PostFormValue
	if who := showcase.PersonBy(field("who")); who != nil {
		v.mu.Lock()
		v.who = who
		v.mu.Unlock()
		return nil
	}
	v.fill(nil)
	who := v.plays().ID
	in := []bot.Address{bot.Address(field("in"))}
	switch {
	case field("till") != "":
		return v.Do(r.Context(), &showcase.Act{Do: showcase.Wait, Till: field("till")})
	case field("platform") != "":
		return v.Do(r.Context(), &showcase.Act{Do: showcase.Break, On: field("platform"), Trouble: showcase.Trouble(field("trouble"))})
	case field("share") != "":
		return v.Do(r.Context(), &showcase.Act{Do: showcase.Share, Who: who, In: in, Message: field("message"), Command: field("share")})
	case field("press") != "":
		return press(v, r, who)
	}
	if in[0] == everywhere {
		in = []bot.Address{showcase.News, showcase.Group, showcase.Screen}
	}
	return v.Do(r.Context(), &showcase.Act{Do: showcase.Say, Who: who, In: in, Text: field("text")})
}

// everywhere stands for the three places that are side by side.
const everywhere bot.Address = "everywhere"

// press presses a button. One that asks for words opens its form first.
func press(v *visit, r *http.Request, who string) error {
	a := &showcase.Act{
		Do: showcase.Press, Who: who, In: []bot.Address{bot.Address(r.PostFormValue("in"))}, Message: r.PostFormValue("message"),
		Command: r.PostFormValue("press"), Answers: r.PostForm["answer"],
	}
	err := v.Do(r.Context(), a)
	if errors.Is(err, showcase.ErrNoWords) && len(a.Answers) == 0 {
		v.fill(&form{string(a.In[0]), a.Message, a.Command})
		return nil
	}
	return err
}

// fill opens a form, or closes it.
func (v *visit) fill(f *form) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.form = f
}

// plays is whom the visitor plays.
func (v *visit) plays() *showcase.Person {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.who
}

// file sends the file of a message.
func (d *Demo) file(w http.ResponseWriter, r *http.Request) {
	v := d.visitors.of(idOf(r))
	if v == nil {
		http.Redirect(w, r, "/demo", http.StatusSeeOther)
		return
	}
	view, err := v.View(r.Context())
	if err != nil {
		d.failed(w, r, err)
		return
	}
	for i := range view.Places {
		p := &view.Places[i]
		m := p.Find(r.URL.Query().Get("message"))
		if string(p.Address) != r.URL.Query().Get("in") || m == nil || m.Reply == nil || m.Reply.File == nil {
			continue
		}
		w.Header().Set("Content-Type", m.Reply.File.Type)
		w.Header().Set("X-Content-Type-Options", "nosniff")
		w.Header().Set("Content-Security-Policy", "default-src 'none'; sandbox")
		w.Header().Set("Cache-Control", "no-store")
		_, _ = w.Write(m.Reply.File.Data) //nolint:gosec // it is shown in a sandbox, where nothing of it runs
		return
	}
	http.NotFound(w, r)
}
