package unfile_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	gocmp "github.com/google/go-cmp/cmp"

	"stancebot/knowledge"
	"stancebot/knowledge/corpus/corpustest"
	"stancebot/knowledge/raced"
	"stancebot/knowledge/rollcall"
	"stancebot/knowledge/rollcall/unfile"
)

// sampled is of how many forms one is read where races are looked for.
const sampled = 4

// Our own roll calls come back from the file in every form, cell by cell.
func TestEveryForm(t *testing.T) {
	records := corpustest.Records(t)
	calls := full(t, records)
	book := rollcall.NewBook(records.RollCalls, records.Disputes)
	for i, name := range slices.Sorted(maps.Keys(forms)) {
		if raced.On && i%sampled != 0 {
			continue
		}
		form := forms[name]
		t.Run(name, func(t *testing.T) {
			f := read(t, form.write(t, calls))
			r := f.Report
			if want := 42*193 + 4*192; r.Rows != want || r.Calls != 46 || r.Accepted != 46 || len(r.RefusedCalls)+len(r.RefusedRows) > 0 {
				t.Fatalf("%d rows of %d, %d roll calls taken of %d; refused: %v %v", r.Rows, want, r.Accepted, r.Calls, r.RefusedCalls, r.RefusedRows)
			}
			seen := map[string]bool{}
			for c := range f.Calls() {
				seen[c.ID] = true
				ours := book.Call(c.ID)
				if ours == nil || c.Date != ours.Date || c.Tally != ours.Tally {
					t.Fatalf("%s of %s, %+v: ours is %+v", c.ID, c.Date, c.Tally, ours)
				}
				if c.Meaning != knowledge.Unrated || c.Rated() || !c.Grade.SingleSource() || c.Topic != "" || len(c.Sources) > 0 {
					t.Errorf("%s is %s, of grade %s, on %q, from %q: want unrated, of one source", c.ID, c.Meaning, c.Grade, c.Topic, c.Sources)
				}
				for _, p := range knowledge.Positions {
					if d := gocmp.Diff(ours.Votes[p], c.Votes[p]); d != "" {
						t.Errorf("%s, %s (-ours +theirs):\n%s", c.ID, p, d)
					}
				}
				if want := strings.Fields(ours.Title); !form.bare && !slices.Equal(strings.Fields(c.Title)[:len(want)], want) || strings.ContainsAny(c.Title, "\r\n") {
					t.Errorf("%s has the title %q, want %q", c.ID, c.Title, ours.Title)
				}
				if !strings.HasPrefix(c.Source, "https://digitallibrary.un.org/record/") {
					t.Errorf("%s comes from %q", c.ID, c.Source)
				}
			}
			if len(seen) != 46 {
				t.Errorf("%d roll calls, want 46", len(seen))
			}
			c := unfile.Compare(f, book)
			if len(c.Equal) != 46 || len(c.Different)+len(c.New)+len(c.Part)+len(c.Unnamed) > 0 {
				t.Errorf("against our records: %d alike, others: %+v", len(c.Equal), c)
			}
		})
	}
}

// The file is read alike however the bytes arrive.
func TestAnyPieces(t *testing.T) {
	calls := full(t, corpustest.Records(t))[:2]
	for name, form := range forms {
		text := form.write(t, calls)
		want := read(t, text)
		for _, r := range []io.Reader{iotest.OneByteReader(strings.NewReader(text)), iotest.DataErrReader(strings.NewReader(text))} {
			got, err := unfile.Read(r, options)
			if err != nil {
				t.Fatal(err)
			}
			if d := gocmp.Diff(want.Report, got.Report); d != "" || got.Report.Accepted != 2 {
				t.Errorf("%s (-at once +in pieces):\n%s", name, d)
			}
		}
	}
	broken := iotest.TimeoutReader(iotest.HalfReader(strings.NewReader(forms["2025"].write(t, calls))))
	if _, err := unfile.Read(broken, options); !errors.Is(err, iotest.ErrTimeout) {
		t.Errorf("a reader that fails: %v, want its error", err)
	}
}

