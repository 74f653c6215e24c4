package corpus

import (
	"cmp"
	"fmt"
	"maps"
	"net/url"
	"path"
	"regexp"
	"slices"
	"strings"

	"stancebot/knowledge"
	"stancebot/knowledge/places"
)

// A Problem is one thing that is wrong with the records: what, where, and what to do about it.
type Problem struct {
	File string // its name inside the corpus
	Line int    // from 1; 0 where the problem has no line
	At   string // the path of the value, such as claims[3].check.status
	What string
	Do   string
}

// String says the problem on one line.
func (p Problem) String() string {
	where := p.File
	if p.Line > 0 {
		where += fmt.Sprintf(":%d", p.Line)
	}
	if p.At != "" {
		where += ": " + p.At
	}
	return where + ": " + p.What + ": " + p.Do
}

// A LintError is a corpus that was refused, with all its problems.
type LintError struct{ Problems []Problem }

// Error names the first problem and counts the rest.
func (e *LintError) Error() string {
	if n := len(e.Problems); n > 1 {
		return fmt.Sprintf("corpus: %s (and %d more)", e.Problems[0], n-1)
	}
	return fmt.Sprintf("corpus: %s", e.Problems[0])
}

// MaxHouseNote is the most characters that a note of the house-style file may have: it must fit a phone's screen.
const MaxHouseNote = 240

// Lint holds the records of all files against each other and returns what is wrong, file by file in order of
// lines. It finds nothing in a set that Records can be built from safely.
func (s *Set) Lint() []Problem {
	docs, err := s.documents()
	if err != nil {
		return []Problem{{File: ".", What: err.Error(), Do: "generate the compact form again"}}
	}
	l := &linter{set: s, docs: docs, ids: map[string]place{}, sources: map[string]place{}, groups: map[string]place{}, cited: map[string]bool{}}
	for _, name := range requiredFiles {
		if docs[name] == nil {
			l.add(place{file: name}, "the file is missing", "add it")
		}
	}
	if len(l.problems) > 0 {
		return l.problems
	}
	article, ok := docs[articleFile].(*knowledge.Article)
	if !ok {
		return []Problem{{File: articleFile, What: "the file holds no article", Do: "restore it"}}
	}
	l.article = article
	for _, name := range s.names() {
		l.collect(name, docs[name])
	}
	for _, name := range s.names() {
		l.lint(name, docs[name])
	}
	l.lintSymbols()
	l.lintUnused()
	if len(l.problems) == 0 {
		l.lintVerdicts()
	}
	slices.SortStableFunc(l.problems, func(a, b Problem) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line))
	})
	return l.problems
}

// A place is where a value stands: its file and its path there.
type place struct{ file, at string }

func (p place) sub(format string, args ...any) place {
	return place{p.file, join(p.at, fmt.Sprintf(format, args...))}
}

type linter struct {
	set      *Set
	docs     map[string]any
	article  *knowledge.Article
	ids      map[string]place // receipts
	sources  map[string]place
	groups   map[string]place
	cited    map[string]bool // sources that something cites
	problems []Problem
}

func (l *linter) add(p place, what, do string) {
	l.problems = append(l.problems, Problem{File: p.file, Line: l.set.lineOf(p), At: p.at, What: what, Do: do})
}

// lineOf returns the line of the value at p, or of what holds it.
func (s *Set) lineOf(p place) int {
	for at := p.at; ; {
		if line, ok := s.lines[p.file][at]; ok || at == "" {
			return line
		}
		at = at[:max(strings.LastIndexAny(at, ".["), 0)]
	}
}

