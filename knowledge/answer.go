package knowledge

import "slices"

// An Answer is what the records say to a Query: facts and receipts, no prose. The records it points to belong to
// an immutable snapshot and must not be changed.
//
// Which parts are set follows from Query.Intent and Outcome.
type Answer struct {
	Query   Query
	Outcome Outcome
	// Countries are the members that the answer is about, in the order asked; for a group, its members.
	Countries []Country
	// On is the day that the answer speaks of: Query.AsOf, or Query.Today.
	On Day
	// Article is the source of the labels and CheckedTo the month up to which events were looked for.
	Article   *Article
	CheckedTo Date

	Span    Span     // with OutOfSpan: the days that the records cover
	Reason  Reason   // with Refused
	Choices []string // with Ambiguous
	Offered []*Place // the places among the choices
	Place   *Place   // with StatusNote
	Pole    Axis     // the axis of the pole that was named beside other countries, or asked about

	Stances        []Stance // one for each country: stance, compare, group, evidence, export
	Group          *GroupAnswer
	Shifts         []*Shift // newest first
	Set            Set
	Relabels       []Relabel // that the desk recorded, newest first
	Contradictions []*Contradiction
	Findings       []*Finding // what code finds beside the curated contradictions
	Caveats        []*Caveat
	Events         []*Event
	Evidence       []*CheckedClaim
	Record         *Record
	Found          []Found // search: the best first

	Publish []Publication // safe: what the rules allow

	Version string // of the shared records

	// Corrected is what the desk says is right about records, by their receipts: also about those that the answer does not rest on.
	Corrected map[string]*Correction

	Votes       []Vote // votes and resolution: the whole list, in the order of the text
	RollCall    *RollCall
	Splits      []SplitSides // the axis splits among the texts answered about
	Reasons     []*Measure   // press reports of a vote lost over dues, beside non-voting
	Agreements  []*Agreement
	Memberships []*Membership
	Measures    []*Measure
	Areas       []*Place      // map: the places that maps show in a way of their own
	Unread      []*Membership // of a group: members whose start was not read
	Beside      []*Membership // of a group: observers, partners, suspended and the like
}

// A Found is a record that holds words searched for.
type Found struct {
	Record *Record
	Score  float64
	Share  float64 // how many of the words it holds, from 0 to 1
}

// goodScore is that of a record which holds a word that few records hold.
const goodScore = 3.5

// Good reports whether the record holds most of the words, and among them one that few records hold: then it may speak
// of what they ask, even where they did not ask for a search.
func (f Found) Good() bool { return f.Score >= goodScore && f.Share > 0.5 }

// remindingShare is how many of a sentence's words a record holds at least that it reminds of.
const remindingShare = 0.25

// Reminds reports whether a sentence of somebody's may speak of what the record tells: it holds a word that few records
// hold, and some of the others.
func (f Found) Reminds() bool { return f.Score >= goodScore && f.Share >= remindingShare }

// A Vote is how one state took part in one roll call.
type Vote struct {
	Country  Country
	Call     *RollCall
	Position Position // "" where the cell was not read
	Dispute  *Dispute
	Cell     *DeskCell // what the desk recorded where the record lacks the cell or has another position
}

// SplitSides are the states that Washington's turn on a text moved away from their usual Yes, and those that kept it.
type SplitSides struct {
	Call          *RollCall
	Washington    Position
	Moved, Stayed []Country
}

// A StanceRecord is what the record holds of one country: how it voted on the texts of the emergency session on Ukraine,
// where Washington's turn took it, whether it is on Russia's own list, what it belongs to, how it agreed with the poles.
type StanceRecord struct {
	Votes       []Vote // oldest first, rated texts with known cells
	Splits      []SplitVote
	Unfriendly  *Measure
	Memberships []*Membership
	Agreement   *Agreement // of the latest year
}

// A SplitVote is what a state did where Washington and distance from Moscow parted ways.
type SplitVote struct {
	Vote       Vote
	Washington Position
	Usual      Position // its usual side before
}

// A Rule names why two records clash: the rules of the radar, each a question of form and none about a single record.
type Rule string

// The rules of the radar.
const (
	TwoLabels      Rule = "two_labels"      // two claims of one country give it different labels on one axis
	GroupDenies    Rule = "group_denies"    // a claim on a group denies a label that a member bears
	SameVotes      Rule = "same_votes"      // one position on the UN texts stands beside labels of different kinds
	CampWithout    Rule = "camp_without"    // a country bears a camp's label and is not named in it
	GroupCount     Rule = "group_count"     // a claim counts a group otherwise than it has members
	AgainstRecord  Rule = "against_record"  // a claim of votes, memberships or measures goes against the record
	NeutralByWords Rule = "neutral_by_word" // neutral by the article's words, and on one side in every vote
)

// Rules lists the rules of the radar.
var Rules = []Rule{TwoLabels, GroupDenies, SameVotes, CampWithout, GroupCount, AgainstRecord, NeutralByWords}

// A Finding is a clash that a rule of the radar finds by code.
type Finding struct {
	Rule      Rule
	Countries []Country
	Claims    []string
	Receipts  []string // of the record, where the clash is with it
	Known     []string // the curated contradictions about the same countries
}

// A Span is a stretch of days, both ends within.
type Span struct{ From, To Day }

// A Set holds what a list of shifts keeps apart: what is no change, and what has no date.
type Set struct {
	Continuities, Forecasts, Undated []*Shift
}

// A Relabel is a recorded shift: an assessment of the desk with another label than the one that held before.
type Relabel struct{ From, To *Assessment }

