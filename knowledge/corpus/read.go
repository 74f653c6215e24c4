package corpus

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"reflect"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
)

// A lineIndex tells the line of each value of a YAML file by its path, such as claims[3].check.status.
type lineIndex map[string]int

// ReadDir reads all YAML files under fsys strictly. When there are problems the set holds only the files without.
func ReadDir(fsys fs.FS) (*Set, []Problem) {
	s := &Set{raw: map[string]json.RawMessage{}, lines: map[string]lineIndex{}}
	var problems []Problem
	err := fs.WalkDir(fsys, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		hidden := name != "." && strings.HasPrefix(path.Base(name), ".")
		switch {
		case hidden && d.IsDir():
			return fs.SkipDir
		case hidden || d.IsDir():
			return nil
		}
		problems = append(problems, s.read(fsys, name)...)
		return nil
	})
	if err != nil {
		problems = append(problems, Problem{
			File: ".", What: "cannot read the folder: " + plainError(err),
			Do: "check the path and its permissions",
		})
	}
	return s, problems
}

// Overlay returns the set with the files under fsys in the place of those of the same name, and beside the rest.
func (s *Set) Overlay(fsys fs.FS) (*Set, []Problem) {
	over, problems := ReadDir(fsys)
	if len(problems) > 0 {
		return nil, problems
	}
	if len(over.raw) == 0 {
		return nil, []Problem{{
			File: ".", What: "the folder holds no file of the records",
			Do: "put files into it that are named like those of the corpus, such as countries/PER.yaml",
		}}
	}
	merged := &Set{raw: maps.Clone(s.raw), lines: map[string]lineIndex{}}
	maps.Copy(merged.lines, s.lines)
	maps.Copy(merged.lines, over.lines)
	maps.Copy(merged.raw, over.raw)
	if problems := merged.Lint(); len(problems) > 0 {
		return nil, problems
	}
	return merged, nil
}

func plainError(err error) string {
	if pe := (*fs.PathError)(nil); errors.As(err, &pe) {
		return pe.Err.Error()
	}
	return err.Error()
}

// read adds one file to the set, or returns what is wrong with it.
func (s *Set) read(fsys fs.FS, name string) []Problem {
	doc := newDocument(name)
	if doc == nil {
		return []Problem{{
			File: name, What: "the corpus has no file of this name",
			Do: "name it like one of " + strings.Join(requiredFiles, ", ") + ", countries/<alpha-3 code>.yaml or rollcalls/<id>.yaml",
		}}
	}
	src, err := fs.ReadFile(fsys, name)
	if err != nil {
		return []Problem{{File: name, What: plainError(err), Do: "check the file's permissions"}}
	}
	if path.Ext(name) == ".csv" {
		return s.readCSV(name, src, doc)
	}
	file, err := parser.ParseBytes(src, 0)
	if err != nil {
		return []Problem{syntaxProblem(name, err)}
	}
	if len(file.Docs) != 1 || file.Docs[0].Body == nil {
		return []Problem{{
			File: name, Line: 1, What: "the file is empty or holds several documents",
			Do: "keep exactly one YAML document in it",
		}}
	}
	w := &shapeWalk{file: name, lines: lineIndex{}}
	w.check(file.Docs[0].Body, reflect.TypeOf(doc).Elem(), "", 1, true)
	if len(w.problems) > 0 {
		return w.problems
	}
	raw, err := yaml.YAMLToJSON(src)
	if err == nil {
		err = json.Unmarshal(raw, doc)
	}
	if err != nil {
		return []Problem{syntaxProblem(name, err)}
	}
	// Marshalling what was understood makes the content canonical: key order and spelling of values.
	if s.raw[name], err = json.Marshal(doc); err != nil {
		return []Problem{{File: name, Line: 1, What: err.Error(), Do: "write plain YAML: mappings, lists and text"}}
	}
	s.lines[name] = w.lines
	return nil
}

// syntaxProblem takes position and message out of the YAML library's error.
func syntaxProblem(name string, err error) Problem {
	p := Problem{File: name, Line: 1, What: err.Error(), Do: "mend the YAML there"}
	if ye := yaml.Error(nil); errors.As(err, &ye) {
		p.What = ye.GetMessage()
		if tok := ye.GetToken(); tok != nil {
			p.Line = tok.Position.Line
		}
	}
	p.What, _, _ = strings.Cut(p.What, "\n")
	if strings.Contains(p.What, "already defined") {
		p.Do = "keep one of the two keys"
	}
	return p
}

// A shapeWalk holds a YAML tree against the Go type that it is to fill, so that all misfits of a file are told at
// once, each with its line.
type shapeWalk struct {
	file     string
	lines    lineIndex
	problems []Problem
}

func (w *shapeWalk) problem(line int, at, what, do string) {
	w.problems = append(w.problems, Problem{File: w.file, Line: line, At: at, What: what, Do: do})
}

var textUnmarshaler = reflect.TypeFor[interface{ UnmarshalText([]byte) error }]()

func (w *shapeWalk) check(n ast.Node, t reflect.Type, at string, line int, required bool) {
	w.lines[at] = line
	switch n.(type) {
	case *ast.AnchorNode, *ast.AliasNode, *ast.TagNode:
		w.problem(line, at, "anchors, aliases and tags are not read", "write the value itself")
		return
	}
	if reflect.PointerTo(t).Implements(textUnmarshaler) {
		w.checkScalar(n, t, at, line, required)
		return
	}
	switch t.Kind() {
	case reflect.Pointer:
		w.check(n, t.Elem(), at, line, required)
	case reflect.Struct:
		w.checkStruct(n, t, at, line)
	case reflect.Map:
		for _, kv := range mappingOf(n) {
			w.check(kv.Value, t.Elem(), join(at, keyOf(kv)), kv.Key.GetToken().Position.Line, true)
		}
		if mappingOf(n) == nil {
			w.problem(line, at, "want keys and values here", "write a mapping")
		}
	case reflect.Slice:
		seq, ok := n.(*ast.SequenceNode)
		if !ok {
			w.problem(line, at, "want a list here", "write a list: each entry behind a dash, or [A, B]")
			return
		}
		for i, v := range seq.Values {
			w.check(v, t.Elem(), fmt.Sprintf("%s[%d]", at, i), v.GetToken().Position.Line, true)
		}
	default:
		w.checkScalar(n, t, at, line, required)
	}
}