// Roll calls from before the members are known as a whole rest on their sums, and keep the codes of states that are gone.
func TestFormerStates(t *testing.T) {
	const head = "undl_id,ms_code,ms_name,ms_vote,date,resolution,title,vote_note,total_yes,total_no,total_abstentions,total_non_voting,total_ms\n"
	text := head +
		"1,SUN,USSR,N,1950-11-03,A/RES/377(V)[A],Uniting for peace,,2,1,0,1,4\n" +
		"1,YUG,YUGOSLAVIA,Y,1950-11-03,A/RES/377(V)[A],Uniting for peace,,2,1,0,1,4\n" +
		"2,DDR,GERMAN DEMOCRATIC REPUBLIC,N,1981-12-16,A/RES/36/148A,Refugees,,,1,,,2\n" +
		"1,CSK,CZECHOSLOVAKIA,Y,1950-11-03,A/RES/377(V)[A],Uniting for peace,Later said it had meant to abstain,2,1,0,1,4\n" +
		"1,COD,DEMOCRATIC REPUBLIC OF THE CONGO,X,1950-11-03,A/RES/377(V)[A],Uniting for peace,,2,1,0,1,4\n" +
		"2,YMD,DEMOCRATIC YEMEN,A,1981-12-16,A/RES/36/148A,Refugees,,,1,,,2\n" +
		"3,SUN,USSR,Y,1974-05-01,A/RES/3201(S-VI),New order,,,,,,\n"
	f := read(t, text)
	calls := slices.Collect(f.Calls())
	if len(calls) != 2 || calls[0].ID != "377(V)A" || calls[1].ID != "36/148A" {
		t.Fatalf("taken: %v; refused: %v", calls, f.Report.RefusedCalls)
	}
	if got := calls[0].Votes[knowledge.Yes]; !slices.Equal(got, knowledge.Codes{"CSK", "YUG"}) {
		t.Errorf("Yes: %v", got)
	}
	if got := calls[0].Note; got != "CSK: Later said it had meant to abstain" {
		t.Errorf("the note is %q", got)
	}
	if r := f.Report.RefusedCalls; len(r) != 1 || r[0].Line != 8 || !strings.Contains(r[0].What, "nothing shows that its 1 states are all") {
		t.Errorf("refused: %+v, want the one without totals", r)
	}
}

func TestNoteOfAllRows(t *testing.T) {
	f := read(t, "ms_code,ms_vote,date,resolution,vote_note,total_ms\nSUN,Y,1981-12-16,A/RES/36/1,By roll-call,2\nDDR,N,1981-12-16,A/RES/36/1,By roll-call,2\n")
	for c := range f.Calls() {
		if c.Note != "By roll-call" || c.Title != "A/RES/36/1" {
			t.Errorf("the note is %q, the title %q", c.Note, c.Title)
		}
	}
	if f.Report.Accepted != 1 {
		t.Errorf("%+v", f.Report)
	}
}

// row returns the line of the state in the roll call.
func row(t *testing.T, lines []string, code knowledge.Country, symbol string) int {
	t.Helper()
	for i, line := range lines {
		if strings.Contains(line, ","+string(code)+",") && strings.Contains(line, ","+symbol+",") {
			return i
		}
	}
	t.Fatalf("no row of %s in %s", code, symbol)
	return 0
}

