package ledger

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"stancebot/knowledge"
)

// A Kind says what an entry records.
type Kind string

// The kinds of entries. Replay reads those with a payload in this package; the others are carried along.
const (
	AssessmentRecorded Kind = "assessment"
	EventRecorded      Kind = "event"
	MembershipRecorded Kind = "membership"
	MeasureRecorded    Kind = "measure"
	VoteRecorded       Kind = "vote_cell"
	RollCallImported   Kind = "roll_call"
	Withdrawn          Kind = "withdrawal"
	Corrected          Kind = "correction"
	Proposed           Kind = "proposal"
	Approved           Kind = "approval"
	Rejected           Kind = "rejection"
	Retracted          Kind = "retraction"      // of a proposal, by whoever proposed it
	Questioned         Kind = "question"        // about a proposal; it stays open
	Inquired           Kind = "inquiry"         // what somebody asks the desk
	Answered           Kind = "answer"          // of an editor, to whoever asked
	RecordChanged      Kind = "record_changed"  // by a new version of the corpus
	LabelStale         Kind = "label_stale"     // once for each label and rule
	LedgerImported     Kind = "ledger_imported" // entries that were moved here from elsewhere
)

// Kinds lists every kind.
var Kinds = []Kind{
	AssessmentRecorded, EventRecorded, MembershipRecorded, MeasureRecorded, VoteRecorded, RollCallImported, Withdrawn,
	Corrected, Proposed, Approved, Rejected, Retracted, Questioned, Inquired, Answered, RecordChanged, LabelStale, LedgerImported,
}

// An ID is the number of an entry among those of its desk. Written, it is a receipt: D-17.
type ID int64

// String returns the receipt.
func (id ID) String() string { return "D-" + strconv.FormatInt(int64(id), 10) }

// ParseID reads a receipt such as D-17, in either case.
func ParseID(s string) (ID, error) {
	digits, ok := strings.CutPrefix(strings.ToUpper(s), "D-")
	n, err := strconv.ParseInt(digits, 10, 64)
	if !ok || err != nil || n < 1 || digits[0] == '+' || digits[0] == '0' {
		return 0, fmt.Errorf("%q is no id of an entry: want one such as D-17", s)
	}
	return ID(n), nil
}

// MarshalText writes the receipt.
func (id ID) MarshalText() ([]byte, error) { return []byte(id.String()), nil }

// UnmarshalText reads the receipt as ParseID does.
func (id *ID) UnmarshalText(text []byte) error {
	n, err := ParseID(string(text))
	*id = n
	return err
}

// A Hash is the SHA-256 of an entry's bytes. The zero Hash stands before the first entry.
type Hash [sha256.Size]byte

// String returns the hash in hexadecimal.
func (h Hash) String() string { return hex.EncodeToString(h[:]) }

// ParseHash reads what String writes.
func ParseHash(s string) (Hash, error) {
	var h Hash
	raw, err := hex.DecodeString(s)
	if err != nil || len(raw) != len(h) {
		return h, fmt.Errorf("%q is no SHA-256", s)
	}
	return Hash(raw), nil
}

// MarshalText writes the hash in hexadecimal.
func (h Hash) MarshalText() ([]byte, error) { return []byte(h.String()), nil }

// UnmarshalText reads it.
func (h *Hash) UnmarshalText(text []byte) error {
	parsed, err := ParseHash(string(text))
	*h = parsed
	return err
}

// TimeForm is how times stand in the bytes of an entry: RFC 3339 in UTC, to the microsecond.
const TimeForm = "2006-01-02T15:04:05.000000Z"

// A Draft is an entry that has not got its place in a chain yet.
type Draft struct {
	ID      ID        // 0 for the next one of the desk; set for an entry that is moved here and keeps its receipt
	At      time.Time // when it was recorded
	Author  string    // platform and person, such as console:ana; "stancebot" for what the program does by itself
	Kind    Kind
	Reason  string
	Payload any // what encodes as a JSON object
}

// An Entry is one entry of a desk's chain. Entries are made by Head.Next and read by Parse.
type Entry struct {
	Desk    knowledge.DeskID
	Seq     int64 // the place in the chain, from 1
	ID      ID
	At      time.Time // UTC, whole microseconds
	Author  string
	Kind    Kind
	Reason  string
	Payload json.RawMessage // canonical
	Prev    Hash            // that of the entry before
	Hash    Hash
	Bytes   []byte // canonical, as they were hashed
}

// A Head is the end of a desk's chain.
type Head struct {
	Desk   knowledge.DeskID
	Seq    int64 // that of the last entry, 0 for none
	LastID ID    // the highest so far
	Hash   Hash
}

// String returns the head as it is printed in exports, backups and reports of readiness.
func (h Head) String() string { return fmt.Sprintf("%s %d %s", h.Desk, h.Seq, h.Hash) }

// The longest texts that an entry takes, in bytes.
const (
	MaxAuthor  = 200
	MaxReason  = 4_000
	MaxPayload = 1 << 20
)