// collect notes the ids that a file defines.
func (l *linter) collect(name string, doc any) {
	at := place{file: name}
	switch doc := doc.(type) {
	case *sourcesDoc:
		each(at, "sources", doc.Sources, func(at place, src *knowledge.Source) { l.define(l.sources, src.ID, at.sub("id")) })
	case *generalDoc:
		l.collectClaims(at, doc.Claims)
	case *groupsDoc:
		each(at, "groups", doc.Groups, func(at place, g *knowledge.Group) { l.define(l.groups, string(g.ID), at.sub("id")) })
	case *contradictionsDoc:
		each(at, "contradictions", doc.Contradictions, func(at place, x *knowledge.Contradiction) { l.define(l.ids, x.ID, at.sub("id")) })
	case *checksDoc:
		each(at, "fact_checks", doc.FactChecks, func(at place, f *knowledge.FactCheck) { l.define(l.ids, f.ID, at.sub("id")) })
	case *eventsDoc:
		each(at, "events", doc.Events, func(at place, e *knowledge.Event) { l.define(l.ids, e.ID, at.sub("id")) })
	case *knowledge.RollCall:
		l.define(l.ids, doc.ID, at.sub("id"))
	case *membershipsDoc:
		each(at, "memberships", doc.Memberships, func(at place, m *knowledge.Membership) { l.define(l.ids, m.ID(), at) })
	case *measuresDoc:
		each(at, "measures", doc.Measures, func(at place, m *knowledge.Measure) { l.define(l.ids, m.ID(), at) })
	case *agreementDoc:
		each(at, "agreements", doc.Agreements, func(at place, a *knowledge.Agreement) { l.define(l.ids, a.ID(), at) })
	case *countryFile:
		l.collectClaims(at, doc.Claims)
		each(at, "shifts", doc.Shifts, func(at place, sh *knowledge.Shift) { l.define(l.ids, sh.ID, at.sub("id")) })
	}
}

// each calls f with every entry of a list and the place where it stands.
func each[T any](at place, key string, list []T, f func(place, *T)) {
	for i := range list {
		f(at.sub("%s[%d]", key, i), &list[i])
	}
}

func (l *linter) collectClaims(at place, claims []knowledge.Claim) {
	each(at, "claims", claims, func(at place, c *knowledge.Claim) { l.define(l.ids, c.ID, at.sub("id")) })
}

func (l *linter) define(ids map[string]place, id string, p place) {
	if first, ok := ids[id]; ok {
		where := first.file
		if line := l.set.lineOf(first); line > 0 {
			where += fmt.Sprintf(":%d", line)
		}
		l.add(p, fmt.Sprintf("%s stands at %s too", id, where), "keep one of the two, or tell them apart")
		return
	}
	ids[id] = p
}

func (l *linter) lint(name string, doc any) {
	at := place{file: name}
	switch doc := doc.(type) {
	case *knowledge.Article:
		l.lintArticle(at, doc)
	case *sourcesDoc:
		each(at, "sources", doc.Sources, l.lintSource)
	case *generalDoc:
		l.lintClaims(at, doc.Claims, "GEN")
	case *groupsDoc:
		each(at, "groups", doc.Groups, l.lintGroup)
	case *contradictionsDoc:
		each(at, "contradictions", doc.Contradictions, l.lintContradiction)
	case *checksDoc:
		each(at, "fact_checks", doc.FactChecks, l.lintFactCheck)
	case *eventsDoc:
		each(at, "events", doc.Events, l.lintEvent)
	case *leadersDoc:
		l.lintLeaders(at, doc.Leaders)
	case *knowledge.HouseStyle:
		l.lintHouseStyle(at, doc)
	case *publishDoc:
		l.lintPublish(at, doc.Rules)
	case *knowledge.RollCall:
		l.lintRollCall(at, doc)
	case *disputesDoc:
		l.lintDisputes(at, doc.Disputes)
	case *membershipsDoc:
		each(at, "memberships", doc.Memberships, l.lintMembership)
	case *measuresDoc:
		each(at, "measures", doc.Measures, l.lintMeasure)
	case *agreementDoc:
		each(at, "agreements", doc.Agreements, l.lintAgreement)
	case *countryFile:
		l.lintCountry(at, doc)
	}
}

