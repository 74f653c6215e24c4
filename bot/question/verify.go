package question

import (
	"regexp"
	"strings"

	"stancebot/knowledge"
)

// codeInText is the code of a picture in running text: groups of five letters and figures, of which one is a figure at least, so that
// no words are taken for one.
var codeInText = regexp.MustCompile(`(?i)\b[0-9A-Z]{5}(?:-[0-9A-Z]{5}){1,5}\b`)

// readVerify reads a question about a picture by the code that stands in it, and reports whether it is one. Behind the command all is
// the code, however it was typed; whether it is one, those say who make them.
func (s *scan) readVerify(text string) bool {
	q := &s.query
	if word := s.words[0].Fold; s.lex.verifying[word] || !s.lex.words[word] && s.reader.lexicon(leading).verifying[word] {
		q.Intent = knowledge.IntentSource
		if q.Code = codeOf(text[s.words[0].End:]); q.Code == "" {
			s.misread(knowledge.Refused).Reason = knowledge.NamesNothing
		}
		return true
	}
	code := codeInText.FindString(text)
	if s.command != "" && s.intent != knowledge.IntentSource || !strings.ContainsAny(code, "0123456789") {
		return false
	}
	q.Intent, q.Code = knowledge.IntentSource, strings.ToUpper(code)
	return true
}

// maxCode bounds what is taken for a code, in bytes: longer ones are refused by those who make them, whatever follows.
const maxCode = 50

// codeOf spells a code that was typed, with or without marks between its groups.
func codeOf(typed string) string {
	if found := codeInText.FindString(typed); found != "" {
		typed = found
	}
	code := strings.ToUpper(strings.Join(strings.FieldsFunc(typed, func(r rune) bool {
		return !(r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z')
	}), "-"))
	return code[:min(len(code), maxCode)]
}
