// Package peers runs the platforms' own code and that of others, which stands in .ci/peers, for tests: the judges of what is
// sent, and apps made with other frameworks. Where that cannot run, the test is skipped, and fails when STANCETEST_REQUIRE is
// set.
package peers
