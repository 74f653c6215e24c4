package rollcall_test

import (
	"cmp"
	"fmt"
	"slices"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"stancebot/knowledge"
	"stancebot/knowledge/corpus/corpustest"
	"stancebot/knowledge/rollcall"
)

// lastDay lies after all shipped records.
const lastDay knowledge.Day = 99991231

// ids lists the ids of roll calls in their order.
func ids(calls []*knowledge.RollCall) []string {
	list := make([]string, len(calls))
	for i, r := range calls {
		list[i] = r.ID
	}
	return list
}

func TestBookOrder(t *testing.T) {
	calls := []knowledge.RollCall{
		{ID: "ES-11/10", Date: 20250224},
		{ID: "ES-11/9", Date: 20250224},
		{ID: "76/70", Date: 20211209},
		{ID: "ES-11/8", Date: 20250224},
		{ID: "62/249", Date: 20080415},
		{ID: "ES-11/7", Date: 20250224},
		{ID: "GA-2026-02-24", Date: 20260224},
	}
	b := rollcall.NewBook(calls, nil)
	want := []string{"62/249", "76/70", "ES-11/7", "ES-11/8", "ES-11/9", "ES-11/10", "GA-2026-02-24"}
	if d := gocmp.Diff(want, ids(b.Calls())); d != "" {
		t.Errorf("Calls (-want +got):\n%s", d)
	}
	if got := b.First(); got != 20080415 {
		t.Errorf("First() = %s, want 2008-04-15", got)
	}
	for _, id := range want {
		if r := b.Call(id); r == nil || r.ID != id {
			t.Errorf("Call(%q) = %v", id, r)
		}
	}
	if r := b.Call("ES-11/6"); r != nil {
		t.Errorf("Call of an unknown id = %v, want nil", r)
	}
	// The caller's list stays as it was.
	if calls[0].ID != "ES-11/10" {
		t.Errorf("NewBook sorted the list of its caller: it begins with %s", calls[0].ID)
	}
	if got := rollcall.NewBook(nil, nil).First(); got != 0 {
		t.Errorf("First() of no roll calls = %s, want no day", got)
	}
}

func TestBookPositionsAndDisputes(t *testing.T) {
	b := rollcall.NewBook([]knowledge.RollCall{
		{ID: "68/262", Date: 20140327, Votes: map[knowledge.Position]knowledge.Codes{
			knowledge.Yes: {"AAA"}, knowledge.No: {"BBB"}, knowledge.Abstain: {"CCC"}, knowledge.Absent: {"DDD"},
		}},
		{ID: "ES-11/9", Date: 20251203, Partial: true, Cells: []knowledge.Cells{
			{Source: "one", Yes: knowledge.Codes{"AAA"}, Absent: knowledge.Codes{"DDD"}}, {Source: "two", No: knowledge.Codes{"BBB"}, Abstain: knowledge.Codes{"CCC"}},
		}},
	}, []knowledge.Dispute{{RollCall: "68/262", Country: "BBB", Record: knowledge.No, Other: knowledge.Abstain, By: "B says so."}})
	want := map[knowledge.Country]knowledge.Position{"AAA": knowledge.Yes, "BBB": knowledge.No, "CCC": knowledge.Abstain, "DDD": knowledge.Absent}
	for _, id := range []string{"68/262", "ES-11/9"} {
		for c, p := range want {
			if got, ok := b.Position(id, c); got != p || !ok {
				t.Errorf("Position(%s, %s) = %q, %t; want %q", id, c, got, ok, p)
			}
		}
		if got, ok := b.Position(id, "EEE"); got != "" || ok {
			t.Errorf("Position(%s, EEE) = %q, %t; want none: a cell that is not known is no absence", id, got, ok)
		}
	}
	if got, ok := b.Position("68/263", "AAA"); got != "" || ok {
		t.Errorf("Position in an unknown roll call = %q, %t; want none", got, ok)
	}
	if d := b.Dispute("68/262", "BBB"); d == nil || d.By != "B says so." {
		t.Errorf("Dispute of 68/262 and BBB = %v", d)
	}
	for _, cell := range [][2]string{{"68/262", "AAA"}, {"ES-11/9", "BBB"}, {"68/263", "BBB"}} {
		if d := b.Dispute(cell[0], knowledge.Country(cell[1])); d != nil {
			t.Errorf("Dispute of %s = %v, want nil", cell, d)
		}
	}
}

