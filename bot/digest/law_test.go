package digest_test

import (
	"strings"
	"testing"

	"stancebot/bot"
	"stancebot/bot/bottest"
	"stancebot/bot/digest"
	"stancebot/knowledge"
)

// Law 1: what a row tells, the receipts on it hold.
func TestEveryRowIsHeldByItsReceipts(t *testing.T) {
	n := newNewsroom(t)
	rich(t, n)
	checker, err := bottest.NewChecker(n.Set)
	if err != nil {
		t.Fatal(err)
	}
	checker.AddDesk(n.overlay(t))
	notice := n.Compose(n.occasion(t, digest.Filter{}, 0))
	for _, r := range append([]bot.Reply{notice.Summary}, notice.Below...) {
		for _, fault := range checker.Check(r, &knowledge.Answer{Query: knowledge.Query{Intent: knowledge.IntentHelp}, Article: n.Core.Article()}) {
			if !strings.Contains(fault, "kept to Yes") { // a count, which the roll call does not hold as a number
				t.Error(fault)
			}
		}
	}
}
