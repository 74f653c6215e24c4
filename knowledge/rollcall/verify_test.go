package rollcall_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"stancebot/knowledge"
	"stancebot/knowledge/corpus/corpustest"
	"stancebot/knowledge/places"
	"stancebot/knowledge/rollcall"
)

func TestShippedRollCallsVerify(t *testing.T) {
	calls := corpustest.Records(t).RollCalls
	if len(calls) != 50 {
		t.Errorf("%d roll calls, want 50", len(calls))
	}
	for i := range calls {
		for _, f := range verify(&calls[i]) {
			t.Errorf("%s: %s", calls[i].ID, f)
		}
	}
}

func TestProof(t *testing.T) {
	for _, tt := range []struct {
		tally knowledge.Tally
		want  string
	}{
		{shippedCall(t, "ES-11/1").Tally, "141 + 5 + 35 + 12 = 193"},
		{shippedCall(t, "62/249").Tally, "14 + 11 + 105 + 62 = 192"},
		{knowledge.Tally{}, "0 + 0 + 0 + 0 = 0"},
	} {
		if got := rollcall.Proof(tt.tally); got != tt.want {
			t.Errorf("Proof(%+v) = %q, want %q", tt.tally, got, tt.want)
		}
	}
}

func TestFaultString(t *testing.T) {
	for _, tt := range []struct {
		fault rollcall.Fault
		want  string
	}{
		{rollcall.Fault{Where: "votes", Country: "PER", What: "missing"}, "votes: PER: missing"},
		{rollcall.Fault{Where: "tally", What: "too small"}, "tally: too small"},
	} {
		if got := tt.fault.String(); got != tt.want {
			t.Errorf("%#v says %q, want %q", tt.fault, got, tt.want)
		}
	}
}

// A row is what a fault must name so that a person finds it: the part of the roll call, the state, or words.
type row struct {
	where   string
	country knowledge.Country
	says    string
}

func (r row) namedIn(faults []rollcall.Fault) bool {
	return slices.ContainsFunc(faults, func(f rollcall.Fault) bool {
		return (r.where == "" || f.Where == r.where) && f.Country == r.country && strings.Contains(f.What, r.says)
	})
}

// A mutant is a roll call with one fault, and the rows that must be named for it.
type mutant struct {
	kind, what string
	call       *knowledge.RollCall
	rows       []row
}

// A breeder makes mutants of one roll call.
type breeder struct {
	of      *knowledge.RollCall
	rng     *rand.Rand
	mutants []mutant
}

// add breeds one mutant by a change.
func (b *breeder) add(kind, what string, change func(*knowledge.RollCall), rows ...row) {
	c := clone(b.of)
	change(c)
	b.mutants = append(b.mutants, mutant{kind, b.of.ID + ": " + what, c, rows})
}

// pick draws a state, and the position in which it stands.
func (b *breeder) pick() (knowledge.Position, int, knowledge.Country) {
	n := b.rng.IntN(b.of.Tally.Sum())
	for _, p := range knowledge.Positions {
		if n < len(b.of.Votes[p]) {
			return p, n, b.of.Votes[p][n]
		}
		n -= len(b.of.Votes[p])
	}
	panic("the tally counts more states than the roll call has")
}

// other draws a position that is not p.
func (b *breeder) other(p knowledge.Position) knowledge.Position {
	i := slices.Index(knowledge.Positions, p)
	return knowledge.Positions[(i+1+b.rng.IntN(len(knowledge.Positions)-1))%len(knowledge.Positions)]
}

// votesAt names the list of a position as faults do.
func votesAt(p knowledge.Position) string { return "votes." + string(p) }

// later returns the one of two positions that stands later in a roll call: a state that is in both is told there.
func later(p, q knowledge.Position) knowledge.Position {
	if slices.Index(knowledge.Positions, p) > slices.Index(knowledge.Positions, q) {
		return p
	}
	return q
}

