package question

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"stancebot/knowledge"
)

// ordersOf are the intents that carry an order.
var ordersOf = []knowledge.Intent{knowledge.IntentDigest, knowledge.IntentWatch}

// orders reports whether the question asks for digests or watches, which may be about all that it names.
func (s *scan) orders() bool { return slices.Contains(ordersOf, s.query.Intent) }

// An ordering is the reading of what is asked of digests and watches, token by token.
type ordering struct {
	*scan
	order  knowledge.Order
	tokens []token
	used   []bool // by word: part of the order, and so of no name and no date
	clocks []knowledge.Clock
	all    bool // it is about everything
	on     bool
	off    bool
}

// readOrder reads the order of a question that asks for digests or watches, and then the names beside it anew: what belongs to
// the order is no name, date or id.
func (s *scan) readOrder(ids []foundID) *ordering {
	if !s.orders() {
		return nil
	}
	o := &ordering{scan: s, used: make([]bool, len(s.words))}
	o.tokenize()
	o.order.Do = o.doing()
	o.readZone()
	o.readTokens()
	o.settleSchedule()
	if o.order.Every != "" && s.query.Intent == knowledge.IntentWatch {
		s.query.Intent = knowledge.IntentDigest // what comes at the hours of a schedule is a digest
	}
	s.readAround(o.used, ids)
	return o
}

// readAround reads the items anew from the words that no order has used.
func (s *scan) readAround(used []bool, ids []foundID) {
	s.words, s.typed = slices.Clone(s.words), slices.Clone(s.typed)
	for i, taken := range used {
		if taken && (i > 0 || s.command == "") {
			start := s.words[i].Start
			s.words[i].Fold, s.words[i].Flag, s.words[i].Upper = "", "", false
			s.typed[i] = s.words[i]
			ids = slices.DeleteFunc(slices.Clone(ids), func(id foundID) bool { return start >= id.start && start < id.end })
		}
	}
	s.items = nil
	s.readNames(ids)
	s.cue.start, s.cue.end, s.cue.steps = 0, 1, nil // the words that showed the intent may be gone
}

// doing decides what is to be done by the words that say so; "" is left to what else is said.
func (o *ordering) doing() knowledge.Doing {
	has := func(t term) bool {
		return slices.ContainsFunc(o.tokens, func(tok token) bool { return tok.term == t })
	}
	if has("stop") && (has("until") || o.lasts()) && !has("undo") {
		return knowledge.DoPause // no alerts until monday
	}
	for _, do := range doings {
		if has(term(do)) {
			return do
		}
	}
	if o.refused() {
		return knowledge.DoStop
	}
	return ""
}

// refused reports whether a word that says no stands before what is asked for: no nos manden el boletín.
func (o *ordering) refused() bool {
	asked := o.items[min(o.cue.start, len(o.items)-1)].at
	return slices.ContainsFunc(o.tokens, func(tok token) bool { return tok.term == "off" && tok.first < asked })
}

// doings are all of them, those first that win over others in one question.
var doings = []knowledge.Doing{
	knowledge.DoUndo, knowledge.DoZone, knowledge.DoQuiet, knowledge.DoEmpty, knowledge.DoEditors, knowledge.DoResume,
	knowledge.DoPause, knowledge.DoStop, knowledge.DoPreview, knowledge.DoNow, knowledge.DoList, knowledge.DoSubscribe,
}

// lasts reports whether a stretch of time is told: for 2 hours.
func (o *ordering) lasts() bool {
	for k := range o.tokens {
		if _, next := o.lengthAt(k); next > k {
			return true
		}
	}
	return false
}

// readTokens reads what else the order says.
func (o *ordering) readTokens() {
	for k := 0; k < len(o.tokens); {
		next := k
		for _, read := range []func(int) int{o.readUntil, o.readLength, o.readClock, o.readNumber, o.readTerm} {
			if next = read(k); next > k {
				break
			}
		}
		if next > k {
			o.use(k, next)
		}
		k = max(next, k+1)
	}
	if o.order.Do == "" && o.order.Until != 0 && o.order.Every == "" && len(o.order.Days) == 0 {
		o.order.Do = knowledge.DoPause
	}
	o.settleClocks()
	o.settleSwitch()
}

