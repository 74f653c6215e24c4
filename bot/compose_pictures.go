package bot

import (
	"cmp"
	"slices"
	"strings"

	"stancebot/bot/phrases"
	"stancebot/knowledge"
)

// What a map, a card and a timeline show is said in words, too: a reply is complete without its picture.

// card says where a country stands, or compares several.
func (c *composer) card(a *knowledge.Answer) {
	switch {
	case a.Group != nil:
		c.mapped(a)
	case a.Query.Compares():
		c.compare(a)
	default:
		c.stance(a)
	}
}

// mapped says a map: under each label of each axis who bears it.
func (c *composer) mapped(a *knowledge.Answer) {
	c.heading(c.mapHeading(a))
	covered := 0
	for _, axis := range axesShown(a) {
		for _, b := range bearers(a, axis) {
			c.row(c.say("map.row", "axis", upperFirst(c.axis(axis)), "label", c.labelInFull(b.label), "n", len(b.countries), "countries", c.p.Sorted(b.countries)), b.claims...)
		}
	}
	var unlabelled []knowledge.Country
	for i := range a.Stances {
		if labelled(&a.Stances[i]) {
			covered++
		} else {
			unlabelled = append(unlabelled, a.Stances[i].Country)
		}
	}
	if covered > 0 {
		c.articleBasis(a)
		c.staleCountries(a, "map.stale")
	}
	c.unlabelledOf(unlabelled)
	c.names(&a.Query)
	c.more(mapLeads(a)...)
}

// unlabelledOf names those for whom there is no label.
func (c *composer) unlabelledOf(countries []knowledge.Country) {
	switch n := len(countries); n {
	case 0:
	case 1:
		c.own(c.say("stance.notcovered", "country", countries[0]))
	default:
		shown := countries[:min(n, maxMissingNames)]
		text := upperFirst(c.say("map.unlabelled", "n", n, "countries", c.p.Sorted(shown)))
		if n > len(shown) {
			text += c.say("source.more", "n", n-len(shown))
		}
		c.own(text)
	}
}

// mapHeading names what a map shows, and of how many of those it knows a label.
func (c *composer) mapHeading(a *knowledge.Answer) string {
	if a.Group != nil {
		return c.groupHeading(a)
	}
	text := c.say("map.heading", "countries", c.p.Countries(a.Countries))
	if a.Query.AsOf != 0 && a.Query.AsOf != a.Query.Today {
		text = c.say("group.heading.on", "date", a.On, "heading", text)
	}
	return text
}

// bearing is a label with those who bear it, and what it rests on.
type bearing struct {
	label     knowledge.Labelled
	countries []knowledge.Country
	claims    []string
}

// bearers sorts the countries of an answer by their labels on an axis, the label of most first. A label that the article gives, one
// that is our reading, and one of the desk are not the same, and neither are contested ones with other readings.
func bearers(a *knowledge.Answer, axis knowledge.Axis) []bearing {
	var found []bearing
	for i := range a.Stances {
		for _, l := range a.Stances[i].Labels {
			if l.Axis != axis || l.Assessment == nil {
				continue
			}
			at := slices.IndexFunc(found, func(b bearing) bool { return sameLabel(b.label, l) })
			if at < 0 {
				at = len(found)
				found = append(found, bearing{label: l})
			}
			found[at].countries = append(found[at].countries, a.Stances[i].Country)
			found[at].claims = append(found[at].claims, l.Assessment.Claims...)
		}
	}
	slices.SortStableFunc(found, func(x, y bearing) int { return cmp.Compare(len(y.countries), len(x.countries)) })
	return found
}

func sameLabel(a, b knowledge.Labelled) bool {
	return a.Label() == b.Label() && a.Basis() == b.Basis() && slices.Equal(a.Assessment.Of, b.Assessment.Of)
}

