//go:build linux || darwin

package store

import "syscall"

// roomAt is how many bytes this user may still write beside a file.
func roomAt(path string) (bytes int64, known bool) {
	var s syscall.Statfs_t
	if syscall.Statfs(path, &s) != nil {
		return 0, false
	}
	return int64(s.Bavail) * int64(s.Bsize), true //nolint:unconvert // it is another type on other systems
}
