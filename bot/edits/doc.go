// Package edits is where editors and reporters change a desk's records in chat: correct, record, withdraw; and where editors decide
// what was proposed: approve, reject, ask. It turns a query's Edit into what bot/desk does, and says what became of it. The same
// words tell a desk's channel of a proposal, and whoever made it of its decision.
//
// It imports knowledge, knowledge/core, knowledge/ledger, bot, bot/desk and bot/phrases.
package edits
