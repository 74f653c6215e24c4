// Package corpus holds the records: one YAML file a country, and files for the article, its sources, events,
// leaders, groups, contradictions, fact checks, the rules of what may be published and the house style, under
// records/.
//
// The files are read strictly, and every problem is told with file, line and what to do (Lint). The binary carries
// them in a compact form, embedded.json, made by go generate; a test fails when that is out of date. A newsroom
// overlays files by name with a folder of its own (Overlay), as strictly read as ours.
//
// It imports knowledge and knowledge/places, and a YAML library for the files; knowledge/core builds a snapshot
// from what Records returns.
package corpus

//go:generate go run ./gen