func (l *linter) lintArticle(at place, a *knowledge.Article) {
	l.lintURL(at.sub("url"), a.URL)
	for id := range a.Sections {
		if _, err := knowledge.ParseWhere(id + ".0"); err != nil {
			l.add(at.sub("sections.%s", id), "bad section "+id, "name sections S0 to S9")
		}
	}
}

func (l *linter) lintURL(at place, raw string) {
	u, err := url.Parse(raw)
	if err != nil || u.Host == "" || u.User != nil || strings.ContainsAny(raw, " \t") || (u.Scheme != "http" && u.Scheme != "https") {
		l.add(at, fmt.Sprintf("%q is no web address", raw), "write it in full, beginning with https://")
	}
}

var sourceID = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)

func (l *linter) lintSource(at place, s *knowledge.Source) {
	if !sourceID.MatchString(s.ID) {
		l.add(at.sub("id"), fmt.Sprintf("bad id %q", s.ID), "use lower-case letters, digits and single hyphens")
	}
	l.lintURL(at.sub("url"), s.URL)
}

func (l *linter) lintCountry(at place, doc *countryFile) {
	l.lintMember(at.sub("country"), doc.Country)
	if base := strings.TrimSuffix(path.Base(at.file), ".yaml"); base != string(doc.Country) {
		l.add(at.sub("country"), fmt.Sprintf("the file is called %s.yaml but holds %s", base, doc.Country),
			"rename the file or correct the country")
	}
	for axis, a := range doc.Labels {
		l.lintAssessment(at.sub("labels.%s", axis), doc.Country, axis, &a)
	}
	for _, axis := range knowledge.Axes {
		if _, ok := doc.Labels[axis]; !ok {
			l.add(at.sub("labels"), fmt.Sprintf("the axis %s is missing", axis), "add it: a country has a label on both axes")
		}
	}
	for i := range doc.Quotes {
		l.lintQuote(at.sub("quotes[%d]", i), &doc.Quotes[i])
	}
	l.lintClaims(at, doc.Claims, string(doc.Country))
	for i := range doc.Shifts {
		l.lintShift(at.sub("shifts[%d]", i), &doc.Shifts[i], doc.Country)
	}
	for i, c := range doc.Caveats {
		if len(c.Receipts) == 0 {
			l.add(at.sub("caveats[%d]", i), "the caveat has no receipt", "name the records that it rests on")
		}
		l.lintReceipts(at.sub("caveats[%d].receipts", i), c.Receipts)
	}
}

func (l *linter) lintMember(at place, c knowledge.Country) {
	if !places.IsMember(c) {
		l.add(at, fmt.Sprintf("%q is no member of the United Nations", c), "use an ISO 3166-1 alpha-3 code")
	}
}

func (l *linter) lintMembers(at place, codes []knowledge.Country) {
	seen := map[knowledge.Country]bool{}
	for i, c := range codes {
		l.lintMember(at.sub("[%d]", i), c)
		if seen[c] {
			l.add(at.sub("[%d]", i), string(c)+" stands twice in the list", "keep it once")
		}
		seen[c] = true
	}
}