func (b *breeder) breedStates() {
	p, i, c := b.pick()
	q := b.other(p)
	b.add("move", fmt.Sprintf("%s from %s to %s", c, p, q), func(r *knowledge.RollCall) {
		r.Votes[p] = slices.Delete(r.Votes[p], i, i+1)
		r.Votes[q] = append(r.Votes[q], c)
	}, row{where: votesAt(p)}, row{where: votesAt(q)})

	p, i, c = b.pick()
	b.add("drop", fmt.Sprintf("%s from %s", c, p), func(r *knowledge.RollCall) {
		r.Votes[p] = slices.Delete(r.Votes[p], i, i+1)
	}, row{where: votesAt(p)}, row{country: c, says: "missing"})

	p, i, c = b.pick()
	b.add("double", fmt.Sprintf("%s within %s", c, p), func(r *knowledge.RollCall) {
		r.Votes[p] = slices.Insert(r.Votes[p], i, c)
	}, row{where: votesAt(p)}, row{where: votesAt(p), country: c, says: votesAt(p)})

	p, _, c = b.pick()
	q = b.other(p)
	b.add("double", fmt.Sprintf("%s in %s and %s", c, p, q), func(r *knowledge.RollCall) {
		r.Votes[q] = append(r.Votes[q], c)
	}, row{where: votesAt(q)}, row{where: votesAt(later(p, q)), country: c, says: "too"})

	// A state in two positions while another is left out: the columns add up, and the states do not.
	_, _, c = b.pick()
	q, j, d := b.pick()
	if c != d {
		b.add("double", fmt.Sprintf("%s in the place of %s", c, d), func(r *knowledge.RollCall) {
			r.Votes[q][j] = c
		}, row{country: c, says: "too"}, row{country: d, says: "missing"})
	}
}

// notMembers have codes, and never a vote in the General Assembly on the days of the roll calls.
var notMembers = []knowledge.Country{"VAT", "PSE", "TWN", "XKX", "ESH", "HKG", "PRI", "GRL", "SUN", "YUG", "CSK", "DDR", "XXX", "ZZZ"}

func (b *breeder) breedStrangers() {
	strangers := slices.Clone(notMembers)
	for _, c := range places.Members() {
		if !slices.Contains(places.MembersOn(b.of.Date), c) {
			strangers = append(strangers, c) // South Sudan before July 2011
		}
	}
	for _, stranger := range strangers {
		p, i, c := b.pick()
		b.add("stranger", fmt.Sprintf("%s in the place of %s", stranger, c), func(r *knowledge.RollCall) {
			r.Votes[p][i] = stranger
		}, row{where: votesAt(p), country: stranger, says: "no member on " + b.of.Date.String()}, row{country: c, says: "missing"})
	}
}

func (b *breeder) breedFields() {
	for _, by := range []int{1, -1} {
		for p, field := range map[knowledge.Position]func(*knowledge.Tally) *int{
			knowledge.Yes:     func(t *knowledge.Tally) *int { return &t.Yes },
			knowledge.No:      func(t *knowledge.Tally) *int { return &t.No },
			knowledge.Abstain: func(t *knowledge.Tally) *int { return &t.Abstain },
			knowledge.Absent:  func(t *knowledge.Tally) *int { return &t.Absent },
		} {
			b.add("tally", fmt.Sprintf("%s %+d", p, by), func(r *knowledge.RollCall) { *field(&r.Tally) += by },
				row{where: "tally"}, row{where: votesAt(p)})
		}
	}
	b.add("title", "no title", func(r *knowledge.RollCall) { r.Title = "" }, row{says: "title"})
	b.add("title", "a blank for a title", func(r *knowledge.RollCall) { r.Title = " " }, row{says: "title"})

	// A special session has a day on which it opened and none on which it ends: a later year is seen only beside the
	// other texts of the session, by the linter.
	form, special := "%02d/%d", strings.HasPrefix(b.of.ID, "ES-")
	if special {
		form = "ES-%d/%d"
	}
	var session, number int
	if _, err := fmt.Sscanf(strings.TrimPrefix(b.of.ID, "ES-"), "%d/%d", &session, &number); err != nil {
		panic(err)
	}
	for by := -5; by <= 5; by++ {
		if by == 0 {
			continue
		}
		b.add("session", fmt.Sprintf("session %+d", by), func(r *knowledge.RollCall) {
			r.ID = fmt.Sprintf(form, session+by, number)
		}, row{where: "id", says: "session"})
		if special && b.of.Date+knowledge.Day(10000*by) >= 20220228 {
			continue
		}
		b.add("year", fmt.Sprintf("year %+d", by), func(r *knowledge.RollCall) {
			r.Date += knowledge.Day(10000 * by)
		}, row{where: "id", says: fmt.Sprint(b.of.Date.Year() + by)})
	}
}

