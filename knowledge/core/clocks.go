package core

import (
	"regexp"
	"strings"

	"stancebot/knowledge"
)

// clocks are the two times of an answer: the day that it speaks of, and the day whose knowledge it uses.
type clocks struct {
	on      knowledge.Day
	knownAt knowledge.Day
	// recorded is the day whose ledger counts: that of the second clock where one is asked for, and else no bound. What
	// a desk has just recorded counts at once, whatever the calendar of answers says.
	recorded knowledge.Day
}

// lastDay stands for no bound.
const lastDay knowledge.Day = 9999_12_31

// at returns the clocks for another day of answers.
func (w clocks) at(on knowledge.Day) clocks {
	w.on = on
	return w
}

// knows reports whether a record is known: one of a desk while its recording stands, a shared one from a day on.
func (w clocks) knows(r knowledge.Recording, since knowledge.Day) bool {
	if r.Receipt != "" {
		return r.KnownAt(w.recorded)
	}
	return since <= w.knownAt
}

func (w clocks) claim(cl *knowledge.Claim, article *knowledge.Article) bool {
	if w.knownAt < article.Published {
		return false
	}
	if cl.Undated {
		return w.on >= article.Published
	}
	return cl.Started(w.on)
}

func (w clocks) shift(s *knowledge.Shift, article *knowledge.Article) bool {
	if w.knownAt < article.Published {
		return false
	}
	if s.Period.Undated {
		return w.on >= article.Published
	}
	return s.Period.Started(w.on)
}

func (w clocks) event(e *knowledge.Event) bool {
	return e.On.First() <= w.on && w.knows(e.Recorded, e.KnownOn)
}

func (w clocks) leader(ld *knowledge.Leader) bool {
	return ld.From.First() <= w.on && ld.KnownOn <= w.knownAt
}

func (w clocks) assessment(a *knowledge.Assessment) bool {
	return a.Since <= w.on && w.knows(a.Recorded, a.KnownOn)
}

// A date in a note, in the forms that the records use: 24 Feb 2025, Feb 2026, 2014, 2022-23.
var noteDate = regexp.MustCompile(`\b(?:(\d{1,2})(?:-\d{1,2})? )?(?:(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]* )?((?:19|20)\d{2})(?:-(\d{2}))?\b`)

var monthNumbers = map[string]string{
	"Jan": "01", "Feb": "02", "Mar": "03", "Apr": "04", "May": "05", "Jun": "06",
	"Jul": "07", "Aug": "08", "Sep": "09", "Oct": "10", "Nov": "11", "Dec": "12",
}

// latestDay returns the latest day that a text of the records speaks of, counting a year or a month from its first
// day, or 0. An answer about an earlier day does not show the text.
func latestDay(text string) knowledge.Day {
	var latest knowledge.Day
	for _, m := range noteDate.FindAllStringSubmatch(text, -1) {
		dom, month, year, until := m[1], monthNumbers[m[2]], m[3], m[4]
		date := year
		switch {
		case until != "" && month == "":
			date = year[:2] + until
		case month != "" && dom != "":
			date = year + "-" + month + "-" + strings.Repeat("0", 2-len(dom)) + dom
		case month != "":
			date = year + "-" + month
		}
		if d, err := knowledge.ParseDate(date); err == nil {
			latest = max(latest, d.First())
		}
	}
	return latest
}

// Symbols of texts in a note: ES-11/1, and /3 behind one, and 68/262.
var noteSymbol = regexp.MustCompile(`(?:\b(ES-11|\d{2})|[ (])/(\d{1,3})\b`)

// through returns the latest day that a text of the records speaks of, by its dates and by the texts of the General
// Assembly that it names.
func (c *Core) through(text string) knowledge.Day {
	latest := latestDay(text)
	for _, m := range noteSymbol.FindAllStringSubmatch(text, -1) {
		session := m[1]
		if session == "" {
			session = "ES-11"
		}
		if r := c.book.Call(session + "/" + m[2]); r != nil {
			latest = max(latest, r.Date)
		}
	}
	return latest
}
