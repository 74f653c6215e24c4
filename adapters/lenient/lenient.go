package lenient

import (
	"encoding/json"
	"errors"
)

// An Object is a JSON object of which each field is read by itself.
type Object map[string]json.RawMessage

// ErrNoObject tells that a text is no JSON object. What the decoder says of it may quote it, so it is not said.
var ErrNoObject = errors.New("no JSON object")

// Read reads an object.
func Read(raw []byte) (Object, error) {
	var o Object
	if err := json.Unmarshal(raw, &o); err != nil || o == nil {
		return nil, ErrNoObject
	}
	return o, nil
}

// Text returns a field that is a string, or "".
func (o Object) Text(key string) string {
	var s string
	_ = json.Unmarshal(o[key], &s) // another form is as good as none
	return s
}

// Number returns a field that is a whole number, or 0.
func (o Object) Number(key string) int64 {
	var n int64
	if json.Unmarshal(o[key], &n) != nil {
		return 0
	}
	return n
}

// Is reports whether a field is true.
func (o Object) Is(key string) bool { return string(o[key]) == "true" }

// Has reports whether a field is there and not null.
func (o Object) Has(key string) bool { return len(o[key]) > 0 && string(o[key]) != "null" }

// In returns a field that is an object, or an empty one.
func (o Object) In(key string) Object {
	inner, err := Read(o[key])
	if err != nil {
		return Object{}
	}
	return inner
}

// List returns a field that is a list of objects; what is no object in it is left out.
func (o Object) List(key string) []Object {
	var raw []json.RawMessage
	_ = json.Unmarshal(o[key], &raw) // likewise
	var list []Object
	for _, r := range raw {
		if inner, err := Read(r); err == nil {
			list = append(list, inner)
		}
	}
	return list
}
