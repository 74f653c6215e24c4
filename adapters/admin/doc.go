// Package admin is what operators and their machines ask a running program, on an address of its own that no reader
// reaches: whether it lives, and how far its records and each desk's ledger are.
//
//	GET /healthz   200 while the process runs
//	GET /readyz    200 once it answers, 503 before and while it stops; JSON says what is behind, and why
//
// It imports knowledge and knowledge/ledger.
package admin
