package main

import (
	"errors"
	"fmt"

	"stancebot/knowledge"
	"stancebot/knowledge/ledger"
)

type ledgerCommand struct {
	Show   ledgerShow   `cmd:"" help:"Show an entry with the request that recorded it, or what a request recorded."`
	Verify ledgerVerify `cmd:"" help:"Walk the chains from their first entries, and name the first that is not what was recorded."`
}

type ledgerVerify struct {
	Desk string `help:"The desk whose chain is walked; every desk's without one."`
}

// Help is what ledger verify --help adds.
func (*ledgerVerify) Help() string {
	return `Prints each head as desk, place and hash. A head that was printed by an earlier export or backup is found in the chain
as long as nothing before it was changed.

Exit status: 0 when every chain holds, 1 when one does not.`
}

// Run verifies.
func (c *ledgerVerify) Run(env *environment) error {
	s, err := env.openStored()
	if err != nil {
		return err
	}
	defer s.Close() //nolint:errcheck // it was only read
	desks := []knowledge.DeskID{knowledge.DeskID(c.Desk)}
	if c.Desk == "" {
		if desks, err = s.Desks(env.ctx); err != nil {
			return err
		}
	} else if err := s.knows(env, desks[0]); err != nil {
		return err
	}
	heads, err := s.audit(env, desks)
	for _, head := range heads {
		fmt.Fprintln(env.stdout, head)
	}
	if err == nil && len(desks) == 0 {
		fmt.Fprintln(env.stdout, "no desk has entries")
	}
	return err
}

// audit walks the chains of desks and returns the heads of those that hold, and what is wrong with the others.
func (s *stored) audit(env *environment, desks []knowledge.DeskID) ([]ledger.Head, error) {
	var heads []ledger.Head
	var errs []error
	for _, desk := range desks {
		head, err := ledger.Audit(env.ctx, s, desk)
		if err != nil {
			errs = append(errs, err)
			continue
		}
		heads = append(heads, head)
	}
	return heads, errors.Join(errs...)
}
