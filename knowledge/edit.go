package knowledge

// An EditDoing is what is asked of a desk's records.
type EditDoing string

// What can be asked of them.
const (
	EditPropose EditDoing = "propose" // correct BRA-14 …, record bolivia …, withdraw D-17
	EditApprove EditDoing = "approve"
	EditReject  EditDoing = "reject"
	EditRetract EditDoing = "retract" // of a proposal, by whoever made it; of an entry it proposes to take it back
	EditAsk     EditDoing = "ask"     // ask D-20 where is this from?
	EditList    EditDoing = "list"    // proposals
	EditInquire EditDoing = "inquire" // ask the desk who led the delegation?
	EditAnswer  EditDoing = "answer"  // answer D-12 the foreign minister did
)

// An Edit is what is asked of a desk's records: to change them, or to decide what somebody proposed. What it is about stands in the
// Query beside it: Receipt, Countries, Axis, Group, Resolution. What is not said is zero.
type Edit struct {
	Do       EditDoing
	Kind     string // of what is proposed, as the ledger names it: correction, assessment, event, membership, measure, vote_cell, withdrawal
	Words    string // as they were typed: what is right, what happened, the reason, the question
	Source   string // an address
	Label    Label
	On, To   Date
	Topic    Kind // of an event
	Standing Standing
	Measure  string
	Position Position
	Unread   []string // words that no part of it could be made of
}
