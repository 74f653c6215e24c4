package core_test

import (
	"flag"

	"stancebot/knowledge/raced"
)

// What is drawn at random is less where races are looked for: a snapshot is only read, and all is drawn without.
func init() {
	if raced.On {
		if err := flag.Set("rapid.checks", "20"); err != nil {
			panic(err)
		}
	}
}
