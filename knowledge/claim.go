package knowledge

// A Kind says what a claim or an event is about.
type Kind string

// ClaimKinds lists what a claim may be about, in the order in which evidence is shown.
var ClaimKinds = []Kind{
	"assessment", "vote", "statement", "leader", "election", "diplomatic_relations", "membership",
	"recognition", "military", "sanctions", "energy_trade", "economic", "aid", "vaccine", "forum_summit", "geography",
}

// EventKinds lists what an event may be about. A scheduled event is one that was due on its day and is not
// confirmed by the records.
var EventKinds = []Kind{
	"leader", "election", Scheduled, "membership", "diplomatic_relations", "military",
	"sanctions", "vote", "statement", "economic", "recognition",
}

// Scheduled is the kind of an event that was due and is not confirmed.
const Scheduled Kind = "scheduled"

// A Status is the verdict of a check.
type Status string

// The verdicts. Rank tells how they are ordered.
const (
	Confirmed    Status = "confirmed"
	Opinion      Status = "opinion"
	Context      Status = "context"
	NotChecked   Status = "not_checked"
	Partly       Status = "partly"
	Incomplete   Status = "incomplete"
	ContestedBy  Status = "contested"
	Unsupported  Status = "unsupported"
	Outdated     Status = "outdated"
	Contradicted Status = "contradicted"
)

// Statuses lists the verdicts from the best to the worst.
var Statuses = []Status{
	Confirmed, Opinion, Context, NotChecked, Partly, Incomplete, ContestedBy, Unsupported,
	Outdated, Contradicted,
}

// Rank returns the place of s among Statuses, the worst highest, or -1.
func (s Status) Rank() int {
	for i, t := range Statuses {
		if s == t {
			return i
		}
	}
	return -1
}

// Faulted reports whether s finds something wrong or missing in what it checks.
func (s Status) Faulted() bool { return s.Rank() >= Partly.Rank() }

// A Claim is one statement of the article about a country, paraphrased.
type Claim struct {
	ID       string  `json:"id"`
	Country  Country `json:"-"` // "" for a claim about the region
	Kind     Kind    `json:"kind"`
	Actor    string  `json:"actor"`
	Text     string  `json:"text"`  // a paraphrase
	Quote    string  `json:"quote"` // the words that it paraphrases
	At       Where   `json:"at"`
	When     string  `json:"when,omitempty"` // the article's own words for the time
	Period           // dated by us, or undated
	Forecast bool    `json:"forecast,omitempty"`
	// Asserts says of the claim what can be held against the record by code.
	Asserts []Assertion `json:"asserts,omitempty"`
	Check   Check       `json:"check"`
}

// An Assertion is one thing that a claim says, in a form that code can hold against the record. It is of one sort: a
// vote, a membership, a measure, a label, labels that no member of a group bears, or a count of a group's members.
type Assertion struct {
	Country Country  `json:"country,omitempty"` // of another country than the claim's
	Vote    Position `json:"vote,omitempty"`    // so it voted on the texts
	Texts   []string `json:"texts,omitempty"`   // their symbols; without them, ES-11/1 to ES-11/8 within the claim's period
	Member  GroupID  `json:"member,omitempty"`  // it belonged to the group
	On      Date     `json:"on,omitempty"`      // on that day; without it, at the start of the claim
	Measure string   `json:"measure,omitempty"` // a measure of the kind is recorded
	Not     bool     `json:"not,omitempty"`     // the contrary of a membership or measure
	Label   Label    `json:"label,omitempty"`   // the claim itself places the country so
	None    []Label  `json:"none,omitempty"`    // no member of the group bears one of the labels
	Count   int      `json:"count,omitempty"`   // the group has so many members
	Axis    Axis     `json:"axis,omitempty"`
	Group   GroupID  `json:"group,omitempty"`
}

