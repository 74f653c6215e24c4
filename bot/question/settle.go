package question

import (
	"slices"
	"strings"
	"unicode"

	"stancebot/knowledge"
	"stancebot/knowledge/places"
)

// chooseIntent decides what is asked: the command word, else the heaviest pattern, else what the names alone show.
func (s *scan) chooseIntent() {
	s.cue = s.bestCue()
	s.query.YesNo = s.lex.yesNo.anywhere(s.items)
	if s.command != "" && s.isCommand() {
		s.query.Intent = s.intent
		s.cue = cue{intent: s.intent, weight: 100, words: 1, end: 1}
		return
	}
	s.command = ""
	if s.cue.weight > 0 {
		s.query.Intent = s.cue.intent
	}
}

// isCommand tells a command from a sentence that happens to begin with the word of one: "source of peru's…",
// "why did argentina shift?". A command is followed by names, dates and ids, or by nothing.
func (s *scan) isCommand() bool {
	if s.cue.weight > commandWeight[s.intent] && s.cue.intent != s.intent {
		return false
	}
	switch s.intent {
	case knowledge.IntentRecord, knowledge.IntentCorrect, knowledge.IntentSearch, knowledge.IntentHistory,
		knowledge.IntentExport, knowledge.IntentDigest, knowledge.IntentWatch:
		return true
	case knowledge.IntentSettings:
		return !slices.ContainsFunc(s.items, func(it item) bool { return it.slot == countrySlot })
	}
	for _, it := range s.items[1:] {
		if it.slot == "" && !it.unknown && !s.lex.ordinary[it.word.Fold] && s.lex.camps[it.word.Fold] == "" && !isMark(it) {
			return false
		}
	}
	return true
}

func isMark(it item) bool {
	return it.word.Flag != "" || strings.IndexFunc(it.word.Fold, unicode.IsLetter) < 0
}

// commandWeight is the weight above which a pattern of another intent wins over a command word that also begins
// sentences: "why did argentina swing away?" asks for shifts.
var commandWeight = map[knowledge.Intent]int{
	knowledge.IntentEvidence: 5, knowledge.IntentStance: 7, knowledge.IntentShifts: 7, knowledge.IntentMap: 99,
	knowledge.IntentCompare: 99, knowledge.IntentGroup: 99, knowledge.IntentSource: 99, knowledge.IntentVotes: 99,
	knowledge.IntentResolution: 99, knowledge.IntentAgreement: 99, knowledge.IntentMeasures: 99,
	knowledge.IntentContradictions: 99, knowledge.IntentSafe: 99, knowledge.IntentSearch: 99,
	knowledge.IntentTimeline: 99, knowledge.IntentCard: 99, knowledge.IntentDigest: 99, knowledge.IntentWatch: 99,
	knowledge.IntentRecord: 99, knowledge.IntentCorrect: 99, knowledge.IntentHistory: 99, knowledge.IntentExport: 99,
	knowledge.IntentSettings: 99, knowledge.IntentHelp: 99,
}

// settle puts the items together into a query.
func (s *scan) settle() {
	s.dates()
	s.pageNumber()
	if s.query.Misread != nil {
		return
	}
	s.names()
	if s.query.Misread != nil {
		return
	}
	s.shape()
	s.era()
	if s.query.Misread == nil {
		s.require()
	}
}

func (s *scan) pageNumber() {
	for i := range s.items {
		if n := number(s.items[i].word.Fold); n > 0 && n < 1000 && s.items[i].slot == "" && s.lex.page.endsAt(s.items, i) > 0 {
			s.query.Page = n
		}
	}
}

// names collects countries, poles, places, groups and ids in the order in which they were written.
func (s *scan) names() {
	for i := range s.items {
		it := &s.items[i]
		if it.dropped {
			continue
		}
		switch it.slot {
		case receiptSlot:
			if s.query.Receipt == "" {
				s.query.Receipt = it.id
			}
		case resolutionSlot:
			if s.query.Resolution == "" {
				s.query.Resolution = it.id
			}
		case groupSlot:
			if s.query.Group == "" {
				s.query.Group = it.group
			}
		case countrySlot:
			if s.name(it); s.query.Misread != nil {
				return
			}
		}
	}
}