func (l *linter) lintAssessment(at place, c knowledge.Country, axis knowledge.Axis, a *knowledge.Assessment) {
	if axis != knowledge.TowardRussia && axis != knowledge.TowardWashington {
		l.add(at, fmt.Sprintf("unknown axis %q", axis), "use russia or washington")
		return
	}
	known := knowledge.LabelsOf(axis)
	if !slices.Contains(known, a.Label) {
		l.add(at.sub("label"), fmt.Sprintf("unknown label %q toward %s", a.Label, axis), "use one of: "+list(known))
	}
	if a.Basis != knowledge.BasisArticle && a.Basis != knowledge.BasisInferred {
		l.add(at.sub("basis"), fmt.Sprintf("unknown basis %q", a.Basis), "use article or inferred: the records hold no label of a desk")
	}
	if a.Label == knowledge.Contested && len(a.Of) < 2 {
		l.add(at, "a contested label needs the labels that it is torn between", "add them under of, each with its place")
	}
	if a.Label != knowledge.Contested && a.Label != knowledge.InTransition && len(a.Of) > 0 {
		l.add(at.sub("of"), "only a contested label or one in transition has readings", "take of away")
	}
	for i, r := range a.Of {
		if !slices.Contains(known, r.Label) {
			l.add(at.sub("of[%d].label", i), fmt.Sprintf("unknown label %q", r.Label), "use one of: "+list(known))
		}
		l.lintWhere(at.sub("of[%d].at", i), r.At)
	}
	if len(a.Claims) == 0 {
		l.add(at.sub("claims"), "the label rests on no claim", "name at least one claim")
	}
	l.lintReceipts(at.sub("claims"), a.Claims, knowledge.ClaimReceipt)
	for i, id := range a.Claims {
		if knowledge.ReceiptCountry(id) != c {
			l.add(at.sub("claims[%d]", i), id+" is no claim about "+string(c), "name claims of this country")
		}
	}
}

func list[S ~string](values []S) string {
	words := make([]string, len(values))
	for i, v := range values {
		words[i] = string(v)
	}
	return strings.Join(words, ", ")
}

func (l *linter) lintWhere(at place, w knowledge.Where) {
	if _, ok := l.article.Sections[w.Section]; !ok {
		l.add(at, fmt.Sprintf("the article has no section %s", w.Section), "use one of its sections, S0 to S7")
	}
}

func (l *linter) lintQuote(at place, q *knowledge.Quote) {
	l.lintQuoteWords(at.sub("quote"), q.Quote)
	l.lintWhere(at.sub("at"), q.At)
}

func (l *linter) lintQuoteWords(at place, quote string) {
	if n := knowledge.QuoteWords(quote); n == 0 || n > knowledge.MaxQuoteWords {
		l.add(at, fmt.Sprintf("the quote has %d words", n),
			fmt.Sprintf("quote 1 to %d words and paraphrase the rest", knowledge.MaxQuoteWords))
	}
}

// lintReceipts holds receipts against the records: each must be there, once, and of one of the kinds, when some are
// named.
func (l *linter) lintReceipts(at place, ids []string, kinds ...knowledge.ReceiptKind) {
	seen := map[string]bool{}
	for i, id := range ids {
		l.lintReceipt(at.sub("[%d]", i), id, kinds...)
		if seen[id] {
			l.add(at.sub("[%d]", i), id+" stands twice in the list", "keep it once")
		}
		seen[id] = true
	}
}

func (l *linter) lintReceipt(at place, id string, kinds ...knowledge.ReceiptKind) {
	if _, ok := l.ids[id]; !ok {
		l.add(at, "no record has the id "+id, "correct the id or add the record")
		return
	}
	if len(kinds) > 0 && !slices.Contains(kinds, knowledge.ReceiptKindOf(id)) {
		words := make([]string, len(kinds))
		for i, k := range kinds {
			words[i] = strings.ReplaceAll(string(k), "_", " ")
		}
		l.add(at, fmt.Sprintf("%s is no %s", id, strings.Join(words, " or ")), "name a record of that kind")
	}
}

func (l *linter) lintSources(at place, ids []string) {
	for i, id := range ids {
		l.cited[id] = true
		if _, ok := l.sources[id]; !ok {
			l.add(at.sub("[%d]", i), "no source has the id "+id, "add it to "+sourcesFile+" or correct the id")
		}
	}
}

func (l *linter) lintKind(at place, kind knowledge.Kind, known []knowledge.Kind) {
	if !slices.Contains(known, kind) {
		l.add(at, fmt.Sprintf("unknown kind %q", kind), "use one of: "+list(known))
	}
}

