// Package watch is what the fakes of platforms have in common: they are awaited, and complain. It imports nothing of the
// project.
package watch