func (s *scan) name(it *item) {
	m := it.match
	switch m.Kind {
	case places.AskMatch:
		miss := s.misread(knowledge.Ambiguous)
		miss.Choices = m.Choices
		s.axisFromPoles() // the axis that was asked for goes with each choice
		return
	case places.PlaceMatch:
		if s.query.Place == "" && len(s.query.Countries) == 0 {
			s.query.Place = m.Place.ID
		}
		return
	}
	if !slices.Contains(s.query.Countries, m.Country) || s.query.Intent == knowledge.IntentCompare && knowledge.AxisOf(m.Country) == "" {
		s.query.Countries = append(s.query.Countries, m.Country)
	}
	if it.misspelt && !slices.Contains(s.query.ReadsAs, m.Country) {
		s.query.ReadsAs = append(s.query.ReadsAs, m.Country)
	}
	if m.Near != nil {
		s.query.Near = append(s.query.Near, *m.Near)
	}
	if m.Former {
		s.query.Also = append(s.query.Also, knowledge.AlsoName{Country: m.Country, Name: m.Name, Former: true})
	}
}

// axisFromPoles sets the axis when one pole is named among all names of the question.
func (s *scan) axisFromPoles() {
	var poles []knowledge.Axis
	for i := range s.items {
		if it := &s.items[i]; it.slot == countrySlot && !it.dropped && it.match.Kind == places.CountryMatch {
			if axis := knowledge.AxisOf(it.match.Country); axis != "" && !slices.Contains(poles, axis) {
				poles = append(poles, axis)
			}
		}
	}
	if len(poles) == 1 {
		s.query.Axis = poles[0]
	}
}

// shape fits intent and names to each other: a pole beside another name is the axis, several countries are a
// comparison, a group is a group, an id is a source.
func (s *scan) shape() {
	q := &s.query
	s.dropTopics()
	others := slices.DeleteFunc(slices.Clone(q.Countries), func(c knowledge.Country) bool { return knowledge.AxisOf(c) != "" })
	named := len(others) > 0 || q.Group != "" || q.Place != ""
	if named {
		s.axisFromPoles()
		if q.Intent != knowledge.IntentCompare || len(others) != 1 {
			q.Countries = others
		}
	}
	if q.Place != "" && len(others) > 0 {
		q.Place = "" // the members were asked about; the place is what about them
	}
	s.campWord()
	if s.isElsewhere() {
		q.Intent = knowledge.IntentNone
		return
	}
	plain := q.Intent == knowledge.IntentStance || q.Intent == knowledge.IntentNone && (s.namesAlone() || named && s.hasPole() && s.mostlyKnown())
	switch {
	case q.Receipt != "" && (plain || slices.Contains([]knowledge.Intent{knowledge.IntentEvidence, knowledge.IntentNone}, q.Intent)):
		q.Intent = knowledge.IntentSource
	case q.Resolution != "" && (plain || q.Intent == knowledge.IntentNone):
		q.Intent = knowledge.IntentResolution
	case q.Intent == knowledge.IntentResolution && len(q.Countries) > 0 && q.Resolution != "":
		q.Intent = knowledge.IntentVotes
	case len(q.Countries) > 0 && isOrganisation(q.Group) && (plain || q.Intent == knowledge.IntentGroup):
		q.Intent = knowledge.IntentMeasures
	case plain && q.Group != "" && len(q.Countries) == 0:
		q.Intent = knowledge.IntentGroup
	case q.Intent == knowledge.IntentGroup && q.Group == "" && len(q.Countries) > 0:
		q.Intent = knowledge.IntentStance
	case plain && len(q.Countries) > 1 && !s.onlyPoles():
		q.Intent = knowledge.IntentCompare
	case plain && (len(q.Countries) > 0 || q.Place != ""):
		q.Intent = knowledge.IntentStance
	case q.Intent == knowledge.IntentCompare && q.Group != "" && len(q.Countries) == 0:
		q.Intent = knowledge.IntentGroup
	case q.Intent == knowledge.IntentCompare && s.command == "" && len(q.Countries) == 1 && q.Axis == "":
		q.Intent = knowledge.IntentStance
	}
	if len(q.Countries) > 0 && q.Intent != knowledge.IntentGroup && q.Intent != knowledge.IntentMap {
		q.Group = ""
	}
}

// cueIntent returns the intent that the words show.
func (s *scan) cueIntent() knowledge.Intent {
	if s.cue.weight == 0 {
		return knowledge.IntentNone
	}
	return s.cue.intent
}

func (s *scan) onlyPoles() bool {
	return !slices.ContainsFunc(s.query.Countries, func(c knowledge.Country) bool { return knowledge.AxisOf(c) == "" })
}

// isOrganisation reports whether a group is one that countries join, rather than a region or a camp.
func isOrganisation(g knowledge.GroupID) bool {
	switch g {
	case "", "mexico", "central_america", "caribbean", "andean", "brazil", "southern_cone", "guianas", "allies_camp",
		"neutral_camp", "opposing_camp", "latin_america", "world":
		return false
	}
	return true
}

