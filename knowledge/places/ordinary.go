package places

import (
	_ "embed" // for the table
	"strings"
	"sync"
)

//go:embed data/ordinary.en.txt
var ordinaryTable string

// ordinaryWords returns the everyday English words that lie within a misspelling's reach of some name.
var ordinaryWords = sync.OnceValue(func() map[string]bool {
	words := map[string]bool{}
	for line := range strings.Lines(ordinaryTable) {
		if word := strings.TrimSpace(line); word != "" && !strings.HasPrefix(word, "#") {
			words[word] = true
		}
	}
	return words
})
