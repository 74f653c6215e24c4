package corpus

import (
	"bytes"
	"crypto/sha256"
	_ "embed" // for the compact form
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io/fs"
)

//go:embed embedded.json
var embedded []byte

// Embedded returns the records that the binary carries.
func Embedded() (*Set, error) {
	s := &Set{}
	if err := json.Unmarshal(embedded, &s.raw); err != nil {
		return nil, fmt.Errorf("corpus: embedded records: %w", err)
	}
	return s, nil
}

// Compact reads the YAML files under fsys and returns the compact form of them that the binary embeds: one JSON
// object, file name to content, with sorted names. Problems in the files are returned as a *LintError.
func Compact(fsys fs.FS) ([]byte, error) {
	s, problems := ReadDir(fsys)
	if len(problems) == 0 {
		problems = s.Lint()
	}
	if len(problems) > 0 {
		return nil, &LintError{problems}
	}
	var b bytes.Buffer
	b.WriteString("{")
	for i, name := range s.names() {
		if i > 0 {
			b.WriteString(",")
		}
		key, err := json.Marshal(name)
		if err != nil {
			return nil, fmt.Errorf("corpus: %s: %w", name, err)
		}
		b.WriteString("\n")
		b.Write(key)
		b.WriteString(":")
		if err := json.Compact(&b, s.raw[name]); err != nil {
			return nil, fmt.Errorf("corpus: %s: %w", name, err)
		}
	}
	b.WriteString("\n}\n")
	return b.Bytes(), nil
}

// Version returns a fingerprint of the content, 12 hexadecimal digits: equal content, equal version.
func (s *Set) Version() string {
	h := sha256.New()
	for _, name := range s.names() {
		fmt.Fprintf(h, "%s\x00%s\x00", name, s.raw[name])
	}
	return hex.EncodeToString(h.Sum(nil))[:12]
}
