package adaptertest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"stancebot/bot/told"
	"stancebot/knowledge"
)

// Told is the suite of told.Store. Open returns two stores on one new, empty database, opened apart where that can be done,
// and closes them at the end of the test.
func Told(t *testing.T, open func(testing.TB) (a, b told.Store)) {
	t.Helper()
	for name, test := range map[string]func(*testing.T, told.Store, told.Store){
		"what was told is found":     toldIsFound,
		"texts are kept to a byte":   toldBytes,
		"found in order":             toldOrder,
		"times bound what is found":  toldTimes,
		"the last ones are listed":   toldListed,
		"silent places":              toldSilent,
		"desks apart":                toldDesksApart,
		"one reply to many":          toldToMany,
		"replies that differ":        toldDiffer,
		"told again once it is gone": toldAgain,
		"what is old is erased":      toldErase,
		"a place is forgotten":       toldForget,
		"many at once":               toldConcurrent,
		"told and erased at once":    toldWhileErased,
		"told and forgotten at once": toldWhileForgotten,
		"an ended context":           toldEnded,
	} {
		t.Run(name, func(t *testing.T) {
			a, b := open(t)
			test(t, a, b)
		})
	}
}

// atNoon is when the replies of the suite were sent.
var atNoon = time.Date(2026, 11, 1, 12, 0, 0, 0, time.UTC)

func reply(i int, change func(*told.Told)) told.Told {
	t := told.Told{
		Desk: desk, At: atNoon.Add(time.Duration(i) * time.Microsecond), Place: "slack:T1:C2", Reply: &told.Reply{
			Language: "es", Intent: knowledge.IntentStance, Countries: []knowledge.Country{"BOL"}, Receipts: []string{"BOL-01"}, Text: fmt.Sprint("reply ", i),
		},
	}
	if change != nil {
		change(&t)
	}
	return t
}

func keep(t *testing.T, s told.Store, replies ...told.Told) {
	t.Helper()
	if err := s.Keep(t.Context(), replies); err != nil {
		t.Fatal(err)
	}
}

// about returns the replies of the desk on a receipt.
func about(t *testing.T, s told.Store, receipt string) []told.Told {
	t.Helper()
	return must[[]told.Told](t)(s.About(t.Context(), desk, receipt, time.Time{}))
}

func same(t *testing.T, got, want []told.Told) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func toldIsFound(t *testing.T, a, b told.Store) {
	keep(t, a)
	whole := reply(0, func(r *told.Told) {
		r.At, r.Place, r.Message, r.Private = time.Date(2026, 11, 1, 9, 0, 0, 123456000, time.UTC), "telegram:-100:5", "1700000000.000100", true
		r.Reply.Command = "compare PER BOL"
		r.Seq, r.Reply.Countries, r.Reply.Receipts = 42, []knowledge.Country{"PER", "BOL"}, []string{"PER-08", "ES-11/1", "M:BOL:alba:?", "D-17", "BOL-01"}
	})
	twice := reply(1, func(r *told.Told) { r.Reply.Receipts = []string{"BOL-01", "BOL-01"} })
	bare := reply(2, func(r *told.Told) { r.Reply.Countries, r.Reply.Receipts = nil, nil })
	keep(t, a, whole, twice, bare)
	for _, receipt := range whole.Reply.Receipts[:4] {
		same(t, about(t, b, receipt), []told.Told{whole})
	}
	same(t, about(t, b, "BOL-01"), []told.Told{whole, twice})
	same(t, about(t, b, "BOL-0"), nil)
	same(t, must[[]told.Told](t)(b.OfCountry(t.Context(), desk, "PER", atNoon.AddDate(0, 0, -1), atNoon)), []told.Told{whole})
	keep(t, a, reply(3, func(r *told.Told) { r.Reply.Receipts = nil }))
	if got := must[[]told.Told](t)(b.OfCountry(t.Context(), desk, "BOL", atNoon.Add(2*time.Microsecond), atNoon.Add(time.Hour))); len(got) != 1 || got[0].Reply.Receipts != nil {
		t.Errorf("without receipts there are %v", got)
	}
	if n := must[int](t)(b.Erase(t.Context(), atNoon.Add(time.Hour))); n != 4 {
		t.Errorf("%d erased, want those without receipts, too: 4", n)
	}
}

