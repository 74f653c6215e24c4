package desk

import (
	"context"
	"sync/atomic"

	"stancebot/knowledge"
)

// A Directory knows which desk each space belongs to without asking the database for each question, and while that is away.
// It is safe for concurrent use.
type Directory struct {
	desks atomic.Pointer[map[Space]knowledge.DeskID]
}

// Load reads all assignments. On an error what was read before stays.
func (d *Directory) Load(ctx context.Context, spaces Spaces) error {
	list, err := spaces.Assignments(ctx)
	if err != nil {
		return err
	}
	desks := make(map[Space]knowledge.DeskID, len(list))
	for _, a := range list {
		desks[a.Space] = a.Desk
	}
	d.desks.Store(&desks)
	return nil
}

// Of returns the desk of a space, the default one where none was given to it. Before the first Load it is "", which sees the
// shared records alone: whose the space is, is not known, and no desk sees another one's data.
func (d *Directory) Of(s Space) knowledge.DeskID {
	desks := d.desks.Load()
	if desks == nil {
		return ""
	}
	if desk, ok := (*desks)[s]; ok {
		return desk
	}
	return knowledge.DefaultDesk
}
