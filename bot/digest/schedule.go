package digest

import (
	"slices"
	"sync"
	"time"

	"stancebot/knowledge"
)

// A Schedule is when a digest comes, by the clock of a place.
type Schedule struct {
	Every knowledge.Rhythm `json:"every"`
	Days  []time.Weekday   `json:"days,omitempty"` // of a weekly one
	Day   int              `json:"day,omitempty"`  // of a monthly one: in shorter months, their last
	At    knowledge.Clock  `json:"at"`
	Zone  string           `json:"zone"` // as the IANA names it
}

// zones are those that were looked up: there are some hundred, and to look one up reads a file.
var zones sync.Map // *time.Location by name

// location is the zone of a schedule. It was known when it was set; one that no longer is counts as UTC.
func location(name string) *time.Location {
	known, _ := zones.Load(name)
	if zone, ok := known.(*time.Location); ok {
		return zone
	}
	zone, err := time.LoadLocation(name)
	if err != nil {
		return time.UTC
	}
	zones.Store(name, zone)
	return zone
}

// Next returns the first time behind another at which a digest is due. Once on each of its days: at an hour that a clock leaves
// out when it is put forward, as soon as it has been; at one that it shows twice, the first time.
func (s *Schedule) Next(after time.Time) time.Time {
	zone := location(s.Zone)
	y, m, d := after.In(zone).Date()
	for i := 0; ; i++ { // a year holds each of them
		day := time.Date(y, m, d+i, 12, 0, 0, 0, time.UTC)
		if !s.on(day) {
			continue
		}
		if at := clockOn(day, s.At, zone); at.After(after) {
			return at
		}
	}
}

// Previous returns the last time before another at which a digest was due.
func (s *Schedule) Previous(before time.Time) time.Time {
	zone := location(s.Zone)
	y, m, d := before.In(zone).Date()
	for i := 0; ; i-- {
		day := time.Date(y, m, d+i, 12, 0, 0, 0, time.UTC)
		if !s.on(day) {
			continue
		}
		if at := clockOn(day, s.At, zone); at.Before(before) {
			return at
		}
	}
}

// on reports whether a day is one of the schedule.
func (s *Schedule) on(day time.Time) bool {
	switch s.Every {
	case knowledge.Weekly:
		return slices.Contains(s.Days, day.Weekday())
	case knowledge.Monthly:
		last := day.AddDate(0, 0, 1).Day() == 1
		return day.Day() == s.Day || last && day.Day() < s.Day
	case knowledge.Daily:
	}
	return true
}

// clockOn returns when a clock in a zone first shows a time on a day, or has passed it.
func clockOn(day time.Time, at knowledge.Clock, zone *time.Location) time.Time {
	minutes, _ := at.Minutes()
	wall := time.Date(day.Year(), day.Month(), day.Day(), 0, minutes, 0, 0, time.UTC)
	shown := func(t time.Time) time.Time { // what the clock shows, as if it were UTC
		_, offset := t.In(zone).Zone()
		return t.Add(time.Duration(offset) * time.Second).UTC()
	}
	// Clocks are put on by a day at most. The first moment that shows the time or more lies between.
	from, to := wall.Add(-36*time.Hour), wall.Add(36*time.Hour)
	_, first := from.In(zone).Zone()
	if t := wall.Add(-time.Duration(first) * time.Second); shown(t).Equal(wall) {
		return t.In(zone)
	}
	for to.Sub(from) > time.Second {
		middle := from.Add(to.Sub(from) / 2).Truncate(time.Second)
		if shown(middle).Before(wall) {
			from = middle
		} else {
			to = middle
		}
	}
	return to.In(zone)
}
