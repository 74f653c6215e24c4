package check

import (
	"slices"
	"strings"

	"stancebot/knowledge"
	"stancebot/knowledge/rollcall"
)

// A Cell is one fact of the record that an assertion was held against.
type Cell struct {
	Country  knowledge.Country  `json:"country"`
	Receipt  string             `json:"receipt"`            // the roll call, membership or measure
	Position knowledge.Position `json:"position,omitempty"` // of a vote
	Held     bool               `json:"held"`
}

// A Verdict is what the record says to the assertions of one claim.
type Verdict struct {
	Claim  *knowledge.Claim
	Status knowledge.Status // Confirmed, Partly, Contradicted, or NotChecked where the record is silent
	Cells  []Cell
}

// Broken returns the cells that go against the claim.
func (v *Verdict) Broken() []Cell {
	return slices.DeleteFunc(slices.Clone(v.Cells), func(c Cell) bool { return c.Held })
}

// Milder reports whether a curated verdict is milder than what the record says: then one of the two is wrong.
func (v *Verdict) Milder(curated knowledge.Status) bool {
	return v.Status != knowledge.NotChecked && v.Status.Rank() > curated.Rank()
}

// A Checker holds claims against one version of the records.
type Checker struct {
	records     *knowledge.Records
	book        *rollcall.Book
	memberships map[knowledge.Country][]*knowledge.Membership
	measures    map[knowledge.Country][]*knowledge.Measure
	labels      map[knowledge.Country]map[knowledge.Axis]knowledge.Label
	groups      map[knowledge.GroupID]*knowledge.Group
}

// New returns a checker of the records.
func New(r *knowledge.Records) *Checker {
	c := &Checker{
		records: r, book: rollcall.NewBook(r.RollCalls, r.Disputes),
		memberships: map[knowledge.Country][]*knowledge.Membership{}, measures: map[knowledge.Country][]*knowledge.Measure{},
		labels: map[knowledge.Country]map[knowledge.Axis]knowledge.Label{}, groups: map[knowledge.GroupID]*knowledge.Group{},
	}
	for i := range r.Memberships {
		m := &r.Memberships[i]
		c.memberships[m.Country] = append(c.memberships[m.Country], m)
	}
	for i := range r.Measures {
		m := &r.Measures[i]
		c.measures[m.Country] = append(c.measures[m.Country], m)
	}
	for i := range r.Assessments {
		a := &r.Assessments[i]
		if c.labels[a.Country] == nil {
			c.labels[a.Country] = map[knowledge.Axis]knowledge.Label{}
		}
		c.labels[a.Country][a.Axis] = a.Label
	}
	for i := range r.Groups {
		c.groups[r.Groups[i].ID] = &r.Groups[i]
	}
	return c
}

// Verdicts returns the computed verdict of every claim that asserts something of the record, in the order of the
// records.
func (c *Checker) Verdicts() []Verdict {
	var verdicts []Verdict
	for i := range c.records.Claims {
		if cl := &c.records.Claims[i]; slices.ContainsFunc(cl.Asserts, ofRecord) {
			verdicts = append(verdicts, c.Verdict(cl))
		}
	}
	return verdicts
}

// ofRecord reports whether an assertion is about the record, rather than about labels and groups.
func ofRecord(a knowledge.Assertion) bool { return a.Vote != "" || a.Member != "" || a.Measure != "" }

// Verdict computes the verdict of one claim.
func (c *Checker) Verdict(cl *knowledge.Claim) Verdict {
	v := Verdict{Claim: cl, Status: knowledge.NotChecked}
	for i := range cl.Asserts {
		v.Cells = append(v.Cells, c.cells(cl, &cl.Asserts[i])...)
	}
	held := len(v.Cells) - len(v.Broken())
	switch {
	case len(v.Cells) == 0:
	case held == len(v.Cells):
		v.Status = knowledge.Confirmed
	case held == 0:
		v.Status = knowledge.Contradicted
	default:
		v.Status = knowledge.Partly
	}
	return v
}

func (c *Checker) cells(cl *knowledge.Claim, a *knowledge.Assertion) []Cell {
	country := cl.Country
	if a.Country != "" {
		country = a.Country
	}
	switch {
	case a.Vote != "":
		return c.voteCells(cl, a, country)
	case a.Member != "":
		return c.memberCells(cl, a, country)
	case a.Measure != "":
		return c.measureCells(a, country)
	}
	return nil
}

// The UN texts on Ukraine that a verdict looks at: those of the emergency session from the first to the eighth.
var ukraineTexts = []string{"ES-11/1", "ES-11/2", "ES-11/3", "ES-11/4", "ES-11/5", "ES-11/6", "ES-11/7", "ES-11/8"}

func (c *Checker) voteCells(cl *knowledge.Claim, a *knowledge.Assertion, country knowledge.Country) []Cell {
	texts := a.Texts
	if len(texts) == 0 {
		texts = c.textsWithin(cl.Period)
	}
	var cells []Cell
	for _, id := range texts {
		p, known := c.book.Position(id, country)
		if !known || p == knowledge.Absent { // non-voting is neither
			continue
		}
		cells = append(cells, Cell{country, id, p, p == a.Vote})
	}
	return cells
}

func (c *Checker) textsWithin(p knowledge.Period) []string {
	last := c.records.Article.Published
	if !p.To.IsZero() {
		last = p.To.Last()
	}
	var within []string
	for _, id := range ukraineTexts {
		if r := c.book.Call(id); r != nil && p.Started(r.Date) && r.Date <= last {
			within = append(within, id)
		}
	}
	return within
}

func (c *Checker) memberCells(cl *knowledge.Claim, a *knowledge.Assertion, country knowledge.Country) []Cell {
	on := a.On
	if on.IsZero() {
		on = cl.From
	}
	var last *knowledge.Membership
	for _, m := range c.memberships[country] {
		if m.Group != a.Member || !m.Counts() {
			continue
		}
		if m.HoldsOn(on.First()) || m.HoldsOn(on.Last()) {
			return []Cell{{Country: country, Receipt: m.ID(), Held: !a.Not}}
		}
		last = m
	}
	if last == nil || last.From.IsZero() { // silence, and a start that was not read, prove nothing
		return nil
	}
	return []Cell{{Country: country, Receipt: last.ID(), Held: a.Not}}
}

func (c *Checker) measureCells(a *knowledge.Assertion, country knowledge.Country) []Cell {
	for _, m := range c.measures[country] {
		if m.Kind == a.Measure {
			return []Cell{{Country: country, Receipt: m.ID(), Held: !a.Not}}
		}
	}
	return nil
}

// String says the cells of a verdict for operators: ES-11/3 no, ES-11/5 no.
func (v *Verdict) String() string {
	var parts []string
	for _, cell := range v.Cells {
		text := cell.Receipt
		if cell.Position != "" {
			text += " " + string(cell.Position)
		}
		if !cell.Held {
			text += " ✗"
		}
		parts = append(parts, text)
	}
	return strings.Join(parts, ", ")
}
