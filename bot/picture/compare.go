package picture

import (
	"slices"

	"stancebot/knowledge"
)

// drawComparison draws two to five countries side by side: their labels, and their votes where all have one.
func drawComparison(s *sheet) {
	stances := s.a.Stances
	sources := s.stanceSources(stances)
	s.head(s.compareTitle(), s.compareSubtitle())
	if len(stances) == 2 {
		s.columns(stances)
	} else {
		s.rows(stances)
	}
	for i := range stances {
		for _, text := range flagTexts(s.p, &stances[i]) {
			s.flag(s.p.Country(stances[i].Country)+" · "+text, s.inner())
		}
	}
	s.matrix(stances)
	s.Alt = s.compareAlt(sources)
	s.close(s.footOf(sources...), cardHeight)
}

// compareTitle says on which axis the countries are alike and on which apart: of labels that all of them have.
func (s *sheet) compareTitle() string {
	var parts []string
	for _, axis := range axesOf(s.a) {
		labels := make([]knowledge.Labelled, 0, len(s.a.Stances))
		for i := range s.a.Stances {
			if l := labelledOn(&s.a.Stances[i], axis); l.Assessment != nil {
				labels = append(labels, l)
			}
		}
		if len(labels) < len(s.a.Stances) {
			continue
		}
		axisText := s.say("axis." + string(axis))
		if slices.ContainsFunc(labels, func(l knowledge.Labelled) bool { return l.Label() != labels[0].Label() }) {
			parts = append(parts, s.say("compare.differ", "axis", axisText))
		} else {
			parts = append(parts, s.say("compare.same", "axis", axisText, "label", s.say("label."+string(axis)+"."+string(labels[0].Label()))))
		}
	}
	names := s.p.Countries(countriesOf(s.a.Stances))
	if len(parts) == 0 {
		return names
	}
	return s.say("draw.compare.title", "countries", names, "parts", s.p.List(parts))
}

func countriesOf(stances []knowledge.Stance) []knowledge.Country {
	countries := make([]knowledge.Country, len(stances))
	for i := range stances {
		countries[i] = stances[i].Country
	}
	return countries
}

// compareSubtitle says in how many votes the countries were alike, of those in which all of them have one.
func (s *sheet) compareSubtitle() string {
	text := s.say("draw.on", "date", s.a.On)
	if s.a.Query.KnownAt != 0 {
		text += " · " + s.say("draw.known", "date", s.a.Query.KnownAt)
	}
	calls := shared(s.a.Stances)
	if len(calls) == 0 {
		return text
	}
	alike := 0
	for _, votes := range calls {
		if agree(votes) {
			alike++
		}
	}
	return s.say("draw.compare.votes", "n", alike, "of", len(calls)) + " · " + text
}

// shared are the votes of all countries on each text on which all of them have one, in the order of the texts.
func shared(stances []knowledge.Stance) [][]knowledge.Vote {
	var calls [][]knowledge.Vote
	for _, first := range stances[0].Record.Votes {
		votes := []knowledge.Vote{first}
		for i := range stances[1:] {
			for _, v := range stances[i+1].Record.Votes {
				if v.Call.ID == first.Call.ID {
					votes = append(votes, v)
				}
			}
		}
		if len(votes) == len(stances) {
			calls = append(calls, votes)
		}
	}
	return calls
}

func agree(votes []knowledge.Vote) bool {
	return !slices.ContainsFunc(votes, func(v knowledge.Vote) bool { return v.Position != votes[0].Position })
}

// columns sets two countries side by side, one axis below the other.
func (s *sheet) columns(stances []knowledge.Stance) {
	const gap = 16.0
	width := (s.inner() - gap) / 2
	bottom := s.y
	for i := range stances {
		bottom = max(bottom, s.write(s.p.Country(stances[i].Country), nameStyle, margin+float64(i)*(width+gap), s.y, width))
	}
	s.y = bottom + 8
	for _, axis := range axesOf(s.a) {
		s.y = s.write(upperFirst(s.say("axis."+string(axis))), smallStyle, margin, s.y, s.inner()) + 4
		s.cells(labelsOn(stances, axis), margin, width, gap)
	}
}

// rows sets each country below the one before, the axes side by side.
func (s *sheet) rows(stances []knowledge.Stance) {
	const gap, names = 16.0, 250.0
	axes := axesOf(s.a)
	width := (s.inner()-names)/float64(len(axes)) - gap
	bottom := s.y
	for i, axis := range axes {
		bottom = max(bottom, s.write(upperFirst(s.say("axis."+string(axis))), smallStyle, margin+names+float64(i)*(width+gap), s.y, width))
	}
	s.y = bottom + 6
	for i := range stances {
		name := s.write(s.p.Country(stances[i].Country), style{28, SemiBold, black}, margin, s.y+8, names-20)
		s.cells(stances[i].Labels, margin+names, width, gap)
		s.y = max(s.y, name+8)
	}
}

var nameStyle = style{36, SemiBold, black}

func labelsOn(stances []knowledge.Stance, axis knowledge.Axis) []knowledge.Labelled {
	labels := make([]knowledge.Labelled, len(stances))
	for i := range stances {
		labels[i] = labelledOn(&stances[i], axis)
	}
	return labels
}