func (l *linter) lintStatus(at place, s knowledge.Status) {
	if s.Rank() < 0 {
		l.add(at, fmt.Sprintf("unknown verdict %q", s), "use one of: "+list(knowledge.Statuses))
	}
}

func (l *linter) lintID(at place, id, prefix string, kind knowledge.ReceiptKind) {
	if knowledge.ReceiptKindOf(id) != kind || !strings.HasPrefix(id, prefix) {
		digits := " and two digits"
		if kind == knowledge.ShiftReceipt {
			digits = " and one or two digits"
		}
		l.add(at, fmt.Sprintf("bad id %q", id), "write "+prefix+digits)
	}
}

func (l *linter) lintClaims(at place, claims []knowledge.Claim, prefix string) {
	for i := range claims {
		c, at := &claims[i], at.sub("claims[%d]", i)
		l.lintID(at.sub("id"), c.ID, prefix+"-", knowledge.ClaimReceipt)
		l.lintKind(at.sub("kind"), c.Kind, knowledge.ClaimKinds)
		l.lintWhere(at.sub("at"), c.At)
		l.lintQuoteWords(at.sub("quote"), c.Quote)
		l.lintPeriod(at, c.Period)
		for j := range c.Asserts {
			l.lintAssertion(at.sub("asserts[%d]", j), c, &c.Asserts[j])
		}
		l.lintCheck(at.sub("check"), &c.Check)
	}
}

var datesFrom = []string{"article", "check", "leaders", "memberships"}

// lintPeriod holds a period of a claim or shift against the rules of the records: dated or undated, in order, and
// never ending after the article came out.
func (l *linter) lintPeriod(at place, p knowledge.Period) {
	if p.Undated != p.From.IsZero() {
		l.add(at, "want either from or 'undated: true'", "write the dates, or that there are none")
		return
	}
	if p.Undated {
		if !p.To.IsZero() || p.DatesFrom != "" {
			l.add(at, "an undated statement has no end and no origin of dates", "take to and dates_from away, or give the start")
		}
		return
	}
	if p.From.First() > l.article.Published {
		l.add(at.sub("from"), fmt.Sprintf("the start %s is after the article", p.From), "tell of it as an event")
	}
	if p.DatesFrom == "" {
		l.add(at, "dates_from is missing", "say who gave the dates: "+list(datesFrom))
	} else if !slices.Contains(datesFrom, p.DatesFrom) {
		l.add(at.sub("dates_from"), fmt.Sprintf("unknown origin of dates %q", p.DatesFrom), "use one of: "+list(datesFrom))
	}
	if !p.To.IsZero() && p.From.First() > p.To.Last() {
		l.add(at.sub("to"), fmt.Sprintf("the end %s is before the start %s", p.To, p.From), "put the dates in order")
	}
	if !p.To.IsZero() && p.To.First() > l.article.Published {
		l.add(at.sub("to"), fmt.Sprintf("the end %s is after the article", p.To), "leave the end open and tell of it as an event")
	}
}

func (l *linter) lintCheck(at place, c *knowledge.Check) {
	l.lintStatus(at.sub("status"), c.Status)
	l.lintSources(at.sub("sources"), c.Sources)
	if c.Status.Faulted() && !c.Hold && c.Note == "" {
		l.add(at, fmt.Sprintf("the verdict %s has no note", c.Status), "say what the evidence is")
	}
	if c.AtPublication && c.Status != knowledge.Outdated {
		l.add(at.sub("at_publication"), "only an outdated claim can be outdated at publication", "take the key away or correct the verdict")
	}
	if c.Hold && len(c.Sources) > 0 {
		l.add(at.sub("hold"), "a note with a source need not be held", "take hold away")
	}
}

