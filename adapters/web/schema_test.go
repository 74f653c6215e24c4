package web

import (
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"regexp"
	"slices"
	"strings"
	"time"
)

// A schemaChecker holds values against schemas of a document of OpenAPI 3.1: the part of JSON Schema that describes this API. A word of a
// schema that it does not know is a fault, so that nothing is passed over.
type schemaChecker struct{ root map[string]any }

// remarks are words that say nothing of a value's form.
var remarks = []string{"description", "examples", "example", "default", "title", "readOnly", "deprecated"}

// check returns what is wrong with a value, each with its place.
func (c schemaChecker) check(at string, schema map[string]any, v any) (faults []string) {
	fault := func(format string, args ...any) { faults = append(faults, at+": "+fmt.Sprintf(format, args...)) }
	for word, says := range schema {
		switch word {
		case "$ref":
			faults = append(faults, c.check(at, c.resolve(as[string](says)), v)...)
		case "type":
			if !slices.Contains(listOf(says), any(typeOf(v))) && (typeOf(v) != "integer" || !slices.Contains(listOf(says), any("number"))) {
				fault("%s, want %v", typeOf(v), says)
			}
		case "enum":
			if !slices.Contains(as[[]any](says), v) && v != nil {
				fault("%v is none of %v", v, says)
			}
		case "pattern":
			if text, ok := v.(string); ok && !regexp.MustCompile(as[string](says)).MatchString(text) {
				fault("%q does not match %v", text, says)
			}
		case "format":
			if text, ok := v.(string); ok && !hasFormat(text, as[string](says)) {
				fault("%q is no %v", text, says)
			}
		case "anyOf":
			if !slices.ContainsFunc(as[[]any](says), func(s any) bool { return len(c.check(at, as[map[string]any](s), v)) == 0 }) {
				fault("fits none of %v", says)
			}
		case "minimum", "maximum":
			n, ok := v.(float64)
			if limit := as[float64](says); ok && (word == "minimum" && n < limit || word == "maximum" && n > limit) {
				fault("%v is beyond %v", n, limit)
			}
		case "minLength", "maxLength":
			text, ok := v.(string)
			if n := float64(len([]rune(text))); ok && (word == "minLength" && n < as[float64](says) || word == "maxLength" && n > as[float64](says)) {
				fault("%q is %v characters long", text, n)
			}
		case "items":
			list, _ := v.([]any)
			for i, item := range list {
				faults = append(faults, c.check(fmt.Sprintf("%s[%d]", at, i), as[map[string]any](says), item)...)
			}
		case "properties", "additionalProperties", "required":
		default:
			if !slices.Contains(remarks, word) {
				fault("the checker does not know %q", word)
			}
		}
	}
	if fields, ok := v.(map[string]any); ok {
		faults = append(faults, c.checkFields(at, schema, fields)...)
	}
	return faults
}

func (c schemaChecker) checkFields(at string, schema, fields map[string]any) (faults []string) {
	properties, _ := schema["properties"].(map[string]any)
	for _, name := range listOf(schema["required"]) {
		if _, ok := fields[as[string](name)]; !ok {
			faults = append(faults, fmt.Sprintf("%s: no %s", at, name))
		}
	}
	for name, v := range fields {
		property, described := properties[name].(map[string]any)
		if !described && schema["additionalProperties"] == false {
			faults = append(faults, fmt.Sprintf("%s: %s is not described", at, name))
		}
		faults = append(faults, c.check(at+"."+name, property, v)...)
	}
	return faults
}

// as takes a value of JSON for what the schema of schemas has it be: nothing where it is something else.
func as[T any](v any) T {
	x, _ := v.(T)
	return x
}

// resolve follows a reference within the document.
func (c schemaChecker) resolve(ref string) map[string]any {
	at := c.root
	for part := range strings.SplitSeq(strings.TrimPrefix(ref, "#/"), "/") {
		next, ok := at[part].(map[string]any)
		if !ok {
			panic("a reference to nothing: " + ref)
		}
		at = next
	}
	return at
}

// references are all that a document refers to.
func references(v any) (refs []string) {
	switch v := v.(type) {
	case map[string]any:
		for _, name := range slices.Sorted(maps.Keys(v)) {
			if ref, ok := v[name].(string); ok && name == "$ref" {
				refs = append(refs, ref)
			}
			refs = append(refs, references(v[name])...)
		}
	case []any:
		for _, x := range v {
			refs = append(refs, references(x)...)
		}
	}
	return refs
}

func typeOf(v any) string {
	switch v := v.(type) {
	case nil:
		return "null"
	case bool:
		return "boolean"
	case string:
		return "string"
	case float64:
		if v == math.Trunc(v) {
			return "integer"
		}
		return "number"
	case []any:
		return "array"
	case map[string]any:
		return "object"
	}
	panic(fmt.Sprintf("JSON has no %T", v))
}

func listOf(v any) []any {
	switch v := v.(type) {
	case nil:
		return nil
	case []any:
		return v
	}
	return []any{v}
}

func hasFormat(text, format string) bool {
	switch format {
	case "date":
		_, err := time.Parse(time.DateOnly, text)
		return err == nil
	case "date-time":
		_, err := time.Parse(time.RFC3339, text)
		return err == nil
	case "uri":
		return strings.Contains(text, ":")
	case "int64", "int32", "double":
		return true
	}
	return false
}

// decoded is a text of JSON as the checker takes it.
func decoded(text []byte) (v any, err error) {
	err = json.Unmarshal(text, &v)
	return v, err
}
