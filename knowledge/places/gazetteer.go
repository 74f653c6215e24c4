package places

import (
	"slices"
	"strings"
	"sync"
	"unicode/utf8"

	"stancebot/knowledge"
)

// A MatchKind tells what a name turned out to be.
type MatchKind int

// The kinds of matches.
const (
	NoMatch MatchKind = iota
	CountryMatch
	PlaceMatch // a place with a status note
	AskMatch   // a name that fits several
	OtherMatch // a name, but of no country
)

// A Match is what a name means. Its pointers are into the gazetteer and must not be changed.
type Match struct {
	Kind     MatchKind
	Country  knowledge.Country
	Place    *knowledge.Place
	Choices  []string // with AskMatch: alpha-3 codes, place ids, group ids
	Other    *knowledge.NotCountries
	Near     *knowledge.NearName // what the name is not, where that needs saying
	Former   bool                // a name of other days
	People   bool                // a demonym or adjective: Peruvian
	Seat     bool                // a capital, building or district that stands for the government
	Everyday bool                // also an everyday word of some language: At wants a capital
	Leaders  []*knowledge.Leader // with AskMatch, when it is leaders of several countries who share the name
	Leader   *knowledge.Leader   // the leader who stands for the country led, of several with one name the last
	Name     string              // the name as the records write it
	Language string              // the only language that writes the member's name so, or ""
}

// target tells matches apart: two names with one target are no tie.
func (m *Match) target() string {
	switch m.Kind {
	case CountryMatch:
		return string(m.Country)
	case PlaceMatch:
		return m.Place.ID
	case AskMatch:
		return strings.Join(m.Choices, " ")
	default:
		return "not " + m.Other.Note
	}
}

// A Gazetteer turns names into matches. It is immutable and safe for concurrent use.
type Gazetteer struct {
	byName   map[string]*Match
	surname  map[knowledge.Country]map[string]*Match // of leaders; nil where a country had two of one surname
	longest  map[string]int                          // first word of names of several words → most words of one
	parts    map[string]bool                         // words of Chinese names of several, such as 几内亚-比绍
	inNames  map[string]bool                         // words of names of several, built with the index
	hanRunes map[rune]bool                           // the Chinese characters of all names, likewise
	indexed  sync.Once                               // the index for misspellings is built when one is first looked for
	fuzzy    []fuzzyName                             // sorted by length in runes
	letters  []uint64                                // the letters of each of them, close together: most names are passed over by these alone
	shorter  [maxFuzzyRunes + 2]int                  // how many of them have fewer runes than the index says
	joined   sync.Once                               // the index of names of several words is built when a text of several words is first read
	wholes   *wholeNames
}

// A fuzzyName is one name of the index for misspellings.
type fuzzyName struct {
	runes []rune
	match *Match
}

// New builds the gazetteer of the members' names, of their leaders in the records and of a house style.
func New(r *knowledge.Records) *Gazetteer {
	house := &r.House
	rows := allNames().rows
	g := &Gazetteer{byName: make(map[string]*Match, len(rows)+4000), longest: make(map[string]int, 2000), parts: map[string]bool{}}
	g.addMembers(rows)
	g.addLeaders(r.Leaders)
	// What the newsroom says of a name wins over the tables.
	for i := range house.Places {
		p := &house.Places[i]
		for _, name := range p.Names {
			g.add(name, &Match{Kind: PlaceMatch, Place: p})
		}
		if utf8.RuneCountInString(p.ID) == 3 { // an ISO code of its own
			g.add(p.ID, &Match{Kind: PlaceMatch, Place: p})
		}
	}
	for i := range house.NotCountries {
		n := &house.NotCountries[i]
		for _, name := range n.Names {
			g.add(name, &Match{Kind: OtherMatch, Other: n})
		}
	}
	for _, a := range house.Asks {
		g.add(a.Name, &Match{Kind: AskMatch, Choices: a.Choices})
	}
	for i := range house.Near {
		n := &house.Near[i]
		m := &Match{Kind: CountryMatch, Country: n.Country, Near: n}
		if known := g.byName[Fold(n.Name)]; known != nil && known.Country == n.Country {
			m.Former, m.People, m.Seat = known.Former, known.People, known.Seat
		}
		g.add(n.Name, m)
	}
	for name := range everydayNames() {
		if m := g.byName[name]; m != nil {
			m.Everyday = true
		}
	}
	return g
}

