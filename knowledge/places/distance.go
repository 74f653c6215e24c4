package places

import "math/bits"

// distance returns the edit distance between a and b in which an insertion, a deletion, a substitution and a swap
// of neighbours count one each (optimal string alignment), or limit+1 when it is more than limit. a and b hold at
// most maxFuzzyRunes runes. Only what lies within limit of the diagonal is computed: whatever strays further costs more.
func distance(a, b []rune, limit int) int {
	if len(a) > len(b) {
		a, b = b, a
	}
	if len(b)-len(a) > limit {
		return limit + 1
	}
	var rows [3][maxFuzzyRunes + 1]int
	before, last, row := &rows[0], &rows[1], &rows[2]
	for i := range len(a) + 1 {
		last[i] = i
	}
	for j := 1; j <= len(b); j++ {
		low, high := max(1, j-limit), min(len(a), j+limit)
		best := limit + 1
		if low == 1 {
			best = j
		}
		row[low-1] = best
		for i := low; i <= high; i++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			d := min(row[i-1]+1, last[i]+1, last[i-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				d = min(d, before[i-2]+1)
			}
			row[i] = d
			best = min(best, d)
		}
		if best > limit {
			return limit + 1
		}
		if high < len(a) {
			row[high+1] = limit + 1 // the row below looks one further
		}
		before, last, row = last, row, before
	}
	return min(last[len(a)], limit+1)
}

// maxFuzzyRunes bounds the names and words that are compared by distance: the longest official name is shorter.
const maxFuzzyRunes = 64

// letters returns the set of letters of s as bits. One edit changes at most two bits, so names whose sets differ
// in more than twice the limit are out of reach without counting.
func letters(s []rune) uint64 {
	var set uint64
	for _, r := range s {
		set |= letterBit(r)
	}
	return set
}

func letterBit(r rune) uint64 { return 1 << (uint32(r) % 64) }

func lettersApart(a, b uint64) int { return bits.OnesCount64(a ^ b) }
