package question

import (
	"slices"

	"stancebot/knowledge"
	"stancebot/knowledge/places"
)

// settle puts the items together into a query.
func (s *scan) settle() {
	for _, step := range []func(){s.dates, s.pageNumber, s.votedOn, s.names, s.topicsOfVotes, s.poles, s.campWord, s.whoLeans, s.searchOrStance, s.shape, s.matter, s.votesThen, s.era, s.require} {
		if step(); s.query.Misread != nil {
			return
		}
	}
}

func (s *scan) pageNumber() {
	s.query.Proof, s.query.Picture = s.lex.proof.anywhere(s.items), s.lex.picture.anywhere(s.items)
	for i := range s.items {
		if n := number(s.items[i].word.Fold); n > 0 && n < 1000 && s.items[i].slot == "" && s.lex.page.endsAt(s.items, i) > 0 {
			s.query.Page = n
		}
	}
}

// names collects countries, poles, places, groups and ids in the order in which they were written. Of ids and groups
// the first counts.
func (s *scan) names() {
	q := &s.query
	for i := range s.items {
		it := &s.items[i]
		switch {
		case it.dropped, q.Intent == knowledge.IntentSearch && s.isSearched(it):
		case it.slot == receiptSlot && q.Receipt == "":
			q.Receipt = it.id
		case it.slot == resolutionSlot && q.Resolution == "":
			q.Resolution = it.id
		case it.slot == groupSlot && q.Group == "":
			q.Group = it.group
		case it.slot == groupSlot && s.orders() && q.Group != it.group: // they take one
			s.askOnce(string(q.Group), string(it.group))
		case it.slot == countrySlot:
			if s.name(i); q.Misread != nil && !s.orders() {
				return
			}
		}
	}
}

func (s *scan) name(i int) {
	it := &s.items[i]
	if it.match.Kind == places.AskMatch {
		if means := s.settled(i); means != nil {
			it.match = means
		}
	}
	q, m := &s.query, it.match
	if m.Kind == places.AskMatch {
		s.askOnce(m.Choices...)
		s.axisFromPoles() // the axis that was asked for goes with each choice
		return
	}
	if m.Kind == places.PlaceMatch {
		if q.Place == "" && (len(q.Countries) == 0 || s.orders()) {
			q.Place = m.Place.ID
		}
		return
	}
	// A comparison keeps a country that is named twice: that is refused, and said.
	if !slices.Contains(q.Countries, m.Country) || q.Intent == knowledge.IntentCompare && !isPole(m.Country) {
		q.Countries = append(q.Countries, m.Country)
	}
	if it.misspelt && !slices.Contains(q.ReadsAs, m.Country) {
		q.ReadsAs = append(q.ReadsAs, m.Country)
	}
	if m.Near != nil {
		q.Near = append(q.Near, *m.Near)
	}
	if m.Former {
		q.Also = append(q.Also, knowledge.AlsoName{Country: m.Country, Name: m.Name, Former: true})
	}
}

// askOnce asks which of some names is meant, unless another is asked about already.
func (s *scan) askOnce(choices ...string) {
	if s.query.Misread == nil {
		s.misread(knowledge.Ambiguous).Choices = choices
	}
}

// settled returns what a name that fits several means, item at, when the question names exactly one of its choices, as in
// "Venezuela under Чавес", and nil otherwise. It settles nothing where two places stand side by side, as in "Congo and DR
// Congo".
func (s *scan) settled(at int) *places.Match {
	ask := s.items[at].match
	var named *places.Match
	for i := range s.items {
		it := &s.items[i]
		if it.slot != countrySlot || it.dropped || it.match.Kind != places.CountryMatch || !slices.Contains(ask.Choices, string(it.match.Country)) {
			continue
		}
		if named != nil && named.Country != it.match.Country || len(ask.Leaders) == 0 && s.sideBySide(min(at, i), max(at, i)) {
			return nil
		}
		named = it.match
	}
	if named == nil {
		return nil
	}
	means := *named
	for _, ld := range ask.Leaders {
		if ld.Country == named.Country {
			means.Leader = ld
		}
	}
	return &means
}

