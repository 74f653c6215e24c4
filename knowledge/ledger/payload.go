package ledger

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/url"

	"stancebot/knowledge"
)

// The payloads of the entries that change the records of a desk. Each is a JSON object; a source is an address.
type (
	// An Assessment records a label of one country on one axis from a day on.
	Assessment struct {
		Country knowledge.Country `json:"country"`
		Axis    knowledge.Axis    `json:"axis"`
		Label   knowledge.Label   `json:"label"`
		Since   knowledge.Day     `json:"since"`
		Source  string            `json:"source"`
		Claims  []string          `json:"claims,omitempty"` // receipts that it rests on, beside its source
		Note    string            `json:"note,omitempty"`
	}

	// An Event records something that happened.
	Event struct {
		Country knowledge.Country `json:"country"`
		On      knowledge.Date    `json:"on"`
		Kind    knowledge.Kind    `json:"kind"`
		Text    string            `json:"text"`
		Source  string            `json:"source"`
		Against []string          `json:"against,omitempty"` // claims that it speaks against
	}

	// A Membership records a standing of one country to a group.
	Membership struct {
		Country  knowledge.Country  `json:"country"`
		Group    knowledge.GroupID  `json:"group"`
		Standing knowledge.Standing `json:"standing"`
		From     knowledge.Date     `json:"from,omitempty"`
		To       knowledge.Date     `json:"to,omitempty"`
		Ended    string             `json:"ended,omitempty"`
		Source   string             `json:"source"`
		Note     string             `json:"note,omitempty"`
	}

	// A Measure records a measure of one country.
	Measure struct {
		Country knowledge.Country `json:"country"`
		Measure string            `json:"measure"` // its kind
		From    knowledge.Date    `json:"from,omitempty"`
		To      knowledge.Date    `json:"to,omitempty"`
		Source  string            `json:"source"`
		Note    string            `json:"note,omitempty"`
	}

	// A Vote records one cell of a roll call.
	Vote knowledge.DeskCell

	// A RollCall records a roll call that was imported whole. Its meaning is unrated until an editor rates it.
	RollCall struct {
		RollCall knowledge.RollCall `json:"roll_call"` // without sources
		Source   string             `json:"source"`
	}

	// A Withdrawal takes an entry back. The entry stays in the chain, and counts up to the withdrawal.
	Withdrawal struct {
		Of ID `json:"of"`
	}

	// A Correction says what is right about what a record says.
	Correction knowledge.Correction

	// A Proposal is a change that counts once a second person approves.
	Proposal struct {
		Kind    Kind            `json:"kind"` // of the entry that it is to be
		Payload json.RawMessage `json:"payload"`
		Was     string          `json:"was,omitempty"` // what it would take the place of, as that stood
	}

	// An Approval records what was proposed, by the entry before it.
	Approval struct {
		Of    ID `json:"of"`    // the proposal
		Entry ID `json:"entry"` // what came of it
	}

	// A Rejection ends a proposal; its entry's reason says why.
	Rejection struct {
		Of ID `json:"of"`
	}

	// A Retraction ends a proposal, by whoever made it.
	Retraction struct {
		Of ID `json:"of"`
	}

	// A Question asks whoever made a proposal about it; its entry's reason is what is asked.
	Question struct {
		Of ID `json:"of"`
	}

	// An Inquiry is what somebody asks the desk; its entry's reason is what is asked.
	Inquiry struct{}

	// An Answer answers an inquiry; its entry's reason is what is answered.
	Answer struct {
		Of ID `json:"of"`
	}

	// A Move tells of entries that were moved here from another ledger.
	Move struct {
		From    knowledge.DeskID `json:"from"`
		Entries int              `json:"entries"`
		Head    Hash             `json:"head"` // of the ledger that they come from
	}
)

// Decode reads the payload of an entry strictly.
func Decode[T any](e *Entry) (*T, error) {
	p := new(T)
	dec := json.NewDecoder(bytes.NewReader(e.Payload))
	dec.DisallowUnknownFields()
	if err := dec.Decode(p); err != nil {
		return nil, fmt.Errorf("ledger: %s, a %s: %w", e.ID, e.Kind, err)
	}
	return p, nil
}

// source is an address as the records know sources, under the receipt of the entry that names it.
func source(id ID, address string) *knowledge.Source {
	s := &knowledge.Source{ID: id.String(), URL: address}
	if u, err := url.Parse(address); err == nil {
		s.Publisher = u.Host
	}
	return s
}
