package picture

import (
	"errors"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"

	"stancebot/knowledge"
	"stancebot/knowledge/core"
	"stancebot/knowledge/corpus"
	"stancebot/knowledge/places"
	"stancebot/knowledge/raced"
)

const today knowledge.Day = 2026_11_29

// theSnapshot is the core of the records that the binary carries. It never changes, so that all tests can ask it.
var theSnapshot = sync.OnceValues(func() (*core.Core, error) {
	set, err := corpus.Embedded()
	if err != nil {
		return nil, err
	}
	records, err := set.Records()
	if err != nil {
		return nil, err
	}
	return core.Build(records)
})

func snapshot(tb testing.TB) *core.Core {
	tb.Helper()
	c, err := theSnapshot()
	if err != nil {
		tb.Fatal(err)
	}
	return c
}

func codeFor(tb testing.TB, a *knowledge.Answer) string {
	tb.Helper()
	code, err := Code(a)
	if err != nil {
		tb.Fatalf("%+v: %v", a.Query, err)
	}
	return code
}

// everyQuestion yields what can be drawn of every country, on both axes and neither, of other days and as known on others.
func everyQuestion(yield func(knowledge.Query) bool) {
	for i, country := range places.Members() {
		if knowledge.AxisOf(country) != "" || raced.On && i%16 != 0 {
			continue
		}
		for _, intent := range []knowledge.Intent{knowledge.IntentCard, knowledge.IntentStance, knowledge.IntentTimeline, knowledge.IntentShifts, knowledge.IntentAgreement} {
			for j, axis := range codedAxes {
				q := knowledge.Query{Intent: intent, Countries: []knowledge.Country{country}, Axis: axis, Today: today}
				switch (i + j) % 4 {
				case 1:
					q.AsOf = 2025_12_31
				case 2:
					q.KnownAt = 2025_10_20
				case 3:
					if intent != knowledge.IntentAgreement {
						q.Since = 2022_01_01
					}
				}
				if !yield(q) {
					return
				}
			}
		}
	}
	for _, group := range codedGroups {
		for _, axis := range codedAxes {
			if !yield(knowledge.Query{Intent: knowledge.IntentMap, Group: group, Axis: axis, Today: today}) {
				return
			}
		}
	}
	for _, q := range []knowledge.Query{
		{Intent: knowledge.IntentCompare, Countries: []knowledge.Country{"PER", "BRA"}},
		{Intent: knowledge.IntentCompare, Countries: []knowledge.Country{"ARG", "BRA", "CUB", "VCT", "MEX"}},
		{Intent: knowledge.IntentGroup, Group: "andean"},
		{Intent: knowledge.IntentResolution, Resolution: "GA-2026-02-24", Group: "latin_america"},
		{Intent: knowledge.IntentResolution, Resolution: "GA-2025-12-10-chornobyl"},
	} {
		q.Today = today
		if !yield(q) {
			return
		}
	}
}

// A code must lead back to what was asked, and what is drawn of it again must be what it was.
func TestCodesLeadBack(t *testing.T) {
	t.Parallel()
	c := snapshot(t)
	n := 0
	for q := range everyQuestion {
		a := c.Answer(q)
		if KindOf(&a) == "" {
			continue
		}
		n++
		code := codeFor(t, &a)
		claim, err := ParseCode(strings.ToLower(strings.ReplaceAll(code, "-", " ")))
		if err != nil {
			t.Fatalf("%+v: %s: %v", q, code, err)
		}
		back := claim.Query(today)
		if again := codeAgain(t, c, claim); again != code {
			t.Errorf("%+v: %s leads to %+v, which is %s", q, code, back, again)
		}
		if v := Verify(claim, c.Answer, today); v.State != Holds {
			t.Errorf("%+v: %s does not hold, but is %s: %d changes", q, code, v.State, len(v.Changes))
		}
		if !strings.ContainsAny(code, "0123456789") || len(code) > 35 {
			t.Errorf("%s is no code that readers take for one", code)
		}
	}
	if n < 200 && !raced.On || n < 40 {
		t.Errorf("only %d pictures were asked for", n)
	}
}

func codeAgain(t *testing.T, c *core.Core, claim Claim) string {
	t.Helper()
	a := c.Answer(claim.Query(claim.Drawn))
	code, err := codeOf(&a, claim.Layout)
	if err != nil {
		t.Fatal(err)
	}
	return code
}

// What a picture of today shows tomorrow still holds: nothing but the calendar has changed.
func TestAgesChangeNoPicture(t *testing.T) {
	t.Parallel()
	c := snapshot(t)
	for _, country := range []knowledge.Country{"PER", "BRA", "CUB", "HTI"} {
		for _, intent := range []knowledge.Intent{knowledge.IntentCard, knowledge.IntentTimeline, knowledge.IntentAgreement} {
			a := c.Answer(knowledge.Query{Intent: intent, Countries: []knowledge.Country{country}, Today: today})
			claim, err := ParseCode(codeFor(t, &a))
			if err != nil {
				t.Fatal(err)
			}
			if v := Verify(claim, c.Answer, 2027_05_01); v.State != Holds {
				t.Errorf("%s %s: %s after some months", intent, country, v.State)
			}
		}
	}
}

