package question_test

import (
	"fmt"
	"strings"
	"testing"

	"stancebot/knowledge"
)

// showEdit writes an edit: what is to be done, then what was said.
func showEdit(q *knowledge.Query) string {
	e := q.Edit
	if e == nil {
		return string(q.Intent)
	}
	parts := []string{string(q.Intent), string(e.Do)}
	for _, p := range []struct{ name, value string }{
		{"", e.Kind},
		{"", q.Receipt},
		{"", codes(q.Countries)},
		{"", string(q.Axis)},
		{"", string(e.Label)},
		{"", string(q.Group)},
		{"", string(e.Standing)},
		{"", string(e.Topic)},
		{"", e.Measure},
		{"", q.Resolution},
		{"", string(e.Position)},
		{"on=", dateOf(e.On)},
		{"to=", dateOf(e.To)},
		{"from=", e.Source},
		{"unread=", strings.Join(e.Unread, " ")},
	} {
		if p.value != "" {
			parts = append(parts, p.name+p.value)
		}
	}
	if e.Words != "" {
		parts = append(parts, fmt.Sprintf("%q", e.Words))
	}
	return strings.Join(parts, " ")
}

func dateOf(d knowledge.Date) string {
	if d.IsZero() {
		return ""
	}
	return d.String()
}

func TestEdits(t *testing.T) {
	r := newReader(t)
	for _, tt := range []struct{ typed, want string }{
		{"correct BRA-14 he took part by video https://example.org/kazan", `correct propose correction BRA-14 from=https://example.org/kazan "he took part by video"`},
		{"/correct bra-14: “Lula spoke to Peru's minister by video” (https://example.org/a?b=c).", `correct propose correction BRA-14 from=https://example.org/a?b=c "“Lula spoke to Peru's minister by video” ( )."`},
		{"correct E:PER:2025-10-10 it was the 9th", `correct propose correction E:PER:2025-10-10 "it was the 9th"`},
		{"corregir BRA-14 participó por vídeo https://example.org/kazan", `correct propose correction BRA-14 from=https://example.org/kazan "participó por vídeo"`},
		{"исправить BRA-14 он участвовал по видео https://example.org/kazan", `correct propose correction BRA-14 from=https://example.org/kazan "он участвовал по видео"`},
		{"更正 BRA-14 他以视频方式参加 https://example.org/kazan", `correct propose correction BRA-14 from=https://example.org/kazan "他以视频方式参加"`},
		{"correct brazil", "correct"},
		{"approve D-20", "correct approve D-20"},
		{"approve d-20", "correct approve D-20"},
		{"aprobar D-20", "correct approve D-20"},
		{"одобрить D-20", "correct approve D-20"},
		{"批准 D-20", "correct approve D-20"},
		{"reject D-20 no source for Peru on https://example.org", `correct reject D-20 "no source for Peru on https://example.org"`},
		{"reject D-20", "correct reject D-20"},
		{"ask D-20 where does chile say so?", `correct ask D-20 "where does chile say so?"`},
		{"withdraw D-17 wrong country", `correct retract D-17 "wrong country"`},
		{"proposals", "correct list"},
		{"propuestas", "correct list"},
		{"record bolivia russia leaning_adversary since 2025-11-08 https://example.org/b new president", `record propose assessment BOL russia leaning_adversary on=2025-11-08 from=https://example.org/b "new president"`},
		{"record bolivia russia leaning adversary since 2025-11-08 https://example.org/b", `record propose assessment BOL russia leaning_adversary on=2025-11-08 from=https://example.org/b`},
		{"record PER washington leaning from 2026-01 https://example.org/b", `record propose assessment PER washington leaning on=2026-01 from=https://example.org/b`},
		{"record PER washington aligned but loosening 2026-01-02 https://example.org/b", `record propose assessment PER washington aligned_but_loosening on=2026-01-02 from=https://example.org/b`},
		{`record event colombia 2026-08-07 leader "A new president, of Peru's party, took office." https://example.org/c`, `record propose event COL leader on=2026-08-07 from=https://example.org/c "A new president, of Peru's party, took office."`},
		{"record membership peru brics_partner partner from 2026-09-01 https://example.org/d", `record propose membership PER brics_partner partner on=2026-09-01 from=https://example.org/d`},
		{"record membership bolivia alba member from 2009 to 2019-11-24 https://example.org/d", `record propose membership BOL alba member on=2009 to=2019-11-24 from=https://example.org/d`},
		{"record measure bahamas unfriendly_list from 2022-07 https://example.org/d", `record propose measure BHS unfriendly_list on=2022-07 from=https://example.org/d`},
		{"record vote peru es-11/9 yes https://example.org/d", `record propose vote_cell PER ES-11/9 yes from=https://example.org/d`},
		{"record guinea bissau russia neutral 2026-01-01 https://example.org", `record propose assessment GNB russia neutral on=2026-01-01 from=https://example.org`},
		{"record congo russia neutral 2026-01-01 https://example.org", `record propose assessment russia neutral on=2026-01-01 from=https://example.org unread=congo`},
		{"record urugay russia neutral 2026-01-01 https://example.org", `record propose assessment russia neutral on=2026-01-01 from=https://example.org unread=urugay`},
	} {
		q := r.Read(tt.typed, today).Query
		if got := showEdit(&q); got != tt.want {
			t.Errorf("%s\n got %s\nwant %s", tt.typed, got, tt.want)
		}
	}
	for _, asked := range []string{"ask about peru", "ask stancebot where chile stands", "accept peru's stance", "demande la position du pérou"} {
		if q := r.Read(asked, today).Query; q.Edit != nil {
			t.Errorf("%q is read as an edit", asked)
		}
	}
}
