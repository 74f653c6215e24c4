package question

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"stancebot/knowledge"
	"stancebot/knowledge/places"
)

// A slot tells what an item of a question is.
type slot string

// The slots, as patterns spell them. A plain word has the slot "".
const (
	countrySlot    slot = "{c}" // a country, a pole, a place, a name that asks
	groupSlot      slot = "{g}"
	dateSlot       slot = "{d}"
	receiptSlot    slot = "{r}"
	resolutionSlot slot = "{s}"
	otherSlot      slot = "{o}" // a name, but of no country
)

// An item is a word, or the words that make one name, date or id.
type item struct {
	slot     slot
	word     places.Word // the first of its words
	at       int         // its place among the words
	words    int
	match    *places.Match
	group    knowledge.GroupID
	date     knowledge.Date
	yearless bool // the date tells no year
	noDate   bool // has the form of a date, but the calendar has no such day
	id       string
	called   bool // a text by what people call it, not by its symbol
	unknown  bool // a word that the lexicon does not know
	misspelt bool
	code     bool // of a country
	without  bool // a pole left out so that the other one is asked about: "without Russia"
	dropped  bool // left out by the asker: "skip the US part"
}

// key is what patterns compare with: the word, or the slot.
func (it *item) key() string {
	if it.slot != "" {
		return string(it.slot)
	}
	return it.word.Fold
}

// country returns the member that the item names, or "".
func (it *item) country() knowledge.Country {
	if it.slot != countrySlot {
		return ""
	}
	return it.match.Country
}

// A scan is the reading of one question, step by step.
type scan struct {
	reader  *Reader
	lex     *lexicon
	today   knowledge.Day
	words   []places.Word
	typed   []places.Word // words as they were before spellings in a hurry were mended
	items   []item
	query   knowledge.Query
	command string           // the command word, if the question begins with one
	intent  knowledge.Intent // of the command
	cue     cue              // the pattern that decided
	shout   bool             // written in capitals throughout, so that capitals show nothing
}

// readCommand takes the first word as a command when it is one.
func (s *scan) readCommand() {
	s.typed = s.words
	for i := range s.words {
		if spelt := s.lex.spellings[s.words[i].Fold]; spelt != "" {
			if &s.typed[0] == &s.words[0] {
				s.typed = slices.Clone(s.words)
			}
			s.words[i].Fold = spelt
		}
	}
	s.shout = len(s.words) > 1
	for _, w := range s.words {
		s.shout = s.shout && (w.Upper || w.Flag != "" || strings.IndexFunc(w.Fold, unicode.IsLetter) < 0)
	}
	if intent, ok := s.commandOf(s.words[0].Fold); ok {
		s.command, s.intent = s.words[0].Fold, intent
	}
}

// commandOf returns the intent of a command word. Those of the leading language, in which buttons are written, are commands
// in every language that has no such word of its own.
func (s *scan) commandOf(word string) (knowledge.Intent, bool) {
	intent, ok := s.lex.commands[word]
	if !ok && !s.lex.words[word] {
		intent, ok = s.reader.lexicon(leading).commands[word]
	}
	return intent, ok
}

// Ids in running text: receipts of every kind, and resolutions by their symbol, which phones write with Cyrillic letters, too.
var (
	receiptInText = regexp.MustCompile(`(?i)\b([EMSA]:[a-z]{3}:[a-z0-9_:?-]+|[a-z]{3}-S\d{1,2}|[a-z]{3}-\d{2,3}|[FX]-\d{2,3}|D-\d{1,9}|GA-\d{4}-\d{2}-\d{2}[a-z-]*)`)
	symbolInText  = regexp.MustCompile(`(?i)(?:\bES ?(1[01]/\d{1,3})\b|[\x{0415}\x{042D}][S\x{0421}][- ]?(11/\d{1,3})\b|\b(?:A/RES/)?((?:E?S-\d{1,2}|\d{2})/\d{1,3}(?:[A-Z](?:-[A-Z])?)?\b|\d{1,4}\((?:E?S-)?[IVX]{1,8}\)(?:[A-Z]\b)?))`)
)

// readItems turns the words into items: ids first, then dates, then the longest name or group at each word.
func (s *scan) readItems(ids []foundID) {
	for i := 0; i < len(s.words); {
		it, n := s.itemAt(i, ids)
		it.word, it.at, it.words = s.words[i], i, n
		s.items = append(s.items, it)
		i += n
	}
}

// A foundID is a receipt or symbol in the text, by its bytes.
type foundID struct {
	start, end int
	slot       slot
	id         string
}

func findIDs(text string) []foundID {
	if !strings.ContainsAny(text, "0123456789:") {
		return nil
	}
	var found []foundID
	for _, m := range receiptInText.FindAllStringIndex(text, -1) {
		id := canonicalID(strings.TrimRight(text[m[0]:m[1]], ":-"))
		if knowledge.ReceiptKindOf(id) == "" { // the question mark is the asker's
			id = strings.TrimRight(id, "?:-")
		}
		if knowledge.ReceiptKindOf(id) != "" && !continues(text, m[1]) {
			found = append(found, foundID{m[0], m[1], slotOf(id), id})
		}
	}
	for _, m := range symbolInText.FindAllStringSubmatchIndex(text, -1) {
		if m[1] < len(text) && text[m[1]] == '/' || m[0] > 0 && text[m[0]-1] == '/' { // 03/04/2016 is a date
			continue
		}
		found = append(found, foundID{m[0], m[1], resolutionSlot, symbolOf(text, m)})
	}
	return found
}