// Any one wrong letter, any two, and two that changed places are refused. The check sees all of them: no odds are left.
func TestMistypedCodesAreRefused(t *testing.T) {
	t.Parallel()
	c := snapshot(t)
	for _, q := range []knowledge.Query{
		{Intent: knowledge.IntentCard, Countries: []knowledge.Country{"PER"}},
		{Intent: knowledge.IntentCompare, Countries: []knowledge.Country{"ARG", "BRA", "CUB", "VCT", "MEX"}},
		{Intent: knowledge.IntentResolution, Resolution: "ES-11/7"},
	} {
		q.Today = today
		a := c.Answer(q)
		code := []byte(strings.ReplaceAll(codeFor(t, &a), "-", ""))
		refused := func(wrong []byte) {
			if slices.Equal(wrong, code) {
				return
			}
			if _, err := ParseCode(string(wrong)); !errors.Is(err, ErrNoCode) {
				t.Fatalf("%s passes for %s: %v", wrong, code, err)
			}
		}
		for i := range code {
			for _, letter := range alphabet {
				wrong := slices.Clone(code)
				wrong[i] = byte(letter)
				refused(wrong)
				j := rand.IntN(len(code))
				wrong[j] = alphabet[rand.IntN(len(alphabet))]
				refused(wrong)
			}
			for j := range i {
				wrong := slices.Clone(code)
				wrong[i], wrong[j] = wrong[j], wrong[i]
				refused(wrong)
			}
			refused(slices.Delete(slices.Clone(code), i, i+1))
			refused(slices.Insert(slices.Clone(code), i, '7'))
		}
	}
}

// A code that is made up does not verify: of those with a right check none in a million shows the facts.
func TestForgedCodesDoNotVerify(t *testing.T) {
	t.Parallel()
	c := snapshot(t)
	a := c.Answer(knowledge.Query{Intent: knowledge.IntentCard, Countries: []knowledge.Country{"PER"}, Today: today})
	genuine := must(t, codeFor(t, &a))
	symbols, err := read(codeFor(t, &a))
	if err != nil {
		t.Fatal(err)
	}
	for range 200 {
		forged := slices.Clone(symbols[:len(symbols)-checkSymbols])
		for i := len(forged) - 5; i < len(forged); i++ {
			forged[i] = byte(rand.IntN(32))
		}
		claim, err := ParseCode(spell(checked(forged)))
		if err != nil {
			t.Fatal(err)
		}
		if claim.digest == genuine.digest {
			continue
		}
		if v := Verify(claim, c.Answer, today); v.State != Unknown {
			t.Fatalf("a forged code is %s", v.State)
		}
	}
}

func must(t *testing.T, code string) Claim {
	t.Helper()
	claim, err := ParseCode(code)
	if err != nil {
		t.Fatal(err)
	}
	return claim
}

func TestWhatIsNoCode(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"", "PERU", "00000-00000", "UUUUU-00000-00000", strings.Repeat("0", 1000), "117E0-1JWHV-RGKF", "🇵🇪", "\x00", "117E0 — 1JWHV"} {
		if _, err := ParseCode(text); !errors.Is(err, ErrNoCode) {
			t.Errorf("%q is taken for a code: %v", text, err)
		}
	}
}

func FuzzParseCode(f *testing.F) {
	f.Add("117E0-1JWHV-RGKFN")
	f.Add("817E0-009KJ-C0B2D-QQZM7")
	f.Fuzz(func(t *testing.T, text string) {
		claim, err := ParseCode(text)
		if err != nil {
			return
		}
		q := claim.Query(today)
		if KindOf(&knowledge.Answer{Query: q}) != "" || len(q.Countries) > maxCoded || claim.bits < digestBits {
			t.Errorf("%q: %+v", text, claim)
		}
	})
}

