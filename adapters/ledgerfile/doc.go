// Package ledgerfile writes a desk's chain into a file, and reads it back: JSON for programs and for keeping, YAML for
// people, CSV for spreadsheets. The three say the same, and the entries that are read are the written ones to the byte.
//
//	Write: head, entries → file             each entry is held against the chain as it is written
//	Read:  file → head, entries             sorted by their places, whole, and held up to the head that the file names
//
// An entry in a file has the fields of knowledge/ledger but for its desk, which the file names once: seq, id, at, author,
// kind, reason, payload, prev and hash. Its canonical bytes are built anew from them, so that a file may be formatted
// anew or its entries shuffled; what an entry says cannot be changed without showing. Kinds that this program does not know
// are carried along. The head stands before the entries: a cut tail takes it not along.
//
// A cell of CSV that a spreadsheet would run as a formula has an apostrophe before it, as has one that begins with an
// apostrophe itself, so that reading takes one away and finds what the author typed.
//
// The package imports knowledge, knowledge/ledger, knowledge/sheet and a YAML library.
package ledgerfile