// sideBySide reports whether a word or a mark between two items joins them to a list.
func (s *scan) sideBySide(first, last int) bool {
	for i := first; i < last; i++ {
		if s.endsName(i) || i > first && s.lex.joining[s.items[i].word.Fold] {
			return true
		}
	}
	return last == first+1
}

func isPole(c knowledge.Country) bool { return knowledge.AxisOf(c) != "" }

// namedPoles returns the axes of the poles among the items, in order.
func (s *scan) namedPoles() []knowledge.Axis {
	var poles []knowledge.Axis
	for i := range s.items {
		it := &s.items[i]
		axis := s.lex.poleWords[it.key()]
		if it.slot == countrySlot && !it.dropped && it.match.Kind == places.CountryMatch {
			axis = knowledge.AxisOf(it.match.Country)
		}
		if axis != "" && !slices.Contains(poles, axis) {
			poles = append(poles, axis)
		}
	}
	return poles
}

// axisFromPoles sets the axis when exactly one pole is named, or none and one of the two is left out.
func (s *scan) axisFromPoles() {
	poles := s.namedPoles()
	if !s.onlyPoles() {
		poles = s.addCampPoles(poles)
	}
	if len(poles) == 0 {
		for i := range s.items {
			if it := &s.items[i]; it.without && isPole(it.country()) {
				poles = append(poles, otherAxis(knowledge.AxisOf(it.country())))
			}
		}
	}
	if len(poles) == 1 {
		s.query.Axis = poles[0]
	}
}

// addCampPoles adds the poles that stand in the names of camps beside a country: chile del lado ruso.
func (s *scan) addCampPoles(poles []knowledge.Axis) []knowledge.Axis {
	for i := range s.items {
		it := &s.items[i]
		if it.slot != groupSlot || s.lex.joined[it.group] {
			continue
		}
		for j := it.at; j < it.at+it.words; j++ {
			m, _ := s.reader.gazetteer.At(s.words[:it.at+it.words], j)
			if m == nil || m.Kind != places.CountryMatch {
				continue
			}
			if axis := knowledge.AxisOf(m.Country); axis != "" && !slices.Contains(poles, axis) {
				poles = append(poles, axis)
			}
		}
	}
	return poles
}

func otherAxis(a knowledge.Axis) knowledge.Axis {
	if a == knowledge.TowardRussia {
		return knowledge.TowardWashington
	}
	return knowledge.TowardRussia
}

// poles takes the poles as axes where something else is named too. Only a comparison of one country with one pole keeps
// both: beside both poles, a sentence asks where the country stands between them.
func (s *scan) poles() {
	q := &s.query
	if q.Intent == knowledge.IntentShifts && s.command == "" && q.Group == "" && s.onlyPoles() && s.lex.askWho.anywhere(s.items) { // who moved away from russia
		s.axisFromPoles()
		q.Countries = nil
		return
	}
	if s.placeAsked() {
		q.Countries = slices.DeleteFunc(q.Countries, func(c knowledge.Country) bool { return !isPole(c) })
	}
	others := slices.DeleteFunc(slices.Clone(q.Countries), isPole)
	if len(others) > 0 && !s.orders() {
		q.Place = "" // the members were asked about; the place is what about them
	}
	if !s.named() || s.onlyPoles() && q.Group == "" && q.Place == "" {
		return
	}
	s.axisFromPoles()
	if q.Intent == knowledge.IntentCompare && len(others) == 1 && s.setsAgainst() {
		q.Intent = knowledge.IntentStance
	}
	if q.Intent != knowledge.IntentCompare || len(others) != 1 || s.command == "" && len(s.namedPoles()) > 1 {
		q.Countries = others
	}
}

// placeAsked reports whether it is the stance of a place on the countries that is asked for: the place is named first, and
// each country stands behind words for what a stance is on, or in a list with one that does. "taiwan's stance on peru" is no
// question about Peru, but "the falklands stance of argentina" is one about Argentina.
func (s *scan) placeAsked() bool {
	q := &s.query
	if q.Place == "" || q.Intent != knowledge.IntentStance && q.Intent != knowledge.IntentNone {
		return false
	}
	last := slices.IndexFunc(s.items, isNamed)
	if s.endsName(last) {
		return false
	}
	on := false // the stance is on the last name
	for i := last + 1; i < len(s.items); i++ {
		if !isNamed(s.items[i]) {
			continue
		}
		on = s.lex.topics.endsAt(s.items, i) > 0 || on && s.listed(last, i)
		if s.namesOther(&s.items[i]) && (!on || s.ownsStance(i)) {
			return false
		}
		last = i
	}
	return true
}

