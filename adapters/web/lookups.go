package web

import (
	"cmp"
	"context"
	"net/http"
	"slices"
	"strings"

	"stancebot/bot"
	"stancebot/bot/phrases"
	"stancebot/knowledge"
	"stancebot/knowledge/places"
)

// resolutionPath is where a text's roll call is shown.
func resolutionPath(symbol string) string {
	return "/resolutions/" + strings.TrimPrefix(ReceiptPath(symbol), "/receipts/")
}

// says answers a command in the language of a page, as the chat does. Pages have pictures of their own.
func (s *Site) says(ctx context.Context, p *page, command string) *replyView {
	req := bot.Request{Desk: s.Desk, Text: command, Language: p.Language, InWords: true}
	if p.AsOf != 0 {
		req.AsOf = p.AsOf.String()
	}
	if p.KnownAt != 0 {
		req.KnownAt = p.KnownAt.String()
	}
	ex := s.Bot.Ask(ctx, req)
	return viewOf(&ex.Reply, cmp.Or(ex.Reply.About.Dated, command))
}

// outOfSpan turns an answer for a day that the records do not cover into an error that a reader can act on.
func outOfSpan(a *knowledge.Answer) error {
	if a.Outcome == knowledge.OutOfSpan {
		return &missing{http.StatusBadRequest, "web.wrong.span", []any{"from", a.Span.From, "to", a.Span.To}}
	}
	return nil
}

// ofGroup is outOfSpan for an answer about a group, which may not be there.
func ofGroup(a *knowledge.Answer) error {
	if a.Outcome == knowledge.NotFound {
		return &missing{http.StatusNotFound, "web.wrong.group", []any{"group", string(a.Query.Group)}}
	}
	return outOfSpan(a)
}

// countriesBody is the list of all members.
type countriesBody struct {
	Covered, Others []countryRow
	Basis           string // who gives the labels, and when that was
}

// countryRow is a member in the list, with what makes its labels stale.
type countryRow struct {
	CountryEntry

	Stale []string
}

func countriesPage(s *Site, _ *http.Request, p *page) error {
	p.Name, p.Title, p.Description, p.Dated = "countries", p.Say("web.countries.title"), p.Say("web.countries.about"), true
	q, body, core := s.asks(p, knowledge.IntentStance), &countriesBody{}, s.Core(s.Desk)
	for _, country := range p.SortedCountries(places.Members()) {
		q.Countries = []knowledge.Country{country}
		a := core.Answer(q)
		if err := outOfSpan(&a); err != nil {
			return err
		}
		row := countryRow{CountryEntry: CountryEntry{Country: country, Name: p.Country(country)}}
		for i := range a.Stances {
			st := &a.Stances[i]
			row.Covered, row.Labels = st.Covered, speaker{p.Catalogue}.labels(st.Labels)
			for j := range st.Stale {
				row.Stale = append(row.Stale, st.Stale[j].Causes()...)
			}
		}
		if row.Covered {
			body.Covered = append(body.Covered, row)
		} else {
			body.Others = append(body.Others, row)
		}
		body.Basis = p.Say("web.countries.basis", "date", a.Article.Published)
	}
	p.Body = body
	return nil
}

// countryBody is the dossier of one country.
type countryBody struct {
	Dossier

	Stance  *replyView
	Drawn   bool // there is something to draw: the country is no pole
	Cite    string
	Leading []VoteFact // on Ukraine
	Rest    []VoteFact
}

// placePage shows what the house style says of a name that is no member: its standing, and no label.
func placePage(s *Site, r *http.Request, p *page) error {
	asked := r.PathValue("country")
	for _, id := range []string{strings.ToUpper(asked), strings.ToLower(asked)} { // codes are written large, words small
		q := s.asks(p, knowledge.IntentStance)
		q.Place = id
		a := s.Core(s.Desk).Answer(q)
		if a.Place == nil {
			continue
		}
		p.Name, p.Title, p.Dated, p.Body = "place", p.Place(a.Place), true, s.says(r.Context(), p, bot.Canonical(q))
		p.Description = a.Place.Notes.Or(p.Language, a.Place.Note)
		return nil
	}
	return &missing{http.StatusNotFound, "web.wrong.country", []any{"name", asked}}
}

func countryPage(s *Site, r *http.Request, p *page) error {
	country := knowledge.Country(strings.ToUpper(r.PathValue("country")))
	if !places.IsMember(country) {
		return placePage(s, r, p)
	}
	q := s.asks(p, knowledge.IntentStance)
	q.Countries = []knowledge.Country{country}
	core := s.Core(s.Desk)
	stance := core.Answer(q)
	if err := outOfSpan(&stance); err != nil {
		return err
	}
	body := &countryBody{Dossier: speaker{p.Catalogue}.dossier(core, q), Stance: s.says(r.Context(), p, "stance "+string(country)), Drawn: stance.Outcome != knowledge.PoleItself}
	for _, v := range body.Votes {
		if strings.HasPrefix(v.Resolution, "ES-11/") || v.Resolution == "68/262" {
			body.Leading = append(body.Leading, v)
		} else {
			body.Rest = append(body.Rest, v)
		}
	}
	p.Name, p.Title, p.Dated, p.Body = "country", cmp.Or(body.Stance.Heading, p.Country(country)), true, body
	p.Description = p.Say("web.country.about", "country", country, "date", stance.Article.Published)
	if body.Drawn {
		p.Picture, p.PictureAlt = p.Drawn("card.png", "country", string(country), "layout", "wide"), p.Say("web.card.alt", "country", country)
	}
	body.Cite = p.Say("web.cite.text", "title", p.Country(country), "heading", p.Title, "article", stance.Article.Published, "date", p.Today, "url", p.Permalink)
	return nil
}

