package bottest

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"stancebot/bot"
	"stancebot/bot/phrases"
	"stancebot/knowledge"
	"stancebot/knowledge/corpus"
	"stancebot/knowledge/places"
	"stancebot/knowledge/rollcall"
)

// A Checker maps what replies assert back to the records: law 1. It knows the text of every record by its receipt.
type Checker struct {
	records *knowledge.Records
	text    map[string]string // receipt → all that the record says, and how a reply says its dates and codes
	held    []string
	p       *phrases.Catalogue
}

// NewChecker returns a checker of the set's records.
func NewChecker(set *corpus.Set) (*Checker, error) {
	records, err := set.Records()
	if err != nil {
		return nil, err
	}
	items, err := set.Items()
	if err != nil {
		return nil, err
	}
	c := &Checker{records: records, text: map[string]string{}, p: phrases.In(phrases.Default)}
	for _, it := range items {
		c.text[it.ID] += " " + strings.ReplaceAll(string(it.JSON), `\"`, `"`)
	}
	c.addDerived()
	return c, nil
}

// addDerived adds to each record what a reply may say of it that is not in its own text: dates in words, names of
// countries, verdicts, the leaders that an event is about, the labels that rest on a claim.
func (c *Checker) addDerived() {
	for i := range c.records.Claims {
		cl := &c.records.Claims[i]
		c.add(cl.ID, c.p.Country(cl.Country), c.p.Period(cl.Period), c.p.Date(cl.From), c.p.Date(cl.To), c.p.Kind(cl.Kind), c.p.Status(cl.Check.Status))
		if cl.Check.Hold {
			c.held = append(c.held, cl.Check.Note)
		}
	}
	for i := range c.records.Shifts {
		s := &c.records.Shifts[i]
		c.add(s.ID, c.p.Country(s.Country), c.p.Period(s.Period), c.p.Date(s.Period.From))
	}
	for i := range c.records.Events {
		e := &c.records.Events[i]
		c.add(e.ID, c.p.Country(e.Country), c.p.Date(e.On))
	}
	for _, x := range c.records.Contradictions {
		c.add(x.ID, c.p.Countries(x.Countries))
	}
	for i := range c.records.FactChecks {
		f := &c.records.FactChecks[i]
		c.add(f.ID, c.p.Status(f.Verdict))
		for _, id := range f.Claims {
			c.add(id, f.Finding, c.p.Status(f.Verdict), f.ID)
		}
	}
	for _, cv := range c.records.Caveats { // our remarks are records too, told under the receipts that they rest on
		for _, id := range cv.Receipts {
			c.add(id, cv.Text)
		}
	}
	for i := range c.records.Leaders {
		ld := &c.records.Leaders[i]
		facts := []string{ld.Name, c.p.Leader(ld), ld.Office, c.p.Date(ld.From), c.p.Date(ld.To)}
		for j := range c.records.Events {
			if e := &c.records.Events[j]; e.Country == ld.Country && (e.ID == ld.EndedBy || e.ID == ld.Due || e.Kind == "leader") {
				c.add(e.ID, facts...)
			}
		}
		for _, id := range ld.NamedIn {
			c.add(id, facts...)
		}
	}
	c.addRecord()
	for i := range c.records.Assessments {
		a := &c.records.Assessments[i]
		for _, id := range a.Claims {
			c.add(id, c.p.Label(knowledge.Labelled{Axis: a.Axis, Assessment: a}), a.Grounds)
			for _, r := range a.Of {
				c.add(id, c.p.Say("label."+string(a.Axis)+"."+string(r.Label)), r.At.String())
			}
		}
	}
}

