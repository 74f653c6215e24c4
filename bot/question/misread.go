package question

import (
	"slices"

	"stancebot/knowledge"
	"stancebot/knowledge/places"
)

// misread sets why the words do not make a question that can be answered.
func (s *scan) misread(outcome knowledge.Outcome) *knowledge.Misread {
	s.query.Misread = &knowledge.Misread{Outcome: outcome}
	return s.query.Misread
}

// require turns a query that lacks what its intent is about into a misread one.
func (s *scan) require() {
	q := &s.query
	switch q.Intent {
	case knowledge.IntentNone:
		s.notUnderstood()
	case knowledge.IntentStance, knowledge.IntentEvidence, knowledge.IntentCompare, knowledge.IntentGroup, knowledge.IntentCard:
		s.requireName()
	case knowledge.IntentMap, knowledge.IntentTimeline:
		if !s.named() && q.Group == "" {
			s.unknownName() // alone, either shows the whole region
		}
	case knowledge.IntentShifts, knowledge.IntentContradictions:
		if !s.named() && s.command == "" && !s.namesAlone() {
			s.notUnderstood()
		}
	case knowledge.IntentSource:
		if q.Receipt == "" {
			s.misread(knowledge.Refused).Reason = knowledge.NamesNothing
		}
	case knowledge.IntentSafe:
		if !s.named() && q.Receipt == "" && q.Resolution == "" && s.command != "" {
			s.unknownName() // safe wakanda: what was named is no country
		}
	default: // what else an intent needs, those who answer it say
	}
}

// requireName asks for a country, a group or a place. A pole is none where somebody else's stance on it is asked for,
// and the somebody is no country.
func (s *scan) requireName() {
	q := &s.query
	if s.otherSubject() || s.unknownPossessor() {
		return
	}
	poleOnly := s.named() && s.onlyPoles() && q.Group == "" && q.Place == ""
	if poleOnly && s.unknownName() {
		q.Countries = nil
		return
	}
	switch {
	case s.named() && (q.Intent != knowledge.IntentGroup || q.Group != ""):
	case s.unknownName():
	case s.command != "" && len(s.items) == 1 && !s.bareQuestion():
		s.misread(knowledge.Refused).Reason = knowledge.NamesNothing
	default:
		s.notUnderstood()
	}
}

// otherSubject finds the name of no country of which a stance on the only country named is asked: is California pro
// Ukraine. That is no question about Ukraine.
func (s *scan) otherSubject() bool {
	if s.command != "" || s.cue.weight == 0 || s.cue.intent != knowledge.IntentStance || s.query.Intent != knowledge.IntentStance {
		return false
	}
	object := false
	for i := range s.items {
		if s.namesOther(&s.items[i]) {
			if i < s.cue.start || i >= s.cue.end {
				return false
			}
			object = true
		}
	}
	i := s.cue.start - 1
	for i >= 0 && s.items[i].slot == "" && !s.items[i].unknown {
		i--
	}
	if !object || i < 0 || s.items[i].slot != otherSlot {
		return false
	}
	if last := s.lastWord(i); last.EndsName() {
		return false
	}
	s.isOther(&s.items[i])
	s.query.Countries = nil
	return true
}

// unknownPossessor finds the word that names no country and whose own stance on the countries named is asked: miami's stance on cuba.
func (s *scan) unknownPossessor() bool {
	owner := s.cue.start - 2
	if s.command != "" || s.cue.intent != knowledge.IntentStance || s.query.Intent != knowledge.IntentStance || owner < 0 ||
		!s.items[owner].unknown && s.items[owner].slot != otherSlot || !s.endsWord(s.items[owner].at+1) {
		return false
	}
	if slices.ContainsFunc(s.items[:s.cue.end], func(it item) bool { return s.namesOther(&it) }) {
		return false
	}
	if s.items[owner].slot == otherSlot {
		s.isOther(&s.items[owner])
	} else {
		s.notACountry().Name = s.unknownAround(owner)
	}
	s.query.Countries = nil
	return true
}

// isOther says that a name of the house style is none of a country.
func (s *scan) isOther(it *item) {
	m := s.notACountry()
	m.Name, m.Known = it.match.Name, it.match.Other
}

// notUnderstood ends the reading with one line of help, and offers the stance of the one country that was named.
func (s *scan) notUnderstood() {
	if s.unknownName() {
		return
	}
	m := s.misread(knowledge.NotUnderstood)
	m.Rude = slices.ContainsFunc(s.items, func(it item) bool { return it.slot == "" && s.lex.insults[it.word.Fold] })
	if len(s.query.Countries) == 1 {
		m.Choices = []string{string(s.query.Countries[0])}
	}
	s.query.Intent = knowledge.IntentNone
	s.query.Countries, s.query.Group, s.query.Place = nil, "", ""
}

