package question_test

import (
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"stancebot/bot"
	"stancebot/bot/bottest"
	"stancebot/knowledge"
	"stancebot/knowledge/places"
)

// groupIDs are the ids of the contract of ask.
var groupIDs = strings.Fields(`mexico central_america caribbean andean brazil southern_cone guianas
	allies_camp neutral_camp opposing_camp alba brics brics_partner caricom celac cis csto eaeu eu mercosur nato oas
	oecd pacific_alliance sco tiar mnna unfriendly_list latin_america world`)

// outcomes are those that a reading by itself can have: the rest need the records.
var misreadOutcomes = []knowledge.Outcome{knowledge.Ambiguous, knowledge.NotACountry, knowledge.NotFound, knowledge.NotUnderstood, knowledge.Refused}

// notPoles are the members that can be asked about beside an axis.
func notPoles() []knowledge.Country {
	return slices.DeleteFunc(slices.Clone(places.Members()), func(c knowledge.Country) bool { return knowledge.AxisOf(c) != "" })
}

func drawDay(t *rapid.T, label string) knowledge.Day {
	if !rapid.Bool().Draw(t, label+" is set") {
		return 0
	}
	start := time.Date(1990, 1, 1, 0, 0, 0, 0, time.UTC)
	return knowledge.DayOf(start.AddDate(0, 0, rapid.IntRange(0, 16000).Draw(t, label)))
}

// Buttons, links and the ledger hold commands in the short form, so reading one must give back the query that wrote it:
// a part that got lost would answer another question than the button shows.
func TestCanonicalReadsBack(t *testing.T) {
	r := newReader(t)
	members := notPoles()
	rapid.Check(t, func(t *rapid.T) {
		q := knowledge.Query{Today: today, Page: 1}
		q.Intent = rapid.SampledFrom([]knowledge.Intent{
			knowledge.IntentStance, knowledge.IntentEvidence, knowledge.IntentShifts,
			knowledge.IntentContradictions, knowledge.IntentCompare, knowledge.IntentGroup,
		}).Draw(t, "intent")
		switch q.Intent {
		case knowledge.IntentGroup:
			q.Group = knowledge.GroupID(rapid.SampledFrom(groupIDs).Draw(t, "group"))
		case knowledge.IntentCompare:
			// Behind the first place, codes that are plain words are left out: "compare per and chl" names two countries and
			// not Andorra, and nothing in the short form tells the two apart.
			q.Countries = rapid.SliceOfNDistinct(rapid.SampledFrom(members), 2, knowledge.MaxCompared, rapid.ID).
				Filter(func(list []knowledge.Country) bool {
					return !slices.ContainsFunc(list[1:], func(c knowledge.Country) bool { return r.IsPlainWord(strings.ToLower(string(c))) })
				}).Draw(t, "countries")
		default:
			q.Countries = []knowledge.Country{rapid.SampledFrom(members).Draw(t, "country")}
		}
		q.Axis = rapid.SampledFrom([]knowledge.Axis{"", knowledge.Axes[0], knowledge.Axes[1]}).Draw(t, "axis")
		q.AsOf, q.Since, q.KnownAt = drawDay(t, "as of"), drawDay(t, "since"), drawDay(t, "known")
		q.Page = rapid.SampledFrom([]int{1, 1, 2, 17, 999}).Draw(t, "page")

		command := bot.Canonical(q)
		if diff := cmp.Diff(q, r.Read(command, today).Query, cmpopts.EquateEmpty(), cmpopts.IgnoreFields(knowledge.Query{}, "AsOfDate")); diff != "" {
			t.Fatalf("%q (-asked +read):\n%s", command, diff)
		}
	})
}

// Each part alone, so that the property above cannot pass by chance on a member or group that it never drew.
func TestCanonicalReadsBackEveryName(t *testing.T) {
	r := newReader(t)
	same := func(q knowledge.Query) {
		t.Helper()
		q.Today, q.Page = today, 1
		for _, command := range []string{bot.Canonical(q), "/" + bot.Canonical(q), strings.ToUpper(bot.Canonical(q))} {
			if diff := cmp.Diff(q, r.Read(command, today).Query, cmpopts.EquateEmpty(), cmpopts.IgnoreFields(knowledge.Query{}, "AsOfDate")); diff != "" {
				t.Errorf("%q (-asked +read):\n%s", command, diff)
			}
		}
	}
	for _, c := range places.Members() {
		for _, intent := range []knowledge.Intent{knowledge.IntentStance, knowledge.IntentEvidence, knowledge.IntentShifts} {
			same(knowledge.Query{Intent: intent, Countries: []knowledge.Country{c}})
		}
	}
	for _, id := range groupIDs {
		same(knowledge.Query{Intent: knowledge.IntentGroup, Group: knowledge.GroupID(id)})
	}
	for _, p := range bottest.NewDesk(t).Records.House.Places {
		same(knowledge.Query{Intent: knowledge.IntentStance, Place: p.ID})
	}
}

