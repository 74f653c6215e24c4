//go:build !linux && !darwin

package store

// roomAt does not know how many bytes are free.
func roomAt(string) (bytes int64, known bool) { return 0, false }
