package bench

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
	"time"
)

// ErrElsewhere tells that there is no Lab on this system.
var ErrElsewhere = errors.New("bench: servers are measured on Linux alone")

// A Row is one figure of the table.
type Row struct {
	What    string  `json:"what"`
	Figure  float64 `json:"figure"`
	Unit    string  `json:"unit"`
	Against string  `json:"against,omitempty"` // what it is held against, in words
	Beside  float64 `json:"beside,omitempty"`  // the figure of that, in the same unit; 0 for none
	Missing string  `json:"missing,omitempty"` // why there is no figure
}

// Ratio is how many times the figure beside it a figure is, 0 where there is none.
func (r *Row) Ratio() float64 {
	if r.Beside == 0 {
		return 0
	}
	return r.Figure / r.Beside
}

// Duration returns a row of a duration, in the unit that people read it in.
func Duration(what string, d time.Duration) Row {
	switch {
	case d < time.Millisecond:
		return Row{What: what, Figure: float64(d.Nanoseconds()) / 1e3, Unit: "µs"}
	case d < time.Second:
		return Row{What: what, Figure: float64(d.Microseconds()) / 1e3, Unit: "ms"}
	}
	return Row{What: what, Figure: d.Seconds(), Unit: "s"}
}

// A Table is all that was measured in one run.
type Table struct {
	Machine string    `json:"machine"`
	Go      string    `json:"go"`
	Program string    `json:"program"`
	Records string    `json:"records"`
	At      time.Time `json:"at"`
	Rows    []Row     `json:"rows"`
}

// WriteJSON writes it for programs.
func (t *Table) WriteJSON(w io.Writer) error {
	enc := json.NewEncoder(w)
	enc.SetIndent("", "  ")
	enc.SetEscapeHTML(false)
	return enc.Encode(t)
}

// WriteMarkdown writes it for people, as README shows it.
func (t *Table) WriteMarkdown(w io.Writer) error {
	var b strings.Builder
	fmt.Fprintf(&b, "Measured on %s: %s, %s, Stancebot %s, records %s.\n\n", t.At.UTC().Format("2 January 2006"), t.Machine, t.Go, t.Program, t.Records)
	b.WriteString("| what | figure | held against |\n| --- | --- | --- |\n")
	for i := range t.Rows {
		r := &t.Rows[i]
		figure := number(r.Figure) + " " + r.Unit
		if r.Missing != "" {
			figure = "not measured: " + r.Missing
		}
		against := r.Against
		if r.Beside != 0 {
			against = fmt.Sprintf("%s: %s %s, %s times", r.Against, number(r.Beside), r.Unit, number(r.Ratio()))
		}
		fmt.Fprintf(&b, "| %s | %s | %s |\n", r.What, strings.TrimSpace(figure), cmp.Or(against, " "))
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// number writes a figure with three digits that count, thousands parted.
func number(f float64) string {
	switch {
	case f >= 1000:
		digits := strconv.FormatFloat(math.Round(f), 'f', 0, 64)
		for i := len(digits) - 3; i > 0; i -= 3 {
			digits = digits[:i] + "," + digits[i:]
		}
		return digits
	case f >= 100:
		return strconv.FormatFloat(f, 'f', 0, 64)
	case f >= 10:
		return strconv.FormatFloat(f, 'f', 1, 64)
	}
	return strconv.FormatFloat(f, 'f', 2, 64)
}
