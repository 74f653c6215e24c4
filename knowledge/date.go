package knowledge

import (
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// A Day is one calendar day as the number yyyymmdd, so that days compare with < and >. The zero Day is no day.
type Day int32

// DayOf returns the calendar day of t in t's own location.
func DayOf(t time.Time) Day {
	y, m, d := t.Date()
	return makeDay(y, int(m), d)
}

// ParseDay reads a full date, yyyy-mm-dd. A date that the calendar does not have is an error.
func ParseDay(s string) (Day, error) {
	d, err := ParseDate(s)
	if err != nil {
		return 0, err
	}
	if d.Precision() != DayPrecision {
		return 0, fmt.Errorf("%q is not a full date: want yyyy-mm-dd", s)
	}
	return d.First(), nil
}

func makeDay(y, m, d int) Day { return Day(y*10000 + m*100 + d) }

// IsZero reports whether d is no day at all.
func (d Day) IsZero() bool { return d == 0 }

// Year returns the year of d.
func (d Day) Year() int { return int(d) / 10000 }

// Month returns the month of d, from 1 to 12.
func (d Day) Month() int { return int(d) / 100 % 100 }

// Dom returns the day of the month of d, from 1.
func (d Day) Dom() int { return int(d) % 100 }

// Time returns midnight UTC at the start of d.
func (d Day) Time() time.Time {
	return time.Date(d.Year(), time.Month(d.Month()), d.Dom(), 0, 0, 0, 0, time.UTC)
}

// Sub returns the number of days from e to d: positive when d is the later one.
func (d Day) Sub(e Day) int { return int((d.Time().Unix() - e.Time().Unix()) / (24 * 60 * 60)) }

// Date returns d as a Date of full precision.
func (d Day) Date() Date { return Date(d) }

// String returns d as yyyy-mm-dd, or "" for the zero Day.
func (d Day) String() string { return Date(d).String() }

// MarshalText writes d as yyyy-mm-dd.
func (d Day) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads d as yyyy-mm-dd; empty text is the zero Day.
func (d *Day) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		*d = 0
		return nil
	}
	day, err := ParseDay(string(text))
	*d = day
	return err
}

// A Date is a day, a month or a year: as much as its source tells. It is stored as yyyymmdd with zeros for the
// parts that are not known. The zero Date is no date.
type Date int32

// A Precision tells how much of a Date is known.
type Precision int

// The precisions of a Date, from the vaguest.
const (
	NoDate Precision = iota
	YearPrecision
	MonthPrecision
	DayPrecision
)

var errDateForm = errors.New("want a year, a month or a day: 2007, 2021-07 or 2025-10-16")

// ParseDate reads 2007, 2021-07 or 2025-10-16. A date that the calendar does not have is an error.
func ParseDate(s string) (Date, error) {
	var parts [3]int
	fields := strings.Split(s, "-")
	if len(fields) > 3 || len(fields[0]) != 4 {
		return 0, fmt.Errorf("bad date %q: %w", s, errDateForm)
	}
	for i, f := range fields {
		n, err := strconv.ParseUint(f, 10, 16)
		if err != nil || (i > 0 && len(f) != 2) {
			return 0, fmt.Errorf("bad date %q: %w", s, errDateForm)
		}
		parts[i] = int(n)
	}
	d := Date(makeDay(parts[0], parts[1], parts[2]))
	y, m, dom := parts[0], max(parts[1], 1), max(parts[2], 1)
	t := time.Date(y, time.Month(m), dom, 0, 0, 0, 0, time.UTC)
	if len(fields) > 1 && parts[1] == 0 || len(fields) > 2 && parts[2] == 0 ||
		t.Year() != y || int(t.Month()) != m || t.Day() != dom || y == 0 {
		return 0, fmt.Errorf("bad date %q: the calendar has no such day", s)
	}
	return d, nil
}

// IsZero reports whether d is no date at all.
func (d Date) IsZero() bool { return d == 0 }

// Precision tells how much of d is known.
func (d Date) Precision() Precision {
	switch {
	case d == 0:
		return NoDate
	case d%10000 == 0:
		return YearPrecision
	case d%100 == 0:
		return MonthPrecision
	default:
		return DayPrecision
	}
}

// First returns the first day that d can mean: as a start, a year or a month counts from here.
func (d Date) First() Day {
	y, m, dom := int(d)/10000, int(d)/100%100, int(d)%100
	if d == 0 {
		return 0
	}
	return makeDay(y, max(m, 1), max(dom, 1))
}

// Last returns the last day that d can mean: as an end, a year or a month counts up to and including here.
func (d Date) Last() Day {
	y, m := int(d)/10000, int(d)/100%100
	switch d.Precision() {
	case YearPrecision:
		return makeDay(y, 12, 31)
	case MonthPrecision:
		return DayOf(time.Date(y, time.Month(m)+1, 0, 0, 0, 0, 0, time.UTC))
	default:
		return Day(d)
	}
}

// String returns d as it is written in the records, or "" for the zero Date.
func (d Date) String() string {
	y, m, dom := int(d)/10000, int(d)/100%100, int(d)%100
	switch d.Precision() {
	case NoDate:
		return ""
	case YearPrecision:
		return fmt.Sprintf("%04d", y)
	case MonthPrecision:
		return fmt.Sprintf("%04d-%02d", y, m)
	default:
		b := [10]byte{4: '-', 7: '-'}
		putDigits(b[0:4], y)
		putDigits(b[5:7], m)
		putDigits(b[8:10], dom)
		return string(b[:])
	}
}

func putDigits(b []byte, n int) {
	for i := len(b) - 1; i >= 0; i-- {
		b[i] = byte('0' + n%10)
		n /= 10
	}
}

// MarshalText writes d as it stands in the records.
func (d Date) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads d as ParseDate does; empty text is the zero Date.
func (d *Date) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		*d = 0
		return nil
	}
	date, err := ParseDate(string(text))
	*d = date
	return err
}

// UnmarshalJSON also takes a bare four-digit number, which is how a year looks in YAML without quotes.
func (d *Date) UnmarshalJSON(text []byte) error {
	switch {
	case string(text) == "null":
		return nil
	case len(text) > 0 && text[0] == '"':
		var s string
		if err := json.Unmarshal(text, &s); err != nil {
			return err
		}
		return d.UnmarshalText([]byte(s))
	}
	return d.UnmarshalText(text)
}

// A Period is the time over which something held. A zero From with Undated set is a statement whose source names
// no time; a zero To is an open end.
type Period struct {
	From    Date `json:"from,omitempty"`
	To      Date `json:"to,omitempty"`
	Undated bool `json:"undated,omitempty"`
	// DatesFrom tells who gave the dates: the article, a check, the leaders or the memberships.
	DatesFrom string `json:"dates_from,omitempty"`
}

// Started reports whether the period had begun by day. An undated period has no known start.
func (p Period) Started(day Day) bool { return !p.Undated && p.From.First() <= day }

// Until returns the period as it could be told on day: an end that lay ahead then is left open.
func (p Period) Until(day Day) Period {
	if !p.To.IsZero() && p.To.First() > day {
		p.To = 0
	}
	return p
}

// Covers reports whether the period is known to hold on day.
func (p Period) Covers(day Day) bool {
	return p.Started(day) && (p.To.IsZero() || day <= p.To.Last())
}
