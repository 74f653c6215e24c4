package rollcall

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"stancebot/knowledge"
)

// A Fault is one thing that the arithmetic of a roll call finds.
type Fault struct {
	Where   string            // the part of the roll call: votes.yes, tally, date …
	Country knowledge.Country // the state it is about, if any
	What    string
}

// String says the fault.
func (f Fault) String() string {
	if f.Country != "" {
		return fmt.Sprintf("%s: %s: %s", f.Where, f.Country, f.What)
	}
	return f.Where + ": " + f.What
}

// Verify returns what is wrong with a roll call, given the members of the United Nations on its day. A roll call with a
// fault is not to be used in any part.
func Verify(r *knowledge.RollCall, members []knowledge.Country) []Fault {
	return verify(r, members, true)
}

// VerifySums returns what can be said against a roll call of a day whose members are not known as a whole: columns that
// do not add up to the tally, states that stand twice, a symbol that does not agree with the date. A state that is missing
// or was no member is not seen.
func VerifySums(r *knowledge.RollCall) []Fault { return verify(r, nil, false) }

func verify(r *knowledge.RollCall, members []knowledge.Country, known bool) []Fault {
	v := verifier{of: r, members: members, known: known, seen: map[knowledge.Country]string{}}
	v.head()
	for _, p := range knowledge.Positions {
		v.column(p)
	}
	for p := range r.Votes {
		if !slices.Contains(knowledge.Positions, p) {
			v.add("votes", "", "unknown position %q", p)
		}
	}
	if !r.Partial {
		for _, country := range members {
			if v.seen[country] == "" {
				v.add("votes", country, "missing")
			}
		}
	}
	return v.faults
}

// A verifier goes through one roll call.
type verifier struct {
	of      *knowledge.RollCall
	members []knowledge.Country
	known   bool                         // the members are
	seen    map[knowledge.Country]string // the place of each state
	faults  []Fault
}

func (v *verifier) add(where string, country knowledge.Country, format string, args ...any) {
	v.faults = append(v.faults, Fault{where, country, fmt.Sprintf(format, args...)})
}

// head verifies what stands above the columns.
func (v *verifier) head() {
	r := v.of
	if sum := r.Tally.Sum(); v.known && sum != len(v.members) {
		v.add("tally", "", "%s, and the members on %s were %d", Proof(r.Tally), r.Date, len(v.members))
	}
	if r.Title == "" || strings.TrimSpace(r.Title) != r.Title {
		v.add("title", "", "the title is empty, or begins or ends with a blank")
	}
	if fault := symbolFault(r); fault != "" {
		v.add("id", "", "%s", fault)
	}
	if r.Partial == (len(r.Votes) > 0) || r.Partial != (len(r.Cells) > 0) {
		v.add("partial", "", "a full roll call has votes, a partial one cells by source")
	}
	if r.Partial != (r.Grade == "P") {
		v.add("grade", "", "grade P and partial go together")
	}
}

// column verifies the states of one position against its tally: as many in a full roll call, no more in a partial one.
func (v *verifier) column(p knowledge.Position) {
	r := v.of
	for _, country := range r.Votes[p] {
		v.cell("votes."+string(p), country)
	}
	known := len(r.Votes[p])
	for i := range r.Cells {
		for _, country := range r.Cells[i].Of(p) {
			v.cell(fmt.Sprintf("cells[%d].%s", i, p), country)
		}
		known += len(r.Cells[i].Of(p))
	}
	if want := r.Tally.Of(p); known > want || !r.Partial && known != want {
		v.add("votes."+string(p), "", "%d states, and the tally has %d", known, want)
	}
}

// cell verifies that a state is a member, and stands nowhere else.
func (v *verifier) cell(where string, country knowledge.Country) {
	if _, found := slices.BinarySearch(v.members, country); v.known && !found {
		v.add(where, country, "no member on %s", v.of.Date)
	}
	if before, ok := v.seen[country]; ok {
		v.add(where, country, "stands in %s too", before)
	}
	v.seen[country] = where
}

// Proof says the arithmetic of a tally: 141 + 5 + 35 + 12 = 193.
func Proof(t knowledge.Tally) string {
	return fmt.Sprintf("%d + %d + %d + %d = %d", t.Yes, t.No, t.Abstain, t.Absent, t.Sum())
}

// Session returns the session that a symbol is of: "68" of 68/262, "ES-11" of ES-11/1, "S-VI" of 3201(S-VI), "" of an id by
// date.
func Session(id string) string {
	if m := romanSymbol.FindStringSubmatch(id); m != nil {
		return m[2] + m[3]
	}
	session, _, ok := strings.Cut(id, "/")
	if !ok {
		return ""
	}
	return session
}

// Number returns the number of a symbol within its session, or, of the early sessions, within all: 148 of 36/148A, 377 of
// 377(V)A, 0 of an id by date.
func Number(id string) int {
	number := id
	if !romanSymbol.MatchString(id) {
		_, number, _ = strings.Cut(id, "/")
	}
	digits := strings.IndexFunc(number+".", func(r rune) bool { return r < '0' || r > '9' })
	n, err := strconv.Atoi(number[:digits])
	if err != nil {
		return 0
	}
	return n
}
