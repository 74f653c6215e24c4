package ledgerfile

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"iter"

	"stancebot/knowledge/ledger"
)

// An encoder spells a ledger.
type encoder interface {
	begin(head) error
	entry(*record) error
	end() error
}

// Write writes the chain up to a head. The entries are those of the chain from its first on; what lies behind the head is
// left out. It fails when they do not lead up to the head, as where an entry would not come back the same.
func Write(w io.Writer, f Format, upTo ledger.Head, entries iter.Seq2[ledger.Entry, error]) error {
	buffered := bufio.NewWriter(w)
	enc, err := newEncoder(f, buffered)
	if err != nil {
		return err
	}
	if err := enc.begin(headOf(upTo)); err != nil {
		return err
	}
	end := ledger.Head{Desk: upTo.Desk}
	for e, err := range entries {
		if err != nil {
			return err
		}
		if e.Seq > upTo.Seq {
			break
		}
		if end, err = follows(end, &e); err != nil {
			return err
		}
		r := recordOf(&e)
		if err := enc.entry(&r); err != nil {
			return fmt.Errorf("ledgerfile: %s: %w", e.ID, err)
		}
	}
	if end != upTo {
		return fmt.Errorf("ledgerfile: the entries of desk %s end at %d %.12s, and its head is %d %.12s", upTo.Desk, end.Seq, end.Hash, upTo.Seq, upTo.Hash)
	}
	if err := enc.end(); err != nil {
		return err
	}
	return buffered.Flush()
}

// follows makes sure that an entry is the next one, and is made again by its fields.
func follows(end ledger.Head, e *ledger.Entry) (ledger.Head, error) {
	again, next, err := end.Next(e.Draft())
	if err != nil {
		return end, err
	}
	if !bytes.Equal(again.Bytes, e.Bytes) {
		return end, fmt.Errorf("ledgerfile: entry %d, %s, does not follow from its fields and the entry before it", e.Seq, e.ID)
	}
	return next, nil
}

func newEncoder(f Format, w *bufio.Writer) (encoder, error) {
	switch f {
	case JSON:
		return &jsonEncoder{w: w}, nil
	case YAML:
		return &yamlEncoder{w: w}, nil
	case CSV:
		return &csvEncoder{w}, nil
	}
	return nil, unknown(f)
}

func unknown(f Format) error {
	return &Error{"the format", fmt.Sprintf("%q is none", f), "use json, yaml or csv"}
}

// A jsonEncoder writes one document with an entry a line.
type jsonEncoder struct {
	w     *bufio.Writer
	wrote bool
}

func (e *jsonEncoder) begin(h head) error {
	line, err := plainJSON(h)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(e.w, "{\"head\": %s,\n\"entries\": [", line)
	return err
}

func (e *jsonEncoder) entry(r *record) error {
	line, err := plainJSON(r)
	if err != nil {
		return err
	}
	separator := "\n"
	if e.wrote {
		separator = ",\n"
	}
	e.wrote = true
	_, err = fmt.Fprintf(e.w, "%s%s", separator, line)
	return err
}

func (e *jsonEncoder) end() error {
	_, err := e.w.WriteString("\n]}\n")
	return err
}

// plainJSON encodes on one line, without the escapes that are for HTML alone.
func plainJSON(v any) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	err := enc.Encode(v)
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), err
}
