package main

import (
	"errors"
	"fmt"
	"log/slog"
	"os"
	"strings"
)

// A secret is a value that is never printed, by whatever way of printing. Reveal gives it to what needs it.
type secret string

const hidden = "***"

// String hides the value.
func (secret) String() string { return hidden }

// GoString hides the value.
func (secret) GoString() string { return hidden }

// LogValue hides the value.
func (secret) LogValue() slog.Value { return slog.StringValue(hidden) }

// MarshalText hides the value.
func (secret) MarshalText() (text []byte, err error) { return []byte(hidden), nil } //nolint:unparam // encoding.TextMarshaler

// Reveal returns the value.
func (s secret) Reveal() string { return string(s) }

// fromFile reads a secret from a file where its variable is not set itself. Both at once are an error: which one counts
// would be a guess.
func fromFile(value *secret, variable, file string) error {
	switch {
	case file == "":
		return nil
	case *value != "":
		return fmt.Errorf("%[1]s and %[1]s_FILE are both set: unset one", variable)
	}
	text, err := os.ReadFile(file)
	if err != nil {
		reason := err
		if pe := (*os.PathError)(nil); errors.As(err, &pe) {
			reason = pe.Err
		}
		return fmt.Errorf("%s_FILE: the file cannot be read: %w", variable, reason)
	}
	*value = secret(strings.TrimSpace(string(text)))
	if *value == "" {
		return fmt.Errorf("%s_FILE: the file is empty", variable)
	}
	return nil
}
