package question_test

import (
	"slices"
	"strings"
	"testing"
	"time"
	_ "time/tzdata"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"stancebot/bot"
	"stancebot/knowledge"
)

var everyDoing = []knowledge.Doing{
	knowledge.DoSubscribe, knowledge.DoList, knowledge.DoPreview, knowledge.DoNow, knowledge.DoPause, knowledge.DoResume,
	knowledge.DoStop, knowledge.DoUndo, knowledge.DoZone, knowledge.DoQuiet, knowledge.DoEmpty, knowledge.DoEditors,
}

func drawClock(t *rapid.T, label string) knowledge.Clock {
	return knowledge.ClockAt(rapid.IntRange(0, 23).Draw(t, label+" hour"), rapid.IntRange(0, 59).Draw(t, label+" minute"))
}

// drawOrder draws an order that can be asked for.
func drawOrder(t *rapid.T, intent knowledge.Intent) *knowledge.Order {
	w := &knowledge.Order{Do: rapid.SampledFrom(everyDoing).Draw(t, "do")}
	some := func(label string) bool { return rapid.Bool().Draw(t, label) }
	switch w.Do {
	case knowledge.DoSubscribe:
		if intent == knowledge.IntentDigest {
			drawSchedule(t, w)
		}
	case knowledge.DoPause:
		if some("for") {
			w.For = time.Duration(rapid.IntRange(1, 100_000).Draw(t, "minutes")) * time.Minute
		} else if some("until") {
			start := time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)
			w.Until = knowledge.DayOf(start.AddDate(0, 0, rapid.IntRange(0, 30000).Draw(t, "day")))
		}
		if w.For == 0 && some("hour") {
			w.At = drawClock(t, "at")
		}
		w.N = rapid.IntRange(0, 99).Draw(t, "n")
	case knowledge.DoStop, knowledge.DoPreview, knowledge.DoNow, knowledge.DoResume, knowledge.DoUndo, knowledge.DoList:
		w.N = rapid.IntRange(0, 99).Draw(t, "n")
	case knowledge.DoZone:
		w.Zone = rapid.SampledFrom([]string{"America/Santiago", "America/Argentina/San_Juan", "Europe/London", "UTC", "Asia/Ho_Chi_Minh"}).Draw(t, "zone")
	case knowledge.DoQuiet:
		if some("hours") {
			w.From, w.At = drawClock(t, "from"), drawClock(t, "till")
			w.Unfit = w.From == w.At
		}
	case knowledge.DoEmpty, knowledge.DoEditors:
		w.Switch = some("switch")
	}
	if w.Unfit {
		w.From, w.At = 0, 0
	}
	return w
}

func drawSchedule(t *rapid.T, w *knowledge.Order) {
	w.Every = rapid.SampledFrom([]knowledge.Rhythm{"", knowledge.Daily, knowledge.Weekly, knowledge.Monthly}).Draw(t, "every")
	switch w.Every {
	case knowledge.Weekly:
		for d := time.Sunday; d <= time.Saturday; d++ {
			if rapid.Bool().Draw(t, d.String()) {
				w.Days = append(w.Days, d)
			}
		}
	case knowledge.Monthly:
		w.Day = rapid.IntRange(0, 31).Draw(t, "day")
	case knowledge.Daily:
	}
	if rapid.Bool().Draw(t, "at an hour") {
		w.At = drawClock(t, "at")
	}
	if rapid.IntRange(0, 4).Draw(t, "zone") == 0 && (w.Every != "" || w.At != 0) {
		w.Zone = "America/Santiago"
	}
	if w.Every != "" && w.Zone == "" && rapid.IntRange(0, 4).Draw(t, "numbered") == 0 { // a number and a zone are not read together
		w.N = rapid.IntRange(1, 99).Draw(t, "n")
	}
	w.Unfit = rapid.IntRange(0, 9).Draw(t, "unfit") == 0
	if w.Unfit {
		w.At, w.Zone = 0, ""
	}
}

