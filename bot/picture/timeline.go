package picture

import (
	"cmp"
	"image/color"
	"math"
	"slices"
	"strconv"
	"time"

	"stancebot/bot/phrases"
	"stancebot/knowledge"
)

// maxEvents is how many events a timeline shows, the latest.
const maxEvents = 8

// shownEvents are the events that a timeline shows, the oldest first. One of which only the month or year is known stands in its middle.
func shownEvents(a *knowledge.Answer) []*knowledge.Event {
	events := slices.Clone(a.Events)
	middle := func(e *knowledge.Event) int64 {
		return e.On.First().Time().Unix() + min(e.On.Last(), a.On).Time().Unix()
	}
	slices.SortStableFunc(events, func(x, y *knowledge.Event) int { return cmp.Compare(middle(x), middle(y)) })
	return events[max(0, len(events)-maxEvents):]
}

// shownShifts are the dated changes, the oldest first.
func shownShifts(a *knowledge.Answer) []*knowledge.Shift {
	shifts := slices.Clone(a.Shifts)
	slices.Reverse(shifts)
	slices.SortStableFunc(shifts, func(x, y *knowledge.Shift) int { return cmp.Compare(x.Period.From.First(), y.Period.From.First()) })
	return shifts
}

// A scale puts days on a line from left to right.
type scale struct {
	from, to    time.Time
	left, right float64
}

func (sc scale) at(day knowledge.Day) float64 {
	share := float64(day.Time().Sub(sc.from)) / float64(sc.to.Sub(sc.from))
	return sc.left + min(1, max(0, share))*(sc.right-sc.left)
}

// timeScale reaches from the year of the first thing shown to the day of the answer.
func (s *sheet) timeScale() scale {
	first := s.a.On
	for _, sh := range s.a.Shifts {
		first = min(first, sh.Period.From.First())
	}
	for _, r := range s.a.Relabels {
		first = min(first, r.To.Since)
	}
	for _, e := range shownEvents(s.a) {
		first = min(first, e.On.First())
	}
	for _, v := range s.a.Votes {
		first = min(first, v.Call.Date)
	}
	from := min(first.Year(), s.a.On.Year()-2)
	return scale{time.Date(from, 1, 1, 0, 0, 0, 0, time.UTC), s.a.On.Time(), margin, s.Width - margin}
}

// drawTimeline draws what has a date about one country: what the article tells, what the desk and the records hold, how it voted. Each
// has a lane of its own, and what has no date stands apart.
func drawTimeline(s *sheet) {
	a := s.a
	s.head(timelineTitle(a, s.p), s.say("draw.timeline", "date", a.On))
	sc := s.timeScale()
	top, first := s.y, len(s.Marks)
	s.y += smallSize*leading + 10
	s.spans(sc)
	s.relabels(sc)
	s.voteLane(sc)
	events := shownEvents(a)
	s.eventLane(sc, events)
	s.Marks = slices.Insert(s.Marks, first, s.years(sc, top, s.y)...)
	s.y += 14
	s.eventList(events)
	s.apart("draw.lane.undated", a.Set.Undated)
	s.apart("draw.lane.same", a.Set.Continuities)
	s.apart("draw.lane.forecast", a.Set.Forecasts)
	sources := s.timelineSources()
	s.Alt = timelineAlt(a, s.p, sources)
	s.close(s.footOf(sources...), cardHeight)
}

func timelineTitle(a *knowledge.Answer, p *phrases.Catalogue) string {
	country := a.Countries[0]
	title := p.Say("draw.timeline.none", "country", country)
	if n := len(a.Shifts); n > 0 {
		last := slices.MaxFunc(a.Shifts, func(x, y *knowledge.Shift) int { return cmp.Compare(x.Period.From.First(), y.Period.From.First()) })
		title = p.Say("draw.timeline.changes", "country", country, "n", n, "last", last.Period.From)
	}
	if n := len(a.Relabels); n > 0 {
		title += p.Say("draw.timeline.desk", "n", n)
	}
	return title
}

