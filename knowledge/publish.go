package knowledge

import "slices"

// A Decision is what a newsroom may do with something that the records hold.
type Decision string

// The decisions.
const (
	Use       Decision = "use"        // as a fact, with its source
	Attribute Decision = "attribute"  // as what somebody says, and never as a fact
	DoNotUse  Decision = "do_not_use" // not at all
)

// Decisions lists the decisions from the best to the worst.
var Decisions = []Decision{Use, Attribute, DoNotUse}

// Worse reports whether d allows less than e.
func (d Decision) Worse(e Decision) bool {
	return slices.Index(Decisions, d) > slices.Index(Decisions, e)
}

// A Facet is one thing about what could be published that the rules of publishing look at.
type Facet string

// The facets.
const (
	VerdictFacet  Facet = "verdict"  // of a claim or a fact check: the worse of the two
	ClaimFacet    Facet = "claim"    // what a claim is about
	BasisFacet    Facet = "basis"    // who gives a label
	LabelFacet    Facet = "label"    // a label that is not simply one
	StaleFacet    Facet = "stale"    // why a label, or what is told in the present tense, is stale
	RestsOnFacet  Facet = "rests_on" // the verdicts on the claims that a label rests on
	GradeFacet    Facet = "grade"    // how well a roll call is proved
	StandingFacet Facet = "standing" // of a membership
	EventFacet    Facet = "event"    // what an event is about
	PagesFacet    Facet = "pages"    // how many pages a record rests on
	EntryFacet    Facet = "entry"    // what an entry of the desk's ledger is
	StateFacet    Facet = "state"    // what else is to be known of a record
	AgeFacet      Facet = "age"      // in days, of a label and of what is told in the present tense
)

// Facets lists the facets in the order in which the rules stand.
var Facets = []Facet{
	VerdictFacet, ClaimFacet, BasisFacet, LabelFacet, StaleFacet, RestsOnFacet, GradeFacet, StandingFacet, EventFacet, PagesFacet,
	EntryFacet, StateFacet, AgeFacet,
}

// What records rest on, by the number of pages.
const (
	NoPage       = "none"
	OnePage      = "one"
	SeveralPages = "several"
)

// What an entry of a ledger is to those who would print it.
const (
	EntryRecorded  = "recorded"    // it records something of the world
	EntryWithdrawn = "withdrawn"   // the desk took it back
	EntryProposed  = "proposed"    // nobody has approved it
	EntryInternal  = "bookkeeping" // it tells of the ledger alone
)

// The states.
const (
	ContradictedWithin = "contradiction"  // its source says the contrary elsewhere
	Foretold           = "forecast"       // it is no more than foretold
	Implied            = "implicit"       // its source does not say it as such: it is our reading
	NoteHeld           = "held"           // what we know against it cannot be cited
	Uncited            = "uncited"        // confirmed, and the check names no page
	CorrectedByDesk    = "corrected"      // the desk says that something else is right
	AgainstTheRecord   = "against_record" // the roll calls, memberships or measures say otherwise
	SourcesDiffer      = "disputed"       // sources differ on a cell that it tells of
	SymbolUnread       = "unnumbered"     // the symbol of the text was not read
	CellUnread         = "unread"         // how the state voted was not read
	StartUnread        = "no_start"       // when it began was not read
	HasEnded           = "ended"          // it no longer holds on the day
	Computed           = "computed"       // it is a result of arithmetic, by somebody's method
)

// Values returns the values that the facet has, nil for one that is a number.
func (f Facet) Values() []string {
	switch f {
	case VerdictFacet:
		return texts(Statuses)
	case RestsOnFacet:
		return append(texts(Statuses), CorrectedByDesk)
	case ClaimFacet:
		return texts(ClaimKinds)
	case BasisFacet:
		return texts([]Basis{BasisArticle, BasisInferred, BasisDesk, BasisNone})
	case LabelFacet:
		return texts([]Label{Contested, InTransition, Unstated})
	case StaleFacet:
		return texts([]StaleKind{LeaderLeft, HandoverDue, NewerRecord})
	case GradeFacet:
		return texts(Grades)
	case StandingFacet:
		return texts(Standings)
	case EventFacet:
		return texts(EventKinds)
	case PagesFacet:
		return []string{NoPage, OnePage, SeveralPages}
	case EntryFacet:
		return []string{EntryRecorded, EntryWithdrawn, EntryProposed, EntryInternal}
	case StateFacet:
		return []string{
			ContradictedWithin, Foretold, Implied, NoteHeld, Uncited, CorrectedByDesk, AgainstTheRecord, SourcesDiffer, SymbolUnread, CellUnread,
			StartUnread, HasEnded, Computed,
		}
	}
	return nil
}

func texts[T ~string](words []T) []string {
	list := make([]string, len(words))
	for i, w := range words {
		list[i] = string(w)
	}
	return list
}

// A PublishRule is one rule of what may be published: where the facet has one of the values, or is over a number of days,
// no more than the decision is allowed.
type PublishRule struct {
	ID       string   `json:"id"` // R-contradicted
	On       Facet    `json:"on"`
	Is       []string `json:"is,omitempty"`
	Over     int      `json:"over,omitempty"` // days, with AgeFacet
	Decision Decision `json:"decision"`
	Why      string   `json:"why"` // to be read behind the decision
	Whys     InOthers `json:"whys"`
}

// Decides reports whether the rule decides on a value of its facet or, where that is an age, on so many days.
func (r *PublishRule) Decides(value string, days int) bool {
	if r.On == AgeFacet {
		return days > r.Over
	}
	return slices.Contains(r.Is, value)
}

// A Publication is what the rules allow to be done with one thing. One of Label, Vote and Record is set.
type Publication struct {
	Country  Country
	Label    *Labelled
	Vote     *Vote
	Record   *Record
	Disputes []*Dispute // of a whole roll call: the votes on which sources differ
	Decision Decision
	Grounds  []Ground // what led to the decision, in the order of the rules: never none
}

// A Ground is a rule that led to a decision, and the receipts of what it was found in.
type Ground struct {
	Rule   *PublishRule // nil where no rule knows what was found, which therefore is not to be used
	Causes []string
}

// Causes returns the receipts of all grounds.
func (p *Publication) Causes() []string {
	var ids []string
	for _, g := range p.Grounds {
		for _, id := range g.Causes {
			if !slices.Contains(ids, id) {
				ids = append(ids, id)
			}
		}
	}
	return ids
}
