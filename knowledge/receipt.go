package knowledge

import (
	"regexp"
	"strings"
)

// A ReceiptKind tells what a receipt id leads to.
type ReceiptKind string

// The kinds of receipts.
const (
	ClaimReceipt         ReceiptKind = "claim"
	FactCheckReceipt     ReceiptKind = "fact_check"
	ContradictionReceipt ReceiptKind = "contradiction"
	ShiftReceipt         ReceiptKind = "shift"
	RollCallReceipt      ReceiptKind = "roll_call"
	MembershipReceipt    ReceiptKind = "membership"
	MeasureReceipt       ReceiptKind = "measure"
	EventReceipt         ReceiptKind = "event"
	DeskReceipt          ReceiptKind = "desk_record"
	AgreementReceipt     ReceiptKind = "agreement"
)

// receiptForms are tried in order: a general claim such as GEN-04 has the form of a country's.
var receiptForms = []struct {
	kind ReceiptKind
	form *regexp.Regexp
}{
	{ShiftReceipt, regexp.MustCompile(`^[A-Z]{3}-S\d{1,2}$`)},
	{ClaimReceipt, regexp.MustCompile(`^[A-Z]{3}-\d{2,3}$`)},
	{FactCheckReceipt, regexp.MustCompile(`^F-\d{2,3}$`)},
	{ContradictionReceipt, regexp.MustCompile(`^X-\d{2,3}$`)},
	{DeskReceipt, regexp.MustCompile(`^D-\d{1,9}$`)},
	{EventReceipt, regexp.MustCompile(`^E:[A-Z]{3}:\d{4}(-\d{2}(-\d{2})?)?[a-z]?$`)},
	{MembershipReceipt, regexp.MustCompile(`^M:[A-Z]{3}:[a-z_]+:(\d{4}|\?)$`)},
	{MeasureReceipt, regexp.MustCompile(`^S:[A-Z]{3}:[a-z_0-9]+:(\d{4}|\?)$`)},
	{AgreementReceipt, regexp.MustCompile(`^A:[A-Z]{3}:\d{4}$`)},
	// 68/262, ES-11/1, S-17/2, their parts such as 36/148A, the older 377(V)A and 3201(S-VI), and ids by date.
	{RollCallReceipt, regexp.MustCompile(`^(((E?S-\d{1,2}|\d{2})/\d{1,3}|\d{1,4}\((E?S-)?[IVX]{1,8}\))([A-Z](-[A-Z])?)?|GA-\d{4}-\d{2}-\d{2}[a-z-]*)$`)},
}

// ReceiptKindOf returns the kind that the form of id shows, or "" when it has the form of none.
func ReceiptKindOf(id string) ReceiptKind {
	for _, f := range receiptForms {
		if f.form.MatchString(id) {
			return f.kind
		}
	}
	return ""
}

// ReceiptCountry returns the country that the form of id names, or "". GEN, of the claims about the region, is
// none.
func ReceiptCountry(id string) Country {
	var code string
	switch ReceiptKindOf(id) {
	case ClaimReceipt, ShiftReceipt:
		code = id[:3]
	case EventReceipt, MembershipReceipt, MeasureReceipt, AgreementReceipt:
		code = strings.SplitN(id, ":", 3)[1]
	}
	if code == "GEN" {
		return ""
	}
	return Country(code)
}
