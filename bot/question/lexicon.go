package question

import (
	"embed"
	"fmt"
	"maps"
	"path"
	"slices"
	"strconv"
	"strings"
	"sync"
	"unicode/utf8"

	"stancebot/knowledge"
	"stancebot/knowledge/places"
)

//go:embed lexicon/*.txt
var lexiconFiles embed.FS

// A lexicon is what the reader knows of one language: a file under lexicon/.
type lexicon struct {
	language     string
	dayFirst     bool            // 03/04/2016 is a day of April
	ownWords     map[string]bool // words as they are spelt, é, à, that show the language where folded ones do not
	letters      string          // that show the language where the words do not
	commands     map[string]knowledge.Intent
	codes        map[string]knowledge.Country // what a language alone writes for a country: DR
	patterns     map[string][]pattern         // by the first word, or the slot, that they begin with
	asOf         *phraseSet
	since        *phraseSet
	known        *phraseSet
	knew         *phraseSet
	leaveOut     *phraseSet
	corrected    *phraseSet // between what was written by mistake and what is meant: sorry, I meant
	yesNo        *phraseSet
	askWho       *phraseSet
	topics       *phraseSet
	topicsBehind *phraseSet // behind a name, with the same meaning: the Ukraine resolution
	whatAbout    *phraseSet
	sinceBehind  *phraseSet // what stands behind a date or a name rather than before it
	knownBehind  *phraseSet
	outBehind    *phraseSet
	before       *phraseSet     // before a leader: the days before the term began
	tookOffice   *phraseSet     // behind a leader, with the same meaning: 米莱上台前
	relative     map[string]ago // phrase → how long before today
	page         *phraseSet
	proof        *phraseSet
	picture      *phraseSet
	texts        map[string]string            // what a resolution is called, folded, without little words → its id
	textWords    map[string]int               // first word of such a name → most words
	textNames    [][2]string                  // a line each of what resolutions are called, and their ids, until the file is read
	votedOn      []votedText                  // what texts are called in questions about votes alone
	poleNames    map[string]knowledge.Country // who stands for a pole beside a country, folded
	little       map[string]bool              // may stand anywhere between the words of a pattern
	joining      map[string]bool              // between two names of which one shows what the other means
	leaning      map[string]bool              // begin a question that may lean on the one before
	linking      map[string]bool              // between a pattern and the name that it wants
	groups       map[string]knowledge.GroupID // by folded name
	joined       map[knowledge.GroupID]bool   // groups that states join, rather than regions and camps
	longest      map[string]int               // first word of a group's name → most words
	camps        map[string]knowledge.GroupID
	months       map[string]int
	last         map[string]bool // before a month: the latest that is over
	monthNames   []string        // a line each, from January on
	today        *phraseSet
	ordinals     map[string]bool // endings of a day's number: 1st
	yearMarks    map[string]bool // behind the parts of a date that begins with its year
	monthMarks   map[string]bool
	dayMarks     map[string]bool
	eras         map[string]bool // words that mean a leader's time in office
	yesterday    map[string]bool
	beforePole   map[string][]string       // a word that is a pole only behind one of these
	afterPole    map[string][]string       // … or before one of these
	spellings    map[string]string         // words as they are typed in a hurry → as patterns spell them
	elsewhere    map[string]bool           // words that show that something else is asked about
	ours         map[string]bool           // words that show a question of ours whatever else stands there
	insults      map[string]bool           // words that abuse whoever reads them
	ordinary     map[string]bool           // words that carry no meaning of ours
	words        map[string]bool           // every word of the file: none is a misspelt name
	without      *phraseSet                // before a pole: the other one is asked about
	poleWords    map[string]knowledge.Axis // words that ask toward a pole without naming it: prorruso
	against      map[string]bool           // words between two countries that compare them, and between a country and a pole ask
	until        *phraseSet                // before a date, all votes up to which are asked for and not those of that day
	verifying    map[string]bool           // first words that ask whether a picture holds
	pointing     map[string]bool           // behind the first word of a name, that say nothing: el sudan ese del sur
	days         map[string]int            // days of a month in words, of up to maxDayWords: primero, veinticuatro
	orders       phrasebook                // what is asked of digests and watches, anywhere in an order
	doings       phrasebook                // … and right behind its command: digest stop
	edits        map[string]editWord       // what begins a change of the records
	desk         []string                  // what the desk is called behind the word that asks it, the longer first

	matters map[knowledge.Matter]*phraseSet // which of several things a question of history, of settings or of an export is about
}

