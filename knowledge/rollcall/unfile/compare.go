package unfile

import (
	"cmp"
	"iter"
	"slices"

	"stancebot/knowledge"
	"stancebot/knowledge/rollcall"
)

// A Comparison holds the roll calls of a file against the records in force. Only what is new is for importing: what the
// records hold stays as it is.
type Comparison struct {
	Equal []string `json:"equal"` // ids of roll calls that the records hold alike, cell by cell
	// Different are those that the records hold otherwise.
	Different []Difference `json:"different"`
	// Part are those of which the records hold some cells, all of them alike.
	Part []Part `json:"in_part"`
	// Unnamed are those that the records seem to hold under a date, since their symbol was not read.
	Unnamed []Unnamed `json:"held_by_date"`
	New     []string  `json:"new"`

	file   *File
	fresh  map[string]bool
	byDate map[knowledge.Day][]*knowledge.RollCall // roll calls without a symbol
}

// A Difference is a roll call that the file and the records hold otherwise.
type Difference struct {
	ID    string            `json:"id"`
	Line  int               `json:"line"`
	Date  *[2]knowledge.Day `json:"date,omitempty"`  // ours and theirs, where they differ
	Tally *[2]string        `json:"tally,omitempty"` // the same, as sums
	Cells []Cell            `json:"cells"`
}

// A Cell is a state on which the file and the records differ. A position is empty where a side has no such cell.
type Cell struct {
	Country  knowledge.Country  `json:"country"`
	Ours     knowledge.Position `json:"ours"`
	Theirs   knowledge.Position `json:"theirs"`
	Disputed string             `json:"disputed,omitempty"` // who says what the file says, where the records show that dispute
}

// A Part is a roll call of which the records hold some cells.
type Part struct {
	ID    string `json:"id"`
	Line  int    `json:"line"`
	Held  int    `json:"held"`  // cells, alike in the file
	Added int    `json:"added"` // cells that only the file has
}

// An Unnamed is a text with a symbol that was voted on the day, and with the result, of one whose symbol the records lack.
type Unnamed struct {
	ID   string `json:"id"`
	Line int    `json:"line"`
	Held string `json:"held"` // the id by date
}

// Compare holds the roll calls of a file against those of a book.
func Compare(f *File, b *rollcall.Book) *Comparison {
	c := &Comparison{
		Equal: []string{}, Different: []Difference{}, Part: []Part{}, Unnamed: []Unnamed{}, New: []string{},
		file: f, fresh: map[string]bool{}, byDate: map[knowledge.Day][]*knowledge.RollCall{},
	}
	for _, r := range b.Calls() {
		if r.Unnumbered {
			c.byDate[r.Date] = append(c.byDate[r.Date], r)
		}
	}
	for theirs := range f.Calls() {
		c.add(b, &theirs)
	}
	return c
}

// Fresh yields the roll calls that the records do not hold.
func (c *Comparison) Fresh() iter.Seq[Call] {
	return func(yield func(Call) bool) {
		for call := range c.file.Calls() {
			if c.fresh[call.ID] && !yield(call) {
				return
			}
		}
	}
}

func (c *Comparison) add(b *rollcall.Book, theirs *Call) {
	ours := b.Call(theirs.ID)
	if ours == nil {
		for _, r := range c.byDate[theirs.Date] {
			if r.Tally == theirs.Tally && len(cellsThatDiffer(b, r, theirs)) == 0 {
				c.Unnamed = append(c.Unnamed, Unnamed{theirs.ID, theirs.Line, r.ID})
				return
			}
		}
		c.New = append(c.New, theirs.ID)
		c.fresh[theirs.ID] = true
		return
	}
	d := Difference{ID: theirs.ID, Line: theirs.Line, Cells: cellsThatDiffer(b, ours, theirs)}
	if ours.Date != theirs.Date {
		d.Date = &[2]knowledge.Day{ours.Date, theirs.Date}
	}
	if ours.Tally != theirs.Tally {
		d.Tally = &[2]string{rollcall.Proof(ours.Tally), rollcall.Proof(theirs.Tally)}
	}
	held := 0
	for _, codes := range theirs.Votes {
		for _, code := range codes {
			if _, ok := b.Position(ours.ID, code); ok {
				held++
			}
		}
	}
	switch {
	case len(d.Cells) > 0 || d.Tally != nil || d.Date != nil:
		c.Different = append(c.Different, d)
	case held < theirs.Tally.Sum():
		c.Part = append(c.Part, Part{theirs.ID, theirs.Line, held, theirs.Tally.Sum() - held})
	default:
		c.Equal = append(c.Equal, theirs.ID)
	}
}

// cellsThatDiffer lists the cells on which both sides speak and differ, and those of a full roll call that one side lacks.
func cellsThatDiffer(b *rollcall.Book, ours *knowledge.RollCall, theirs *Call) []Cell {
	cells := []Cell{}
	in := map[knowledge.Country]bool{}
	for _, p := range knowledge.Positions {
		for _, code := range theirs.Votes[p] {
			in[code] = true
			switch q, ok := b.Position(ours.ID, code); {
			case !ok && ours.Partial, q == p:
			default:
				x := Cell{Country: code, Ours: q, Theirs: p}
				if d := b.Dispute(ours.ID, code); d != nil && d.Other == p {
					x.Disputed = d.By
				}
				cells = append(cells, x)
			}
		}
	}
	for _, p := range knowledge.Positions {
		for _, code := range ours.Votes[p] {
			if !in[code] {
				cells = append(cells, Cell{Country: code, Ours: p})
			}
		}
		for i := range ours.Cells {
			for _, code := range ours.Cells[i].Of(p) {
				if !in[code] {
					cells = append(cells, Cell{Country: code, Ours: p})
				}
			}
		}
	}
	slices.SortFunc(cells, func(a, b Cell) int { return cmp.Compare(a.Country, b.Country) })
	return cells
}
