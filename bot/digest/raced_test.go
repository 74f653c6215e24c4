//go:build race

package digest_test

// raced tells that races are looked for, which takes ten times as long.
const raced = true
