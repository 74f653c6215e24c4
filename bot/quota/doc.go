// Package quota shares out what one program has among the workspaces and chats that use it, so that one that makes noise takes nothing
// from the others: questions, events that wait, subscriptions, proposals, what is kept of replies, pictures that are drawn at once.
//
//	a space (slack:T1, telegram:-100200) → Shares: how much of a kind it may have → yes, or no and until when
//
// What each may have stands in one table, and an operator says otherwise in one variable. A Shares counts what belongs to this process
// alone, questions and the like; what a database counts, its room counts there, and asks Shares whether that is too much.
// Figures name kinds, and never places.
//
// It imports the standard library alone.
package quota