// mapLeads are what a map leads to: each axis alone, and the list of the group.
func mapLeads(a *knowledge.Answer) []knowledge.Query {
	q := knowledge.Query{Intent: knowledge.IntentMap, Group: a.Query.Group, AsOf: a.Query.AsOf, KnownAt: a.Query.KnownAt}
	if a.Group == nil {
		q.Countries = a.Countries
	}
	var next []knowledge.Query
	for _, axis := range knowledge.Axes {
		if axis != a.Query.Axis {
			on := q
			on.Axis = axis
			next = append(next, on)
		}
	}
	if a.Group == nil {
		return next
	}
	return append(next, knowledge.Query{Intent: knowledge.IntentGroup, Group: a.Query.Group, AsOf: a.Query.AsOf, KnownAt: a.Query.KnownAt})
}

// A moment is one row of a timeline.
type moment struct {
	on       knowledge.Day
	text     string
	receipts []string
}

// timeline says what has a date about one country, the newest first, and then what has none.
func (c *composer) timeline(a *knowledge.Answer) {
	if len(a.Stances) != 1 || a.Group != nil {
		c.shifts(a)
		return
	}
	moments := c.moments(a)
	c.heading(c.say("timeline.heading", "country", a.Countries[0], "n", len(moments), "scope", c.timelineScope(a)))
	for _, m := range moments {
		c.cites(m.receipts...)
	}
	for _, m := range paged(c, a, moments) {
		c.row(m.text, m.receipts...)
	}
	next := c.pageLine(a)
	if len(next) == 0 {
		c.shiftList("shifts.undated", a.Set.Undated)
		c.shiftList("shifts.continuity", a.Set.Continuities)
		c.shiftList("shifts.forecast", a.Set.Forecasts)
	} else {
		c.citesShifts(a.Set.Undated, a.Set.Continuities, a.Set.Forecasts)
	}
	if len(a.Shifts) > 0 {
		c.basedOn(c.say("shifts.basis", "date", a.Article.Published, "checked", a.CheckedTo), a.Shifts[0].ID)
	}
	if s := &a.Stances[0]; !s.Covered {
		c.own(c.say("stance.notcovered", "country", s.Country))
	}
	c.names(&a.Query)
	country := a.Countries[0]
	c.more(append(next, leadsOn(a.Query, knowledge.IntentStance, country), leadsOn(a.Query, knowledge.IntentShifts, country), leadsOn(a.Query, knowledge.IntentVotes, country))...)
}

func (c *composer) timelineScope(a *knowledge.Answer) string {
	var b strings.Builder
	if a.Query.Since != 0 {
		b.WriteString(c.say("shifts.scope.since", "date", a.Query.Since))
	}
	if a.Query.AsOf != 0 && a.Query.AsOf != a.Query.Today {
		b.WriteString(c.say("shifts.scope.on", "date", a.Query.AsOf))
	}
	return b.String()
}

// moments puts what has a date into one order, the newest first; of a period its start counts.
func (c *composer) moments(a *knowledge.Answer) []moment {
	var found []moment
	for _, sh := range a.Shifts {
		text := c.say("shifts.row", "country", sh.Country, "period", c.period(sh.Period), "from", phrases.English(sh.From), "to", phrases.English(sh.To), "cause", phrases.English(sh.Cause))
		found = append(found, moment{sh.Period.From.First(), text, []string{sh.ID}})
	}
	for _, r := range a.Relabels {
		found = append(found, moment{r.To.Since, c.relabelText(r), slices.Concat(r.To.Claims, r.From.Claims)})
	}
	for _, e := range a.Events {
		found = append(found, moment{e.On.First(), c.say("timeline.event", "date", e.On, "text", eventText(e)), []string{e.ID}})
	}
	for _, v := range a.Votes {
		found = append(found, moment{v.Call.Date, c.voteText(a, v), []string{v.Call.ID}})
	}
	slices.SortStableFunc(found, func(x, y moment) int { return cmp.Compare(y.on, x.on) })
	return found
}
