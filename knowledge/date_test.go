package knowledge_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"stancebot/knowledge"
)

func TestParseDate(t *testing.T) {
	tests := []struct {
		in          string
		want        knowledge.Date
		precision   knowledge.Precision
		first, last knowledge.Day
	}{
		{"2007", 20070000, knowledge.YearPrecision, 20070101, 20071231},
		{"2021-07", 20210700, knowledge.MonthPrecision, 20210701, 20210731},
		{"2025-10-16", 20251016, knowledge.DayPrecision, 20251016, 20251016},
		{"2025-12", 20251200, knowledge.MonthPrecision, 20251201, 20251231},
		{"2023-02", 20230200, knowledge.MonthPrecision, 20230201, 20230228},
		{"2024-02", 20240200, knowledge.MonthPrecision, 20240201, 20240229},
		{"1900-02", 19000200, knowledge.MonthPrecision, 19000201, 19000228},
		{"2000-02", 20000200, knowledge.MonthPrecision, 20000201, 20000229},
		{"2024-02-29", 20240229, knowledge.DayPrecision, 20240229, 20240229},
		{"2000-02-29", 20000229, knowledge.DayPrecision, 20000229, 20000229},
		{"0001", 10000, knowledge.YearPrecision, 10101, 11231},
		{"0001-01-01", 10101, knowledge.DayPrecision, 10101, 10101},
		{"9999", 99990000, knowledge.YearPrecision, 99990101, 99991231},
		{"9999-12", 99991200, knowledge.MonthPrecision, 99991201, 99991231},
		{"9999-12-31", 99991231, knowledge.DayPrecision, 99991231, 99991231},
	}
	for _, tt := range tests {
		got, err := knowledge.ParseDate(tt.in)
		if err != nil || got != tt.want {
			t.Errorf("ParseDate(%q) = %d, %v, want %d", tt.in, got, err, tt.want)
			continue
		}
		if got.Precision() != tt.precision || got.First() != tt.first || got.Last() != tt.last {
			t.Errorf("%s: precision %d, first %d, last %d, want %d, %d, %d",
				tt.in, got.Precision(), got.First(), got.Last(), tt.precision, tt.first, tt.last)
		}
		if got.String() != tt.in {
			t.Errorf("ParseDate(%q).String() = %q", tt.in, got)
		}
	}
}

// badDates are no dates: what the calendar does not have, and what is not written as the records write it.
var badDates = []string{
	"2023-02-29", "1900-02-29", "2100-02-29", "2025-02-30", "2025-04-31", "2025-06-31", "2025-09-31", "2025-11-31",
	"2025-01-32", "2025-01-00", "2025-00-01", "2025-00", "2025-13", "2025-13-01", "2025-99-99",
	"0000", "0000-01", "0000-01-01",
	"", " ", "-", "--", "2025-", "-2025", "2025--01", "2025-10-", "2025-10-16-", "2025-10-16-01",
	"25", "207", "20251", "20251016", "2025-1", "2025-1-1", "2025-010-1", "2025-10-160", "2025-10-1a",
	" 2025", "2025 ", "2025\n", "2025-10-16 ", "\t2025-10-16", "2025\x00",
	"+025", "-025", "2o25", "0x7E", "2_25", "1e03", "20.5", "2025-+1", "2025-1_", "2025-10-+6",
	"2025/10/16", "2025.10.16", "16-10-2025", "10/16/2025", "2025-10-16T00:00:00Z", "2025-W42", "2025-289",
	"2025\u201110\u201116", "2025\u201310", "\uff12\uff10\uff12\uff15", "\u0662\u0660\u0662\u0665", "\u20252", "\xff025",
	"today", "yesterday", "null", "NaN", "16 Oct 2025", "2025-Oct-16",
}

func TestParseDateRefuses(t *testing.T) {
	for _, in := range badDates {
		if got, err := knowledge.ParseDate(in); err == nil || got != 0 {
			t.Errorf("ParseDate(%q) = %d, %v, want 0 and an error", in, got, err)
		} else if !strings.Contains(err.Error(), fmt.Sprintf("%q", in)) {
			// The desk finds the value in its file by the error alone.
			t.Errorf("ParseDate(%q): the error does not show what is bad: %v", in, err)
		}
		if got, err := knowledge.ParseDay(in); err == nil || got != 0 {
			t.Errorf("ParseDay(%q) = %d, %v, want 0 and an error", in, got, err)
		}
	}
}

