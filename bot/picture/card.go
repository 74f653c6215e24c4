package picture

import (
	"slices"

	"stancebot/bot/phrases"
	"stancebot/knowledge"
)

// The size of the name on a card, and of the labels.
const (
	nameSize      = 68.0
	wideNameSize  = 54.0
	labelSize     = 40.0
	wideLabelSize = 32.0
)

// The heights of cards: at least, and of the wide one in all.
const (
	cardHeight = 675
	wideHeight = 630
)

// drawCard draws where one country stands, to be pasted into a story: no more certain than the reply is.
func drawCard(s *sheet) {
	st := &s.a.Stances[0]
	sources := s.stanceSources(s.a.Stances)
	s.Title = s.p.Country(st.Country)
	s.subtitle = cardSubtitle(s.a, s.p)
	size := nameSize
	if s.layout == Wide {
		size, s.y = wideNameSize, margin*0.7
	}
	for size > titleSize && Measure(s.Title, size, SemiBold) > s.inner() {
		size -= 2
	}
	s.y = s.write(s.Title, style{size, SemiBold, black}, margin, s.y-10, s.inner())
	s.y = s.write(s.subtitle, subtitleStyle, margin, s.y, s.inner()) + 18
	s.labelPanels(st)
	s.Alt = cardAlt(s.a, s.p, sources)
	f := s.footOf(sources...)
	if s.layout == Wide {
		s.wideCard(st, f)
		return
	}
	s.flags(st, s.inner())
	s.record(st)
	s.close(f, cardHeight)
}

// wideCard fills what room there is on a card of a fixed height: what makes the labels stale first, in short where there is no room for
// all of it, and then the votes.
func (s *sheet) wideCard(st *knowledge.Stance, f foot) {
	bottom := wideHeight - f.height() - 16
	fits := func(text string) bool { return s.y+flagStyle.height(text, s.inner()-flagIndent) <= bottom }
	texts := flagTexts(s.p, st)
	for _, text := range texts {
		if !fits(text) {
			text = s.say("draw.stale")
		}
		if fits(text) {
			s.flag(text, s.inner())
		}
	}
	const votes = 46 + smallSize*leading + 12
	if len(st.Record.Votes) > 0 && s.y+votes <= bottom {
		s.y = s.ballots(st.Record.Votes, margin, s.y, s.inner())
	}
	s.y = min(s.y, bottom)
	s.close(f, wideHeight)
}

func cardSubtitle(a *knowledge.Answer, p *phrases.Catalogue) string {
	text := p.Say("draw.card", "date", a.On)
	if a.Query.KnownAt != 0 {
		text += " · " + p.Say("draw.known", "date", a.Query.KnownAt)
	}
	return text
}

// labelPanels sets the labels side by side, each on its axis and with who gives it.
func (s *sheet) labelPanels(st *knowledge.Stance) {
	const gap, pad = 24.0, 22.0
	size := labelSize
	if s.layout == Wide {
		size = wideLabelSize
	}
	n := float64(len(st.Labels))
	width := (s.inner() - (n-1)*gap) / n
	bottom := s.y
	first := len(s.Marks)
	for i, l := range st.Labels {
		x := margin + float64(i)*(width+gap)
		inner := width - 2*pad - swatch
		y := s.write(upperFirst(s.say("axis."+string(l.Axis))), smallStyle, x+pad+swatch, s.y+14, inner)
		y = s.write(upperFirst(s.say("label."+string(l.Axis)+"."+string(l.Label()))), style{size, SemiBold, black}, x+pad+swatch, y+2, inner)
		if readings := readingsText(s.p, l); readings != "" {
			y = s.write(readings, strongStyle, x+pad+swatch, y, inner)
		}
		for _, text := range basisTexts(s.a, s.p, l) {
			y = s.write(text, smallStyle, x+pad+swatch, y+4, inner)
		}
		bottom = max(bottom, y+14)
	}
	var panels []Mark
	for i, l := range st.Labels {
		x := margin + float64(i)*(width+gap)
		look := LookOf(l)
		panels = append(panels,
			Path{Lines: Box(Rect{x, s.y, width, bottom - s.y}, 10), Fill: wash},
			Path{Lines: Box(Rect{x, s.y, swatch, bottom - s.y}, 10), Fill: look.Fill, Over: look.Over, Stroke: Stroke{Colour: grey, Width: 1.5}, Name: labelText(s.p, l)})
	}
	s.Marks = slices.Insert(s.Marks, first, panels...)
	s.y = bottom + 18
}

// basisTexts say who gives a label, of when it is and how old, and what the article said where the desk has another.
func basisTexts(a *knowledge.Answer, p *phrases.Catalogue, l knowledge.Labelled) []string {
	switch l.Basis() {
	case knowledge.BasisArticle:
		return []string{p.Say("draw.by.article", "date", l.Assessment.Since, "n", l.AgeDays)}
	case knowledge.BasisInferred:
		return []string{p.Say("draw.by.inferred", "date", l.Assessment.Since, "n", l.AgeDays)}
	case knowledge.BasisDesk:
		texts := []string{p.Say("draw.by.desk", "date", l.Assessment.Since)}
		if l.Article != nil {
			was := knowledge.Labelled{Axis: l.Axis, Assessment: l.Article}
			texts = append(texts, p.Say("draw.by.desk.article", "date", a.Article.Published, "label", labelText(p, was)))
		}
		return texts
	}
	return []string{p.Say("draw.by.none")}
}

