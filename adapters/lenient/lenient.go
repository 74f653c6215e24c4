package lenient

import (
	"bytes"
	"encoding/json"
	"errors"
	"iter"
	"strconv"
	"unicode/utf8"
)

// An Object is a JSON object of which each field is read by itself, when it is asked for. It is read out of the text that it came
// in: that may not change, and what Raw returns is a part of it.
type Object struct{ fields []field }

// A field is as it stands in the text.
type field struct{ key, value []byte } // the key between its quotes

// ErrNoObject tells that a text is no JSON object. What the decoder says of it may quote it, so it is not said.
var ErrNoObject = errors.New("no JSON object")

// Read reads an object.
func Read(raw []byte) (Object, error) {
	if !json.Valid(raw) {
		return Object{}, ErrNoObject
	}
	value := raw[afterSpace(raw, 0):]
	if value[0] != '{' {
		return Object{}, ErrNoObject
	}
	return object(value), nil
}

// Text returns a field that is a string, or "".
func (o Object) Text(key string) string {
	raw := o.Raw(key)
	if len(raw) == 0 || raw[0] != '"' {
		return "" // another form is as good as none
	}
	return text(raw[1 : len(raw)-1])
}

// Number returns a field that is a whole number, or 0.
func (o Object) Number(key string) int64 {
	n, err := strconv.ParseInt(string(o.Raw(key)), 10, 64)
	if err != nil {
		return 0
	}
	return n
}

// Is reports whether a field is true.
func (o Object) Is(key string) bool { return string(o.Raw(key)) == "true" }

// Has reports whether a field is there and not null.
func (o Object) Has(key string) bool {
	raw := o.Raw(key)
	return len(raw) > 0 && string(raw) != "null"
}

// In returns a field that is an object, or an empty one.
func (o Object) In(key string) Object {
	raw := o.Raw(key)
	if len(raw) == 0 || raw[0] != '{' {
		return Object{}
	}
	return object(raw)
}

// List returns a field that is a list of objects; what is no object in it is left out.
func (o Object) List(key string) []Object {
	raw := o.Raw(key)
	if len(raw) == 0 || raw[0] != '[' {
		return nil
	}
	var list []Object
	for at := afterSpace(raw, 1); raw[at] != ']'; at = afterComma(raw, at) {
		from := at
		if at = after(raw, at); raw[from] == '{' {
			list = append(list, object(raw[from:at]))
		}
	}
	return list
}

// Texts returns a field that is a list of strings; what is none in it is left out.
func (o Object) Texts(key string) []string {
	raw := o.Raw(key)
	if len(raw) == 0 || raw[0] != '[' {
		return nil
	}
	var list []string
	for at := afterSpace(raw, 1); raw[at] != ']'; at = afterComma(raw, at) {
		from := at
		if at = after(raw, at); raw[from] == '"' {
			list = append(list, text(raw[from+1:at-1]))
		}
	}
	return list
}

// Raw returns a field as it is written, nil where there is none. Of several with one key the last counts.
func (o Object) Raw(key string) json.RawMessage {
	for i := len(o.fields) - 1; i >= 0; i-- {
		if f := &o.fields[i]; string(f.key) == key || !plain(f.key) && text(f.key) == key {
			return json.RawMessage(f.value)
		}
	}
	return nil
}

// Keys are those of the fields, in the order in which they are written.
func (o Object) Keys() iter.Seq[string] {
	return func(yield func(string) bool) {
		for _, f := range o.fields {
			if !yield(text(f.key)) {
				return
			}
		}
	}
}

// The rest reads text of which it is known that it is valid, and that begins with a value.

// usual is how many fields an object has room for before it needs more.
const usual = 8

func object(raw []byte) Object {
	fields := make([]field, 0, usual)
	for at := afterSpace(raw, 1); raw[at] != '}'; at = afterComma(raw, at) {
		from := at + 1
		at = afterText(raw, at)
		f := field{key: raw[from : at-1]}
		from = afterSpace(raw, afterSpace(raw, at)+1) // behind the colon
		at = after(raw, from)
		f.value = raw[from:at]
		fields = append(fields, f)
	}
	return Object{fields}
}

// plain reports whether what stands between quotes is what it means.
func plain(quoted []byte) bool {
	return bytes.IndexByte(quoted, '\\') < 0 && utf8.Valid(quoted)
}

// text returns what is meant by what stands between quotes.
func text(quoted []byte) string {
	if plain(quoted) {
		return string(quoted)
	}
	var s string
	_ = json.Unmarshal(append(append([]byte{'"'}, quoted...), '"'), &s) // it is valid
	return s
}

// after returns where the value ends that begins at a place.
func after(raw []byte, at int) int {
	switch raw[at] {
	case '"':
		return afterText(raw, at)
	case '{', '[':
		return afterNest(raw, at)
	}
	for at < len(raw) && !isSpace(raw[at]) && raw[at] != ',' && raw[at] != '}' && raw[at] != ']' {
		at++
	}
	return at
}

func afterText(raw []byte, at int) int {
	for at++; raw[at] != '"'; at++ {
		if raw[at] == '\\' {
			at++
		}
	}
	return at + 1
}

func afterNest(raw []byte, at int) int {
	for depth := 0; ; at++ {
		switch raw[at] {
		case '"':
			at = afterText(raw, at) - 1
		case '{', '[':
			depth++
		case '}', ']':
			if depth--; depth == 0 {
				return at + 1
			}
		}
	}
}

// afterComma returns where the next value begins behind one, or its list or object ends.
func afterComma(raw []byte, at int) int {
	if at = afterSpace(raw, at); raw[at] == ',' {
		at = afterSpace(raw, at+1)
	}
	return at
}

func afterSpace(raw []byte, at int) int {
	for at < len(raw) && isSpace(raw[at]) {
		at++
	}
	return at
}

func isSpace(c byte) bool { return c == ' ' || c == '\n' || c == '\t' || c == '\r' }
