package places_test

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"stancebot/knowledge"
	"stancebot/knowledge/places"
	"stancebot/knowledge/raced"
)

// A knownName is a name as the oracle for misspellings knows it.
type knownName struct {
	runes   []rune
	meaning string
}

// knownNames lists every folded name and what it means, put together here from the tables and the records: what the
// newsroom says of a name wins over the leaders, and they over the tables.
func knownNames(tb testing.TB) []knownName {
	tb.Helper()
	meanings := map[string]string{}
	for _, r := range allRows(tb) {
		meanings[places.Fold(r.name)] = string(r.country)
	}
	all := records(tb)
	led := map[string][]string{}
	for _, ld := range all.Leaders {
		for _, name := range append([]string{ld.Name}, ld.Called...) {
			folded := places.Fold(name)
			if !slices.Contains(led[folded], string(ld.Country)) {
				led[folded] = append(led[folded], string(ld.Country))
			}
			meanings[folded] = string(ld.Country)
			if len(led[folded]) > 1 { // leaders of two countries bear it
				meanings[folded] = "ask " + strings.Join(led[folded], " ")
			}
		}
	}
	for _, p := range all.House.Places {
		for _, name := range p.Names {
			meanings[places.Fold(name)] = "place " + p.ID
		}
	}
	for _, n := range all.House.NotCountries {
		for _, name := range n.Names {
			meanings[places.Fold(name)] = "not " + n.Note
		}
	}
	for _, a := range all.House.Asks {
		meanings[places.Fold(a.Name)] = "ask " + strings.Join(a.Choices, " ")
	}
	for _, n := range all.House.Near {
		meanings[places.Fold(n.Name)] = string(n.Country)
	}
	var names []knownName
	for folded, meaning := range meanings {
		names = append(names, knownName{[]rune(folded), meaning})
	}
	slices.SortFunc(names, func(a, b knownName) int { return slices.Compare(a.runes, b.runes) })
	return names
}

// nearestByScan is what Nearest has to find, by measuring every name: all meanings at the smallest distance that is
// not 0 and within reach. Words and names of three letters or fewer are never misspelt; such a name ties with others.
func nearestByScan(oracle *osa, names []knownName, word []rune) (meanings []string, edits int) {
	if len(word) < 4 {
		return nil, 0
	}
	edits = 1
	if len(word) >= 7 {
		edits = 2
	}
	for _, n := range names {
		if len(n.runes) < 4 {
			continue
		}
		if apart := len(word) - len(n.runes); !deep && (apart > edits || -apart > edits) {
			continue // every edit changes the length by one at most; the full tier measures these names too
		}
		d := oracle.distance(word, n.runes)
		if d == 0 || d > edits {
			continue
		}
		if d < edits {
			edits, meanings = d, nil
		}
		meanings = append(meanings, n.meaning)
	}
	for _, n := range names {
		if len(meanings) > 0 && edits == 1 && len(word) == 4 && len(n.runes) == 3 && oracle.distance(word, n.runes) == 1 {
			meanings = append(meanings, n.meaning)
		}
	}
	slices.Sort(meanings)
	return slices.Compact(meanings), edits
}

func meaningsOf(matches []*places.Match) []string {
	var all []string
	for _, m := range matches {
		all = append(all, meaning(m))
	}
	slices.Sort(all)
	return all
}

const alphabet = "abcdefghijklmnopqrstuvwxyz"

// typo returns the word with one letter deleted, inserted, substituted or swapped with the next, by kind from 0 to 3.
func typo(rng *rand.Rand, word []rune, kind int) []rune {
	i, letter := rng.IntN(len(word)), rune(alphabet[rng.IntN(len(alphabet))])
	bad := slices.Clone(word)
	switch kind {
	case 0:
		return slices.Delete(bad, i, i+1)
	case 1:
		return slices.Insert(bad, i, letter)
	case 2:
		bad[i] = letter
		return bad
	default:
		i %= len(bad) - 1
		bad[i], bad[i+1] = bad[i+1], bad[i]
		return bad
	}
}

