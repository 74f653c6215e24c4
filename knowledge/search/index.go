package search

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"github.com/blevesearch/snowballstem"
	"github.com/blevesearch/snowballstem/english"

	"stancebot/knowledge"
	"stancebot/knowledge/places"
)

// A Part tells which part of a record a passage is: each may be seen from another day on.
type Part int

// The parts of a record.
const (
	Body    Part = iota // what the record itself says
	Check               // the note of a claim's check
	Grounds             // why a label rests on the claim
)

// weights are what a word counts for in each part: most in what the record itself says.
var weights = [...]float64{Body: 1, Check: 0.6, Grounds: 0.4}

// A Passage is a stretch of text of one record.
type Passage struct {
	ID         string // the receipt of the record
	Part       Part
	Assessment *knowledge.Assessment // whose grounds they are

	countries []knowledge.Country
	length    int
}

// A Hit is a record that holds words searched for.
type Hit struct {
	ID    string
	Score float64
	Share float64 // how many of the words it holds, from 0 to 1
}

// The settings of the ranking. The first two are the customary ones of BM25.
const (
	saturation = 1.2 // how soon more of the same word adds no more
	lengthPart = 0.5 // how much a long passage is held back
	ofCountry  = 1.5 // what it helps a record to be of a country named
	floor      = 2.0 // a record in which no word counts for as much holds only words that stand everywhere
	ofBest     = 0.4 // a score below this part of the best is not shown
)

// Best is the most records that a search returns: a page.
const Best = 10

// An Index holds the words of one snapshot's records.
type Index struct {
	passages []Passage
	postings map[string][]posting // by stem
	average  float64              // words in a passage
	stems    map[string]string    // by word, while the index is built: records use few words often
}

type posting struct{ passage, count int }

// New returns an index of the records.
func New(r *knowledge.Records) *Index {
	x := &Index{postings: map[string][]posting{}, stems: map[string]string{}}
	x.addClaims(r)
	for i := range r.Shifts {
		s := &r.Shifts[i]
		x.add(Passage{ID: s.ID}, []knowledge.Country{s.Country}, s.From, s.To, s.Cause)
	}
	for i := range r.Contradictions {
		c := &r.Contradictions[i]
		x.add(Passage{ID: c.ID}, c.Countries, c.Why)
	}
	for i := range r.Events {
		e := &r.Events[i]
		x.add(Passage{ID: e.ID}, []knowledge.Country{e.Country}, e.Text, words(e.Kind))
	}
	total := 0
	for i := range x.passages {
		total += x.passages[i].length
	}
	x.average = float64(total) / float64(max(1, len(x.passages)))
	x.stems = nil
	return x
}

// addClaims adds the claims with all that is said about them. A note that is held is not searched: no reader may see it.
func (x *Index) addClaims(r *knowledge.Records) {
	of := map[string][]knowledge.Country{}
	for i := range r.Claims {
		c := &r.Claims[i]
		countries := []knowledge.Country{c.Country}
		of[c.ID] = countries
		x.add(Passage{ID: c.ID}, countries, c.Text, c.Quote, words(c.Kind))
		if c.Check.Note != "" && !c.Check.Hold {
			x.add(Passage{ID: c.ID, Part: Check}, countries, c.Check.Note)
		}
	}
	for i := range r.Assessments {
		a := &r.Assessments[i]
		for _, id := range a.Claims {
			x.add(Passage{ID: id, Part: Grounds, Assessment: a}, of[id], a.Grounds)
		}
	}
	for i := range r.FactChecks {
		f := &r.FactChecks[i]
		var countries []knowledge.Country
		for _, id := range f.Claims {
			countries = append(countries, of[id]...)
		}
		slices.Sort(countries)
		x.add(Passage{ID: f.ID}, slices.Compact(countries), f.Finding)
	}
}

// words spells a kind as a person would: energy trade.
func words(k knowledge.Kind) string { return strings.ReplaceAll(string(k), "_", " ") }