// emergencySession begins the symbols of the emergency session on Ukraine, whose ES people leave out.
const emergencySession = "11/"

// symbolOf spells the symbol that symbolInText found: those of the emergency session begin with ES.
func symbolOf(text string, m []int) string {
	for group, prefix := range []string{"ES-", "ES-", ""} {
		start := m[2+2*group]
		if start < 0 {
			continue
		}
		symbol := text[start:m[3+2*group]]
		if strings.HasPrefix(symbol, emergencySession) { // 11/1: the texts of the eleventh regular session have no such symbols
			prefix = "ES-"
		}
		return strings.ToUpper(prefix + symbol)
	}
	return ""
}

// slotOf tells a text whose symbol was not read, GA-2026-02-24, from the receipts of other records.
func slotOf(id string) slot {
	if knowledge.ReceiptKindOf(id) == knowledge.RollCallReceipt {
		return resolutionSlot
	}
	return receiptSlot
}

// continues reports whether a letter or digit follows at i: then what ends there is no id.
func continues(text string, i int) bool {
	r, _ := utf8.DecodeRuneInString(text[i:])
	return i < len(text) && !isHanRune(r) && (unicode.IsLetter(r) || unicode.IsDigit(r))
}

// canonicalID spells a receipt as the records do: capitals, but for the middle of a membership or measure and the
// letter behind an event.
func canonicalID(id string) string {
	parts := strings.Split(id, ":")
	if len(parts) == 1 {
		if strings.HasPrefix(strings.ToUpper(id), "GA-") {
			return "GA-" + strings.ToLower(id[3:])
		}
		return strings.ToUpper(id)
	}
	for i := range parts {
		if i < 2 {
			parts[i] = strings.ToUpper(parts[i])
		} else {
			parts[i] = strings.ToLower(parts[i])
		}
	}
	return strings.Join(parts, ":")
}

func (s *scan) itemAt(i int, ids []foundID) (item, int) {
	w := s.words[i]
	for _, id := range ids {
		if w.Start >= id.start && w.Start < id.end {
			n := 1
			for i+n < len(s.words) && s.words[i+n].Start < id.end {
				n++
			}
			return item{slot: id.slot, id: id.id}, n
		}
	}
	if i == 0 && s.command != "" {
		return item{}, 1
	}
	if it, n := s.dateAt(i); n > 0 {
		return it, n
	}
	name, n := s.nameAt(i)
	if id, textWords := s.lex.text(s.words, i); textWords > n {
		return item{slot: resolutionSlot, id: id, called: true}, textWords
	}
	if n > 0 {
		return name, n
	}
	known := s.lex.words[w.Fold] || strings.IndexFunc(w.Fold, unicode.IsLetter) < 0
	return item{unknown: !known}, 1
}

// nameAt returns the longest name or group that begins at word i. Of equal length the name wins, unless the
// command is about groups.
func (s *scan) nameAt(i int) (item, int) {
	var m *places.Match
	n := 0
	if !s.endsWord(i) {
		m, n = s.reader.gazetteer.At(s.typed, i)
	}
	if m == nil {
		m, n = s.wholeArgument(i)
	}
	m, n = s.pointedAt(i, m, n)
	if m == nil && !s.searches() {
		m, n = s.reader.gazetteer.EverydayAt(s.typed, i, s.lex.language)
	}
	if m != nil && n == 1 && !s.standsAsName(i) && !s.inRow(m, i) {
		m, n = nil, 0
	}
	if g, gn := s.lex.group(s.words, i); gn > n || gn > 0 && gn == n && s.wantsGroup() {
		return item{slot: groupSlot, group: g}, gn
	}
	code := m == nil
	if m == nil {
		m, n = s.codeAt(i)
	}
	switch {
	case m == nil:
		return item{}, 0
	case m.Kind == places.OtherMatch:
		return item{slot: otherSlot, match: m}, n
	}
	return item{slot: countrySlot, match: m, code: code}, n
}

// maxPointed is the most words of a name that a word which points stands in.
const maxPointed = 6

// pointedAt returns the longer name that the one at word i is the beginning of when the word behind it, which points, is left
// out: el sudan ese del sur. Else it returns the name as it is.
func (s *scan) pointedAt(i int, m *places.Match, n int) (*places.Match, int) {
	if m == nil || i+n+1 >= len(s.words) || !s.lex.pointing[s.words[i+n].Fold] {
		return m, n
	}
	rest := s.typed[i+n+1 : min(i+n+maxPointed, len(s.typed))]
	if longer, size := s.reader.gazetteer.At(slices.Concat(s.typed[i:i+n], rest), 0); longer != nil && size > n {
		return longer, size + 1
	}
	return m, n
}

// endsWord reports whether the word at i is the little word that an apostrophe ties to the one before: no name begins with
// the s of "what's Korea".
func (s *scan) endsWord(i int) bool {
	return i > 0 && s.lex.little[s.words[i].Fold] && s.tied(i-1) && strings.ContainsRune("'’ʼ", s.words[i-1].After)
}