// unknownName finds the name that stands where a country was wanted, and says that it is none: one that the house
// style knows, or a word beside the pattern or behind the command.
func (s *scan) unknownName() bool {
	q := &s.query
	if !s.onlyPoles() || q.Group != "" || q.Place != "" {
		return false
	}
	wanted := len(q.Countries) == 0 || s.cue.intent == knowledge.IntentStance
	for i := range s.items {
		if it := &s.items[i]; it.slot == otherSlot && (wanted && s.cue.weight > 0 || s.nothingBut(i)) {
			s.isOther(it)
			return true
		}
	}
	if !wanted || s.cue.weight == 0 || s.cue.intent != knowledge.IntentStance && s.command == "" {
		return false
	}
	return s.unknownWord()
}

// unknownWord says of the word that nobody knows and that stands where a name was wanted that it names no country, or
// no group.
func (s *scan) unknownWord() bool {
	i := s.unknownSlot()
	switch {
	case i < 0:
		return false
	case s.intent == knowledge.IntentGroup && s.command != "":
		s.misread(knowledge.NotFound).Name = s.unknownAround(i)
	case !s.shortMisspelt(i):
		s.notACountry().Name = s.unknownAround(i)
	}
	return true
}

// unknownSlot returns the likeliest of the items where a pattern wants a name that is a word nobody knows, or -1.
func (s *scan) unknownSlot() int {
	for _, i := range s.nameSlots() {
		if s.endsHanName(i) {
			i--
		}
		if i >= 0 && i < len(s.items) && s.items[i].unknown {
			return i
		}
	}
	return -1
}

// endsHanName reports whether item i is a known character at the end of a Chinese name that nobody knows: 国 in 蓝星国.
func (s *scan) endsHanName(i int) bool {
	if i < 1 || i >= len(s.items) {
		return false
	}
	last, before := &s.items[i], &s.items[i-1]
	return last.slot == "" && !last.unknown && before.unknown && isHan(&last.word) && isHan(&before.word) && !s.lex.isSkipped(last) &&
		before.word.End == last.word.Start
}

// notACountry says that a name is none, and keeps the intent of the question.
func (s *scan) notACountry() *knowledge.Misread {
	s.wantStance()
	return s.misread(knowledge.NotACountry)
}

func (s *scan) wantStance() {
	if s.query.Intent == knowledge.IntentNone {
		s.query.Intent = knowledge.IntentStance
	}
}

// shortMisspelt asks whether a short word that stands alone where a name was wanted is meant as one of those it is
// near: it is too short to be read as one of them.
func (s *scan) shortMisspelt(i int) bool {
	alone := (i == 0 || !s.items[i-1].unknown) && (i+1 == len(s.items) || !s.items[i+1].unknown)
	if !alone || s.isOrdinary(s.items[i].word.Fold) {
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

// nothingBut reports whether the item is the only one that carries a meaning, but for the poles: Wakanda between both.
func (s *scan) nothingBut(i int) bool {
	for j := range s.items {
		if it := &s.items[j]; j != i && (it.unknown || it.slot != "" && it.slot != otherSlot && !isPole(it.country())) {
			return false
		}
	}
	return true
}

// nameSlots returns the items where a pattern wants a name, the likeliest first: before it, behind it, within it. A
// command wants one behind its word.
func (s *scan) nameSlots() []int {
	var slots []int
	if s.command == "" {
		before, behind := s.cue.start-1, s.cue.end
		for before >= 0 && s.lex.isSkipped(&s.items[before]) {
			before--
		}
		for behind < len(s.items) && (s.lex.isSkipped(&s.items[behind]) || s.lex.linking[s.items[behind].key()]) {
			behind++
		}
		slots = append(slots, before, behind)
	}
	last := s.cue.end
	if s.command != "" {
		last = len(s.items)
	}
	for i := s.cue.start + 1; i < last; i++ {
		slots = append(slots, i)
	}
	return slots
}

// maxNameRunes bounds what an answer may repeat of an unknown name.
const maxNameRunes = 60

// unknownAround spells the unknown name around an item for an answer: folded words only, cut short.
func (s *scan) unknownAround(i int) string {
	start, end := i, i+1
	for start > 0 && s.items[start-1].unknown {
		start--
	}
	for end < len(s.items) && s.items[end].unknown {
		end++
	}
	name := []rune(s.join(start, end))
	return string(slices.Clip(name[:min(len(name), maxNameRunes)]))
}