// Every fault is told with its line, the roll call that it is in stays out whole, and the other is taken.
func TestFaults(t *testing.T) {
	records := corpustest.Records(t)
	all := full(t, records)
	pick := func(id string) knowledge.RollCall {
		return all[slices.IndexFunc(all, func(r knowledge.RollCall) bool { return r.ID == id })]
	}
	text := forms["2025"].write(t, []knowledge.RollCall{pick("ES-11/1"), pick("68/262")})
	lines := strings.Split(strings.TrimSuffix(text, "\n"), "\n")
	const good, bad = "A/RES/68/262", "A/RES/ES-11/1"
	peru := row(t, lines, "PER", bad)
	change := func(was, is string) func([]string) []string {
		return func(l []string) []string {
			if strings.Count(l[peru], was) == 0 {
				t.Fatalf("%q is not in %q", was, l[peru])
			}
			l[peru] = strings.Replace(l[peru], was, is, 1)
			return l
		}
	}
	everywhere := func(was, is string) func([]string) []string {
		return func(l []string) []string {
			for i := range l {
				if strings.Contains(l[i], bad) {
					l[i] = strings.Replace(l[i], was, is, 1)
				}
			}
			return l
		}
	}
	for _, tt := range []struct {
		name     string
		change   func([]string) []string
		row      string // what is said of a row
		rowLine  int
		call     string // what is said of the roll call
		callLine int
	}{
		{"unknown vote", change(",Y,", ",P,"), `ms_vote is "P"`, peru + 1, "rows of it were refused: 1", 2},
		{"vote in small letters", change(",Y,", ",y,"), `ms_vote is "y"`, peru + 1, "rows of it were refused: 1", 2},
		{"no code", change(",PER,", ",,"), `ms_code is "", of "PERU"`, peru + 1, "rows of it were refused: 1", 2},
		{"code of two letters", change(",PER,", ",PE,"), `ms_code is "PE"`, peru + 1, "rows of it were refused: 1", 2},
		{"vote changed", change(",Y,", ",N,"), "", 0, "total_yes is 141, and there are 140 such rows; total_no is 5, and there are 6 such rows", 2},
		{"state taken for another", change(",PER,", ",CHL,"), "", 0, fmt.Sprintf("CHL stands in lines %d and %d", row(t, lines, "CHL", bad)+1, peru+1), 2},
		{"state that is gone", change(",PER,", ",SUN,"), "", 0, "no member on 2022-03-02: SUN; missing: PER", 2},
		{"row missing", func(l []string) []string { return slices.Delete(l, peru, peru+1) }, "", 0, "total_yes is 141, and there are 140 such rows; total_ms is 193, and there are 192 such rows", 2},
		{"row doubled", func(l []string) []string { return append(l, l[peru]) }, "", 0, fmt.Sprintf("PER stands in lines %d and %d", peru+1, len(lines)+1), 2},
		{"column missing", change(",A/68/L.39", ""), "19 columns, and the header has 20", peru + 1, "total_yes is 141, and there are 140", 2},
		{"quotation mark that another closes", change(",A/68/L.39", `,"A/68/L.39`), "text stands behind a closing quotation mark", peru + 1, "total_yes is 141", 2},
		{"text behind a quotation mark", change(",A/68/L.39", `,"A/68"/L.39`), "text stands behind a closing quotation mark", peru + 1, "total_yes is 141", 2},
		{"neither id nor symbol", func(l []string) []string {
			l[peru] = strings.Replace(strings.Replace(l[peru], bad, "", 1), "3000000,", ",", 1)
			return l
		}, "neither an id nor a symbol", peru + 1, "total_yes is 141", 2},
		{"very long row", change("AGGRESSION", "x"), "", 0, "", 0},
		{"another date in one row", change("2022-03-02", "2022-03-03"), "", 0, fmt.Sprintf(`date is "2022-03-02" in line 2 and "2022-03-03" in line %d`, peru+1), 2},
		{"another symbol in one row", change(bad, "A/RES/ES-11/2"), "", 0, fmt.Sprintf(`resolution is "A/RES/ES-11/1" in line 2 and "A/RES/ES-11/2" in line %d`, peru+1), 2},
		{"another total in one row", change(",141,", ",142,"), "", 0, fmt.Sprintf(`total_yes is "141" in line 2 and "142" in line %d`, peru+1), 2},
		{"no date", everywhere("2022-03-02", "2022-02-30"), "", 0, "date is no day such as 2022-03-02 or 3/2/2022", 2},
		{"date of two digits", everywhere("2022-03-02", "3/2/22"), "", 0, "date is no day such as 2022-03-02 or 3/2/2022", 2},
		{"date before the session", everywhere("2022-03-02", "2022-02-03"), "", 0, "emergency special session 11 opened on 2022-02-28", 2},
		{"symbol of the Security Council", everywhere(bad, "S/RES/2623"), "", 0, `resolution is "S/RES/2623", no symbol of the General Assembly`, 2},
		{"total that is no number", everywhere(",141,", ",many,"), "", 0, `total_yes is "many", no number`, 2},
		{"link that is none", everywhere("https://digital", "javascript://digital"), "", 0, "undl_link is", 2},
		{"title that is not UTF-8", everywhere("Aggression", "Aggr\xe9ssion"), "", 0, "title is no text in UTF-8", 2},
		{"control character", everywhere("Aggression", "Aggression\x1b[2J"), "", 0, "title holds a control character", 2},
		{"nobody voted", func(l []string) []string {
			for i := range l {
				if strings.Contains(l[i], bad) {
					for _, v := range []string{",Y,", ",N,", ",A,"} {
						l[i] = strings.Replace(l[i], v, ",X,", 1)
					}
					l[i] = strings.Replace(l[i], ",141,5,35,12,193,", ",,,,,193,", 1)
				}
			}
			return l
		}, "", 0, "no state voted", 2},
		{"one symbol, two records", func(l []string) []string {
			for _, line := range l {
				if strings.Contains(line, bad) {
					l = append(l, strings.Replace(line, "3000000,", "4000000,", 1))
				}
			}
			return l
		}, "", 0, fmt.Sprintf("ES-11/1 is the symbol of several roll calls, in lines 2, %d", len(lines)+1), 2},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if tt.name == "very long row" {
				tt.change = change("A/68/L.39", strings.Repeat("x", 70_000))
				tt.row, tt.rowLine, tt.call, tt.callLine = "the row is longer than 65,536 bytes", peru+1, "total_yes is 141", 2
			}
			f := read(t, strings.Join(tt.change(slices.Clone(lines)), "\n")+"\n")
			taken := slices.Collect(f.Calls())
			if len(taken) != 1 || "A/RES/"+taken[0].ID != good {
				t.Errorf("taken: %d", len(taken))
			}
			if tt.row != "" {
				if r := f.Report.RefusedRows; len(r) != 1 || r[0].Line != tt.rowLine || !strings.Contains(r[0].What, tt.row) || r[0].Do == "" {
					t.Errorf("refused rows: %+v, want line %d: %s", r, tt.rowLine, tt.row)
				}
			} else if r := f.Report.RefusedRows; len(r) > 0 {
				t.Errorf("refused rows: %+v", r)
			}
			r := f.Report.RefusedCalls
			if len(r) == 0 || r[0].Line != tt.callLine || !strings.Contains(r[0].What, tt.call) || r[0].Do == "" {
				t.Errorf("refused roll calls: %+v, want line %d: %s", r, tt.callLine, tt.call)
			}
			if f.Report.Calls != f.Report.Accepted+len(r) {
				t.Errorf("%d roll calls, %d taken, %d refused", f.Report.Calls, f.Report.Accepted, len(r))
			}
		})
	}
}