// A pattern is a sequence of words that shows an intent.
type pattern struct {
	intent knowledge.Intent
	weight int
	steps  []step
}

// A step matches one word out of several, one slot, or with gap set up to maxGap items before what follows.
type step struct {
	words []string
	gap   bool
}

// maxGap is the most items that ... in a pattern stands for.
const maxGap = 8

// A phraseSet finds the longest of its phrases at a place in the words.
type phraseSet struct {
	lex     *lexicon
	byFirst map[string][][]step
}

// lexicons holds a reader of each lexicon file, which reads it when its language is first met. They are part of the
// program: a file with a fault is a fault of the build.
var lexicons = func() map[string]func() *lexicon {
	entries, err := lexiconFiles.ReadDir("lexicon")
	if err != nil {
		panic(fmt.Sprintf("question: %v", err))
	}
	all := map[string]func() *lexicon{}
	for _, e := range entries {
		language := strings.TrimSuffix(e.Name(), path.Ext(e.Name()))
		all[language] = sync.OnceValue(func() *lexicon {
			text, err := lexiconFiles.ReadFile("lexicon/" + e.Name())
			if err != nil {
				panic(fmt.Sprintf("question: %v", err))
			}
			lex, err := parseLexicon(language, string(text))
			if err != nil {
				panic(fmt.Sprintf("question: lexicon/%s: %v", e.Name(), err))
			}
			return lex
		})
	}
	return all
}()

func newLexicon(language string) *lexicon {
	l := &lexicon{
		language: language, edits: map[string]editWord{}, commands: map[string]knowledge.Intent{}, codes: map[string]knowledge.Country{}, patterns: map[string][]pattern{},
		little: map[string]bool{}, joining: map[string]bool{}, last: map[string]bool{}, leaning: map[string]bool{}, linking: map[string]bool{},
		texts: map[string]string{}, textWords: map[string]int{}, groups: map[string]knowledge.GroupID{}, joined: map[knowledge.GroupID]bool{}, longest: map[string]int{}, camps: map[string]knowledge.GroupID{},
		months: map[string]int{}, days: map[string]int{}, pointing: map[string]bool{}, verifying: map[string]bool{}, against: map[string]bool{}, poleWords: map[string]knowledge.Axis{}, ordinals: map[string]bool{}, yearMarks: map[string]bool{}, monthMarks: map[string]bool{}, dayMarks: map[string]bool{},
		ownWords: map[string]bool{}, eras: map[string]bool{}, yesterday: map[string]bool{}, poleNames: map[string]knowledge.Country{},
		beforePole: map[string][]string{}, afterPole: map[string][]string{},
		spellings: map[string]string{}, elsewhere: map[string]bool{}, ours: map[string]bool{}, relative: map[string]ago{}, orders: newPhrasebook(), doings: newPhrasebook(), insults: map[string]bool{}, ordinary: map[string]bool{}, words: map[string]bool{},
	}
	for _, set := range []**phraseSet{&l.asOf, &l.since, &l.known, &l.knew, &l.leaveOut, &l.corrected, &l.yesNo, &l.askWho, &l.topics, &l.topicsBehind, &l.until, &l.without, &l.page, &l.whatAbout, &l.proof, &l.picture, &l.today, &l.sinceBehind, &l.knownBehind, &l.outBehind, &l.before, &l.tookOffice} {
		*set = &phraseSet{lex: l, byFirst: map[string][][]step{}}
	}
	l.matters = map[knowledge.Matter]*phraseSet{}
	for _, matters := range knowledge.Matters {
		for _, m := range matters {
			l.matters[m] = &phraseSet{lex: l, byFirst: map[string][][]step{}}
		}
	}
	return l
}