// use marks the words of tokens as part of the order.
func (o *ordering) use(from, to int) {
	for _, tok := range o.tokens[from:to] {
		for w := tok.first; w < tok.behind; w++ {
			o.used[w] = true
		}
	}
}

// usedBefore reports whether the word before a token is part of the order, or is the command.
func (o *ordering) usedBefore(k int) bool {
	w := o.tokens[k].first - 1
	for w > 0 && (o.lex.joining[o.words[w].Fold] || o.lex.little[o.words[w].Fold] || o.lex.linking[o.words[w].Fold]) && !o.used[w] {
		w--
	}
	return w >= 0 && (o.used[w] || w == 0 && o.command != "")
}

// readClock reads a time of day, and returns the token behind it. In the middle of a sentence a bare number is none.
func (o *ordering) readClock(k int) int {
	c := o.clockAt(k)
	if c.next == k {
		return k
	}
	led := k > 0 && o.tokens[k-1].term == "at"
	if c.length && o.order.Do == knowledge.DoPause && !led && o.order.Until == 0 {
		return k // pause 2h
	}
	if !c.marked && !led && o.order.Do != knowledge.DoQuiet {
		return k
	}
	if led {
		o.use(k-1, k)
	}
	o.addClock(c.at)
	return c.next
}

// addClock keeps a time of day. One that no clock shows makes the order unfit.
func (o *ordering) addClock(c knowledge.Clock) {
	if c == 0 {
		o.order.Unfit = true
		return
	}
	o.clocks = append(o.clocks, c)
}

// readLength reads how long a pause lasts.
func (o *ordering) readLength(k int) int {
	if o.order.Do != knowledge.DoPause || o.order.Until != 0 || k > 0 && o.tokens[k-1].term == "at" {
		return k
	}
	length, next := o.lengthAt(k)
	if next == k {
		return k
	}
	o.order.For += length
	if length == 0 || o.order.For > maxPause {
		o.order.For, o.order.Unfit = 0, true
	}
	return next
}

// maxPause is the longest pause that is read: a longer one is a slip.
const maxPause = 10 * 366 * 24 * time.Hour

// maxListed is the highest number in a list.
const maxListed = 999

// readNumber reads a bare number: the day of a month, an hour, or which one of the list is meant.
func (o *ordering) readNumber(k int) int {
	tok := &o.tokens[k]
	tied := tok.tied != 0 || k+1 < len(o.tokens) && o.tokens[k+1].tied != 0 // 11/7
	switch {
	case tok.figures == 0:
		return k
	case o.numbersDigest(k):
		o.order.Do, o.order.N = knowledge.DoSubscribe, tok.number
		return k + 1
	case o.isMonthDay(k):
		return o.readMonthDay(k)
	case tok.ordinal || tok.figures > 4 || tied:
		return k
	case o.isHour(k):
		o.addClock(knowledge.ClockAt(tok.number, 0))
		return k + 1
	case o.isListed(k):
		if o.order.N == 0 && tok.number > 0 && tok.number <= maxListed {
			o.order.N = tok.number
		} else {
			o.order.Unfit = true
		}
		return k + 1
	}
	return k
}

// isHour reports whether a bare number is the hour: right behind a day or a rhythm.
func (o *ordering) isHour(k int) bool {
	if !o.usedBefore(k) && (k+1 < len(o.tokens) || !o.behindCue(k)) {
		return false
	}
	return o.order.Until != 0 && o.order.Do != knowledge.DoSubscribe || o.schedules() && o.scheduled()
}

// isListed reports whether a bare number tells which one of the list is meant.
func (o *ordering) isListed(k int) bool {
	if o.order.Do == "" {
		return o.command != "" && len(o.tokens) == 2
	}
	return slices.Contains(ofList, o.order.Do) && (o.usedBefore(k) || o.behindCue(k))
}