// wholeArgument returns the name that a command is about, though it is an everyday word, too: what else could it be about.
func (s *scan) wholeArgument(i int) (*places.Match, int) {
	if s.searches() || s.words[i].Flag != "" || !s.isWholeArgument(i) {
		return nil, 0
	}
	if m := s.reader.gazetteer.Lookup(s.words[i].Fold); m != nil {
		return m, 1
	}
	return nil, 0
}

// codeAt returns the country whose code stands at word i.
func (s *scan) codeAt(i int) (*places.Match, int) {
	w := s.words[i]
	if s.searches() && !w.Upper {
		return nil, 0
	}
	if c, ok := s.reader.gazetteer.Alpha3(w); ok && s.standsAsCode(i) {
		return &places.Match{Kind: places.CountryMatch, Country: c, Name: strings.ToUpper(w.Fold)}, 1
	}
	if c := s.lex.codes[w.Fold]; c != "" && (s.standsAsCode(i) || i > 0 && s.lex.little[s.words[i-1].Fold]) {
		return &places.Match{Kind: places.CountryMatch, Country: c, Name: strings.ToUpper(w.Fold)}, 1
	}
	if m, ok := s.reader.gazetteer.Code(w); ok && s.isWholeArgument(i) && !s.isPlainWord(w) {
		return m, 1
	}
	return nil, 0
}

// searches reports whether the command is a search, behind which a word is a word unless it is written as a code.
func (s *scan) searches() bool { return s.command != "" && s.intent == knowledge.IntentSearch }

func (s *scan) wantsGroup() bool {
	return s.intent == knowledge.IntentGroup || s.intent == knowledge.IntentMap
}

// standsAsName reports whether the single word at i, which is a name, is meant as one. The pronoun us is the United
// States only in capitals or beside words that show it.
func (s *scan) standsAsName(i int) bool {
	w := s.words[i]
	before, after := s.lex.beforePole[w.Fold], s.lex.afterPole[w.Fold]
	if before == nil && after == nil {
		return true
	}
	if s.beginsWordHan(i) {
		return false
	}
	if len(before) == 1 && before[0] == "" { // russia or the states, but not caricom states and russia
		first := i == 0 || s.lex.little[s.words[i-1].Fold] || s.lex.joining[s.words[i-1].Fold] || s.lex.linking[s.words[i-1].Fold]
		return first && s.besidePole(i)
	}
	if w.Upper && !s.shout || s.isWholeArgument(i) {
		return true
	}
	if i > 0 && s.words[i-1].After == '/' || w.After == '/' || s.isLedUpTo(i, before) {
		return true
	}
	if i+1 < len(s.words) && slices.Contains(after, s.words[i+1].Fold) {
		return true
	}
	return s.besidePole(i) || s.amongNames(i)
}

// isLedUpTo reports whether the word or the two words before i are among some: the us, ties with us.
func (s *scan) isLedUpTo(i int, before []string) bool {
	if i > 1 && slices.Contains(before, s.words[i-2].Fold+" "+s.words[i-1].Fold) {
		return true
	}
	return i > 0 && slices.Contains(before, s.words[i-1].Fold)
}

// amongNames reports whether the word at i stands right beside names as a pronoun does not: us-mexico, mexico us russia, and
// us mexico at the beginning. Nobody is told anything in these, as in "tell us russia's allies".
func (s *scan) amongNames(i int) bool {
	if !slices.Contains(s.lex.beforePole[s.words[i].Fold], string(countrySlot)) {
		return false
	}
	named := func(j int) bool {
		if j < 0 || j >= len(s.words) {
			return false
		}
		m := s.reader.gazetteer.Lookup(s.words[j].Fold)
		return m != nil && m.Kind == places.CountryMatch
	}
	before, behind := named(i-1), named(i+1)
	return before && behind || i == 0 && behind || before && s.tied(i-1) || behind && s.tied(i)
}

// inRow reports whether the word at i, the name of a country that is a word of the language, too, stands in a row of names:
// perou suede bolivie, suede and peru. Beside a name the word for a pole is no name for that alone: peru usa drones.
func (s *scan) inRow(m *places.Match, i int) bool {
	if m.Kind != places.CountryMatch || m.Seat || m.Leader != nil || knowledge.AxisOf(m.Country) != "" {
		return false
	}
	named := func(j, step int) bool {
		for j >= 0 && j < len(s.words) && s.lex.joining[s.words[j].Fold] {
			j += step
		}
		if j < 0 || j >= len(s.words) {
			return false
		}
		other := s.reader.gazetteer.Lookup(s.words[j].Fold)
		return other != nil && other.Kind == places.CountryMatch && other.Leader == nil && !other.People && s.standsAsName(j)
	}
	return named(i-1, -1) || named(i+1, 1)
}

// beginsWordHan reports whether the word at i is the first character of a Chinese word that nobody knows, as 美 is of 美丽:
// a character that stands by itself follows right behind it.
func (s *scan) beginsWordHan(i int) bool {
	if i+1 >= len(s.words) || s.words[i].After != 0 || !isHan(&s.words[i]) {
		return false
	}
	next := &s.words[i+1]
	return isHan(next) && next.Start == s.words[i].End && utf8.RuneCountInString(next.Fold) == 1 && !s.lex.words[next.Fold] && s.reader.gazetteer.Lookup(next.Fold) == nil
}

