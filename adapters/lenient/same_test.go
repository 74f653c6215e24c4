package lenient_test

import (
	"encoding/json"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"

	"stancebot/adapters/lenient"
)

// seeds are objects, and what is nearly one: repeated keys, keys that are escaped, texts in bad UTF-8 or of halves of characters,
// numbers at their limits, odd forms, nesting.
var seeds = []string{
	`{"update_id":7,"message":{"text":"/stance Per\u00fa","chat":{"id":-100200,"type":"private"},"entities":[{"offset":0},{"length":7}]}}`,
	" {\n\"a\" : \"x\\\\\" ,\t\"b\":[ { \"c\" : 1 } , 2 , \"}]\" , null ] ,\r\"d\" : { } , \"e\":[ ] } ",
	`{"a":1,"a":{"b":2},"\u0061":3,"A":4,"a ":5,"":6}`,
	"{\"k\xff\":1,\"k\ufffd\":2,\"t\":\"\xff\xc3(\",\"h\":\"\\ud83d\",\"p\":\"\\ud83d\\ude00\",\"n\":\"\\u0000\\/\\b\"}",
	`{"n":[9223372036854775807],"m":-9223372036854775808,"o":9223372036854775808,"f":1.0,"e":1e3,"z":-0,"s":"7"}`,
	`{"t":true,"f":false,"z":null,"l":[[{}],{"l":[{}]}],"o":{"o":{"o":"{\"o\":{}"}}}`,
	`[{"a":1}]`, `null`, `"{}"`, `{} {}`, `{"a":01}`, `{"a":1,}`, `{`, ``, "\xef\xbb\xbf{}", `{"a":"` + "\x01" + `"}`,
}

// FuzzObject holds what is read against what encoding/json reads.
func FuzzObject(f *testing.F) {
	for _, seed := range seeds {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, raw []byte) { same(t, raw) })
}

// What the fuzzing would find in some seconds of luck is looked for each time, too: seeds in which bytes are others'.
func TestObjectIsThatOfEncodingJSON(t *testing.T) {
	luck := rand.New(rand.NewPCG(1, 2)) // the same each time
	all := []byte(`{}[]":,\u0019.eE+-tfn aA` + "\xff\xc3\n")
	for range 50_000 {
		raw := []byte(seeds[luck.IntN(len(seeds))])
		for range luck.IntN(4) {
			at := luck.IntN(len(raw) + 1)
			end := min(len(raw), at+luck.IntN(3))
			raw = slices.Concat(raw[:at], []byte{all[luck.IntN(len(all))]}, raw[end:])
		}
		if same(t, raw); t.Failed() {
			return
		}
	}
}

// same fails the test where an object is read otherwise than encoding/json reads it.
func same(t *testing.T, raw []byte) {
	t.Helper()
	var want map[string]json.RawMessage
	err := json.Unmarshal(raw, &want)
	o, got := lenient.Read(raw)
	if is := err == nil && want != nil; is != (got == nil) {
		t.Fatalf("%q is an object: %v, and read: %v", raw, is, got)
	}
	if got == nil {
		sameFields(t, o, want)
		sameField(t, o, "none of them", nil)
	}
}

func sameFields(t *testing.T, o lenient.Object, want map[string]json.RawMessage) {
	t.Helper()
	keys := maps.Collect(func(yield func(string, bool) bool) {
		for key := range o.Keys() {
			if !yield(key, true) {
				return
			}
		}
	})
	if len(keys) != len(want) {
		t.Fatalf("keys %v of %s", keys, want)
	}
	for key := range want {
		sameField(t, o, key, want[key])
	}
}

func sameField(t *testing.T, o lenient.Object, key string, want json.RawMessage) {
	t.Helper()
	var text string
	_ = json.Unmarshal(want, &text)
	var n int64
	if json.Unmarshal(want, &n) != nil {
		n = 0
	}
	if string(o.Raw(key)) != string(want) || o.Text(key) != text || o.Number(key) != n || o.Is(key) != (string(want) == "true") ||
		o.Has(key) != (len(want) > 0 && string(want) != "null") {
		t.Fatalf("%q: %q is read as %q, text %q, number %d, is %v, has %v", key, want, o.Raw(key), o.Text(key), o.Number(key), o.Is(key), o.Has(key))
	}
	var in map[string]json.RawMessage
	_ = json.Unmarshal(want, &in)
	sameFields(t, o.In(key), in)
	var elements []json.RawMessage
	_ = json.Unmarshal(want, &elements)
	list := o.List(key)
	for _, element := range elements {
		var inner map[string]json.RawMessage
		if json.Unmarshal(element, &inner) != nil || inner == nil {
			continue
		}
		if len(list) == 0 {
			t.Fatalf("%q lacks %q", want, element)
		}
		sameFields(t, list[0], inner)
		list = list[1:]
	}
	if len(list) > 0 {
		t.Fatalf("%q has %d objects too many", want, len(list))
	}
}
