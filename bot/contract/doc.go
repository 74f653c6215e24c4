// Package contract holds the contract of ask: the JSON object that an answer is for programs, and the plain text in it.
// Whoever answers programs, on the terminal or over HTTP, writes this object and no other.
//
// It imports knowledge, bot and bot/phrases.
package contract
