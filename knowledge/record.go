package knowledge

import (
	"fmt"
	"slices"
	"strings"
)

// A Position is how a state took part in a roll call. Absent is the UN's "non-voting" and no abstention.
type Position string

// The positions, in the order in which tallies name them.
const (
	Yes     Position = "yes"
	No      Position = "no"
	Abstain Position = "abstain"
	Absent  Position = "absent"
)

// Positions lists the positions in the order of tallies.
var Positions = []Position{Yes, No, Abstain, Absent}

// A Meaning is what a Yes on a text means toward Russia, as we read it. A mixed text is shown and never scored.
type Meaning string

// The meanings of a Yes.
const (
	AgainstRussia Meaning = "against"
	ForRussia     Meaning = "for"
	MixedMeaning  Meaning = "mixed"
	Unrated       Meaning = "unrated"
)

// A Grade tells how well a roll call is proved: A, B, C by a second source, D and U by one alone, P only in part.
type Grade string

// Grades lists the grades from the best.
var Grades = []Grade{"A", "B", "C", "D", "U", "P"}

// SingleSource reports whether the roll call rests on one source alone.
func (g Grade) SingleSource() bool { return g == "D" || g == "U" }

// Topics lists what texts are about, in the order in which votes are shown.
var Topics = []string{"ukraine", "ukraine-mention", "georgia", "russia-sponsored"}

// UkraineTopic is the topic of the texts on the war and on Crimea.
const UkraineTopic = "ukraine"

// Codes is a list of countries written as one text: codes parted by white space.
type Codes []Country

// MarshalText writes the codes with single spaces.
func (c Codes) MarshalText() ([]byte, error) {
	words := make([]string, len(c))
	for i, code := range c {
		words[i] = string(code)
	}
	return []byte(strings.Join(words, " ")), nil
}

// UnmarshalText reads codes parted by white space. A word that has not the form of an alpha-3 code is an error.
func (c *Codes) UnmarshalText(text []byte) error {
	*c = make(Codes, 0, len(text)/4+1)
	for word := range strings.FieldsSeq(string(text)) {
		if len(word) != 3 || strings.ToUpper(word) != word {
			return fmt.Errorf("%q is no alpha-3 code", word)
		}
		*c = append(*c, Country(word))
	}
	return nil
}

// IDs are ids of sources in one cell of a table, parted by semicolons.
type IDs []string

// MarshalText writes the ids with semicolons.
func (ids IDs) MarshalText() ([]byte, error) { return []byte(strings.Join(ids, "; ")), nil }

// UnmarshalText reads ids parted by semicolons.
func (ids *IDs) UnmarshalText(text []byte) error {
	*ids = nil
	for id := range strings.SplitSeq(string(text), ";") {
		*ids = append(*ids, strings.TrimSpace(id))
	}
	return nil
}

// A Tally is the count of positions in a roll call.
type Tally struct {
	Yes     int `json:"yes"`
	No      int `json:"no"`
	Abstain int `json:"abstain"`
	Absent  int `json:"absent"`
}

// Of returns the count of one position.
func (t Tally) Of(p Position) int {
	switch p {
	case Yes:
		return t.Yes
	case No:
		return t.No
	case Abstain:
		return t.Abstain
	}
	return t.Absent
}

// Sum returns the number of states that the tally counts.
func (t Tally) Sum() int { return t.Yes + t.No + t.Abstain + t.Absent }

// A RollCall is how the members voted on one text of the General Assembly.
type RollCall struct {
	ID         string             `json:"id"` // the symbol, or GA- and the date where it was not read
	Date       Day                `json:"date"`
	Title      string             `json:"title"`            // in our words
	Titles     InOthers           `json:"titles,omitempty"` // the title in other languages
	Topic      string             `json:"topic"`
	Meaning    Meaning            `json:"meaning"`
	Tally      Tally              `json:"tally"`
	Grade      Grade              `json:"grade"`
	Checked    string             `json:"checked"`              // how it was proved
	Unnumbered bool               `json:"unnumbered,omitempty"` // the symbol was not read
	Partial    bool               `json:"partial,omitempty"`    // only some cells are known
	Sources    []string           `json:"sources"`              // the UN's record first
	Note       string             `json:"note,omitempty"`
	Votes      map[Position]Codes `json:"votes,omitempty"` // of a full roll call
	Cells      []Cells            `json:"cells,omitempty"` // of a partial one, by source
	Recorded   Recording          `json:"-"`               // imported by a desk
}

