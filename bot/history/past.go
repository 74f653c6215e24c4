package history

import (
	"slices"

	"stancebot/knowledge"
	"stancebot/knowledge/ledger"
)

// A past is what a desk recorded.
type past struct {
	records []*knowledge.DeskRecord // in the order of recording
	seqs    []int64                 // of each, its place in the chain
	byID    map[string]*knowledge.DeskRecord
}

func newPast(o *knowledge.Overlay) *past {
	p := &past{byID: map[string]*knowledge.DeskRecord{}}
	if o == nil {
		return p
	}
	p.records, p.seqs = o.Records, o.Seqs
	for _, r := range o.Records {
		p.byID[r.Receipt] = r
	}
	return p
}

// steps is over how many other entries one may be about a country: an approval decides a proposal that takes back an entry.
const steps = 3

// concerns reports whether an entry is about one of some countries, or about another entry that is.
func (p *past) concerns(r *knowledge.DeskRecord, countries []knowledge.Country) bool {
	return p.within(r, countries, steps)
}

func (p *past) within(r *knowledge.DeskRecord, countries []knowledge.Country, steps int) bool {
	if slices.Contains(countries, r.Country) || r.RollCall != nil && votes(r.RollCall, countries) {
		return true
	}
	return steps > 0 && slices.ContainsFunc(speaksOf(r), func(id string) bool {
		of := p.byID[id]
		return of != nil && p.within(of, countries, steps-1)
	})
}

// speaksOf lists the other entries that one speaks of, what came of it first.
func speaksOf(r *knowledge.DeskRecord) []string {
	ids := append([]string{r.Result, r.Decides}, r.Touches...)
	if r.Proposed != nil {
		ids = append(ids, r.Proposed.Decides)
	}
	return ids
}

// content returns the entry with a record that another entry speaks of, or nil.
func (p *past) content(r *knowledge.DeskRecord, steps int) *knowledge.DeskRecord {
	for _, id := range speaksOf(r) {
		switch of := p.byID[id]; {
		case of == nil || steps == 0:
		case of.Holds():
			return of
		default:
			if deeper := p.content(of, steps-1); deeper != nil {
				return deeper
			}
		}
	}
	return nil
}

func votes(call *knowledge.RollCall, countries []knowledge.Country) bool {
	for _, position := range knowledge.Positions {
		for _, c := range call.Votes[position] {
			if slices.Contains(countries, c) {
				return true
			}
		}
	}
	return false
}

// unchanging are the kinds of entries that change no answer: what is only proposed, what becomes of that but for the entry that
// comes of it, and that entries were moved.
var unchanging = []ledger.Kind{ledger.Proposed, ledger.Approved, ledger.Rejected, ledger.Retracted, ledger.Questioned, ledger.LedgerImported}

// since lists the entries behind one that change what a reply told: they are about one of its countries, or about a record that
// it rests on.
func (p *past) since(seq int64, countries []knowledge.Country, receipts []string) []*knowledge.DeskRecord {
	var later []*knowledge.DeskRecord
	for i, r := range p.records {
		if i >= len(p.seqs) || p.seqs[i] <= seq || slices.Contains(unchanging, ledger.Kind(r.Kind)) {
			continue
		}
		touches := slices.ContainsFunc(speaksOf(r), func(id string) bool { return slices.Contains(receipts, id) })
		if touches || p.concerns(r, countries) {
			later = append(later, r)
		}
	}
	return later
}

// deciding are the kinds of entries that end a proposal.
var deciding = []ledger.Kind{ledger.Approved, ledger.Rejected, ledger.Retracted}

// decision returns what decided a proposal, or nil.
func (p *past) decision(proposal string) *knowledge.DeskRecord {
	for _, r := range p.records {
		if r.Decides == proposal && slices.Contains(deciding, ledger.Kind(r.Kind)) {
			return r
		}
	}
	return nil
}

// approval returns what approved the proposal that an entry came of, or nil.
func (p *past) approval(entry string) *knowledge.DeskRecord {
	for _, r := range p.records {
		if r.Result == entry {
			return r
		}
	}
	return nil
}

func contains(list []string, s string) bool { return slices.Contains(list, s) }