// besidePole reports whether the word at i is joined to a pole by or, and or vs: "russia or the us".
func (s *scan) besidePole(i int) bool {
	joins := func(j int) bool {
		return j >= 0 && j < len(s.words) && s.lex.joining[s.words[j].Fold]
	}
	left, right := i-1, i+1
	for left >= 0 && s.lex.little[s.words[left].Fold] {
		left--
	}
	next := right + 1
	for next < len(s.words) && s.lex.little[s.words[next].Fold] {
		next++
	}
	return joins(left) && left > 0 && s.isPole(left-1) || joins(right) && next < len(s.words) && s.isPole(next)
}

func (s *scan) isPole(i int) bool {
	m, _ := s.reader.gazetteer.At(s.words, i)
	return m != nil && m.Kind == places.CountryMatch && knowledge.AxisOf(m.Country) != ""
}

// standsAsCode reports whether the word at i is meant as an alpha-3 code: behind a command word in any case, else in
// capitals among words that are not.
func (s *scan) standsAsCode(i int) bool {
	w := s.words[i]
	switch {
	case s.isWholeArgument(i):
		return w.Upper || !s.isPlainWord(w) || s.command != ""
	case s.lex.joining[w.Fold]: // mexico AND brazil: no code, however it is written
		return false
	case s.command != "":
		return i == 1 && s.lex.language == leading || !s.isPlainWord(w) || w.Upper && !s.shout
	}
	return w.Upper && !s.shout
}

// isPlainWord reports whether the word is one of the language rather than a code: are, can, per, no.
func (s *scan) isPlainWord(w places.Word) bool { return s.lex.words[w.Fold] }

// isWholeArgument reports whether the word is all there is, or all there is behind the command word.
func (s *scan) isWholeArgument(i int) bool {
	return len(s.words) == 1 || s.command != "" && i == 1 && len(s.words) == 2
}

// maxMisspeltWords is the most words of a name that are tried for a misspelling.
const maxMisspeltWords = 4

// readMisspelt tries the words that nobody knows as misspelt names, the longest stretch of words first. What is
// near several names alike asks.
func (s *scan) readMisspelt() {
	s.readMisspeltWhole()
	s.readNearWholes()
	tried := 0
	for i := 0; i < len(s.items) && tried < maxMisspelt; i++ {
		owner := s.ordinaryOwner(i)
		if !owner && !s.mayBeMisspelt(i) {
			continue
		}
		if tried++; !s.tryPlural(i) && !owner {
			s.tryMisspelt(i)
		}
	}
}

// readMisspeltWhole reads names of several words with a slip in one or two of them, before a part of one is taken for
// the whole: Vietnma do Sul is not Vietnam.
func (s *scan) readMisspeltWhole() {
	if !slices.ContainsFunc(s.items, func(it item) bool { return it.unknown }) {
		return
	}
	tried := 0
	for size := min(maxWholeItems, len(s.items)); size > 1; size-- {
		for start := len(s.items) - size; start >= 0 && tried < maxWholeTried; start-- {
			if start+size <= len(s.items) && s.mayBeWhole(start, start+size) {
				s.tryWhole(start, start+size)
				tried++
			}
		}
	}
}

// A name of several words is looked for over so many items, with so many words in it that nobody knows; and over so many
// stretches of a question.
const (
	maxWholeItems = 10
	maxWholeSlips = 2
	maxWholeTried = 200
)

// mayBeWhole reports whether items can be one misspelt name of several words: names and words of names, but for one or
// two, and one that nobody knows among them.
func (s *scan) mayBeWhole(start, end int) bool {
	slips, unknown := 0, false
	for i := start; i < end; i++ {
		it := &s.items[i]
		switch {
		case it.misspelt:
			return false
		case it.slot != "":
		case it.unknown:
			unknown = true
			if !s.reader.gazetteer.InName(it.word.Fold) {
				slips++
			}
		case !s.reader.gazetteer.InName(it.word.Fold):
			return false
		}
	}
	return unknown && slips <= maxWholeSlips && (start > 0 || s.command == "") && s.joinableWhole(start, end)
}

// shortestWhole is the fewest characters of a name of several words that is read over its parts.
const shortestWhole = 7

func (s *scan) tryWhole(start, end int) {
	name := s.join(start, end)
	if utf8.RuneCountInString(name) < shortestWhole {
		return
	}
	matches, edits := s.reader.gazetteer.Nearest(name)
	if s.lentByArticle(start, name, edits) {
		return
	}
	oneWord := func(m *places.Match) bool { return !strings.Contains(places.Fold(m.Name), " ") }
	if len(matches) == 0 || slices.ContainsFunc(matches, oneWord) || s.hasAside(start, end, matches, edits) { // one word beside another: that alone is read
		return
	}
	s.replace(start, end-start, misspeltItem(matches))
}

