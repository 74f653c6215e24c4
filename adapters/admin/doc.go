// Package admin is what operators and their machines ask a running program, on an address of its own that no reader
// reaches: whether it lives, how far its records and each desk's ledger are, how each platform is, and its figures.
//
//	GET /healthz   200 while the process runs
//	GET /readyz    200 once it answers, 503 before and while it stops; JSON says what is behind, and why, in some kilobytes however many desks
//	               there are; ?desk= tells of one
//	GET /metrics   in the text format of Prometheus; labels name kinds, never people, places or texts
//
// It imports knowledge and knowledge/ledger, and is the only room that knows Prometheus.
package admin