// behindCue reports whether a token follows the words that show the intent: stop digest 2.
func (o *ordering) behindCue(k int) bool {
	if o.cue.end < 1 || o.cue.end > len(o.items) {
		return false
	}
	last := &o.items[o.cue.end-1]
	return last.at+last.words == o.tokens[k].first
}

// numbersDigest reports whether a number right behind the command names the digest that is to come otherwise: digest 2 daily 07:30.
func (o *ordering) numbersDigest(k int) bool {
	if k != 1 || o.command == "" || o.order.Do != "" || len(o.tokens) < 3 || o.tokens[k].ordinal {
		return false
	}
	n := o.tokens[k].number
	next := o.tokens[k+1].term
	return n > 0 && n <= maxListed && (slices.Contains([]term{"daily", "weekly", "monthly"}, next) || len(weekdays[next]) > 1)
}

// ofList are the doings that one of the list may be named for.
var ofList = []knowledge.Doing{
	knowledge.DoList, knowledge.DoPreview, knowledge.DoNow, knowledge.DoPause, knowledge.DoResume, knowledge.DoStop, knowledge.DoUndo,
}

// schedules reports whether the order may set a schedule.
func (o *ordering) schedules() bool {
	return o.order.Do == "" || o.order.Do == knowledge.DoSubscribe || o.order.Do == knowledge.DoZone
}

// scheduled reports whether a part of a schedule was read.
func (o *ordering) scheduled() bool {
	return o.order.Every != "" || len(o.order.Days) > 0 || o.order.Day > 0
}

// isMonthDay reports whether the number at a token is the day of a month of a monthly digest.
func (o *ordering) isMonthDay(k int) bool {
	if o.order.Day != 0 || !o.schedules() || o.order.Every != "" && o.order.Every != knowledge.Monthly {
		return false
	}
	tok := &o.tokens[k]
	marked := tok.ordinal || o.dayMarkAt(k+1) || o.dayWordAt(k-1)
	if o.order.Every == knowledge.Monthly || o.says("monthly") {
		return tok.figures <= 2 && (marked || o.usedBefore(k) || o.monthBehind(k))
	}
	return marked
}

// monthBehind reports whether a word for each month follows a token: the first of every month.
func (o *ordering) monthBehind(k int) bool {
	for k++; k < len(o.tokens); k++ {
		if o.tokens[k].term == "monthly" {
			return true
		}
		if word := o.words[o.tokens[k].first].Fold; !o.lex.linking[word] && !o.lex.little[word] {
			return false
		}
	}
	return false
}

// says reports whether a token means a term.
func (o *ordering) says(t term) bool {
	return slices.ContainsFunc(o.tokens, func(tok token) bool { return tok.term == t })
}

func (o *ordering) readMonthDay(k int) int {
	o.order.Every = knowledge.Monthly
	if n := o.tokens[k].number; n >= 1 && n <= 31 {
		o.order.Day = n
	} else {
		o.order.Unfit = true
	}
	if o.dayMarkAt(k + 1) {
		return k + 2
	}
	return k + 1
}

// dayWordAt reports whether a word that announces the day of a month stands at a token: día 15, but not 3 días.
func (o *ordering) dayWordAt(k int) bool {
	return k >= 0 && (o.tokens[k].term == "day" || o.tokens[k].term == "days" && (k == 0 || o.tokens[k-1].figures == 0))
}

// dayMarkAt reports whether a word that marks the day of a month stands at a token: 15号, 15 числа.
func (o *ordering) dayMarkAt(k int) bool {
	return k < len(o.tokens) && (o.tokens[k].term == "day" || o.lex.dayMarks[o.words[o.tokens[k].first].Fold])
}