// ownsStance reports whether the stance is tied to item i as its own: the effect of taiwan on peru's stance.
func (s *scan) ownsStance(i int) bool {
	return i+2 < len(s.items) && s.endsWord(s.items[i+1].at) && s.lex.ours[s.items[i+2].key()]
}

// isNamed reports whether an item is a country, pole or place that was not left out.
func isNamed(it item) bool { return it.slot == countrySlot && !it.dropped }

// listed reports whether nothing but words that join a list stands between two items.
func (s *scan) listed(first, last int) bool {
	return !slices.ContainsFunc(s.items[first+1:last], func(it item) bool { return !s.lex.isSkipped(&it) && !s.lex.joining[it.key()] })
}

// setsAgainst reports whether all that shows a comparison is a word that also means against: of a pole, whether the country is.
func (s *scan) setsAgainst() bool {
	shows := func(it item) bool { return it.slot == "" && !s.lex.isSkipped(&it) && !s.lex.against[it.word.Fold] }
	cue := s.items[s.cue.start:s.cue.end]
	return s.command == "" && !slices.ContainsFunc(cue, shows) && slices.ContainsFunc(cue, func(it item) bool { return s.lex.against[s.typed[it.at].Fold] })
}

// named reports whether the question names anything that it could be about.
func (s *scan) named() bool {
	return len(s.query.Countries) > 0 || s.query.Group != "" || s.query.Place != ""
}

func (s *scan) onlyPoles() bool {
	return !slices.ContainsFunc(s.query.Countries, func(c knowledge.Country) bool { return !isPole(c) })
}

// topicsOfVotes takes away what votes are about from whose votes they are: "peru's votes on ukraine".
func (s *scan) topicsOfVotes() {
	q := &s.query
	if q.Intent == knowledge.IntentMeasures || q.Intent == knowledge.IntentStance {
		s.receiverOfMeasures()
	}
	if q.Intent != knowledge.IntentVotes && q.Intent != knowledge.IntentResolution {
		return
	}
	for i := range s.items {
		it := &s.items[i]
		if it.slot != countrySlot || it.match.Kind != places.CountryMatch {
			continue
		}
		subject := q.Resolution != "" && slices.Contains(aboutWhom, it.country())
		about := s.lex.topics.endsAt(s.items, i) > 0 || slices.Contains(aboutWhom, it.country()) && s.followedBy(s.lex.topicsBehind, i) || subject && s.calledBefore(i) // the annexation of the Ukrainian regions
		if about && (subject || len(q.Countries) > 1 || q.Place != "") || s.inTextName(i) {
			q.Countries = slices.DeleteFunc(q.Countries, func(c knowledge.Country) bool { return c == it.match.Country })
		}
	}
}

// severalTexts is the id of what texts of several years are called alike: without a date it means none of them.
const severalTexts = "several"

// receiverOfMeasures takes away whom a measure or a stance of another country is about, within the pattern that shows it:
// "did brazil refuse weapons to ukraine", "does mexico support ukraine".
func (s *scan) receiverOfMeasures() {
	q := &s.query
	for i := s.cue.start; i < s.cue.end; i++ {
		if c := s.items[i].country(); len(q.Countries) > 1 && slices.Contains(aboutWhom, c) {
			q.Countries = slices.DeleteFunc(q.Countries, func(other knowledge.Country) bool { return other == c })
		}
	}
}

// votedOn finds the text that a question about votes means without its symbol or a name that would be the text's anywhere:
// the annexation, the children, the text of February 2025. What it is about is no country asked about.
func (s *scan) votedOn() {
	q := &s.query
	asked := q.Intent == knowledge.IntentVotes || q.Intent == knowledge.IntentResolution || q.Intent == knowledge.IntentAgreement && s.command == ""
	if !asked || slices.ContainsFunc(s.items, func(it item) bool { return it.slot == resolutionSlot }) || s.commandsPlace() {
		return
	}
	longest, first := 0, 0
	for _, text := range s.lex.votedOn {
		within := q.AsOfDate.First() <= text.day && text.day <= q.AsOfDate.Last()
		if text.dated && !within || q.AsOf != 0 && (!within || text.id == severalTexts) {
			continue
		}
		for i := range s.words {
			if _, n := text.names.text(s.words, i); n > longest {
				longest, first, q.Resolution = n, i, text.id
				if text.id == severalTexts {
					q.Resolution = ""
				}
			}
		}
	}
	s.calledWithin(first, longest)
}

