package bottest

import (
	"embed"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"unicode"

	"stancebot/bot/phrases"
	"stancebot/knowledge"
	"stancebot/knowledge/places"
)

//go:embed questions/*.txt
var questionFiles embed.FS

// Questions makes up what people ask, in all languages alike: commands and plain words, with countries, dates, texts and
// records drawn anew each time, and a slip in one name of ten. It is not safe for concurrent use.
type Questions struct {
	rng       *rand.Rand
	languages []questionForms
	records   *knowledge.Records
}

// questionForms is the file of a language under questions/.
type questionForms struct {
	p      *phrases.Catalogue
	forms  []string
	topics []string
}

// NewQuestions returns questions about the records that depend on the seed alone.
func NewQuestions(tb testing.TB, r *knowledge.Records, seed uint64) *Questions {
	tb.Helper()
	q := &Questions{rng: rand.New(rand.NewPCG(seed, 0)), records: r} //nolint:gosec // questions to repeat, no secrets
	for _, language := range phrases.Languages() {
		text, err := questionFiles.ReadFile("questions/" + language + ".txt")
		if err != nil {
			tb.Fatal(err)
		}
		f := questionForms{p: phrases.In(language)}
		for line := range strings.Lines(string(text)) {
			line = strings.TrimSpace(line)
			if topics, ok := strings.CutPrefix(line, "topics: "); ok {
				f.topics = strings.Split(topics, ", ")
			} else if line != "" && !strings.HasPrefix(line, "#") {
				f.forms = append(f.forms, line)
			}
		}
		q.languages = append(q.languages, f)
	}
	return q
}

// Next returns a question and the language in which it is put.
func (q *Questions) Next() (text, language string) {
	f := &q.languages[q.rng.IntN(len(q.languages))]
	rest := pick(q.rng, f.forms)
	var b strings.Builder
	for {
		before, slot, found := strings.Cut(rest, "{")
		b.WriteString(before)
		if !found {
			return b.String(), f.p.Language
		}
		slot, rest, _ = strings.Cut(slot, "}")
		b.WriteString(q.fill(f, slot))
	}
}

func (q *Questions) fill(f *questionForms, slot string) string {
	switch slot {
	case "c":
		return q.country(f)
	case "d":
		return fmt.Sprintf("%d-%02d-%02d", 2006+q.rng.IntN(20), 1+q.rng.IntN(12), 1+q.rng.IntN(28))
	case "y":
		return fmt.Sprint(2006 + q.rng.IntN(20))
	case "s":
		return pick(q.rng, q.records.RollCalls).ID
	case "r":
		return pick(q.rng, q.records.Claims).ID
	case "g":
		return f.p.Group(pick(q.rng, q.records.Groups).ID)
	case "t":
		return pick(q.rng, f.topics)
	}
	panic("bottest: no slot is called " + slot)
}

// shortestSlip is the fewest letters of a name in which a slip is made: shorter ones are asked back.
const shortestSlip = 6

// country returns the name of a country, of ten about one with a slip, and of three one in small letters.
func (q *Questions) country(f *questionForms) string {
	name := f.p.Country(pick(q.rng, places.Members()))
	if q.rng.IntN(3) == 0 {
		name = strings.ToLower(name)
	}
	if runes := []rune(name); q.rng.IntN(10) == 0 && len(runes) >= shortestSlip {
		return string(q.slip(runes))
	}
	return name
}

// slip leaves a letter out, doubles it, or swaps it with the next; never the first, and never a space.
func (q *Questions) slip(name []rune) []rune {
	i := 1 + q.rng.IntN(len(name)-2)
	if !unicode.IsLetter(name[i]) || !unicode.IsLetter(name[i+1]) {
		return name
	}
	switch q.rng.IntN(3) {
	case 0:
		return append(name[:i:i], name[i+1:]...)
	case 1:
		return append(name[:i:i], name[i-1:]...)
	}
	name[i], name[i+1] = name[i+1], name[i]
	return name
}

func pick[T any](rng *rand.Rand, list []T) T { return list[rng.IntN(len(list))] }