// correctIt is what to do about a value that is wrong, and where the key may be left out, that too.
func correctIt(required bool) string {
	if required {
		return "correct it"
	}
	return "correct it, or leave the key out where the value is not known"
}

func (w *shapeWalk) checkScalar(n ast.Node, t reflect.Type, at string, line int, required bool) {
	if literal, ok := n.(*ast.LiteralNode); ok {
		n = literal.Value // the text without its | or >
	}
	scalar, ok := n.(ast.ScalarNode)
	if !ok {
		w.problem(line, at, "want one plain value here", "write text, not a list or a mapping")
		return
	}
	value := scalar.GetValue()
	text, isText := value.(string)
	if _, null := n.(*ast.NullNode); null || isText && strings.TrimSpace(text) == "" {
		w.problem(line, at, "the value is empty", correctIt(required))
		return
	}
	if reflect.PointerTo(t).Implements(textUnmarshaler) {
		if !isText {
			text = n.GetToken().Value // a bare year is read as a number
		}
		if err := unmarshalText(t, text); err != nil {
			w.problem(line, at, err.Error(), correctIt(required))
		}
		return
	}
	_, isBool := value.(bool)
	switch t.Kind() {
	case reflect.String:
		if !isText {
			w.problem(line, at, fmt.Sprintf("%v is read as %s, not as text", value, kindOf(value)), "put it in quotes")
		}
	case reflect.Bool:
		if !isBool {
			w.problem(line, at, fmt.Sprintf("%v is neither true nor false", value), "write true, or leave the key out")
		}
	case reflect.Int, reflect.Float64:
		_, isFraction := value.(float64)
		switch {
		case isText:
			w.problem(line, at, fmt.Sprintf("%q is text, not a number", text), "write a number without quotes")
		case isBool:
			w.problem(line, at, fmt.Sprintf("%v is no number", value), "write a number")
		case isFraction && t.Kind() == reflect.Int:
			w.problem(line, at, fmt.Sprintf("%v is no whole number", value), correctIt(required))
		}
	default:
	}
}

// kindOf says what YAML takes a value for.
func kindOf(value any) string {
	if _, ok := value.(bool); ok {
		return "true or false"
	}
	return "a number"
}

// unmarshalText tries a text as a value of a type that reads itself from text.
func unmarshalText(t reflect.Type, text string) error {
	target, ok := reflect.TypeAssert[interface{ UnmarshalText([]byte) error }](reflect.New(t))
	if !ok {
		return fmt.Errorf("%s does not read text", t)
	}
	return target.UnmarshalText([]byte(text))
}

func (w *shapeWalk) checkStruct(n ast.Node, t reflect.Type, at string, line int) {
	values := mappingOf(n)
	if values == nil {
		w.problem(line, at, "want keys and values here", "write a mapping")
		return
	}
	fields := fieldsOf(t)
	seen := map[string]bool{}
	for _, kv := range values {
		key := keyOf(kv)
		keyLine := kv.Key.GetToken().Position.Line
		f, ok := fields[key]
		if !ok {
			w.problem(keyLine, join(at, key), fmt.Sprintf("unknown key %q", key), "use one of: "+strings.Join(keysOf(t), ", "))
			continue
		}
		seen[key] = true
		w.check(kv.Value, f.typ, join(at, key), keyLine, f.required)
	}
	for _, key := range keysOf(t) {
		if fields[key].required && !seen[key] {
			w.problem(line, join(at, key), fmt.Sprintf("missing key %q", key), "add it")
		}
	}
}

type field struct {
	typ      reflect.Type
	required bool // its json tag has no omitempty
}

// fieldsOf returns the keys that a struct takes, embedded ones included.
func fieldsOf(t reflect.Type) map[string]field {
	fields := map[string]field{}
	for f := range t.Fields() {
		if f.Anonymous {
			maps.Copy(fields, fieldsOf(f.Type))
			continue
		}
		name, opts, _ := strings.Cut(f.Tag.Get("json"), ",")
		if name != "-" {
			fields[name] = field{f.Type, !strings.Contains(opts, "omitempty")}
		}
	}
	return fields
}

// keysOf lists the keys of a struct in the order of its fields.
func keysOf(t reflect.Type) []string {
	var keys []string
	for f := range t.Fields() {
		if f.Anonymous {
			keys = append(keys, keysOf(f.Type)...)
		} else if name, _, _ := strings.Cut(f.Tag.Get("json"), ","); name != "-" {
			keys = append(keys, name)
		}
	}
	return keys
}

func mappingOf(n ast.Node) []*ast.MappingValueNode {
	switch n := n.(type) {
	case *ast.MappingNode:
		return n.Values
	case *ast.MappingValueNode:
		return []*ast.MappingValueNode{n}
	}
	return nil
}

func keyOf(kv *ast.MappingValueNode) string { return kv.Key.GetToken().Value }

func join(at, key string) string {
	if strings.HasPrefix(key, "[") {
		return at + key
	}
	if at == "" {
		return key
	}
	return at + "." + key
}
