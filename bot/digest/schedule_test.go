package digest_test

import (
	"testing"
	"time"

	"stancebot/bot/digest"
	"stancebot/knowledge"
)

// Each time a digest is due, by the clock of its place.
func TestSchedules(t *testing.T) {
	daily := func(hour, minute int, zone string) digest.Schedule {
		return digest.Schedule{Every: knowledge.Daily, At: knowledge.ClockAt(hour, minute), Zone: zone}
	}
	weekly := func(zone string, days ...time.Weekday) digest.Schedule {
		return digest.Schedule{Every: knowledge.Weekly, Days: days, At: knowledge.ClockAt(9, 0), Zone: zone}
	}
	monthly := func(day int) digest.Schedule {
		return digest.Schedule{Every: knowledge.Monthly, Day: day, At: knowledge.ClockAt(8, 0), Zone: "Europe/Moscow"}
	}
	for _, tt := range []struct {
		name     string
		schedule digest.Schedule
		after    string
		want     []string
	}{
		{"each day", daily(7, 30, "America/Argentina/Buenos_Aires"), "2026-11-25T10:00:00Z", []string{"2026-11-25T10:30:00Z", "2026-11-26T10:30:00Z"}},
		{"at the minute itself", daily(7, 30, "UTC"), "2026-11-25T07:30:00Z", []string{"2026-11-26T07:30:00Z"}},
		{"no midnight in Santiago", daily(0, 0, "America/Santiago"), "2026-09-05T12:00:00Z", []string{"2026-09-06T04:00:00Z", "2026-09-07T03:00:00Z"}},
		{"nor half past", daily(0, 30, "America/Santiago"), "2026-09-05T12:00:00Z", []string{"2026-09-06T04:00:00Z", "2026-09-07T03:30:00Z"}},
		{"twice midnight's hour in Santiago", daily(23, 30, "America/Santiago"), "2026-04-04T12:00:00Z", []string{"2026-04-05T02:30:00Z", "2026-04-06T03:30:00Z"}},
		{"no half past two in New York", daily(2, 30, "America/New_York"), "2026-03-08T00:00:00Z", []string{"2026-03-08T07:00:00Z", "2026-03-09T06:30:00Z"}},
		{"twice half past one in New York", daily(1, 30, "America/New_York"), "2026-11-01T00:00:00Z", []string{"2026-11-01T05:30:00Z", "2026-11-02T06:30:00Z"}},
		{"behind the first of the two", daily(1, 30, "America/New_York"), "2026-11-01T05:30:00Z", []string{"2026-11-02T06:30:00Z"}},
		{"half an hour on Lord Howe", daily(2, 15, "Australia/Lord_Howe"), "2026-10-03T10:00:00Z", []string{"2026-10-03T15:30:00Z", "2026-10-04T15:15:00Z"}},
		{"a day that Samoa left out", daily(9, 0, "Pacific/Apia"), "2011-12-29T12:00:00Z", []string{"2011-12-29T19:00:00Z", "2011-12-30T10:00:00Z", "2011-12-30T19:00:00Z"}},
		{"on Mondays", weekly("America/Lima", time.Monday), "2026-11-25T00:00:00Z", []string{"2026-11-30T14:00:00Z", "2026-12-07T14:00:00Z"}},
		{"on two days", weekly("Asia/Shanghai", time.Sunday, time.Thursday), "2026-11-25T00:00:00Z", []string{"2026-11-26T01:00:00Z", "2026-11-29T01:00:00Z"}},
		{"on the 15th", monthly(15), "2026-11-25T00:00:00Z", []string{"2026-12-15T05:00:00Z", "2027-01-15T05:00:00Z"}},
		{"on the 31st", monthly(31), "2026-11-25T00:00:00Z", []string{"2026-11-30T05:00:00Z", "2026-12-31T05:00:00Z", "2027-01-31T05:00:00Z", "2027-02-28T05:00:00Z"}},
		{"a zone that there is not", daily(9, 0, "Nowhere/City"), "2026-11-25T10:00:00Z", []string{"2026-11-26T09:00:00Z"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			at, err := time.Parse(time.RFC3339, tt.after)
			if err != nil {
				t.Fatal(err)
			}
			for _, want := range tt.want {
				before := at
				at = tt.schedule.Next(at)
				if got := at.UTC().Format(time.RFC3339); got != want {
					t.Fatalf("next is %s, want %s", got, want)
				}
				if previous := tt.schedule.Previous(at.Add(time.Second)); !previous.Equal(at) {
					t.Errorf("before %s it was due at %s", at.Add(time.Second), previous)
				}
				if previous := tt.schedule.Previous(at); previous.After(before) {
					t.Errorf("between %s and %s it was due at %s", before, at, previous)
				}
			}
		})
	}
}

// Whatever the zone and the hour, a digest comes once on each day of its place, in order, and not before its hour.
func TestADigestComesOnceADayEverywhere(t *testing.T) {
	for _, zone := range []string{"America/Santiago", "America/New_York", "Africa/Cairo", "Africa/Casablanca", "Asia/Tehran", "Australia/Lord_Howe", "Pacific/Chatham", "Europe/Dublin"} {
		loc, err := time.LoadLocation(zone)
		if err != nil {
			t.Fatal(err)
		}
		for minutes := 0; minutes < 24*60; minutes += 15 {
			s := digest.Schedule{Every: knowledge.Daily, At: knowledge.ClockAt(minutes/60, minutes%60), Zone: zone}
			at := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
			last := knowledge.DayOf(s.Next(at).In(loc))
			for at = s.Next(at); at.Year() < 2027; {
				at = s.Next(at)
				day := knowledge.DayOf(at.In(loc))
				if want := knowledge.DayOf(last.Time().AddDate(0, 0, 1)); day != want {
					t.Fatalf("%s %s: after %s comes %s", zone, s.At, last, at.In(loc))
				}
				if local := at.In(loc); local.Hour()*60+local.Minute() < minutes {
					t.Fatalf("%s %s: it comes at %s", zone, s.At, local)
				}
				last = day
			}
		}
	}
}
