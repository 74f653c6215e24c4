package question

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"stancebot/knowledge"
	"stancebot/knowledge/places"
)

// An editWord is what the first word of an edit means.
type editWord string

// The words that begin an edit.
const (
	correctWord editWord = "correct"
	recordWord  editWord = "record"
	approveWord editWord = "approve"
	rejectWord  editWord = "reject"
	retractWord editWord = "retract"
	askWord     editWord = "ask"
	listWord    editWord = "list"
	answerWord  editWord = "answer"
	deskWord    editWord = "desk" // behind the word that asks: ask the desk
)

// editDoings are what the words ask for.
var editDoings = map[editWord]knowledge.EditDoing{
	correctWord: knowledge.EditPropose, recordWord: knowledge.EditPropose, approveWord: knowledge.EditApprove, rejectWord: knowledge.EditReject,
	retractWord: knowledge.EditRetract, askWord: knowledge.EditAsk, listWord: knowledge.EditList,
	answerWord: knowledge.EditAnswer,
}

func (l *lexicon) addEdits(word editWord, value string) error {
	if word == deskWord {
		for name := range strings.SplitSeq(value, ",") {
			l.desk = append(l.desk, fold(name))
		}
		return nil
	}
	if editDoings[word] == "" {
		return fmt.Errorf("unknown word of edits %q", word)
	}
	for name := range strings.SplitSeq(value, ",") {
		folded := fold(name)
		l.edits[folded] = word
		l.words[folded] = true
	}
	return nil
}

// readEdit reads a change of the records, or a decision about one, that was typed as a command, and reports whether it is one.
// Behind its command all is read as it was typed: whatever names stand in a reason, it asks nothing of them.
func (s *scan) readEdit(typed string) bool {
	word := s.editWord(s.words[0].Fold)
	rest := strings.TrimSpace(strings.ReplaceAll(typed, joiner, "")[s.words[0].End:])
	id, behind := leadingID(rest)
	q := &s.query
	e := &knowledge.Edit{Do: editDoings[word]}
	switch {
	case word == "":
		return false
	case word == listWord:
		if rest != "" {
			return false
		}
		q.Intent = knowledge.IntentCorrect
	case word == recordWord:
		q.Intent = knowledge.IntentRecord
		s.readRecord(e, rest)
	case word == askWord && id == "":
		asked, ok := s.ofDesk(rest)
		if !ok {
			return false // ask about peru
		}
		q.Intent, e.Do, e.Words = knowledge.IntentCorrect, knowledge.EditInquire, asked
	case id == "" || word != correctWord && knowledge.ReceiptKindOf(id) != knowledge.DeskReceipt:
		return false // correct brazil
	default:
		q.Intent, q.Receipt = knowledge.IntentCorrect, id
		e.Words = strings.TrimSpace(behind)
		if word == correctWord {
			e.Kind = "correction"
			e.Source, e.Words = withoutSource(e.Words)
		}
	}
	q.Edit = e
	return true
}

// readVote reads what a button says of an answer, whose command stands behind it, and reports whether it is that.
func (s *scan) readVote(typed string) bool {
	if len(s.words) < 3 || s.words[0].Fold != "feedback" {
		return false
	}
	matter, ok := map[string]knowledge.Matter{"yes": knowledge.MatterHelpful, "no": knowledge.MatterWrong}[s.words[1].Fold]
	if !ok {
		return false
	}
	s.query.Intent, s.query.Matter, s.query.Words = knowledge.IntentSettings, matter, strings.TrimSpace(typed[s.words[1].End:])
	return true
}

// editWord returns what a word begins, in the language of the question or as buttons write it.
func (s *scan) editWord(word string) editWord {
	if w := s.lex.edits[word]; w != "" {
		return w
	}
	for language := range s.reader.lexicons {
		lex := s.reader.lexicon(language)
		if w := lex.edits[word]; w != "" && (language == leading || !isASCII(word)) { // codes behind it say nothing of the language
			if language != leading {
				s.lex = lex
			}
			return w
		}
	}
	return ""
}