func (l *linter) lintShift(at place, s *knowledge.Shift, c knowledge.Country) {
	l.lintID(at.sub("id"), s.ID, string(c)+"-S", knowledge.ShiftReceipt)
	l.lintWhere(at.sub("at"), s.At)
	l.lintPeriod(at.sub("period"), s.Period)
	if s.Continuity && s.Forecast {
		l.add(at, "a shift cannot be both a continuity and a forecast", "keep one of the two")
	}
}

func (l *linter) lintGroup(at place, g *knowledge.Group) {
	kinds := []knowledge.GroupKind{knowledge.SubRegion, knowledge.Camp, knowledge.Whole}
	if !slices.Contains(kinds, g.Kind) {
		l.add(at.sub("kind"), fmt.Sprintf("unknown kind of group %q", g.Kind), "use one of: "+list(kinds))
	}
	l.lintMembers(at.sub("members"), g.Members)
	l.lintMembers(at.sub("missing"), g.Missing)
	for i, c := range g.Missing {
		if slices.Contains(g.Members, c) {
			l.add(at.sub("missing[%d]", i), string(c)+" is a member of the group too", "keep it in one of the lists")
		}
	}
	if g.Axis != "" && g.Axis.Pole() == "" {
		l.add(at.sub("axis"), fmt.Sprintf("unknown axis %q", g.Axis), "use russia or washington")
	}
	l.lintReceipts(at.sub("receipts"), g.Receipts, knowledge.ClaimReceipt)
	l.lintReceipts(at.sub("called"), g.Called, knowledge.ClaimReceipt)
	if g.Quote != nil {
		l.lintQuote(at.sub("quote"), g.Quote)
	}
}

func (l *linter) lintContradiction(at place, x *knowledge.Contradiction) {
	l.lintID(at.sub("id"), x.ID, "X-", knowledge.ContradictionReceipt)
	l.lintMembers(at.sub("countries"), x.Countries)
	l.lintQuote(at.sub("a"), &x.A)
	l.lintQuote(at.sub("b"), &x.B)
}

func (l *linter) lintFactCheck(at place, f *knowledge.FactCheck) {
	l.lintID(at.sub("id"), f.ID, "F-", knowledge.FactCheckReceipt)
	l.lintStatus(at.sub("verdict"), f.Verdict)
	if len(f.Claims) == 0 {
		l.add(at.sub("claims"), "the fact check is about no claim", "name the claims that it checks")
	}
	l.lintReceipts(at.sub("claims"), f.Claims, knowledge.ClaimReceipt)
	if f.AtPublication && f.Verdict != knowledge.Outdated {
		l.add(at.sub("at_publication"), "only an outdated claim can be outdated at publication", "take the key away or correct the verdict")
	}
}

// MaxEventText is the most characters that the text of an event may have.
const MaxEventText = 240

func (l *linter) lintEvent(at place, e *knowledge.Event) {
	if knowledge.ReceiptKindOf(e.ID) != knowledge.EventReceipt || eventDate(e.ID).IsZero() {
		l.add(at.sub("id"), fmt.Sprintf("bad id %q", e.ID), "write E:, the country, a colon and a date of the calendar, such as E:PER:2025-10-10")
	} else {
		l.lintMember(at.sub("id"), knowledge.ReceiptCountry(e.ID))
	}
	l.lintKind(at.sub("kind"), e.Kind, knowledge.EventKinds)
	if n := len([]rune(e.Text)); n == 0 || n > MaxEventText {
		l.add(at.sub("text"), fmt.Sprintf("the text has %d characters", n), fmt.Sprintf("say it in 1 to %d characters", MaxEventText))
	}
	if len(e.Sources) == 0 {
		l.add(at.sub("sources"), "the event has no source", "name at least one")
	}
	l.lintSources(at.sub("sources"), e.Sources)
	l.lintReceipts(at.sub("against"), e.Against, knowledge.ClaimReceipt)
}

