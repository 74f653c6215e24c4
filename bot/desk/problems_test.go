package desk_test

import (
	"errors"
	"regexp"
	"slices"
	"strings"
	"testing"

	"stancebot/bot/desk"
	"stancebot/bot/phrases"
	"stancebot/knowledge"
	"stancebot/knowledge/ledger"
)

// english are words that no text of another language holds.
var english = regexp.MustCompile(`(?i)\b(the|is|it|of|that|with|was|which|nothing|already|record)\b`)

// letters are those that a language is written with, beside the codes that stay as they are.
var letters = map[string]*regexp.Regexp{
	"en": regexp.MustCompile(`\p{Latin}`), "es": regexp.MustCompile(`\p{Latin}`), "fr": regexp.MustCompile(`\p{Latin}`), "pt": regexp.MustCompile(`\p{Latin}`),
	"ru": regexp.MustCompile(`\p{Cyrillic}`), "zh": regexp.MustCompile(`\p{Han}`),
}

// Whatever keeps something from being recorded is told in every language, with nothing unfilled and nothing left in English
// but codes and what the records say.
func TestEveryProblemIsToldInEveryLanguage(t *testing.T) {
	told := map[string]bool{}
	for _, p := range append(problemsOfRecords(t), problemsOfImports(t)...) {
		told[p.Field], told[p.Key] = true, true
		inEnglish := p.Say(phrases.In(phrases.Default))
		for _, language := range phrases.Languages() {
			said := p.Say(phrases.In(language))
			if strings.ContainsAny(said, "[]{}") || strings.Contains(said, "<nil>") || !letters[language].MatchString(said) {
				t.Errorf("%s: %s of %s says %q", language, p.Key, p.Field, said)
			}
			if language != phrases.Default && !quotesRecords(p) && (said == inEnglish || english.MatchString(said)) {
				t.Errorf("%s: %s of %s is in English: %q", language, p.Key, p.Field, said)
			}
		}
	}
	for _, key := range phrases.In(phrases.Default).Keys() {
		if room, _, _ := strings.Cut(key, "."); (room == "problem" || room == "field") && key != "problem" && !told[key] {
			t.Errorf("no problem here tells %s", key)
		}
	}
}

// quotesRecords reports whether a problem tells a text that is in English, and says so.
func quotesRecords(p *desk.Problem) bool {
	return slices.ContainsFunc(p.Pairs, func(value any) bool { _, ok := value.(phrases.English); return ok })
}

func TestAProblemIsASentence(t *testing.T) {
	late := desk.Problem{Field: "field.on", Key: "problem.future", Pairs: []any{"date", knowledge.Date(2026_12_01)}}
	word := desk.Problem{Field: "field.position", Key: "problem.word", Pairs: []any{"word", "maybe", "known", []string{"yes", "no"}}}
	entry := desk.Problem{Field: "field.entry", Key: "problem.unreadable", Pairs: []any{"entry", ledger.ID(7), "why", phrases.English("no such form")}}
	for _, tt := range []struct {
		language string
		problem  desk.Problem
		want     string
	}{
		{"en", late, "on: 1 Dec 2026 lies in the future: record it once it has come; what is due is an event of kind scheduled"},
		{"es", late, "fecha: el 1 dic. 2026 aún no ha llegado: regístrelo cuando llegue; lo previsto es un acontecimiento de tipo scheduled"},
		{"fr", late, "date\u00a0: le 1er décembre 2026 est à venir\u00a0: enregistrez-le le moment venu\u00a0; ce qui est prévu est un événement de type scheduled"},
		{"pt", late, "data: 1º dez. 2026 ainda não chegou: registre quando chegar; o que está previsto é um acontecimento do tipo scheduled"},
		{"ru", late, "дата: эта дата ещё не наступила (1 дек. 2026): запишите, когда наступит; ожидаемое — это событие типа scheduled"},
		{"zh", late, "日期：2026年12月1日尚未到来：请到时再记录；预定事项请记为scheduled类事件"},
		{"en", word, `position: "maybe" is none: use one of yes, no`},
		{"zh", word, "投票：没有“maybe”这一项：请从yes、no中选择"},
		{"en", entry, "D-7: no such form: import it with the program that recorded it, or a newer one"},
		{"pt", entry, "D-7: no such form: importe com o programa que fez o registro, ou um mais recente (em inglês)"},
	} {
		if got := tt.problem.Say(phrases.In(tt.language)); got != tt.want {
			t.Errorf("%s: got %q, want %q", tt.language, got, tt.want)
		}
	}
}

// An entry of a kind that this program has no word for is called what its ledger calls it.
func TestAnEntryOfAnotherProgramIsNotWithdrawn(t *testing.T) {
	n := newNewsroom(t)
	if _, err := n.Ledger.Append(t.Context(), knowledge.DefaultDesk, ledger.Draft{At: n.now, Author: string(ana), Kind: "note", Payload: map[string]any{}}); err != nil {
		t.Fatal(err)
	}
	if err := n.follower.CatchUp(t.Context()); err != nil {
		t.Fatal(err)
	}
	_, err := n.record(t, ledger.Withdrawal{Of: 1})
	if got, want := problemsOf(t, err)[0].Say(phrases.In("es")), "id: D-1 (note) no se puede retirar: "; !strings.HasPrefix(got, want) {
		t.Errorf("got %q, want %q…", got, want)
	}
}

// problemsOf returns what an error says is wrong.
func problemsOf(t *testing.T, err error) []*desk.Problem {
	t.Helper()
	invalid := (*desk.InvalidError)(nil)
	if !errors.As(err, &invalid) {
		t.Fatalf("error is %v", err)
	}
	all := make([]*desk.Problem, len(invalid.Problems))
	for i := range invalid.Problems {
		all[i] = &invalid.Problems[i]
	}
	return all
}

func problemsOfRecords(t *testing.T) []*desk.Problem {
	t.Helper()
	n, refusals := refusing(t)
	_, err := n.Prepare(desk.Change{Desk: knowledge.DefaultDesk, Author: ana, Reason: "a\nb", Payload: assessment(func(a *ledger.Assessment) { a.Country = "PER" })})
	all := problemsOf(t, err)
	for _, tt := range refusals {
		_, err := n.record(t, tt.payload)
		all = append(all, problemsOf(t, err)...)
	}
	return all
}

func problemsOfImports(t *testing.T) []*desk.Problem {
	t.Helper()
	n := newNewsroom(t)
	var all []*desk.Problem
	for _, d := range []ledger.Draft{
		{Kind: ledger.EventRecorded, Payload: map[string]any{"land": "COL"}},
		{Kind: ledger.VoteRecorded, Payload: ledger.Vote{RollCall: "99/1", Country: "PER", Position: knowledge.Yes, Source: page}},
		{Kind: "note", Reason: "\x1b]0;title\a", Payload: map[string]any{"text": "\x1b[1m"}},
	} {
		d.At, d.Author = n.now, string(ana)
		e, from, err := ledger.Head{Desk: "ma\u202ein"}.Next(d)
		if err != nil {
			t.Fatal(err)
		}
		_, err = n.importer().Prepare(t.Context(), desk.Import{Desk: knowledge.DefaultDesk, Author: ana, From: from, Entries: []ledger.Entry{e}})
		all = append(all, problemsOf(t, err)...)
	}
	return all
}
