package desk

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// An Author is a person on a platform, as the ledger names authors: console:ana, telegram:77, slack:T1:U2.
type Author string

// ParseAuthor reads an author. Platform and person must not be empty, and hold no white space or comma.
func ParseAuthor(s string) (Author, error) {
	platform, person, ok := strings.Cut(s, ":")
	if !ok || platform == "" || strings.Trim(person, ":") == "" || strings.ContainsAny(s, " \t\r\n,") {
		return "", errors.New("want platform and person, such as console:ana, telegram:77 or slack:T1:U2")
	}
	return Author(s), nil
}

// Space is the workspace of an author, and of one without any the author alone: slack:T1, telegram:77.
func (a Author) Space() string {
	platform, person, _ := strings.Cut(string(a), ":")
	space, _, _ := strings.Cut(person, ":")
	return platform + ":" + space
}

// Editors are those who may change a desk's records.
type Editors []Author

// Decode reads editors parted by commas, as the environment sets them. An error names the place in the list, and no
// value.
func (e *Editors) Decode(value string) error {
	*e = nil
	for i, part := range strings.Split(value, ",") {
		part = strings.TrimSpace(part)
		if part == "" {
			continue
		}
		author, err := ParseAuthor(part)
		if err != nil {
			return fmt.Errorf("editor %d of the list: %w", i+1, err)
		}
		*e = append(*e, author)
	}
	return nil
}

// Names are what people are called, where a desk wants its readers to know who approved a correction.
type Names map[Author]string

// Decode reads names parted by commas: slack:T1:U2=Ana Paz. An error names the place in the list, and no value.
func (n *Names) Decode(value string) error {
	*n = Names{}
	for i, part := range strings.Split(value, ",") {
		if part = strings.TrimSpace(part); part == "" {
			continue
		}
		person, name, _ := strings.Cut(part, "=")
		author, err := ParseAuthor(strings.TrimSpace(person))
		if name = strings.TrimSpace(name); err != nil || name == "" || strings.ContainsFunc(name, hidden) {
			return fmt.Errorf("name %d of the list: want a person and a name, such as slack:T1:U2=Ana Paz", i+1)
		}
		(*n)[author] = name
	}
	return nil
}

// Has reports whether a person is among the editors.
func (e *Editors) Has(a Author) bool { return slices.Contains(*e, a) }
