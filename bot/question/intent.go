package question

import (
	"slices"
	"strings"
	"unicode"

	"stancebot/knowledge"
	"stancebot/knowledge/search"
)

// chooseIntent decides what is asked: the command word, else the heaviest pattern. What only names show is left to
// shape.
func (s *scan) chooseIntent() {
	s.cue = s.bestCue("")
	if s.asksOfTopic() {
		s.cue = s.bestCue(knowledge.IntentSearch)
	}
	s.query.YesNo = s.lex.yesNo.anywhere(s.items)
	if s.command != "" && s.isCommand() {
		s.query.Intent = s.intent
		s.cue = cue{intent: s.intent, weight: commandCue, words: 1, end: 1}
		return
	}
	s.command = ""
	if s.cue.weight > 0 {
		s.query.Intent = s.cue.intent
	}
}

// asksOfTopic reports whether words that may ask where a country stands, or for a search, are about something that the
// records are searched for: "algo sobre la ayuda militar a Cuba".
func (s *scan) asksOfTopic() bool {
	if s.cue.intent != knowledge.IntentStance || s.cue.weight > strongCue {
		return false
	}
	c := s.bestCue(knowledge.IntentSearch)
	if c.weight < s.cue.weight {
		return false
	}
	for i := range s.items {
		it := &s.items[i]
		if it.slot == "" && (it.unknown || s.lex.ordinary[it.word.Fold]) && !c.holds(s.items, i) && search.Knows(s.lex.language, it.word.Fold) {
			return true
		}
	}
	return false
}

// The weights that matter to the engine. commandCue is that of a command word. Above sureCue a pattern shows what is
// asked even beside words about something else. From subjectCue on it shows that a pole is whose vote is asked about.
const (
	commandCue = 100
	strongCue  = 5
	sureCue    = 6
	subjectCue = 9
)

// alsoWords are the command words that sentences begin with, too, and the weight above which a pattern of another
// intent wins over them: "why did argentina swing away?" asks for shifts.
var alsoWords = map[knowledge.Intent]int{
	knowledge.IntentEvidence: 5, knowledge.IntentStance: 7, knowledge.IntentShifts: 7,
}

// freeText are the commands whose argument is text: anything may follow the word.
var freeText = []knowledge.Intent{
	knowledge.IntentRecord, knowledge.IntentCorrect, knowledge.IntentSearch,
	knowledge.IntentHistory, knowledge.IntentExport, knowledge.IntentDigest, knowledge.IntentWatch,
}

// isCommand tells a command from a sentence that happens to begin with the word of one: "source of peru's…", "forget
// moscow for a second". A command is followed by names, dates and ids, or by nothing.
func (s *scan) isCommand() bool {
	if above, also := alsoWords[s.intent]; also && s.cue.weight > above && s.cue.intent != s.intent {
		return false
	}
	if slices.Contains(freeText, s.intent) {
		return true
	}
	if s.intent == knowledge.IntentSettings {
		return !slices.ContainsFunc(s.items, func(it item) bool { return it.slot == countrySlot })
	}
	return !slices.ContainsFunc(s.items[1:], func(it item) bool {
		return it.slot == "" && !it.unknown && !s.lex.ordinary[it.word.Fold] && s.lex.camps[it.word.Fold] == "" && !isMark(it)
	})
}

func isMark(it item) bool {
	return it.word.Flag != "" || strings.IndexFunc(it.word.Fold, unicode.IsLetter) < 0
}

// cueIntent returns the intent that the words show.
func (s *scan) cueIntent() knowledge.Intent {
	if s.cue.weight == 0 {
		return knowledge.IntentNone
	}
	return s.cue.intent
}

// namesAlone reports whether the question holds nothing but names and words that carry no meaning of ours: then it
// asks where the named stand. With words that nobody knows beside the name, it may ask for anything.
func (s *scan) namesAlone() bool {
	return !slices.ContainsFunc(s.items, func(it item) bool { return it.slot == otherSlot || it.slot == "" && it.unknown })
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

// isElsewhere reports whether the words show that something else is asked about than where countries stand: food,
// sport, travel, the weather.
func (s *scan) isElsewhere() bool {
	if s.command != "" || len(s.namedPoles()) > 0 || s.cue.weight > sureCue && s.cue.intent != knowledge.IntentNone {
		return false
	}
	if s.cue.intent == knowledge.IntentNone && s.cue.weight > 0 {
		return true
	}
	if slices.ContainsFunc(s.items, func(it item) bool { return s.lex.ours[it.word.Fold] }) {
		return false
	}
	return slices.ContainsFunc(s.items, func(it item) bool { return it.slot == "" && s.lex.elsewhere[it.word.Fold] })
}

// isFollowUp reports whether the question leans on the one before it: by its first words, or because it names nothing.
func (s *scan) isFollowUp() bool {
	q := &s.query
	switch {
	case q.Order != nil: // watch them: those who were asked about before
		return q.Misread != nil && q.Misread.Reason == knowledge.NamesNothing
	case s.command != "":
		return s.bareQuestion()
	case q.Matter != "": // what was answered on a day, whatever was asked before
		return false
	case q.Receipt != "", q.Intent == knowledge.IntentSearch && q.Words != "":
		return false
	case s.lex.leaning[s.items[0].word.Fold] && (s.cue.weight <= strongCue || q.Resolution != "" && s.cue.weight <= sureCue):
		return true
	case s.lex.whatAbout.beginsAt(s.items, 0):
		return true
	}
	return !s.named() && q.Resolution == ""
}

// bareQuestion reports whether a command word stands alone that is a question on its own: "why?" asks about what was
// answered before, where there was something.
func (s *scan) bareQuestion() bool {
	return len(s.items) == 1 && (s.intent == knowledge.IntentEvidence || s.intent == knowledge.IntentStance && s.words[0].After == '?')
}
