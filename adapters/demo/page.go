package demo

import (
	"embed"
	"html/template"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"stancebot/bot"
	"stancebot/bot/digest"
	"stancebot/bot/phrases"
	"stancebot/bot/showcase"
	"stancebot/knowledge"
)

// A doorPage is shown to a visitor without a newsroom.
type doorPage struct {
	*phrases.Catalogue

	Notice    string // a phrase, "" for none
	Languages []string
}

// Tongue is what a language calls itself.
func (p *doorPage) Tongue(language string) string { return tongue(language) }

func tongue(language string) string { return phrases.In(language).Say("web.tongue") }

// A roomPage is a newsroom as a page shows it.
type roomPage struct {
	*phrases.Catalogue

	Notice     string // a phrase, "" for none
	Clock      string
	Step, Of   int
	ID         string // of the step that was taken last
	Next       string // the title of the next step, "" for none
	People     []personOf
	Side       []placeOf // the three that are side by side
	Behind     []placeOf // the editors' channel, and direct messages
	Places     []choice  // where may be typed
	Waits      []string
	Platforms  []platformOf
	Deliveries []deliveryOf
	Languages  []string
}

// StepTitle is what the step that was taken last is called.
func (p *roomPage) StepTitle() string { return p.Say("demo.tour." + p.ID + ".title") }

// StepText is what to look at in it.
func (p *roomPage) StepText() string { return p.Say("demo.tour." + p.ID + ".text") }

// Tongue is what a language calls itself.
func (p *roomPage) Tongue(language string) string { return tongue(language) }

// Wait is what moving the clock so far is called.
func (p *roomPage) Wait(till string) string { return p.Say("demo.wait." + till) }

// Dots are the steps of the tour, and whether each was taken.
func (p *roomPage) Dots() []bool {
	dots := make([]bool, p.Of)
	for i := range p.Step {
		dots[i] = true
	}
	return dots
}

// In is a place within its page.
func (p *roomPage) In(place placeOf) placeIn { return placeIn{p, place} }

// A placeIn is a place within its page.
type placeIn struct {
	Room  *roomPage
	Place placeOf
}

type personOf struct {
	ID, Name string
	Plays    bool
}

type placeOf struct {
	Address  bot.Address
	ID       string // in the page
	Name     string
	Platform string
	Trouble  string // a phrase, "" for none
	Messages []messageOf
}

// FirstNew leads to the first message that is new in a place, nil where none is.
func (p placeOf) FirstNew() *firstNew {
	var first *firstNew
	for i := range p.Messages {
		switch m := &p.Messages[i]; {
		case !m.New:
		case first == nil:
			first = &firstNew{m.Anchor, 1}
		default:
			first.Count++
		}
	}
	return first
}

type firstNew struct {
	Anchor string
	Count  int
}

type messageOf struct {
	ID     string
	Anchor string // in the page
	In     bot.Address
	HTML   template.HTML
	New    bool
	Edited bool
	Below  bool   // in a thread
	Only   string // who alone sees it
	Form   *formOf
}

type formOf struct {
	Command string
	Label   string
	Asks    []bot.Ask
}

type choice struct{ Value, Label string }

type platformOf struct {
	ID, Name string
	Now      showcase.Trouble
	Choices  []choice
}

type deliveryOf struct {
	To, What, State string
	Mark            digest.State
	Tries           int
}

// placePhrases are the names of places; direct messages are named by whom they are with.
var placePhrases = map[bot.Address]string{
	showcase.News: "demo.place.news", showcase.Group: "demo.place.group", showcase.Screen: "demo.place.terminal", showcase.Editing: "demo.place.editors",
}

// platformNames are what the platforms call themselves.
var platformNames = map[string]string{showcase.Slack: "Slack", showcase.Telegram: "Telegram"}

// waits are how far the clock is moved.
var waits = []string{showcase.Moment, showcase.Hour, showcase.Morning}

// room draws a newsroom. What could not be done is told once.
func (d *Demo) room(v *visit, view *showcase.View) (template.HTML, error) {
	v.mu.Lock()
	who, seen, notice, asked := v.who, v.seen, v.notice, v.form
	v.notice = ""
	v.mu.Unlock()
	p := phrases.In(view.Language)
	page := &roomPage{
		Catalogue: p, Notice: notice, Clock: p.Say("demo.clock", "date", knowledge.DayOf(view.Now), "clock", view.Now.Format("15:04")),
		Step: view.Step, Of: len(view.Steps), Waits: waits, Languages: phrases.Languages(),
	}
	if view.Step > 0 {
		page.ID = view.Steps[view.Step-1]
	}
	if view.Step < len(view.Steps) {
		page.Next = p.Say("demo.tour." + view.Steps[view.Step] + ".title")
	}
	for _, person := range showcase.People {
		page.People = append(page.People, personOf{person.ID, roleOf(p, person), person == who})
	}
	page.Places = []choice{{string(everywhere), p.Say("demo.everywhere")}}
	for i := range view.Places {
		shown, err := d.place(p, view, &view.Places[i], seen, asked)
		if err != nil {
			return "", err
		}
		if shown.Address == showcase.Editing || view.Places[i].Person != nil {
			page.Behind = append(page.Behind, shown)
		} else {
			page.Side = append(page.Side, shown)
		}
		page.Places = append(page.Places, choice{string(shown.Address), shown.Name})
	}
	for _, id := range []string{showcase.Slack, showcase.Telegram} {
		page.Platforms = append(page.Platforms, platformOf{id, platformNames[id], view.Trouble[id], []choice{
			{string(showcase.Fine), p.Say("demo.trouble.fine")}, {string(showcase.Refuses), p.Say("demo.trouble.refuses")}, {string(showcase.Forgets), p.Say("demo.trouble.forgets")},
		}})
	}
	for i := range view.Deliveries {
		page.Deliveries = append(page.Deliveries, deliveryIn(p, view, &view.Deliveries[i]))
	}
	return executed("room", page)
}