// parseLexicon reads a lexicon file: sections in brackets, one entry a line, # for remarks.
func parseLexicon(language, text string) (*lexicon, error) {
	l := newLexicon(language)
	section, n := "", 0
	for raw := range strings.Lines(text) {
		n++
		line := strings.TrimSpace(raw)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		if strings.HasPrefix(line, "[") && strings.HasSuffix(line, "]") {
			section = strings.Trim(line, "[]")
			continue
		}
		if err := l.parseEntry(section, line); err != nil {
			return nil, fmt.Errorf("line %d: %w", n, err)
		}
	}
	l.addTexts()
	passed := maps.Clone(l.little) // the militarisation of, in, around Crimea
	maps.Copy(passed, l.linking)
	for i := range l.votedOn {
		l.votedOn[i].names.little = passed
		l.votedOn[i].names.addTexts()
	}
	return l, nil
}

// parseEntry reads one line of a section.
func (l *lexicon) parseEntry(section, line string) error {
	set := l.phraseSets()[section]
	if matter, ok := strings.CutPrefix(section, "matter "); ok {
		set = l.matters[knowledge.Matter(matter)]
	}
	if set != nil {
		steps := l.parseSteps(line)
		if len(steps) == 0 {
			return fmt.Errorf("a phrase without words: %q", line)
		}
		set.add(steps)
		return nil
	}
	if words := l.wordSets()[section]; words != nil {
		for w := range strings.FieldsSeq(fold(line)) {
			words[w], l.words[w] = true, true
		}
		return nil
	}
	if section == "dates" {
		l.dayFirst = line == "day first"
		if !l.dayFirst {
			return fmt.Errorf("want day first, or no section [dates]: %q", line)
		}
		return nil
	}
	if section == "letters" {
		l.letters += strings.Join(strings.Fields(line), "")
		return nil
	}
	if section == "own words" {
		for w := range strings.FieldsSeq(line) {
			l.ownWords[w] = true
		}
		return nil
	}
	if intent, ok := strings.CutPrefix(section, "intent "); ok {
		return l.parsePattern(knowledge.Intent(intent), line)
	}
	key, value, ok := strings.Cut(line, ":")
	switch section {
	case "groups", "organisations", "camp words", "spellings", "resolutions", "relative", "poles", "pole names", "pole words", "voted on", "days", "codes", "orders", "order commands", "edits":
	default:
		ok = true // the months are a line without a colon, and the others say what is wrong themselves
	}
	if !ok || strings.TrimSpace(key) == "" {
		return fmt.Errorf("want a word, a colon and what it means in [%s]: %q", section, line)
	}
	return l.parsePair(section, key, strings.TrimSpace(value))
}

// phraseSets returns the sections that hold a phrase a line.
func (l *lexicon) phraseSets() map[string]*phraseSet {
	return map[string]*phraseSet{
		"as of": l.asOf, "since": l.since, "known": l.known, "knew": l.knew,
		"leave out": l.leaveOut, "corrected": l.corrected, "yes or no": l.yesNo, "asking who": l.askWho, "topics": l.topics, "topics behind": l.topicsBehind, "until": l.until, "without": l.without, "page": l.page,
		"this period": l.today, "since behind": l.sinceBehind, "known behind": l.knownBehind, "leave out behind": l.outBehind, "proof": l.proof, "picture": l.picture, "what about": l.whatAbout,
		"before": l.before, "before behind": l.tookOffice,
	}
}

// wordSets returns the sections that hold single words.
func (l *lexicon) wordSets() map[string]map[string]bool {
	return map[string]map[string]bool{
		"elsewhere": l.elsewhere, "ours": l.ours, "ordinary": l.ordinary, "insults": l.insults, "eras": l.eras, "little words": l.little,
		"joining": l.joining, "last": l.last, "leaning on": l.leaning, "linking": l.linking, "yesterday": l.yesterday, "pointing": l.pointing, "verifying": l.verifying, "against": l.against,
		"day endings": l.ordinals, "year marks": l.yearMarks, "month marks": l.monthMarks, "day marks": l.dayMarks,
	}
}

