// Package spaces keeps which desk each workspace and chat belongs to, on either engine: a row for each space.
//
// It imports knowledge, bot/desk and adapters/store.
package spaces
