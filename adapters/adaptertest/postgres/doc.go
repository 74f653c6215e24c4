// Package postgres starts a real PostgreSQL for tests: its programs from the path or from where Debian puts them, a folder
// and a socket of its own, no port. It is stopped and its folder removed when the test or its process ends, however it ends.
//
// A package whose tests use it has a TestMain that calls Main. Where no PostgreSQL is installed its tests are skipped, and
// fail when STANCETEST_REQUIRE is set.
package postgres

// The superuser of a server.
const (
	User     = "owner"
	Password = "s3cr3t-of-the-0wner" // opens nothing but a socket in a folder that is removed
)