// readTerm reads a word of an order that stands by itself.
func (o *ordering) readTerm(k int) int {
	tok := &o.tokens[k]
	if day, ok := weekdays[tok.term]; ok {
		if tok.short && !o.usedBefore(k) && !o.timeBehind(k) {
			return k
		}
		if to := o.rangeEnd(k); to > k {
			o.order.Days = append(o.order.Days, daysUpTo(day[0], weekdays[o.tokens[to].term][0])...)
			return to + 1
		}
		o.order.Days = append(o.order.Days, day...)
		return k + 1
	}
	switch tok.term {
	case "daily", "weekly", "monthly":
		if k+2 < len(o.tokens) && o.dayWordAt(k+1) && o.tokens[k+2].figures > 0 && !o.clockAt(k+2).marked {
			return k // todo dia 15
		}
		if every := knowledge.Rhythm(tok.term); o.order.Every == "" || o.order.Every == every {
			o.order.Every = every
		} else {
			o.order.Unfit = true
		}
	case "lastday":
		o.order.Every, o.order.Day = knowledge.Monthly, 31
	case "unfit":
		o.order.Unfit = true
	case "everything":
		o.all = true
	case "on":
		o.on = true
		return o.switched(k)
	case "off", term(knowledge.DoStop):
		o.off = true
		if tok.term == "off" {
			return o.switched(k)
		}
	default:
		if !slices.Contains(doings, knowledge.Doing(tok.term)) {
			return k
		}
	}
	return k + 1
}

// rangeEnd returns the token of the last of several days that a line or a word joins, mon-fri, or k.
func (o *ordering) rangeEnd(k int) int {
	next := k + 1
	if next < len(o.tokens) && slices.Contains([]term{"through", "until", "at", "day"}, o.tokens[next].term) {
		next++ // monday to thursday
	} else if !strings.ContainsRune("-–—~～", o.words[o.tokens[k].behind-1].After) {
		return k
	}
	if next >= len(o.tokens) || len(weekdays[o.tokens[next].term]) != 1 || len(weekdays[o.tokens[k].term]) != 1 {
		return k
	}
	return next
}

// daysUpTo lists the days of the week from one to another.
func daysUpTo(first, last time.Weekday) []time.Weekday {
	days := []time.Weekday{first}
	for d := first; d != last; days = append(days, d) {
		d = (d + 1) % 7
	}
	return days
}

// timeBehind reports whether a time or another day of the week follows a token.
func (o *ordering) timeBehind(k int) bool {
	if k+1 >= len(o.tokens) {
		return false
	}
	_, day := weekdays[o.tokens[k+1].term]
	return day || o.tokens[k+1].term == "at" || o.clockAt(k+1).marked
}

// switched takes a word for on or off where the order wants one.
func (o *ordering) switched(k int) int {
	if slices.Contains([]knowledge.Doing{knowledge.DoQuiet, knowledge.DoEmpty, knowledge.DoEditors}, o.order.Do) {
		return k + 1
	}
	return k
}

// settleClocks says what the times are that were read: one, or for quiet hours two.
func (o *ordering) settleClocks() {
	times := o.clocks
	switch {
	case o.order.Do == knowledge.DoQuiet && len(times) == 2 && times[0] != times[1]:
		o.order.From, o.order.At = times[0], times[1]
	case o.order.Do == knowledge.DoQuiet && len(times) > 0, len(times) > 1:
		o.order.Unfit = true // one end of two, or two times where there is one
	case len(times) == 1:
		o.order.At = times[0]
	}
}

// settleSwitch says what is switched. What is only named is asked about.
func (o *ordering) settleSwitch() {
	switch o.order.Do {
	case knowledge.DoQuiet:
		if o.order.From == 0 && !o.off && !o.order.Unfit {
			o.order.Do = knowledge.DoList
		}
	case knowledge.DoEmpty, knowledge.DoEditors:
		if o.order.Switch = o.on && !o.off; !o.on && !o.off {
			o.order.Do = knowledge.DoList
		}
	}
}