// parsePair reads a line of a section whose lines are a key, a colon and a value.
func (l *lexicon) parsePair(section, key, value string) error {
	if add := l.adders()[section]; add != nil {
		return add(key, value)
	}
	switch section {
	case "commands":
		if !slices.Contains(knowledge.Intents, knowledge.Intent(value)) {
			return fmt.Errorf("unknown intent %q", value)
		}
		key = fold(key)
		l.commands[key] = knowledge.Intent(value)
		l.words[key] = true
	case "codes":
		l.codes[fold(key)] = knowledge.Country(value)
	case "groups", "organisations":
		l.joined[knowledge.GroupID(key)] = section == "organisations"
		for name := range strings.SplitSeq(value, ",") {
			l.addGroup(places.Fold(name), knowledge.GroupID(key))
		}
	case "resolutions":
		for name := range strings.SplitSeq(value, ",") {
			l.textNames = append(l.textNames, [2]string{name, key})
		}
	case "camp words":
		key = fold(key)
		l.camps[key] = knowledge.GroupID(value)
		l.words[key] = true
	case "spellings":
		l.spellings[fold(key)] = fold(value)
	case "months":
		if len(l.monthNames) == 12 {
			return fmt.Errorf("a thirteenth month: %q", key)
		}
		l.addMonth(key)
	case "poles":
		l.addPole(key, value)
	default:
		return fmt.Errorf("unknown section [%s]", section)
	}
	return nil
}

// adders take the lines of sections that need more than a table.
func (l *lexicon) adders() map[string]func(key, value string) error {
	return map[string]func(key, value string) error{
		"voted on": l.addVotedOn, "pole words": l.addPoleWords, "relative": l.addRelative, "days": l.addDay,
		"pole names":     func(key, value string) error { return l.addPoleNames(knowledge.Axis(key), value) },
		"orders":         func(key, value string) error { return l.addOrders(l.orders, key, value) },
		"order commands": func(key, value string) error { return l.addOrders(l.doings, key, value) },
		"edits":          func(key, value string) error { return l.addEdits(editWord(key), value) },
	}
}

// addPoleNames adds a line "russia: putin, lavrov".
func (l *lexicon) addPoleNames(axis knowledge.Axis, names string) error {
	if axis.Pole() == "" {
		return fmt.Errorf("want russia or washington: %q", axis)
	}
	for name := range strings.SplitSeq(names, ",") {
		l.poleNames[fold(name)] = axis.Pole()
	}
	return nil
}

// An ago is a stretch of time before today.
type ago struct {
	years, months, days int
	date                knowledge.Date // instead: before the invasion
}

func (l *lexicon) addRelative(phrase, value string) error {
	if date, err := knowledge.ParseDate(value); err == nil && len(value) > 4 {
		l.keepRelative(phrase, ago{date: date})
		return nil
	}
	count, unit, _ := strings.Cut(value, " ")
	n, err := strconv.Atoi(count)
	if err != nil {
		return fmt.Errorf("want a number and a unit: %q", value)
	}
	var a ago
	switch strings.TrimSuffix(unit, "s") {
	case "year":
		a.years = n
	case "month":
		a.months = n
	case "day":
		a.days = n
	default:
		return fmt.Errorf("unknown unit %q", unit)
	}
	l.keepRelative(phrase, a)
	return nil
}

func (l *lexicon) keepRelative(phrase string, a ago) {
	phrase = fold(phrase)
	l.relative[phrase] = a
	for w := range strings.FieldsSeq(phrase) {
		l.words[w] = true
	}
}

// addPole adds the words beside which a word is a pole: before it, "us: the, anti", or behind it, "us then: line".
func (l *lexicon) addPole(key, value string) {
	target := l.beforePole
	if word, ok := strings.CutSuffix(key, " then"); ok {
		key, target = word, l.afterPole
	}
	key = fold(key)
	target[key] = []string{}
	for w := range strings.SplitSeq(value, ",") {
		if w = strings.TrimSpace(w); w != string(countrySlot) { // beside a name, as no pronoun stands
			w = fold(w)
		}
		target[key] = append(target[key], w)
	}
}

