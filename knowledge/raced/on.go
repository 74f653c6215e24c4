//go:build race

package raced

// On tells that races are looked for.
const On = true