// addLeaders adds the leaders' names. Who came back to office is of all names the one in the last term: Lula is the
// president since 2023.
func (g *Gazetteer) addLeaders(leaders []knowledge.Leader) {
	called := map[string][]string{}
	g.surname = map[knowledge.Country]map[string]*Match{}
	for i := range leaders {
		ld := &leaders[i]
		g.addSurnames(ld)
		called[ld.Name] = append(called[ld.Name], ld.Called...)
		for _, name := range append([]string{ld.Name}, called[ld.Name]...) {
			g.addLeader(name, ld)
		}
	}
}

// addSurnames adds all but the first word of a leader's name, and not the de of Fernández de Kirchner.
func (g *Gazetteer) addSurnames(ld *knowledge.Leader) {
	of := g.surname[ld.Country]
	if of == nil {
		of = map[string]*Match{}
		g.surname[ld.Country] = of
	}
	_, rest, _ := strings.Cut(Fold(ld.Name), " ")
	for word := range strings.FieldsSeq(rest) {
		if len(word) < 3 {
			continue
		}
		if known, ok := of[word]; ok && (known == nil || known.Leader.Name != ld.Name) {
			of[word] = nil
			continue
		}
		of[word] = &Match{Kind: CountryMatch, Country: ld.Country, Leader: ld, Name: ld.Name}
	}
}

// Surname returns the leader of a country whom a folded surname means, such as santos of Colombia, or nil where it means
// none or several. Beside the country that is no city and no saint.
func (g *Gazetteer) Surname(c knowledge.Country, folded string) *Match { return g.surname[c][folded] }

// addMembers adds the names of the members in all languages. Where two languages share a word, what it is in English
// is told; the tests see to it that it is one country.
func (g *Gazetteer) addMembers(rows []nameRow) {
	matches := make([]Match, len(rows))
	for i := range rows {
		row, m := &rows[i], &matches[i]
		key := Fold(row.name)
		if key == "" {
			continue
		}
		if known := g.byName[key]; row.language != english && known != nil {
			if known.Language != row.language {
				known.Language = ""
			}
			continue
		}
		*m = Match{
			Kind: CountryMatch, Country: row.country, Name: row.name, Language: row.language, Former: row.kind == formerName,
			People: row.kind == demonym, Seat: row.kind == capitalName || row.kind == seatName,
		}
		g.addKey(key, m)
	}
}

// addLeader adds the name of a leader. Two who led several countries and share one ask: Чавес is Chávez and Chaves.
func (g *Gazetteer) addLeader(name string, ld *knowledge.Leader) {
	m := &Match{Kind: CountryMatch, Country: ld.Country, Leader: ld}
	if known := g.byName[Fold(name)]; known != nil && known.Leader != nil && known.Country != ld.Country {
		m = &Match{
			Kind: AskMatch, Leaders: []*knowledge.Leader{known.Leader, ld},
			Choices: []string{string(known.Country), string(ld.Country)},
		}
	}
	g.add(name, m)
}

func (g *Gazetteer) add(name string, m *Match) {
	key := Fold(name)
	if key == "" {
		return
	}
	m.Name = name
	g.addKey(key, m)
}

func (g *Gazetteer) addKey(key string, m *Match) {
	g.byName[key] = m
	first, rest, several := strings.Cut(key, " ")
	if !several {
		return
	}
	g.longest[first] = max(g.longest[first], strings.Count(key, " ")+1)
	if holdsHan(first) {
		g.parts[first] = true
		for part := range strings.SplitSeq(rest, " ") {
			g.parts[part] = true
		}
	}
}

