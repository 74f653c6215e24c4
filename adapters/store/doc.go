// Package store opens the database that a desk's data is kept in: one file of SQLite, or PostgreSQL. It checks it,
// brings its tables up to this program's version, and gives the rooms below it one way to write and one to hear of
// writes. What is kept, and under which interface, is said there: a small room for each.
//
//	Open(url) → check → migrate, under a lock → DB: SQL to read, Write to write, Changes to hear of it
//
//	Look(url): the same without a change, for who wants to know how it is
//	Backup(db, file): a copy as of one moment, which Open opens, whichever the engine
//
// Statements are one text for both engines, with $1 for parameters. Every table has its desk's column, but for those of the
// inbox: whose an event is is known once it is read.
//
// Errors are made for operators: one line that names the database, what is wrong and what to do. None holds a password.
package store
