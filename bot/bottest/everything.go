package bottest

import (
	"iter"
	"slices"
	"strings"

	"stancebot/knowledge"
	"stancebot/knowledge/places"
)

// Everything returns what can be asked of the records: every country × command, every group, roll call and receipt, the dates
// that matter, and what is no question.
func (d *Desk) Everything() iter.Seq[string] {
	return func(yield func(string) bool) {
		for _, part := range []func() []string{countryQuestions, d.groupQuestions, d.rollCallQuestions, d.receiptQuestions, otherQuestions} {
			for _, text := range part() {
				if !yield(text) {
					return
				}
			}
		}
	}
}

func countryQuestions() []string {
	var list []string
	members := places.Members()
	for i, c := range members {
		code := strings.ToLower(string(c))
		next := strings.ToLower(string(members[(i+1)%len(members)]))
		list = append(
			list,
			"stance "+code, "stance "+code+" on russia", "why "+code, "shifts "+code,
			"contradictions "+code, "compare "+code+" "+next, "compare "+code+" per",
			"stance "+code+" as of 2016-06-01", "stance "+code+" as of 2025-12-01", "stance "+code+" known 2025-10-20",
			"search "+code, "search sanctions "+code, "search russia vote "+code+" as of 2016-06-01", "shifts "+code+" as of 2020",
			"votes "+code, "votes "+code+" page 2", "agreement "+code, "measures "+code, "votes "+code+" es-11/7",
			"safe "+code, "safe "+code+" on washington", "safe "+code+" as of 2016-06-01", "safe "+code+" known 2025-10-20", "safe "+code+" es-11/7",
			"why "+code+" as of 2019", "export "+code+" "+next, "is "+code+" an ally of russia, yes or no",
		)
	}
	return list
}

func (d *Desk) groupQuestions() []string {
	var list []string
	for i := range d.Records.Groups {
		name := strings.ReplaceAll(string(d.Records.Groups[i].ID), "_", " ")
		list = append(list, "group "+name, "shifts "+name, "contradictions "+name, "group "+name+" as of 2015", "group "+name+" on washington", "export "+name, "export "+name+" as of 2015")
	}
	for _, id := range append(slices.Clone(knowledge.Organisations), knowledge.UnfriendlyList) {
		name := strings.ReplaceAll(string(id), "_", " ")
		list = append(list, "group "+name, "group "+name+" as of 2019-12-01", "export "+name, "measures per "+name, "measures kaz "+name)
	}
	return list
}

func (d *Desk) rollCallQuestions() []string {
	var list []string
	for i := range d.Records.RollCalls {
		id := strings.ToLower(d.Records.RollCalls[i].ID)
		list = append(list, "resolution "+id, "resolution "+id+" latin america", "resolution "+id+" nato", "resolution "+id+" proof")
	}
	return list
}

func (d *Desk) receiptQuestions() []string {
	items, err := d.Set.Items()
	if err != nil {
		panic(err)
	}
	var list []string
	for _, it := range items {
		if knowledge.ReceiptKindOf(it.ID) != "" {
			list = append(list, "source "+it.ID)
			if knowledge.ReceiptKindOf(it.ID) != knowledge.AgreementReceipt || strings.HasSuffix(it.ID, ":2020") { // one year is judged as the others
				list = append(list, "safe "+it.ID)
			}
		}
	}
	return list
}

func otherQuestions() []string {
	return []string{
		"safe", "safe per chl bra", "safe per chl es-11/4", "safe andean", "safe russia", "safe taiwan", "safe F-99",
		"shifts", "shifts page 2", "shifts since 2022", "contradictions", "contradictions page 2", "help",
		"search lithium", "search helicopters known 2025-10-20", "search contradiction ally neutral", "search election president", "search zebra",
		"search", "anything about vaccines in mexico", "sputnik vaccine shortage", "why per page 2", "russia", "taiwan", "congo", "wakanda", "", "???",
	}
}