// What arithmetic can see it sees every time: of every full roll call mutants are bred by a fixed seed, and each must
// be refused with the row named.
func TestEveryMutantIsCaught(t *testing.T) {
	rng := rand.New(rand.NewPCG(20220302, 193))
	kinds := map[string]int{}
	calls := fullCalls(t)
	for i := range calls {
		b := &breeder{of: &calls[i], rng: rng}
		for range 12 {
			b.breedStates()
		}
		b.breedStrangers()
		b.breedFields()
		for _, m := range b.mutants {
			kinds[m.kind]++
			faults := verify(m.call)
			if len(faults) == 0 {
				t.Errorf("%s: %s: not caught", m.kind, m.what)
				continue
			}
			for _, want := range m.rows {
				if !want.namedIn(faults) {
					t.Errorf("%s: %s: no fault names %+v; the faults are %v", m.kind, m.what, want, faults)
				}
			}
		}
		// The mutants must be faulty by their change alone, and leave the roll call behind as it was.
		if faults := verify(&calls[i]); len(faults) > 0 {
			t.Errorf("%s: breeding mutants changed the roll call: %v", calls[i].ID, faults)
		}
	}
	total := 0
	for kind, n := range kinds {
		total += n
		if n < len(calls) && kind != "session" && kind != "year" {
			t.Errorf("%d mutants of the kind %s, want at least one a roll call", n, kind)
		}
	}
	if total < 2000 || len(kinds) != 8 {
		t.Errorf("%d mutants of the kinds %v, want at least 2,000 of 8 kinds", total, kinds)
	}
	t.Logf("%d mutants caught: %v", total, kinds)
}

// South Sudan joined in July 2011: the four roll calls before count 192 members, and none may have its vote.
func TestSouthSudanBeforeItWasAMember(t *testing.T) {
	before := 0
	for _, r := range fullCalls(t) {
		if r.Date >= 20110714 {
			if !slices.ContainsFunc(knowledge.Positions, func(p knowledge.Position) bool { return slices.Contains(r.Votes[p], "SSD") }) {
				t.Errorf("%s of %s lacks South Sudan", r.ID, r.Date)
			}
			continue
		}
		before++
		m := clone(&r)
		m.Votes[knowledge.Absent] = append(m.Votes[knowledge.Absent], "SSD")
		m.Tally.Absent++
		faults := verify(m)
		for _, want := range []row{{where: "tally"}, {where: "votes.absent", country: "SSD", says: "no member on"}} {
			if !want.namedIn(faults) {
				t.Errorf("%s with South Sudan as absent: no fault names %+v; the faults are %v", r.ID, want, faults)
			}
		}
	}
	if before != 4 {
		t.Errorf("%d roll calls before South Sudan was a member, want 4", before)
	}
}

// The limit of the arithmetic: two swaps that cancel each other leave every sum as it was. Only an independent table
// sees them, which TestCellsEqualAnIndependentTable asks for. Should this test fail one day, the arithmetic sees more
// than its documentation says.
func TestExchangeOfTwoStatesIsNotSeenByArithmetic(t *testing.T) {
	exchanges := 0
	for _, r := range fullCalls(t) {
		for i, p := range knowledge.Positions {
			for _, q := range knowledge.Positions[i+1:] {
				m := clone(&r)
				m.Votes[p][0], m.Votes[q][0] = m.Votes[q][0], m.Votes[p][0]
				exchanges++
				if faults := verify(m); len(faults) > 0 {
					t.Errorf("%s with %s and %s exchanged: %v", r.ID, r.Votes[p][0], r.Votes[q][0], faults)
				}
			}
		}
	}
	if exchanges != 46*6 {
		t.Errorf("%d exchanges, want 6 of each of 46 roll calls", exchanges)
	}
}

// idFaults returns the faults of the symbol alone: on another date a roll call may lack members too, which is not the
// point of these cases.
func idFaults(r *knowledge.RollCall) []rollcall.Fault {
	return slices.DeleteFunc(verify(r), func(f rollcall.Fault) bool { return f.Where != "id" })
}

