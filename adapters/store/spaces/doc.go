// Package spaces keeps which desk each workspace and chat belongs to, and whom a desk has for editors beside those of the
// configuration, on either engine: a row for each.
//
// It imports knowledge, bot/desk and adapters/store.
package spaces
