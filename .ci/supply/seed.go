package main

import (
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
)

// seed fills a build cache from the one in use with all that the program is made of but our own packages, so that a second build compiles
// each of those anew and takes what others wrote as it is. It knows how Go lays out its cache: were that to change, the second build
// would merely take longer.
func seed(root, folder string, out io.Writer) error {
	cache, err := goTool(root, nil, "env", "GOCACHE")
	if err != nil {
		return err
	}
	text, err := goTool(root, []string{"CGO_ENABLED=0"}, "list", "-trimpath", "-deps", "-export", "-f", "{{if .Module}}{{.Module.Main}}{{else}}false{{end}} {{.BuildID}} {{.Export}}", "./cmd/stancebot")
	if err != nil {
		return err
	}
	from, copied := strings.TrimSpace(string(cache)), 0
	for _, line := range lines(text) {
		ours, rest, _ := strings.Cut(line, " ")
		id, export, _ := strings.Cut(rest, " ")
		if ours == "true" || export == "" {
			continue
		}
		if err := copyEntry(from, folder, id, export); err != nil {
			return err
		}
		copied++
	}
	_, err = fmt.Fprintf(out, "%d packages that others wrote were compiled before\n", copied)
	return err
}

// copyEntry copies what is kept of one package: under the hash of all that goes into it, the name of what came out, and that itself.
func copyEntry(from, to, id, export string) error {
	action, _, _ := strings.Cut(id, "/")
	start, err := base64.RawURLEncoding.DecodeString(action)
	if err != nil || len(start) == 0 {
		return fmt.Errorf("no build ID: %q", id)
	}
	prefix := hex.EncodeToString(start)
	entries, err := filepath.Glob(filepath.Join(from, prefix[:2], prefix+"*-a"))
	if err != nil || len(entries) == 0 {
		return errors.Join(fmt.Errorf("nothing is kept under %s", prefix), err)
	}
	for _, file := range append(entries, export) {
		if err := copyFile(file, filepath.Join(to, filepath.Base(filepath.Dir(file)), filepath.Base(file))); err != nil {
			return err
		}
	}
	return nil
}

func copyFile(from, to string) error {
	if err := os.MkdirAll(filepath.Dir(to), 0o750); err != nil {
		return err
	}
	text, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	return os.WriteFile(to, text, 0o600)
}
