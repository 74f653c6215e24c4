package unfile

import (
	"fmt"
	"iter"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"stancebot/knowledge"
	"stancebot/knowledge/rollcall"
)

// A Call is a roll call that holds.
type Call struct {
	knowledge.RollCall        // unrated, without a topic and without sources
	Source             string // the address of the library's record
	Line               int    // of its first row
}

// Calls yields the roll calls that hold, in the order of the file. They are put together as they are asked for.
func (f *File) Calls() iter.Seq[Call] {
	return func(yield func(Call) bool) {
		for i := range f.calls {
			if f.calls[i].accepted && !yield(f.call(&f.calls[i])) {
				return
			}
		}
	}
}

// The grade of a roll call that nobody compared yet, and how it was proved.
const (
	grade   knowledge.Grade = "U"
	checked string          = "one source only, the UN Digital Library's file of votes; its sums hold"
)

// call puts a roll call together.
func (f *File) call(c *call) Call {
	r := knowledge.RollCall{
		ID: c.id, Date: c.date, Title: c.title(), Meaning: knowledge.Unrated, Grade: grade, Checked: checked, Note: f.note(c),
		Votes: map[knowledge.Position]knowledge.Codes{},
	}
	for i, p := range knowledge.Positions {
		for _, x := range c.cells {
			if int(x&3) == i {
				r.Votes[p] = append(r.Votes[p], f.codes[x>>2])
			}
		}
		slices.Sort(r.Votes[p])
	}
	r.Tally = knowledge.Tally{
		Yes: len(r.Votes[knowledge.Yes]), No: len(r.Votes[knowledge.No]), Abstain: len(r.Votes[knowledge.Abstain]),
		Absent: len(r.Votes[knowledge.Absent]),
	}
	return Call{r, c.source(), c.line}
}

// title returns the title as the file has it, in one line. The symbol stands in where there is none.
func (c *call) title() string {
	if title := strings.Join(strings.Fields(c.text[titleColumn]), " "); title != "" {
		return title
	}
	return c.text[resolutionColumn]
}

// note returns the note on a roll call: the one that all rows bear, or those on single states.
func (f *File) note(c *call) string {
	one := len(c.remarks) == len(c.cells)
	var notes []string
	for _, r := range c.remarks {
		one = one && r.text == c.remarks[0].text
		notes = append(notes, string(f.codes[r.of>>2])+": "+strings.Join(strings.Fields(r.text), " "))
	}
	if one && len(c.remarks) > 0 {
		return strings.Join(strings.Fields(c.remarks[0].text), " ")
	}
	return strings.Join(notes, "; ")
}

// Addresses of the library: of a record, and of the file itself.
const (
	record  = "https://digitallibrary.un.org/record/"
	dataset = record + "4060887"
)

// source returns the address of the library's record of the roll call, and that of the file where it is not known.
func (c *call) source() string {
	if link := c.text[linkColumn]; link != "" {
		return link
	}
	if id := c.text[idColumn]; id != "" {
		return record + id
	}
	return dataset
}

// settle holds every roll call against the arithmetic, once all rows are there.
func (f *File) settle(o Options) {
	s := settler{file: f, members: o.Members, seen: make([]seen, len(f.codes))}
	s.readOrder()
	s.doubles()
	for i := range f.calls {
		c := &f.calls[i]
		if what, do := s.fault(c, uint32(i+1)); what != "" {
			f.Report.RefusedCalls = append(f.Report.RefusedCalls, Refusal{c.line, c.name(), what, do})
			continue
		}
		c.accepted = true
		f.Report.Accepted++
		c.lines = nil
	}
	f.Report.Calls = len(f.calls)
}

// A seen is where a state stood last: the number of the roll call from 1, and the line.
type seen struct{ call, line uint32 }

// A settler goes through the roll calls of a file.
type settler struct {
	file    *File
	members func(knowledge.Day) []knowledge.Country
	seen    []seen
	order   slashOrder
	twice   map[string][]int // the lines of roll calls by symbol, of symbols with several
}

// doubles finds symbols that several roll calls bear: which is meant, the file does not say.
func (s *settler) doubles() {
	s.twice = map[string][]int{}
	for i := range s.file.calls {
		c := &s.file.calls[i]
		if id, ok := rollcall.IDOf(c.text[resolutionColumn]); ok {
			c.id = id
			s.twice[id] = append(s.twice[id], c.line)
		}
	}
}

// What to do about a roll call.
const (
	complete = "add what is missing or correct the rows by the library's record of the vote; until then the whole roll call stays out"
	correct  = "correct it by the library's record of the vote; until then the whole roll call stays out"
)

