package picture

import (
	"image/color"
	"slices"

	"stancebot/knowledge"
)

// The colours of how states vote: they differ in lightness above all, and each position has a sign of its own.
var positionColours = map[knowledge.Position]color.NRGBA{
	knowledge.Yes:     rgb(0x10505a),
	knowledge.No:      rgb(0xc0561b),
	knowledge.Abstain: rgb(0xf1dfa6),
	knowledge.Absent:  paper,
}

// A ballot is how a vote is shown: a box in the colour of the position, with its sign, with a corner cut where sources differ.
type ballot struct {
	position knowledge.Position // "" for a vote that was not read
	disputed bool
	desk     bool
	framed   bool
}

func ballotOf(v knowledge.Vote) ballot {
	return ballot{position: v.Position, disputed: v.Dispute != nil || v.Cell != nil && v.Cell.Position != v.Position, desk: v.Cell != nil}
}

// box is the area of a ballot without its sign.
func (b ballot) box(r Rect) []Mark {
	fill, ok := positionColours[b.position]
	area := Path{Lines: Box(r, 5), Fill: fill, Stroke: Stroke{Colour: grey, Width: 1.5}}
	switch {
	case !ok:
		area.Fill, area.Over = wash, Pattern{Hatched, hairline}
	case b.position == knowledge.Absent:
		area.Stroke.Dash = []float64{5, 4}
	}
	marks := []Mark{area}
	if b.framed {
		marks = append(marks, Path{Lines: Box(r.Grown(4), 8), Stroke: Stroke{Colour: black, Width: 4}})
	}
	if b.disputed {
		side := min(r.H*0.42, 18)
		marks = append(marks, Path{
			Lines: [][]Point{{{r.Right() - side, r.Y}, {r.Right(), r.Y}, {r.Right(), r.Y + side}}},
			Fill:  black, Stroke: Stroke{Colour: paper, Width: 2},
		})
	}
	if b.desk {
		side := min(r.H*0.42, 18)
		marks = append(marks, Path{
			Lines: [][]Point{{{r.X, r.Bottom() - side}, {r.X + side, r.Bottom()}, {r.X, r.Bottom()}}},
			Fill:  grey, Stroke: Stroke{Colour: paper, Width: 2},
		})
	}
	return marks
}

// marks is the ballot with the sign of its position: a plus, a minus, a ring, and nothing for who did not vote.
func (b ballot) marks(r Rect) []Mark {
	marks := b.box(r)
	c, arm := r.Centre(), min(r.W, r.H)*0.26
	stroke := Stroke{Colour: inkOn(positionColours[b.position]), Width: arm * 0.45}
	level := Line(stroke, Point{c.X - arm, c.Y}, Point{c.X + arm, c.Y})
	switch b.position {
	case knowledge.Yes:
		return append(marks, level, Line(stroke, Point{c.X, c.Y - arm}, Point{c.X, c.Y + arm}))
	case knowledge.No:
		return append(marks, level)
	case knowledge.Abstain:
		hole := Disc(c, arm*0.55)
		slices.Reverse(hole[0])
		return append(marks, Path{Lines: append(Disc(c, arm*1.05), hole...), Fill: stroke.Colour})
	}
	return marks
}

// positionKeys are the entries of a legend for the votes shown: of what occurs.
func (s *sheet) positionKeys(votes []knowledge.Vote) []key {
	var keys []key
	for _, position := range knowledge.Positions {
		if slices.ContainsFunc(votes, func(v knowledge.Vote) bool { return v.Position == position }) {
			keys = append(keys, key{paint: ballot{position: position}.marks, text: s.say("position." + string(position))})
		}
	}
	if slices.ContainsFunc(votes, func(v knowledge.Vote) bool { return v.Position == "" }) {
		keys = append(keys, key{paint: ballot{}.marks, text: s.say("votes.unread")})
	}
	return append(keys, s.cornerKeys(votes)...)
}

// cornerKeys are the entries for what the corners of votes mark.
func (s *sheet) cornerKeys(votes []knowledge.Vote) []key {
	var keys []key
	if slices.ContainsFunc(votes, func(v knowledge.Vote) bool { return ballotOf(v).disputed }) {
		keys = append(keys, key{paint: ballot{position: knowledge.Absent, disputed: true}.marks, text: s.say("draw.disputed")})
	}
	if slices.ContainsFunc(votes, func(v knowledge.Vote) bool { return v.Cell != nil }) {
		keys = append(keys, key{paint: ballot{position: knowledge.Absent, desk: true}.marks, text: s.say("draw.cell")})
	}
	return keys
}

// ballots sets a row of votes, each above the short name of its text, and returns where the row ends.
func (s *sheet) ballots(votes []knowledge.Vote, x, y, width float64) float64 {
	const high, gap = 46.0, 12.0
	step := min(110, (width+gap)/float64(max(len(votes), 1)))
	row := Rect{x, y, step - gap, high}
	for _, v := range votes {
		s.Add(ballotOf(v).marks(row)...)
		row.X += step
	}
	row.X = x
	for _, v := range votes {
		s.Add(Text{X: row.Centre().X, Y: y + high + 6 + smallSize, Text: callMark(s.p, v.Call), Size: smallSize, Anchor: Middle, Colour: grey})
		row.X += step
	}
	return y + high + smallSize*leading + 12
}
