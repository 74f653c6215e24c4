package question

import (
	"strings"
	"time"

	"stancebot/knowledge"
)

// readUntil reads the day or the hour until which something is paused, and returns the token behind it.
func (o *ordering) readUntil(k int) int {
	if o.tokens[k].term != "until" || o.order.Do == knowledge.DoQuiet {
		return k
	}
	j, asDay := k+1, false
	for j < len(o.tokens) && j <= k+maxBeforeDay && o.isBeforeDay(j) {
		asDay = asDay || o.dayWordAt(j)
		j++
	}
	if o.order.Do == knowledge.DoPause {
		o.use(k, j)
	}
	next := o.readDay(j, asDay)
	if next == j && j < len(o.tokens) {
		if o.tokens[j].term == "at" {
			j++
		}
		if c := o.clockAt(j); c.next > j {
			o.addClock(c.at)
			next = c.next
		}
	}
	if next <= j && o.order.Do != knowledge.DoPause {
		return k
	}
	if next <= j {
		o.order.Unfit = true
		return k + 1
	}
	return next
}

// maxBeforeDay is the most words between one for until and the day.
const maxBeforeDay = 3

// isBeforeDay reports whether a token may stand between a word for until and the day.
func (o *ordering) isBeforeDay(j int) bool {
	tok := &o.tokens[j]
	word := o.words[tok.first].Fold
	return o.dayWordAt(j) || tok.term == "until" || tok.term == "" && tok.figures == 0 && o.lex.months[word] == 0 && (o.lex.little[word] || o.lex.linking[word] || o.lex.ordinary[word])
}

// readDay reads a day to come that begins at a token, and returns the token behind it. asDay tells that a bare number is a day.
func (o *ordering) readDay(k int, asDay bool) int {
	if k >= len(o.tokens) {
		return k
	}
	tok := &o.tokens[k]
	if ahead, next := o.namedDay(k); next > k {
		o.order.Until = ahead
		if next < len(o.tokens) {
			if c := o.clockAt(next); c.next > next && c.marked {
				return next
			}
			if on := o.readDay(next, false); on > next { // monday 7 december
				return on
			}
		}
		return next
	}
	day, behind := o.dayAhead(tok.first)
	if behind == tok.first {
		day, behind = o.monthDayAhead(k, asDay)
	}
	if behind == tok.first {
		return k
	}
	if day == 0 {
		o.order.Unfit = true
	}
	o.order.Until = day
	for k < len(o.tokens) && o.tokens[k].first < behind {
		k++
	}
	return k
}

// namedDay reads a day of the week and the like: the next such day behind today.
func (o *ordering) namedDay(k int) (knowledge.Day, int) {
	today := o.today.Time()
	in := func(days int) (knowledge.Day, int) { return knowledge.DayOf(today.AddDate(0, 0, days)), k + 1 }
	until := func(d time.Weekday) int { return (int(d)-int(today.Weekday())+6)%7 + 1 }
	t := o.tokens[k].term
	if days := weekdays[t]; len(days) == 1 {
		return in(until(days[0]))
	}
	switch t {
	case "tomorrow":
		return in(1)
	case "overmorrow":
		return in(2)
	case "nextweek":
		return in(until(time.Monday))
	case "nextmonth":
		return knowledge.DayOf(time.Date(today.Year(), today.Month()+1, 1, 0, 0, 0, 0, time.UTC)), k + 1
	case "lastday":
		return knowledge.DayOf(time.Date(today.Year(), today.Month()+1, 0, 0, 0, 0, 0, time.UTC)), k + 1
	}
	return 0, k
}

// dayAhead reads a date at a word, and returns the word behind it. Without a year it is the next one behind today. What has the
// form of a date that the calendar does not have is 0.
func (o *ordering) dayAhead(i int) (knowledge.Day, int) {
	dom, month, next := o.dayAndMonth(i)
	if month == 0 {
		return o.fullDate(i)
	}
	year := 0
	if at := o.behindLink(next); at < len(o.words) && isYear(o.words[at].Fold) && strings.HasPrefix(o.words[at].Fold, thisCentury) && !o.tiedBehind(at) {
		year, next = number(o.words[at].Fold), at+1
	}
	if month > 12 || dom < 1 || dom > mostDays(month) {
		return 0, next
	}
	if year != 0 {
		return dayOf(year, month, dom), next
	}
	for year = o.today.Year(); year <= o.today.Year()+8; year++ { // 29 February
		if d := dayOf(year, month, dom); d > o.today {
			return d, next
		}
	}
	return 0, next
}

