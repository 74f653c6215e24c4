package knowledge

// A Country is one of the 193 members of the United Nations, by its ISO 3166-1 alpha-3 code.
type Country string

// The two poles. Beside another country they name an axis; alone they are explained and never labelled.
const (
	Russia       Country = "RUS"
	UnitedStates Country = "USA"
)

// An Axis is one of the two poles that a stance is measured toward. Neither is ever derived from the other.
type Axis string

// The axes, in the order in which answers show them.
const (
	TowardRussia     Axis = "russia"
	TowardWashington Axis = "washington"
)

// Axes lists both axes in the order of answers.
var Axes = [...]Axis{TowardRussia, TowardWashington}

// AxisOf returns the axis of which c is the pole, or "".
func AxisOf(c Country) Axis {
	switch c {
	case Russia:
		return TowardRussia
	case UnitedStates:
		return TowardWashington
	}
	return ""
}

// Pole returns the country at the end of the axis, or "".
func (a Axis) Pole() Country {
	switch a {
	case TowardRussia:
		return Russia
	case TowardWashington:
		return UnitedStates
	}
	return ""
}

// A Label is the stance of a country on one axis, in the words that the records use.
type Label string

// The labels. Which of them an axis knows stands in LabelsOf.
const (
	Ally              Label = "ally"
	LeaningAlly       Label = "leaning_ally"
	Neutral           Label = "neutral"
	LeaningAdversary  Label = "leaning_adversary"
	Adversary         Label = "adversary"
	Hostile           Label = "hostile"
	Distancing        Label = "distancing"
	Balanced          Label = "balanced"
	LinkedIndependent Label = "linked_but_independent"
	Leaning           Label = "leaning"
	AlignedLoosening  Label = "aligned_but_loosening"
	Aligned           Label = "aligned"
	InTransition      Label = "in_transition"
	Contested         Label = "contested"
	Unstated          Label = "unstated"
	Unassessed        Label = "unassessed"
)

// LabelsOf lists the labels that a source may give on an axis, from one end to the other. Unassessed is not among
// them: it is what an answer says where no source gives a label.
func LabelsOf(a Axis) []Label {
	if a == TowardRussia {
		return []Label{Ally, LeaningAlly, Neutral, LeaningAdversary, Adversary, InTransition, Contested}
	}
	return []Label{
		Hostile, Distancing, Balanced, LinkedIndependent, Leaning, AlignedLoosening, Aligned,
		InTransition, Unstated,
	}
}

// A Basis tells who gives a label.
type Basis string

// The bases: the founding article says so, our reading of it, an editor's record, nobody.
const (
	BasisArticle  Basis = "article"
	BasisInferred Basis = "inferred"
	BasisDesk     Basis = "desk"
	BasisNone     Basis = "none"
)

// An Assessment is a label from a day on, by a source or the desk. On a day that assessment holds whose Since is
// the newest not after it; of several with one Since, the later entry.
type Assessment struct {
	Country  Country   `json:"country,omitempty"`
	Axis     Axis      `json:"axis,omitempty"`
	Label    Label     `json:"label"`
	Of       []Reading `json:"of,omitempty"` // the labels that a contested one is torn between
	Basis    Basis     `json:"basis"`
	Since    Day       `json:"since,omitempty"`
	Grounds  string    `json:"grounds"` // why, in our words
	Claims   []string  `json:"claims"`  // receipts of the claims it rests on, at least one
	KnownOn  Day       `json:"-"`       // the day from which we knew it
	Recorded Recording `json:"-"`       // by a desk
}

// TouchedBy reports whether what happened on a day bears on the label: on the article's whenever it happened, on one of
// the desk when that is older.
func (a *Assessment) TouchedBy(day Day) bool { return a.Basis != BasisDesk || a.Since < day }

// A Reading is one of the labels that a source which contradicts itself gives, and the place where it does.
type Reading struct {
	Label Label `json:"label"`
	At    Where `json:"at"`
}
