package picture

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"stancebot/knowledge"
)

// poleColours are those of the lines of agreement with each pole: dark and light, so that they differ without colour, too.
var poleColours = map[knowledge.Axis]Stroke{
	knowledge.TowardRussia:     {Colour: rgb(0x7b2d83), Width: 6},
	knowledge.TowardWashington: {Colour: rgb(0x0b7285), Width: 6, Dash: []float64{18, 8}},
}

// A series is how much a country agreed with one pole, year by year.
type series struct {
	axis  knowledge.Axis
	years []int
	share map[int]float64
	votes map[int]int
}

// seriesOf are the series that an answer has years of: one for each pole that was asked about and that is not the country itself.
func seriesOf(a *knowledge.Answer) []series {
	var all []series
	for _, axis := range axesOf(a) {
		sr := series{axis: axis, share: map[int]float64{}, votes: map[int]int{}}
		for _, ag := range a.Agreements {
			if share, votes := ag.With(axis); votes > 0 {
				sr.years = append(sr.years, ag.Year)
				sr.share[ag.Year], sr.votes[ag.Year] = share, votes
			}
		}
		slices.Sort(sr.years)
		if len(sr.years) > 0 {
			all = append(all, sr)
		}
	}
	return all
}

func (sr *series) last() int { return sr.years[len(sr.years)-1] }

// drawAgreement draws how much a country agreed with the poles in the roll calls of each year.
func drawAgreement(s *sheet) {
	all := seriesOf(s.a)
	s.head(s.agreementTitle(all), s.agreementSubtitle(all))
	f := s.footOf(s.agreementSources(all)...)
	if len(all) > 0 {
		s.chart(all, Rect{margin + 86, s.y + 24, s.inner() - 86 - s.endWidth(all), Height - f.height() - s.y - 90 - votesHigh - 20})
	}
	s.Alt = s.agreementAlt(all)
	s.y = Height - f.height() - 16
	s.close(f, Height)
}

// agreementTitle says the shares of the latest year.
func (s *sheet) agreementTitle(all []series) string {
	year := 0
	for i := range all {
		year = max(year, all[i].last())
	}
	var parts []string
	for i := range all {
		if share, ok := all[i].share[year]; ok {
			parts = append(parts, s.say("draw.agreement.part", "share", knowledge.Percent(share), "pole", all[i].axis.Pole()))
		}
	}
	return s.say("draw.agreement.title", "country", s.a.Countries[0], "year", year, "parts", s.p.List(parts))
}

// agreementSubtitle says what is counted, and to which pole the country was closer in most years.
func (s *sheet) agreementSubtitle(all []series) string {
	if len(all) == 0 {
		return ""
	}
	from, to := s.yearsOf(all)
	text := s.say("draw.agreement.subtitle", "from", from, "to", to)
	if len(all) < 2 {
		return text
	}
	closer, of := [2]int{}, 0
	for _, year := range all[0].years {
		other, ok := all[1].share[year]
		if !ok {
			continue
		}
		of++
		switch mine := all[0].share[year]; {
		case knowledge.Percent(mine) > knowledge.Percent(other):
			closer[0]++
		case knowledge.Percent(mine) < knowledge.Percent(other):
			closer[1]++
		}
	}
	most := 0
	if closer[1] > closer[0] {
		most = 1
	}
	return text + " · " + s.say("draw.agreement.closer", "pole", all[most].axis.Pole(), "n", closer[most], "of", of)
}

// firstCounted is the first year for which agreement is counted.
const firstCounted = 1992

// yearsOf are the first and the last year of the chart: all for which agreement is counted, so that years without votes show as gaps.
func (s *sheet) yearsOf(all []series) (from, to int) {
	from, to = all[0].years[0], all[0].last()
	for i := range all {
		from, to = min(from, all[i].years[0]), max(to, all[i].last())
	}
	if s.a.Query.Since == 0 && s.a.On.Year() > from+1 && len(s.a.Agreements) > 1 {
		from, to = min(from, firstCounted), max(to, s.a.On.Year()-1)
	}
	return from, to
}

// votesCounted is how many votes stand behind the shares of each year, and the least and most of them.
func votesCounted(all []series) (counted map[int]int, least, most int) {
	counted = map[int]int{}
	for i := range all {
		for year, n := range all[i].votes {
			counted[year] = max(counted[year], n)
		}
	}
	for _, n := range counted {
		if least == 0 || n < least {
			least = n
		}
		most = max(most, n)
	}
	return counted, least, most
}

// agreementSources say how agreement is counted, and that a line has gaps.
func (s *sheet) agreementSources(all []series) []string {
	sources := []string{s.say("agreement.method")}
	from, to := s.yearsOf(all)
	if slices.ContainsFunc(all, func(sr series) bool { return len(sr.years) <= to-from }) {
		return append(sources, s.say("draw.agreement.gaps"))
	}
	return append(sources, s.say("draw.agreement.bars"))
}

// votesHigh is how high the bars are that show how many votes were counted.
const votesHigh = 44.0

// counts draws below the chart how many votes stand behind each year's shares: a year with few says less.
func (s *sheet) counts(all []series, x func(int) float64, wide, y float64) {
	counted, _, most := votesCounted(all)
	last := 0
	for _, year := range slices.Sorted(maps.Keys(counted)) {
		last = year
		high := max(2, votesHigh*float64(counted[year])/float64(most))
		s.Add(Path{Lines: Box(Rect{x(year) - wide/2, y + votesHigh - high, wide, high}, 0), Fill: rgb(0xa9b2bd)})
	}
	s.Add(Text{X: x(last) + 20, Y: y + votesHigh, Text: s.say("draw.agreement.count", "n", counted[last]), Size: smallSize, Colour: grey})
}

