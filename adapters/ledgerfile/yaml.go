package ledgerfile

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"
)

// A yamlEncoder writes a list of entries whose payloads are written out. What is no plain word stands between quotation
// marks, so that no reader of YAML takes it for anything but text.
type yamlEncoder struct {
	w     *bufio.Writer
	wrote bool
}

func (e *yamlEncoder) begin(h head) error {
	_, err := fmt.Fprintf(e.w, "head:\n  stancebot_ledger: %d\n  desk: %s\n  seq: %d\n  hash: %q\nentries:", h.Version, yamlText(string(h.Desk)), h.Seq, h.Hash)
	return err
}

func (e *yamlEncoder) entry(r *record) error {
	payload, err := value(r.Payload)
	if err != nil {
		return err
	}
	e.wrote = true
	_, err = fmt.Fprintf(e.w, "\n  - seq: %d\n    id: %s\n    at: %q\n    author: %s\n    kind: %s\n    reason: %s\n    payload:%s\n    prev: %q\n    hash: %q",
		r.Seq, r.ID, r.At, yamlText(r.Author), yamlText(string(r.Kind)), yamlText(r.Reason), yamlValue(payload, "      "), r.Prev, r.Hash)
	return err
}

func (e *yamlEncoder) end() error {
	end := "\n"
	if !e.wrote {
		end = " []\n"
	}
	_, err := e.w.WriteString(end)
	return err
}

// value decodes JSON, and leaves numbers as they are written.
func value(raw json.RawMessage) (any, error) {
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.UseNumber()
	var v any
	err := dec.Decode(&v)
	return v, err
}

// yamlValue spells a value behind a key, with what separates it.
func yamlValue(v any, indent string) string {
	switch x := v.(type) {
	case map[string]any:
		if len(x) == 0 {
			return " {}"
		}
		var b strings.Builder
		for _, key := range slices.Sorted(maps.Keys(x)) {
			b.WriteString("\n" + indent + yamlText(key) + ":" + yamlValue(x[key], indent+"  "))
		}
		return b.String()
	case []any:
		if len(x) == 0 {
			return " []"
		}
		var b strings.Builder
		for _, item := range x {
			b.WriteString("\n" + indent + "-" + yamlValue(item, indent+"  "))
		}
		return b.String()
	case string:
		return " " + yamlText(x)
	case nil:
		return " null"
	}
	return fmt.Sprint(" ", v) // a number as it is written, true or false
}

