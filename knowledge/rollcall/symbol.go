package rollcall

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"stancebot/knowledge"
)

// The forms of a symbol as our ids spell it: 68/262 and 36/148A of a session, ES-11/1 and S-17/2 of a special one, and
// those of the sessions up to the thirtieth, which number the texts on and name the session behind: 377(V)A, 3201(S-VI).
var (
	sessionSymbol = regexp.MustCompile(`^(\d{2})/(\d{1,3})(?:[A-Z](?:-[A-Z])?)?$`)
	specialSymbol = regexp.MustCompile(`^(ES|S)-(\d{1,2})/(\d{1,3})(?:[A-Z](?:-[A-Z])?)?$`)
	romanSymbol   = regexp.MustCompile(`^(\d{1,4})\((ES-|S-)?([IVX]+)\)(?:[A-Z](?:-[A-Z])?)?$`)
	dateSymbol    = regexp.MustCompile(`^GA-(\d{4}-\d{2}-\d{2})[a-z-]*$`)

	// A part of a text is printed as A/RES/36/148A, and as A/RES/36/148[A] in catalogues.
	partInBrackets = regexp.MustCompile(`\[([A-Z](?:-[A-Z])?)\]$`)
)

// IDOf returns the id that a text has in the records, given its symbol as the United Nations print it: ES-11/1 for
// A/RES/ES-11/1. ok is false where it is no symbol of a resolution of the General Assembly.
func IDOf(symbol string) (id string, ok bool) {
	id, ok = strings.CutPrefix(strings.Join(strings.Fields(symbol), ""), "A/RES/")
	id = partInBrackets.ReplaceAllString(id, "$1")
	_, session := sessionOf(id)
	return id, ok && session > 0
}

// roman reads a number from I to XXXIX, and returns 0 for what is none.
func roman(s string) int {
	n, values := 0, map[byte]int{'I': 1, 'V': 5, 'X': 10}
	for i := range len(s) {
		v := values[s[i]]
		if i+1 < len(s) && v < values[s[i+1]] {
			v = -v
		}
		n += v
	}
	if n < 1 || n >= 40 || strings.Repeat("X", n/10)+romanDigits[n%10] != s {
		return 0
	}
	return n
}

var romanDigits = [...]string{"", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX"}

// opening returns the day on which a session of the General Assembly opened: the Tuesday of the third week of September,
// counted from the first week with a working day, as rule 1 of its rules of procedure has it for the 58th to the 77th
// session, and of the second week from the 78th on.
func opening(session int) knowledge.Day {
	const third, second, earlier = 2, 1, 78
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

const (
	zeroth = 1945 // a session opens in the September that many years after this one
	ruled  = 58   // the first session whose days follow from the rule that opening knows
)

// An emergencySession is an emergency special session: the days between which its texts are, and, of one that is resumed
// over the years, a text by number with its day. Lower numbers are not later, higher ones not earlier.
type emergencySession struct {
	opened, closed knowledge.Day // no closing day while it is only adjourned
	number         int
	on             knowledge.Day
}

var emergencySessions = map[int]emergencySession{
	1: {opened: 1956_11_01, closed: 1956_11_10}, 2: {opened: 1956_11_04, closed: 1956_11_10},
	3: {opened: 1958_08_08, closed: 1958_08_21}, 4: {opened: 1960_09_17, closed: 1960_09_20},
	5: {opened: 1967_06_17, closed: 1967_09_18}, 6: {opened: 1980_01_10, closed: 1980_01_14},
	7: {opened: 1980_07_22, closed: 1982_09_24}, 8: {opened: 1981_09_03, closed: 1981_09_14},
	9: {opened: 1982_01_29, closed: 1982_02_05}, 10: {opened: 1997_04_24, number: 18, on: 2009_01_16}, 11: {opened: 2022_02_28},
}

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
	kind, session := sessionOf(r.ID)
	switch {
	case session == 0:
		return "no symbol: want ES-11/1 or 68/262"
	case kind == "ES":
		return emergencyFault(session, Number(r.ID), r.Date)
	case kind == "S": // of these the opening days are not here
		return ""
	}
	opened, closed := opening(session), opening(session+1)
	if session < ruled { // between the Septembers, as far as the days are known; the first opened in January
		opened, closed = knowledge.Day((zeroth+session)*10000+901), knowledge.Day((zeroth+session+1)*10000+930)
		if session == 1 {
			opened = 1946_01_10
		}
	}
	if r.Date < opened || r.Date >= closed {
		return fmt.Sprintf("session %d ran from %s to %s, and the date is %s", session, opened, closed, r.Date)
	}
	return ""
}

// sessionOf returns the kind of the session that a symbol is of, "", S or ES, and its number: 0 where it is no symbol.
func sessionOf(id string) (kind string, session int) {
	if m := sessionSymbol.FindStringSubmatch(id); m != nil {
		session, _ = strconv.Atoi(m[1]) // two digits, by the pattern
		return "", session
	}
	if m := specialSymbol.FindStringSubmatch(id); m != nil {
		session, _ = strconv.Atoi(m[2])
		return m[1], session
	}
	if m := romanSymbol.FindStringSubmatch(id); m != nil {
		return strings.TrimSuffix(m[2], "-"), roman(m[3])
	}
	return "", 0
}

func emergencyFault(session, number int, date knowledge.Day) string {
	s, ok := emergencySessions[session]
	switch {
	case !ok:
		return fmt.Sprintf("an emergency special session without an opening day here: %d", session)
	case date < s.opened:
		return fmt.Sprintf("emergency special session %d opened on %s, and the date is %s", session, s.opened, date)
	case s.closed != 0 && date > s.closed:
		return fmt.Sprintf("emergency special session %d closed on %s, and the date is %s", session, s.closed, date)
	case s.number != 0 && (number < s.number && date > s.on || number > s.number && date < s.on):
		return fmt.Sprintf("text %d of emergency special session %d is of %s, and the date of text %d %s", s.number, session, s.on, number, date)
	}
	return ""
}