func TestParseDateTellsFormFromCalendar(t *testing.T) {
	// A person who writes 2025-02-30 has the form right: to be told of the form would send them astray.
	for in, want := range map[string]string{
		"2025-02-30": "calendar", "2025-13": "calendar", "0000": "calendar", "2025-00": "calendar", "2025-01-00": "calendar",
		"2025-2-3": "want a year", "today": "want a year", "20251016": "want a year",
	} {
		if _, err := knowledge.ParseDate(in); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("ParseDate(%q): error %v, want one that says %q", in, err, want)
		}
	}
}

func TestParseDay(t *testing.T) {
	got, err := knowledge.ParseDay("2024-02-29")
	if err != nil || got != 20240229 {
		t.Fatalf("ParseDay = %d, %v, want 20240229", got, err)
	}
	if got.Year() != 2024 || got.Month() != 2 || got.Dom() != 29 {
		t.Errorf("parts %d %d %d, want 2024 2 29", got.Year(), got.Month(), got.Dom())
	}
	if got.IsZero() || got.String() != "2024-02-29" || got.Date() != 20240229 {
		t.Errorf("zero %v, string %q, date %d", got.IsZero(), got, got.Date())
	}
	// A day is never made up: a month is no day, although its first day would be one.
	for _, in := range []string{"2024", "2024-02"} {
		if got, err := knowledge.ParseDay(in); err == nil || got != 0 {
			t.Errorf("ParseDay(%q) = %d, %v, want 0 and an error", in, got, err)
		}
	}
}

func TestZeroIsNoDate(t *testing.T) {
	var day knowledge.Day
	var date knowledge.Date
	if !day.IsZero() || day.String() != "" {
		t.Errorf("the zero Day: IsZero %v, String %q", day.IsZero(), day)
	}
	if !date.IsZero() || date.String() != "" || date.Precision() != knowledge.NoDate || date.First() != 0 || date.Last() != 0 {
		t.Errorf("the zero Date: %v %q %v %v %v", date.IsZero(), date, date.Precision(), date.First(), date.Last())
	}
}

func TestDayOfCountsInTheTimesOwnZone(t *testing.T) {
	lima := time.FixedZone("Lima", -5*60*60)
	late := time.Date(2025, time.December, 31, 23, 30, 0, 0, lima)
	if got := knowledge.DayOf(late); got != 20251231 {
		t.Errorf("DayOf in Lima = %s, want 2025-12-31: there it is not yet the new year", got)
	}
	if got := knowledge.DayOf(late.UTC()); got != 20260101 {
		t.Errorf("DayOf in UTC = %s, want 2026-01-01", got)
	}
	if got := knowledge.Day(20251016).Time(); !got.Equal(time.Date(2025, time.October, 16, 0, 0, 0, 0, time.UTC)) {
		t.Errorf("Time = %s, want midnight UTC", got)
	}
}

func TestSub(t *testing.T) {
	for _, tt := range []struct {
		d, e knowledge.Day
		want int
	}{
		{20251016, 20251016, 0},
		{20251017, 20251016, 1},
		{20251016, 20251017, -1},
		{20251123, 20251016, 38},
		{20261123, 20251016, 403},
		{20240301, 20240228, 2}, // over a leap day
		{20230301, 20230228, 1},
		{20250101, 20241231, 1},
		{20251031, 20251026, 5}, // over the end of summer time in Europe: days are whole
		{20300101, 19450101, 31046},
	} {
		if got := tt.d.Sub(tt.e); got != tt.want {
			t.Errorf("%s minus %s = %d days, want %d", tt.d, tt.e, got, tt.want)
		}
	}
}

// genTime draws midnights within years that lie close enough together for a time.Duration between any two.
func genTime(from, to int) *rapid.Generator[time.Time] {
	start := time.Date(from, time.January, 1, 0, 0, 0, 0, time.UTC)
	days := int(time.Date(to, time.December, 31, 0, 0, 0, 0, time.UTC).Sub(start) / (24 * time.Hour))
	return rapid.Map(rapid.IntRange(0, days), func(n int) time.Time { return start.AddDate(0, 0, n) })
}