// The symbol says the session, and the session the year from September to September.
func TestSymbolAgainstDate(t *testing.T) {
	shipped := shippedCall(t, "68/262")
	for _, tt := range []struct {
		id   string
		date knowledge.Day
		ok   bool
	}{
		{"68/262", 20140327, true},
		{"67/262", 20140327, false},
		{"69/262", 20140327, false},
		{"76/267", 20220608, true},
		{"75/267", 20220608, false},
		{"77/267", 20220608, false},
		{"67/262", 20220608, false}, // a digit that was misread

		// Both halves of a session, and the days on which one gives way to the next.
		{"68/262", 20131231, true},
		{"68/262", 20140101, true},
		{"68/262", 20130327, false},
		{"68/262", 20150327, false},
		{"74/300", 20200903, true},
		{"75/1", 20200903, false},
		{"75/1", 20200921, true},
		{"74/300", 20200921, false},
		{"68/309", 20140910, true},
		{"76/300", 20220831, true},
		{"77/300", 20220831, false},
		{"69/1", 20140919, true},

		{"ES-11/1", 20220302, true},
		{"ES-11/10", 20260224, true},
		{"ES-11/1", 20220228, true}, // the day on which the session opened
		{"ES-11/1", 20220227, false},
		{"ES-11/1", 20210302, false},
		{"ES-99/1", 20220302, false},

		{"63/307", 20090909, true}, // the 64th session opened on 15 September 2009
		{"64/307", 20090909, false},
		{"64/1", 20090915, true},
		{"63/1", 20090915, false},
		{"77/1", 20230904, true}, // and the 78th a week earlier in the month
		{"78/1", 20230905, true},
		{"77/1", 20230905, false},
		{"79/1", 20240910, true},
		{"80/1", 20250909, true},
		{"79/1", 20250909, false},

		{"", 20140327, false},
		{"68", 20140327, false},
		{"68/", 20140327, false},
		{"/262", 20140327, false},
		{"68-262", 20140327, false},
		{" 68/262", 20140327, false},
		{"68/262 ", 20140327, false},
		{"68/2620", 20140327, false},
		{"168/262", 20140327, false},
		{"A/RES/68/262", 20140327, false},
		{"es-11/1", 20220302, false},
		{"ES-11", 20220302, false},
		{"ES-11/", 20220302, false},
		{"ES-11/1000", 20220302, false},
	} {
		r := clone(shipped)
		r.ID, r.Date = tt.id, tt.date
		if faults := idFaults(r); (len(faults) == 0) != tt.ok {
			t.Errorf("%q on %s: faults %v, want ok: %t", tt.id, tt.date, faults, tt.ok)
		}
	}
}

// A text whose symbol was not read has an id by its date: no symbol is made up, and none passes for unread.
func TestIDByDate(t *testing.T) {
	shipped := shippedCall(t, "GA-2026-02-24")
	for _, tt := range []struct {
		id         string
		date       knowledge.Day
		unnumbered bool
		ok         bool
	}{
		{"GA-2026-02-24", 20260224, true, true},
		{"GA-2025-12-10-chornobyl", 20251210, true, true},
		{"GA-2026-02-24", 20260225, true, false},
		{"GA-2025-02-24", 20260224, true, false},
		{"GA-2026-02-24", 20260224, false, false},
		{"68/262", 20140327, true, false},
		{"ES-11/1", 20220302, true, false},
		{"GA-2026-02", 20260224, true, false},
		{"GA-2026-02-24 Chornobyl", 20260224, true, false},
		{"ga-2026-02-24", 20260224, true, false},
		{"GA-", 20260224, true, false},
	} {
		r := clone(shipped)
		r.ID, r.Date, r.Unnumbered = tt.id, tt.date, tt.unnumbered
		if faults := idFaults(r); (len(faults) == 0) != tt.ok {
			t.Errorf("%q on %s, unnumbered %t: faults %v, want ok: %t", tt.id, tt.date, tt.unnumbered, faults, tt.ok)
		}
	}
}

// four are the members of a General Assembly that is small enough to be read at a glance.
var four = []knowledge.Country{"AAA", "BBB", "CCC", "DDD"}