// A text is one row of a hand-made book: how AAA, of which the tests ask, and Washington voted. An empty position is a
// cell that is not known.
type text struct {
	topic           string
	meaning         knowledge.Meaning
	aaa, washington knowledge.Position
}

// handMade puts texts into a book, a day apart, and returns the last of them too.
func handMade(texts []text) (*rollcall.Book, *knowledge.RollCall) {
	calls := make([]knowledge.RollCall, len(texts))
	for i, x := range texts {
		votes := map[knowledge.Position]knowledge.Codes{}
		for c, p := range map[knowledge.Country]knowledge.Position{"AAA": x.aaa, knowledge.UnitedStates: x.washington} {
			if p != "" {
				votes[p] = append(votes[p], c)
			}
		}
		calls[i] = knowledge.RollCall{
			ID: fmt.Sprintf("ES-11/%d", i+1), Date: knowledge.Day(20220301 + i),
			Topic: cmp.Or(x.topic, knowledge.UkraineTopic), Meaning: cmp.Or(x.meaning, knowledge.AgainstRussia), Votes: votes,
		}
	}
	b := rollcall.NewBook(calls, nil)
	last := b.Call(calls[len(calls)-1].ID)
	return b, last
}

// history returns one text for each position of AAA, Washington voting Yes on all.
func history(positions ...knowledge.Position) []text {
	var texts []text
	for _, p := range positions {
		texts = append(texts, text{aaa: p, washington: knowledge.Yes})
	}
	return texts
}

const (
	yes     = knowledge.Yes
	no      = knowledge.No
	abstain = knowledge.Abstain
	absent  = knowledge.Absent
	unknown = knowledge.Position("")
)

func TestUsual(t *testing.T) {
	other := func(texts []text, change func(*text)) []text {
		for i := range texts {
			change(&texts[i])
		}
		return texts
	}
	georgia := func(x *text) { x.topic = "georgia" }
	mention := func(x *text) { x.topic = "ukraine-mention" }
	mixed := func(x *text) { x.meaning = knowledge.MixedMeaning }
	inFavour := func(x *text) { x.meaning = knowledge.ForRussia }
	for _, tt := range []struct {
		name  string
		texts []text // before the text that is asked about
		want  knowledge.Position
	}{
		{"no text before", nil, ""},
		{"five of five", history(yes, yes, yes, yes, yes), yes},
		{"four of five", history(yes, yes, abstain, yes, yes), yes},
		{"four of five, the newest differing", history(yes, yes, yes, yes, no), yes},
		{"four of five, the oldest differing", history(no, yes, yes, yes, yes), yes},
		{"three of five", history(yes, abstain, yes, no, yes), ""},
		{"three of five, two agreeing otherwise", history(yes, no, yes, no, yes), ""},
		{"four of four", history(no, no, no, no), no},
		{"three of three", history(no, no, no), ""},
		{"three of four", history(no, no, yes, no), ""},
		{"abstaining is a side", history(abstain, abstain, abstain, abstain), abstain},
		{"absence is a position of its own", history(absent, absent, absent, yes, absent), absent},
		{"absence is no abstention", history(abstain, absent, abstain, absent, abstain), ""},
		{"absence breaks a side", history(yes, absent, yes, absent, yes), ""},

		{"only the last five count", history(no, no, no, no, yes, yes, yes, yes, yes), yes},
		{"the sixth does not make up the four", history(yes, yes, no, yes, no, yes), ""},
		{"unknown cells are passed over", history(yes, yes, unknown, unknown, yes, unknown, yes), yes},
		{"unknown cells do not use up the five", history(yes, yes, unknown, no, unknown, yes, unknown, yes), yes},
		{"too few known cells", history(yes, unknown, yes, unknown, yes, unknown), ""},

		{"texts of another topic", other(history(yes, yes, yes, yes), georgia), ""},
		{"texts that mention the topic", other(history(yes, yes, yes, yes), mention), ""},
		{"texts of another meaning", other(history(yes, yes, yes, yes), inFavour), ""},
		{"mixed texts", other(history(yes, yes, yes, yes), mixed), ""},
		{"other texts between do not use up the five", slices.Concat(history(yes, yes), other(history(no, no, no, no, no), georgia), history(yes, yes)), yes},
		{"mixed texts between do not count", slices.Concat(history(yes, yes, yes), other(history(no, no, no), mixed), history(yes)), yes},
	} {
		t.Run(tt.name, func(t *testing.T) {
			// The text that is asked about goes the other way, and so does the one after it: neither may count.
			b, _ := handMade(slices.Concat(tt.texts, history(no, no, no, no, no)))
			before := b.Call(fmt.Sprintf("ES-11/%d", len(tt.texts)+1))
			got, ok := b.Usual("AAA", before)
			if got != tt.want || ok != (tt.want != "") {
				t.Errorf("Usual = %q, %t; want %q", got, ok, tt.want)
			}
			if got, ok := b.Usual("BBB", before); got != "" || ok {
				t.Errorf("Usual of a state without a cell = %q, %t; want none", got, ok)
			}
		})
	}
}