// addRecord adds what is said of roll calls, memberships, measures and agreement.
func (c *Checker) addRecord() {
	for i := range c.records.RollCalls {
		r := &c.records.RollCalls[i]
		c.add(r.ID, c.p.Date(r.Date.Date()), rollcall.Proof(r.Tally))
		for _, p := range knowledge.Positions {
			c.add(r.ID, c.p.Say("position."+string(p)), strconv.Itoa(r.Tally.Of(p)), c.p.Countries(r.Votes[p]))
			for j := range r.Cells {
				c.add(r.ID, c.p.Countries(r.Cells[j].Of(p)))
			}
		}
		for j := range c.records.Disputes {
			if d := &c.records.Disputes[j]; d.RollCall == r.ID {
				c.add(r.ID, d.By, c.p.Country(d.Country))
			}
		}
	}
	for i := range c.records.Memberships {
		m := &c.records.Memberships[i]
		c.add(m.ID(), c.p.Country(m.Country), c.p.Group(m.Group), c.p.Date(m.From), c.p.Date(m.To), c.p.Date(m.Attested))
	}
	for i := range c.records.Measures {
		m := &c.records.Measures[i]
		c.add(m.ID(), c.p.Country(m.Country), c.p.Say("measure."+m.Kind), c.p.Date(m.From), c.p.Date(m.To))
	}
	for i := range c.records.Agreements {
		a := &c.records.Agreements[i]
		c.add(a.ID(), c.p.Country(a.Country), c.p.Country(knowledge.Russia), c.p.Country(knowledge.UnitedStates),
			strconv.Itoa(knowledge.Percent(a.USA)), strconv.Itoa(knowledge.Percent(a.Russia)))
	}
}

// AddDesk adds what a desk recorded.
func (c *Checker) AddDesk(o *knowledge.Overlay) {
	for _, r := range o.Records {
		c.add(r.Receipt, c.p.Date(r.Withdrawn.Date()), r.WithdrawnBy, r.Decides, r.Result)
		c.addEntry(r.Receipt, r)
		if r.Proposed != nil {
			c.addEntry(r.Receipt, r.Proposed)
		}
	}
}

// addEntry adds what an entry recorded, or proposes to.
func (c *Checker) addEntry(id string, r *knowledge.DeskRecord) {
	c.add(id, string(r.Country), c.p.Date(r.On.Date()), r.Reason, c.p.Date(r.Starts().Date()))
	switch {
	case r.Assessment != nil:
		a := r.Assessment
		c.add(id, c.p.Label(knowledge.Labelled{Axis: a.Axis, Assessment: a}), c.p.Say("label."+string(a.Axis)+"."+string(a.Label)), a.Grounds)
	case r.Event != nil:
		c.add(id, r.Event.Text)
	case r.Membership != nil:
		m := r.Membership
		c.add(id, c.p.Group(m.Group), m.Note)
		c.add(m.ID(), string(m.Country), c.p.Group(m.Group), c.p.Date(m.From), c.p.Date(m.To), m.Note)
	case r.Measure != nil:
		m := r.Measure
		c.add(id, c.p.Say("measure."+m.Kind), m.Note)
		c.add(m.ID(), string(m.Country), c.p.Say("measure."+m.Kind), c.p.Date(m.From), c.p.Date(m.To), m.Note)
	case r.RollCall != nil:
		c.add(id, r.RollCall.ID, r.RollCall.Title)
		c.add(r.RollCall.ID, c.p.Date(r.RollCall.Date.Date()), r.RollCall.Title, rollcall.Proof(r.RollCall.Tally))
	case r.Cell != nil:
		c.add(id, r.Cell.RollCall, r.Cell.Note)
	case r.Correction != nil:
		c.add(id, r.Correction.Of, r.Correction.Was, r.Correction.Text)
	}
}

func (c *Checker) add(id string, facts ...string) { c.text[id] += " " + strings.Join(facts, " ") }

var (
	dateInReply   = regexp.MustCompile(`\b(?:\d{1,2} )?(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) (?:19|20)\d{2}\b`)
	numberInReply = regexp.MustCompile(`\d+(?:\.\d+)?`)
)

