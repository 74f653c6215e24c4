package digest

import (
	"fmt"
	"slices"
	"strings"

	"stancebot/bot"
	"stancebot/bot/phrases"
	"stancebot/knowledge"
)

// How much of a text a line holds: the receipt opens all of it.
const (
	leadLength  = 120
	causeLength = 160
	textLength  = 320
	sideNames   = 30 // states that left their usual side
	leadNames   = 3
	rowVotes    = 5 // states whose vote an imported roll call names
)

// lateAfter is how many days behind a day what was true from then on is recorded late.
const lateAfter = 14

// A line is one row of a notice: one change, or several that are told together.
type line struct {
	changes  []Change
	text     string
	lead     string // the finding alone, for a heading
	receipts []string
	alerted  bool // the channel was told of all of it by a watch
}

// A writer says changes in one language.
type writer struct {
	p     *phrases.Catalogue
	today knowledge.Day
}

func (w *writer) say(key string, pairs ...any) string { return w.p.Say(key, pairs...) }

// lines says the changes of an occasion, the weightiest first and what the channel was alerted of last.
func (w *writer) lines(o *Occasion) []line {
	lines := together(o.Changes)
	for i := range lines {
		l := &lines[i]
		l.alerted = !slices.ContainsFunc(l.changes, func(c Change) bool { return !o.Alerted[c.Seq] })
	}
	slices.SortStableFunc(lines, func(a, b line) int { return a.weight() - b.weight() })
	for i := range lines {
		w.fill(&lines[i])
	}
	return lines
}

// weight orders lines: labels that hold today before those of an earlier time, who voted otherwise before who did not vote, and
// what was told before behind all else.
func (l *line) weight() int {
	c := &l.changes[0]
	weight := 2 * slices.Index(ChangeKinds, c.Kind)
	if c.Kind == LabelChange && !c.holds() || c.position == knowledge.Absent {
		weight++
	}
	if l.alerted {
		weight += 2 * len(ChangeKinds)
	}
	return weight
}

// together puts the changes into lines, in their order: those that say one thing of several countries, axes or records share
// one.
func together(changes []Change) []line {
	var lines []line
	at := map[string]int{}
	for _, c := range changes {
		key := c.key()
		i, ok := at[key]
		if !ok || key == "" {
			i = len(lines)
			at[key], lines = i, append(lines, line{})
		}
		lines[i].changes = append(lines[i].changes, c)
	}
	return lines
}

// key is equal for changes that share a line, and "" for one that stands alone.
func (c *Change) key() string {
	switch c.Kind {
	case SideChange:
		return fmt.Sprint(c.Kind, c.Seq, c.usual, c.position)
	case StaleChange:
		return fmt.Sprint(c.Kind, c.lapse.Country, c.lapse.Rule, c.lapse.Causes)
	case RecordChange:
		return fmt.Sprint(c.Kind, c.shared.From, c.shared.To)
	}
	return ""
}

// fill says a line.
func (w *writer) fill(l *line) {
	c := &l.changes[0]
	for i := range l.changes {
		l.receipts = merged(l.receipts, l.changes[i].Receipts)
	}
	var text string
	switch c.Kind {
	case LabelChange, KeptChange:
		text, l.lead = w.label(c)
	case SideChange:
		text, l.lead = w.side(l)
	case SplitChange:
		text, l.lead = w.split(c)
	case CorrectionChange:
		text = w.correction(c)
	case WithdrawalChange:
		text, l.lead = w.withdrawal(c)
	case StaleChange:
		text, l.lead = w.stale(l)
	case RollCallChange:
		text, l.lead = w.rollCall(c)
	case RecordChange:
		text, l.lead = w.records(l)
	case MeasureChange, MembershipChange, EventChange, CellChange:
		text = bot.SayRecord(w.p, c.record, w.today)
	}
	text = cut(text, textLength)
	if l.lead == "" {
		l.lead = text
	}
	l.lead = cut(l.lead, leadLength)
	if l.alerted {
		l.text = w.say("change.alerted", "what", l.lead)
		return
	}
	l.text = text + w.dates(c) + w.cause(c)
}

