package picture

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"stancebot/knowledge"
)

const (
	columnTitle = 38.0 // the size of a title in a column
	gutter      = 32.0 // between two columns
)

// A drawing fills a box with what an answer says on one axis.
type drawing func(box Rect, axis knowledge.Axis)

// beside sets the text in a column on the left and the drawing beside it: for what is higher than wide.
func (s *sheet) beside(axis knowledge.Axis, draw drawing) {
	s.Title, s.subtitle = s.finding([]knowledge.Axis{axis}), s.covers([]knowledge.Axis{axis})
	y := s.write(s.Title, style{columnTitle, SemiBold, black}, margin, margin-8, column)
	y = s.write(s.subtitle, style{textSize, Regular, grey}, margin, y+6, column)
	f := s.footOf(s.rests()...)
	keys, notes := s.keysOf(axis)
	legend := s.stackHeight(keys, notes, column)
	least := float64(Height)
	if len(s.a.Stances) > 2*panelled { // many names want room
		least += 150
	}
	bottom := max(least-f.height()-16, y+20+legend)
	draw(Rect{margin + column + gutter, margin, s.inner() - column - gutter, bottom - margin}, axis)
	s.stack(keys, notes, margin, bottom-legend, column)
	s.y = bottom
	s.close(f, least)
}

// below sets the drawing below the text over the whole width.
func (s *sheet) below(axis knowledge.Axis, draw drawing) {
	s.head(s.finding([]knowledge.Axis{axis}), s.covers([]knowledge.Axis{axis}))
	keys, notes := s.keysOf(axis)
	f := s.footOf(s.rests()...)
	notesHeight := 0.0
	for _, n := range notes {
		notesHeight += smallStyle.height(n, s.inner())
	}
	const least = 460.0 // of a drawing's height
	bottom := max(Height-f.height()-16, s.y+least+20+s.legendHeight(keys)+notesHeight)
	legend := bottom - s.legendHeight(keys) - notesHeight
	draw(Rect{margin, s.y, s.inner(), legend - 20 - s.y}, axis)
	s.y = s.legend(keys, legend)
	for _, n := range notes {
		s.y = s.write(n, smallStyle, margin, s.y, s.inner())
	}
	s.close(f, Height)
}

// sideBySide sets a drawing for each axis beside the other, each with its legend.
func (s *sheet) sideBySide(axes []knowledge.Axis, draw drawing) {
	s.head(s.finding(axes), s.covers(axes))
	width := (s.inner() - gutter) / 2
	f := s.footOf(s.rests()...)
	legend := 0.0
	for _, axis := range axes {
		keys, notes := s.keysOf(axis)
		legend = max(legend, s.stackHeight(keys, notes, width))
	}
	const least = 380.0 // of a drawing's height
	top := s.y + strongStyle.line() + 6
	box := max(least, Height-f.height()-16-legend-16-top)
	for i, axis := range axes {
		x := margin + float64(i)*(width+gutter)
		s.put([]string{upperFirst(s.say("axis." + string(axis)))}, strongStyle, x, s.y, Start)
		draw(Rect{x, top, width, box}, axis)
		keys, notes := s.keysOf(axis)
		s.stack(keys, notes, x, top+box+16, width)
	}
	s.y = top + box + 16 + legend
	s.close(f, Height)
}

// stackRow is how far apart the entries of a legend stand that run downward.
const stackRow = 38.0

// stack sets the entries of a legend one below the other, and notes below them.
func (s *sheet) stack(keys []key, notes []string, x, y, width float64) {
	for _, k := range keys {
		s.Add(Path{Lines: Box(Rect{x, y, swatch, swatch - 4}, 5), Fill: k.fill, Over: k.over, Stroke: Stroke{Colour: rim, Width: 1.5}, Name: k.text})
		y = s.put(Wrap(k.text, smallSize, Regular, width-swatch-12), style{smallSize, Regular, black}, x+swatch+12, y+1, Start)
		y += stackRow - smallSize*leading - 1
	}
	for _, n := range notes {
		y = s.write(n, smallStyle, x, y, width)
	}
}

