package jobs

import "time"

// Hourly is due at each full hour, in UTC.
func Hourly(after time.Time) time.Time { return after.Truncate(time.Hour).Add(time.Hour) }

// Daily returns a schedule that is due each day at a time of the clock in a zone: once also on a day on which the clock shows
// that time twice, and at the first instant after the gap on a day on which it does not show it.
func Daily(hour, minute int, zone *time.Location) func(after time.Time) time.Time {
	return func(after time.Time) time.Time {
		y, m, d := after.In(zone).Date()
		for ; ; d++ {
			if at := on(y, m, d, hour, minute, zone); at.After(after) {
				return at
			}
		}
	}
}

// on returns the first instant at which the clock of the zone shows the time, or the end of the gap that leaves it out.
func on(y int, m time.Month, d, hour, minute int, zone *time.Location) time.Time {
	at := time.Date(y, m, d, hour, minute, 0, 0, zone)
	start, end := at.ZoneBounds()
	if at.Hour() != hour || at.Minute() != minute { // in a gap, Date goes by the offset of either side
		if !start.IsZero() && at.Sub(start) < 24*time.Hour && (end.IsZero() || at.Sub(start) < end.Sub(at)) {
			return start
		}
		return end
	}
	if !start.IsZero() { // the same time by the offset before, if that one still held
		_, offset := at.Zone()
		_, before := start.Add(-time.Nanosecond).Zone()
		if earlier := at.Add(time.Duration(offset-before) * time.Second); earlier.Before(start) {
			return earlier
		}
	}
	return at
}