// cells sets labels in a row, each beside its colour.
func (s *sheet) cells(labels []knowledge.Labelled, x, width, gap float64) {
	const pad = 14.0
	from, bottom := len(s.Marks), s.y
	for i, l := range labels {
		left := x + float64(i)*(width+gap) + swatch + pad
		y := s.write(upperFirst(s.say("label."+string(l.Axis)+"."+string(l.Label()))), style{28, SemiBold, black}, left, s.y+8, width-swatch-2*pad)
		for _, text := range s.columnTexts(l) {
			y = s.write(text, smallStyle, left, y+2, width-swatch-2*pad)
		}
		bottom = max(bottom, y+10)
	}
	var cells []Mark
	for i, l := range labels {
		left, look := x+float64(i)*(width+gap), LookOf(l)
		cells = append(cells, Path{Lines: Box(Rect{left, s.y, width, bottom - s.y}, 10), Fill: wash},
			Path{Lines: Box(Rect{left, s.y, swatch, bottom - s.y}, 10), Fill: look.Fill, Over: look.Over, Stroke: Stroke{Colour: grey, Width: 1.5}, Name: labelText(s.p, l)})
	}
	s.Marks = slices.Insert(s.Marks, from, cells...)
	s.y = bottom + 14
}

// columnTexts say what is said of a label where there is room for little: the readings of a contested one, and who gives it where that
// is not the article.
func (s *sheet) columnTexts(l knowledge.Labelled) []string {
	var texts []string
	if readings := readingsText(s.p, l); readings != "" {
		texts = append(texts, readings)
	}
	switch l.Basis() {
	case knowledge.BasisArticle:
		texts = append(texts, s.say("draw.by.short.article"))
	case knowledge.BasisInferred:
		texts = append(texts, s.say("draw.by.short.inferred"))
	case knowledge.BasisDesk:
		texts = append(texts, s.say("draw.by.desk", "date", l.Assessment.Since))
	}
	return texts
}

// matrix sets the votes of the countries below each other, with a frame about those in which they differ.
func (s *sheet) matrix(stances []knowledge.Stance) {
	calls := shared(stances)
	if len(calls) == 0 {
		return
	}
	s.y = s.write(s.say("draw.votes"), strongStyle, margin, s.y+4, s.inner()) + 10
	const high, gap = 42.0, 12.0
	names := 0.0
	for i := range stances {
		names = max(names, Measure(s.p.Country(stances[i].Country), smallSize, Regular))
	}
	names = min(names, 330) + 24
	step := min(96, (s.inner()-names)/float64(len(calls)))
	top := s.y
	differ := len(slices.DeleteFunc(slices.Clone(calls), agree))
	framed := differ > 0 && differ < len(calls) // where they differ in all, frames would tell nothing
	for i := range stances {
		lines := Wrap(s.p.Country(stances[i].Country), smallSize, Regular, names-20)
		y := s.put(lines, style{smallSize, Regular, black}, margin, s.y+4, Start)
		for k, votes := range calls {
			s.Add(ballotOf(votes[i]).marks(Rect{margin + names + float64(k)*step, s.y, step - gap, high})...)
		}
		s.y = max(s.y+high, y) + gap
	}
	for k, votes := range calls {
		x := margin + names + float64(k)*step
		if !agree(votes) && framed {
			s.Add(Path{Lines: Box(Rect{x - 5, top - 6, step - gap + 10, s.y - gap - top + 12}, 8), Stroke: Stroke{Colour: black, Width: 3}})
		}
		s.Add(Text{X: x + (step-gap)/2, Y: s.y + smallSize, Text: callMark(s.p, votes[0].Call), Size: smallSize, Anchor: Middle, Colour: grey})
	}
	s.y += smallSize*leading + 12
	var all []knowledge.Vote
	for _, votes := range calls {
		all = append(all, votes...)
	}
	keys := s.positionKeys(all)
	if framed {
		keys = append(keys, key{text: s.say("draw.compare.apart"), paint: func(box Rect) []Mark {
			return []Mark{Path{Lines: Box(box.Grown(-2), 8), Stroke: Stroke{Colour: black, Width: 3}}}
		}})
	}
	s.y = s.legend(keys, s.y)
}

// compareAlt says what is shown of each country in turn.
func (s *sheet) compareAlt(sources []string) string {
	parts := []string{s.Title, s.subtitle}
	for i := range s.a.Stances {
		st := &s.a.Stances[i]
		for _, l := range st.Labels {
			parts = append(parts, s.say("draw.value", "subject", s.p.Country(st.Country)+", "+s.say("axis."+string(l.Axis)), "value", labelText(s.p, l)))
		}
		for _, text := range flagTexts(s.p, st) {
			parts = append(parts, s.p.Country(st.Country)+" · "+text)
		}
	}
	for _, votes := range shared(s.a.Stances) {
		var sides []string
		for _, v := range votes {
			sides = append(sides, s.p.Country(v.Country)+" "+positionText(s.p, v))
		}
		parts = append(parts, s.say("draw.value", "subject", callText(s.p, votes[0].Call), "value", s.p.List(sides)))
	}
	return sentences(s.p, append(parts, sources...)...)
}