// A text by which Russia is favoured is held against such texts alone.
func TestUsualOfTheSameMeaning(t *testing.T) {
	texts := history(yes, yes, yes, yes, no, no, no, no, no)
	for i := 4; i < 9; i++ {
		texts[i].meaning = knowledge.ForRussia
	}
	b, last := handMade(texts)
	if got, ok := b.Usual("AAA", last); got != no || !ok {
		t.Errorf("before a text for Russia: Usual = %q, %t; want no", got, ok)
	}
	// A roll call that is not in the book has no place in its order, and so nothing before it.
	stranger := *last
	stranger.ID = "ES-11/99"
	if got, ok := b.Usual("AAA", &stranger); got != "" || ok {
		t.Errorf("before a text that is not in the book: Usual = %q, %t; want none", got, ok)
	}
}

func TestUkraineTexts(t *testing.T) {
	texts := history(yes, yes, yes, yes, yes)
	texts[1].topic, texts[2].meaning, texts[3].meaning = "georgia", knowledge.MixedMeaning, knowledge.ForRussia
	b, _ := handMade(texts)
	for _, tt := range []struct {
		meaning knowledge.Meaning
		until   knowledge.Day
		want    []string
	}{
		{knowledge.AgainstRussia, lastDay, []string{"ES-11/1", "ES-11/5"}},
		{knowledge.AgainstRussia, 20220305, []string{"ES-11/1", "ES-11/5"}},
		{knowledge.AgainstRussia, 20220304, []string{"ES-11/1"}},
		{knowledge.AgainstRussia, 20220228, []string{}},
		{knowledge.MixedMeaning, lastDay, []string{"ES-11/3"}},
		{knowledge.ForRussia, lastDay, []string{"ES-11/4"}},
	} {
		if d := gocmp.Diff(tt.want, ids(b.UkraineTexts(tt.meaning, tt.until))); d != "" {
			t.Errorf("%s until %s (-want +got):\n%s", tt.meaning, tt.until, d)
		}
	}
}

func TestSplit(t *testing.T) {
	for _, tt := range []struct {
		name          string
		last          text
		split         bool
		moved, stayed bool // whether AAA did
		before        []knowledge.Position
	}{
		{name: "Washington votes Yes", last: text{aaa: yes, washington: yes}},
		{name: "Washington's cell is not known", last: text{aaa: yes}},
		{name: "with Washington to No", last: text{aaa: no, washington: no}, split: true, moved: true},
		{name: "to the middle, Washington voting No", last: text{aaa: abstain, washington: no}, split: true, moved: true},
		{name: "with Washington to the middle", last: text{aaa: abstain, washington: abstain}, split: true, moved: true},
		{name: "further than Washington", last: text{aaa: no, washington: abstain}, split: true},
		{name: "stays away", last: text{aaa: absent, washington: no}, split: true},
		{name: "stays away with Washington", last: text{aaa: absent, washington: absent}, split: true, moved: true},
		{name: "keeps its Yes", last: text{aaa: yes, washington: no}, split: true, stayed: true},
		{name: "cell not known", last: text{washington: no}, split: true},
		{name: "no usual Yes", last: text{aaa: no, washington: no}, split: true, before: []knowledge.Position{yes, yes, no, no, yes}},
		{name: "usual side is another", last: text{aaa: yes, washington: no}, split: true, before: []knowledge.Position{no, no, no, no, no}},

		{name: "mixed text", last: text{meaning: knowledge.MixedMeaning, aaa: no, washington: no}},
		{name: "unrated text", last: text{meaning: knowledge.Unrated, aaa: no, washington: no}},
		{name: "text for Russia", last: text{meaning: knowledge.ForRussia, aaa: no, washington: no}},
		{name: "text on Georgia", last: text{topic: "georgia", aaa: no, washington: no}},
		{name: "text that mentions Ukraine", last: text{topic: "ukraine-mention", aaa: no, washington: no}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			before := tt.before
			if before == nil {
				before = []knowledge.Position{yes, yes, yes, yes, yes}
			}
			b, last := handMade(append(history(before...), tt.last))
			s, ok := b.Split(last)
			if ok != tt.split {
				t.Fatalf("Split = %+v, %t; want %t", s, ok, tt.split)
			}
			if all := b.Splits(lastDay); (len(all) == 1) != tt.split {
				t.Errorf("Splits returns %d, want the text among them: %t", len(all), tt.split)
			}
			if all := b.Splits(last.Date - 1); len(all) > 0 {
				t.Errorf("Splits up to the day before returns %d, want none", len(all))
			}
			if !ok {
				return
			}
			if s.Call.ID != last.ID || s.Washington != tt.last.washington {
				t.Errorf("Split is of %s with Washington as %s, want %s and %s", s.Call.ID, s.Washington, last.ID, tt.last.washington)
			}
			// The poles are not among those that move or stay: Washington itself left its usual Yes.
			var moved, stayed []knowledge.Country
			if tt.moved {
				moved = []knowledge.Country{"AAA"}
			}
			if tt.stayed {
				stayed = []knowledge.Country{"AAA"}
			}
			if d := gocmp.Diff([2][]knowledge.Country{moved, stayed}, [2][]knowledge.Country{s.Moved, s.Stayed}); d != "" {
				t.Errorf("moved and stayed (-want +got):\n%s", d)
			}
		})
	}
}