func roleOf(p *phrases.Catalogue, who *showcase.Person) string {
	if who.Edits {
		return p.Say("demo.role.editor", "name", who.Name)
	}
	return p.Say("demo.role.reporter", "name", who.Name)
}

// nameOf names a place.
func nameOf(p *phrases.Catalogue, place *showcase.Place) string {
	if place.Person != nil {
		return p.Say("demo.place.direct", "platform", platformNames[place.Platform], "name", place.Person.Name)
	}
	return p.Say(placePhrases[place.Address])
}

// anchorOf names a place within the page.
func anchorOf(place bot.Address) string { return strings.ReplaceAll(string(place), ":", "-") }

// place draws a place with its messages.
func (d *Demo) place(p *phrases.Catalogue, view *showcase.View, place *showcase.Place, seen int, asked *form) (placeOf, error) {
	shown := placeOf{Address: place.Address, Name: nameOf(p, place), Platform: place.Platform, ID: anchorOf(place.Address)}
	if t := view.Trouble[place.Platform]; t != showcase.Fine && (place.Address == showcase.News || place.Address == showcase.Group) {
		shown.Trouble = "demo.trouble." + string(t)
	}
	for _, m := range place.Messages {
		address := "/demo/file?" + url.Values{"in": {string(place.Address)}, "message": {m.ID}}.Encode()
		html, err := d.o.Draw[place.Platform](withRoot(place, m), view.Language, address)
		if err != nil {
			return shown, err
		}
		one := messageOf{
			ID: m.ID, Anchor: "message-" + strconv.Itoa(m.Event), In: place.Address, HTML: html, New: m.Event > seen, Edited: !m.Edited.IsZero(),
			Below: m.Root != "" && place.Platform == showcase.Slack,
		}
		if m.OnlyTo != nil {
			one.Only = p.Say("demo.only", "name", m.OnlyTo.Name)
		}
		if asked != nil && asked.In == string(place.Address) && asked.Message == m.ID {
			if c := m.Offer(asked.Command); c != nil && len(c.Asks) > 0 {
				one.Form = &formOf{c.Command, c.Label, c.Asks}
			}
		}
		shown.Messages = append(shown.Messages, one)
	}
	return shown, nil
}

// withRoot is a message that knows what the one that it replies to says.
func withRoot(place *showcase.Place, m *showcase.Message) *showcase.Message {
	same := *m
	if root := place.Find(m.Root); root != nil {
		same.RootText = root.Typed
		if root.Reply != nil {
			same.RootText, _, _ = strings.Cut(root.Reply.Text(), "\n")
		}
	}
	return &same
}

// deliveryIn tells how a delivery is.
func deliveryIn(p *phrases.Catalogue, view *showcase.View, t *digest.Task) deliveryOf {
	kind := string(t.Subscription.Kind)
	if t.Delivery.Letter != nil {
		kind = t.Delivery.Letter.Kind
	}
	return deliveryOf{
		To: addressed(p, view, t.Subscription.To), What: p.Say("demo.kind." + kind), State: p.Say("demo.state." + string(t.Delivery.State)),
		Mark: t.Delivery.State, Tries: t.Delivery.Attempt,
	}
}

// addressed names where a delivery goes: a place, or a thread in one.
func addressed(p *phrases.Catalogue, view *showcase.View, to bot.Address) string {
	for i := range view.Places {
		place := &view.Places[i]
		if to == place.Address {
			return nameOf(p, place)
		}
		if strings.HasPrefix(string(to), string(place.Address)+":") {
			return nameOf(p, place) + ", " + p.Say("demo.thread")
		}
	}
	if name := showcase.NameOf(string(to)); name != "" {
		return p.Say("demo.place.direct", "platform", platformNames[to.Platform()], "name", name)
	}
	return string(to)
}

// frame writes a page without a site around it.
func frame(w http.ResponseWriter, _ *http.Request, p *Page) {
	body, err := executed("frame", p)
	if err != nil {
		http.Error(w, http.StatusText(http.StatusInternalServerError), http.StatusInternalServerError)
		return
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(p.Status)
	_, _ = w.Write([]byte(body)) // whoever asked has gone
}

//go:embed pages.html
var templates embed.FS

var pages = template.Must(template.New("pages").ParseFS(templates, "*.html"))

func executed(name string, data any) (template.HTML, error) {
	var b strings.Builder
	if err := pages.ExecuteTemplate(&b, name, data); err != nil {
		return "", err
	}
	return template.HTML(b.String()), nil //nolint:gosec // it was written by html/template
}
