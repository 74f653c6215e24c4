package places_test

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"stancebot/knowledge/places"
)

// An osa is a table for the distance of optimal string alignment, written as plainly as its definition, without
// limits or short cuts: the oracle for everything that is faster.
type osa [places.MaxFuzzyRunes + 1][places.MaxFuzzyRunes + 1]uint8

func (t *osa) distance(a, b []rune) int {
	for i := range len(a) + 1 {
		for j := range len(b) + 1 {
			switch {
			case i == 0:
				t[i][j] = uint8(j)
			case j == 0:
				t[i][j] = uint8(i)
			default:
				substitution := t[i-1][j-1]
				if a[i-1] != b[j-1] {
					substitution++
				}
				t[i][j] = min(substitution, t[i-1][j]+1, t[i][j-1]+1)
				if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
					t[i][j] = min(t[i][j], t[i-2][j-2]+1)
				}
			}
		}
	}
	return int(t[len(a)][len(b)])
}

func TestDistance(t *testing.T) {
	var oracle osa
	for _, tt := range []struct {
		a, b string
		want int
	}{
		{"", "", 0},
		{"", "abc", 3},
		{"peru", "peru", 0},
		{"peru", "preu", 1}, // neighbours swapped
		{"peru", "per", 1},
		{"peru", "perau", 1},
		{"peru", "pero", 1},
		{"urugay", "uruguay", 1},
		{"paragauy", "paraguay", 1},
		{"equador", "ecuador", 1},
		{"nicaragwa", "nicaragua", 1},
		{"nigera", "niger", 1},
		{"nigera", "nigeria", 1},
		{"austraia", "austria", 1},
		{"austraia", "australia", 1},
		{"ca", "abc", 3}, // what was swapped is not parted again: 3, where the full distance is 2
		{"iran", "iraq", 1},
		{"ab", "ba", 1},
		{"abcd", "badc", 2},
		{"abab", "baba", 2},
		{"aabb", "bcaa", 4}, // the last row reaches further than the limit though its best is within
		{"перу", "пеур", 1},
		{"秘鲁", "鲁秘", 1},
		{strings.Repeat("a", 64), strings.Repeat("b", 64), 64}, // as long as may be
	} {
		a, b := []rune(tt.a), []rune(tt.b)
		if got := oracle.distance(a, b); got != tt.want {
			t.Errorf("the oracle says %d from %q to %q, want %d", got, tt.a, tt.b, tt.want)
		}
		for limit := range 4 {
			want := min(tt.want, limit+1)
			if got := places.Distance(a, b, limit); got != want {
				t.Errorf("distance(%q, %q, %d) = %d, want %d", tt.a, tt.b, limit, got, want)
			}
			if got := places.Distance(b, a, limit); got != want {
				t.Errorf("distance(%q, %q, %d) = %d, want %d", tt.b, tt.a, limit, got, want)
			}
		}
	}
}

func TestDistanceAgainstTheDefinition(t *testing.T) {
	// A small alphabet, so that letters repeat and swap; several scripts, so that a rune is not a byte; and runes
	// that are equal modulo 64, so that sets of letters cannot tell them apart.
	letters := rapid.SampledFrom([]rune("abcé ñпу秘𝐚!\u00a1\u0121"))
	word := rapid.OneOf(rapid.SliceOfN(letters, 0, 8), rapid.SliceOfN(letters, 0, places.MaxFuzzyRunes))
	var oracle osa
	rapid.Check(t, func(t *rapid.T) {
		a := word.Draw(t, "a")
		var b []rune
		if rapid.Bool().Draw(t, "related") {
			b = edited(t, a, letters)
		} else {
			b = word.Draw(t, "b")
		}
		d := oracle.distance(a, b)
		limit := rapid.IntRange(0, 6).Draw(t, "limit")
		want := min(d, limit+1)
		if got := places.Distance(a, b, limit); got != want {
			t.Fatalf("distance(%q, %q, %d) = %d, want %d", string(a), string(b), limit, got, want)
		}
		if got := places.Distance(b, a, limit); got != want {
			t.Fatalf("distance(%q, %q, %d) = %d, want %d as the other way round", string(b), string(a), limit, got, want)
		}
		if got := places.Distance(a, a, limit); got != 0 {
			t.Fatalf("distance(%q, itself, %d) = %d", string(a), limit, got)
		}
	})
}

// edited returns a with up to three edits, so that small distances are drawn at all.
func edited(t *rapid.T, a []rune, letters *rapid.Generator[rune]) []rune {
	b := append([]rune{}, a...)
	for range rapid.IntRange(0, 3).Draw(t, "edits") {
		i := rapid.IntRange(0, len(b)).Draw(t, "at")
		switch edit := rapid.IntRange(0, 3).Draw(t, "edit"); {
		case edit == 0 && len(b) < places.MaxFuzzyRunes:
			b = append(b[:i:i], append([]rune{letters.Draw(t, "inserted")}, b[i:]...)...)
		case i == len(b):
		case edit == 1:
			b = append(b[:i:i], b[i+1:]...)
		case edit == 2:
			b[i] = letters.Draw(t, "substitute")
		case i+1 < len(b):
			b[i], b[i+1] = b[i+1], b[i]
		}
	}
	return b
}
