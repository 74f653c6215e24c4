// Package history answers for what was said and recorded before: what a desk's ledger holds about a country, who recorded and who
// approved an entry, what was answered on a country on a day, byte for byte, and what was recorded since that speaks against it.
// It erases what was told in a place, and has nothing more kept there, where somebody who may wants that.
//
//	bot.Call → Archive.Do → the desk's overlay (what was recorded), Book (what was told) → bot.Reply
//
// A ledger is read as it was laid over the shared records, so that it is answered for while the database is away. Who recorded
// something is told to editors alone, and to them alone; others learn when, and that a second person approved it.
//
// It imports knowledge, knowledge/ledger, bot, bot/desk, bot/phrases and bot/told.
package history
