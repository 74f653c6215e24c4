// Package jobs does what is due: once a day for each desk, once an hour for all, whatever it is told. It does so once,
// however many processes run on one database, and also when a process dies over it.
//
//	schedules (desk, name, next_at) → Plan, each minute in one of the processes → river_job → Task.Do in any of them
//
// A schedule is a row of ours, and not in the memory of the process that leads: what came due while none did is planned once
// as soon as one does. Moving the row and inserting the job are one transaction. A task that fails is tried again, so it
// has to stand being done twice; each failure is one line in the log.
//
// The queue is River. Nothing inserts a job but inside a transaction of store.DB.Write: on SQLite, which has one writer, an
// insert beside it would wait for ever.
package jobs
