package digest

import (
	"strings"

	"stancebot/bot/desk"
	"stancebot/knowledge"
)

// labelRecord reports whether a shared record is a label of the article: ARG.russia of countries/ARG.yaml.
func labelRecord(r *desk.RecordChange) (country knowledge.Country, axis knowledge.Axis, ok bool) {
	code, on, ok := strings.Cut(r.ID, ".")
	axis = knowledge.Axis(on)
	return knowledge.Country(code), axis, ok && strings.HasPrefix(r.File, "countries/") && axis.Pole() != ""
}

// recordOrder lists what shared records may be, the weightiest first; what is not listed comes behind.
var recordOrder = []knowledge.ReceiptKind{
	knowledge.FactCheckReceipt, knowledge.ContradictionReceipt, knowledge.EventReceipt, knowledge.RollCallReceipt, knowledge.ShiftReceipt,
	knowledge.MeasureReceipt, knowledge.MembershipReceipt, knowledge.ClaimReceipt,
}

// importance orders the shared records of a line, the weightiest first: labels before all.
func (c *Change) importance() int {
	if _, _, ok := labelRecord(c.shared); ok {
		return 0
	}
	kind := knowledge.ReceiptKindOf(c.shared.ID)
	for i, k := range recordOrder {
		if k == kind {
			return i + 1
		}
	}
	if kind == "" && !strings.HasPrefix(c.shared.File, "sources.") {
		return len(recordOrder) + 1
	}
	return len(recordOrder) + 2 // agreement in votes, which comes by the thousand, and pages
}

// recordName is what a shared record is called: by its receipt or, where it has none, as its file has it.
func (w *writer) recordName(r *desk.RecordChange) string {
	if country, axis, ok := labelRecord(r); ok {
		return w.say("change.record.label", "country", country, "axis", w.axis(axis))
	}
	return r.ID
}