// A Check holds a claim against evidence. It adds a line to an answer and never changes a label.
type Check struct {
	Status        Status   `json:"status"`
	AtPublication bool     `json:"at_publication,omitempty"` // outdated when the article came out
	Hold          bool     `json:"hold,omitempty"`           // the note has no source: no reader ever sees it
	Note          string   `json:"note,omitempty"`
	Sources       []string `json:"sources,omitempty"`
	Through       Day      `json:"-"` // the latest day that the note speaks of, 0 for none
	KnownOn       Day      `json:"-"`
}

// A FactCheck is a finding about one or several claims.
type FactCheck struct {
	ID            string   `json:"id"`
	Claims        []string `json:"claims"`
	Verdict       Status   `json:"verdict"`
	AtPublication bool     `json:"at_publication,omitempty"`
	Finding       string   `json:"finding"`
	Through       Day      `json:"-"`
	KnownOn       Day      `json:"-"`
}

// A Contradiction is a pair of statements of the article that do not go together.
type Contradiction struct {
	ID        string    `json:"id"`
	Countries []Country `json:"countries"`
	A         Quote     `json:"a"`
	B         Quote     `json:"b"`
	Why       string    `json:"why"`
	Rule      string    `json:"rule"` // what an answer does about it
}

// A Shift is a change that the article tells in words: never labels. A continuity and a forecast are no changes.
type Shift struct {
	ID         string  `json:"id"`
	Country    Country `json:"-"`
	From       string  `json:"from_words"`
	To         string  `json:"to_words"`
	When       string  `json:"when_words"`
	Period     Period  `json:"period"` // the time over which the state in To is reported to hold
	Cause      string  `json:"cause"`
	At         Where   `json:"at"`
	Continuity bool    `json:"continuity,omitempty"`
	Forecast   bool    `json:"forecast,omitempty"`
	Implicit   bool    `json:"implicit,omitempty"` // not told as a change by the article itself
}

// Changed reports whether the shift is a change at all.
func (s *Shift) Changed() bool { return !s.Continuity && !s.Forecast }

// A Caveat is a remark of ours on what the article says of a country or leaves out, and what it rests on.
type Caveat struct {
	Country  Country  `json:"-"`
	Text     string   `json:"text"`
	Receipts []string `json:"receipts"`
	Through  Day      `json:"-"`
}

// An Event is something that happened, dated and sourced. Events never set labels.
type Event struct {
	ID       string    `json:"id"` // E:PER:2025-10-10
	Country  Country   `json:"-"`
	On       Date      `json:"-"`
	Kind     Kind      `json:"kind"`
	Text     string    `json:"text"`
	Sources  []string  `json:"sources"`
	Against  []string  `json:"against,omitempty"` // claims that it makes outdated or speaks against
	KnownOn  Day       `json:"-"`
	Recorded Recording `json:"-"` // by a desk
}

// A Leader is a term of office. An open To means in office in the latest source read.
type Leader struct {
	Country Country  `json:"country"`
	Name    string   `json:"name"`
	Called  []string `json:"called,omitempty"` // shorter names that mean nobody else
	Office  string   `json:"office"`
	From    Date     `json:"from"`
	To      Date     `json:"to,omitempty"`
	NamedIn []string `json:"named_in,omitempty"` // the claims and shifts of the article that name the person
	EndedBy string   `json:"ended_by,omitempty"` // the event that tells of the end
	Due     string   `json:"due,omitempty"`      // the scheduled event by which the term ends
	Sources []string `json:"sources"`
	Note    string   `json:"note,omitempty"`
	NamesIn InOthers `json:"names_in,omitempty"` // how languages with a script of their own write the name
	KnownOn Day      `json:"-"`
}

// A GroupID names a sub-region, a camp or an organisation, as the contract of ask lists them.
type GroupID string

// A GroupKind tells what makes a country a member of a group.
type GroupKind string

// The kinds of groups.
const (
	SubRegion GroupKind = "sub_region" // how the article files a country
	Camp      GroupKind = "camp"       // how its lead and its summary sort countries
	Whole     GroupKind = "whole"      // a region of the world
	Joined    GroupKind = "joined"     // an organisation or list, from its dated rows
)

