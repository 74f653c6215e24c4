package knowledge

// An Intent is what was asked.
type Intent string

// The intents of the contract of ask. Which of them a program can answer is decided where it is put together.
const (
	IntentStance         Intent = "stance"
	IntentCompare        Intent = "compare"
	IntentGroup          Intent = "group"
	IntentShifts         Intent = "shifts"
	IntentVotes          Intent = "votes"
	IntentResolution     Intent = "resolution"
	IntentAgreement      Intent = "agreement"
	IntentMeasures       Intent = "measures"
	IntentEvidence       Intent = "evidence"
	IntentContradictions Intent = "contradictions"
	IntentSource         Intent = "source"
	IntentSafe           Intent = "safe"
	IntentSearch         Intent = "search"
	IntentMap            Intent = "map"
	IntentTimeline       Intent = "timeline"
	IntentCard           Intent = "card"
	IntentDigest         Intent = "digest"
	IntentWatch          Intent = "watch"
	IntentRecord         Intent = "record"
	IntentCorrect        Intent = "correct"
	IntentHistory        Intent = "history"
	IntentExport         Intent = "export"
	IntentSettings       Intent = "settings"
	IntentHelp           Intent = "help"
	IntentNone           Intent = "none"
)

// Intents lists every intent.
var Intents = []Intent{
	IntentStance, IntentCompare, IntentGroup, IntentShifts, IntentVotes, IntentResolution,
	IntentAgreement, IntentMeasures, IntentEvidence, IntentContradictions, IntentSource, IntentSafe, IntentSearch,
	IntentMap, IntentTimeline, IntentCard, IntentDigest, IntentWatch, IntentRecord, IntentCorrect, IntentHistory,
	IntentExport, IntentSettings, IntentHelp, IntentNone,
}

// A Matter is which of several things a question of history or of settings is about, or that an export is wanted of what is not exported.
type Matter string

// The matters. None is the desk's ledger for history, no setting of ours for settings, and what there is for an export.
const (
	MatterTold     Matter = "told"     // what was answered: history told BOL as of 2026-11-01
	MatterRecorded Matter = "recorded" // who recorded an entry: history recorded D-18
	MatterApproved Matter = "approved" // who approved it: history approved D-18
	MatterForget   Matter = "forget"   // erase what was told here
	MatterSilence  Matter = "told off" // keep nothing of what is told here from now on
	MatterKeep     Matter = "told on"  // keep it again
	MatterHelpful  Matter = "helpful"  // an answer helped: feedback yes stance PER
	MatterWrong    Matter = "wrong"    // it is wrong: feedback no stance PER
	MatterElse     Matter = "xlsx"     // what is not exported: another form of file, other records
)

// Matters lists the matters of each intent that has some.
var Matters = map[Intent][]Matter{
	IntentHistory:  {MatterApproved, MatterRecorded, MatterTold},
	IntentExport:   {MatterElse},
	IntentSettings: {MatterSilence, MatterKeep, MatterForget},
}

// An Outcome is how an answer went.
type Outcome string

// The outcomes of the contract of ask.
const (
	Answered      Outcome = "answered"
	Partial       Outcome = "partial"
	Done          Outcome = "done"
	Unavailable   Outcome = "unavailable"
	Ambiguous     Outcome = "ambiguous"
	NotCovered    Outcome = "not_covered"
	PoleItself    Outcome = "pole"
	StatusNote    Outcome = "status_note"
	NotACountry   Outcome = "not_a_country"
	NotFound      Outcome = "not_found"
	OutOfSpan     Outcome = "out_of_span"
	NotUnderstood Outcome = "not_understood"
	Refused       Outcome = "refused"
)

// Outcomes lists every outcome.
var Outcomes = []Outcome{
	Answered, Partial, Done, Unavailable, Ambiguous, NotCovered, PoleItself, StatusNote, NotACountry, NotFound, OutOfSpan, NotUnderstood, Refused,
}

// A Reason tells why a question was refused.
type Reason string

// The reasons for a refusal.
const (
	TooLong          Reason = "too_long"
	NoSuchDate       Reason = "no_such_date"
	SameCountry      Reason = "same_country"
	TooManyCountries Reason = "too_many_countries"
	OnlyOneCountry   Reason = "only_one_country" // a comparison that names one
	NamesNothing     Reason = "names_nothing"    // a command without what it is about
	TooFast          Reason = "too_fast"         // more questions at once than one person can mean
)

// MaxCompared is the most countries that one comparison takes.
const MaxCompared = 5

// MaxWords is the most characters that the words of a search have together.
const MaxWords = 200

// A Query is a question as the reader understood it: no words of the asker are left in it but the names that it
// could not place, and those to search for.
type Query struct {
	Desk       DeskID // whose ledger is read beside the shared records, "" for none
	Intent     Intent
	Countries  []Country // in the order asked
	Place      string    // the id of a place that has a status note
	Group      GroupID
	Axis       Axis // "" when both axes are asked about
	AsOf       Day  // the day asked for, 0 for today
	AsOfDate   Date // the day as it was asked for: a day, a month or a year
	OnlyThen   bool // of votes: those of that day or month alone, not all up to it
	Since      Day  // the start asked for, 0 for none
	KnownAt    Day  // the second clock, 0 for now
	Today      Day  // the calendar of the answer
	Receipt    string
	Resolution string
	Words      string // to search for: folded words with a space between them, at most MaxWords characters
	Page       int    // of a list, from 1
	YesNo      bool   // a bare yes or no was asked for
	Proof      bool   // the arithmetic of a roll call was asked for
	Picture    bool   // a picture of the answer was asked for, where the intent is not that of one
	Code       string // with IntentSource: of a picture, in capitals, as it was typed otherwise
	Order      *Order // with IntentDigest and IntentWatch: what is to be done
	Edit       *Edit  // with IntentCorrect and IntentRecord, where it was typed as a command
	Matter     Matter // with IntentHistory, IntentSettings and IntentExport: which of what they are about

	ReadsAs []Country  // countries whose names were misspelt
	Near    []NearName // names that were answered and want a word on what they are not
	Also    []AlsoName // former or other names that were used

	// Misread is set when the words do not make a question that can be answered.
	Misread *Misread
}

// Compares reports whether the question sets countries side by side: a card of several is a comparison, too.
func (q *Query) Compares() bool {
	return q.Intent == IntentCompare || q.Intent == IntentCard && len(q.Countries) > 1
}

// An AlsoName is a former name, and the country that bears another today.
type AlsoName struct {
	Country Country
	Name    string // as the records write it
	Former  bool
}

// A Misread tells why words could not be read as a question, and what may be offered instead.
type Misread struct {
	Outcome Outcome       // Ambiguous, NotACountry, NotUnderstood, Refused, StatusNote …
	Reason  Reason        // with Refused
	Choices []string      // with Ambiguous: alpha-3 codes, place ids, group ids, the likeliest first
	Name    string        // the name that could not be placed, bare of control characters, at most 60 characters
	Known   *NotCountries // with NotACountry: what the name is
	Rude    bool          // with NotUnderstood: the words abuse whoever reads them
}