// Behind a quotation mark that is never closed reading goes on with the next line.
func TestOpenQuotationMark(t *testing.T) {
	const head = "ms_code,ms_vote,date,resolution,total_ms,title\n"
	for _, filler := range []string{"", strings.Repeat("x", 80_000) + "\n"} {
		text := head + "SUN,Y,1981-12-16,A/RES/36/1,1,\"A title\nUSA,Y,1981-12-16,A/RES/36/2,1,5 inch 5\" guns\n" + filler
		f := read(t, text)
		if r := f.Report.RefusedRows; len(r) == 0 || r[0].Line != 2 || !strings.Contains(r[0].What, "quotation mark") {
			t.Errorf("refused: %+v", r)
		}
		calls := slices.Collect(f.Calls())
		if len(calls) != 1 || calls[0].ID != "36/2" || calls[0].Title != `5 inch 5" guns` {
			t.Errorf("taken: %+v", calls)
		}
	}
	f := read(t, head+`SUN,Y,1981-12-16,A/RES/36/1,1,"A title`)
	if r := f.Report.RefusedRows; len(r) != 1 || r[0].Line != 2 || r[0].What != "a quotation mark is opened and not closed" {
		t.Errorf("refused: %+v", r)
	}
}

// A file that is another one, or damaged as a whole, is told from one with faults.
func TestOtherFiles(t *testing.T) {
	good := forms["2025"].write(t, full(t, corpustest.Records(t))[:1])
	wide := make([]byte, 0, 2*len(good))
	for _, b := range []byte(good) {
		wide = append(wide, b, 0)
	}
	for _, tt := range []struct{ name, text, want string }{
		{"empty", "", "line 1: the file is empty"},
		{"blank lines", "\r\n\n", "line 1: the file is empty"},
		{"UTF-16 with a mark", "\xff\xfe" + string(wide), "line 1: the file is UTF-16"},
		{"UTF-16 without one", string(wide), "line 1: the file is UTF-16"},
		{"workbook", "PK\x03\x04\x14\x00", "line 1: the file is a packed one"},
		{"gzip", "\x1f\x8b\x08\x00", "line 1: the file is a packed one"},
		{"web page", "  <!DOCTYPE html>\n<html>", "line 1: the file is a web page"},
		{"old line ends", strings.ReplaceAll(good, "\n", "\r"), "line 1: the lines end in a bare carriage return"},
		{"another table", "resolution_id,iso3,position\nES-11/1,PER,yes\n", "line 1: the header lacks the columns ms_code or ms_codes, ms_vote or ms_votes, date, resolution or resolutions"},
		{"a column twice", "ms_code,ms_codes,ms_vote,date,resolution\n", "line 1: two columns are ms_code"},
		{"no lines", strings.Repeat("x", 1<<20), "line 1: the row is longer"},
		{"open quotation mark in the header", "\"ms_code,ms_vote\n", "line 1: a quotation mark"},
		{"refused all over", "ms_code,ms_vote,date,resolution\n" + strings.Repeat("PER,?,2022-03-02,A/RES/ES-11/1\n", 100_001), "line 100002: more than 100000 rows were refused"},
	} {
		_, err := unfile.Read(strings.NewReader(tt.text), options)
		if fe := (*unfile.FileError)(nil); !errors.As(err, &fe) || !strings.HasPrefix(err.Error(), tt.want) || fe.Do == "" {
			t.Errorf("%s: %v, want %s", tt.name, err, tt.want)
		}
	}
}

