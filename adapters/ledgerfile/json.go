package ledgerfile

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// readJSON reads {"head": {…}, "entries": [{…}, …]}.
func readJSON(raw []byte) (head, []record, error) {
	r := &jsonReader{raw: raw, dec: json.NewDecoder(bytes.NewReader(raw))}
	err := r.document()
	return r.head, r.records, err
}

// A jsonReader reads a document value by value, so that what is wrong is told with its line.
type jsonReader struct {
	raw     []byte
	dec     *json.Decoder
	head    head
	records []record
}

func (r *jsonReader) document() error {
	if err := r.delim('{'); err != nil {
		return err
	}
	for r.dec.More() {
		key, err := r.dec.Token()
		if err != nil {
			return r.wrong(err)
		}
		switch key {
		case "head":
			_, err = r.value(&r.head)
		case "entries":
			err = r.entries()
		default:
			err = &Error{r.line(), fmt.Sprintf("%.40q is no part of a ledger's file", key), takeAnother}
		}
		if err != nil {
			return err
		}
	}
	if err := r.delim('}'); err != nil {
		return err
	}
	if _, err := r.dec.Token(); !errors.Is(err, io.EOF) {
		return &Error{r.line(), "there is more behind the ledger", "give each ledger a file of its own"}
	}
	return nil
}

func (r *jsonReader) entries() error {
	if err := r.delim('['); err != nil {
		return err
	}
	for r.dec.More() {
		var x record
		line, err := r.value(&x)
		if err != nil {
			return err
		}
		x.line = line
		r.records = append(r.records, x)
	}
	return r.delim(']')
}

// value reads one value strictly, and returns the line in which it begins.
func (r *jsonReader) value(v any) (int, error) {
	var text json.RawMessage
	if err := r.dec.Decode(&text); err != nil {
		return 0, r.wrong(err)
	}
	line := lineAt(r.raw, int(r.dec.InputOffset())-len(text))
	if err := decode(text, v); err != nil {
		return line, &Error{fmt.Sprintf("line %d", line), because(err), correct}
	}
	return line, nil
}

func (r *jsonReader) delim(want json.Delim) error {
	token, err := r.dec.Token()
	if err != nil {
		return r.wrong(err)
	}
	if token != want {
		return &Error{r.line(), "this is no ledger in JSON", "name a file that export wrote, or its format"}
	}
	return nil
}

func (r *jsonReader) line() string {
	return fmt.Sprintf("line %d", lineAt(r.raw, int(r.dec.InputOffset())))
}

// wrong tells of an error in the text itself.
func (r *jsonReader) wrong(err error) error {
	syntax := (*json.SyntaxError)(nil)
	switch {
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return &Error{r.line(), "the file ends in the middle: the rest was cut off", takeAnother}
	case errors.As(err, &syntax):
		return &Error{fmt.Sprintf("line %d", lineAt(r.raw, min(int(syntax.Offset), len(r.raw)))), "this is no JSON: " + syntax.Error(), correct}
	}
	return &Error{r.line(), because(err), correct}
}