// ofDesk returns what is asked of the desk, and whether it is the desk that is asked: ask the desk who led the delegation?
func (s *scan) ofDesk(text string) (string, bool) {
	for _, name := range slices.Concat(s.lex.desk, s.reader.lexicon(leading).desk) {
		if rest, ok := strings.CutPrefix(text, name); ok && strings.IndexFunc(name, isHanRune) == 0 { // which are not parted by blanks
			return strings.TrimLeft(strings.TrimSpace(rest), "：，,:. "), true
		}
		words := strings.Fields(name)
		split := places.Split(text)
		if len(split) < len(words) || !slices.EqualFunc(words, split[:len(words)], func(w string, p places.Word) bool { return w == p.Fold }) {
			continue
		}
		return strings.TrimLeft(strings.TrimSpace(text[split[len(words)-1].End:]), ":,. "), true
	}
	return "", false
}

// editLanguage is that of the word which begins an edit, "" for the one that buttons write: what stands behind it may be in any.
func (s *scan) editLanguage() string {
	if s.lex.language == leading || s.lex.edits[s.words[0].Fold] == "" {
		return ""
	}
	return s.lex.language
}

// leadingID returns the receipt that a text begins with, and what stands behind it.
func leadingID(text string) (id, behind string) {
	for _, found := range findIDs(text) {
		if found.start == 0 {
			return found.id, strings.TrimLeft(text[found.end:], ":,. ")
		}
	}
	return "", text
}

// An address, as people paste one; marks behind it are the sentence's.
var address = regexp.MustCompile(`(?i)\bhttps?://[^\s<>|"]+`)

// withoutSource takes the first address out of a text.
func withoutSource(text string) (source, rest string) {
	at := address.FindStringIndex(text)
	if at == nil {
		return "", unquoted(text)
	}
	source = strings.TrimRight(text[at[0]:at[1]], ".,;:!?)")
	return source, unquoted(strings.TrimSpace(text[:at[0]]) + " " + strings.TrimSpace(text[at[0]+len(source):]))
}

// quotes are the marks that people put around a text, by the one that opens it.
var quotes = map[rune]rune{'"': '"', '“': '”', '«': '»', '「': '」', '„': '“'}

// unquoted takes away the marks around a whole text.
func unquoted(text string) string {
	text = strings.TrimSpace(text)
	runes := []rune(text)
	if n := len(runes); n > 1 && quotes[runes[0]] == runes[n-1] && runes[n-1] != 0 {
		return strings.TrimSpace(string(runes[1 : n-1]))
	}
	return text
}

// inQuotes takes the first quoted stretch out of a text.
func inQuotes(text string) (quoted, rest string) {
	runes := []rune(text)
	for i, r := range runes {
		closing := quotes[r]
		if closing == 0 {
			continue
		}
		if n := slices.Index(runes[i+1:], closing); n >= 0 {
			return strings.TrimSpace(string(runes[i+1 : i+1+n])), string(runes[:i]) + " " + string(runes[i+n+2:])
		}
	}
	return "", text
}

// readRecord reads what is to be recorded: bolivia russia leaning_adversary since 2025-11-08 https://… and a note behind it.
func (s *scan) readRecord(e *knowledge.Edit, text string) {
	quoted, text := inQuotes(text)
	facts, note := text, ""
	if at := address.FindStringIndex(text); at != nil {
		facts = text[:at[0]]
		e.Source, note = withoutSource(text[at[0]:])
	}
	e.Words = strings.TrimSpace(quoted + " " + note)
	r := &recordReading{scan: s, edit: e}
	for word := range strings.FieldsSeq(facts) {
		r.word(strings.Trim(word, ",;:()"))
	}
	r.settle()
}

// A recordReading reads the facts of a record word by word: they are codes of the records, days, and a name.
type recordReading struct {
	*scan
	edit *knowledge.Edit
	ends bool // the next date is an end
	name []string
	part string // the beginning of a label of several words
}