// settleSchedule fits the parts of a schedule to each other.
func (o *ordering) settleSchedule() {
	w := &o.order
	if w.Do == knowledge.DoZone && (o.scheduled() || w.At != 0) {
		w.Do = knowledge.DoSubscribe // daily at 9 in the time zone of Lima
	}
	slices.Sort(w.Days)
	w.Days = slices.Compact(w.Days)
	switch {
	case len(w.Days) > 0 && w.Every == knowledge.Monthly: // the first monday of each month
		w.Unfit = true
	case len(w.Days) > 0:
		w.Every = knowledge.Weekly
	}
	if w.Do == knowledge.DoPause && (w.Until != 0 || w.For != 0) || w.Until == 0 {
		return
	}
	w.Unfit = true // an end is set to what has none
}

// finish settles what is to be done where no word says it, once it is known what the order is about.
func (o *ordering) finish() {
	if o == nil || !o.orders() {
		return
	}
	q, w := &o.query, &o.order
	q.Order = w
	if w.Do == "" || w.Do == knowledge.DoSubscribe {
		o.dropDates()
	}
	about := o.named() || o.all || q.Misread != nil
	if w.Do == "" {
		w.Do = o.doingOf(about)
	}
	if w.Do != knowledge.DoSubscribe || about || w.Unfit || o.nameWanted() {
		return
	}
	if q.Intent == knowledge.IntentWatch { // watch them
		o.misread(knowledge.Refused).Reason = knowledge.NamesNothing
	}
}

// doingOf returns what is to be done by an order that does not say it. A command alone lists; one with anything that could be
// subscribed to subscribes to it, and so does a sentence.
func (o *ordering) doingOf(about bool) knowledge.Doing {
	w := &o.order
	switch {
	case about || o.scheduled() || w.At != 0 || w.Unfit:
		return knowledge.DoSubscribe
	case o.command == "" && len(o.words) > 1:
		return knowledge.DoSubscribe
	case w.N > 0:
		return knowledge.DoList
	case len(o.words) > 1 && o.query.Intent == knowledge.IntentWatch, slices.ContainsFunc(o.items, func(it item) bool { return it.unknown || it.slot == otherSlot }):
		return knowledge.DoSubscribe
	}
	return knowledge.DoList
}

// dropDates takes away the dates of a question that subscribes: no subscription begins on another day than today.
func (o *ordering) dropDates() {
	q := &o.query
	if q.AsOf != 0 && q.AsOf != q.Today || q.Since != 0 || q.KnownAt != 0 {
		o.order.Unfit = true
	}
	q.AsOf, q.AsOfDate, q.Since, q.KnownAt = 0, 0, 0, 0
}

// nameWanted says of a word that nobody knows, where an order names nothing else, that it is no country: a command is about
// what stands behind it, and a watch about something.
func (o *ordering) nameWanted() bool {
	if o.unknownName() {
		return true
	}
	if o.query.Intent != knowledge.IntentWatch && o.command == "" {
		return false
	}
	i := slices.IndexFunc(o.items, func(it item) bool { return it.unknown })
	if i < 0 {
		return false
	}
	o.notACountry().Name = o.unknownAround(i)
	return true
}

// weekdays are the days that terms mean.
var weekdays = func() map[term][]time.Weekday {
	days := map[term][]time.Weekday{
		"weekdays": {time.Monday, time.Tuesday, time.Wednesday, time.Thursday, time.Friday},
		"weekends": {time.Sunday, time.Saturday},
	}
	for d := time.Sunday; d <= time.Saturday; d++ {
		days[term(fold(d.String()))] = []time.Weekday{d}
	}
	return days
}()

// terms are what phrases of a lexicon can mean in an order, beside numbers.
var terms = func() map[term]bool {
	all := map[term]bool{}
	for _, t := range []term{
		"daily", "weekly", "monthly", "lastday", "unfit", "everything", "on", "off", "at", "until", "day", "am", "pm", "night", "noon", "midnight",
		"half", "quarter", "past", "through", "oclock", "minutes", "hours", "days", "weeks", "tomorrow", "overmorrow", "nextweek", "nextmonth",
	} {
		all[t] = true
	}
	for t := range weekdays {
		all[t] = true
	}
	for _, do := range doings {
		all[term(do)] = true
	}
	for n := range 61 {
		all[term(strconv.Itoa(n))] = true
	}
	all["90"] = true
	return all
}()
