package question

import (
	"time"

	"stancebot/knowledge"
)

// A clockReading is a time of day as it is written at a token.
type clockReading struct {
	at     knowledge.Clock // 0 for one that no clock shows
	next   int             // the token behind it, the first itself when there is none
	marked bool            // more than a bare number
	length bool            // it could be how long something lasts: 2h
}

// clockAt reads the time of day that begins at a token: 9:30, 9h, 9 pm, noon, half past nine, 上午9点.
func (o *ordering) clockAt(k int) clockReading {
	p := clockParser{tokens: o.tokens, k: k, before: o.usedBefore(k) || k > 0 && o.tokens[k-1].term == "at"}
	if at, ok := p.named(); ok {
		return clockReading{at: at, next: p.k, marked: true}
	}
	if !p.read() {
		return clockReading{next: k}
	}
	return clockReading{at: p.clock(), next: p.k, marked: p.marked, length: p.length}
}

// A clockParser reads a time of day from tokens.
type clockParser struct {
	tokens       []token
	k            int
	before       bool // what stands before shows that a time may follow
	half         term // am, pm or night
	hour, minute int
	marked       bool
	length       bool
	bad          bool
}

func (p *clockParser) term() term {
	if p.k < len(p.tokens) {
		return p.tokens[p.k].term
	}
	return ""
}

// number returns the number at the token, or nil.
func (p *clockParser) number() *token {
	if p.k < len(p.tokens) && p.tokens[p.k].figures > 0 {
		return &p.tokens[p.k]
	}
	return nil
}

// takes steps over a token that means one of some terms.
func (p *clockParser) takes(some ...term) term {
	for _, t := range some {
		if p.term() == t {
			p.k++
			return t
		}
	}
	return ""
}

// named reads noon and midnight. Before a number, 中午12点, they only say which half of the day it is.
func (p *clockParser) named() (knowledge.Clock, bool) {
	t := p.takes("noon", "midnight")
	if t == "" {
		return 0, false
	}
	if n := p.number(); n != nil && n.first == p.tokens[p.k-1].behind && p.k+1 < len(p.tokens) && p.tokens[p.k+1].term == "oclock" {
		p.half = map[term]term{"noon": "pm", "midnight": "night"}[t]
		return 0, false
	}
	if t == "noon" {
		return knowledge.ClockAt(12, 0), true
	}
	return knowledge.ClockAt(0, 0), true
}

// read reads the hour and what goes with it, and reports whether there is a number.
func (p *clockParser) read() bool {
	start := p.k
	if p.half == "" {
		p.half = p.takes("am", "pm", "night")
	}
	if t := p.takes("half", "quarter"); t != "" {
		if p.takes("past") == "" {
			return false
		}
		p.minute, p.marked = partOfHour[t], true
	}
	n := p.number()
	if n == nil || n.ordinal || n.tied != 0 && n.tied != 'h' && p.k > 0 && p.k == start && p.tokens[p.k-1].figures > 0 {
		return false
	}
	p.k++
	p.marked = p.marked || p.half != ""
	if n.figures > 2 {
		if !p.readFigures(n) {
			return false
		}
	} else {
		p.hour = n.number
		p.readMinutes()
	}
	if p.half == "" {
		p.half = p.takes("am", "pm", "night")
		p.marked = p.marked || p.half != ""
	}
	return true
}

// readFigures reads hours and minutes in one number, and reports whether it may be such: 0930, 930pm.
func (p *clockParser) readFigures(n *token) bool {
	half := p.term() == "am" || p.term() == "pm"
	switch unit := p.term(); {
	case n.figures > 4 || n.spelt || p.tied() || lengths[unit] != 0 && unit != "hours":
		return false
	case n.figures == 3 && !half || n.number >= 1000 && !p.before && !half: // a year, in the middle of a sentence
		return false
	}
	p.hour, p.minute, p.marked = n.number/100, n.number%100, true
	p.length = p.takes("hours") != ""
	return true
}

// tied reports whether the number at the token is tied to the one before.
func (p *clockParser) tied() bool {
	n := p.number()
	return n != nil && n.tied != 0
}

// tiedBehind reports whether a number is tied to the one at the token.
func (p *clockParser) tiedBehind() bool {
	return p.k+1 < len(p.tokens) && p.tokens[p.k+1].tied != 0
}

// minutesBehind reports whether a word for minutes follows the number at the token.
func (p *clockParser) minutesBehind() bool {
	return p.k+1 < len(p.tokens) && p.tokens[p.k+1].term == "minutes"
}

// partOfHour are the minutes that words mean.
var partOfHour = map[term]int{"half": 30, "quarter": 15}

// readMinutes reads what stands behind the hour.
func (p *clockParser) readMinutes() {
	n := p.number()
	switch {
	case n != nil && (n.tied == ':' || n.tied == '.'):
		p.bad = n.figures != 2
		p.minute, p.marked = n.number, true
		p.k++
		if n := p.number(); n != nil && n.tied == ':' { // seconds
			p.k++
		}
		p.takes("hours", "oclock")
	case p.term() == "hours" || p.term() == "oclock":
		p.length, p.marked = p.term() == "hours", true
		p.k++
		if n := p.number(); n != nil && (n.tied == 'h' || n.figures == 2 && !p.tiedBehind() || p.minutesBehind()) {
			p.minute, p.length = n.number, false
			p.k++
			p.takes("minutes")
		}
	}
	if n := p.number(); n != nil && n.spelt && n.figures == 2 && !p.marked && p.tokens[p.k-1].spelt { // nine thirty
		p.minute, p.marked = n.number, true
		p.k++
	}
	if t := p.takes("half", "quarter"); t != "" {
		p.minute, p.marked, p.length = partOfHour[t], true, false
	}
}

// clock returns the time that was read, 0 when no clock shows it.
func (p *clockParser) clock() knowledge.Clock {
	h := p.hour
	switch {
	case p.bad || h == 0 && p.half == "pm" || h > 12 && p.half == "am":
		return 0
	case h == 12 && (p.half == "am" || p.half == "night"):
		h = 0
	case h < 12 && p.half == "pm" || h > 5 && h < 12 && p.half == "night":
		h += 12
	}
	return knowledge.ClockAt(h, p.minute)
}

// lengths are the stretches of time that units mean.
var lengths = map[term]time.Duration{"minutes": time.Minute, "hours": time.Hour, "days": 24 * time.Hour, "weeks": 7 * 24 * time.Hour}

// lengthAt reads how long something lasts, and returns the token behind it: 2h, 3 days, 1h30. A length that is too long to
// be meant is 0.
func (o *ordering) lengthAt(k int) (time.Duration, int) {
	if k+1 >= len(o.tokens) || o.tokens[k].figures == 0 || o.tokens[k].ordinal || o.tokens[k].tied != 0 || lengths[o.tokens[k+1].term] == 0 {
		return 0, k
	}
	unit := lengths[o.tokens[k+1].term]
	next := k + 2
	if o.tokens[k].number > int(maxPause/unit) {
		return 0, next
	}
	length := time.Duration(o.tokens[k].number * int(unit))
	if next < len(o.tokens) && o.tokens[next].tied == 'h' {
		length += time.Duration(o.tokens[next].number) * time.Minute
		next++
	}
	return length, next
}
