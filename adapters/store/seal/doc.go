// Package seal encrypts what is kept in a database and nobody who reads that is to know: AES-256-GCM, with a key of the program's
// configuration.
//
// What is sealed is bound to what it is about, so that it opens nowhere else: rows cannot be exchanged. It names its key by a
// fingerprint, so that a key which is missing is told from what was tampered with, and several keys can be in use while one takes the
// other's place.
//
// It imports the standard library alone.
package seal
