package desk

import (
	"context"
	"sync/atomic"

	"stancebot/knowledge"
)

// A Directory knows which desk each space belongs to without asking the database for each question, and while that is away.
// It is safe for concurrent use.
type Directory struct {
	// Unassigned is the desk of a space that was given to none, nil for the default one. Where strangers bring spaces it must not be
	// that: what they bring is given to a desk of its own, and nobody waits until each process has read so.
	Unassigned func(Space) knowledge.DeskID

	read atomic.Pointer[register]
}

// A register is what was read.
type register struct {
	desks   map[Space]knowledge.DeskID
	editors map[knowledge.DeskID]Editors
}

// Load reads all assignments, and who was made an editor. On an error what was read before stays.
func (d *Directory) Load(ctx context.Context, spaces Spaces) error {
	list, err := spaces.Assignments(ctx)
	if err != nil {
		return err
	}
	r := register{desks: make(map[Space]knowledge.DeskID, len(list))}
	for _, a := range list {
		r.desks[a.Space] = a.Desk
	}
	if r.editors, err = spaces.Editors(ctx); err != nil {
		return err
	}
	d.read.Store(&r)
	return nil
}

// Given reports whether a space was given to a desk, as far as was read.
func (d *Directory) Given(s Space) bool {
	if r := d.read.Load(); r != nil {
		_, given := r.desks[s]
		return given
	}
	return false
}

// Editors are those who were made editors of a desk.
func (d *Directory) Editors(desk knowledge.DeskID) Editors {
	if r := d.read.Load(); r != nil {
		return r.editors[desk]
	}
	return nil
}

// Of returns the desk of a space: where none was given to it, the default one, or what Unassigned says. Before the first Load it is "", which sees the
// shared records alone: whose the space is, is not known, and no desk sees another one's data.
func (d *Directory) Of(s Space) knowledge.DeskID {
	r := d.read.Load()
	if r == nil {
		return ""
	}
	if desk, ok := r.desks[s]; ok {
		return desk
	}
	if d.Unassigned != nil {
		return d.Unassigned(s)
	}
	return knowledge.DefaultDesk
}