// A desk that records something changes what pictures of the country show, and of no other: what is new and what was is told.
func TestVerifyTellsWhatChanged(t *testing.T) {
	t.Parallel()
	c := snapshot(t)
	claimOf := func(q knowledge.Query, day knowledge.Day) Claim {
		q.Today = day
		a := c.Answer(q)
		return must(t, codeFor(t, &a))
	}
	card := knowledge.Query{Intent: knowledge.IntentCard, Countries: []knowledge.Country{"PER"}}
	other := knowledge.Query{Intent: knowledge.IntentCard, Countries: []knowledge.Country{"BRA"}}
	group := knowledge.Query{Intent: knowledge.IntentMap, Group: "andean"}
	record := &knowledge.DeskRecord{
		Recording: knowledge.Recording{Receipt: "D-1", On: 2026_11_27}, Country: "PER",
		Assessment: &knowledge.Assessment{Country: "PER", Axis: knowledge.TowardRussia, Label: knowledge.Neutral, Basis: knowledge.BasisDesk, Since: 2026_11_27, Claims: []string{"D-1"}},
	}
	record.Settle()
	desk, err := c.With(&knowledge.Overlay{Desk: knowledge.DefaultDesk, Records: []*knowledge.DeskRecord{record}, Seqs: []int64{1}})
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name  string
		claim Claim
		desk  *core.Core
		want  State
	}{
		{"drawn before the change", claimOf(card, 2026_11_20), desk, Changed},
		{"drawn on the morning of the change", claimOf(card, 2026_11_27), desk, Changed},
		{"a map with the country", claimOf(group, 2026_11_20), desk, Changed},
		{"another country", claimOf(other, 2026_11_20), desk, Holds},
		{"on a desk that recorded nothing", claimOf(card, 2026_11_20), c, Holds},
		{"of what was known before", claimOf(knowledge.Query{Intent: card.Intent, Countries: card.Countries, KnownAt: 2026_11_01}, 2026_11_20), desk, Holds},
		{"drawn without the change, after it", claimOf(card, 2026_11_29), desk, Unknown},
		{"drawn in days to come", claimOf(card, 2026_12_24), c, Unknown},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			v := Verify(tt.claim, tt.desk.Answer, today)
			if v.State != tt.want {
				t.Fatalf("it is %s, not %s", v.State, tt.want)
			}
			if v.State != Changed {
				return
			}
			at := slices.IndexFunc(v.Changes, func(ch Change) bool {
				return ch.Is != nil && ch.Was != nil && ch.Is.Subject == (Subject{Of: OfLabel, Country: "PER", Axis: knowledge.TowardRussia})
			})
			if at < 0 {
				t.Fatalf("the change is not among %d", len(v.Changes))
			}
			if ch := v.Changes[at]; !slices.Equal(ch.Is.Receipts, []string{"D-1"}) || !strings.HasPrefix(ch.Is.Value, "neutral desk") || !strings.HasPrefix(ch.Was.Value, "leaning_adversary inferred") {
				t.Errorf("it was %+v and is %+v", ch.Was, ch.Is)
			}
		})
	}
	// And the other way round: what the desk's picture shows is not what another desk's records say.
	a := desk.Answer(knowledge.Query{Intent: card.Intent, Countries: card.Countries, Today: today})
	if v := Verify(must(t, codeFor(t, &a)), c.Answer, today); v.State != Unknown {
		t.Errorf("a picture of another desk is %s", v.State)
	}
	a = desk.Answer(knowledge.Query{Intent: card.Intent, Countries: card.Countries, Today: today})
	if v := Verify(must(t, codeFor(t, &a)), desk.Answer, today); v.State != Holds {
		t.Errorf("a picture of the desk itself is %s", v.State)
	}
}

// Groups and symbols must have a code: one that is new in the records and not here would have no verifiable picture.
func TestAllGroupsAndTextsAreCoded(t *testing.T) {
	t.Parallel()
	c := snapshot(t)
	for _, group := range knowledge.Organisations {
		if !slices.Contains(codedGroups, group) {
			t.Errorf("the group %s has no number", group)
		}
	}
	ids := []string{"36/148A", "377(V)A", "3201(S-VI)", "S-17/2", "ES-10/24", "GA-2026-02-24", "GA-2025-12-10-chornobyl", "999/511"}
	for _, call := range c.Book().Calls() {
		ids = append(ids, call.ID)
	}
	for _, id := range ids {
		var b bits
		if err := writeSymbol(&b, id); err != nil {
			t.Errorf("%s: %v", id, err)
			continue
		}
		r := bitReader{left: b}
		if back, ok := r.symbol(); !ok || back != id || len(r.left) > 0 || r.short {
			t.Errorf("%s comes back as %s", id, back)
		}
	}
	if !slices.Equal(codedGroups, slices.Compact(slices.Clone(codedGroups))) || len(codedGroups) > 62 || len(coded) > 10 {
		t.Error("the lists of what is coded are too long")
	}
}

// The codes of pictures that are out in the world must be read for ever: what they said they say.
func TestCodesOfOldStayReadable(t *testing.T) {
	t.Parallel()
	for code, want := range map[string]knowledge.Query{
		"117E0-1JWHV-RGKFN":       {Intent: knowledge.IntentCard, Countries: []knowledge.Country{"PER"}},
		"817E0-009KJ-C0B2D-QQZM7": {Intent: knowledge.IntentResolution, Resolution: "GA-2026-02-24"},
		"217E0-2JW2C-49DHH-YQKMS": {Intent: knowledge.IntentCompare, Countries: []knowledge.Country{"PER", "BRA"}},
	} {
		claim := must(t, code)
		if q := claim.Query(0); !reflect.DeepEqual(q, want) || claim.Drawn != today {
			t.Errorf("%s of %s: %+v", code, claim.Drawn, q)
		}
	}
}
