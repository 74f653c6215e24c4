package rollcall

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

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
	v := verifier{of: r, members: members, seen: map[knowledge.Country]string{}}
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
	seen    map[knowledge.Country]string // the place of each state
	faults  []Fault
}

func (v *verifier) add(where string, country knowledge.Country, format string, args ...any) {
	v.faults = append(v.faults, Fault{where, country, fmt.Sprintf(format, args...)})
}

// head verifies what stands above the columns.
func (v *verifier) head() {
	r := v.of
	if sum := r.Tally.Sum(); sum != len(v.members) {
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
	if _, found := slices.BinarySearch(v.members, country); !found {
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

var (
	sessionSymbol = regexp.MustCompile(`^(\d{2})/(\d{1,3})$`)
	specialSymbol = regexp.MustCompile(`^ES-(\d{1,2})/(\d{1,3})$`)
	dateSymbol    = regexp.MustCompile(`^GA-(\d{4}-\d{2}-\d{2})[a-z-]*$`)
)

// opening returns the day on which a session of the General Assembly opened: the Tuesday of the third week of September,
// counted from the first week with a working day, as rule 1 of its rules of procedure has it for the 58th to the 77th
// session, and of the second week from the 78th on.
func opening(session int) knowledge.Day {
	const zeroth, third, second, earlier = 1945, 2, 1, 78
	first := time.Date(zeroth+session, time.September, 1, 0, 0, 0, 0, time.UTC)
	for first.Weekday() == time.Saturday || first.Weekday() == time.Sunday {
		first = first.AddDate(0, 0, 1)
	}
	weeks := third
	if session >= earlier {
		weeks = second
	}
	return knowledge.DayOf(first.AddDate(0, 0, 7*weeks+int(time.Tuesday-first.Weekday())))
}

// emergencySessions holds the opening days of emergency special sessions, by number.
var emergencySessions = map[string]knowledge.Day{"11": 2022_02_28}

// symbolFault holds the symbol of a roll call against its date.
func symbolFault(r *knowledge.RollCall) string {
	if m := dateSymbol.FindStringSubmatch(r.ID); m != nil {
		if !r.Unnumbered || m[1] != r.Date.String() {
			return fmt.Sprintf("an id by date is for texts whose symbol was not read, and holds their date: %s", r.Date)
		}
		return ""
	}
	if r.Unnumbered {
		return "a text whose symbol was not read has the id GA- and its date"
	}
	if m := specialSymbol.FindStringSubmatch(r.ID); m != nil {
		opened, ok := emergencySessions[m[1]]
		if !ok {
			return "an emergency special session without an opening day here: " + m[1]
		}
		if r.Date < opened {
			return fmt.Sprintf("emergency special session %s opened on %s, and the date is %s", m[1], opened, r.Date)
		}
		return ""
	}
	m := sessionSymbol.FindStringSubmatch(r.ID)
	if m == nil {
		return "no symbol: want ES-11/1 or 68/262"
	}
	session := int(m[1][0]-'0')*10 + int(m[1][1]-'0')
	if opened, closed := opening(session), opening(session+1); r.Date < opened || r.Date >= closed {
		return fmt.Sprintf("session %d ran from %s to %s, and the date is %s", session, opened, closed, r.Date)
	}
	return ""
}

// Session returns the session that a symbol is of: "68" of 68/262, "ES-11" of ES-11/1, "" of an id by date.
func Session(id string) string {
	session, _, ok := strings.Cut(id, "/")
	if !ok {
		return ""
	}
	return session
}

// Number returns the number of a symbol within its session, 0 of an id by date.
func Number(id string) int {
	_, number, _ := strings.Cut(id, "/")
	n, err := strconv.Atoi(number)
	if err != nil {
		return 0
	}
	return n
}