// dates says when it was recorded and, where the line does not tell it or it was long before, since when it is true.
func (w *writer) dates(c *Change) string {
	known := knowledge.DayOf(c.Known)
	key := "change.recorded"
	switch {
	case c.True.IsZero():
	case known.Sub(c.True.Last()) > lateAfter:
		key = "change.late"
	case c.Kind == CellChange || c.Kind == StaleChange:
		key = "change.dated"
	}
	return w.say(key, "true", c.True, "known", known)
}

// cause says why, as it is recorded: the note beside what was recorded, or the reason of the entry, or else the source.
func (w *writer) cause(c *Change) string {
	text := c.reason
	if c.record != nil && c.Kind != WithdrawalChange && c.Kind != CorrectionChange && c.record.Note() != "" {
		text = c.record.Note()
	}
	switch {
	case c.Kind == SideChange || c.Kind == SplitChange || c.Kind == RecordChange:
		return ""
	case text != "":
		return w.say("change.cause", "text", cut(text, causeLength))
	case c.source != "":
		return w.say("change.source", "source", c.source)
	}
	return ""
}

// cut shortens a text at a blank.
func cut(text string, length int) string {
	text = strings.Join(strings.Fields(text), " ")
	runes := []rune(text)
	if len(runes) <= length {
		return text
	}
	short := string(runes[:length-1])
	if i := strings.LastIndexByte(short, ' '); i > len(short)*2/3 {
		short = short[:i]
	}
	return strings.TrimRight(short, " ,;:·") + "…"
}

func (w *writer) axis(a knowledge.Axis) string { return w.say("axis." + string(a)) }

// bare says a label without the mark of who gives it.
func (w *writer) bare(axis knowledge.Axis, l knowledge.Label) string {
	return w.say("label." + string(axis) + "." + string(l))
}

// label says a label that was recorded, the one before it, and which one holds today where that is another.
func (w *writer) label(c *Change) (text, lead string) {
	a := c.record.Assessment
	axis, label := w.axis(a.Axis), w.bare(a.Axis, a.Label)
	pairs := []any{"country", a.Country, "axis", axis, "label", label, "to", label, "date", a.Since}
	key := "first"
	if c.from != nil {
		from := knowledge.Labelled{Axis: a.Axis, Assessment: c.from}
		pairs = append(pairs, "from", bot.SayLabel(w.p, from), "was", w.p.Label(from))
		key = "now"
	}
	switch {
	case c.Kind == KeptChange:
		return w.say("change.label.kept", pairs...), w.say("change.lead.kept", pairs...)
	case !c.holds():
		key = "past"
	}
	text = w.say("change.label.first", pairs...)
	if c.from != nil {
		text = w.say("shifts.relabel", pairs...)
	}
	if !c.holds() && c.now != nil {
		text += w.say("change.label.today", "label", bot.SayLabel(w.p, knowledge.Labelled{Axis: a.Axis, Assessment: c.now}))
	}
	return text, w.say("change.lead."+key, pairs...)
}

// side says which states left their usual side on a text.
func (w *writer) side(l *line) (text, lead string) {
	c := &l.changes[0]
	var countries []knowledge.Country
	for i := range l.changes {
		countries = append(countries, l.changes[i].Countries...)
	}
	on := bot.SayText(w.p, c.call)
	say := func(limit int, on string) string {
		return w.say("change.side", "n", len(countries), "countries", bot.SayCountries(w.p, countries, limit), "text", on,
			"usual", w.position(c.usual), "position", w.position(c.position))
	}
	text = say(sideNames, on)
	if !c.call.Unnumbered {
		on = c.call.ID // in a heading its day takes too much room
	}
	return text, say(leadNames, on)
}

func (w *writer) position(p knowledge.Position) string { return w.say("position." + string(p)) }

