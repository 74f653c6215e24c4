// Package bench measures the built program from outside, as an operator runs it: processes on this machine, a load from another process,
// platforms that agree with everything. What it is held against runs beside it: the least that a server of slash commands can do, and
// apps of other frameworks where they are installed.
//
//	a Lab → Server (a process, on a core or on all) ← load (requests over connections that are kept, from one thread)
//	      → Row … → Table, for people and for programs
//
// Figures are medians of rounds in which the servers take turns, so that what else the machine does meets them alike. The load is driven
// by epoll, and how long a process computed is read from /proc: on other systems than Linux there is no Lab.
//
// It imports knowledge and knowledge/places.
package bench