// Has reports whether the roll call shows a state in a position.
func (r *RollCall) Has(p Position, country Country) bool {
	return slices.Contains(r.Votes[p], country) || slices.ContainsFunc(r.Cells, func(c Cells) bool { return slices.Contains(c.Of(p), country) })
}

// Cells are positions that one source shows.
type Cells struct {
	Source  string `json:"source"`
	Yes     Codes  `json:"yes,omitempty"`
	No      Codes  `json:"no,omitempty"`
	Abstain Codes  `json:"abstain,omitempty"`
	Absent  Codes  `json:"absent,omitempty"`
}

// Of returns the states that the source shows in a position.
func (c *Cells) Of(p Position) Codes {
	switch p {
	case Yes:
		return c.Yes
	case No:
		return c.No
	case Abstain:
		return c.Abstain
	}
	return c.Absent
}

// Rated reports whether the text says something toward Russia, so that a vote on it can be scored.
func (r *RollCall) Rated() bool { return r.Meaning == AgainstRussia || r.Meaning == ForRussia }

// A Dispute is one cell of a roll call on which sources differ. Both sides are shown.
type Dispute struct {
	RollCall string   `json:"rollcall"`
	Country  Country  `json:"country"`
	Record   Position `json:"record"` // what the roll call has
	Other    Position `json:"other"`  // what is said against it
	By       string   `json:"by"`     // who says so
	Sources  []string `json:"sources"`
}

// A Standing is what a state is to an organisation.
type Standing string

// The standings. Only Member counts as a member, and Partner in a group of partners.
const (
	Member        Standing = "member"
	Suspended     Standing = "suspended"
	Observer      Standing = "observer"
	Partner       Standing = "partner"
	Associate     Standing = "associate"
	Invited       Standing = "invited"
	Candidate     Standing = "candidate"
	StatusUnclear Standing = "status_unclear"
	LeftGroup     Standing = "left"
)

// Standings lists the standings in the order in which a group names them.
var Standings = []Standing{Member, Partner, Suspended, Associate, Observer, Candidate, Invited, StatusUnclear, LeftGroup}

// Endings lists how a standing may end.
var Endings = []string{"left", "suspended", "rejoined", "became_member", "stopped"}

// A Membership is one state in one standing to a group. An empty From means that the date was not read, never always;
// Attested is then the day on which a source names the standing, and it counts from there on.
type Membership struct {
	Country  Country   `json:"country"`
	Group    GroupID   `json:"group"`
	Standing Standing  `json:"status"`
	From     Date      `json:"from,omitempty"`
	To       Date      `json:"to,omitempty"`
	Ended    string    `json:"ended,omitempty"` // how it ended, with a To
	Attested Date      `json:"attested,omitempty"`
	Sources  IDs       `json:"source"`
	Note     string    `json:"note,omitempty"`
	Recorded Recording `json:"-"` // by a desk
}

// ID returns the receipt of the membership.
func (m *Membership) ID() string { return dated("M", m.Country, string(m.Group), m.From) }

// The partners of BRICS are listed apart from its members, as a group of their own.
const (
	brics        GroupID = "brics"
	bricsPartner GroupID = "brics_partner"
)

// Partners returns the group of those who stand beside a group as its partners, or "".
func (id GroupID) Partners() GroupID {
	if id == brics {
		return bricsPartner
	}
	return ""
}

// Concerns reports whether the membership is in a group, or among the partners beside it.
func (m *Membership) Concerns(id GroupID) bool { return m.Group == id || m.Group == id.Partners() }

// Organisations lists the groups that states join and leave, as memberships name them.
var Organisations = []GroupID{
	"alba", brics, bricsPartner, "caricom", "celac", "cis", "csto", "csto_treaty", "eaeu", "eu", "mercosur", "mnna", "nato", "oas", "oecd",
	"pacific_alliance", "sco", "tiar",
}