// add indexes a passage under its words and the names of its countries.
func (x *Index) add(p Passage, countries []knowledge.Country, texts ...string) {
	p.countries = countries
	n := len(x.passages)
	count := func(stem string) {
		list := x.postings[stem]
		if last := len(list) - 1; last >= 0 && list[last].passage == n {
			list[last].count++
			return
		}
		x.postings[stem] = append(list, posting{n, 1})
	}
	for _, text := range texts {
		for _, w := range places.Split(text) {
			count(x.stemOf(w.Fold))
			p.length++
		}
	}
	for _, c := range countries {
		for _, w := range places.Split(places.Name(c)) {
			count(x.stemOf(w.Fold))
		}
	}
	x.passages = append(x.passages, p)
}

func (x *Index) stemOf(word string) string {
	s, known := x.stems[word]
	if !known {
		s = stem(word)
		x.stems[word] = s
	}
	return s
}

// stem returns the form of a word in which it is compared with others.
func stem(word string) string {
	env := snowballstem.NewEnv(word)
	english.Stem(env)
	return env.Current()
}

// A candidate is a record that may be a hit.
type candidate struct {
	Hit
	strongest float64 // what counts for most of the words it holds
}

// Search returns the records that hold the words best, the best first, among the passages that are seen. Records of the
// countries named come before others that hold as much. Without words, the names of the countries are searched for.
func (x *Index) Search(text string, countries []knowledge.Country, sees func(*Passage) bool) []Hit {
	terms, least := x.termsOf(text), floor
	if len(terms) == 0 {
		for _, c := range countries {
			terms = append(terms, x.termsOf(places.Name(c))...)
		}
		least = 0 // a name is asked for, however many records hold it
	}
	found := map[string]*candidate{}
	seen := map[int]bool{}
	for _, t := range terms {
		for id, score := range x.scoresOf(t, countries, seen, sees) {
			c := found[id]
			if c == nil {
				c = &candidate{Hit: Hit{ID: id}}
				found[id] = c
			}
			c.Score += score
			c.Share += 1 / float64(len(terms))
			c.strongest = max(c.strongest, score)
		}
	}
	return best(found, least)
}

// scoresOf returns what a term counts for in each record that holds it, by whichever of its stems.
func (x *Index) scoresOf(t term, countries []knowledge.Country, seen map[int]bool, sees func(*Passage) bool) map[string]float64 {
	if len(t) == 0 {
		return nil
	}
	scores := x.scores(t[0], countries, seen, sees)
	for _, stem := range t[1:] {
		for id, score := range x.scores(stem, countries, seen, sees) {
			scores[id] = max(scores[id], score)
		}
	}
	return scores
}

// scores returns what a stem counts for in each record that holds it: that of the passage where it counts for most, so
// that a note which repeats its claim adds nothing. What was found out about passages is kept in seen.
func (x *Index) scores(stem string, countries []knowledge.Country, seen map[int]bool, sees func(*Passage) bool) map[string]float64 {
	scores := map[string]float64{}
	list := x.postings[stem]
	rare := math.Log(1 + (float64(len(x.passages)-len(list))+0.5)/(float64(len(list))+0.5))
	for _, at := range list {
		p := &x.passages[at.passage]
		visible, known := seen[at.passage]
		if !known {
			visible = sees(p)
			seen[at.passage] = visible
		}
		if !visible {
			continue
		}
		n := float64(at.count)
		score := weights[p.Part] * rare * n * (saturation + 1) / (n + saturation*(1-lengthPart+lengthPart*float64(p.length)/x.average))
		if slices.ContainsFunc(p.countries, func(c knowledge.Country) bool { return slices.Contains(countries, c) }) {
			score *= ofCountry
		}
		scores[p.ID] = max(scores[p.ID], score)
	}
	return scores
}

// best sorts what was found and cuts it to what counts for enough, and to a page.
func best(found map[string]*candidate, least float64) []Hit {
	var hits []Hit
	for _, c := range found {
		if c.strongest >= least {
			hits = append(hits, c.Hit)
		}
	}
	slices.SortFunc(hits, func(a, b Hit) int { return cmp.Or(cmp.Compare(b.Score, a.Score), cmp.Compare(a.ID, b.ID)) })
	hits = slices.DeleteFunc(hits, func(h Hit) bool { return h.Score < ofBest*hits[0].Score })
	return hits[:min(len(hits), Best)]
}