func toldBytes(t *testing.T, a, b told.Store) {
	for i, text := range []string{"", " \n", "Боливия · к России: нейтральна\n中文 \u2028 🇧🇴", "a\x00b", "not \xff UTF-8", "'; DROP TABLE told; --", strings.Repeat("ж", 100_000)} {
		receipt := fmt.Sprint("BOL-", i)
		keep(t, a, reply(i, func(r *told.Told) { r.Reply.Text, r.Reply.Receipts = text, []string{receipt} }))
		if found := about(t, b, receipt); len(found) != 1 || found[0].Reply.Text != text {
			t.Errorf("text %d is kept as %d replies, or otherwise", i, len(found))
		}
	}
	odd := reply(9, func(r *told.Told) {
		r.Place, r.Message, r.Reply.Receipts, r.Reply.Countries = "slack:\x00\xff", "\x00", []string{"\x00", `\u0000`, "odd"}, []knowledge.Country{"\x00"}
	})
	keep(t, a, odd, reply(10, func(r *told.Told) { r.Reply.Receipts = []string{"beside"} }))
	if len(about(t, b, "odd")) != 1 || len(about(t, b, "beside")) != 1 {
		t.Error("an odd name keeps others from being kept")
	}
}

func toldOrder(t *testing.T, a, b told.Store) {
	var want []told.Told
	for i := range 300 { // many at one time, and in one batch
		want = append(want, reply(i/100, func(r *told.Told) { r.Reply.Text = fmt.Sprint(i) }))
	}
	keep(t, a, want[200:]...)
	keep(t, b, want[:200]...)
	same(t, about(t, a, "BOL-01"), want)
}

func toldTimes(t *testing.T, a, b told.Store) {
	all := []told.Told{reply(0, nil), reply(1, nil), reply(2, nil)}
	keep(t, a, all...)
	same(t, must[[]told.Told](t)(b.About(t.Context(), desk, "BOL-01", all[1].At)), all[1:])
	for _, c := range []struct{ from, before, first, n int }{{0, 3, 0, 3}, {1, 2, 1, 1}, {0, 0, 0, 0}, {3, 9, 0, 0}} {
		at := func(i int) time.Time {
			return atNoon.Add(time.Duration(i) * time.Microsecond).In(time.FixedZone("", 5*60*60))
		}
		got := must[[]told.Told](t)(b.OfCountry(t.Context(), desk, "BOL", at(c.from), at(c.before)))
		if len(got) != c.n || c.n > 0 && !cmp.Equal(got[0], all[c.first]) {
			t.Errorf("from %d before %d: %d replies, want %d", c.from, c.before, len(got), c.n)
		}
	}
}

func toldListed(t *testing.T, a, b told.Store) {
	all := []told.Told{
		reply(0, nil),
		reply(1, func(r *told.Told) { r.Reply.Countries = []knowledge.Country{"PER"} }),
		reply(2, func(r *told.Told) { r.Reply.Receipts = []string{"D-17", "BOL-01"} }),
		reply(3, func(r *told.Told) { r.Reply.Countries, r.Reply.Receipts = nil, nil }),
	}
	keep(t, a, all...)
	keep(t, a, reply(1, func(r *told.Told) { r.Desk = other }))
	for _, c := range []struct {
		name   string
		filter told.Filter
		limit  int
		want   []int
	}{
		{"all", told.Filter{}, 9, []int{3, 2, 1, 0}},
		{"the last two", told.Filter{}, 2, []int{3, 2}},
		{"a country", told.Filter{Country: "BOL"}, 9, []int{2, 0}},
		{"a receipt", told.Filter{Receipt: "BOL-01"}, 9, []int{2, 1, 0}},
		{"both", told.Filter{Country: "BOL", Receipt: "D-17"}, 9, []int{2}},
		{"from", told.Filter{From: all[2].At}, 9, []int{3, 2}},
		{"before", told.Filter{Before: all[2].At}, 9, []int{1, 0}},
		{"between", told.Filter{Country: "BOL", From: all[1].At, Before: all[3].At}, 9, []int{2}},
		{"none", told.Filter{Country: "B'L", Receipt: "\x00"}, 9, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			var want []told.Told
			for _, i := range c.want {
				want = append(want, all[i])
			}
			same(t, must[[]told.Told](t)(b.List(t.Context(), desk, c.filter, c.limit)), want)
		})
	}
}

