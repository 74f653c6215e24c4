package corpus

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"stancebot/knowledge"
)

// MaxReason is the most characters that the reason of a rule of publishing may have: several fit a line.
const MaxReason = 100

var ruleID = regexp.MustCompile(`^R(-[a-z]+)+$`)

// lintPublish holds the rules of publishing against the vocabulary: every value is decided by a rule, and no rule speaks of a
// value that there is not.
func (l *linter) lintPublish(at place, rules []knowledge.PublishRule) {
	ids := map[string]place{}
	decided := map[knowledge.Facet][]string{}
	for i := range rules {
		r, at := &rules[i], at.sub("rules[%d]", i)
		l.define(ids, r.ID, at.sub("id"))
		l.lintPublishRule(at, r)
		decided[r.On] = append(decided[r.On], r.Is...)
	}
	for _, f := range knowledge.Facets {
		missing := slices.DeleteFunc(f.Values(), func(value string) bool { return slices.Contains(decided[f], value) })
		if len(missing) > 0 {
			l.add(at.sub("rules"), fmt.Sprintf("no rule on %s decides on %s", f, list(missing)), "add each to a rule")
		}
		if f == knowledge.AgeFacet && !slices.ContainsFunc(rules, func(r knowledge.PublishRule) bool { return r.On == f }) {
			l.add(at.sub("rules"), "no rule decides on age", "add one, with the days under over")
		}
	}
}

func (l *linter) lintPublishRule(at place, r *knowledge.PublishRule) {
	if !ruleID.MatchString(r.ID) {
		l.add(at.sub("id"), fmt.Sprintf("bad id %q", r.ID), "write R- and words in lower case, such as R-contradicted")
	}
	if !slices.Contains(knowledge.Decisions, r.Decision) {
		l.add(at.sub("decision"), fmt.Sprintf("unknown decision %q", r.Decision), "use one of: "+list(knowledge.Decisions))
	}
	if !slices.Contains(knowledge.Facets, r.On) {
		l.add(at.sub("on"), fmt.Sprintf("the rules do not look at %q", r.On), "use one of: "+list(knowledge.Facets))
		return
	}
	l.lintDecided(at, r)
	l.lintReason(at.sub("why"), r, r.Why)
	l.lintInOthers(at.sub("whys"), r.Whys)
	for _, language := range knowledge.OtherLanguages {
		if r.Whys[language] == "" {
			l.add(at.sub("whys"), "the reason is missing in "+language, "write it")
			continue
		}
		l.lintReason(at.sub("whys.%s", language), r, r.Whys[language])
	}
}

// lintDecided holds what a rule decides on against what its facet can be.
func (l *linter) lintDecided(at place, r *knowledge.PublishRule) {
	if r.On == knowledge.AgeFacet {
		if r.Over < 1 || len(r.Is) > 0 {
			l.add(at.sub("over"), "a rule on age counts days and nothing else", "write over, with a number of days, and no values")
		}
		return
	}
	if r.Over != 0 {
		l.add(at.sub("over"), "only a rule on age counts days", "take over away")
	}
	if len(r.Is) == 0 {
		l.add(at, "the rule decides on no value", "name the values under is")
	}
	for i, value := range r.Is {
		at := at.sub("is[%d]", i)
		switch {
		case !slices.Contains(r.On.Values(), value):
			l.add(at, fmt.Sprintf("unknown %s %q", r.On, value), "use one of: "+list(r.On.Values()))
		case slices.Contains(r.Is[:i], value):
			l.add(at, value+" stands twice in the rule", "keep it once")
		}
	}
}

// lintReason holds a reason against the line that it is to fit into. One about age tells the days that the rule counts.
func (l *linter) lintReason(at place, r *knowledge.PublishRule, why string) {
	if n := len([]rune(why)); n > MaxReason {
		l.add(at, fmt.Sprintf("the reason has %d characters", n), fmt.Sprintf("say it in at most %d", MaxReason))
	}
	if strings.ContainsAny(why, "{}[]") || strings.HasSuffix(why, ".") {
		l.add(at, "the reason ends in a full stop, or holds brackets", "write words alone: the rule's id and the receipts follow")
	}
	if r.On == knowledge.AgeFacet && r.Over > 0 && !slices.Contains(regexp.MustCompile(`\d+`).FindAllString(why, -1), strconv.Itoa(r.Over)) {
		l.add(at, fmt.Sprintf("the reason does not tell the %d days", r.Over), "write the number that stands under over")
	}
}
