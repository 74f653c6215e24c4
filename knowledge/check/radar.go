package check

import (
	"cmp"
	"slices"

	"stancebot/knowledge"
)

// Radar returns every clash that the rules find, by rule and country.
func (c *Checker) Radar() []knowledge.Finding {
	var found []knowledge.Finding
	for _, rule := range []func() []knowledge.Finding{c.twoLabels, c.groupDenies, c.sameVotes, c.campWithout, c.groupCount, c.againstRecord, c.neutralByWord} {
		found = append(found, rule()...)
	}
	for i := range found {
		found[i].Known = c.known(&found[i])
	}
	slices.SortStableFunc(found, func(a, b knowledge.Finding) int {
		return cmp.Or(cmp.Compare(a.Rule, b.Rule), slices.Compare(a.Countries, b.Countries), slices.Compare(a.Claims, b.Claims))
	})
	return found
}

// known returns the curated contradictions about the countries of a finding.
func (c *Checker) known(f *knowledge.Finding) []string {
	if len(f.Countries) == 0 {
		return nil
	}
	var ids []string
	for i := range c.records.Contradictions {
		x := &c.records.Contradictions[i]
		if !slices.ContainsFunc(f.Countries, func(country knowledge.Country) bool { return !slices.Contains(x.Countries, country) }) {
			ids = append(ids, x.ID)
		}
	}
	return ids
}

// kind sorts the labels toward Russia into sides.
func kind(l knowledge.Label) string {
	switch l {
	case knowledge.Ally, knowledge.LeaningAlly:
		return "pro"
	case knowledge.Adversary, knowledge.LeaningAdversary:
		return "contra"
	}
	return string(l)
}

// leaning returns the labels with those that lean the same way.
func leaning(labels []knowledge.Label) []knowledge.Label {
	all := slices.Clone(labels)
	for _, l := range []knowledge.Label{knowledge.Ally, knowledge.LeaningAlly, knowledge.Adversary, knowledge.LeaningAdversary} {
		if slices.ContainsFunc(labels, func(o knowledge.Label) bool { return kind(o) == kind(l) }) && !slices.Contains(all, l) {
			all = append(all, l)
		}
	}
	return all
}

// meet reports whether two statements speak of some day together. An undated one speaks of the days from the article on.
func (c *Checker) meet(a, b knowledge.Period) bool {
	start, end := func(p knowledge.Period) knowledge.Day {
		if p.Undated {
			return c.records.Article.Published
		}
		return p.From.First()
	}, func(p knowledge.Period) knowledge.Day {
		if p.To.IsZero() {
			return 9999_12_31
		}
		return p.To.Last()
	}
	return start(a) <= end(b) && start(b) <= end(a)
}

// A placed is a claim that places a country.
type placed struct {
	claim *knowledge.Claim
	label knowledge.Label
	axis  knowledge.Axis
}

func (c *Checker) placed() []placed {
	var list []placed
	for i := range c.records.Claims {
		cl := &c.records.Claims[i]
		for _, a := range cl.Asserts {
			if a.Label != "" && cl.Country != "" {
				list = append(list, placed{cl, a.Label, a.Axis})
			}
		}
	}
	return list
}

func (c *Checker) twoLabels() []knowledge.Finding {
	var found []knowledge.Finding
	list := c.placed()
	for i, a := range list {
		for _, b := range list[i+1:] {
			if a.claim.Country == b.claim.Country && a.axis == b.axis && a.label != b.label && c.meet(a.claim.Period, b.claim.Period) {
				found = append(found, knowledge.Finding{Rule: knowledge.TwoLabels, Countries: []knowledge.Country{a.claim.Country}, Claims: []string{a.claim.ID, b.claim.ID}})
			}
		}
	}
	return found
}

func (c *Checker) groupDenies() []knowledge.Finding {
	var found []knowledge.Finding
	for i := range c.records.Claims {
		cl := &c.records.Claims[i]
		for _, a := range cl.Asserts {
			g := c.groups[a.Group]
			if len(a.None) == 0 || g == nil {
				continue
			}
			denied := leaning(a.None)
			for _, p := range c.placed() {
				if slices.Contains(g.Members, p.claim.Country) && p.axis == a.Axis && slices.Contains(denied, p.label) && c.meet(cl.Period, p.claim.Period) {
					found = append(found, knowledge.Finding{Rule: knowledge.GroupDenies, Countries: []knowledge.Country{p.claim.Country}, Claims: []string{cl.ID, p.claim.ID}})
				}
			}
		}
	}
	return found
}