// Buttons carry orders in their short form, which means the same whatever the language of who presses them.
func TestOrdersReadBack(t *testing.T) {
	r := newReader(t)
	members, groups := notPoles(), slices.DeleteFunc(slices.Clone(groupIDs), func(id string) bool { return id == "mexico" || id == "brazil" })
	rapid.Check(t, func(t *rapid.T) {
		q := knowledge.Query{Today: today, Page: 1, Intent: rapid.SampledFrom([]knowledge.Intent{knowledge.IntentDigest, knowledge.IntentWatch}).Draw(t, "intent")}
		q.Order = drawOrder(t, q.Intent)
		q.Countries = rapid.SliceOfNDistinct(rapid.SampledFrom(members), 0, 8, rapid.ID).Draw(t, "countries")
		if rapid.Bool().Draw(t, "group") {
			q.Group = knowledge.GroupID(rapid.SampledFrom(groups).Draw(t, "group"))
		}
		if q.Order.Do == knowledge.DoZone { // of the channel, whatever it hears of
			q.Countries, q.Group = nil, ""
		}
		command := bot.Canonical(q)
		for _, locale := range append(slices.Clone(knowledge.OtherLanguages), "en", "") {
			if diff := cmp.Diff(q, r.ReadFrom(command, locale, today).Query, cmpopts.EquateEmpty()); diff != "" {
				t.Fatalf("%q in %q (-asked +read):\n%s", command, locale, diff)
			}
		}
	})
}

// The commands of buttons stay short.
func TestOrdersOfButtonsAreShort(t *testing.T) {
	r := newReader(t)
	for _, command := range []string{
		"digest stop 2", "digest undo", "digest pause until 2026-12-07", "watch ARG", "watch stop ARG", "digest resume 12", "digest quiet off",
		"digest zone America/Argentina/ComodRivadavia", "digest weekly mon 09:00 southern cone", "digest weekdays 08:00 ARG", "watch everything",
	} {
		for _, locale := range knowledge.OtherLanguages {
			q := r.ReadFrom(command, locale, today).Query
			if got := bot.Canonical(q); got != command || len(got) > 64 {
				t.Errorf("%q in %s is %q", command, locale, got)
			}
		}
	}
}

// checkOrder holds what is true of the order of every question.
func checkOrder(t *testing.T, text string, q knowledge.Query) {
	t.Helper()
	if wants := q.Intent == knowledge.IntentDigest || q.Intent == knowledge.IntentWatch; wants != (q.Order != nil) {
		t.Errorf("%q asks for %s with the order %v", text, q.Intent, q.Order)
	}
	w := q.Order
	if w == nil {
		return
	}
	if !slices.Contains(everyDoing, w.Do) || !slices.IsSorted(w.Days) || w.Day < 0 || w.Day > 31 || w.N < 0 || w.For < 0 {
		t.Errorf("%q has the order %+v", text, w)
	}
	if _, err := time.LoadLocation(w.Zone); err != nil || strings.Contains(w.Zone, "..") {
		t.Errorf("%q is for the zone %q: %v", text, w.Zone, err)
	}
	if !w.Unfit && (len(w.Days) > 0 && w.Every != knowledge.Weekly || w.Day > 0 && w.Every != knowledge.Monthly) {
		t.Errorf("%q has the days %v and %d in %q", text, w.Days, w.Day, w.Every)
	}
}

// Whatever stands behind the commands, the order is written and read back as it was.
func FuzzOrders(f *testing.F) {
	r := newReader(f)
	for _, seed := range []string{
		"", "weekly mon 09:00 southern cone", "monthly 31 8pm", "pause until 3/12 9h30", "pause 1h30", "zone utc-3", "zone santiago de chile",
		"quiet 22-7", "quiet off", "stop 2", "each day at noon except monday", "по средам в 9", "cada lunes a las 9 y media", "todo dia 15 às 25h",
		"每周五下午5点半", "mon-thu and sun 0930", "until until 31 february", "9:30:00.5 am pm", "no", "half past past half 12", "empty on off",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, word := range []string{"digest ", "watch ", "boletín ", "bulletin ", "boletim ", "дайджест ", "摘要 "} {
			q := r.Read(word+text, today).Query
			checkOrder(t, word+text, q)
			if q.Misread != nil || q.Order == nil {
				continue
			}
			command := bot.Canonical(q)
			if diff := cmp.Diff(q.Order, r.Read(command, today).Query.Order, cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("%q is %q, and reads back as another (-first +second):\n%s", word+text, command, diff)
			}
		}
	})
}
