package question

import (
	"strconv"
	"strings"

	"stancebot/knowledge"
)

// dateAt reads the date that begins at word i: 2016-06-01, 1 June 2016, June 1 2016, June 2016, 2016, today.
func (s *scan) dateAt(i int) (item, int) {
	w := s.words[i]
	if s.lex.yesterday[w.Fold] {
		return item{slot: dateSlot, date: knowledge.DayOf(s.today.Time().AddDate(0, 0, -1)).Date()}, 1
	}
	if n := s.lex.today.wordsAt(s.words, i); n > 0 && s.lex.asOf.endsAtWord(s.words, i) {
		return item{slot: dateSlot, date: s.today.Date()}, n
	}
	if it, n := s.slashDate(i); n > 0 {
		return it, n
	}
	if it, n := s.namedDate(i); n > 0 {
		return it, n
	}
	if !isYear(w.Fold) {
		return item{}, 0
	}
	parts, n := []string{w.Fold}, 1
	for n < 3 && i+n < len(s.words) && s.words[i+n-1].After == '-' && s.words[i+n-1].End+1 == s.words[i+n].Start && number(s.words[i+n].Fold) > 0 {
		p := s.words[i+n].Fold
		parts = append(parts, strings.Repeat("0", max(0, 2-len(p)))+p)
		n++
	}
	return dateItem(strings.Join(parts, "-")), n
}

func dateItem(text string) item {
	d, err := knowledge.ParseDate(text)
	return item{slot: dateSlot, date: d, noDate: err != nil}
}

func isYear(s string) bool {
	n := number(s)
	return len(s) == 4 && n >= 1000 && n < 3000
}

// number reads a word of digits, or returns -1.
func number(s string) int {
	n, err := strconv.ParseUint(s, 10, 31)
	if err != nil {
		return -1
	}
	return int(n)
}

// dayNumber reads the day of a month: 1, 1st, 02, 22nd. It returns 0 for other words.
func dayNumber(s string) int {
	for _, suffix := range [...]string{"st", "nd", "rd", "th"} {
		s = strings.TrimSuffix(s, suffix)
	}
	if n := number(s); n >= 1 && n <= 99 && len(s) <= 2 {
		return n
	}
	return 0
}

// namedDate reads dates with the name of a month.
func (s *scan) namedDate(i int) (item, int) {
	fold := func(j int) string {
		if j < len(s.words) {
			return s.words[j].Fold
		}
		return ""
	}
	next := i
	dom := dayNumber(fold(next))
	if dom > 0 {
		next++
		if fold(next) == "of" {
			next++
		}
	}
	month := s.lex.months[fold(next)]
	if month == 0 {
		return item{}, 0
	}
	next++
	if dom == 0 && dayNumber(fold(next)) > 0 && isYear(fold(next+1)) {
		dom = dayNumber(fold(next))
		next++
	}
	if !isYear(fold(next)) {
		return item{}, 0
	}
	text := fold(next) + "-" + twoDigits(month)
	if dom > 0 {
		text += "-" + twoDigits(dom)
	}
	return dateItem(text), next + 1 - i
}

func twoDigits(n int) string {
	s := strconv.Itoa(n)
	return strings.Repeat("0", max(0, 2-len(s))) + s
}

// slashDate reads 13/06/2016 and 06/13/2016. Where day and month could be either, it reads neither: the date is
// refused and asked for in a form that has one meaning.
func (s *scan) slashDate(i int) (item, int) {
	if i+2 >= len(s.words) || s.words[i].After != '/' && s.words[i].After != '.' || s.words[i+1].After != s.words[i].After || !isYear(s.words[i+2].Fold) {
		return item{}, 0
	}
	a, b := dayNumber(s.words[i].Fold), dayNumber(s.words[i+1].Fold)
	if a == 0 || b == 0 {
		return item{}, 0
	}
	if a > 12 {
		a, b = b, a
	}
	if b <= 12 && a != b { // month and day could be swapped
		return item{slot: dateSlot, noDate: true}, 3
	}
	return dateItem(s.words[i+2].Fold + "-" + twoDigits(a) + "-" + twoDigits(b)), 3
}

// dates settles what the dates of the question are for: the day asked about, a start, or the day of our knowledge.
func (s *scan) dates() {
	knew := s.lex.knew.anywhere(s.items)
	for i := range s.items {
		it := &s.items[i]
		if it.slot != dateSlot {
			continue
		}
		if it.noDate {
			s.misread(knowledge.Refused).Reason = knowledge.NoSuchDate
			return
		}
		switch {
		case knew || s.lex.known.endsAt(s.items, i) > 0:
			s.query.KnownAt = AsOfToday(it.date, s.today)
		case s.lex.since.endsAt(s.items, i) > 0:
			s.query.Since = it.date.First()
		default:
			s.query.AsOf = AsOfToday(it.date, s.today)
		}
	}
}

// era takes the time in office of a leader who has left as the day asked about, when a word beside the name means it:
// "the Correa government", "under Boric". It is the last day in office.
func (s *scan) era() {
	if s.query.AsOf != 0 || s.query.Since != 0 || s.query.KnownAt != 0 || s.query.Intent == knowledge.IntentShifts {
		return
	}
	for i := range s.items {
		it := &s.items[i]
		if it.slot != countrySlot || it.match.Leader == nil || it.match.Leader.To.IsZero() || it.dropped {
			continue
		}
		before, after := i-1, i+1
		for after < len(s.items) && s.lex.isSkipped(&s.items[after]) {
			after++
		}
		if before >= 0 && s.lex.eras[s.items[before].key()] || after < len(s.items) && s.lex.eras[s.items[after].key()] {
			last := knowledge.DayOf(it.match.Leader.To.First().Time().AddDate(0, 0, -1))
			s.query.AsOf = min(last, s.today)
			return
		}
	}
}