var flagStyle = style{textSize, SemiBold, black}

const flagIndent = 28.0

// flagTexts say what speaks against taking the labels as they stand.
func flagTexts(p *phrases.Catalogue, st *knowledge.Stance) []string {
	var texts []string
	for i := range st.Stale {
		texts = append(texts, staleText(p, &st.Stale[i]))
	}
	var checked []string
	for _, cc := range faulted(st) {
		checked = append(checked, p.Say("stance.checked.item", "id", cc.Claim.ID, "status", p.Status(cc.Verdict)))
	}
	if len(checked) > 0 {
		texts = append(texts, p.Say("draw.checked", "list", p.List(checked)))
	}
	return texts
}

// flags sets what makes the labels stale, each with a bar at its side.
func (s *sheet) flags(st *knowledge.Stance, width float64) {
	for _, text := range flagTexts(s.p, st) {
		s.flag(text, width)
	}
}

func (s *sheet) flag(text string, width float64) {
	top := s.y
	s.y = s.write(text, flagStyle, margin+flagIndent, s.y, width-flagIndent)
	s.Add(Path{Lines: Box(Rect{margin, top + 4, 8, s.y - top - 4}, 4), Fill: black})
	s.y += 14
}

// record sets how the country voted on Ukraine, whether Russia lists it, and what it belongs to.
func (s *sheet) record(st *knowledge.Stance) {
	if votes := st.Record.Votes; len(votes) > 0 {
		s.y = s.write(s.say("draw.votes"), strongStyle, margin, s.y+4, s.inner()) + 8
		s.y = s.ballots(votes, margin, s.y, s.inner())
		s.y = s.legend(s.positionKeys(votes), s.y+2) + 6
	} else {
		s.y = s.write(s.say("draw.votes.none"), textStyle, margin, s.y+4, s.inner()) + 8
	}
	for _, text := range recordTexts(s.p, st) {
		s.y = s.write(text, textStyle, margin, s.y, s.inner()) + 4
	}
}

// recordTexts say what the article tells of a time for which no label holds, and what the record holds of a country beside its votes.
func recordTexts(p *phrases.Catalogue, st *knowledge.Stance) []string {
	var texts []string
	for _, sh := range st.Reports {
		texts = append(texts, p.Say("draw.reported", "from", phrases.English(sh.From), "to", phrases.English(sh.To)))
	}
	for _, split := range st.Record.Splits {
		if split.Vote.Position != split.Usual {
			texts = append(texts, p.Say("split.left", "text", callText(p, split.Vote.Call), "washington", p.Say("position."+string(split.Washington)),
				"position", p.Say("position."+string(split.Vote.Position))))
		}
	}
	var names []string
	for _, m := range shownGroups(st) {
		names = append(names, groupName(p, m))
	}
	if len(names) > 0 {
		texts = append(texts, p.Say("profile.groups", "list", p.List(names)))
	}
	if m := st.Record.Unfriendly; m != nil {
		texts = append(texts, upperFirst(p.Say("record.unfriendly", "date", m.From)))
	}
	return texts
}

// stanceSources say where what is shown of countries comes from.
func (s *sheet) stanceSources(stances []knowledge.Stance) []string {
	var sources []string
	switch {
	case slices.ContainsFunc(stances, func(st knowledge.Stance) bool { return labelled(&st) }):
		sources = append(sources, s.say("draw.source.article", "date", s.a.Article.Published, "checked", s.a.CheckedTo))
	case len(stances) == 1 && len(stances[0].Reports) > 0:
		sources = append(sources, s.say("draw.source.changes", "date", s.a.Article.Published, "checked", s.a.CheckedTo))
	}
	if slices.ContainsFunc(stances, func(st knowledge.Stance) bool { return len(st.Record.Votes) > 0 }) {
		sources = append(sources, s.say("draw.source.votes"))
	}
	if len(stances) == 1 && s.layout != Wide && slices.ContainsFunc(stances, func(st knowledge.Stance) bool { return len(shownGroups(&st)) > 0 }) {
		sources = append(sources, s.say("draw.source.groups"))
	}
	return sources
}

// cardAlt says all that a card shows.
func cardAlt(a *knowledge.Answer, p *phrases.Catalogue, sources []string) string {
	st := &a.Stances[0]
	parts := []string{p.Country(st.Country), cardSubtitle(a, p)}
	parts = append(parts, stanceAlt(a, p, st)...)
	return sentences(p, append(parts, sources...)...)
}

// stanceAlt says what is shown of one country, each thing in a sentence.
func stanceAlt(a *knowledge.Answer, p *phrases.Catalogue, st *knowledge.Stance) []string {
	var parts []string
	for _, l := range st.Labels {
		text := p.Say("draw.value", "subject", p.Say("axis."+string(l.Axis)), "value", labelText(p, l))
		parts = append(parts, p.List(append([]string{text}, basisTexts(a, p, l)...)))
	}
	parts = append(parts, flagTexts(p, st)...)
	if votes := votesText(p, st.Record.Votes); votes != "" {
		parts = append(parts, p.Say("record", "votes", votes))
	}
	return append(parts, recordTexts(p, st)...)
}
