// Package ledger holds a desk's append-only log of changes: the envelope of an entry, the chain of hashes that makes a
// changed or missing entry show, and the replay of entries into what a desk lays over the shared records.
//
//	Draft → Head.Next → Entry → Store (bytes as they were hashed) → Verify, Replay → knowledge.Overlay
//
// An entry is stored as the canonical bytes that were hashed, so that a chain moves between engines and machines without
// being computed anew. Nothing here updates or deletes: what is wrong is withdrawn by another entry. An answer is no
// entry.
//
// Kinds of entries that change the records of a desk have their payloads here; other kinds belong to the rooms that
// append them, and are carried along unread. Where entries are kept is behind Store.
//
// The package imports knowledge and the standard library alone.
package ledger