// dropTopics takes away what votes are about from whose votes they are: "peru's votes on ukraine".
func (s *scan) dropTopics() {
	if s.query.Intent != knowledge.IntentVotes && s.query.Intent != knowledge.IntentResolution {
		return
	}
	if len(s.query.Countries) > 1 {
		s.query.Countries = slices.DeleteFunc(s.query.Countries, func(c knowledge.Country) bool { return c == "UKR" })
	}
}

// campWord reads neutral, allies or adversaries as a camp when somebody asks who they are.
func (s *scan) campWord() {
	q := &s.query
	if q.Group != "" || len(q.Countries) > 0 && !s.onlyPoles() || q.Place != "" || q.Receipt != "" || q.Resolution != "" {
		return
	}
	if !slices.Contains([]knowledge.Intent{knowledge.IntentNone, knowledge.IntentGroup, knowledge.IntentStance}, q.Intent) {
		return
	}
	if s.intent != knowledge.IntentGroup && !s.lex.askWho.anywhere(s.items) {
		return
	}
	for i := range s.items {
		if g := s.lex.camps[s.items[i].word.Fold]; g != "" && s.items[i].slot == "" {
			q.Intent, q.Group, q.Countries = knowledge.IntentGroup, g, nil
			s.axisFromPoles()
			return
		}
	}
}

// namesAlone reports whether the question holds nothing but names and words that carry no meaning of ours: then it
// asks where the named stand. With words that nobody knows beside the name, it may ask for anything.
func (s *scan) namesAlone() bool {
	for i := range s.items {
		it := &s.items[i]
		if it.slot == otherSlot || it.slot == "" && it.unknown {
			return false
		}
	}
	return true
}

// mostlyKnown reports whether at least half of the words besides names are words of the language: one that the reader
// does not speak shows otherwise.
func (s *scan) mostlyKnown() bool {
	known, unknown := 0, 0
	for i := range s.items {
		switch it := &s.items[i]; {
		case it.slot == otherSlot || it.slot == "" && it.unknown:
			unknown++
		case it.slot == "":
			known++
		}
	}
	return unknown <= known
}

// strongCue is the weight from which a pattern shows what is asked even beside words about something else.
const strongCue = 5

// isElsewhere reports whether the words show that something else is asked about than where countries stand: food,
// sport, travel, the weather.
func (s *scan) isElsewhere() bool {
	if s.command != "" || s.cue.weight >= strongCue {
		return false
	}
	for i := range s.items {
		if it := &s.items[i]; it.slot == "" && s.lex.elsewhere[it.word.Fold] {
			return true
		}
	}
	return false
}

// hasPole reports whether a pole is named: beside another name it asks where that one stands, whatever the verb.
func (s *scan) hasPole() bool {
	for i := range s.items {
		if it := &s.items[i]; it.slot == countrySlot && !it.dropped && it.match.Kind == places.CountryMatch && knowledge.AxisOf(it.match.Country) != "" {
			return true
		}
	}
	return false
}

// isFollowUp reports whether the question leans on the one before it.
func (s *scan) isFollowUp() bool {
	if s.command != "" {
		return s.bareQuestion()
	}
	first := s.items[0].word.Fold
	if (first == "and" || first == "what" || first == "same" || first == "how") && s.cue.weight <= 5 {
		return true
	}
	return len(s.query.Countries) == 0 && s.query.Group == "" && s.query.Receipt == ""
}

// bareQuestion reports whether a command word stands alone that is a question on its own: "why?" asks about what was
// answered before, where there was something.
func (s *scan) bareQuestion() bool {
	return len(s.items) == 1 && (s.intent == knowledge.IntentEvidence || s.intent == knowledge.IntentStance && s.words[0].After == '?')
}

// require turns a query that lacks what its intent is about into a misread one.
func (s *scan) require() {
	q := &s.query
	named := len(q.Countries) > 0 || q.Group != "" || q.Place != ""
	switch q.Intent {
	case knowledge.IntentNone:
		s.notUnderstood()
	case knowledge.IntentStance, knowledge.IntentEvidence, knowledge.IntentCompare, knowledge.IntentGroup:
		if named && s.onlyPoles() && q.Group == "" && q.Place == "" && s.unknownName() {
			q.Countries = nil // somebody's stance on a pole, and the somebody is no country
			return
		}
		if named && (q.Intent != knowledge.IntentGroup || q.Group != "") {
			return
		}
		if s.unknownName() {
			return
		}
		if s.command != "" && len(s.items) == 1 && !s.bareQuestion() {
			s.misread(knowledge.Refused).Reason = knowledge.NamesNothing
			return
		}
		s.notUnderstood()
	case knowledge.IntentShifts, knowledge.IntentContradictions:
		if !named && s.command == "" && !s.namesAlone() {
			s.notUnderstood()
		}
	case knowledge.IntentSource:
		if q.Receipt == "" {
			q.Intent = knowledge.IntentSource
			s.misread(knowledge.Refused).Reason = knowledge.NamesNothing
		}
	}
}