// readNearWholes reads the stretches that are a name of several words but for a slip although each of their words, or all
// but one, is one by itself: Vietnam el Sur, Et Berlin. Where all are, the bot asks which is meant.
func (s *scan) readNearWholes() {
	for _, span := range s.reader.gazetteer.NearWholes(s.typed) {
		start, end := s.itemAtWord(span.Start), s.itemAtWord(span.End)
		if start < 0 || end < start+2 {
			continue
		}
		parts, unknown, ok := s.partsOf(start, end)
		if !ok || !unknown && len(parts) == 0 || s.allCodes(start, end) {
			continue
		}
		name := s.join(start, end)
		matches, edits := s.reader.gazetteer.Nearest(name)
		if len(matches) == 0 || s.lentByArticle(start, name, edits) || s.hasAside(start, end, matches, edits) {
			continue
		}
		if start == 0 && s.command != "" {
			s.command, s.intent = "", "" // vote d'Ivoire is no command
		}
		whole := misspeltItem(matches)
		if !unknown {
			if s.holdsOrdinary(start, end, edits) || s.sharesArticle(start, end, matches) {
				continue
			}
			choices := misspeltItem(append(parts, matches...))
			if choices.match.Kind == places.AskMatch && len(choices.match.Choices) == 1 {
				continue // per peru: all of it is one country
			}
			if sameChoices(choices, misspeltItem(parts)) && !slices.ContainsFunc(s.items[start:end], func(it item) bool { return it.code }) {
				continue // the whole is one of its parts
			}
			whole = choices
		}
		s.replace(start, end-start, whole)
	}
}

// allCodes reports whether a stretch is nothing but codes: LAO BDI is two countries, however near it comes to a name.
func (s *scan) allCodes(start, end int) bool {
	return !slices.ContainsFunc(s.items[start:end], func(it item) bool { return !it.code })
}

// sharesArticle reports whether a stretch is an article and one name, and differs from the names it is near to behind their
// article: le Zaïre is not le Caire.
func (s *scan) sharesArticle(start, end int, names []*places.Match) bool {
	first := &s.items[start]
	return end == start+2 && first.slot == "" && !s.isTied(start) && s.lex.little[first.word.Fold] && s.items[end-1].slot == countrySlot &&
		!slices.ContainsFunc(names, func(m *places.Match) bool { return !strings.HasPrefix(places.Fold(m.Name), first.word.Fold+" ") })
}

// holdsOrdinary reports whether a stretch of known words holds one that is no word of names, and so rather stands beside the
// name that the stretch holds than in the one it is edits away from: not Vietnamese, 10 Sudan. It may be a slip all the same
// where one edit makes it, last Germany, where it is tied to the name, si-soudanais, and within a longer name that is all
// that is asked about.
func (s *scan) holdsOrdinary(start, end, edits int) bool {
	all := end == len(s.items) && end-start > 2 && (start == 0 || start == 1 && s.command != "")
	for i := start; i < end; i++ {
		fold := s.items[i].word.Fold
		if s.items[i].slot != "" || s.reader.gazetteer.InName(fold) {
			continue
		}
		if number(fold) > 0 || edits > 1 && !all && !s.isTied(i) {
			return true
		}
	}
	return false
}

// sameChoices reports whether two items mean as many countries and places.
func sameChoices(a, b item) bool {
	count := func(it item) int {
		if it.match.Kind == places.AskMatch {
			return len(it.match.Choices)
		}
		return 1
	}
	return count(a) == count(b)
}

// hasAside reports whether a stretch begins or ends with a little word beside a name rather than a piece of the names that
// it is edits away from: de Guinea is not la Guinea. One that a hyphen or an apostrophe ties to the name is a piece:
// S-Soudan.
func (s *scan) hasAside(start, end int, names []*places.Match, edits int) bool {
	of := func(edge func(text, word string) bool, word string) bool {
		return slices.ContainsFunc(names, func(m *places.Match) bool { return edge(places.Fold(m.Name), word) })
	}
	first, last := s.items[start].word.Fold, s.items[end-1].word.Fold
	return s.isAside(start, edits) && !of(strings.HasPrefix, first+" ") || s.isAside(end-1, edits) && !of(strings.HasSuffix, " "+last)
}

// isAside reports whether an item stands beside a name by itself. A word of several letters may be a slip, when it is the
// only one: est Germany, State uma.
func (s *scan) isAside(i, edits int) bool {
	it := &s.items[i]
	if it.slot != "" || !s.lex.little[it.word.Fold] && !s.lex.joining[it.word.Fold] {
		return false
	}
	return (edits > 1 || utf8.RuneCountInString(it.word.Fold) < 3) && !s.isTied(i)
}

// isTied reports whether a hyphen or an apostrophe ties the word to the one before or behind it.
func (s *scan) isTied(i int) bool {
	w := s.items[i].at
	return s.tied(w) || w > 0 && s.tied(w-1)
}

// tied reports whether a hyphen or an apostrophe alone stands between a word and the next.
func (s *scan) tied(word int) bool {
	return word+1 < len(s.words) && strings.ContainsRune("-‐‑–'’ʼ", s.words[word].After) && s.words[word+1].Start-s.words[word].End <= utf8.RuneLen(s.words[word].After)
}

// itemAtWord returns the item that begins with a word, or -1 when the word stands within one. Behind the last word is the
// end of the items.
func (s *scan) itemAtWord(word int) int {
	n := 0
	for i := range s.items {
		if n == word {
			return i
		}
		n += s.items[i].words
	}
	if n == word {
		return len(s.items)
	}
	return -1
}