func FuzzRead(f *testing.F) {
	r := newReader(f)
	for _, seed := range []string{
		"stance peru", "/compare chile argentina", "why did argentina shift?", "peru and the us", "group alba as of 2019-12-01",
		"source M:ECU:alba:2009", "how did peru vote on A/RES/ES-11/4", "nigera", "costa rcia", "the Correa government",
		"stance narnia land of snow", "stance can", "WHERE DOES PERU STAND", "compare peru peru", "03/04/2016", "31 feb 2016",
		"stance \u202eurep\u202c", "pe\u0301\u0301ru", "\xff\xfe stance peru \xc3", "🇵🇪🇨", "...", "", "stance \x00\x1b[31m wakanda",
		strings.Repeat("peru ", 900), "stance " + strings.Repeat("wakandish", 12), "1.2.3.4.5/6/7", "U.S. or russia, peru?",
		"peru 's 's and the the the us vs. russia", "known as of since 2016-", "page page 2 of 3", "group B", "ПЕРУ 秘鲁 البيرو",
		"digest weekly mon 09:00 southern cone", "digest quiet 22-7", "watch pause until 3/12 9h30", "digest zone utc-3", "每周五下午5点半的摘要",
		"mute alerts for 99999999999h until until 31 february", "boletim todo dia 15 às 25h", "дайджест по пн, ср и 15-го числа", "digest 9:30:00.5 am pm noon",
	} {
		f.Add(seed)
	}
	members := places.Members()
	f.Fuzz(func(t *testing.T, text string) {
		q := r.Read(text, today).Query
		for i, c := range q.Countries {
			if !slices.Contains(members, c) {
				t.Errorf("%q names %q, which is no member", text, c)
			}
			if q.Intent != knowledge.IntentCompare && slices.Contains(q.Countries[:i], c) {
				t.Errorf("%q names %s twice in a %s", text, c, q.Intent)
			}
		}
		checkOrder(t, text, q)
		if !slices.Contains(knowledge.Intents, q.Intent) {
			t.Errorf("%q has the intent %q", text, q.Intent)
		}
		if q.Today != today || q.Page < 1 {
			t.Errorf("%q: today %s, page %d", text, q.Today, q.Page)
		}
		if utf8.RuneCountInString(strings.ToValidUTF8(text, "\uFFFD")) > 4000 && (q.Misread == nil || q.Misread.Reason != knowledge.TooLong) {
			t.Errorf("a question of %d characters is read", utf8.RuneCountInString(text))
		}
		if m := q.Misread; m != nil {
			checkMisread(t, text, m)
			return
		}
		if q.Intent == knowledge.IntentNone {
			t.Errorf("%q asks nothing, and nobody says so", text)
		}
		// Once through the short form, a query stays what it is: else a button pressed on the answer to a button drifts away.
		first := r.Read(bot.Canonical(q), today).Query
		if first.Misread != nil {
			return
		}
		if diff := cmp.Diff(first, r.Read(bot.Canonical(first), today).Query, cmpopts.EquateEmpty(),
			cmpopts.IgnoreFields(knowledge.Query{}, "Near", "Also", "YesNo", "Resolution")); diff != "" {
			t.Errorf("%q is %q, and reads back as another (-first +second):\n%s", text, bot.Canonical(first), diff)
		}
	})
}

func checkMisread(t *testing.T, text string, m *knowledge.Misread) {
	t.Helper()
	if !slices.Contains(misreadOutcomes, m.Outcome) {
		t.Errorf("%q is misread with the outcome %q", text, m.Outcome)
	}
	if (m.Outcome == knowledge.Refused) != (m.Reason != "") {
		t.Errorf("%q: outcome %s for the reason %q", text, m.Outcome, m.Reason)
	}
	if m.Outcome == knowledge.Ambiguous && len(m.Choices) < 2 {
		t.Errorf("%q asks between %v", text, m.Choices)
	}
	if n := utf8.RuneCountInString(m.Name); n > 60 || !utf8.ValidString(m.Name) || strings.ContainsFunc(m.Name, unicode.IsControl) {
		t.Errorf("%q: the name %q of %d characters", text, m.Name, n)
	}
	if named := m.Outcome == knowledge.NotACountry || m.Outcome == knowledge.NotFound; named != (m.Name != "") {
		t.Errorf("%q: outcome %s with the name %q", text, m.Outcome, m.Name)
	}
}
