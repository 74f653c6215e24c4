package question

import (
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"stancebot/knowledge"
)

// dateAt reads the date that begins at word i: 2016-06-01, 1 June 2016, June 1 2016, June 2016, 2016, today.
func (s *scan) dateAt(i int) (item, int) {
	w := s.words[i]
	if s.lex.yesterday[w.Fold] {
		return item{slot: dateSlot, date: knowledge.DayOf(s.today.Time().AddDate(0, 0, -1)).Date()}, 1
	}
	if it, n := s.relativeDate(i); n > 0 {
		return s.monthOf(it, i, n)
	}
	if n := s.lex.today.wordsAt(s.words, i); n > 0 && s.lex.asOf.endsAtWord(s.words, i) {
		return item{slot: dateSlot, date: s.today.Date()}, n
	}
	if len(w.Fold) == 8 && isYear(w.Fold[:4]) && number(w.Fold) > 0 { // 20160601
		return dateItem(w.Fold[:4] + "-" + w.Fold[4:6] + "-" + w.Fold[6:]), 1
	}
	if year, size := s.yearAt(i); size > 0 {
		if it, n := s.markedDate(i, year, size); n > 0 {
			return it, n
		}
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
	for n < 3 && i+n < len(s.words) && isDateMark(s.words[i+n-1].After) && s.words[i+n-1].End+1 == s.words[i+n].Start && number(s.words[i+n].Fold) >= 0 {
		p := s.words[i+n].Fold
		parts = append(parts, strings.Repeat("0", max(0, 2-len(p)))+p)
		n++
	}
	return dateItem(strings.Join(parts, "-")), n
}

// isDateMark reports whether a mark parts the numbers of a date that begins with its year.
func isDateMark(r rune) bool { return r == '-' || r == '/' || r == '.' }

// relativeDate reads "last year" and the like.
func (s *scan) relativeDate(i int) (item, int) {
	for n := min(3, len(s.words)-i); n > 0; n-- {
		parts := make([]string, n)
		for j := range n {
			parts[j] = s.words[i+j].Fold
		}
		a, ok := s.lex.relative[strings.Join(parts, " ")]
		if !ok {
			continue
		}
		day := knowledge.DayOf(s.today.Time().AddDate(0, 0, -a.days))
		date := day.Date()
		switch {
		case a.date != 0:
			date = a.date
		case a.years != 0:
			date = knowledge.Date((day.Year() - a.years) * 10000)
		case a.months > 0:
			first := knowledge.DayOf(time.Date(day.Year(), time.Month(day.Month()-a.months), 1, 0, 0, 0, 0, time.UTC))
			date = knowledge.Date(int(first) / 100 * 100)
		}
		return item{slot: dateSlot, date: date}, n
	}
	return item{}, 0
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
func (l *lexicon) dayNumber(s string) int {
	digits := strings.TrimRightFunc(s, func(r rune) bool { return !unicode.IsDigit(r) })
	if ending := s[len(digits):]; ending != "" && !l.ordinals[ending] {
		return 0
	}
	s = digits
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
	dom, next := s.dayAt(i)
	if dom > 0 {
		next = s.behindLink(next)
	}
	month := s.lex.months[fold(next)]
	if month == 0 {
		return item{}, 0
	}
	named := next
	next = s.behindLink(named + 1)
	if day, after := s.dayAt(next); dom == 0 && day > 0 {
		if _, ago := s.yearAgo(after); isYear(fold(after)) || ago > 0 {
			dom, next = day, after
		}
	}
	year, behind := fold(next), next+1
	if n := number(year); dom > 0 && len(year) == 2 && n > 0 && n <= latestShortYear { // 2 de marzo del 22
		year = thisCentury + year
	}
	if !isYear(year) {
		year, behind = s.yearAgo(next)
	}
	if year == "" && i > 0 && s.lex.last[fold(i-1)] {
		if next = i + 1; dom > 0 {
			return item{}, 0
		}
		year, behind = strconv.Itoa(s.latest(month)), next
	}
	if year == "" {
		if it, n := s.noSuchDay(dom, month, i, next); n > 0 {
			return it, n
		}
		return s.yearless(dom, month, i, named)
	}
	text := year + "-" + twoDigits(month)
	if dom > 0 {
		text += "-" + twoDigits(dom)
	}
	return dateItem(text), behind - i
}

// yearless reads a month without a year, at word named of a date from word i on, as the latest that has begun, and a day of it
// as the latest that has come, where a word before wants a date: in March, since 3 nov. A day behind which the month is written
// out needs no such word: 1 ноября.
func (s *scan) yearless(dom, month, i, named int) (item, int) {
	wanted := func(p *phraseSet) bool { return p.endsAtWord(s.words, i) }
	shown := dom > 0 && utf8.RuneCountInString(s.words[named].Fold) >= shortestMonth
	if !shown && !slices.ContainsFunc([]*phraseSet{s.lex.asOf, s.lex.since, s.lex.known}, wanted) || dom == 0 && s.lex.abbreviates(s.words[named].Fold, month) {
		return item{}, 0
	}
	behind := named + 1
	if day, after := s.dayAt(behind); dom == 0 && day <= mostDays(month) {
		dom, behind = day, after
	}
	date := knowledge.Date(s.today.Year()*10000 + month*100 + dom)
	if date.First() > s.today {
		date -= 10000
	}
	it := dateItem(date.String())
	it.yearless = true
	return it, behind - i
}

// shortestMonth is the fewest letters of an abbreviated month that is one without a year, too: al mar is to the sea.
const shortestMonth = 4

// abbreviates reports whether a word is so short for the name of a month that it may be another one.
func (l *lexicon) abbreviates(word string, month int) bool {
	name, _, _ := strings.Cut(l.monthNames[month-1], "|")
	return utf8.RuneCountInString(word) < shortestMonth && word != fold(name) && strings.HasPrefix(fold(name), word)
}

// noSuchDay returns a date that the calendar does not have where the day and month from word i on make one: april 31.
func (s *scan) noSuchDay(dom, month, i, next int) (item, int) {
	words := next - i
	if dom == 0 && next < len(s.words) {
		dom, words = s.lex.dayNumber(s.words[next].Fold), words+1
	}
	if dom > mostDays(month) && dom <= 31 {
		return item{slot: dateSlot, noDate: true}, words
	}
	return item{}, 0
}

// mostDays returns the most days that a month can have.
func mostDays(month int) int {
	return time.Date(2024, time.Month(month+1), 0, 0, 0, 0, 0, time.UTC).Day()
}

// monthOf reads the month that may follow a year in words of n words from i on: "last year in march".
func (s *scan) monthOf(it item, i, n int) (item, int) {
	_, behind := s.yearAgo(i)
	at := behind
	if behind > 0 && at < len(s.words) {
		at += s.lex.asOf.wordsAt(s.words, at)
	}
	if behind == 0 || at >= len(s.words) || s.lex.months[s.words[at].Fold] == 0 || at == behind {
		return it, n
	}
	it.date += knowledge.Date(s.lex.months[s.words[at].Fold] * 100)
	return it, at + 1 - i
}

// yearAgo reads the year of a date in words, as in "october last year", and returns it with the word behind it, or "".
func (s *scan) yearAgo(i int) (year string, behind int) {
	if i >= len(s.words) {
		return "", 0
	}
	it, n := s.relativeDate(i)
	if n == 0 || it.date != it.date/10000*10000 { // a month or a day
		return "", 0
	}
	return strconv.Itoa(int(it.date) / 10000), i + n
}

// latest returns the year in which a month was last over.
func (s *scan) latest(month int) int {
	if month < int(s.today.Time().Month()) {
		return s.today.Year()
	}
	return s.today.Year() - 1
}

// maxDayWords is the most words that the day of a month is written in: treinta y uno.
const maxDayWords = 3

// dayAt returns the day of a month that begins at word i, in figures or words, and the word behind it; 0 and i where there is
// none.
func (s *scan) dayAt(i int) (day, next int) {
	if i >= len(s.words) {
		return 0, i
	}
	for n := min(maxDayWords, len(s.words)-i); n > 0; n-- {
		parts := make([]string, n)
		for j := range n {
			parts[j] = s.words[i+j].Fold
		}
		if day := s.lex.days[strings.Join(parts, " ")]; day > 0 {
			return day, i + n
		}
	}
	if day := s.lex.dayNumber(s.words[i].Fold); day > 0 {
		return day, i + 1
	}
	return 0, i
}

// latestShortYear is the last year that is read from two figures behind a day and a month; a greater number is none.
const latestShortYear = 40

// behindLink steps over a word that links the parts of a date, if one stands at word i: 2 of March, marzo de 2022.
func (s *scan) behindLink(i int) int {
	if i < len(s.words) && s.lex.linking[s.words[i].Fold] {
		return i + 1
	}
	return i
}

// yearAt returns the year that begins at word i in figures, and how many words it has: 2022, or 二〇二二, a word a figure.
func (s *scan) yearAt(i int) (year string, n int) {
	if isYear(s.words[i].Fold) {
		return s.words[i].Fold, 1
	}
	for i+n < len(s.words) && len(year) < 4 {
		figures := hanFigures(s.words[i+n].Fold)
		if figures == "" {
			break
		}
		year += figures
		n++
	}
	if !isYear(year) {
		return "", 0
	}
	return year, n
}

// markedDate reads a date whose parts carry a word each, from the year on, which has size words: 2022年3月2日.
func (s *scan) markedDate(i int, year string, size int) (item, int) {
	if i+size >= len(s.words) || !s.lex.yearMarks[s.words[i+size].Fold] {
		return item{}, 0
	}
	parts, n := []string{year}, size+1
	for _, mark := range [...]map[string]bool{s.lex.monthMarks, s.lex.dayMarks} {
		if len(parts) == 1 && i+n < len(s.words) && isHan(&s.words[i+n]) && s.lex.months[s.words[i+n].Fold] > 0 { // 三月 is one word
			parts = append(parts, twoDigits(s.lex.months[s.words[i+n].Fold]))
			n++
			continue
		}
		part, words := s.countAt(i + n)
		if len(parts) == 1 && i+n+words < len(s.words) && isHanCount(s.words[i+n].Fold) && s.lex.months[s.words[i+n+words].Fold] > 0 { // 十三月
			return item{slot: dateSlot, noDate: true}, n + words + 1
		}
		if i+n+words >= len(s.words) || part <= 0 || !mark[s.words[i+n+words].Fold] {
			break
		}
		parts = append(parts, twoDigits(part))
		n += words + 1
	}
	return dateItem(strings.Join(parts, "-")), n
}

// countAt returns the number of a month or day that begins at word i, and how many words it has: 2, or 二十三.
func (s *scan) countAt(i int) (count, n int) {
	if i >= len(s.words) {
		return 0, 0
	}
	if count := number(s.words[i].Fold); count > 0 {
		return count, 1
	}
	var spelt strings.Builder
	for i+n < len(s.words) && isHanCount(s.words[i+n].Fold) {
		spelt.WriteString(s.words[i+n].Fold)
		n++
	}
	return hanCount(spelt.String()), n
}

func twoDigits(n int) string {
	s := strconv.Itoa(n)
	return strings.Repeat("0", max(0, 2-len(s))) + s
}

// slashDate reads 13/06/2016 and 06/13/2016. Where day and month could be either, and the language has no order of its
// own, it reads neither: the date is refused and asked for in a form that has one meaning.
func (s *scan) slashDate(i int) (item, int) {
	if i+2 >= len(s.words) || s.words[i].After != '/' && s.words[i].After != '.' || s.words[i+1].After != s.words[i].After {
		return item{}, 0
	}
	year := s.words[i+2].Fold
	if len(year) == 2 && number(year) >= 0 && s.adjoin(i, 3) { // 2.03.22
		year = thisCentury + year
	}
	if !isYear(year) {
		return item{}, 0
	}
	a, b := s.lex.dayNumber(s.words[i].Fold), s.lex.dayNumber(s.words[i+1].Fold)
	if a == 0 || b == 0 {
		return item{}, 0
	}
	if a > 12 || s.lex.dayFirst {
		a, b = b, a
	}
	if b <= 12 && a != b && !s.lex.dayFirst { // month and day could be swapped
		return item{slot: dateSlot, noDate: true}, 3
	}
	return dateItem(year + "-" + twoDigits(a) + "-" + twoDigits(b)), 3
}

// thisCentury goes before a year of two figures: the records begin in it, but for the agreement of votes, which goes by
// whole years.
const thisCentury = "20"

// adjoin reports whether n words from i on have nothing but one mark between each two.
func (s *scan) adjoin(i, n int) bool {
	for j := i; j < i+n-1; j++ {
		if s.words[j].End+1 != s.words[j+1].Start {
			return false
		}
	}
	return true
}

// dropYearless takes months without a year for mere words beside another date, in a search, and where a text shows which
// month is meant: "how did peru vote on the invasion in march".
func (s *scan) dropYearless() {
	meansNone := slices.Contains([]knowledge.Intent{knowledge.IntentVotes, knowledge.IntentResolution, knowledge.IntentSearch}, s.query.Intent) ||
		slices.ContainsFunc(s.items, func(it item) bool { return it.slot == dateSlot && !it.yearless })
	for i := range s.items {
		if s.items[i].yearless && meansNone {
			s.items[i].slot = ""
		}
	}
}

// dates settles what the dates of the question are for: the day asked about, a start, or the day of our knowledge.
func (s *scan) dates() {
	knew := s.lex.knew.anywhere(s.items)
	s.dropYearless()
	for i := range s.items {
		it := &s.items[i]
		if it.dropped {
			continue
		}
		if it.slot != dateSlot {
			if s.wantsDate(i) {
				s.misread(knowledge.Refused).Reason = knowledge.NoSuchDate
				return
			}
			continue
		}
		if it.noDate {
			s.misread(knowledge.Refused).Reason = knowledge.NoSuchDate
			return
		}
		switch {
		case knew || s.lex.known.endsAt(s.items, i) > 0 || s.followedBy(s.lex.knownBehind, i):
			s.query.KnownAt = AsOfToday(it.date, s.today)
		case s.lex.since.endsAt(s.items, i) > 0 || s.followedBy(s.lex.sinceBehind, i):
			s.query.Since = it.date.First()
		case s.query.AsOf != 0: // two days at once
			s.misread(knowledge.Refused).Reason = knowledge.NoSuchDate
			return
		default:
			s.query.AsOf, s.query.AsOfDate = AsOfToday(it.date, s.today), it.date
		}
	}
	if s.lex.asOf.endsAt(s.items, len(s.items)) > 1 { // nothing follows
		s.misread(knowledge.Refused).Reason = knowledge.NoSuchDate
	}
}

// followedBy reports whether a phrase of the set begins behind item i, but for little words: 2022年以来.
func (s *scan) followedBy(p *phraseSet, i int) bool {
	for i++; i < len(s.items); i++ {
		if p.beginsAt(s.items, i) {
			return true
		}
		if !s.lex.isSkipped(&s.items[i]) {
			return false
		}
	}
	return false
}

// wantsDate reports whether the item stands where a date must, and is none: behind "as of" a number or a month.
func (s *scan) wantsDate(i int) bool {
	it := &s.items[i]
	looksDated := strings.IndexFunc(it.word.Fold, unicode.IsDigit) >= 0 || s.lex.months[it.word.Fold] > 0
	return it.slot == "" && looksDated && (s.lex.asOf.endsAt(s.items, i) > 1 || s.lex.known.endsAt(s.items, i) > 0)
}

// era takes the time in office of a leader who has left as the day asked about, when a word beside the name means it:
// era takes the time in office of a leader who has left as the day asked about, when a word beside the name means it:
// "the Correa government", "under Boric". It is the last day in office; "before Milei" is the last day before it.
func (s *scan) era() {
	if s.query.AsOf != 0 || s.query.Since != 0 || s.query.KnownAt != 0 {
		return
	}
	for i := range s.items {
		it := &s.items[i]
		if it.slot != countrySlot || it.match.Leader == nil || it.dropped {
			continue
		}
		if s.lex.before.endsAt(s.items, i) > 0 || s.followedBy(s.lex.tookOffice, i) {
			s.query.AsOf = dayBefore(it.match.Leader.From)
			if s.query.Intent == knowledge.IntentShifts && s.cue.end-s.cue.start == 1 { // the word before was all that showed a change
				s.query.Intent = knowledge.IntentStance
			}
			return
		}
		if it.match.Leader.To.IsZero() || s.query.Intent == knowledge.IntentShifts {
			continue
		}
		apart := slices.ContainsFunc(s.items, func(other item) bool {
			return other.country() == it.match.Country && other.match.Leader == nil
		})
		if s.eraBefore(i, apart) || s.eraBehind(i, it.match.Country) {
			s.query.AsOf = min(dayBefore(it.match.Leader.To), s.today)
			return
		}
	}
}

// eraBehind reports whether what follows the leader at item i means the time in office: a word for one, or the country led,
// as in "Boric's Chile".
func (s *scan) eraBehind(i int, led knowledge.Country) bool {
	after := i + 1
	for after < len(s.items) && s.lex.isSkipped(&s.items[after]) {
		after++
	}
	return after < len(s.items) && (s.lex.eras[s.items[after].key()] || after > i+1 && s.items[after].country() == led)
}

// eraBefore reports whether a word before item i means a time in office. One that also links, as with does, means it
// beside the country alone: "mexico con amlo".
func (s *scan) eraBefore(i int, besideCountry bool) bool {
	for i--; i >= 0; i-- {
		word := s.items[i].key()
		links := s.lex.linking[word]
		if s.lex.eras[word] && (!links || besideCountry) {
			return true
		}
		if !links && !s.lex.isSkipped(&s.items[i]) {
			return false
		}
	}
	return false
}

// dayBefore returns the last day before a date.
func dayBefore(d knowledge.Date) knowledge.Day {
	return knowledge.DayOf(d.First().Time().AddDate(0, 0, -1))
}
