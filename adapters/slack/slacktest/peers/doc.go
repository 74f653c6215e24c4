// Package peers runs Slack's own code, which stands in .ci/peers/slack, for tests: the judges of what is sent to Slack, and
// the apps of its framework. Where that cannot run, the test is skipped, and fails when STANCETEST_REQUIRE is set.
package peers