// partsOf returns what the names among items mean, and whether a word among them is unknown. Items that cannot be one name
// are not ok; a command word is a piece of nothing but the whole text.
func (s *scan) partsOf(start, end int) (parts []*places.Match, unknown, ok bool) {
	for i := start; i < end; i++ {
		it := &s.items[i]
		switch {
		case it.misspelt:
			return nil, false, false
		case it.slot == groupSlot:
			parts = append(parts, &places.Match{Kind: places.AskMatch, Choices: []string{string(it.group)}})
		case it.match != nil:
			parts = append(parts, it.match)
		}
		unknown = unknown || it.unknown
	}
	if start == 0 && s.command != "" && (!unknown || end < len(s.items)) {
		return nil, false, false
	}
	return parts, unknown, s.joinableWhole(start, end)
}

// maxMisspelt is how many words of a question are tried as misspelt names: in a longer text they are no names.
const maxMisspelt = 24

// tryPlural reads a name with an s behind it, as in "whats perus position": nothing is misspelt there.
func (s *scan) tryPlural(i int) bool {
	stem, ok := strings.CutSuffix(s.items[i].word.Fold, "s")
	if !ok {
		return false
	}
	m := s.reader.gazetteer.Lookup(stem)
	if m == nil || m.Kind != places.CountryMatch {
		return false
	}
	if matches, _ := s.reader.gazetteer.Nearest(s.items[i].word.Fold); len(matches) > 0 {
		if it := misspeltItem(append([]*places.Match{m}, matches...)); it.match.Kind == places.AskMatch && len(it.match.Choices) > 1 {
			s.replace(i, 1, it) // usas is as near to rusas as to usa
			return true
		}
	}
	s.replace(i, 1, item{slot: countrySlot, match: m})
	return true
}

// mayBeMisspelt reports whether the item is a word that could be a misspelt name. Short words are, only when they
// are all there is.
func (s *scan) mayBeMisspelt(i int) bool {
	it := &s.items[i]
	if !it.unknown || s.isOrdinary(it.word.Fold) {
		return false
	}
	letters := len([]rune(it.word.Fold))
	if isHan(&it.word) {
		return letters >= shortestMisspelt
	}
	return letters >= places.MinFuzzyLetters || letters == places.MinFuzzyLetters-1 && s.isWholeArgument(s.items[i].at)
}

// ordinaryOwner reports whether item i is an everyday word right before one of ours, and so no misspelt name but perhaps the
// owner: chiles stance is that of Chile, though chiles are peppers, too.
func (s *scan) ordinaryOwner(i int) bool {
	it := &s.items[i]
	return it.unknown && i+1 < len(s.items) && s.lex.ours[s.items[i+1].key()] && s.isOrdinary(it.word.Fold)
}

// isOrdinary reports whether a word is an everyday one of the question's language, which is no misspelt name however
// near it comes to one.
func (s *scan) isOrdinary(word string) bool {
	return s.reader.gazetteer.OrdinaryIn(s.lex.language, word)
}

func (s *scan) tryMisspelt(i int) {
	for size := maxMisspeltWords; size >= 1; size-- {
		for start := max(0, i-size+1); start <= i && start+size <= len(s.items); start++ {
			if size > 1 && !s.joinable(start, start+size) {
				continue
			}
			name := s.join(start, start+size)
			matches, edits := s.reader.gazetteer.Nearest(name)
			if len(matches) == 0 || size > 1 &&
				(edits*size > 4 || s.lentByArticle(start, name, edits) || s.hasAside(start, start+size, matches, edits)) {
				continue
			}
			if s.isLeaderOf(start, matches) {
				continue
			}
			s.replace(start, size, misspeltItem(matches))
			return
		}
	}
}

// isLeaderOf reports whether what could be a misspelt capital stands where a leader of a country named beside it does:
// Macri in "argentina sous macri" is not Madrid.
func (s *scan) isLeaderOf(start int, matches []*places.Match) bool {
	return s.eraBefore(start, true) && slices.ContainsFunc(s.items, func(it item) bool { return s.namesOther(&it) }) &&
		slices.ContainsFunc(matches, func(m *places.Match) bool { return m.Seat })
}

// lentByArticle reports whether a name has more edits than what stands behind its article may have: los ticos is not Los
// Pinos.
func (s *scan) lentByArticle(start int, name string, edits int) bool {
	article, rest, _ := strings.Cut(name, " ")
	return s.items[start].slot == "" && s.lex.little[article] && edits > places.Reach(utf8.RuneCountInString(rest))
}

// joinable reports whether items can be one name: words or names without a mark between them, none of them a command
// word.
func (s *scan) joinable(start, end int) bool {
	if start == 0 && s.command != "" || s.items[start].word.Fold == "s" || s.items[end-1].word.Fold == "s" { // of guana's, but people's republic
		return false
	}
	if last := &s.items[end-1]; last.slot == "" && !last.unknown && s.lex.little[last.word.Fold] { // tirar a is no Tirana
		return false
	}
	for j := start; j < end; j++ {
		if s.items[j].slot == groupSlot || j < end-1 && s.lastWord(j).After == '(' {
			return false
		}
	}
	return s.joinableWhole(start, end)
}

// joinableWhole reports whether items can be one name of several words, which may have brackets and the name of a region
// within: Congo (Republic), Caribbean Netherlands.
func (s *scan) joinableWhole(start, end int) bool {
	for j := start; j < end; j++ {
		it := &s.items[j]
		switch it.slot {
		case "", countrySlot, otherSlot, groupSlot:
		default:
			return false
		}
		if last := s.lastWord(j); it.word.Fold == "" || j < end-1 && (last.EndsName() || last.After == '/') {
			return false
		}
	}
	return true
}