// years are the lines of the years behind all lanes, with as many of their numbers as there is room for.
func (s *sheet) years(sc scale, top, bottom float64) []Mark {
	first, last := sc.from.Year(), sc.to.Year()
	step := 1
	for _, try := range []int{1, 2, 5, 10} {
		step = try
		if (sc.right-sc.left)/float64(max(1, last-first))*float64(try) >= 84 {
			break
		}
	}
	var marks []Mark
	for year := (first + step - 1) / step * step; year <= last; year += step {
		x := sc.at(knowledge.Day(year*10000 + 101))
		marks = append(marks, Line(Stroke{Colour: hairline, Width: 1.5}, Point{x, top + smallSize*leading}, Point{x, bottom}))
		text := Text{X: x, Y: top + smallSize, Text: strconv.Itoa(year), Size: smallSize, Colour: grey, Anchor: Middle}
		if b := text.Bounds(); b.X < margin {
			text.Anchor, text.X = Start, margin
		} else if b.Right() > s.Width-margin {
			continue
		}
		marks = append(marks, text)
	}
	return marks
}

// slate is the colour of what the article tells in words: no label follows from it, so it has none of theirs.
var slate = rgb(0x5c6b7e)

const (
	bar     = 26.0 // how high a span is drawn
	fading  = 90.0 // how long an end takes that is not known
	haloing = 235
)

// lane sets the heading of a lane.
func (s *sheet) lane(text string) {
	s.y = s.halo(text, strongStyle, margin, s.y+12, s.inner()) + 2
}

// halo writes a text that stands off the lines behind it.
func (s *sheet) halo(text string, st style, x, y, width float64) float64 {
	from := len(s.Marks)
	y = s.write(text, st, x, y, width)
	for i := from; i < len(s.Marks); i++ {
		if t, ok := s.Marks[i].(Text); ok {
			t.Halo = faded(paper, haloing)
			s.Marks[i] = t
		}
	}
	return y
}

// fromX writes a text that begins at x or, where it would end beyond the margin, as far left as it needs.
func (s *sheet) fromX(text string, st style, x float64) {
	width := Measure(text, st.size, st.weight)
	s.y = s.halo(text, st, max(margin, min(x, s.Width-margin-width-1)), s.y, s.inner())
}

// spans draws what the article tells, a bar for the time over which it is said to hold.
func (s *sheet) spans(sc scale) {
	if len(s.a.Shifts) == 0 {
		return
	}
	s.lane(s.say("draw.lane.article", "date", s.a.Article.Published))
	for _, sh := range shownShifts(s.a) {
		period := sh.Period.Until(s.a.On)
		from, to := sc.at(period.From.First()), sc.right
		if !period.To.IsZero() {
			to = sc.at(period.To.Last())
		}
		s.fromX(s.say("draw.shift", "from", sh.From, "to", sh.To), textStyle, from)
		s.span(from, to, period)
		s.dates(from, to, upperFirst(s.p.Period(period)))
		s.y += bar + 20
	}
}

// dates sets the dates of a bar beside it: behind it where there is room, else before it, and on it where it takes all.
func (s *sheet) dates(from, to float64, text string) {
	t := Text{X: to + 12, Y: s.y + 4 + bar/2 + 0.36*smallSize, Text: text, Size: smallSize, Colour: grey, Halo: faded(paper, haloing)}
	if width := t.Bounds().W; to+12+width > s.Width-margin {
		t.X, t.Anchor = from-12, End
		if from-12-width < margin {
			t.X, t.Anchor, t.Colour, t.Halo = from+12, Start, paper, slate
		}
	}
	s.Add(t)
}

// span draws a bar. An end that is not told fades away over a long way, one of which only the month or year is known over the length
// of that.
func (s *sheet) span(from, to float64, p knowledge.Period) {
	head, tail := 0.0, 0.0
	if p.From.Precision() < knowledge.DayPrecision {
		head = fading / 3
	}
	switch {
	case p.To.IsZero():
		tail = fading
	case p.To.Precision() < knowledge.DayPrecision:
		tail = fading / 3
	}
	to = max(to, from+8)
	head, tail = min(head, (to-from)/2), min(tail, (to-from)/2)
	box := func(x, right float64, c color.NRGBA) { // on whole units, so that no seams show between the steps
		x, right = math.Round(x), math.Round(right)
		s.Add(Path{Lines: Box(Rect{x, s.y + 4, right - x, bar}, 0), Fill: c})
	}
	box(from+head, to-tail, slate)
	const steps = 18
	for i := range steps {
		a := uint8(255 * (i + 1) / (steps + 1))
		w := head / steps
		if head > 0 {
			box(from+float64(i)*w, from+float64(i+1)*w, faded(slate, a))
		}
		if w = tail / steps; tail > 0 {
			box(to-float64(i+1)*w, to-float64(i)*w, faded(slate, a))
		}
	}
}