func TestNearestAgainstAScanOfAllNames(t *testing.T) {
	g, names := gazetteer(t), knownNames(t)
	rng := rand.New(rand.NewPCG(1, 2))
	var oracle osa
	tried, found, ties, long := 0, 0, 0, 0
	for n, name := range names {
		if len(name.runes) < 5 {
			continue
		}
		if len(name.runes) > 62 {
			long++
			continue
		}
		if !deep && n%8 != 0 || raced.On && n%64 != 0 { // an eighth of the names will do at the gate
			continue
		}
		for kind := range 8 {
			bad := typo(rng, name.runes, kind%4)
			if kind >= 4 { // two letters are wrong, which is near enough for long words alone
				bad = typo(rng, bad, rng.IntN(4))
			}
			if !deep && kind != n/8%8 { // one typo of each name will do at the gate
				continue
			}
			want, edits := nearestByScan(&oracle, names, bad)
			matches, gotEdits := g.Nearest(string(bad))
			if diff := cmp.Diff(want, meaningsOf(matches)); diff != "" {
				t.Errorf("Nearest(%q), a typo of %q (-scan +got):\n%s", string(bad), string(name.runes), diff)
			}
			if len(want) > 0 && gotEdits != edits {
				t.Errorf("Nearest(%q) is %d edits away, want %d", string(bad), gotEdits, edits)
			}
			tried++
			found += min(len(want), 1)
			ties += min(max(len(want)-1, 0), 1)
		}
	}
	t.Logf("%d typos of %d names: %d find something, %d of them several; %d names are too long", tried, len(names), found, ties, long)
	if !raced.On && (tried < 1500 || found < tried*3/4 || found == tried || ties == 0 || long > 0) {
		t.Error("the typos do not try what they should")
	}
}

// typos calls yield with every deletion and swap of the word, and with insertions and substitutions of the letters.
func typos(word []rune, letters func() string, yield func([]rune)) {
	for i := range len(word) + 1 {
		for _, letter := range letters() {
			yield(slices.Insert(slices.Clone(word), i, letter))
		}
		if i == len(word) {
			break
		}
		yield(slices.Delete(slices.Clone(word), i, i+1))
		for _, letter := range letters() {
			bad := slices.Clone(word)
			bad[i] = letter
			yield(bad)
		}
		if i+1 < len(word) {
			bad := slices.Clone(word)
			bad[i], bad[i+1] = bad[i+1], bad[i]
			yield(bad)
		}
	}
}

// A misspelling never becomes a single wrong answer while the right one is equally near: the right country is among
// the answers, so that the bot asks or is right, or everything that it answers is strictly nearer.
func TestNearestNeverGuesses(t *testing.T) {
	g := gazetteer(t)
	rng := rand.New(rand.NewPCG(3, 4))
	letters := func() string {
		if deep {
			return alphabet
		}
		i := rng.IntN(len(alphabet) - 1)
		return alphabet[i : i+2]
	}
	var oracle osa
	var tried, right, tied, nearer int
	names := map[string]string{} // typos that are names themselves, and of what they are typos
	short := shortNames(t)
	for _, c := range places.Members() {
		name := []rune(places.Fold(short[c]))
		if len(name) < places.MinFuzzyLetters {
			continue
		}
		typos(name, letters, func(bad []rune) {
			word := string(bad)
			if word != places.Fold(word) || word == string(name) {
				return // two words have become "  x" or the like, or nothing has changed
			}
			tried++
			if m := g.Lookup(word); m != nil {
				// The words are a name as they stand: nobody can know that another was meant.
				if meaning(m) != string(c) {
					names[word] = string(name)
				}
				return
			}
			matches, edits := g.Nearest(word)
			if slices.Contains(meaningsOf(matches), string(c)) {
				right++
				tied += min(len(matches)-1, 1)
				return
			}
			if d := oracle.distance(bad, name); len(matches) == 0 || edits >= d {
				t.Errorf("Nearest(%q) = %v at %d edits: %s is %d away", word, meaningsOf(matches), edits, string(name), d)
				return
			}
			nearer++
		})
	}
	t.Logf("%d typos: %d name the right country, %d of these among several; %d are strictly nearer to others; %d spell another name: %v",
		tried, right, tied, nearer, len(names), names)
	if tried < 8000 || right < tried*9/10 {
		t.Error("the typos do not try what they should")
	}
}

