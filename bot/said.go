package bot

import (
	"stancebot/bot/phrases"
	"stancebot/knowledge"
)

// SayRecord says in one line what an entry of a desk's ledger recorded, as its receipt opens on a day. It is "" for an entry
// that holds no record.
func SayRecord(p *phrases.Catalogue, r *knowledge.DeskRecord, on knowledge.Day) string {
	c := &composer{p: p, on: on}
	return c.recorded(r)
}

// SayLabel says a label with the mark of who gives it; of a contested one both readings, never one alone.
func SayLabel(p *phrases.Catalogue, l knowledge.Labelled) string {
	c := &composer{p: p}
	return c.labelInFull(l)
}

// SayText says a text of the General Assembly within a sentence.
func SayText(p *phrases.Catalogue, r *knowledge.RollCall) string {
	c := &composer{p: p}
	return c.textOf(r)
}

// SayRollCall says a text, its day and its tally.
func SayRollCall(p *phrases.Catalogue, r *knowledge.RollCall) string {
	c := &composer{p: p}
	return c.rollCall(r)
}

// SayCountries names countries, up to a limit, and counts the rest.
func SayCountries(p *phrases.Catalogue, countries []knowledge.Country, limit int) string {
	c := &composer{p: p}
	return c.named(countries, limit)
}

// UpperFirst begins a text with a capital.
func UpperFirst(text string) string { return upperFirst(text) }

// Links returns the pages that the receipts of blocks rest on, those that link knows.
func Links(blocks []Block, link func(receipt string) string) map[string]string {
	links := map[string]string{}
	for _, blk := range blocks {
		for _, id := range receiptsOf(blk) {
			if links[id] == "" {
				if url := link(id); url != "" {
					links[id] = url
				}
			}
		}
	}
	return links
}
