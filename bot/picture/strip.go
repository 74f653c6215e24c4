package picture

import (
	"slices"
	"strconv"
	"strings"

	"stancebot/bot/phrases"
	"stancebot/knowledge"
)

// namedVotes is how many countries a picture of a roll call shows by name at most; of more it shows the codes.
const namedVotes = 40

// maxNamed is how many countries the text beside a picture names in one position before it counts the rest.
const maxNamed = 40

// drawVotes draws one roll call: who took which position, with the tally's sum.
func drawVotes(s *sheet) {
	a, r := s.a, s.a.RollCall
	s.head(votesTitle(a, s.p), s.say("draw.votes.text", "text", symbolText(s.p, r), "date", r.Date, "title", phrases.Text{English: r.Title, InOthers: r.Titles}))
	for _, position := range []knowledge.Position{knowledge.Yes, knowledge.No, knowledge.Abstain, knowledge.Absent, ""} {
		s.side(position)
	}
	keys := s.cornerKeys(a.Votes)
	if slices.ContainsFunc(a.Votes, func(v knowledge.Vote) bool { return knowledge.AxisOf(v.Country) != "" }) {
		keys = append(keys, key{paint: func(box Rect) []Mark { return ballot{position: knowledge.Absent, framed: true}.box(box.Grown(-4)) }, text: s.say("draw.votes.poles")})
	}
	s.y = s.legend(keys, s.y+6)
	for _, text := range s.votesNotes() {
		s.y = s.write(text, smallStyle, margin, s.y+2, s.inner())
	}
	s.Alt = s.votesAlt()
	s.close(s.footOf(s.say("draw.source.votes")), cardHeight)
}

// symbolText says the symbol of a text, or that it was not read.
func symbolText(p *phrases.Catalogue, r *knowledge.RollCall) string {
	if r.Unnumbered {
		return p.Say("votes.unnumbered")
	}
	return r.ID
}

// votesTitle says the tally: of all members, or of a group's.
func votesTitle(a *knowledge.Answer, p *phrases.Catalogue) string {
	if a.Group == nil {
		return upperFirst(tallyText(p, a.RollCall.Tally))
	}
	var t knowledge.Tally
	for _, v := range a.Votes {
		switch v.Position {
		case knowledge.Yes:
			t.Yes++
		case knowledge.No:
			t.No++
		case knowledge.Abstain:
			t.Abstain++
		case knowledge.Absent:
			t.Absent++
		}
	}
	return upperFirst(p.Say("draw.votes.of", "group", p.Group(a.Group.Group.ID), "tally", tallyText(p, t)))
}

// proof is the arithmetic of a tally.
func proof(t knowledge.Tally) string {
	var parts []string
	for _, position := range knowledge.Positions {
		parts = append(parts, strconv.Itoa(t.Of(position)))
	}
	return strings.Join(parts, " + ") + " = " + strconv.Itoa(t.Sum())
}

// votesNotes say what the sum is, what a Yes means, and what was not recovered.
func (s *sheet) votesNotes() []string {
	r := s.a.RollCall
	notes := []string{s.say("resolution.proof", "sum", proof(r.Tally)), s.say("resolution.meaning." + string(r.Meaning))}
	if r.Partial {
		notes = append(notes, s.say("resolution.partial", "n", len(s.a.Votes), "of", r.Tally.Sum()))
	}
	return notes
}

// sideOf are the votes in a position, by the names of the countries.
func (s *sheet) sideOf(position knowledge.Position) []knowledge.Vote {
	var countries []knowledge.Country
	of := map[string]knowledge.Vote{}
	for _, v := range s.a.Votes {
		if v.Position == position {
			countries = append(countries, v.Country)
			of[s.p.Country(v.Country)] = v
		}
	}
	votes := make([]knowledge.Vote, 0, len(countries))
	for _, name := range s.p.SortedNames(countries) {
		votes = append(votes, of[name])
	}
	return votes
}

// side draws the countries that took a position, below its count.
func (s *sheet) side(position knowledge.Position) {
	votes := s.sideOf(position)
	if len(votes) == 0 {
		return
	}
	name := s.say("votes.unread")
	if position != "" {
		name = s.say("position." + string(position))
	}
	s.Add(ballot{position: position}.marks(Rect{margin, s.y + 2, swatch, swatch})...)
	s.y = s.write(s.say("draw.value", "subject", upperFirst(name), "value", s.counted(position, len(votes))), strongStyle, margin+swatch+14, s.y, s.inner()-swatch-14) + 8
	const high, gap = 42.0, 8.0
	texts, widths := make([]string, len(votes)), make([]float64, len(votes))
	for i, v := range votes {
		texts[i], widths[i] = string(v.Country), 66
		if len(s.a.Votes) <= namedVotes {
			texts[i] = s.p.Country(v.Country)
			widths[i] = Measure(texts[i], smallSize, Regular) + 30
		}
	}
	at, rows := flow(widths, margin, s.y, s.inner(), gap, high+gap)
	for i, v := range votes {
		b := ballotOf(v)
		box := Rect{at[i].X, at[i].Y, widths[i], high}
		if b.framed = knowledge.AxisOf(v.Country) != ""; b.framed {
			box = box.Grown(-4)
		}
		s.Add(b.box(box)...)
		s.Add(Text{X: box.Centre().X, Y: box.Centre().Y + 0.36*smallSize, Text: texts[i], Size: smallSize, Anchor: Middle, Colour: inkOn(positionColours[v.Position])})
	}
	s.y += float64(rows)*(high+gap) + 12
}

// counted says how many took a position and, where the roll call was not recovered, of how many.
func (s *sheet) counted(position knowledge.Position, n int) any {
	if r := s.a.RollCall; r.Partial && s.a.Group == nil && position != "" {
		return s.say("draw.votes.known", "n", n, "of", r.Tally.Of(position))
	}
	return n
}

// votesAlt says who took which position; of more countries than a line goes, the first ones by name.
func (s *sheet) votesAlt() string {
	parts := []string{s.Title, s.subtitle}
	for _, position := range []knowledge.Position{knowledge.No, knowledge.Abstain, knowledge.Absent, knowledge.Yes} {
		votes := s.sideOf(position)
		if len(votes) == 0 {
			continue
		}
		var names []string
		for _, v := range votes[:min(len(votes), maxNamed)] {
			name := s.p.Country(v.Country)
			if ballotOf(v).disputed {
				name = s.say("record.disputed", "text", name)
			}
			names = append(names, name)
		}
		list := s.p.List(names)
		if rest := len(votes) - len(names); rest > 0 {
			list += s.say("source.more", "n", rest)
		}
		parts = append(parts, s.say("draw.votes.row", "position", upperFirst(s.say("side."+string(position))), "n", s.counted(position, len(votes)), "countries", list))
	}
	return sentences(s.p, append(append(parts, s.votesNotes()...), s.say("draw.source.votes"))...)
}
