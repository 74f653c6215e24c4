package question

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"stancebot/knowledge"
	"stancebot/knowledge/corpus"
	"stancebot/knowledge/places"
)

func TestDebug(t *testing.T) {
	set, _ := corpus.Embedded()
	rec, _ := set.Records()
	r, err := New(places.New(&rec.House))
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range strings.Split(os.Getenv("Q"), "|") {
		s := &scan{reader: r, lex: r.lexicons["en"], words: places.Split(text), today: 20261123, query: knowledge.Query{Intent: knowledge.IntentNone}}
		s.readCommand()
		s.readItems(text)
		s.readMisspelt()
		s.leaveOut()
		s.chooseIntent()
		fmt.Printf("%q cmd=%q cue=%+v\n", text, s.command, s.cue)
		for _, it := range s.items {
			fmt.Printf("   %q %s unk=%v missp=%v\n", it.word.Fold, it.slot, it.unknown, it.misspelt)
		}
		s.settle()
		fmt.Printf("   => %+v\n", s.query)
		if s.query.Misread != nil {
			fmt.Printf("   misread %+v\n", *s.query.Misread)
		}
	}
}