// resolutionsBody is the list of roll calls.
type resolutionsBody struct{ Calls []ResolutionEntry }

func resolutionsPage(s *Site, _ *http.Request, p *page) error {
	body := &resolutionsBody{}
	for _, r := range slices.Backward(s.Core(s.Desk).Book().Calls()) {
		if r.Date <= p.On && (p.KnownAt == 0 || r.Date <= p.KnownAt) {
			body.Calls = append(body.Calls, speaker{p.Catalogue}.resolution(r))
		}
	}
	p.Name, p.Title, p.Description, p.Body, p.Dated = "resolutions", p.Say("web.resolutions.title"), p.Say("web.resolutions.about", "n", len(body.Calls)), body, true
	return nil
}

// resolutionBody is one roll call.
type resolutionBody struct {
	ResolutionFact

	Said      *replyView
	Group     knowledge.GroupID
	Groups    []knowledge.GroupID
	Positions []positionGroup
}

// positionGroup is who took one position.
type positionGroup struct {
	Position knowledge.Position
	Says     string
	Votes    []VoteFact
}

func resolutionPage(s *Site, r *http.Request, p *page) error {
	q := s.asks(p, knowledge.IntentResolution)
	q.Resolution, q.Group = strings.ToUpper(r.PathValue("symbol")), knowledge.GroupID(p.Query.Get("group"))
	if rest, ok := strings.CutPrefix(q.Resolution, "GA-"); ok {
		q.Resolution = "GA-" + strings.ToLower(rest)
	}
	core := s.Core(s.Desk)
	a := core.Answer(q)
	switch {
	case a.Outcome == knowledge.OutOfSpan:
		return outOfSpan(&a)
	case a.RollCall == nil:
		return &missing{http.StatusNotFound, "web.wrong.resolution", []any{"symbol", r.PathValue("symbol")}}
	case q.Group != "" && a.Group == nil:
		return &missing{http.StatusNotFound, "web.wrong.group", []any{"group", string(q.Group)}}
	}
	opened := core.Answer(knowledge.Query{Intent: knowledge.IntentSource, Desk: s.Desk, Receipt: a.RollCall.ID, Today: p.Today, Page: 1})
	var sources []*knowledge.Source
	if opened.Record != nil {
		sources = opened.Record.Sources
	}
	command := "resolution " + a.RollCall.ID
	if q.Group != "" {
		command += " " + strings.ReplaceAll(string(q.Group), "_", " ")
	}
	body := &resolutionBody{ResolutionFact: speaker{p.Catalogue}.rollCall(&a, sources), Said: s.says(r.Context(), p, command), Group: q.Group, Groups: core.Groups()}
	for _, position := range knowledge.Positions {
		g := positionGroup{Position: position, Says: p.Say("position." + string(position))}
		for _, v := range body.Votes {
			if v.Position == position {
				g.Votes = append(g.Votes, v)
			}
		}
		slices.SortStableFunc(g.Votes, func(x, y VoteFact) int { return p.Compare(x.Country, y.Country) })
		if len(g.Votes) > 0 {
			body.Positions = append(body.Positions, g)
		}
	}
	p.Name, p.Title, p.Body, p.Dated = "resolution", cmp.Or(body.Said.Heading, body.Resolution), body, true
	p.Description = p.Say("web.resolution.about", "text", body.Resolution, "title", body.Title)
	p.Picture, p.PictureAlt = p.Drawn("votes.png", "resolution", body.Resolution, "group", string(q.Group)), p.Title
	return nil
}

// receiptBody is one receipt, opened.
type receiptBody struct {
	ID      string
	Said    *replyView
	Record  *knowledge.Record
	Sources []SourceFact
}

func receiptPage(s *Site, r *http.Request, p *page) error {
	q := s.asks(p, knowledge.IntentSource)
	q.Receipt = r.PathValue("id")
	a := s.Core(s.Desk).Answer(q)
	if a.Record == nil {
		return &missing{http.StatusNotFound, "web.wrong.receipt", []any{"id", q.Receipt}}
	}
	body := &receiptBody{ID: q.Receipt, Said: s.says(r.Context(), p, "source "+q.Receipt), Record: a.Record, Sources: each(a.Record.Sources, sourceFact)}
	p.Name, p.Title, p.Body, p.Dated = "receipt", cmp.Or(body.Said.Heading, q.Receipt), body, true
	p.Description = p.Say("web.receipt.about", "id", q.Receipt)
	return nil
}