// calledWithin takes the items within n words from the first on for what a text is called.
func (s *scan) calledWithin(first, n int) {
	for i := range s.items {
		if it := &s.items[i]; it.at >= first && it.at+it.words <= first+n {
			it.called, it.dropped = true, true
		}
	}
}

// votesThen takes a question about how countries voted on a day or in a month for one about the votes of that time. A command
// with a bare date asks for the record up to it, and so does a question with a word before the date that says so.
func (s *scan) votesThen() {
	q := &s.query
	if q.Intent != knowledge.IntentVotes || q.Resolution != "" || q.AsOf == 0 || q.AsOfDate.Precision() == knowledge.YearPrecision {
		return
	}
	for i := range s.items {
		if s.items[i].slot == dateSlot {
			q.OnlyThen = !s.lex.until.endsAtWord(s.words, s.items[i].at) && (s.command == "" || s.lex.asOf.endsAt(s.items, i) > 0)
		}
	}
}

// commandsPlace reports whether a place is all that a command is about: votes crimea asks for the votes of Crimea.
func (s *scan) commandsPlace() bool {
	return s.command != "" && len(s.items) == 2 && s.items[1].slot == countrySlot && s.items[1].match.Kind == places.PlaceMatch
}

// calledBefore reports whether what a text is called ends right before item i, but for little and linking words.
func (s *scan) calledBefore(i int) bool {
	for i--; i >= 0 && !s.items[i].called; i-- {
		if !s.lex.isSkipped(&s.items[i]) && !s.lex.linking[s.items[i].key()] {
			return false
		}
	}
	return i >= 0
}

// aboutWhom are the countries that the texts of the General Assembly in the records are about.
var aboutWhom = []knowledge.Country{"UKR", "GEO"}

// inTextName reports whether a country belongs to what a text is called, by standing right before or behind the words for
// it: "reparations for ukraine", 乌克兰赔偿决议. Behind a symbol a country stands for itself.
func (s *scan) inTextName(i int) bool {
	it := &s.items[i]
	if it.match.Kind != places.CountryMatch || !slices.Contains(aboutWhom, it.match.Country) {
		return false
	}
	if i+1 < len(s.items) && s.items[i+1].called && !s.endsName(i) {
		return true
	}
	before := i - 1
	for before > 0 && i-before <= maxTextLink && !s.items[before].called && s.linksText(before) {
		before--
	}
	if before < 0 || !s.items[before].called || s.endsName(before) {
		return false
	}
	return !isHan(&it.word) || before == i-1 && i+1 < len(s.items) && s.lex.linking[s.items[i+1].key()] // 撤出乌克兰的
}

// maxTextLink is the most words between what a text is called and the country that belongs to it: withdrawal from ukraine.
const maxTextLink = 2

// linksText reports whether item i is a word that may stand between the two.
func (s *scan) linksText(i int) bool {
	it := &s.items[i]
	return it.slot == "" && (s.lex.linking[it.word.Fold] || s.lex.ordinary[it.word.Fold] || s.lex.isSkipped(it)) && !s.endsName(i)
}

// endsName reports whether a mark behind item i parts it from what follows.
func (s *scan) endsName(i int) bool { return s.lastWord(i).EndsName() }

// wholeRegion is the group that all camps are in.
const wholeRegion knowledge.GroupID = "latin_america"

