package question

import (
	"slices"

	"stancebot/knowledge"
	"stancebot/knowledge/places"
)

// A cue is a pattern that matched, and where.
type cue struct {
	intent knowledge.Intent
	weight int // 0 when nothing matched
	words  int // steps of the pattern
	start  int // its first item
	end    int // the item behind its last
	steps  []step
}

// holds reports whether item i is one of those that the pattern matched, and not one in a gap.
func (c cue) holds(items []item, i int) bool {
	return i >= c.start && i < c.end && slices.ContainsFunc(c.steps, func(st step) bool { return slices.Contains(st.words, items[i].key()) })
}

func (c cue) heavier(d cue) bool {
	return c.weight > d.weight || c.weight == d.weight && c.words > d.words
}

// bestCue returns the heaviest pattern that matches anywhere, of equal ones the one with more words and then the
// earlier. With an intent, only the patterns of that count.
func (s *scan) bestCue(only knowledge.Intent) cue {
	var best cue
	for i := range s.items {
		for _, p := range s.lex.patterns[s.items[i].key()] {
			if only != "" && p.intent != only {
				continue
			}
			end := s.lex.matchSteps(p.steps, s.items, i)
			if c := (cue{p.intent, p.weight, len(p.steps), i, end, p.steps}); end > 0 && c.heavier(best) {
				best = c
			}
		}
	}
	return best
}

// isSkipped reports whether an item may stand between the words of a pattern.
func (l *lexicon) isSkipped(it *item) bool {
	return it.dropped || it.slot == "" && l.little[it.word.Fold]
}

// matchSteps matches steps against the items from start, whose first one is known to fit, and returns the item
// behind the last, or 0.
func (l *lexicon) matchSteps(steps []step, items []item, start int) int {
	at := start + 1
	for _, st := range steps[1:] {
		reach := 0
		if st.gap {
			reach = maxGap
		}
		found := false
		for ; at < len(items); at++ {
			if slices.Contains(st.words, items[at].key()) {
				found = true
				break
			}
			if !l.isSkipped(&items[at]) {
				if reach--; reach < 0 {
					break
				}
			}
		}
		if !found {
			return 0
		}
		at++
	}
	return at
}

// anywhere reports whether a phrase of the set stands anywhere among the items.
func (p *phraseSet) anywhere(items []item) bool {
	for i := range items {
		for _, steps := range p.byFirst[items[i].key()] {
			if p.lex.matchSteps(steps, items, i) > 0 {
				return true
			}
		}
	}
	return false
}

// beginsAt reports whether a phrase of the set begins at item i.
func (p *phraseSet) beginsAt(items []item, i int) bool {
	for _, steps := range p.byFirst[items[i].key()] {
		if p.lex.matchSteps(steps, items, i) > 0 {
			return true
		}
	}
	return false
}

// endsAt returns the words of the longest phrase of the set that ends right before item i, but for skipped words,
// or 0.
func (p *phraseSet) endsAt(items []item, i int) int {
	for start := max(0, i-5); start < i; start++ {
		for _, steps := range p.byFirst[items[start].key()] {
			end := p.lex.matchSteps(steps, items, start)
			for end > 0 && end < i && p.lex.isSkipped(&items[end]) {
				end++
			}
			if end == i {
				return len(steps)
			}
		}
	}
	return 0
}

// wordsAt returns how many words the longest phrase of the set that begins at word i has, or 0.
func (p *phraseSet) wordsAt(words []places.Word, i int) int {
	items := make([]item, min(len(words)-i, 4))
	for j := range items {
		items[j] = item{word: words[i+j], words: 1}
	}
	longest := 0
	for _, steps := range p.byFirst[words[i].Fold] {
		longest = max(longest, p.lex.matchSteps(steps, items, 0))
	}
	return longest
}

// endsAtWord is endsAt over words that are no items yet, for phrases of plain words.
func (p *phraseSet) endsAtWord(words []places.Word, i int) bool {
	first := max(0, i-3)
	items := make([]item, i-first)
	for j := range items {
		items[j] = item{word: words[first+j], words: 1}
	}
	return p.endsAt(items, len(items)) > 0
}