// fault returns what is wrong with a roll call, the first thing that leaves no sense in looking on, and what to do.
func (s *settler) fault(c *call, number uint32) (what, do string) {
	switch {
	case c.refused > 0:
		return fmt.Sprintf("rows of it were refused: %d", c.refused), "mend the rows"
	case c.differs != "":
		return c.differs, correct
	case c.id == "":
		return fmt.Sprintf("resolution is %q, no symbol of the General Assembly such as A/RES/68/262", short([]byte(c.text[resolutionColumn]))), correct
	case len(s.twice[c.id]) > 1:
		return fmt.Sprintf("%s is the symbol of several roll calls, in lines %s", c.id, lines(s.twice[c.id])), "leave the one that is meant in the file"
	}
	if what, do := s.textFault(c); what != "" {
		return what, do
	}
	if what := s.doubleStates(c, number); what != "" {
		return what, correct
	}
	counts := s.count(c)
	if what := sumFault(c, counts); what != "" {
		return what, complete
	}
	return s.verify(c, counts)
}

// textFault holds the date, the title and the link against their forms.
func (s *settler) textFault(c *call) (what, do string) {
	var err error
	if c.date, err = s.order.day(c.text[dateColumn]); err != nil {
		return err.Error(), correct
	}
	for _, col := range []column{titleColumn, noteColumn} {
		text := c.text[col]
		if col == noteColumn {
			text = s.file.note(c)
		}
		if !utf8.ValidString(text) {
			return fmt.Sprintf("%s is no text in UTF-8", col), "save the file as CSV in UTF-8, or " + again
		}
		if i := strings.IndexFunc(text, func(r rune) bool { return unicode.IsControl(r) && !unicode.IsSpace(r) }); i >= 0 {
			return fmt.Sprintf("%s holds a control character: %q", col, short([]byte(text[i:]))), correct
		}
	}
	if u, err := url.Parse(c.source()); err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" {
		return fmt.Sprintf("undl_link is %q, no web address", short([]byte(c.source()))), correct
	}
	return "", ""
}

// doubleStates names the states that stand in a roll call twice, with both lines.
func (s *settler) doubleStates(c *call, number uint32) string {
	var twice []string
	for i, x := range c.cells {
		at := &s.seen[x>>2]
		if at.call == number {
			twice = append(twice, fmt.Sprintf("%s stands in lines %d and %d", s.file.codes[x>>2], at.line, c.lines[i]))
		}
		*at = seen{number, c.lines[i]}
	}
	return few(twice, "; ")
}

// count counts the positions.
func (s *settler) count(c *call) (counts [4]int) {
	for _, x := range c.cells {
		counts[x&3]++
	}
	return counts
}

// totals are the columns that count the positions, in their order.
var totals = [4]column{yesColumn, noColumn, abstainColumn, absentColumn}

// sumFault holds the counts against the columns that give them. An empty column says nothing.
func sumFault(c *call, counts [4]int) string {
	var faults []string
	hold := func(col column, count int) {
		text := c.text[col]
		if text == "" {
			return
		}
		if n, err := strconv.Atoi(strings.TrimSuffix(strings.TrimSuffix(text, ".0"), ",0")); err != nil {
			faults = append(faults, fmt.Sprintf("%s is %q, no number", col, short([]byte(text))))
		} else if n != count {
			faults = append(faults, fmt.Sprintf("%s is %d, and there are %d such rows", col, n, count))
		}
	}
	sum := 0
	for i, col := range totals {
		hold(col, counts[i])
		sum += counts[i]
	}
	hold(membersColumn, sum)
	if sum == counts[3] && len(faults) == 0 {
		return "no state voted: a text that was adopted without a vote is no roll call"
	}
	return strings.Join(faults, "; ")
}

// verify holds a roll call against the members of its day, where they are known, and else looks for what proves that it is
// whole.
func (s *settler) verify(c *call, counts [4]int) (what, do string) {
	built := s.file.call(c)
	var members []knowledge.Country
	if s.members != nil {
		members = s.members(c.date)
	}
	faults := rollcall.VerifySums(&built.RollCall)
	if len(members) > 0 {
		faults = rollcall.Verify(&built.RollCall, members)
	}
	if len(faults) > 0 {
		return inWords(faults), complete
	}
	all := c.text[membersColumn] != ""
	if !all {
		all = true
		for _, col := range totals {
			all = all && c.text[col] != ""
		}
	}
	if len(members) == 0 && !all {
		return fmt.Sprintf("nothing shows that its %d states are all: the totals are empty, and the members of %s are not held here",
			counts[0]+counts[1]+counts[2]+counts[3], c.date), "fill in total_ms"
	}
	return "", ""
}