func (s *sheet) stackHeight(keys []key, notes []string, width float64) float64 {
	h := 0.0
	for _, k := range keys {
		h += stackRow + float64(len(Wrap(k.text, smallSize, Regular, width-swatch-12))-1)*smallSize*leading
	}
	for _, n := range notes {
		h += smallStyle.height(n, width)
	}
	return h
}

// keysOf is the legend of an axis: the labels that occur and how often, and below what marks mean.
func (s *sheet) keysOf(axis knowledge.Axis) (keys []key, notes []string) {
	counts, ours, stales, ofDesk := map[knowledge.Label]int{}, 0, 0, 0
	looks := map[knowledge.Label]Look{}
	pole := false
	for i := range s.a.Stances {
		st := &s.a.Stances[i]
		if st.Country == axis.Pole() {
			pole = true
			continue
		}
		l := labelledOn(st, axis)
		counts[l.Label()]++
		looks[l.Label()] = lookOfLabel(l)
		switch l.Basis() {
		case knowledge.BasisInferred:
			ours++
		case knowledge.BasisDesk:
			ofDesk++
		}
		if len(st.Stale) > 0 && l.Assessment != nil {
			stales++
		}
	}
	for _, label := range append(knowledge.LabelsOf(axis), knowledge.Unassessed) {
		if n := counts[label]; n > 0 {
			keys = append(keys, key{fill: looks[label].Fill, over: looks[label].Over, text: s.say("mapped.entry", "label", upperFirst(s.say("label."+string(axis)+"."+string(label))), "n", n)})
		}
	}
	if ours > 0 {
		keys = append(keys, key{fill: paper, over: Pattern{Dotted, dots(Look{Fill: paper, Ink: black})}, text: s.say("mapped.ours", "n", ours)})
	}
	if pole {
		keys = append(keys, key{fill: lookPole.Fill, text: s.say("mapped.pole", "country", axis.Pole())})
	}
	if ofDesk > 0 {
		notes = append(notes, desks+" "+s.say("mapped.desk", "n", ofDesk))
	}
	if stales > 0 {
		notes = append(notes, stale+" "+s.say("mapped.stale", "n", stales))
	}
	return keys, notes
}

// who names what the picture is about.
func (s *sheet) who() string {
	if s.a.Group != nil {
		return upperFirst(s.p.Group(s.a.Group.Group.ID))
	}
	return s.p.Countries(s.a.Countries)
}

// finding says in a sentence what is most frequent among the labels, on the axis where it is the clearest. Where none is,
// it says that.
func (s *sheet) finding(axes []knowledge.Axis) string {
	if len(s.a.Stances) == 1 {
		return s.finding1(axes)
	}
	var best tally
	labelled := 0
	for _, axis := range axes {
		t := s.tally(axis)
		labelled += t.labelled
		if best.axis == "" || t.lead() > best.lead() || t.lead() == best.lead() && t.n > best.n {
			best = t
		}
	}
	switch {
	case labelled == 0:
		return s.say("mapped.finding.none", "who", s.who(), "n", len(s.a.Stances))
	case 2*best.labelled < best.all:
		return s.say("mapped.finding.few", "who", s.who(), "n", best.labelled, "all", best.all)
	case best.lead() == 0:
		return s.say("mapped.finding.mixed", "who", s.who(), "axis", s.say("axis."+string(best.axis)), "n", best.kinds)
	}
	return s.say("mapped.finding."+string(best.axis)+"."+string(best.label), "who", s.who(), "n", best.n, "all", best.all)
}

// finding1 says the labels of one country.
func (s *sheet) finding1(axes []knowledge.Axis) string {
	parts := make([]string, len(axes))
	for i, axis := range axes {
		parts[i] = s.say("mapped.finding.one", "axis", s.say("axis."+string(axis)), "label", s.p.Label(labelledOn(&s.a.Stances[0], axis)))
	}
	return s.say("mapped.finding.country", "who", s.p.Country(s.a.Stances[0].Country), "labels", s.p.Series(parts))
}

// A tally is how often labels occur on an axis.
type tally struct {
	axis     knowledge.Axis
	label    knowledge.Label // the most frequent one that a source gives
	n, next  int             // how often it occurs, and the next frequent one
	all      int             // countries that could bear one
	labelled int
	kinds    int
}