// Next returns the entry that a draft becomes behind the head, and the head behind it. It fails when the draft lacks
// something, is too long, or bears an id that cannot be new.
func (h Head) Next(d Draft) (Entry, Head, error) {
	e := Entry{
		Desk: h.Desk, Seq: h.Seq + 1, ID: d.ID, At: d.At.UTC().Truncate(time.Microsecond), Author: d.Author, Kind: d.Kind,
		Reason: d.Reason, Prev: h.Hash,
	}
	if e.ID == 0 {
		e.ID = h.LastID + 1
	}
	if err := e.check(); err != nil {
		return Entry{}, h, fmt.Errorf("ledger: %w", err)
	}
	payload, err := canonical(d.Payload)
	if err != nil {
		return Entry{}, h, fmt.Errorf("ledger: payload of a %s: %w", d.Kind, err)
	}
	if len(payload) > MaxPayload || payload[0] != '{' {
		return Entry{}, h, fmt.Errorf("ledger: payload of a %s: want an object of at most %d bytes", d.Kind, MaxPayload)
	}
	e.Payload = payload
	if e.Bytes, err = e.encode(); err != nil {
		return Entry{}, h, fmt.Errorf("ledger: %w", err)
	}
	e.Hash = sha256.Sum256(e.Bytes)
	next := h.after(&e)
	return e, next, nil
}

func (h Head) after(e *Entry) Head { return Head{h.Desk, e.Seq, max(h.LastID, e.ID), e.Hash} }

func (e *Entry) check() error {
	switch {
	case e.Desk == "":
		return errors.New("an entry needs a desk")
	case e.ID < 1:
		return fmt.Errorf("the id of an entry is 1 or more, not %d", e.ID)
	case e.Author == "" || len(e.Author) > MaxAuthor:
		return fmt.Errorf("an entry needs an author of at most %d bytes", MaxAuthor)
	case e.Kind == "":
		return errors.New("an entry needs a kind")
	case e.At.Year() < 1 || e.At.Year() > 9999 || e.At.IsZero():
		return errors.New("an entry needs the time at which it was recorded")
	case len(e.Reason) > MaxReason:
		return fmt.Errorf("the reason is %d bytes long: at most %d", len(e.Reason), MaxReason)
	case !utf8.ValidString(e.Author) || !utf8.ValidString(e.Reason) || !utf8.ValidString(string(e.Kind)) || !utf8.ValidString(string(e.Desk)):
		return errors.New("an entry is text in UTF-8")
	}
	return nil
}

// A document is an entry as its bytes spell it, its keys in alphabetical order.
type document struct {
	At      string           `json:"at"`
	Author  string           `json:"author"`
	Desk    knowledge.DeskID `json:"desk"`
	ID      ID               `json:"id"`
	Kind    Kind             `json:"kind"`
	Payload json.RawMessage  `json:"payload"`
	Prev    Hash             `json:"prev"`
	Reason  string           `json:"reason"`
	Seq     int64            `json:"seq"`
}

func (e *Entry) encode() ([]byte, error) {
	return plainJSON(document{e.At.Format(TimeForm), e.Author, e.Desk, e.ID, e.Kind, e.Payload, e.Prev, e.Reason, e.Seq})
}

// Draft returns what makes the same entry again: behind the same head, to the byte; elsewhere, with its receipt, author
// and time kept.
func (e *Entry) Draft() Draft {
	return Draft{ID: e.ID, At: e.At, Author: e.Author, Kind: e.Kind, Reason: e.Reason, Payload: e.Payload}
}

// Parse reads an entry from its bytes. That they are those that were hashed is for Follow to say.
func Parse(text []byte) (Entry, error) {
	var d document
	if err := json.Unmarshal(text, &d); err != nil {
		return Entry{}, fmt.Errorf("ledger: entry: %w", err)
	}
	at, err := time.Parse(TimeForm, d.At)
	if err != nil {
		return Entry{}, fmt.Errorf("ledger: entry %s: time: %w", d.ID, err)
	}
	e := Entry{
		Desk: d.Desk, Seq: d.Seq, ID: d.ID, At: at, Author: d.Author, Kind: d.Kind, Reason: d.Reason, Payload: d.Payload,
		Prev: d.Prev, Hash: sha256.Sum256(text), Bytes: text,
	}
	if err := e.check(); err != nil {
		return Entry{}, fmt.Errorf("ledger: entry %s: %w", d.ID, err)
	}
	return e, nil
}

// canonical encodes a value as JSON with sorted keys and no space between tokens; numbers stay as they are written.
func canonical(v any) (json.RawMessage, error) {
	raw, err := plainJSON(v)
	if err != nil {
		return nil, err
	}
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.UseNumber()
	var sorted any // the maps within are encoded in the order of their keys
	if err := dec.Decode(&sorted); err != nil {
		return nil, err
	}
	return plainJSON(sorted)
}

// plainJSON encodes without the escapes that are for HTML alone, and without a line end.
func plainJSON(v any) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}