// toldSilent sets places silent, and has them speak again, by either store.
func toldSilent(t *testing.T, a, b told.Store) {
	for _, c := range []struct {
		by     told.Store
		place  told.Place
		silent bool
		news   bool
		want   []told.Place
	}{
		{a, "slack:T1:C2", false, false, nil},
		{a, "slack:T1:C2", true, true, []told.Place{"slack:T1:C2"}},
		{b, "slack:T1:C2", true, false, []told.Place{"slack:T1:C2"}},
		{b, "slack:T1:C10", true, true, []told.Place{"slack:T1:C10", "slack:T1:C2"}},
		{b, "Slack:T1:C2", false, false, []told.Place{"slack:T1:C10", "slack:T1:C2"}},
		{b, "slack:T1:C2", false, true, []told.Place{"slack:T1:C10"}},
	} {
		if news := must[bool](t)(c.by.Silence(t.Context(), c.place, c.silent)); news != c.news {
			t.Errorf("%s is set silent, %v, and that is new: %v", c.place, c.silent, news)
		}
		if got := must[[]told.Place](t)(a.Silent(t.Context())); !slices.Equal(got, c.want) {
			t.Errorf("silent are %q, want %q", got, c.want)
		}
	}
}

func toldDesksApart(t *testing.T, a, b told.Store) {
	theirs := reply(0, func(r *told.Told) { r.Desk = other })
	keep(t, a, reply(0, nil), theirs)
	same(t, must[[]told.Told](t)(b.About(t.Context(), other, "BOL-01", time.Time{})), []told.Told{theirs})
	same(t, must[[]told.Told](t)(b.OfCountry(t.Context(), other, "BOL", atNoon, atNoon.Add(time.Second))), []told.Told{theirs})
	if n := must[int](t)(b.Forget(t.Context(), desk, theirs.Place)); n != 1 {
		t.Errorf("%d forgotten, want that of the desk alone", n)
	}
	same(t, must[[]told.Told](t)(b.About(t.Context(), other, "BOL-01", time.Time{})), []told.Told{theirs})
}

// toldToMany tells one reply to several, who are forgotten one by one.
func toldToMany(t *testing.T, a, b told.Store) {
	said := reply(0, nil).Reply
	var all []told.Told
	for i, place := range []told.Place{"slack:T1:C1", "slack:T1:C2", "slack:T1:C3", "slack:T1:C1"} {
		all = append(all, reply(i, func(r *told.Told) {
			r.Place, r.Message, r.Seq, r.Private, r.Reply = place, fmt.Sprint(i), int64(i), i%2 == 0, said
		}))
	}
	theirs := reply(9, func(r *told.Told) { r.Desk, r.Place, r.Reply = other, "slack:T1:C1", said })
	keep(t, a, all[0], all[1], theirs)
	keep(t, b, all[2:]...)
	same(t, about(t, a, "BOL-01"), all)
	for _, c := range []struct {
		place told.Place
		left  []told.Told
	}{{"slack:T1:C1", all[1:3]}, {"slack:T1:C3", all[1:2]}, {"slack:T1:C2", nil}} {
		must[int](t)(b.Forget(t.Context(), desk, c.place))
		same(t, about(t, a, "BOL-01"), c.left)
		same(t, must[[]told.Told](t)(a.OfCountry(t.Context(), desk, "BOL", atNoon, atNoon.Add(time.Second))), c.left)
	}
	same(t, must[[]told.Told](t)(a.About(t.Context(), other, "BOL-01", time.Time{})), []told.Told{theirs})
}

