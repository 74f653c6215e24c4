package question

import "stancebot/knowledge"

// matter finds which of several things a question of history or of settings is about, and whether an export is wanted of what
// is not exported. The words of the leading language, in which
// buttons are written, are understood in every one.
func (s *scan) matter() {
	q := &s.query
	for _, lex := range []*lexicon{s.lex, s.reader.lexicon(leading)} {
		for _, m := range knowledge.Matters[q.Intent] {
			if q.Matter == "" && lex.matters[m].anywhere(s.items) {
				q.Matter = m
			}
		}
	}
	if q.Intent == knowledge.IntentHistory && q.Receipt != "" && q.Matter != knowledge.MatterApproved {
		q.Matter = knowledge.MatterRecorded // history D-18
	}
}
