package desk

import (
	"context"
	"errors"
	"regexp"
	"strings"

	"stancebot/knowledge"
)

// A Space is a workspace or a chat of a platform, which belongs to a desk: slack:T1, telegram:-100200.
type Space struct{ Platform, ID string }

// String returns the space as people write it.
func (s Space) String() string { return s.Platform + ":" + s.ID }

// ParseSpace reads a platform and a space on it.
func ParseSpace(s string) (Space, error) {
	platform, id, ok := strings.Cut(s, ":")
	if !ok || platform == "" || id == "" || strings.ContainsAny(s, " \t\r\n,") || strings.Contains(id, ":") {
		return Space{}, errors.New("want a platform and its workspace or chat, such as slack:T1 or telegram:77")
	}
	return Space{platform, id}, nil
}

var idForm = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,39}$`)

// ParseID reads the id of a desk: small letters, figures and hyphens, at most 40 of them.
func ParseID(s string) (knowledge.DeskID, error) {
	if !idForm.MatchString(s) {
		return "", errors.New("a desk is named by small letters, figures and hyphens, at most 40 of them, such as foreign-desk")
	}
	return knowledge.DeskID(s), nil
}

// An Assignment gives a space to a desk.
type Assignment struct {
	Space Space
	Desk  knowledge.DeskID
}

// Spaces keeps which desk each space belongs to. Implementations pass the suite in adapters/adaptertest.
type Spaces interface {
	// DeskOf returns the desk of a space: the default one where none was given to it.
	DeskOf(ctx context.Context, s Space) (knowledge.DeskID, error)
	// Assign gives a space to a desk, and takes it from the one that had it.
	Assign(ctx context.Context, a Assignment) error
	// Assignments lists the spaces that were given to desks, in order.
	Assignments(ctx context.Context) ([]Assignment, error)
	// Settle gives a space to a desk unless it was given to one before, and returns the one that it belongs to. Where it is given now, and
	// the desk has no editor, an author becomes its first, "" for nobody: who comes back finds the editors that there are.
	Settle(ctx context.Context, a Assignment, first Author) (knowledge.DeskID, error)

	// AddEditor lets a person change a desk's records, beside those whom the configuration names.
	AddEditor(ctx context.Context, desk knowledge.DeskID, who Author) error
	// RemoveEditor takes that back, and reports whether the person was among them.
	RemoveEditor(ctx context.Context, desk knowledge.DeskID, who Author) (was bool, err error)
	// Editors lists those who were added, by desk, in order.
	Editors(ctx context.Context) (map[knowledge.DeskID]Editors, error)

	// Changed returns a channel that receives whenever any of this may have changed, by whatever process, until the context ends; then it
	// is closed.
	Changed(ctx context.Context) <-chan struct{}
}

// OwnDesk is the desk of a space that is nobody else's: slack-t0123abc.
func OwnDesk(s Space) knowledge.DeskID {
	return knowledge.DeskID(strings.ToLower(s.Platform + "-" + s.ID))
}
