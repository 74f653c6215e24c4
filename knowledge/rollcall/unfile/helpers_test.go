package unfile_test

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"

	"stancebot/knowledge"
	"stancebot/knowledge/places"
	"stancebot/knowledge/rollcall"
	"stancebot/knowledge/rollcall/unfile"
)

// A form is one way in which the file comes.
type form struct {
	old       bool   // the column names of 2024, ms_codes to total-voting
	absent    string // X, NV or nothing
	day       string // the layout of dates
	mark      bool   // of the byte order
	crlf      bool
	shuffled  bool // rows, and columns
	lines     bool // titles of several lines
	separator rune
	decimals  bool // totals as 141.0
	bare      bool // the needed columns alone
	blank     bool // empty lines at the end
}

const iso = "2006-01-02"

var forms = map[string]form{
	"2025":                  {absent: "X", day: iso},
	"2024":                  {old: true, absent: "NV", day: iso},
	"empty votes":           {absent: "", day: iso},
	"American dates":        {absent: "X", day: "1/2/2006"},
	"dates by a day first":  {absent: "X", day: "02/01/2006"},
	"dates with a time":     {absent: "X", day: "2006-01-02 15:04:05"},
	"byte order mark":       {absent: "X", day: iso, mark: true},
	"line ends of Windows":  {absent: "X", day: iso, crlf: true, lines: true, blank: true},
	"shuffled":              {absent: "NV", day: iso, shuffled: true, lines: true},
	"semicolons":            {absent: "X", day: "1/2/2006", separator: ';', mark: true, crlf: true},
	"tabs":                  {absent: "X", day: iso, separator: '\t'},
	"totals with decimals":  {absent: "X", day: iso, decimals: true, blank: true},
	"needed columns alone":  {absent: "X", day: iso, bare: true},
	"titles of many lines":  {absent: "X", day: iso, lines: true},
	"old, shuffled, marked": {old: true, absent: "NV", day: "1/2/2006", shuffled: true, mark: true, crlf: true, lines: true, decimals: true},
}

// columns are the columns of the file, with their names in 2024 where those are others.
var columns = [][2]string{
	{"undl_id"},
	{"ms_code", "ms_codes"},
	{"ms_name", "ms_names"},
	{"ms_vote", "ms_votes"},
	{"date"},
	{"session"},
	{"resolution", "resolutions"},
	{"draft"},
	{"committee_report"},
	{"meeting"},
	{"title"},
	{"agenda_title", "agenda_titles"},
	{"subjects"},
	{"vote_note"},
	{"total_yes", "yes"},
	{"total_no", "no"},
	{"total_abstentions", "abstentions"},
	{"total_non_voting", "non-voting"},
	{"total_ms", "total-voting"},
	{"undl_link"},
}

// rowsOf writes a roll call as rows of the columns.
func (f form) rowsOf(r *knowledge.RollCall, number int) [][]string {
	votes := map[knowledge.Position]string{knowledge.Yes: "Y", knowledge.No: "N", knowledge.Abstain: "A", knowledge.Absent: f.absent}
	id := strconv.Itoa(3_000_000 + number)
	title := strings.Replace(r.Title, " ", "  ", 1)
	if f.lines {
		title = strings.Replace(r.Title, " ", " \n", 1) + ` : resolution "as adopted", by the General Assembly`
	}
	total := func(n int) string {
		if f.decimals {
			return fmt.Sprintf("%d.0", n)
		}
		return strconv.Itoa(n)
	}
	var rows [][]string
	for _, p := range knowledge.Positions {
		for _, c := range r.Votes[p] {
			rows = append(rows, []string{
				id, string(c), strings.ToUpper(places.Name(c)), votes[p], r.Date.Time().Format(f.day), rollcall.Session(r.ID), "A/RES/" + r.ID,
				"A/68/L.39", "", "A/68/PV.80", title, "An item | another, with a comma", "A SUBJECT", "", total(r.Tally.Yes), total(r.Tally.No),
				total(r.Tally.Abstain), total(r.Tally.Absent), total(r.Tally.Sum()), "https://digitallibrary.un.org/record/" + id,
			})
		}
	}
	return rows
}

// write writes roll calls in the form, in random order where the form asks for it.
func (f form) write(tb testing.TB, calls []knowledge.RollCall) string {
	tb.Helper()
	var head []string
	for _, names := range columns {
		name := names[0]
		if f.old && names[1] != "" {
			name = names[1]
		}
		head = append(head, name)
	}
	var rows [][]string
	for i := range calls {
		rows = append(rows, f.rowsOf(&calls[i], i)...)
	}
	places := rand.New(rand.NewPCG(1, 2)).Perm(len(head))
	switch {
	case f.bare:
		places = []int{1, 3, 4, 6}
	case f.shuffled:
		rand.New(rand.NewPCG(3, 4)).Shuffle(len(rows), func(i, j int) { rows[i], rows[j] = rows[j], rows[i] })
	default:
		slices.Sort(places)
	}
	var b bytes.Buffer
	if f.mark {
		b.WriteString("\xef\xbb\xbf")
	}
	w := csv.NewWriter(&b)
	w.UseCRLF = f.crlf
	if f.separator != 0 {
		w.Comma = f.separator
	}
	for _, row := range append([][]string{head}, rows...) {
		var out []string
		for _, place := range places {
			out = append(out, row[place])
		}
		if err := w.Write(out); err != nil {
			tb.Fatal(err)
		}
	}
	w.Flush()
	if f.blank {
		b.WriteString("\r\n\n\r\n")
	}
	return b.String()
}

// full returns the roll calls of the records of which every cell is known.
func full(tb testing.TB, r *knowledge.Records) []knowledge.RollCall {
	tb.Helper()
	var calls []knowledge.RollCall
	for _, c := range r.RollCalls {
		if !c.Partial {
			calls = append(calls, c)
		}
	}
	if len(calls) != 46 {
		tb.Fatalf("%d full roll calls, want 46", len(calls))
	}
	return calls
}

// membersOn is what the program knows of members.
func membersOn(day knowledge.Day) []knowledge.Country {
	if day < places.WholeFrom {
		return nil
	}
	return places.MembersOn(day)
}

var options = unfile.Options{Members: membersOn}

// read reads a text that is no other file.
func read(tb testing.TB, text string) *unfile.File {
	tb.Helper()
	f, err := unfile.Read(strings.NewReader(text), options)
	if err != nil {
		tb.Fatal(err)
	}
	return f
}