// addPoleWords adds words that ask toward a pole, "russia: prorruso prorrusa".
func (l *lexicon) addPoleWords(key, value string) error {
	axis := knowledge.Axis(key)
	if axis.Pole() == "" {
		return fmt.Errorf("want russia or washington: %q", key)
	}
	for word := range strings.FieldsSeq(fold(value)) {
		l.poleWords[word], l.words[word] = axis, true
	}
	return nil
}

// addDay adds the ways in which the day of a month is written in words: "24: veinticuatro, vigésimo cuarto".
func (l *lexicon) addDay(key, value string) error {
	day, err := strconv.Atoi(key)
	if err != nil || day < 1 || day > 31 {
		return fmt.Errorf("want the day of a month: %q", key)
	}
	for name := range strings.SplitSeq(value, ",") {
		name = fold(name)
		l.days[name] = day
		for w := range strings.FieldsSeq(name) {
			l.words[w] = true
		}
	}
	return nil
}

// addOrders adds a line "daily am: every morning, each morning": what the phrases behind the colon mean in an order.
func (l *lexicon) addOrders(book phrasebook, key, value string) error {
	var means []term
	for name := range strings.FieldsSeq(key) {
		if !terms[term(name)] {
			return fmt.Errorf("unknown word of orders %q", name)
		}
		means = append(means, term(name))
	}
	for phrase := range strings.SplitSeq(value, ",") {
		words := strings.Fields(fold(phrase))
		if len(words) == 0 {
			return fmt.Errorf("a phrase without words: %q", value)
		}
		folded := strings.Join(words, " ")
		if other := book.phrases[folded]; other != nil && !slices.Equal(other, means) {
			return fmt.Errorf("%q means two things in orders", folded)
		}
		book.phrases[folded] = means
		book.longest[words[0]] = max(book.longest[words[0]], len(words))
		for _, w := range words {
			book.words[w] = true
			if first, _ := utf8.DecodeRuneInString(w); isHanRune(first) || utf8.RuneCountInString(w) >= shortestDay {
				l.words[w] = true // shorter ones are codes of countries, too
			}
		}
	}
	return nil
}

// A votedText is what a text is called in questions about votes: the annexation, the children.
type votedText struct {
	id    string
	day   knowledge.Day // of the vote
	dated bool          // only in questions of a time that the day falls in
	names *lexicon      // holds the names as its texts
}

// addVotedOn adds a line "ES-11/7 2025-02-24 only: ukrainian text, european text".
func (l *lexicon) addVotedOn(key, value string) error {
	fields := strings.Fields(key)
	if len(fields) < 2 || len(fields) > 3 || len(fields) == 3 && fields[2] != "only" {
		return fmt.Errorf("want the id of a text, the day of its vote and perhaps only: %q", key)
	}
	date, err := knowledge.ParseDate(fields[1])
	if err != nil {
		return fmt.Errorf("the day of a vote: %w", err)
	}
	v := votedText{id: fields[0], day: date.First(), dated: len(fields) == 3, names: &lexicon{
		texts: map[string]string{}, textWords: map[string]int{}, words: l.words,
	}}
	for name := range strings.SplitSeq(value, ",") {
		v.names.textNames = append(v.names.textNames, [2]string{name, v.id})
	}
	l.votedOn = append(l.votedOn, v)
	return nil
}

// fold writes words as questions are compared: without case, accents and points.
func fold(text string) string {
	words := places.Split(text)
	folds := make([]string, len(words))
	for i := range words {
		folds[i] = words[i].Fold
	}
	return strings.Join(folds, " ")
}

// addMonth adds the names of the next month, from January on.
func (l *lexicon) addMonth(names string) {
	l.monthNames = append(l.monthNames, names)
	month := len(l.monthNames)
	for w := range strings.SplitSeq(names, "|") {
		w = fold(w)
		l.months[w] = month
		l.words[w] = true
	}
}

