package ledgerfile

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"stancebot/knowledge"
	"stancebot/knowledge/ledger"
)

// A Format is how a file spells a ledger.
type Format string

// The formats.
const (
	JSON Format = "json"
	YAML Format = "yaml"
	CSV  Format = "csv"
)

// Formats lists the formats.
var Formats = []Format{JSON, YAML, CSV}

// FormatOf returns the format that a file's name ends with. It fails for a name that ends otherwise.
func FormatOf(name string) (Format, error) {
	ending := strings.TrimPrefix(strings.ToLower(filepath.Ext(name)), ".")
	if ending == "yml" {
		ending = string(YAML)
	}
	if f := Format(ending); slices.Contains(Formats, f) {
		return f, nil
	}
	return "", &Error{"the file's name", fmt.Sprintf("its ending %q tells no format", filepath.Ext(name)), "name the format: json, yaml or csv"}
}

// An Error tells what is wrong with a file, on one line.
type Error struct {
	Where string // such as line 7, or entry 5 (line 7)
	What  string
	Do    string // what mends it
}

// Error tells where, what and what to do.
func (e *Error) Error() string {
	return strings.ReplaceAll(fmt.Sprintf("%s: %s: %s", e.Where, e.What, e.Do), "\n", " ")
}

// What mends most files.
const (
	takeAnother = "export it again, or take another copy of the file"
	correct     = "correct it, or export it again"
)

// version is that of the files, under a key that tells what they are.
const version = 1

// A head is what a file says before its entries.
type head struct {
	Version int              `json:"stancebot_ledger"`
	Desk    knowledge.DeskID `json:"desk"`
	Seq     int64            `json:"seq"`
	Hash    ledger.Hash      `json:"hash"`
}

func headOf(h ledger.Head) head { return head{version, h.Desk, h.Seq, h.Hash} }

// check tells what keeps the rest of the file from being read.
func (h *head) check() error {
	switch {
	case h.Version == 0:
		return &Error{"the file", "it does not say that it is a ledger, or its head is missing", "name a file that export wrote"}
	case h.Version != version:
		return &Error{"the file", fmt.Sprintf("it is of version %d, and this program reads version %d", h.Version, version), "use the newer program"}
	case h.Desk == "":
		return &Error{"the file", "it does not name its desk", takeAnother}
	case h.Seq < 0 || (h.Seq == 0) != (h.Hash == ledger.Hash{}):
		return &Error{"the file", "its head is none", takeAnother}
	}
	return nil
}

// A record is an entry as files spell it.
type record struct {
	Seq     int64           `json:"seq"`
	ID      ledger.ID       `json:"id"`
	At      string          `json:"at"`
	Author  string          `json:"author"`
	Kind    ledger.Kind     `json:"kind"`
	Reason  string          `json:"reason"`
	Payload json.RawMessage `json:"payload"`
	Prev    ledger.Hash     `json:"prev"`
	Hash    ledger.Hash     `json:"hash"`

	line int // where it begins in the file
}

func recordOf(e *ledger.Entry) record {
	return record{e.Seq, e.ID, e.At.Format(ledger.TimeForm), e.Author, e.Kind, e.Reason, e.Payload, e.Prev, e.Hash, 0}
}

// where names the entry for people.
func (r *record) where() string { return fmt.Sprintf("entry %d, %s (line %d)", r.Seq, r.ID, r.line) }

// row builds the canonical bytes of the entry anew, and holds them against the hash that the file gives it.
func (r *record) row(desk knowledge.DeskID) (ledger.Row, error) {
	at, err := time.Parse(ledger.TimeForm, r.At)
	if err != nil {
		return ledger.Row{}, &Error{r.where(), fmt.Sprintf("%.40q is no time as entries have it", r.At), "write it as " + ledger.TimeForm + ", or export it again"}
	}
	if r.Seq < 1 || r.ID < 1 {
		return ledger.Row{}, &Error{r.where(), "it has no place or no id", takeAnother}
	}
	before := ledger.Head{Desk: desk, Seq: r.Seq - 1, Hash: r.Prev}
	e, _, err := before.Next(ledger.Draft{ID: r.ID, At: at, Author: r.Author, Kind: r.Kind, Reason: r.Reason, Payload: r.Payload})
	if err != nil {
		return ledger.Row{}, &Error{r.where(), err.Error(), takeAnother}
	}
	if e.Hash != r.Hash {
		return ledger.Row{}, &Error{r.where(), "it is not what was recorded: it was edited, or its hash was", takeAnother}
	}
	return e.Row(), nil
}

// decode reads JSON strictly into v.
func decode(raw []byte, v any) error {
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.DisallowUnknownFields()
	return dec.Decode(v)
}

// because shortens an error of decoding to what people can use.
func because(err error) string {
	if wrong := (*json.UnmarshalTypeError)(nil); errors.As(err, &wrong) {
		return fmt.Sprintf("%s must not be a %s", wrong.Field, wrong.Value)
	}
	return strings.TrimPrefix(err.Error(), "json: ")
}