func (l *linter) lintLeaders(at place, leaders []knowledge.Leader) {
	for i := range leaders {
		ld, at := &leaders[i], at.sub("leaders[%d]", i)
		l.lintMember(at.sub("country"), ld.Country)
		l.lintInOthers(at.sub("names_in"), ld.NamesIn)
		l.lintSources(at.sub("sources"), ld.Sources)
		l.lintReceipts(at.sub("named_in"), ld.NamedIn, knowledge.ClaimReceipt, knowledge.ShiftReceipt)
		for key, id := range map[string]string{"ended_by": ld.EndedBy, "due": ld.Due} {
			if id == "" {
				continue
			}
			l.lintReceipt(at.sub("%s", key), id, knowledge.EventReceipt)
			if knowledge.ReceiptCountry(id) != ld.Country {
				l.add(at.sub("%s", key), id+" is no event of "+string(ld.Country), "name an event of the leader's country")
			}
		}
		if !ld.To.IsZero() && ld.From.First() > ld.To.Last() {
			l.add(at.sub("to"), fmt.Sprintf("the end %s is before the start %s", ld.To, ld.From), "put the dates in order")
		}
		for j := range i {
			if o := &leaders[j]; o.Country == ld.Country && overlap(o, ld) {
				l.add(at.sub("from"), fmt.Sprintf("the terms of %s and %s overlap", o.Name, ld.Name), "end the one where the other begins")
			}
		}
	}
	l.lintEnds(at, leaders)
}

// lintEnds asks for the event behind the end of a term wherever an answer needs it: when the leader whom the
// article names last has left.
func (l *linter) lintEnds(at place, leaders []knowledge.Leader) {
	last := map[knowledge.Country]int{}
	for i, ld := range leaders {
		if j, ok := last[ld.Country]; len(ld.NamedIn) > 0 && (!ok || leaders[j].From.First() < ld.From.First()) {
			last[ld.Country] = i
		}
	}
	for _, i := range last {
		if ld := leaders[i]; !ld.To.IsZero() && ld.EndedBy == "" {
			l.add(at.sub("leaders[%d].to", i), ld.Name+" is the last leader whom the article names, and no event tells of the end",
				"add the event and name it under ended_by")
		}
	}
}

func overlap(a, b *knowledge.Leader) bool {
	end := func(ld *knowledge.Leader) knowledge.Day {
		if ld.To.IsZero() {
			return 99991231
		}
		return ld.To.First()
	}
	return a.From.First() < end(b) && b.From.First() < end(a)
}