// genDate draws dates of every precision, as the records write them, and the days they begin and end on.
func genDate() *rapid.Generator[[3]string] {
	return rapid.Custom(func(t *rapid.T) [3]string {
		day := genTime(1850, 2100).Draw(t, "day")
		y, m, _ := day.Date()
		first := time.Date(y, m, 1, 0, 0, 0, 0, time.UTC)
		switch rapid.IntRange(1, 3).Draw(t, "precision") {
		case 1:
			return [3]string{day.Format("2006"), day.Format("2006-01-01")[:5] + "01-01", day.Format("2006") + "-12-31"}
		case 2:
			return [3]string{day.Format("2006-01"), first.Format(time.DateOnly), first.AddDate(0, 1, -1).Format(time.DateOnly)}
		default:
			return [3]string{day.Format(time.DateOnly), day.Format(time.DateOnly), day.Format(time.DateOnly)}
		}
	})
}

// failer is what a *testing.T and a *rapid.T have in common here.
type failer interface {
	Helper()
	Fatalf(format string, args ...any)
}

func mustDate(t failer, s string) knowledge.Date {
	t.Helper()
	d, err := knowledge.ParseDate(s)
	if err != nil {
		t.Fatalf("ParseDate(%q): %v", s, err)
	}
	return d
}

func TestDatesRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := genDate().Draw(t, "date")
		d := mustDate(t, want[0])
		if got := [3]string{d.String(), d.First().String(), d.Last().String()}; got != want {
			t.Fatalf("string, first and last day are %v, want %v", got, want)
		}
		if d.First() > d.Last() || knowledge.Date(d.First()) < d {
			t.Fatalf("%s: stored as %d, first %d, last %d are out of order", d, d, d.First(), d.Last())
		}
		if want := map[int]knowledge.Precision{4: 1, 7: 2, 10: 3}[len(want[0])]; d.Precision() != want {
			t.Fatalf("%s: precision %d, want %d", d, d.Precision(), want)
		}
	})
}

func TestDaysCompareAsTime(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := genTime(1850, 2100).Draw(t, "a"), genTime(1850, 2100).Draw(t, "b")
		d, e := knowledge.DayOf(a), knowledge.DayOf(b)
		if (d < e) != a.Before(b) || (d == e) != a.Equal(b) || (d < e) != (d.String() < e.String()) {
			t.Fatalf("%s and %s compare otherwise than their times", d, e)
		}
		if !d.Time().Equal(a) {
			t.Fatalf("%s.Time() = %s, want %s", d, d.Time(), a)
		}
		if n := d.Sub(e); !b.AddDate(0, 0, n).Equal(a) || e.Sub(d) != -n {
			t.Fatalf("%s minus %s = %d, and back %d", d, e, n, e.Sub(d))
		}
	})
}

func TestPeriodCovers(t *testing.T) {
	tests := []struct {
		name             string
		from, to         string
		before, starts   string // the last day before the start, and the first of it
		ends, afterwards string // the last day, and the one behind it
	}{
		{"years", "2007", "2010", "2006-12-31", "2007-01-01", "2010-12-31", "2011-01-01"},
		{"months", "2021-07", "2024-02", "2021-06-30", "2021-07-01", "2024-02-29", "2024-03-01"},
		{"days", "2025-10-10", "2025-10-16", "2025-10-09", "2025-10-10", "2025-10-16", "2025-10-17"},
		{"a year up to a month", "2006", "2006-01", "2005-12-31", "2006-01-01", "2006-01-31", "2006-02-01"},
		{"a day up to its year", "2019-11-12", "2019", "2019-11-11", "2019-11-12", "2019-12-31", "2020-01-01"},
		{"one year", "2016", "2016", "2015-12-31", "2016-01-01", "2016-12-31", "2017-01-01"},
		{"one day", "2016-06-01", "2016-06-01", "2016-05-31", "2016-06-01", "2016-06-01", "2016-06-02"},
		{"an open end", "2018", "", "2017-12-31", "2018-01-01", "9999-12-31", ""},
		{"an open start", "", "2018", "", "0001-01-01", "2018-12-31", "2019-01-01"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var p knowledge.Period
			if tt.from != "" {
				p.From = mustDate(t, tt.from)
			}
			if tt.to != "" {
				p.To = mustDate(t, tt.to)
			}
			check := func(day string, started, covers bool) {
				t.Helper()
				if day == "" {
					return
				}
				d := mustDate(t, day).First()
				if p.Started(d) != started || p.Covers(d) != covers {
					t.Errorf("on %s: started %v, covers %v, want %v, %v", d, p.Started(d), p.Covers(d), started, covers)
				}
			}
			check(tt.before, false, false)
			check(tt.starts, true, true)
			check(tt.ends, true, true)
			check(tt.afterwards, true, false)
		})
	}
}

