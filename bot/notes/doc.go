// Package notes is what goes out of a desk when its ledger grows: a proposal to the desk's channel, its decision to whoever proposed
// it, and a correction to every thread and chat that was told otherwise, whose messages are changed in place where they can be.
//
//	an entry of the ledger → Notes.Look → letters, each planned once by its name → the deliverer of bot/digest → Notes.Compose
//
// What was told where is known by bot/told; what a letter says is composed when it is sent, from the snapshot.
//
// It imports knowledge, knowledge/core, knowledge/ledger, bot, bot/desk, bot/digest, bot/edits, bot/phrases and bot/told.
package notes