func (l *linter) lintHouseStyle(at place, h *knowledge.HouseStyle) {
	ids, names := map[string]place{}, map[string]place{}
	for i, p := range h.Places {
		at := at.sub("places[%d]", i)
		l.define(ids, p.ID, at.sub("id"))
		if !slices.Contains(knowledge.PlaceKinds, p.Kind) {
			l.add(at.sub("kind"), fmt.Sprintf("unknown kind of place %q", p.Kind), "use one of: "+list(knowledge.PlaceKinds))
		}
		if places.IsMember(knowledge.Country(p.ID)) {
			l.add(at.sub("id"), p.ID+" is a member of the United Nations", "take the place away: members are answered from the records")
		}
		l.lintHouseEntry(at, names, p.Names, p.Note, p.Notes, p.See)
		l.lintInOthers(at.sub("names_in"), p.NamesIn)
		if known := []string{"", knowledge.MapPlain, knowledge.MapHatched}; !slices.Contains(known, p.Map) && !places.IsMember(knowledge.Country(p.Map)) {
			l.add(at.sub("map"), fmt.Sprintf("unknown way to show a place on maps: %q", p.Map), "write plain, hatched, or the code of the member in whose colour it is shown")
		}
	}
	near := map[string]place{}
	for i, n := range h.Near {
		at := at.sub("near[%d]", i)
		l.define(near, places.Fold(n.Name), at.sub("name"))
		if first, ok := names[places.Fold(n.Name)]; ok {
			l.add(at.sub("name"), fmt.Sprintf("%q names a place too, at line %d", n.Name, l.set.lineOf(first)), "keep one of the two")
		}
		l.lintMember(at.sub("country"), n.Country)
		for j, id := range n.Not {
			if _, ok := ids[id]; !ok && !places.IsMember(knowledge.Country(id)) {
				l.add(at.sub("not[%d]", j), id+" is neither a member nor a place of this file", "correct the code")
			}
		}
		l.lintHouseNote(at, n.Note, n.Notes)
	}
	for i, a := range h.Asks {
		l.define(names, places.Fold(a.Name), at.sub("asks[%d].name", i))
		for j, id := range a.Choices {
			_, isPlace := ids[id]
			_, isGroup := l.groups[id]
			if !isPlace && !isGroup && !places.IsMember(knowledge.Country(id)) {
				l.add(at.sub("asks[%d].choices[%d]", i, j), id+" is neither a member, a place nor a group", "correct the code")
			}
		}
		if len(unique(a.Choices)) < len(a.Choices) {
			l.add(at.sub("asks[%d].choices", i), "a choice stands twice", "keep it once")
		}
		if len(a.Choices) < 2 {
			l.add(at.sub("asks[%d].choices", i), "a name that asks needs at least two choices", "add them")
		}
	}
	for i, n := range h.NotCountries {
		l.lintHouseEntry(at.sub("not_countries[%d]", i), names, n.Names, n.Note, n.Notes, n.See)
	}
}

func (l *linter) lintHouseEntry(at place, names map[string]place, own []string, note string, notes knowledge.InOthers, see []knowledge.Country) {
	if len(own) == 0 {
		l.add(at.sub("names"), "the entry has no name", "add at least one")
	}
	folded := map[string]bool{} // U.S. and US are one name to the reader, and may both stand in an entry
	for i, name := range own {
		key := places.Fold(name)
		if key == "" {
			l.add(at.sub("names[%d]", i), fmt.Sprintf("%q has no letters", name), "write the name")
			continue
		}
		if !folded[key] {
			folded[key] = true
			l.define(names, key, at.sub("names[%d]", i))
		}
	}
	l.lintHouseNote(at, note, notes)
	l.lintMembers(at.sub("see"), see)
}

func (l *linter) lintHouseNote(at place, note string, notes knowledge.InOthers) {
	check := func(at place, note string) {
		if n := len([]rune(note)); n == 0 || n > MaxHouseNote {
			l.add(at, fmt.Sprintf("the note has %d characters", n), fmt.Sprintf("say it in 1 to %d characters", MaxHouseNote))
		}
	}
	check(at.sub("note"), note)
	l.lintInOthers(at.sub("notes"), notes)
	for _, language := range slices.Sorted(maps.Keys(notes)) {
		check(at.sub("notes.%s", language), notes[language])
	}
}

// lintInOthers holds the languages of a text against those that replies have.
func (l *linter) lintInOthers(at place, texts knowledge.InOthers) {
	for _, language := range slices.Sorted(maps.Keys(texts)) {
		if !slices.Contains(knowledge.OtherLanguages, language) {
			l.add(at.sub("%s", language), fmt.Sprintf("unknown language %q", language), "use one of: "+list(knowledge.OtherLanguages))
		}
		if text := texts[language]; strings.TrimSpace(text) != text || text == "" {
			l.add(at.sub("%s", language), "the text is empty, or begins or ends with a blank", "write it")
		}
	}
}

// unique drops what a list repeats.
func unique(list []string) []string {
	return slices.Compact(slices.Sorted(slices.Values(list)))
}

func (l *linter) lintUnused() {
	for _, id := range slices.Sorted(maps.Keys(l.sources)) {
		if p := l.sources[id]; !l.cited[id] {
			l.add(p, "no record cites the source "+id, "cite it or take it away")
		}
	}
}
