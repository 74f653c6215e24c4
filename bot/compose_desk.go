package bot

import (
	"slices"
	"strings"

	"stancebot/bot/phrases"
	"stancebot/knowledge"
)

// byDesk returns the labels of a stance that its desk gives.
func byDesk(s *knowledge.Stance) []knowledge.Labelled {
	return slices.DeleteFunc(slices.Clone(s.Labels), func(l knowledge.Labelled) bool { return l.Basis() != knowledge.BasisDesk })
}

// byArticle reports whether the article gives one of the labels of a stance.
func byArticle(s *knowledge.Stance) bool {
	return slices.ContainsFunc(s.Labels, func(l knowledge.Labelled) bool { return l.Assessment != nil && l.Basis() != knowledge.BasisDesk })
}

// deskBasis says which labels the desk recorded, when and why, and what the article says in their place.
func (c *composer) deskBasis(a *knowledge.Answer, s *knowledge.Stance) {
	for _, l := range byDesk(s) {
		text := c.say("stance.desk", "axis", upperFirst(c.axis(l.Axis)), "label", c.bareLabel(l), "since", l.Assessment.Since, "recorded", l.Assessment.Recorded.On)
		if l.Assessment.Grounds != "" {
			text += c.say("stance.desk.note", "note", l.Assessment.Grounds)
		}
		c.asserts(text, l.Assessment.Claims...)
	}
	c.articleBeside(a, s)
	if !byArticle(s) && !slices.ContainsFunc(s.Labels, func(l knowledge.Labelled) bool { return l.Article != nil }) {
		c.own(c.say("stance.desk.checked", "checked", a.CheckedTo))
	}
}

// articleBeside says what the article says where labels of the desk hold in its place.
func (c *composer) articleBeside(a *knowledge.Answer, s *knowledge.Stance) {
	var said, claims []string
	for _, l := range byDesk(s) {
		if l.Article != nil {
			said = append(said, c.axisLabel(knowledge.Labelled{Axis: l.Axis, Assessment: l.Article}))
			claims = append(claims, l.Article.Claims...)
		}
	}
	if len(said) > 0 {
		c.asserts(c.say("stance.desk.article", "date", a.Article.Published, "labels", strings.Join(said, " · "), "checked", a.CheckedTo), claims...)
	}
}

// axisLabel says a label and its axis.
func (c *composer) axisLabel(l knowledge.Labelled) string {
	return c.say("stance.axis", "axis", c.axis(l.Axis), "label", c.labelInFull(l))
}

// bareLabel says a label alone, without who gives it.
func (c *composer) bareLabel(l knowledge.Labelled) string {
	return c.say("label." + string(l.Axis) + "." + string(l.Label()))
}

// eventText is what an event tells: in English in the shared records, in the words of the desk in its own.
func eventText(e *knowledge.Event) any {
	if e.Recorded.Receipt != "" {
		return e.Text
	}
	return phrases.English(e.Text)
}

func (c *composer) axis(axis knowledge.Axis) string { return c.say("axis." + string(axis)) }

// relabels lists the shifts that the desk recorded.
func (c *composer) relabels(a *knowledge.Answer) {
	for _, r := range a.Relabels {
		c.row(c.relabelText(r), slices.Concat(r.To.Claims, r.From.Claims)...)
	}
}

func (c *composer) relabelText(r knowledge.Relabel) string {
	axis := r.To.Axis
	return c.say("shifts.relabel", "country", r.To.Country, "date", r.To.Since, "axis", c.axis(axis),
		"from", c.labelInFull(knowledge.Labelled{Axis: axis, Assessment: r.From}), "to", c.labelInFull(knowledge.Labelled{Axis: axis, Assessment: r.To}))
}

// deskRecord opens an entry of the desk's ledger.
func (c *composer) deskRecord(r *knowledge.DeskRecord) {
	id := r.Receipt
	c.heading(c.say("source.desk", "id", id, "what", c.say("deskkind."+r.Kind), "date", r.On))
	if text := c.recorded(r); text != "" {
		c.asserts(text, id)
	}
	if k := r.Correction; k != nil {
		c.cites(k.Of)
		c.asserts(c.say("source.desk.was", "text", k.Was), id, k.Of)
	}
	c.proposed(r)
	c.deskNote(id, r.Note())
	if r.Reason != "" {
		c.asserts(c.say("source.desk.reason", "reason", r.Reason), id)
	}
	if r.WithdrawnBy != "" {
		c.asserts(c.say("source.desk.withdrawn", "date", r.Withdrawn), id, r.WithdrawnBy)
	}
}

// recorded says in one line what an entry of the desk recorded, or "" for one that holds no record.
func (c *composer) recorded(r *knowledge.DeskRecord) string {
	switch {
	case r.Assessment != nil:
		as := r.Assessment
		return c.say("source.desk.assessment", "country", as.Country, "axis", c.axis(as.Axis), "since", as.Since,
			"label", c.bareLabel(knowledge.Labelled{Axis: as.Axis, Assessment: as}))
	case r.Event != nil:
		return c.say("source.desk.event", "country", r.Event.Country, "date", r.Event.On, "text", r.Event.Text)
	case r.Membership != nil:
		return c.p.Country(r.Membership.Country) + " · " + c.membershipText(r.Membership)
	case r.Measure != nil:
		return c.p.Country(r.Measure.Country) + " · " + c.measureText(r.Measure)
	case r.RollCall != nil:
		return c.say("source.desk.rollcall", "text", c.textOf(r.RollCall), "title", r.RollCall.Title)
	case r.Cell != nil:
		return c.say("source.desk.cell", "country", r.Cell.Country, "text", r.Cell.RollCall, "position", c.position(r.Cell.Position))
	case r.Correction != nil:
		return c.say("source.desk.correction", "id", r.Correction.Of, "text", r.Correction.Text)
	}
	return ""
}

// proposed says what a proposal would record, or what an entry decides.
func (c *composer) proposed(r *knowledge.DeskRecord) {
	if p := r.Proposed; p != nil {
		what := c.recorded(p)
		if what == "" { // it would take something back
			what = p.Decides
		}
		c.asserts(c.say("source.desk.proposed", "what", c.say("deskkind."+p.Kind), "text", what), r.Receipt)
	}
	if r.Decides != "" {
		c.asserts(c.say("source.desk.decides", "id", r.Decides), r.Receipt, r.Decides, r.Result)
	}
}

func (c *composer) deskNote(id, note string) {
	if note != "" {
		c.asserts(c.say("record.note", "note", note), id)
	}
}
