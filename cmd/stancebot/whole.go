package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// whole makes a file that is there whole or not at all: f writes it under another name, in a folder of its own beside it
// for this user alone, and it gets its name once it is on its disk. A file that is there is refused, unless it may be replaced.
func whole(path string, replace bool, f func(unfinished string) error) error {
	if err := mayStand(path, replace); err != nil {
		return err
	}
	folder, err := os.MkdirTemp(filepath.Dir(path), ".stancebot-*")
	if err != nil { // the folder is not there, or not this user's
		return usageError{fmt.Errorf("%s cannot be written: %w", path, err)}
	}
	defer os.RemoveAll(folder) //nolint:errcheck // what is left of it is hidden and says whose it is
	unfinished := filepath.Join(folder, filepath.Base(path))
	if err := f(unfinished); err != nil {
		return err
	}
	if err := place(unfinished, path, replace); err != nil {
		return fmt.Errorf("%s cannot be written: %w", path, err)
	}
	return nil
}

// mayStand reports what stands in a new file's way.
func mayStand(path string, replace bool) error {
	info, err := os.Lstat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return usageError{fmt.Errorf("%s cannot be written: %w", path, err)}
	case !info.Mode().IsRegular():
		return usageError{fmt.Errorf("%s is no file: name another", path)}
	case !replace:
		return usageError{fmt.Errorf("%s is there already: name another file", path)}
	}
	return nil
}

// place syncs a file and gives it its name. Where a file came to stand there meanwhile it is refused, on disks that can.
func place(unfinished, path string, replace bool) error {
	if err := syncPath(unfinished, os.O_RDWR); err != nil {
		return err
	}
	err := errors.ErrUnsupported
	if !replace {
		if err = os.Link(unfinished, path); errors.Is(err, fs.ErrExist) {
			return err
		}
	}
	if err != nil { // not all disks link
		if err := os.Rename(unfinished, path); err != nil {
			return err
		}
	}
	_ = syncPath(filepath.Dir(path), os.O_RDONLY) // not every system syncs folders
	return nil
}

func syncPath(path string, flag int) error {
	f, err := os.OpenFile(path, flag, 0)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}
