// Command supply tells what the program is made of: every module that is linked into it or that its tests need, with version and licence.
//
//	supply check             deploy/dependencies.md is what go.mod says, and each licence is on the list of those that we take
//	supply write             writes deploy/dependencies.md
//	supply sbom PROGRAM      prints a bill of materials of a built program, in CycloneDX's JSON
//	supply seed FOLDER       fills an empty build cache with all but our own packages
//
// Why a module is needed stands in reasons.txt. It uses the standard library alone: what judges dependencies has none.
package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
)

func main() {
	if err := run(os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "supply:", err)
		os.Exit(1)
	}
}

var errUsage = errors.New("usage: supply check | write | sbom PROGRAM | seed FOLDER")

func run(args []string, out io.Writer) error {
	root, err := productRoot()
	if err != nil {
		return err
	}
	switch {
	case slices.Equal(args, []string{"check"}):
		return check(root, out)
	case slices.Equal(args, []string{"write"}):
		return write(root, out)
	case len(args) == 2 && args[0] == "sbom":
		return sbom(root, args[1], out)
	case len(args) == 2 && args[0] == "seed":
		return seed(root, args[1], out)
	default:
		return errUsage
	}
}

// productRoot is the folder of the product's go.mod: the one above the working directory that is not a tool's.
func productRoot() (string, error) {
	folder, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for {
		if text, err := os.ReadFile(filepath.Join(folder, "go.mod")); err == nil && bytes.HasPrefix(text, []byte("module stancebot\n")) {
			return folder, nil
		}
		above := filepath.Dir(folder)
		if above == folder {
			return "", errors.New("run it within the product's work tree")
		}
		folder = above
	}
}

// goTool runs the go command in the product's module and returns what it prints.
func goTool(root string, env []string, args ...string) ([]byte, error) {
	cmd := exec.CommandContext(context.Background(), "go", args...) //nolint:gosec // its arguments are ours
	cmd.Dir, cmd.Env, cmd.Stderr = root, append(os.Environ(), env...), os.Stderr
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("go %s: %w", args[0], err)
	}
	return out, nil
}

// decodeAll decodes JSON values that follow each other.
func decodeAll[T any](text []byte) ([]T, error) {
	var all []T
	dec := json.NewDecoder(bytes.NewReader(text))
	for {
		var one T
		switch err := dec.Decode(&one); {
		case errors.Is(err, io.EOF):
			return all, nil
		case err != nil:
			return nil, err
		}
		all = append(all, one)
	}
}

// lines returns the lines of a text.
func lines(text []byte) []string {
	var all []string
	for s := bufio.NewScanner(bytes.NewReader(text)); s.Scan(); {
		all = append(all, s.Text())
	}
	return all
}