// endText names a line at its end.
func (s *sheet) endText(sr *series) string {
	return s.say("axis."+string(sr.axis)+".short") + " " + s.say("draw.percent", "n", knowledge.Percent(sr.share[sr.last()]))
}

func (s *sheet) endWidth(all []series) float64 {
	w := 0.0
	for i := range all {
		w = max(w, Measure(s.endText(&all[i]), textSize, SemiBold))
	}
	counted, _, _ := votesCounted(all)
	for _, n := range counted {
		w = max(w, Measure(s.say("draw.agreement.count", "n", n), smallSize, Regular))
	}
	return w + 28
}

// chart draws the lines in a box, from 0 to 100 percent.
func (s *sheet) chart(all []series, box Rect) {
	from, to := s.yearsOf(all)
	x := func(year int) float64 {
		if from == to {
			return box.Centre().X
		}
		return box.X + float64(year-from)/float64(to-from)*box.W
	}
	y := func(share float64) float64 { return box.Bottom() - share*box.H }
	for percent := 0; percent <= 100; percent += 25 {
		at := y(float64(percent) / 100)
		s.Add(Line(Stroke{Colour: hairline, Width: 2}, Point{box.X, at}, Point{box.Right(), at}),
			Text{X: box.X - 12, Y: at + 0.36*smallSize, Text: s.say("draw.percent", "n", percent), Size: smallSize, Anchor: End, Colour: grey})
	}
	step := 1
	for _, try := range []int{1, 2, 5, 10} {
		if step = try; x(from+try)-x(from) >= 76 {
			break
		}
	}
	for year := (from + step - 1) / step * step; year <= to; year += step {
		s.Add(Line(Stroke{Colour: grey, Width: 2}, Point{x(year), box.Bottom()}, Point{x(year), box.Bottom() + 8}),
			Text{X: x(year), Y: box.Bottom() + 14 + smallSize, Text: strconv.Itoa(year), Size: smallSize, Anchor: Middle, Colour: grey})
	}
	wide := 16.0
	if to > from {
		wide = 0.6 * box.W / float64(to-from)
	}
	s.counts(all, x, min(wide, 40), box.Bottom()+smallSize*leading+24)
	ends := make([]float64, len(all))
	for i := range all {
		s.curve(&all[i], x, y)
		ends[i] = y(all[i].share[all[i].last()])
	}
	s.ends(all, ends, box, x)
}

// curve draws a line through the years. Where a year is missing it is broken, and a year alone is a point.
func (s *sheet) curve(sr *series, x func(int) float64, y func(float64) float64) {
	stroke := poleColours[sr.axis]
	var run []Point
	var dots []Mark // on top of the lines
	flush := func() {
		if len(run) > 1 {
			s.Add(Line(Stroke{Colour: paper, Width: stroke.Width + 5}, run...), Line(stroke, run...))
		}
		run = nil
	}
	for i, year := range sr.years {
		if i > 0 && sr.years[i-1] != year-1 {
			flush()
		}
		run = append(run, Point{x(year), y(sr.share[year])})
		alone := (i == 0 || sr.years[i-1] != year-1) && (i+1 == len(sr.years) || sr.years[i+1] != year+1)
		if alone || year == sr.last() {
			dots = append(dots, Path{Lines: Disc(run[len(run)-1], 9), Fill: stroke.Colour, Stroke: Stroke{Colour: paper, Width: 3}})
		}
	}
	flush()
	s.Add(dots...)
}

// ends names the lines at their ends, kept apart where they end near each other.
func (s *sheet) ends(all []series, at []float64, box Rect, x func(int) float64) {
	order := make([]int, len(all))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(i, j int) int { return int(at[i]) - int(at[j]) })
	sorted := make([]float64, len(all))
	for i, k := range order {
		sorted[i] = at[k]
	}
	for i, y := range spread(sorted, textSize*leading, box.Y, box.Bottom()) {
		sr := &all[order[i]]
		s.Add(Text{X: x(sr.last()) + 20, Y: y + 0.36*textSize, Text: s.endText(sr), Size: textSize, Weight: SemiBold, Colour: poleColours[sr.axis].Colour, Halo: paper})
	}
}

// agreementAlt says every share that is drawn.
func (s *sheet) agreementAlt(all []series) string {
	var poles []string
	years := map[int][]string{}
	for i := range all {
		poles = append(poles, s.p.Say("axis."+string(all[i].axis)+".short"))
	}
	for _, ag := range s.a.Agreements {
		for i := range all {
			value := "–"
			if share, ok := all[i].share[ag.Year]; ok {
				value = strconv.Itoa(knowledge.Percent(share))
			}
			years[ag.Year] = append(years[ag.Year], value)
		}
	}
	_, least, most := votesCounted(all)
	var values []string
	for _, ag := range slices.Backward(s.a.Agreements) {
		if len(years[ag.Year]) > 0 {
			values = append(values, s.say("draw.value", "subject", ag.Year, "value", strings.Join(years[ag.Year], " / ")))
		}
	}
	return sentences(s.p, s.Title, s.subtitle, s.say("draw.agreement.alt", "poles", strings.Join(poles, " / "), "years", s.p.Series(values)),
		s.say("draw.agreement.votes", "least", least, "most", most), s.say("agreement.method"))
}