// lead is by how much the most frequent label is ahead.
func (t tally) lead() int { return t.n - t.next }

func (s *sheet) tally(axis knowledge.Axis) tally {
	counts := map[knowledge.Label]int{}
	t := tally{axis: axis}
	for i := range s.a.Stances {
		st := &s.a.Stances[i]
		if st.Country == axis.Pole() {
			continue
		}
		t.all++
		if l := labelledOn(st, axis); l.Assessment != nil {
			counts[l.Label()]++
			t.labelled++
		}
	}
	t.kinds = len(counts)
	for _, label := range knowledge.LabelsOf(axis) {
		switch n := counts[label]; {
		case n > t.n:
			t.label, t.n, t.next = label, n, t.n
		case n > t.next:
			t.next = n
		}
	}
	return t
}

// covers says what is shown and of when.
func (s *sheet) covers(axes []knowledge.Axis) string {
	names := make([]string, len(axes))
	for i, axis := range axes {
		names[i] = s.say("axis." + string(axis))
	}
	text := s.say("mapped.covers", "axes", strings.Join(names, s.say("mapped.and")), "date", s.a.On)
	if t := s.tally(axes[0]); t.labelled < t.all && 2*t.labelled >= t.all {
		text += s.say("mapped.labelled", "n", t.labelled, "all", t.all)
	}
	return text
}

// rests says what the picture rests on.
func (s *sheet) rests() []string {
	var sources []string
	if s.a.Article != nil {
		sources = append(sources, s.say("mapped.article", "date", s.a.Article.Published))
	}
	if slices.ContainsFunc(s.a.Stances, func(st knowledge.Stance) bool {
		return slices.ContainsFunc(st.Labels, func(l knowledge.Labelled) bool { return l.Basis() == knowledge.BasisDesk })
	}) {
		sources = append(sources, s.say("mapped.ofdesk"))
	}
	if s.layout != Tiles {
		sources = append(sources, s.say("mapped.shapes"))
	}
	return sources
}

// namedInWords is how many countries are named in words beside a map, of each label. Of more their number is told.
const namedInWords = 60

// inWords says all that a map shows, for those who do not see it.
func (s *sheet) inWords(axes []knowledge.Axis) string {
	parts := []string{s.Title, s.subtitle}
	for _, axis := range axes {
		var rows []string
		for _, label := range append(knowledge.LabelsOf(axis), knowledge.Unassessed) {
			for _, basis := range []knowledge.Basis{knowledge.BasisArticle, knowledge.BasisInferred, knowledge.BasisDesk, knowledge.BasisNone} {
				if row := s.row(axis, label, basis); row != "" {
					rows = append(rows, row)
				}
			}
		}
		parts = append(parts, s.say("mapped.alt.axis", "axis", upperFirst(s.say("axis."+string(axis))), "rows", s.p.Series(rows)))
	}
	for i := range s.a.Stances {
		st := &s.a.Stances[i]
		for _, reason := range st.Stale {
			parts = append(parts, s.say("mapped.alt.stale", "country", st.Country, "text", staleText(s.p, &reason)))
		}
	}
	return sentences(s.p, append(parts, s.rests()...)...)
}

// row names the countries that bear a label on one basis.
func (s *sheet) row(axis knowledge.Axis, label knowledge.Label, basis knowledge.Basis) string {
	var countries []knowledge.Country
	text := ""
	for i := range s.a.Stances {
		st := &s.a.Stances[i]
		if l := labelledOn(st, axis); st.Country != axis.Pole() && l.Label() == label && l.Basis() == basis {
			countries = append(countries, st.Country)
			text = labelText(s.p, l)
		}
	}
	switch n := len(countries); {
	case n == 0:
		return ""
	case n > namedInWords:
		return s.say("mapped.alt.count", "label", text, "n", n)
	default:
		return s.say("mapped.alt.row", "label", text, "n", n, "countries", s.p.Sorted(countries))
	}
}

// upperFirst begins a text with a capital.
func upperFirst(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	if n == 0 {
		return s
	}
	return string(unicode.ToUpper(r)) + s[n:]
}
