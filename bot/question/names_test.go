package question_test

import (
	"fmt"
	"hash/fnv"
	"maps"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"stancebot/bot/bottest"
	"stancebot/bot/question"
	"stancebot/knowledge"
	"stancebot/knowledge/places"
)

// The corpus of names: every name that the tables and the house style hold, as people write it, right and wrong, judged
// by a plain comparison with the list of all names. The reader has to name the one that was meant, or ask; never another.

const (
	namesSeed = 20261123
	// namesSample is of how many strings the ordinary run reads one. STANCETEST_DEEP reads all.
	namesSample = 10
	// fewestNames is how many strings the whole corpus has at the least.
	fewestNames = 50_000
	// namesFloor is which share of the strings is read rightly or rightly asked about.
	namesFloor = 0.995
)

// deep is set in the full tier of the checks, which takes its time.
var deep = os.Getenv("STANCETEST_DEEP") != ""

// A listedName is a name of the tables or the house style, and what it means: the code of a country, the id of a place,
// the choices of a name that asks; nothing for a name of no country.
type listedName struct {
	language, kind, name string
	means                []string
}

// carriers are short questions by language, with the name for the %s. A Russian name in the nominative stands behind a
// noun of its own.
var carriers = map[string][]string{
	"en": {"stance %s", "where does %s stand"},
	"es": {"¿postura de %s?", "cuál es la postura de %s"},
	"fr": {"position de %s", "quelle est la position de %s ?"},
	"pt": {"posição de %s", "qual é a posição de %s"},
	"ru": {"позиция %s", "какова позиция %s"},
	"zh": {"%s的立场", "%s的立场是什么？"},
}

const nominativeCarrier = "позиция страны %s"

// listNames returns all names, in the order in which a later one wins over an earlier one of the same spelling: the
// tables, English last, then the leaders, then the house style. drilled counts those that the corpus is made of.
func listNames(tb testing.TB) (all []listedName, drilled int) {
	tb.Helper()
	for _, language := range []string{"zh", "ru", "pt", "fr", "es", "en"} {
		text, err := os.ReadFile("../../knowledge/places/data/" + language + ".tsv")
		if err != nil {
			tb.Fatal(err)
		}
		for i, line := range strings.Split(strings.TrimSuffix(string(text), "\n"), "\n") {
			if cells := strings.Split(line, "\t"); i > 0 {
				all = append(all, listedName{language, cells[1], cells[2], cells[:1]})
			}
		}
	}
	records := bottest.NewDesk(tb).Records
	for _, p := range records.House.Places {
		for _, name := range p.Names {
			all = append(all, listedName{languageOf(name), "place", name, []string{p.ID}})
		}
	}
	drilled = len(all)
	add := func(name string, means ...string) { all = append(all, listedName{"", "", name, means}) }
	for _, ld := range records.Leaders {
		for _, name := range append([]string{ld.Name}, ld.Called...) {
			add(name, string(ld.Country))
		}
	}
	for _, p := range records.House.Places {
		for _, name := range p.Names {
			add(name, p.ID)
		}
	}
	for _, n := range records.House.NotCountries {
		for _, name := range n.Names {
			add(name)
		}
	}
	for _, a := range records.House.Asks {
		add(a.Name, a.Choices...)
	}
	for _, n := range records.House.Near {
		add(n.Name, string(n.Country))
	}
	return all, drilled
}

// languageOf tells the language of a name of the house style by its script; Latin letters are asked about in English.
func languageOf(name string) string {
	for _, r := range name {
		switch {
		case unicode.Is(unicode.Cyrillic, r):
			return "ru"
		case unicode.Is(unicode.Han, r):
			return "zh"
		}
	}
	return "en"
}

// A namesOracle is the flat list of all names by their length in runes. It knows no index and no short cuts but one:
// names that differ in length by more than the edits that were made are out of reach.
type namesOracle struct {
	exact    map[string][]string
	byLength map[int][][]rune
}

func newNamesOracle(all []listedName) *namesOracle {
	o := &namesOracle{exact: map[string][]string{}, byLength: map[int][][]rune{}}
	for _, n := range all {
		if key := places.Fold(n.name); key != "" {
			o.exact[key] = n.means
		}
	}
	for _, key := range slices.Sorted(maps.Keys(o.exact)) {
		runes := []rune(key)
		o.byLength[len(runes)] = append(o.byLength[len(runes)], runes)
	}
	return o
}

// followUps are words that make a question of a name behind them: a slip may write one, as in Et Berlin.
var followUps = []string{"and ", "et ", "y ", "e ", "а "}

// meanings returns what a folded word means: the name that it is, or else the names at the smallest distance, which is
// edits at the most.
func (o *namesOracle) meanings(word string, edits int) [][]string {
	for _, before := range append(followUps, "") {
		if means, ok := o.exact[strings.TrimPrefix(word, before)]; ok {
			return [][]string{means}
		}
	}
	runes := []rune(word)
	var found [][]string
	for length := len(runes) - edits; length <= len(runes)+edits; length++ {
		for _, name := range o.byLength[length] {
			d := alignment(runes, name, edits)
			if d < edits {
				edits, found = d, nil
			}
			if d <= edits {
				found = append(found, o.exact[string(name)])
			}
		}
	}
	return found
}

