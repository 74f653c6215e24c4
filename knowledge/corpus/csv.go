package corpus

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"reflect"
	"slices"
	"strconv"
	"strings"
)

// readCSV adds a CSV file to the set, or returns what is wrong with it: every row, each with its line. The header must
// name the keys of a row in their order.
func (s *Set) readCSV(name string, src []byte, doc any) []Problem {
	list := reflect.ValueOf(doc).Elem().Field(0)
	row := list.Type().Elem()
	keys := keysOf(row)
	r := csv.NewReader(bytes.NewReader(src))
	header, err := r.Read()
	if err != nil || !slices.Equal(header, keys) {
		return []Problem{{File: name, Line: 1, What: "the header is not that of the file", Do: "write it as " + strings.Join(keys, ",")}}
	}
	lines := lineIndex{}
	listKey, _, _ := strings.Cut(reflect.TypeOf(doc).Elem().Field(0).Tag.Get("json"), ",")
	var problems []Problem
	rows := reflect.MakeSlice(list.Type(), 0, bytes.Count(src, []byte("\n")))
	for {
		cells, err := r.Read()
		if malformed, ok := errors.AsType[*csv.ParseError](err); ok {
			problems = append(problems, Problem{File: name, Line: malformed.StartLine, What: malformed.Err.Error(), Do: "mend the row"})
			continue
		}
		if err != nil {
			break // the end of the file
		}
		line, _ := r.FieldPos(0)
		at := fmt.Sprintf("%s[%d]", listKey, rows.Len())
		lines[at] = line
		value := reflect.New(row).Elem()
		problems = append(problems, fillRow(value, cells, name, line, at)...)
		rows = reflect.Append(rows, value)
	}
	list.Set(rows)
	if ordered, ok := doc.(interface{ unordered() int }); ok && len(problems) == 0 {
		if i := ordered.unordered(); i >= 0 {
			problems = append(problems, Problem{
				File: name, Line: lines[fmt.Sprintf("%s[%d]", listKey, i)], What: "the row is out of order, or there twice",
				Do: "put the rows in the order of countries and years, each once",
			})
		}
	}
	if len(problems) > 0 {
		return problems
	}
	if s.raw[name], err = json.Marshal(doc); err != nil {
		return []Problem{{File: name, Line: 1, What: err.Error(), Do: "write plain values"}}
	}
	s.lines[name] = lines
	return nil
}

// fillRow reads the cells of a row into a struct, and returns what does not fit.
func fillRow(value reflect.Value, cells []string, name string, line int, at string) []Problem {
	var problems []Problem
	fields := fieldsOf(value.Type())
	for i, key := range keysOf(value.Type()) {
		cell := cells[i]
		if cell != strings.TrimSpace(cell) {
			problems = append(problems, Problem{File: name, Line: line, At: join(at, key), What: "the cell begins or ends with a blank", Do: "take the blank away"})
			continue
		}
		if cell == "" {
			if fields[key].required {
				problems = append(problems, Problem{File: name, Line: line, At: join(at, key), What: "the cell is empty", Do: "fill it"})
			}
			continue
		}
		if err := setCell(value.Field(i), cell); err != nil {
			problems = append(problems, Problem{File: name, Line: line, At: join(at, key), What: err.Error(), Do: "correct it, or leave the cell empty where the value is not known"})
		}
	}
	return problems
}

// setCell reads one cell into a field.
func setCell(field reflect.Value, cell string) error {
	if reader, ok := reflect.TypeAssert[interface{ UnmarshalText([]byte) error }](field.Addr()); ok {
		return reader.UnmarshalText([]byte(cell))
	}
	switch field.Kind() {
	case reflect.Int:
		n, err := strconv.ParseInt(cell, 10, 32)
		if err != nil {
			return fmt.Errorf("%q is no whole number", cell)
		}
		field.SetInt(n)
	case reflect.Float64:
		f, err := strconv.ParseFloat(cell, 64)
		if err != nil || math.IsNaN(f) || math.IsInf(f, 0) {
			return fmt.Errorf("%q is no number", cell)
		}
		field.SetFloat(f)
	default:
		field.SetString(cell)
	}
	return nil
}