func TestNearest(t *testing.T) {
	g := gazetteer(t)
	for word, want := range map[string][]string{
		"urugay":    {"URY"},
		"paragauy":  {"PRY"},
		"equador":   {"ECU"},
		"nicaragwa": {"NIC"},
		"brasil":    {"BRA"},
		"venezula":  {"VEN"},
		"columbia":  {"COL"},
		"honduas":   {"HND"},
		// Equally near to several: all of them.
		"nigera":   {"NER", "NGA"},
		"austraia": {"AUS", "AUT"},
		// Two edits are for seven letters and more.
		"nicargwa": {"NIC"},
		"ecudro":   nil,
		"kanyaa":   nil,
		"prue":     nil,
		"cbua":     {"CUB"},
		// Too short, too far, too long, or nothing at all.
		"":                          nil,
		"pe":                        nil,
		"per":                       nil,
		"xyzzyxyzzy":                nil,
		strings.Repeat("peru", 20):  nil,
		strings.Repeat("a", 10_000): nil,
		"秘鲁国家":                      nil,
	} {
		matches, _ := g.Nearest(word)
		if diff := cmp.Diff(want, meaningsOf(matches)); diff != "" {
			t.Errorf("Nearest(%q) (-want +got):\n%s", word, diff)
		}
	}
}

func TestNearestNamesOneMeaningOnce(t *testing.T) {
	g := gazetteer(t)
	// "Argentines" and "Argentinean", each with its plural, are all one edit from here, and one country.
	for word, want := range map[string]knowledge.Country{"argentinans": "ARG", "peruvianss": "PER", "cubens": "CUB"} {
		matches, _ := g.Nearest(word)
		if len(matches) != 1 || matches[0].Country != want {
			t.Errorf("Nearest(%q) = %v, want %s once", word, meaningsOf(matches), want)
		}
	}
}

func TestOrdinaryWords(t *testing.T) {
	g := gazetteer(t)
	for word := range places.OrdinaryWords("en") {
		if !g.OrdinaryIn("en", word) {
			t.Errorf("Ordinary(%q) = false", word)
		}
		// Only what a misspelling could be needs to be listed, in the form in which it is looked up.
		if word != places.Fold(word) || len([]rune(word)) < places.MinFuzzyLetters-1 {
			t.Errorf("%q is in the list, but is never looked up", word)
		}
	}
	if n := len(places.OrdinaryWords("en")); n < 1000 {
		t.Errorf("only %d ordinary words", n)
	}
	for _, word := range []string{"mainland", "malicious", "notary", "panorama"} {
		if matches, _ := g.Nearest(word); len(matches) > 0 && !g.OrdinaryIn("en", word) {
			t.Errorf("%q would be read as %v", word, meaningsOf(matches))
		}
	}
	if !g.OrdinaryIn("en", "mainland") {
		t.Error("mainland is no ordinary word, and would be read as Finland")
	}
	// The near names of the list of words above: whoever writes these means them.
	for _, word := range []string{"", "urugay", "peru", "nicaragwa", "Mainland"} {
		if g.OrdinaryIn("en", word) {
			t.Errorf("Ordinary(%q) = true", word)
		}
	}
}

func TestNoCountryIsAnOrdinaryWord(t *testing.T) {
	g := gazetteer(t)
	for c, name := range shortNames(t) {
		if g.OrdinaryIn("en", places.Fold(name)) {
			t.Errorf("%s, %s, is on the list of ordinary words", c, name)
		}
	}
}

// FuzzNearest holds the gazetteer against a scan of all names on any word.
func FuzzNearest(f *testing.F) {
	for _, s := range []string{"prue", "urugay", "nicaragwa", "domincan republik", "nothing", "", "\xff"} {
		f.Add(s)
	}
	g, names, oracle := gazetteer(f), knownNames(f), new(osa)
	f.Fuzz(func(t *testing.T, text string) {
		folded := places.Fold(text)
		word := []rune(folded)
		if len(word) > places.MaxFuzzyRunes-2 {
			if matches, _ := g.Nearest(folded); len(matches) > 0 {
				t.Errorf("%q is too long, and near %v", folded, meaningsOf(matches))
			}
			return
		}
		matches, edits := g.Nearest(folded)
		want, wantEdits := nearestByScan(oracle, names, word)
		if diff := cmp.Diff(want, meaningsOf(matches), cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("%q (-scan +nearest):\n%s", folded, diff)
		}
		if len(want) > 0 && edits != wantEdits {
			t.Errorf("%q: %d edits, want %d", folded, edits, wantEdits)
		}
	})
}