// lastWord returns the last word of an item.
func (s *scan) lastWord(i int) *places.Word { return &s.words[s.items[i].at+s.items[i].words-1] }

func (s *scan) join(start, end int) string {
	first, n := s.items[start].at, 0
	for _, it := range s.items[start:end] {
		n += it.words
	}
	parts := make([]string, n)
	for j := range n {
		parts[j] = s.typed[first+j].Fold
	}
	return strings.Join(parts, " ")
}

// misspeltItem makes an item of what a misspelt name can mean. Names of no country give way to those of one.
func misspeltItem(matches []*places.Match) item {
	var named []*places.Match
	for _, m := range matches {
		if m.Kind != places.OtherMatch {
			named = append(named, m)
		}
	}
	switch {
	case len(named) == 0:
		return item{slot: otherSlot, match: matches[0], misspelt: true}
	case len(named) == 1:
		return item{slot: countrySlot, match: named[0], misspelt: true}
	}
	ask := &places.Match{Kind: places.AskMatch}
	for _, m := range named {
		switch m.Kind {
		case places.CountryMatch:
			ask.Choices = append(ask.Choices, string(m.Country))
		case places.PlaceMatch:
			ask.Choices = append(ask.Choices, m.Place.ID)
		case places.AskMatch:
			ask.Choices = append(ask.Choices, m.Choices...)
		case places.NoMatch, places.OtherMatch: // not among the named
		}
	}
	ask.Choices = unique(ask.Choices)
	return item{slot: countrySlot, match: ask, misspelt: true}
}

// unique drops what a list repeats and keeps its order.
func unique(list []string) []string {
	var out []string
	for _, x := range list {
		if !slices.Contains(out, x) {
			out = append(out, x)
		}
	}
	return out
}

func (s *scan) replace(start, size int, it item) {
	it.word, it.at = s.items[start].word, s.items[start].at
	for _, old := range s.items[start : start+size] {
		it.words += old.words
	}
	rest := append([]item{it}, s.items[start+size:]...)
	s.items = append(s.items[:start], rest...)
}

// readPoleNames takes who stands for a pole as the pole where a country or group is named, too: in "argentina and putin"
// it is toward Russia that the question asks. So is a name that fits a pole among others, behind a word that joins it:
// "colombia y los americanos".
func (s *scan) readPoleNames() {
	if !slices.ContainsFunc(s.items, func(it item) bool { return it.slot == groupSlot || s.namesOther(&it) }) {
		return
	}
	s.readLastPoleName()
	for i := range s.items {
		it := &s.items[i]
		asks := it.slot == countrySlot && it.match.Kind == places.AskMatch && !it.misspelt
		switch {
		case it.slot == otherSlot || it.slot == "" || asks && s.lex.poleNames[s.join(i, i+1)] != "":
			if pole := s.lex.poleNames[s.join(i, i+1)]; pole != "" {
				it.slot, it.match, it.unknown = countrySlot, &places.Match{Kind: places.CountryMatch, Country: pole}, false
			}
		case asks && s.joinedBefore(i):
			poles := slices.DeleteFunc(slices.Clone(it.match.Choices), func(id string) bool { return !isPole(knowledge.Country(id)) })
			if len(poles) == 1 {
				it.match = &places.Match{Kind: places.CountryMatch, Country: knowledge.Country(poles[0])}
			}
		}
	}
}

// readLastPoleName takes two words for a pole that mean it where nothing goes on behind them: "cuba and the states", but not
// "cuba and the states that abstained".
func (s *scan) readLastPoleName() {
	for i := len(s.items) - 2; i >= 0; i-- {
		pole := s.lex.poleNames[s.join(i, i+2)]
		last := i+2 == len(s.items) || s.endsName(i+1) || s.lex.joining[s.items[i+2].key()]
		if pole != "" && last && s.items[i].slot == "" && s.items[i+1].slot == "" {
			s.replace(i, 2, item{slot: countrySlot, match: &places.Match{Kind: places.CountryMatch, Country: pole}})
		}
	}
}

// readSurnames reads the surname of a leader beside the country led, where a word before it means a time in office:
// "colombia bajo santos".
func (s *scan) readSurnames() {
	for i := range s.items {
		country := s.items[i].country()
		if country == "" {
			continue
		}
		for j := range s.items {
			it := &s.items[j]
			if it.slot != "" || it.words != 1 {
				continue
			}
			if m := s.reader.gazetteer.Surname(country, it.word.Fold); m != nil && (s.eraBefore(j, true) || s.eraBehind(j, country) || s.lex.before.endsAt(s.items, j) > 0) {
				it.slot, it.match, it.unknown = countrySlot, m, false
			}
		}
	}
}

// asksOfPlaces are the intents that show that an everyday word beside them is meant as the place.
var asksOfPlaces = []knowledge.Intent{
	knowledge.IntentStance, knowledge.IntentVotes, knowledge.IntentMeasures, knowledge.IntentAgreement, knowledge.IntentCompare,
}