// split says how Washington voted on a text, and how many of the states that it concerns kept their usual Yes.
func (w *writer) split(c *Change) (text, lead string) {
	of := func(side []knowledge.Country) int {
		n := 0
		for _, country := range side {
			if slices.Contains(c.Countries, country) {
				n++
			}
		}
		return n
	}
	pairs := []any{
		"text", bot.SayText(w.p, c.call), "washington", w.position(c.split.Washington), "moved", of(c.split.Moved), "stayed", of(c.split.Stayed),
	}
	return w.say("change.split", pairs...), w.say("change.lead.split", pairs...)
}

// correction says what is corrected, and what is right.
func (w *writer) correction(c *Change) string {
	var about []string
	if n := len(c.Countries); n > 0 && n <= filterNames {
		about = append(about, w.p.Countries(c.Countries))
	}
	if c.of != "" {
		about = append(about, c.of)
	}
	if len(about) == 0 {
		return bot.UpperFirst(w.say("deskkind.correction"))
	}
	text := w.say("change.correction", "about", strings.Join(about, " · "))
	if c.correction != nil {
		text += " · " + w.say("change.right", "text", c.correction.Text)
	}
	return text
}

// withdrawal says what was taken back and, of a label that held, which one holds now.
func (w *writer) withdrawal(c *Change) (text, lead string) {
	key, what := "change.withdrawn", ""
	if c.within {
		key = "change.within"
	}
	if c.record != nil {
		what = bot.SayRecord(w.p, c.record, w.today)
	}
	if what == "" && len(c.Receipts) > 1 {
		what = c.Receipts[1]
	}
	lead = w.say(key, "what", cut(what, textLength/2))
	text = lead
	switch {
	case c.again && c.now == nil:
		text += w.say("change.again.none")
	case c.again:
		text += w.say("change.again", "label", bot.SayLabel(w.p, knowledge.Labelled{Axis: c.now.Axis, Assessment: c.now}))
	}
	return text, lead
}

// stale says which labels of a country went stale, and by which rule.
func (w *writer) stale(l *line) (text, lead string) {
	lapse := l.changes[0].lapse
	var labels []string
	for i := range l.changes {
		of := l.changes[i].lapse
		labels = append(labels, w.say("stance.axis", "axis", w.axis(of.Axis), "label", w.bare(of.Axis, of.Label)))
	}
	pairs := []any{"country", lapse.Country, "labels", w.p.Series(labels), "why", w.say("change.stale." + string(lapse.Rule))}
	return w.say("change.stale", pairs...), w.say("change.lead.stale", pairs...)
}

// rollCall says a roll call that was imported, and how the states voted that it is told for.
func (w *writer) rollCall(c *Change) (text, lead string) {
	lead = w.say("change.rollcall", "what", bot.SayRollCall(w.p, c.call))
	text = lead
	if c.narrowed && len(c.Countries) > 0 && len(c.Countries) <= rowVotes {
		var sides []string
		for _, country := range c.Countries {
			for _, p := range knowledge.Positions {
				if c.call.Has(p, country) {
					sides = append(sides, w.say("compare.side", "country", country, "position", w.position(p)))
				}
			}
		}
		text += " · " + w.p.List(sides)
	}
	if !c.call.Rated() {
		text += " · " + w.say("resolution.meaning."+string(c.call.Meaning))
	}
	return text, lead
}

// namedRecords is how many records of a new version a line names.
const namedRecords = 3

// records counts what a new version did to the shared records, and names the weightiest.
func (w *writer) records(l *line) (text, lead string) {
	slices.SortStableFunc(l.changes, func(a, b Change) int { return a.importance() - b.importance() })
	named := l.changes[:min(len(l.changes), namedRecords)]
	var items []string
	l.receipts = nil
	for i := range named {
		r := named[i].shared
		items = append(items, w.say("change.record."+r.Change, "what", w.recordName(r)))
		l.receipts = merged(l.receipts, named[i].Receipts)
		if r.Change != "removed" && knowledge.ReceiptKindOf(r.ID) != "" {
			l.receipts = merged(l.receipts, []string{r.ID})
		}
	}
	list := w.p.Series(items)
	if rest := len(l.changes) - len(named); rest > 0 {
		list += w.say("source.more", "n", rest)
	}
	return w.say("change.records", "n", len(l.changes), "list", list), w.say("change.lead.records", "n", len(l.changes))
}