// Check returns what is wrong with a reply under law 1: lines without receipts, receipts without a record, and dates,
// numbers, countries and labels that no cited record holds.
func (c *Checker) Check(r bot.Reply, a *knowledge.Answer) []string {
	var faults []string
	for i, blk := range r.Blocks {
		text, receipts, asserts := unpack(blk)
		if _, heading := blk.(bot.Heading); !asserts || heading && a.Query.Intent == knowledge.IntentHelp {
			continue
		}
		cited := slices.Clone(receipts)
		if len(cited) == 0 && i+1 < len(r.Blocks) { // the line below may hold them
			_, cited, _ = unpack(r.Blocks[i+1])
		}
		if _, heading := blk.(bot.Heading); heading { // a heading may sum up the list below it
			cited = append(cited, r.Receipts...)
		}
		if len(cited) == 0 && !unlabelledHeading(blk, a) {
			faults = append(faults, fmt.Sprintf("%q has no receipt", text))
			continue
		}
		for _, id := range receipts {
			if c.text[id] == "" {
				faults = append(faults, fmt.Sprintf("%q cites %s, which is no record", text, id))
			}
		}
		faults = append(faults, c.unfounded(text, cited, a)...)
	}
	for _, note := range c.held {
		if strings.Contains(r.Text(), note) {
			faults = append(faults, "a held note is shown: "+note)
		}
	}
	return faults
}

// unlabelledHeading reports whether a heading says only that there is no label, or counts what our records hold.
func unlabelledHeading(blk bot.Block, a *knowledge.Answer) bool {
	_, heading := blk.(bot.Heading)
	return heading && (a.Outcome == knowledge.NotCovered || a.Outcome == knowledge.Partial || a.Query.Intent != knowledge.IntentStance)
}

func unpack(blk bot.Block) (text string, receipts []string, asserts bool) {
	switch blk := blk.(type) {
	case bot.Heading:
		return blk.Text, nil, true
	case bot.Line:
		return blk.Text, blk.Receipts, blk.Kind.NeedsReceipts()
	case bot.Row:
		return blk.Text, blk.Receipts, blk.Kind.NeedsReceipts()
	}
	return "", nil, false
}

// unfounded returns the dates, numbers, countries and labels of a text that the cited records do not hold. The
// answer itself vouches for its dates, its age, its counts and the countries that were asked about.
func (c *Checker) unfounded(text string, cited []string, a *knowledge.Answer) []string {
	var b strings.Builder
	for _, id := range cited {
		b.WriteString(id + " " + c.text[id] + " ")
	}
	b.WriteString(c.vouched(a))
	haystack := b.String()
	var faults []string
	rest := dateInReply.ReplaceAllStringFunc(text, func(date string) string {
		if !strings.Contains(haystack, date) {
			faults = append(faults, fmt.Sprintf("%q: the date %s is in none of %v", text, date, cited))
		}
		return ""
	})
	for _, n := range numberInReply.FindAllString(rest, -1) {
		if !regexp.MustCompile(`(^|[^\d])` + regexp.QuoteMeta(n) + `($|[^\d])`).MatchString(haystack) {
			faults = append(faults, fmt.Sprintf("%q: the number %s is in none of %v", text, n, cited))
		}
	}
	for _, axis := range knowledge.Axes { // the poles name the axes everywhere
		said := c.p.Say("axis." + string(axis))
		rest = strings.ReplaceAll(rest, said, "")
		rest = strings.ReplaceAll(rest, strings.ToUpper(said[:1])+said[1:], "")
	}
	for _, code := range places.Members() {
		name := c.p.Country(code)
		if containsWord(rest, name) && !containsWord(haystack, name) && !strings.Contains(haystack, string(code)) {
			faults = append(faults, fmt.Sprintf("%q: %s is in none of %v", text, name, cited))
		}
	}
	return append(faults, c.unfoundedLabels(text, haystack)...)
}

