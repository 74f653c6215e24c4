package bot

import "fmt"

// A ReaderError is trouble that the reader can do something about: its text is shown. Every other error is the
// operator's: the reader learns only that it happened, under the id of the request, which the log has too.
type ReaderError struct {
	Key   string // the phrase that says it
	Pairs []any  // what fills its slots
}

// Error names the phrase, for logs.
func (e *ReaderError) Error() string { return fmt.Sprintf("told the reader: %s", e.Key) }