// relabels draws what the desk recorded as a change of a label.
func (s *sheet) relabels(sc scale) {
	if len(s.a.Relabels) == 0 {
		return
	}
	s.lane(s.say("draw.lane.desk"))
	list := slices.Clone(s.a.Relabels)
	slices.SortStableFunc(list, func(x, y knowledge.Relabel) int { return cmp.Compare(x.To.Since, y.To.Since) })
	for _, r := range list {
		x := sc.at(r.To.Since)
		s.fromX(s.say("draw.value", "subject", s.p.Date(r.To.Since.Date())+" · "+s.say("axis."+string(r.To.Axis)), "value", relabelText(s.p, r)), textStyle, x)
		look := LookOf(knowledge.Labelled{Axis: r.To.Axis, Assessment: r.To})
		c := Point{min(x, s.Width-margin-14), s.y + 16}
		s.Add(Path{Lines: [][]Point{{{c.X, c.Y - 14}, {c.X + 14, c.Y}, {c.X, c.Y + 14}, {c.X - 14, c.Y}}}, Fill: look.Fill, Over: look.Over, Stroke: Stroke{Colour: black, Width: 2.5}})
		s.y += 36
	}
}

// spread moves places along a line so far apart that none is nearer to the next than gap, each as little as it goes, and all within
// bounds. They come sorted.
func spread(at []float64, gap, left, right float64) []float64 {
	type block struct {
		sum  float64 // of where its members want its start to be
		n    int
		from float64
	}
	var blocks []block
	for _, x := range at {
		b := block{sum: x, n: 1, from: x}
		for len(blocks) > 0 {
			last := blocks[len(blocks)-1]
			if last.from+gap*float64(last.n) <= b.from {
				break
			}
			// The members of b want the start of both to be earlier by the length of the block before them.
			b = block{sum: last.sum + b.sum - float64(b.n)*gap*float64(last.n), n: last.n + b.n}
			b.from = min(max(b.sum/float64(b.n), left), right-gap*float64(b.n-1))
			blocks = blocks[:len(blocks)-1]
		}
		b.from = max(left, min(b.from, right-gap*float64(b.n-1)))
		blocks = append(blocks, b)
	}
	var placed []float64
	for _, b := range blocks {
		for i := range b.n {
			placed = append(placed, b.from+gap*float64(i))
		}
	}
	return placed
}

// pins sets things below a lane's line, each with a line to its date, and returns their middles.
func (s *sheet) pins(sc scale, dates []knowledge.Date, gap float64) []float64 {
	const drop = 40.0
	at := make([]float64, len(dates))
	for i, date := range dates {
		at[i] = (sc.at(date.First()) + sc.at(date.Last())) / 2
	}
	placed := spread(at, gap, sc.left+gap/2, sc.right-gap/2)
	y := s.y + 8
	s.Add(Line(Stroke{Colour: grey, Width: 2}, Point{sc.left, y}, Point{sc.right, y}))
	for i, date := range dates {
		s.Add(Line(Stroke{Colour: grey, Width: 1.5}, Point{at[i], y}, Point{at[i], y + 6}, Point{placed[i], y + drop - 4}, Point{placed[i], y + drop}))
		from, to := sc.at(date.First()), sc.at(date.Last())
		s.Add(Path{Lines: Box(Rect{from - 4.5, y - 4.5, to - from + 9, 9}, 4.5), Fill: black}) // as long as the month or year, where no more is known
	}
	s.y = y + drop
	return placed
}

func (s *sheet) voteLane(sc scale) {
	if len(s.a.Votes) == 0 {
		return
	}
	s.lane(s.say("draw.votes"))
	votes := slices.Clone(s.a.Votes)
	slices.SortStableFunc(votes, func(x, y knowledge.Vote) int { return cmp.Compare(x.Call.Date, y.Call.Date) })
	dates := make([]knowledge.Date, len(votes))
	for i, v := range votes {
		dates[i] = v.Call.Date.Date()
	}
	const w, h = 52.0, 42.0
	for i, x := range s.pins(sc, dates, 70) {
		s.Add(ballotOf(votes[i]).marks(Rect{x - w/2, s.y, w, h})...)
		s.Add(Text{X: x, Y: s.y + h + smallSize + 4, Text: callMark(s.p, votes[i].Call), Size: smallSize, Anchor: Middle, Colour: black, Halo: faded(paper, haloing)})
	}
	s.y += h + smallSize*leading + 10
	s.y = s.legend(s.positionKeys(votes), s.y+2)
}