// dayOf returns a day, 0 when the calendar does not have it.
func dayOf(year, month, dom int) knowledge.Day {
	it := dateItem(twoDigits(year) + "-" + twoDigits(month) + "-" + twoDigits(dom))
	if it.noDate {
		return 0
	}
	return it.date.First()
}

// tiedBehind reports whether minutes are tied to the word: 2030:00 is no year.
func (o *ordering) tiedBehind(i int) bool { return i+1 < len(o.words) && o.tiedBefore(i+1) == ':' }

// dayAndMonth reads the day and the month of a date, and returns the word behind them; the month is 0 where there is none. A
// month alone begins on its first.
func (o *ordering) dayAndMonth(i int) (dom, month, next int) {
	monthAt := func(j int) int {
		if j < len(o.words) {
			return o.lex.months[o.words[j].Fold]
		}
		return 0
	}
	if month, dom, next := o.markedMonth(i); month > 0 {
		return dom, month, next
	}
	if month := monthAt(i); month > 0 {
		if dom, next := o.dayAt(o.behindLink(i + 1)); dom > 0 && !o.tiedBehind(next-1) {
			return dom, month, next
		}
		return 1, month, i + 1
	}
	dom, next = o.dayAt(i)
	if dom == 0 {
		return 0, 0, i
	}
	if at := o.behindLink(next); monthAt(at) > 0 {
		return dom, monthAt(at), at + 1
	}
	return o.slashedMonth(i)
}

// markedMonth reads a month and a day that carry a word each: 12月3日.
func (o *ordering) markedMonth(i int) (month, dom, next int) {
	month, n := o.countAt(i)
	at := i + n
	if n == 0 || at >= len(o.words) || !o.lex.monthMarks[o.words[at].Fold] {
		return 0, 0, i
	}
	dom, n = o.countAt(at + 1)
	if n == 0 {
		return month, 1, at + 1
	}
	next = at + 1 + n
	if next < len(o.words) && o.lex.dayMarks[o.words[next].Fold] {
		next++
	}
	return month, dom, next
}

// slashedMonth reads 3/12 where the language puts the day first or the numbers leave no choice. Else it is no date that there
// is: the month is 13.
func (o *ordering) slashedMonth(i int) (dom, month, next int) {
	if i+1 >= len(o.words) {
		return 0, 0, i
	}
	mark := o.tiedBefore(i + 1)
	a, b := number(o.words[i].Fold), number(o.words[i+1].Fold)
	third := i+2 < len(o.words) && o.tiedBefore(i+2) == mark
	if a < 1 || b < 1 || third || mark != '/' && (mark != '.' || !o.lex.dayFirst || b > 12) {
		return 0, 0, i
	}
	switch {
	case o.lex.dayFirst, a > 12, a == b:
		return a, min(b, 13), i + 2
	case b > 12:
		return b, a, i + 2
	}
	return 1, 13, i + 2
}

// fullDate reads a date that begins with its year or is written in numbers alone: 2026-12-07, 7/12/2026.
func (o *ordering) fullDate(i int) (knowledge.Day, int) {
	it, n := o.dateAt(i)
	hours := n == 1 && it.date.Precision() == knowledge.YearPrecision && it.date.Last() < o.today // 1830
	if n == 0 || it.yearless || hours {
		return 0, i
	}
	if it.noDate {
		return 0, i + n
	}
	return it.date.First(), i + n
}

// monthDayAhead reads a day without its month: the next one that has the number.
func (o *ordering) monthDayAhead(k int, asDay bool) (knowledge.Day, int) {
	tok := &o.tokens[k]
	behind := tok.behind
	marked := o.dayMarkAt(k + 1)
	if tok.figures == 0 || tok.figures > 2 || !tok.ordinal && !marked && !asDay || o.clockAt(k).marked {
		return 0, tok.first
	}
	if marked {
		behind = o.tokens[k+1].behind
	}
	for days := 1; days < 63; days++ {
		if d := o.today.Time().AddDate(0, 0, days); d.Day() == tok.number {
			return knowledge.DayOf(d), behind
		}
	}
	return 0, behind
}
