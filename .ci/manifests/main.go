// Command manifests holds what is deployed against those who will read it.
//
//	manifests chart CHART PROGRAM     renders a chart of Helm with each set of values in its folder ci, and looks at what comes of it
//	manifests compose FILE PROGRAM    loads a compose file, and looks at its services
//
// Charts are rendered by Helm's own engine and read by Kubernetes' own types, strictly; compose files by the specification's own loader.
// With the settings that are written there the program itself must start.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
)

func main() {
	if err := run(context.Background(), os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "manifests:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string, out io.Writer) error {
	if len(args) != 3 {
		return errors.New("usage: manifests chart CHART PROGRAM | compose FILE PROGRAM")
	}
	switch args[0] {
	case "chart":
		return checkChart(ctx, args[1], args[2], out)
	case "compose":
		return checkCompose(ctx, args[1], args[2], out)
	default:
		return fmt.Errorf("there is no %s", args[0])
	}
}