// shippedBook returns the book of the shipped records.
func shippedBook(tb testing.TB) *rollcall.Book {
	tb.Helper()
	r := corpustest.Records(tb)
	return rollcall.NewBook(r.RollCalls, r.Disputes)
}

// The design names them: these two and nothing else. A third one is news, and must not come with an edit in passing.
func TestSplitsOfTheShippedRecords(t *testing.T) {
	b := shippedBook(t)
	for _, tt := range []struct {
		until knowledge.Day
		want  []string
	}{
		{lastDay, []string{"ES-11/7", "GA-2026-02-24"}},
		{20260224, []string{"ES-11/7", "GA-2026-02-24"}},
		{20260223, []string{"ES-11/7"}},
		{20250224, []string{"ES-11/7"}},
		{20250223, []string{}},
	} {
		got := []string{}
		for _, s := range b.Splits(tt.until) {
			got = append(got, s.Call.ID)
		}
		if d := gocmp.Diff(tt.want, got); d != "" {
			t.Errorf("splits until %s (-want +got):\n%s", tt.until, d)
		}
	}
	for id, want := range map[string]knowledge.Position{"ES-11/7": no, "GA-2026-02-24": abstain} {
		if s, ok := b.Split(b.Call(id)); !ok || s.Washington != want {
			t.Errorf("%s: split %t with Washington as %q, want %s", id, ok, s.Washington, want)
		}
	}
}

// On mixed texts nobody is scored, however they voted: ES-11/8 is one of the day of ES-11/7.
func TestMixedTextsAreNeverScored(t *testing.T) {
	b := shippedBook(t)
	mixed := 0
	for _, r := range b.Calls() {
		if r.Meaning != knowledge.MixedMeaning {
			continue
		}
		mixed++
		if s, ok := b.Split(r); ok {
			t.Errorf("%s is mixed, and is taken for a split: %+v", r.ID, s)
		}
		if r.Rated() {
			t.Errorf("%s is mixed, and is rated", r.ID)
		}
	}
	if mixed != 4 {
		t.Errorf("%d mixed texts, want 4", mixed)
	}
	// And their cells do not count toward the usual side: without them it is the same.
	records := corpustest.Records(t)
	without := rollcall.NewBook(slices.DeleteFunc(slices.Clone(records.RollCalls), func(r knowledge.RollCall) bool {
		return r.Meaning == knowledge.MixedMeaning
	}), nil)
	for _, r := range without.Calls() {
		for c := range plainPositions(r) {
			want, _ := without.Usual(c, r)
			if got, _ := b.Usual(c, b.Call(r.ID)); got != want {
				t.Errorf("the usual side of %s before %s is %q with mixed texts and %q without", c, r.ID, got, want)
			}
		}
	}
}

