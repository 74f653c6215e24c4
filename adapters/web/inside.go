package web

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"net/http"
	"slices"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"stancebot/bot"
	"stancebot/bot/phrases"
	"stancebot/knowledge"
	"stancebot/knowledge/ledger"
)

// An Inside is what those alone see who know the token.
type Inside struct {
	Ledger func() Ledger // nil while the database is away
	Bot    interface {
		Ask(context.Context, bot.Request) bot.Exchange
	} // answers for the past, too
	Name func(author string) string // what somebody is called whom an entry names, "" where that is not known
}

// A Ledger is a desk's log as it is read here. A ledger.Store is one.
type Ledger interface {
	Head(ctx context.Context, desk knowledge.DeskID) (ledger.Head, error)
	Rows(ctx context.Context, desk knowledge.DeskID, after int64) iter.Seq2[ledger.Row, error]
}

// entriesShown is how many entries a page shows.
const entriesShown = 50

// A LedgerPage is a piece of a desk's ledger, the newest entry first.
type LedgerPage struct {
	Entries []LedgerEntry `json:"entries"`
	Count   int64         `json:"count" doc:"How many entries the ledger has."`
	Head    ledger.Hash   `json:"head" doc:"The hash of the last of them."`
	Older   *int64        `json:"older" doc:"What “before” is for the next page; null on the last."`
}

// A LedgerEntry is one entry, with who recorded it.
type LedgerEntry struct {
	Place   int64           `json:"place" doc:"In the chain, from 1."`
	Receipt string          `json:"receipt"`
	At      time.Time       `json:"at"`
	Kind    string          `json:"kind"`
	Says    string          `json:"says" doc:"What it recorded, in words."`
	Author  string          `json:"author"`
	Name    string          `json:"name" doc:"What the author is called, or the id where that is not known."`
	Reason  string          `json:"reason"`
	Payload json.RawMessage `json:"payload"`
	Before  ledger.Hash     `json:"before" doc:"The hash of the entry before."`
	Hash    ledger.Hash     `json:"hash"`
}

var errAway = errors.New("the ledger cannot be read at the moment")

// page reads the entries before a place, or the last ones for 0.
func (in *Inside) page(ctx context.Context, desk knowledge.DeskID, before int64, p *phrases.Catalogue, today knowledge.Day) (*LedgerPage, error) {
	store := in.Ledger()
	if store == nil {
		return nil, errAway
	}
	head, err := store.Head(ctx, desk)
	if err != nil {
		return nil, fmt.Errorf("web: the ledger cannot be read: %w", err)
	}
	last := head.Seq
	if before > 0 {
		last = min(last, before-1)
	}
	out := &LedgerPage{Entries: []LedgerEntry{}, Count: head.Seq, Head: head.Hash}
	first := max(0, last-entriesShown)
	for row, err := range store.Rows(ctx, desk, first) {
		if err != nil {
			return nil, fmt.Errorf("web: the ledger cannot be read: %w", err)
		}
		if row.Seq > last {
			break
		}
		e, err := ledger.Parse(row.Bytes)
		if err != nil {
			return nil, fmt.Errorf("web: entry %d of the ledger cannot be read: %w", row.Seq, err)
		}
		out.Entries = append(out.Entries, in.entry(&e, p, today))
	}
	slices.Reverse(out.Entries)
	if first > 0 {
		older := first + 1
		out.Older = &older
	}
	return out, nil
}

func (in *Inside) entry(e *ledger.Entry, p *phrases.Catalogue, today knowledge.Day) LedgerEntry {
	x := LedgerEntry{
		Place: e.Seq, Receipt: e.ID.String(), At: e.At, Kind: string(e.Kind), Author: e.Author, Name: e.Author, Reason: e.Reason, Payload: e.Payload,
		Before: e.Prev, Hash: e.Hash,
	}
	if name := in.Name(e.Author); name != "" {
		x.Name = name
	}
	if r, err := ledger.Open(e); err == nil && r != nil { // of a kind that tells readers something
		x.Says = bot.SayRecord(p, r, today)
	}
	return x
}

type someEntries struct {
	Lang   string `query:"lang" enum:"en,es,fr,pt,ru,zh"`
	Before int64  `query:"before" minimum:"0" doc:"Entries before this place; the newest when it is not set."`
}

func (a *api) ledger(ctx context.Context, in *someEntries) (*got[LedgerPage], error) {
	page, err := a.Inside.page(ctx, a.Desk, in.Before, a.speaker(&Clocks{Lang: in.Lang}).Catalogue, a.Today())
	if errors.Is(err, errAway) {
		return nil, huma.Error503ServiceUnavailable(errAway.Error())
	}
	if err != nil {
		return nil, a.trouble(ctx, err)
	}
	return body(*page), nil
}

// trouble logs what the operator must mend, and tells nobody else of it.
func (a *api) trouble(ctx context.Context, err error) error {
	a.Log.ErrorContext(ctx, "no answer to a program", "error", err)
	return huma.NewError(http.StatusInternalServerError, "That went wrong on our side. The operator finds it in the log.")
}