// campWord reads neutral, allies or adversaries as a camp when somebody asks who they are, in the region or anywhere.
func (s *scan) campWord() {
	q := &s.query
	if q.Group != "" && q.Group != wholeRegion || !s.onlyPoles() || q.Place != "" || q.Receipt != "" || q.Resolution != "" {
		return
	}
	inRegion := q.Intent == knowledge.IntentMeasures && q.Group == wholeRegion // "who in Latin America" looks like a membership
	if !inRegion && q.Intent != knowledge.IntentNone && q.Intent != knowledge.IntentGroup && q.Intent != knowledge.IntentStance {
		return
	}
	if s.intent != knowledge.IntentGroup && !s.lex.askWho.anywhere(s.items) {
		return
	}
	for i := range s.items {
		if g := s.lex.camps[s.items[i].word.Fold]; g != "" && s.items[i].slot == "" {
			q.Intent, q.Group, q.Countries = knowledge.IntentGroup, g, nil
			if s.axisFromPoles(); q.Axis == knowledge.TowardWashington {
				q.Group = otherCamp(g)
			}
			return
		}
	}
}

// whoLeans takes a question for who stands near a pole, which its words end with, for one about the whole region toward it:
// "which countries lean toward washington", but not "who does russia side with".
func (s *scan) whoLeans() {
	q := &s.query
	if q.Intent == knowledge.IntentGroup && s.command == "" && q.Group == "" && len(q.Countries) == 1 && isPole(s.items[s.cue.end-1].country()) {
		s.axisFromPoles()
		q.Group, q.Countries = wholeRegion, nil
	}
}

// otherCamp turns a camp round: the camps are named by where they stand toward Russia, and Washington's allies are those
// who oppose it.
func otherCamp(g knowledge.GroupID) knowledge.GroupID {
	switch g {
	case "allies_camp":
		return "opposing_camp"
	case "opposing_camp":
		return "allies_camp"
	}
	return g
}

// A shapeRule fits the intent to what is named. The first rule that applies decides.
type shapeRule struct {
	means   string
	applies func(*scan) bool
	intent  knowledge.Intent
}

// shapeRules: a pole beside another name has become the axis already; several countries are a comparison, a group is
// a group, an id is a source, a country in an organisation is a membership.
var shapeRules = []shapeRule{
	{"an id opens the record", func(s *scan) bool {
		return s.query.Receipt != "" && (s.plain() || s.query.Intent == knowledge.IntentEvidence || s.query.Intent == knowledge.IntentNone)
	}, knowledge.IntentSource},
	{"agreement on one text is its roll call", func(s *scan) bool {
		return s.query.Intent == knowledge.IntentAgreement && s.query.Resolution != "" && s.command == "" && s.onlyPoles()
	}, knowledge.IntentResolution},
	{"a text without a country of its own is its roll call", func(s *scan) bool {
		q := &s.query
		return (q.Resolution != "" || q.Intent == knowledge.IntentVotes && q.AsOf != 0) && s.onlyPoles() && q.Place == "" &&
			s.isAboutTexts() && (s.cue.weight < subjectCue || s.cue.intent == knowledge.IntentResolution)
	}, knowledge.IntentResolution},
	{"a text with a country is its vote", func(s *scan) bool {
		return s.query.Resolution != "" && len(s.query.Countries) > 0 && s.isAboutTexts()
	}, knowledge.IntentVotes},
	{"a roll call asked of a country is its vote", func(s *scan) bool {
		return s.query.Intent == knowledge.IntentResolution && s.command == "" && !s.onlyPoles()
	}, knowledge.IntentVotes},
	{"a picture of where one stands is its card", func(s *scan) bool {
		q := &s.query
		return q.Picture && s.plain() && len(q.Countries) == 1 && !s.onlyPoles() && q.Group == ""
	}, knowledge.IntentCard},
	{"a picture of where a group stands is its map", func(s *scan) bool {
		q := &s.query
		return q.Picture && len(q.Countries) == 0 && q.Group != "" && (s.plain() || q.Intent == knowledge.IntentGroup)
	}, knowledge.IntentMap},
	{"a picture of one country's changes is its timeline", func(s *scan) bool {
		q := &s.query
		return q.Picture && len(q.Countries) == 1 && q.Intent == knowledge.IntentShifts
	}, knowledge.IntentTimeline},
	{"a group without a country is the group", func(s *scan) bool {
		return s.query.Group != "" && len(s.query.Countries) == 0 && s.query.Intent == knowledge.IntentMeasures
	}, knowledge.IntentGroup},
	{"a country and an organisation are a membership", func(s *scan) bool {
		return len(s.query.Countries) > 0 && s.lex.joined[s.query.Group] && (s.plain() || s.query.Intent == knowledge.IntentGroup)
	}, knowledge.IntentMeasures},
	{"a country and a camp are its stance", func(s *scan) bool {
		q := &s.query
		asked := q.Intent == knowledge.IntentMeasures || q.Intent == knowledge.IntentNone && s.mostlyKnown()
		return asked && s.command == "" && len(q.Countries) > 0 && q.Group != "" && !s.lex.joined[q.Group]
	}, knowledge.IntentStance},
	{"a group alone is the group", func(s *scan) bool {
		return s.query.Group != "" && len(s.query.Countries) == 0 && (s.plain() || s.query.Intent == knowledge.IntentCompare)
	}, knowledge.IntentGroup},
	{"who is with whom, of several countries, compares them", func(s *scan) bool {
		return s.query.Intent == knowledge.IntentGroup && s.query.Group == "" && len(s.query.Countries) > 1 && !s.onlyPoles()
	}, knowledge.IntentCompare},
	{"who is with whom, of one country or place, is its stance", func(s *scan) bool {
		return s.query.Intent == knowledge.IntentGroup && s.query.Group == "" && (len(s.query.Countries) > 0 || s.query.Place != "")
	}, knowledge.IntentStance},
	{"several countries are compared", func(s *scan) bool {
		return s.plain() && len(s.query.Countries) > 1 && !s.onlyPoles()
	}, knowledge.IntentCompare},
	{"a name alone asks for its stance", func(s *scan) bool {
		return s.plain() && (len(s.query.Countries) > 0 || s.query.Place != "")
	}, knowledge.IntentStance},
	{"a comparison of one country in a sentence is its stance", func(s *scan) bool {
		leftOut := slices.ContainsFunc(s.items, func(it item) bool { return it.slot == countrySlot && it.dropped })
		return s.query.Intent == knowledge.IntentCompare && (s.command == "" || leftOut) && len(s.query.Countries) == 1
	}, knowledge.IntentStance},
}

