// Package request gives each thing that comes in an id, which the context carries through all that it leads to: the lines of the log, the
// event in the inbox, the answer that was told, the entry of the ledger. By it an operator goes from one to the other, and a reader who is
// told of trouble can name what went wrong.
//
// An id is made here, and never taken from what comes in: whoever sends a request could else have its lines pass for another's. It holds the time
// and chance, nothing of a person, a place or a text.
//
// The package imports the standard library alone.
package request
