package places

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// wholeNames are the names of several words by their first, second and last word: two slips leave one of the three as it
// is, but for names of two words with a slip in each.
type wholeNames struct {
	names []wholeName
	by    [anchors]map[string]int32 // word → the first of its names, counted from 1
}

// The anchors of a name: the words by which it is found.
const (
	firstWord = iota
	secondWord
	lastWord
	anchors
)

// A wholeName is a name of several words. The names with one word in one place are a list.
type wholeName struct {
	key          string
	words, runes int
	letters      uint64
	next         [anchors]int32 // in by
}

func (g *Gazetteer) indexWholes() {
	w := &wholeNames{names: make([]wholeName, 0, len(g.byName)/2)}
	for anchor := range w.by {
		w.by[anchor] = make(map[string]int32, len(g.longest))
	}
	for key := range g.byName {
		words := strings.Count(key, " ") + 1
		if words == 1 || holdsHan(key) {
			continue
		}
		name := wholeName{key: key, words: words}
		for _, r := range key {
			name.runes++
			name.letters |= letterBit(r)
		}
		if name.runes <= maxFuzzyRunes-2 {
			w.add(name)
		}
	}
	g.wholes = w
}

func (w *wholeNames) add(name wholeName) {
	first, rest, _ := strings.Cut(name.key, " ")
	second, _, _ := strings.Cut(rest, " ")
	at := [anchors]string{firstWord: first, secondWord: second, lastWord: rest[strings.LastIndexByte(rest, ' ')+1:]}
	for anchor, word := range at {
		if anchor == secondWord && name.words == 2 {
			continue
		}
		name.next[anchor] = w.by[anchor][word]
		w.by[anchor][word] = int32(len(w.names)) + 1
	}
	w.names = append(w.names, name)
}

// A Span is a stretch of words: from Start to before End.
type Span struct{ Start, End int }

// NearWholes returns the stretches of words that are a name of several words but for a slip, the longest first: as near
// to it as Nearest asks for, and with its first, second or last word. A letter that stood alone in the name may be missing.
func (g *Gazetteer) NearWholes(words []Word) []Span {
	if len(words) < 2 {
		return nil
	}
	g.joined.Do(g.indexWholes)
	var spans []Span
	var buf [64]int
	starts := startsOf(buf[:0], words)
	try := func(name *wholeName, start, end int) {
		span := Span{start, end}
		if start < 0 || end > len(words) || end-start < 2 {
			return
		}
		if isNear(name, words[start:end], starts[end]-starts[start]-1) && !slices.Contains(spans, span) {
			spans = append(spans, span)
		}
	}
	for i := range words {
		for anchor, by := range &g.wholes.by {
			for n := by[words[i].Fold]; n > 0; n = g.wholes.names[n-1].next[anchor] {
				name := &g.wholes.names[n-1]
				switch anchor {
				case firstWord:
					try(name, i, i+name.words)
					try(name, i, i+name.words-1)
				case secondWord:
					try(name, i-1, i-1+name.words)
				case lastWord:
					try(name, i+1-name.words, i+1)
					try(name, i+2-name.words, i+1)
				}
			}
		}
	}
	slices.SortFunc(spans, func(a, b Span) int {
		if d := (b.End - b.Start) - (a.End - a.Start); d != 0 {
			return d
		}
		return a.Start - b.Start
	})
	return spans
}

// startsOf returns how many runes stand before each word, and before the end, with a space behind each word.
func startsOf(starts []int, words []Word) []int {
	at := 0
	for i := range words {
		starts = append(starts, at)
		at += utf8.RuneCountInString(words[i].Fold) + 1
	}
	return append(starts, at)
}

// isNear reports whether words, which are n runes long, are the name but for a slip.
func isNear(name *wholeName, words []Word, n int) bool {
	limit := Reach(n)
	if n > maxFuzzyRunes-2 || name.runes > n+limit || name.runes < n-limit {
		return false
	}
	var a, b [maxFuzzyRunes]rune
	stretch, runes := a[:0], b[:0]
	for i := range words {
		if i > 0 {
			stretch = append(stretch, ' ')
		}
		for _, r := range words[i].Fold {
			stretch = append(stretch, r)
		}
	}
	if lettersApart(letters(stretch), name.letters) > 2*limit {
		return false
	}
	for _, r := range name.key {
		runes = append(runes, r)
	}
	d := distance(stretch, runes, limit)
	return d > 0 && d <= limit
}