func (l *lexicon) addGroup(name string, id knowledge.GroupID) {
	l.groups[name] = id
	first, _, _ := strings.Cut(name, " ")
	l.longest[first] = max(l.longest[first], strings.Count(name, " ")+1)
	for w := range strings.SplitSeq(name, " ") {
		l.words[w] = true
	}
}

// addTexts adds what the file calls resolutions: which words are little is known only when it is read.
func (l *lexicon) addTexts() {
	for _, t := range l.textNames {
		l.addText(t[0], t[1])
	}
	l.textNames = nil
}

// addText adds what a resolution is called: words of which some may be alternatives, condena|condenó invasión.
func (l *lexicon) addText(name, id string) {
	keys := []string{""}
	for field := range strings.FieldsSeq(name) {
		var longer []string
		for alternative := range strings.SplitSeq(field, "|") {
			folded := fold(alternative)
			for w := range strings.FieldsSeq(folded) {
				l.words[w] = true
			}
			if l.little[folded] {
				folded = ""
			}
			for _, key := range keys {
				longer = append(longer, strings.TrimSpace(key+" "+folded))
			}
		}
		keys = longer
	}
	for _, key := range keys {
		if key == "" {
			continue
		}
		l.texts[key] = id
		first, _, _ := strings.Cut(key, " ")
		l.textWords[first] = max(l.textWords[first], strings.Count(key, " ")+1)
	}
}

func (l *lexicon) parsePattern(intent knowledge.Intent, line string) error {
	if !slices.Contains(knowledge.Intents, intent) {
		return fmt.Errorf("unknown intent %q", intent)
	}
	weight, rest, _ := strings.Cut(line, " ")
	n, err := strconv.Atoi(weight)
	if err != nil || rest == "" {
		return fmt.Errorf("want a weight and words: %q", line)
	}
	p := pattern{intent, n, l.parseSteps(rest)}
	if len(p.steps) == 0 || n < 1 {
		return fmt.Errorf("want a weight from 1 and words: %q", line)
	}
	for _, w := range p.steps[0].words {
		l.patterns[w] = append(l.patterns[w], p)
	}
	return nil
}

// parseSteps reads the words of a pattern or phrase.
func (l *lexicon) parseSteps(text string) []step {
	var steps []step
	gap := false
	for field := range strings.FieldsSeq(text) {
		if field == "..." {
			gap = true
			continue
		}
		s := step{words: strings.Split(field, "|"), gap: gap}
		gap = false
		for i, w := range s.words {
			if !strings.HasPrefix(w, "{") {
				s.words[i] = fold(w)
				l.words[s.words[i]] = true
			}
		}
		steps = append(steps, s)
	}
	return steps
}

func (p *phraseSet) add(steps []step) {
	for _, w := range steps[0].words {
		p.byFirst[w] = append(p.byFirst[w], steps)
	}
}

// group returns the longest group name that begins at word i, and how many words it has.
func (l *lexicon) group(words []places.Word, i int) (knowledge.GroupID, int) {
	return longestName(l.groups, l.longest, words, i)
}

// text returns the resolution that is called by the words from i on, and how many words the name has. Little words may
// stand anywhere in it.
func (l *lexicon) text(words []places.Word, i int) (id string, n int) {
	most := l.textWords[words[i].Fold]
	var key strings.Builder
	for j, telling := i, 0; j < len(words) && telling < most; j++ {
		if j > i && l.little[words[j].Fold] {
			continue
		}
		if telling++; telling > 1 {
			key.WriteByte(' ')
		}
		key.WriteString(words[j].Fold)
		if found, ok := l.texts[key.String()]; ok {
			id, n = found, j+1-i
		}
	}
	return id, n
}

// longestName returns the longest name that begins at word i, and how many words it has. longest gives the most words of
// a name by its first.
func longestName[T any](names map[string]T, longest map[string]int, words []places.Word, i int) (value T, n int) {
	for n := min(longest[words[i].Fold], len(words)-i); n > 0; n-- {
		var b strings.Builder
		for j := range n {
			if j > 0 {
				b.WriteByte(' ')
			}
			b.WriteString(words[i+j].Fold)
		}
		if v, ok := names[b.String()]; ok {
			return v, n
		}
	}
	return value, 0
}
