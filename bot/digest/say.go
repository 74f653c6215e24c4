package digest

import (
	"slices"
	"strconv"
	"time"

	"stancebot/bot"
	"stancebot/bot/phrases"
	"stancebot/knowledge"
)

// filterNames is how many countries of a filter are named.
const filterNames = 3

// SayFilter says what a subscription is about.
func SayFilter(p *phrases.Catalogue, f Filter) string {
	switch {
	case f.Group != "":
		return p.Group(f.Group)
	case len(f.Countries) > 0:
		return bot.SayCountries(p, f.Countries, filterNames)
	}
	return p.Say("digest.scope.all")
}

// workdays are those that many digests come on.
var workdays = []time.Weekday{time.Monday, time.Tuesday, time.Wednesday, time.Thursday, time.Friday}

// SayRhythm says how often a digest comes, at which hour and by which zone.
func SayRhythm(p *phrases.Catalogue, s *Schedule) string {
	days := slices.Clone(s.Days)
	slices.SortFunc(days, func(a, b time.Weekday) int { return int(a+6)%7 - int(b+6)%7 }) // from Monday
	names := make([]string, len(days))
	for i, d := range days {
		names[i] = p.Say("weekday.each." + strconv.Itoa(int(d)))
	}
	key := "digest.rhythm." + string(s.Every)
	if s.Every == knowledge.Weekly && slices.Equal(days, workdays) {
		key = "digest.rhythm.workdays"
	}
	return p.Say(key, "time", s.At.String(), "days", p.List(names), "day", s.Day, "zone", s.Zone)
}

// SayTime says a time with its weekday, date, hour and zone.
func SayTime(p *phrases.Catalogue, at time.Time, zone string) string {
	return p.Say("digest.time", "moment", sayMoment(p, at, zone), "zone", zone)
}

// sayMoment is SayTime where the zone is told already.
func sayMoment(p *phrases.Catalogue, at time.Time, zone string) string {
	at = at.In(location(zone))
	day := p.Say("weekday." + strconv.Itoa(int(at.Weekday())))
	return p.Say("digest.moment", "weekday", day, "date", knowledge.DayOf(at), "time", at.Format("15:04"))
}