// listBody is a page that is one reply, with a form that asks for another.
type listBody struct {
	Said   *replyView
	Group  knowledge.GroupID
	Groups []knowledge.GroupID
	Axis   knowledge.Axis
	Axes   []knowledge.Axis
	Since  string
	Words  string
	Layout string
	More   []ShiftFact
	Labels []RelabelFact
}

func shiftsPage(s *Site, r *http.Request, p *page) error {
	q := s.asks(p, knowledge.IntentShifts)
	body := &listBody{Groups: s.Core(s.Desk).Groups(), Group: knowledge.GroupID(p.Query.Get("group")), Since: p.Query.Get("since")}
	q.Group = body.Group
	if body.Since != "" {
		since, err := knowledge.ParseDate(body.Since)
		if err != nil {
			return errDay
		}
		q.Since = since.First()
	}
	a := s.Core(s.Desk).Answer(q)
	if err := ofGroup(&a); err != nil {
		return err
	}
	body.More, body.Labels = shifts(&a), each(a.Relabels, relabelFact)
	body.Said = s.says(r.Context(), p, bot.Canonical(knowledge.Query{Intent: knowledge.IntentShifts, Group: q.Group, Since: q.Since}))
	body.Said.withoutRows(p.Catalogue)
	p.Name, p.Title, p.Description, p.Body, p.Dated = "shifts", p.Say("web.shifts.title"), p.Say("web.shifts.about"), body, true
	return nil
}

func mapPage(s *Site, r *http.Request, p *page) error {
	body := &listBody{
		Groups: s.Core(s.Desk).Groups(), Axes: knowledge.Axes[:], Layout: cmp.Or(p.Query.Get("layout"), "outlines"),
		Group: knowledge.GroupID(cmp.Or(p.Query.Get("group"), "latin_america")), Axis: knowledge.Axis(cmp.Or(p.Query.Get("axis"), string(knowledge.TowardRussia))),
	}
	q := s.asks(p, knowledge.IntentMap)
	q.Group, q.Axis = body.Group, body.Axis
	if body.Axis.Pole() == "" {
		return &missing{http.StatusBadRequest, "web.wrong.axis", nil}
	}
	a := s.Core(s.Desk).Answer(q)
	if err := ofGroup(&a); err != nil {
		return err
	}
	body.Said = s.says(r.Context(), p, bot.Canonical(knowledge.Query{Intent: knowledge.IntentMap, Group: q.Group, Axis: q.Axis}))
	p.Name, p.Title, p.Description, p.Body, p.Dated = "map", cmp.Or(body.Said.Heading, p.Say("web.map.title")), p.Say("web.map.about"), body, true
	p.Picture = p.Drawn("map.png", "group", string(body.Group), "axis", string(body.Axis), "layout", "tiles")
	p.PictureAlt = p.Title
	return nil
}

func searchPage(s *Site, r *http.Request, p *page) error {
	body := &listBody{Words: cut(strings.TrimSpace(p.Query.Get("q")))}
	if body.Words != "" {
		body.Said = s.says(r.Context(), p, "search "+body.Words)
	}
	p.Name, p.Title, p.Description, p.Body = "search", p.Say("web.search.title"), p.Say("web.search.about"), body
	return nil
}

// GroupName names a group in the language of a page.
func (p *page) GroupName(id knowledge.GroupID) string { return bot.UpperFirst(p.Group(id)) }

// AxisName names an axis.
func (p *page) AxisName(axis knowledge.Axis) string {
	return bot.UpperFirst(p.Say("axis." + string(axis)))
}

// Label says a label as lists do.
func (p *page) LabelName(axis knowledge.Axis, label knowledge.Label) string {
	return p.Say("label." + string(axis) + "." + string(label))
}

// Age says how old a label is.
func (p *page) Age(l LabelFact) string {
	switch {
	case l.Since == nil:
		return p.Say("web.basis.none")
	case l.Basis == knowledge.BasisDesk:
		return p.Say("web.basis.desk", "date", *l.Since, "n", *l.AgeDays)
	case l.Basis == knowledge.BasisInferred:
		return p.Say("web.basis.inferred", "date", *l.Since, "n", *l.AgeDays)
	}
	return p.Say("web.basis.article", "date", *l.Since, "n", *l.AgeDays)
}

// When says the time of a claim or a shift.
func (p *page) When(from, to *knowledge.Date, undated bool) string {
	period := knowledge.Period{Undated: undated || from == nil && to == nil}
	if from != nil {
		period.From = *from
	}
	if to != nil {
		period.To = *to
	}
	return p.Period(period)
}

// Percent says a share.
func (p *page) Percent(share *float64) string {
	if share == nil {
		return "–"
	}
	return p.Say("draw.percent", "n", knowledge.Percent(*share))
}

// Records is the language of the texts of the records.
func (*page) Records() string { return phrases.Default }
