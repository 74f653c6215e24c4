package question

import "testing"

// Every lexicon file is read without a fault, and has the sections that the engine asks for.
func TestEveryLexiconIsRead(t *testing.T) {
	for language, read := range lexicons {
		lex := read()
		if len(lex.patterns) == 0 || len(lex.months) == 0 || len(lex.groups) == 0 || len(lex.ordinary) == 0 || len(lex.insults) == 0 || len(lex.orders.phrases) == 0 || len(lex.doings.phrases) == 0 {
			t.Errorf("%s: a lexicon without patterns, months, groups, ordinary words, insults or orders", language)
		}
		if lex.language != language {
			t.Errorf("%s calls itself %s", language, lex.language)
		}
	}
	if lexicons[leading] == nil {
		t.Errorf("no lexicon of %s", leading)
	}
}