// plainPositions reads a roll call cell by cell, without the book.
func plainPositions(r *knowledge.RollCall) map[knowledge.Country]knowledge.Position {
	m := map[knowledge.Country]knowledge.Position{}
	for p, codes := range r.Votes {
		for _, c := range codes {
			m[c] = p
		}
	}
	for _, cells := range r.Cells {
		for p, codes := range map[knowledge.Position]knowledge.Codes{yes: cells.Yes, no: cells.No, abstain: cells.Abstain, absent: cells.Absent} {
			for _, c := range codes {
				m[c] = p
			}
		}
	}
	return m
}

// plainSplit computes once more, in the plainest way, who moved and who stayed: the five newest texts on Ukraine
// against Russia before the day of the text whose cell is known, four of them Yes.
func plainSplit(calls []knowledge.RollCall, id string) (moved, stayed []knowledge.Country) {
	var of knowledge.RollCall
	var before []knowledge.RollCall
	for _, r := range calls {
		if r.ID == id {
			of = r
		}
	}
	for _, r := range calls {
		if r.Topic == "ukraine" && r.Meaning == "against" && r.Date < of.Date {
			before = append(before, r)
		}
	}
	slices.SortFunc(before, func(x, y knowledge.RollCall) int { return int(y.Date - x.Date) }) // the newest first
	cells := plainPositions(&of)
	for c, p := range cells {
		known, yeses := 0, 0
		for i := range before {
			if q, ok := plainPositions(&before[i])[c]; ok && known < 5 {
				known++
				if q == "yes" {
					yeses++
				}
			}
		}
		if yeses < 4 || c == "USA" || c == "RUS" {
			continue
		}
		switch p {
		case "yes":
			stayed = append(stayed, c)
		case "abstain", cells["USA"]:
			moved = append(moved, c)
		}
	}
	slices.Sort(moved)
	slices.Sort(stayed)
	return moved, stayed
}

func TestMovedAndStayedAgainstAPlainLoop(t *testing.T) {
	calls := corpustest.Records(t).RollCalls
	b := shippedBook(t)
	for _, id := range []string{"ES-11/7", "GA-2026-02-24"} {
		moved, stayed := plainSplit(calls, id)
		s, ok := b.Split(b.Call(id))
		if !ok {
			t.Errorf("%s is no split", id)
		}
		if d := gocmp.Diff(moved, s.Moved); d != "" {
			t.Errorf("%s: moved (-plain +Split):\n%s", id, d)
		}
		if d := gocmp.Diff(stayed, s.Stayed); d != "" {
			t.Errorf("%s: stayed (-plain +Split):\n%s", id, d)
		}
	}
	// The loop shares its reading of the records with nobody, but it could share a mistake of thought: these are the
	// states that the roll call itself shows as moved, and the number that stayed.
	s, _ := b.Split(b.Call("ES-11/7"))
	want := []knowledge.Country{"ARG", "CRI", "DOM", "FSM", "HUN", "ISR", "KIR", "MHL", "MKD", "MWI", "PAN", "PLW", "TUV"}
	if d := gocmp.Diff(want, s.Moved); d != "" || len(s.Stayed) != 62 {
		t.Errorf("ES-11/7: %d stayed, want 62; moved (-want +got):\n%s", len(s.Stayed), d)
	}
}

// snapshot is all that a book says, to compare books by.
func snapshot(b *rollcall.Book, countries []knowledge.Country) string {
	s := fmt.Sprintln(ids(b.Calls()), b.First())
	for _, r := range b.Calls() {
		for _, c := range countries {
			p, known := b.Position(r.ID, c)
			usual, ok := b.Usual(c, r)
			s += fmt.Sprint(c, p, known, usual, ok, " ")
		}
		split, ok := b.Split(r)
		s += fmt.Sprintln(r.ID, ok, split.Washington, split.Moved, split.Stayed)
	}
	return s
}

// The files of a folder come in some order, which may mean nothing.
func TestOrderOfRollCallsMeansNothing(t *testing.T) {
	records := corpustest.Records(t)
	countries := []knowledge.Country{"PER", "BRA", "HUN", "SSD", knowledge.UnitedStates, knowledge.Russia}
	want := snapshot(rollcall.NewBook(records.RollCalls, records.Disputes), countries)
	rapid.Check(t, func(t *rapid.T) {
		calls := rapid.Permutation(records.RollCalls).Draw(t, "calls")
		if got := snapshot(rollcall.NewBook(calls, records.Disputes), countries); got != want {
			t.Fatalf("another order of roll calls gives another book:\n%s", gocmp.Diff(want, got))
		}
	})
}