// readEveryday reads a name that is an everyday word of the language, too, where the words beside it ask of a country or a
// place, and no other is named: right before them, "la paz sigue con moscú", and a place also right behind, "position de la
// réunion".
func (s *scan) readEveryday() {
	if slices.ContainsFunc(s.items, func(it item) bool { return s.namesOther(&it) || it.slot == groupSlot }) {
		return
	}
	c := s.bestCue("")
	if s.command != "" {
		c = cue{intent: s.intent, weight: commandCue, end: 1}
	}
	if c.weight == 0 {
		return
	}
	behind := c.end
	for behind < len(s.items) && s.lex.linking[s.items[behind].key()] {
		behind++
	}
	for i := range s.items {
		m, n := s.reader.gazetteer.NamedEveryday(s.words, s.items[i].at)
		end := s.itemAtWord(s.items[i].at + n)
		if m == nil || end < 0 || s.items[i].slot != "" {
			continue
		}
		asked := end == c.start && c.intent == knowledge.IntentStance && slices.ContainsFunc(s.items[c.start:c.end], func(it item) bool { return isPole(it.country()) })
		if m.Kind == places.PlaceMatch {
			asked = (end == c.start || i >= c.end && i <= behind) && slices.Contains(asksOfPlaces, c.intent)
		}
		if asked {
			s.replace(i, end-i, item{slot: countrySlot, match: m})
			return
		}
	}
}

// namesOther reports whether the item names a country that is no pole.
func (s *scan) namesOther(it *item) bool {
	return it.slot == countrySlot && it.match.Kind == places.CountryMatch && !isPole(it.match.Country)
}

// joinedBefore reports whether a joining or linking word stands before item i.
func (s *scan) joinedBefore(i int) bool {
	for i--; i > 0; i-- {
		if word := s.items[i].key(); s.lex.joining[word] || s.lex.linking[word] {
			return true
		}
		if !s.lex.isSkipped(&s.items[i]) {
			return false
		}
	}
	return false
}

// leaveOut drops the names that the asker excludes: "skip the US part". What follows one in a list goes with it, "without
// Cuba, Venezuela", unless nothing would be left to ask about: "not Brazil, Argentina".
func (s *scan) leaveOut() {
	var first, listed []int
	for i := range s.items {
		if s.items[i].slot != countrySlot {
			continue
		}
		behind := !s.endsName(i) && s.followedBy(s.lex.outBehind, i)
		without := behind || s.lex.without.endsAt(s.items, i) > 0
		if s.lex.leaveOut.endsAt(s.items, i) > 0 || without {
			s.items[i].without = without
			first = append(first, i)
		}
	}
	s.drop(first, true)
	for i := range s.items {
		if it := &s.items[i]; it.slot == countrySlot && !it.dropped && s.behindDropped(i) && s.lex.leaveOut.endsAt(s.items, i) > 0 {
			s.drop([]int{i}, true)
			listed = append(listed, i)
		}
	}
	if !slices.ContainsFunc(s.items, func(it item) bool {
		return !it.dropped && (it.slot == groupSlot || it.slot == countrySlot && !isPole(it.country()))
	}) {
		s.drop(listed, false)
	}
}

// behindDropped reports whether item i follows one that was left out, but for little words: the next of a list.
func (s *scan) behindDropped(i int) bool {
	i--
	for i >= 0 && s.items[i].slot == "" && s.lex.little[s.items[i].word.Fold] {
		i--
	}
	return i >= 0 && s.items[i].dropped
}

// drop leaves items out, or takes them back in.
func (s *scan) drop(items []int, out bool) {
	for _, i := range items {
		s.items[i].dropped = out
	}
}

// takeBack drops what the asker corrects: "stance of peru, sorry, i meant bolivia". What follows the correction up to its
// last name of the kind stands for as many before it; the rest of the question stays.
func (s *scan) takeBack() {
	for i := range s.items {
		kind := s.kindOf(i)
		if kind == "" || s.lex.corrected.endsAt(s.items, i) == 0 {
			continue
		}
		meant := 0
		for j := i; j < len(s.items); j++ {
			if s.kindOf(j) == kind {
				meant++
			}
		}
		if slices.ContainsFunc(s.items[:i], func(it item) bool { return it.country() != "" && it.country() == s.items[i].country() }) {
			meant = i // chile and peru, no, just peru
		}
		for j := i - 1; j >= 0 && meant > 0; j-- {
			if s.kindOf(j) == kind {
				s.items[j].dropped = true
				meant--
			}
		}
	}
}

// kindOf tells what item i can be corrected to: a country or group, a pole, a date, an id. It is "" for anything else, and
// for what was dropped already.
func (s *scan) kindOf(i int) string {
	it := &s.items[i]
	switch {
	case it.dropped:
		return ""
	case isPole(it.country()):
		return "pole"
	case it.slot == groupSlot:
		return string(countrySlot)
	}
	return string(it.slot)
}

// datedInWords reports whether a word of the language stands in the date at item i: 31 de febrero.
func (s *scan) datedInWords(i int) bool {
	first := s.items[i].at
	return slices.ContainsFunc(s.words[first:first+s.items[i].words], func(w places.Word) bool { return s.lex.words[w.Fold] })
}

func (s *scan) language() string {
	for i := range s.items {
		it := &s.items[i]
		if (it.slot == "" && !it.unknown || it.slot == groupSlot || it.slot == resolutionSlot) && s.lex.words[it.word.Fold] {
			return s.lex.language
		}
		if it.slot == dateSlot && s.datedInWords(i) {
			return s.lex.language
		}
	}
	return ""
}