// notUnderstood ends the reading with one line of help, and offers the stance of the one country that was named.
func (s *scan) notUnderstood() {
	if s.unknownName() {
		return
	}
	m := s.misread(knowledge.NotUnderstood)
	if len(s.query.Countries) == 1 {
		m.Choices = []string{string(s.query.Countries[0])}
	}
	s.query.Intent = knowledge.IntentNone
	s.query.Countries, s.query.Group, s.query.Place = nil, "", ""
}

// unknownName finds the name that stands where a country was wanted, and says that it is none: one that the house
// style knows, or a word beside the pattern or behind the command.
func (s *scan) unknownName() bool {
	if len(s.query.Countries) > 0 && !s.onlyPoles() || s.query.Group != "" || s.query.Place != "" {
		return false
	}
	if len(s.query.Countries) > 0 && s.cue.intent != knowledge.IntentStance {
		return false
	}
	for i := range s.items {
		if it := &s.items[i]; it.slot == otherSlot && (s.cue.weight > 0 || s.nothingBut(i)) {
			m := s.misread(knowledge.NotACountry)
			m.Name, m.Known = it.match.Name, it.match.Other
			s.wantStance()
			return true
		}
	}
	if s.cue.weight == 0 || s.cue.intent != knowledge.IntentStance && s.command == "" {
		return false
	}
	for _, i := range s.nameSlots() {
		if i < 0 || i >= len(s.items) || !s.items[i].unknown {
			continue
		}
		start, end := i, i+1
		for start > 0 && s.items[start-1].unknown {
			start--
		}
		for end < len(s.items) && s.items[end].unknown {
			end++
		}
		if end == start+1 && s.shortMisspelt(start) {
			return true
		}
		m := s.misread(knowledge.NotACountry)
		m.Name = s.cleanName(start, end)
		s.wantStance()
		return true
	}
	return false
}

// shortMisspelt asks whether a short word that stands where a name was wanted is meant as one of those it is near:
// it is too short to be read as one of them.
func (s *scan) shortMisspelt(i int) bool {
	if s.reader.gazetteer.Ordinary(s.items[i].word.Fold) {
		return false
	}
	matches, _ := s.reader.gazetteer.Nearest(s.items[i].word.Fold)
	if len(matches) == 0 {
		return false
	}
	it := misspeltItem(matches)
	if it.match.Kind != places.AskMatch {
		return false
	}
	s.misread(knowledge.Ambiguous).Choices = it.match.Choices
	s.wantStance()
	return true
}

// wantStance keeps the intent of a question about a name that is no country's.
func (s *scan) wantStance() {
	if s.query.Intent == knowledge.IntentNone {
		s.query.Intent = knowledge.IntentStance
	}
}

// nothingBut reports whether the item is the only one that carries a meaning.
func (s *scan) nothingBut(i int) bool {
	for j := range s.items {
		if it := &s.items[j]; j != i && (it.unknown || it.slot != "" && it.slot != otherSlot) {
			return false
		}
	}
	return true
}

// nameSlots returns the items where a pattern wants a name: before it, behind it, and behind of, on or for.
func (s *scan) nameSlots() []int {
	slots := []int{}
	if s.command != "" {
		for i := 1; i < len(s.items); i++ {
			slots = append(slots, i)
		}
		return slots
	}
	before := s.cue.start - 1
	for before >= 0 && isSkipped(&s.items[before]) {
		before--
	}
	behind := s.cue.end
	for behind < len(s.items) && (isSkipped(&s.items[behind]) || contains([]string{"of", "on", "for"}, s.items[behind].key())) {
		behind++
	}
	slots = append(slots, before, behind)
	for i := s.cue.start + 1; i < s.cue.end; i++ {
		slots = append(slots, i)
	}
	return slots
}

// maxNameRunes bounds what an answer may repeat of an unknown name.
const maxNameRunes = 60

// cleanName spells an unknown name for an answer: folded words only, cut short.
func (s *scan) cleanName(start, end int) string {
	name := []rune(s.join(start, end))
	if len(name) > maxNameRunes {
		name = name[:maxNameRunes]
	}
	return string(name)
}
