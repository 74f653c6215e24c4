package check_test

import (
	"flag"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"stancebot/knowledge"
	"stancebot/knowledge/check"
	"stancebot/knowledge/corpus/corpustest"
)

var update = flag.Bool("update", false, "rewrite golden files with what the program says now")

// What the record says to the article, and what the rules find, is news when it changes.
func TestVerdictsAndRadarOfTheArticle(t *testing.T) {
	c := check.New(corpustest.Records(t))
	var b strings.Builder
	verdicts := c.Verdicts()
	for i := range verdicts {
		fmt.Fprintf(&b, "%s %s: %s\n", verdicts[i].Claim.ID, verdicts[i].Status, &verdicts[i])
	}
	for _, f := range c.Radar() {
		fmt.Fprintf(&b, "%s %v: %v, known %v, record %v\n", f.Rule, f.Countries, f.Claims, f.Known, f.Receipts)
	}
	const golden = "testdata/article.golden"
	if *update {
		if err := os.WriteFile(golden, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), b.String()); diff != "" {
		t.Errorf("run with -update when the change is meant (-want +got):\n%s", diff)
	}
}

// The contradictions that are a question of form are found without knowing them.
func TestTheRadarFindsWhatIsComputable(t *testing.T) {
	found := map[string]bool{}
	for _, f := range check.New(corpustest.Records(t)).Radar() {
		for _, id := range f.Known {
			found[string(f.Rule)+" "+id] = true
		}
	}
	for _, want := range []string{
		"two_labels X-01", "group_denies X-02", "camp_without X-03", "same_votes X-05", "neutral_by_word X-12", "group_denies X-16", "against_record X-14",
		"against_record X-15",
	} {
		if !found[want] {
			t.Errorf("not found: %s", want)
		}
	}
}

// world is a record small enough to count by hand: three texts of the emergency session, one of them before the
// article came out and one after it, and a country in and out of a group.
func world(asserts ...knowledge.Assertion) (*knowledge.Records, *knowledge.Claim) {
	call := func(id string, date knowledge.Day, peru knowledge.Position) knowledge.RollCall {
		return knowledge.RollCall{
			ID: id, Date: date, Meaning: knowledge.AgainstRussia, Topic: knowledge.UkraineTopic,
			Votes: map[knowledge.Position]knowledge.Codes{peru: {"PER"}},
		}
	}
	records := &knowledge.Records{
		Article: knowledge.Article{Published: 20251016},
		RollCalls: []knowledge.RollCall{
			call("ES-11/1", 20220302, knowledge.Yes), call("ES-11/2", 20220324, knowledge.Yes), call("ES-11/3", 20220407, knowledge.Abstain),
			call("ES-11/4", 20221012, knowledge.Absent), call("ES-11/8", 20260224, knowledge.No),
		},
		Memberships: []knowledge.Membership{
			{Country: "PER", Group: "alba", Standing: knowledge.Member, From: 20090624, To: 20180823},
			{Country: "PER", Group: "oas", Standing: knowledge.Member},
			{Country: "PER", Group: "brics", Standing: knowledge.Observer, From: 20100101},
		},
		Measures: []knowledge.Measure{{Country: "PER", Kind: knowledge.UnfriendlyList, From: 20220305}},
		Claims: []knowledge.Claim{{
			ID: "PER-01", Country: "PER", Period: knowledge.Period{From: 20220101}, Asserts: asserts,
			Check: knowledge.Check{Status: knowledge.Confirmed},
		}},
	}
	return records, &records.Claims[0]
}

