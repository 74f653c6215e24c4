// Package lenient reads JSON objects field by field, as adapters need it of platforms whose events grow: a field of another
// form than it should have leaves the others readable, and a new one is no matter.
//
// It imports the standard library alone.
package lenient