// maxNameWords is the most words of a name that are compared: the longest official name has fewer.
const maxNameWords = 16

// At returns the longest name that begins at word i, and how many words it has. Letters of mixed scripts and words
// across a comma or the end of a sentence make no name, and an everyday word is one only where it shows. An article that
// a name is known with cuts no longer one short: la Guyane française is not la Guyane beside a Frenchwoman.
func (g *Gazetteer) At(words []Word, i int) (*Match, int) {
	m, n := g.at(words, i)
	if n < 2 || words[i].Flag != "" {
		return m, n
	}
	if m2, n2 := g.at(words, i+1); n2 > n-1 {
		short := make([]string, n-1)
		for j := range short {
			short[j] = words[i+1+j].Fold
		}
		if without := g.byName[strings.Join(short, " ")]; without != nil && without.target() == m.target() {
			return m2, n2 + 1
		}
	}
	return m, n
}

// at is At without a look behind the first word.
func (g *Gazetteer) at(words []Word, i int) (*Match, int) {
	if words[i].Flag != "" {
		if m := memberOf2[words[i].Flag]; m != nil {
			return g.byName[Fold(Name(knowledge.Country(m.code)))], 1
		}
		return nil, 0
	}
	most := min(g.longest[words[i].Fold], len(words)-i, maxNameWords)
	if most < 2 {
		if m := g.byName[words[i].Fold]; m != nil && (!m.Everyday || showsAsName(words, i, 1)) {
			return m, 1
		}
		return nil, 0
	}
	for n := 1; n < most; n++ {
		if words[i+n-1].EndsName() {
			most = n
		}
	}
	var buf [96]byte
	key := buf[:0]
	var ends [maxNameWords]int
	for n := range most {
		if n > 0 {
			key = append(key, ' ')
		}
		key = append(key, words[i+n].Fold...)
		ends[n] = len(key)
	}
	for n := most; n > 0; n-- {
		m := g.byName[string(key[:ends[n-1]])]
		if m != nil && (!m.Everyday || showsAsName(words, i, n)) {
			return m, n
		}
	}
	return nil, 0
}

// showsAsName reports whether an everyday word is written as a name: its last word has a capital and another word
// before it, so that it is not the capital of a sentence; or nothing else is written.
func showsAsName(words []Word, i, n int) bool {
	last := i + n - 1
	return n == len(words) || last > 0 && words[last].Title
}

// Code returns the country whose alpha-3 or alpha-2 code the word is, in any case.
func (g *Gazetteer) Code(w Word) (*Match, bool) {
	code := strings.ToUpper(w.Fold)
	m := memberOf[code]
	if m == nil {
		m = memberOf2[code]
	}
	if m == nil {
		return nil, false
	}
	return &Match{Kind: CountryMatch, Country: knowledge.Country(m.code), Name: code}, true
}

// Alpha3 returns the country whose alpha-3 code the word is, in any case.
func (g *Gazetteer) Alpha3(w Word) (knowledge.Country, bool) {
	m := memberOf[strings.ToUpper(w.Fold)]
	if m == nil {
		return "", false
	}
	return knowledge.Country(m.code), true
}

// Lookup returns what a name means when it is written exactly, but for case, accents and points.
func (g *Gazetteer) Lookup(name string) *Match { return g.byName[Fold(name)] }

// MinFuzzyLetters is the fewest letters that a word in running text must have to be read as a misspelling.
const MinFuzzyLetters = 5

// Reach returns how many edits a misspelling of n letters may have.
func Reach(n int) int {
	if n < 7 {
		return 1
	}
	return 2
}

