package digest_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"stancebot/bot"
	"stancebot/bot/digest"
	"stancebot/bot/phrases"
	"stancebot/knowledge"
	"stancebot/knowledge/ledger"
)

func TestRhythmsAndTimes(t *testing.T) {
	weekly := func(days ...time.Weekday) digest.Schedule {
		return digest.Schedule{Every: knowledge.Weekly, Days: days, At: knowledge.ClockAt(9, 0), Zone: "America/Santiago"}
	}
	tests := []struct {
		language, want string
		schedule       digest.Schedule
	}{
		{"en", "Weekly on Mondays at 09:00, America/Santiago", weekly(time.Monday)},
		{"en", "Weekly on Mondays, Sundays at 09:00, America/Santiago", weekly(time.Sunday, time.Monday)},
		{"en", "Monday to Friday at 09:00, America/Santiago", weekly(time.Monday, time.Tuesday, time.Wednesday, time.Thursday, time.Friday)},
		{"en", "Every day at 18:30, UTC", digest.Schedule{Every: knowledge.Daily, At: knowledge.ClockAt(18, 30), Zone: "UTC"}},
		{"en", "Monthly on day 31 at 09:00, UTC", digest.Schedule{Every: knowledge.Monthly, Day: 31, At: knowledge.ClockAt(9, 0), Zone: "UTC"}},
		{"es", "Cada semana, los lunes, los jueves, a las 09:00, America/Santiago", weekly(time.Monday, time.Thursday)},
		{"fr", "Chaque semaine, le lundi, à 09:00, America/Santiago", weekly(time.Monday)},
		{"pt", "De segunda a sexta às 09:00, America/Santiago", weekly(time.Monday, time.Tuesday, time.Wednesday, time.Thursday, time.Friday)},
		{"ru", "Еженедельно по понедельникам в 09:00, America/Santiago", weekly(time.Monday)},
		{"zh", "每周一、周四09:00，America/Santiago", weekly(time.Thursday, time.Monday)},
	}
	for _, tt := range tests {
		if got := digest.SayRhythm(phrases.In(tt.language), &tt.schedule); got != tt.want {
			t.Errorf("%s: %s", tt.language, got)
		}
	}
	at := time.Date(2026, 12, 1, 1, 30, 0, 0, time.UTC) // the evening before, in Chile
	for language, want := range map[string]string{
		"en": "Monday 30 Nov 2026 at 22:30, America/Santiago", "es": "el lunes 30 nov. 2026 a las 22:30, America/Santiago",
		"fr": "le 30 novembre 2026 (lundi) à 22:30, America/Santiago", "pt": "segunda-feira, 30 nov. 2026, às 22:30, America/Santiago",
		"ru": "понедельник, 30 ноя. 2026, 22:30, America/Santiago", "zh": "2026年11月30日（星期一）22:30，America/Santiago",
	} {
		if got := digest.SayTime(phrases.In(language), at, "America/Santiago"); got != want {
			t.Errorf("%s: %s", language, got)
		}
	}
}

func TestWhatAFilterIsCalled(t *testing.T) {
	p := phrases.In("en")
	for _, tt := range []struct {
		f    digest.Filter
		want string
	}{
		{digest.Filter{}, "all countries"},
		{digest.Filter{Group: "southern_cone"}, "the Southern Cone"},
		{digest.Filter{Countries: []knowledge.Country{"ARG"}}, "Argentina"},
		{digest.Filter{Countries: []knowledge.Country{"PER", "ARG", "CHL", "BOL", "URY"}}, "Argentina, Bolivia, Chile and 2 more"},
	} {
		if got := digest.SayFilter(p, tt.f); got != tt.want {
			t.Errorf("%+v: %s", tt.f, got)
		}
	}
}

// How a notice leads on: by commands that fit a button, whatever it is about.
func TestHowItIsStopped(t *testing.T) {
	n := newNewsroom(t)
	n.record(t, "", label("ARG", knowledge.Neutral, 2026_11_20, ""))
	many := []knowledge.Country{"ARG", "BOL", "BRA", "CHL", "COL", "CRI", "CUB", "DOM", "ECU", "GTM", "HND", "MEX", "NIC", "PAN", "PER", "PRY"}
	tests := []struct {
		name   string
		change func(o *digest.Occasion)
		want   []string
	}{
		{"a digest", func(*digest.Occasion) {}, []string{"digest stop", "digest pause until 2026-12-07", "digest list"}},
		{"one that was paused for good", func(o *digest.Occasion) { o.Subscription.Paused = digest.Forever }, []string{"digest stop", "digest list"}},
		{"a watch on a country", func(o *digest.Occasion) {
			o.Subscription.Kind, o.Subscription.About = digest.Watch, digest.Filter{Countries: []knowledge.Country{"ARG"}}
		}, []string{"unwatch ARG"}},
		{"a watch on a group", func(o *digest.Occasion) {
			o.Subscription.Kind, o.Subscription.About = digest.Watch, digest.Filter{Group: "southern_cone"}
		}, []string{"unwatch southern cone"}},
		{"a watch on many", func(o *digest.Occasion) {
			o.Subscription.Kind, o.Subscription.About = digest.Watch, digest.Filter{Countries: many}
		}, []string{"watches"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			o := n.occasion(t, digest.Filter{}, 0)
			tt.change(o)
			r := n.Compose(o).Summary
			choices, _ := r.Blocks[len(r.Blocks)-1].(bot.Choices)
			var got []string
			for _, c := range choices.Items {
				got = append(got, c.Command)
			}
			if !slices.Equal(got, tt.want) {
				t.Errorf("%q", got)
			}
		})
	}
}

// What the channel was alerted of comes last and short, and a preview is for one alone.
func TestAlertedAndPreviewed(t *testing.T) {
	n := newNewsroom(t)
	n.record(t, "", label("ARG", knowledge.Neutral, 2026_11_20, "talks"), ledger.Measure{Country: "PER", Measure: "visa_free_with_russia", From: 2026_11_00, Source: page})
	o := n.occasion(t, digest.Filter{}, 0)
	o.Alerted, o.Preview = map[int64]bool{1: true}, true
	notice := n.Compose(o)
	if !notice.Summary.Private {
		t.Error("a preview is for all")
	}
	said := strings.Split(notice.Summary.Text(), "\n")
	if said[0] != "Preview, seen by you alone: Peru · visa-free with Russia, from Nov 2026" ||
		said[2] != "  Already alerted: Argentina toward Russia: now “neutral”, was “leans against” [D-1, ARG-03, ARG-10]" {
		t.Errorf("%q", said)
	}
	o.Alerted[2] = true
	if heading := n.Compose(o).Summary.Blocks[0]; heading != (bot.Heading{Text: "Preview, seen by you alone: 2 changes, all already alerted"}) {
		t.Errorf("%+v", heading)
	}
}
