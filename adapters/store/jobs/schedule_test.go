package jobs_test

import (
	"testing"
	"time"
	_ "time/tzdata"

	"stancebot/adapters/store/jobs"
)

func TestDailyIsOnceADayByTheClockOfItsZone(t *testing.T) {
	for name, c := range map[string]struct {
		zone         string
		hour, minute int
		after        string
		want         []string
	}{
		"an ordinary day":        {"America/Lima", 6, 0, "2026-11-23T05:59:59-05:00", []string{"2026-11-23T06:00:00-05:00", "2026-11-24T06:00:00-05:00"}},
		"its very moment":        {"America/Lima", 6, 0, "2026-11-23T06:00:00-05:00", []string{"2026-11-24T06:00:00-05:00"}},
		"another zone's day":     {"America/Lima", 23, 0, "2026-11-24T03:30:00Z", []string{"2026-11-23T23:00:00-05:00"}},
		"a time left out":        {"America/New_York", 2, 30, "2026-03-07T12:00:00-05:00", []string{"2026-03-08T03:00:00-04:00", "2026-03-09T02:30:00-04:00"}},
		"a time twice":           {"America/New_York", 1, 30, "2026-10-31T12:00:00-04:00", []string{"2026-11-01T01:30:00-04:00", "2026-11-02T01:30:00-05:00"}},
		"a time twice, from it":  {"America/New_York", 1, 30, "2026-11-01T01:30:00-04:00", []string{"2026-11-02T01:30:00-05:00"}},
		"no midnight":            {"America/Santiago", 0, 0, "2026-09-05T12:00:00-04:00", []string{"2026-09-06T01:00:00-03:00", "2026-09-07T00:00:00-03:00"}},
		"late, twice":            {"America/Santiago", 23, 30, "2026-04-04T12:00:00-03:00", []string{"2026-04-04T23:30:00-03:00", "2026-04-05T23:30:00-04:00"}},
		"a day that was skipped": {"Pacific/Apia", 12, 0, "2011-12-29T13:00:00-10:00", []string{"2011-12-31T12:00:00+14:00", "2012-01-01T12:00:00+14:00"}},
		"the end of a month":     {"UTC", 0, 0, "2026-12-31T23:59:00Z", []string{"2027-01-01T00:00:00Z"}},
	} {
		t.Run(name, func(t *testing.T) {
			zone, err := time.LoadLocation(c.zone)
			if err != nil {
				t.Fatal(err)
			}
			at, err := time.Parse(time.RFC3339, c.after)
			if err != nil {
				t.Fatal(err)
			}
			next := jobs.Daily(c.hour, c.minute, zone)
			for _, want := range c.want {
				if at = next(at); at.Format(time.RFC3339) != want {
					t.Errorf("got %s, want %s", at.Format(time.RFC3339), want)
				}
			}
		})
	}
}

func TestHourly(t *testing.T) {
	at := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	for _, after := range []time.Time{at, at.Add(time.Minute), at.Add(time.Hour - 1)} {
		if got := jobs.Hourly(after); !got.Equal(at.Add(time.Hour)) {
			t.Errorf("after %v comes %v", after, got)
		}
	}
}