// Each rule by itself, on roll calls of four members.
func TestVerifyRules(t *testing.T) {
	full := func() *knowledge.RollCall {
		return &knowledge.RollCall{
			ID: "68/262", Date: 20140327, Title: "A text", Grade: "A", Tally: knowledge.Tally{Yes: 2, No: 1, Absent: 1},
			Votes: map[knowledge.Position]knowledge.Codes{knowledge.Yes: {"AAA", "CCC"}, knowledge.No: {"BBB"}, knowledge.Absent: {"DDD"}},
		}
	}
	part := func() *knowledge.RollCall {
		return &knowledge.RollCall{
			ID: "68/262", Date: 20140327, Title: "A text", Grade: "P", Partial: true, Tally: knowledge.Tally{Yes: 2, No: 1, Absent: 1},
			Cells: []knowledge.Cells{{Source: "one", Yes: knowledge.Codes{"AAA"}}, {Source: "two", No: knowledge.Codes{"BBB"}}},
		}
	}
	for _, tt := range []struct {
		name   string
		call   *knowledge.RollCall
		change func(*knowledge.RollCall)
		want   []string
	}{
		{"full", full(), func(*knowledge.RollCall) {}, nil},
		{"partial", part(), func(*knowledge.RollCall) {}, nil},
		{"title with a blank before it", full(), func(r *knowledge.RollCall) { r.Title = " A text" }, []string{"title"}},
		{"full without votes", full(), func(r *knowledge.RollCall) { r.Votes = nil }, []string{
			"partial: a full roll call has votes", "votes.yes: 0 states, and the tally has 2", "votes.no: 0 states, and the tally has 1",
			"votes.absent: 0 states, and the tally has 1", "votes: AAA: missing", "votes: BBB: missing", "votes: CCC: missing", "votes: DDD: missing",
		}},
		{"cells beside votes", full(), func(r *knowledge.RollCall) { r.Cells = []knowledge.Cells{{Source: "one"}} }, []string{
			"partial: a full roll call has votes",
		}},
		{"partial without cells", part(), func(r *knowledge.RollCall) { r.Cells = nil }, []string{"partial: a full roll call has votes"}},
		{"votes that are called partial", full(), func(r *knowledge.RollCall) { r.Partial, r.Grade = true, "P" }, []string{"partial: a full roll call has votes"}},
		{"cells that are called full", part(), func(r *knowledge.RollCall) { r.Partial, r.Grade = false, "A" }, []string{
			"partial: a full roll call has votes", "votes.yes: 1 states, and the tally has 2", "votes.absent: 0 states, and the tally has 1",
			"votes: CCC: missing", "votes: DDD: missing",
		}},
		{"partial with another grade", part(), func(r *knowledge.RollCall) { r.Grade = "U" }, []string{"grade: grade P and partial go together"}},
		{"grade P of a full one", full(), func(r *knowledge.RollCall) { r.Grade = "P" }, []string{"grade: grade P and partial go together"}},
		{"partial with more cells than the tally", part(), func(r *knowledge.RollCall) { r.Cells[1].No = knowledge.Codes{"BBB", "CCC"} }, []string{
			"votes.no: 2 states, and the tally has 1",
		}},
		{"partial with all cells that the tally has", part(), func(r *knowledge.RollCall) { r.Cells[1].Yes = knowledge.Codes{"CCC"} }, nil},
		{"cell that two sources differ on", part(), func(r *knowledge.RollCall) { r.Cells[1].No = knowledge.Codes{"AAA"} }, []string{
			"cells[1].no: AAA: stands in cells[0].yes too",
		}},
		{"cell of no member", part(), func(r *knowledge.RollCall) { r.Cells[0].Yes = knowledge.Codes{"EEE"} }, []string{
			"cells[0].yes: EEE: no member on 2014-03-27",
		}},
		{"partial whose tally lacks a member", part(), func(r *knowledge.RollCall) { r.Tally.Absent-- }, []string{
			"tally: 2 + 1 + 0 + 0 = 3, and the members on 2014-03-27 were 4",
		}},
		{"tally that makes up for one column in another", full(), func(r *knowledge.RollCall) { r.Tally.Yes--; r.Tally.No++ }, []string{
			"votes.yes: 2 states, and the tally has 1", "votes.no: 1 states, and the tally has 2",
		}},
		{"negative column", part(), func(r *knowledge.RollCall) { r.Tally.Abstain, r.Tally.Absent = -1, 2 }, []string{
			"votes.abstain: 0 states, and the tally has -1",
		}},
		{"unknown position", full(), func(r *knowledge.RollCall) {
			r.Votes["present"] = r.Votes[knowledge.Absent]
			delete(r.Votes, knowledge.Absent)
		}, []string{"votes.absent: 0 states, and the tally has 1", `votes: unknown position "present"`, "votes: DDD: missing"}},
		{"unknown position beside the others", full(), func(r *knowledge.RollCall) { r.Votes["present"] = nil }, []string{
			`votes: unknown position "present"`,
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			tt.change(tt.call)
			faults := rollcall.Verify(tt.call, four)
			if len(faults) != len(tt.want) {
				t.Fatalf("faults %v, want %q", faults, tt.want)
			}
			for i, f := range faults {
				if !strings.Contains(f.String(), tt.want[i]) {
					t.Errorf("fault %d says %q, want %q in it", i+1, f, tt.want[i])
				}
			}
		})
	}
}