func TestUndatedPeriodIsNeverKnownToHold(t *testing.T) {
	// What nobody has dated must not slip into an answer about a day, whatever dates stand beside the flag.
	rapid.Check(t, func(t *rapid.T) {
		p := knowledge.Period{Undated: true}
		if rapid.Bool().Draw(t, "with dates") {
			p.From = mustDate(t, genDate().Draw(t, "from")[0])
			p.To = mustDate(t, genDate().Draw(t, "to")[0])
		}
		day := knowledge.DayOf(genTime(1850, 2100).Draw(t, "day"))
		if p.Started(day) || p.Covers(day) {
			t.Fatalf("%+v: started %v, covers %v on %s", p, p.Started(day), p.Covers(day), day)
		}
	})
}

func TestPeriodCoversByComparingText(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		from, to := genDate().Draw(t, "from"), genDate().Draw(t, "to")
		open := rapid.Bool().Draw(t, "open")
		day := genTime(1850, 2100).Draw(t, "day").Format(time.DateOnly)
		p := knowledge.Period{From: mustDate(t, from[0])}
		if !open {
			p.To = mustDate(t, to[0])
		}
		started := from[1] <= day
		covers := started && (open || day <= to[2])
		d := mustDate(t, day).First()
		if p.Started(d) != started || p.Covers(d) != covers {
			t.Fatalf("%s to %s on %s: started %v, covers %v, want %v, %v", p.From, p.To, d, p.Started(d), p.Covers(d), started, covers)
		}
	})
}

// dated is a record such as the corpus holds, with everything that has a text form of its own.
type dated struct {
	Day   knowledge.Day    `json:"day"`
	Date  knowledge.Date   `json:"date"`
	At    knowledge.Where  `json:"at"`
	Since knowledge.Period `json:"since"`
}

func TestDatesRoundTripThroughJSON(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := dated{
			Day: knowledge.DayOf(genTime(1850, 2100).Draw(t, "day")),
			At:  knowledge.Where{Section: fmt.Sprintf("S%d", rapid.IntRange(0, 9).Draw(t, "section")), Paragraph: rapid.IntRange(0, 99).Draw(t, "paragraph")},
		}
		if rapid.Bool().Draw(t, "with dates") {
			want.Date = mustDate(t, genDate().Draw(t, "date")[0])
			want.Since.From = mustDate(t, genDate().Draw(t, "from")[0])
		}
		text, err := json.Marshal(want)
		if err != nil {
			t.Fatal(err)
		}
		var got dated
		if err := json.Unmarshal(text, &got); err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("%s (-want +got):\n%s", text, diff)
		}
	})
}

func TestJSONForm(t *testing.T) {
	text, err := json.Marshal(dated{
		Day: 20251016, Date: 20210700, At: knowledge.Where{Section: "S4", Paragraph: 6},
		Since: knowledge.Period{From: 20070000},
	})
	if err != nil {
		t.Fatal(err)
	}
	// The records are files that people read and compare: a date stands there as it is written, and one that is not
	// known leaves no trace in a period.
	want := `{"day":"2025-10-16","date":"2021-07","at":"S4.6","since":{"from":"2007"}}`
	if string(text) != want {
		t.Errorf("got  %s\nwant %s", text, want)
	}
	if text, err = json.Marshal(dated{}); err != nil || string(text) != `{"day":"","date":"","at":"","since":{}}` {
		t.Errorf("the zero record is %s, %v", text, err)
	}
}