// recordKinds are the words for what is recorded, and the kinds of entries.
var recordKinds = map[string]string{
	"assessment": "assessment", "label": "assessment", "event": "event", "membership": "membership", "measure": "measure", "vote": "vote_cell",
}

func (r *recordReading) word(typed string) {
	word := strings.ToLower(typed)
	for _, read := range []func(string) bool{r.kind, r.date, r.axisWord, r.code} {
		if read(word) {
			return
		}
	}
	if id, _ := leadingID(typed); knowledge.ReceiptKindOf(id) == knowledge.RollCallReceipt {
		r.query.Resolution = id
		return
	}
	if typed != "" {
		r.name = append(r.name, typed)
	}
}

func (r *recordReading) kind(word string) bool {
	kind := recordKinds[word]
	if kind == "" || r.edit.Kind != "" || len(r.name) > 0 {
		return false
	}
	r.edit.Kind = kind
	return true
}

func (r *recordReading) date(word string) bool {
	switch word {
	case "since", "from", "on":
		return true
	case "to", "until":
		r.ends = true
		return true
	}
	d, err := knowledge.ParseDate(word)
	if err != nil {
		return false
	}
	if r.ends {
		r.edit.To = d
	} else {
		r.edit.On = d
	}
	r.ends = false
	return true
}

func (r *recordReading) axisWord(word string) bool {
	axis := knowledge.Axis(word)
	if axis.Pole() == "" || r.query.Axis != "" || r.edit.Kind != "" && r.edit.Kind != "assessment" {
		return false
	}
	r.query.Axis = axis
	return true
}

// code reads a word that the records spell so.
func (r *recordReading) code(word string) bool {
	e := r.edit
	switch {
	case e.Kind == "event" && slices.Contains(knowledge.EventKinds, knowledge.Kind(word)):
		e.Topic = knowledge.Kind(word)
	case e.Kind == "membership" && slices.Contains(knowledge.Organisations, knowledge.GroupID(word)):
		r.query.Group = knowledge.GroupID(word)
	case e.Kind == "membership" && slices.Contains(knowledge.Standings, knowledge.Standing(word)):
		e.Standing = knowledge.Standing(word)
	case e.Kind == "measure" && slices.Contains(knowledge.MeasureKinds, word):
		e.Measure = word
	case e.Kind == "vote_cell" && slices.Contains(knowledge.Positions, knowledge.Position(word)):
		e.Position = knowledge.Position(word)
	case e.Kind == "" || e.Kind == "assessment":
		return r.label(word)
	default:
		return false
	}
	return true
}

// label reads a word of a label, which people write with blanks, too.
func (r *recordReading) label(word string) bool {
	if r.query.Axis == "" || r.edit.Label != "" {
		return false
	}
	whole := strings.Trim(r.part+"_"+strings.ReplaceAll(word, "-", "_"), "_")
	labels := knowledge.LabelsOf(r.query.Axis)
	begins := slices.ContainsFunc(labels, func(l knowledge.Label) bool { return strings.HasPrefix(string(l), whole+"_") })
	switch {
	case slices.Contains(labels, knowledge.Label(whole)) && (!begins || r.part != ""):
		r.edit.Label, r.part = knowledge.Label(whole), ""
	case begins:
		r.part = whole
	default:
		return false
	}
	return true
}

// settle names the country, by a name that means one without doubt.
func (r *recordReading) settle() {
	e := r.edit
	if l := knowledge.Label(r.part); e.Label == "" && slices.Contains(knowledge.LabelsOf(r.query.Axis), l) {
		e.Label = l // leaning, which longer ones begin with, too
	}
	if e.Kind == "" {
		e.Kind = "assessment"
	}
	if len(r.name) == 0 {
		return
	}
	named := r.reader.Read("stance "+strings.Join(r.name, " "), r.today).Query
	if len(named.Countries) != 1 || len(named.ReadsAs) > 0 || named.Misread != nil || named.Axis != "" {
		e.Unread = r.name
		return
	}
	r.query.Countries = named.Countries
}
