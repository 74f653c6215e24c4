// Package desk is where a newsroom's editors change its records: who may, what may be recorded, and how an entry of the
// ledger comes to be. What is recorded is checked as strictly as the shared records are, and nothing is half recorded.
//
//	what an editor typed → Recorder.Prepare → Plan (shown first) → Recorder.Do → an entry, or with four eyes a proposal
//
//	entries of another ledger → Importer.Prepare → ImportPlan (shown first) → Importer.Do → the entries, and one that tells
//
// Surfaces turn what a person typed into a payload of knowledge/ledger and show the plan; none of them writes an entry
// by itself. What is wrong with a record is an InvalidError, whose problems each surface tells in its reader's language.
//
// It imports knowledge, knowledge/core, knowledge/ledger, knowledge/places and bot/phrases.
package desk