// Dates with slashes are read in one order in the whole file, and in none where it has two.
func TestSlashes(t *testing.T) {
	const head = "ms_code,ms_vote,date,resolution,total_ms\n"
	for _, tt := range []struct{ name, text, want, note string }{
		{"no date shows the order", "SUN,Y,12/11/1981,A/RES/36/1,1\n", "1981-12-11", "taken to begin with the month"},
		{"month first", "SUN,Y,12/11/1981,A/RES/36/1,1\nSUN,Y,12/16/1981,A/RES/36/2,1\n", "1981-12-11", "begin with the month, as line 3 shows"},
		{"day first", "SUN,Y,12/11/1981,A/RES/36/1,1\nSUN,Y,16/12/1981,A/RES/36/2,1\n", "1981-11-12", "begin with the day, as line 3 shows"},
		{"with a time", "SUN,Y,12/11/1981 0:00,A/RES/36/1,1\n", "1981-12-11", "taken to begin with the month"},
		{"both", "SUN,Y,12/16/1981,A/RES/36/1,1\nSUN,Y,16/12/1981,A/RES/36/2,1\nSUN,Y,1981-12-16,A/RES/36/3,1\n", "1981-12-16", "month in line 2 and with the day in line 3"},
	} {
		f := read(t, head+tt.text)
		calls := slices.Collect(f.Calls())
		if len(calls) == 0 || calls[0].Date.String() != tt.want || len(f.Report.Notes) != 1 || !strings.Contains(f.Report.Notes[0], tt.note) {
			t.Errorf("%s: %v, notes %q; want %s and %q", tt.name, calls, f.Report.Notes, tt.want, tt.note)
		}
	}
}

