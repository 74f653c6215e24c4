package console

import (
	"context"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"stancebot/bot/contract"
)

// A Score tells how a set of questions was answered.
type Score struct {
	Right, All, Silent int
	Kinds, Languages   map[string][2]int // right and all, by kind and by language
	Took               time.Duration
}

// Percent returns the share of right answers.
func (s *Score) Percent() float64 { return 100 * float64(s.Right) / float64(max(s.All, 1)) }

// Score asks each question of a set, each alone, and writes each miss on w, tables by kind and by language, and at the end
// a line with the score and how many questions a second were answered.
func (a *Asker) Score(ctx context.Context, w io.Writer, questions []Question) (*Score, error) {
	s := &Score{Kinds: map[string][2]int{}, Languages: map[string][2]int{}}
	for i := range questions {
		if err := ctx.Err(); err != nil {
			return s, err
		}
		q := &questions[i]
		start := time.Now()
		ex := a.Bot.Ask(ctx, a.request(q.Q))
		s.Took += time.Since(start)
		o := contract.New(q.Q, &ex)
		verdict := q.Expect.Judge(&o)
		s.count(q, &verdict)
		if len(verdict.Why) > 0 {
			grave := ""
			if verdict.Silent {
				grave = " SILENT WRONG"
			}
			if _, err := fmt.Fprintf(w, "%s%s: %q: %s\n", q.ID, grave, o.Question, strings.Join(verdict.Why, "; ")); err != nil {
				return s, err
			}
		}
	}
	_, err := fmt.Fprintf(w, "by kind: %s\nby language: %s\nright %d of %d (%.1f %%), silent wrong %d, %.0f questions a second\n",
		shares(s.Kinds), shares(s.Languages), s.Right, s.All, s.Percent(), s.Silent, float64(s.All)/max(s.Took.Seconds(), 1e-9))
	return s, err
}

func (s *Score) count(q *Question, v *Verdict) {
	right := 0
	if len(v.Why) == 0 {
		right = 1
	}
	s.All++
	s.Right += right
	if v.Silent {
		s.Silent++
	}
	for table, key := range map[*map[string][2]int]string{&s.Kinds: q.Kind, &s.Languages: q.Lang} {
		n := (*table)[key]
		(*table)[key] = [2]int{n[0] + right, n[1] + 1}
	}
}

func shares(table map[string][2]int) string {
	parts := make([]string, 0, len(table))
	for _, key := range slices.Sorted(maps.Keys(table)) {
		parts = append(parts, fmt.Sprintf("%s %d/%d", key, table[key][0], table[key][1]))
	}
	return strings.Join(parts, ", ")
}