// toldDiffer tells replies that have all but one thing in common.
func toldDiffer(t *testing.T, a, b told.Store) {
	var all []told.Told
	for i, change := range []func(*told.Reply){
		func(*told.Reply) {},
		func(r *told.Reply) { r.Text += " " },
		func(r *told.Reply) { r.Text += "\x00" },
		func(r *told.Reply) { r.Language = "pt" },
		func(r *told.Reply) { r.Intent = knowledge.IntentHelp },
		func(r *told.Reply) { r.Command = "stance BOL" },
		func(r *told.Reply) { r.Countries = []knowledge.Country{"BOL", "PER"} },
		func(r *told.Reply) { r.Countries = []knowledge.Country{"PER", "BOL"} },
		func(r *told.Reply) { r.Receipts = []string{"BOL-01", "BOL-02"} },
		func(r *told.Reply) { r.Receipts = []string{"BOL-02", "BOL-01"} },
	} {
		all = append(all, reply(i, func(r *told.Told) { r.Reply.Text = "Bolivia"; change(r.Reply) }))
	}
	keep(t, a, all...)
	same(t, about(t, b, "BOL-01"), all)
	must[int](t)(b.Erase(t.Context(), all[1].At))
	same(t, about(t, a, "BOL-01"), all[1:])
	same(t, about(t, a, "BOL-02"), all[8:])
}

// toldAgain erases behind the back of a store what it kept, which it is then to keep as if for the first time.
func toldAgain(t *testing.T, a, b told.Store) {
	all := []told.Told{reply(0, nil), reply(1, nil)}
	for i, erase := range []func() (int, error){
		func() (int, error) { return b.Erase(t.Context(), atNoon.Add(time.Second)) },
		func() (int, error) { return b.Erase(t.Context(), atNoon.AddDate(0, 0, 1)) },
		func() (int, error) { return b.Forget(t.Context(), desk, all[0].Place) },
		func() (int, error) { return a.Forget(t.Context(), desk, all[0].Place) },
		func() (int, error) { return a.Erase(t.Context(), atNoon.AddDate(0, 0, 1)) },
	} {
		keep(t, a, all...)
		same(t, about(t, b, "BOL-01"), all)
		if n := must[int](t)(erase()); n != 2 {
			t.Errorf("%d erased the time %d, want 2", n, i)
		}
		same(t, about(t, a, "BOL-01"), nil)
	}
}

func toldErase(t *testing.T, a, b told.Store) {
	const n, kept = 2500, 3
	replies := make([]told.Told, n)
	for i := range replies {
		replies[i] = reply(i, func(r *told.Told) { r.Desk = []knowledge.DeskID{desk, other}[i%2] })
	}
	keep(t, a, replies...)
	if erased := must[int](t)(b.Erase(t.Context(), replies[n-kept].At)); erased != n-kept {
		t.Errorf("%d erased, want %d", erased, n-kept)
	}
	if erased := must[int](t)(a.Erase(t.Context(), replies[n-kept].At)); erased != 0 {
		t.Errorf("%d erased again", erased)
	}
	left := append(about(t, a, "BOL-01"), must[[]told.Told](t)(a.About(t.Context(), other, "BOL-01", time.Time{}))...)
	if len(left) != kept {
		t.Errorf("%d are left, want %d", len(left), kept)
	}
}

func toldForget(t *testing.T, a, b told.Store) {
	places := []told.Place{"slack:T1:C2", "slack:T1:C2:1.2", "slack:T1:C23", "slack:T1", "slack:T1:%", "Slack:T1:C2"}
	for i, p := range places {
		keep(t, a, reply(i, func(r *told.Told) { r.Place = p }))
	}
	if n := must[int](t)(b.Forget(t.Context(), desk, "slack:T1:C2")); n != 2 {
		t.Errorf("%d forgotten, want the channel and its thread", n)
	}
	if n := must[int](t)(b.Forget(t.Context(), desk, "slack:T1:%")); n != 1 {
		t.Errorf("%d forgotten, want the one of that very name", n)
	}
	var left []told.Place
	for _, r := range about(t, a, "BOL-01") {
		left = append(left, r.Place)
	}
	if want := []told.Place{"slack:T1:C23", "slack:T1", "Slack:T1:C2"}; !slices.Equal(left, want) {
		t.Errorf("left is %q, want %q", left, want)
	}
}