// alignment returns the distance of optimal string alignment between a and b, or more than limit as soon as it must be.
func alignment(a, b []rune, limit int) int {
	var rows [3][128]int
	before, last, row := rows[0][:len(b)+1], rows[1][:len(b)+1], rows[2][:len(b)+1]
	for j := range last {
		last[j] = j
	}
	for i := 1; i <= len(a); i++ {
		row[0] = i
		least := i
		for j := 1; j <= len(b); j++ {
			substitution := last[j-1]
			if a[i-1] != b[j-1] {
				substitution++
			}
			row[j] = min(substitution, last[j]+1, row[j-1]+1)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
			least = min(least, row[j])
		}
		if least > limit { // a swap costs as much as what it stands for in the row between
			return limit + 1
		}
		before, last, row = last, row, before
	}
	return last[len(b)]
}

// keyboards are the rows of letters in which neighbours are mistaken for each other.
var keyboards = []string{"qwertyuiop", "asdfghjkl", "zxcvbnm", "йцукенгшщзхъ", "фывапролджэ", "ячсмитьбю"}

// beside returns a letter beside r on its keyboard; a Chinese character gives way to one of other names.
func beside(rng *rand.Rand, r rune) rune {
	if unicode.Is(unicode.Han, r) {
		others := []rune("亚尼利拉马斯巴哥")
		return others[rng.IntN(len(others))]
	}
	base, _ := utf8.DecodeRuneInString(norm.NFD.String(string(r)))
	for _, keys := range keyboards {
		row := []rune(keys)
		i := slices.Index(row, unicode.ToLower(base))
		if i < 0 {
			continue
		}
		if i == 0 || i+1 < len(row) && rng.IntN(2) == 0 {
			return row[i+1]
		}
		return row[i-1]
	}
	return 'x'
}

// mistype makes one typo: neighbours swapped, a letter dropped, doubled or replaced.
func mistype(rng *rand.Rand, name string) string {
	runes := []rune(name)
	for range 100 {
		i := rng.IntN(len(runes))
		if !unicode.IsLetter(runes[i]) {
			continue
		}
		switch rng.IntN(4) {
		case 0:
			if i+1 == len(runes) || !unicode.IsLetter(runes[i+1]) {
				continue
			}
			runes[i], runes[i+1] = runes[i+1], runes[i]
		case 1:
			runes = slices.Delete(runes, i, i+1)
		case 2:
			runes = slices.Insert(runes, i, runes[i])
		default:
			runes[i] = beside(rng, runes[i])
		}
		return string(runes)
	}
	return name
}

// mistyped makes typos that folding does not mend, or nothing where it finds none.
func mistyped(rng *rand.Rand, name string, typos int) string {
	folded := []rune(places.Fold(name))
	for range 20 {
		typo := name
		for range typos {
			typo = mistype(rng, typo)
		}
		if d := alignment(folded, []rune(places.Fold(typo)), typos); d > 0 && d <= typos {
			return typo
		}
	}
	return ""
}

// bare writes Latin letters without accents, as on a keyboard that has none.
func bare(name string) string {
	var out strings.Builder
	for _, r := range name {
		if parts := []rune(norm.NFD.String(string(r))); r == 'ё' || unicode.Is(unicode.Latin, r) {
			r = parts[0]
		}
		out.WriteRune(r)
	}
	return out.String()
}

func letterCount(name string) int {
	n := 0
	for _, r := range name {
		if unicode.IsLetter(r) {
			n++
		}
	}
	return n
}

// A namesCase is one string of the corpus: a name as it is written, and the text in which it stands.
type namesCase struct {
	of            *listedName
	way           string
	written, text string
	typos         int
}

// casesOf returns the ways in which a name is written, each alone and in a question. The draw depends on the name alone,
// so that a name more changes no other.
func casesOf(n *listedName) []namesCase {
	h := fnv.New64a()
	fmt.Fprint(h, n.language, n.kind, n.name)
	rng := rand.New(rand.NewPCG(namesSeed, h.Sum64()))
	asked := carriers[n.language]
	carrier := asked[rng.IntN(len(asked))]
	if n.language == "ru" && slices.Contains([]string{"short", "official", "alias", "former"}, n.kind) {
		carrier = nominativeCarrier
	}
	var cases []namesCase
	add := func(way, name string, typos int, as func(string) string) {
		if name == "" {
			return
		}
		for _, text := range []string{name, fmt.Sprintf(carrier, name)} {
			cases = append(cases, namesCase{n, way, as(name), as(text), typos})
		}
	}
	same := func(s string) string { return s }
	add("plain", n.name, 0, same)
	if without := bare(n.name); without != n.name {
		add("bare", without, 0, same)
	}
	if up := strings.ToUpper(n.name); up != n.name {
		add("upper", n.name, 0, strings.ToUpper)
	}
	if low := strings.ToLower(n.name); low != n.name {
		add("lower", n.name, 0, strings.ToLower)
	}
	if letters := letterCount(n.name); letters >= places.MinFuzzyLetters {
		add("typo", mistyped(rng, n.name, 1), 1, same)
		if letters >= 9 {
			add("typos", mistyped(rng, n.name, 2), 2, same)
		}
	}
	return cases
}

