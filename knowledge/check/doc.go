// Package check holds words against the record: the machine-readable assertions of claims against roll calls,
// memberships and measures, and claims against each other.
//
// A verdict is computed by counting what held and what did not: all is confirmed, some is partly, none is contradicted.
// Non-voting counts as neither, and so does silence: that no measure is recorded proves nothing, but for Russia's own
// list of unfriendly states, which is complete. A curated verdict may be stricter than a computed one when its note says
// why; it may not be milder.
//
// It imports knowledge and knowledge/rollcall.
package check