func toldConcurrent(t *testing.T, a, b told.Store) {
	const writers, batches, size = 4, 5, 20
	var all sync.WaitGroup
	for w := range writers {
		s := []told.Store{a, b}[w%2]
		all.Go(func() {
			for i := range batches {
				replies := make([]told.Told, size)
				for k := range replies {
					replies[k] = reply(i*size+k, nil)
				}
				if err := s.Keep(t.Context(), replies); err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	if n := len(about(t, a, "BOL-01")); n != writers*batches*size {
		t.Errorf("%d replies, want %d", n, writers*batches*size)
	}
}

// toldWhileErased tells a few replies over and over, of which each telling is the last one as soon as it is old.
func toldWhileErased(t *testing.T, a, b told.Store) {
	const writers, batches, replies = 2, 40, 5
	erased := 0
	meanwhile(t, func(w int) {
		for i := range batches {
			if err := []told.Store{a, b}[w].Keep(t.Context(), []told.Told{
				reply(-1, func(r *told.Told) { r.At, r.Reply.Text = r.At.AddDate(0, 0, -1), fmt.Sprint(i%replies) }),
				reply(1+i, func(r *told.Told) { r.Desk, r.Reply.Text = other, fmt.Sprint(i%replies) }),
			}); err != nil {
				t.Error(err)
			}
		}
	}, writers, func() { erased += must[int](t)(b.Erase(t.Context(), atNoon)) })
	left := must[[]told.Told](t)(a.About(t.Context(), other, "BOL-01", time.Time{}))
	if want := writers * batches; erased != want || len(left) != want || len(about(t, a, "BOL-01")) > 0 {
		t.Errorf("%d erased and %d left, want %d of each", erased, len(left), want)
	}
}

// toldWhileForgotten tells a few replies in a place that is forgotten over and over, and now and then in another one, where they stay.
func toldWhileForgotten(t *testing.T, a, b told.Store) {
	const writers, batches, often = 2, 80, 8
	forgotten := 0
	meanwhile(t, func(w int) {
		for i := range batches {
			if err := []told.Store{a, b}[w].Keep(t.Context(), []told.Told{reply(i, func(r *told.Told) {
				r.Reply.Text = fmt.Sprint(i)
				if i%often > 0 {
					r.Place, r.Reply.Text = "slack:T1:C3", fmt.Sprint(i/often*often+often)
				}
			})}); err != nil {
				t.Error(err)
			}
		}
	}, writers, func() { forgotten += must[int](t)(b.Forget(t.Context(), desk, "slack:T1:C3")) })
	const kept = writers * batches / often
	if left := about(t, a, "BOL-01"); len(left) != kept || forgotten != writers*batches-kept {
		t.Errorf("%d forgotten and %d left, want %d and %d", forgotten, len(left), writers*batches-kept, kept)
	}
}

// meanwhile runs writers at once, and does something over and over until they are done, and once more.
func meanwhile(t *testing.T, write func(w int), writers int, do func()) {
	t.Helper()
	var writing sync.WaitGroup
	for w := range writers {
		writing.Go(func() { write(w) })
	}
	written := make(chan struct{})
	go func() { writing.Wait(); close(written) }()
	for done := false; !done; {
		select {
		case <-written:
			done = true
		default:
		}
		do()
	}
}

func toldEnded(t *testing.T, a, b told.Store) {
	ctx, end := context.WithCancel(t.Context())
	end()
	_, finding := a.About(ctx, desk, "BOL-01", time.Time{})
	_, erasing := a.Erase(ctx, atNoon)
	for what, err := range map[string]error{"Keep": a.Keep(ctx, []told.Told{reply(0, nil)}), "About": finding, "Erase": erasing} {
		if !errors.Is(err, context.Canceled) {
			t.Errorf("%s: error is %v", what, err)
		}
	}
	same(t, about(t, b, "BOL-01"), nil)
}