func (g *Gazetteer) indexFuzzy() {
	all := 0
	for key := range g.byName {
		all += utf8.RuneCountInString(key)
	}
	slab := make([]rune, 0, all)
	g.fuzzy = make([]fuzzyName, 0, len(g.byName))
	g.inNames, g.hanRunes = make(map[string]bool, len(g.byName)/2), map[rune]bool{}
	for key, m := range g.byName {
		if strings.Contains(key, " ") {
			for word := range strings.SplitSeq(key, " ") {
				g.inNames[word] = true
			}
		}
		start := len(slab)
		for _, r := range key {
			slab = append(slab, r)
			if isHan(r) {
				g.hanRunes[r] = true
			}
		}
		runes := slab[start:len(slab):len(slab)]
		if len(runes) > 3 && len(runes) <= maxFuzzyRunes-2 {
			g.fuzzy = append(g.fuzzy, fuzzyName{runes, m})
		}
	}
	slices.SortFunc(g.fuzzy, func(a, b fuzzyName) int {
		if d := len(a.runes) - len(b.runes); d != 0 {
			return d
		}
		return slices.Compare(a.runes, b.runes)
	})
	g.letters = make([]uint64, len(g.fuzzy))
	for i, f := range g.fuzzy {
		g.letters[i] = letters(f.runes)
		g.shorter[len(f.runes)+1]++
	}
	for n := range len(g.shorter) - 1 {
		g.shorter[n+1] += g.shorter[n]
	}
}

// strange counts the Chinese characters of a word that stand in no name: each takes an edit of its own. Most stretches of
// a text are passed over by these alone.
func (g *Gazetteer) strange(word []rune) int {
	n := 0
	for _, r := range word {
		if isHan(r) && !g.hanRunes[r] {
			n++
		}
	}
	return n
}

// InName reports whether a folded word stands in a name of several words: republic, of, islands.
func (g *Gazetteer) InName(folded string) bool {
	g.indexed.Do(g.indexFuzzy)
	return g.inNames[folded]
}

// Nearest returns what a misspelt name can mean: all matches at the smallest edit distance, at most one edit for
// short names and two from seven letters on. None of several is the right one: the caller asks.
func (g *Gazetteer) Nearest(folded string) (matches []*Match, edits int) {
	word := []rune(folded)
	if len(word) < 4 || len(word) > maxFuzzyRunes-2 {
		return nil, 0
	}
	g.indexed.Do(g.indexFuzzy)
	set, best := letters(word), Reach(len(word))
	if g.strange(word) > best {
		return nil, 0
	}
	from, to := g.shorter[len(word)-best], g.shorter[len(word)+best+1]
	for i, own := range g.letters[from:to] {
		if lettersApart(set, own) > 2*best {
			continue
		}
		f := &g.fuzzy[from+i]
		d := distance(word, f.runes, best)
		if d > best || d == 0 {
			continue
		}
		if d < best || len(matches) == 0 {
			best, matches = d, matches[:0]
		}
		if !slices.ContainsFunc(matches, func(m *Match) bool { return m.target() == f.match.target() }) {
			matches = append(matches, f.match)
		}
	}
	if len(matches) > 0 && best == 1 && len(word) == 4 {
		matches = g.addShort(matches, word)
	}
	return matches, best
}

// addShort adds the names of three letters, but no codes, that a word of four is as near to: by themselves nothing misspells
// them.
func (g *Gazetteer) addShort(matches []*Match, word []rune) []*Match {
	for i := range word {
		m := g.byName[string(word[:i])+string(word[i+1:])]
		if m == nil || m.Kind == PlaceMatch && strings.EqualFold(m.Name, m.Place.ID) {
			continue
		}
		if !slices.ContainsFunc(matches, func(other *Match) bool { return other.target() == m.target() }) {
			matches = append(matches, m)
		}
	}
	return matches
}

// OrdinaryIn reports whether a folded word is an everyday one of a language that happens to be spelt like a name: iron and
// mainland in English, caos in Spanish. Such a word is never read as a misspelling.
func (g *Gazetteer) OrdinaryIn(language, folded string) bool {
	return listed(ordinaryLists()[language], folded)
}