// inWords says faults in one line: those that are the same for several states once.
func inWords(faults []rollcall.Fault) string {
	var order []string
	states := map[string][]string{}
	for _, f := range faults {
		what := f.What
		if f.Country == "" {
			what = f.String()
		}
		if _, ok := states[what]; !ok {
			order = append(order, what)
			states[what] = nil
		}
		if f.Country != "" {
			states[what] = append(states[what], string(f.Country))
		}
	}
	for i, what := range order {
		if codes := states[what]; len(codes) > 0 {
			slices.Sort(codes)
			order[i] = what + ": " + few(codes, " ")
		}
	}
	return strings.Join(order, "; ")
}

// few joins the first of many texts.
func few(texts []string, separator string) string {
	const most = 12
	if len(texts) <= most {
		return strings.Join(texts, separator)
	}
	return strings.Join(texts[:most], separator) + fmt.Sprintf(" and %d more", len(texts)-most)
}

// lines writes numbers of lines.
func lines(of []int) string {
	texts := make([]string, len(of))
	for i, n := range of {
		texts[i] = strconv.Itoa(n)
	}
	return few(texts, ", ")
}

// A slashOrder is how dates with slashes are read in a file: 3/2/2022 is of March in the American order, which is the
// library's, and of February in the other, which a spreadsheet may make of it. A day above twelve shows the order.
type slashOrder struct {
	monthFirst, dayFirst int // lines of the first date that can be read in one order only
	any                  bool
}

func (s *settler) readOrder() {
	for i := range s.file.calls {
		c := &s.file.calls[i]
		a, b, _, ok := slashed(c.text[dateColumn])
		if !ok {
			continue
		}
		s.order.any = true
		if b > 12 && s.order.monthFirst == 0 {
			s.order.monthFirst = c.line
		}
		if a > 12 && s.order.dayFirst == 0 {
			s.order.dayFirst = c.line
		}
	}
	if note := s.order.String(); note != "" {
		s.file.Report.Notes = append(s.file.Report.Notes, note)
	}
}

// String says how dates with slashes were read, or nothing where there are none.
func (o slashOrder) String() string {
	switch {
	case !o.any:
		return ""
	case o.monthFirst > 0 && o.dayFirst > 0:
		return fmt.Sprintf("dates with slashes begin with the month in line %d and with the day in line %d: none is taken", o.monthFirst, o.dayFirst)
	case o.dayFirst > 0:
		return fmt.Sprintf("dates with slashes begin with the day, as line %d shows", o.dayFirst)
	case o.monthFirst > 0:
		return fmt.Sprintf("dates with slashes begin with the month, as line %d shows", o.monthFirst)
	}
	return "dates with slashes are taken to begin with the month, as the library writes them: no day above twelve shows the order"
}

// day reads a date in either form. A time of day behind it, as spreadsheets add, is dropped.
func (o slashOrder) day(text string) (knowledge.Day, error) {
	if a, b, year, ok := slashed(text); ok {
		if o.monthFirst > 0 && o.dayFirst > 0 {
			return 0, fmt.Errorf("date is %q, and the file writes such dates in two orders: see lines %d and %d", text, o.monthFirst, o.dayFirst)
		}
		if o.dayFirst > 0 {
			a, b = b, a
		}
		text = fmt.Sprintf("%04d-%02d-%02d", year, a, b)
	}
	text, _, _ = strings.Cut(text, " ")
	text, _, _ = strings.Cut(text, "T")
	day, err := knowledge.ParseDay(text)
	if err != nil {
		return 0, fmt.Errorf("date is no day such as 2022-03-02 or 3/2/2022: %w", err)
	}
	return day, nil
}

// slashed takes a date such as 3/2/2022 apart.
func slashed(text string) (a, b, year int, ok bool) {
	text, _, _ = strings.Cut(text, " ")
	parts := strings.Split(text, "/")
	if len(parts) != 3 || len(parts[2]) != 4 {
		return 0, 0, 0, false
	}
	var n [3]int
	for i, p := range parts {
		v, err := strconv.ParseUint(p, 10, 16)
		if err != nil || i < 2 && len(p) > 2 {
			return 0, 0, 0, false
		}
		n[i] = int(v)
	}
	return n[0], n[1], n[2], true
}