// A Stance is where one country stands, with what bears on it.
type Stance struct {
	Country Country
	Covered bool // a source labels the country, on whatever day
	Labels  []Labelled
	Stale   []Stale
	// What the article reports of a day for which no label holds: the shifts whose time covers it, and the dated claims
	// that had begun, those whose time covers it first.
	Reports []*Shift
	Told    []*CheckedClaim
	Led     *Leader  // who was in office then, where a claim or an event tells of it
	LedBy   []string // their receipts
	// Checked are claims of the country with a verdict that finds a fault, the worst first; Forecasts those that
	// only foretell.
	Checked        []*CheckedClaim
	Forecasts      []*Claim
	Context        []*FactCheck
	Contradictions []*Contradiction
	Events         []*Event
	Record         StanceRecord
}

// A Labelled is one axis of a stance. Assessment is nil where no source gives a label for the day.
type Labelled struct {
	Axis       Axis
	Assessment *Assessment
	Article    *Assessment // the article's, where that of the desk holds in its place
	AgeDays    int         // days from the assessment to the day of reading, or to that of the second clock
	Verdict    Status      // export: the worst of the checks on the claims that the label rests on, "" where none was known
}

// Label returns the label, Unassessed where there is none.
func (l Labelled) Label() Label {
	if l.Assessment == nil {
		return Unassessed
	}
	return l.Assessment.Label
}

// Basis returns who gives the label.
func (l Labelled) Basis() Basis {
	if l.Assessment == nil {
		return BasisNone
	}
	return l.Assessment.Basis
}

// A StaleKind tells by which rule a label is stale. Age alone is no such rule.
type StaleKind string

// The rules of staleness.
const (
	LeaderLeft  StaleKind = "leader_left"  // the leader whom the article takes to be in office has left
	HandoverDue StaleKind = "handover_due" // a known handover has passed and is not confirmed
	NewerRecord StaleKind = "newer_record" // an event speaks against a claim
)

// A Stale tells one reason for which a label is stale.
type Stale struct {
	Kind      StaleKind
	Leader    *Leader // who left, or whose handover was due
	Successor *Leader // the one in office on the day, when the records know
	Ended     *Event  // the end of the term, or the newer record
	Began     *Event  // the start of the successor's
	Due       *Event  // the handover that was due
	Claims    []string
	FactCheck *FactCheck // the finding that says so too, if any
	Before    bool       // the leader had left before the article came out
}

// Causes returns the receipts of what makes the labels stale.
func (s *Stale) Causes() []string {
	var ids []string
	if s.FactCheck != nil {
		ids = append(ids, s.FactCheck.ID)
	}
	for _, e := range []*Event{s.Ended, s.Began, s.Due} {
		if e != nil && !slices.Contains(ids, e.ID) {
			ids = append(ids, e.ID)
		}
	}
	return ids
}

// Day returns the day from which the reason counts.
func (s *Stale) Day() Day {
	switch {
	case s.Kind == LeaderLeft && s.Leader != nil:
		return s.Leader.To.First()
	case s.Kind == HandoverDue && s.Due != nil:
		return s.Due.On.First()
	case s.Ended != nil:
		return s.Ended.On.First()
	}
	return 0
}

// A CheckedClaim is a claim with the verdict that counts on the day: the worse one of its own check and of the
// fact checks about it.
type CheckedClaim struct {
	Claim     *Claim
	Verdict   Status     // "" when no check was known yet
	Note      string     // never one that is held
	Finding   *FactCheck // the fact check about it, if any
	Sources   []*Source
	Supports  bool // a label rests on the claim
	Published bool // outdated already when the article came out
}

// A GroupAnswer is a group on a day.
type GroupAnswer struct {
	Group   *Group
	Members []Country
	Missing []Country
	Called  []*CheckedClaim // countries sorted so in their own sections
	Claims  []*CheckedClaim // what the article says of the group as such
}

// A Record is one receipt, opened. Exactly one of the pointers is set.
type Record struct {
	ID            string
	Kind          ReceiptKind
	Country       Country
	Claim         *CheckedClaim
	Shift         *Shift
	FactCheck     *FactCheck
	Checks        []*CheckedClaim // the claims that a fact check is about
	Contradiction *Contradiction
	Event         *Event
	RollCall      *RollCall
	Membership    *Membership
	Measure       *Measure
	Agreement     *Agreement
	Desk          *DeskRecord
	Sources       []*Source
}

// Says is what the record says in words, in the language of the records, or "" where it says nothing in words.
func (r *Record) Says() string {
	switch {
	case r.Claim != nil:
		return r.Claim.Claim.Text
	case r.Shift != nil:
		return r.Shift.Cause
	case r.FactCheck != nil:
		return r.FactCheck.Finding
	case r.Contradiction != nil:
		return r.Contradiction.Why
	case r.Event != nil:
		return r.Event.Text
	case r.Desk == nil:
		return ""
	case r.Desk.Event != nil:
		return r.Desk.Event.Text
	case r.Desk.Correction != nil:
		return r.Desk.Correction.Text
	case r.Desk.Note() != "":
		return r.Desk.Note()
	}
	return ""
}

// Checkable reports whether the record has a verdict, or tells what happened, so that somebody's words can be held
// against it.
func (r *Record) Checkable() bool { return r.Claim != nil || r.FactCheck != nil || r.Event != nil }

// Countries returns the countries that the record is about, none for the region.
func (r *Record) Countries() []Country {
	switch {
	case r.Country != "":
		return []Country{r.Country}
	case r.Contradiction != nil:
		return r.Contradiction.Countries
	}
	var countries []Country
	for _, cc := range r.Checks {
		if country := cc.Claim.Country; country != "" && !slices.Contains(countries, country) {
			countries = append(countries, country)
		}
	}
	return countries
}