// unfoundedLabels holds the words behind "toward Russia:" and "toward Washington:" against the cited labels.
func (c *Checker) unfoundedLabels(text, haystack string) []string {
	var faults []string
	for _, axis := range knowledge.Axes {
		lead := c.p.Say("axis."+string(axis)) + ": "
		for rest := text; ; {
			_, after, ok := strings.Cut(rest, lead)
			if !ok {
				break
			}
			label, _, _ := strings.Cut(after, " · ")
			label, _, _ = strings.Cut(label, ". ")
			label, _, _ = strings.Cut(label, ": ")
			label, _, _ = strings.Cut(label, "; ")
			label, _, _ = strings.Cut(label, " → ")
			if label != c.p.Say("label."+string(axis)+".unassessed") && !strings.Contains(haystack, label) {
				faults = append(faults, fmt.Sprintf("%q: the label %q is that of no cited claim", text, label))
			}
			rest = after
		}
	}
	return faults
}

func (c *Checker) vouched(a *knowledge.Answer) string {
	facts := []string{
		c.p.Date(a.Article.Published.Date()), c.p.Date(a.CheckedTo), c.p.Date(a.On.Date()), a.Article.URL,
		"S0 S1 S2 S3 S4 S5 S6 S7", c.p.Date(a.Query.Since.Date()), c.p.Date(a.Query.KnownAt.Date()),
	}
	for _, heading := range a.Article.Sections {
		facts = append(facts, heading)
	}
	for i := range a.Stances {
		for _, l := range a.Stances[i].Labels {
			facts = append(facts, strconv.Itoa(l.AgeDays))
		}
	}
	for _, country := range a.Countries {
		facts = append(facts, c.p.Country(country))
	}
	for _, n := range []int{len(a.Shifts) + len(a.Set.Undated), len(a.Contradictions), len(a.Countries), len(a.Stances), len(a.Found)} {
		facts = append(facts, strconv.Itoa(n))
	}
	if a.Query.Group != "" { // the name of what was asked about may hold that of a country
		facts = append(facts, c.p.Group(a.Query.Group))
	}
	facts = append(facts, countsOf(a)...)
	for i := range a.Publish {
		for _, g := range a.Publish[i].Grounds {
			if g.Rule != nil { // the rules of publishing are records that the answer names
				facts = append(facts, g.Rule.Why)
			}
		}
	}
	if a.Record != nil {
		for _, s := range a.Record.Sources {
			facts = append(facts, s.Publisher, s.URL, c.p.Date(s.Published))
		}
		facts = append(facts, strconv.Itoa(max(0, len(a.Record.Sources)-2)))
	}
	return strings.Join(facts, " ")
}

// countsOf returns the numbers that an answer counts itself: votes, states in a position, texts of one side, countries with a label.
func countsOf(a *knowledge.Answer) []string {
	counts := map[int]bool{len(a.Votes): true, len(a.Agreements): true}
	by := map[knowledge.Position]int{}
	for _, v := range a.Votes {
		by[v.Position]++
	}
	for _, s := range a.Splits {
		counts[len(s.Moved)], counts[len(s.Stayed)] = true, true
	}
	labelled := 0
	for i := range a.Stances {
		if slices.ContainsFunc(a.Stances[i].Labels, func(l knowledge.Labelled) bool { return l.Assessment != nil }) {
			labelled++
		}
		votes := a.Stances[i].Record.Votes
		counts[len(votes)] = true
		side := map[knowledge.Position]int{}
		for _, v := range votes {
			side[v.Position]++
		}
		for _, n := range side {
			counts[n] = true
		}
	}
	counts[labelled] = true
	for _, n := range by {
		counts[n], counts[n-40] = true, true // a line names forty and counts the rest
	}
	var facts []string
	for n := range counts {
		facts = append(facts, strconv.Itoa(n))
	}
	return facts
}

func containsWord(text, word string) bool {
	for from := 0; ; {
		i := strings.Index(text[from:], word)
		if i < 0 {
			return false
		}
		start, end := from+i, from+i+len(word)
		if (start == 0 || !isLetter(text[start-1])) && (end == len(text) || !isLetter(text[end])) {
			return true
		}
		from = end
	}
}

func isLetter(b byte) bool { return b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' || b >= 0x80 }