// sameVotes returns one finding for each position on the UN texts that claims ascribe to countries of different sides.
func (c *Checker) sameVotes() []knowledge.Finding {
	var found []knowledge.Finding
	for _, p := range knowledge.Positions {
		f := knowledge.Finding{Rule: knowledge.SameVotes}
		sides := map[string]bool{}
		for i := range c.records.Claims {
			cl := &c.records.Claims[i]
			asserts := slices.ContainsFunc(cl.Asserts, func(a knowledge.Assertion) bool { return a.Vote == p && len(a.Texts) == 0 })
			label := c.labels[cl.Country][knowledge.TowardRussia]
			if !asserts || label == "" || slices.Contains(f.Countries, cl.Country) {
				continue
			}
			f.Countries, f.Claims = append(f.Countries, cl.Country), append(f.Claims, cl.ID)
			sides[kind(label)] = true
		}
		if len(sides) > 1 {
			found = append(found, f)
		}
	}
	return found
}

// campWithout returns claims that place a country on a camp's side while the camp does not name it.
func (c *Checker) campWithout() []knowledge.Finding {
	camps := map[string]*knowledge.Group{}
	for _, g := range c.groups {
		if g.Kind == knowledge.Camp && len(g.Members) > 0 {
			camps[kind(c.labels[g.Members[0]][knowledge.TowardRussia])] = g
		}
	}
	var found []knowledge.Finding
	for _, p := range c.placed() {
		side := kind(p.label)
		g := camps[side]
		if p.axis != knowledge.TowardRussia || side != "pro" && side != "contra" || g == nil || slices.Contains(g.Members, p.claim.Country) {
			continue
		}
		if c.meet(p.claim.Period, knowledge.Period{Undated: true}) {
			found = append(found, knowledge.Finding{Rule: knowledge.CampWithout, Countries: []knowledge.Country{p.claim.Country}, Claims: []string{p.claim.ID}})
		}
	}
	return found
}

func (c *Checker) groupCount() []knowledge.Finding {
	var found []knowledge.Finding
	for i := range c.records.Claims {
		cl := &c.records.Claims[i]
		for _, a := range cl.Asserts {
			if a.Count == 0 {
				continue
			}
			n := c.countOn(a.Group, c.records.Article.Published)
			if g := c.groups[a.Group]; g != nil {
				n = len(g.Members)
			}
			if n == a.Count {
				continue
			}
			f := knowledge.Finding{Rule: knowledge.GroupCount, Claims: []string{cl.ID}}
			if cl.Country != "" {
				f.Countries = []knowledge.Country{cl.Country}
			}
			found = append(found, f)
		}
	}
	return found
}

func (c *Checker) countOn(group knowledge.GroupID, day knowledge.Day) int {
	n := 0
	for _, list := range c.memberships {
		for _, m := range list {
			if m.Group == group && m.Counts() && m.HoldsOn(day) {
				n++
			}
		}
	}
	return n
}

func (c *Checker) againstRecord() []knowledge.Finding {
	var found []knowledge.Finding
	verdicts := c.Verdicts()
	for i := range verdicts {
		v := &verdicts[i]
		broken := v.Broken()
		if len(broken) == 0 {
			continue
		}
		f := knowledge.Finding{Rule: knowledge.AgainstRecord, Countries: []knowledge.Country{v.Claim.Country}, Claims: []string{v.Claim.ID}}
		for _, cell := range broken {
			f.Receipts = append(f.Receipts, cell.Receipt)
		}
		found = append(found, f)
	}
	return found
}

// neutralByWord returns countries that the article calls neutral toward Russia and that voted on one side every time.
func (c *Checker) neutralByWord() []knowledge.Finding {
	var found []knowledge.Finding
	for _, p := range c.placed() {
		if p.axis != knowledge.TowardRussia || p.label != knowledge.Neutral || c.labels[p.claim.Country][p.axis] != knowledge.Neutral {
			continue
		}
		f := knowledge.Finding{Rule: knowledge.NeutralByWords, Countries: []knowledge.Country{p.claim.Country}, Claims: []string{p.claim.ID}}
		side := knowledge.Position("")
		for _, id := range ukraineTexts {
			position, known := c.book.Position(id, p.claim.Country)
			if !known || position == knowledge.Absent {
				continue
			}
			if side == "" {
				side = position
			}
			if position != side || side == knowledge.Abstain {
				side = "mixed"
				break
			}
			f.Receipts = append(f.Receipts, id)
		}
		if side == knowledge.Yes || side == knowledge.No {
			found = append(found, f)
		}
	}
	return found
}