// Counts reports whether the membership makes its state a member of the group: what is left without a date is never
// counted.
func (m *Membership) Counts() bool {
	return m.Standing == Member || m.Standing == Partner && m.Group == bricsPartner
}

// Known returns the first day on which the standing is known to hold, or 0: its start, or the day on which a source
// names it.
func (m *Membership) Known() Day {
	if !m.From.IsZero() {
		return m.From.First()
	}
	return m.Attested.First()
}

// HoldsOn reports whether the standing is known to hold on the day. Where one row follows another, the old one's end
// is the new one's start, and on that day the new one holds.
func (m *Membership) HoldsOn(day Day) bool {
	known := m.Known()
	if known == 0 || known > day || m.Standing == LeftGroup && m.To.IsZero() && m.From.IsZero() {
		return false
	}
	return m.To.IsZero() || day < m.End()
}

// End returns the first day on which the standing no longer holds, or 0 while its end is open. An end that is only a
// month or a year counts up to its last day.
func (m *Membership) End() Day {
	if m.To.IsZero() || m.To.Precision() == DayPrecision {
		return Day(m.To)
	}
	return DayOf(m.To.Last().Time().AddDate(0, 0, 1))
}

// A Measure is a sanction, a listing, a recognition or the like, of one state.
type Measure struct {
	Country  Country   `json:"country"`
	Kind     string    `json:"kind"`
	From     Date      `json:"from,omitempty"`
	To       Date      `json:"to,omitempty"`
	Sources  IDs       `json:"source"`
	Note     string    `json:"note,omitempty"`
	Recorded Recording `json:"-"` // by a desk
}

// ID returns the receipt of the measure.
func (m *Measure) ID() string { return dated("S", m.Country, m.Kind, m.From) }

func dated(letter string, c Country, what string, from Date) string {
	year := "?"
	if !from.IsZero() {
		year = fmt.Sprintf("%04d", from.First().Year())
	}
	return letter + ":" + string(c) + ":" + what + ":" + year
}

// UnfriendlyList is the kind of measure that is Russia's own list of unfriendly states: the only list of adversaries
// that needs no attribution beyond its name.
const UnfriendlyList = "unfriendly_list"

// MeasureKinds lists the kinds of measures in the order in which they are shown.
var MeasureKinds = []string{
	UnfriendlyList, "unfriendly_list_staff_limits", "sanctions_on_russia", "recognises_abkhazia_south_ossetia",
	"refused_arms_to_ukraine", "aid_to_ukraine_demining", "visa_free_with_russia", "no_visa_waiver_with_russia",
	"icc_member", "icc_withdrawal_announced", "un_arrears_article_19",
}

// HasHoles reports whether the list of a kind of measure is known to lack rows: that of the parties to the
// International Criminal Court.
func HasHoles(kind string) bool { return kind == "icc_member" }

// An Agreement is how much a state agreed with the poles in the roll calls of one year: shares from 0 to 1, and the
// number of votes behind each, by the method of Bailey, Strezhnev and Voeten (2017).
type Agreement struct {
	Country  Country `json:"country"`
	Year     int     `json:"year"`
	USA      float64 `json:"usa,omitempty"`
	VotesUSA int     `json:"n_usa,omitempty"` // 0 where there is no share: a pole and itself
	Russia   float64 `json:"russia,omitempty"`
	VotesRus int     `json:"n_russia,omitempty"`
}

// ID returns the receipt of the agreement.
func (a *Agreement) ID() string { return fmt.Sprintf("A:%s:%d", a.Country, a.Year) }

// Percent returns a share as a whole number of percent, halves rounded up.
func Percent(share float64) int { return int(share*100 + 0.5 + 1e-9) }

// With returns the share of agreement with the pole of an axis, and the votes behind it.
func (a *Agreement) With(axis Axis) (share float64, votes int) {
	if axis == TowardRussia {
		return a.Russia, a.VotesRus
	}
	return a.USA, a.VotesUSA
}