// A namesVerdict is what became of a string.
type namesVerdict string

const (
	namesRight namesVerdict = "right"
	namesAsked namesVerdict = "rightly asked"
	namesMiss  namesVerdict = "not read"
	namesWrong namesVerdict = "silently wrong"
)

// judge compares what the reader understood with what the oracle says.
func judge(o *namesOracle, c *namesCase, q *knowledge.Query) namesVerdict {
	meant := o.exact[places.Fold(c.of.name)]
	best := o.meanings(places.Fold(c.written), c.typos)
	var targets []string // what can be meant, without the names of no country
	for _, means := range best {
		for _, target := range means {
			if !slices.Contains(targets, target) {
				targets = append(targets, target)
			}
		}
	}
	if m := q.Misread; m != nil {
		switch {
		case m.Outcome == knowledge.Ambiguous && (len(targets) > 1 || len(meant) == 1 && slices.Contains(m.Choices, meant[0])):
			return namesAsked
		case m.Outcome == knowledge.NotACountry && len(targets) == 0:
			return namesRight
		}
		return namesMiss
	}
	if len(targets) == 1 && named(q) == targets[0] {
		return namesRight
	}
	return namesWrong
}

// named says what a query is about, all of it: an axis that nobody named is another country.
func named(q *knowledge.Query) string {
	var parts []string
	for _, c := range q.Countries {
		parts = append(parts, string(c))
	}
	for _, part := range []string{q.Place, string(q.Group), string(q.Axis), q.Receipt, q.Resolution} {
		if part != "" {
			parts = append(parts, part)
		}
	}
	return strings.Join(parts, "+")
}

func TestNamesCorpus(t *testing.T) {
	all, drilled := listNames(t)
	oracle, reader := newNamesOracle(all), newReader(t)
	var cases []namesCase
	total, seen := 0, map[string]bool{}
	sample := rand.New(rand.NewPCG(namesSeed, 0))
	for i := range all[:drilled] {
		for _, c := range casesOf(&all[i]) {
			if seen[c.text] {
				continue
			}
			seen[c.text] = true
			total++
			if deep || sample.IntN(namesSample) == 0 {
				cases = append(cases, c)
			}
		}
	}
	if total < fewestNames {
		t.Errorf("the corpus has %d strings, want %d", total, fewestNames)
	}
	verdicts := judgeAll(reader, oracle, cases)
	counts := map[string]map[namesVerdict]int{}
	count := func(group string, v namesVerdict) {
		if counts[group] == nil {
			counts[group] = map[namesVerdict]int{}
		}
		counts[group][v]++
	}
	for i := range cases {
		c, v := &cases[i], verdicts[i]
		for _, group := range []string{"all", c.of.language, c.of.language + " " + c.of.kind, c.way} {
			count(group, v)
		}
		if v == namesWrong {
			t.Logf("silently wrong: %q (%s %s of %v, %q): %s", c.text, c.of.language, c.of.kind, c.of.means, c.of.name, show(reader.Read(c.text, today).Query))
		} else if v == namesMiss && testing.Verbose() {
			t.Logf("not read: %q (%s %s of %v, %q): %s", c.text, c.of.language, c.of.kind, c.of.means, c.of.name, show(reader.Read(c.text, today).Query))
		}
	}
	for _, group := range slices.Sorted(maps.Keys(counts)) {
		n := counts[group]
		t.Logf("%-14s %6d right %5d rightly asked %5d not read %4d silently wrong", group, n[namesRight], n[namesAsked], n[namesMiss], n[namesWrong])
	}
	n := counts["all"]
	if n[namesWrong] > 0 {
		t.Errorf("%d strings are silently wrong, want none", n[namesWrong])
	}
	if good := n[namesRight] + n[namesAsked]; float64(good) < namesFloor*float64(len(cases)) {
		t.Errorf("%d of %d strings are read rightly or rightly asked about, want %.1f %%", good, len(cases), 100*namesFloor)
	}
}

// judgeAll reads and judges the strings, as many at a time as there are processors.
func judgeAll(reader *question.Reader, oracle *namesOracle, cases []namesCase) []namesVerdict {
	verdicts := make([]namesVerdict, len(cases))
	const workers = 4
	var wg sync.WaitGroup
	for w := range workers {
		wg.Go(func() {
			for i := w; i < len(cases); i += workers {
				q := reader.Read(cases[i].text, today).Query
				verdicts[i] = judge(oracle, &cases[i], &q)
			}
		})
	}
	wg.Wait()
	return verdicts
}
