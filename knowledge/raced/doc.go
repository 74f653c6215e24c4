// Package raced tells tests whether races are looked for, which takes ten times as long. What merely computes is sampled then, and done in
// full without. It imports nothing.
package raced
