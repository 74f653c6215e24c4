package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"time"

	storedledger "stancebot/adapters/store/ledger"
	"stancebot/knowledge"
	"stancebot/knowledge/ledger"
)

type ledgerShow struct {
	What string `arg:"" help:"An entry, such as D-17, or the id of a request, as the log and readers name it."`
	Desk string `default:"main" help:"The desk whose entry it is. A request is looked for in all."`
	JSON bool   `name:"json" help:"For programs."`
}

// Help is what ledger show --help adds.
func (*ledgerShow) Help() string {
	return `Shows an entry with the request that recorded it, by which the log is searched; or the entries that a request recorded. Entries that
the program made by itself, or that were moved here, have no request.

Exit status: 1 when there is no such entry.`
}

// A shownEntry is an entry as operators are shown it.
type shownEntry struct {
	Desk    knowledge.DeskID `json:"desk"`
	Seq     int64            `json:"seq"`
	ID      ledger.ID        `json:"id"`
	At      time.Time        `json:"at"`
	Kind    ledger.Kind      `json:"kind"`
	Author  string           `json:"author"`
	Reason  string           `json:"reason"`
	Hash    ledger.Hash      `json:"hash"`
	Request string           `json:"request,omitempty"`
	Payload json.RawMessage  `json:"payload"`
}

var requestForm = regexp.MustCompile(`^[0-9A-Z]{16}$`)

// Run shows.
func (c *ledgerShow) Run(env *environment) error {
	s, err := env.openStored()
	if err != nil {
		return err
	}
	defer s.Close() //nolint:errcheck // it was only read
	found, err := c.find(env, storedledger.New(s.db))
	if err != nil {
		return err
	}
	for i := range found {
		if err := c.print(env, &found[i]); err != nil {
			return err
		}
	}
	return nil
}

// find finds the entries that are asked for, one at least.
func (c *ledgerShow) find(env *environment, s *storedledger.Store) ([]storedledger.Recorded, error) {
	if what := strings.ToUpper(c.What); requestForm.MatchString(what) {
		found, err := s.Of(env.ctx, what)
		if err == nil && len(found) == 0 {
			err = fmt.Errorf("%w: the request %s recorded nothing", storedledger.ErrNoEntry, what)
		}
		return found, err
	}
	id, err := ledger.ParseID(c.What)
	if err != nil {
		return nil, usageError{errors.New("name an entry such as D-17, or a request by its 16 letters and figures")}
	}
	e, err := s.Entry(env.ctx, knowledge.DeskID(c.Desk), id)
	return []storedledger.Recorded{e}, err
}

func (c *ledgerShow) print(env *environment, e *storedledger.Recorded) error {
	shown := shownEntry{e.Desk, e.Seq, e.ID, e.At, e.Kind, e.Author, e.Reason, e.Hash, e.Request, e.Payload}
	if c.JSON {
		enc := json.NewEncoder(env.stdout)
		enc.SetEscapeHTML(false)
		return enc.Encode(shown)
	}
	request := shown.Request
	if request == "" {
		request = "none"
	}
	_, err := fmt.Fprintf(env.stdout, "%s · desk %s, entry %d · %s · %s by %s\nreason: %s\nrequest: %s\nhash: %s\n%s\n",
		shown.ID, shown.Desk, shown.Seq, shown.At.Format(time.RFC3339), shown.Kind, shown.Author, oneLine(shown.Reason), request, shown.Hash, shown.Payload)
	return err
}