// isAboutTexts reports whether the question may be about a text of the General Assembly that it names: it asks for
// votes, or for nothing that goes against it.
func (s *scan) isAboutTexts() bool {
	switch s.query.Intent {
	case knowledge.IntentVotes, knowledge.IntentResolution, knowledge.IntentStance, knowledge.IntentNone, knowledge.IntentContradictions,
		knowledge.IntentEvidence, knowledge.IntentCompare, knowledge.IntentGroup, knowledge.IntentShifts, knowledge.IntentMeasures, knowledge.IntentAgreement:
		return s.command == "" || s.intent == knowledge.IntentVotes || s.intent == knowledge.IntentResolution
	}
	return false
}

// plain reports whether the question asks for no more than where the named stand: by its words, or because there are
// none but names, or a name and a pole among words of the language.
func (s *scan) plain() bool {
	return s.query.Intent == knowledge.IntentStance || s.query.Intent == knowledge.IntentNone &&
		(s.namesAlone() || s.named() && len(s.namedPoles()) > 0 && s.mostlyKnown())
}

// shape fits intent and names to each other.
func (s *scan) shape() {
	q := &s.query
	if s.isElsewhere() {
		q.Intent = knowledge.IntentNone
		return
	}
	for _, rule := range shapeRules {
		if rule.applies(s) {
			q.Intent = rule.intent
			break
		}
	}
	if q.Intent == knowledge.IntentSource && q.Receipt == "" {
		q.Receipt, q.Resolution = q.Resolution, "" // the receipt of a roll call is its symbol
	}
	switch q.Intent {
	case knowledge.IntentAgreement, knowledge.IntentResolution, knowledge.IntentCompare:
	default: // its pictures are intents of their own, or it has none
		q.Picture = false
	}
	if q.Intent == knowledge.IntentResolution {
		q.Countries, q.Axis = nil, ""
		if q.Resolution != "" {
			q.Place = "" // what the text is about
		}
	}
	if len(q.Countries) > 0 && q.Intent != knowledge.IntentGroup && q.Intent != knowledge.IntentMap && q.Intent != knowledge.IntentMeasures && !s.orders() {
		q.Group = ""
	}
}
