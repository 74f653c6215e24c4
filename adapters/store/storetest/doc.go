// Package storetest gives tests their databases: a new one on each engine that adapters/store opens, closed and removed at
// the end of the test, and a cable to PostgreSQL that breaks at a commit. It imports that package and adapters/adaptertest/postgres; only tests import it.
package storetest
