package question_test

import (
	"strings"
	"testing"

	"stancebot/bot/question"
)

// A lexicon is edited by people who do not read Go, so each fault must be told with the line where it stands: blank
// lines and remarks count, as an editor counts them.
func TestLexiconFaultsNameTheirLine(t *testing.T) {
	tests := []struct{ name, file, line, says string }{
		{"unknown section", "# remark\n\n[weather]\nrain\n", "line 4", "unknown section [weather]"},
		{"entry before any section", "stance: stance\n", "line 1", "unknown section []"},
		{"unknown intent of a command", "[commands]\nstance: stance\nsing: song\n", "line 3", `unknown intent "song"`},
		{"command without intent", "[commands]\nstance\n", "line 2", `unknown intent ""`},
		{"unknown intent of a section", "[intent song]\n5 la la\n", "line 2", `unknown intent "song"`},
		{"pattern without weight", "[intent stance]\n5 stance\nwhere ... stand\n", "line 3", "want a weight and words"},
		{"weight without pattern", "[intent stance]\n5\n", "line 2", "want a weight and words"},
		{"weight that is no number", "[intent stance]\nfive stand\n", "line 2", "want a weight and words"},
		{"pole that is none", "[pole names]\nrussia: putin\nberlin: merz\n", "line 3", `want russia or washington: "berlin"`},
		{"order that is none", "[orders]\nsometimes: now and then\n", "line 2", `unknown word of orders "sometimes"`},
		{"order without a phrase", "[orders]\ndaily: each day,\n", "line 2", "a phrase without words"},
		{"phrase of two orders", "[orders]\ndaily: each day\nweekly: Each Day\n", "line 3", `"each day" means two things in orders`},
		{"carriage returns", "[commands]\r\nstance: stance\r\nsing: song\r\n", "line 3", `unknown intent "song"`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			err := question.ParseLexicon(tt.file)
			if err == nil {
				t.Fatalf("accepted:\n%s", tt.file)
			}
			if !strings.HasPrefix(err.Error(), tt.line+":") || !strings.Contains(err.Error(), tt.says) {
				t.Errorf("got %q, want %s and %q", err, tt.line, tt.says)
			}
		})
	}
}

// The faults above mean something only when the same forms without the fault are accepted.
func TestLexiconAcceptsEverySection(t *testing.T) {
	file := strings.Join([]string{
		"# a remark", "", "[commands]", "stance: stance", "[spellings]", "whos: who", "[elsewhere]", "rain beer",
		"[intent stance]", "5 where ... stand|stands", "[yes or no]", "yes or no", "[as of]", "as of", "[since]", "since",
		"[known]", "known at", "[knew]", "we knew", "[leave out]", "skip", "[corrected]", "i meant", "[codes]", "dr: DOM", "[topics behind]", "resolution", "[last]", "last", "[groups]", "andean: andes, andean", "[organisations]", "alba: alba, alba tcp", "[little words]", "the a",
		"[joining]", "or and", "[leaning on]", "and", "[linking]", "of", "[eras]", "era",
		"[camp words]", "neutral: neutral_camp", "[asking who]", "who", "[topics]", "on|about ukraine", "[poles]", "us: the", "states:",
		"us then: line", "[months]", "january|jan", "[yesterday]", "yesterday", "[this period]", "today", "[page]", "page",
		"[orders]", "daily am: every morning", "9: nine", "[order commands]", "stop: stop, end", "[ordinary]", "the a an", "[before]", "before", "[pole names]", "russia: putin", "[resolutions]", "ES-11/1: vote|text on the invasion", "[insults]", "idiot",
	}, "\n")
	if err := question.ParseLexicon(file); err != nil {
		t.Error(err)
	}
}
