// Command gen writes the compact form of the records, which the binary embeds. It is run by go generate in
// knowledge/corpus.
package main

import (
	"fmt"
	"os"

	"stancebot/knowledge/corpus"
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run() error {
	compact, err := corpus.Compact(os.DirFS("records"))
	if err != nil {
		return err
	}
	return os.WriteFile("embedded.json", compact, 0o644) //nolint:gosec // a file of the repository: all may read it
}
