package knowledge

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// An Article is a source that labels countries. The founding one is an opinion piece: its labels are attributed,
// dated and never called facts.
type Article struct {
	ID         string            `json:"id"`
	Kind       string            `json:"kind"`
	Title      string            `json:"title"`
	URL        string            `json:"url"`
	Published  Day               `json:"published"`
	DatedBy    string            `json:"dated_by"` // how the day of publication is known
	Disclaimer string            `json:"disclaimer"`
	Stance     string            `json:"stance"`
	Sections   map[string]string `json:"sections"`   // S0 … S7 and their headings
	CheckedTo  Date              `json:"checked_to"` // the month up to which events were looked for
	Compiled   Day               `json:"compiled"`   // the day on which the records were put together
}

// A Source is a page that a check, an event or a term of office rests on.
type Source struct {
	ID        string `json:"id"`
	URL       string `json:"url"`
	Publisher string `json:"publisher"`
	Published Date   `json:"published,omitempty"` // zero where the day was not recorded
	Note      string `json:"note,omitempty"`
}

// A Where is a place in the founding article: a section and a paragraph, written S4.6. Paragraph 0 is the heading.
type Where struct {
	Section   string
	Paragraph int
}

var whereForm = regexp.MustCompile(`^(S\d)\.(\d{1,2})$`)

// ParseWhere reads a place such as S4.6.
func ParseWhere(s string) (Where, error) {
	m := whereForm.FindStringSubmatch(s)
	if m == nil {
		return Where{}, fmt.Errorf("bad place %q: want section and paragraph such as S4.6", s)
	}
	n, _ := strconv.Atoi(m[2]) // two digits at most, by the pattern
	return Where{m[1], n}, nil
}

// IsZero reports whether w names no place.
func (w Where) IsZero() bool { return w.Section == "" }

// String returns the place as it is written in the records, or "".
func (w Where) String() string {
	if w.IsZero() {
		return ""
	}
	return w.Section + "." + strconv.Itoa(w.Paragraph)
}

// MarshalText writes the place as it stands in the records.
func (w Where) MarshalText() ([]byte, error) { return []byte(w.String()), nil }

// UnmarshalText reads the place as ParseWhere does; empty text is no place.
func (w *Where) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		*w = Where{}
		return nil
	}
	place, err := ParseWhere(string(text))
	*w = place
	return err
}

// A Quote is a verbatim piece of the article, and its place. MaxQuoteWords bounds its length.
type Quote struct {
	Quote string `json:"quote"`
	At    Where  `json:"at"`
}

// MaxQuoteWords is the most words that a quote may have.
const MaxQuoteWords = 12

// QuoteWords counts the words of a quote as people would: pieces between white space.
func QuoteWords(s string) int { return len(strings.Fields(s)) }
