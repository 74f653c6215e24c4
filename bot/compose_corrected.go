package bot

import (
	"slices"

	"stancebot/knowledge"
)

// sixLines are the intents whose replies fit the lock screen of a phone.
var sixLines = []knowledge.Intent{knowledge.IntentStance, knowledge.IntentSource, knowledge.IntentSafe}

// corrected says, right below what rests on a record that the desk corrected, what is right. Each correction is said once.
func (c *composer) corrected(a *knowledge.Answer) {
	if len(a.Corrected) == 0 {
		return
	}
	said := map[string]bool{}
	var blocks []Block
	for _, blk := range c.reply.Blocks {
		blocks = append(blocks, blk)
		for _, id := range receiptsOf(blk) {
			k := a.Corrected[id]
			if k == nil || said[id] || slices.Contains(receiptsOf(blk), k.Recorded.Receipt) {
				continue
			}
			said[id] = true
			blocks = append(blocks, c.correction(blk, k))
			c.cites(k.Recorded.Receipt)
		}
	}
	c.reply.Blocks = blocks
	if len(said) > 0 && slices.Contains(sixLines, a.Query.Intent) {
		c.shorten(said)
	}
}

// correction is what is right about a record, as a block of the sort that it stands below.
func (c *composer) correction(below Block, k *knowledge.Correction) Block {
	l := Line{Text: c.say("corrected", "date", k.Recorded.On, "id", k.Of, "text", k.Text), Receipts: []string{k.Recorded.Receipt, k.Of}}
	if _, row := below.(Row); row {
		return Row(l)
	}
	return l
}

// shorten takes out what matters least of a reply that corrections made longer than a lock screen: of what is told of the world, the
// last that no correction is about.
func (c *composer) shorten(corrected map[string]bool) {
	concerns := func(blk Block) bool {
		return slices.ContainsFunc(receiptsOf(blk), func(id string) bool { return corrected[id] })
	}
	for i := len(c.reply.Blocks) - 1; i > 0 && len(c.reply.Blocks) > MaxStanceLines; i-- {
		if l, line := c.reply.Blocks[i].(Line); line && l.Kind == Asserts && !concerns(l) {
			c.reply.Blocks = slices.Delete(c.reply.Blocks, i, i+1)
		}
	}
}