func TestUnmarshalDate(t *testing.T) {
	for in, want := range map[string]knowledge.Date{
		`2007`:         20070000, // as YAML without quotes gives it
		`"2007"`:       20070000,
		`"2021-07"`:    20210700,
		`"2025-10-16"`: 20251016,
		`""`:           0,
	} {
		got := knowledge.Date(12340000) // an old value must not shine through
		if err := json.Unmarshal([]byte(in), &got); err != nil || got != want {
			t.Errorf("%s as a Date = %d, %v, want %d", in, got, err, want)
		}
	}
	for _, in := range []string{`207`, `20251016`, `2025.5`, `2e3`, `-207`, `0`, `true`, `{}`, `[]`, `[2007]`, `"2025-02-30"`, `"today"`, `" 2007"`} {
		var got knowledge.Date
		if err := json.Unmarshal([]byte(in), &got); err == nil || got != 0 {
			t.Errorf("%s as a Date = %d, %v, want an error", in, got, err)
		}
	}
	var p knowledge.Period
	if err := json.Unmarshal([]byte(`{"from":2007,"to":"2010-02"}`), &p); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(knowledge.Period{From: 20070000, To: 20100200}, p); diff != "" {
		t.Errorf("period (-want +got):\n%s", diff)
	}
}

func TestUnmarshalDay(t *testing.T) {
	for in, want := range map[string]knowledge.Day{`"2025-10-16"`: 20251016, `""`: 0} {
		got := knowledge.Day(12340101)
		if err := json.Unmarshal([]byte(in), &got); err != nil || got != want {
			t.Errorf("%s as a Day = %d, %v, want %d", in, got, err, want)
		}
	}
	for _, in := range []string{`2025`, `20251016`, `"2025"`, `"2025-10"`, `"2025-02-30"`, `"2025-10-16T00:00:00Z"`, `{}`, `true`} {
		var got knowledge.Day
		if err := json.Unmarshal([]byte(in), &got); err == nil || got != 0 {
			t.Errorf("%s as a Day = %d, %v, want an error", in, got, err)
		}
	}
}

// FuzzParseDate holds ParseDate against the standard library: it must take just what time.Parse takes in one of the
// three layouts, but for the year 0, and give it back unchanged.
func FuzzParseDate(f *testing.F) {
	for _, s := range []string{"2007", "2021-07", "2025-10-16", "2024-02-29", "0001", "9999-12-31"} {
		f.Add(s)
	}
	for _, s := range badDates {
		f.Add(s)
	}
	layouts := map[int]string{4: "2006", 7: "2006-01", 10: time.DateOnly}
	f.Fuzz(func(t *testing.T, s string) {
		got, err := knowledge.ParseDate(s)
		want, wantErr := time.Parse(layouts[len(s)], s)
		ok := wantErr == nil && layouts[len(s)] != "" && want.Year() != 0
		if (err == nil) != ok {
			t.Fatalf("ParseDate(%q) = %d, %v; the calendar says %v", s, got, err, ok)
		}
		if !ok {
			if got != 0 {
				t.Fatalf("ParseDate(%q) gives %d beside its error", s, got)
			}
			return
		}
		if got.String() != s {
			t.Fatalf("ParseDate(%q).String() = %q", s, got)
		}
		if !got.First().Time().Equal(want) || got.Last() < got.First() {
			t.Fatalf("%s: from %s to %s, want a start of %s", s, got.First(), got.Last(), want)
		}
		if next := knowledge.DayOf(got.Last().Time().AddDate(0, 0, 1)); got.Precision() != knowledge.DayPrecision && next.Dom() != 1 {
			t.Fatalf("%s ends on %s, which is not the end of a month", s, got.Last())
		}
		day, err := knowledge.ParseDay(s)
		if (err == nil) != (len(s) == len(time.DateOnly)) || err == nil && day.Date() != got {
			t.Fatalf("ParseDay(%q) = %d, %v, but ParseDate gives %d", s, day, err, got)
		}
	})
}