// A Group is a set of countries that can be asked about at once.
type Group struct {
	ID      GroupID   `json:"id"`
	Kind    GroupKind `json:"kind"`
	Members []Country `json:"members"`
	// Missing are states that belong to the region and that the article does not treat: named, never labelled.
	Missing  []Country `json:"missing,omitempty"`
	Examples bool      `json:"examples,omitempty"` // the article gives examples, not a full list
	Axis     Axis      `json:"axis,omitempty"`     // the axis that a camp is about
	Quote    *Quote    `json:"quote,omitempty"`
	Receipts []string  `json:"receipts,omitempty"` // claims that tell of the group as such
	// Called are countries that the article sorts so in their own sections, and the claims that do.
	Called []string `json:"called,omitempty"`
	Note   string   `json:"note,omitempty"`
}

// A PlaceKind tells why a place is not simply a country.
type PlaceKind string

// PlaceKinds lists the kinds of places.
var PlaceKinds = []PlaceKind{"observer", "territory", "disputed", "former"}

// A Place is a name with a standing of its own that is no member of the United Nations. It has a status note,
// written by the newsroom in its house-style file, and never a label.
type Place struct {
	ID      string    `json:"id"`
	Kind    PlaceKind `json:"kind"`
	Names   []string  `json:"names"`              // all that it is called; the first is the English short name
	NamesIn InOthers  `json:"names_in,omitempty"` // the short name in other languages
	Note    string    `json:"note"`
	Notes   InOthers  `json:"notes,omitempty"`
	See     []Country `json:"see,omitempty"` // members whose records may help
	// Map is how maps show the place: MapPlain, MapHatched, or in the colour of the member whose alpha-3 code it is. An
	// empty one is MapPlain.
	Map string `json:"map,omitempty"`
}

// How maps show a place that is no member: as land with borders of its own, or patterned, within dashed borders and in
// the colour of no state.
const (
	MapPlain   = "plain"
	MapHatched = "hatched"
)

// A NearName is a name that is answered with a word on what it is not.
type NearName struct {
	Name    string   `json:"name"`
	Country Country  `json:"country"`
	Not     []string `json:"not,omitempty"` // alpha-3 codes and place ids
	Note    string   `json:"note"`
	Notes   InOthers `json:"notes,omitempty"`
}

// An AskName is a name that fits several countries, places or groups: it is asked back, never picked.
type AskName struct {
	Name    string   `json:"name"`
	Choices []string `json:"choices"`
}

// NotCountries are names that are understood, but not as those of a country.
type NotCountries struct {
	Kind  string    `json:"kind"`
	Names []string  `json:"names"`
	Note  string    `json:"note"`
	Notes InOthers  `json:"notes,omitempty"`
	See   []Country `json:"see,omitempty"`
}

// InOthers holds what an English text of the records is in other languages, by the code of the language.
type InOthers map[string]string

// Or returns the text in a language, and the other one where there is none.
func (o InOthers) Or(language, other string) string {
	if text := o[language]; text != "" {
		return text
	}
	return other
}

// OtherLanguages are the languages of replies besides English, in which the records are.
var OtherLanguages = []string{"es", "fr", "pt", "ru", "zh"}

// A HouseStyle is the newsroom's file of names that are not simply those of members.
type HouseStyle struct {
	Places       []Place        `json:"places"`
	Near         []NearName     `json:"near"`
	Asks         []AskName      `json:"asks"`
	NotCountries []NotCountries `json:"not_countries"`
}

// Records are all the records of one version, as the corpus holds them: what a snapshot is built from.
type Records struct {
	Version        string // a fingerprint of the content
	Article        Article
	Sources        []Source
	Assessments    []Assessment
	Quotes         map[Country][]Quote // the words with which the article places a country
	Claims         []Claim
	Shifts         []Shift
	Caveats        []Caveat
	Contradictions []Contradiction
	FactChecks     []FactCheck
	Events         []Event
	Leaders        []Leader
	Groups         []Group
	House          HouseStyle
	RollCalls      []RollCall
	Disputes       []Dispute
	Memberships    []Membership
	Measures       []Measure
	Agreements     []Agreement
	Publish        []PublishRule
}