// What our records hold otherwise is listed cell by cell; what they lack is new; nothing else is for importing.
func TestCompare(t *testing.T) {
	records := corpustest.Records(t)
	calls := full(t, records)
	text := forms["2025"].write(t, calls)
	f := read(t, text)

	ours := slices.Clone(records.RollCalls)
	ours = slices.DeleteFunc(ours, func(r knowledge.RollCall) bool { return r.ID == "ES-11/3" })
	at := func(id string) *knowledge.RollCall {
		return &ours[slices.IndexFunc(ours, func(r knowledge.RollCall) bool { return r.ID == id })]
	}
	// ES-11/1 has two states exchanged, ES-11/2 another day, ES-11/4 a few cells, and ES-11/5 the id of its day.
	exchanged := at("ES-11/1")
	yes, no := slices.Clone(exchanged.Votes[knowledge.Yes]), slices.Clone(exchanged.Votes[knowledge.No])
	yes[0], no[0] = no[0], yes[0]
	exchanged.Votes = map[knowledge.Position]knowledge.Codes{
		knowledge.Yes: yes, knowledge.No: no, knowledge.Abstain: exchanged.Votes[knowledge.Abstain], knowledge.Absent: exchanged.Votes[knowledge.Absent],
	}
	at("ES-11/2").Date++
	part := at("ES-11/4")
	part.Partial, part.Cells, part.Votes = true, []knowledge.Cells{{Source: "one", Yes: part.Votes[knowledge.Yes][:3]}}, nil
	unnamed := at("ES-11/5")
	unnamed.ID, unnamed.Unnumbered = "GA-"+unnamed.Date.String(), true

	disputes := []knowledge.Dispute{{RollCall: "ES-11/1", Country: no[0], Record: knowledge.No, Other: knowledge.Yes, By: "the library"}}
	c := unfile.Compare(f, rollcall.NewBook(ours, disputes))
	if len(c.Equal) != 41 || !slices.Equal(c.New, []string{"ES-11/3"}) {
		t.Errorf("%d alike, new %v", len(c.Equal), c.New)
	}
	if len(c.Part) != 1 || c.Part[0].ID != "ES-11/4" || c.Part[0].Held != 3 || c.Part[0].Added != 190 {
		t.Errorf("in part: %+v", c.Part)
	}
	if len(c.Unnamed) != 1 || c.Unnamed[0].ID != "ES-11/5" || c.Unnamed[0].Held != unnamed.ID {
		t.Errorf("held by date: %+v", c.Unnamed)
	}
	if len(c.Different) != 2 || c.Different[0].ID != "ES-11/1" || c.Different[1].ID != "ES-11/2" || c.Different[1].Date[1] != 20220324 {
		t.Fatalf("different: %+v", c.Different)
	}
	want := []unfile.Cell{ // by state
		{Country: no[0], Ours: knowledge.No, Theirs: knowledge.Yes, Disputed: "the library"},
		{Country: yes[0], Ours: knowledge.Yes, Theirs: knowledge.No},
	}
	if d := gocmp.Diff(want, c.Different[0].Cells); d != "" {
		t.Errorf("cells of ES-11/1 (-want +got):\n%s", d)
	}
	fresh := slices.Collect(c.Fresh())
	if len(fresh) != 1 || fresh[0].ID != "ES-11/3" {
		t.Fatalf("for importing: %v", fresh)
	}
	if text, err := json.Marshal(fresh[0].RollCall); err != nil || len(text) > 1500 {
		t.Errorf("%d bytes of JSON, %v: %s", len(text), err, text)
	}
}