// plainWord is what needs no quotation marks, but for the words that YAML, in one version or another, means something by.
var (
	plainWord = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_]*$`)
	yamlWord  = regexp.MustCompile(`(?i)^(y|n|yes|no|on|off|true|false|null|nan|inf)$`)
)

// yamlText spells a text.
func yamlText(s string) string {
	if plainWord.MatchString(s) && !yamlWord.MatchString(s) {
		return s
	}
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range s {
		switch {
		case r == '"' || r == '\\':
			b.WriteRune('\\')
			b.WriteRune(r)
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\t':
			b.WriteString(`\t`)
		case r > 0xffff && !unicode.IsPrint(r):
			fmt.Fprintf(&b, `\U%08x`, r)
		case !unicode.IsPrint(r):
			fmt.Fprintf(&b, `\u%04x`, r)
		default:
			b.WriteRune(r)
		}
	}
	b.WriteByte('"')
	return b.String()
}

// readYAML reads what yamlEncoder writes, however it is formatted. Anchors, tags and the like are refused.
func readYAML(raw []byte) (h head, records []record, err error) {
	defer func() { // the parser is not proof against every text
		if broken := recover(); broken != nil {
			err = &Error{"the file", fmt.Sprintf("this is no YAML: %v", broken), takeAnother}
		}
	}()
	file, err := parser.ParseBytes(raw, 0)
	if err != nil {
		return h, nil, notYAML(err)
	}
	var document ast.Node
	for _, d := range file.Docs {
		if d.Body != nil && document != nil {
			return h, nil, &Error{at(d.Body), "there is more behind the ledger", "give each ledger a file of its own"}
		}
		if d.Body != nil {
			document = d.Body
		}
	}
	parts, err := members(document)
	if err != nil {
		return h, nil, err
	}
	for _, part := range parts {
		switch key := part.key; key {
		case "head":
			err = decodeNode(part.value, &h)
		case "entries":
			records, err = yamlRecords(part.value)
		default:
			err = &Error{at(part.value), fmt.Sprintf("%.40q is no part of a ledger's file", key), takeAnother}
		}
		if err != nil {
			return h, nil, err
		}
	}
	return h, records, nil
}

func yamlRecords(n ast.Node) ([]record, error) {
	list, ok := n.(*ast.SequenceNode)
	if !ok {
		return nil, &Error{at(n), "the entries are no list", takeAnother}
	}
	records := make([]record, 0, len(list.Values))
	for _, item := range list.Values {
		var r record
		if err := decodeNode(item, &r); err != nil {
			return nil, err
		}
		r.line = item.GetToken().Position.Line
		records = append(records, r)
	}
	return records, nil
}

func notYAML(err error) error {
	if syntax := yaml.Error(nil); errors.As(err, &syntax) && syntax.GetToken() != nil {
		return &Error{fmt.Sprintf("line %d", syntax.GetToken().Position.Line), "this is no YAML: " + syntax.GetMessage(), correct}
	}
	return &Error{"the file", "this is no YAML: " + err.Error(), correct}
}

func at(n ast.Node) string {
	if n == nil || n.GetToken() == nil {
		return "the file"
	}
	return fmt.Sprintf("line %d", n.GetToken().Position.Line)
}

// decodeNode reads a node strictly into v.
func decodeNode(n ast.Node, v any) error {
	var b bytes.Buffer
	if err := toJSON(&b, n); err != nil {
		return err
	}
	if err := decode(b.Bytes(), v); err != nil {
		return &Error{at(n), because(err), correct}
	}
	return nil
}

// A member is a key of a mapping and its value.
type member struct {
	key   string
	value ast.Node
}

func members(n ast.Node) ([]member, error) {
	var values []*ast.MappingValueNode
	switch x := n.(type) {
	case *ast.MappingNode:
		values = x.Values
	case *ast.MappingValueNode:
		values = []*ast.MappingValueNode{x}
	default:
		return nil, &Error{at(n), "this is no ledger in YAML", "name a file that export wrote, or its format"}
	}
	all := make([]member, 0, len(values))
	for _, v := range values {
		key, _, ok := scalar(v.Key)
		if !ok {
			return nil, &Error{at(v.Key), "this key is no text", correct}
		}
		all = append(all, member{key, v.Value})
	}
	return all, nil
}

// toJSON spells a node as JSON. A plain scalar that JSON knows is what JSON takes it for; any other is text.
func toJSON(b *bytes.Buffer, n ast.Node) error {
	switch x := n.(type) {
	case *ast.MappingNode, *ast.MappingValueNode:
		all, err := members(x)
		if err != nil {
			return err
		}
		return list(b, "{", "}", all, func(m member) error {
			b.Write(text(m.key))
			b.WriteByte(':')
			return toJSON(b, m.value)
		})
	case *ast.SequenceNode:
		return list(b, "[", "]", x.Values, func(item ast.Node) error { return toJSON(b, item) })
	}
	s, plain, ok := scalar(n)
	switch {
	case !ok:
		return &Error{at(n), "anchors, tags and the like have no place in a ledger", takeAnother}
	case plain && json.Valid([]byte(s)):
		b.WriteString(s)
	default:
		b.Write(text(s))
	}
	return nil
}

func list[T any](b *bytes.Buffer, begin, end string, items []T, write func(T) error) error {
	b.WriteString(begin)
	for i, item := range items {
		if i > 0 {
			b.WriteByte(',')
		}
		if err := write(item); err != nil {
			return err
		}
	}
	b.WriteString(end)
	return nil
}

func text(s string) []byte {
	b, _ := plainJSON(s) // a string always encodes
	return b
}

// scalar returns what a scalar says, and whether it stands there plain.
func scalar(n ast.Node) (s string, plain, ok bool) {
	switch x := n.(type) {
	case *ast.LiteralNode:
		return x.Value.Value, false, true
	case *ast.StringNode, *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode, *ast.NullNode, *ast.InfinityNode, *ast.NanNode:
		tok := n.GetToken()
		return tok.Value, tok.Type != token.DoubleQuoteType && tok.Type != token.SingleQuoteType, true
	}
	return "", false, false
}