func (s *sheet) eventLane(sc scale, events []*knowledge.Event) {
	if len(events) == 0 {
		return
	}
	s.lane(s.say("draw.lane.events"))
	dates := make([]knowledge.Date, len(events))
	for i, e := range events {
		dates[i] = e.On
	}
	for i, x := range s.pins(sc, dates, 48) {
		s.Add(s.number(i+1, Point{x, s.y + 20})...)
	}
	s.y += 46
}

// number is a number in a disc.
func (s *sheet) number(n int, c Point) []Mark {
	return []Mark{
		Path{Lines: Disc(c, 20), Fill: black},
		Text{X: c.X, Y: c.Y + 0.36*smallSize, Text: strconv.Itoa(n), Size: smallSize, Weight: SemiBold, Anchor: Middle, Colour: paper},
	}
}

// eventList says what the numbers of events stand for.
func (s *sheet) eventList(events []*knowledge.Event) {
	const indent = 56.0
	for i, e := range events {
		s.Add(s.number(i+1, Point{margin + 20, s.y + 18})...)
		s.y = s.write(s.say("draw.value", "subject", s.p.Date(e.On), "value", e.Text), textStyle, margin+indent, s.y, s.inner()-indent) + 8
	}
	if more := len(s.a.Events) - len(events); more > 0 {
		s.y = s.write(upperFirst(s.say("draw.lane.more", "n", more)), smallStyle, margin+indent, s.y, s.inner()-indent) + 4
	}
}

// apart lists changes that have no place on the line.
func (s *sheet) apart(heading string, shifts []*knowledge.Shift) {
	if len(shifts) == 0 {
		return
	}
	s.y = s.write(s.say(heading), strongStyle, margin, s.y+8, s.inner())
	for _, sh := range shifts {
		s.y = s.write(s.say("draw.shift", "from", sh.From, "to", sh.To), textStyle, margin, s.y, s.inner()) + 4
	}
}

func (s *sheet) timelineSources() []string {
	var sources []string
	set := &s.a.Set
	if len(s.a.Shifts)+len(set.Undated)+len(set.Continuities)+len(set.Forecasts) > 0 {
		sources = append(sources, s.say("draw.source.changes", "date", s.a.Article.Published, "checked", s.a.CheckedTo))
		if slices.ContainsFunc(s.a.Shifts, func(sh *knowledge.Shift) bool { return sh.Period.Until(s.a.On).To.IsZero() }) {
			sources = append(sources, s.say("draw.lane.open"))
		}
	}
	if len(s.a.Votes) > 0 {
		sources = append(sources, s.say("draw.source.votes"))
	}
	if s.p.Language != phrases.Default && (len(sources) > 1 || len(s.a.Events) > 0) {
		sources = append(sources, s.say("draw.english"))
	}
	return sources
}

// timelineAlt says all that a timeline shows, each lane from its start.
func timelineAlt(a *knowledge.Answer, p *phrases.Catalogue, sources []string) string {
	parts := []string{timelineTitle(a, p), p.Say("draw.timeline", "date", a.On)}
	told := func(sh *knowledge.Shift) string {
		return p.Say("draw.value", "subject", p.Period(sh.Period.Until(a.On)), "value", p.Say("draw.shift", "from", sh.From, "to", sh.To))
	}
	for _, sh := range shownShifts(a) {
		parts = append(parts, told(sh))
	}
	for _, r := range a.Relabels {
		parts = append(parts, p.Say("draw.lane.desk")+", "+p.Say("draw.value", "subject", p.Date(r.To.Since.Date())+", "+p.Say("axis."+string(r.To.Axis)), "value", relabelText(p, r)))
	}
	if len(a.Votes) > 0 {
		parts = append(parts, p.Say("record", "votes", votesText(p, a.Votes)))
	}
	for _, e := range shownEvents(a) {
		parts = append(parts, p.Say("draw.value", "subject", p.Date(e.On), "value", e.Text))
	}
	for _, set := range []struct {
		heading string
		shifts  []*knowledge.Shift
	}{{"draw.lane.undated", a.Set.Undated}, {"draw.lane.same", a.Set.Continuities}, {"draw.lane.forecast", a.Set.Forecasts}} {
		for _, sh := range set.shifts {
			parts = append(parts, p.Say("draw.value", "subject", p.Say(set.heading), "value", p.Say("draw.shift", "from", sh.From, "to", sh.To)))
		}
	}
	return sentences(p, append(parts, sources...)...)
}
