package picture

import (
	"slices"
	"strings"

	"stancebot/bot/phrases"
	"stancebot/knowledge"
)

// labelText says a label with the mark of who gives it and, of a contested one, both of its readings.
func labelText(p *phrases.Catalogue, l knowledge.Labelled) string {
	label := p.Label(l)
	if readings := readingsText(p, l); readings != "" {
		return p.Say("label.readings", "label", label, "readings", readings)
	}
	return label
}

// readingsText says the labels that a contested one is torn between, and where the source gives each.
func readingsText(p *phrases.Catalogue, l knowledge.Labelled) string {
	if l.Label() != knowledge.Contested {
		return ""
	}
	readings := make([]string, len(l.Assessment.Of))
	for i, r := range l.Assessment.Of {
		readings[i] = p.Say("stance.contested.reading", "label", p.Say("label."+string(l.Axis)+"."+string(r.Label)), "where", r.At.String())
	}
	return strings.Join(readings, p.Say("stance.contested.and"))
}

// staleText says why labels are stale.
func staleText(p *phrases.Catalogue, st *knowledge.Stale) string {
	switch st.Kind {
	case knowledge.NewerRecord:
		return p.Say("stance.stale.newer", "date", st.Ended.On, "text", eventText(st.Ended))
	case knowledge.HandoverDue:
		return p.Say("stance.stale.verify", "leader", p.Leader(st.Leader), "date", st.Due.On)
	}
	key := "stance.stale.left"
	if st.Before {
		key = "stance.stale.left.before"
	}
	text := p.Say(key, "leader", p.Leader(st.Leader), "date", st.Leader.To)
	if st.Successor != nil {
		text += p.Say("stance.stale.now", "leader", p.Leader(st.Successor), "office", p.Office(st.Successor), "date", st.Successor.From)
	}
	if st.Due != nil {
		text += p.Say("stance.stale.due", "date", st.Due.On)
	}
	return text
}

// eventText is what an event tells: in English, where it is one of the shared records.
func eventText(e *knowledge.Event) any {
	if e.Recorded.Receipt != "" {
		return e.Text
	}
	return phrases.English(e.Text)
}

// callText names a text within a sentence: by its symbol, or by its day where none was read.
func callText(p *phrases.Catalogue, r *knowledge.RollCall) string {
	key := "text.of"
	if r.Unnumbered {
		key = "text.unnumbered"
	}
	return p.Say(key, "text", r.ID, "date", r.Date)
}

// callMark names a text where there is room for little: 11/7, or the day of a text whose symbol was not read.
func callMark(p *phrases.Catalogue, r *knowledge.RollCall) string {
	if r.Unnumbered {
		return p.Date(r.Date.Date())
	}
	return strings.TrimPrefix(r.ID, "ES-")
}

// positionText says how a state voted, and that sources differ or that the desk recorded it.
func positionText(p *phrases.Catalogue, v knowledge.Vote) string {
	if v.Position == "" {
		return p.Say("votes.unread")
	}
	text := p.Say("position." + string(v.Position))
	switch {
	case v.Cell != nil && v.Cell.Position == v.Position:
		text += p.Say("votes.cell")
	case v.Cell != nil:
		text += p.Say("votes.cell.other", "position", p.Say("position."+string(v.Cell.Position)))
	}
	if v.Dispute != nil {
		text = p.Say("record.disputed", "text", text)
	}
	return text
}

func tallyText(p *phrases.Catalogue, t knowledge.Tally) string {
	return p.Say("draw.tally", "yes", t.Yes, "no", t.No, "abstain", t.Abstain, "absent", t.Absent)
}

// shiftText says what changed in the words of the records.
func shiftText(p *phrases.Catalogue, sh *knowledge.Shift) string {
	return p.Say("draw.shift", "from", phrases.English(sh.From), "to", phrases.English(sh.To))
}

// relabelText says which label the desk put in the place of which.
func relabelText(p *phrases.Catalogue, r knowledge.Relabel) string {
	label := func(as *knowledge.Assessment) string {
		return labelText(p, knowledge.Labelled{Axis: r.To.Axis, Assessment: as})
	}
	return p.Say("draw.shift", "from", label(r.From), "to", label(r.To))
}

// english says a text of the records, which are in English.
func english(p *phrases.Catalogue, text string) string {
	return p.Say("draw.text", "text", phrases.English(text))
}

// votesText says how a country voted, by position: Yes on ES-11/1 … ES-11/6 (6 of 7).
func votesText(p *phrases.Catalogue, votes []knowledge.Vote) string {
	var parts []string
	for _, position := range knowledge.Positions {
		var ids []string
		for _, v := range votes {
			if v.Position != position {
				continue
			}
			id := v.Call.ID
			if v.Dispute != nil {
				id = p.Say("record.disputed", "text", id)
			}
			ids = append(ids, id)
		}
		if len(ids) > 0 {
			parts = append(parts, p.Say("record.position", "position", p.Say("position."+string(position)), "texts", p.List(ids), "n", len(ids), "of", len(votes)))
		}
	}
	return p.Series(parts)
}

// faulted are the claims that a label rests on and that a check finds a fault with.
func faulted(st *knowledge.Stance) []*knowledge.CheckedClaim {
	return slices.DeleteFunc(slices.Clone(st.Checked), func(cc *knowledge.CheckedClaim) bool { return !cc.Supports })
}

// shownGroups are the memberships that a card names: those that say something of either axis.
func shownGroups(s *knowledge.Stance) []*knowledge.Membership {
	telling := []knowledge.GroupID{"alba", "brics", "brics_partner", "csto", "eaeu", "cis", "sco", "nato", "mnna", "tiar", "eu", "oecd"}
	var shown []*knowledge.Membership
	for _, id := range telling {
		for _, m := range s.Record.Memberships {
			if m.Group == id {
				shown = append(shown, m)
			}
		}
	}
	return shown
}

// groupName says a group and, where the state is no member, what it is there.
func groupName(p *phrases.Catalogue, m *knowledge.Membership) string {
	name := p.Group(m.Group)
	if !m.Counts() {
		name = p.Say("profile.standing", "group", name, "standing", p.Say("standing."+string(m.Standing)))
	}
	return name
}

// sentences sets sentences one behind the other, each with a full stop.
func sentences(p *phrases.Catalogue, parts ...string) string {
	parts = slices.DeleteFunc(parts, func(s string) bool { return s == "" })
	for i, s := range parts {
		s = upperFirst(strings.TrimSpace(s))
		if !strings.ContainsAny(s[len(s)-1:], ".!?") && !strings.HasSuffix(s, "。") {
			s += p.Say("draw.stop")
		}
		parts[i] = strings.TrimSpace(s)
	}
	return strings.Join(parts, p.Say("draw.space"))
}

// labelled reports whether a label holds on some axis.
func labelled(s *knowledge.Stance) bool {
	return slices.ContainsFunc(s.Labels, func(l knowledge.Labelled) bool { return l.Assessment != nil })
}