func TestVerdict(t *testing.T) {
	vote := func(p knowledge.Position, texts ...string) knowledge.Assertion {
		return knowledge.Assertion{Vote: p, Texts: texts}
	}
	tests := []struct {
		name   string
		assert knowledge.Assertion
		want   knowledge.Status
		cells  int
	}{
		{"every text", vote(knowledge.Yes, "ES-11/1", "ES-11/2"), knowledge.Confirmed, 2},
		{"some texts, and the one after the article is not looked at", vote(knowledge.Yes), knowledge.Partly, 3},
		{"none", vote(knowledge.No, "ES-11/1", "ES-11/3"), knowledge.Contradicted, 2},
		{"non-voting is neither", vote(knowledge.Abstain, "ES-11/4"), knowledge.NotChecked, 0},
		{"non-voting beside a vote does not spoil it", vote(knowledge.Abstain, "ES-11/3", "ES-11/4"), knowledge.Confirmed, 1},
		{"a text without the cell", vote(knowledge.Yes, "ES-11/6"), knowledge.NotChecked, 0},
		{"of another country, whose cells were not read", knowledge.Assertion{Country: "CHL", Vote: knowledge.Yes}, knowledge.NotChecked, 0},
		{"a member then", knowledge.Assertion{Member: "alba", On: 20120101}, knowledge.Confirmed, 1},
		{"no member any more", knowledge.Assertion{Member: "alba", On: 20200101}, knowledge.Contradicted, 1},
		{"no member any more, as was said", knowledge.Assertion{Member: "alba", On: 20200101, Not: true}, knowledge.Confirmed, 1},
		{"at the start of the claim", knowledge.Assertion{Member: "alba"}, knowledge.Contradicted, 1},
		{"a start that was not read proves nothing", knowledge.Assertion{Member: "oas", On: 20200101}, knowledge.NotChecked, 0},
		{"an observer is no member, and silence proves nothing", knowledge.Assertion{Member: "brics", On: 20200101}, knowledge.NotChecked, 0},
		{"a measure", knowledge.Assertion{Measure: knowledge.UnfriendlyList}, knowledge.Confirmed, 1},
		{"a measure that was denied", knowledge.Assertion{Measure: knowledge.UnfriendlyList, Not: true}, knowledge.Contradicted, 1},
		{"a measure that is not recorded", knowledge.Assertion{Measure: "icc_member"}, knowledge.NotChecked, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			records, claim := world(tt.assert)
			v := check.New(records).Verdict(claim)
			if v.Status != tt.want || len(v.Cells) != tt.cells {
				t.Errorf("got %s from %d cells (%s), want %s from %d", v.Status, len(v.Cells), &v, tt.want, tt.cells)
			}
		})
	}
}

// A curated verdict may be stricter than the record, never milder; where the record is silent it may be anything.
func TestMilder(t *testing.T) {
	order := []knowledge.Status{knowledge.Confirmed, knowledge.Partly, knowledge.Contradicted}
	for i, computed := range order {
		for j, curated := range order {
			v := check.Verdict{Status: computed}
			if got := v.Milder(curated); got != (i > j) {
				t.Errorf("computed %s, curated %s: milder is %v", computed, curated, got)
			}
		}
	}
	for _, curated := range knowledge.Statuses {
		if v := (check.Verdict{Status: knowledge.NotChecked}); v.Milder(curated) {
			t.Errorf("milder than silence: %s", curated)
		}
	}
}

// Turning one vote round turns the verdict: a checker that never looked would pass everything else here.
func TestAFlippedVoteIsSeen(t *testing.T) {
	records := corpustest.Records(t)
	flips := 0
	for _, v := range check.New(records).Verdicts() {
		for _, cell := range v.Cells {
			if cell.Position == "" {
				continue
			}
			i := slices.IndexFunc(records.RollCalls, func(r knowledge.RollCall) bool { return r.ID == cell.Receipt })
			before := records.RollCalls[i]
			flipped := before
			flip(&flipped, cell.Country, cell.Position)
			records.RollCalls[i] = flipped
			after := check.New(records).Verdict(v.Claim)
			records.RollCalls[i] = before
			if cmp.Equal(after.Cells, v.Cells) {
				t.Errorf("%s: %s on %s turned round and nothing changed", v.Claim.ID, cell.Country, cell.Receipt)
			}
			flips++
		}
	}
	if flips < 100 {
		t.Errorf("only %d votes to turn round", flips)
	}
}

// flip moves a state from its column to the opposite one.
func flip(r *knowledge.RollCall, country knowledge.Country, from knowledge.Position) {
	to := knowledge.No
	if from == knowledge.No {
		to = knowledge.Yes
	}
	r.Votes = maps.Clone(r.Votes)
	r.Votes[from] = slices.DeleteFunc(slices.Clone(r.Votes[from]), func(c knowledge.Country) bool { return c == country })
	r.Votes[to] = append(slices.Clone(r.Votes[to]), country)
}
