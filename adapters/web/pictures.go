package web

import (
	"errors"
	"net/http"
	"slices"
	"strings"

	"stancebot/bot/picture"
	"stancebot/knowledge"
	"stancebot/knowledge/places"
)

// drawable are the pictures that there are, and the questions that they answer.
var drawable = map[string]knowledge.Intent{
	"map": knowledge.IntentMap, "card": knowledge.IntentCard, "timeline": knowledge.IntentTimeline, "agreement": knowledge.IntentAgreement,
	"votes": knowledge.IntentResolution, "compare": knowledge.IntentCompare,
}

// layouts are the names of layouts in addresses.
var layouts = map[string]picture.Layout{"": picture.Usual, "tiles": picture.Tiles, "outlines": picture.Outlines, "wide": picture.Wide}

// picture answers with a picture of an answer: map.svg?group=andean&axis=russia, card.png?country=PER&as_of=2025-12-01.
func (s *Site) picture(w http.ResponseWriter, r *http.Request) {
	p, err := s.newPage(r)
	if err != nil {
		s.fail(w, r, p, err)
		return
	}
	kind, form, _ := strings.Cut(r.PathValue("kind"), ".")
	intent, ok := drawable[kind]
	layout, known := layouts[p.Query.Get("layout")]
	if !ok || !known || form != "png" && form != "svg" {
		s.nowhere(w, r)
		return
	}
	tag := tagOf("picture", r.URL.RequestURI(), p.Language, s.Version(), p.Today.String())
	kept, there := s.kept.of(tag)
	if !there {
		if kept, err = s.draw(p, intent, layout, form); err != nil {
			if errors.Is(err, picture.ErrNone) {
				err = &missing{http.StatusNotFound, "web.wrong.picture", nil}
			}
			s.fail(w, r, p, err)
			return
		}
		s.kept.keep(tag, kept)
	}
	w.Header().Set("Cross-Origin-Resource-Policy", "cross-origin") // other pages may show it: its source stands in it
	if !unchanged(w, r, tag) {
		send(w, http.StatusOK, kept)
	}
}

func (s *Site) draw(p *page, intent knowledge.Intent, layout picture.Layout, form string) (made, error) {
	q := s.asks(p, intent)
	q.Group, q.Axis = knowledge.GroupID(p.Query.Get("group")), knowledge.Axis(p.Query.Get("axis"))
	q.Resolution = p.Query.Get("resolution")
	for _, code := range p.Query["country"] {
		country := knowledge.Country(strings.ToUpper(code))
		if !places.IsMember(country) || len(q.Countries) == knowledge.MaxCompared || slices.Contains(q.Countries, country) {
			return made{}, picture.ErrNone
		}
		q.Countries = append(q.Countries, country)
	}
	if q.Axis != "" && q.Axis.Pole() == "" {
		return made{}, picture.ErrNone
	}
	core := s.Core(s.Desk)
	if intent == knowledge.IntentAgreement && p.AsOf != 0 {
		q = core.Agreeing(q)
	}
	a := core.Answer(q)
	pic, err := picture.DrawAs(&a, p.Catalogue, layout)
	if err != nil {
		return made{}, err
	}
	if form == "svg" {
		return made{"image/svg+xml", pic.SVG()}, nil
	}
	png, err := pic.PNG()
	return made{"image/png", png}, err
}

// swatchPath is where the look of a label is shown: axis, label, basis and, of a contested one, its readings.
func swatchPath(l LabelFact) string {
	parts := []string{string(l.Axis), string(l.Label), string(l.Basis)}
	for _, r := range l.Of {
		parts = append(parts, string(r.Label))
	}
	return "/pictures/swatch/" + strings.Join(parts, ".") + ".svg"
}

// swatch shows the look of a label.
func (s *Site) swatch(w http.ResponseWriter, r *http.Request) {
	look, svg := strings.CutSuffix(r.PathValue("look"), ".svg")
	parts := strings.Split(look, ".")
	if !svg || len(parts) < 3 || len(parts) > 6 || knowledge.Axis(parts[0]).Pole() == "" {
		s.nowhere(w, r)
		return
	}
	l := knowledge.Labelled{Axis: knowledge.Axis(parts[0])}
	if basis := knowledge.Basis(parts[2]); basis != knowledge.BasisNone {
		l.Assessment = &knowledge.Assessment{Axis: l.Axis, Label: knowledge.Label(parts[1]), Basis: basis}
		for _, of := range parts[3:] {
			l.Assessment.Of = append(l.Assessment.Of, knowledge.Reading{Label: knowledge.Label(of)})
		}
	}
	w.Header().Set("Cache-Control", "public, max-age=3600")
	send(w, http.StatusOK, made{"image/svg+xml", picture.Swatch(l)})
}
